"""At least 2,000 random crises, from YAML text to verdicts, against the literal definitions: every state and actor."""

from __future__ import annotations

import pytest

from backchannel.analyses.stability.why import CONCEPTS, verdict
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.numerics.stability import all_stable
from backchannel.spec.read import read_crisis_text
from brute_force import is_walk, reachable_by_improvements, verdicts
from generate import KINDS, RandomCrisis, random_crisis

SEEDS = 250  # x 9 kinds = 2,250 games
SHARDS = 10
IDS = ("nash", "gmr", "smr", "seq")


def compiled(crisis: RandomCrisis) -> Model:
    return compile_model(read_crisis_text(crisis.text).crisis)


def by_literal(model: Model) -> dict[str, int]:
    return {model.space.literal(cell): cell for cell in model.space.cells.tolist()}


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize("kind", KINDS)
def test_verdicts_agree_with_the_definitions(kind: str, shard: int) -> None:
    for seed in range(shard, SEEDS, SHARDS):
        crisis = random_crisis(seed, kind)
        model = compiled(crisis)
        cell = by_literal(model)
        assert set(cell) == {crisis.literal(state) for state in crisis.graph.states}
        found = all_stable(model.game, IDS)
        expected = verdicts(crisis.graph)
        for concept in IDS:
            for k, actor in enumerate(model.actors):
                stable = {literal for literal, place in cell.items() if found[concept][k, place]}
                wanted = {crisis.literal(state) for state in expected[concept][actor]}
                assert stable == wanted, (kind, seed, concept, actor)
        assert not (found["nash"] & ~found["smr"]).any()
        assert not (found["smr"] & ~found["gmr"]).any()
        assert not (found["nash"] & ~found["seq"]).any()
        assert not (found["seq"] & ~found["gmr"]).any()


@pytest.mark.parametrize("kind", KINDS)
def test_every_witness_passes_an_independent_walker(kind: str) -> None:
    """A sanction is a legal walk of opponents that takes the gain away; a breaking move has none by brute force."""
    for seed in range(12):
        crisis = random_crisis(1_000 + seed, kind)
        model = compiled(crisis)
        expected = verdicts(crisis.graph)
        state_of = {crisis.literal(state): state for state in crisis.graph.states}
        for cell in model.space.cells.tolist()[:24]:
            start = state_of[model.space.literal(cell)]
            for concept in CONCEPTS:
                for k, actor in enumerate(model.actors):
                    found = verdict(model, concept, k, cell)
                    assert found.stable == (start in expected[concept.id][actor])
                    check_witness(model, crisis, found, state_of, start, actor)


def check_witness(model, crisis, found, state_of, start, actor) -> None:
    graph = crisis.graph

    def no_better(state: object) -> bool:
        return not graph.better(actor, state, start)

    for answer in found.answers:
        improved = state_of[model.space.literal(answer.improvement.target)]
        assert is_walk(graph, start, [(actor, improved)], improving=True)
        if answer.sanction is None:
            continue
        steps = [(model.actors[step.actor], state_of[model.space.literal(step.target)]) for step in answer.sanction]
        assert actor not in {mover for mover, _ in steps}
        assert is_walk(graph, improved, steps, improving=found.concept == "seq")
        assert no_better(steps[-1][1])
        if found.concept == "smr":
            assert all(no_better(escape) for escape in graph.moves[actor].get(steps[-1][1], ()))


@pytest.mark.parametrize("kind", KINDS)
def test_reachability_agrees_with_the_definitions(kind: str) -> None:
    from backchannel.analyses.contract import Context
    from backchannel.analyses.stability import reachability
    from backchannel.results.provenance import Provenance

    for seed in range(30):
        crisis = random_crisis(2_000 + seed, kind)
        model = compiled(crisis)
        state_of = {crisis.literal(state): state for state in crisis.graph.states}
        start = model.space.literal(model.space.cells.tolist()[seed % model.space.cells.size])
        context = Context(Provenance("test", "test", "", "0"))
        result = reachability.run(model, context, reachability.Params(start))
        wanted = reachable_by_improvements(crisis.graph, state_of[start])
        assert dict(zip(result.state, result.steps.tolist(), strict=True)) == {
            crisis.literal(state): steps for state, steps in wanted.items()
        }
        for row in range(len(result.state)):
            span = slice(int(result.path[row]), int(result.path[row + 1]))
            movers = [result.actors[int(mover)] for mover in result.mover[span]]
            stops = [*(result.state[int(k)] for k in result.origin[span]), result.state[row]]
            steps = [(mover, state_of[stop]) for mover, stop in zip(movers, stops[1:], strict=True)]
            assert stops[0] == start
            assert is_walk(crisis.graph, state_of[start], steps, improving=True)
