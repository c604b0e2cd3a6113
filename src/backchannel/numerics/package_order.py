"""In which order to settle the issues, and what has to be remembered of those settled.

Once an issue is settled, its level matters further only where a factor or a rule links it to an issue still open. What
has to be remembered is the *state*: for every settled issue with an open link its level, or rather its class, levels
that all open links treat alike being one class.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, prod

import numpy as np
from numpy.typing import NDArray

from ..errors import TooLargeError
from .package_grid import Whole
from .package_problem import PackageProblem

MAXIMUM_STATES = 200_000
"""States times levels at one step."""
IMPOSSIBLE = -(1 << 62)
"""Stands for a gain no completion can reach, because the rules allow none."""
_STARTS = 6

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Step:
    """One issue settled.

    Parameters
    ----------
    issue
        Which.
    gain
        int64, shape (states before, levels, parties): what the factors complete with this issue add.
    allowed
        bool, shape (states before, levels): whether the rules complete with this issue allow it.
    state
        int64, shape (states before, levels): the state after.
    states
        Number of states after.
    """

    issue: int
    gain: Whole
    allowed: Mask
    state: Whole
    states: int


@dataclass(frozen=True, eq=False)
class _Link:
    """A factor or a rule: where it looks, and what it holds there, its table's first axis being parties (or one)."""

    issues: tuple[int, ...]
    table: Whole | Mask


@dataclass(frozen=True, eq=False)
class Plan:
    """All steps, and what is still to come after each.

    Parameters
    ----------
    steps
        One for every issue.
    most, least
        For the start and after every step int64 of shape (states, parties): the most and the least each party can
        still gain. ``most`` is ``IMPOSSIBLE`` where the rules allow no completion, and ``least`` minus that.
    """

    steps: tuple[Step, ...]
    most: tuple[Whole, ...]
    least: tuple[Whole, ...]


def plan(problem: PackageProblem) -> Plan:
    """Return the steps that settle every issue, linked issues first and near one another.

    Raises
    ------
    TooLargeError
        Where a step has more than ``MAXIMUM_STATES`` states times levels.

    Notes
    -----
    The order is greedy, from several starts: next comes the issue that leaves the fewest states. Finding the best
    order is itself hard (it is the path width of the linkage graph).
    """
    grid = problem.grid
    factors = [_Link(*pair) for pair in zip(grid.scopes, grid.tables, strict=True)]
    rules = [_Link(rule.issues, rule.allowed[None]) for rule in problem.rules]
    order = linked_order(problem.shape, [link.issues for link in (*factors, *rules)])
    build = _Builder(problem, factors, rules)
    found = tuple(build.step(issue) for issue in order)
    return Plan(found, *_completions(found, len(problem.parties)))


