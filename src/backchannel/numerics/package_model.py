"""A package problem as a mixed-integer linear program: variables, rows, and one call of the solver (HiGHS)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import TooLargeError
from .package_problem import PackageProblem

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MAXIMUM_CELLS = 1_000_000
"""Entries of the tables over two issues or more."""
GAP = 1e-6
"""Relative gap the solver is asked for; its rows hold to 1e-6, so less would not mean anything."""
MAXIMUM_CUTS = 100
_INFEASIBLE, _OUT_OF_TIME = 2, 1

Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Row:
    """One more row: ``low <= package part + extra part <= high``, the extra part over the extra variables."""

    package: Vector
    extra: Vector
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Optimum:
    """A package, int64 of shape (issues,), and the bound on the objective the solver proved."""

    package: NDArray[np.int64]
    bound: float


class PackageModel:
    """The rows that every program over the packages of a problem shares.

    One variable for every level of every issue, one of which is 1. A factor or rule over two issues or more has a
    variable for every entry of its table, tied to the levels by its sums along every axis; these sums force it to 0
    or 1 once the levels are. Gains are linear in all of these: ``gains @ variables + constant``.

    Raises
    ------
    TooLargeError
        Above ``MAXIMUM_CELLS`` entries.
    """

    def __init__(self, problem: PackageProblem, seconds: float) -> None:
        self.problem = problem
        self._seconds = seconds
        self._first = np.concatenate([[0], np.cumsum(problem.shape)])
        self._levels = int(self._first[-1])
        cells = _cells(problem)
        self._entries: list[tuple[int, int, int]] = []
        """Row, variable and coefficient of the rows that tie entries to levels."""
        variables = self._levels + sum(allowed.size for _, allowed in cells.values())
        if variables > MAXIMUM_CELLS:
            raise TooLargeError(
                f"the linked issues have {variables} combinations; the limit is {MAXIMUM_CELLS}, "
                "split factors over many issues into factors over fewer"
            )
        self.gains = np.zeros((len(problem.parties), variables))
        self.constant = -problem.no_deal
        self._high = np.ones(variables)
        self._rows = len(problem.issues)
        self._entries += [(i, int(self._first[i]) + k, 1) for i, n in enumerate(problem.shape) for k in range(n)]
        place = self._levels
        for scope, (table, allowed) in cells.items():
            place = self._add(scope, table, allowed, place)
        self._cuts: list[NDArray[np.int64]] = []

    def _add(self, scope: tuple[int, ...], table: Vector, allowed: NDArray[np.bool_], place: int) -> int:
        if not scope:
            self.constant = self.constant + table
            self._high[:] *= float(allowed)
            return place + 1  # its one entry is a variable without a row
        if len(scope) == 1:
            at = slice(self._first[scope[0]], self._first[scope[0] + 1])
            self.gains[:, at] += table
            self._high[at] *= allowed
            return place + allowed.size
        at = slice(place, place + allowed.size)
        self.gains[:, at] = table.reshape(len(table), -1)
        self._high[at] = allowed.ravel()
        columns = np.arange(at.start, at.stop).reshape(allowed.shape)
        for axis, issue in enumerate(scope):
            for level, part in enumerate(np.moveaxis(columns, axis, 0)):
                self._entries += [(self._rows, int(column), 1) for column in part.flat]
                self._entries.append((self._rows, int(self._first[issue]) + level, -1))
                self._rows += 1
        return int(at.stop)

    def maximise(
        self,
        package: Vector,
        extra: Vector | None = None,
        rows: tuple[Row, ...] = (),
        low: Vector | None = None,
    ) -> Optimum | None:
        """Return the package with the largest objective; None if the rows rule out all.

        Parameters
        ----------
        package, extra
            Coefficients of the objective on the shared variables and on extra ones.
        rows
            More rows.
        low
            Least values of the extra variables; free if not given.

        Raises
        ------
        TooLargeError
            Where the solver finds no package in the time allowed.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        extra = np.zeros(0) if extra is None else extra
        own = len(self._high)
        matrix, least, most = self._matrix(rows, len(extra))
        floor = np.full(len(extra), -np.inf) if low is None else low
        found = milp(
            -np.concatenate([package, extra]),
            integrality=np.concatenate([np.ones(self._levels), np.zeros(own - self._levels + len(extra))]),
            bounds=Bounds(np.concatenate([np.zeros(own), floor]), np.append(self._high, np.full(len(extra), np.inf))),
            constraints=LinearConstraint(matrix, least, most),
            options={"mip_rel_gap": GAP, "time_limit": self._seconds},
        )
        if found.x is None:
            if found.status == _INFEASIBLE:
                return None
            raise TooLargeError(
                f"the solver found no package in {self._seconds:g} s ({found.message.strip()}); allow it more seconds"
            )
        ends = self._first[1:-1]
        levels = np.array([part.argmax() for part in np.split(found.x[: self._levels], ends)], dtype=np.int64)
        return Optimum(levels, -float(found.mip_dual_bound))

    def cut(self, package: NDArray[np.int64]) -> None:
        """Rule out a package that the solver took for acceptable within its tolerance."""
        if len(self._cuts) == MAXIMUM_CUTS:
            raise TooLargeError(
                f"{MAXIMUM_CUTS} packages lie within rounding of no deal; choose the route "
                '"elimination" or "enumeration", which count exactly'
            )
        self._cuts.append(package)

    def zeros(self) -> Vector:
        """Return coefficients 0 on the shared variables."""
        return np.zeros(len(self._high))

    def _matrix(self, rows: tuple[Row, ...], extra: int) -> tuple[csr_array[np.float64], Vector, Vector]:
        from scipy.sparse import csr_array, vstack

        own = len(self._high)
        where, column, value = (np.array(part) for part in zip(*self._entries, strict=True))
        shared = csr_array((value.astype(np.float64), (where, column)), shape=(self._rows, own + extra))
        issues = len(self.problem.issues)
        least = np.concatenate([np.ones(issues), np.zeros(self._rows - issues)])
        dense = [np.concatenate([row.package, row.extra]) for row in rows]
        low, high = [row.low for row in rows], [row.high for row in rows]
        for package in self._cuts:
            line = np.zeros(own + extra)
            line[self._first[:-1] + package] = 1
            dense.append(line)
            low.append(-np.inf)
            high.append(issues - 1)
        if not dense:
            return shared, least, least
        return (
            csr_array(vstack([shared, csr_array(np.array(dense))])),
            np.concatenate([least, low]),
            np.concatenate([least, high]),
        )


def _cells(problem: PackageProblem) -> dict[tuple[int, ...], tuple[Vector, NDArray[np.bool_]]]:
    """Return by scope, its issues ascending, the sum of the factors' tables and what the rules allow."""
    found: dict[tuple[int, ...], tuple[Vector, NDArray[np.bool_]]] = {}

    def at(issues: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        axes = tuple(sorted(range(len(issues)), key=lambda axis: issues[axis]))
        scope = tuple(issues[axis] for axis in axes)
        if scope not in found:
            shape = tuple(problem.shape[issue] for issue in scope)
            found[scope] = np.zeros((len(problem.parties), *shape)), np.ones(shape, dtype=np.bool_)
        return scope, axes

    for factor in problem.factors:
        scope, axes = at(factor.issues)
        found[scope][0][...] += factor.table.transpose(0, *(1 + axis for axis in axes))
    for rule in problem.rules:
        scope, axes = at(rule.issues)
        found[scope][1][...] &= rule.allowed.transpose(axes)
    return found
