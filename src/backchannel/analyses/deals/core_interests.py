"""Core interests first: comparing packages by tiers of goals, with differences too small to count.

A package is a tuple of worths, one a tier, the core first. A tier decides if it differs by more than its threshold;
otherwise the next one is asked. With all thresholds 0 this is the plain lexicographic order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def preferred(worths: ArrayLike, thresholds: ArrayLike | None = None) -> Bools:
    """Return which packages are preferred to which.

    Parameters
    ----------
    worths
        float64, shape (packages, tiers), core tier first.
    thresholds
        float64, shape (tiers,), not negative: a difference up to this does not count in the tier. 0 if not given.

    Returns
    -------
    Bools
        bool, shape (packages, packages): entry (a, b) if a is preferred to b.

    Notes
    -----
    Semiorders Luce (1956), used tier by tier as in Tversky's (1969) lexicographic semiorder. With thresholds above 0
    the relation **need not be transitive** and can even go round in a circle: many small sacrifices of the core, each
    too small to count, add up. Cost: packages squared x tiers.
    """
    table, margin = _tiers(worths, thresholds)
    better = np.zeros((len(table), len(table)), dtype=np.bool_)
    open_yet = np.ones_like(better)
    for tier, limit in enumerate(margin):
        difference = table[:, None, tier] - table[None, :, tier]
        better |= open_yet & (difference > limit)
        open_yet &= np.abs(difference) <= limit
    return better


def unbettered(worths: ArrayLike, thresholds: ArrayLike | None = None, core_floor: float = -np.inf) -> Bools:
    """Return the packages that keep the core's floor and to which none of those that keep it is preferred.

    Parameters
    ----------
    worths, thresholds
        As in `preferred`.
    core_floor
        Least worth of the first tier; packages below it are not considered.

    Returns
    -------
    Bools
        bool, shape (packages,). Can be empty although packages keep the floor: preferences with thresholds may go
        round in a circle.
    """
    table, _ = _tiers(worths, thresholds)
    kept = table[:, 0] >= core_floor
    return kept & ~(preferred(table, thresholds) & kept[:, None]).any(axis=0)


def core_weight(core: ArrayLike, lesser: ArrayLike) -> float:
    """Return a weight above which weight x core + lesser orders packages as core first does.

    Parameters
    ----------
    core, lesser
        float64, shape (packages,): worths in the core and in the tier below.

    Returns
    -------
    float
        Range of the lesser worths / smallest gap between different core worths; 0 where the core never differs. Any
        larger weight reproduces the order on these packages, and no promise is made about others.
    """
    levels = np.unique(np.asarray(core, dtype=np.float64))
    return float(np.ptp(np.asarray(lesser, dtype=np.float64)) / np.diff(levels).min()) if len(levels) > 1 else 0.0


def _tiers(worths: ArrayLike, thresholds: ArrayLike | None) -> tuple[Floats, Floats]:
    table = np.asarray(worths, dtype=np.float64)
    if table.ndim != 2 or not table.shape[1]:
        raise ValueError(f"worths have shape {table.shape}, expected (packages, tiers) with a tier at least")
    margin = np.zeros(table.shape[1]) if thresholds is None else np.asarray(thresholds, dtype=np.float64)
    if margin.shape != table.shape[1:] or (margin < 0).any():
        raise ValueError(f"thresholds are {margin.tolist()}, expected {table.shape[1]}, none negative")
    return table, margin