def linked_order(shape: tuple[int, ...], scopes: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Return an order of the issues in which few settled ones stay linked to open ones."""
    near: list[set[int]] = [set() for _ in shape]
    for scope in scopes:
        for issue in scope:
            near[issue].update(other for other in scope if other != issue)
    order: list[int] = []
    open_issues = {issue for issue in range(len(shape)) if near[issue]}
    while open_issues:
        starts = sorted(open_issues, key=lambda issue: (len(near[issue]), issue))[:_STARTS]
        tries = [_walk(start, near, shape) for start in starts]
        best = min(tries, key=lambda found: found[0])[1]
        order.extend(best)
        open_issues.difference_update(best)
    return (*order, *(issue for issue in range(len(shape)) if not near[issue]))


def _walk(start: int, near: list[set[int]], shape: tuple[int, ...]) -> tuple[float, list[int]]:
    """Settle the issues linked to ``start``, each time the one that leaves the fewest states; return the most."""
    settled, order, most = {start}, [start], log(shape[start])
    border = {start}
    while True:
        choices = {other for issue in border for other in near[issue]} - settled
        if not choices:
            return most, order
        costs = {}
        for issue in choices:
            held = {other for other in (*border, issue) if near[other] - settled - {issue}}
            costs[issue] = (sum(log(shape[other]) for other in held), issue)
        chosen = min(choices, key=costs.__getitem__)
        most = max(most, costs[chosen][0])
        settled.add(chosen)
        order.append(chosen)
        border = {other for other in (*border, chosen) if near[other] - settled}


class _Builder:
    """Settles one issue after another; holds the open links and the border, the settled issues they look at."""

    def __init__(self, problem: PackageProblem, factors: list[_Link], rules: list[_Link]) -> None:
        self._problem = problem
        self._factors, self._rules = factors, rules
        self._settled: set[int] = set()
        self._border: list[tuple[int, Whole]] = []
        """Issue, and a level to represent each of its classes."""

    def step(self, issue: int) -> Step:
        """Settle an issue."""
        levels = self._problem.shape[issue]
        axes = [*self._border, (issue, np.arange(levels))]
        shape = tuple(len(members) for _, members in axes)
        if prod(shape) > MAXIMUM_STATES:
            raise TooLargeError(
                f'settling "{self._problem.issues[issue]}" takes {prod(shape):.2g} states of the issues linked to it; '
                f'the limit is {MAXIMUM_STATES:.0e}, choose the route "program"'
            )
        self._settled.add(issue)
        gain = np.zeros((len(self._problem.parties), *shape), dtype=np.int64)
        allowed = np.ones((1, *shape), dtype=np.bool_)
        for link in self._complete(self._factors):
            gain += _spread(link, axes)
        for link in self._complete(self._rules):
            allowed &= _spread(link, axes) != 0
        state, states = self._remember(axes)
        rows = (prod(shape[:-1]), levels)
        return Step(issue, np.moveaxis(gain, 0, -1).reshape(*rows, -1), allowed.reshape(rows), state, states)

    def _complete(self, links: list[_Link]) -> list[_Link]:
        """Take out of ``links`` those that look at no open issue."""
        found = [link for link in links if self._settled.issuperset(link.issues)]
        links[:] = [link for link in links if not self._settled.issuperset(link.issues)]
        return found

    def _remember(self, axes: list[tuple[int, Whole]]) -> tuple[Whole, int]:
        """Set the new border; return the new state of every old one and level, and how many there are."""
        shape = tuple(len(members) for _, members in axes)
        state, states = np.zeros(shape, dtype=np.int64), 1
        self._border = []
        for axis, (issue, members) in enumerate(axes):
            kind, first = self._classes(issue, members)
            if len(first) > 1:
                self._border.append((issue, members[first]))
                column = kind.reshape(tuple(-1 if k == axis else 1 for k in range(len(axes))))
                state = state * len(first) + column
                states *= len(first)
        return state.reshape(-1, shape[-1]), states

    def _classes(self, issue: int, members: Whole) -> tuple[Whole, Whole]:
        """Return the class of every level of an issue that the open links tell apart, and the first of each class."""
        looking = [link for link in (*self._factors, *self._rules) if issue in link.issues]
        if not looking:
            return np.zeros(len(members), dtype=np.int64), np.zeros(1, dtype=np.int64)
        slices = [np.moveaxis(link.table, 1 + link.issues.index(issue), 0)[members] for link in looking]
        seen: dict[bytes, int] = {}
        marks = [b"".join(part[place].tobytes() for part in slices) for place in range(len(members))]
        kind = np.array([seen.setdefault(mark, len(seen)) for mark in marks])
        return kind, np.array([marks.index(mark) for mark in seen])


def _spread(link: _Link, axes: list[tuple[int, Whole]]) -> Whole | Mask:
    """Return the link's table over the axes: shape (parties, *axes), 1 along axes it does not look at.

    An issue it looks at may have dropped off the border because all its levels are alike; its first level then
    stands for them.
    """
    places = {issue: axis for axis, (issue, _) in enumerate(axes)}
    index = []
    for issue in link.issues:
        members = axes[places[issue]][1] if issue in places else np.zeros(1, dtype=np.int64)
        axis = places.get(issue, 0)
        index.append(members.reshape(tuple(-1 if k == axis else 1 for k in range(len(axes)))) if axes else members)
    if not index:
        return link.table.reshape(-1, *[1] * len(axes))
    return link.table[(slice(None), *index)]


def _completions(found: tuple[Step, ...], parties: int) -> tuple[tuple[Whole, ...], tuple[Whole, ...]]:
    most, least = [np.zeros((1, parties), dtype=np.int64)], [np.zeros((1, parties), dtype=np.int64)]
    for step in reversed(found):
        fine = step.allowed & (most[-1][step.state, 0] > IMPOSSIBLE)
        ahead = np.where(fine[..., None], step.gain + most[-1][step.state], IMPOSSIBLE)
        behind = np.where(fine[..., None], step.gain + least[-1][step.state], -IMPOSSIBLE)
        most.append(ahead.max(axis=1))
        least.append(behind.min(axis=1))
    return tuple(most[::-1]), tuple(least[::-1])


def count_allowed(found: Plan) -> int | None:
    """Return how many packages the rules allow; None where that takes more than a moment to count."""
    if all(step.allowed.all() for step in found.steps):
        return int(prod(step.allowed.shape[1] for step in found.steps))
    if sum(step.allowed.size for step in found.steps) > MAXIMUM_STATES:
        return None
    ways = [1]
    for step in found.steps:
        after = [0] * step.states
        before, level = np.nonzero(step.allowed)
        for old, new in zip(before.tolist(), step.state[before, level].tolist(), strict=True):
            after[new] += ways[old]
        ways = after
    return ways[0]
