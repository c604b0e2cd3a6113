"""The founding case against tests/data/expected_venezuela.yaml: beliefs, signals and red lines, T8 to T27."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from backchannel.analyses.signals.signals import SignalsResult
from backchannel.study.study import Study

TESTS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent.parent / "data" / "expected_venezuela.yaml").read_text(encoding="utf-8")
)["tests"]
CASE = "venezuela-2019"


@pytest.fixture(scope="module")
def result() -> SignalsResult:
    found = Study.open(CASE).run("signals")
    assert isinstance(found, SignalsResult)
    return found


def path(result: SignalsResult, holder: str, that: str) -> list[float]:
    [track] = [track for track in result.tracks if (track.holder, track.that) == (holder, that)]
    return [step.p for step in track.steps]


def test_t8_threshold_beliefs(result: SignalsResult) -> None:
    exact = TESTS["T8"]["exact"]
    found = {
        course: item
        for item in result.thresholds
        if (item.holder, item.that) == ("russia", "intervene")
        for course in item.courses
    }
    for course, belief in exact["threshold_belief"].items():
        assert found[course].flips_at == pytest.approx(belief, abs=1e-9)
        assert found[course].verdict == "holds"
        assert {"centre": found[course].belief, "low": found[course].low, "high": found[course].high} == exact["belief"]


def test_t8_an_offer_with_a_second_pair_flips_inside_the_range(result: SignalsResult) -> None:
    """Not in the reference: by the same formula (15 - 10) / (15 + 35) = 1/10, inside .03 to .15."""
    [item] = [item for item in result.thresholds if item.courses == ("aid_for_support",)]
    assert item.flips_at == pytest.approx(1 / 10, abs=1e-9)
    assert item.verdict == "open"


def test_t16_the_same_formula_gives_the_belief_at_which_maduro_leaves(result: SignalsResult) -> None:
    [item] = [item for item in result.thresholds if item.holder == "maduro"]
    assert item.flips_at == pytest.approx(TESTS["T16"]["exact"]["threshold"], abs=1e-9)
    assert path(result, "maduro", "defect") == [
        TESTS["T16"]["exact"]["belief_30_april"],
        TESTS["T16"]["exact"]["belief_reassured"],
    ]


def test_t9_the_threat_is_not_carried_out(result: SignalsResult) -> None:
    [line] = result.red_lines
    exact = TESTS["T9"]["exact"]
    assert [
        dict(zip(("waits", "backs_down", "carries_out"), line.states, strict=True))[name] for name in line.order
    ] == (exact["us_order"])
    assert line.cost == exact["face_cost"]
    assert line.credible_at == pytest.approx(exact["face_cost_that_makes_the_threat_credible"], abs=1e-9)
    assert not line.is_credible


def test_t9b_what_overtakes_waiting(result: SignalsResult) -> None:
    [line] = result.red_lines
    exact = TESTS["T9b"]["exact"]
    overtakes = {rival.course: rival for rival in line.overtakes}
    costs = exact["hanging_cost_at_which"]
    assert overtakes["grand_swap"].from_cost == pytest.approx(costs["grand_swap_beats_waiting"], abs=1e-9)
    assert overtakes["backs_down"].from_cost == pytest.approx(costs["us_backs_down_beats_waiting"], abs=1e-9)
    assert overtakes["carries_out"].ever_best is exact["war_ever_best"] is False
    assert line.clock == 12


def test_t9b_the_chance_of_fall_at_which_washington_waits(result: SignalsResult) -> None:
    for deal, chance in TESTS["T9b"]["exact"]["chance_of_fall_at_which_washington_waits"].items():
        [item] = [item for item in result.optimism if item.deal == deal]
        [us] = [party for party in item.parties if party.party == "us"]
        assert us.flips_at == us.high == pytest.approx(chance, abs=1e-9)
        assert us.low == 0


def test_t7_the_hazard_at_which_moscow_signs(result: SignalsResult) -> None:
    [item] = [item for item in result.optimism if item.deal == "aid_for_support"]
    [russia] = [party for party in item.parties if party.party == "russia"]
    assert russia.low == pytest.approx(TESTS["T7"]["exact"]["hazard_threshold"]["aid_for_support"], abs=1e-9)


def test_t10_leverage(result: SignalsResult) -> None:
    exact = TESTS["T10"]["exact"]
    item = next(item for item in result.leverages if item.proposition == "us_invested")
    prices = dict(zip(item.positions, item.prices, strict=True))
    for row in exact["leverage"]:
        assert prices[1 - row["v"]] == pytest.approx(row["value"], abs=1e-9)
    [swap] = [one for one in item.accepts if one.deal == "grand_swap"]
    assert 1 - swap.high == pytest.approx(exact["investment_at_which_us_accepts_grand_swap"], abs=1e-9)
    assert swap.low == 0


def test_t11_planes_and_words(result: SignalsResult) -> None:
    """The words went to the president alone: he is at the last figure, his government still at the one before."""
    expected = TESTS["T11"]["exact"]["ru_resolute"]
    assert path(result, "us.president", "ru_resolute") == pytest.approx(expected, abs=1e-9)
    assert path(result, "us", "ru_resolute") == pytest.approx(expected[:2], abs=1e-9)


def test_t12_the_message_backfires(result: SignalsResult) -> None:
    exact = TESTS["T12"]["exact"]
    assert path(result, "russia", "us_invested") == pytest.approx(exact["us_invested"], abs=1e-9)
    [step] = result.price_steps
    assert [step.before, step.after] == pytest.approx(exact["estimated_top_price"], abs=1e-9)
    assert (step.holder, step.signal) == ("russia", "hill_priority")


def test_t13_rome(result: SignalsResult) -> None:
    assert path(result, "russia", "us_bargains") == pytest.approx(TESTS["T13"]["exact"]["us_bargains"], abs=1e-9)


def test_t26_the_tarmac_stays_contested(result: SignalsResult) -> None:
    [contest] = result.contests
    assert contest.path == pytest.approx(TESTS["T26"]["exact"]["tarmac"], abs=1e-9)
    assert contest.is_open
    assert all(heard.interested for heard in contest.heard)


def test_t27_the_planes_separate_the_types(result: SignalsResult) -> None:
    [planes] = [item for item in result.separations if item.is_deed]
    exact = TESTS["T27"]["exact"]
    assert {name: getattr(planes, name) for name in exact} == exact
    assert planes.verdict == "separates"
    assert planes.bluff_called == pytest.approx(8 / 20)


def test_t21_of_the_misperception(result: SignalsResult) -> None:
    """Claim 21: Moscow may underrate how abruptly Trump can reverse himself."""
    text = next(item.text for item in result.findings if item.id == "signals.misperception")
    assert text.endswith("0.1 (0.05 to 0.15), the analyst 0.275 (0.15 to 0.4): Russia underrates it.")


@pytest.mark.parametrize(
    ("day", "resolute", "bargains", "invested"),
    [
        ("2019-03-15", 0.4, 0.5, None),
        ("2019-03-19", 0.4, 7 / 23, None),
        ("2019-03-23", 2 / 3, 7 / 23, None),
        ("2019-04-15", 2 / 3, 7 / 23, 35 / 44),
        ("2019-05-02", 2 / 3, 7 / 23, 35 / 44),
        ("2019-05-05", 20 / 31, 7 / 23, 35 / 44),
    ],
)
def test_replay_from_15_march_to_5_may(day: str, resolute: float, bargains: float, invested: float | None) -> None:
    import datetime as dt

    found = Study.open(CASE, as_of=dt.date.fromisoformat(day)).run("signals")
    assert isinstance(found, SignalsResult)
    now = {(track.holder, track.that): track.now.p for track in found.tracks}
    president = now.get(("us.president", "ru_resolute"), now["us", "ru_resolute"])
    assert president == pytest.approx(resolute)
    assert now["russia", "us_bargains"] == pytest.approx(bargains)
    assert now.get(("russia", "us_invested")) == (None if invested is None else pytest.approx(invested))
    assert found.as_of == found.provenance.as_of == day
