"""Sequences of moves by several actors, nobody twice in succession, shortest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from backchannel.model.model import Model


@dataclass(frozen=True)
class Step:
    """One move: who, from which cell, to which."""

    actor: int
    origin: int
    target: int


def sequences(
    model: Model, start: int, movers: Iterable[int], *, improving: bool
) -> Iterator[tuple[tuple[int, int], tuple[int, int] | None]]:
    """Walk every legal sequence of the movers breadth first.

    Yields each (state, last mover) pair once, with the pair it was first reached from; the start comes first with
    last mover -1. A pair is reached in the fewest moves.

    Cost: every pair at most once, so states x movers x moves at worst (Fang, Hipel and Kilgour, 1993).
    """
    movers = tuple(movers)
    first = (start, -1)
    seen = {first}
    pending: deque[tuple[int, int]] = deque([first])
    yield first, None
    while pending:
        state, last = pair = pending.popleft()
        for actor in movers:
            if actor == last:
                continue
            targets = model.improvements(actor, state) if improving else model.moves(actor, state)
            for target in targets.tolist():
                reached = (target, actor)
                if reached not in seen:
                    seen.add(reached)
                    pending.append(reached)
                    yield reached, pair


def shortest_sequence(
    model: Model, start: int, movers: Iterable[int], accept: Callable[[int], bool], *, improving: bool
) -> tuple[Step, ...] | None:
    """Return the shortest sequence of at least one move that ends in an accepted state, or None."""
    came_from: dict[tuple[int, int], tuple[int, int] | None] = {}
    for pair, before in sequences(model, start, movers, improving=improving):
        came_from[pair] = before
        if before is not None and accept(pair[0]):
            return trace(pair, came_from)
    return None


def trace(pair: tuple[int, int], came_from: dict[tuple[int, int], tuple[int, int] | None]) -> tuple[Step, ...]:
    """Follow the pairs back to the start and return the steps in order."""
    steps: list[Step] = []
    before = came_from[pair]
    while before is not None:
        steps.append(Step(actor=pair[1], origin=before[0], target=pair[0]))
        pair, before = before, came_from[before]
    return tuple(reversed(steps))


def opponents(model: Model, actor: int) -> tuple[int, ...]:
    """Return everybody else."""
    return tuple(other for other in range(len(model.actors)) if other != actor)
