"""Two-level games and shared surpluses against values worked out by others or by hand, through whole crisis files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.contract import Context
from backchannel.analyses.deals import ratification, surplus
from backchannel.analyses.deals.ratification_offer import nash_share_with_reserve, ratification_offer
from backchannel.model.compile import compile_model
from backchannel.results.provenance import Provenance
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study

SCALE = {"transferable": "yes", "why": "the game has side payments"}
STEPS = 40


def context(draws: int = 0) -> Context:
    return Context(Provenance("test", "test", "", "0", draws=draws))


def compiled(data: dict[str, Any]) -> Any:
    return compile_model(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis").crisis)


def divided_prize() -> dict[str, Any]:
    """A prize of 1 offered in fortieths; the chamber ratifies from a reserve on that lies anywhere in 0.4 to 0.8.

    The delegate does not care how much it is; without agreement the proposer has 0.1.
    """
    levels = [f"l{k}" for k in range(STEPS + 1)]
    steps = range(1, STEPS + 1)
    return {
        "crisis": 1,
        "title": "An offer that must be ratified",
        "issues": {"prize": "the prize"},
        "actors": {
            "proposer": {},
            "constrained": {
                "people": {"delegate": {"share": 0, "scale": {"prize": 0}}, "chamber": {"share": 1}},
            },
        },
        "options": {"offer": {"by": "proposer", "levels": levels}, "sign": {"by": "constrained"}},
        "preferences": {
            "proposer": [
                {"when": "sign", "worth": 1, "why": "t"},
                {"when": "not sign", "worth": 0.1, "why": "t"},
                *({"when": f"sign and offer >= l{k}", "worth": -1 / STEPS, "why": "t"} for k in steps),
            ],
            "constrained": [
                {"when": "sign", "worth": 0.001, "why": "the delegate would rather have an agreement"},
                {"when": "sign", "worth": "-0.6 in -0.8..-0.4", "issue": "prize", "why": "the reserve"},
                *({"when": f"sign and offer >= l{k}", "worth": 1 / STEPS, "issue": "prize", "why": "t"} for k in steps),
            ],
        },
        "channels": {
            "talks": {"who": ["constrained", "proposer"], "voices": {"constrained": {"delegate": 1}}, "why": "t"}
        },
        "deals": {"half": {"parties": ["proposer", "constrained"], "terms": ["sign", "offer = l20"], "why": "t"}},
    }


def test_offers_that_must_be_ratified_from_the_file() -> None:
    """Reserve uniform on [0.4, 0.8], disagreement 0.1: offer 0.65, refused three times in eight (after Iida 1993)."""
    result = ratification.run(compiled(divided_prize()), context(4096), ratification.Params(channel="talks"))
    assert result.shares is not None
    closed = ratification_offer(0.4, 0.8, 0.1)
    assert (closed.offer, closed.failure) == pytest.approx((0.65, 0.375))
    best = int(np.argmax(result.shares.proposals[0]))
    offered = dict(zip(result.options, result.levels[best].tolist(), strict=True))
    assert offered == {"offer": round(closed.offer * STEPS), "sign": 1}
    assert result.shares.package_kept[best] == pytest.approx(1 - closed.failure, abs=0.005)
    assert result.shares.package_signed[best] == 1
    gain = closed.value - 0.1  # over no deal
    assert result.shares.proposals[0, best] == pytest.approx(gain, abs=0.003)
    assert result.shares.refused[0, 0] == pytest.approx(0.75, abs=0.005)  # half the prize: above the reserve in 1 of 4


@pytest.mark.parametrize(("reserve", "share"), [(0.0, 0.5), (0.4, 0.5), (0.5, 0.5), (0.7, 0.7)])
def test_tied_hands_help_only_where_they_bind(reserve: float, share: float) -> None:
    """Schelling's conjecture in Putnam (1988), in the Nash division of a prize."""
    assert nash_share_with_reserve(reserve) == share


