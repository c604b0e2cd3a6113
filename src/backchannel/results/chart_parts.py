"""Layers and tables that the constructors of charts share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backchannel.results.chart_marks import Axis, Layer, Value
from backchannel.results.table import Cell, Column, Table


@dataclass(frozen=True)
class Curve:
    """A line by name: its corners, and a band from ``low`` to ``high`` around it. ``step``: held until the next x."""

    name: str
    x: tuple[Value, ...]
    y: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    step: bool = False


@dataclass(frozen=True)
class Event:
    """Something that happened at an x; it is numbered in the plot and written out below it."""

    at: Value
    words: str


@dataclass(frozen=True)
class Level:
    """A value to hold the marks against, such as a threshold, with the words beside its line."""

    at: float
    words: str


@dataclass(frozen=True)
class Range:
    """A row: a centre with a range, a threshold to reach; rows of one name share a line, told apart by series."""

    name: str
    centre: float | None
    low: float | None = None
    high: float | None = None
    series: str = ""
    threshold: float | None = None
    low_label: str = ""
    high_label: str = ""


@dataclass(frozen=True)
class Delivery:
    """What a party does at a step (counted from 1), up to and including ``until``."""

    party: str
    what: str
    step: int
    until: int | None = None


def curve_layers(curves: Sequence[Curve]) -> tuple[Layer, ...]:
    """Return the bands of curves and then their lines."""
    bands = [_band(curve) for curve in curves if curve.low]
    drawn = [
        Layer("step" if curve.step else "line", curve.x, curve.y, series=(curve.name,) * len(curve.x))
        for curve in curves
    ]
    return (*bands, *drawn)


def _band(curve: Curve) -> Layer:
    """Return the band of a curve; that of a step curve gets the corners of its steps."""
    places = list(range(len(curve.x)))
    pairs = [(k, k) for k in places]
    if curve.step:
        pairs = sorted([*pairs, *((k, k - 1) for k in places[1:])])
    x, rows = tuple(curve.x[at] for at, _ in pairs), [row for _, row in pairs]
    low, high = (tuple(line[row] for row in rows) for line in (curve.low, curve.high))
    return Layer("band", x, low, y_end=high, series=(curve.name,) * len(x), quiet=True)


def level_layers(levels: Sequence[Level], axis: str) -> tuple[Layer, ...]:
    """Return lines right across at values of the x or the y axis, with their words."""
    at, words = tuple(float(level.at) for level in levels), tuple(level.words for level in levels)
    if not levels:
        return ()
    return (Layer("rule", x=at, label=words) if axis == "x" else Layer("rule", y=at, label=words),)


def shown(axis: Axis, value: float | None) -> float | None:
    """Return a value as the table beside the chart shows it: a share in percent."""
    return value if value is None or axis.scale != "share" else value * 100


def column(name: str, axis: Axis) -> Column:
    """Return the column of a table for the values of an axis."""
    if axis.scale in ("date", "name"):
        return Column(name, axis.title)
    return Column(name, axis.title, "number", "%" if axis.scale == "share" else axis.unit)


def curve_table(name: str, title: str, x: Axis, y: Axis, curves: Sequence[Curve], events: Sequence[Event]) -> Table:
    """Return the corners of curves, with their bands, and the events."""
    banded = any(curve.low for curve in curves)
    bounds = (("low", "from"), ("high", "to")) if banded else ()
    columns = (
        Column("curve", "Series"),
        column("x", x),
        column("y", y),
        *(column(name, Axis(f"{y.title}, {word}", y.unit, y.scale)) for name, word in bounds),
        *((Column("event", "Event"),) if events else ()),
    )
    at: dict[Value, str] = {}
    for event in events:
        at[event.at] = "; ".join(filter(None, (at.get(event.at, ""), event.words)))
    rows: list[tuple[Cell, ...]] = []
    for curve in curves:
        for k, place in enumerate(curve.x):
            ends = [shown(y, line[k]) if line else None for line in (curve.low, curve.high)] if banded else []
            start = place if isinstance(place, str) else shown(x, place)
            rows.append((curve.name, start, shown(y, curve.y[k]), *ends, *((at.get(place, ""),) if events else ())))
    drawn = {place for curve in curves for place in curve.x}
    blank = (None,) * (3 if banded else 1)
    rows += [("", place, *blank, words) for place, words in at.items() if place not in drawn]
    return Table(f"{name}-data", title, columns, tuple(rows))


def range_table(
    name: str, title: str, value: Axis, rows: Sequence[Range], row_title: str, ends: tuple[str, str]
) -> Table:
    """Return the rows of a chart of ranges, leaving out columns that nothing fills."""
    words = (value.title, *ends, "Threshold")
    numbers = [
        (name, word, tuple(shown(value, getattr(row, name)) for row in rows))
        for name, word in zip(("centre", "low", "high", "threshold"), words, strict=True)
    ]
    texts = [
        (name, word, tuple(getattr(row, name) for row in rows))
        for name, word in (
            ("name", row_title),
            ("series", "Series"),
            ("low_label", "Low end"),
            ("high_label", "High end"),
        )
    ]
    kept_texts = [part for part in texts if any(part[2])]
    kept = [part for part in numbers if any(cell is not None for cell in part[2])]
    columns = (
        *(Column(name, word) for name, word, _ in kept_texts),
        *(column(name, Axis(word, value.unit, value.scale)) for name, word, _ in kept),
    )
    cells = [part[2] for part in (*kept_texts, *kept)]
    return Table(f"{name}-data", title, columns, tuple(zip(*cells, strict=True)))


def schedule_table(
    name: str,
    title: str,
    parties: Sequence[str],
    deliveries: Sequence[Delivery],
    exposure: Sequence[Curve],
    unit: str,
    last: int,
) -> Table:
    """Return a row a step: what each party delivers in it, and what each has to lose after it."""
    columns = (
        Column("step", "Step", "number"),
        *(Column(f"party{k}", party) for k, party in enumerate(parties)),
        *(Column(f"exposure{k}", f"Exposure: {curve.name}", "number", unit) for k, curve in enumerate(exposure)),
    )
    rows = []
    for step in range(last + 1):
        doing = [item for item in deliveries if item.step <= step <= (item.until or item.step)]
        words = ["; ".join(item.what for item in doing if item.party == party) for party in parties]
        rows.append((step, *words, *(_held(curve, step) for curve in exposure)))
    return Table(f"{name}-data", title, columns, tuple(rows))


def _held(curve: Curve, step: int) -> float | None:
    """Return a curve's value at a step, its last one at or before it."""
    before = [value for place, value in zip(curve.x, curve.y, strict=True) if float(place) <= step]
    return before[-1] if before else None
