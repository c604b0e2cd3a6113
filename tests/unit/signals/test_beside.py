"""Signals that bear on several statements, signals only considered, costs in sunk and tied parts."""

from __future__ import annotations

import datetime as dt
import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from backchannel.analyses.signals.beliefs import drawn_belief, tracks
from backchannel.analyses.signals.beside import effects
from backchannel.analyses.signals.separation import separating_draws, separations
from backchannel.analyses.signals.signals import SignalsResult
from backchannel.model.compile import compile_model
from backchannel.model.draws import draw_matrix
from backchannel.spec.as_of import file_as_of
from backchannel.spec.cases import open_crisis
from backchannel.spec.crisis import Crisis
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study

CHANCE = st.integers(1, 9)
BASE: dict[str, Any] = {
    "crisis": 1,
    "title": "t",
    "as_of": "2020-06-01",
    "actors": {"a": {"people": {"chief": {}}}, "b": {}},
    "options": {"x": {"by": "a"}, "y": {"by": "b"}},
    "preferences": {"a": [], "b": []},
    "propositions": {
        "willing": {"about": "b", "says": "b is willing", "why": "w"},
        "tough": {"about": "b", "says": "b is tough", "why": "w"},
    },
}


def crisis(
    priors: tuple[int, int] = (5, 5),
    chances: tuple[int, int, int, int] = (6, 2, 3, 4),
    **changes: Any,
) -> Crisis:
    """Return a file with one signal ``offer`` on ``willing`` and also on ``tough``; chances and priors in tenths."""
    main, other = (
        {"if_true": str(true / 10), "if_false": str(false / 10)} for true, false in (chances[:2], chances[2:])
    )
    beliefs = [
        {"who": "a", "that": that, "p": str(prior / 10), "on": "2020-01-01", "why": "w"}
        for that, prior in zip(("willing", "tough"), priors, strict=True)
    ]
    offer = {"by": "b", "to": ["a"], "that": "willing", **main, "also": [{"that": "tough", **other}], "why": "w"}
    data = BASE | {"beliefs": beliefs, "signals": {"offer": offer | changes}}
    return read_crisis_text(yaml.safe_dump(data, sort_keys=False)).crisis


def by_types(priors: tuple[int, int], chances: tuple[int, int, int, int]) -> tuple[float, float]:
    """Return both beliefs from the joint distribution over the four types, each statement with an act."""
    mass = {}
    for willing, tough in itertools.product((True, False), repeat=2):
        prior = Fraction(priors[0] if willing else 10 - priors[0], 10) * Fraction(
            priors[1] if tough else 10 - priors[1], 10
        )
        mass[willing, tough] = prior * chances[0 if willing else 1] * chances[2 if tough else 3]
    total = sum(mass.values())
    return tuple(float(sum(m for type_, m in mass.items() if type_[k]) / total) for k in (0, 1))  # type: ignore[return-value]


@given(st.tuples(CHANCE, CHANCE), st.tuples(CHANCE, CHANCE, CHANCE, CHANCE))
def test_against_the_joint_distribution(priors: tuple[int, int], chances: tuple[int, int, int, int]) -> None:
    if chances[0] == chances[1] or chances[2] == chances[3]:
        return
    expected = by_types(priors, chances)
    for hypothetical in ("no", "yes"):
        found = crisis(priors, chances, hypothetical=hypothetical)
        held = tracks(found)
        moved = effects(found, held)
        assert [item.that for item in moved] == ["willing", "tough"]
        assert [item.after for item in moved] == pytest.approx(expected)
        assert [item.before for item in moved] == pytest.approx([p / 10 for p in priors])
        now = [track.now.p for track in held]
        assert now == pytest.approx(expected if hypothetical == "no" else [p / 10 for p in priors])


def test_draws_follow_the_chances_of_the_further_statement() -> None:
    model = compile_model(crisis(also=[{"that": "tough", "if_true": "0.2..0.6", "if_false": "0.7"}]))
    track = next(track for track in tracks(model.crisis) if track.that == "tough")
    values = draw_matrix(model.inputs, 32, 1)
    column = [item.path for item in model.inputs].index("signals.offer.also.tough.if_true")
    true = values[:, column]
    np.testing.assert_allclose(drawn_belief(model, track, values), true / (true + 0.7))
    assert true.min() < true.max()


