"""Compiled steps along fibres: the Numba twins of the reductions in :mod:`.fibre_numpy`.

Every kernel lowers ``values`` in place and reports whether anything changed. ``mask`` says which cells are
feasible and is empty where all are; infeasible cells hold the largest int32 and keep it. Fibres are worked on
``LANES`` at a time in a buffer laid out (own profile, lane), so that the inner loops run over neighbouring
numbers whatever the stride of the fibres. Offsets are cut to 31 bits, which changes nothing and lets the
compiler see that they are not negative: without that the loops stay scalar.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import compiled

LANES = 64
LARGEST = np.int32(np.iinfo(np.int32).max)
POSITIVE = 0x7FFFFFFF

FREE, FINAL, FROZEN = 0, 1, 2
"""How an axis of a fibre may be moved along: both ways, upwards only, not at all."""

Array = NDArray[Any]


@compiled
def fill_infeasible(values: Array, mask: Array) -> None:
    """Put the largest int32 on infeasible cells."""
    for cell in range(values.size):
        values[cell] = values[cell] if mask[cell] else LARGEST


@compiled
def lower_free(values: Array, mask: Array) -> bool:
    """One step of an actor free to move anywhere in its fibres; arrays are (outer, own, inner)."""
    outer, own, inner = values.shape
    changed = False
    masked = mask.size > 0
    least = np.empty(inner, dtype=np.int32)
    for block in range(outer):
        for rest in range(inner):
            least[rest] = values[block, 0, rest]
        for profile in range(1, own):
            for rest in range(inner):
                least[rest] = min(least[rest], values[block, profile, rest])
        for profile in range(own):
            different = np.int32(0)
            if masked:
                for rest in range(inner):
                    new = least[rest] if mask[block, profile, rest] else LARGEST
                    different |= new ^ values[block, profile, rest]
                    values[block, profile, rest] = new
            else:
                for rest in range(inner):
                    different |= least[rest] ^ values[block, profile, rest]
                    values[block, profile, rest] = least[rest]
            changed |= different != 0
    return changed


@compiled
def lower_free_rows(values: Array, mask: Array) -> bool:
    """Do the same where fibres are rows, (outer, own): the last actor with options."""
    outer, own = values.shape
    changed = False
    masked = mask.size > 0
    for block in range(outer):
        least = LARGEST
        for profile in range(own):
            least = min(least, values[block, profile])
        different = np.int32(0)
        for profile in range(own):
            new = least if not masked or mask[block, profile] else LARGEST
            different |= new ^ values[block, profile]
            values[block, profile] = new
        changed |= different != 0
    return changed


@compiled
def gather(values: Array, mask: Array, buffer: Array, first: int, lanes: int, inner: int) -> None:
    """Copy ``lanes`` fibres from ``first`` on into the buffer, the largest int32 for infeasible cells."""
    own = buffer.shape[0]
    masked = mask.size > 0
    if inner % LANES == 0:
        start = (first // inner * (own * inner) + first % inner) & POSITIVE
        for profile in range(own):
            row = (start + profile * inner) & POSITIVE
            if masked:
                for lane in range(LANES):
                    buffer[profile, lane] = values[row + lane] if mask[row + lane] else LARGEST
            else:
                for lane in range(LANES):
                    buffer[profile, lane] = values[row + lane]
        return
    rest = first % inner
    start = first // inner * (own * inner) + rest
    for lane in range(lanes):
        for profile in range(own):
            cell = (start + profile * inner) & POSITIVE
            buffer[profile, lane] = LARGEST if masked and not mask[cell] else values[cell]
        start, rest = start + 1, rest + 1
        if rest == inner:  # the next block of fibres
            start, rest = start + (own - 1) * inner, 0


@compiled
def scatter(values: Array, mask: Array, buffer: Array, first: int, lanes: int, inner: int) -> bool:
    """Copy the buffer back to feasible cells and report whether that changed any."""
    own = buffer.shape[0]
    masked = mask.size > 0
    different = np.int32(0)
    if inner % LANES == 0:
        start = (first // inner * (own * inner) + first % inner) & POSITIVE
        for profile in range(own):
            row = (start + profile * inner) & POSITIVE
            if masked:
                for lane in range(LANES):
                    new = buffer[profile, lane] if mask[row + lane] else LARGEST
                    different |= new ^ values[row + lane]
                    values[row + lane] = new
            else:
                for lane in range(LANES):
                    different |= buffer[profile, lane] ^ values[row + lane]
                    values[row + lane] = buffer[profile, lane]
        return bool(different != 0)
    rest = first % inner
    start = first // inner * (own * inner) + rest
    for lane in range(lanes):
        for profile in range(own):
            cell = (start + profile * inner) & POSITIVE
            new = LARGEST if masked and not mask[cell] else buffer[profile, lane]
            different |= new ^ values[cell]
            values[cell] = new
        start, rest = start + 1, rest + 1
        if rest == inner:
            start, rest = start + (own - 1) * inner, 0
    return bool(different != 0)


@compiled
def lower_axis(buffer: Array, least: Array, length: int, stride: int, mode: int) -> None:
    """Lower the buffer along one axis that all its fibres move along in the same mode."""
    if mode == FROZEN:
        return
    for block in range(0, buffer.shape[0], length * stride):
        for offset in range(block, block + stride):
            top = (offset + (length - 1) * stride) & POSITIVE
            for lane in range(LANES):
                least[lane] = buffer[top, lane]
            for level in range(length - 2, -1, -1):
                row = (offset + level * stride) & POSITIVE
                for lane in range(LANES):
                    least[lane] = min(least[lane], buffer[row, lane])
                    buffer[row, lane] = least[lane]
            if mode == FREE:
                for level in range(1, length):
                    row = (offset + level * stride) & POSITIVE
                    for lane in range(LANES):
                        buffer[row, lane] = least[lane]


@compiled
def lower_mixed_axis(buffer: Array, least: Array, mode: Array, length: int, stride: int) -> None:
    """Lower the buffer along one axis whose mode differs from fibre to fibre."""
    full = np.empty(LANES, dtype=np.int32)
    for block in range(0, buffer.shape[0], length * stride):
        for offset in range(block, block + stride):
            for lane in range(LANES):
                full[lane] = least[lane] = LARGEST
            for level in range(length):
                row = (offset + level * stride) & POSITIVE
                for lane in range(LANES):
                    full[lane] = min(full[lane], buffer[row, lane])
            for level in range(length - 1, -1, -1):
                row = (offset + level * stride) & POSITIVE
                for lane in range(LANES):
                    here = buffer[row, lane]
                    least[lane] = min(least[lane], here)
                    upward = least[lane] if mode[lane] == FINAL else here
                    buffer[row, lane] = full[lane] if mode[lane] == FREE else upward


@compiled
def lower_limited(
    values: Array, mask: Array, own: int, inner: int, lengths: Array, strides: Array, modes: Array
) -> bool:
    """One step of an actor with final or frozen options; ``modes`` is (axes, fibres) or (axes, 1)."""
    fibres = values.size // own
    buffer = np.full((own, LANES), LARGEST, dtype=np.int32)
    least, mode = np.empty(LANES, dtype=np.int32), np.empty(LANES, dtype=np.int32)
    changed = False
    for first in range(0, fibres, LANES):
        lanes = min(LANES, fibres - first)
        gather(values, mask, buffer, first, lanes, inner)
        for axis in range(lengths.size):
            if modes.shape[1] == 1:
                lower_axis(buffer, least, lengths[axis], strides[axis], modes[axis, 0])
                continue
            for lane in range(lanes):
                mode[lane] = modes[axis, first + lane]
            lower_mixed_axis(buffer, least, mode, lengths[axis], strides[axis])
        changed |= scatter(values, mask, buffer, first, lanes, inner)
    return changed


@compiled
def lower_improving(
    values: Array, utility: Array, mask: Array, first_fibre: int, last_fibre: int, inner: int,
    starts: Array, targets: Array,
) -> bool:  # fmt: skip
    """One step of an actor's improvements within a range of fibres.

    From own profile x the rules of the game permit ``targets[starts[x]:starts[x + 1]]``; they are taken
    four at a time, which keeps the running minimum in registers.
    """
    own = starts.size - 1
    buffer = np.full((own, LANES), LARGEST, dtype=np.int32)
    worth = np.full((own, LANES), LARGEST, dtype=np.int32)
    least, mine = np.empty(LANES, dtype=np.int32), np.empty(LANES, dtype=np.int32)
    changed = False
    for first in range(first_fibre, last_fibre, LANES):
        lanes = min(LANES, last_fibre - first)
        gather(values, mask, buffer, first, lanes, inner)
        gather(utility, mask, worth, first, lanes, inner)
        for profile in range(own):
            for lane in range(LANES):
                mine[lane], least[lane] = worth[profile, lane], buffer[profile, lane]
            start, stop = starts[profile], starts[profile + 1]
            fours = start + (stop - start) // 4 * 4
            for place in range(start, fours, 4):
                a = np.int64(targets[place]) & POSITIVE
                b = np.int64(targets[place + 1]) & POSITIVE
                c = np.int64(targets[place + 2]) & POSITIVE
                d = np.int64(targets[place + 3]) & POSITIVE
                for lane in range(LANES):
                    low, own_worth = least[lane], mine[lane]
                    low = min(low, buffer[a, lane] if worth[a, lane] > own_worth else LARGEST)
                    low = min(low, buffer[b, lane] if worth[b, lane] > own_worth else LARGEST)
                    low = min(low, buffer[c, lane] if worth[c, lane] > own_worth else LARGEST)
                    low = min(low, buffer[d, lane] if worth[d, lane] > own_worth else LARGEST)
                    least[lane] = low
            for place in range(fours, stop):
                a = np.int64(targets[place]) & POSITIVE
                for lane in range(LANES):
                    better = worth[a, lane] > mine[lane]
                    least[lane] = min(least[lane], buffer[a, lane] if better else LARGEST)
            for lane in range(LANES):
                buffer[profile, lane] = least[lane]
        changed |= scatter(values, mask, buffer, first, lanes, inner)
    return changed


@compiled
def lower_listed(values: Array, states: Array, starts: Array, targets: Array) -> bool:
    """One step along listed moves: from ``states[row]`` to ``targets[starts[row]:starts[row + 1]]``."""
    changed = False
    for row in range(states.size):
        state = np.int64(states[row]) & POSITIVE
        least = values[state]
        for place in range(starts[row], starts[row + 1]):
            least = min(least, values[np.int64(targets[place]) & POSITIVE])
        if least < values[state]:
            values[state] = least
            changed = True
    return changed
