"""One state of a crisis too large to write out, judged for every actor: nothing is listed but what is looked at."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Literal

from backchannel.model.box_moves import Pulse, improvements, least_improvement
from backchannel.model.boxes import moved
from backchannel.model.symbolic import SymbolicModel

Point = tuple[int, ...]
Answer = Literal["stable", "unstable", "undecided"]

MOST_PAIRS = 20_000
"""(State, last mover) pairs reached in the search for one answer before it is given up."""


@dataclass(frozen=True)
class PointStep:
    """One move: who, from which state, to which."""

    actor: int
    origin: Point
    target: Point


@dataclass(frozen=True)
class Judgement:
    """What is found of a state for one actor.

    Parameters
    ----------
    actor
        The actor.
    answer
        Its verdict; ``undecided`` where a search was given up and no improvement is proved to go unanswered.
    improvement
        The improvement that nothing answers; else one that could not be decided; else the first that is answered;
        None if the actor has none.
    sanction
        The opponents' improvements that take the gain of an answered improvement away.
    others
        Further improvements that are answered.
    """

    actor: int
    answer: Answer
    improvement: PointStep | None = None
    sanction: tuple[PointStep, ...] = ()
    others: int = 0


def judge_nash(model: SymbolicModel, point: Point, actor: int, pulse: Pulse) -> Judgement:
    """Judge a state for an actor by Nash stability. Cost: one branch and bound over its options."""
    change = least_improvement(model, point, actor, pulse)
    if change is None:
        return Judgement(actor, "stable")
    return Judgement(actor, "unstable", PointStep(actor, point, tuple(moved(point, change))))


def judge_seq(model: SymbolicModel, point: Point, actor: int, pulse: Pulse, most: int = MOST_PAIRS) -> Judgement:
    """Judge a state for an actor by sequential stability (Fraser and Hipel, 1979), from the definition.

    Every improvement of the actor is tried until one proves to go unanswered.

    Cost: one best-first search for each improvement, over at most ``most`` (state, last mover) pairs.
    """
    floor = model.wants[actor].score(point)
    answered: list[tuple[PointStep, tuple[PointStep, ...]]] = []
    undecided: PointStep | None = None
    for change in improvements(model, point, actor, model.owned[actor], pulse):
        step = PointStep(actor, point, tuple(moved(point, change)))
        sanction = _sanction(model, step.target, actor, floor, pulse, most)
        if sanction is None:
            return Judgement(actor, "unstable", step)
        if sanction:
            answered.append((step, sanction))
        else:
            undecided = undecided or step
    if undecided is not None:
        return Judgement(actor, "undecided", undecided)
    if not answered:
        return Judgement(actor, "stable")
    return Judgement(actor, "stable", *answered[0], len(answered) - 1)


def _sanction(
    model: SymbolicModel, start: Point, actor: int, floor: int, pulse: Pulse, most: int
) -> tuple[PointStep, ...] | None:
    """Return opponents' improvements that leave the actor no better than ``floor``; None if there are none.

    Nobody moves twice in succession. The state that is worst for the actor is looked at first. An empty answer
    means that ``most`` pairs were reached without a decision.
    """
    want = model.wants[actor]
    opponents = [other for other in range(len(model.owned)) if other != actor]
    first = (start, -1)
    came_from: dict[tuple[Point, int], tuple[Point, int]] = {}
    heap = [(want.score(start), 0, first)]
    while heap:
        pair = heapq.heappop(heap)[2]
        for mover in opponents:
            if mover == pair[1]:
                continue
            for change in improvements(model, pair[0], mover, model.owned[mover], pulse):
                reached = (tuple(moved(pair[0], change)), mover)
                if reached in came_from:
                    continue
                came_from[reached] = pair
                score = want.score(reached[0])
                if score <= floor:
                    return _trace(reached, came_from)
                if len(came_from) >= most:
                    return ()
                heapq.heappush(heap, (score, len(came_from), reached))
    return None


def _trace(pair: tuple[Point, int], came_from: dict[tuple[Point, int], tuple[Point, int]]) -> tuple[PointStep, ...]:
    steps: list[PointStep] = []
    while pair in came_from:
        before = came_from[pair]
        steps.append(PointStep(pair[1], before[0], pair[0]))
        pair = before
    return tuple(reversed(steps))
