"""Simultaneous sanctioning against the literal definition, its witnesses, and what it refuses."""

from __future__ import annotations

import pytest

from backchannel.analyses.stability.sim import sim, stable
from backchannel.analyses.stability.why import verdict
from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.model.compile import compile_model
from backchannel.numerics import simultaneous
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from brute_force import improvements, seq
from foresight_oracle import simultaneously_stable, together
from generate import KINDS, random_crisis

OPTION_KINDS = [kind for kind in KINDS if kind != "graph"]
READINGS = ("improvers", "unstable")


def quiet(done: int, total: int) -> None:
    assert 0 <= done <= total


def setting(seed: int, kind: str):
    crisis = random_crisis(seed, kind)
    model = compile_model(read_crisis_text(crisis.text).crisis)
    owners = [about["by"] for about in crisis.data["options"].values()]
    return crisis, model, owners


@pytest.mark.parametrize("simultaneity", READINGS)
@pytest.mark.parametrize("kind", OPTION_KINDS)
def test_verdicts_agree_with_the_definition(kind: str, simultaneity: str) -> None:
    held = 0
    for seed in range(10):
        crisis, model, owners = setting(seed, kind)
        found = stable(model, simultaneity, quiet)
        state_of = {crisis.literal(state): state for state in crisis.graph.states}
        for row, cell in enumerate(model.space.cells.tolist()):
            state = state_of[model.space.literal(cell)]
            for k, actor in enumerate(model.actors):
                wanted = simultaneously_stable(crisis.graph, owners, actor, state, simultaneity)
                assert bool(found[k, row]) == wanted, (kind, seed, actor, state)
                held += wanted and bool(improvements(crisis.graph, actor, state))
    assert held  # sanctions do occur


@pytest.mark.parametrize("kind", OPTION_KINDS)
def test_chunks_change_nothing(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _, model, _ = setting(3, kind)
    whole = stable(model, "improvers", quiet)
    monkeypatch.setattr(simultaneous, "CHUNK", 3)
    assert (stable(model, "improvers", quiet) == whole).all()


@pytest.mark.parametrize("simultaneity", READINGS)
@pytest.mark.parametrize("kind", OPTION_KINDS)
def test_every_witness_passes_an_independent_walker(kind: str, simultaneity: str) -> None:
    for seed in range(100, 103):
        crisis, model, owners = setting(seed, kind)
        graph = crisis.graph
        concept = sim(simultaneity)
        state_of = {crisis.literal(state): state for state in graph.states}
        for cell in model.space.cells.tolist()[:24]:
            start = state_of[model.space.literal(cell)]
            for k, actor in enumerate(model.actors):
                found = verdict(model, concept, k, cell)
                assert found.stable == simultaneously_stable(graph, owners, actor, start, simultaneity)
                assert len(found.answers) == len(improvements(graph, actor, start))
                for answer in found.answers:
                    target = state_of[model.space.literal(answer.improvement.target)]
                    assert target in improvements(graph, actor, start)
                    if answer.sanction is None:
                        assert answer.joint is None
                        continue
                    moving = {model.actors[s.actor]: state_of[model.space.literal(s.target)] for s in answer.sanction}
                    assert len(moving) == len(answer.sanction) > 0
                    assert actor not in moving
                    for other, goal in moving.items():
                        assert goal in improvements(graph, other, start)
                        assert simultaneity == "improvers" or not seq(graph, other, start)
                    end = together(owners, start, {actor: target, **moving})
                    assert end == state_of[model.space.literal(answer.end)]
                    assert not graph.better(actor, end, start)


def test_nash_implies_it_and_the_stricter_reading_holds_less() -> None:
    from backchannel.numerics.stability import all_stable

    for seed in range(10):
        _, model, _ = setting(seed, "mixed")
        nash = all_stable(model.game, ("nash",))["nash"][:, model.space.cells]
        wide, strict = stable(model, "improvers", quiet), stable(model, "unstable", quiet)
        assert not (nash & ~strict).any()
        assert not (strict & ~wide).any()


def test_general_graph_is_refused() -> None:
    crisis = random_crisis(0, "graph")
    model = compile_model(read_crisis_text(crisis.text).crisis)
    with pytest.raises(NotSupportedError, match="in a file with states listed by name moves have no options"):
        stable(model, "improvers", quiet)
    with pytest.raises(NotSupportedError, match="ask for other concepts, such as --concepts nash,seq,limited"):
        sim().sanction(model, 0, 0, 0)


def test_merged_states_are_refused() -> None:
    model = compile_model(open_crisis("elmira-1991").crisis)
    with pytest.raises(NotSupportedError, match="in a file with merged states"):
        stable(model, "unstable", quiet)


def test_too_many_combinations_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simultaneous, "MOST_COMBINATIONS", 0)
    model = compile_model(open_crisis("prisoners-dilemma").crisis)
    with pytest.raises(TooLargeError, match=r"\d combinations of simultaneous improvements are more than the 0"):
        stable(model, "improvers", quiet)
