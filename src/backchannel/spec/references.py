"""Names that must be defined in the file, checked on the raw tree so that one fault hides no other."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from backchannel.spec.condition import (
    RESERVED,
    Compare,
    Condition,
    ConditionError,
    Name,
    parse_condition,
    setting_of,
)
from backchannel.spec.crisis import REQUIRED, SECTIONS
from backchannel.spec.fields import NO, YES
from backchannel.spec.information import ANALYST, PLOVER_CODES
from backchannel.spec.name_places import CONDITIONS, KEY, NAMES, citations, select
from backchannel.spec.nodes import Path
from backchannel.spec.positions import COMMA_FIX, Reporter, suggest
from backchannel.spec.recovery import Lost
from backchannel.spec.structure import MUCH

MAXIMUM_DEFINE_DEPTH = 8
_MAXIMUM_CIRCULAR = 100
_ONE_SETTING = "write option, not option, or option = level"


def check_references(report: Reporter, lost: Lost) -> frozenset[str]:
    """Check every use of a name; return the defines that cannot be unfolded, circular or nested too deep."""
    references = _References(report, lost)
    for pattern, kind in NAMES:
        for path, text in select(report.root, pattern):
            _CHECKS[kind](references, path, text, pattern.endswith(KEY))
    for pattern in CONDITIONS:
        for path, text in select(report.root, pattern):
            references.condition(path, text)
    for path, text in citations(report.root):
        references.known("source", path, text, False)
    references.check_voices()
    references.check_own_names()
    return references.check_defines()


class _References:
    """The names a file defines, and the checks of the places that use them."""

    def __init__(self, report: Reporter, lost: Lost) -> None:
        self.report, self.lost = report, lost
        self.defined = {kind: self._keys(section) for kind, section in _SECTION_OF.items()}
        self.is_graph = report.root.get("moves") is not None
        self.unreadable = {kind for kind, section in _SECTION_OF.items() if self._is_unreadable(section)}

    def _keys(self, section: str) -> dict[str, None]:
        node = self.report.root.get(section)
        return dict.fromkeys(name.text for name, _ in node.entries()) if node is not None else {}

    def _is_unreadable(self, section: str) -> bool:
        """Whether a section was meant and cannot be read: misshapen, misspelt, lost."""
        node = self.report.root.get(section)
        if node is not None:
            return node.kind != "mapping" and not node.is_null
        if section in REQUIRED or section in self.lost.sections:
            return True
        strangers = [name.text for name, _ in self.report.root.entries() if name.text not in SECTIONS]
        return section in {near for name in strangers for near in get_close_matches(name, SECTIONS, n=1)}

    def _may_be(self, text: str, kinds: tuple[str, ...]) -> bool:
        """Whether a name is defined, or may be in a part that could not be read."""
        if text in self.lost.words or not self.unreadable.isdisjoint(kinds):
            return True
        return any(text in self.defined[kind] for kind in kinds)

    def known(self, kind: str, path: Path, text: str, on_key: bool, extra: tuple[str, ...] = ()) -> None:
        """Check that one name is defined."""
        self.one_of((kind,), path, text, on_key, extra)

    def one_of(self, kinds: tuple[str, ...], path: Path, text: str, on_key: bool, extra: tuple[str, ...] = ()) -> None:
        """Check that a name is defined as one of several kinds of thing."""
        if text in extra or self._may_be(text, kinds):
            return
        names = [*(name for kind in kinds for name in self.defined[kind]), *extra]
        message, fix = f'unknown {kinds[0]} "{text}"', suggest(text, names)
        if on_key and " " in text:
            fix = COMMA_FIX
        self.report.at(path, f"unknown-{kinds[0]}", message, fix, on_key=on_key)

    def speaker(self, path: Path, text: str, on_key: bool) -> None:
        """Check an actor, or an actor's person."""
        self.known("actor", path, text.partition(".")[0], on_key)

    def holder(self, path: Path, text: str, on_key: bool) -> None:
        """Check who believes: an actor, an actor's person, or the analyst."""
        if text != ANALYST:
            self.speaker(path, text, on_key)

    def origin(self, path: Path, text: str, on_key: bool) -> None:
        """Check who said something: a plain word is free, actor.person is not."""
        if "." in text:
            self.speaker(path, text, on_key)

    def pair(self, path: Path, text: str, on_key: bool) -> None:
        """Check ``a > b``."""
        parts = [part.strip() for part in text.split(">")]
        if len(parts) != 2 or not all(parts):
            self.report.at(path, "bad-pair", f'"{text}" is not a pair of actors', "write: a > b", on_key=on_key)
            return
        for part in parts:
            self.known("actor", path, part, on_key)
        if parts[0] == parts[1]:
            message = f'"{text}" is trust in oneself'
            self.report.at(path, "bad-pair", message, "name two actors", on_key=on_key)

    def code(self, path: Path, text: str, on_key: bool) -> None:
        """Check an event's code, which is advice and no rule."""
        if text not in PLOVER_CODES:
            message, fix = f'"{text}" is no PLOVER event type', suggest(text, PLOVER_CODES)
            self.report.at(path, "unknown-code", message, fix, on_key=on_key, severity="warning")

    def state(self, path: Path, text: str, on_key: bool) -> None:
        """Check a named state, ``today`` or a state's literal."""
        if text == "today" or self._may_be(text, ("state",)):
            return
        count = len(self.defined["option"])
        if "," in text or (count == 1 and text in (self._levels(*self.defined["option"]) or [])):
            self._literal(path, text, on_key)
        else:
            self.known("state", path, text, on_key)

    def ranked(self, path: Path, text: str, on_key: bool) -> None:
        """Check an entry of a ranking: a state, or the mark for much preferred."""
        if text != MUCH:
            self.state(path, text, on_key)

    def _literal(self, path: Path, text: str, on_key: bool) -> None:
        if "option" in self.unreadable or "options" in self.lost.sections:
            return
        parts, options = [part.strip() for part in text.split(",")], self.defined["option"]
        if len(parts) != len(options):
            message = f'"{text}" has {len(parts)} levels and the file has {len(options)} options'
            fix = "one level for each option, in their order" if options else "define options first"
            self.report.at(path, "bad-state", message, fix, on_key=on_key)
            return
        for option, part in zip(options, parts, strict=True):
            self._level(path, option, part, text.find(part), on_key)

    def _levels(self, option: str) -> list[str] | None:
        """Return the levels of an option; None if they cannot be told."""
        node = self.report.root.find(("options",))[0].get(option)
        levels = node.get("levels") if node is not None else None
        if levels is None or levels.is_null:
            return ["no", "yes"] if node is not None else None
        return [item.text for item in levels.items] if levels.kind == "sequence" else None

    def _level(self, path: Path, option: str, level: str, offset: int = 0, on_key: bool = False) -> bool:
        levels = self._levels(option)
        if levels is None or level in levels:
            return True
        if (level in YES and "yes" in levels) or (level in NO and "no" in levels):
            return True
        message, fix = f'"{level}" is no level of {option}', f"levels of {option}: {', '.join(levels)}"
        self.report.at(path, "unknown-level", message, fix, offset=offset, on_key=on_key)
        return False

    def description(self, path: Path, text: str, on_key: bool) -> None:
        """Check a state given as one text: a setting, unless a general graph describes its states."""
        if not self.is_graph:
            self.setting(path, text, on_key)

    def setting(self, path: Path, text: str, on_key: bool) -> None:
        """Check what sets one option: ``option``, ``not option``, ``option = level``, or an entry."""
        if path[0] == "states" and len(path) == 3 and isinstance(path[2], str):
            self.known("option", path, path[2], True)
            self._level(path, path[2], text)
            return
        condition = self.condition(path, text, only_options=True)
        if condition is None:
            return
        set_to = setting_of(condition.tree)
        if set_to is None:
            self.report.at(path, "bad-state", f'"{text}" sets no single option', _ONE_SETTING)
        elif set_to[1] is True:
            levels = self._levels(set_to[0])
            if levels is not None and len(levels) > 2:
                fix = f"write {text} = {' or '.join(levels[1:])}"
                self.report.at(path, "bad-state", f'"{text}" has several levels; say which', fix)

    def condition(self, path: Path, text: str, only_options: bool = False) -> Condition | None:
        """Check the names inside a condition; its grammar is reported with the field."""
        try:
            condition = parse_condition(text)
        except ConditionError as error:
            if only_options:
                self.report.at(path, "bad-state", error.message, _ONE_SETTING, offset=error.offset)
            elif path[0] == "merge":
                self.report.at(path, "bad-condition", error.message, error.fix, offset=error.offset)
            return None
        sound = [self._leaf(path, leaf, only_options) for leaf in condition.leaves()]
        return condition if all(sound) else None

    def _leaf(self, path: Path, leaf: Name | Compare, only_options: bool) -> bool:
        name = leaf.option if isinstance(leaf, Compare) else leaf.id
        only_options = only_options or isinstance(leaf, Compare)
        kinds: tuple[str, ...] = ("option",) if only_options else ("option", "define")
        if isinstance(leaf, Compare) and name in self.defined["option"]:
            return self._level(path, name, leaf.level, leaf.level_offset)
        if self._may_be(name, kinds):
            return any(name in self.defined[kind] for kind in kinds)
        if isinstance(leaf, Compare) and name in self.defined["define"]:
            message, fix = f'"{name}" is a defined name and has no levels', f"write {name} or not {name}"
        else:
            known = [known for kind in kinds for known in self.defined[kind]]
            message, fix = f'unknown option "{name}"', suggest(name, known)
            if name.lower() in YES | NO:
                fix = f"write {name.lower()}"
        self.report.at(path, "unknown-option", message, fix, offset=leaf.offset)
        return False

    def check_own_names(self) -> None:
        """Check that no option, defined name or proposition has a reserved name or shares one."""
        first: dict[str, str] = {}
        for kind in ("option", "define", "proposition"):
            for name in self.defined[kind]:
                path: Path = (_SECTION_OF[kind], name)
                if name in RESERVED or name == "today":
                    message, fix = f'"{name}" has a meaning of its own', "choose another name"
                    self.report.at(path, "reserved-name", message, fix, on_key=True)
                elif name in first:
                    message = f'"{name}" is also the name of {first[name]}'
                    self.report.at(path, "name-taken", message, "choose another name", on_key=True)
                first.setdefault(name, {"option": "an option", "define": "a definition"}.get(kind, "it"))

    def check_defines(self) -> frozenset[str]:
        """Report defines that lead back to themselves or nest too deep; return them."""
        uses: dict[str, frozenset[str]] = {}
        for path, text in select(self.report.root, "defines.*"):
            try:
                uses[str(path[1])] = parse_condition(text).ids() & self.defined["define"].keys()
            except ConditionError:
                continue
        layers = _layers(uses)
        for name in layers[MAXIMUM_DEFINE_DEPTH] if len(layers) > MAXIMUM_DEFINE_DEPTH else ():
            message = f'"{name}" builds on more than {MAXIMUM_DEFINE_DEPTH} other names'
            self.report.at(("defines", name), "deep-define", message, "write it out", on_key=True)
        circular = uses.keys() - {name for layer in layers for name in layer}
        for name in [name for name in uses if name in circular][:_MAXIMUM_CIRCULAR]:
            if _reaches(name, uses):
                message, fix = f'"{name}" is defined by itself', "break the circle"
                self.report.at(("defines", name), "circular-define", message, fix, on_key=True)
        return frozenset(circular.union(*layers[MAXIMUM_DEFINE_DEPTH:]))

    def check_voices(self) -> None:
        """Check that the voices of a channel are people of their actor."""
        for path, person in select(self.report.root, "channels.*.voices.*.<key>"):
            actor = str(path[3])
            about = self.report.root.find(("actors",))[0].get(actor)
            people = about.get("people") if about is not None else None
            known = [name.text for name, _ in people.entries()] if people is not None else []
            if about is not None and person not in known and person not in self.lost.words:
                message = f'unknown person "{person}" of {actor}'
                self.report.at(path, "unknown-person", message, suggest(person, known), on_key=True)


