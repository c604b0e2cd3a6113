"""Fixed points of a weighted sum of normal distribution functions: every one, bracketed, and whether it attracts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

NARROWEST = 1e-13
"""Width at which an interval is no longer split."""
LEAST_DEVIATION = 1e-10
"""What a deviation of 0 (a step) is read as, so that a step is crossed at its place to within as much."""
CHUNK = 512
"""Maps worked on at once, so that the work stays in the cache."""
TOUCH = 1e-6
"""Points at which a map touches the diagonal, and others this close to them, count once."""
_PEAK = float(1 / np.sqrt(2 * np.pi))
_SIGN_DECIDES = 1e-15


@dataclass(frozen=True)
class FixedPoints:
    """Fixed points of many maps at once, sorted by map, then by value.

    Parameters
    ----------
    row
        int64, shape (points,): which map.
    value
        float64, shape (points,): where the map meets the diagonal.
    stable
        Bool, shape (points,): whether the map crosses it from above, so that nearby values are drawn to it. A point
        at which the two only touch is not stable.
    """

    row: Longs
    value: Floats
    stable: Bools

    def of(self, row: int) -> FixedPoints:
        """Return the points of one map."""
        mine = self.row == row
        return FixedPoints(self.row[mine], self.value[mine], self.stable[mine])


@dataclass(frozen=True)
class Mixture:
    """Maps x -> sum over g of weight_g * Phi((x - mean_g) / deviation_g) - shift, one a row.

    Parameters
    ----------
    weights, means, deviations
        float64, shape (rows, groups). Weights and deviations of 0 or more; an infinite mean is a group that never
        (plus) or always (minus) counts.
    shift
        float64, shape (rows,).
    """

    weights: Floats
    means: Floats
    deviations: Floats
    shift: Floats

    def values(self, rows: Longs, x: Floats) -> Floats:
        """Return the maps of some rows at one point each."""
        total = np.sum(self.weights[rows] * ndtr(self._standard(rows, x)), axis=1) - self.shift[rows]
        return np.asarray(total, dtype=np.float64)

    def slopes(self, rows: Longs, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Return bounds on the maps' slopes over one interval each: least and greatest."""
        steepness = self.weights[rows] / np.maximum(self.deviations[rows], LEAST_DEVIATION)
        below, above = self._standard(rows, low), self._standard(rows, high)
        ends = _density(below), _density(above)
        inside = (below <= 0) & (above >= 0)
        greatest = np.where(inside, _PEAK, np.maximum(*ends))
        return np.sum(steepness * np.minimum(*ends), axis=1), np.sum(steepness * greatest, axis=1)

    def _standard(self, rows: Longs, x: Floats) -> Floats:
        away = x[:, None] - self.means[rows]
        return np.asarray(away / np.maximum(self.deviations[rows], LEAST_DEVIATION), dtype=np.float64)


def _density(u: Floats) -> Floats:
    return np.asarray(_PEAK * np.exp(-np.minimum(u * u, 1400) / 2), dtype=np.float64)


def fixed_points(mixture: Mixture, low: float = 0.0, high: float = 1.0) -> FixedPoints:
    """Find every x in [low, high] at which a map of a mixture equals x.

    Intervals are split until each either cannot hold a fixed point, or holds exactly one because the distance to the
    diagonal is monotone on it and changes sign; those are then located by Newton's method. Both tests are bounds, so
    that no point is missed; where map and diagonal touch, or cross more than once within ``TOUCH``, one point is given.
    Minimal model by us, in the spirit of interval root isolation. Cost: some 30 evaluations of the mixture for each
    point and row, many rows at once.

    Returns
    -------
    FixedPoints
        Rows in order; values within about 1e-13.
    """
    every = np.arange(mixture.weights.shape[0], dtype=np.int64)
    parts = [_isolated(mixture, every[first : first + CHUNK], low, high) for first in range(0, every.size, CHUNK)]
    if not parts:
        return FixedPoints(every, np.empty(0), np.empty(0, dtype=np.bool_))
    return FixedPoints(
        np.concatenate([part.row for part in parts]),
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.stable for part in parts]),
    )


