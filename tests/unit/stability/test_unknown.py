"""Unknown preference against the written definitions, and completions against all of them one by one."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest
import yaml

import unknown_brute as brute
from backchannel.analyses.contract import Context
from backchannel.analyses.stability import stability, unknown
from backchannel.errors import NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.numerics import completions
from backchannel.results.provenance import Provenance
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study
from brute_force import CONCEPTS as JUDGES
from brute_force import Graph, seq, verdicts
from generate import RandomCrisis, random_crisis

CONCEPTS = ("nash", "gmr", "smr", "seq")
RANKED = ("plain", "ranking", "ties", "graph")
ASKED = Context(Provenance("test", "test", "", "0"))


def some_unranked(seed: int, kind: str, most: int = 60) -> tuple[RandomCrisis, brute.Known] | None:
    """A crisis of rankings with states left out at random; None if it is too large for the oracle."""
    crisis = random_crisis(seed, kind)
    if len(crisis.graph.states) > most:
        return None
    rng = random.Random(seed)
    data: dict[str, Any] = crisis.data
    known = {actor: set(crisis.graph.states) for actor in data["actors"]}
    for actor, about in data["preferences"].items():
        if "ranking" not in about:
            continue
        share = rng.choice((0, 0.1, 0.3, 0.7))
        listed = [[entry] if isinstance(entry, str) else entry for entry in about["ranking"]]
        kept = [[name for name in tied if rng.random() >= share] for tied in listed]
        kept = [tied for tied in kept if tied] or [listed[0]]
        about["ranking"] = kept
        names = {name for tied in kept for name in tied}
        known[actor] = {state for state in crisis.graph.states if crisis.literal(state) in names}
    return crisis, known


def run(crisis: RandomCrisis) -> unknown.UnknownResult:
    return unknown.run(compile_model(read_crisis_text(crisis.text).crisis), ASKED)


@pytest.mark.parametrize("kind", ["plain", "ranking", "ties", "levels", "locked", "mixed", "graph"])
def test_four_readings_against_the_definitions(kind: str) -> None:
    looked_at = 0
    for seed in range(12):
        made = some_unranked(seed, kind)
        if made is None:
            continue
        crisis, known = made
        result = run(crisis)
        row = {literal: k for k, literal in enumerate(result.state)}
        for i, actor in enumerate(result.actors):
            assert result.unranked[i] == len(crisis.graph.states) - len(known[actor])
            for state in crisis.graph.states:
                for r, reading in enumerate("abcd"):
                    for k, concept in enumerate(CONCEPTS):
                        wanted = brute.stable(crisis.graph, known, concept, reading, actor, state)
                        assert result.stable[r, k, i, row[crisis.literal(state)]] == wanted, (seed, reading, concept)
                        looked_at += 1
    assert looked_at > 500


@pytest.mark.parametrize("kind", ["ranking", "ties", "locked", "mixed", "graph"])
def test_implications(kind: str) -> None:
    """a => b => d, a => c => d; within a reading Nash => SMR => GMR and Nash => SEQ => GMR; equilibria follow."""
    for seed in range(100, 120):
        made = some_unranked(seed, kind, most=144)
        assert made is not None
        result = run(made[0])
        a, b, c, d = result.stable
        for stronger, weaker in ((a, b), (b, d), (a, c), (c, d)):
            assert not (stronger & ~weaker).any()
        nash, gmr, smr, sequential = result.stable.swapaxes(0, 1)
        for stronger, weaker in ((nash, smr), (smr, gmr), (nash, sequential), (sequential, gmr)):
            assert not (stronger & ~weaker).any()
        assert ((a[0] == c[0]) & (b[0] == d[0])).all()
        assert not ((result.necessary == 1) & (result.possible == 0)).any()
        assert not ((result.necessary[3] == 1) & ~a[3]).any()
        assert not ((result.possible[3] == 1) & ~d[3]).any()
        if not result.unranked.any():
            assert (a == d).all()


def test_where_nothing_is_unknown_it_is_the_verdict_of_stability() -> None:
    for kind in ("terms", "order", "levels", "graph"):
        for seed in range(8):
            model = compile_model(read_crisis_text(random_crisis(seed, kind).text).crisis)
            result, plain = unknown.run(model, ASKED), stability.run(model, ASKED)
            assert (result.stable == plain.stable).all()
            assert (result.necessary == plain.stable).all()
            assert (result.possible == plain.stable).all()
            assert (result.necessary_equilibrium == plain.equilibrium).all()


def small_games() -> list[tuple[RandomCrisis, brute.Known]]:
    """Few enough states for every total preorder on them to be tried."""
    found = []
    for kind in RANKED:
        for seed in range(200, 250):
            made = some_unranked(seed, kind, most=4)
            if made is not None and any(len(made[0].graph.states) > len(known) for known in made[1].values()):
                found.append(made)
    return found


def test_completions_one_by_one() -> None:
    """Possible and necessary, for actors and for equilibria, against every total preorder that keeps the rankings."""
    games = small_games()
    assert len(games) > 5
    decided = 0
    for crisis, known in games:
        graph, result = crisis.graph, run(crisis)
        row = {literal: k for k, literal in enumerate(result.state)}
        orders = {actor: list(brute.completed(graph, known, actor)) for actor in result.actors}
        for i, actor in enumerate(result.actors):
            found = [verdicts_of(graph, actor, order) for order in orders[actor]]
            for state in graph.states:
                for k, concept in enumerate(CONCEPTS[:3]):
                    stable = [state in each[concept] for each in found]
                    here = (k, i, row[crisis.literal(state)])
                    assert (result.possible[here], result.necessary[here]) == (any(stable), all(stable)), concept
        total = int(np.prod([len(order) for order in orders.values()]))
        assert result.completions == (total if total <= completions.MOST else 0)
        if total <= 60:
            decided += 1
            check_together(crisis, result, orders, row)
    assert decided > 3


def verdicts_of(graph: Graph, actor: Any, order: dict[Any, float]) -> dict[str, set[Any]]:
    alone = Graph(graph.states, graph.moves, dict.fromkeys(graph.moves, order))
    return {concept: {s for s in graph.states if JUDGES[concept](alone, actor, s)} for concept in CONCEPTS[:3]}


def check_together(crisis: RandomCrisis, result: unknown.UnknownResult, orders: Any, row: dict[str, int]) -> None:
    import itertools

    joint = []
    for codes in itertools.product(*orders.values()):
        graph = Graph(crisis.graph.states, crisis.graph.moves, dict(zip(orders, codes, strict=True)))
        joint.append(verdicts(graph))
    for state in crisis.graph.states:
        for k, concept in enumerate(CONCEPTS):
            held = [all(state in stable for stable in found[concept].values()) for found in joint]
            here = (k, row[crisis.literal(state)])
            pair = (result.possible_equilibrium[here], result.necessary_equilibrium[here])
            assert pair == (any(held), all(held)), (concept, state)
        for i, actor in enumerate(result.actors):
            stable = [state in found["seq"][actor] for found in joint]
            here = (3, i, row[crisis.literal(state)])
            assert (result.possible[here], result.necessary[here]) == (any(stable), all(stable))


def test_bounds_hold_what_every_completion_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """SEQ by bounds never contradicts SEQ judged completion by completion, and says so where it is open."""
    open_ones = 0
    for kind in ("ranking", "ties", "graph"):
        for seed in range(300, 318):
            made = some_unranked(seed, kind, most=8)
            if made is None:
                continue
            exact = run(made[0])
            if not exact.completions or not exact.unranked.any():
                continue
            with monkeypatch.context() as patch:
                patch.setattr(completions, "MOST", 0)
                bounded = run(made[0])
            assert bounded.completions == 0
            for name in ("possible", "necessary", "possible_equilibrium", "necessary_equilibrium"):
                said, true = getattr(bounded, name), getattr(exact, name)
                assert ((said == true) | (said == unknown.UNDECIDED)).all(), name
                assert (said[:3] == true[:3]).all()
                open_ones += int((said == unknown.UNDECIDED).sum())
    assert open_ones > 0


@pytest.mark.parametrize(("ranked", "unranked", "ways"), [(3, 1, 7), (2, 2, 31), (0, 3, 13), (1, 0, 1)])
def test_number_of_completions(ranked: int, unranked: int, ways: int) -> None:
    """2m + 1 places for one state; three states have 13 weak orders (Fubini numbers)."""
    known = np.array([True] * ranked + [False] * unranked)
    utility = np.arange(ranked + unranked, dtype=np.int32)
    found = {tuple(codes.tolist()) for codes in completions.completions(known, utility)}
    assert completions.count_completions(known, utility) == ways == len(found)


TWO = """
crisis: 1
title: Two actors, one option each
actors: {row: {}, column: {}}
options: {swerve: {by: row}, yield: {by: column}}
preferences:
  row: {ranking: ["no,yes", "yes,yes", "yes,no"], why: the crash is left out}
  column: {ranking: ["yes,no", "yes,yes", "no,yes", "no,no"], why: chicken}
