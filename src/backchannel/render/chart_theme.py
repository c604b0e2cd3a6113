"""How charts look: colours, shapes, dashes, sizes. The only place that says so; the briefing's style follows it.

The colours are those of Okabe and Ito (2008), told apart by colour-blind readers; reddish purple is darkened, and their
orange, yellow and sky blue are left out on white, so that every mark has a contrast of 3 to 1. No series is told by its
colour alone: each also has a shape and a dash, and words beside it where there is room.
"""

from __future__ import annotations

from dataclasses import dataclass

PAPER, INK, MUTED, RULE = "#ffffff", "#1c2126", "#575e66", "#d3d8dc"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#a8447c", "#1d2227")
AFTER_DARK = {
    PAPER: "#14181c",
    INK: "#e4e7ea",
    MUTED: "#a4acb4",
    RULE: "#39414a",
    "#0072b2": "#56b4e9",
    "#d55e00": "#f2813c",
    "#009e73": "#00b386",
    "#a8447c": "#cc79a7",
    "#1d2227": "#e4e7ea",
}
"""What the briefing puts in the place of each colour on a dark screen; tests hold its style against this."""

SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
DASHES = ((1, 0), (7, 3), (2, 3), (10, 3, 2, 3), (4, 2))
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""One family of one width on every system, so that a chart has the same bytes everywhere."""
PAD = 6.0


@dataclass(frozen=True)
class Size:
    """A chart's width in pixels, and what is measured from it: letters, lines of text, the height of a plot."""

    width: float
    letter: float
    line: float
    plot: float
    names: float


WIDE = Size(width=720, letter=13, line=17, plot=330, names=0.34)
"""For a page, a slide or a report."""
NARROW = Size(width=350, letter=12, line=15, plot=260, names=0.42)
"""For a telephone."""


@dataclass(frozen=True)
class Style:
    """The looks of one series."""

    colour: str
    shape: str
    dash: tuple[int, ...]


PLAIN = Style(INK, "circle", (1, 0))


def style_of(series: str, known: tuple[str, ...]) -> Style:
    """Return the looks of a series by its place among those known; the text's ink for a mark without one."""
    if not series:
        return PLAIN
    place = known.index(series)
    turn = place // len(COLOURS)
    dash = DASHES[(place + turn) % len(DASHES)]
    return Style(COLOURS[place % len(COLOURS)], SHAPES[place % len(SHAPES)], dash)
