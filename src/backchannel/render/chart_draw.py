"""A placed chart as a Vega-Lite document: real scales, the looks of marks written out, words where they were placed.

The document is plain data. Writing it as such, instead of through Altair's classes, takes a hundredth of the time;
tests hold every kind of chart against Altair's check of the Vega-Lite schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backchannel.render.chart_labels import SYMBOL_AT, end_words, plot_words
from backchannel.render.chart_layout import KeyMark, Layout, Look, look_of
from backchannel.render.chart_plot import SLIM, Plot
from backchannel.render.chart_scale import Ruler, position
from backchannel.render.chart_text import Words
from backchannel.render.chart_theme import FONT, INK, MUTED, PAPER, RULE, style_of
from backchannel.results.chart import Axis, Chart, Layer, Mark

VEGA_LITE = "6.4"
"""Version of Vega-Lite written: one that vl-convert has and Altair knows."""

Row = dict[str, Any]
Document = dict[str, Any]


def draw(chart: Chart, placed: Layout, letter: float) -> Document:
    """Return a placed chart as a Vega-Lite document, its words ``letter`` pixels high."""
    stripes = []
    for block in placed.blocks:
        marks = _plot_marks(block.plot, placed) if block.plot else _key_marks(chart, block.key)
        layers = [*marks, *_text_marks(block.words, letter)] or [_drawn({"type": "point", "opacity": 0}, [{}], {})]
        stripes.append({"layer": layers, "width": placed.width, "height": block.height})
    return {
        "$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE.split('.', maxsplit=1)[0]}.json",
        "background": PAPER,
        "bounds": "flush",
        "spacing": 0,
        "padding": {"left": placed.left, "right": placed.right, "top": 0, "bottom": 0},
        "config": {"aria": False, "font": FONT, "view": {"stroke": None}},
        "vconcat": stripes,
    }


def _drawn(mark: Row, rows: Iterable[Row], encoding: Row) -> Document:
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}


def _number(field: str, scale: Row | None = None, axis: Row | None = None) -> Row:
    return {"field": field, "type": "quantitative", "scale": scale, **({"axis": axis} if axis else {})}


def _as_written(field: str) -> Row:
    """Return an encoding whose values are looks as they stand: colours, shapes, dashes."""
    return {"field": field, "type": "nominal", "scale": None}


def _in_pixels() -> Row:
    return {"x": _number("x"), "y": _number("y")}


def _plot_marks(plot: Plot, placed: Layout) -> list[Document]:
    """Return the marks of a plot with its axes, and the names of its lines."""
    on = {
        "x": _number("x", _scale(plot.x), _axis(plot.x, plot.chart.x, plot)),
        "y": _number("y", _scale(plot.y), _axis(plot.y, plot.panel.y, plot)),
    }
    found = []
    for layer in plot.panel.layers:
        rows = _rows(plot, layer)
        edges = layer.mark == "rule" and not (layer.x and layer.y)
        found.append(_right_across(layer, rows, on) if edges else _mark(look_of(layer), rows, on))
    named = end_words(plot, placed.direct)
    if named:
        beside = plot.x.length + SYMBOL_AT
        dots = [
            {"x": x, "y": y, **_looks(words.text, plot.chart)}
            for words, end in named
            for x, y in (end, (beside, words.y - plot.size.letter * 0.35))
        ]
        found.append(_mark(Look("point", quiet=False, crowded=False), dots, _in_pixels()))
    return [*found, *_text_marks([*plot_words(plot), *(words for words, _ in named)], plot.size.letter)]


def _scale(on: Ruler) -> Row:
    return {"domain": [on.least, on.most], "nice": False, "zero": False}


def _axis(on: Ruler, axis: Axis, plot: Plot) -> Row:
    """Return a bare axis: its words are placed by the layout."""
    named, other = axis.scale == "name", plot.panel.y if axis is plot.chart.x else plot.chart.x
    crossed = any(layer.mark == "line" and layer.part for layer in plot.panel.layers)
    return {
        "values": list(on.ticks),
        "labels": False,
        "title": None,
        "ticks": not named,
        "tickSize": 4,
        "tickColor": MUTED,
        "domain": not (named and other.scale == "name"),
        "domainColor": MUTED,
        "grid": crossed if named else axis is plot.panel.y or other.scale == "name",
        "gridColor": RULE,
        "gridOpacity": 0.8,
    }


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


_ENDS: Row = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
_FILL, _STROKE = {"fill": _as_written("colour")}, {"stroke": _as_written("colour")}
_PARTS: Row = {"detail": {"field": "part", "type": "nominal"}}


def _mark(look: Look, rows: list[Row], on: Row) -> Document:
    """Return marks of one kind in one look, on the x and y of ``on``."""
    match look.mark:
        case "point":
            return _points(rows, on, quiet=look.quiet)
        case "line" | "step":
            return _line(rows, on, look)
        case "band":
            return _drawn({"type": "area", "opacity": 0.16}, rows, on | {"y2": _ENDS["y2"]} | _FILL | _PARTS)
        case "rule":
            return _drawn({"type": "rule", "strokeWidth": 2.5}, rows, on | _ENDS | _STROKE)
        case "tick":
            return _drawn({"type": "rule", "strokeWidth": 3, "stroke": INK}, rows, on | _ENDS)
        case _:
            return _rectangles(rows, on, look)


def _points(rows: list[Row], on: Row, *, quiet: bool) -> Document:
    if quiet:
        return _drawn({"type": "point", "filled": True, "size": 20, "opacity": 0.5, "fill": MUTED}, rows, on)
    size = 45 if len(rows) > MANY else 85
    mark = {"type": "point", "filled": True, "size": size, "opacity": 1, "stroke": PAPER}
    return _drawn(mark, rows, on | _FILL | {"shape": _as_written("shape")})


MANY = 30
"""Points of one layer beyond which each is drawn smaller."""


def _line(rows: list[Row], on: Row, look: Look) -> Document:
    mark = {"type": "line", "interpolate": "step-after" if look.mark == "step" else "linear"}
    encoding = on | _PARTS | {"order": {"field": "k", "type": "quantitative"}}
    if look.quiet:
        return _drawn(mark | {"strokeWidth": 1, "opacity": 0.45, "stroke": MUTED}, rows, encoding)
    if look.crowded:
        return _drawn(mark | {"strokeWidth": 1, "opacity": 0.6}, rows, encoding | _STROKE)
    return _drawn(mark | {"strokeWidth": 2.4}, rows, encoding | _STROKE | {"strokeDash": _as_written("dash")})


def _rectangles(rows: list[Row], on: Row, look: Look) -> Document:
    if look.mark == "cell" and look.quiet:
        return _drawn({"type": "rect", "fill": None, "stroke": RULE}, rows, on | _ENDS)
    if look.mark == "cell":
        return _drawn({"type": "rect", "fillOpacity": 0.2, "strokeWidth": 1.5}, rows, on | _ENDS | _FILL | _STROKE)
    solid = {"fillOpacity": _number("solid")}
    return _drawn({"type": "rect", "strokeWidth": 1.2}, rows, on | _ENDS | _FILL | _STROKE | solid)


def _right_across(layer: Layer, rows: list[Row], on: Row) -> Document:
    """Return lines from edge to edge: what the marks are held against."""
    dash, wide = ([3, 3], 1.0) if layer.quiet else ([6, 3], 1.4)
    return _drawn({"type": "rule", "stroke": MUTED, "strokeWidth": wide, "strokeDash": dash}, rows, on | _ENDS)


_KEY_ENDS: dict[Mark, tuple[float, float]] = {"bar": (6.0, 16.0), "point": (11.0, 11.0), "tick": (11.0, 11.0)}
"""From where to where a symbol of the key reaches; that of another mark over its whole width."""


def _key_marks(chart: Chart, key: tuple[KeyMark, ...]) -> list[Document]:
    return [_mark(item.look, _key_rows(item, chart), _in_pixels()) for item in key]


def _key_rows(item: KeyMark, chart: Chart) -> list[Row]:
    """Return a symbol of the key in pixels."""
    looks = {"part": "", **_looks(item.series, chart)}
    half = {"band": 6.0, "bar": 6.0, "tick": 7.0}.get(item.look.mark, 0.0)
    start, end = _KEY_ENDS.get(item.look.mark, (0.0, 22.0))
    row = {**looks, "k": 0, "x": item.x + start, "x2": item.x + end, "y": item.y - half, "y2": item.y + half}
    return [row, {**row, "k": 1, "x": item.x + end}] if item.look.mark in ("line", "step", "band") else [row]


def _text_marks(words: Iterable[Words], letter: float) -> list[Document]:
    """Return words as marks: first the halos of those that stand over marks, then all of them."""
    rows = [
        {
            "x": round(item.x, 1),
            "y": round(item.y, 1),
            "text": item.text,
            "align": item.align,
            "colour": item.colour,
            "weight": "bold" if item.bold else "normal",
            "size": round(item.letter or letter, 1),
            "halo": item.halo,
        }
        for item in words
    ]
    mark: Row = {
        "type": "text",
        "baseline": "alphabetic",
        "align": {"expr": "datum.align"},
        "fontWeight": {"expr": "datum.weight"},
        "fontSize": {"expr": "datum.size"},
        "font": FONT,
        "limit": 0,
    }
    encoding = _in_pixels() | {"text": {"field": "text", "type": "nominal"}}
    under = [row for row in rows if row["halo"]]
    halo = mark | {"fill": PAPER, "stroke": PAPER, "strokeWidth": 4}
    halos = [_drawn(halo, under, encoding)] if under else []
    return [*halos, *([_drawn(mark, rows, encoding | _FILL)] if rows else [])]
