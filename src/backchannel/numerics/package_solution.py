"""Solve a package problem: the zone of agreement, its front and the bargaining solutions, by whichever route fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import TooLargeError
from . import bargaining_solutions
from .package_elimination import MAXIMUM_TIES, Eliminated, count_accepted, eliminate
from .package_enumeration import Listed, enumerate_packages
from .package_model import Optimum
from .package_order import plan
from .package_problem import PackageProblem
from .package_program import program
from .progress import Progress

Route = Literal["enumeration", "elimination", "program"]
Gains = NDArray[np.float64]
Levels = NDArray[np.int16]
Counts = tuple[int | None, int | None, int | None]
"""Allowed, acceptable, gaining."""
Pick = Callable[[NDArray[np.int64]], tuple[Levels, bool]]
"""From places of points to the packages with those gains, and whether these are all."""

SOLUTIONS = ("nash", "kalai_smorodinsky", "equal_gains", "utilitarian")
ENUMERATED = 10_000_000
"""Packages up to which "auto" lists them all."""
_TIED = 1e-9


@dataclass(frozen=True, eq=False)
class Winners:
    """The packages a solution picks.

    Parameters
    ----------
    levels
        int16, shape (packages, issues): every package that ties.
    gains
        float64, shape (packages, parties).
    value
        What the solution maximises. Nash: the weighted geometric mean of the gains of the parties that gain.
        Kalai-Smorodinsky: the smallest fraction of an ideal gain. Equal gains: the smallest gain. Both over parties
        that can gain. Utilitarian: the sum of gains. Nearest: the sum of shortfalls, which is minimised.
    bound
        What no package can exceed (for the nearest, fall below): ``value`` itself where it is exact.
    complete
        Whether every tied package is listed; the program finds one, elimination lists ``MAXIMUM_TIES``.
    """

    levels: Levels
    gains: Gains
    value: float
    bound: float
    complete: bool


@dataclass(frozen=True, eq=False)
class PackageSolution:
    """What is known of a package problem; the same for every route.

    Parameters
    ----------
    route
        How it was found.
    size
        Number of packages.
    allowed, acceptable, gaining
        How many the rules allow, how many of those leave no party worse off than no deal (the zone of agreement), and
        how many leave every party better off. None where that was not counted.
    ideal
        float64, shape (parties,): each party's largest gain from a package all accept; empty if there is none.
    front_levels, front_gains
        int16 (packages, issues) and float64 (packages, parties): packages all accept that no package beats, tied ones
        in rows of their own, ascending by level. Empty for the route "program", which does not find the front.
    front_size
        Number of packages on the front, ties included; None where it is unknown.
    front_complete
        Whether ``front_levels`` lists every one of them. If not, it lists one package for every different point found.
    winners
        The solutions in the order of ``SOLUTIONS``, each also by its name; none if the zone is empty.
    nearest
        If the zone is empty: packages with the smallest sum of shortfalls from no deal that no package beats.
    side_payment
        If the zone is empty: the smallest total the parties would have to pay one another to make a package acceptable
        to all; None where they lose together by every package. Like ``nearest``, it needs a common scale.
    """

    route: Route
    size: int
    allowed: int | None
    acceptable: int | None
    gaining: int | None
    ideal: Gains
    front_levels: Levels
    front_gains: Gains
    front_size: int | None
    front_complete: bool
    winners: tuple[Winners, ...] = ()
    nearest: Winners | None = None
    side_payment: float | None = None

    @property
    def nash(self) -> Winners | None:
        """The packages with the largest product of gains."""
        return self._solution("nash")

    @property
    def kalai_smorodinsky(self) -> Winners | None:
        """The packages with the most equal, largest fractions of the ideal gains."""
        return self._solution("kalai_smorodinsky")

    @property
    def equal_gains(self) -> Winners | None:
        """The packages with the most equal, largest gains."""
        return self._solution("equal_gains")

    @property
    def utilitarian(self) -> Winners | None:
        """The packages with the largest sum of gains."""
        return self._solution("utilitarian")

    def _solution(self, name: str) -> Winners | None:
        return self.winners[SOLUTIONS.index(name)] if self.winners else None


def solve(
    problem: PackageProblem,
    weights: ArrayLike | None = None,
    route: Route | Literal["auto"] = "auto",
    progress: Progress | None = None,
) -> PackageSolution:
    """Return the zone of agreement of a package problem, its front and the bargaining solutions.

    Parameters
    ----------
    problem
        What to solve.
    weights
        Bargaining weights of the Nash solution, shape (parties,), positive; equal if not given.
    route
        ``"enumeration"`` values every package, ``"elimination"`` prunes after every issue, ``"program"`` asks a
        mixed-integer solver. ``"auto"`` lists up to ``ENUMERATED`` packages, eliminates above, and turns to the
        program where the front is too large to hold.
    progress
        Called with (done, total); raises to cancel.

    Raises
    ------
    TooLargeError
        Where the route asked for cannot hold the problem.
    ValueError
        For another route, or weights that do not fit.

    Notes
    -----
    The solutions are taken on the front: for each of them a package that another one beats is no winner. The three
    routes agree, up to 1e-6 for the program; see :mod:`.package_grid` for what counts as equal.
    """
    if route not in ("auto", "enumeration", "elimination", "program"):
        raise ValueError(f"the route is 'auto', 'enumeration', 'elimination' or 'program', got {route!r}")
    share = _weights(weights, len(problem.parties))
    if route == "program":
        return _programmed(problem, share)
    if route == "enumeration" or (route == "auto" and problem.size <= ENUMERATED):
        return _enumerated(problem, share, progress)
    try:
        return _eliminated(problem, share, progress)
    except TooLargeError:
        if route == "elimination":
            raise
        return _programmed(problem, share)


def _weights(weights: ArrayLike | None, parties: int) -> Gains:
    share = np.ones(parties) if weights is None else np.asarray(weights, dtype=np.float64)
    if share.shape != (parties,) or not np.isfinite(share).all() or (share <= 0).any():
        raise ValueError(f"weights are {np.asarray(share).tolist()}, expected {parties} positive numbers, one a party")
    return share


def _enumerated(problem: PackageProblem, share: Gains, progress: Progress | None) -> PackageSolution:
    found = enumerate_packages(problem, progress=progress)
    if found.acceptable:
        points, pick = _listed_points(problem, found)
        return _solution(problem, "enumeration", share, found.levels, points, pick, _counts(found), len(found.levels))
    every = enumerate_packages(problem, accepted=False, progress=progress)
    return _apart(problem, "enumeration", *_listed_points(problem, every), _counts(found))


def _counts(found: Listed) -> tuple[int, int, int]:
    return found.allowed, found.acceptable, found.gaining


def _listed_points(problem: PackageProblem, found: Listed) -> tuple[Gains, Pick]:
    points, place = np.unique(-found.whole, axis=0, return_inverse=True)

    def pick(rows: NDArray[np.int64]) -> tuple[Levels, bool]:
        return found.levels[np.isin(place.ravel(), rows)], True

    return problem.grid.to_gains(-points), pick


def _eliminated(problem: PackageProblem, share: Gains, progress: Progress | None) -> PackageSolution:
    order = plan(problem)
    found = eliminate(problem, order, progress=progress)
    if not len(found.whole):
        every = eliminate(problem, order, accepted=False, progress=progress)
        points, pick = _eliminated_points(problem, every)
        return _apart(problem, "elimination", points, pick, (found.allowed, 0, 0))
    points, pick = _eliminated_points(problem, found)
    counts = (
        found.allowed,
        count_accepted(problem, problem.grid.least, order),
        count_accepted(problem, problem.grid.least_gain, order),
    )
    size = int(found.ways.sum()) if (found.ways >= 0).all() else None
    if size is not None and size <= MAXIMUM_TIES:
        levels = found.trail.packages(found.trail.ends, MAXIMUM_TIES)
    else:
        first = found.trail.ends[found.trail.starts[:-1]]
        levels = found.trail.packages(first, len(first), ties=False)
    return _solution(problem, "elimination", share, levels, points, pick, counts, size)


def _eliminated_points(problem: PackageProblem, found: Eliminated) -> tuple[Gains, Pick]:
    def pick(rows: NDArray[np.int64]) -> tuple[Levels, bool]:
        levels = np.concatenate([found.packages(int(row)) for row in rows])
        every = bool((found.ways[rows] >= 0).all()) and int(found.ways[rows].sum()) == len(levels)
        return levels[np.lexsort(levels.T[::-1])], every

    return problem.grid.to_gains(found.whole), pick


def _solution(
    problem: PackageProblem,
    route: Route,
    share: Gains,
    levels: Levels,
    points: Gains,
    pick: Pick,
    counts: Counts,
    size: int | None,
) -> PackageSolution:
    """Put together what a front says; ``points`` are its different gains."""
    ideal = points.max(axis=0)
    rows = (
        bargaining_solutions.nash(points, share),
        bargaining_solutions.kalai_smorodinsky(points),
        bargaining_solutions.equal_gains(points),
        bargaining_solutions.utilitarian(points),
    )
    winners = []
    for name, won in zip(SOLUTIONS, rows, strict=True):
        chosen, every = pick(won)
        value = _value(name, points[won[0]], ideal, share)
        winners.append(Winners(chosen, problem.gains(chosen), value, value, every))
    gains = problem.gains(levels)
    return PackageSolution(
        route, problem.size, *counts, ideal, levels, gains, size, size == len(levels), tuple(winners)
    )


def _value(name: str, gains: Gains, ideal: Gains, share: Gains) -> float:
    """Return what a solution maximises, at the gains of one package."""
    if name == "utilitarian":
        return float(gains.sum())
    able = gains > 0 if name == "nash" else ideal > 0
    if not able.any():
        return 0.0
    if name == "nash":
        return float(np.prod(gains[able] ** (share[able] / share[able].sum())))
    return float((gains[able] / (ideal[able] if name == "kalai_smorodinsky" else 1.0)).min())


def _apart(problem: PackageProblem, route: Route, points: Gains, pick: Pick, counts: Counts) -> PackageSolution:
    """Say how far apart the parties are where no package is acceptable; ``points`` are the front of all packages."""
    if not len(points):
        return _without_zone(problem, route, counts, None, None)
    short = np.maximum(-points, 0.0).sum(axis=1)
    unit = _TIED * float(np.abs(points).max())
    chosen, every = pick(np.flatnonzero(short <= short.min() + unit))
    least = float(short.min())
    nearest = Winners(chosen, problem.gains(chosen), least, least, every)
    together = points.sum(axis=1) >= -unit
    payment = float(short[together].min()) if together.any() else None
    return _without_zone(problem, route, counts, nearest, payment)


def _without_zone(
    problem: PackageProblem, route: Route, counts: Counts, nearest: Winners | None, payment: float | None
) -> PackageSolution:
    levels, gains = _no_front(problem)
    return PackageSolution(
        route, problem.size, *counts, np.zeros(0), levels, gains, 0, True, nearest=nearest, side_payment=payment
    )


def _no_front(problem: PackageProblem) -> tuple[Levels, Gains]:
    return np.zeros((0, len(problem.issues)), dtype=np.int16), np.zeros((0, len(problem.parties)))


def _programmed(problem: PackageProblem, share: Gains) -> PackageSolution:
    found = program(problem, share)
    allowed = None if problem.rules else problem.size
    if not found.solutions:
        nearest = _one(problem, found.nearest, _shortfall(problem, found.nearest)) if found.nearest else None
        payment = _shortfall(problem, found.paid) if found.paid else None
        return _without_zone(problem, "program", (allowed, 0, 0), nearest, payment)
    winners = []
    for name, optimum in zip(SOLUTIONS, found.solutions, strict=True):
        gains = problem.gains(optimum.package)
        value, bound = _value(name, gains, found.ideal, share), optimum.bound
        if name == "nash":
            bound = float(np.exp(bound)) * _value(name, np.where(gains > 0, found.ideal, 0.0), found.ideal, share)
        winners.append(_one(problem, replace(optimum, bound=max(value, bound)), value))
    levels, none = _no_front(problem)
    return PackageSolution(
        "program", problem.size, allowed, None, None, found.ideal, levels, none, None, False, tuple(winners)
    )


def _one(problem: PackageProblem, optimum: Optimum, value: float) -> Winners:
    levels = optimum.package[None].astype(np.int16)
    return Winners(levels, problem.gains(levels), value, optimum.bound, complete=False)


def _shortfall(problem: PackageProblem, optimum: Optimum) -> float:
    return float(np.maximum(-problem.gains(optimum.package), 0.0).sum())
