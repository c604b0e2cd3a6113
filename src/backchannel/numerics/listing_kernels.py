"""Compiled listing of single moves: who may improve where, cell by cell."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import compiled

Array = NDArray[Any]


@compiled
def allowed(here: int, there: int, guard: int, low: int, final: int, frozen: int) -> bool:
    """Whether no final option falls and no frozen one changes; see :mod:`.moves` for the packing."""
    fallen = ~((there | guard) - here) & final
    changed = (((here ^ there) | guard) - low) & frozen
    return (fallen | changed) == 0


@compiled
def list_improvements(
    utility: Array, mask: Array, own: int, inner: int,
    packed: Array, guard: int, low: int, final: Array, frozen: Array, step: int, most: int,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """Return an actor's improvements as (states, starts, targets), only states that have any.

    ``most`` bounds their number; ``step`` is 0 where ``final`` and ``frozen`` hold one entry for all states.
    """
    masked = mask.size > 0
    cells = utility.size
    states = np.empty(cells, dtype=np.int32)
    starts = np.zeros(cells + 1, dtype=np.int64)
    targets = np.empty(most, dtype=np.int32)
    rows, listed = 0, 0
    for state in range(cells):
        if masked and not mask[state]:
            continue
        profile = state // inner % own
        base = state - profile * inner
        before = listed
        for entered in range(own):
            cell = base + entered * inner
            if utility[cell] <= utility[state] or (masked and not mask[cell]):
                continue
            at = state * step
            if allowed(packed[profile], packed[entered], guard, low, final[at], frozen[at]):
                targets[listed] = cell
                listed += 1
        if listed > before:
            states[rows] = state
            rows += 1
            starts[rows] = listed
    return states[:rows].copy(), starts[: rows + 1].copy(), targets[:listed].copy()


@compiled
def greatest_own(
    values: Array, mask: Array, own: int, inner: int,
    packed: Array, guard: int, low: int, final: Array, frozen: Array, step: int,
) -> Array:  # fmt: skip
    """Greatest value among each state and the moves from it of an actor whose moves need not be transitive."""
    greatest = values.copy()
    masked = mask.size > 0
    for state in range(values.size):
        if masked and not mask[state]:
            continue
        profile = state // inner % own
        base = state - profile * inner
        for entered in range(own):
            cell = base + entered * inner
            if values[cell] <= greatest[state] or (masked and not mask[cell]):
                continue
            at = state * step
            if allowed(packed[profile], packed[entered], guard, low, final[at], frozen[at]):
                greatest[state] = values[cell]
    return greatest
