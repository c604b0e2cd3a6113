"""Option-form moves along fibres with compiled kernels: the fast twin of :mod:`.fibre_numpy`."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from . import fibre_kernels, listing_kernels
from .compact import possible_improvements
from .fibre_kernels import FINAL, FREE, FROZEN
from .fibre_numpy import FibreNumpy, Improvements, SortedImprovements
from .game import Ints, Longs, OptionGame
from .label_numba import Labels, flat_rule
from .moves import Axis, Restriction, packed_permits, packing
from .progress import Monitor

WIDE = 512
"""Own profiles from which sorted fibres beat comparing all pairs in them."""

PAIRS = 1 << 32
"""Pairs of cells compared between two chances to stop."""


class FibreNumba(FibreNumpy):
    """Moves of an option game (Fraser and Hipel, 1984) with transitive moves, compiled."""

    def __init__(self, game: OptionGame, rules: tuple[Restriction | None, ...], monitor: Monitor) -> None:
        super().__init__(game, rules, monitor)
        self._mask = np.zeros(0, dtype=np.bool_) if game.feasible is None else game.feasible
        self._modes = tuple(self._modes_of(actor) for actor in range(game.actors))

    def _masked(self, values: Ints) -> Ints:
        if self._mask.size:
            fibre_kernels.fill_infeasible(values, self._mask)
        return values

    def _label(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        labels = Labels(self._game, self._rules, self._monitor, succession=False)
        return labels.worst_answer(actor, values, improving=improving)

    def _moving_step(self, actor: int, current: Ints) -> bool:
        outer, own, inner = self._game.fibres[actor]
        if self._rules[actor] is not None:
            return fibre_kernels.lower_limited(current, self._mask, own, inner, *self._modes[actor])
        if inner == 1:
            mask = self._mask.reshape((outer, own) if self._mask.size else (0, 0))
            return fibre_kernels.lower_free_rows(current.reshape(outer, own), mask)
        box = self._mask.reshape((outer, own, inner) if self._mask.size else (0, 0, 0))
        return fibre_kernels.lower_free(current.reshape(outer, own, inner), box)

    def _lower_moves(self, actor: int, values: Ints) -> None:
        self._moving_step(actor, values)

    def _prepare(self, actor: int) -> Improvements:
        rule = self._rules[actor]
        if rule is not None and max(rule.final.size, rule.frozen.size) > 1:
            return CompiledList(self._game, actor, rule)
        if rule is None and self._game.fibres[actor][1] >= WIDE:
            return SortedImprovements(self._game, actor, self._monitor)
        return AllPairs(self._game, actor, rule, self._monitor)

    def _modes_of(self, actor: int) -> tuple[Longs, Longs, NDArray[np.int8]]:
        """Return lengths and strides of the actor's axes, and how each fibre may be moved along them."""
        outer, own, inner = self._game.fibres[actor]
        rule, found = self._rules[actor], self._axes[actor]
        rows = [] if rule is None else [_axis_modes(axis, rule, (outer, own, inner)) for axis in found]
        width = max((row.size for row in rows), default=1)
        return (
            np.array([axis.length for axis in found], dtype=np.int64),
            np.array([axis.stride for axis in found], dtype=np.int64),
            np.array([np.broadcast_to(row, width) for row in rows], dtype=np.int8).reshape(-1, width),
        )


def _axis_modes(axis: Axis, rule: Restriction, shape: tuple[int, int, int]) -> NDArray[np.int8]:
    final, frozen = (
        (bits.reshape(shape)[:, 0].ravel() if bits.size > 1 else bits) & axis.guard
        for bits in (rule.final, rule.frozen)
    )
    return np.where(frozen != 0, FROZEN, np.where(final != 0, FINAL, FREE)).astype(np.int8)


class CompiledList:
    """Improvements listed one by one: where final and frozen options differ from fibre to fibre."""

    def __init__(self, game: OptionGame, actor: int, rule: Restriction) -> None:
        _, own, inner = game.fibres[actor]
        number = np.arange(game.states, dtype=np.int32)
        if game.feasible is not None:
            number[~game.feasible] = -1
        self._states = number[number >= 0]
        self._rows = listing_kernels.list_moves(
            number, game.utilities[actor], True, own, inner,
            *flat_rule(rule, own), possible_improvements(game, actor),
        )  # fmt: skip

    def lower(self, values: Ints) -> bool:
        """Take the minimum over each state's list. O(improvements)."""
        return fibre_kernels.lower_listed(values, self._states, *self._rows)


class AllPairs:
    """Improvements found by comparing all permitted pairs within fibres, many fibres at once."""

    def __init__(self, game: OptionGame, actor: int, rule: Restriction | None, monitor: Monitor) -> None:
        self._utility = game.utilities[actor]
        self._mask = np.zeros(0, dtype=np.bool_) if game.feasible is None else game.feasible
        _, own, self._inner = game.fibres[actor]
        self._fibres = game.states // own
        self._monitor = monitor
        step = max(1, PAIRS // own**2 // fibre_kernels.LANES)
        self._stride = step * fibre_kernels.LANES
        levels = tuple(game.levels[option] for option in game.options_of(actor))
        limits = (0, 0) if rule is None else (int(rule.final[0]), int(rule.frozen[0]))
        self._template = _permitted(levels, *limits)

    def lower(self, values: Ints) -> bool:
        """Compare pairs within fibres. O(states x own profiles), many states to an instruction."""
        changed = False
        for first in range(0, self._fibres, self._stride):
            last = min(first + self._stride, self._fibres)
            changed |= fibre_kernels.lower_improving(
                values, self._utility, self._mask, first, last, self._inner, *self._template
            )
            self._monitor.beat()
        return changed


@lru_cache(maxsize=64)
def _permitted(levels: tuple[int, ...], final: int, frozen: int) -> tuple[Longs, Ints]:
    """Return the moves between own profiles that fixed limits permit, in compressed rows."""
    packed, guards, low = packing(levels)
    own = np.arange(packed.size)
    permitted = packed_permits(packed[:, None], packed, sum(guards), low, final, frozen)
    permitted[own, own] = False
    starts = np.zeros(own.size + 1, dtype=np.int64)
    np.cumsum(permitted.sum(axis=1), out=starts[1:])
    return starts, np.nonzero(permitted)[1].astype(np.int32)
