"""The smallest weighted change of some numbers within bounds that meets clauses of linear inequalities.

Each literal is an inequality ``gradient . x <= limit``; each alternative is a set of literals that must all hold;
each clause needs one of its alternatives. A mixed-integer programme (HiGHS, through SciPy) chooses alternatives with
big constants no larger than the bounds demand; a linear programme without them then gives the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import TooLargeError

Floats = NDArray[np.float64]

TOLERANCE = 1e-9
SECONDS = 60.0
MOST_RETRIES = 200
MOST_CHOICES = 20_000


@dataclass(frozen=True, eq=False)
class Box:
    """What may change: centres, bounds and the price of a unit of change, each of shape (numbers,)."""

    centre: Floats
    low: Floats
    high: Floats
    price: Floats

    def least(self, gradient: Floats) -> float:
        """Return the least value of ``gradient . x`` within the bounds."""
        return float(np.minimum(gradient * self.low, gradient * self.high).sum())

    def greatest(self, gradient: Floats) -> float:
        """Return the greatest value of ``gradient . x`` within the bounds."""
        return float(np.maximum(gradient * self.low, gradient * self.high).sum())


@dataclass(frozen=True, order=True)
class Literal:
    """``gradient . x <= limit``."""

    gradient: tuple[float, ...]
    limit: float


Alternative = frozenset[Literal]
Clauses = Sequence[frozenset[Alternative]]


def least_change(
    box: Box, clauses: Clauses, equal: Sequence[tuple[float, ...]] = (), slack: float = 0.0
) -> Floats | None:
    """Return the numbers nearest to the centres that meet every clause, or None if there are none.

    Parameters
    ----------
    box
        Bounds and prices; the cost is the sum of prices times absolute changes.
    clauses
        What must hold.
    equal
        Gradients whose value must be 0.
    slack
        By how much every chosen inequality is tightened in the second step.

    Raises
    ------
    TooLargeError
        If the solver does not finish within :data:`SECONDS` seconds a step.
    """
    reduced = _reduced(box, clauses)
    if reduced is None:
        return None
    literals = sorted({literal for item in reduced for part in item for literal in part})
    barred: list[frozenset[Literal]] = []
    for _ in range(MOST_RETRIES):
        chosen = _choose(box, reduced, literals, equal, barred)
        if chosen is None:
            return None
        numbers = _nearest(box, chosen, equal, slack)
        if numbers is not None:
            return numbers
        barred.append(chosen)  # only rounding made these hold together
    raise TooLargeError(
        f"{MOST_RETRIES} choices held together by rounding only; the worths are too large for exact answers"
    )


def _reduced(box: Box, clauses: Clauses) -> list[frozenset[Alternative]] | None:
    """Drop what always holds and what never can; None if a clause is left with nothing."""
    literals = {literal for item in clauses for part in item for literal in part}
    open_ones = {one for one in literals if box.least(np.array(one.gradient)) <= one.limit + TOLERANCE}
    certain = {one for one in open_ones if box.greatest(np.array(one.gradient)) <= one.limit}
    reduced = []
    for item in clauses:
        left = frozenset(part - certain for part in item if part <= open_ones)
        if not left:
            return None
        if frozenset() not in left:
            reduced.append(left)
    return list(dict.fromkeys(reduced))


def _choose(
    box: Box,
    clauses: list[frozenset[Alternative]],
    literals: list[Literal],
    equal: Sequence[tuple[float, ...]],
    barred: list[frozenset[Literal]],
) -> frozenset[Literal] | None:
    """Return which literals the cheapest choice makes true, or None if no choice is possible."""
    alternatives = sorted({part for item in clauses for part in item if len(part) > 1}, key=sorted)
    numbers = box.centre.size
    first = 2 * numbers
    items: list[Literal | Alternative] = [*literals, *alternatives]
    place = {item: first + k for k, item in enumerate(items)}
    if len(place) > MOST_CHOICES:
        raise TooLargeError(f"{len(place):,} choices are more than the {MOST_CHOICES:,} the smallest change takes")
    width = first + len(place)
    rows = _Rows(width)
    for gradient in equal:
        rows.linear(np.array(gradient), box.centre, 0.0, 0.0)
    for literal in literals:
        left = np.array(literal.gradient)
        big = max(box.greatest(left) - literal.limit, 0.0)
        rows.linear(left, box.centre, -np.inf, literal.limit + big, {place[literal]: big})
    for part in alternatives:
        for literal in part:
            rows.add({place[part]: 1.0, place[literal]: -1.0}, -np.inf, 0.0)
    for item in clauses:
        rows.add({place[part if len(part) > 1 else next(iter(part))]: 1.0 for part in item}, 1.0, np.inf)
    for together in barred:
        rows.add({place[literal]: 1.0 for literal in together}, -np.inf, len(together) - 1.0)
    solution = _solve(box, rows, len(place))
    if solution is None:
        return None
    return frozenset(literal for literal in literals if solution[place[literal]] > 0.5)


def _nearest(box: Box, chosen: frozenset[Literal], equal: Sequence[tuple[float, ...]], slack: float) -> Floats | None:
    """Return the numbers nearest to the centres at which all chosen literals hold."""
    rows = _Rows(2 * box.centre.size)
    for gradient in equal:
        rows.linear(np.array(gradient), box.centre, 0.0, 0.0)
    for literal in sorted(chosen):
        rows.linear(np.array(literal.gradient), box.centre, -np.inf, literal.limit - slack)
    solution = _solve(box, rows, 0)
    if solution is None:
        return None
    numbers = box.centre.size
    return np.clip(box.centre + solution[:numbers] - solution[numbers : 2 * numbers], box.low, box.high)


class _Rows:
    """Rows of a programme over (increases, decreases, choices)."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._place: tuple[list[int], list[int]] = ([], [])
        self._value: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, entries: dict[int, float], low: float, high: float) -> None:
        for column, value in entries.items():
            self._place[0].append(len(self.low))
            self._place[1].append(column)
            self._value.append(value)
        self.low.append(low)
        self.high.append(high)

    def linear(
        self, gradient: Floats, centre: Floats, low: float, high: float, entries: dict[int, float] | None = None
    ) -> None:
        """Add ``low <= gradient . x + entries <= high``, written in changes from the centre."""
        base = float(gradient @ centre)
        used = np.flatnonzero(gradient).tolist()
        changes = {k: float(gradient[k]) for k in used} | {gradient.size + k: -float(gradient[k]) for k in used}
        self.add(changes | (entries or {}), low - base, high - base)

    def matrix(self) -> Any:
        """Return the coefficients as a sparse matrix."""
        from scipy.sparse import csr_array

        return csr_array((self._value, self._place), shape=(len(self.low), self._width))


def _solve(box: Box, rows: _Rows, choices: int) -> Floats | None:
    from scipy.optimize import Bounds, LinearConstraint, milp

    bound = np.concatenate([box.high - box.centre, box.centre - box.low, np.ones(choices)])
    if bound.size == 0:
        return np.zeros(0) if all(low <= 0 <= high for low, high in zip(rows.low, rows.high, strict=True)) else None
    constraints: Any = LinearConstraint(rows.matrix(), rows.low, rows.high) if rows.low else ()
    answer = milp(
        np.concatenate([box.price, box.price, np.zeros(choices)]),
        integrality=np.concatenate([np.zeros(bound.size - choices), np.ones(choices)]),
        bounds=Bounds(np.zeros(bound.size), np.maximum(bound, 0.0)),
        constraints=constraints,
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if answer.status == 2:
        return None
    if answer.status != 0:
        raise TooLargeError(f"the smallest change was not found within {SECONDS:.0f} s a step ({choices:,} choices)")
    return np.asarray(answer.x, dtype=np.float64)
