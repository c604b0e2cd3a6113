"""YAML text to a tree of nodes that remember where they stand, within fixed bounds.

The text is read event by event, so depth and aliases are bounded before any tree exists. Scalars stay text:
what a scalar means is decided by its field (see :mod:`backchannel.spec.fields`), which leaves no room for the
surprises of YAML 1.1 (``no`` as false, ``1:30`` as 90).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from backchannel.errors import Problem

MAXIMUM_DEPTH = 40
MAXIMUM_NODES = 200_000
MAXIMUM_CHARACTERS = 8_000_000

Kind = Literal["scalar", "mapping", "sequence"]
Data = dict[str, Any] | list[Any] | str | None


@dataclass(slots=True)
class Node:
    """One YAML node. ``line`` and ``column`` count from 1; ``start`` and ``end`` are offsets into the text.

    ``pairs`` holds a mapping's keys and values in file order, ``items`` a sequence's members. ``size`` counts the
    nodes below, aliases expanded.
    """

    kind: Kind
    line: int
    column: int
    start: int
    end: int = 0
    text: str = ""
    style: str | None = None
    flow: bool = False
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    size: int = 1

    @property
    def is_null(self) -> bool:
        """Whether this is an empty value, ``~`` or ``null`` outside quotes."""
        return self.kind == "scalar" and self.style is None and self.text in ("", "~", "null")

    def get(self, key: str) -> Node | None:
        """Return the value of ``key`` in a mapping, or None."""
        for name, value in self.pairs:
            if name.text == key:
                return value
        return None

    def key(self, key: str) -> Node | None:
        """Return the node of the key itself, or None."""
        return next((name for name, _ in self.pairs if name.text == key), None)

    def find(self, path: tuple[str | int, ...]) -> tuple[Node, Node | None]:
        """Follow ``path`` as far as it goes; return the deepest node and the key it hangs on.

        Steps that a mapping does not have are passed over: a validator may name a field the file does not spell.
        """
        node, key = self, None
        for step in path:
            below = node._step(step)
            if below is not None:
                key, node = below
        return node, key

    def _step(self, step: str | int) -> tuple[Node | None, Node] | None:
        if self.kind == "sequence" and isinstance(step, int) and 0 <= step < len(self.items):
            return None, self.items[step]
        if self.kind == "mapping":
            return next(((name, value) for name, value in self.pairs if name.text == str(step)), None)
        return None

    def to_data(self) -> Data:
        """Return plain dictionaries, lists and texts; a repeated key keeps its first value."""
        if self.kind == "scalar":
            return None if self.is_null else self.text
        if self.kind == "sequence":
            return [item.to_data() for item in self.items]
        data: dict[str, Any] = {}
        for name, value in self.pairs:
            data.setdefault(name.text, value.to_data())
        return data


class _Stop(Exception):
    """Reading cannot go on; carries the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def read_nodes(text: str, file: str = "") -> tuple[Node | None, tuple[Problem, ...], frozenset[str]]:
    """Read YAML text into one tree, with every fault that can be told at this level.

    Where the text as a whole does not parse, its top-level sections are read one by one, so that one broken
    section does not hide the faults of the others.

    Returns
    -------
    tuple
        The root mapping (None if nothing could be read), the problems, and the names of unreadable sections.
    """
    if len(text) > MAXIMUM_CHARACTERS:
        message = f"the file has {len(text):,} characters; at most {MAXIMUM_CHARACTERS:,} are read"
        return None, (Problem("too-large", message, file=file),), frozenset()
    problems: list[Problem] = []
    try:
        root = _build(text, file, problems)
    except _Stop as stop:
        return _read_by_section(text, file, stop.problem)
    if root is None or root.kind != "mapping":
        message = "the file is empty" if root is None or root.is_null else "the file is not a list of named sections"
        fix = "start with 'crisis: 1', or run 'backchannel new FILE' for a commented start"
        return None, (Problem("not-a-crisis", message, fix, file=file, line=1, column=1),), frozenset()
    return root, tuple(problems), frozenset()


def _read_by_section(
    text: str, file: str, whole: Problem
) -> tuple[Node | None, tuple[Problem, ...], frozenset[str]]:
    if whole.code in ("too-deep", "alias-bomb"):
        return None, (whole,), frozenset()
    starts = [match.start() for match in re.finditer(r"^(?=[A-Za-z_])[\w-]+[ \t]*:(?=\s|$)", text, re.MULTILINE)]
    root = Node("mapping", 1, 1, 0, len(text))
    problems: list[Problem] = []
    broken: set[str] = set()
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        lines_before = text.count("\n", 0, start)
        name = text[start:end].split(":", 1)[0].strip()
        try:
            section = _build("\n" * lines_before + text[start:end], file, problems)
        except _Stop as stop:
            problems.append(stop.problem)
            broken.add(name)
            continue
        if section is not None and section.kind == "mapping":
            _shift(section, start - lines_before)
            root.pairs.extend(section.pairs)
    if not any(problem.severity == "error" for problem in problems):
        problems.append(whole)
    return (root if root.pairs else None), tuple(problems), frozenset(broken)


