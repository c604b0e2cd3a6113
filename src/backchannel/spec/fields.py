"""The kinds of value a crisis file holds, each with the rule that reads its text.

Values arrive as text (see :mod:`backchannel.spec.nodes`); each field says what its text means, so ``no`` is a
level where a level belongs and false where a truth value belongs.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from backchannel.spec.condition import Condition, ConditionError, parse_condition
from backchannel.spec.number import Number, NumberError, Support, parse_number

YES = frozenset({"yes", "true"})
NO = frozenset({"no", "false"})


class Section(BaseModel):
    """Base of everything in a crisis file: frozen, and a field nobody declared is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, protected_namespaces=())


def _fault(code: str, message: str, fix: str = "", offset: int | None = None) -> PydanticCustomError:
    context: dict[str, Any] = {"fault": message, "fix": fix}
    if offset is not None:
        context["offset"] = offset
    return PydanticCustomError(code.replace("-", "_"), "{fault}", context)  # type: ignore[arg-type]


def _number_reader(support: Support) -> Callable[[object], Number]:
    def read(value: object) -> Number:
        try:
            return parse_number(value, support)
        except NumberError as error:
            raise _fault(error.code, error.message, error.fix) from None

    return read


def _number_schema(what: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["number", "string"], "description": what})


Worth = Annotated[
    InstanceOf[Number],
    BeforeValidator(_number_reader("real")),
    _number_schema("points on the actor's own scale: any finite number, 60 in 40..80, 40..80, 40 to 80 or 1 < 2 < 5"),
]
Amount = Annotated[
    InstanceOf[Number], BeforeValidator(_number_reader("nonnegative")), _number_schema("a number of 0 or more")
]
Probability = Annotated[
    InstanceOf[Number],
    BeforeValidator(_number_reader("probability")),
    _number_schema("0 to 1: 0.6, 0.6 in 0.4..0.8, 0.4..0.8, 0.4 to 0.8, 0.4 < 0.6 < 0.8 or an ICD 203 word"),
]


def _read_condition(value: object) -> Condition:
    if isinstance(value, Condition):
        return value
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if not isinstance(value, str):
        raise _fault("not-a-condition", "a condition belongs here", "write one such as: leave or defect")
    try:
        return parse_condition(value)
    except ConditionError as error:
        raise _fault("bad-condition", error.message, error.fix, error.offset) from None


ConditionField = Annotated[
    InstanceOf[Condition],
    BeforeValidator(_read_condition),
    WithJsonSchema({"type": ["string", "boolean"], "description": "and, or, not, ->, iff, ( ), ids, option = level"}),
]


def _read_truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in YES | NO:
        return value.lower() in YES
    raise _fault("not-yes-or-no", f'"{value}" is neither yes nor no', "write yes or no")


Truth = Annotated[bool, BeforeValidator(_read_truth), WithJsonSchema({"type": ["boolean", "string"], "enum": [True, False, "yes", "no"]})]


def _read_date(value: object) -> datetime.date:
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value))
    except ValueError:
        raise _fault("not-a-date", f'"{value}" is not a date', "write year-month-day, such as 2019-05-05") from None


Date = Annotated[datetime.date, BeforeValidator(_read_date), WithJsonSchema({"type": "string", "format": "date"})]


def _read_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (str, int, float, datetime.date)):
        return str(value)
    fix = "write text; put text that holds a comma or a colon in quotes"
    raise _fault("not-text", "text belongs here", fix)


Text = Annotated[str, BeforeValidator(_read_text), WithJsonSchema({"type": ["string", "number", "boolean"]})]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]*$")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
"""An id that may stand in a condition: no hyphen, no digit in front."""
Level = Annotated[Text, StringConstraints(pattern=r"^\w+$")]


def _read_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[Text, ...], BeforeValidator(_read_list, json_schema_input_type=str | list[str])]
"""A list of names; one name may stand without brackets."""


class Sourced(Section):
    """Something the analyst must be able to defend: by sources, or by a stated judgement."""

    from_: Names = Field((), alias="from", description="Ids of sources that support this.")
    why: Text | None = Field(None, description="The analyst's own reason, where no source says it.")