def _isolated(mixture: Mixture, rows: Longs, low: float, high: float) -> FixedPoints:
    start, end = np.full(rows.size, low), np.full(rows.size, high)
    found = [_at_the_edge(mixture, rows, end)]
    touching: list[tuple[Longs, Floats]] = []
    while rows.size:
        middle = (start + end) / 2
        gap = mixture.values(rows, middle) - middle
        least, greatest = (slope - 1 for slope in mixture.slopes(rows, start, end))
        steepest = np.maximum(np.abs(least), np.abs(greatest))
        may_hold = np.abs(gap) <= steepest * (end - start) / 2 + _SIGN_DECIDES
        monotone = (least > 0) | (greatest < 0)
        single = may_hold & monotone
        if single.any():
            found.append(_crossed(mixture, rows[single], start[single], end[single]))
        narrow = may_hold & ~monotone & (end - start < NARROWEST)
        touching.append((rows[narrow], middle[narrow]))
        split = may_hold & ~monotone & ~narrow
        rows = np.concatenate([rows[split], rows[split]])
        start, end = np.concatenate([start[split], middle[split]]), np.concatenate([middle[split], end[split]])
    return _sorted(mixture, found, touching)


def _at_the_edge(mixture: Mixture, rows: Longs, end: Floats) -> tuple[Longs, Floats, Floats]:
    """Return the rows whose map meets the diagonal at the upper end itself, which no half-open interval holds."""
    meets = np.abs(mixture.values(rows, end) - end) <= _SIGN_DECIDES
    return rows[meets], end[meets], end[meets]


def _crossed(mixture: Mixture, rows: Longs, start: Floats, end: Floats) -> tuple[Longs, Floats, Floats]:
    """Keep intervals [start, end) whose ends differ in sign, a 0 at the start counting as a crossing."""
    before, after = mixture.values(rows, start) - start, mixture.values(rows, end) - end
    crosses = (before == 0) | ((np.sign(before) * np.sign(after)) < 0)
    return rows[crosses], start[crosses], np.where(before == 0, start, end)[crosses]


def _sorted(
    mixture: Mixture, found: list[tuple[Longs, Floats, Floats]], touching: list[tuple[Longs, Floats]]
) -> FixedPoints:
    rows, start, end = (np.concatenate([part[k] for part in found]) for k in range(3))
    every = np.concatenate([rows, *(part[0] for part in touching)]).astype(np.int64)
    where = np.concatenate([located(mixture, rows.astype(np.int64), start, end), *(part[1] for part in touching)])
    crosses = np.arange(every.size) < rows.size
    order = np.lexsort((where, every))
    every, where, crosses = every[order], where[order], crosses[order]
    first = np.ones(every.size, dtype=bool)
    first[1:] = (np.diff(every) > 0) | (np.diff(where) > TOUCH)
    starts = np.flatnonzero(first)
    last = np.append(starts[1:], every.size)[: starts.size] - 1
    attracts = (mixture.slopes(every[starts], where[starts], where[starts])[1] < 1) & crosses[starts]
    several = last > starts
    if several.any():
        attracts[several] = _attracts(mixture, every[starts], where[starts], where[last])[several]
    return FixedPoints(every[starts], where[starts], np.asarray(attracts))


def _attracts(mixture: Mixture, rows: Longs, first: Floats, last: Floats) -> Bools:
    """Whether a map lies above the diagonal before a cluster of points and below it after."""
    before, after = first - TOUCH, last + TOUCH
    above, below = mixture.values(rows, before) > before, mixture.values(rows, after) < after
    return np.asarray(above & below)


def located(mixture: Mixture, rows: Longs, start: Floats, end: Floats) -> Floats:
    """Return the fixed point in each interval whose ends lie on different sides of it, shape (rows,).

    By Newton's method, and by halving wherever that would leave the interval or did not halve the distance to the
    diagonal.
    """
    point, left = (start + end) / 2, np.arange(rows.size)
    above, before = mixture.values(rows, start) - start > 0, np.full(rows.size, np.inf)
    start, end = start.copy(), end.copy()
    while left.size:
        here, mine = point[left], rows[left]
        gap = mixture.values(mine, here) - here
        same = (gap > 0) == above[left]
        low, high = np.where(same, here, start[left]), np.where(same, end[left], here)
        start[left], end[left] = low, high
        with np.errstate(divide="ignore", invalid="ignore"):
            guess = here - gap / (mixture.slopes(mine, here, here)[0] - 1)
        newton = (guess >= low) & (guess <= high) & (2 * np.abs(gap) <= before[left])
        met = np.abs(gap) <= _SIGN_DECIDES / 4
        point[left] = np.where(met, here, np.where(newton, guess, (low + high) / 2))
        before[left] = np.abs(gap)
        done = met | (newton & (np.abs(guess - here) <= NARROWEST)) | (high - low <= NARROWEST / 10)
        left = left[~done]
    return point
