"""Read a ``.gmcr`` file (the JSON of GMCR+, versions 0.3 to 0.4.1) into the text of a crisis file.

Such a file numbers things in three ways. An *option index* counts the file's own list of options from 0. A
*decimal* state has bit k set where option k is at yes, the options standing decision maker by decision maker.
An *ordered* state is the place, from 1, of a decimal among the feasible ones.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from backchannel.errors import CrisisFileError, Problem
from backchannel.spec.condition import MAXIMUM_PARENTHESES, RESERVED, ConditionError, parse_condition

MAXIMUM_OPTIONS = 20
"""States are written out one by one up to this many options (a million states)."""
MAXIMUM_STATEMENTS = 62
"""An ``order`` of a crisis file holds no more; a longer one is written as the ranking it implies."""
WHY = "imported from a .gmcr file"

_PICKLE_STARTS = ("(dp", "(lp", "ccopy_reg", "\x80", "\udc80")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_PLAIN = re.compile(r"[^\W\d_](?:[\w -]*\w)?")
_LOCKS = {"both": "", "fwd": ", final: yes", "back": ", frozen: not {}"}
_WORDS_TO_AVOID = RESERVED | {"null", "all", "default"}
_LISTS_READ_FREELY = {"preferences", "misperceptions", "infeasibles", "preferenceRanking", "preferenceVector"}
_DERIVED = {"coalitionsFull", "program"}

Path = tuple[str | int, ...]
Groups = list[list[int]]
"""Decimal states, best first, tied ones together."""


@dataclass(frozen=True)
class ImportedCrisis:
    """A crisis file made from another format, and what that format held and this text does not.

    Parameters
    ----------
    crisis_text
        The text of a crisis file, format 1.
    losses
        One warning for everything left out, or chosen because the file does not say it, with its place.
    """

    crisis_text: str
    losses: tuple[Problem, ...]


def import_gmcr(text: str, file: str = "") -> ImportedCrisis:
    """Turn the text of a ``.gmcr`` file into the text of a crisis file.

    A one-way option becomes ``final: yes`` (no to yes only) or ``frozen`` while it is at no (yes to no only).
    A ranking made by hand becomes ``ranking``, preference statements become ``order``. A misperception that
    hides every state with one option at yes becomes a frame without that option.

    Parameters
    ----------
    text
        The content of the file.
    file
        Its name, for messages and the title.

    Returns
    -------
    ImportedCrisis
        The crisis text and every loss.

    Raises
    ------
    CrisisFileError
        If the text is a pickle, binary, not JSON, misshapen or contradicts itself; each fault has its line.

    Notes
    -----
    Statements rank by option prioritisation (Peng, Hipel, Fraser and Kilgour 1997): statement j of k weighs
    2^(k-j). Cost: the 2^options states times the number of infeasible patterns and statements.
    """
    report = _Report(text.removeprefix("\ufeff"), file)
    conflict = _read(report)
    _check_statements(conflict, report)
    _check_owners(conflict, report)
    report.stop_on_errors()
    today = _today(conflict, report)
    report.stop_on_errors()
    rankings = [_ranking(conflict, k, report) for k in range(len(conflict.decision_makers))]
    report.stop_on_errors()
    _report_losses(conflict, report)
    return ImportedCrisis(_crisis_text(conflict, rankings, today, report), tuple(report.losses))


# ---- the shape of the file


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel)


Literals = list[tuple[StrictInt, Literal["Y", "N"]]]
Statement = Annotated[
    list[Literals],
    BeforeValidator(lambda value: value.get("members") if isinstance(value, dict) else [value]),
]
"""An OR of ANDs; a statement that is no compound is its only AND."""
Place = Annotated[
    list[StrictInt], BeforeValidator(lambda value: value if isinstance(value, list) else [value])
]
"""Tied ordered states."""


class _Option(_Shape):
    name: str
    permitted_direction: Literal["both", "fwd", "back"]


class _Maker(_Shape):
    name: str
    options: list[StrictInt]
    preferences: list[Statement] = []
    ranking: list[Place] = Field([], validation_alias=AliasChoices("preferenceRanking", "preferenceVector"))
    payoffs: list[float] = []
    misperceptions: list[Statement] = []


class _Conflict(_Shape):
    options: list[_Option] = Field(min_length=1)
    decision_makers: list[_Maker] = Field(min_length=1)
    infeasibles: list[Statement]
    coalitions: list[Any] = []
    by_hand: StrictBool = Field(
        validation_alias=AliasChoices("useManualPreferenceRanking", "useManualPreferenceVectors")
    )
    version: str = ""

    @cached_property
    def order(self) -> list[int]:
        """Option indices, decision maker by decision maker: the order states are numbered by."""
        return [index for maker in self.decision_makers for index in maker.options]

    @cached_property
    def feasible(self) -> list[int]:
        """Feasible decimals in ascending order; none if there are too many options to write them out."""
        size = 1 << len(self.order) if len(self.order) <= MAXIMUM_OPTIONS else 0
        masks = [mask for pattern in self.infeasibles for mask in self.masks(pattern)]
        return [state for state in range(size) if all(state & mask != value for mask, value in masks)]

    @cached_property
    def ids(self) -> dict[int, str]:
        """Id of each option index, in the order of the states."""
        made = _identifiers([self.options[index].name for index in self.order], "option")
        return dict(zip(self.order, made, strict=True))

    def masks(self, statement: list[Literals]) -> list[tuple[int, int]]:
        """For each AND the bits of a decimal to look at and what they must be (-1: can never be met)."""
        bit = {index: 1 << place for place, index in enumerate(self.order)}
        masks = []
        for literals in statement:
            wanted = dict(literals)
            value = sum(bit[index] for index, level in wanted.items() if level == "Y")
            contradiction = len(wanted) < len(set(literals))
            masks.append((sum(bit[index] for index in wanted), -1 if contradiction else value))
        return masks

    def condition(self, statement: list[Literals]) -> str:
        """Write a statement as a condition; `and` binds first, parentheses only help the eye."""
        ands = [
            " and ".join(
                self.ids[index] if level == "Y" else f"not {self.ids[index]}" for index, level in literals
            )
            for literals in statement
        ]
        short = 1 < len(ands) <= MAXIMUM_PARENTHESES
        return " or ".join(f"({part})" if short and " and " in part else part for part in ands)

    def literal(self, state: int) -> str:
        """Write a decimal state as its levels."""
        return ",".join("yes" if state >> place & 1 else "no" for place in range(len(self.order)))


class _Report:
    """Collects faults and losses, each with the line and column of the value it is about."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.errors: list[Problem] = []
        self.losses: list[Problem] = []

    def error(self, code: str, path: Path, message: str, fix: str = "") -> None:
        self.errors.append(Problem(code, message, fix, self.file, *self._position(path), _dotted(path)))

    def lose(self, code: str, path: Path, message: str, fix: str = "") -> None:
        self.losses.append(
            Problem(code, message, fix, self.file, *self._position(path), _dotted(path), "warning")
        )

    def stop_on_errors(self) -> None:
        if self.errors:
            raise CrisisFileError(tuple(self.errors))

    def stop(self, code: str, message: str, fix: str, line: int, column: int) -> CrisisFileError:
        """Return the error of a text without any structure to point into."""
        return CrisisFileError((Problem(code, message, fix, self.file, line, column),))

    def _position(self, path: Path) -> tuple[int, int]:
        """Line and column of a value, or of the nearest one around it."""
        offset = next(
            self._offsets[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self._offsets
        )
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)

    def first_key(self, path: Path, *keys: str) -> str:
        """Return the first of several names that the file uses for one thing."""
        return next((key for key in keys if (*path, key) in self._offsets), keys[0])

    @cached_property
    def _offsets(self) -> dict[Path, int]:
        """Where each value of the (valid) JSON starts, by its path."""
        offsets: dict[Path, int] = {}
        path: list[Any] = []
        for match in _TOKEN.finditer(self.text):
            token = match[0]
            if token in "}]":
                path.pop()
            elif token == ",":
                path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
            elif path and path[-1] is None:
                path[-1] = json.loads(token)
            elif token != ":":
                offsets[tuple(path)] = match.start()
                path += [None] if token == "{" else [0] if token == "[" else []
        return offsets


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def _shown(value: object) -> str:
    """Quote a value in a message or comment: one short printable line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return f'"{line if len(line) <= 40 else line[:37] + "..."}"'


# ---- reading and checking


def _read(report: _Report) -> _Conflict:
    text = report.text
    if text.startswith(_PICKLE_STARTS):
        message = "this is a pickle, as written before November 2013; reading one could run any program"
        fix = "open it in GMCR+ 0.3 or later, save it there and import the new file"
        raise report.stop("pickle", message, fix, 1, 1)
    if "\0" in text or text.startswith("\ufffd"):
        raise report.stop("binary", "this is a binary file, not JSON", "choose a .gmcr file", 1, 1)
    try:
        return _Conflict.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}"
        raise report.stop("not-json", message, "", error.lineno, error.colno) from None
    except ValidationError as error:
        for fault in error.errors():
            _report_shape(fault["loc"], fault["type"], fault["msg"], fault["input"], report)
        raise CrisisFileError(tuple(report.errors)) from None
    except (ValueError, RecursionError):
        message = "a number is too long, or lists are nested too deep, for a .gmcr file"
        raise report.stop("not-json", message, "", 1, 1) from None


def _report_shape(path: Path, kind: str, message: str, found: object, report: _Report) -> None:
    deep = next((k + 2 for k, step in enumerate(path) if step in _LISTS_READ_FREELY), len(path))
    path = path[:deep]  # below, the steps are those of the value as read and not of the file
    if kind == "missing":
        report.error("missing-key", path, f'"{path[-1]}" is missing', "save the file again from GMCR+")
    else:
        what = message.removeprefix("Input ").removeprefix("should ")
        report.error("wrong-kind", path, f'"{_dotted(path)}" should {what}, not {_shown(json.dumps(found))}')


def _check_statements(conflict: _Conflict, report: _Report) -> None:
    """Check that every statement in force is there, says something, and names options that exist."""
    count = len(conflict.options)
    lists: list[tuple[Path, list[list[Literals]]]] = [(("infeasibles",), conflict.infeasibles)]
    for k, maker in enumerate(conflict.decision_makers):
        if not conflict.by_hand and "preferences" not in maker.model_fields_set:
            report.error("missing-key", ("decisionMakers", k), '"preferences" is missing')
        lists.append((("decisionMakers", k, "preferences"), maker.preferences))
        lists.append((("decisionMakers", k, "misperceptions"), maker.misperceptions))
    for path, statements in lists:
        for k, statement in enumerate(statements):
            for index in sorted(
                {index for literals in statement for index, _ in literals} - set(range(count))
            ):
                message = f"option {index} does not exist; the file's {count} options count from 0"
                report.error("option-out-of-range", (*path, k), message)
            if not (statement and all(statement)):
                message = "this statement names no option, so it holds always or never"
                report.error("empty-statement", (*path, k), message, "remove it")


def _check_owners(conflict: _Conflict, report: _Report) -> None:
    """Check that every option has exactly one owner."""
    owner: dict[int, str] = {}
    for k, maker in enumerate(conflict.decision_makers):
        for place, index in enumerate(maker.options):
            path: Path = ("decisionMakers", k, "options", place)
            if not 0 <= index < len(conflict.options):
                message = (
                    f"option {index} does not exist; the file's {len(conflict.options)} options count from 0"
                )
                report.error("option-out-of-range", path, message)
            elif index in owner:
                name = _shown(conflict.options[index].name)
                message = f"option {name} belongs to {owner[index]} and to {_shown(maker.name)}"
                report.error("option-owned-twice", path, message, "give it one owner")
            owner.setdefault(index, _shown(maker.name))
    for index, option in enumerate(conflict.options):
        if index not in owner:
            message = f"option {_shown(option.name)} belongs to no decision maker"
            report.error("option-without-owner", ("options", index), message, "give it an owner or remove it")


# ---- rankings


def _ranking(conflict: _Conflict, k: int, report: _Report) -> Groups:
    """Rank the feasible states for decision maker k, and hold it against what else the file stores.

    Empty where statements are written as such and nothing is stored to compare them with.
    """
    maker = conflict.decision_makers[k]
    path: Path = ("decisionMakers", k)
    needed = conflict.by_hand or _order(conflict, maker) is None
    if len(conflict.order) > MAXIMUM_OPTIONS:
        if needed:
            message = f"the ranking of {_shown(maker.name)} over {len(conflict.order)} options is too long"
            report.error("too-many-options", path, message, f"use at most {MAXIMUM_OPTIONS} options")
        return []
    if not (needed or maker.ranking or maker.payoffs):
        return []
    if conflict.by_hand:
        groups = _ranking_by_hand(conflict, maker, path, report)
    else:
        groups = _ranking_by_statements(conflict, maker)
        _compare_ranking(conflict, maker, groups, path, report)
    _compare_payoffs(conflict, maker, groups, path, report)
    return groups


def _ranking_by_statements(conflict: _Conflict, maker: _Maker) -> Groups:
    """Rank states: the first statement that tells two of them apart decides."""
    masks = [conflict.masks(statement) for statement in maker.preferences]
    tied: dict[tuple[bool, ...], list[int]] = {}
    for state in conflict.feasible:
        truths = tuple(any(state & mask == value for mask, value in ands) for ands in masks)
        tied.setdefault(truths, []).append(state)
    return [tied[truths] for truths in sorted(tied, reverse=True)]


def _ranking_by_hand(conflict: _Conflict, maker: _Maker, path: Path, report: _Report) -> Groups:
    """Turn ordered numbers into decimals."""
    key: Path = (*path, report.first_key(path, "preferenceRanking", "preferenceVector"))
    count = len(conflict.feasible)
    seen: set[int] = set()
    for place, numbers in enumerate(maker.ranking):
        for number in numbers:
            if not 1 <= number <= count:
                message = f"state {number} does not exist; the {count} feasible states count from 1"
                report.error("state-out-of-range", (*key, place), message)
            elif number in seen:
                message = f"{_shown(maker.name)} ranks state {number} twice"
                report.error("state-ranked-twice", (*key, place), message, "keep one of them")
            seen.add(number)
    if not seen:
        report.error(
            "no-ranking", key, f"{_shown(maker.name)} ranks no state, yet the file is to be ranked by hand"
        )
    elif len(seen) < count:
        message = (
            f"{_shown(maker.name)} ranks {len(seen)} of the {count} feasible states; the others are unknown"
        )
        report.lose("unranked-states", key, message)
    return [
        [conflict.feasible[n - 1] for n in numbers if 1 <= n <= count] for numbers in maker.ranking if numbers
    ]


def _compare_ranking(conflict: _Conflict, maker: _Maker, groups: Groups, path: Path, report: _Report) -> None:
    """Report a stored ranking that differs from the statements, which are in force."""
    places = {number: -place for place, numbers in enumerate(maker.ranking) for number in numbers}
    worth = {state: places.get(number, 1) for number, state in enumerate(conflict.feasible, 1)}
    if places and (len(places) != len(worth) or _disagreement(groups, worth)):
        message = (
            f"the stored ranking of {_shown(maker.name)} is not what its statements imply and was left out"
        )
        report.lose("ranking-disagrees", (*path, "preferenceRanking"), message)


def _compare_payoffs(conflict: _Conflict, maker: _Maker, groups: Groups, path: Path, report: _Report) -> None:
    """Report stored payoffs, which are derived numbers, if they order states otherwise."""
    if not maker.payoffs:
        return
    count, name = len(conflict.feasible), _shown(maker.name)
    if len(maker.payoffs) != count:
        message = (
            f"{len(maker.payoffs)} payoffs of {name} are stored for {count} feasible states and were left out"
        )
        report.lose("payoffs-disagree", (*path, "payoffs"), message)
        return
    worth = dict(zip(conflict.feasible, maker.payoffs, strict=True))
    pair = _disagreement(groups, worth)
    if pair:
        first, second = (conflict.feasible.index(state) + 1 for state in pair)
        message = (
            f"the stored payoffs of {name} and its preferences order states {first} and {second} differently"
        )
        report.lose("payoffs-disagree", (*path, "payoffs"), f"{message}; the payoffs were left out")


def _disagreement(groups: Groups, worth: Mapping[int, float]) -> tuple[int, int] | None:
    """Return the first two states that the worths do not order as the ranking does."""
    for place, group in enumerate(groups):
        before = groups[place - 1][0] if place else None
        if before is not None and worth[before] <= worth[group[0]]:
            return before, group[0]
        for state in group:
            if worth[state] != worth[group[0]]:
                return group[0], state
    return None


def _today(conflict: _Conflict, report: _Report) -> int:
    """Choose today's state, which the file does not name: every option at no, or the first feasible state."""
    if all(value != 0 for pattern in conflict.infeasibles for _, value in conflict.masks(pattern)):
        return 0
    if len(conflict.order) <= MAXIMUM_OPTIONS and not conflict.feasible:
        report.error("nothing-feasible", ("infeasibles",), "the infeasible patterns leave no state")
        return 0
    today = next(iter(conflict.feasible), 0)
    message = (
        f"every option at no is infeasible and no status quo is stored; {conflict.literal(today)} was taken"
    )
    report.lose("no-status-quo", ("infeasibles",), message, "set today")
    return today


