"""Where in a file names, conditions and citations stand, read from the raw tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from backchannel.spec.fields import read_day
from backchannel.spec.nodes import Node, Path

KEY = "<key>"

NAMES: tuple[tuple[str, str], ...] = (
    ("sources.*.by", "origin"),
    ("actors.*.people.*.scale.<key>", "issue"),
    ("options.*.by", "actor"),
    ("options.*.issue", "issue"),
    ("preferences.<key>", "actor"),
    ("preferences.*.*.issue", "issue"),
    ("preferences.*.ranking.*", "ranked"),
    ("preferences.*.ranking.*.*", "state"),
    ("strength.<key>", "actor"),
    ("states.*", "description"),
    ("states.*.*", "setting"),
    ("orderings.<key>", "actor"),
    ("orderings.*.order.*", "state"),
    ("orderings.*.order.*.*", "state"),
    ("no_deal.*.to", "state"),
    ("no_deal.*.chance.<key>", "believer"),
    ("deals.*.parties.[]", "actor"),
    ("deals.*.terms.[]", "setting"),
    ("deals.*.expects.[]", "setting"),
    ("deals.*.spoilers.[]", "actor"),
    ("trust.<key>", "pair"),
    ("deliver.<key>", "actor"),
    ("deliver.*.<key>", "event"),
    ("hostages.*.<key>", "loser"),
    ("guarantees.*.for", "deal"),
    ("guarantees.*.bond.<key>", "actor"),
    ("guarantees.*.bias.<key>", "actor"),
    ("propositions.*.about", "actor"),
    ("propositions.*.dial", "dial"),
    ("beliefs.*.who", "holder"),
    ("beliefs.*.that", "statement"),
    ("signals.*.by", "speaker"),
    ("signals.*.to.[]", "speaker"),
    ("signals.*.that", "statement"),
    ("signals.*.also.*.that", "statement"),
    ("contested.*.reports.*.by", "origin"),
    ("red_lines.*.by", "actor"),
    ("red_lines.*.waits", "state"),
    ("red_lines.*.backs_down", "state"),
    ("red_lines.*.carries_out", "state"),
    ("audience.<key>", "actor"),
    ("audience.*.<key>", "issue"),
    ("channels.*.who.[]", "speaker"),
    ("channels.*.mandate.[]", "mandate"),
    ("channels.*.voices.<key>", "actor"),
    ("channels.*.failure_cost.<key>", "actor"),
    ("frames.<key>", "actor"),
    ("frames.*.without.[]", "option"),
    ("pillars.*.of", "actor"),
    ("pillars.*.moves", "option"),
    ("pillars.*.patron", "actor"),
    ("pillars.*.watches.[]", "pillar"),
    ("stances.<key>", "actor"),
    ("stances.*.position", "state"),
    ("stances.*.threat", "state"),
    ("stances.*.fallback.[]", "setting"),
    ("stances.*.intends.[]", "setting"),
    ("stances.*.doubts.[]", "option"),
    ("events.*.who.[]", "speaker"),
    ("events.*.to.[]", "speaker"),
    ("events.*.code", "code"),
    ("events.*.via", "channel"),
    ("events.*.sets.<key>", "option"),
    ("moves.*.0", "actor"),
    ("moves.*.1", "state"),
    ("moves.*.2", "state"),
    ("merge.*.*", "state"),
    ("scale.actors.[]", "actor"),
)
"""Where a name stands, and what kind of thing it must name. ``*`` is any member, ``<key>`` the key itself,
``[]`` any member of a list or the one text that may stand for it."""

CONDITIONS: tuple[str, ...] = (
    "options.*.final",
    "options.*.frozen",
    "defines.*",
    "impossible.*",
    "impossible.*.that",
    "preferences.*.*.when",
    "preferences.*.order.*",
    "questions.*.resolves",
    "merge.*",
)


def select(root: Node, pattern: str) -> Iterator[tuple[Path, str]]:
    """Yield path and text of every scalar (or key, for a pattern that ends in ``<key>``) a pattern meets."""
    pending: list[tuple[Node, Path, list[str]]] = [(root, (), pattern.split("."))]
    while pending:
        node, path, rest = pending.pop()
        if rest == [KEY] and node.kind == "mapping":
            yield from (((*path, name.text), name.text) for name, _ in node.entries())
        elif node.kind == "scalar":
            if rest in ([], ["[]"]) and not node.is_null:
                yield path, node.text
        elif rest:
            pending += [(value, (*path, step), rest[1:]) for step, value in _below(node, rest[0])]


def _below(node: Node, step: str) -> Iterator[tuple[str | int, Node]]:
    if node.kind == "mapping":
        yield from ((name.text, value) for name, value in node.entries() if step in ("*", name.text))
    else:
        yield from ((i, item) for i, item in enumerate(node.items) if step in ("*", "[]", str(i)))


def citations(root: Node) -> Iterator[tuple[Path, str]]:
    """Yield path and id of every citation in the file; sections that begin with ``x-`` are the user's own."""
    pending: list[tuple[Node, Path]] = [
        (value, (name.text,)) for name, value in root.entries() if not name.text.startswith("x-")
    ]
    while pending:
        node, path = pending.pop()
        for name, value in node.entries():
            if name.text == "from" and len(path) > 1:
                yield from _cited(value, (*path, name.text))
            else:
                pending.append((value, (*path, name.text)))
        pending += [(item, (*path, i)) for i, item in enumerate(node.items)]


def _cited(node: Node, path: Path) -> Iterator[tuple[Path, str]]:
    if node.kind == "scalar" and not node.is_null:
        yield path, node.text
    yield from (((*path, i), item.text) for i, item in enumerate(node.items) if item.kind == "scalar")


def source_days(root: Node) -> dict[str, dt.date]:
    """Return the day of every source whose date can be read."""
    days = ((str(path[1]), read_day(text)) for path, text in select(root, "sources.*.on"))
    return {name: day for name, day in days if day is not None}
