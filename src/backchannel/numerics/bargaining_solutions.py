"""Axiomatic bargaining solutions on a finite set of packages, in gains over no deal.

All take ``gains``, float64 of shape (packages, parties): what each party has from a package over and above no deal,
for the packages every party accepts. So no entry is negative and the origin is the disagreement point. All return the
int64 indices, ascending, of **every** package that is a winner: a finite set can have several, and which of them is
meant is not for a formula to say.

**Tolerance.** Gains are sums of floating-point numbers, so equal values rarely come out equal to the last bit. What is
maximised counts as tied where it falls short of the maximum by at most ``tolerance`` of its natural unit: the
geometric mean of the gains for Nash, a fraction of the ideal gain for Kalai-Smorodinsky, the largest gain of the
table for equal gains, the largest sum for utilitarian. A gain counts as none at or below ``ROUNDING`` times the
party's ideal gain.

Equal gains and utilitarian compare gains between parties, which means something only on a declared common scale.
Nash and Kalai-Smorodinsky do not: multiplying one party's column by a positive number changes no winner.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Bools = NDArray[np.bool_]

TOLERANCE = 1e-9
"""Relative shortfall up to which a package counts as tied with the best."""
ROUNDING = 1e-12
"""A gain of at most this fraction of the party's ideal gain counts as none."""


def nash(gains: ArrayLike, weights: ArrayLike | None = None, *, tolerance: float = TOLERANCE) -> Indices:
    """Return the packages with the largest (weighted) product of gains.

    Parties that gain nothing from any package are left out of the product; with one such party in it every product
    is 0. Where no package lets all the others gain at once, every product is still 0. Then the packages from which the
    largest number of them gain at once are kept, and for each such group of parties the winners of its product:
    different groups are not compared with one another, since that would depend on the units of utility.

    Parameters
    ----------
    gains
        float64, shape (packages, parties), none negative.
    weights
        Bargaining weights, shape (parties,), all positive; equal if not given. Only their ratios matter.
    tolerance
        Shortfall of the weighted geometric mean of the gains, relative to its maximum, that still counts as a tie.

    Returns
    -------
    Indices
        int64, ascending; empty for no packages.

    Notes
    -----
    Nash (1950), *The bargaining problem*; with weights Harsanyi and Selten (1972), Kalai (1977). On a finite set the
    product has all the axioms except that the winner need not be unique. Cost: one pass, packages x parties.
    """
    table = checked_gains(gains)
    share = checked_weights(weights, table.shape[1])
    able, ratio = able_ratios(table)
    if not len(table) or not able.any():
        return _all(table)
    gaining = ratio > ROUNDING
    count = gaining.sum(axis=1)
    most = np.flatnonzero(count == count.max())
    winners = [_largest_product(ratio, share[able], rows, group, tolerance) for rows, group in _groups(gaining, most)]
    return np.sort(np.concatenate(winners))


def kalai_smorodinsky(gains: ArrayLike, *, tolerance: float = TOLERANCE) -> Indices:
    """Return the packages that give the parties the most equal, largest fractions of their ideal gains.

    The ideal gain of a party is its largest gain **in the set given**, that is over the packages all accept. On a
    finite set equal fractions are rarely on offer, so the smallest fraction is maximised, then the second smallest,
    and so on (leximin). Parties whose ideal gain is 0 have no fraction and are left out.

    Parameters
    ----------
    gains
        float64, shape (packages, parties), none negative.
    tolerance
        Difference of fractions, absolute, that still counts as a tie.

    Returns
    -------
    Indices
        int64, ascending; empty for no packages.

    Notes
    -----
    Kalai and Smorodinsky (1975); the leximin form for more than two parties and finite sets is Imai's (1983). Cost:
    one pass, and a sort of the parties of the packages tied on the smallest fraction.
    """
    table = checked_gains(gains)
    able, ratio = able_ratios(table)
    return _leximin(ratio, tolerance) if len(table) and able.any() else _all(table)


