"""Every number of a crisis as an addressable input, and the one patch that changes inputs.

A path is dotted. Members of a list are named by what identifies them: a term by its id (or its position, from
1), a belief by ``who:that``, a report by who makes it, a no-deal branch by where it leads, a further statement of a
signal by the statement. A part that several members would share gets its date or its position appended
(``maduro:defect@2019-04-30``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from backchannel.spec.crisis import Crisis
from backchannel.spec.nodes import Path
from backchannel.spec.number import Number

Patch = Mapping[str, str]
"""New values by path, as they would be written in the file. Serves variants, frames, sweeps and remedies."""


@dataclass(frozen=True)
class Input:
    """A number of the file: its stable path, where it stands in the data, and what supports it."""

    path: str
    steps: Path
    number: Number
    sources: tuple[str, ...]
    why: str | None

    @property
    def is_judgement(self) -> bool:
        """Whether no source is named."""
        return not self.sources


def inputs(crisis: Crisis) -> tuple[Input, ...]:
    """Return every number of a crisis, sorted by path."""
    return tuple(sorted(_walk(crisis, "", (), (), None), key=lambda item: item.path))


def _walk(value: Any, path: str, steps: Path, sources: tuple[str, ...], why: str | None) -> Iterator[Input]:
    if isinstance(value, Number):
        yield Input(path, steps, value, sources, why)
    elif isinstance(value, BaseModel):
        sources = getattr(value, "from_", ()) or sources
        why = getattr(value, "why", None) or why
        named = [(info.alias or name, getattr(value, name)) for name, info in type(value).model_fields.items()]
        for name, below in [*named, *(value.__pydantic_extra__ or {}).items()]:
            yield from _walk(below, _join(path, name), (*steps, name), sources, why)
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from _walk(below, _join(path, name), (*steps, name), sources, why)
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        keys = member_keys([_identity(member) for member in value])
        for index, (key, below) in enumerate(zip(keys, value, strict=True)):
            yield from _walk(below, _join(path, key), (*steps, index), sources, why)


def _join(path: str, name: str) -> str:
    name = name.replace(" ", "")
    return f"{path}.{name}" if path else name


def _identity(member: BaseModel | dict[str, Any]) -> tuple[str, str]:
    """Return what identifies a list member, and its date for telling repeated ones apart."""

    def field(name: str) -> str:
        found = member.get(name) if isinstance(member, dict) else getattr(member, name, None)
        return "" if found is None else str(found)

    if field("who") and field("that"):
        return f"{field('who')}:{field('that')}", field("on")
    return field("id") or field("by") or field("to") or field("that"), field("on")


def member_keys(identities: list[tuple[str, str]]) -> list[str]:
    """Return a distinct key for each list member, by identity, then date, then position from 1."""
    count = Counter(name for name, _ in identities)
    dated = [f"{name}@{day}" if name and day and count[name] > 1 else name for name, day in identities]
    again = Counter(dated)
    return [
        str(position) if not name else name if again[name] == 1 else f"{name}#{position}"
        for position, name in enumerate(dated, start=1)
    ]


class PatchError(ValueError):
    """A patch path that leads nowhere; ``known`` lists what stands at the step that failed."""

    def __init__(self, path: str, step: str, known: list[str]) -> None:
        self.path, self.step, self.known = path, step, known
        super().__init__(f'the path "{path}" leads nowhere at "{step}"')


def locate(data: Any, path: str) -> Path:
    """Follow a dotted path through file data. The last step may name a field the file leaves out.

    Raises
    ------
    PatchError
        Where a step before the last one does not exist.
    """
    steps: list[str | int] = []
    names = path.split(".")
    while names:
        if isinstance(data, dict):
            step, used = _key(data, names, path)
        elif isinstance(data, list):
            step, used = _place(data, names[0], path), 1
        elif names == ["default"] and steps[-1:] == ["chance"]:
            step, used = "default", 1  # a plain chance is short for {default: chance}
        else:
            raise PatchError(path, names[0], [])
        steps.append(step)
        names = names[used:]
        data = _below(data, step)
    return tuple(steps)


def _below(data: Any, step: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(step)
    return data[step] if isinstance(data, list) and isinstance(step, int) else None


def _key(data: dict[str, Any], names: list[str], path: str) -> tuple[str | int, int]:
    """Return the key that the first names spell, and how many of them: the keys of a dial are paths themselves."""
    keys = {key.replace(" ", ""): key for key in reversed(data)}
    for used in range(1, len(names) + 1):
        match = keys.get(".".join(names[:used]).replace(" ", ""))
        if match is not None:
            return match, used
    if len(names) > 1:
        raise PatchError(path, names[0], list(data))
    return names[0], 1


def _place(data: list[Any], name: str, path: str) -> int:
    keys = member_keys([_identity(member) if isinstance(member, dict) else ("", "") for member in data])
    place = keys.index(name) if name in keys else int(name) - 1 if re.fullmatch("[0-9]{1,6}", name) else -1
    if not 0 <= place < len(data):
        raise PatchError(path, name, keys)
    return place


def apply_patch(data: dict[str, Any], patch: Patch) -> dict[str, Any]:
    """Return file data with new values at the paths of a patch; the rest is shared. Raises PatchError."""
    result: Any = data
    for path, value in patch.items():
        result = _with_value(result, locate(result, path), value)
    return dict(result)


def _with_value(data: Any, steps: Path, value: str) -> Any:
    if not steps:
        return value
    step, below = steps[0], steps[1:]
    if isinstance(data, list):
        return [_with_value(member, below, value) if i == step else member for i, member in enumerate(data)]
    known = data if isinstance(data, dict) else {}
    return {**known, step: _with_value(known.get(step), below, value)}
