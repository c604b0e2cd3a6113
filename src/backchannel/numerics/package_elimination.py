"""The front of a package problem of any size: prune after every issue (Nemhauser and Ullmann, 1969).

A partial package that another one beats in every party's gain stays beaten whatever is agreed on the issues left. So
after each issue only the partial packages are kept that none beats; packages are never listed. Where issues are
linked, only partial packages in the same state (see :mod:`.package_order`) are compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import TooLargeError
from .package_grid import Whole
from .package_order import IMPOSSIBLE, Plan, Step, count_allowed, plan
from .package_problem import PackageProblem
from .pareto import non_dominated_whole, prune
from .progress import Monitor, Progress

MAXIMUM_POINTS = 1_000_000
"""Partial packages kept after one issue, up to three parties."""
MAXIMUM_POINTS_OF_MANY = 100_000
"""The same from four parties on, where comparing them takes longer."""
MAXIMUM_TIES = 10_000
"""Tied packages listed; beyond, one package for every point of the front."""
MAXIMUM_COUNTED = 20_000
"""Different partial gains up to which acceptable packages are counted."""


@dataclass(frozen=True, eq=False)
class Eliminated:
    """What settling one issue after another found.

    Parameters
    ----------
    allowed
        Number of packages the rules allow; None where that was not counted.
    whole
        int64, shape (points, parties): the different points of the front, on the grid of gains, descending.
    ways
        int64, shape (points,): how many packages have these gains, or -1 where the number exceeds 2^53.
    trail
        Where the points come from, for :meth:`packages`.
    """

    allowed: int | None
    whole: Whole
    ways: Whole
    trail: Trail

    def packages(self, point: int, limit: int = MAXIMUM_TIES) -> NDArray[np.int16]:
        """Return packages with the gains of a point of the front, at most ``limit``: int16, shape (packages, issues).

        Which of many are returned is arbitrary but always the same.
        """
        return self.trail.packages(self.trail.ends[self.trail.starts[point] : self.trail.starts[point + 1]], limit)


@dataclass(frozen=True, eq=False)
class _Edges:
    """How partial packages were made: ``starts`` cuts ``parents`` and ``levels`` by the partial package made."""

    issue: int
    starts: Whole
    parents: Whole
    levels: Whole


@dataclass(frozen=True, eq=False)
class Trail:
    """The partial packages of every step, and the last ones (``ends``), cut by points of the front (``starts``)."""

    edges: tuple[_Edges, ...]
    starts: Whole
    ends: Whole

    def packages(self, ends: Whole, limit: int, *, ties: bool = True) -> NDArray[np.int16]:
        """Return the packages that end in these partial packages, at most ``limit``; or one for each of them."""
        levels = np.zeros((min(len(ends), limit), len(self.edges)), dtype=np.int16)
        nodes = ends[:limit]
        for edges in reversed(self.edges):
            number = edges.starts[nodes + 1] - edges.starts[nodes] if ties else np.ones(len(nodes), dtype=np.int64)
            row = np.repeat(np.arange(len(nodes)), number)
            offset = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
            row, offset = row[:limit], offset[:limit]
            edge = edges.starts[nodes[row]] + offset
            levels = levels[row]
            levels[:, edges.issue] = edges.levels[edge]
            nodes = edges.parents[edge]
        return levels[np.lexsort(levels.T[::-1])]


def eliminate(
    problem: PackageProblem,
    order: Plan | None = None,
    *,
    accepted: bool = True,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Eliminated:
    """Return the front of a package problem without listing its packages.

    Parameters
    ----------
    problem
        What to solve.
    order
        Its plan, if it is at hand.
    accepted
        Whether the front is that of the packages no party loses by; otherwise that of all the rules allow.
    limit
        Partial packages kept after one issue; by default ``MAXIMUM_POINTS``, or ``MAXIMUM_POINTS_OF_MANY``.
    progress
        Called with (done, total); raises to cancel.

    Raises
    ------
    TooLargeError
        Where more partial packages than ``limit`` survive, or too many states have to be told apart.

    Notes
    -----
    A partial package that cannot reach no deal for some party, even with the best the rules leave that party, is
    dropped. Cost: the sum over issues of partial packages kept, times levels, times the logarithm of that for two and
    three parties; for more, times a search among those kept.
    """
    order = order or plan(problem)
    parties = len(problem.parties)
    limit = limit or (MAXIMUM_POINTS if parties <= 3 else MAXIMUM_POINTS_OF_MANY)
    monitor = Monitor(progress, len(order.steps))
    least = problem.grid.least if accepted else IMPOSSIBLE
    gains, states = problem.grid.base[None], np.zeros(1, dtype=np.int64)
    if order.most[0][0, 0] == IMPOSSIBLE:
        gains, states = gains[:0], states[:0]
    trail: list[_Edges] = []
    ways: NDArray[np.float64] = np.ones(len(states))
    for step, best in zip(order.steps, order.most[1:], strict=True):
        gains, states, parents, levels = _expand(step, best, gains, states, least, limit)
        pruned = prune(gains, states if step.states > 1 else None, problem.grid.step)
        if len(pruned.rows) > limit:
            raise _too_many(problem, step, len(pruned.rows), limit)
        made = np.flatnonzero(pruned.place >= 0)
        made = made[np.argsort(pruned.place[made], kind="stable")]
        starts = np.searchsorted(pruned.place[made], np.arange(len(pruned.rows) + 1))
        trail.append(_Edges(step.issue, starts, parents[made], levels[made]))
        ways = np.add.reduceat(ways[parents[made]], starts[:-1]) if len(made) else ways[:0]
        gains, states = gains[pruned.rows], states[pruned.rows]
        monitor.advance()
    return _settled(problem, order, gains, ways, tuple(trail))


def _expand(
    step: Step, best: Whole, gains: Whole, states: Whole, least: int, limit: int
) -> tuple[Whole, Whole, Whole, Whole]:
    """Return gains, states, parents and levels of the partial packages one issue longer that can still be accepted."""
    levels = step.gain.shape[1]
    portion = max(1, 8 * limit // levels)
    found = []
    for start in range(0, len(states), portion):
        old = states[start : start + portion]
        made = gains[start : start + portion, None, :] + step.gain[old]
        after = step.state[old]
        reach = made + best[after]
        fine = step.allowed[old] & (best[after, 0] > IMPOSSIBLE) & (reach >= least).all(axis=-1)
        parent, level = np.nonzero(fine)
        found.append((made[parent, level], after[parent, level], parent + start, level))
        if sum(len(piece[1]) for piece in found) > 32 * limit:
            raise TooLargeError(
                f"more than {32 * limit} partial packages to compare at one issue; "
                'choose the route "program", or lower the number of issues or levels'
            )
    if not found:
        nothing = np.zeros(0, dtype=np.int64)
        return gains[:0], nothing, nothing, nothing
    made, after, parents, chosen = (np.concatenate(pieces) for pieces in zip(*found, strict=True))
    return made, after, parents, chosen


def _too_many(problem: PackageProblem, step: Step, size: int, limit: int) -> TooLargeError:
    return TooLargeError(
        f'the front has {size} partial packages after "{problem.issues[step.issue]}", over the limit of {limit}; '
        'choose the route "program", which finds the solutions without the front'
    )


def _settled(
    problem: PackageProblem,
    order: Plan,
    gains: Whole,
    ways: NDArray[np.float64],
    trail: tuple[_Edges, ...],
) -> Eliminated:
    """Compare the whole packages left once more, on the grid of gains, and gather those that tie."""
    whole = problem.grid.rounded(gains)
    ends = np.flatnonzero(non_dominated_whole(whole))
    points, first, place = np.unique(-whole[ends], axis=0, return_index=True, return_inverse=True)
    gathered = np.argsort(place.ravel(), kind="stable")
    starts = np.searchsorted(place.ravel()[gathered], np.arange(len(points) + 1))
    number = np.add.reduceat(ways[ends[gathered]], starts[:-1]) if len(points) else ways[:0]
    known = number < 2.0**53
    return Eliminated(
        count_allowed(order),
        -points[: len(first)],
        np.where(known, number, -1).astype(np.int64),
        Trail(trail, starts, ends[gathered]),
    )


def count_accepted(problem: PackageProblem, least: int, order: Plan | None = None) -> int | None:
    """Return how many packages give every party at least ``least``, in steps of the entries' grid.

    Partial packages with the same gains and state are counted together, and a gain that is safe whatever follows is
    taken down to the least safe one. With scores of few digits that leaves few to tell apart, and the count is exact;
    None where more than ``MAXIMUM_COUNTED`` would have to be.
    """
    order = order or plan(problem)
    base = problem.grid.base
    if order.most[0][0, 0] == IMPOSSIBLE or (base + order.most[0][0] < least).any():
        return 0
    if (base + order.least[0][0] >= least).all():
        return count_allowed(order)
    ways = _count(problem, order, least)
    return int(ways) if ways is not None and ways < 2.0**53 else None


def _count(problem: PackageProblem, order: Plan, least: int) -> float | None:
    widths = _widths(problem)
    gains, states = problem.grid.base[None], np.zeros(1, dtype=np.int64)
    ways: NDArray[np.float64] = np.ones(1)
    for step, best, safe in zip(order.steps, order.most[1:], order.least[1:], strict=True):
        if len(states) * step.gain.shape[1] > 16 * MAXIMUM_COUNTED:
            return None
        gains, states, parents, _ = _expand(step, best, gains, states, least, MAXIMUM_COUNTED)
        if not len(states):
            return 0.0
        gains = np.minimum(gains, -((safe[states] - least) // widths) * widths)
        code = _codes(gains, states, widths)
        if code is None:
            return None
        _, first, place = np.unique(code, return_index=True, return_inverse=True)
        if len(first) > MAXIMUM_COUNTED:
            return None
        ways = np.bincount(place, weights=ways[parents], minlength=len(first)).astype(np.float64)
        gains, states = gains[first], states[first]
    return float(ways.sum())


def _widths(problem: PackageProblem) -> Whole:
    """Return for each party the largest number that all its entries are multiples of."""
    tables = [table.reshape(len(problem.parties), -1) for table in problem.grid.tables]
    columns = np.concatenate([*tables, problem.grid.base[:, None]], axis=1)
    return np.array([max(int(np.gcd.reduce(row)), 1) for row in columns])


def _codes(gains: Whole, states: Whole, widths: Whole) -> Whole | None:
    """Return one number for every state with its gains, the same for the same; None where 63 bits are too few."""
    code, room = states, int(states.max()) + 1
    for column, width in zip(gains.T, widths.tolist(), strict=True):
        low = int(column.min())
        size = (int(column.max()) - low) // width + 1
        room *= size
        if room >= 1 << 62:
            return None
        code = code * size + (column - low) // width
    return code
