"""Faults of single fields: what pydantic found, in our words and with a position."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from backchannel.spec.crisis import REQUIRED, Crisis
from backchannel.spec.nodes import Node
from backchannel.spec.positions import Path, Reporter, suggest

_TAGS = {"terms", "order", "ranking", "list", "mapping", "text"}


def report_field_faults(error: ValidationError, report: Reporter, broken: frozenset[str]) -> list[Path]:
    """Note every fault pydantic found; return their paths in the data, so that sound parts can be checked further."""
    paths = []
    for detail in error.errors(include_url=False):
        path = _data_path(detail["loc"], report.root)
        paths.append(path)
        if not (path and path[0] in broken):
            _report(detail, path, report)
    return paths


def _data_path(location: tuple[int | str, ...], root: Node) -> Path:
    """Drop the union tags that pydantic puts into a location and the file does not have."""
    path: list[str | int] = []
    node = root
    for step in location:
        if step == "[key]":
            continue
        below = node._step(step)
        if below is None and step in _TAGS and node.get(str(step)) is None:
            continue
        path.append(step)
        if below is not None:
            node = below[1]
    return tuple(path)


def _report(detail: ErrorDetails, path: Path, report: Reporter) -> None:
    kind, context = detail["type"], detail.get("ctx", {})
    name = str(path[-1]) if path else "the file"
    if "fault" in context:
        report.at(path, kind.replace("_", "-"), context["fault"], context["fix"], offset=context.get("offset"))
    elif kind == "extra_forbidden":
        _unknown_field(detail, path, report)
    elif kind == "missing":
        _missing(path, report)
    elif kind in ("string_pattern_mismatch", "literal_error") or "[key]" in detail["loc"]:
        _bad_form(detail, path, report)
    elif kind in ("too_short", "tuple_too_short", "missing_argument"):
        report.at(path, "too-short", f'"{name}" has too few entries', f"it needs {context.get('min_length', 'more')}", on_key=True)
    elif kind in ("too_long", "tuple_too_long"):
        report.at(path, "too-long", f'"{name}" has more than {context.get("max_length")} entries', "shorten it", on_key=True)
    else:
        _wrong_shape(detail, path, report)


def _unknown_field(detail: ErrorDetails, path: Path, report: Reporter) -> None:
    name = str(path[-1])
    if name.startswith("x-"):
        return
    parent, _ = report.root.find(path[:-1])
    what = "section" if len(path) == 1 else "field"
    if parent.flow and (" " in name or detail["input"] is None):
        report.at(path, f"unknown-{what}", f'unknown {what} "{name}"', "a comma in unquoted text? put the text in quotes", on_key=True)
        return
    known = fields_at(detail["loc"][:-1])
    report.at(path, f"unknown-{what}", f'unknown {what} "{name}"', suggest(name, known), on_key=True)


def _missing(path: Path, report: Reporter) -> None:
    name = str(path[-1])
    if len(path) == 1:
        example = _EXAMPLES.get(name, f"{name}: ...")
        report.at((), "missing-section", f'the section "{name}" is missing', f"add a line such as: {example}")
    else:
        parent = ".".join(str(step) for step in path[:-1])
        report.at(path[:-1], "missing-field", f'"{name}" is missing in {parent}', f"add {name}: ...", on_key=False)


def _bad_form(detail: ErrorDetails, path: Path, report: Reporter) -> None:
    kind, value = detail["type"], detail["input"]
    if kind == "literal_error":
        report.at(path, "unknown-word", f'"{value}" does not belong here', f"write {detail['ctx']['expected']}")
        return
    name = str(path[-1]) if "[key]" in detail["loc"] else str(value)
    fixes = {"grade": "write a letter A to F and a figure 1 to 6, such as B2"}
    fix = fixes.get(str(path[-1]), "use letters, digits and _; begin with a letter")
    report.at(path, "bad-name", f'"{name}" is not a valid {"grade" if path[-1] == "grade" else "id"}', fix, on_key="[key]" in detail["loc"])


def _wrong_shape(detail: ErrorDetails, path: Path, report: Reporter) -> None:
    expected = {
        "dict_type": "named entries", "model_type": "named fields", "model_attributes_type": "named fields",
        "tuple_type": "a list", "list_type": "a list", "string_type": "text", "int_type": "a whole number",
    }.get(detail["type"], detail["msg"].lower())
    value = detail["input"]
    got = "nothing" if value is None else {dict: "named fields", list: "a list"}.get(type(value), f'"{value}"')
    name = str(path[-1]) if path else "the file"
    fix = f"write {name}: {{...}}" if "named" in expected else f"write {name}: [...]" if expected == "a list" else ""
    report.at(path, "wrong-shape", f'"{name}" needs {expected} and has {got}', fix)


_EXAMPLES = {
    "crisis": "crisis: 1",
    "title": 'title: "Two neighbours and a river"',
    "actors": "actors: {north: {}, south: {}}",
    "options": "options: {dam: {by: north, does: Build the dam}}",
    "preferences": "preferences: {north: [{id: water, when: dam, worth: 10, why: irrigation}]}",
}
assert set(_EXAMPLES) == set(REQUIRED)


def fields_at(location: tuple[int | str, ...]) -> list[str]:
    """Return the field names that may stand at a pydantic location."""
    current: Any = Crisis
    for step in location:
        current = _below(current, step)
        if current is None:
            return []
    model = _models(current)
    return [info.alias or name for kind in model for name, info in kind.model_fields.items()]


def _unwrap(annotation: Any) -> list[Any]:
    """Return the plain alternatives behind Annotated and unions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrap(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [kind for part in get_args(annotation) for kind in _unwrap(part)]
    return [annotation]


def _models(annotation: Any) -> list[type[BaseModel]]:
    return [kind for kind in _unwrap(annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _below(annotation: Any, step: int | str) -> Any:
    if step in _TAGS and not any(step in kind.model_fields for kind in _models(annotation)):
        return annotation
    found = []
    for kind in _unwrap(annotation):
        origin = get_origin(kind)
        if origin in (dict, Mapping):
            found.append(get_args(kind)[1])
        elif origin in (tuple, list) and isinstance(step, int):
            found.append(get_args(kind)[0])
    for model in _models(annotation):
        found += [info.annotation for name, info in model.model_fields.items() if step in (name, info.alias)]
    return Union[tuple(found)] if found else None  # noqa: UP007
