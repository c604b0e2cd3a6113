"""The shape of a ``.gmcr`` file (the JSON of GMCR+, versions 0.3 to 0.4.1), read and checked.

Such a file numbers things in three ways. An *option index* counts the file's own list of options from 0. A
*decimal* state has bit k set where option k is at yes, the options standing decision maker by decision maker.
An *ordered* state is the place, from 1, of a decimal among the feasible ones.
"""

from __future__ import annotations

import json
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

from backchannel.errors import CrisisFileError
from backchannel.spec.gmcr_report import GmcrReport, dotted, short
from backchannel.spec.identifiers import identifiers
from backchannel.spec.nodes import Path

MAXIMUM_OPTIONS = 20
"""States are written out one by one up to this many options (a million states)."""
_MAXIMUM_BRACKETED = 50
_PICKLE_STARTS = ("(dp", "(lp", "ccopy_reg", "\x80", "\udc80")
_LISTS_READ_FREELY = {"preferences", "misperceptions", "infeasibles", "preferenceRanking", "preferenceVector"}


class Shape(BaseModel):
    """Base of the parts: camel case in the file, unknown keys kept to be reported."""

    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel)


Literals = list[tuple[StrictInt, Literal["Y", "N"]]]
Statement = Annotated[
    list[Literals],
    BeforeValidator(lambda value: value.get("members") if isinstance(value, dict) else [value]),
]
"""An OR of ANDs; a statement that is no compound is its only AND."""
Place = Annotated[list[StrictInt], BeforeValidator(lambda value: value if isinstance(value, list) else [value])]
"""Tied ordered states."""


class GmcrOption(Shape):
    """One option and the direction in which it may change."""

    name: str
    permitted_direction: Literal["both", "fwd", "back"]


class Maker(Shape):
    """One decision maker: options, preferences in up to three forms, misperceptions."""

    name: str
    options: list[StrictInt]
    preferences: list[Statement] = []
    ranking: list[Place] = Field([], validation_alias=AliasChoices("preferenceRanking", "preferenceVector"))
    payoffs: list[float] = []
    misperceptions: list[Statement] = []


class Conflict(Shape):
    """The whole file."""

    options: list[GmcrOption] = Field(min_length=1)
    decision_makers: list[Maker] = Field(min_length=1)
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
        made = identifiers([self.options[index].name for index in self.order], "option")
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
            " and ".join(self.ids[index] if level == "Y" else f"not {self.ids[index]}" for index, level in literals)
            for literals in statement
        ]
        short = 1 < len(ands) <= _MAXIMUM_BRACKETED
        return " or ".join(f"({part})" if short and " and " in part else part for part in ands)

    def literal(self, state: int) -> str:
        """Write a decimal state as its levels."""
        return ",".join("yes" if state >> place & 1 else "no" for place in range(len(self.order)))


def hidden_option(statement: list[Literals]) -> int | None:
    """Return the option a misperception hides whole, or None."""
    literals = statement[0]
    return literals[0][0] if len(statement) == len(literals) == 1 and literals[0][1] == "Y" else None


def read_document(report: GmcrReport) -> Conflict:
    """Read the text of a report into its typed shape. Raises CrisisFileError with every fault of form."""
    text = report.text
    if text.startswith(_PICKLE_STARTS):
        message = "this is a pickle, as written before November 2013; reading one could run any program"
        fix = "open it in GMCR+ 0.3 or later, save it there and import the new file"
        raise report.stop("pickle", message, fix, 1, 1)
    if "\0" in text or text.startswith("\ufffd"):
        raise report.stop("binary", "this is a binary file, not JSON", "choose a .gmcr file", 1, 1)
    try:
        return Conflict.model_validate(json.loads(text))
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


def _report_shape(path: Path, kind: str, message: str, found: object, report: GmcrReport) -> None:
    deep = next((k + 2 for k, step in enumerate(path) if step in _LISTS_READ_FREELY), len(path))
    path = path[:deep]  # below, the steps are those of the value as read and not of the file
    if kind == "missing":
        report.error("missing-key", path, f'"{path[-1]}" is missing', "save the file again from GMCR+")
    else:
        what = message.removeprefix("Input ").removeprefix("should ")
        report.error("wrong-kind", path, f'"{dotted(path)}" should {what}, not {short(json.dumps(found))}')


def check_statements(conflict: Conflict, report: GmcrReport) -> None:
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
            for index in sorted({index for literals in statement for index, _ in literals} - set(range(count))):
                message = f"option {index} does not exist; the file's {count} options count from 0"
                report.error("option-out-of-range", (*path, k), message)
            if not (statement and all(statement)):
                message = "this statement names no option, so it holds always or never"
                report.error("empty-statement", (*path, k), message, "remove it")


def check_owners(conflict: Conflict, report: GmcrReport) -> None:
    """Check that every option has exactly one owner."""
    owner: dict[int, str] = {}
    for k, maker in enumerate(conflict.decision_makers):
        for place, index in enumerate(maker.options):
            path: Path = ("decisionMakers", k, "options", place)
            if not 0 <= index < len(conflict.options):
                message = f"option {index} does not exist; the file's {len(conflict.options)} options count from 0"
                report.error("option-out-of-range", path, message)
            elif index in owner:
                name = short(conflict.options[index].name)
                message = f"option {name} belongs to {owner[index]} and to {short(maker.name)}"
                report.error("option-owned-twice", path, message, "give it one owner")
            owner.setdefault(index, short(maker.name))
    for index, option in enumerate(conflict.options):
        if index not in owner:
            message = f"option {short(option.name)} belongs to no decision maker"
            report.error("option-without-owner", ("options", index), message, "give it an owner or remove it")