def _shift(node: Node, by: int) -> None:
    pending, seen = [node], set()
    while pending:
        current = pending.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        current.start += by
        current.end += by
        pending.extend(current.items)
        for name, value in current.pairs:
            pending += [name, value]


def _events(text: str, file: str) -> Iterator[Any]:
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        raise _Stop(_syntax_problem(error, text, file)) from None
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise _Stop(Problem("not-yaml", f"the text cannot be read as YAML: {reason}", file=file, line=1, column=1)) from None


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    source = lines[line - 1] if 0 < line <= len(lines) else ""
    found = source[column - 1 : column + 24].strip()
    reason = (error.problem or "not valid YAML").replace("did not find expected", "expected")
    message = f"the text does not parse here: {reason}" + (f', found "{found}"' if found else "")
    return Problem("not-yaml", message, _syntax_fix(source, reason), file=file, line=line, column=column)


def _syntax_fix(source: str, reason: str) -> str:
    if "tab" in reason or "\t" in source[: len(source) - len(source.lstrip())]:
        return "indent with spaces, not tabs"
    if "{" in source and re.search(r"[?]\s*[,}]|: [^\"'\[{]*: |[^\"']%|[`@]", source):
        return "put text that holds ? : , or other signs inside braces in quotes"
    if source.count('"') % 2 or source.count("'") % 2:
        return "close the quotation marks"
    if source.count("{") != source.count("}") or source.count("[") != source.count("]"):
        return "close every { with } and every [ with ]"
    return "check the indentation and the colons on this line and the one before; quote prose inside braces"


def _build(text: str, file: str, problems: list[Problem]) -> Node | None:
    """Build the tree from events without recursion; duplicate keys are noted, bounds are enforced."""
    root: Node | None = None
    stack: list[Node] = []
    waiting: list[Node | None] = []  # the key still without a value, one slot for each open mapping
    anchors: dict[str, Node] = {}
    total = 0
    documents = 0
    for event in _events(text, file):
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Stop(_at(event, "two-documents", "a second document starts here", "keep one crisis in a file", file))
            continue
        if isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            closed = stack.pop()
            waiting.pop()
            closed.end = event.end_mark.index
            root = _attach(closed, stack, waiting, problems, file) or root
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        node = _node(event, anchors, file)
        total += node.size
        if total > MAXIMUM_NODES:
            message = f"aliases would unfold into more than {MAXIMUM_NODES:,} values"
            raise _Stop(_at(event, "alias-bomb", message, "write the values out instead of aliases", file))
        if isinstance(event, yaml.CollectionStartEvent):
            stack.append(node)
            waiting.append(None)
            if len(stack) > MAXIMUM_DEPTH:
                message = f"values are nested more than {MAXIMUM_DEPTH} deep"
                raise _Stop(_at(event, "too-deep", message, "a crisis file needs no more than 8 levels", file))
            continue
        root = _attach(node, stack, waiting, problems, file) or root
    return root


def _node(event: Any, anchors: dict[str, Node], file: str) -> Node:
    mark = event.start_mark
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in anchors:
            raise _Stop(_at(event, "unknown-alias", f'"*{event.anchor}" names no earlier anchor', "", file))
        return anchors[event.anchor]
    if event.tag not in (None, "!"):
        tag = event.tag.removeprefix("tag:yaml.org,2002:")
        message = f'"{tag if tag.startswith("!") else "!" + tag}" is a YAML tag; tags are not read'
        raise _Stop(_at(event, "tag", message, "in a condition write 'not', not '!'; quote text that starts with !", file))
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or None
        node = Node("scalar", mark.line + 1, mark.column + 1, mark.index, event.end_mark.index, event.value, style)
    else:
        kind: Kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
        node = Node(kind, mark.line + 1, mark.column + 1, mark.index, flow=bool(event.flow_style))
    if event.anchor:
        anchors[event.anchor] = node
    return node


def _attach(
    node: Node, stack: list[Node], waiting: list[Node | None], problems: list[Problem], file: str
) -> Node | None:
    """Hang a finished node on the innermost open collection; return it if it is the root."""
    if not stack:
        return node
    parent = stack[-1]
    parent.size += node.size
    if parent.kind == "sequence":
        parent.items.append(node)
        return None
    key = waiting[-1]
    if key is None:
        waiting[-1] = node
        return None
    waiting[-1] = None
    if key.kind != "scalar":
        fix = "a comma or a colon in unquoted text? put the text in quotes"
        problems.append(Problem("not-a-key", "a list or mapping stands where a name belongs", fix, file, key.line, key.column))
        return None
    if parent.get(key.text) is not None:
        first = parent.key(key.text)
        message = f'"{key.text}" is given twice' + (f", first on line {first.line}" if first else "")
        problems.append(Problem("duplicate-key", message, "keep one of them", file, key.line, key.column))
    parent.pairs.append((key, node))
    return None


def _at(event: Any, code: str, message: str, fix: str, file: str) -> Problem:
    return Problem(code, message, fix, file=file, line=event.start_mark.line + 1, column=event.start_mark.column + 1)
