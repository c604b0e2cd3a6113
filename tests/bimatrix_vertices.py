"""Nash equilibria of two-player games in normal form by enumerating vertices of the best-reply polytopes."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from backchannel.numerics.extensive_form import Floats


def _vertices(table: Floats) -> dict[tuple[float, ...], frozenset[int]]:
    """Vertices of {x >= 0, table x <= 1} with the constraints that bind: 0..n-1 for x_i = 0, then the rows."""
    rows, size = table.shape
    left = np.r_[-np.eye(size), table]
    right = np.r_[np.zeros(size), np.ones(rows)]
    found: dict[tuple[float, ...], frozenset[int]] = {}
    for chosen in combinations(range(size + rows), size):
        part = left[list(chosen)]
        if abs(np.linalg.det(part)) < 1e-9:
            continue
        point = np.linalg.solve(part, right[list(chosen)])
        slack = right - left @ point
        if (slack >= -1e-9).all() and point.sum() > 1e-9:
            found[tuple(np.round(point, 9))] = frozenset(np.flatnonzero(slack < 1e-8).tolist())
    return found


def extreme_equilibria(first: Floats, second: Floats) -> list[tuple[Floats, Floats]]:
    """All extreme equilibria of a bimatrix game: pairs of vertices with complementary labels.

    ``first`` and ``second`` are pay-offs (strategies of the first, of the second). Sound and complete, degenerate games
    too; exponential.
    """
    one, two = (table - table.min() + 1 for table in (first, second))
    rows, columns = first.shape
    plans_x, plans_y = _vertices(two.T), _vertices(one)
    found = []
    for x, bind_x in plans_x.items():
        for y, bind_y in plans_y.items():
            labels_x = {k for k in bind_x if k < rows} | {rows + k - rows for k in bind_x if k >= rows}
            labels_y = {rows + k for k in bind_y if k < columns} | {k - columns for k in bind_y if k >= columns}
            if len(labels_x | labels_y) == rows + columns:
                found.append((np.array(x) / sum(x), np.array(y) / sum(y)))
    return found