def test_the_founding_case_by_hand() -> None:
    """Ukraine weighs half for the president and a fifth more for the establishment.

    The grand swap costs the United States 42 + 26 + 12 = 80 points there and brings it −20.6 in all, so +19.4 with half
    of that and −36.6 with 1.2 times as much; likewise 54 and 26 points in the other two.
    """
    result = Study.open("venezuela-2019").run("ratification")
    assert isinstance(result, ratification.RatificationResult)
    cost = np.array([80, 54, 26])
    base = np.array([-20.6, 5.4, 33.4])
    assert result.deals == ("grand_swap", "minsk_for_transition", "aid_for_support")
    assert result.deal_gains[:, 0] == pytest.approx(base + 0.5 * cost)
    assert result.deal_gains[:, 1] == pytest.approx(base - 0.2 * cost)
    signed = dict(zip(result.rooms, result.deal_signed.all(axis=2).tolist(), strict=True))
    assert signed == {
        "": [False, True, True],
        "finland": [False, True, True],
        "rome": [False, False, True],
        "secret": [True, True, True],
        "summit": [True, True, True],
    }
    turning = {(result.deals[item.deal], result.voices[item.voice]): item.at for item in result.flips}
    assert turning["grand_swap", "us.president"] == pytest.approx(36.6 / 56)
    assert turning["minsk_for_transition", "us.president"] == pytest.approx(5.4 / 37.8)
    assert not any(deal == "aid_for_support" for deal, _ in turning)


def game_of(worths: dict[str, float], players: str) -> surplus.SurplusResult:
    """A file in which exactly the coalitions named are worth what is said: each by a charter that all members sign.

    Charters exclude one another, and what one brings accrues to its first member, so that nobody joins unasked.
    """
    options, rules, terms = {}, [], {player: [] for player in players}
    for name in worths:
        for player in name:
            options[f"{name}_{player}"] = {"by": player}
    for player in players:
        own = [option for option in options if option.endswith(f"_{player}")]
        rules += [f"{one} and {two}" for place, one in enumerate(own) for two in own[:place]]
    for name, worth in worths.items():
        terms[name[0]].append({"when": " and ".join(f"{name}_{p}" for p in name), "worth": worth, "why": "t"})
    data = {
        "crisis": 1, "title": "charters", "actors": {player: {} for player in players}, "options": options,
        "impossible": rules, "preferences": terms, "scale": SCALE,
    }  # fmt: skip
    return surplus.run(compiled(data), context(), surplus.Params(parties=tuple(players)))


def test_unanimity() -> None:
    result = game_of({"abc": 9}, "abc")
    assert result.worth.tolist() == [0, 0, 0, 0, 0, 0, 0, 9]
    assert result.shapley == pytest.approx([3, 3, 3])
    assert result.in_core


def test_two_left_gloves_and_a_right_one() -> None:
    """Shapley (1953): 1/6, 1/6 and 2/3 of a pair; the core gives all to the scarce side."""
    result = game_of({"ac": 1, "bc": 1}, "abc")
    assert result.shapley == pytest.approx([1 / 6, 1 / 6, 2 / 3])
    assert result.least_core.shares == pytest.approx([0, 0, 1], abs=1e-9)
    assert not result.in_core


def test_simple_majority_has_no_core() -> None:
    """Any two of three: value 1/3 each, and every division leaves some pair a third short."""
    result = game_of({"ab": 1, "ac": 1, "bc": 1}, "abc")
    assert result.worth.tolist() == [0, 0, 0, 1, 0, 1, 1, 1]
    assert result.shapley == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert result.least_core.core_empty
    assert result.least_core.epsilon == pytest.approx(1 / 3)


def test_a_veto_in_a_committee() -> None:
    """One permanent member and two others, two votes with the veto decide: 2/3, 1/6, 1/6 (Shapley and Shubik 1954)."""
    result = game_of({"ab": 1, "ac": 1}, "abc")
    assert result.shapley == pytest.approx([2 / 3, 1 / 6, 1 / 6])