"""


def test_chicken_with_an_unranked_crash_by_hand() -> None:
    """Row does not say how bad the crash is: its standing firm is then no certain answer, its yielding no certain gain.

    At yes,no (row swerves) row can only move to the crash: unknown. a and c: unstable by Nash; b and d: stable.
    Column at yes,no has what it likes best. Row's crash at no,no: unranked, its one move is to the unknown.
    """
    study = Study.of(read_crisis_text(TWO, "two"))
    result = study.run("unknown")
    assert isinstance(result, unknown.UnknownResult)
    row = {literal: k for k, literal in enumerate(result.state)}
    assert result.equilibrium[:, 0, row["yes,no"]].tolist() == [False, True, False, True]
    assert result.equilibrium[:, 0, row["no,yes"]].tolist() == [True] * 4
    assert result.completions == 7
    words = dict(zip(result.state, result.necessary_equilibrium[0].tolist(), strict=True))
    assert words == {"yes,no": 0, "no,yes": 1, "yes,yes": 0, "no,no": 0}
    assert result.possible_equilibrium[0].tolist() == [
        {"yes,no": 1, "no,yes": 1, "yes,yes": 0, "no,no": 0}[state] for state in result.state
    ]
    assert (
        result.findings[-1].text
        == "row leaves 1 of 4 possible states unranked: of unknown preference against every other."
    )


def test_stability_points_here() -> None:
    with pytest.raises(NotSupportedError, match="unknown preference to row; run: backchannel unknown CRISIS"):
        Study.of(read_crisis_text(TWO, "two")).run("stability")


def test_draws_over_ranges_and_unknown_preference_together() -> None:
    data = yaml.safe_load(TWO)
    data["preferences"]["column"] = [{"when": "yield", "worth": "1 in -4..6", "why": "not sure"}]
    file = read_crisis_text(yaml.safe_dump(data, sort_keys=False), "two")
    result = Study.of(file, seed=0, draws=64).run("unknown")
    assert isinstance(result, unknown.UnknownResult)
    share = dict(zip(result.state, result.share_possible[0].tolist(), strict=True))
    assert 0.5 < share["no,yes"] < 0.9
    assert share["yes,yes"] == 0
    assert (result.share_necessary <= result.share_possible).all()
    assert "unknown.draws" in [finding.id for finding in result.findings]


def test_shares_without_unknowns_are_those_of_stability() -> None:
    study = Study.open("venezuela-2019", seed=3, draws=16)
    result, plain = study.run("unknown"), study.run("stability")
    assert isinstance(result, unknown.UnknownResult)
    assert isinstance(plain, stability.StabilityResult)
    assert (result.share_possible == plain.share).all()
    assert (result.share_necessary == plain.share).all()


def test_document_is_json_and_full_adds_actors() -> None:
    study = Study.of(read_crisis_text(TWO, "two"))
    short, full = (unknown.document(study.run("unknown", full=full)) for full in (False, True))  # type: ignore[arg-type]
    assert json.loads(json.dumps(short))["concepts"]["nash"]["necessary"] == ["no,yes"]
    assert "by_actor" not in json.dumps(short)
    assert json.loads(json.dumps(full))["concepts"]["nash"]["by_actor"]["row"]["readings"]["a"] == ["no,yes"]


def test_oracle_agrees_with_the_plain_definitions_where_all_is_known() -> None:
    for seed in range(6):
        graph = random_crisis(seed, "ties").graph
        known = {actor: set(graph.states) for actor in graph.actors}
        for actor in graph.actors:
            for state in graph.states[:12]:
                assert brute.stable(graph, known, "seq", "c", actor, state) == seq(graph, actor, state)


def test_merged_states_with_unranked_ones() -> None:
    """Elmira's merged graph, its moves taken from the model, with states dropped from two rankings."""
    data = open_crisis("elmira-1991").data
    dropped = {actor: about["ranking"][k] for k, (actor, about) in enumerate(data["preferences"].items(), start=2)}
    ranked = {
        actor: {**about, "ranking": [entry for entry in about["ranking"] if entry != dropped[actor]]}
        for actor, about in data["preferences"].items()
    }
    file = read_crisis_text(yaml.safe_dump({**data, "preferences": ranked}, sort_keys=False), "elmira")
    model = compile_model(file.crisis)
    result = unknown.run(model, ASKED)
    assert result.unranked.tolist() == [1, 1, 1]
    states = model.space.cells.tolist()
    moves = {i: {cell: set(model.moves(i, cell).tolist()) for cell in states} for i in range(3)}
    graph = Graph(states, moves, {i: {cell: float(model.code(i, cell)) for cell in states} for i in range(3)})
    known: brute.Known = {}
    for i, utility in enumerate(model.utilities):
        assert utility.known is not None
        known[i] = {cell for cell in states if utility.known[cell]}
    for i in range(3):
        for row, cell in enumerate(states):
            for r, reading in enumerate("abcd"):
                for k, concept in enumerate(CONCEPTS):
                    assert result.stable[r, k, i, row] == brute.stable(graph, known, concept, reading, i, cell)
