"""Beliefs over time: Bayes against a written-out joint distribution, who hears what, and what replaces what."""

from __future__ import annotations

import copy
import random
from fractions import Fraction
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from backchannel.analyses.signals.beliefs import CERTAIN, drawn_belief, posterior, reaches, tracks
from backchannel.analyses.signals.evidence import contests
from backchannel.errors import NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.model.draws import draw_matrix
from backchannel.spec.cases import open_crisis
from backchannel.spec.crisis import Crisis
from backchannel.spec.read import read_crisis_text

BASE: dict[str, Any] = {
    "crisis": 1,
    "title": "t",
    "as_of": "2020-06-01",
    "actors": {"a": {"people": {"chief": {}, "staff": {}}}, "b": {}},
    "options": {"x": {"by": "a"}, "y": {"by": "b"}},
    "preferences": {"a": [], "b": []},
    "propositions": {"tough": {"about": "b", "says": "b is tough", "why": "w"}},
    "beliefs": [{"who": "a", "that": "tough", "p": "0.5", "on": "2020-01-01", "why": "w"}],
    "signals": {},
}


def crisis(**changes: Any) -> Crisis:
    data = copy.deepcopy(BASE) | changes
    return read_crisis_text(yaml.safe_dump(data, sort_keys=False)).crisis


def signal(day: str, true: str, false: str, to: list[str] | None = None) -> dict[str, Any]:
    return {"on": day, "by": "b", "to": to or [], "that": "tough", "if_true": true, "if_false": false, "why": "w"}


def now(found: Crisis) -> dict[str, float]:
    return {track.holder: track.now.p for track in tracks(found)}


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=5), st.integers(1, 9))
def test_against_the_joint_distribution(chances: list[tuple[int, int]], prior: int) -> None:
    """The belief after several signals is the share of the joint mass in which the statement is true, in any order."""
    mass = {True: Fraction(prior, 10), False: Fraction(10 - prior, 10)}
    for true, false in chances:
        mass = {True: mass[True] * Fraction(true, 10), False: mass[False] * Fraction(false, 10)}
    expected = mass[True] / (mass[True] + mass[False])
    for order in (chances, chances[::-1]):
        belief = prior / 10
        for true, false in order:
            belief = posterior(belief, true / 10, false / 10)
        assert belief == pytest.approx(float(expected), abs=1e-12)


def test_certainty_stays_and_contradiction_is_refused() -> None:
    assert posterior(1.0, 0.2, 0.9) == 1
    assert posterior(0.0, 0.2, 0.9) == 0
    with pytest.raises(ValueError, match="no type still possible"):
        posterior(1.0, 0.0, 0.9)
    found = crisis(
        beliefs=[{"who": "a", "that": "tough", "p": "1", "on": "2020-01-01", "why": "w"}],
        signals={"s": signal("2020-02-01", "0", "0.5")},
    )
    with pytest.raises(NotSupportedError, match=r"signals\.s: a was certain of a type that never does this; move"):
        tracks(found)


def test_a_person_may_be_convinced_while_the_government_is_not() -> None:
    found = now(crisis(signals={"whisper": signal("2020-02-01", "0.9", "0.1", ["a.chief"])}))
    assert found == {"a": 0.5, "a.chief": pytest.approx(0.9)}


def test_a_signal_to_the_government_reaches_its_people() -> None:
    signals = {
        "loud": signal("2020-02-01", "0.8", "0.2", ["a"]),
        "whisper": signal("2020-03-01", "0.5", "0.25", ["a.chief"]),
    }
    assert now(crisis(signals=signals)) == {"a": pytest.approx(0.8), "a.chief": pytest.approx(8 / 9)}


def test_without_receivers_everybody_hears_but_the_sender_and_the_analyst() -> None:
    beliefs = [
        {"who": who, "that": "tough", "p": "0.5", "on": "2020-01-01", "why": "w"} for who in ("a", "b", "analyst")
    ]
    found = crisis(beliefs=beliefs, signals={"loud": signal("2020-02-01", "0.8", "0.2")})
    assert now(found) == {"a": pytest.approx(0.8), "b": 0.5, "analyst": 0.5}
    loud = found.signals["loud"]
    assert [reaches(loud, who) for who in ("a", "a.chief", "b", "analyst")] == [True, True, False, False]