def _report_losses(conflict: _Conflict, report: _Report) -> None:
    """Report what a crisis file has no place for."""
    _report_coalitions(conflict, report)
    for k, maker in enumerate(conflict.decision_makers):
        _report_maker(conflict, maker, ("decisionMakers", k), report)
    _report_unknown(conflict, report)


def _report_coalitions(conflict: _Conflict, report: _Report) -> None:
    makers = conflict.decision_makers
    for k, members in enumerate(conflict.coalitions):
        if isinstance(members, list) and len(members) > 1:
            known = [m for m in members if type(m) is int and 0 <= m < len(makers)]
            who = " and ".join(_shown(makers[m].name) for m in known)
            message = f"the coalition of {who} was left out and its members act separately"
            report.lose(
                "lost-coalition",
                ("coalitions", k),
                message,
                "ask for the coalition when you run the analysis",
            )


def _report_maker(conflict: _Conflict, maker: _Maker, path: Path, report: _Report) -> None:
    if conflict.by_hand and maker.preferences:
        message = f"{_shown(maker.name)} is ranked by hand; its preference statements were left out"
        report.lose("unused-statements", (*path, "preferences"), message)
    if len(conflict.order) > MAXIMUM_OPTIONS and maker.payoffs:
        message = f"the payoffs of {_shown(maker.name)} were left out; too many states to check them"
        report.lose("payoffs-unchecked", (*path, "payoffs"), message)
    for number, statement in enumerate(maker.misperceptions):
        if _hidden_option(statement) is None:
            where = conflict.condition(statement)
            message = f"that {_shown(maker.name)} does not see states where {where} was left out"
            report.lose("lost-misperception", (*path, "misperceptions", number), message)


