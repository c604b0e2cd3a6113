"""The kinds of value a crisis file holds, each with the rule that reads its text.

Values arrive as text (see :mod:`backchannel.spec.nodes`); each field says what its text means, so ``no`` is a
level where a level belongs and false where a truth value belongs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from backchannel.spec.condition import Condition, ConditionError, parse_condition
from backchannel.spec.number import Number, NumberError, Support, parse_number
from backchannel.spec.positions import shown

YES = frozenset({"yes", "true"})
NO = frozenset({"no", "false"})
_DAY = re.compile("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


class Section(BaseModel):
    """Base of everything in a crisis file: frozen, and a field nobody declared is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


def fault(
    code: str, message: str, fix: str = "", *, offset: int | None = None, field: str | None = None
) -> PydanticCustomError:
    """Return the error a validator raises: our words, the offset inside the value, the field it lies in."""
    context: dict[str, Any] = {"fault": message, "fix": fix, "offset": offset, "field": field}
    return PydanticCustomError(code.replace("-", "_"), "{fault}", context)


def _number_reader(support: Support) -> Callable[[object], Number]:
    def read(value: object) -> Number:
        try:
            return parse_number(value, support)
        except NumberError as error:
            raise fault(error.code, error.message, error.fix) from None

    return read


_read_real = BeforeValidator(_number_reader("real"))
_read_nonnegative = BeforeValidator(_number_reader("nonnegative"))
_read_probability = BeforeValidator(_number_reader("probability"))


def _number_schema(kind: str, unit: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["number", "string"], "x-kind": kind, "x-unit": unit})


_AMOUNT = "number of 0 or more, or range"
Worth = Annotated[InstanceOf[Number], _read_real, _number_schema("number or range", "points")]
Points = Annotated[InstanceOf[Number], _read_nonnegative, _number_schema(_AMOUNT, "points")]
Days = Annotated[InstanceOf[Number], _read_nonnegative, _number_schema(_AMOUNT, "days")]
Factor = Annotated[InstanceOf[Number], _read_nonnegative, _number_schema(_AMOUNT, "factor")]
Probability = Annotated[
    InstanceOf[Number], _read_probability, _number_schema("number, range or estimative word", "0 to 1")
]


def _read_condition(value: object) -> Condition:
    if isinstance(value, Condition):
        return value
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if not isinstance(value, str):
        message = f"a condition belongs here and this is {shown(value)}"
        raise fault("not-a-condition", message, "write one such as: leave or defect")
    try:
        return parse_condition(value)
    except ConditionError as error:
        raise fault("bad-condition", error.message, error.fix, offset=error.offset) from None


ConditionField = Annotated[
    InstanceOf[Condition],
    BeforeValidator(_read_condition),
    WithJsonSchema({"type": ["string", "boolean"], "x-kind": "condition"}),
]


def _read_truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in YES | NO:
        return value.lower() in YES
    raise fault("not-yes-or-no", f"{shown(value)} is neither yes nor no", "write yes or no")


Truth = Annotated[
    bool,
    BeforeValidator(_read_truth),
    WithJsonSchema({"enum": [True, False, "yes", "no", "true", "false"], "x-kind": "yes or no"}),
]


YesOrNo = Annotated[
    Literal["yes", "no"],
    BeforeValidator(lambda value: "yes" if _read_truth(value) else "no"),
    WithJsonSchema({"enum": [True, False, "yes", "no", "true", "false"], "x-kind": "yes or no"}),
]
"""A truth value that may be left open, kept as the word."""


def read_day(text: str) -> dt.date | None:
    """Return the day a text such as 2019-05-05 names; None for any other text."""
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _read_date(value: object) -> dt.date:
    day = value if isinstance(value, dt.date) else read_day(str(value))
    if day is None:
        fix = "write year-month-day, such as 2019-05-05"
        raise fault("not-a-date", f"{shown(value)} is not a date", fix)
    return day


Date = Annotated[
    dt.date,
    BeforeValidator(_read_date),
    WithJsonSchema({"type": "string", "pattern": _DAY.pattern, "x-kind": "date"}),
]


def _read_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (str, int, float, dt.date)):
        return str(value)
    fix = "write text; put text that holds a comma or a colon in quotes"
    raise fault("not-text", f"text belongs here and this is {shown(value)}", fix)


def _patterned(pattern: str, kind: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern, "x-kind": kind}


_ID = "^[A-Za-z0-9_][A-Za-z0-9_-]*$"
_WORD = "^[A-Za-z_][A-Za-z0-9_]*$"
_GRADE = "^[A-F][1-6]$"
TEXT_SCHEMA: dict[str, Any] = {"type": ["string", "number", "boolean"], "x-kind": "text"}
Text = Annotated[str, BeforeValidator(_read_text), WithJsonSchema(TEXT_SCHEMA)]
Id = Annotated[str, StringConstraints(pattern=_ID), WithJsonSchema(_patterned(_ID, "id"))]
Word = Annotated[str, StringConstraints(pattern=_WORD), WithJsonSchema(_patterned(_WORD, "id"))]
"""An id that may stand in a condition: no hyphen, no digit in front."""
Level = Annotated[Text, StringConstraints(pattern=r"^\w+$"), WithJsonSchema({**TEXT_SCHEMA, "x-kind": "level"})]
Grade = Annotated[Text, StringConstraints(pattern=_GRADE), WithJsonSchema(_patterned(_GRADE, "letter and figure"))]
"""Admiralty grade of a source."""


def _read_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


NAMES_SCHEMA: dict[str, Any] = {
    "anyOf": [TEXT_SCHEMA, {"type": "array", "items": TEXT_SCHEMA}],
    "x-kind": "name or list of names",
}
Names = Annotated[tuple[Text, ...], BeforeValidator(_read_list), WithJsonSchema(NAMES_SCHEMA)]
"""A list of names; one name may stand without brackets."""


class Sourced(Section):
    """Something the analyst must be able to defend: by sources, or by a stated judgement."""

    from_: Names = Field((), alias="from", description="Ids of sources that support this.")
    why: Text | None = Field(None, description="The analyst's own reason, where no source says it.")