def test_a_later_stated_belief_replaces_what_came_before() -> None:
    beliefs = [
        {"who": "a", "that": "tough", "p": "0.5", "on": "2020-01-01", "why": "w"},
        {"who": "a", "that": "tough", "p": "0.2", "on": "2020-03-01", "why": "w"},
    ]
    signals = {
        "early": signal("2020-02-01", "0.9", "0.1"),
        "same_day": signal("2020-03-01", "0.9", "0.1"),
        "late": signal("2020-04-01", "0.8", "0.2"),
        "undated": {key: value for key, value in signal("", "0.5", "0.25").items() if key != "on"},
    }
    [track] = tracks(crisis(beliefs=beliefs, signals=signals))
    assert [(step.cause, step.day) for step in track.steps] == [
        ("prior", "2020-01-01"),
        ("early", "2020-02-01"),
        ("same_day", "2020-03-01"),
        ("prior", "2020-03-01"),
        ("late", "2020-04-01"),
        ("undated", "2020-06-01"),
    ]
    assert track.prior == "a:tough@2020-03-01"
    assert track.now.p == pytest.approx(posterior(posterior(0.2, 0.8, 0.2), 0.5, 0.25))
    assert [step.cause for step in track.since_prior] == ["prior", "late", "undated"]


def test_a_signal_before_any_belief_moves_nothing() -> None:
    [track] = tracks(crisis(signals={"early": signal("2019-02-01", "0.9", "0.1")}))
    assert [step.cause for step in track.steps] == ["prior"]


def test_bounds_hold_every_combination_of_the_ranges() -> None:
    found = crisis(
        beliefs=[{"who": "a", "that": "tough", "p": "0.4 in 0.2..0.6", "on": "2020-01-01", "why": "w"}],
        signals={"s": signal("2020-02-01", "0.6 in 0.5..0.9", "0.3 in 0.1..0.4")},
    )
    [track] = tracks(found)
    rng = random.Random(1)
    drawn = [
        posterior(rng.uniform(0.2, 0.6), rng.uniform(0.5, 0.9), rng.uniform(0.1, 0.4)) for _ in range(2000)
    ]  # fmt: skip
    assert track.now.low <= min(drawn)
    assert max(drawn) <= track.now.high
    assert (track.now.low, track.now.high) == (posterior(0.2, 0.5, 0.4), posterior(0.6, 0.9, 0.1))


def test_an_act_only_one_type_can_choose_convinces() -> None:
    [track] = tracks(crisis(signals={"s": signal("2020-02-01", "0.5", "0")}))
    assert track.now.p == 1
    assert track.now.ratio == CERTAIN


def test_drawn_beliefs_follow_the_same_rule() -> None:
    found = crisis(
        beliefs=[{"who": "a", "that": "tough", "p": "0.4 in 0.2..0.6", "on": "2020-01-01", "why": "w"}],
        signals={"s": signal("2020-02-01", "0.6 in 0.5..0.9", "0.3 in 0.1..0.4")},
    )
    model = compile_model(found)
    [track] = tracks(found)
    values = draw_matrix(model.inputs, 32, 0)
    at = {item.path: k for k, item in enumerate(model.inputs)}
    columns = [values[:, at[path]] for path in ("beliefs.a:tough.p", "signals.s.if_true", "signals.s.if_false")]
    expected = [posterior(*(float(x) for x in row)) for row in zip(*columns, strict=True)]
    assert drawn_belief(model, track, values) == pytest.approx(expected)


def test_the_founding_case_names_the_president_apart() -> None:
    holders = [track.holder for track in tracks(open_crisis("venezuela-2019").crisis) if track.that == "ru_resolute"]
    assert holders == ["us", "us.president"]


def test_contested_reports_move_on_from_one_another() -> None:
    reports = [
        {"by": "b", "says": "yes", "if_true": "0.9", "if_false": "0.3", "why": "w"},
        {"by": "press", "says": "no", "if_true": "0.2", "if_false": "0.6", "why": "w"},
    ]
    contested = {"raid": {"says": "there was a raid", "p": "0.5", "reports": reports, "why": "w"}}
    [item] = contests(crisis(contested=contested))
    assert item.path == pytest.approx((0.5, 0.75, 0.5))
    assert [heard.interested for heard in item.heard] == [True, False]
    assert item.is_open
    contested["raid"]["p"] = "0.98"
    assert not contests(crisis(contested=contested))[0].is_open


def test_a_report_nobody_could_make_is_refused() -> None:
    reports = [{"by": "b", "says": "yes", "if_true": "0", "if_false": "0.3", "why": "w"}]
    contested = {"raid": {"says": "there was a raid", "p": "1", "reports": reports, "why": "w"}}
    with pytest.raises(NotSupportedError, match=r"contested\.raid: report 1 could not have been made"):
        contests(crisis(contested=contested))
