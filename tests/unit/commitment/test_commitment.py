"""The commitment analysis on small crises: what it reads, what it refuses, and what its remedies do."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.analyses.commitment.commitment import document
from backchannel.analyses.commitment.commitment_result import CommitmentResult
from backchannel.analyses.commitment.remedies import applied
from backchannel.errors import NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.numerics.stability import all_stable
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study


def term(name: str, when: str, worth: float) -> dict[str, Any]:
    return {"id": name, "when": when, "worth": worth, "why": "w"}


SWAP: dict[str, Any] = {
    "crisis": 1,
    "title": "A swap",
    "actors": {"a": {"name": "Ada"}, "b": {"name": "Bo"}, "c": {"name": "Cy"}},
    "options": {"give": {"by": "a"}, "pay": {"by": "b"}, "follow": {"by": "c"}},
    "preferences": {
        "a": [term("cost", "give", -6), term("gain", "pay", 10)],
        "b": [term("cost", "pay", -6), term("gain", "give", 10)],
        "c": [term("with", "follow and give", 2), term("dear", "follow", -1)],
    },
    "deals": {"swap": {"parties": ["a", "b"], "terms": ["give", "pay"], "expects": ["follow"], "why": "w"}},
}  # fmt: skip


def study(data: dict[str, Any], variant: str = "", draws: int = 0) -> Study:
    return Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis"), variant=variant, draws=draws)


def asked(data: dict[str, Any] = SWAP, **params: Any) -> CommitmentResult:
    result = study(data).run("commitment", **params)
    assert isinstance(result, CommitmentResult)
    return result


def changed(**parts: Any) -> dict[str, Any]:
    return copy.deepcopy(SWAP) | parts


def final() -> dict[str, Any]:
    """The swap with legs that cannot be taken back."""
    options = {
        name: option | ({"final": "yes"} if name != "follow" else {}) for name, option in SWAP["options"].items()
    }
    return changed(options=options)


def test_third_parties_respond_to_what_is_delivered() -> None:
    [item] = asked().deals
    about = item.diagnosis
    assert about.end == ("no,no,no", "yes,no,yes", "no,yes,no", "yes,yes,yes")
    assert about.as_expected
    assert about.payoffs.tolist() == [[0, -6, 10, 4], [0, 10, -6, 4]]
    assert about.expects == ("follow",)
    assert {tuple(act.does): act.brings for act in item.acts} == {("give",): ("follow",)}


def test_three_trusts_stay_apart_and_meet_in_the_schedule() -> None:
    """Nil credence and no bond: none. A bond: a schedule with credence 1. Credence alone: a step that tells."""
    [bare] = asked(final()).deals
    assert bare.plan is not None
    assert bare.plan.impossible
    assert all(proof.holds for proof in bare.plan.proofs)
    [bonded] = asked(final(), bond=(("", "0.6"),), first="both").deals
    assert bonded.plan is not None
    assert bonded.plan.provided
    assert bonded.plan.shares[0] == pytest.approx([0.105, 0.385, 0.25, 0.16, 0.10], abs=1e-5)
    assert bonded.plan.credence.tolist() == [[1] * 5, [1] * 5]
    assert bonded.credence.centre[0, 1] == 0
    [trusting] = asked(final(), trust=(("a>b", "0.5"), ("b>a", "0.5")), first="both").deals
    assert trusting.plan is not None
    assert trusting.plan.breaks == (1, 1)
    assert trusting.plan.credence[:, 0].tolist() == [0.5, 0.5]
    assert trusting.plan.credence[:, 1].tolist() == [1, 1]
    assert trusting.enforcement.total(hostages=True).tolist() == [0, 0]


def test_guarantees_are_discounted_by_enforcement_and_bias_and_hostages_only_count_when_asked() -> None:
    guard = {
        "one": {
            "by": "a bank", "for": "swap", "bond": {"a": 1, "b": 1}, "enforces": 0.5, "bias": {"b": 0.2}, "why": "w",
        },
        "two": {"by": "a court", "for": "swap", "bond": {"a": 1}, "why": "w"},
        "else": {"by": "a court", "for": "other", "bond": {"a": 100}, "why": "w"},
    }  # fmt: skip
    deals = SWAP["deals"] | {"other": {"parties": ["a", "b"], "terms": ["give", "pay"], "why": "w"}}
    data = changed(guarantees=guard, hostages={"lanes": {"a": 3, "why": "w"}}, deals=deals)
    [item] = asked(data, deal="swap").deals
    assert item.enforcement.guaranteed == pytest.approx([1.5, 0.4])
    assert item.enforcement.hostage == pytest.approx([3, 0])
    assert item.enforcement.holders == ("a bank", "a court")
    assert item.plan is not None
    assert item.plan.bond_at_hand == pytest.approx([1.5, 0.4])
    [more] = asked(data, deal="swap", hostages=True).deals
    assert more.plan is not None
    assert more.plan.bond_at_hand == pytest.approx([4.5, 0.4])
    assert {split.holder for split in item.guarantors} == {"a bank", "a court"}
    assert len(asked(data).findings) == 2  # one a deal where several are asked about


def test_ranges_of_trust_are_kept() -> None:
    data = changed(trust={"a > b": "0.3 in 0.1..0.4", "b > a": "0.2 to 0.6"})
    [item] = asked(data).deals
    trust = item.credence
    assert (trust.low[0, 1], trust.centre[0, 1], trust.high[0, 1]) == (0.1, 0.3, 0.4)
    assert (trust.low[1, 0], trust.high[1, 0]) == (pytest.approx(0.2), pytest.approx(0.6))


def test_levels_final_terms_and_legs_in_place() -> None:
    """b's leg is a level that stands today; once a has given, it cannot fall."""
    options = {
        "give": {"by": "a", "final": "yes"},
        "pay": {"by": "b", "levels": ["none", "half", "all"], "today": "all", "final": "give"},
    }
    preferences = {
        "a": [{"when": "give", "worth": -6, "why": "w"}, {"when": "pay = all", "worth": 10, "why": "w"}],
        "b": [{"when": "pay = all", "worth": -6, "why": "w"}, {"when": "give", "worth": 10, "why": "w"}],
        "c": [],
    }
    deals = {"swap": {"parties": ["a", "b"], "terms": ["give", "pay = all"], "why": "w"}}
    [item] = asked(changed(options=options, preferences=preferences, deals=deals)).deals
    about = item.diagnosis
    assert about.stands == (False, True)
    assert about.terms == (("give",), ("pay = all",))
    assert about.recallable == ((), ())
    assert about.no_deal.tolist() == [10, -6]
    assert about.end[0] == "no,none"
    last = {play.order: play.outcomes for play in about.sequences if play.recall == "none" and not play.reversible}
    assert last == {("a", "b"): (("a", "b"),), ("b", "a"): ((),)}  # only what a gives first locks b's leg


