"""Names that must be defined somewhere in the file, checked on the raw tree so that one fault hides no other."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from backchannel.spec.condition import Compare, Condition, ConditionError, Name, parse_condition
from backchannel.spec.fields import NO, YES
from backchannel.spec.nodes import Node
from backchannel.spec.positions import Path, Reporter, suggest

KEY = "<key>"

NAMES: tuple[tuple[str, str], ...] = (
    ("sources.*.by", "origin"),
    ("actors.*.people.*.scale.<key>", "issue"),
    ("options.*.by", "actor"),
    ("options.*.issue", "issue"),
    ("preferences.<key>", "actor"),
    ("preferences.*.*.issue", "issue"),
    ("preferences.*.ranking.*", "state"),
    ("preferences.*.ranking.*.*", "state"),
    ("states.*.*", "setting"),
    ("orderings.<key>", "actor"),
    ("orderings.*.order.*", "state"),
    ("orderings.*.order.*.*", "state"),
    ("no_deal.*.to", "state"),
    ("no_deal.*.chance.<key>", "believer"),
    ("deals.*.parties.*", "actor"),
    ("deals.*.terms.*", "setting"),
    ("deals.*.expects.*", "setting"),
    ("deals.*.spoilers.*", "actor"),
    ("trust.<key>", "pair"),
    ("deliver.<key>", "actor"),
    ("deliver.*.<key>", "event"),
    ("hostages.*.<key>", "loser"),
    ("guarantees.*.for", "deal"),
    ("guarantees.*.bond.<key>", "actor"),
    ("guarantees.*.bias.<key>", "actor"),
    ("propositions.*.about", "actor"),
    ("beliefs.*.who", "actor"),
    ("beliefs.*.that", "statement"),
    ("signals.*.by", "speaker"),
    ("signals.*.to", "speaker"),
    ("signals.*.to.*", "speaker"),
    ("signals.*.that", "statement"),
    ("contested.*.reports.*.by", "origin"),
    ("audience.<key>", "actor"),
    ("audience.*.<key>", "issue"),
    ("channels.*.who.*", "speaker"),
    ("channels.*.mandate.*", "issue"),
    ("channels.*.voices.<key>", "actor"),
    ("channels.*.failure_cost.<key>", "actor"),
    ("frames.<key>", "actor"),
    ("frames.*.without.*", "option"),
    ("pillars.*.of", "actor"),
    ("pillars.*.moves", "option"),
    ("stances.<key>", "actor"),
    ("stances.*.position", "state"),
    ("stances.*.threat", "state"),
    ("stances.*.fallback.*", "setting"),
    ("stances.*.intends.*", "setting"),
    ("stances.*.doubts.*", "option"),
    ("events.*.who.*", "speaker"),
    ("events.*.to.*", "speaker"),
    ("events.*.via", "channel"),
    ("events.*.sets.<key>", "option"),
    ("moves.*.0", "actor"),
    ("moves.*.1", "state"),
    ("moves.*.2", "state"),
    ("merge.*.*", "state"),
    ("scale.actors.*", "actor"),
)
"""Where a name stands, and what kind of thing it must name. ``*`` is any member, ``<key>`` the key itself."""

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
        if not rest:
            if node.kind == "scalar" and not node.is_null:
                yield path, node.text
            continue
        step, below = rest[0], rest[1:]
        if step == KEY and node.kind == "mapping":
            yield from (((*path, name.text), name.text) for name, _ in node.pairs)
        elif node.kind == "mapping":
            pending += [(value, (*path, name.text), below) for name, value in node.pairs if step in ("*", name.text)]
        elif node.kind == "sequence":
            pending += [(item, (*path, i), below) for i, item in enumerate(node.items) if step in ("*", str(i))]


class References:
    """The names a file defines, and the check of every place that uses one."""

    def __init__(self, report: Reporter, broken: frozenset[str]) -> None:
        self.report, self.broken = report, broken
        self.defined = {kind: self._keys(section) for kind, section in _SECTION_OF.items()}
        self.actors = self.defined["actor"]

    def _keys(self, section: str) -> list[str]:
        node = self.report.root.get(section)
        return [name.text for name, _ in node.pairs] if node is not None and node.kind == "mapping" else []

    def check(self) -> None:
        """Check every use of a name, every condition and every citation."""
        for pattern, kind in NAMES:
            for path, text in select(self.report.root, pattern):
                _CHECKS[kind](self, path, text, pattern.endswith(KEY))
        for pattern in CONDITIONS:
            for path, text in select(self.report.root, pattern):
                self._condition(path, text)
        for path, text in citations(self.report.root):
            self._known("source", path, text, False)
        self._circular_defines()
        self._voices()

    def _known(self, kind: str, path: Path, text: str, on_key: bool, extra: tuple[str, ...] = ()) -> None:
        if text in self.defined[kind] or text in extra or _SECTION_OF[kind] in self.broken:
            return
        message, fix = f'unknown {kind} "{text}"', suggest(text, [*self.defined[kind], *extra])
        self.report.at(path, f"unknown-{kind}", message, fix, on_key=on_key)

    def _speaker(self, path: Path, text: str, on_key: bool) -> None:
        self._known("actor", path, text.split(".")[0], on_key)

    def _origin(self, path: Path, text: str, on_key: bool) -> None:
        if "." in text:
            self._speaker(path, text, on_key)

    def _believer(self, path: Path, text: str, on_key: bool) -> None:
        self._known("actor", path, text, on_key, ("default",))

    def _loser(self, path: Path, text: str, on_key: bool) -> None:
        if text not in ("why", "from"):
            self._known("actor", path, text, on_key)

    def _issue(self, path: Path, text: str, on_key: bool) -> None:
        if not (path[0] == "channels" and text == "all"):
            self._known("issue", path, text, on_key)

    def _pair(self, path: Path, text: str, on_key: bool) -> None:
        parts = [part.strip() for part in text.split(">")]
        if len(parts) != 2:
            self.report.at(path, "bad-pair", f'"{text}" is not a pair', "write: a > b", on_key=on_key)
            return
        for part in parts:
            self._known("actor", path, part, on_key)

    def _event(self, path: Path, text: str, on_key: bool) -> None:
        self._one_of(("option", "define"), path, text, on_key)

    def _statement(self, path: Path, text: str, on_key: bool) -> None:
        self._one_of(("proposition", "option", "define"), path, text, on_key)

    def _one_of(self, kinds: tuple[str, ...], path: Path, text: str, on_key: bool) -> None:
        known = [name for kind in kinds for name in self.defined[kind]]
        if text not in known and not self.broken & {_SECTION_OF[kind] for kind in kinds}:
            kind = kinds[0]
            self.report.at(path, f"unknown-{kind}", f'unknown {kind} "{text}"', suggest(text, known), on_key=on_key)

    def _state(self, path: Path, text: str, on_key: bool) -> None:
        if text in self.defined["state"] or text == "today" or self.broken & {"states", "options"}:
            return
        if "," in text or len(self.defined["option"]) == 1:
            self._literal(path, text, on_key)
        else:
            self._known("state", path, text, on_key)

    def _literal(self, path: Path, text: str, on_key: bool) -> None:
        parts = [part.strip() for part in text.split(",")]
        options = self.defined["option"]
        if len(parts) != len(options):
            fix = f"one level for each of {len(options)} options, in their order" if options else "define options first"
            self.report.at(path, "bad-state", f'"{text}" has {len(parts)} levels and the file has {len(options)} options', fix, on_key=on_key)
            return
        for option, part in zip(options, parts, strict=True):
            if not self._has_level(option, part):
                fix = f"levels of {option}: {', '.join(self._levels(option))}"
                self.report.at(path, "unknown-level", f'"{part}" is no level of {option}', fix, on_key=on_key)

    def _levels(self, option: str) -> list[str]:
        node, _ = self.report.root.find(("options", option, "levels"))
        return [item.text for item in node.items] if node.kind == "sequence" else ["no", "yes"]

    def _has_level(self, option: str, level: str) -> bool:
        levels = self._levels(option)
        return level in levels or (level in YES and "yes" in levels) or (level in NO and "no" in levels)

    def _setting(self, path: Path, text: str, on_key: bool) -> None:
        if path[0] == "states" and isinstance(path[2], str):
            self._known("option", (*path[:2], path[2]), path[2], True)
            if path[2] in self.defined["option"] and not self._has_level(path[2], text):
                self.report.at(path, "unknown-level", f'"{text}" is no level of {path[2]}', f"levels: {', '.join(self._levels(path[2]))}")
            return
        condition = self._condition(path, text, only_options=True)
        if condition is None:
            return
        if isinstance(condition.tree, Name) and len(self._levels(condition.tree.id)) > 2:
            fix = f"write {text} = {' or '.join(self._levels(condition.tree.id)[1:])}"
            self.report.at(path, "bad-state", f'"{text}" has several levels; say which', fix)
        elif len(list(condition.leaves())) != 1:
            self.report.at(path, "bad-state", f'"{text}" sets no single option', "write option, not option, or option = level")

    def _condition(self, path: Path, text: str, only_options: bool = False) -> Condition | None:
        """Check the names inside a condition; its grammar is reported with the field."""
        try:
            condition = parse_condition(text)
        except ConditionError as error:
            if only_options:
                self.report.at(path, "bad-state", error.message, "write option, not option, or option = level", offset=error.offset)
            elif path[0] == "merge":
                self.report.at(path, "bad-condition", error.message, error.fix, offset=error.offset)
            return None
        known = [*self.defined["option"], *([] if only_options else self.defined["define"])]
        sound = True
        for leaf in condition.leaves():
            name = leaf.id if isinstance(leaf, Name) else leaf.option
            if isinstance(leaf, Compare) and name in self.defined["option"] and not self._has_level(name, leaf.level):
                fix = f"levels of {name}: {', '.join(self._levels(name))}"
                self.report.at(path, "unknown-level", f'"{leaf.level}" is no level of {name}', fix, offset=leaf.level_offset)
                sound = False
            elif name not in (self.defined["option"] if isinstance(leaf, Compare) else known):
                sound = False
                if not self.broken & {"options", "defines"}:
                    self.report.at(path, "unknown-option", f'unknown option "{name}"', suggest(name, known), offset=leaf.offset)
        return condition if sound else None

    def _circular_defines(self) -> None:
        uses: dict[str, frozenset[str]] = {}
        for path, text in select(self.report.root, "defines.*"):
            try:
                uses[str(path[1])] = parse_condition(text).ids() & frozenset(self.defined["define"])
            except ConditionError:
                continue
        for name in uses:
            seen: set[str] = set()
            pending = set(uses[name])
            while pending:
                below = pending.pop()
                seen.add(below)
                pending |= uses.get(below, frozenset()) - seen
            if name in seen:
                self.report.at(("defines", name), "circular-define", f'"{name}" is defined by itself', "break the circle", on_key=True)

    def _voices(self) -> None:
        for path, person in select(self.report.root, "channels.*.voices.*.<key>"):
            actor = str(path[3])
            people, _ = self.report.root.find(("actors", actor, "people"))
            known = [name.text for name, _ in people.pairs] if actor in self.actors else []
            if actor in self.actors and person not in known:
                self.report.at(path, "unknown-person", f'unknown person "{person}" of {actor}', suggest(person, known), on_key=True)


def citations(root: Node) -> Iterator[tuple[Path, str]]:
    """Yield path and id of every citation in the file."""
    pending: list[tuple[Node, Path]] = [(root, ())]
    while pending:
        node, path = pending.pop()
        for name, value in node.pairs:
            below = (*path, name.text)
            if name.text == "from" and len(path) > 1:
                cited = [(below, value)] if value.kind == "scalar" else [((*below, i), item) for i, item in enumerate(value.items)]
                yield from ((where, item.text) for where, item in cited if item.kind == "scalar" and not item.is_null)
            else:
                pending.append((value, below))
        pending += [(item, (*path, i)) for i, item in enumerate(node.items)]


def source_days(root: Node) -> dict[str, datetime.date]:
    """Return the day of every source whose date can be read."""
    days = {}
    for path, text in select(root, "sources.*.on"):
        try:
            days[str(path[1])] = datetime.date.fromisoformat(text)
        except ValueError:
            continue
    return days


_SECTION_OF = {
    "actor": "actors",
    "option": "options",
    "define": "defines",
    "issue": "issues",
    "source": "sources",
    "state": "states",
    "deal": "deals",
    "proposition": "propositions",
    "channel": "channels",
}

_Check = Callable[[References, Path, str, bool], None]


def _plain(kind: str) -> _Check:
    return lambda references, path, text, on_key: references._known(kind, path, text, on_key)


_CHECKS: dict[str, _Check] = {
    "actor": _plain("actor"),
    "option": _plain("option"),
    "deal": _plain("deal"),
    "channel": _plain("channel"),
    "issue": References._issue,
    "speaker": References._speaker,
    "origin": References._origin,
    "believer": References._believer,
    "loser": References._loser,
    "pair": References._pair,
    "event": References._event,
    "statement": References._statement,
    "state": References._state,
    "setting": References._setting,
}

