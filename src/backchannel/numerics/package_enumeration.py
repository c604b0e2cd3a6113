"""Every package valued: the front and the counts of a package problem of up to some ten million packages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from ..errors import TooLargeError
from .package_grid import Whole
from .package_problem import PackageProblem, Rule
from .pareto import PIVOTS, non_dominated_whole, not_beaten
from .progress import Monitor, Progress

MAXIMUM_PACKAGES = 1_000_000_000
_BLOCK = 1 << 17
"""Packages valued at once; small enough for the sums to stay in the cache."""
_WAITING = 1 << 15
"""Candidates for the front gathered before they are compared with one another."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Listed:
    """What a pass over the packages found.

    Parameters
    ----------
    allowed, acceptable, gaining
        Number of packages that the rules allow, of those that leave no party worse off than no deal, and of those
        that leave every party better off.
    levels
        int16, shape (packages, issues): the front, every tied package in a row of its own, in the order of packages.
    whole
        int64, shape (packages, parties): its gains on the grid of gains.
    """

    allowed: int
    acceptable: int
    gaining: int
    levels: NDArray[np.int16]
    whole: Whole


def enumerate_packages(problem: PackageProblem, *, accepted: bool = True, progress: Progress | None = None) -> Listed:
    """Value every package and return the counts and the front.

    Parameters
    ----------
    problem
        What to solve.
    accepted
        Whether the front is that of the packages no party loses by; otherwise that of all the rules allow.
    progress
        Called with (done, total); raises to cancel.

    Raises
    ------
    TooLargeError
        Above ``MAXIMUM_PACKAGES`` packages.

    Notes
    -----
    The last issues make a block of some hundred thousand packages, the first ones a prefix. What depends on the block
    alone is added up once; a prefix adds a number, and a slice for every factor across the two. So a package costs an
    addition or two a party, not a sum over its factors, and nothing of the size of the problem is stored.
    """
    if problem.size > MAXIMUM_PACKAGES:
        raise TooLargeError(
            f"{problem.size:.3g} packages are too many to list; the limit is {MAXIMUM_PACKAGES:.0e}, "
            'choose the route "elimination" or "program"'
        )
    grid = problem.grid
    blocks = _Blocks(problem)
    monitor = Monitor(progress, blocks.prefixes)
    front = _Front(len(problem.parties), grid.step)
    counts = [0, 0, 0]
    for start, gains, fine in blocks:
        at_least = fine.copy()
        for row in gains:
            at_least &= row >= grid.least
        acceptable = int(at_least.sum())
        counts[0] += int(fine.sum())
        counts[1] += acceptable
        if acceptable:
            strictly = at_least & (gains >= grid.least_gain).all(axis=0)
            counts[2] += int(strictly.sum())
        wanted = at_least if accepted else fine
        if acceptable or not accepted:
            front.add(np.flatnonzero(wanted), gains, start)
        monitor.advance()
    packages, whole = front.settle()
    rounded = grid.rounded(whole)
    kept = non_dominated_whole(rounded)
    order = np.argsort(packages[kept])
    levels = np.stack(np.unravel_index(packages[kept][order], problem.shape), axis=1).astype(np.int16)
    return Listed(counts[0], counts[1], counts[2], levels, rounded[kept][order])


class _Front:
    """The packages found so far that nothing found so far beats."""

    def __init__(self, parties: int, step: int) -> None:
        self._step = step
        self._packages = np.zeros(0, dtype=np.int64)
        self._gains = np.zeros((0, parties), dtype=np.int64)
        self._waiting: list[tuple[Whole, Whole]] = []
        self._held = 0

    def add(self, rows: Whole, gains: Whole, start: int) -> None:
        """Add the packages at these places of a block that starts at package ``start``."""
        if not len(rows):
            return
        columns = gains if len(rows) == gains.shape[1] else gains[:, rows]
        if not len(self._packages):
            self._keep(*self._bests(rows + start, columns))
        left = not_beaten(columns, self._pivots, self._step)
        self._waiting.append((rows[left] + start, columns[:, left].T))
        self._held += len(left)
        if self._held > _WAITING:
            self.settle()

    def settle(self) -> tuple[Whole, Whole]:
        """Compare what waits with the front; return the packages and their gains."""
        packages = np.concatenate([self._packages, *(packages for packages, _ in self._waiting)])
        gains = np.concatenate([self._gains, *(gains for _, gains in self._waiting)])
        packages, first = np.unique(packages, return_index=True)
        gains = gains[first]
        kept = non_dominated_whole(gains, self._step)
        self._waiting, self._held = [], 0
        self._keep(packages[kept], gains[kept])
        return self._packages, self._gains

    def _bests(self, packages: Whole, columns: Whole) -> tuple[Whole, Whole]:
        best = np.unique(np.append(columns.argmax(axis=1), self._shares(columns).argmax()))
        return packages[best], columns[:, best].T

    def _keep(self, packages: Whole, gains: Whole) -> None:
        self._packages, self._gains = packages, gains
        self._pivots = gains[np.argsort(-self._shares(gains.T), kind="stable")[:PIVOTS]]

    @staticmethod
    def _shares(columns: Whole) -> NDArray[np.float64]:
        """Return sums over parties, each party measured by its range."""
        spread = columns.max(axis=1, initial=0) - columns.min(axis=1, initial=0) + 1
        return np.asarray((1.0 / spread) @ columns)


