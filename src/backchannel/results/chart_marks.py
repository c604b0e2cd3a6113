"""The vocabulary of charts: panels of layers, a layer being marks of one kind with their columns.

A chart is data, like a table. It says what is where; how that looks (colours, sizes, fonts) is up to ``render``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

from backchannel.results.table import Table

Value = float | str
"""Where a mark stands: a number, a share from 0 to 1, a day as ``2019-05-01``, or a name of the axis."""

Scale = Literal["number", "count", "share", "date", "name"]
Mark = Literal["point", "line", "step", "band", "bar", "rule", "tick", "cell"]

ACROSS: Mark = "rule"
"""The only mark that may lack a side: without ``y`` it runs from bottom to top, without ``x`` from side to side."""


@dataclass(frozen=True)
class Axis:
    """An axis: its words, its unit and what its values are.

    Parameters
    ----------
    title, unit
        Words and unit; the unit of a share or a date is left empty.
    scale
        ``number``; ``count`` (whole numbers); ``share`` (0 to 1, shown in percent); ``date`` (ISO days); ``name``.
    names
        Of a name axis: every name, in the order shown (left to right, top to bottom).
    least, most
        Bounds of a number or share axis; None fits them to the marks.
    """

    title: str
    unit: str = ""
    scale: Scale = "number"
    names: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise ValueError(f'axis "{self.title}" has a name twice')

    @property
    def heading(self) -> str:
        """Title with unit, as written beside the axis."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    def check(self, values: tuple[Value, ...]) -> None:
        """Raise ValueError for values that cannot stand on this axis."""
        for value in values:
            if self.scale == "name" and value not in self.names:
                raise ValueError(f'axis "{self.title}" has no name "{value}"')
            if self.scale == "date":
                date.fromisoformat(str(value))
            if self.scale in ("number", "count", "share") and (isinstance(value, str) or not math.isfinite(value)):
                raise ValueError(f'axis "{self.title}" takes finite numbers, got {value!r}')


@dataclass(frozen=True)
class Layer:
    """Marks of one kind. Columns have one entry a mark (lines and bands: a corner); a column left empty is not used.

    Parameters
    ----------
    mark
        ``point``; ``line`` through its corners in the order given; ``step`` (the value holds until the next corner);
        ``band`` from ``y`` to ``y_end``; ``bar`` (to ``x_end`` or ``y_end``); ``rule`` (a straight line, to ``x_end``
        or ``y_end``, or right across); ``tick``; ``cell`` of a matrix.
    x, y, x_end, y_end
        Where the marks stand.
    series
        The name each mark belongs to, one of the chart's ``series``: its colour, shape and dash. Empty: the ink of
        the text.
    part
        Which line a corner belongs to, where one series has several.
    label
        Words beside a mark; empty words are not written.
    quiet
        Drawn pale, behind the rest: what the eye compares with.
    """

    mark: Mark
    x: tuple[Value, ...] = ()
    y: tuple[Value, ...] = ()
    x_end: tuple[Value, ...] = ()
    y_end: tuple[Value, ...] = ()
    series: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    quiet: bool = False

    def __post_init__(self) -> None:
        columns = (self.x, self.y, self.x_end, self.y_end, self.series, self.part, self.label)
        if len({len(column) for column in columns if column}) > 1:
            raise ValueError(f"columns of a {self.mark} layer differ in length: {[len(column) for column in columns]}")
        if self.mark != ACROSS and bool(self.x) != bool(self.y):
            raise ValueError(f"a {self.mark} needs both x and y")

    @property
    def size(self) -> int:
        """Number of marks or corners."""
        return max(len(self.x), len(self.y))


@dataclass(frozen=True)
class Panel:
    """One plot: its y axis and its layers, the first drawn first. ``tall`` is its share of the height."""

    y: Axis
    layers: tuple[Layer, ...]
    tall: float = 1.0


@dataclass(frozen=True)
class Chart:
    """A chart as data: panels one below the other on one x axis.

    Parameters
    ----------
    id
        Stable, unique within a result: letters, digits and hyphens; the name of its file.
    title
        What is shown, not what to think of it.
    alt
        The same for who cannot see it: one sentence that ends in a full stop.
    x
        The axis all panels share.
    panels
        From top to bottom.
    table
        What is drawn, as a table.
    series
        Names of the series in order: the first has the first colour, shape and dash, and so on. Give the actors in
        file order here, and an actor looks the same in every chart of the crisis.
    notes
        Lines below the chart: what a number in it stands for, what was left out.
    """

    id: str
    title: str
    alt: str
    x: Axis
    panels: tuple[Panel, ...]
    table: Table
    series: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id.replace("-", "").isalnum() or not self.id.isascii():
            raise ValueError(f'"{self.id}" is no chart id; use letters, digits and hyphens')
        if not self.alt.endswith(".") or not self.title:
            raise ValueError(f"chart {self.id} needs a title, and alt text that is a sentence")
        for panel in self.panels:
            for layer in panel.layers:
                self.x.check(layer.x + layer.x_end)
                panel.y.check(layer.y + layer.y_end)
                if unknown := set(layer.series) - set(self.series):
                    raise ValueError(f"chart {self.id} has no series {sorted(unknown)}")
