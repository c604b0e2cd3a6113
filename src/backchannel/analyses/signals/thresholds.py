"""Which belief is decisive: at what belief in an event an actor's best course changes, solved exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.signals.beliefs import Track, drawn_belief
from backchannel.analyses.signals.lines import Line, crossing, drawn_or_fixed_points, terms_of
from backchannel.model.compile import tensor
from backchannel.model.model import Model
from backchannel.model.words import state_label
from backchannel.numerics.game import OptionGame
from backchannel.numerics.improvement_ends import improvement_ends
from backchannel.spec.evaluate import UnknownNameError, read_setting

Floats = NDArray[np.float64]
Verdict = Literal["holds", "changes", "open"]

MOST_WAYS = 8
"""Ways an event may come about that are told apart."""


@dataclass(frozen=True)
class Threshold:
    """One belief, one way in which the event may come, and one course open to the holder instead of holding out.

    Parameters
    ----------
    holder, that
        Whose belief, and in what (an option or a defined name).
    belief, low, high
        The belief now and its range.
    event
        The state if it comes while the holder holds out.
    courses
        The deals and named states that come to the same for the holder.
    hold, hold_if
        Utility of holding out if the event does not come and if it does, points.
    course, course_if
        The same of the course. Equal where the event is settled by the course, or is part of it.
    forestalls
        Whether the course is taken to keep the event from coming: its author prefers the course to today.
    flips_at
        The belief at which the two are worth the same; None if there is none from 0 to 1.
    verdict
        ``holds`` if holding out is better over the whole range of the belief, ``changes`` if the course is, ``open`` if
        the best course changes within the range.
    """

    holder: str
    that: str
    belief: float
    low: float
    high: float
    event: str
    courses: tuple[str, ...]
    hold: float
    hold_if: float
    course: float
    course_if: float
    forestalls: bool
    flips_at: float | None
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class _Course:
    """A course as cells: where it leads, where the event would take it, and whether it forestalls the event."""

    name: str
    cell: int
    event_cell: int
    forestalls: bool


def thresholds(model: Model, found: tuple[Track, ...]) -> tuple[Threshold, ...]:
    """Compare holding out with every deal and named state an actor can help to bring about, by its belief in an event.

    Holding out is worth (1 − p) u(today) + p u(event), a course (1 − p) u(course) + p u(course with the event). The
    event is the nearest state to today in which it holds; its author is who chooses the options that differ. A course
    that its author prefers to today is taken to forestall it: this is an assumption, and a finding says so.

    Notes
    -----
    Cost: one pass over the possible states a belief, and a constant for each course.
    """
    if model.space.is_general_graph:
        return ()
    out: list[Threshold] = []
    for track in found:
        if track.holder not in model.actors or not _is_event(model, track.that):
            continue
        row = model.actors.index(track.holder)
        if terms_of(model, row) is None:
            continue
        for way in event_cells(model, track.that):
            out += _grouped(model, row, track, way)
    return tuple(out)


def _is_event(model: Model, name: str) -> bool:
    return name in model.crisis.options or name in model.crisis.defines


def event_cells(model: Model, name: str) -> tuple[int, ...]:
    """Return the possible states nearest to today (fewest options changed) in which an option or definition holds.

    None if it holds today; at most :data:`MOST_WAYS`, in file order.
    """
    happens = _holds(model, name)
    space = model.space
    if happens[space.today]:
        return ()
    cells = space.cells[happens[space.cells]]
    if not cells.size:
        return ()
    changed = (space.levels(cells) != space.levels(np.array([space.today]))).sum(axis=1)
    nearest = cells[changed == changed.min()]
    return tuple(int(cell) for cell in nearest[:MOST_WAYS])


def _holds(model: Model, name: str) -> NDArray[np.bool_]:
    algebra = tensor(model.crisis)
    if name in model.crisis.options:
        flat: NDArray[np.bool_] = np.broadcast_to(algebra.levels(name) > 0, algebra.shape).reshape(-1)
        return flat
    return algebra.flat(model.crisis.defines[name])


def courses(model: Model, holder: str, event: int, that: str) -> tuple[_Course, ...]:
    """Return what the holder could help to bring about instead: its deals, and named states that take an act of its."""
    happens = _holds(model, that)
    today = model.space.levels(np.array([model.space.today]))[0]
    changed = np.flatnonzero(model.space.levels(np.array([event]))[0] != today)
    by = [option.by for option in model.crisis.options.values()]
    authors = {by[k] for k in changed}
    own = np.array([owner == holder for owner in by])
    cells = dict(_deals(model, holder))
    names = {name: cell for name, cell in model.space.named().items() if name not in cells}
    for name, cell in names.items():
        moved = model.space.levels(np.array([cell]))[0] != today
        if cell not in cells.values() and (moved & own).any():
            cells[name] = cell
    out = []
    for name, cell in cells.items():
        levels = model.space.levels(np.array([cell]))[0]
        if not (levels != today)[own].any():
            continue
        settled = authors and all(
            model.points(model.actors.index(author), cell) > model.points(model.actors.index(author), model.space.today)
            for author in authors
        )
        out.append(_course(model, name, cell, event, changed, bool(happens[cell]), bool(settled)))
    return tuple(out)


def _course(
    model: Model, name: str, cell: int, event: int, changed: NDArray[np.int64], contains: bool, settled: bool
) -> _Course:
    if contains or settled:
        return _Course(name, cell, cell, settled and not contains)
    levels = model.space.levels(np.array([cell]))[0].copy()
    levels[changed] = model.space.levels(np.array([event]))[0][changed]
    target = model.space.cell(tuple(int(level) for level in levels))
    possible = bool(np.isin(target, model.space.cells))
    return _Course(name, cell, target if possible else cell, False)


def _deals(model: Model, holder: str) -> list[tuple[str, int]]:
    """Return the deals a holder is party to, with the state each ends in, where that is possible."""
    crisis = model.crisis
    found = []
    for name, deal in crisis.deals.items():
        if holder not in deal.parties:
            continue
        cell = deal_state(model, name)
        if cell is not None:
            found.append((name, cell))
    return found


def deal_state(model: Model, name: str) -> int | None:
    """Return the state a deal of the file ends in: its terms and what it expects, from today; None if impossible."""
    deal = model.crisis.deals[name]
    return _state_of(model, (*deal.terms, *deal.expects))


def _state_of(model: Model, settings: tuple[str, ...]) -> int | None:
    now = {option: about.today_index for option, about in model.crisis.options.items()}
    try:
        now |= dict(read_setting(model.crisis, text) for text in settings)
    except UnknownNameError:
        return None
    cell = model.space.cell(tuple(now.values()))
    return cell if bool(np.isin(cell, model.space.cells)) else None


def course_cell(model: Model, name: str) -> int | None:
    """Return the state a course leads to, a deal or a named state; None if it is neither or impossible."""
    return deal_state(model, name) if name in model.crisis.deals else model.space.named().get(name)


def unmet_deals(model: Model) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the deals that expect of others what they need not do, with the options concerned.

    The others improve, in any order, from the state right after signing. An option counts if it stands otherwise than
    expected in some state in which they may come to rest; if they never do, every expected one counts.
    """
    if not isinstance(model.game, OptionGame):
        return ()
    found = []
    for name, deal in model.crisis.deals.items():
        end = deal_state(model, name)
        signed = _state_of(model, tuple(deal.terms))
        if end is not None and signed is not None and signed != end:
            options = _not_met(model, tuple(deal.parties), signed, end)
            if options:
                found.append((name, options))
    return tuple(found)


