"""Moves listed as arcs, in NumPy: own maxima and opponents' closures that honour the no-succession rule.

``Arcs`` is also what the fibre kernels fall back on: its label setting bounds every closure by the number of
arcs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from .game import ArcGame, Ints, Longs
from .progress import Monitor
from .settle import settle

LARGEST = np.iinfo(np.int32).max
SMALLEST = np.iinfo(np.int32).min

Rows = tuple[Longs, Ints]
"""Arcs in compressed rows: (indptr, indices)."""


class ArcNumpy:
    """The moves of a general graph (Fang, Hipel and Kilgour, 1993, ch. 2)."""

    def __init__(self, game: ArcGame, monitor: Monitor) -> None:
        self._game = game
        self._monitor = monitor
        self._improving: dict[int, Rows] = {}

    def best_own(self, actor: int, values: Ints) -> Ints:
        """Greatest value among each state and the actor's moves from it. O(arcs)."""
        rows = (self._game.indptr[actor], self._game.indices[actor])
        return np.maximum(values, ~least_in_rows(rows, ~values))

    def worst_answer(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        """Least value among each state and all that the opponents reach. O(rounds x arcs), bounded."""
        rows = [self._rows(other, improving) for other in range(self._game.actors) if other != actor]
        return arc_closure([row for row in rows if row[1].size], values, self._monitor)

    def _rows(self, actor: int, improving: bool) -> Rows:
        if not improving:
            return self._game.indptr[actor], self._game.indices[actor]
        if actor not in self._improving:
            self._improving[actor] = improving_rows(self._game, actor)
        return self._improving[actor]


def improving_rows(game: ArcGame, actor: int) -> Rows:
    """Return the actor's arcs that lead to a state it strictly prefers. O(arcs)."""
    utility, pointer, targets = game.utilities[actor], game.indptr[actor], game.indices[actor]
    leaving = np.repeat(np.arange(game.states), np.diff(pointer))
    kept = utility[targets] > utility[leaving]
    counts = np.zeros(game.states + 1, dtype=np.int64)
    counts[1:] = np.bincount(leaving[kept], minlength=game.states)
    return np.cumsum(counts), targets[kept]


def least_in_rows(rows: Rows, values: Ints) -> Ints:
    """Return the least value over each row's targets; the largest int32 where a row is empty."""
    pointer, targets = rows
    least = np.full(pointer.size - 1, LARGEST, dtype=np.int32)
    filled = np.flatnonzero(np.diff(pointer))
    if filled.size:
        least[filled] = np.minimum.reduceat(values[targets], pointer[filled])
    return least


def arc_closure(opponents: Sequence[Rows], values: Ints, monitor: Monitor) -> Ints:
    """Return the least value among each state and what the opponents reach, no one twice in succession.

    Let V_k(s) be the least value reached from s when k moves first. Then V_k(s) is the least, over k's
    moves t from s, of the value at t and of V_l(t) for l other than k: a fix-point of n - 1 arrays.
    """
    first = [np.full(values.size, LARGEST, dtype=np.int32) for _ in opponents]

    def after(mover: int) -> Ints:
        least = values
        for other, reached in enumerate(first):
            if other != mover:
                least = np.minimum(least, reached)
        return least

    def step(mover: int) -> bool:
        lowered = least_in_rows(opponents[mover], after(mover))
        changed = not np.array_equal(lowered, first[mover])
        first[mover] = lowered
        return changed

    steps = [partial(step, mover) for mover in range(len(opponents))]
    if settle(steps, monitor):
        return np.array(after(-1))
    return label_arcs([reversed_rows(rows) for rows in opponents], values, monitor)


def reversed_rows(rows: Rows) -> Rows:
    """Return the same arcs by the state they enter. O(arcs log arcs)."""
    pointer, targets = rows
    leaving = np.repeat(np.arange(pointer.size - 1, dtype=np.int32), np.diff(pointer))
    order = np.argsort(targets, kind="stable")
    counts = np.zeros_like(pointer)
    counts[1:] = np.bincount(targets, minlength=pointer.size - 1)
    return np.cumsum(counts), leaving[order]


def label_arcs(entering: Sequence[Rows], values: Ints, monitor: Monitor) -> Ints:
    """Label states by reverse search from the lowest value upwards; the slow but bounded twin of the steps.

    A state is first reached (backwards) by a move of one opponent k, which leaves the other opponents' moves
    into it to follow; the first arrival by another opponent opens k's. So each arc is looked at once:
    O(arcs + states log states), in Python.
    """
    least: list[int | None] = [None] * values.size
    closed: list[int | None] = [None] * values.size  # the one opponent whose moves into the state are not followed
    movers = range(len(entering))
    pointers = [pointer.tolist() for pointer, _ in entering]
    leavers = [leaving.tolist() for _, leaving in entering]
    for turn, source in enumerate(_ascending(values)):
        if turn % 1024 == 0:
            monitor.beat()
        value = int(values[source])
        stack = [(source, -1)]
        while stack:
            state, mover = stack.pop()
            if least[state] is None:
                least[state] = value
                closed[state] = None if mover < 0 else mover
                follow = [other for other in movers if other != mover]
            else:
                waiting = closed[state]
                if waiting is None or waiting == mover:
                    continue
                closed[state], follow = None, [waiting]
            for other in follow:
                rows = pointers[other]
                stack.extend((left, other) for left in leavers[other][rows[state] : rows[state + 1]])
    return np.array(least, dtype=np.int32)


def _ascending(values: Ints) -> list[int]:
    order: NDArray[np.intp] = np.argsort(values, kind="stable")
    return [int(state) for state in order]
