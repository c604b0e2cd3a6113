"""Red lines: would the threat be carried out, at what cost of backing down would it be, and how long can it hang?"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.signals.lines import Line, crossing, drawn_or_fixed_points, highest, terms_of, utility_lines
from backchannel.analyses.signals.thresholds import deal_state
from backchannel.model.model import Model
from backchannel.spec.evaluate import find_state
from backchannel.spec.information import RedLine

Floats = NDArray[np.float64]

COURSES = ("waits", "backs_down", "carries_out")
"""What an actor can do about its line without anybody else."""


@dataclass(frozen=True)
class Overtakes:
    """A course (or a deal) and the cost of the hanging line from which on it beats waiting.

    Parameters
    ----------
    course
        ``backs_down``, ``carries_out``, or the name of a deal.
    from_cost
        Points; 0 if it beats waiting whatever the line costs, −1 if it never does.
    ever_best
        Whether at some cost it is the best of the three courses; for a deal, whether it ever beats all three.
    """

    course: str
    from_cost: float
    ever_best: bool


@dataclass(frozen=True)
class RedLineVerdict:
    """One red line at the centres.

    Parameters
    ----------
    name, by
        Its id and who drew it.
    states
        The states of waiting, backing down, carrying out.
    values
        Their utilities for the actor, points.
    cost
        The cost of backing down, points (without its sign).
    credible_at
        The cost above which carrying out beats backing down; 0 if it does at any cost, −1 if at none.
    is_credible
        Whether at the cost in the file the actor would sooner carry out than back down.
    is_tenable
        Whether waiting is the best of the three today.
    clock
        The cost of the hanging line today, points; −1 if the file names none.
    overtakes
        From which cost on each course and each deal of the actor beats waiting.
    """

    name: str
    by: str
    states: tuple[str, str, str]
    values: tuple[float, float, float]
    cost: float
    credible_at: float
    is_credible: bool
    is_tenable: bool
    clock: float
    overtakes: tuple[Overtakes, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """The three courses, best first; equal ones in the order wait, back down, carry out."""
        return tuple(COURSES[k] for k in sorted(range(3), key=lambda k: -self.values[k]))


def red_lines(model: Model) -> tuple[RedLineVerdict, ...]:
    """Judge every red line of the file.

    A threat is credible if carrying it out beats backing down. Both are straight lines in the cost of backing down, and
    waiting is one in the cost of the hanging line, so every limit is the crossing of two lines. Source: audience costs,
    Fearon (1994); a minimal model derived here. Lines of actors with preferences by order only are left out.
    """
    if model.space.is_general_graph:
        return ()
    found = []
    for name, line in model.crisis.red_lines.items():
        row = model.actors.index(line.by)
        if terms_of(model, row) is not None:
            found.append(_judge(model, row, name, line))
    return tuple(found)


def _cells(model: Model, line: RedLine) -> tuple[int, int, int]:
    waits, backs, carries = (
        model.space.cell(find_state(model.crisis, state)) for state in (line.waits, line.backs_down, line.carries_out)
    )
    return waits, backs, carries


def _judge(model: Model, row: int, name: str, line: RedLine) -> RedLineVerdict:
    cells = _cells(model, line)
    values = tuple(model.points(row, cell) for cell in cells)
    _, backs, carries = (_in_cost(item) for item in utility_lines(model, row, cells, line.cost))
    return RedLineVerdict(
        name=name,
        by=line.by,
        states=(line.waits, line.backs_down, line.carries_out),
        values=(values[0], values[1], values[2]),
        cost=_cost(model, line.cost),
        credible_at=_from(carries, backs),
        is_credible=values[2] > values[1],
        is_tenable=values[0] >= max(values[1:]),
        clock=-1.0 if line.clock is None else _cost(model, line.clock),
        overtakes=() if line.clock is None else _overtakes(model, row, cells, line),
    )


def _in_cost(line: Line) -> Line:
    """Return a line in a worth as one in the cost it stands for: the worth without its minus."""
    return Line(line.at_zero, -line.slope)


def _cost(model: Model, path: str) -> float:
    return -next(item.number.centre for item in model.inputs if item.path == path) + 0.0


def _from(rival: Line, other: Line) -> float:
    """Return the cost from which on a rival beats another course: 0 for any cost, −1 for none."""
    at = crossing(rival, other)
    if at is None or at <= 0:
        beats = rival.at(1) > other.at(1) if at is None else rival.slope > other.slope
        return 0.0 if beats else -1.0
    return at if rival.slope > other.slope else -1.0


def _overtakes(model: Model, row: int, cells: tuple[int, int, int], line: RedLine) -> tuple[Overtakes, ...]:
    assert line.clock is not None
    alone = [_in_cost(item) for item in utility_lines(model, row, cells, line.clock)]
    best = {stretch.place for stretch in highest(alone, 0.0, inf)}
    found = [Overtakes(COURSES[k], _from(alone[k], alone[0]), k in best) for k in (1, 2)]
    for name, deal in model.crisis.deals.items():
        cell = deal_state(model, name) if line.by in deal.parties else None
        if cell is not None:
            [signed] = (_in_cost(item) for item in utility_lines(model, row, (cell,), line.clock))
            ever = 3 in {stretch.place for stretch in highest([*alone, signed], 0.0, inf)}
            found.append(Overtakes(name, _from(signed, alone[0]), ever))
    return tuple(found)


def not_carried_out(model: Model, name: str, values: Floats) -> NDArray[np.bool_]:
    """Return in which draws the threat of a red line is worse for its author than backing down, shape (draws,)."""
    line = model.crisis.red_lines[name]
    _, backs, carries = drawn_or_fixed_points(model, model.actors.index(line.by), _cells(model, line), values).T
    return np.asarray(backs > carries)
