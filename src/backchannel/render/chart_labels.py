"""Words inside a plot: beside points, lines, bars and levels, and in cells; in pixels from the plot's upper left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from backchannel.render.chart_plot import LINES, Plot, ends
from backchannel.render.chart_text import (
    Box,
    Words,
    around,
    beside_points,
    least_covering,
    pushed_apart,
    width_of,
    wrap,
)
from backchannel.render.chart_theme import INK, MUTED
from backchannel.results.chart import Layer

SYMBOL_AT, MARGIN = 12.0, 21.0
"""Pixels from a line's end to its symbol beside its name, and to the name."""


def plot_words(plot: Plot) -> tuple[Words, ...]:
    """Return every word that stands inside a plot."""
    layers = plot.panel.layers
    return (
        *point_words(plot),
        *(words for layer in layers if layer.mark == "cell" for words in cell_words(plot, layer)),
        *(words for layer in layers if layer.mark == "bar" and layer.label for words in bar_words(plot, layer)),
        *(words for layer in layers if is_level(layer, "y") for words in level_words(plot, layer)),
        *event_numbers(plot),
    )


def is_level(layer: Layer, axis: str) -> bool:
    """Return whether a layer holds lines right across, at values of one axis, with words."""
    return layer.mark == "rule" and bool(layer.label) and not layer.quiet and bool(layer.x) == (axis == "x")


def is_event(layer: Layer) -> bool:
    """Return whether a layer holds events: numbered lines from bottom to top."""
    return layer.mark == "rule" and bool(layer.label) and layer.quiet and not layer.y


def point_words(plot: Plot) -> tuple[Words, ...]:
    """Return the words beside points, clear of the points and of one another."""
    labels, taken = [], []
    for layer in plot.panel.layers:
        if layer.mark != "point":
            continue
        for k in range(layer.size):
            x, y = plot.pixels(layer, k)
            half = 3.0 if layer.quiet else 5.0
            taken += [Box(x - half, y - half, x + half, y + half)] * (1 if layer.quiet else 5)
            if layer.label and layer.label[k]:
                labels.append((x, y, layer.label[k]))
    room = Box(0.0, 0.0, plot.x.length + 8, plot.y.length)
    lines = tuple((x, y, wrap(label, 0.45 * plot.x.length, plot.size.letter, 5)) for x, y, label in labels)
    return beside_points(lines, [*taken, *3 * list(_along_lines(plot))], room, plot.size.letter)


def _along_lines(plot: Plot) -> Iterator[Box]:
    """Yield small boxes along the lines of a plot, which words should not cover either."""
    for layer in plot.panel.layers:
        if layer.mark not in LINES or layer.part:
            continue
        corners = [plot.pixels(layer, k) for k in range(layer.size)]
        for (x, y), (to_x, to_y) in pairwise(corners):
            pieces = 1 + int(max(abs(to_x - x), abs(to_y - y)) / 12)
            for k in range(pieces + 1):
                at, down = x + k / pieces * (to_x - x), y + k / pieces * (to_y - y)
                yield Box(at - 3, down - 3, at + 3, down + 3)


def end_words(plot: Plot, direct: frozenset[str]) -> tuple[tuple[Words, tuple[float, float]], ...]:
    """Return the names of lines right of their ends, pushed apart, each with the end (x, y) it belongs to."""
    found = [(name, plot.pixels(layer, k)) for name, (layer, k) in ends(plot.panel.layers).items() if name in direct]
    places = pushed_apart(tuple(y for _, (_, y) in found), plot.size.line, 4.0, plot.y.length - 2)
    return tuple(
        (Words(plot.x.length + MARGIN, place + plot.size.letter * 0.35, series), end)
        for (series, end), place in zip(found, places, strict=True)
    )


def cell_words(plot: Plot, layer: Layer) -> Iterator[Words]:
    """Yield the words of the cells of a matrix, in their middle."""
    wide = plot.x.length / max(1, len(plot.chart.x.names)) - 8
    for k, label in enumerate(layer.label):
        x, y = plot.pixels(layer, k)
        lines = wrap(label, wide, plot.size.letter, 2)
        for n, line in enumerate(lines):
            base = y + plot.size.letter * 0.35 + (n - (len(lines) - 1) / 2) * plot.size.line
            yield Words(x, base, line, "center", MUTED if layer.quiet else INK, bold=not layer.quiet)


def bar_words(plot: Plot, layer: Layer) -> Iterator[Words]:
    """Yield the words at the outer ends of lying bars."""
    for k, label in enumerate(layer.label):
        x, y = plot.pixels(layer, k)
        end = plot.x.pixel(float(layer.x_end[k])) if layer.x_end else x
        to_left = end < x
        wide = width_of(label, plot.size.letter)
        at = max(end - 5, wide + 2) if to_left else min(end + 5, plot.x.length - wide)
        yield Words(at, y + plot.size.letter * 0.35, label, "right" if to_left else "left", halo=True)


def level_words(plot: Plot, layer: Layer) -> Iterator[Words]:
    """Yield the words above or below lines from side to side, where they cover least of the other lines."""
    taken, letter = list(_along_lines(plot)), plot.size.letter
    room = Box(0.0, 0.0, plot.x.length, plot.y.length)
    for k, label in enumerate(layer.label):
        _, y = plot.pixels(layer, k)
        lines = wrap(label, 0.5 * plot.x.length, letter, 3)
        wide = max(width_of(line, letter) for line in lines)
        places = [
            around(at, y, lines, letter, 0.0, down * 0.8)
            for at in (plot.x.length - wide / 2 - 2, wide / 2 + 4, plot.x.length / 2)
            for down in (-1.0, 1.0)
        ]
        words, box = least_covering(places, taken, room)
        taken.append(box)
        yield from (replace(item, colour=MUTED) for item in words)


def event_numbers(plot: Plot) -> Iterator[Words]:
    """Yield the numbers of events at the top of the plot, one lower where the last one is too near."""
    last, row, number = -99.0, 0, 0
    for layer in plot.panel.layers:
        for k in range(layer.size if is_event(layer) else 0):
            number += 1
            x, _ = plot.pixels(layer, k)
            row = row + 1 if x - last < plot.size.letter * 1.4 else 0
            last = x
            yield Words(x, plot.size.letter + row * plot.size.line, str(number), "center", bold=True, halo=True)
