"""Results as Markdown."""

from __future__ import annotations

import re

from backchannel.render.cells import cell_text, heading
from backchannel.results.finding import TAG_WORDS, Finding
from backchannel.results.table import Table

_SPECIAL = re.compile(r"[\\`*\[\]<>|]|(?<!\w)_|_(?!\w)")


def escaped(text: str) -> str:
    """Write text so that Markdown shows it as it stands, on one line."""
    return " ".join(_SPECIAL.sub(lambda found: f"\\{found[0]}", text).split())


def table_markdown(table: Table, draws: int = 0) -> str:
    """Write a table with its title; numbers to the right, marks in the middle."""
    rule = {"text": "---", "number": "---:", "mark": ":---:"}
    lines = [
        f"**{escaped(table.title)}**",
        "",
        _line([escaped(heading(column)) for column in table.columns]),
        _line([rule[column.kind] for column in table.columns]),
    ]
    for row in table.rows:
        cells = zip(table.columns, row, strict=True)
        lines.append(_line([escaped(cell_text(column, cell, draws)) for column, cell in cells]))
    return "\n".join(lines) + "\n"


def finding_markdown(finding: Finding) -> str:
    """Write one finding as a list item with its tag and what would change it."""
    text = f"- {escaped(finding.text)} *({TAG_WORDS[finding.tag]})*\n"
    if finding.would_change:
        text += f"  What would change it: {escaped(finding.would_change)}\n"
    return text


def findings_markdown(findings: tuple[Finding, ...]) -> str:
    """Write findings as a list, most important first."""
    return "".join(finding_markdown(finding) for finding in findings)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
