"""Worths as whole numbers, so that equal sums tie exactly whatever the order of adding. The one tolerance.

Two utilities tie if they are equal sums of the worths as written. Decimal worths are exact here; worths drawn at
random are read to one part in 2^30 of an actor's total. Nothing else in the package decides ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

LARGEST_CODE = 2**31 - 1
_LARGEST_SUM = 2**62
DRAW_STEPS = 2**30


@dataclass(frozen=True)
class FixedPoint:
    """Worths as multiples of one unit: ``worth = integer * numerator / denominator``."""

    integers: tuple[int, ...]
    numerator: int
    denominator: int

    def to_float(self, sums: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return sums of integers as points, shape kept."""
        scaled = sums.astype(np.float64) * float(self.numerator)
        return np.asarray(scaled / float(self.denominator), dtype=np.float64)


def fixed_point(worths: Sequence[float]) -> FixedPoint:
    """Write worths as whole multiples of their largest common unit.

    Worths whose spread needs more than 62 bits are rounded to that.
    """
    exact = [Fraction(Decimal(repr(float(worth)))) for worth in worths]
    denominator = lcm(*(value.denominator for value in exact)) if exact else 1
    scaled = [int(value * denominator) for value in exact]
    common = gcd(*scaled) or 1
    integers = [value // common for value in scaled]
    total = sum(abs(value) for value in integers)
    if total >= _LARGEST_SUM:
        shrink = total // _LARGEST_SUM + 1
        integers = [round(Fraction(value, shrink)) for value in integers]
        common *= shrink
    unit = Fraction(common, denominator)
    return FixedPoint(tuple(integers), unit.numerator, unit.denominator)


def codes(sums: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return int32 codes with the same order and the same ties.

    Sums that fit are passed on; others become dense ranks (one sort, N log N).
    """
    if sums.size == 0 or (int(sums.min()) >= -LARGEST_CODE and int(sums.max()) <= LARGEST_CODE):
        return sums.astype(np.int32)
    return np.unique(sums, return_inverse=True)[1].astype(np.int32).reshape(sums.shape)


def draw_codes(features: NDArray[np.float64], worths: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return utility codes for many draws of the worths at once, by one matrix product.

    Parameters
    ----------
    features
        0 or 1, shape (states, terms).
    worths
        Shape (terms, draws).

    Returns
    -------
    NDArray[np.int32]
        Shape (draws, states); states with the same terms tie exactly.
    """
    total = np.abs(worths).sum(axis=0)
    steps = np.where(total > 0, DRAW_STEPS / np.where(total > 0, total, 1.0), 0.0)
    return np.ascontiguousarray((features @ np.rint(worths * steps)).T).astype(np.int32)