def _report_unknown(conflict: _Conflict, report: _Report) -> None:
    shapes: list[tuple[Path, _Shape]] = [((), conflict)]
    shapes += [(("options", k), option) for k, option in enumerate(conflict.options)]
    shapes += [(("decisionMakers", k), maker) for k, maker in enumerate(conflict.decision_makers)]
    for path, shape in shapes:
        for key in shape.model_extra or {}:
            if key not in _DERIVED:
                report.lose(
                    "unknown-key",
                    (*path, key),
                    f"{_shown(key)} is no known part of a .gmcr file and was left out",
                )
    if conflict.version and not re.match(r"0\.[34](\.|$)", conflict.version):
        message = f"version {_shown(conflict.version)} is none of 0.3 to 0.4; it was read as 0.4"
        report.lose("other-version", ("version",), message)


def _hidden_option(statement: list[Literals]) -> int | None:
    """Return the option a misperception hides whole, or None."""
    literals = statement[0]
    return literals[0][0] if len(statement) == len(literals) == 1 and literals[0][1] == "Y" else None


# ---- the text


def _order(conflict: _Conflict, maker: _Maker) -> list[str] | None:
    """Preference statements as conditions, or None where a crisis file cannot hold them as such."""
    conditions = [conflict.condition(statement) for statement in maker.preferences]
    try:
        for condition in conditions:
            parse_condition(condition)
    except ConditionError:
        return None
    return conditions if len(conditions) <= MAXIMUM_STATEMENTS else None


