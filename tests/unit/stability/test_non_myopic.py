"""Non-myopic stability: the limit of limited-move stability, found by its repetition."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.analyses.stability import limited
from backchannel.analyses.stability import non_myopic as module
from backchannel.analyses.stability.non_myopic import limit, non_myopic
from backchannel.analyses.stability.why import verdict
from backchannel.errors import NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from foresight_oracle import Anticipation
from generate import KINDS, random_crisis

READINGS = ("worst", "order")


def quiet(done: int, total: int) -> None:
    assert 0 <= done <= total


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_limit_agrees_with_the_recursion_far_out(kind: str, reading: str) -> None:
    """Over two whole repetitions: a stable state is left for the last time just before ``since``."""
    for seed in range(3):
        crisis = random_crisis(400 + seed, kind)
        model = compile_model(read_crisis_text(crisis.text).crisis)
        state_of = {crisis.literal(state): state for state in crisis.graph.states}
        oracle = Anticipation(crisis.graph, reading)
        found = limit(model, reading, "first", quiet)
        until = found.repeats_from + 2 * found.period
        for row, cell in enumerate(model.space.cells.tolist()):
            state = state_of[model.space.literal(cell)]
            for k, actor in enumerate(model.actors):
                stays = [oracle.first(actor, state, horizon) == state for horizon in range(1, until + 1)]
                since = int(found.since[k, row])
                assert bool(found.stable[k, row]) == all(stays[max(found.repeats_from, 1) - 1 :])
                assert (since > 0) == bool(found.stable[k, row])
                if since:
                    assert all(stays[since - 1 :])
                    assert since == 1 or not stays[since - 2]


def test_cycles_and_settling_both_occur() -> None:
    periods = set()
    for seed in range(15):
        model = compile_model(read_crisis_text(random_crisis(seed, "plain").text).crisis)
        periods.add(limit(model, "worst", "first", quiet).period == 1)
    assert periods == {True, False}


@pytest.mark.parametrize("reading", READINGS)
def test_witness_shows_the_verdict_at_its_horizon(reading: str) -> None:
    for seed in range(4):
        crisis = random_crisis(500 + seed, "mixed")
        model = compile_model(read_crisis_text(crisis.text).crisis)
        found = limit(model, reading, "first", quiet)
        for row, cell in enumerate(model.space.cells.tolist()[:16]):
            for actor in range(len(model.actors)):
                shown = verdict(model, non_myopic(reading), actor, cell)
                assert shown.stable == bool(found.stable[actor, row])
                assert shown.horizon >= max(found.repeats_from, 1) - (not shown.stable)
                again = verdict(model, limited.limited(shown.horizon, reading), actor, cell)
                assert again.answers == shown.answers


def test_no_repetition_within_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_MOVES_AHEAD", 1)
    model = compile_model(open_crisis("chicken").crisis)
    with pytest.raises(NotSupportedError, match="neither settles nor repeats within 1 moves ahead"):
        limit(model, "worst", "first", quiet)


def test_a_state_nobody_can_leave_is_stable_from_one_move_on() -> None:
    text = """
crisis: 1
title: Stuck
actors: {a: {}, b: {}}
options: {}
states: {one: First, two: Second}
moves: [[a, two, one]]
preferences:
  a: {ranking: [two, one]}
  b: {ranking: [one, two]}
"""
    model = compile_model(read_crisis_text(text).crisis)
    found = limit(model, "worst", "first", quiet)
    assert found.stable.all()
    assert found.repeats_from == 0
    assert np.array_equal(found.since, np.ones((2, 2)))