def _not_met(model: Model, parties: tuple[str, ...], signed: int, end: int) -> tuple[str, ...]:
    assert isinstance(model.game, OptionGame)
    movers = [row for row, actor in enumerate(model.actors) if actor not in parties]
    rests = model.space.levels(improvement_ends(model.game, np.array([signed]), movers).cells)
    before, after = model.space.levels(np.array([signed, end]))
    return tuple(
        name
        for k, name in enumerate(model.crisis.options)
        if before[k] != after[k] and (not len(rests) or (rests[:, k] != after[k]).any())
    )


def _grouped(model: Model, row: int, track: Track, event: int) -> list[Threshold]:
    """Return one threshold for each value a course may have, courses of equal value together."""
    groups: dict[tuple[float, float, bool], list[_Course]] = {}
    for item in courses(model, track.holder, event, track.that):
        key = (model.points(row, item.cell), model.points(row, item.event_cell), item.forestalls)
        groups.setdefault(key, []).append(item)
    hold, hold_if = model.points(row, model.space.today), model.points(row, event)
    now = track.now
    out = []
    for (course, course_if, forestalls), items in groups.items():
        flips = _flips(hold, hold_if, course, course_if)
        out.append(
            Threshold(
                holder=track.holder,
                that=track.that,
                belief=now.p,
                low=now.low,
                high=now.high,
                event=state_label(model, event),
                courses=tuple(item.name for item in items),
                hold=hold,
                hold_if=hold_if,
                course=course,
                course_if=course_if,
                forestalls=forestalls,
                flips_at=flips,
                verdict=_verdict(hold, hold_if, course, course_if, now.low, now.high),
            )
        )
    return out


def _flips(hold: float, hold_if: float, course: float, course_if: float) -> float | None:
    """Return the belief from 0 to 1 at which holding and the course are worth the same."""
    at = crossing(Line(hold, hold_if - hold), Line(course, course_if - course))
    return at if at is not None and 0 <= at <= 1 else None


def _verdict(hold: float, hold_if: float, course: float, course_if: float, low: float, high: float) -> Verdict:
    keep, move = Line(hold, hold_if - hold), Line(course, course_if - course)
    gains = [move.at(p) - keep.at(p) for p in (low, high)]
    if all(gain <= 0 for gain in gains):
        return "holds"
    return "changes" if all(gain > 0 for gain in gains) else "open"


def holding_draws(model: Model, track: Track, item: Threshold, values: Floats) -> NDArray[np.bool_]:
    """Return in which draws (belief and worths both drawn) holding out is at least as good, shape (draws,)."""
    row = model.actors.index(item.holder)
    event = next(cell for cell in event_cells(model, item.that) if state_label(model, cell) == item.event)
    course = next(c for c in courses(model, item.holder, event, item.that) if c.name == item.courses[0])
    today, then, alone, with_event = drawn_or_fixed_points(
        model, row, (model.space.today, event, course.cell, course.event_cell), values
    ).T
    p = drawn_belief(model, track, values)
    return np.asarray((1 - p) * today + p * then >= (1 - p) * alone + p * with_event)
