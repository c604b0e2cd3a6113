"""The packages nobody can improve on for one party without a loss to another: dominance, exact, ties kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .engines import use_numba

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]

DIGITS = 12
"""Values are compared on a grid of 10^-DIGITS of each column's scale (the power of ten at or above its largest)."""
PIVOTS = 48
_CHUNK = 1 << 17
_FILTERED = 1 << 12
"""Points from which the pivots are worth trying."""
_PAIRS = 1 << 22
"""Comparisons made at once by the NumPy filter."""
_HARD = 16
"""In three dimensions and more a compiled filter pays from fewer points than the engines' usual limit."""


def non_dominated(values: ArrayLike) -> Mask:
    """Return which points no other point dominates: at least as good in every column and better in one.

    Equal points do not dominate one another, so ties are all kept. Values are rounded to ``DIGITS`` digits of each
    column's scale first; otherwise the last bit of a sum would leave false points on the front.

    Parameters
    ----------
    values
        Numbers, shape (points, columns), larger is better.

    Returns
    -------
    NDArray
        bool, shape (points,).

    Notes
    -----
    Points with large sums go first and remove most others in one pass; the rest takes a sort and a sweep in
    two columns (Kung, Luccio and Preparata, 1975), a sort and a search tree in three, and comparisons with the front
    in more: points x front at worst.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or not table.shape[1]:
        raise ValueError(f"values have shape {table.shape}, expected (points, columns) with a column at least")
    if not np.isfinite(table).all():
        raise ValueError("values must be finite numbers; leave out points that cannot be valued")
    if not len(table):
        return np.zeros(0, dtype=np.bool_)
    scale = np.array([max(column.max(), -column.min()) for column in table.T])
    exponent = np.ceil(np.log10(scale, out=np.zeros_like(scale), where=scale > 0))
    factor = 10.0 ** (DIGITS - exponent)

    def whole(rows: slice | Whole) -> Whole:
        return np.asarray(np.rint(table[rows] * factor), dtype=np.int64)

    rows = np.arange(len(table)) if len(table) < _FILTERED else _prefiltered(table, whole)
    kept = np.zeros(len(table), dtype=np.bool_)
    kept[rows[prune(whole(rows), None, 1).place >= 0]] = True
    return kept


def _prefiltered(table: NDArray[np.float64], whole: Callable[[slice | Whole], Whole]) -> Whole:
    """Return the rows that the points with the largest sums do not dominate. One pass, in chunks."""
    pivots = whole(_largest_sums(table))
    chunks = [slice(start, start + _CHUNK) for start in range(0, len(table), _CHUNK)]
    return np.concatenate([chunk.start + not_beaten(whole(chunk).T, pivots, 1) for chunk in chunks])


def non_dominated_whole(points: Whole, step: int = 1) -> Mask:
    """Return which whole-number points survive :func:`prune` without keys: bool, shape (points,)."""
    if len(points) < _FILTERED:
        return prune(points, None, step).place >= 0
    pivots = points[_largest_sums(points.astype(np.float64))]
    rows = not_beaten(points.T, pivots, step)
    kept = np.zeros(len(points), dtype=np.bool_)
    kept[rows[prune(points[rows], None, step).place >= 0]] = True
    return kept


@dataclass(frozen=True, eq=False)
class Pruned:
    """What is left of a set of points.

    Parameters
    ----------
    rows
        int64: one row for every different point kept, ascending by key, then descending column by column.
    place
        int64, shape (points,): for every point the place in ``rows`` of the point equal to it, -1 if it was removed.
    """

    rows: Whole
    place: Whole


def prune(points: Whole, keys: Whole | None, step: int) -> Pruned:
    """Remove points that another point of the same key beats, and merge those that are equal.

    A point is beaten by one at least as good in every column and better by ``step`` in one. With step 1 that is
    dominance. A larger step keeps what could still tie once sums are rounded to multiples of it, and everything that
    is removed stays beaten whatever is added to both.

    Parameters
    ----------
    points
        int64, shape (points, columns).
    keys
        int64, shape (points,); None for one key.
    step
        Whole number, at least 1.
    """
    if not len(points):
        return Pruned(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    order = _sorted_rows(points, keys)
    ranked = points[order]
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (ranked[1:] != ranked[:-1]).any(axis=1)
    starts = np.zeros(1, dtype=np.int64)
    if keys is not None:
        change = keys[order][1:] != keys[order][:-1]
        fresh[1:] |= change
        starts = np.concatenate([starts, np.cumsum(fresh)[1:][change] - 1])
    unique = np.cumsum(fresh) - 1
    keep = _survivors(np.ascontiguousarray(ranked[fresh]), starts, step)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.where(keep, np.cumsum(keep) - 1, -1)[unique]
    return Pruned(order[fresh][keep], place)


def not_beaten(columns: Whole, pivots: Whole, step: int) -> Whole:
    """Return the places of points that none of the pivots beats.

    Parameters
    ----------
    columns
        int64, shape (columns, points).
    pivots
        int64, shape (pivots, columns).
    step
        As in :func:`prune`. A total better by more than columns x (step - 1) is better by ``step`` somewhere.
    """
    rows = np.arange(columns.shape[1])
    columns, total = columns.copy(), columns.sum(axis=0)
    for pivot in pivots:
        limit = int(pivot.sum()) - len(pivot) * (step - 1)
        alive = total >= limit
        for column, top in zip(columns, pivot, strict=True):
            alive |= column > top
        if np.count_nonzero(alive) < 0.9 * len(rows):
            rows, columns, total = rows[alive], columns[:, alive], total[alive]
        elif not alive.all():
            rows, columns, total = rows[alive], np.compress(alive, columns, axis=1), total[alive]
    return rows


def _largest_sums(table: NDArray[np.float64]) -> Whole:
    """Return the row with the largest sum out of every part of the table, columns measured by their range."""
    spread = np.array([column.max() - column.min() for column in table.T])
    score = table @ (1.0 / np.where(spread > 0, spread, 1.0))
    edges = np.linspace(0, len(table), PIVOTS + 1, dtype=np.int64)
    rows = np.array([start + score[start:end].argmax() for start, end in pairwise(edges)])
    return rows[np.argsort(-score[rows], kind="stable")]


def _sorted_rows(points: Whole, keys: Whole | None) -> Whole:
    """Return rows ascending by key, then descending column by column."""
    if keys is None and len(points) > 1:
        order = np.argsort(-points[:, 0], kind="stable")
        first = points[order, 0]
        if (first[1:] != first[:-1]).all():
            return order
    columns = tuple(-column for column in points.T[::-1])
    return np.lexsort(columns if keys is None else (*columns, keys))


def _survivors(points: Whole, starts: Whole, step: int) -> Mask:
    """Return which points survive; they are different, and sorted within each run that begins at ``starts``."""
    count, columns = points.shape
    if columns == 1:
        first = np.repeat(points[starts, 0], np.diff(np.append(starts, count)))
        return np.asarray(first - points[:, 0] < step)
    if use_numba(count if columns == 2 else _HARD * count):
        from . import pareto_kernels

        return pareto_kernels.survivors(points, starts, step)
    sweep = _sweep if columns == 2 else _compare
    ends = np.append(starts[1:], count)
    pieces = [sweep(points[start:end], step) for start, end in zip(starts, ends, strict=True)]
    return np.concatenate(pieces)


def _sweep(points: Whole, step: int) -> Mask:
    """Two columns: in order of the first, a point survives if no point before it has as much of the second."""
    first, second = points.T
    top = np.maximum.accumulate(second)
    ahead = np.searchsorted(-first, -(first + step), side="right")
    beaten = (ahead > 0) & (top[ahead - 1] >= second)
    return np.asarray(~(beaten | (top >= second + step)))


def _compare(points: Whole, step: int) -> Mask:
    """Any number of columns: compare block by block with what has survived so far, the largest sums first."""
    order = np.argsort(-points.sum(axis=1), kind="stable")
    keep = np.zeros(len(points), dtype=np.bool_)
    front = points[:0]
    start = 0
    while start < len(order):
        size = max(16, min(1024, _PAIRS // max(len(front), 1024)))
        rows = order[start : start + size]
        rows = rows[~_beaten(points[rows], front, step)]
        rows = rows[~_beaten(points[rows], points[rows], step)]
        keep[rows] = True
        front = np.concatenate([front, points[rows]])
        start += size
    return keep


def _beaten(points: Whole, others: Whole, step: int) -> Mask:
    """Return which points one of the others beats."""
    pairs = (len(points), len(others))
    reached, better = np.ones(pairs, dtype=np.bool_), np.zeros(pairs, dtype=np.bool_)
    for column, other in zip(points.T, others.T, strict=True):
        reached &= other >= column[:, None]
        better |= other >= column[:, None] + step
    return np.asarray((reached & better).any(axis=1))
