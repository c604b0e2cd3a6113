"""Limited-move stability against the literal recursion, and every anticipated line against a walker."""

from __future__ import annotations

import numpy as np
import pytest
import yaml

from backchannel.analyses.stability.limited import limited, stable
from backchannel.analyses.stability.why import verdict
from backchannel.errors import TooLargeError
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.numerics import anticipation
from backchannel.numerics.anticipation import Lookahead
from backchannel.numerics.stability import all_stable
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from brute_force import Graph, improvements, is_walk
from foresight_oracle import Anticipation
from generate import KINDS, random_crisis

READINGS = ("worst", "order")
TIES = ("first", "last")
SEEDS = 4


def quiet(done: int, total: int) -> None:
    assert 0 <= done <= total


def setting(seed: int, kind: str):
    crisis = random_crisis(seed, kind)
    model = compile_model(read_crisis_text(crisis.text).crisis)
    state_of = {crisis.literal(state): state for state in crisis.graph.states}
    return crisis.graph, model, [state_of[model.space.literal(cell)] for cell in model.space.cells.tolist()]


def graph_of(model: Model) -> Graph:
    """The same graph as plain sets, for files whose states are merged."""
    cells = model.space.cells.tolist()
    moves = {a: {c: set(model.moves(k, c).tolist()) for c in cells} for k, a in enumerate(model.actors)}
    values = {a: {c: model.code(k, c) for c in cells} for k, a in enumerate(model.actors)}
    return Graph(cells, moves, values)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_ends_agree_with_the_recursion(kind: str, reading: str, ties: str) -> None:
    for seed in range(SEEDS):
        graph, model, states = setting(seed, kind)
        oracle = Anticipation(graph, reading, ties)
        lookahead = Lookahead(model.game, model.space.cells, reading, ties)
        known = lookahead.start()
        for left in range(7):
            for k, actor in enumerate(model.actors):
                first = [states[end] for end in known.first[k].tolist()]
                assert first == [oracle.first(actor, state, left) for state in states], (kind, seed, actor, left)
                after = [states[end] for end in known.after[k].tolist()]
                assert after == [oracle.after(actor, state, left) for state in states], (kind, seed, actor, left)
            known = lookahead.further(known)


@pytest.mark.parametrize("reading", READINGS)
def test_merged_states(reading: str) -> None:
    model = compile_model(open_crisis("elmira-1991").crisis)
    graph = graph_of(model)
    oracle = Anticipation(graph, reading)
    for horizon in range(1, 8):
        found = stable(model, horizon, reading, "first", quiet)
        for k, actor in enumerate(model.actors):
            assert found[k].tolist() == [oracle.first(actor, state, horizon) == state for state in graph.states]


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_one_move_ahead_is_nash(kind: str, reading: str) -> None:
    for seed in range(200, 206):
        _, model, _ = setting(seed, kind)
        nash = all_stable(model.game, ("nash",))["nash"][:, model.space.cells]
        assert np.array_equal(stable(model, 1, reading, "first", quiet), nash)


@pytest.mark.parametrize("kind", KINDS)
def test_two_moves_ahead_by_the_worst_answer_implies_sequential_stability(kind: str) -> None:
    for seed in range(200, 206):
        _, model, _ = setting(seed, kind)
        seq = all_stable(model.game, ("seq",))["seq"][:, model.space.cells]
        assert not (stable(model, 2, "worst", "first", quiet) & ~seq).any()


@pytest.mark.parametrize("kind", KINDS)
def test_with_two_actors_both_readings_agree(kind: str) -> None:
    seen = 0
    for seed in range(20):
        _, model, _ = setting(seed, kind)
        if len(model.actors) == 2:
            seen += 1
            for horizon in (2, 3, 6):
                worst, order = (stable(model, horizon, reading, "first", quiet) for reading in READINGS)
                assert np.array_equal(worst, order)
    assert seen


def test_readings_differ_with_three_actors() -> None:
    different = 0
    for seed in range(20):
        _, model, _ = setting(seed, "plain")
        worst, order = (stable(model, 3, reading, "first", quiet) for reading in READINGS)
        different += not np.array_equal(worst, order)
    assert different


@pytest.mark.parametrize("horizon", [1, 2, 5])
@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_line_passes_an_independent_walker(kind: str, reading: str, horizon: int) -> None:
    """A legal walk, nobody twice in succession, no longer than the horizon, that ends where the recursion says."""
    for seed in range(300, 302):
        graph, model, states = setting(seed, kind)
        oracle = Anticipation(graph, reading)
        state_of = dict(zip(model.space.cells.tolist(), states, strict=True))
        concept = limited(horizon, reading)
        for cell, start in list(state_of.items())[:20]:
            for k, actor in enumerate(model.actors):
                found = verdict(model, concept, k, cell)
                assert found.horizon == horizon
                assert found.stable == (oracle.first(actor, start, horizon) == start)
                told = {state_of[answer.improvement.target] for answer in found.answers}
                assert told >= improvements(graph, actor, start)
                for answer in found.answers:
                    steps = [(model.actors[s.actor], state_of[s.target]) for s in (answer.improvement, *answer.line)]
                    assert steps[0][0] == actor
                    assert len(steps) <= horizon
                    assert is_walk(graph, start, steps)
                    assert steps[-1][1] == state_of[answer.end] == oracle.after(actor, steps[0][1], horizon - 1)
                    assert (answer.sanction is None) == graph.better(actor, steps[-1][1], start)
                if not found.stable:
                    assert state_of[found.answers[0].end] == oracle.first(actor, start, horizon)


def test_renaming_and_reordering_actors_changes_nothing_by_the_worst_answer() -> None:
    for seed in range(5):
        crisis = random_crisis(seed, "mixed")
        model = compile_model(read_crisis_text(crisis.text).crisis)
        data = {**crisis.data, "actors": dict(reversed(list(crisis.data["actors"].items())))}
        turned = compile_model(read_crisis_text(yaml.safe_dump(data, sort_keys=False)).crisis)
        found, again = (stable(m, 4, "worst", "first", quiet) for m in (model, turned))
        assert np.array_equal(found, again[::-1])


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("graph", "locked"):
        _, model, _ = setting(5, kind)
        whole = stable(model, 4, "worst", "first", quiet)
        with monkeypatch.context() as patch:
            patch.setattr(anticipation, "CHUNK", 3)
            assert np.array_equal(stable(model, 4, "worst", "first", quiet), whole)


def test_too_many_moves_to_list_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anticipation, "MOST_MOVES", 0)
    model = compile_model(open_crisis("cuba-1962").variant("strike_is_final").crisis)
    with pytest.raises(TooLargeError, match=r"actor 1 has up to \d+ moves and an option that is final or frozen"):
        stable(model, 2, "worst", "first", quiet)
