"""A placed chart as an Altair chart: real scales, marks with their looks written out, words where they were placed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

import altair as alt

from backchannel.render.chart_labels import end_words, plot_words
from backchannel.render.chart_layout import KeyMark, Layout, Look, look_of
from backchannel.render.chart_plot import SLIM, Plot
from backchannel.render.chart_scale import Ruler, position
from backchannel.render.chart_text import Words
from backchannel.render.chart_theme import FONT, INK, MUTED, PAPER, RULE, style_of
from backchannel.results.chart import Axis, Chart, Layer, Mark

Row = dict[str, Any]
_ACROSS, _DOWN = alt.X("x:Q", scale=None), alt.Y("y:Q", scale=None)
_FILL, _STROKE = alt.Fill("colour:N", scale=None), alt.Stroke("colour:N", scale=None)
_KEY_ENDS: dict[Mark, tuple[float, float]] = {"bar": (6.0, 16.0), "point": (11.0, 11.0), "tick": (11.0, 11.0)}
"""From where to where a symbol of the key reaches; that of another mark over its whole width."""
_DASH = alt.StrokeDash("dash:N", scale=None)


def draw(chart: Chart, placed: Layout, letter: float) -> alt.VConcatChart:
    """Return a placed chart as an Altair chart, its words ``letter`` pixels high."""
    stripes = []
    for block in placed.blocks:
        marks = _plot_marks(block.plot, placed) if block.plot else _key_marks(chart, block.key)
        layers = [*marks, *_text_marks(block.words, letter)] or [_blank()]
        stripes.append(alt.layer(*layers).properties(width=placed.width, height=block.height))
    made = alt.vconcat(*stripes, spacing=0, bounds="flush", background=PAPER)
    padding = {"left": placed.left, "right": placed.right, "top": 0, "bottom": 0}
    made = made.properties(padding=padding).configure(aria=False, font=FONT).configure_view(stroke=None)
    return cast("alt.VConcatChart", made)


def _blank() -> alt.Chart:
    return cast("alt.Chart", _on([{}]).mark_point(opacity=0))


def _on(rows: Iterable[Row]) -> alt.Chart:
    """Return a chart on rows, handed over as text: Altair copies and checks lists of them many times."""
    return alt.Chart(alt.InlineData(json.dumps(list(rows)), format=alt.JsonDataFormat(type="json")))


def _plot_marks(plot: Plot, placed: Layout) -> list[alt.Chart]:
    """Return the marks of a plot, its axes, and the names of its lines."""
    across = alt.X("x:Q", scale=_scale(plot.x), axis=_axis(plot.x, plot.chart.x, plot))
    down = alt.Y("y:Q", scale=_scale(plot.y), axis=_axis(plot.y, plot.panel.y, plot))
    found = []
    for layer in plot.panel.layers:
        rows = _rows(plot, layer)
        edges = layer.mark == "rule" and not (layer.x and layer.y)
        found.append(_right_across(layer, rows, across, down) if edges else _mark(look_of(layer), rows, across, down))
    named = end_words(plot, placed.direct)
    leaders = [
        {"x": x, "y": y, "x2": words.x - 4, "y2": words.y - plot.size.letter * 0.35}
        for words, (x, y) in named
        if abs(words.y - plot.size.letter * 0.35 - y) > 2
    ]
    if leaders:
        found.append(_on(leaders).mark_rule(stroke=MUTED, strokeWidth=0.7).encode(x=_ACROSS, y=_DOWN, x2="x2", y2="y2"))
    if named:
        dots = [{"x": x, "y": y, **_looks(words.text, plot.chart)} for words, (x, y) in named]
        found.append(_points(_on(dots), quiet=False, many=False).encode(x=_ACROSS, y=_DOWN))
    return [*found, *_text_marks([*plot_words(plot), *(words for words, _ in named)], plot.size.letter)]


def _scale(on: Ruler) -> alt.Scale:
    return alt.Scale(domain=[on.least, on.most], nice=False, zero=False)


def _axis(on: Ruler, axis: Axis, plot: Plot) -> alt.Axis:
    """Return a bare axis: its words are placed by the layout."""
    named, other = axis.scale == "name", plot.panel.y if axis is plot.chart.x else plot.chart.x
    crossed = any(layer.mark == "line" and layer.part for layer in plot.panel.layers)
    return alt.Axis(
        values=list(on.ticks),
        labels=False,
        title=None,
        ticks=not named,
        tickSize=4,
        tickColor=MUTED,
        domain=not (named and other.scale == "name"),
        domainColor=MUTED,
        grid=crossed if named else axis is plot.panel.y or other.scale == "name",
        gridColor=RULE,
        gridOpacity=0.8,
    )


def _looks(series: str, chart: Chart) -> Row:
    style = style_of(series, chart.series)
    solid = 1.0 if not series or chart.series.index(series) % 2 == 0 else 0.25
    return {"colour": style.colour, "shape": style.shape, "dash": list(style.dash), "solid": solid}


def _rows(plot: Plot, layer: Layer) -> list[Row]:
    """Return the marks of a layer with their places, on the axes' own scales, and their looks."""
    rows = []
    for k in range(layer.size):
        row: Row = {"k": k, "part": "", **_looks(layer.series[k] if layer.series else "", plot.chart)}
        row["part"] = f"{layer.series[k] if layer.series else ''} {layer.part[k] if layer.part else ''}"
        row["x"] = position(plot.chart.x, layer.x[k]) if layer.x else plot.x.least
        row["y"] = plot.row(layer, k) if layer.y else plot.y.least
        row["x2"] = position(plot.chart.x, layer.x_end[k]) if layer.x_end else row["x"] if layer.x else plot.x.most
        row["y2"] = position(plot.panel.y, layer.y_end[k]) if layer.y_end else row["y"] if layer.y else plot.y.most
        if layer.mark in ("bar", "tick", "cell"):
            _widen(row, layer.mark, plot)
        rows.append(row)
    return rows


