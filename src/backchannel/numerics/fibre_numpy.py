"""Option-form moves as reductions along fibres, in NumPy.

Used where no option's ``final`` or ``frozen`` changes along its own actor's fibres: then every actor's moves are
transitive, two moves of one actor in succession are one move (or none), and the rule against them does not
matter. One actor's moves from all states are then one reduction per own option: over all levels where the
option is free, over the levels not below where it is final, none where it is frozen. Infeasible cells carry the
neutral element: a single move passes over them, none ends there.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from .arc_numpy import LARGEST, label_arcs, least_in_rows, reversed_rows
from .fixpoint import Step, settle
from .game import Bools, Ints, OptionGame
from .moves import Axis, Restriction, arcs, axes
from .progress import Monitor


class FibreNumpy:
    """Moves of an option game (Fraser and Hipel, 1984) with transitive moves."""

    def __init__(self, game: OptionGame, rules: tuple[Restriction | None, ...], monitor: Monitor) -> None:
        self._game = game
        self._rules = rules
        self._monitor = monitor
        self._blocked = None if game.feasible is None else ~game.feasible
        self._axes = tuple(axes(game, actor, rule) for actor, rule in enumerate(rules))
        self._improvements: dict[int, Improvements] = {}

    def best_own(self, actor: int, values: Ints) -> Ints:
        """Greatest value among each state and the actor's moves from it. O(states x own options)."""
        flipped = self._masked(~values)
        self._lower_moves(actor, flipped)
        return np.asarray(~flipped)

    def worst_answer(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        """Least value among each state and all that the opponents reach from it. O(rounds x states), bounded."""
        current = self._masked(values.copy())
        others = [j for j in range(self._game.actors) if j != actor and self._game.fibres[j][1] > 1]
        step = self._improving_step if improving else self._moving_step
        steps: list[Step] = [partial(step, other, current) for other in others]
        if settle(steps, self._monitor):
            return current
        entering = [reversed_rows(arcs(self._game, other, improving=improving)) for other in others]
        return label_arcs(entering, current, self._monitor)

    def _moving_step(self, actor: int, current: Ints) -> bool:
        before = current.copy()
        self._lower_moves(actor, current)
        self._masked(current)
        return not np.array_equal(before, current)

    def _improving_step(self, actor: int, current: Ints) -> bool:
        if actor not in self._improvements:
            self._improvements[actor] = improvements(self._game, actor, self._rules[actor])
        lowered = self._improvements[actor].least(current)
        changed = bool(np.any(lowered < current))
        np.minimum(current, lowered, out=current)
        return changed

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
    held = (bits & axis.guard) != 0
    return held.reshape(box.shape) if held.size > 1 else held.reshape(1, 1, 1)


class Improvements:
    """One actor's improvements, prepared for repeated minima over them."""

    def least(self, values: Ints) -> Ints:
        """Return, per state, the least value over the actor's improvements from it."""
        raise NotImplementedError


class ListedImprovements(Improvements):
    """Improvements as arcs: for actors with final or frozen options."""

    def __init__(self, game: OptionGame, actor: int) -> None:
        self._rows = arcs(game, actor, improving=True)

    def least(self, values: Ints) -> Ints:
        """Return the least value over each state's improvements. O(improvements)."""
        return least_in_rows(self._rows, values)


class SortedImprovements(Improvements):
    """Improvements within fibres sorted by the actor's utility: for actors free to move both ways.

    A state's improvements are the states before its group of ties, so their minimum is a running one.
    """

    def __init__(self, game: OptionGame, actor: int) -> None:
        outer, own, inner = game.fibres[actor]
        cells = np.arange(game.states).reshape(outer, own, inner).swapaxes(1, 2).reshape(-1, own)
        worst_first = game.utilities[actor] if game.feasible is None else self._infeasible_best(game, actor)
        falling = ~worst_first[cells]  # ~ reverses the order of integers without overflow
        order = np.argsort(falling, axis=1)
        self._cells = np.take_along_axis(cells, order, axis=1)
        ranked = np.take_along_axis(falling, order, axis=1)
        starts = np.zeros(cells.shape, dtype=np.intp)
        starts[:, 1:] = np.where(ranked[:, 1:] != ranked[:, :-1], np.arange(1, own), 0)
        self._before = np.maximum.accumulate(starts, axis=1) + np.arange(len(cells))[:, None] * (own + 1)

    def least(self, values: Ints) -> Ints:
        """Return the least value over each state's improvements. O(states)."""
        rows, own = self._cells.shape
        running = np.full((rows, own + 1), LARGEST, dtype=np.int32)
        np.minimum.accumulate(values[self._cells], axis=1, out=running[:, 1:])
        least = np.empty_like(values)
        least[self._cells] = running.ravel()[self._before]
        return least

    @staticmethod
    def _infeasible_best(game: OptionGame, actor: int) -> Ints:
        """Utilities with infeasible cells on top, where they improve on nothing and carry no value."""
        return np.where(game.feasible, game.utilities[actor], np.int32(LARGEST)).astype(np.int32)


def improvements(game: OptionGame, actor: int, rule: Restriction | None) -> Improvements:
    """Return the actor's improvements in the form that suits its moves."""
    return SortedImprovements(game, actor) if rule is None else ListedImprovements(game, actor)
