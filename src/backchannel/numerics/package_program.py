"""Bargaining solutions of a package problem by mixed-integer programming, where its front is too large to hold.

Each solution is one package with a proven bound, not the set of all that tie.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .package_model import Optimum, PackageModel, Row, Vector
from .package_problem import PackageProblem

SECONDS = 60.0
"""Time allowed for one call of the solver."""
_TANGENTS = 8
_ROUNDS = 20
_CLOSED = 1e-6
"""Difference of bound and value at which the search for the Nash package ends."""
_SLACK = 1e-7
"""By how much a value reached earlier may be missed by later solves."""


@dataclass(frozen=True, eq=False)
class Programmed:
    """What the programs found.

    Parameters
    ----------
    ideal
        float64, shape (parties,): largest gain of each party; empty if the zone of agreement is.
    solutions
        Nash, Kalai-Smorodinsky, equal gains, utilitarian; none if the zone is empty. Bounds are on: the weighted mean
        of the logarithms of the gains as fractions of the ideal ones; the smallest such fraction; the smallest gain;
        the sum of gains.
    nearest, paid
        If the zone is empty: the package with the smallest sum of shortfalls, and the one with the smallest sum of
        shortfalls whose gains sum to 0 or more; None where the rules allow none.
    """

    ideal: NDArray[np.float64]
    solutions: tuple[Optimum, ...] = ()
    nearest: Optimum | None = None
    paid: Optimum | None = None


def program(problem: PackageProblem, weights: ArrayLike | None = None, *, seconds: float = SECONDS) -> Programmed:
    """Return the bargaining solutions of a package problem, one package each.

    Parameters
    ----------
    problem
        What to solve.
    weights
        Bargaining weights of the Nash solution, shape (parties,), positive; equal if not given.
    seconds
        Time allowed for one call of the solver; there are some four a party and a dozen more.

    Raises
    ------
    TooLargeError
        Where the tables over linked issues are too large, or the solver finds no package in time.

    Notes
    -----
    Nash: the logarithm of a gain is held down by tangents, which is valid since it is concave, and a tangent is added
    at each package found until the bound meets its value. Kalai-Smorodinsky and equal gains: the sum of the k smallest
    fractions is maximised for k = 1, 2, ..., which is leximin also where the set is not convex (Ogryczak, 1997). The
    solver keeps rows to 1e-6, so values are optimal to about that; gains are computed anew, exactly, and a package the
    solver took for acceptable by its tolerance only is ruled out and the program solved again.
    """
    search = _Search(problem, seconds)
    found = [search.best(search.model.gains[party]) for party in range(len(problem.parties))]
    if any(optimum is None for optimum in found):
        return search.empty_zone()
    ideal = np.array([problem.gains(o.package)[p] for p, o in enumerate(found) if o is not None])
    able = np.flatnonzero(ideal > 0)
    total = search.best(search.model.gains.sum(axis=0))
    assert total is not None
    total = replace(total, bound=total.bound + float(search.model.constant.sum()))
    if not len(able):
        return Programmed(ideal, (total,) * 4)
    fractions = search.leximin(able, ideal[able])
    gains = search.leximin(able, np.full(len(able), ideal.max()))
    share = np.ones(len(ideal)) if weights is None else np.asarray(weights, dtype=np.float64)
    gaining = able[problem.gains(fractions.package)[able] > 0]
    nash = search.nash(gaining, ideal[gaining], share[gaining] / share[gaining].sum(), fractions.package)
    return Programmed(ideal, (nash, fractions, replace(gains, bound=gains.bound * float(ideal.max())), total))


class _Search:
    """Programs over the acceptable packages of one problem."""

    def __init__(self, problem: PackageProblem, seconds: float) -> None:
        self.problem = problem
        self.model = PackageModel(problem, seconds)
        self._unit = np.maximum(np.abs(self.model.gains).max(axis=1), np.abs(self.model.constant))
        self._unit[self._unit == 0] = 1.0

    def best(
        self, package: Vector, extra: Vector | None = None, rows: tuple[Row, ...] = (), low: Vector | None = None
    ) -> Optimum | None:
        """Return the acceptable package with the largest objective, or None."""
        size = 0 if extra is None else len(extra)
        parties = range(len(self.problem.parties))
        accepted = tuple(self._at_least(party, 0.0, np.zeros(size), self._unit[party]) for party in parties)
        while True:
            found = self.model.maximise(package, extra, (*accepted, *rows), low)
            if found is None or (self.problem.gains(found.package) >= 0).all():
                return found
            self.model.cut(found.package)

    def _at_least(self, party: int, floor: float, extra: Vector, unit: float) -> Row:
        """Return the row: the party's gain in ``unit``, plus the extra part, is at least ``floor``."""
        gains, constant = self.model.gains[party], float(self.model.constant[party])
        return Row(gains / unit, extra, floor - constant / unit, np.inf)

    def leximin(self, parties: NDArray[np.int64], unit: Vector) -> Optimum:
        """Return the package whose smallest gain in these units is largest, then the second smallest, and so on.

        The sum of the k smallest is the largest ``k r - sum of d`` with ``d >= r - gain`` and ``d >= 0``. The extra
        variables are, for every k so far, r and a d for every party.
        """
        number = len(parties)
        rows: list[Row] = []
        first: Optimum | None = None
        best: Optimum | None = None
        for k in range(1, number + 1):
            size = k * (1 + number)
            rows = [replace(row, extra=np.append(row.extra, np.zeros(1 + number))) for row in rows]
            start = size - 1 - number
            for place, party in enumerate(parties):
                extra = np.zeros(size)
                extra[start], extra[start + 1 + place] = -1.0, 1.0
                rows.append(self._at_least(int(party), 0.0, extra, float(unit[place])))
            total = np.zeros(size)
            total[start], total[start + 1 :] = k, -1.0
            low = np.tile(np.append(-np.inf, np.zeros(number)), k)
            found = self.best(self.model.zeros(), total, tuple(rows), low)
            if found is None:
                break
            best = (
                found
                if best is None or self._sorted(found, parties, unit) > self._sorted(best, parties, unit)
                else best
            )
            first = first or found
            reached = sum(self._sorted(best, parties, unit)[:k])
            rows.append(Row(self.model.zeros(), total, reached - _SLACK, np.inf))
        assert best is not None
        assert first is not None
        return replace(best, bound=first.bound)

    def _sorted(self, optimum: Optimum, parties: NDArray[np.int64], unit: Vector) -> list[float]:
        return sorted((self.problem.gains(optimum.package)[parties] / unit).tolist())

    def nash(self, parties: NDArray[np.int64], ideal: Vector, share: Vector, start: NDArray[np.int64]) -> Optimum:
        """Return the package with the largest weighted product of gains; all these parties gain from ``start``."""
        best, value = start, self._mean_log(start, parties, ideal, share)
        tangents = [(place, t) for place in range(len(parties)) for t in np.geomspace(0.02, 1.0, _TANGENTS)]
        bound = np.inf
        package = start
        for _ in range(_ROUNDS):
            points = self.problem.gains(package)[parties] / ideal
            tangents += [(place, max(float(t), 1e-9)) for place, t in enumerate(points)]
            rows = tuple(self._tangent(int(parties[place]), place, t, ideal, len(parties)) for place, t in tangents)
            found = self.best(self.model.zeros(), share, rows)
            if found is None:
                break
            bound, package = min(bound, found.bound), found.package
            reached = self._mean_log(package, parties, ideal, share)
            if reached > value:
                best, value = package, reached
            if bound - value <= _CLOSED:
                break
        return Optimum(best, max(bound, value))

    def _tangent(self, party: int, place: int, t: float, ideal: Vector, size: int) -> Row:
        """Return the row: variable ``place`` is at most the tangent of the logarithm at fraction ``t``."""
        extra = np.zeros(size)
        extra[place] = -t
        return self._at_least(party, t * (1 - np.log(t)), extra, float(ideal[place]))

    def _mean_log(self, package: NDArray[np.int64], parties: NDArray[np.int64], ideal: Vector, share: Vector) -> float:
        fractions = self.problem.gains(package)[parties] / ideal
        return float(np.log(fractions) @ share) if (fractions > 0).all() else -np.inf

    def empty_zone(self) -> Programmed:
        """Return the packages nearest to a zone of agreement where there is none."""
        parties = len(self.problem.parties)
        unit = float(self._unit.max())
        extra = [np.eye(parties)[party] for party in range(parties)]
        short = tuple(self._at_least(party, 0.0, extra[party], unit) for party in range(parties))
        total = self.model.gains.sum(axis=0) / unit
        together = Row(total, np.zeros(parties), -float(self.model.constant.sum()) / unit, np.inf)
        found = []
        for rows in (short, (*short, together)):
            least = self.model.maximise(self.model.zeros(), -np.ones(parties), rows, np.zeros(parties))
            if least is not None:
                reached = np.maximum(-self.problem.gains(least.package), 0.0).sum() / unit
                ceiling = Row(self.model.zeros(), np.ones(parties), -np.inf, reached + _SLACK)
                fairest = self.model.maximise(total, np.zeros(parties), (*rows, ceiling), np.zeros(parties))
                least = replace(fairest or least, bound=-least.bound * unit)
            found.append(least)
        return Programmed(np.zeros(0), nearest=found[0], paid=found[1])
