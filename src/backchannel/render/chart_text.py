"""Words in charts: how wide they are, where they break, and where they stand without covering one another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, cast

from backchannel.render.chart_theme import INK
from backchannel.render.words import spaced
from backchannel.results.chart import Chart

FARTHER = 6.0
"""Pixels of other marks that words rather cover than take the next place, which is farther off."""
Align = Literal["left", "center", "right"]
_ID = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
_THIN, _WIDE = frozenset("ijl.,:;'|!()[]/ ftrI-"), frozenset("mwMWABCDEGHKNOPQRSUVXY%@&—")


@dataclass(frozen=True)
class Words:
    """One line of text at a place in pixels: ``y`` is its base line, ``halo`` keeps it readable over marks."""

    x: float
    y: float
    text: str
    align: Align = "left"
    colour: str = INK
    bold: bool = False
    halo: bool = False
    letter: float = 0.0


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """Return the area shared with another box."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    def outside(self, other: Box) -> float:
        """Return the area that sticks out of another box."""
        return (self.right - self.left) * (self.bottom - self.top) - self.overlap(other)


def spelled_out(chart: Chart) -> Chart:
    """Return a chart with spaces for the underscores of ids; as it is if two names would then be the same."""
    try:
        return cast("Chart", _spelled_out(chart))
    except ValueError:
        return chart


def _spelled_out(value: Any) -> Any:
    if isinstance(value, str):
        return _ID.sub(lambda found: spaced(found[0]), value)
    if isinstance(value, tuple):
        return tuple(_spelled_out(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{item.name: _spelled_out(getattr(value, item.name)) for item in fields(value)})
    return value


def width_of(text: str, letter: float) -> float:
    """Return the width of a line in pixels, on the safe side; no font is asked, so that it is the same everywhere."""
    units = sum(0.36 if sign in _THIN else 0.8 if sign in _WIDE else 0.58 for sign in text)
    return units * letter


def wrap(text: str, width: float, letter: float, most: int = 4) -> tuple[str, ...]:
    """Break text into lines no wider than ``width``; what does not fit in ``most`` lines ends in an ellipsis."""
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, width, letter):
            longer = f"{lines[-1]} {piece}".strip()
            if width_of(longer, letter) <= width or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(piece)
    if len(lines) <= most:
        return tuple(lines)
    last = f"{lines[most - 1]}…"
    while width_of(last, letter) > width and len(last) > 1:
        last = f"{last[:-2]}…"
    return (*lines[: most - 1], last)


def _pieces(word: str, width: float, letter: float) -> Iterable[str]:
    """Cut a word that is wider than a line."""
    while width_of(word, letter) > width and len(word) > 1:
        end = next((k for k in range(1, len(word)) if width_of(word[: k + 1], letter) > width), len(word))
        yield word[:end]
        word = word[end:]
    yield word


def beside_points(
    labels: tuple[tuple[float, float, tuple[str, ...]], ...], taken: list[Box], room: Box, letter: float
) -> tuple[Words, ...]:
    """Place lines of words beside points (x, y, lines) where they cover least: marks, each other, the plot's edge."""
    placed: list[Words] = []
    for x, y, lines in labels:
        words, box = least_covering([around(x, y, lines, letter, *place) for place in _AROUND], taken, room)
        taken.append(box)
        placed += words
    return tuple(placed)


def least_covering(
    places: Sequence[tuple[tuple[Words, ...], Box]], taken: Sequence[Box], room: Box
) -> tuple[tuple[Words, ...], Box]:
    """Return the place for some words that covers least and leaves the room least; earlier places are preferred."""
    costs = [
        sum(box.overlap(other) for other in taken) + 4 * box.outside(room) + FARTHER * k
        for k, (_, box) in enumerate(places)
    ]
    return places[costs.index(min(costs))]


_AROUND = tuple(
    (across, down)
    for reach in (1.0, 2.2, 3.4)
    for across, down in (
        (reach, 0.0),
        (-reach, 0.0),
        (0.0, -reach),
        (0.0, reach),
        (reach, -reach),
        (reach, reach),
        (-reach, -reach),
        (-reach, reach),
    )
)


def around(
    x: float, y: float, lines: tuple[str, ...], letter: float, across: float, down: float
) -> tuple[tuple[Words, ...], Box]:
    """Return lines of words ``across`` and ``down`` from a point, in steps, and the box they fill."""
    wide, step = max(width_of(line, letter) for line in lines), letter * 1.25
    align: Align = "left" if across > 0 else "right" if across < 0 else "center"
    at = x + across * 9
    left = {"left": at, "right": at - wide, "center": at - wide / 2}[align]
    middle = y + down * (step * (len(lines) + 1) / 2)
    first = middle + letter * 0.35 - step * (len(lines) - 1) / 2
    words = tuple(Words(at, first + k * step, line, align, halo=True) for k, line in enumerate(lines))
    return words, Box(left, first - letter, left + wide, first + step * (len(lines) - 1) + letter * 0.3)


def pushed_apart(places: tuple[float, ...], gap: float, least: float, most: float) -> tuple[float, ...]:
    """Move places as little as needed so that neighbours stand ``gap`` apart, between ``least`` and ``most``."""
    order = sorted(range(len(places)), key=lambda k: (places[k], k))
    moved = [places[k] for k in order]
    for k in range(len(moved)):
        moved[k] = max(moved[k], least if k == 0 else moved[k - 1] + gap)
    for k in reversed(range(len(moved))):
        moved[k] = min(moved[k], most if k == len(moved) - 1 else moved[k + 1] - gap)
    found = dict(zip(order, moved, strict=True))
    return tuple(found[k] for k in range(len(places)))


def shifted(words: Iterable[Words], x: float = 0.0, y: float = 0.0) -> tuple[Words, ...]:
    """Return words moved to another place."""
    return tuple(replace(item, x=item.x + x, y=item.y + y) for item in words)
