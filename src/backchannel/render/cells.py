"""A cell of a table as text: the one place that says how a mark, a number and a share look."""

from __future__ import annotations

from backchannel.numerics.number_format import number, share
from backchannel.results.table import Cell, Column

SHARE_UNIT = "share of draws"
YES, NOT = "yes", "-"


def cell_text(column: Column, cell: Cell, draws: int = 0) -> str:
    """Write one value: a mark as ``yes`` or ``-``, a number by the one formatter, a value not asked as nothing.

    Parameters
    ----------
    column, cell
        The column and its value.
    draws
        Number of draws behind a share; from 1,000 on its tails get a decimal.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return YES if cell else NOT
    if isinstance(cell, str):
        return cell
    return share(cell, draws) if column.unit == SHARE_UNIT else number(cell)


def heading(column: Column) -> str:
    """Return the words above a column, with its unit."""
    return f"{column.title} ({column.unit})" if column.unit else column.title