def equal_gains(gains: ArrayLike, *, tolerance: float = TOLERANCE) -> Indices:
    """Return the packages whose smallest gain is largest, then the second smallest, and so on (leximin).

    Parties that gain nothing from any package do not decide: their column is 0 in all. Compares gains between parties,
    so they must be measured on a common scale.

    Parameters
    ----------
    gains
        float64, shape (packages, parties), none negative.
    tolerance
        Difference of gains, as a fraction of the largest gain of the table, that still counts as a tie.

    Returns
    -------
    Indices
        int64, ascending; empty for no packages.

    Notes
    -----
    Kalai (1977), the egalitarian solution; leximin in place of exact equality keeps it Pareto efficient. Cost as for
    Kalai-Smorodinsky.
    """
    table = checked_gains(gains)
    return _leximin(table, tolerance * float(table.max())) if len(table) else _all(table)


def utilitarian(gains: ArrayLike, *, tolerance: float = TOLERANCE) -> Indices:
    """Return the packages with the largest sum of gains. Needs a common scale, like equal gains.

    Parameters
    ----------
    gains
        float64, shape (packages, parties), none negative.
    tolerance
        Shortfall relative to the largest sum that still counts as a tie.

    Returns
    -------
    Indices
        int64, ascending; empty for no packages.

    Notes
    -----
    Cost: one pass, packages x parties.
    """
    table = checked_gains(gains)
    total = table.sum(axis=1)
    return np.flatnonzero(total >= total.max() * (1 - tolerance)).astype(np.int64) if len(table) else _all(table)


def _groups(gaining: Bools, rows: Indices) -> list[tuple[Indices, Bools]]:
    """Return the rows by which parties gain in them; mostly there is one group, of all that can gain."""
    if gaining[rows[0]].all():
        return [(rows, gaining[rows[0]])]
    groups, group = np.unique(gaining[rows], axis=0, return_inverse=True)
    return [(rows[group.ravel() == k], parties) for k, parties in enumerate(groups)]


def _largest_product(ratio: Floats, weights: Floats, rows: Indices, group: Bools, tolerance: float) -> Indices:
    """Return the rows whose weighted geometric mean over the group of parties is largest."""
    share = weights[group] / weights[group].sum()
    value: Floats = np.log(ratio[rows][:, group]) @ share
    return np.asarray(rows[value >= value.max() - tolerance])


def _leximin(values: Floats, margin: float) -> Indices:
    """Keep the rows within ``margin`` of the best smallest value, of those the best second smallest, and so on."""
    smallest = values.min(axis=1)
    rows = np.flatnonzero(smallest >= smallest.max() - margin)
    ascending = np.sort(values[rows], axis=1)
    for place in range(1, values.shape[1]):
        kept = ascending[:, place] >= ascending[:, place].max() - margin
        rows, ascending = rows[kept], ascending[kept]
    return rows.astype(np.int64)


def able_ratios(table: Floats) -> tuple[Bools, Floats]:
    """Return which parties can gain (parties,), and the gains of those as fractions of their ideal gains."""
    ideal = table.max(axis=0, initial=0.0)
    able = ideal > 0
    return able, table[:, able] / ideal[able]


def _all(table: Floats) -> Indices:
    return np.arange(len(table), dtype=np.int64)


def checked_gains(gains: ArrayLike) -> Floats:
    """Return the gains as float64 (packages, parties); ValueError where some are negative or not finite."""
    table = np.asarray(gains, dtype=np.float64)
    if table.ndim != 2 or not table.shape[1]:
        raise ValueError(f"gains have shape {table.shape}, expected (packages, parties) with a party at least")
    if not np.isfinite(table).all():
        raise ValueError("gains must be finite numbers; leave out packages that cannot be valued")
    if (table < 0).any():
        package, party = np.argwhere(table < 0)[0]
        raise ValueError(
            f"package {package} gives party {party} a gain of {table[package, party]:g}, expected none below 0; "
            "hand over only packages every party accepts"
        )
    return table


def checked_weights(weights: ArrayLike | None, parties: int) -> Floats:
    """Return the bargaining weights, ones if not given; ValueError unless they are positive, one a party."""
    given = np.ones(parties) if weights is None else np.asarray(weights, dtype=np.float64)
    if given.shape != (parties,) or not np.isfinite(given).all() or (given <= 0).any():
        raise ValueError(f"weights are {given.tolist()}, expected {parties} positive numbers, one a party")
    return given
