"""Option-form moves along fibres with compiled kernels: the fast twin of :mod:`.fibre_numpy`."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from . import fibre_kernels, listing_kernels
from .fibre_kernels import FINAL, FREE, FROZEN
from .fibre_numpy import FibreNumpy, Improvements, SortedImprovements
from .game import Ints, Longs, OptionGame
from .label_numba import Labels, flat_rule
from .moves import Restriction
from .progress import Monitor

WIDE = 512
"""Own profiles from which sorted fibres beat comparing all pairs in them."""

PAIRS = 1 << 32
"""Pairs of cells compared between two chances to stop."""

LISTABLE = 1 << 28
"""Improvements that may be listed one by one; beyond, label setting does without the list."""

Template = tuple[Longs, Ints]
"""Permitted moves between own profiles, in compressed rows."""


class FibreNumba(FibreNumpy):
    """Moves of an option game (Fraser and Hipel, 1984) with transitive moves, compiled."""

    def __init__(self, game: OptionGame, rules: tuple[Restriction | None, ...], monitor: Monitor) -> None:
        super().__init__(game, rules, monitor)
        self._mask = np.zeros(0, dtype=np.bool_) if game.feasible is None else game.feasible
        self._modes: dict[int, tuple[Longs, Longs, NDArray[np.int8]]] = {}
        self._lock = Lock()

    def worst_answer(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        """Least value among each state and all that the opponents reach from it. O(rounds x states), bounded."""
        if improving and any(self._listed(j) > LISTABLE for j in range(self._game.actors) if j != actor):
            return self._labels(actor, values, improving=True)
        return super().worst_answer(actor, values, improving=improving)

    def _labels(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        labels = Labels(self._game, self._rules, self._monitor, succession=False)
        return labels.worst_answer(actor, values, improving=improving)

    def _moving_step(self, actor: int, current: Ints) -> bool:
        shape = self._game.fibres[actor]
        rule = self._rules[actor]
        if rule is not None:
            lengths, strides, modes = self._modes_of(actor, rule)
            return fibre_kernels.lower_limited(
                current, self._mask, shape[1], shape[2], lengths, strides, modes
            )
        if shape[2] == 1:
            rows = (shape[0], shape[1])
            mask = self._mask.reshape(rows if self._mask.size else (0, 0))
            return fibre_kernels.lower_free_rows(current.reshape(rows), mask)
        mask = self._mask.reshape(shape if self._mask.size else (0, 0, 0))
        return fibre_kernels.lower_free(current.reshape(shape), mask)

    def _lower_moves(self, actor: int, values: Ints) -> None:
        self._moving_step(actor, values)

    def _prepared(self, actor: int) -> Improvements:
        own = self._game.fibres[actor][1]
        rule = self._rules[actor]
        if self._listed(actor):
            return CompiledList(self._game, actor, rule, self._listed(actor))
        if rule is None and own >= WIDE:
            return SortedImprovements(self._game, actor, self._monitor)
        return AllPairs(self._game, actor, rule, self._mask, self._monitor)
