"""From a value's path to the line and column where it stands, also inside a condition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from backchannel.errors import Problem, Severity
from backchannel.spec.nodes import Node, Path
from backchannel.spec.yaml_events import SourceText

MAXIMUM_PROBLEMS = 500
COMMA_FIX = "a comma in unquoted text? put the text in quotes"
_MAXIMUM_COMPARED = 2_000
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r\n|.)", re.DOTALL)
_BLANK_ESCAPES = frozenset("tnvfr NLP_\t\r\n")


class TooManyProblemsError(Exception):
    """So many faults that a person would not read on."""


def dotted(path: Path) -> str:
    """Write a path for people: list members count from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else str(step) for step in path)


def offset_inside(node: Node, offset: int, text: str) -> int:
    """Return where in the text the character ``offset`` characters into a scalar's value stands.

    The characters of a value that are not blank stand in its source one by one, whatever the style: folding,
    quotation marks and indentation only change blanks. So they are counted off against one another.
    """
    wanted = sum(not character.isspace() for character in node.text[:offset])
    place = node.start
    for place in _solid_places(node, text):
        if wanted == 0:
            return place
        wanted -= 1
    return place


def _solid_places(node: Node, text: str) -> Iterator[int]:
    """Yield the offset of every character of a scalar that is not blank."""
    place, end = node.start, node.end
    if node.style in ("|", ">"):
        line_end = text.find("\n", place, end)
        place = end if line_end < 0 else line_end + 1
    elif node.style in ("'", '"'):
        place, end = place + 1, end - 1
    while place < end:
        width, solid = _unit(text, place, node.style)
        if solid:
            yield place
        place += width


def _unit(text: str, place: int, style: str | None) -> tuple[int, bool]:
    """Return how many characters of the text stand for one of the value, and whether it is not blank."""
    if style == "'" and text.startswith("''", place):
        return 2, True
    if style == '"' and (found := _ESCAPE.match(text, place)):
        written = found[0][1:]
        coded = len(written) > 1 and written[0] in "xuU"
        blank = chr(int(written[1:], 16)).isspace() if coded else written[0] in _BLANK_ESCAPES
        return len(found[0]), not blank
    return 1, not text[place].isspace()


def suggest(found: str, known: Sequence[str]) -> str:
    """Return ``did you mean "x"?``, or the list of what is known if nothing is near."""
    compared = known[:_MAXIMUM_COMPARED]
    lower = {name.lower(): name for name in compared}
    near = get_close_matches(found.lower(), lower, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{lower[near[0]]}"?'
    if not known:
        return "the file defines none"
    listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return f"known: {listed}"


def shown(value: object) -> str:
    """Name a value in a message: a text in quotation marks and cut short, anything else by its kind."""
    if value is None:
        return "nothing"
    if isinstance(value, (dict, list, tuple)):
        return "named fields" if isinstance(value, dict) else "a list"
    line = " ".join(str(value).split())
    return f'"{line if len(line) <= 60 else line[:57] + "..."}"'


class Reporter:
    """Collects problems of one file and knows where its values stand."""

    def __init__(self, root: Node, source: SourceText) -> None:
        self.root, self.source = root, source
        self.problems: list[Problem] = []

    def at(
        self,
        path: Path,
        code: str,
        message: str,
        fix: str = "",
        *,
        on_key: bool = False,
        offset: int | None = None,
        severity: Severity = "error",
    ) -> None:
        """Note a problem at the value of ``path`` (its key with ``on_key``), ``offset`` characters into it.

        A value that could not be read is passed over: its fault has been told.

        Raises
        ------
        TooManyProblemsError
            When there is no more room.
        """
        node, key = self.root.find(path)
        if node.faulty:
            return
        place = node.start
        if on_key and key is not None:
            place = key.start
        elif offset is not None and node.kind == "scalar":
            place = offset_inside(node, offset, self.source.text)
        line, column = self.source.place(place)
        problem = Problem(code, message, fix, self.source.file, line, column, dotted(path), severity)
        self.problems.append(problem)
        if len(self.problems) >= MAXIMUM_PROBLEMS:
            raise TooManyProblemsError