def _crisis_text(conflict: _Conflict, rankings: list[Groups], today: int, report: _Report) -> str:
    actors = _identifiers([maker.name for maker in conflict.decision_makers], "actor")
    title = re.split(r"[\\/]", report.file)[-1].removesuffix(".gmcr")
    lines = [
        "# Imported from a .gmcr file, which holds no status quo, date or source: add today, as_of, sources.",
        *(f"# Lost: {loss.message}" for loss in report.losses),
        "crisis: 1",
        f"title: {_quoted(title or 'Imported conflict')}",
        "",
        "actors:",
        *_aligned(
            (name, f"{{name: {_quoted(maker.name or name)}}}")
            for name, maker in zip(actors, conflict.decision_makers, strict=True)
        ),
        "",
        "options:            # by decision maker; final: cannot be undone, frozen: cannot change",
        *_aligned(_option_lines(conflict, actors, today)),
    ]
    if conflict.infeasibles:
        conditions = dict.fromkeys(conflict.condition(pattern) for pattern in conflict.infeasibles)
        lines += ["", "impossible:", *(f"  - {{that: {condition}, why: {WHY}}}" for condition in conditions)]
    lines += ["", "preferences:"]
    for name, maker, groups in zip(actors, conflict.decision_makers, rankings, strict=True):
        lines += [f"  {name}:", f"    why: {WHY}", *_preference_lines(conflict, maker, groups)]
    lines += _frame_lines(conflict, actors)
    return "\n".join(lines) + "\n"


