"""Read what can be read: where a text does not parse as a whole, the smallest parts at fault are left out.

The parts left out are overwritten with blanks, so that every position in the rest stays what it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from backchannel.errors import Problem
from backchannel.spec.nodes import Node, TreeBuilder
from backchannel.spec.yaml_events import SourceText, StopReadingError, check_characters, parse_events

MAXIMUM_CHARACTERS = 8_000_000
MAXIMUM_RECOVERABLE_LINES = 10_000
"""Longer texts that do not parse are reported with their first fault alone."""
_MAXIMUM_ROUNDS = 20
_MAXIMUM_SPLITS = 6
_MAXIMUM_CULPRITS = 50
_GIVE_UP = frozenset({"too-deep", "alias-bomb"})
_SECTION = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:\s|$)")
_WORD = re.compile(r"[\w-]+")

Span = tuple[int, int]
"""First line and the line after the last, from 0."""


@dataclass(frozen=True)
class Lost:
    """What of a file could not be read.

    Parameters
    ----------
    sections
        Sections that lost something.
    words
        Every word of the lost text; any of them may be a name that the rest of the file uses.
    spans
        Offsets of the lost parts.
    """

    sections: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = ()

    def touches(self, node: Node) -> bool:
        """Whether a collection of the file lost a part."""
        return any(node.start <= end and start <= node.end for start, end in self.spans)


@dataclass(frozen=True)
class Reading:
    """The root mapping (None if nothing could be read), the faults met, and what was left out."""

    root: Node | None
    problems: tuple[Problem, ...]
    lost: Lost = field(default_factory=Lost)


def read_nodes(text: str, file: str = "") -> Reading:
    """Read YAML text into one tree, with every fault that can be told at this level. ``text`` has no BOM."""
    if len(text) > MAXIMUM_CHARACTERS:
        message = f"the file has {len(text):,} characters; at most {MAXIMUM_CHARACTERS:,} are read"
        return Reading(None, (Problem("too-large", message, "split the crisis", file=file),))
    source = SourceText(text, file)
    fault = check_characters(source)
    if fault is not None:
        return Reading(None, (fault,))
    builder = TreeBuilder(source)
    try:
        root = builder.build()
    except StopReadingError as stop:
        if stop.problem.code in _GIVE_UP or len(source.line_starts) > MAXIMUM_RECOVERABLE_LINES:
            return Reading(None, (stop.problem,))
        return _Recovery(source).read()
    return _reading(root, builder.problems, file, Lost())


def _reading(root: Node | None, problems: list[Problem], file: str, lost: Lost) -> Reading:
    if root is None or root.kind != "mapping":
        if not any(problem.code == "not-yaml" for problem in problems):
            empty = root is None or root.is_null
            message = "the file is empty" if empty else "the file is not made of named sections"
            fix = "start with 'crisis: 1', or run 'backchannel new FILE' for a commented start"
            problems = [*problems, Problem("not-a-crisis", message, fix, file=file, line=1, column=1)]
        return Reading(None, tuple(problems), lost)
    return Reading(root, tuple(problems), lost)


class _Recovery:
    """One text that does not parse."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.starts = [*source.line_starts, len(source.text)]
        self.lines = [line for a, b in pairwise(self.starts) if (line := source.text[a:b])]
        self.remaining = list(self.lines)
        self.problems: list[Problem] = []
        self.spans: list[Span] = []

    def read(self) -> Reading:
        """Leave out what does not parse, and read the rest."""
        culprits = self._culprits((0, len(self.lines)), _MAXIMUM_SPLITS)
        faults = [fault for span in culprits[:_MAXIMUM_CULPRITS] if (fault := self._fault(*span)) is not None]
        self.problems.extend(faults)
        if len(culprits) > _MAXIMUM_CULPRITS:
            return Reading(None, tuple(self.problems))
        for start, end in culprits:
            self._blank(start, end)
        for _ in range(_MAXIMUM_ROUNDS):
            builder = TreeBuilder(SourceText("".join(self.remaining), self.source.file))
            try:
                root = builder.build()
            except StopReadingError as stop:
                self.problems.append(stop.problem)
                if stop.problem.code in _GIVE_UP:
                    break
                self._blank(*self._section_around(stop.problem.line - 1))
                continue
            return _reading(root, [*self.problems, *builder.problems], self.source.file, self._lost())
        return Reading(None, tuple(self.problems), self._lost())

    def _offsets(self, start: int, end: int) -> Span:
        return self.starts[start], self.starts[end]

    def _fault(self, start: int, end: int) -> Problem | None:
        """Return what keeps a run of lines from parsing by itself, or None."""
        try:
            for _ in parse_events(self.source, *self._offsets(start, end)):
                pass
        except StopReadingError as stop:
            return stop.problem
        return None

    def _culprits(self, span: Span, splits: int) -> list[Span]:
        """Return the smallest runs of lines that do not parse by themselves."""
        start, end = span
        if self._fault(start, end) is None:
            return []
        parts = self._parts(start, end) if splits else []
        found = [culprit for part in parts for culprit in self._culprits(part, splits - 1)]
        return found or [span]

    def _parts(self, start: int, end: int) -> list[Span]:
        """Split a run of lines at its sections, or below its first line at its least indentation."""
        heads = [number for number in range(start, end) if _SECTION.match(self.lines[number])]
        first = start
        if not [head for head in heads if head > start]:
            if self._fault(start, start + 1) is not None:
                return []
            first = start + 1
            inner = [number for number in range(first, end) if _says(self.lines[number])]
            least = min((_indent(self.lines[number]) for number in inner), default=0)
            heads = [number for number in inner if _indent(self.lines[number]) == least]
        cuts = [first, *(head for head in heads if head > first), end]
        return [(a, b) for a, b in pairwise(cuts) if a < b and (a, b) != (start, end)]

    def _section_around(self, number: int) -> Span:
        number = min(max(number, 0), len(self.lines) - 1)
        heads = [k for k, line in enumerate(self.lines) if _SECTION.match(line)]
        start = max((head for head in heads if head <= number), default=0)
        end = min((head for head in heads if head > number), default=len(self.lines))
        if not any(_says(line) for line in self.remaining[start:end]):
            return 0, len(self.lines)
        return start, end

    def _blank(self, start: int, end: int) -> None:
        self.spans.append((start, end))
        for number in range(start, end):
            self.remaining[number] = re.sub(r"[^\r\n]", " ", self.lines[number])

    def _lost(self) -> Lost:
        sections, words = set(), set()
        for start, end in self.spans:
            words |= set(_WORD.findall("".join(self.lines[start:end])))
            before = [k for k in range(start + 1) if _SECTION.match(self.lines[k])][-1:]
            for number in [*before, *range(start + 1, end)]:
                head = _SECTION.match(self.lines[number])
                if head:
                    sections.add(head[1])
        return Lost(frozenset(sections), frozenset(words), tuple(self._offsets(*span) for span in self.spans))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