def test_a_set_that_cannot_deliver_alone_ends_where_today_is() -> None:
    data = changed(impossible=[{"that": "pay and not give", "why": "w"}])
    [item] = asked(data).deals
    assert item.diagnosis.possible.tolist() == [True, True, False, True]
    assert item.diagnosis.end[2] == item.diagnosis.today
    told = [finding.text for finding in asked(data).findings if finding.id == "commitment.alone"]
    assert told == [
        "Bo cannot deliver alone: its leg is impossible before the rest has delivered; that case is read as today."
    ]


def test_a_deal_third_parties_do_not_follow_is_said_to_end_elsewhere() -> None:
    data = copy.deepcopy(SWAP)
    data["preferences"]["c"][0]["worth"] = 0.5
    result = asked(data)
    assert not result.deals[0].diagnosis.as_expected
    assert result.findings[0].id == "commitment.expected"
    assert "would end in give, pay" in result.findings[0].text


def test_a_state_may_be_asked_about_with_its_parties() -> None:
    data = changed(states={"done": ["give", "pay", "follow"]}, deals={})
    [item] = asked(data, deal="done", parties=("a", "b")).deals
    assert item.diagnosis.expects == ("follow",)
    with pytest.raises(NotSupportedError, match='"done" is a state; say who signs it: --parties a,b'):
        asked(data, deal="done")


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"deal": "swop"}, 'unknown deal "swop"; did you mean "swap"'),
        ({"deal": "swap", "trust": (("a>d", "0.3"),)}, '--trust: "d" is no party of "swap"; known: a, b'),
        ({"deal": "", "trust": (("a>d", "0.3"),)}, '"a>d" names no two actors'),
        ({"deal": "swap", "trust": (("a>b", "1.5"),)}, "a>b: "),
        ({"deal": "", "bond": (("d", "1"),)}, 'a bond of "d", who is no actor'),
        ({"deal": "swap", "bond": (("c", "1"),)}, '--bond: "c" is no party of "swap"'),
        ({"deal": "swap", "limit": (("c", "1"),)}, '--limit: "c" is no party of "swap"'),
        ({"deal": "swap", "limit": (("a", "0"),)}, 'a limit is above 0, got "0"; write --limit a=10'),
        ({"deal": "swap", "limit": (("a", "-3"),)}, "a: "),
        ({"deal": "swap", "limit": (("a", "nan"),)}, 'a: "nan" is not a number'),
        ({"deal": "swap", "parties": ("a", "c")}, 'the file says who signs "swap": a, b; leave --parties out'),
        ({"deal": "swap", "parties": ("a", "mars")}, '--parties: unknown actor "mars"'),
        ({"deal": "swap", "bond": (("a", "much"),)}, 'a: "much" is not a number'),
        ({"deal": "swap", "first": "c"}, 'unknown first mover "c"'),
        ({"deal": "swap", "limit": (("a", "x"),)}, 'a: "x" is not a number'),
        ({"deal": "swap", "discount": 0.0}, "a discount factor lies above 0 and up to 1, got 0"),
        ({"deal": "swap", "tranches": 99}, "tranches are 1 to 40, got 99"),
    ],
)
def test_refusals_say_what_to_write(params: dict[str, Any], words: str) -> None:
    with pytest.raises(NotSupportedError, match=words.replace("+", r"\+")):
        asked(**params)


