"""Charts as data, which an analysis hands back in ``Result.charts`` and ``render/chart.py`` draws.

Eight kinds, one function each. All take ``name`` (letters, digits, hyphens; unique in the result, it names the file),
``title`` (what is shown, with no judgement) and ``alt`` (one sentence that says it in words), the rest by keyword::

    utility_plane(name, title, alt, *, parties=("US", "Russia"), gains=(packages, 2), names=(...), front=mask,
                  marked={"Nash": (3,)}, unit="points", no_deal=(0, 0))
    parallel_coordinates(name, title, alt, *, parties=(...), gains=(packages, parties), names=(...), front=mask,
                         marked={"Nash": (3,)}, unit="points")
    matrix(name, title, alt, *, rows=(...), columns=(...), cells=((word, ...), ...), row_title="Issues",
           column_title="Parties", strong=("zone",))
    lines(name, title, alt, *, x=Axis(...), y=Axis(...), curves=(Curve(...), ...), events=(Event(...), ...),
          levels=(Level(...), ...))
    ranges(name, title, alt, *, value=Axis(...), rows=(Range(...), ...), row_title="Format", levels=(Level(...), ...))
    tornado(name, title, alt, *, value=Axis(...), rows=(Range(...), ...), row_title="Input")
    schedule(name, title, alt, *, deliveries=(Delivery(...), ...), exposure=(Curve(...), ...), unit="points")
    steps(name, title, alt, *, value=Axis(...), names=(...), gains=(...), levels=(Level(...), ...), row_title="Group")

with ``Curve(name, x, y, low=(), high=(), step=False)``, ``Event(at, words)``, ``Level(at, words)``,
``Range(name, centre, low=None, high=None, series="", threshold=None, low_label="", high_label="")``,
``Delivery(party, what, step, until=None)`` and ``Axis(title, unit="", scale="number")``. Other scales are ``count``,
``share`` (0 to 1, shown in percent), ``date`` (ISO text such as ``2019-05-01``) and ``name``. ``lines``, ``ranges`` and
``schedule`` take ``series=(every actor, in file order)``, so that an actor looks the same in every chart. Anything else
is made from ``Chart``, ``Panel`` and ``Layer``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backchannel.numerics.number_format import number
from backchannel.results.chart_marks import Axis, Chart, Layer, Mark, Panel, Scale, Value
from backchannel.results.chart_packages import parallel_coordinates, utility_plane
from backchannel.results.chart_parts import (
    Curve,
    Delivery,
    Event,
    Level,
    Range,
    column,
    curve_layers,
    curve_table,
    level_layers,
    range_table,
    schedule_table,
    shown,
)
from backchannel.results.table import Column, Table

__all__ = [
    "Axis",
    "Chart",
    "Curve",
    "Delivery",
    "Event",
    "Layer",
    "Level",
    "Mark",
    "Panel",
    "Range",
    "Scale",
    "Value",
    "lines",
    "matrix",
    "parallel_coordinates",
    "ranges",
    "schedule",
    "steps",
    "tornado",
    "utility_plane",
]

LOW_END, HIGH_END = "Input at its low end", "Input at its high end"


def matrix(
    name: str,
    title: str,
    alt: str,
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[str]],
    row_title: str,
    column_title: str,
    strong: Sequence[str],
) -> Chart:
    """Draw a table of words, the cells with one of the ``strong`` words filled.

    Parameters
    ----------
    rows, columns
        Names, from top to bottom and from left to right.
    cells
        A word for each row and column; empty where it was not asked.
    row_title, column_title
        What the names are.
    strong
        Words whose cells stand out, in the order of their colours.
    """
    asked = [
        (column, row, word)
        for row, line in zip(rows, cells, strict=True)
        for column, word in zip(columns, line, strict=True)
        if word
    ]
    pale = tuple(dict.fromkeys(word for _, _, word in asked if word not in strong))
    groups = ((pale, True), (strong, False))
    made = [_cells([cell for cell in asked if cell[2] in group], quiet=quiet) for group, quiet in groups]
    return Chart(
        id=name,
        title=title,
        alt=alt,
        x=Axis(column_title, scale="name", names=tuple(columns)),
        panels=(Panel(Axis(row_title, scale="name", names=tuple(rows)), tuple(layer for layer in made if layer.size)),),
        table=Table(
            f"{name}-data",
            title,
            (Column("row", row_title), *(Column(f"column{k}", item) for k, item in enumerate(columns))),
            tuple((row, *line) for row, line in zip(rows, cells, strict=True)),
        ),
        series=(*strong, *pale),
    )


def lines(
    name: str,
    title: str,
    alt: str,
    *,
    x: Axis,
    y: Axis,
    curves: Sequence[Curve],
    events: Sequence[Event] = (),
    levels: Sequence[Level] = (),
    series: Sequence[str] = (),
) -> Chart:
    """Draw curves, with bands and events: a price by hazard, a belief by date.

    Parameters
    ----------
    x, y
        The axes; x may be a date axis.
    curves
        In the order of their colours.
    events
        Marked on the x axis and written out below.
    levels
        Lines across, such as a threshold.
    series
        Every name that shall keep its colour across charts, in order; drawn or not.
    """
    return Chart(
        id=name,
        title=title,
        alt=alt,
        x=x,
        panels=(Panel(y, (*level_layers(levels, "y"), *_events(events), *curve_layers(curves))),),
        table=curve_table(name, title, x, y, curves, events),
        series=tuple(dict.fromkeys((*series, *(curve.name for curve in curves)))),
    )


def ranges(
    name: str,
    title: str,
    alt: str,
    *,
    value: Axis,
    rows: Sequence[Range],
    row_title: str,
    levels: Sequence[Level] = (),
    series: Sequence[str] = (),
) -> Chart:
    """Draw a dot with its range in each row: forecasts by format, beliefs against thresholds.

    Parameters
    ----------
    value
        The axis of the values.
    rows
        From top to bottom; rows of the same name stand on one line, one under the other by series.
    row_title
        What the names are.
    levels
        Lines from top to bottom, such as a value without the option.
    series
        Every name that shall keep its colour across charts, in order; drawn or not.
    """
    spans = [row for row in rows if row.low is not None and row.high is not None]
    dots = [row for row in rows if row.centre is not None]
    ticks = [row for row in rows if row.threshold is not None]
    layers = (
        *level_layers(levels, "x"),
        Layer("rule", _of(spans, "low"), _of(spans, "name"), _of(spans, "high"), series=_series(spans)),
        Layer("point", _of(dots, "centre"), _of(dots, "name"), series=_series(dots)),
        Layer("tick", _of(ticks, "threshold"), _of(ticks, "name"), series=("Threshold",) * len(ticks)),
    )
    known = (*series, *(row.series for row in rows if row.series), *(("Threshold",) if ticks else ()))
    table = range_table(name, title, value, rows, row_title, ("From", "To"))
    return _rows_chart(name, title, alt, value, table, row_title, layers, tuple(dict.fromkeys(known)))


def tornado(name: str, title: str, alt: str, *, value: Axis, rows: Sequence[Range], row_title: str) -> Chart:
    """Draw how far a result moves as each input goes through its range, the widest first.

    Parameters
    ----------
    value
        The axis of the result.
    rows
        ``centre`` the result at the input's centre, ``low`` and ``high`` the result at the input's low and high end,
        ``low_label`` and ``high_label`` those ends. They are sorted here by the width of their bar.
    row_title
        What the names are.

    Raises
    ------
    ValueError
        If a row lacks its centre or an end.
    """
    if any(row.centre is None or row.low is None or row.high is None for row in rows):
        raise ValueError("every row of a tornado needs a centre and both ends")
    ordered = sorted(rows, key=lambda row: -_width(row))
    centres = sorted({float(row.centre) for row in rows if row.centre is not None})
    layers = (
        *level_layers([Level(centre, "") for centre in centres], "x"),
        *(
            Layer(
                "bar",
                _of(ordered, "centre"),
                _of(ordered, "name"),
                _of(ordered, end),
                series=(series,) * len(ordered),
                label=tuple(getattr(row, f"{end}_label") for row in ordered),
            )
            for end, series in (("low", LOW_END), ("high", HIGH_END))
        ),
    )
    table = range_table(name, title, value, ordered, row_title, (LOW_END, HIGH_END))
    return _rows_chart(name, title, alt, value, table, row_title, layers, (LOW_END, HIGH_END))


def schedule(
    name: str,
    title: str,
    alt: str,
    *,
    deliveries: Sequence[Delivery],
    exposure: Sequence[Curve] = (),
    unit: str = "points",
    series: Sequence[str] = (),
) -> Chart:
    """Draw who delivers what at which step, and below it what each party then has to lose.

    Parameters
    ----------
    deliveries
        Any order; they are drawn by step. A step runs from the mark before it to its own.
    exposure
        One curve a party: x the steps (0 = before the first), y what a breach by the others would cost it then.
    unit
        Of the exposure.
    series
        Every name that shall keep its colour across charts, in order; drawn or not.
    """
    parties = tuple(dict.fromkeys(item.party for item in deliveries))
    ordered = sorted(deliveries, key=lambda item: item.step)
    last = max(item.until or item.step for item in ordered)
    rows = tuple(f"{item.party}: {item.what}" for item in ordered)
    bars = Layer(
        "bar",
        x=tuple(float(item.step - 1) for item in ordered),
        y=rows,
        x_end=tuple(float(item.until or item.step) for item in ordered),
        series=tuple(item.party for item in ordered),
    )
    upper = Panel(Axis("Delivery", scale="name", names=tuple(dict.fromkeys(rows))), (bars,))
    lower = Panel(Axis("Exposure", unit), curve_layers(exposure))
    return Chart(
        id=name,
        title=title,
        alt=alt,
        x=Axis("Steps done", scale="count", least=0.0, most=float(last)),
        panels=(upper, lower) if exposure else (upper,),
        table=schedule_table(name, title, parties, deliveries, exposure, unit, last),
        series=tuple(dict.fromkeys((*series, *parties, *(curve.name for curve in exposure)))),
    )


def steps(
    name: str,
    title: str,
    alt: str,
    *,
    value: Axis,
    names: Sequence[str],
    gains: Sequence[float],
    row_title: str,
    levels: Sequence[Level] = (),
) -> Chart:
    """Draw what adds up in order, one bar starting where the last one ended: who leaves after whom.

    Parameters
    ----------
    value
        The axis of the sum.
    names
        In order, first on top; all different.
    gains
        What each adds.
    row_title
        What the names are.
    levels
        Lines from top to bottom, such as a tipping point.
    """
    sums = np.concatenate([[0.0], np.cumsum(np.asarray(gains, dtype=np.float64))]).tolist()
    bars = Layer(
        "bar",
        tuple(sums[:-1]),
        tuple(names),
        tuple(sums[1:]),
        series=(value.title,) * len(names),
        label=tuple(
            number(float(shown(value, end) or 0)) + (" %" if value.scale == "share" else "") for end in sums[1:]
        ),
    )
    rows = tuple(
        (item, shown(value, end - start), shown(value, end))
        for item, start, end in zip(names, sums[:-1], sums[1:], strict=True)
    )
    columns = (Column("name", row_title), column("adds", Axis("Adds", value.unit, value.scale)), column("sum", value))
    return Chart(
        id=name,
        title=title,
        alt=alt,
        x=value,
        panels=(Panel(Axis(row_title, scale="name", names=tuple(names)), (*level_layers(levels, "x"), bars)),),
        table=Table(f"{name}-data", title, columns, rows),
        series=(value.title,),
    )


def _rows_chart(
    name: str,
    title: str,
    alt: str,
    value: Axis,
    table: Table,
    row_title: str,
    layers: tuple[Layer, ...],
    series: tuple[str, ...],
) -> Chart:
    names = tuple(dict.fromkeys(str(item) for item in table.column("name")))
    panel = Panel(Axis(row_title, scale="name", names=names), tuple(layer for layer in layers if layer.size))
    return Chart(id=name, title=title, alt=alt, x=value, panels=(panel,), table=table, series=series)


def _of(rows: Sequence[Range], field: str) -> tuple[Value, ...]:
    return tuple(getattr(row, field) for row in rows)


def _series(rows: Sequence[Range]) -> tuple[str, ...]:
    return tuple(row.series for row in rows) if any(row.series for row in rows) else ()


def _width(row: Range) -> float:
    ends = [value for value in (row.centre, row.low, row.high) if value is not None]
    return max(ends) - min(ends)


def _cells(cells: Sequence[tuple[str, str, str]], *, quiet: bool) -> Layer:
    column, row, word = zip(*cells, strict=True) if cells else ((), (), ())
    return Layer("cell", column, row, series=word, label=word, quiet=quiet)


def _events(events: Sequence[Event]) -> tuple[Layer, ...]:
    if not events:
        return ()
    return (
        Layer("rule", x=tuple(event.at for event in events), label=tuple(event.words for event in events), quiet=True),
    )
