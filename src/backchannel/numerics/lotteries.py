"""Bargaining over lotteries (or shares of time) between packages: the gains become a convex set.

All take ``gains`` as in `bargaining_solutions`: float64 (packages, parties), none negative, so that every package that
can be drawn is one every party accepts. A mixture that would now and then draw a package somebody rejects is left out:
it would have to bind that party afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog, nnls

from .bargaining_solutions import ROUNDING, Bools, Floats, Indices, able_ratios, checked_gains, checked_weights
from .pareto import non_dominated

TOLERANCE = 1e-9
"""Fraction of the ideal gains below which a mixture is no improvement."""
WORTH_ONE = 1e-6
"""How far from 1 the worth of a package may be for it to be tried in the Nash lottery."""


@dataclass(frozen=True, eq=False)
class Lottery:
    """A mixture of packages.

    Parameters
    ----------
    packages
        int64 indices of the packages with positive weight, ascending.
    weights
        float64, the weight of each, summing to 1.
    gains
        float64, shape (parties,): expected gains.
    """

    packages: Indices
    weights: Floats
    gains: Floats


def upper_hull(gains: ArrayLike, *, tolerance: float = TOLERANCE) -> Indices:
    """Return the packages no lottery over packages improves on for some party and harms no other.

    Two parties: sorted by one gain and scanned once, in packages log packages. More: one linear program for each
    package that no other package dominates.

    Parameters
    ----------
    gains
        float64, shape (packages, parties), none negative.
    tolerance
        Sum of improvements, in fractions of the ideal gains, that does not count.

    Returns
    -------
    Indices
        int64, ascending: corners of the frontier of the convex hull and packages on its faces, with all ties.
    """
    table = checked_gains(gains)
    able, ratio = able_ratios(table)
    if not len(table) or not able.any():
        return np.arange(len(table), dtype=np.int64)
    if ratio.shape[1] == 1:
        return np.flatnonzero(ratio[:, 0] >= 1 - tolerance)
    if ratio.shape[1] == 2:
        return _on_chain(ratio, tolerance)
    rows = _candidates(ratio)
    return np.array([row for row in rows if _improvement(ratio[rows], ratio[row]) <= tolerance], dtype=np.int64)


def nash_lottery(gains: ArrayLike, weights: ArrayLike | None = None, *, tolerance: float = TOLERANCE) -> Lottery:
    """Return a lottery with the largest (weighted) product of expected gains.

    The gains are unique; the mixture need not be, and one of as few packages as parties is returned. Parties that can
    gain nothing are left out of the product. Mixing each party's best package already gives all others something, so
    the product is above 0.

    Parameters
    ----------
    gains
        float64, shape (packages, parties), none negative, a package at least.
    weights
        Bargaining weights, shape (parties,), all positive; equal if not given.
    tolerance
        Bound on what is missing to the largest weighted geometric mean, as a fraction of it.

    Raises
    ------
    ValueError
        If there is no package.
    ArithmeticError
        If the bound is not met.

    Notes
    -----
    Nash (1950). With weights w summing to 1, the largest sum w log u over mixtures is minus the largest sum w log(c/w)
    over prices c >= 0 at which no package is worth over 1 (Eisenberg and Gale 1959): as many unknowns as parties, and
    u = w / c. A barrier method finds the prices, non-negative least squares the mixture of packages worth 1. Whatever
    mixture comes out, at prices w / u it misses at most the largest worth less 1; this is checked.
    Cost: packages x parties squared a step, some 60 steps.
    """
    table = _some(checked_gains(gains))
    share = checked_weights(weights, table.shape[1])
    able, ratio = able_ratios(table)
    if not able.any():
        return _lottery(table, np.array([0]), np.ones(1))
    share = share[able] / share[able].sum()
    rows = _candidates(ratio)
    price = _prices(ratio[rows], share)
    tight = rows[ratio[rows] @ price >= 1 - WORTH_ONE]
    system = np.vstack([ratio[tight].T * price[:, None], np.ones(len(tight))])
    mixture = _polished(ratio[tight], share, nnls(system, np.append(share, 1.0))[0])
    missing = float(np.max(ratio[rows] @ (share / (mixture / mixture.sum() @ ratio[tight])))) - 1
    if missing > tolerance:
        raise ArithmeticError(f"the Nash lottery found may miss {missing:.2g} of the product, over {tolerance:g}")
    return _lottery(table, tight, mixture)


def kalai_smorodinsky_lottery(gains: ArrayLike, *, tolerance: float = TOLERANCE) -> Lottery:
    """Return a lottery whose expected gains are the largest equal fractions of the ideal gains.

    Two parties: exactly equal fractions. With more, equal fractions may leave something on the table; then the
    smallest fraction is made largest, those that cannot rise further are held, and the rest go on (leximin).

    Parameters
    ----------
    gains
        float64, shape (packages, parties), none negative, a package at least.
    tolerance
        Rise of a fraction that does not count.

    Raises
    ------
    ValueError
        If there is no package.

    Notes
    -----
    Kalai and Smorodinsky (1975), Imai (1983). Cost: at most parties (parties + 1) linear programs with as many
    variables as there are packages no other package dominates.
    """
    table = _some(checked_gains(gains))
    able, ratio = able_ratios(table)
    if not able.any():
        return _lottery(table, np.array([0]), np.ones(1))
    rows = _candidates(ratio)
    held: Floats = np.full(ratio.shape[1], np.nan)
    while (rising := np.isnan(held)).any():
        level, mixture = _raised(ratio[rows], held, rising)
        at_least = np.where(rising, level, held)
        highest = [_raised(ratio[rows], at_least, np.arange(len(held)) == p)[0] for p in np.flatnonzero(rising)]
        stuck = np.flatnonzero(rising)[np.array(highest) <= level + tolerance]
        held[stuck if len(stuck) else rising] = level
    return _lottery(table, rows, mixture)


def _prices(ratio: Floats, share: Floats) -> Floats:
    """Maximise sum w log c subject to ratio @ c <= 1 by Newton steps on a barrier that is lowered tenfold at a time."""
    price = np.full(len(share), 0.5 / len(share))
    barrier = 1.0
    while barrier * len(ratio) > 1e-12:
        for _ in range(50):
            slack = 1 - ratio @ price
            slope = share / price - barrier * (ratio / slack[:, None]).sum(axis=0)
            inverse = ratio / slack[:, None]
            bend = np.diag(share / price**2) + barrier * inverse.T @ inverse
            step = np.linalg.solve(bend, slope)
            decrement = float(slope @ step)
            if decrement <= 1e-6 * barrier:
                break
            price = _stepped(ratio, share, price, step, barrier)
        barrier /= 10
    return price


def _polished(ratio: Floats, share: Floats, mixture: Floats) -> Floats:
    """Return the mixture after Newton steps on its own packages: prices alone place a kink only to half the digits."""
    used = np.flatnonzero(mixture > 0)
    sub, weights = ratio[used], mixture[used]
    for _ in range(5):
        gain = weights @ sub
        bend = (sub * (share / gain**2)) @ sub.T
        weights = weights + np.linalg.lstsq(bend, sub @ (share / gain) - 1, rcond=None)[0]
        if (weights < -ROUNDING).any() or (weights @ sub <= 0).any():
            return mixture
    polished = np.zeros(len(mixture))
    polished[used] = np.maximum(weights, 0.0)
    return polished


def _stepped(ratio: Floats, share: Floats, price: Floats, step: Floats, barrier: float) -> Floats:
    """Return the prices after the longest step, halved as often as needed, that stays inside and gains."""
    now = _height(ratio, share, price, barrier)
    length = 1.0
    while length > 1e-12:
        tried = price + length * step
        if _height(ratio, share, tried, barrier) >= now:
            return tried
        length /= 2
    return price


def _height(ratio: Floats, share: Floats, price: Floats, barrier: float) -> float:
    slack = 1 - ratio @ price
    if (price <= 0).any() or (slack <= 0).any():
        return -np.inf
    return float(share @ np.log(price) + barrier * np.log(slack).sum())


def _raised(ratio: Floats, least: Floats, rising: Bools) -> tuple[float, Floats]:
    """Return the largest common fraction of the rising parties, the others having theirs at least, and its mixture."""
    packages, parties = ratio.shape
    above = np.hstack([-ratio.T, np.asarray(rising, dtype=np.float64)[:, None]])
    solved = linprog(
        np.append(np.zeros(packages), -1.0),
        A_ub=above,
        b_ub=-np.where(rising, 0.0, least),
        A_eq=np.append(np.ones(packages), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * packages + [(None, None)],
    )
    if solved.x is None:
        raise ArithmeticError(
            f"the linear program of {packages} packages and {parties} parties failed: {solved.message}"
        )
    return float(solved.x[-1]), np.asarray(solved.x[:-1], dtype=np.float64)


def _improvement(ratio: Floats, point: Floats) -> float:
    """Return the largest sum of gains a mixture has over a point without giving any party less."""
    packages = len(ratio)
    solved = linprog(
        -ratio.sum(axis=1), A_ub=-ratio.T, b_ub=-point, A_eq=np.ones((1, packages)), b_eq=[1.0], bounds=(0, None)
    )
    if solved.fun is None:
        raise ArithmeticError(f"the linear program of {packages} packages failed: {solved.message}")
    return float(-solved.fun - point.sum())


def _on_chain(ratio: Floats, tolerance: float) -> Indices:
    """Return the points on the falling upper hull in two dimensions, ties and points on its edges included."""
    chain: list[Floats] = []
    for point in ratio[np.lexsort((-ratio[:, 1], -ratio[:, 0]))]:
        if chain and point[1] <= chain[-1][1]:
            continue
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) >= 0:
            chain.pop()
        chain.append(point)
    corners = np.array(chain)[::-1]
    level = np.interp(ratio[:, 0], corners[:, 0], corners[:, 1], left=corners[0, 1])
    edge = np.searchsorted(corners[:, 0], ratio[:, 0])
    return np.flatnonzero(
        (ratio[:, 1] >= level - tolerance) & ((edge > 0) | (ratio[:, 0] >= corners[0, 0] - tolerance))
    )


def _turn(first: Floats, second: Floats, third: Floats) -> float:
    """Return above 0 if the three points turn right, going left."""
    (ax, ay), (bx, by) = second - first, third - first
    return float(ay * bx - ax * by)


def _candidates(ratio: Floats) -> Indices:
    return np.flatnonzero(non_dominated(ratio)).astype(np.int64)


def _some(table: Floats) -> Floats:
    if not len(table):
        raise ValueError("no package to draw, expected one at least; find out first whether there is any zone")
    return table


def _lottery(table: Floats, rows: Indices, weights: Floats) -> Lottery:
    """Return the lottery without packages of weight 0 (or what rounding makes of it)."""
    kept = weights > ROUNDING
    share = weights[kept] / weights[kept].sum()
    return Lottery(rows[kept].astype(np.int64), share, share @ table[rows[kept]])
