"""From a value's path to the line and column where it stands, also inside a condition."""

from __future__ import annotations

from difflib import get_close_matches

from backchannel.errors import Problem, Severity
from backchannel.spec.nodes import Node

Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    """Write a path for people: list members count from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else str(step) for step in path)


def inside(node: Node, offset: int, text: str) -> tuple[int, int]:
    """Return the line and column of the character ``offset`` characters into a scalar's value.

    Quotation marks are passed over and folded lines are followed; block scalars give their first line.
    """
    if node.style in ("|", ">"):
        return node.line, node.column
    line, column, index = node.line, node.column, node.start
    if node.style in ("'", '"'):
        index, column = index + 1, column + 1
    for _ in range(offset):
        if index >= len(text):
            break
        fold = index
        while fold < len(text) and text[fold] in " \t\r\n":
            fold += 1
        gap = text[index:fold]
        if "\n" in gap:
            line += gap.count("\n")
            column = fold - text.rfind("\n", 0, fold)
            index = fold
        else:
            index, column = index + 1, column + 1
    return line, column


def suggest(found: str, known: list[str] | tuple[str, ...]) -> str:
    """Return ``did you mean "x"?``, or the list of what is known if nothing is near and the list is short."""
    lower = {name.lower(): name for name in known}
    near = get_close_matches(found.lower(), lower, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{lower[near[0]]}"?'
    if not known:
        return "the file defines none"
    listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
    return f"known: {listed}"


class Reporter:
    """Collects problems of one file and knows where its values stand."""

    def __init__(self, root: Node, text: str, file: str) -> None:
        self.root, self.text, self.file = root, text, file
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
        """Note a problem at the value of ``path`` (its key with ``on_key``), ``offset`` characters into it."""
        node, key = self.root.find(path)
        line, column = node.line, node.column
        if on_key and key is not None:
            line, column = key.line, key.column
        elif offset is not None and node.kind == "scalar":
            line, column = inside(node, offset, self.text)
        self.problems.append(Problem(code, message, fix, self.file, line, column, dotted(path), severity))
