"""Strong and weak stability against the written definitions, and what the file may say of strength."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import yaml

import unknown_brute as brute
from backchannel.analyses.contract import Context
from backchannel.analyses.stability import stability, strength
from backchannel.errors import NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.model.strength import has_strength, much_worse
from backchannel.results.provenance import Provenance
from backchannel.spec.cases import open_crisis
from backchannel.spec.changes import to_data
from backchannel.spec.read import check_text, read_crisis_text
from backchannel.study.study import Study
from brute_force import is_walk
from generate import RandomCrisis, random_crisis

ASKED = Context(Provenance("test", "test", "", "0"))
CONCEPTS = ("nash", "gmr", "smr", "seq")
Much = Callable[[Any, Any, Any], bool]


def with_strength(seed: int, kind: str) -> tuple[RandomCrisis, Much] | None:
    """A random crisis in which actors tell much preferred, and the relation that means; None if it is too large."""
    crisis = random_crisis(seed, kind)
    if len(crisis.graph.states) > 60:
        return None
    rng = random.Random(seed)
    data, marks, differences = crisis.data, {}, {}
    for actor, about in data["preferences"].items():
        if isinstance(about, dict) and "ranking" in about:
            places = [place for place in range(1, len(about["ranking"])) if rng.random() < 0.35]
            marks[actor] = [-float(place) for place in places]
            for place in reversed(places):
                about["ranking"].insert(place, ">>")
        elif rng.random() < 0.8:
            differences[actor] = rng.choice((0, 1, 2, 3, 5, 8))
    if differences:
        data["strength"] = differences
    scores = {actor: _scores(crisis, actor) for actor in differences}

    def much(actor: Any, better: Any, worse: Any) -> bool:
        high, low = crisis.graph.value(actor, better), crisis.graph.value(actor, worse)
        if actor in differences:
            return high > low and scores[actor][better] - scores[actor][worse] >= differences[actor]
        return any(high > mark >= low for mark in marks.get(actor, ()))

    return crisis, much


def _scores(crisis: RandomCrisis, actor: str) -> dict[Any, float]:
    """Worths are what the generator keeps; the score of an order comes from reading one state at a time."""
    about = crisis.data["preferences"][actor]
    if isinstance(about, list):
        return {state: crisis.graph.value(actor, state) for state in crisis.graph.states}
    from backchannel.spec.evaluate import read_literal, utility

    parsed = read_crisis_text(crisis.text).crisis
    found = {}
    for state in crisis.graph.states:
        levels = read_literal(parsed, crisis.literal(state))
        assert levels is not None
        score = utility(parsed, actor, levels)
        assert score is not None
        found[state] = score
    return found


@pytest.mark.parametrize("kind", ["plain", "ranking", "ties", "terms", "order", "levels", "locked", "mixed", "graph"])
def test_against_the_definitions(kind: str) -> None:
    levels = dict.fromkeys(("strong", "weak", "not"), 0)
    for seed in range(15):
        made = with_strength(seed, kind)
        if made is None:
            continue
        crisis, much = made
        model = compile_model(read_crisis_text(crisis.text).crisis)
        if not any(has_strength(model, actor) for actor in model.actors):
            continue
        result = strength.run(model, ASKED)
        row = {literal: k for k, literal in enumerate(result.state)}
        for i, actor in enumerate(result.actors):
            for state in crisis.graph.states:
                for k, concept in enumerate(CONCEPTS):
                    wanted = brute.strength(crisis.graph, much, concept, actor, state)
                    here = (k, i, row[crisis.literal(state)])
                    found = "strong" if result.strong[here] else "weak" if result.general[here] else "not"
                    assert found == wanted, (seed, concept, actor, state)
                    levels[wanted] += k > 0
    assert min(levels.values()) > 10, levels


@pytest.mark.parametrize("kind", ["ranking", "terms", "locked", "graph"])
def test_implications_and_general_is_the_plain_verdict(kind: str) -> None:
    for seed in range(100, 115):
        made = with_strength(seed, kind)
        if made is None:
            continue
        model = compile_model(read_crisis_text(made[0].text).crisis)
        if not any(has_strength(model, actor) for actor in model.actors):
            continue
        result = strength.run(model, ASKED)
        assert (result.general == stability.run(model, ASKED).stable).all()
        assert not (result.strong & ~result.general).any()
        assert not (result.strong_equilibrium & ~result.equilibrium).any()
        assert not (result.held_by_sanctions & result.equilibrium[0]).any()
        assert (result.strong[0] == result.general[0]).all()
        nash, gmr, smr, seq = result.strong
        for stronger, weaker in ((nash, smr), (smr, gmr), (nash, seq), (seq, gmr)):
            assert not (stronger & ~weaker).any()


def test_witnesses_are_legal_and_leave_what_they_say() -> None:
    seen = {True: 0, False: 0}
    for kind in ("ties", "terms", "locked", "graph"):
        for seed in range(12):
            made = with_strength(seed, kind)
            if made is None:
                continue
            crisis, much = made
            model = compile_model(read_crisis_text(crisis.text).crisis)
            if not any(has_strength(model, actor) for actor in model.actors):
                continue
            state_of = {crisis.literal(state): state for state in crisis.graph.states}
            for literal in list(state_of)[:6]:
                result = strength.run(model, ASKED, strength.Params(state=literal))
                row = result.state.index(literal)
                for item in result.verdicts:
                    k, i = CONCEPTS.index(item.concept), result.actors.index(item.actor)
                    expected = "strong" if result.strong[k, i, row] else "weak" if result.general[k, i, row] else "not"
                    assert item.level == ("yes" if k == 0 and expected == "strong" else expected)
                    for answer in item.answers:
                        if answer.sanction is None:
                            continue
                        seen[answer.strong] += 1
                        steps = [(who, state_of[to]) for who, _, to in answer.sanction]
                        assert is_walk(crisis.graph, state_of[answer.to], steps, improving=item.concept == "seq")
                        assert item.actor not in {who for who, _ in steps}
                        end, here = steps[-1][1], state_of[literal]
                        ways = {end} | (crisis.graph.reach(item.actor, end) if item.concept == "smr" else set())
                        if answer.strong:
                            assert all(much(item.actor, here, way) for way in ways)
                        else:
                            assert not any(crisis.graph.better(item.actor, way, here) for way in ways)
    assert min(seen.values()) > 20, seen


def cuba_with_marks(us: tuple[int, ...], ussr: tuple[int, ...]) -> dict[str, Any]:
    """The published rankings with ">>" after so many entries; the marks are ours."""
    data = copy.deepcopy(open_crisis("cuba-1962").data)
    for actor, places in (("us", us), ("ussr", ussr)):
        for place in sorted(places, reverse=True):
            data["preferences"][actor]["ranking"].insert(place, ">>")
    return data


def result_of(data: dict[str, Any], **params: Any) -> strength.StrengthResult:
    result = Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")).run("strength", **params)
    assert isinstance(result, strength.StrengthResult)
    return result


def test_positions_of_marks_and_ties() -> None:
    model = compile_model(read_crisis_text(yaml.safe_dump(cuba_with_marks((2, 8), ()), sort_keys=False)).crisis)
    worst = much_worse(model, 0)
    codes = model.game.utilities[0]
    below = {int(codes[cell]): int(worst[cell]) for cell in model.space.cells}
    never = np.iinfo(np.int32).min
    assert below == {12: 10, 11: 10, **dict.fromkeys(range(5, 11), 4), **dict.fromkeys(range(1, 5), never)}
    assert not has_strength(model, "ussr")


def test_differences_of_decimal_worths_are_exact() -> None:
    """0.3 - 0.1 is not 0.2 in floating point; it is here."""
    assert 0.3 - 0.1 < 0.2
    data = {
        "crisis": 1, "title": "t", "actors": {"a": {}, "b": {}},
        "options": {"x": {"by": "a"}, "y": {"by": "b"}},
        "preferences": {
            "a": [{"when": "x", "worth": "0.1", "why": "w"}, {"when": "y", "worth": "0.2", "why": "w"}], "b": [],
        },
        "strength": {"a": "0.2"},
    }  # fmt: skip
    model = compile_model(read_crisis_text(yaml.safe_dump(data)).crisis)
    worst, points = much_worse(model, 0), model.utilities[0].points
    for better in range(4):
        for worse in range(4):
            difference = Fraction(repr(float(points[better]))) - Fraction(repr(float(points[worse])))
            assert (model.code(0, worse) <= worst[better]) == (difference >= Fraction("0.2"))


def test_with_tiers_the_core_counts() -> None:
    data = {
        "crisis": 1, "title": "t", "actors": {"a": {}, "b": {}},
        "options": {"x": {"by": "a"}, "y": {"by": "b"}},
        "preferences": {
            "a": [
                {"when": "x", "worth": 2, "tier": "core", "why": "w"},
                {"when": "y", "worth": 90, "tier": "lesser", "why": "w"},
            ],
            "b": [],
        },
        "strength": {"a": 2},
    }  # fmt: skip
    model = compile_model(read_crisis_text(yaml.safe_dump(data)).crisis)
    worst, find = much_worse(model, 0), model.space.find
    assert model.code(0, find("no,yes")) == worst[find("yes,no")]
    assert worst[find("no,yes")] == np.iinfo(np.int32).min


def test_the_mark_changes_no_plain_verdict_and_survives_a_rewrite() -> None:
    data = cuba_with_marks((2, 8), (1,))
    marked = read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")
    plain, found = Study.open("cuba-1962").run("stability"), Study.of(marked).run("stability")
    assert isinstance(plain, stability.StabilityResult)
    assert isinstance(found, stability.StabilityResult)
    assert (plain.stable == found.stable).all()
    assert (plain.utility == found.utility).all()
    assert type(marked.crisis).model_validate(to_data(marked.crisis)) == marked.crisis


def test_an_actor_of_whom_the_file_does_not_say_is_never_deterred_strongly() -> None:
    result = result_of(cuba_with_marks((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), ()))
    assert result.telling == (True, False)
    assert (result.strong[1:, 1] == result.general[0, 1]).all()
    assert (result.strong[1:, 0] <= result.general[1:, 0]).all()
    assert result.findings[-1].text == (
        "The file says what is much worse for United States; not for Soviet Union, so no sanction against them is "
        "strong."
    )


def test_tag_says_on_what_it_rests() -> None:
    assert result_of(cuba_with_marks((8,), (8,))).findings[0].tag == "order"
    data = copy.deepcopy(open_crisis("venezuela-2019").data) | {"strength": {"maduro": "20"}}
    assert result_of(data).findings[0].tag == "magnitudes"


def test_refuses_without_strength_and_says_what_to_add() -> None:
    with pytest.raises(NotSupportedError, match=r'">>" between two entries(.|\n)*us: \{ranking: \[best, ">>"'):
        Study.open("cuba-1962").run("strength")
    with pytest.raises(NotSupportedError, match=r"difference in points(.|\n)*strength: \{us: 10\}"):
        Study.open("venezuela-2019").run("strength")


def test_unknown_state_is_refused() -> None:
    with pytest.raises(NotSupportedError, match='unknown state "nowhere"'):
        result_of(cuba_with_marks((2,), ()), state="nowhere")


@pytest.mark.parametrize(
    ("spoil", "code", "words"),
    [
        (lambda d: d["preferences"]["us"]["ranking"].insert(0, ">>"), "bad-strength", "must stand between two entries"),
        (lambda d: d["preferences"]["us"]["ranking"].append(">>"), "bad-strength", "must stand between two entries"),
        (lambda d: d["preferences"]["us"]["ranking"].insert(2, ">>"), "bad-strength", "must stand between two entries"),
        (lambda d: d.update(strength={"us": 3}), "strength-of-ranking", "drop us here and put"),
        (lambda d: d.update(strength={"usa": 3}), "unknown-actor", 'unknown actor "usa"'),
        (lambda d: d.update(strength={"us": -3}), "", "-3"),
        (lambda d: d["preferences"]["us"]["ranking"].__setitem__(0, ["no,no,yes,no", ">>"]), "unknown-state", ">>"),
    ],
)
def test_faults(spoil: Callable[[dict[str, Any]], None], code: str, words: str) -> None:
    data = cuba_with_marks((2,), ())
    spoil(data)
    faults = check_text(yaml.safe_dump(data, sort_keys=False), "crisis").errors
    assert faults
    assert any(words in str(fault) and (not code or fault.code == code) for fault in faults), [*map(str, faults)]


def test_document_is_json_and_full_adds_actors() -> None:
    data = cuba_with_marks((4, 8), (4, 8))
    short, full = (json.loads(json.dumps(strength.document(result_of(data, full=full)))) for full in (False, True))
    assert set(short["concepts"]["gmr"]) == {"strong", "weak", "held_by_sanctions"}
    assert set(full["concepts"]["gmr"]["by_actor"]) == {"us", "ussr"}
    assert short["telling"] == ["us", "ussr"]
    assert {item["stable"] for item in short["verdicts"]} <= {"yes", "strong", "weak", "not"}


def test_a_variant_may_change_the_strength() -> None:
    data = copy.deepcopy(open_crisis("venezuela-2019").data) | {"strength": {"maduro": "0"}}
    data["variants"] = {"numb": {"set": {"strength.maduro": "1000"}, "why": "nothing hurts much"}}
    file = read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")
    maduro = list(data["actors"]).index("maduro")
    keen, numb = (Study.of(file, variant=variant).model for variant in ("", "numb"))
    never = np.iinfo(np.int32).min
    assert (much_worse(numb, maduro) == never).all()
    assert not (much_worse(keen, maduro) == never).all()
