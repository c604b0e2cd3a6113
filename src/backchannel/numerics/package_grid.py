"""Utilities as whole numbers, so that sums are exact whatever the order, and ties are ties.

Every party has its own unit. Its *scale* is the power of ten at or above the largest utility the factors and no deal
could add up to. Table entries are rounded to 10^-15 of the scale, sums of them to 10^-10 of the scale: two gains that
differ by less than that are one gain. Where all entries already lie on the coarser grid, as decimal points of utility
do, only that one is used and nothing is rounded at all.

Two grids, because rounding entries alone does not make ties: thirds and products of weights are off by a last digit,
and what is a tie would leave false points on the front. Rounding the sums alone would make a sum depend on the order
of addition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

FINE_DIGITS = 15
COARSE_DIGITS = 10
STEP = 10 ** (FINE_DIGITS - COARSE_DIGITS)


@dataclass(frozen=True, eq=False)
class Grid:
    """The tables of a problem as whole numbers.

    Parameters
    ----------
    scopes
        Issues of each table.
    tables
        int64, shape (parties, *levels), in steps of the entries' grid.
    base
        int64, shape (parties,): minus the no-deal utilities, so that base plus entries is a gain.
    step
        How many steps of the entries' grid make one of the gains' grid: ``STEP``, or 1 where they are the same.
    digits
        int64, shape (parties,): a gain of 1 on the gains' grid is 10^-digits points.
    """

    scopes: tuple[tuple[int, ...], ...]
    tables: tuple[Whole, ...]
    base: Whole
    step: int
    digits: Whole

    @property
    def least(self) -> int:
        """The smallest sum of entries that counts as no loss."""
        return -(self.step // 2)

    @property
    def least_gain(self) -> int:
        """The smallest sum of entries that counts as a gain."""
        return self.step - self.step // 2

    def rounded(self, sums: Whole) -> Whole:
        """Return sums of entries on the gains' grid, halves upwards."""
        return sums if self.step == 1 else (sums + self.step // 2) // self.step

    def to_gains(self, whole: Whole) -> NDArray[np.float64]:
        """Return points of utility; ``whole`` has the parties on its last axis and lies on the gains' grid."""
        return _times_ten_to(whole.astype(np.float64), -self.digits)


def grid_of(
    scopes: tuple[tuple[int, ...], ...], tables: Sequence[NDArray[np.float64]], no_deal: NDArray[np.float64]
) -> Grid:
    """Return the whole-number form of the tables of a problem. Cost: a few passes over the tables."""
    scale = np.abs(no_deal)
    for table in tables:
        scale = scale + np.abs(table).reshape(len(no_deal), -1).max(axis=1)
    exponent = np.ceil(np.log10(scale, out=np.zeros_like(scale), where=scale > 0)).astype(np.int64)
    fine = FINE_DIGITS - exponent
    whole = [_times_ten_to(table.T, fine) for table in (*tables, no_deal)]
    rounded = [np.ascontiguousarray(np.rint(entries).astype(np.int64).T) for entries in whole]
    clean = all(not (entries % STEP).any() for entries in rounded)
    if clean:
        rounded = [entries // STEP for entries in rounded]
    return Grid(scopes, tuple(rounded[:-1]), -rounded[-1], 1 if clean else STEP, COARSE_DIGITS - exponent)


def _times_ten_to(values: NDArray[np.float64], power: Whole) -> NDArray[np.float64]:
    """Multiply by powers of ten along the last axis, dividing by the negative ones, which is exact more often."""
    up, down = 10.0 ** np.maximum(power, 0), 10.0 ** np.maximum(-power, 0)
    return np.asarray(values * up / down, dtype=np.float64)
