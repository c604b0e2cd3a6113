"""YAML text to parser events; what the parser cannot read is told in words an analyst can act on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import yaml

from backchannel.errors import Problem

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")
_LINE_START = re.compile(r"\r\n|\r|\n")
_QUOTE_IN_BRACES = re.compile(r"[?]\s*[,}]|: [^\"'\[{]*: |[^\"']%|[`@]")


class StopReadingError(Exception):
    """Reading cannot go on; carries the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


class SourceText:
    """A text and the lines it has, as an editor counts them."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of every line."""
        return [0, *(match.end() for match in _LINE_START.finditer(self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column, from 1, of a character. An offset past the end gives the last line."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return a line, counted from 1, without its line end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def problem(self, offset: int, code: str, message: str, fix: str = "") -> Problem:
        """Return a problem at a character."""
        line, column = self.place(offset)
        return Problem(code, message, fix, self.file, line, column)


def check_characters(source: SourceText) -> Problem | None:
    """Return the problem of the first character that no YAML text may hold, or None."""
    found = _FORBIDDEN.search(source.text)
    if found is None:
        return None
    message = f"the character U+{ord(found[0]):04X} cannot stand in a crisis file"
    return source.problem(found.start(), "bad-character", message, "remove it, and save the file as UTF-8 text")


def parse_events(source: SourceText, start: int = 0, end: int | None = None) -> Iterator[Any]:
    """Yield the events of a text, or of the part of it between two offsets.

    Raises
    ------
    StopReadingError
        Where the text does not parse, with the position in the whole text.
    """
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(source.text[start:end], Loader=loader)
    except yaml.MarkedYAMLError as error:
        raise StopReadingError(_syntax_problem(error, source, start, end)) from None
    except (yaml.YAMLError, ValueError):
        problem = source.problem(start, "not-yaml", "the text cannot be read as YAML", "save it as UTF-8 text")
        raise StopReadingError(problem) from None


def _syntax_problem(error: yaml.MarkedYAMLError, source: SourceText, shift: int, end: int | None) -> Problem:
    reason = (error.problem or "not valid YAML").replace("did not find expected", "expected")
    found_at = _offset(error.problem_mark or error.context_mark, shift)
    opened_at = _offset(error.context_mark, shift)
    if "nesting" in reason:
        return source.problem(found_at, "too-deep", "values are nested too deep", "a crisis file needs 8 levels")
    if "quoted scalar" in (error.context or ""):
        message = "this quotation mark is never closed"
        return source.problem(opened_at, "not-yaml", message, "close the quotation marks")
    at_end = not source.text[found_at:end].strip()
    if "flow" in (error.context or "") and (at_end or _is_outside(source, opened_at, found_at)):
        sign = source.text[opened_at : opened_at + 1]
        message = f'this "{sign}" is never closed'
        return source.problem(opened_at, "not-yaml", message, "close every { with } and every [ with ]")
    if "simple key" in (error.context or ""):
        found_at = opened_at
    line, column = source.place(found_at)
    found = source.line(line)[column - 1 : column + 24].strip()
    message = f"the text does not parse here: {reason}" + (f', found "{found}"' if found else "")
    return source.problem(found_at, "not-yaml", message, _syntax_fix(source.line(line), reason))


def _offset(mark: Any, shift: int) -> int:
    return (mark.index if mark is not None else 0) + shift


def _is_outside(source: SourceText, opened_at: int, found_at: int) -> bool:
    """Whether a fault stands on a later line that is indented no deeper than the bracket's own line."""
    opened, found = source.place(opened_at)[0], source.place(found_at)[0]
    if found <= opened:
        return False
    indents = [len(line) - len(line.lstrip()) for line in (source.line(opened), source.line(found))]
    return indents[1] <= indents[0]


def _syntax_fix(line: str, reason: str) -> str:
    if "tab" in reason or "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces, not tabs"
    if "{" in line and _QUOTE_IN_BRACES.search(line):
        return "put text that holds ? : , or other signs inside braces in quotes"
    if line.count('"') % 2 or line.count("'") % 2:
        return "close the quotation marks"
    if line.count("{") != line.count("}") or line.count("[") != line.count("]"):
        return "close every { with } and every [ with ]"
    return "check the indentation and the colons on this line and the one before; quote prose inside braces"