def _widen(row: Row, mark: Mark, plot: Plot) -> None:
    """Give a bar, a tick or a cell its width on the axes of names."""
    half = 0.46 if mark == "cell" else SLIM
    for axis, start, end in ((plot.chart.x, "x", "x2"), (plot.panel.y, "y", "y2")):
        if axis.scale == "name":
            row[start], row[end] = row[start] - half, row[start] + half


def _mark(look: Look, rows: list[Row], across: alt.X, down: alt.Y) -> alt.Chart:
    """Return marks of one kind in one look."""
    base, ends = _on(rows), {"x": across, "y": down, "x2": "x2", "y2": "y2"}
    match look.mark:
        case "point":
            made = _points(base, quiet=look.quiet, many=len(rows) > 30).encode(x=across, y=down)
        case "line" | "step":
            made = _line(base, look).encode(x=across, y=down, detail="part:N", order=alt.Order("k:Q"))
        case "band":
            made = base.mark_area(opacity=0.16).encode(x=across, y=down, y2="y2", fill=_FILL, detail="part:N")
        case "rule":
            made = base.mark_rule(strokeWidth=2.5).encode(stroke=_STROKE, **ends)
        case "tick":
            made = base.mark_rule(strokeWidth=3, stroke=INK).encode(**ends)
        case "cell" if look.quiet:
            made = base.mark_rect(fill=None, stroke=RULE).encode(**ends)
        case "cell":
            made = base.mark_rect(fillOpacity=0.2, strokeWidth=1.5).encode(fill=_FILL, stroke=_STROKE, **ends)
        case _:
            solid = alt.FillOpacity("solid:Q", scale=None)
            made = base.mark_rect(strokeWidth=1.2).encode(fill=_FILL, stroke=_STROKE, fillOpacity=solid, **ends)
    return made


def _points(base: alt.Chart, *, quiet: bool, many: bool) -> alt.Chart:
    if quiet:
        return cast("alt.Chart", base.mark_point(filled=True, size=20, opacity=0.5, fill=MUTED))
    made = base.mark_point(filled=True, size=45 if many else 85, opacity=1, stroke=PAPER)
    return cast("alt.Chart", made.encode(fill=_FILL, shape=alt.Shape("shape:N", scale=None)))


def _line(base: alt.Chart, look: Look) -> alt.Chart:
    course: Any = "step-after" if look.mark == "step" else "linear"
    if look.quiet:
        return cast("alt.Chart", base.mark_line(interpolate=course, strokeWidth=1, opacity=0.45, stroke=MUTED))
    if look.crowded:
        return cast("alt.Chart", base.mark_line(interpolate=course, strokeWidth=1, opacity=0.6).encode(stroke=_STROKE))
    return cast(
        "alt.Chart", base.mark_line(interpolate=course, strokeWidth=2.4).encode(stroke=_STROKE, strokeDash=_DASH)
    )


def _right_across(layer: Layer, rows: list[Row], across: alt.X, down: alt.Y) -> alt.Chart:
    """Return lines from edge to edge: what the marks are held against."""
    dash, wide = ([3, 3], 1.0) if layer.quiet else ([6, 3], 1.4)
    made = _on(rows).mark_rule(stroke=MUTED, strokeWidth=wide, strokeDash=dash)
    return cast("alt.Chart", made.encode(x=across, y=down, x2="x2", y2="y2"))


def _key_marks(chart: Chart, key: tuple[KeyMark, ...]) -> list[alt.Chart]:
    return [_mark(item.look, _key_rows(item, chart), _ACROSS, _DOWN) for item in key]


def _key_rows(item: KeyMark, chart: Chart) -> list[Row]:
    """Return a symbol of the key in pixels."""
    looks = {"part": "", **_looks(item.series, chart)}
    half = {"band": 6.0, "bar": 6.0, "cell": 6.0, "tick": 7.0}.get(item.look.mark, 0.0)
    start, end = _KEY_ENDS.get(item.look.mark, (0.0, 22.0))
    row = {**looks, "k": 0, "x": item.x + start, "x2": item.x + end, "y": item.y - half, "y2": item.y + half}
    if item.look.mark in ("line", "step", "band"):
        return [row, {**row, "k": 1, "x": item.x + end}]
    return [row]


def _text_marks(words: Iterable[Words], letter: float) -> list[alt.Chart]:
    """Return words as marks: first the halos of those that stand over marks, then all of them."""
    rows = [
        {
            "x": item.x,
            "y": item.y,
            "text": item.text,
            "align": item.align,
            "colour": item.colour,
            "weight": "bold" if item.bold else "normal",
            "size": item.letter or letter,
            "halo": item.halo,
        }
        for item in words
    ]
    looks: Row = {
        "baseline": "alphabetic",
        "align": {"expr": "datum.align"},
        "fontWeight": {"expr": "datum.weight"},
        "fontSize": {"expr": "datum.size"},
        "font": FONT,
        "limit": 0,
    }
    places = {"x": _ACROSS, "y": _DOWN, "text": alt.Text("text:N")}
    under = [row for row in rows if row["halo"]]
    halos = [_on(under).mark_text(fill=PAPER, stroke=PAPER, strokeWidth=4, **looks).encode(**places)] if under else []
    return [*halos, *([_on(rows).mark_text(**looks).encode(fill=_FILL, **places)] if rows else [])]
