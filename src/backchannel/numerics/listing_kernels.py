"""Compiled listing of single moves, cell by cell, and their reversal."""

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
def list_moves(
    number: Array, utility: Array, improving: bool, own: int, inner: int,
    packed: Array, guard: int, low: int, final: Array, frozen: Array, step: int, most: int,
) -> tuple[Array, Array]:  # fmt: skip
    """Return an actor's moves, or improvements, in compressed rows over the numbered cells.

    ``number`` is negative at infeasible cells; ``most`` bounds the moves; ``step`` is 0 where ``final`` and
    ``frozen`` hold one entry for all states.
    """
    pointer = np.zeros(number.size + 1, dtype=np.int64)
    targets = np.empty(most, dtype=np.int32)
    row, listed = 0, 0
    for state in range(number.size):
        if number[state] < 0:
            continue
        profile = state // inner % own
        base = state - profile * inner
        at = state * step
        for entered in range(own):
            cell = base + entered * inner
            if cell == state or number[cell] < 0 or (improving and utility[cell] <= utility[state]):
                continue
            if allowed(packed[profile], packed[entered], guard, low, final[at], frozen[at]):
                targets[listed] = number[cell]
                listed += 1
        row += 1
        pointer[row] = listed
    return pointer[: row + 1].copy(), targets[:listed].copy()


@compiled
def count_entering(
    entering: Array, actor: int, pointer: Array, targets: Array, utility: Array, improving: bool
) -> None:
    """Count an actor's moves, or improvements, into each state: ``entering`` is (states, actors)."""
    for state in range(pointer.size - 1):
        for place in range(pointer[state], pointer[state + 1]):
            target = targets[place]
            if not improving or utility[target] > utility[state]:
                entering[target, actor] += 1


@compiled
def fill_entering(
    free: Array, leaving: Array, actor: int, pointer: Array, targets: Array, utility: Array, improving: bool
) -> None:
    """Write the states left by those moves, each at the next ``free`` place of its (state entered, actor)."""
    for state in range(pointer.size - 1):
        for place in range(pointer[state], pointer[state + 1]):
            target = targets[place]
            if not improving or utility[target] > utility[state]:
                leaving[free[target, actor]] = state
                free[target, actor] += 1


@compiled
def greatest_in_rows(pointer: Array, targets: Array, values: Array) -> Array:
    """Greatest value among each state and the targets of its row."""
    greatest = values.copy()
    for state in range(values.size):
        for place in range(pointer[state], pointer[state + 1]):
            greatest[state] = max(greatest[state], values[targets[place]])
    return greatest


@compiled
def greatest_own(
    values: Array, mask: Array, own: int, inner: int,
    packed: Array, guard: int, low: int, final: Array, frozen: Array, step: int,
) -> Array:  # fmt: skip
    """Greatest value among each state and an actor's moves from it, transitive or not."""
    greatest = values.copy()
    masked = mask.size > 0
    for state in range(values.size):
        if masked and not mask[state]:
            continue
        profile = state // inner % own
        base = state - profile * inner
        at = state * step
        for entered in range(own):
            cell = base + entered * inner
            if values[cell] <= greatest[state] or (masked and not mask[cell]):
                continue
            if allowed(packed[profile], packed[entered], guard, low, final[at], frozen[at]):
                greatest[state] = values[cell]
    return greatest
