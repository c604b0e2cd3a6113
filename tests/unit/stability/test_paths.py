"""Paths that ask least of their movers, against a literal search over the definitions' graph."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest

from backchannel.analyses.contract import Context
from backchannel.analyses.stability import paths
from backchannel.errors import NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.results.provenance import Provenance
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study
from brute_force import is_walk, reachable_by_improvements
from generate import KINDS, random_crisis


def least(graph: Any, start: Any) -> dict[Any, tuple[int, int]]:
    """Fewest steps against interest, then fewest steps, to every state: relaxation until nothing changes."""
    best: dict[tuple[Any, Any], tuple[int, int]] = {(start, None): (0, 0)}
    pending = deque([(start, None)])
    while pending:
        state, last = pending.popleft()
        cost = best[state, last]
        for actor in graph.actors:
            if actor == last:
                continue
            for target in graph.reach(actor, state):
                new = (cost[0] + (not graph.better(actor, target, state)), cost[1] + 1)
                if new < best.get((target, actor), (10**6, 0)):
                    best[target, actor] = new
                    pending.append((target, actor))
    found: dict[Any, tuple[int, int]] = {}
    for (state, _), cost in best.items():
        found[state] = min(cost, found.get(state, (10**6, 0)))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_least_resistance_agrees_with_the_definitions(kind: str) -> None:
    for seed in range(8):
        crisis = random_crisis(3_000 + seed, kind)
        model = compile_model(read_crisis_text(crisis.text).crisis)
        state_of = {crisis.literal(state): state for state in crisis.graph.states}
        cells = model.space.cells.tolist()
        start = cells[seed % len(cells)]
        context = Context(Provenance("test", "test", "", "0"))
        found = paths.least_resistance(model, start, cells, context)
        wanted = least(crisis.graph, state_of[model.space.literal(start)])
        assert {model.space.literal(cell) for cell in found} == {crisis.literal(state) for state in wanted}
        free = reachable_by_improvements(crisis.graph, state_of[model.space.literal(start)])
        for cell, path in found.items():
            state = state_of[model.space.literal(cell)]
            steps = [(model.actors[step.actor], state_of[model.space.literal(step.target)]) for step in path]
            against = sum(model.code(s.actor, s.target) <= model.code(s.actor, s.origin) for s in path)
            assert (against, len(path)) == wanted[state]
            assert is_walk(crisis.graph, state_of[model.space.literal(start)], steps)
            assert (against == 0) == (state in free)


def test_founding_case_stalls_where_the_first_mover_loses() -> None:
    found = Study.open("venezuela-2019").run("paths", to="minsk_for_transition")
    assert isinstance(found, paths.PathsResult)
    assert (found.against.tolist(), found.steps.tolist()) == ([2], [5])
    assert found.findings[0].id == "paths.stalls"
    assert "it stalls at status_quo, where United States would have to press Kyiv" in found.findings[0].text


def test_open_path_names_every_step() -> None:
    found = Study.open("elmira-1991").run("paths", to="s5")
    assert found.findings[0].id == "paths.open"
    assert "every step pays its mover: Local government would insist" in found.findings[0].text


def test_closed_path_says_so() -> None:
    found = Study.open("elmira-1991").run("paths", start="s9", to="s1")
    assert found.findings[0].id == "paths.closed"


def test_document_chains_states() -> None:
    found = Study.open("venezuela-2019").run("paths")
    assert isinstance(found, paths.PathsResult)
    for row in paths.document(found)["targets"]:  # type: ignore[attr-defined]
        chain = [step["from"] for step in row["path"]] + [row["target"]]
        assert chain[0] == found.start
        assert [step["to"] for step in row["path"]] == chain[1:]


def test_unknown_target_is_named() -> None:
    with pytest.raises(NotSupportedError, match='unknown state "peace"'):
        Study.open("chicken").run("paths", to="peace")
