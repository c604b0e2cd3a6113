"""A tree of YAML nodes that remember where they stand, built within fixed bounds.

The text is read event by event, so depth and aliases are bounded before any tree exists. Scalars stay text:
what a scalar means is decided by its field (see :mod:`backchannel.spec.fields`), which leaves no room for the
surprises of YAML 1.1 (``no`` as false, ``1:30`` as 90).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from backchannel.errors import Problem
from backchannel.spec.yaml_events import SourceText, StopReadingError, parse_events

MAXIMUM_DEPTH = 40
MAXIMUM_NODES = 200_000

Kind = Literal["scalar", "mapping", "sequence"]
Data = dict[str, Any] | list[Any] | str | None
Path = tuple[str | int, ...]
"""Keys of mappings and positions in lists, from 0, from the root of a file to a value."""


@dataclass(slots=True)
class Node:
    """One YAML node.

    Parameters
    ----------
    kind
        Scalar, mapping or sequence.
    line, column
        Position, from 1.
    start, end
        Offsets into the text.
    text, style
        A scalar's value and its quotation mark or block sign; None for a plain scalar.
    flow
        Whether a collection is written in braces or brackets.
    pairs, items
        A mapping's keys and values in file order; a sequence's members.
    size, height
        Nodes below and levels below, aliases unfolded.
    faulty
        Whether a fault was found while reading it; what else is wrong with it follows from that.
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
    height: int = 1
    faulty: bool = False
    _place_of: dict[str, int] = field(default_factory=dict, repr=False)

    @property
    def is_null(self) -> bool:
        """Whether this is an empty value, ``~`` or ``null`` outside quotes."""
        return self.kind == "scalar" and self.style is None and self.text in ("", "~", "null")

    def pair(self, key: str) -> tuple[Node, Node] | None:
        """Return the first key of that name in a mapping, with its value, or None."""
        place = self._place_of.get(key)
        return None if place is None else self.pairs[place]

    def get(self, key: str) -> Node | None:
        """Return the value of ``key`` in a mapping, or None."""
        found = self.pair(key)
        return None if found is None else found[1]

    def entries(self) -> list[tuple[Node, Node]]:
        """Return a mapping's keys and values in file order; of a repeated key the first alone."""
        return [self.pairs[place] for place in self._place_of.values()]

    def add_pair(self, key: Node, value: Node) -> None:
        """Append a key and its value to a mapping."""
        self._place_of.setdefault(key.text, len(self.pairs))
        self.pairs.append((key, value))

    def find(self, path: Path) -> tuple[Node, Node | None]:
        """Follow ``path`` as far as it goes; return the deepest node and the key it hangs on.

        Steps that a mapping does not have are passed over: a validator may name a field that is not there.
        """
        node, key = self, None
        for step in path:
            below = node.step(step)
            if below is not None:
                key, node = below
        return node, key

    def step(self, step: str | int) -> tuple[Node | None, Node] | None:
        """Return the key (None in a list) and the value one step below, or None if there is no such step."""
        if self.kind == "sequence" and isinstance(step, int) and 0 <= step < len(self.items):
            return None, self.items[step]
        return self.pair(str(step)) if self.kind == "mapping" else None

    def to_data(self) -> Data:
        """Return plain dictionaries, lists and texts; a repeated key keeps its first value."""
        if self.kind == "scalar":
            return None if self.is_null else self.text
        if self.kind == "sequence":
            return [item.to_data() for item in self.items]
        return {name.text: value.to_data() for name, value in self.entries()}