def test_needs_a_deal_and_points() -> None:
    with pytest.raises(NotSupportedError, match="there is no deal to ask about"):
        asked(changed(deals={}))
    ordinal = changed(preferences=SWAP["preferences"] | {"a": {"order": ["pay", "not give"], "why": "w"}})
    with pytest.raises(NotSupportedError, match="a signs a deal and has preferences by order only"):
        asked(ordinal)
    lonely = changed(deals={"swap": {"parties": ["a"], "terms": ["give"], "why": "w"}})
    with pytest.raises(NotSupportedError, match="has 1 parties that do something; an exchange needs 2 to 6"):
        asked(lonely)
    never = changed(impossible=[{"that": "give and pay", "why": "w"}])
    with pytest.raises(NotSupportedError, match="ends in yes,yes,yes, which is impossible"):
        asked(never)


def test_spoilers_hold_still_and_their_restraint_has_a_price() -> None:
    """Cy would join by itself; named a spoiler it stays as it is, and its help is counted apart."""
    data = copy.deepcopy(SWAP)
    data["preferences"]["a"].append({"id": "helped", "when": "follow and give", "worth": 20, "why": "w"})
    data["preferences"]["b"].append({"id": "helped", "when": "follow and pay", "worth": 20, "why": "w"})
    data["preferences"]["c"][0]["worth"] = -3
    data["deals"]["swap"] = {"parties": ["a", "b"], "terms": ["give", "pay"], "spoilers": ["c"], "why": "w"}
    [item] = asked(data, tranches=3).deals
    assert item.diagnosis.end[-1] == "yes,yes,no"
    assert [act.does for act in item.helps] == [("follow",)]
    assert item.helps[0].change == -4
    assert [(limited, round(greedy, 6)) for _, limited, greedy in item.restraints] == [(4, round(4 / 3 * 4.75, 6))]


def raided(**preferences: Any) -> dict[str, Any]:
    data = copy.deepcopy(SWAP)
    data["options"]["raid"] = {"by": "c"}
    data["preferences"]["b"].append({"id": "raided", "when": "raid and pay", "worth": -30, "why": "w"})
    data["preferences"]["c"].append({"id": "loot", "when": "raid and not pay", "worth": 3, "why": "w"})
    for actor, when in preferences.items():
        data["preferences"][actor].append({"id": "word", "when": when, "worth": -10, "why": "w"})
    return data


def test_an_outsider_that_can_undo_the_done_deal_is_named_with_its_gain() -> None:
    [item] = asked(raided(a="pay and not give", b="give and not pay")).deals
    [way] = item.undoings
    assert way.actor == "c"
    assert "raid" in way.does
    assert "pay" in way.undone
    assert way.gain > 0


def test_an_outsider_is_not_blamed_for_what_the_parties_break_themselves() -> None:
    [item] = asked(raided()).deals
    assert item.undoings
    assert all(not {"give", "pay"} & set(way.undone) for way in item.undoings)


