"""What packages are worth to their parties against no deal: the zone of agreement, its front, and named solutions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.packages import Packages
from backchannel.model.model import Model
from backchannel.numerics.bargaining_solutions import equal_gains, kalai_smorodinsky, nash, utilitarian
from backchannel.numerics.pareto import non_dominated

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

TOLERANCE = 1e-9
"""A gain of this many points or less is none: rounding of sums of worths as written."""


@dataclass(frozen=True, eq=False)
class Valued:
    """Packages with what they bring each party.

    Parameters
    ----------
    packages
        The packages.
    base
        Value of no deal to each party, points, shape (parties,).
    worst, best
        Gain over no deal if third parties respond for the worse or the better, shape (packages, parties); a package
        after which responses never come to rest has −inf as its worst.
    """

    packages: Packages
    base: Floats
    worst: Floats
    best: Floats

    @property
    def zone(self) -> NDArray[np.bool_]:
        """Which packages every party prefers to no deal whatever the response, shape (packages,)."""
        return np.asarray((self.worst > TOLERANCE).all(axis=1))

    @property
    def possible(self) -> NDArray[np.bool_]:
        """Which packages every party prefers under some response, shape (packages,)."""
        return np.asarray((self.best > TOLERANCE).all(axis=1))


def points(model: Model) -> Floats:
    """Return every actor's utility of every cell at the centres, shape (actors, cells)."""
    return np.stack([utility.points for utility in model.utilities])


def value_packages(packages: Packages, at_ends: Floats, base: Floats) -> Valued:
    """Value packages at the centres.

    Parameters
    ----------
    packages
        The packages and their ends.
    at_ends
        Worth of each end to every actor, points, shape (actors, ends).
    base
        Value of no deal, shape (actors,).
    """
    rows = list(packages.parties)
    at_ends, own = at_ends[rows], base[rows]
    worst = packages.worst(at_ends) - own[:, None]
    worst[:, ~packages.settled] = -np.inf
    return Valued(packages, own, worst.T, (packages.best(at_ends) - own[:, None]).T)


@dataclass(frozen=True, eq=False)
class Solutions:
    """The front of the zone and what the classic solutions pick, as rows of the packages.

    Parameters
    ----------
    zone, front
        Rows of the packages in the zone, and of those no other in it dominates.
    nash, kalai_smorodinsky, equal_gains, utilitarian
        Rows each solution picks, all ties; the last two are empty unless the parties share a declared scale.
    """

    zone: Rows
    front: Rows
    nash: Rows
    kalai_smorodinsky: Rows
    equal_gains: Rows
    utilitarian: Rows


def solve_zone(valued: Valued, weights: Floats | None = None, *, common_scale: bool = False) -> Solutions:
    """Return the front of the zone and the packages that the classic solutions pick from it.

    Nash (1950), with weights Harsanyi and Selten (1972); Kalai and Smorodinsky (1975), ideal point over the zone;
    equal gains, by leximin (Kalai 1977), and utilitarian only under a common scale.
    """
    zone = np.flatnonzero(valued.zone).astype(np.int64)
    none = np.zeros(0, dtype=np.int64)
    if not zone.size:
        return Solutions(zone, none, none, none, none, none)
    gains = np.ascontiguousarray(valued.worst[zone])
    return Solutions(
        zone,
        zone[non_dominated(gains)],
        zone[nash(gains, weights)],
        zone[kalai_smorodinsky(gains)],
        zone[equal_gains(gains)] if common_scale else none,
        zone[utilitarian(gains)] if common_scale else none,
    )


@dataclass(frozen=True)
class Nearest:
    """The package nearest to a zone, and what would open it.

    Parameters
    ----------
    row
        Row of the package.
    short
        Points each party is short of no deal, 0 where it gains, shape (parties,).
    slack
        Points each party gains, 0 where it is short.
    """

    row: int
    short: tuple[float, ...]
    slack: tuple[float, ...]


def nearest(valued: Valued) -> Nearest | None:
    """Return the package of an empty zone nearest to one (see :func:`nearest_of`); None without packages."""
    good = np.flatnonzero(np.isfinite(valued.worst).all(axis=1))
    return replace(found, row=int(good[found.row])) if (found := nearest_of(valued.worst[good])) is not None else None


def nearest_of(gains: Floats) -> Nearest | None:
    """Return the package that a further concession would most easily turn into a deal; None without packages.

    Fewest parties short first; then the largest ratio of the smallest gain of the others to the largest shortfall:
    an omitted concession opens the zone if it is worth more than the shortfall to one side and less than the gain to
    the other, so the ratio is what its cost may be in proportion to its value. Between packages after which different
    parties are short, the choice depends on the units of their points.

    Parameters
    ----------
    gains
        Shape (packages, parties), finite, none of them above 0 for every party.
    """
    if not len(gains):
        return None
    short = np.where(gains > TOLERANCE, 0.0, -gains)
    losing = gains <= TOLERANCE
    slack = np.where(losing, np.inf, gains).min(axis=1)
    slack = np.where(np.isfinite(slack), slack, 0.0)
    ratio = slack / np.maximum(short.max(axis=1), TOLERANCE)
    order = np.lexsort((np.arange(len(gains)), -ratio, losing.sum(axis=1)))
    pick = int(order[0])
    return Nearest(
        pick,
        tuple(float(value) for value in short[pick]),
        tuple(float(value) for value in np.where(losing[pick], 0.0, gains[pick])),
    )