class _Blocks:
    """The gains of all packages, block by block."""

    def __init__(self, problem: PackageProblem) -> None:
        shape, grid = problem.shape, problem.grid
        cut = len(shape) - 1
        while cut and prod(shape[cut - 1 :]) <= _BLOCK:
            cut -= 1
        self._outer, self._inner = shape[:cut], shape[cut:]
        self.prefixes = prod(self._outer)
        parties = len(problem.parties)
        inside = np.zeros((parties, *self._inner), dtype=np.int64) + grid.base.reshape(-1, *[1] * len(self._inner))
        self._outside: list[tuple[tuple[int, ...], Whole]] = []
        self._across: list[tuple[tuple[int, ...], Whole]] = []
        for scope, table in zip(grid.scopes, grid.tables, strict=True):
            ahead, aligned = self._align(scope, table, cut)
            if not ahead:
                inside += aligned
            else:
                (self._outside if len(ahead) == len(scope) else self._across).append((ahead, aligned))
        self._inside = inside
        self._allowed = np.ones(self._inner, dtype=np.bool_)
        self._checks: list[tuple[tuple[int, ...], Mask]] = []
        for rule in problem.rules:
            ahead, allowed = self._align_rule(rule, cut)
            if ahead:
                self._checks.append((ahead, allowed))
            else:
                self._allowed &= allowed

    def __iter__(self) -> Iterator[tuple[int, Whole, Mask]]:
        """Yield the number of the first package, the gains (parties, packages) and which packages are allowed."""
        size = prod(self._inner)
        for number, prefix in enumerate(product(*map(range, self._outer))):
            fine = self._allowed.copy()
            for ahead, allowed in self._checks:
                fine &= allowed[tuple(prefix[issue] for issue in ahead)]
            if not fine.any():
                continue
            constant = sum(
                (table[tuple(prefix[issue] for issue in ahead)] for ahead, table in self._outside),
                np.zeros((len(self._inside), *[1] * len(self._inner)), dtype=np.int64),
            )
            gains = self._inside + constant
            for ahead, table in self._across:
                gains += table[tuple(prefix[issue] for issue in ahead)]
            yield number * size, gains.reshape(len(gains), size), fine.reshape(size)

    def _align(self, scope: tuple[int, ...], table: Whole, cut: int) -> tuple[tuple[int, ...], Whole]:
        """Return the prefix issues of a table, and it with these first, then the parties, then every block issue."""
        ahead = [place for place, issue in enumerate(scope) if issue < cut]
        behind = sorted((place for place, issue in enumerate(scope) if issue >= cut), key=lambda place: scope[place])
        turned = table.transpose(*(1 + place for place in ahead), 0, *(1 + place for place in behind))
        within = {scope[place] - cut for place in behind}
        shape = [n if k in within else 1 for k, n in enumerate(self._inner)]
        head = turned.shape[: len(ahead) + 1]
        return tuple(scope[place] for place in ahead), np.ascontiguousarray(turned).reshape(*head, *shape)

    def _align_rule(self, rule: Rule, cut: int) -> tuple[tuple[int, ...], Mask]:
        ahead, table = self._align(rule.issues, rule.allowed[None].astype(np.int64), cut)
        return ahead, np.asarray(table[(slice(None),) * len(ahead) + (0,)] > 0)
