"""Utilities of states as straight lines in one number of the file, and where such lines cross: solved, not searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import NDArray

from backchannel.model.compile import tensor
from backchannel.model.model import Model
from backchannel.model.preferences import features, term_paths
from backchannel.model.worths import drawn_points
from backchannel.spec.structure import Term

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """A value ``at_zero + slope * x``."""

    at_zero: float
    slope: float = 0.0

    def at(self, x: float) -> float:
        """Return the value at x."""
        return self.at_zero + self.slope * x


@dataclass(frozen=True)
class Interval:
    """All x with low <= x <= high; empty if low > high."""

    low: float
    high: float

    @property
    def is_empty(self) -> bool:
        """Whether no x lies in it."""
        return self.low > self.high

    def holds(self, x: float) -> bool:
        """Whether x lies in it."""
        return self.low <= x <= self.high


@dataclass(frozen=True)
class Stretch:
    """From ``low`` to ``high`` the line at this place is the highest."""

    place: int
    low: float
    high: float


def crossing(first: Line, second: Line) -> float | None:
    """Return where two lines cross; None if they are parallel."""
    rise = second.slope - first.slope
    return None if rise == 0 else (first.at_zero - second.at_zero) / rise


def at_least(upper: Line, lower: Line, low: float = -inf, high: float = inf) -> Interval:
    """Return where one line is as high as another, within bounds."""
    x = crossing(upper, lower)
    if x is None:
        return Interval(low, high) if upper.at_zero >= lower.at_zero else Interval(inf, -inf)
    return Interval(max(low, x), high) if upper.slope > lower.slope else Interval(low, min(high, x))


def highest(lines: Sequence[Line], low: float, high: float) -> tuple[Stretch, ...]:
    """Return which line is the highest where, from low to high: the upper envelope.

    Ties go to the line that comes first. Cost: lines squared.
    """
    cuts = {low, high}
    for k, first in enumerate(lines):
        for second in lines[k + 1 :]:
            x = crossing(first, second)
            if x is not None and low < x < high:
                cuts.add(x)
    points = sorted(cuts)
    found: list[Stretch] = []
    for start, end in pairwise(points):
        middle = _between(start, end)
        best = max(range(len(lines)), key=lambda k: (lines[k].at(middle), -k))
        if found and found[-1].place == best:
            found[-1] = Stretch(best, found[-1].low, end)
        else:
            found.append(Stretch(best, start, end))
    return tuple(found)


def _between(start: float, end: float) -> float:
    if end == inf:
        return start + 1 if start != -inf else 0.0
    return end - 1 if start == -inf else start / 2 + end / 2


def terms_of(model: Model, actor: int) -> tuple[Term, ...] | None:
    """Return the terms of an actor whose worths are magnitudes; None for an order, a ranking or tiers."""
    preference = model.crisis.preferences.get(model.actors[actor], ())
    if model.utilities[actor].scale != "cardinal" or not isinstance(preference, tuple):
        return None
    return preference


def utility_lines(model: Model, actor: int, cells: Sequence[int], path: str) -> tuple[Line, ...]:
    """Return the utility of some states, in points, as lines in the number at a path; flat if it is no worth of theirs.

    The actor has terms (see :func:`terms_of`). A state's slope is how many of its terms carry that path: 0 or 1.
    """
    return _lines(model, actor, cells, {path: (lambda centre: (-centre, 1.0))})


def dial_lines(model: Model, actor: int, cells: Sequence[int], dial: str) -> tuple[Line, ...]:
    """Return the utility of some states, in points, as lines in the position of a dial, 0 the file and 1 its values."""
    targets = {path.replace(" ", ""): number.centre for path, number in model.crisis.dials[dial].to.items()}
    return _lines(model, actor, cells, {path: _towards(target) for path, target in targets.items()})


def _towards(target: float) -> Callable[[float], tuple[float, float]]:
    return lambda centre: (0.0, target - centre)


def _lines(
    model: Model, actor: int, cells: Sequence[int], change: dict[str, Callable[[float], tuple[float, float]]]
) -> tuple[Line, ...]:
    """Return lines, given the change of intercept and slope that a term brings by its path and centre."""
    terms = terms_of(model, actor)
    assert terms is not None
    counted = features(terms, tensor(model.crisis), np.asarray(cells, dtype=np.int64))
    paths = term_paths(model.actors[actor], terms)
    shifts = np.array(
        [
            change[path](term.worth.centre) if path in change else (0.0, 0.0)
            for term, path in zip(terms, paths, strict=True)
        ]
    ).reshape(-1, 2)
    return tuple(
        Line(model.points(actor, cell) + float(shift), float(slope))
        for cell, (shift, slope) in zip(cells, counted @ shifts, strict=True)
    )


def drawn_or_fixed_points(model: Model, actor: int, cells: Sequence[int], values: Floats) -> Floats:
    """Return an actor's utility of some states in each draw, (draws, cells); without terms it keeps its points."""
    if terms_of(model, actor) is None:
        return np.tile([model.points(actor, cell) for cell in cells], (len(values), 1))
    return drawn_points(model, actor, np.asarray(cells, dtype=np.int64), values)