def test_draws_give_quantiles() -> None:
    data = copy.deepcopy(SWAP)
    data["preferences"]["a"][0]["worth"] = "-6 in -8..-4"
    result = study(data, draws=256).run("commitment")
    assert isinstance(result, CommitmentResult)
    [item] = result.deals
    low, middle, high = item.quantiles[0]
    assert low == pytest.approx(0.42, abs=0.01)  # cost / gain at 5 % of the range
    assert middle == pytest.approx(0.6, abs=0.01)
    assert high == pytest.approx(0.78, abs=0.01)
    assert item.needs_more[0, 1] == pytest.approx(0.5, abs=0.02)


def test_limits_cap_what_may_be_lost_or_rule_the_schedule_out() -> None:
    [item] = asked(final(), limit=(("a", "0.8"),), first="both").deals
    assert item.plan is not None
    assert item.plan.exposure[0].max() <= 0.8 + 1e-6
    assert item.plan.at_risk[0].max() > 0.8  # what is received before counts against it
    none = asked(final(), limit=(("", "0.01"),), tranches=2, first="both")
    assert none.deals[0].plan is None
    assert any("within the limits" in finding.text for finding in none.findings)


def test_a_leg_that_can_be_taken_back_is_held_by_a_bond_of_all_it_regains() -> None:
    [item] = asked().deals
    assert item.plan is not None
    assert item.plan.recall.tolist() == [6, 6]
    assert item.plan.bond == pytest.approx([6, 6], abs=1e-6)
    assert all(bond.bond is None or bond.bond.min() >= 6 - 1e-6 for bond in item.plan.bonds)
    assert item.staged is not None
    assert item.staged.held.complete
    assert not item.staged.bare.complete


def test_ends_of_the_range_of_trust_are_told_apart() -> None:
    data = final() | {"trust": {"a > b": "0.5 in 0..0.7", "b > a": "0.5 in 0..0.7"}}
    result = asked(data)
    low, high = result.deals[0].at_trust
    assert (low.belief, low.steps) == ((0, 0), 0)
    assert high.steps > 0
    [told] = [finding.text for finding in result.findings if finding.id == "commitment.trust_range"]
    assert "Ada would sign at the high one only" in told
    assert "no schedule is kept with what is at hand at the low one" in told


def test_no_credence_is_enough_in_some_draws() -> None:
    """The surplus of a is -1 to 1: in half the draws the kept deal is worse than today, and is never 'a credence'."""
    data = copy.deepcopy(SWAP)
    data["preferences"]["a"][0]["worth"] = "-10 in -11..-9"
    data["preferences"]["b"][0]["worth"] = "-12"
    result = study(data, draws=256).run("commitment")
    assert isinstance(result, CommitmentResult)
    [item] = result.deals
    assert item.never == pytest.approx([0.5, 1], abs=0.02)
    assert item.needs_more[0, 1] == 0
    assert item.needs_more[1, 0] == pytest.approx(0.5, abs=0.02)  # never against never counts for neither
    told = [finding.text for finding in result.findings if finding.id == "commitment.draws"]
    assert "in 50 % of draws no credence is enough" in told[0]
    assert "Bo would sign at no credence in 100 % of draws" in told[1]
    assert document(result)


def test_a_positive_bond_is_never_written_as_0() -> None:
    data = final()
    data["preferences"]["a"][1]["worth"] = data["preferences"]["b"][1]["worth"] = 90
    result = asked(data, tranches=12)
    [told] = [finding.text for finding in result.findings if finding.id == "commitment.schedule"]
    assert "a bond of less than 0.001 for" in told
    assert "a bond of 0" not in told
    [small] = [finding.text for finding in result.findings if finding.id == "commitment.small_steps"]
    assert "under 1 % of either leg" in small


def test_document_holds_plain_values() -> None:
    import json

    text = json.dumps(document(asked(bond=(("a", "3"),))))
    assert '"deal": "swap"' in text


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=6, max_size=6))
def test_the_bond_holds_every_party_to_the_done_deal(worths: list[int]) -> None:
    """Whatever the worths: with the bond in force no party gains by a move that leaves its terms undone."""
    data = copy.deepcopy(SWAP)
    terms = [term for actor in ("a", "b", "c") for term in data["preferences"][actor]]
    for term, worth in zip(terms, worths, strict=True):
        term["worth"] = worth
    whole = study(data)
    result = whole.run("commitment")
    assert isinstance(result, CommitmentResult)
    [item] = result.deals
    model = compile_model(applied(whole.file.crisis, "swap", item.remedied.costs))
    nash = all_stable(model.game, ("nash",))["nash"]
    kept = model.space.find(item.diagnosis.end[-1])
    assert nash[:2, kept].all()
    assert np.array_equal(item.remedied.stable[0], nash[:, kept])
