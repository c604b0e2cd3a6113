"""What the further analyses say, for a reader who wants more than stability."""

from __future__ import annotations

from backchannel.analyses.contract import Entry
from backchannel.analyses.registry import ENTRIES
from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.faces.report.sections import Answer
from backchannel.render.chart import figure
from backchannel.study.study import Study

MOST_STATES = 20_000
"""Possible states up to which a briefing runs the further analyses."""

MOST_FINDINGS = 6
MOST_ROWS = 12
MOST_CHARTS = 3


def answers(study: Study, done: tuple[str, ...]) -> tuple[Answer, ...]:
    """Run every briefed analysis the file has what it takes for, except those already done."""
    if study.needs("stability") or study.model.space.cells.size > MOST_STATES:
        return ()
    asked = [line for line in ENTRIES if line.briefed and line.name not in done and not study.needs(line.name)]
    asked.sort(key=lambda line: line.family == "stability")  # the briefing's own sections have answered that first
    return tuple(answer for line in asked if (answer := _answer(study, line)) is not None)


def _answer(study: Study, line: Entry) -> Answer | None:
    try:
        result = study.run(line.name)
    except (NotSupportedError, TooLargeError):
        return None
    shown = result.findings[:MOST_FINDINGS]
    tables = tuple(table for table in result.tables if 0 < len(table.rows) <= MOST_ROWS)
    charts = tuple(figure(chart, line.name) for chart in result.charts[:MOST_CHARTS])
    left_out = len(result.findings) - len(shown)
    return Answer(line.name, line.family, line.command, line.question, shown, left_out, charts, tables)