def _layers(uses: dict[str, frozenset[str]]) -> list[list[str]]:
    """Return defined names by how deep they build on one another; names in or above a circle are in no layer."""
    users: dict[str, list[str]] = {name: [] for name in uses}
    waiting = {name: len(below & uses.keys()) for name, below in uses.items()}
    for name, below in uses.items():
        for used in below & uses.keys():
            users[used].append(name)
    layers = [[name for name, count in waiting.items() if count == 0]]
    while layers[-1]:
        ready = []
        for user in (user for name in layers[-1] for user in users[name]):
            waiting[user] -= 1
            if waiting[user] == 0:
                ready.append(user)
        layers.append(ready)
    return layers[:-1]


def _reaches(name: str, uses: dict[str, frozenset[str]]) -> bool:
    """Whether a defined name leads back to itself."""
    seen: set[str] = set()
    pending = set(uses.get(name, ()))
    while pending:
        below = pending.pop()
        seen.add(below)
        pending |= uses.get(below, frozenset()) - seen
    return name in seen


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
    "dial": "dials",
    "pillar": "pillars",
}

_Check = Callable[[_References, Path, str, bool], None]


def _plain(*kinds: str, extra: tuple[str, ...] = ()) -> _Check:
    return lambda references, path, text, on_key: references.one_of(kinds, path, text, on_key, extra)


_CHECKS: dict[str, _Check] = {
    "actor": _plain("actor"),
    "option": _plain("option"),
    "deal": _plain("deal"),
    "channel": _plain("channel"),
    "pillar": _plain("pillar"),
    "dial": _plain("dial"),
    "holder": _References.holder,
    "issue": _plain("issue"),
    "mandate": _plain("issue", extra=("all",)),
    "believer": _plain("actor", extra=("default",)),
    "loser": _plain("actor", extra=("why", "from")),
    "event": _plain("option", "define"),
    "statement": _plain("proposition", "option", "define"),
    "speaker": _References.speaker,
    "origin": _References.origin,
    "pair": _References.pair,
    "code": _References.code,
    "state": _References.state,
    "ranked": _References.ranked,
    "description": _References.description,
    "setting": _References.setting,
}
