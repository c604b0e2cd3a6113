"""Label setting with compiled kernels: option games and general graphs whose moves need not be transitive.

Also what the fibre closures fall back on when they take too many rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import label_kernels, listing_kernels
from .arc_numpy import ArcNumpy, reversed_rows
from .game import ArcGame, Ints, OptionGame
from .moves import Restriction
from .progress import Monitor

BUDGET = 1 << 26
"""Cells looked at between two chances to stop."""

NONE = np.zeros(1, dtype=np.int64)


def flat_rule(rule: Restriction | None, own: int) -> tuple[NDArray[Any], int, int, NDArray[Any], NDArray[Any], int]:
    """Return packed, guard, low, final, frozen, step: what the listing kernels ask of an actor's limits."""
    if rule is None:
        return np.zeros(own, dtype=np.int64), 0, 0, NONE, NONE, 0
    final, frozen = (np.ascontiguousarray(bits) for bits in np.broadcast_arrays(rule.final, rule.frozen))
    return rule.packed, rule.guard, rule.low, final, frozen, int(final.size > 1)


class Labels:
    """Moves of an option game, enumerated cell by cell; honours the rule against moving twice in succession."""

    def __init__(
        self, game: OptionGame, rules: tuple[Restriction | None, ...], monitor: Monitor, *, succession: bool
    ) -> None:
        self._game = game
        self._rules = rules
        self._monitor = monitor
        self._succession = succession
        self._mask = np.zeros(0, dtype=np.bool_) if game.feasible is None else game.feasible

    def best_own(self, actor: int, values: Ints) -> Ints:
        """Greatest value among each state and the actor's moves from it. O(states x own profiles)."""
        _, own, inner = self._game.fibres[actor]
        tables = flat_rule(self._rules[actor], own)
        return listing_kernels.greatest_own(values, self._mask, own, inner, *tables)

    def worst_answer(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        """Least value among each state and all that the opponents reach from it. O(states x own profiles)."""
        others = [j for j in range(self._game.actors) if j != actor and self._game.fibres[j][1] > 1]
        owns, inners = (
            np.array([self._game.fibres[j][axis] for j in others], dtype=np.int64) for axis in (1, 2)
        )
        order = np.argsort(values, kind="stable")
        if self._game.feasible is not None:
            order = order[self._game.feasible[order]]
        tables = (
            self._mask, self._game.utilities[others], improving, self._succession,
            owns, inners, *self._finished(others), *self._limits(others),
        )  # fmt: skip
        budget = max(1, BUDGET // max(1, int(owns.sum())))
        return _label(label_kernels.label_fibres, order, values, budget, tables, self._monitor)

    def _finished(self, others: list[int]) -> tuple[NDArray[Any], ...]:
        """Which opponents are limited, and a mark per fibre of each for "all its cells are labelled"."""
        limited = np.array([self._rules[j] is not None for j in others], dtype=np.bool_)
        counts = [self._game.states // self._game.fibres[j][1] for j in others]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return limited, np.zeros(int(starts[-1]), dtype=np.bool_), starts

    def _limits(self, others: list[int]) -> tuple[NDArray[Any], ...]:
        """Packed tables of the opponents, end to end."""
        rules = [self._rules[j] for j in others]
        packed = [NONE if rule is None else rule.packed for rule in rules]
        pairs = [
            (NONE, NONE) if rule is None else np.broadcast_arrays(rule.final, rule.frozen) for rule in rules
        ]
        return (
            *_end_to_end(packed),
            np.array([0 if rule is None else rule.guard for rule in rules], dtype=np.int64),
            np.array([0 if rule is None else rule.low for rule in rules], dtype=np.int64),
            _end_to_end([final for final, _ in pairs])[0],
            *_end_to_end([frozen for _, frozen in pairs]),
            np.array([final.size > 1 for final, _ in pairs], dtype=np.int64),
        )


class ArcNumba(ArcNumpy):
    """The moves of a general graph (Fang, Hipel and Kilgour, 1993, ch. 2), compiled closures."""

    def __init__(self, game: ArcGame, monitor: Monitor) -> None:
        super().__init__(game, monitor)
        self._entering: dict[tuple[int, bool], tuple[NDArray[np.int64], Ints]] = {}

    def worst_answer(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        """Least value among each state and all that the opponents reach from it. O(arcs + states log states)."""
        rows = [self._reversed(other, improving) for other in range(self._game.actors) if other != actor]
        shifts = np.cumsum([0, *(leaving.size for _, leaving in rows)])
        pointers = np.zeros((len(rows), self._game.states + 1), dtype=np.int64)
        for place, (pointer, _) in enumerate(rows):
            pointers[place] = pointer + shifts[place]
        leavers = np.concatenate([np.zeros(0, dtype=np.int32), *(leaving for _, leaving in rows)])
        order = np.argsort(values, kind="stable")
        return _label(label_kernels.label_arcs, order, values, BUDGET >> 4, (pointers, leavers), self._monitor)

    def _reversed(self, actor: int, improving: bool) -> tuple[NDArray[np.int64], Ints]:
        key = (actor, improving)
        if key not in self._entering:
            self._entering[key] = reversed_rows(self._rows(actor, improving))
        return self._entering[key]


def _label(
    kernel: Callable[..., None],
    order: NDArray[np.intp],
    values: Ints,
    budget: int,
    tables: tuple[object, ...],
    monitor: Monitor,
) -> Ints:
    """Run a label-setting kernel to its end, a budget at a time."""
    least = values.copy()
    shut = np.full(values.size, label_kernels.UNSEEN, dtype=np.int16)
    stack = np.empty(2 * values.size, dtype=np.int32)
    what = np.empty(2 * values.size, dtype=np.int16)
    cursor = np.zeros(2, dtype=np.int64)
    while cursor[0] < order.size or cursor[1] > 0:
        kernel(order, cursor, budget, values, least, shut, stack, what, *tables)
        monitor.beat()
    return least


def _end_to_end(tables: list[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    starts = np.cumsum([0, *(table.size for table in tables)]).astype(np.int64)
    return np.concatenate([NONE[:0], *tables]), starts
