"""Label setting with compiled kernels: option games and general graphs whose moves need not be transitive.

Also what the fibre closures fall back on when they take too many rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import label_kernels, listing_kernels
from .arc_numpy import ArcNumpy
from .compact import possible_improvements
from .game import ArcGame, Ints, Longs, OptionGame
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
    return rule.packed.copy(), rule.guard, rule.low, final, frozen, int(final.size > 1)


class Labels:
    """Moves of an option game, cell by cell; honours the rule against moving twice in succession."""

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
        owns, inners = (np.array([self._game.fibres[j][axis] for j in others], dtype=np.int64) for axis in (1, 2))
        order = np.argsort(values)
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
        pairs = [(NONE, NONE) if rule is None else np.broadcast_arrays(rule.final, rule.frozen) for rule in rules]
        return (
            *_end_to_end(packed),
            np.array([0 if rule is None else rule.guard for rule in rules], dtype=np.int64),
            np.array([0 if rule is None else rule.low for rule in rules], dtype=np.int64),
            _end_to_end([final for final, _ in pairs])[0],
            *_end_to_end([frozen for _, frozen in pairs]),
            np.array([final.size > 1 for final, _ in pairs], dtype=np.int64),
        )


class ArcNumba(ArcNumpy):
    """The moves of a general graph (Fang, Hipel and Kilgour, 1993, ch. 2), compiled closures.

    Where the moves are known to be transitive, ``succession=False`` saves the second visit of each state.
    """

    def __init__(self, game: ArcGame, monitor: Monitor, *, succession: bool = True) -> None:
        super().__init__(game, monitor)
        self._succession = succession
        self._entering: dict[bool, tuple[Longs, Ints]] = {}
        self._lock = Lock()

    def best_own(self, actor: int, values: Ints) -> Ints:
        """Greatest value among each state and the actor's moves from it. O(arcs)."""
        return listing_kernels.greatest_in_rows(self._game.indptr[actor], self._game.indices[actor], values)

    def worst_answer(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        """Least value among each state and all that the opponents reach. O(arcs + states log states)."""
        with self._lock:
            if improving not in self._entering:
                self._entering[improving] = self._reversed(improving)
        tables = (*self._entering[improving], self._game.actors, self._succession, actor)
        return _label(label_kernels.label_arcs, np.argsort(values), values, BUDGET >> 4, tables, self._monitor)

    def _reversed(self, improving: bool) -> tuple[Longs, Ints]:
        """List all moves, or improvements, by state entered and mover: (starts, states left)."""
        game = self._game
        starts = np.zeros(game.states * game.actors + 1, dtype=np.int64)
        entering = starts[1:].reshape(game.states, game.actors)
        rows = list(zip(range(game.actors), game.indptr, game.indices, game.utilities, strict=True))
        for actor, pointer, targets, utility in rows:
            listing_kernels.count_entering(entering, actor, pointer, targets, utility, improving)
        np.cumsum(starts, out=starts)
        free = starts[:-1].copy().reshape(entering.shape)
        leaving = np.empty(int(starts[-1]), dtype=np.int32)
        for actor, pointer, targets, utility in rows:
            listing_kernels.fill_entering(free, leaving, actor, pointer, targets, utility, improving)
        return starts, leaving


def list_moves(game: OptionGame, actor: int, rule: Restriction | None, number: Ints) -> tuple[Longs, Ints]:
    """List an actor's moves between feasible states, compiled; the twin of :func:`.compact.list_moves`."""
    _, own, inner = game.fibres[actor]
    most = 2 * possible_improvements(game, actor)
    tables = flat_rule(rule, own)
    return listing_kernels.list_moves(number, game.utilities[actor], False, own, inner, *tables, most)


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
