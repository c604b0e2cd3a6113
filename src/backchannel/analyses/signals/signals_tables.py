"""The tables and the chart of ``signals``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backchannel.analyses.signals.beliefs import Track
from backchannel.analyses.signals.speech import speaker, statement
from backchannel.model.model import Model
from backchannel.results.chart import Axis, Chart, Curve, Event, Range, lines, ranges
from backchannel.results.table import Cell, Column, Table

if TYPE_CHECKING:
    from backchannel.analyses.signals.signals import SignalsResult

Rows = tuple[tuple[Cell, ...], ...]


def tables(model: Model, result: SignalsResult) -> tuple[Table, ...]:
    """Return the tables; one without rows is not shown."""
    return (
        _beliefs(model, result),
        _thresholds(model, result),
        _signals(model, result),
        _prices(model, result),
        _red_lines(model, result),
        _contested(model, result),
        _waiting(model, result),
    )


def _beliefs(model: Model, result: SignalsResult) -> Table:
    columns = (
        Column("holder", "Who"),
        Column("statement", "Holds that"),
        Column("day", "Day"),
        Column("cause", "Moved by"),
        Column("ratio", "Odds times", "number", help="chance of the signal if true over its chance if false"),
        Column("belief", "Belief", "number"),
        Column("low", "Least", "number", help="over the stated ranges"),
        Column("high", "Greatest", "number"),
    )
    rows: Rows = tuple(
        (
            speaker(model, track.holder), track.that, step.day, step.cause,
            None if step.cause == "prior" else round(step.ratio, 3), round(step.p, 3), round(step.low, 3),
            round(step.high, 3),
        )
        for track in result.tracks
        if result.params.full or len(track.steps) > 1
        for step in track.steps
    )  # fmt: skip
    return Table("signals.beliefs", "Beliefs over time", columns, rows)


def _thresholds(model: Model, result: SignalsResult) -> Table:
    columns = (
        Column("holder", "Who"),
        Column("statement", "Holds possible"),
        Column("belief", "Belief", "number"),
        Column("low", "Least", "number"),
        Column("high", "Greatest", "number"),
        Column("course", "Instead of holding out"),
        Column("flips_at", "Better from", "number", help="belief at which the course is worth as much as holding out"),
        Column("verdict", "So now", help="holds; changes; open: it changes within the range of the belief"),
        *((Column("share", "Holds out in", "number", "share of draws"),) if result.threshold_share else ()),
    )
    rows: list[tuple[Cell, ...]] = []
    for k, item in enumerate(result.thresholds):
        if item.flips_at is None and item.verdict == "holds" and not result.params.full:
            continue
        flips = "any" if item.flips_at is None and item.verdict == "changes" else item.flips_at
        row: tuple[Cell, ...] = (
            speaker(model, item.holder), item.that, item.belief, item.low, item.high, ", ".join(item.courses),
            round(flips, 3) if isinstance(flips, float) else flips, item.verdict,
        )  # fmt: skip
        rows.append((*row, round(result.threshold_share[k], 3)) if result.threshold_share else row)
    return Table("signals.thresholds", "At what belief the best course changes", columns, tuple(rows))


def _signals(model: Model, result: SignalsResult) -> Table:
    columns = (
        Column("signal", "Signal"),
        Column("by", "From"),
        Column("to", "To"),
        Column("that", "On"),
        Column("ratio", "Odds times", "number"),
        Column("true", "Cost if true", "number", "points"),
        Column("gain", "Gain", "number", "points"),
        Column("false", "Cost if false", "number", "points"),
        Column("sunk", "If paid in any case"),
        Column("tied", "Bluff fails above", "number", help="chance of a challenge, if only a caught bluffer pays"),
    )
    rows: Rows = tuple(
        (
            f"{item.signal} (not sent)" if item.hypothetical else item.signal,
            speaker(model, item.by), ", ".join(speaker(model, name) for name in item.to) or "all",
            item.that, round(item.ratio, 3), item.cost_if_true if item.is_deed else None,
            item.gain if item.is_deed else None, item.cost_if_false if item.is_deed else None, item.verdict,
            round(item.bluff_called, 3) if item.is_deed else None,
        )
        for item in result.separations
    )  # fmt: skip
    return Table("signals.signals", "Signals: what they say and who would send them", columns, rows)


def _prices(model: Model, result: SignalsResult) -> Table:
    columns = (
        Column("actor", "Who would pay"),
        Column("demand", "For"),
        Column("dial", "Dial"),
        Column("position", "Position", "number"),
        Column("price", "At most", "number", "points"),
        Column("own", "Best way alone"),
    )
    rows = dict.fromkeys(
        (model.actor_name(item.actor), item.demand, item.dial, position, round(price, 3), own)
        for item in result.leverages
        for position, price, own in zip(item.positions, item.prices, item.own, strict=True)
    )
    return Table("signals.prices", "What the demand is worth to who makes it", columns, tuple(rows))


def _red_lines(model: Model, result: SignalsResult) -> Table:
    columns = (
        Column("line", "Red line"),
        Column("by", "Of"),
        Column("course", "Course or deal"),
        Column("from", "Beats waiting from", "number", "points of cost"),
        Column("best", "Ever best", "mark"),
    )
    rows: Rows = tuple(
        (
            item.name, model.actor_name(item.by), rival.course,
            round(rival.from_cost, 3) if rival.from_cost >= 0 else "never", rival.ever_best,
        )
        for item in result.red_lines
        for rival in item.overtakes
    )  # fmt: skip
    return Table("signals.red_lines", "How long a line can hang", columns, rows)


def _contested(model: Model, result: SignalsResult) -> Table:
    columns = (
        Column("event", "Event"),
        Column("by", "Who reports"),
        Column("says", "Affirms", "mark"),
        Column("interested", "A party", "mark"),
        Column("ratio", "Odds times", "number"),
        Column("belief", "Belief after", "number"),
        Column("sources", "Sources"),
    )
    rows: Rows = tuple(
        (
            item.name, speaker(model, heard.by), heard.affirms, heard.interested, round(heard.ratio, 3),
            round(heard.p, 3), ", ".join(heard.sources),
        )
        for item in result.contests
        for heard in item.heard
    )  # fmt: skip
    return Table("signals.contested", "Contested events", columns, rows)


def _waiting(model: Model, result: SignalsResult) -> Table:
    columns = (
        Column("deal", "Deal"),
        Column("to", "Or wait for"),
        Column("party", "Party"),
        Column("view", "Its view", "number", help="the chance it gives to what may come"),
        Column("low", "Signs from", "number"),
        Column("high", "Signs up to", "number"),
        Column("signs", "Signs", "mark"),
        Column("verdict", "The deal"),
    )
    rows: Rows = tuple(
        (
            item.deal, item.to, model.actor_name(party.party), party.view,
            round(party.low, 3) if party.low >= 0 else "never", round(party.high, 3) if party.low >= 0 else "never",
            party.signs, item.verdict,
        )
        for item in result.optimism
        for party in item.parties
    )  # fmt: skip
    return Table("signals.waiting", "Sign or wait", columns, rows)


def charts(model: Model, result: SignalsResult) -> tuple[Chart, ...]:
    """Return the charts of beliefs by date and of beliefs against the values at which the best course changes."""
    return (*_by_date(model, result), *_against_thresholds(model, result))


def _against_thresholds(model: Model, result: SignalsResult) -> tuple[Chart, ...]:
    """Set each belief with its range against the belief from which on a course beats holding out."""
    found = [item for item in result.thresholds if item.flips_at is not None]
    if not found:
        return ()
    rows = tuple(
        Range(
            f"{speaker(model, item.holder)}, {item.that}: {', '.join(item.courses[:MOST_COURSES])}"
            + (" and more" if len(item.courses) > MOST_COURSES else ""),
            item.belief,
            item.low,
            item.high,
            threshold=item.flips_at,
        )
        for item in found
    )
    said = "; ".join(f"{row.name} {row.centre:.2f} against {row.threshold:.2f}" for row in rows)
    chart = ranges(
        "beliefs-against-thresholds",
        "At what belief the best course changes",
        f"Each belief with its range, and the belief from which on a course beats holding out: {said}.",
        value=Axis("Belief", scale="share", least=0.0, most=1.0),
        rows=rows,
        row_title="Who, event and course",
    )
    return (chart,)


MOST_COURSES = 3
"""Courses named in one row of a chart."""


def _by_date(model: Model, result: SignalsResult) -> tuple[Chart, ...]:
    """Return every belief that changed, held from step to step up to the file's day."""
    moved = [track for track in result.tracks if len({step.day for step in track.steps} - {""}) > 1]
    if not moved:
        return ()
    end = max([result.as_of, *(step.day for track in moved for step in track.steps)])
    names = [f"{speaker(model, track.holder)}: {track.that}" for track in moved]
    events = dict.fromkeys(
        (step.day, step.cause) for track in moved for step in track.steps if step.cause != "prior" and step.day
    )
    said = "; ".join(
        f"{name} {track.steps[0].p:.2f} to {track.now.p:.2f}" for name, track in zip(names, moved, strict=True)
    )
    chart = lines(
        "beliefs-by-date",
        "Beliefs by date",
        f"Beliefs over time, each held until a signal moves it: {said}.",
        x=Axis("Day", scale="date"),
        y=Axis("Belief", scale="share", least=0.0, most=1.0),
        curves=tuple(_curve(name, track, end) for name, track in zip(names, moved, strict=True)),
        events=tuple(Event(day, f"{cause} ({statement(model, model.crisis.signals[cause].that)})")
                     for day, cause in sorted(events)),
    )  # fmt: skip
    return (chart,)


def _curve(name: str, track: Track, end: str) -> Curve:
    steps = [step for step in track.steps if step.day]
    if steps[-1].day != end:
        last = steps[-1]
        steps.append(type(last)(end, "prior", "", 1.0, last.p, last.low, last.high))
    ranged = any(step.low != step.high for step in steps)
    return Curve(
        name,
        tuple(step.day for step in steps),
        tuple(step.p for step in steps),
        tuple(step.low for step in steps) if ranged else (),
        tuple(step.high for step in steps) if ranged else (),
        step=True,
    )
