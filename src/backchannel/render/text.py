"""Results for a terminal."""

from __future__ import annotations

from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from backchannel.render.cells import cell_text, heading
from backchannel.results.finding import TAG_WORDS, Finding
from backchannel.results.table import Kind, Table

NARROWEST_TEXT = 16
"""Characters below which a column of text is no longer read as text."""
GAP = 2
"""Characters between columns."""
_JUSTIFY: dict[Kind, Literal["left", "center", "right"]] = {"text": "left", "number": "right", "mark": "center"}


def print_table(console: Console, table: Table, draws: int = 0) -> None:
    """Print a table; where the window is too narrow for its columns, print each row as a list instead.

    No column is ever left out.
    """
    texts = [
        [cell_text(column, cell, draws) for column, cell in zip(table.columns, row, strict=True)] for row in table.rows
    ]
    widths = _widths(table, texts, console.width)
    if widths is None:
        _print_records(console, table, texts)
    else:
        _print_grid(console, table, texts, widths)


def print_findings(console: Console, findings: tuple[Finding, ...]) -> None:
    """Print findings, each with its tag and what would change it."""
    for finding in findings:
        said = Text.assemble(finding.text, " ", (f"[{TAG_WORDS[finding.tag]}]", "dim"))
        console.print(Padding(said, (0, 0, 0, 2), expand=False))
        if finding.would_change:
            change = Text.assemble(("Would change it: ", "dim"), finding.would_change)
            console.print(Padding(change, (0, 0, 0, 4), expand=False))


def _widths(table: Table, texts: list[list[str]], available: int) -> list[int] | None:
    """Return the width of each column, or None if they do not fit side by side.

    Every column gets what it needs to break no word; what is left goes to text first, then to headings, one
    character at a time to the column that lacks most.
    """
    places = range(len(table.columns))
    widths = [_least(table, texts, place) for place in places]
    spare = available - sum(widths) - GAP * (len(widths) - 1)
    if spare < 0:
        return None
    natural = [max(cell_len(text) for text in (heading(table.columns[p]), *(row[p] for row in texts))) for p in places]
    is_text = [column.kind == "text" for column in table.columns]
    while spare > 0 and any(widths[p] < natural[p] for p in places):
        lacking = max(places, key=lambda p: (widths[p] < natural[p] and is_text[p], natural[p] - widths[p]))
        widths[lacking] += 1
        spare -= 1
    return widths


def _least(table: Table, texts: list[list[str]], place: int) -> int:
    """Return the width below which a column would break words or numbers; long words of text may break."""
    column = table.columns[place]
    cells = [row[place] for row in texts]
    if column.kind == "text":
        words = [cell_len(word) for text in (heading(column), *cells) for word in text.split()]
        return min(max(words, default=1), NARROWEST_TEXT)
    return max(cell_len(word) for word in (*heading(column).split(), *cells, " "))


def _print_grid(console: Console, table: Table, texts: list[list[str]], widths: list[int]) -> None:
    title = Text(table.title, style="bold")
    made = RichTable(title=title, title_justify="left", pad_edge=False, box=None, padding=(0, GAP, 0, 0))
    for column, width in zip(table.columns, widths, strict=True):
        made.add_column(Text(heading(column)), justify=_JUSTIFY[column.kind], overflow="fold", width=width)
    for row in texts:
        made.add_row(*(Text(text) for text in row))
    console.print(made)


def _print_records(console: Console, table: Table, texts: list[list[str]]) -> None:
    console.print(Text(table.title, style="bold"))
    for first, *others in texts:
        console.print(Text(first, style="bold", overflow="fold"))
        for column, text in zip(table.columns[1:], others, strict=True):
            console.print(Padding(Text(f"{heading(column)}: {text}", overflow="fold"), (0, 0, 0, 2), expand=False))