def test_a_person_told_apart_is_told_of_further_statements_too() -> None:
    found = tracks(crisis(to=["a.chief"]))
    now = {(track.holder, track.that): round(track.now.p, 3) for track in found}
    assert now == {
        ("a", "willing"): 0.5,
        ("a.chief", "willing"): 0.75,
        ("a", "tough"): 0.5,
        ("a.chief", "tough"): 0.429,
    }


def test_a_signal_before_any_belief_has_no_effect() -> None:
    found = crisis(on="2019-01-01")
    assert effects(found, tracks(found)) == ()


@pytest.mark.parametrize(
    ("sunk", "tied", "gain", "verdict", "part", "called"),
    [
        ((1, 4), (2, 8), 5, "separates", "tied", 1 / 13),
        ((1, 6), (2, 3), 5, "separates", "sunk", 0),
        ((1, 6), (9, 7), 5, "separates", "either", 0),
        ((1, 3), (9, 4), 5, "separates", "both", 2 / 9),
        ((1, 2), (9, 2), 5, "both send it", "", 3 / 7),
        ((6, 7), (0, 2), 5, "neither sends it", "", 0),
        ((6, 1), (0, 2), 5, "only the bluffer sends it", "", 4 / 7),
        (None, (9, 8), 5, "separates", "tied", 5 / 13),
        ((1, 8), None, 5, "separates", "sunk", 0),
    ],
)
def test_sunk_and_tied_parts(
    sunk: tuple[int, int] | None, tied: tuple[int, int] | None, gain: int, verdict: str, part: str, called: float
) -> None:
    parts = {"sunk": sunk, "tied": tied}
    cost = {name: {"if_true": pair[0], "if_false": pair[1]} for name, pair in parts.items() if pair is not None}
    found = crisis(cost=cost, gain=gain)
    [item] = separations(found)
    assert (item.verdict, item.separated_by) == (verdict, part)
    assert item.bluff_called == pytest.approx(called)
    assert item.cost_if_true == (sunk or (0, 0))[0]  # what is tied is never paid by who means it
    assert item.cost_if_false == (sunk or (0, 0))[1] + (tied or (0, 0))[1]
    model = compile_model(found)
    separates = separating_draws(model, "offer", draw_matrix(model.inputs, 4, 0))
    assert separates.all() == separates.any() == (verdict == "separates")


def test_parts_are_drawn_apart() -> None:
    cost = {"sunk": {"if_true": "1", "if_false": "0..4"}, "tied": {"if_true": "1", "if_false": "0..4"}}
    model = compile_model(crisis(cost=cost, gain="4"))
    values = draw_matrix(model.inputs, 256, 3)
    paths = [item.path for item in model.inputs]
    paid = sum(values[:, paths.index(f"signals.offer.cost.{name}.if_false")] for name in ("sunk", "tied"))
    found = separating_draws(model, "offer", values)
    assert (found == (paid > 4)).all()
    assert 0.3 < found.mean() < 0.7


@pytest.fixture(scope="module")
def founding() -> SignalsResult:
    found = Study.of(open_crisis("venezuela-2019")).run("signals")
    assert isinstance(found, SignalsResult)
    return found


def test_the_offer_of_linkage_shows_willingness_and_costs_little(founding: SignalsResult) -> None:
    [text] = [item.text for item in founding.findings if item.id == "signals.beside"]
    assert text == (
        "offer_linkage of United States, only considered, would move for Russia: “Washington is willing to trade "
        "across issues” 0.304 to 0.616, odds times 3.67; “Washington values Venezuela above all else in the "
        "relationship” 0.795 to 0.752, odds times 0.778; counted nowhere else."
    )
    assert not any("offer_linkage" in step.cause for track in founding.tracks for step in track.steps)


def test_a_considered_signal_stays_when_the_file_is_replayed() -> None:
    early = file_as_of(open_crisis("venezuela-2019"), dt.date(2019, 3, 20)).crisis
    assert "offer_linkage" in early.signals
    assert "two_planes" not in early.signals
    assert [item.that for item in effects(early, tracks(early))] == ["us_bargains"]


def test_deeds_and_words_leave_out_what_was_not_sent() -> None:
    data = open_crisis("venezuela-2019").data
    data["signals"]["reassurance"]["hypothetical"] = "yes"
    found = Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")).run("signals")
    assert not [item for item in found.findings if item.id == "signals.words"]
