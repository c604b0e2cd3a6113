"""A crisis with some things changed: new values by path, and options held where they are today."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from backchannel.spec.condition import Condition
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import UnknownNameError, is_feasible, named_state
from backchannel.spec.inputs import Patch, apply_patch
from backchannel.spec.number import Number
from backchannel.spec.structure import Impossible


def to_data(value: Any) -> Any:
    """Return a crisis (or any part of one) as the plain data its file would give; defaults are left out."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        named = {
            info.alias or name: getattr(value, name) for name, info in fields.items() if name in value.model_fields_set
        }
        return {key: to_data(below) for key, below in {**named, **(value.__pydantic_extra__ or {})}.items()}
    if isinstance(value, (Number, Condition)):
        return value.text
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: to_data(below) for key, below in value.items()}
    if isinstance(value, tuple):
        return [to_data(below) for below in value]
    return value


def with_values(crisis: Crisis, patch: Patch) -> Crisis:
    """Return the crisis with new values at the paths of a patch.

    Raises
    ------
    PatchError
        If a path leads nowhere.
    """
    return Crisis.model_validate(apply_patch(to_data(crisis), patch)) if patch else crisis


def holding_today(crisis: Crisis, options: Iterable[str]) -> Crisis:
    """Return the crisis in which some options stay at today's level; named states that need them otherwise go."""
    held = tuple(_held(crisis, option) for option in options)
    changed = crisis.model_copy(update={"impossible": (*crisis.impossible, *held)})
    kept = {name: state for name, state in changed.states.items() if _possible(changed, name)}
    return changed.model_copy(update={"states": kept})


def _held(crisis: Crisis, option: str) -> Impossible:
    about = crisis.options[option]
    level = about.levels[about.today_index]
    return Impossible.model_validate({"that": f"{option} != {level}", "why": f"{option} stays as it is today"})


def _possible(crisis: Crisis, name: str) -> bool:
    try:
        return is_feasible(crisis, named_state(crisis, name))
    except UnknownNameError:
        return False
