"""Read what came of many crises: a CSV table with an outcome a row, how often it came, and what may explain it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from backchannel.errors import CrisisFileError, Problem
from backchannel.spec.positions import MAXIMUM_PROBLEMS, suggest

OUTCOME_WORDS = ("sq", "concede", "backdown", "war")
"""Status quo, concession, back down, war: what stands in the column ``outcome``."""

RESERVED = ("outcome", "count")


@dataclass(frozen=True)
class OutcomeTable:
    """The rows of a table.

    Parameters
    ----------
    outcomes
        Place in ``OUTCOME_WORDS``, one a row.
    counts
        How often, one a row; 1 without the column ``count``.
    covariates
        The columns asked for, one number a row.
    """

    outcomes: tuple[int, ...]
    counts: tuple[int, ...]
    covariates: dict[str, tuple[float, ...]]


def read_outcome_table(text: str, name: str, wanted: Sequence[str]) -> OutcomeTable:
    """Return the table of a CSV text.

    Parameters
    ----------
    text
        Commas between fields, names in the first line. ``outcome`` is needed; ``count`` is a whole number.
    name
        File name, for messages.
    wanted
        Covariate columns to read; others are not looked at.

    Raises
    ------
    CrisisFileError
        With every fault found, by line and column: a column that is missing or there twice, a row of another length,
        an outcome that is none, a count that is no whole number, a covariate that is no finite number.
    """
    rows = _rows(text, name)
    if not rows:
        raise CrisisFileError(
            (_fault(name, 1, 1, "the table is empty", f"start with a line such as {_example(wanted)}"),)
        )
    (_, header), *records = rows
    place = _columns(header, name, wanted)
    problems: list[Problem] = []
    found: list[tuple[int, int, tuple[float, ...]]] = []
    for line, fields in records:
        if len(problems) >= MAXIMUM_PROBLEMS:
            break
        if len(fields) != len(header):
            message = f"{len(fields)} fields where the first line has {len(header)}"
            problems.append(_fault(name, line, 1, message, "quote fields that hold a comma"))
            continue
        reader = _Row(name, line, header, fields, problems)
        outcome = reader.outcome(place["outcome"])
        count = reader.count(place["count"]) if "count" in place else 1
        found.append((outcome, count, tuple(reader.number(place[column]) for column in wanted)))
    if not records:
        problems.append(_fault(name, 1, 1, "the table has no rows", "write one for each crisis, or one for each count"))
    elif not problems and not any(count for _, count, _ in found):
        problems.append(_fault(name, 1, 1, "every count is 0", "count at least one crisis"))
    if problems:
        raise CrisisFileError(tuple(problems))
    return OutcomeTable(
        outcomes=tuple(outcome for outcome, _, _ in found),
        counts=tuple(count for _, count, _ in found),
        covariates={column: tuple(row[k] for _, _, row in found) for k, column in enumerate(wanted)},
    )


def _rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Return the line each record ends on, and its fields; blank lines are left out."""
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        return [(reader.line_num, [field.strip() for field in fields]) for fields in reader if any(fields)]
    except csv.Error as error:
        raise CrisisFileError(
            (_fault(name, reader.line_num, 1, f"no CSV: {error}", "close every quotation mark"),)
        ) from None


def _columns(header: list[str], name: str, wanted: Sequence[str]) -> dict[str, int]:
    problems = [
        _fault(name, 1, _column(header, k), f'there are two columns "{title}"', "rename one")
        for k, title in enumerate(header)
        if title in header[:k]
    ]
    if "outcome" not in header:
        fix = f"{suggest('outcome', header)} Name one outcome, with {', '.join(OUTCOME_WORDS)}"
        problems.append(_fault(name, 1, 1, 'there is no column "outcome"', fix))
    covariates = [title for title in header if title not in RESERVED]
    problems += [
        _fault(name, 1, 1, f'there is no column "{column}"', suggest(column, covariates))
        for column in wanted
        if column not in header
    ]
    if problems:
        raise CrisisFileError(tuple(problems))
    return {title: k for k, title in enumerate(header)}


def _column(fields: Sequence[str], place: int) -> int:
    """Return where a field begins if nothing before it was quoted or padded."""
    return sum(len(field) + 1 for field in fields[:place]) + 1


def _example(wanted: Sequence[str]) -> str:
    return ",".join(["outcome", "count", *wanted])


def _fault(name: str, line: int, column: int, message: str, fix: str) -> Problem:
    return Problem("outcome-table", message, fix, name, line, column)


class _Row:
    """One record: reads its fields, and notes what is wrong with them."""

    def __init__(self, name: str, line: int, header: list[str], fields: list[str], problems: list[Problem]) -> None:
        self._name, self._line, self._header, self._fields, self._problems = name, line, header, fields, problems

    def outcome(self, place: int) -> int:
        word = self._fields[place].lower()
        if word in OUTCOME_WORDS:
            return OUTCOME_WORDS.index(word)
        self._note(place, f"is no outcome; write {', '.join(OUTCOME_WORDS)}")
        return 0

    def count(self, place: int) -> int:
        text = self._fields[place]
        if text.isdecimal() and text.isascii() and len(text) < 16:
            return int(text)
        self._note(place, "is no count; write a whole number, 0 or more")
        return 0

    def number(self, place: int) -> float:
        try:
            value = float(self._fields[place])
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            self._note(place, "is no finite number; write one such as 0.25, or leave the row out")
        return value

    def _note(self, place: int, what: str) -> None:
        message, _, fix = f'column {self._header[place]}: "{self._fields[place]}" {what}'.partition("; ")
        self._problems.append(_fault(self._name, self._line, _column(self._fields, place), message, fix))