class TreeBuilder:
    """Builds one tree from events without recursion. ``problems`` collects the faults that do not stop it."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self._open: list[Node] = []
        self._keys: list[Node | None] = []  # the key still without a value, one slot for each open collection
        self._anchors: dict[str, Node] = {}
        self._total = 0

    def build(self) -> Node | None:
        """Return the root of the first document, or None if the text holds nothing.

        Raises
        ------
        StopReadingError
            Where the text does not parse, is nested too deep or unfolds into too much.
        """
        documents = 0
        for event in parse_events(self.source):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._note(event, "two-documents", "a second document starts here", "keep one crisis in a file")
                    break
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(event)
            elif isinstance(event, yaml.NodeEvent):
                self._add(event)
        return self.root

    def _note(self, event: Any, code: str, message: str, fix: str) -> None:
        self.problems.append(self.source.problem(event.start_mark.index, code, message, fix))

    def _stop(self, event: Any, code: str, message: str, fix: str) -> StopReadingError:
        return StopReadingError(self.source.problem(event.start_mark.index, code, message, fix))

    def _close(self, event: Any) -> None:
        closed = self._open.pop()
        self._keys.pop()
        closed.end = event.end_mark.index
        self._attach(closed)

    def _add(self, event: Any) -> None:
        node = self._alias(event) if isinstance(event, yaml.AliasEvent) else self._node(event)
        self._total += node.size
        if self._total > MAXIMUM_NODES:
            message = f"the file unfolds into more than {MAXIMUM_NODES:,} values"
            raise self._stop(event, "alias-bomb", message, "write values out instead of repeating aliases")
        if len(self._open) + node.height > MAXIMUM_DEPTH:
            message = f"values are nested more than {MAXIMUM_DEPTH} deep"
            raise self._stop(event, "too-deep", message, "a crisis file needs no more than 8 levels")
        if isinstance(event, yaml.CollectionStartEvent):
            self._open.append(node)
            self._keys.append(None)
        else:
            self._attach(node)

    def _alias(self, event: Any) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            message = f'"*{event.anchor}" names no earlier anchor'
            self._note(event, "unknown-alias", message, f"write &{event.anchor} before the value it stands for")
        elif any(node is outer for outer in self._open):
            self._note(event, "circular-alias", f'"*{event.anchor}" stands inside itself', "write the value out")
        else:
            return node
        line, column = self.source.place(event.start_mark.index)
        return Node("scalar", line, column, event.start_mark.index, event.end_mark.index, faulty=True)

    def _node(self, event: Any) -> Node:
        start = event.start_mark.index
        line, column = self.source.place(start)
        if isinstance(event, yaml.ScalarEvent):
            node = Node("scalar", line, column, start, text=event.value, style=event.style or None)
        else:
            kind: Kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
            node = Node(kind, line, column, start, flow=bool(event.flow_style))
        node.end = event.end_mark.index
        if event.tag not in (None, "!"):
            self._tagged(event, node)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _tagged(self, event: Any, node: Node) -> None:
        tag = event.tag.removeprefix("tag:yaml.org,2002:")
        tag = tag if tag.startswith("!") else f"!{tag}"
        fix = "in a condition write 'not' for '!'; put text that starts with ! in quotes"
        self._note(event, "tag", f'"{tag}" is a YAML tag; tags are not read', fix)
        node.text, node.faulty = f"{tag} {node.text}".strip(), True

    def _attach(self, node: Node) -> None:
        """Hang a finished node on the innermost open collection, or keep it as the root."""
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        parent.size += node.size
        parent.height = max(parent.height, node.height + 1)
        key = self._keys[-1]
        if parent.kind == "sequence":
            parent.items.append(node)
        elif key is None:
            self._keys[-1] = node
        else:
            self._keys[-1] = None
            self._pair(parent, key, node)

    def _pair(self, parent: Node, key: Node, value: Node) -> None:
        if key.kind != "scalar":
            message = "a list or mapping stands where a name belongs"
            fix = "a comma or a colon in unquoted text? put the text in quotes"
            self.problems.append(self.source.problem(key.start, "not-a-key", message, fix))
            return
        first = parent.pair(key.text)
        if first is not None:
            message = f'"{key.text}" is given twice, first on line {first[0].line}'
            self.problems.append(self.source.problem(key.start, "duplicate-key", message, "keep one of them"))
        parent.add_pair(key, value)
