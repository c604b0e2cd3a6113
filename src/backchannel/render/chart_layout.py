"""A chart at one width: where its plots, axes, key and words stand, in pixels. Nothing is drawn here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from backchannel.render.chart_labels import MARGIN, is_event, is_level
from backchannel.render.chart_plot import Plot, beside, ends, is_crowded
from backchannel.render.chart_scale import Ruler, position, ruler, value_words
from backchannel.render.chart_text import Words, shifted, width_of, wrap
from backchannel.render.chart_theme import MUTED, PAD, Size
from backchannel.render.words import date_in_words
from backchannel.results.chart import Axis, Chart, Layer, Mark, Panel, Value

SYMBOL = 26.0
"""Pixels a symbol of the key takes."""


@dataclass(frozen=True)
class Look:
    """How a layer shows its marks: pale, or thin because there are many."""

    mark: Mark
    quiet: bool
    crowded: bool


@dataclass(frozen=True)
class KeyMark:
    """A symbol of the key at a place: a mark of a series, as it looks in its layer."""

    x: float
    y: float
    series: str
    look: Look


@dataclass(frozen=True)
class Block:
    """A stripe of the chart: words and key, or a plot with the words beside its axes."""

    height: float
    words: tuple[Words, ...] = ()
    key: tuple[KeyMark, ...] = ()
    plot: Plot | None = None


@dataclass(frozen=True)
class Layout:
    """Stripes from top to bottom; x is counted from the left edge of the plots, ``left`` pixels in."""

    left: float
    width: float
    right: float
    blocks: tuple[Block, ...]
    direct: frozenset[str]

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return sum(block.height for block in self.blocks)


def layout(chart: Chart, size: Size, *, titled: bool) -> Layout:
    """Place a chart at a width; ``titled`` with its title, events and notes, else without (a page writes them)."""
    direct = _direct(chart, size)
    uprights = tuple(_upright(chart, panel, size) for panel in chart.panels)
    left = math.ceil(max(_left(panel, upright, size) for panel, upright in zip(chart.panels, uprights, strict=True)))
    right = max([12.0, *(width_of(series, size.letter) + MARGIN + 4 for series in direct)])
    x = _flat(chart, size.width - left - right, size)
    right = max(right, *(width_of(line, size.letter) / 2 + 2 for line in x.words[-1])) if x.words else right
    width = math.floor(size.width - left - right)
    x = _flat(chart, width, size)
    plots = [Plot(chart, panel, size, x, upright) for panel, upright in zip(chart.panels, uprights, strict=True)]
    above = x_names_on_top(chart)
    edge = left - PAD if titled else left
    blocks: list[Block] = [_head(chart, size, edge, titled=titled, direct=direct)]
    for k, plot in enumerate(plots):
        blocks += [Block(10.0)] if k else []
        blocks.append(_lead(plot, edge, top_names=above and k == 0))
        blocks.append(Block(plot.y.length, _side_words(plot), plot=plot))
    if not above:
        blocks.append(_x_words(plots[-1]))
    if titled:
        blocks.append(_foot(chart, size, edge))
    return Layout(left, width, size.width - left - width, tuple(block for block in blocks if block.height), direct)


def look_of(layer: Layer) -> Look:
    """Return how a layer shows its marks."""
    return Look(layer.mark, layer.quiet, is_crowded(layer))


def x_names_on_top(chart: Chart) -> bool:
    """Return whether the x axis is that of a table, with its names above."""
    return chart.x.scale == "name" and chart.panels[0].y.scale == "name"


def footnotes(chart: Chart) -> tuple[str, ...]:
    """Return the lines below a chart: its events, numbered and dated, and its notes."""
    events = [(layer.x[k], label) for layer in _layers(chart) if is_event(layer) for k, label in enumerate(layer.label)]
    return (*(f"{k} ({_at(chart.x, at)}): {label}" for k, (at, label) in enumerate(events, start=1)), *chart.notes)


def _at(axis: Axis, value: Value) -> str:
    if axis.scale == "date":
        return date_in_words(date.fromisoformat(str(value)))
    return str(value) if axis.scale == "name" else value_words(axis, position(axis, value))


def _layers(chart: Chart) -> Iterator[Layer]:
    for panel in chart.panels:
        seen_events = panel is not chart.panels[0]
        yield from (layer for layer in panel.layers if not (seen_events and is_event(layer)))


def _direct(chart: Chart, size: Size) -> frozenset[str]:
    """Return the series named at the ends of their lines; none if one name is too long, then all are in the key."""
    names = {series for panel in chart.panels if panel.y.scale != "name" for series in ends(panel.layers)}
    layers = [layer for panel in chart.panels for layer in panel.layers]
    elsewhere = {series for layer in layers if layer.mark in ("point", "bar") for series in layer.series}
    widest = max((width_of(series, size.letter) + MARGIN for series in names), default=0.0)
    columns = max((width_of(word, size.letter) + 6 for name in chart.x.names for word in name.split()), default=0.0)
    fits = widest <= 0.34 * size.width and columns * len(chart.x.names) <= size.width - widest - 40
    return frozenset(names - elsewhere) if fits and len(names) <= 8 else frozenset()


def _upright(chart: Chart, panel: Panel, size: Size) -> Ruler:
    values = [value for layer in panel.layers for value in (*layer.y, *layer.y_end)]
    if panel.y.scale != "name":
        return ruler(panel.y, values, round(size.plot * panel.tall), upright=True, room=46)
    rows = max(1, len(beside(panel)))
    lines = max(len(wrap(name, size.names * size.width, size.letter)) for name in panel.y.names)
    cells = any(
        len(wrap(label, 80, size.letter)) > 1 for layer in panel.layers if layer.mark == "cell" for label in layer.label
    )
    each = max(lines * size.line + 10, 28.0 + 8 * (rows - 1), 44.0 if cells else 0.0)
    return ruler(panel.y, values, each * len(panel.y.names), upright=True, room=1)


def _left(panel: Panel, upright: Ruler, size: Size) -> float:
    names = (line for name in panel.y.names for line in wrap(name, size.names * size.width, size.letter))
    words = names if panel.y.scale == "name" else (line for lines in upright.words for line in lines)
    return max((width_of(word, size.letter) for word in words), default=0.0) + 12


def _flat(chart: Chart, width: float, size: Size) -> Ruler:
    layers = [layer for panel in chart.panels for layer in panel.layers]
    values = [value for layer in layers for value in (*layer.x, *layer.x_end)]
    labelled = any(layer.mark == "bar" and layer.label for layer in layers)
    dots = any(layer.mark in ("point", "tick") for layer in layers)
    room = size.letter * {"count": 2.5, "date": 4.4}.get(chart.x.scale, 4.8)
    return ruler(chart.x, values, width, upright=False, room=room, pad=0.13 if labelled else 0.04 if dots else 0.0)


def _head(chart: Chart, size: Size, edge: float, *, titled: bool, direct: frozenset[str]) -> Block:
    """Return the title and the key."""
    words: list[Words] = []
    y = 0.0
    if titled:
        large = size.letter * 1.2
        for line in wrap(chart.title, size.width - 2 * PAD, large):
            y += large * 1.35
            words.append(Words(-edge, y, line, bold=True, letter=large))
        y = math.ceil(y + 8)
    key: list[KeyMark] = []
    x, entries = 0.0, _key_entries(chart, direct)
    for series, looks in entries:
        wide = SYMBOL + width_of(series, size.letter) + 14
        if x and x + wide > size.width - 2 * PAD:
            x, y = 0.0, y + size.line + 2
        start, middle = x - edge, y + size.line / 2
        key += [KeyMark(start, middle, series, look) for look in looks]
        words.append(Words(start + SYMBOL, middle + size.letter * 0.35, series))
        x += wide
    return Block(y + (size.line + 2 if entries else 0), tuple(words), tuple(key))


def _key_entries(chart: Chart, direct: frozenset[str]) -> list[tuple[str, list[Look]]]:
    """Return the series that need the key, each with its kinds of mark; none if there is but one to tell."""
    found: dict[str, list[Look]] = {}
    for layer in (layer for panel in chart.panels for layer in panel.layers if layer.mark != "cell"):
        for series in dict.fromkeys(layer.series):
            found.setdefault(series, []).append(look_of(layer))
    used = [series for series in chart.series if series in found]
    unnamed = any(not layer.series and layer.mark != "rule" for panel in chart.panels for layer in panel.layers)
    if len(used) + unnamed < 2:
        return []
    bars = {series for series in used if any(look.mark == "bar" for look in found[series])}
    kept = {series: [look for look in found[series] if series not in bars or look.mark == "bar"] for series in used}
    return [(series, list(dict.fromkeys(looks))) for series, looks in kept.items() if series not in direct]


def _lead(plot: Plot, edge: float, *, top_names: bool) -> Block:
    """Return what stands above a plot: the title of its y axis, the names of columns, the words of levels."""
    size, words = plot.size, []
    y = size.line
    for line in wrap(plot.panel.y.heading, size.width - 2 * PAD, size.letter):
        words.append(Words(-edge, y, line, colour=MUTED))
        y += size.line
    if top_names:
        y = max(y, size.line * 2)
        lines = [wrap(name, _column(plot), size.letter, 3) for name in plot.chart.x.names]
        deepest = max(map(len, lines))
        words.append(Words(plot.x.length / 2, size.line, plot.chart.x.heading, "center", MUTED))
        y += deepest * size.line
        words += _in_columns(plot, lines, y - size.line, upwards=True)
    levels, rows = _levels_above(plot, edge)
    words += shifted(levels, y=y + (rows - 1) * size.line)
    y += rows * size.line
    return Block(y - size.line + (8 if plot.panel.y.scale == "name" else 13), tuple(words))


def _levels_above(plot: Plot, edge: float) -> tuple[list[Words], int]:
    """Return the words of lines from bottom to top, in rows counted upwards, and the number of rows."""
    size = plot.size
    marked = [
        (plot.pixels(layer, k)[0], label)
        for layer in plot.panel.layers
        if is_level(layer, "x")
        for k, label in enumerate(layer.label)
        if label
    ]
    words: list[Words] = []
    last: list[float] = []
    for x, label in sorted(marked):
        half = width_of(label, size.letter) / 2
        middle = min(max(x, half - edge), plot.x.length + 8 - half)
        row = next((k for k, edge in enumerate(last) if edge < middle - half - 6), len(last))
        last[row : row + 1] = [middle + half]
        words.append(Words(middle, -row * size.line, label, "center", MUTED))
    return words, len(last)


def _side_words(plot: Plot) -> tuple[Words, ...]:
    """Return the words left of a plot: names of rows, or values of ticks."""
    size, axis = plot.size, plot.panel.y
    lines = [wrap(name, size.names * size.width, size.letter) for name in axis.names]
    found = lines if axis.scale == "name" else plot.y.words
    return tuple(
        Words(-9, plot.y.pixel(tick) + size.letter * 0.35 + (n - (len(each) - 1) / 2) * size.line, line, "right")
        for tick, each in zip(plot.y.ticks, found, strict=True)
        for n, line in enumerate(each)
    )


def _x_words(plot: Plot) -> Block:
    """Return the words below the last plot: values of ticks or names, and the title of the axis."""
    size, axis = plot.size, plot.chart.x
    named = axis.scale == "name"
    lines = [wrap(name, _column(plot), size.letter, 3) for name in axis.names] if named else list(plot.x.words)
    deepest = max(map(len, lines), default=0)
    words = [*_in_columns(plot, lines, size.line + 4, upwards=False)]
    y = deepest * size.line + 8
    if not named:
        for line in wrap(axis.heading, plot.x.length + 8, size.letter):
            y += size.line
            words.append(Words(plot.x.length / 2, y, line, "center", MUTED))
    return Block(y + 8, tuple(words))


def _column(plot: Plot) -> float:
    return plot.x.length / max(1, len(plot.chart.x.names)) - 6


def _in_columns(plot: Plot, lines: Iterable[tuple[str, ...]], y: float, *, upwards: bool) -> Iterator[Words]:
    """Yield the lines of each column; ``upwards`` they end, else they begin, at ``y``."""
    for tick, each in zip(plot.x.ticks, lines, strict=True):
        for n, line in enumerate(each):
            row = n - len(each) + 1 if upwards else n
            yield Words(plot.x.pixel(tick), y + row * plot.size.line, line, "center")


def _foot(chart: Chart, size: Size, edge: float) -> Block:
    """Return events and notes, wrapped."""
    words, y = [], 0.0
    for note in footnotes(chart):
        for line in wrap(note, size.width - 2 * PAD, size.letter, 6):
            y += size.line
            words.append(Words(-edge, y, line, colour=MUTED))
    return Block(y + PAD + 4, tuple(words))
