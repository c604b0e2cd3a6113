"""Option-form moves as reductions along fibres, in NumPy.

Used where no option's ``final`` or ``frozen`` changes along its own actor's fibres: then every actor's
moves are transitive, two moves of one actor in succession are one move (or none), and the rule against them
does not matter. One actor's moves from all states are then one reduction per own option: over all levels
where the option is free, over the levels not below where it is final, none where it is frozen. Infeasible
cells carry the neutral element: a single move passes over them, none ends there.
"""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .arc_numpy import LARGEST, label_arcs, least_in_rows, reversed_rows
from .game import Bools, Ints, OptionGame
from .moves import Axis, Restriction, arcs, axes
from .progress import Monitor
from .settle import Step, settle

SORTED = 1 << 22
"""Cells sorted between two chances to stop."""


class Improvements(Protocol):
    """One actor's improvements, prepared for repeated minima over them."""

    def lower(self, values: Ints) -> bool:
        """Lower each state to the least value among itself and the improvements; report any change."""
        ...


class FibreNumpy:
    """Moves of an option game (Fraser and Hipel, 1984) with transitive moves."""

    def __init__(self, game: OptionGame, rules: tuple[Restriction | None, ...], monitor: Monitor) -> None:
        self._game = game
        self._rules = rules
        self._monitor = monitor
        self._blocked = None if game.feasible is None else ~game.feasible
        self._axes = tuple(axes(game, actor, rule) for actor, rule in enumerate(rules))
        self._improvements: dict[int, Improvements] = {}
        self._lock = Lock()

    def best_own(self, actor: int, values: Ints) -> Ints:
        """Greatest value among each state and the actor's moves from it. O(states x own options)."""
        flipped = self._masked(~values)
        self._lower_moves(actor, flipped)
        return np.invert(flipped, out=flipped)

    def worst_answer(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        """Least value among each state and all that the opponents reach. O(rounds x states), bounded."""
        current = self._masked(values.copy())
        others = [j for j in range(self._game.actors) if j != actor and self._game.fibres[j][1] > 1]
        step = self._improving_step if improving else self._moving_step
        steps: list[Step] = [partial(step, other, current) for other in others]
        return current if settle(steps, self._monitor) else self._label(actor, current, improving=improving)

    def _label(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        """Finish a closure that takes too many rounds."""
        others = [other for other in range(self._game.actors) if other != actor]
        entering = [reversed_rows(arcs(self._game, other, self._rules[other], improving=improving)) for other in others]
        return label_arcs(entering, values, self._monitor)

    def _moving_step(self, actor: int, current: Ints) -> bool:
        before = current.copy()
        self._lower_moves(actor, current)
        self._masked(current)
        return not np.array_equal(before, current)

    def _improving_step(self, actor: int, current: Ints) -> bool:
        with self._lock:
            if actor not in self._improvements:
                self._improvements[actor] = self._prepare(actor)
        return self._improvements[actor].lower(current)

    def _prepare(self, actor: int) -> Improvements:
        if self._rules[actor] is None:
            return SortedImprovements(self._game, actor, self._monitor)
        return ListedImprovements(self._game, actor, self._rules[actor])

    def _masked(self, values: Ints) -> Ints:
        """Put the neutral element of a minimum on infeasible cells, in place."""
        if self._blocked is not None:
            np.putmask(values, self._blocked, np.int32(LARGEST))
        return values

    def _lower_moves(self, actor: int, values: Ints) -> None:
        """Lower each cell to the least value among itself and the actor's moves from it, in place."""
        for axis in self._axes[actor]:
            outer, own, inner = self._game.fibres[actor]
            blocks = own // (axis.length * axis.stride)
            box = values.reshape(outer * blocks, axis.length, axis.stride * inner)
            rule = self._rules[actor]
            if rule is None or axis.guard == 0:
                box[:] = _least_of_levels(box)[:, None]
            else:
                _lower_limited(box, rule, axis)


def _least_of_levels(box: Ints) -> Ints:
    """Minimum over the middle axis; level by level where it is short, which NumPy does faster."""
    if box.shape[1] > 16:
        return np.asarray(box.min(axis=1))
    least = box[:, 0].copy()
    for level in range(1, box.shape[1]):
        np.minimum(least, box[:, level], out=least)
    return least


def _lower_limited(box: Ints, rule: Restriction, axis: Axis) -> None:
    """Lower along one option that is final or frozen somewhere: ``box`` is (blocks, levels, rest)."""
    final, frozen = _where(rule.final, axis, box), _where(rule.frozen, axis, box)
    kept = box.copy()
    lowest = _least_of_levels(box)[:, None]
    for level in range(axis.length - 2, -1, -1):  # no lower level: the least of the levels from here upwards
        np.minimum(box[:, level], box[:, level + 1], out=box[:, level])
    np.copyto(box, lowest, where=~final)
    np.copyto(box, kept, where=frozen)


def _where(bits: NDArray[np.int64], axis: Axis, box: Ints) -> Bools:
    held = np.asarray((bits & axis.guard) != 0)
    return held.reshape(box.shape) if held.size > 1 else held.reshape(1, 1, 1)


class ListedImprovements:
    """Improvements as arcs: for actors with final or frozen options."""

    def __init__(self, game: OptionGame, actor: int, rule: Restriction | None) -> None:
        self._rows = arcs(game, actor, rule, improving=True)

    def lower(self, values: Ints) -> bool:
        """Take the minimum over each state's arcs. O(improvements)."""
        return _lower(values, least_in_rows(self._rows, values))


class SortedImprovements:
    """Improvements within fibres sorted by the actor's utility: for actors free to move both ways.

    A state's improvements are the states before its group of ties, so their minimum is a running one.
    """

    def __init__(self, game: OptionGame, actor: int, monitor: Monitor) -> None:
        outer, own, inner = game.fibres[actor]
        self._cells = np.arange(game.states).reshape(outer, own, inner).swapaxes(1, 2).reshape(-1, own)
        self._before = np.zeros(self._cells.shape, dtype=np.intp)
        worst_first = game.utilities[actor]
        if game.feasible is not None:  # infeasible cells on top: they improve on nothing and carry no value
            worst_first = np.where(game.feasible, worst_first, np.int32(LARGEST))
        rows = max(1, SORTED // own)
        for start in range(0, outer * inner, rows):
            self._sort(slice(start, start + rows), worst_first)
            monitor.beat()

    def _sort(self, rows: slice, worst_first: Ints) -> None:
        """Put the cells of these fibres best first, and find where each group of ties starts."""
        cells = self._cells[rows]
        own = cells.shape[1]
        falling = ~worst_first[cells]  # ~ reverses the order of integers without overflow
        order = np.argsort(falling, axis=1)
        self._cells[rows] = np.take_along_axis(cells, order, axis=1)
        ranked = np.take_along_axis(falling, order, axis=1)
        starts = np.zeros(cells.shape, dtype=np.intp)
        starts[:, 1:] = np.where(ranked[:, 1:] != ranked[:, :-1], np.arange(1, own), 0)
        first = np.arange(rows.start, rows.start + len(cells)) * (own + 1)
        self._before[rows] = np.maximum.accumulate(starts, axis=1) + first[:, None]

    def lower(self, values: Ints) -> bool:
        """Take running minima along the sorted fibres. O(states)."""
        rows, own = self._cells.shape
        running = np.full((rows, own + 1), LARGEST, dtype=np.int32)
        np.minimum.accumulate(values[self._cells], axis=1, out=running[:, 1:])
        least = np.empty_like(values)
        least[self._cells] = running.ravel()[self._before]
        return _lower(values, least)


def _lower(values: Ints, least: Ints) -> bool:
    changed = bool(np.any(least < values))
    np.minimum(values, least, out=values)
    return changed