def _frame_lines(conflict: _Conflict, actors: list[str]) -> list[str]:
    frames = []
    for name, maker in zip(actors, conflict.decision_makers, strict=True):
        hidden = dict.fromkeys(
            conflict.ids[index] for index in map(_hidden_option, maker.misperceptions) if index is not None
        )
        if hidden:
            frames.append((name, f"{{without: [{', '.join(hidden)}], why: {WHY}}}"))
    return ["", "frames:             # options an actor does not see", *_aligned(frames)] if frames else []


def _option_lines(conflict: _Conflict, actors: list[str], today: int) -> Iterator[tuple[str, str]]:
    owners = {
        index: name
        for name, maker in zip(actors, conflict.decision_makers, strict=True)
        for index in maker.options
    }
    for place, index in enumerate(conflict.order):
        option = conflict.options[index]
        does = f", does: {_quoted(option.name)}" if option.name.strip() else ""
        level = ", today: yes" if today >> place & 1 else ""
        lock = _LOCKS[option.permitted_direction].format(conflict.ids[index])
        yield conflict.ids[index], f"{{by: {owners[index]}{does}{level}{lock}}}"


def _preference_lines(conflict: _Conflict, maker: _Maker, groups: Groups) -> list[str]:
    conditions = None if conflict.by_hand else _order(conflict, maker)
    if conditions is not None:
        if not conditions:
            return ["    order: [yes]    # no statement: all states tie"]
        return [
            "    order:          # most important first",
            *(f"      - {condition}" for condition in conditions),
        ]
    lines = ["    ranking:        # best first, tied states in one list"]
    for group in groups:
        states = ", ".join(f'"{conflict.literal(state)}"' for state in group)
        lines.append(f"      - {states}" if len(group) == 1 else f"      - [{states}]")
    return lines


def _aligned(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Write ``name: value`` lines with the values in one column."""
    known = list(pairs)
    width = max(len(name) for name, _ in known) + 1
    return [f"  {name + ':':<{width}} {value}" for name, value in known]


def _identifiers(names: list[str], kind: str) -> list[str]:
    """Make ids of names: lower snake case in ASCII, unique, never a word of the condition grammar."""
    made: list[str] = []
    for name in names:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
        base = words if words[:1].isalpha() and words not in _WORDS_TO_AVOID else f"{kind}_{words}".strip("_")
        number = 1
        while (unique := base if number == 1 else f"{base}_{number}") in made:
            number += 1
        made.append(unique)
    return made


def _quoted(text: str) -> str:
    """Write any text as one YAML scalar."""
    if _PLAIN.fullmatch(text) and text.isprintable() and text.lower() not in _WORDS_TO_AVOID:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = 0xFFFD if 0xD800 <= ord(character) <= 0xDFFF else ord(character)
    return f"\\U{code:08x}"
