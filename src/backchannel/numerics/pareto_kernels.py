"""Compiled twins of the NumPy filters of :mod:`.pareto`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .jit import compiled

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

_SMALL = 48
"""Up to so many points comparing all pairs is fastest."""
_LEAF = 8
_BITS = 60


@compiled
def survivors(points: Whole, starts: Whole, step: int) -> Mask:
    """Return which points survive; they are different, and descend column by column from each start on."""
    count, columns = points.shape
    keep = np.zeros(count, dtype=np.bool_)
    for run in range(len(starts)):
        first = starts[run]
        last = starts[run + 1] if run + 1 < len(starts) else count
        if columns == 2:
            _two(points, first, last, step, keep)
        elif columns == 3 and last - first > _SMALL:
            _three(points, first, last, step, keep)
        elif columns > 3 and last - first > _SMALL:
            _tree(points, first, last, step, keep)
        else:
            _many(points, first, last, step, keep)
    return keep


@compiled
def _two(points: Whole, first: int, last: int, step: int, keep: Mask) -> None:
    ahead, top_ahead, top = first, np.iinfo(np.int64).min, np.iinfo(np.int64).min
    for row in range(first, last):
        while ahead < row and points[ahead, 0] >= points[row, 0] + step:
            top_ahead = max(top_ahead, points[ahead, 1])
            ahead += 1
        top = max(top, points[row, 1])
        keep[row] = top_ahead < points[row, 1] and top < points[row, 1] + step


@compiled
def _three(points: Whole, first: int, last: int, step: int, keep: Mask) -> None:
    """Hold the largest third column over all points so far with a second column at least so large, in a tree."""
    seconds = np.sort(-points[first:last, 1])
    size = last - first
    lowest = np.iinfo(np.int64).min
    tree = np.full(size + 1, lowest, dtype=np.int64)
    tree_ahead = np.full(size + 1 if step > 1 else 1, lowest, dtype=np.int64)
    ahead = first
    for row in range(first, last):
        second, third = points[row, 1], points[row, 2]
        place = np.searchsorted(seconds, -second, side="right")
        if step == 1:
            if _largest(tree, place) >= third:
                continue
        else:
            while ahead < row and points[ahead, 0] >= points[row, 0] + step:
                if keep[ahead]:
                    _raise(tree_ahead, np.searchsorted(seconds, -points[ahead, 1], side="left"), points[ahead, 2])
                ahead += 1
            better = np.searchsorted(seconds, -(second + step), side="right")
            if _largest(tree, place) >= third + step or _largest(tree, better) >= third:
                continue
            if _largest(tree_ahead, place) >= third:
                continue
        keep[row] = True
        _raise(tree, np.searchsorted(seconds, -second, side="left"), third)


@compiled
def _largest(tree: Whole, place: int) -> int:
    found = np.iinfo(np.int64).min
    while place > 0:
        found = max(found, tree[place])
        place -= place & -place
    return found


@compiled
def _raise(tree: Whole, place: int, value: int) -> None:
    place += 1
    while place < len(tree):
        tree[place] = max(tree[place], value)
        place += place & -place


@compiled
def _many(points: Whole, first: int, last: int, step: int, keep: Mask) -> None:
    """Compare with every survivor so far; one that beats a point comes first next time."""
    front = np.empty(last - first, dtype=np.int64)
    size = 0
    for row in range(first, last):
        beaten = False
        for place in range(size):
            if _beats(points, front[place], row, step):
                beaten = True
                front[place], front[0] = front[0], front[place]
                break
        if not beaten:
            keep[row] = True
            front[size] = row
            size += 1


@compiled
def _tree(points: Whole, first: int, last: int, step: int, keep: Mask) -> None:
    """Four columns and more: hold the survivors in a tree whose nodes know the largest value of every column.

    The tree lies over all points in Morton order (bits of the columns interleaved), so that what is close is together.
    A search only enters nodes that could hold a point at least as good in every column.
    """
    columns = points.shape[1]
    leaves = 1
    while leaves * _LEAF < last - first:
        leaves *= 2
    where = _morton_places(points[first:last])
    held = np.full(leaves * _LEAF, -1, dtype=np.int64)
    tops = np.full((2 * leaves, columns), np.iinfo(np.int64).min, dtype=np.int64)
    stack = np.empty(128, dtype=np.int64)
    latest = -1
    for row in range(first, last):
        if latest >= 0 and _beats(points, latest, row, step):
            continue
        found = _search(points, row, step, held, tops, stack)
        if found >= 0:
            latest = found
            continue
        keep[row] = True
        place = where[row - first]
        held[place] = row
        node = leaves + place // _LEAF
        while node > 0:
            for column in range(columns):
                tops[node, column] = max(tops[node, column], points[row, column])
            node //= 2


@compiled
def _morton_places(points: Whole) -> Whole:
    """Return the place of every point in Morton order; the first column, by which they are sorted, plays no part."""
    count, columns = points.shape
    bits = _BITS // (columns - 1)
    bits = min(bits, 16)
    code = np.zeros(count, dtype=np.int64)
    for column in range(1, columns):
        low, high = points[0, column], points[0, column]
        for row in range(count):
            low, high = min(low, points[row, column]), max(high, points[row, column])
        scale = ((1 << bits) - 1) / max(high - low, 1)
        for row in range(count):
            cell = int((points[row, column] - low) * scale)
            for bit in range(bits):
                code[row] |= ((cell >> bit) & 1) << (bit * (columns - 1) + column - 1)
    places = np.empty(count, dtype=np.int64)
    places[np.argsort(code)] = np.arange(count)
    return places


@compiled
def _search(points: Whole, row: int, step: int, held: Whole, tops: Whole, stack: Whole) -> int:
    """Return a survivor that beats the point, or -1."""
    columns = points.shape[1]
    leaves = len(tops) // 2
    stack[0] = 1
    size = 1
    while size > 0:
        size -= 1
        node = stack[size]
        could = True
        for column in range(1, columns):
            if tops[node, column] < points[row, column]:
                could = False
                break
        if not could:
            continue
        if node < leaves:
            stack[size], stack[size + 1] = 2 * node, 2 * node + 1
            size += 2
            continue
        for place in range((node - leaves) * _LEAF, (node - leaves + 1) * _LEAF):
            if held[place] >= 0 and _beats(points, held[place], row, step):
                return int(held[place])
    return -1


@compiled
def _beats(points: Whole, other: int, row: int, step: int) -> bool:
    better = False
    for column in range(points.shape[1]):
        more = points[other, column] - points[row, column]
        if more < 0:
            return False
        better = better or more >= step
    return better
