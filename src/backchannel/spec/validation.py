"""From plain data to the typed crisis; of faulty data, to the sound part of it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from backchannel.spec.crisis import Crisis
from backchannel.spec.field_faults import data_path, report_field_faults
from backchannel.spec.field_names import fields_at
from backchannel.spec.nodes import Path
from backchannel.spec.positions import Reporter
from backchannel.spec.recovery import Lost

_ROUNDS = 3
_LEAST: dict[str, Any] = {"crisis": "1", "title": "-", "actors": {"-": {}}, "options": {}, "preferences": {}}
_HARMLESS = frozenset(
    {"why", "from", "does", "name", "issue", "lead_time", "final", "frozen", "id", "people", "ratifies"}
)
"""Fields that no check of the whole depends on."""
_NEUTRAL: dict[str, Any] = {"impossible": {"that": "no"}, "moves": ["-", "-", "--"]}


def validate(data: dict[str, Any], report: Reporter, lost: Lost) -> tuple[Crisis | None, list[Path]]:
    """Return the typed crisis, or None and the paths of what stands against it; faults go to the report."""
    try:
        return Crisis.model_validate(without_extensions(data)), []
    except ValidationError as error:
        return None, report_field_faults(error, report, lost)


def without_extensions(data: dict[str, Any]) -> dict[str, Any]:
    """Drop sections that begin with ``x-``, which are free for users."""
    return {key: value for key, value in data.items() if not key.startswith("x-")}


def sound_part(data: dict[str, Any], faulty: list[Path]) -> tuple[Crisis | None, dict[str, Any], frozenset[str]]:
    """Drop the faulty members and build what is left, so that it can be checked as a whole.

    A faulty member of a list whose places are reported is replaced by one that says nothing.

    Returns
    -------
    tuple
        The crisis (None if too little is left), its data, and the actors whose preferences lost something.
    """
    unsure: set[str] = set()
    data = without_extensions(data)
    for _ in range(_ROUNDS):
        members = {_member(path) for path in faulty}
        unsure |= {str(m[1]) for m in members if m[0] == "preferences" and len(m) in (2, 3)}
        data = {**_LEAST, **_without(data, members, ())}
        try:
            return Crisis.model_validate(data), data, frozenset(unsure)
        except ValidationError as error:
            faulty = [data_path(detail["loc"]) for detail in error.errors(include_url=False)]
    return None, data, frozenset(unsure)


def _member(path: Path) -> Path:
    """Return the smallest part that can be left out: an idle field, a term, a section's member."""
    for length in range(3, len(path) + 1):
        name, known = path[length - 1], fields_at(path[: length - 1])
        if known and isinstance(name, str) and (name in _HARMLESS or name not in known):
            return path[:length]
    is_term = path[0] == "preferences" and len(path) > 2 and isinstance(path[2], int)
    return path[: 3 if is_term else 2]


def _without(value: Any, members: set[Path], path: Path) -> Any:
    if isinstance(value, dict):
        return {k: _without(v, members, (*path, k)) for k, v in value.items() if (*path, k) not in members}
    if isinstance(value, list):
        kept = ((i, v) for i, v in enumerate(value) if (*path, i) not in members or path[0] in _REPLACED)
        return [_neutral(v, path) if (*path, i) in members else _without(v, members, (*path, i)) for i, v in kept]
    return value


_REPLACED = frozenset({*_NEUTRAL, "preferences"})


def _neutral(value: Any, path: Path) -> Any:
    if path[0] != "preferences":
        return _NEUTRAL[str(path[0])]
    tier = value.get("tier") if isinstance(value, dict) else None
    name = value.get("id") if isinstance(value, dict) else None
    tier = tier if tier in ("core", "lesser") else None
    return {"when": "no", "worth": "0", "tier": tier, "id": name if isinstance(name, str) else None}
