"""Tables as data: typed columns with titles and units, rows of plain values."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Literal

Cell = str | int | float | bool | None
Kind = Literal["text", "number", "mark"]


@dataclass(frozen=True)
class Column:
    """A column: its stable id, the words above it, what a cell means and in which unit."""

    id: str
    title: str
    kind: Kind = "text"
    unit: str = ""
    help: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a stable id. ``rows`` hold one value a column; a mark is true, false or not asked (None)."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, name: str) -> tuple[Cell, ...]:
        """Return the values of a column by its id."""
        position = [column.id for column in self.columns].index(name)
        return tuple(row[position] for row in self.rows)

    def to_csv(self) -> str:
        """Return the table as CSV with ids in the first line."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([column.id for column in self.columns])
        writer.writerows([["" if cell is None else cell for cell in row] for row in self.rows])
        return out.getvalue()
