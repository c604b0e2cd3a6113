"""Faults of single fields: what pydantic found, in our words and with a position."""

from __future__ import annotations

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from backchannel.spec.field_names import fields_at
from backchannel.spec.nodes import Path
from backchannel.spec.positions import COMMA_FIX, Reporter, dotted, shown, suggest
from backchannel.spec.recovery import Lost

_TAGGED_SECTIONS = frozenset({"preferences", "states"})
_SHAPES = {
    "dict_type": "named entries",
    "model_type": "named fields",
    "model_attributes_type": "named fields",
    "tuple_type": "a list",
    "list_type": "a list",
}
_EXAMPLES = {
    "crisis": "crisis: 1",
    "title": 'title: "Two neighbours and a river"',
    "actors": "actors: {north: {}, south: {}}",
    "options": "options: {dam: {by: north, does: Build the dam}}",
    "preferences": "preferences: {north: [{id: water, when: dam, worth: 10, why: irrigation}]}",
}


def data_path(location: tuple[int | str, ...]) -> Path:
    """Return where a fault stands in the file's data, from pydantic's location.

    That names the chosen kind of a preference or a state behind its name, and marks a key with ``[key]``.
    """
    tagged = location[:1] and location[0] in _TAGGED_SECTIONS
    return tuple(step for place, step in enumerate(location) if step != "[key]" and not (tagged and place == 2))


def report_field_faults(error: ValidationError, report: Reporter, lost: Lost) -> list[Path]:
    """Note every fault pydantic found; return their paths, so that the sound parts can be checked further."""
    paths = []
    for detail in error.errors(include_url=False):
        path = data_path(detail["loc"])
        paths.append(path)
        if not _follows_from_loss(detail, path, report, lost):
            _report(detail, path, report)
    return paths


def _follows_from_loss(detail: ErrorDetails, path: Path, report: Reporter, lost: Lost) -> bool:
    """Whether something is missing here because it stood in a part that could not be read."""
    if not path or path[0] not in lost.sections:
        return False
    node, _ = report.root.find(path if detail["type"] != "missing" else path[:-1])
    return (
        len(path) == 1
        or node.is_null
        or (("short" in detail["type"] or detail["type"] == "missing") and (lost.touches(node)))
    )


def _report(detail: ErrorDetails, path: Path, report: Reporter) -> None:
    kind, context = detail["type"], detail.get("ctx", {})
    if "fault" in context:
        where = (*path, context["field"]) if context["field"] else path
        report.at(where, kind.replace("_", "-"), context["fault"], context["fix"], offset=context["offset"])
    elif kind == "extra_forbidden":
        _unknown_field(detail, path, report)
    elif kind == "missing":
        _missing(path, report)
    elif kind in ("string_pattern_mismatch", "literal_error"):
        _bad_form(detail, path, report)
    elif kind in ("too_short", "too_long"):
        _bad_length(detail, path, report)
    else:
        _wrong_shape(detail, path, report)


def _unknown_field(detail: ErrorDetails, path: Path, report: Reporter) -> None:
    name = str(path[-1])
    parent, _ = report.root.find(path[:-1])
    what = "section" if len(path) == 1 else "field"
    fix = suggest(name, list(fields_at(path[:-1])))
    if parent.flow and (" " in name or detail["input"] is None):
        fix = COMMA_FIX
    report.at(path, f"unknown-{what}", f"unknown {what} {shown(name)}", fix, on_key=True)


def _missing(path: Path, report: Reporter) -> None:
    name = str(path[-1])
    if len(path) == 1:
        report_missing_section(name, report)
        return
    fix = f"add {name}: {str(fields_at(path[:-1])[name].description).lower().rstrip('.')}"
    if path[0] == "preferences" and name == "order":
        fix = "list terms, or write order: [conditions] or ranking: [states]"
    report.at(path[:-1], "missing-field", f'"{name}" is missing in {dotted(path[:-1])}', fix)


def report_missing_section(name: str, report: Reporter) -> None:
    """Note that a required section is missing."""
    fix = f"add a line such as: {_EXAMPLES[name]}"
    report.at((), "missing-section", f'the section "{name}" is missing', fix)


def _bad_form(detail: ErrorDetails, path: Path, report: Reporter) -> None:
    on_key = detail["loc"][-1] == "[key]"
    name = str(path[-1])
    if detail["type"] == "literal_error":
        fix = f"write {detail['ctx']['expected']}"
        report.at(path, "unknown-word", f"{shown(detail['input'])} is no {name}", fix)
    elif name == "grade":
        fix = "write a letter A to F and a figure 1 to 6, such as B2"
        report.at(path, "bad-grade", f"{shown(detail['input'])} is no Admiralty grade", fix)
    else:
        written = name if on_key else str(detail["input"])
        plain = re.sub(r"\W+", "_", written, flags=re.ASCII).strip("_")
        fix = f"write {plain}" if plain and not plain[0].isdigit() else "begin with a letter"
        message = f"{shown(written)} is not a valid name; letters, digits and _ make one"
        report.at(path, "bad-name", message, fix, on_key=on_key)


def _bad_length(detail: ErrorDetails, path: Path, report: Reporter) -> None:
    context, name = detail["ctx"], str(path[-1])
    count = context.get("actual_length", "the wrong number of")
    if detail["type"] == "too_short":
        fix = f"it needs at least {context['min_length']}"
    else:
        fix = f"it may have at most {context['max_length']}"
    report.at(path, detail["type"].replace("_", "-"), f'"{name}" has {count} entries', fix, on_key=True)


def _wrong_shape(detail: ErrorDetails, path: Path, report: Reporter) -> None:
    expected = _SHAPES.get(detail["type"], "another kind of value")
    name = f'"{path[-1]}"' if path and isinstance(path[-1], str) else "this entry"
    fix = {"a list": "write [...], or one entry a line behind a -", "another kind of value": ""}.get(expected)
    if fix is None:
        fix = "write {}, or leave the line out" if detail["input"] is None else "write {field: value, ...}"
    report.at(path, "wrong-shape", f"{name} needs {expected} and has {shown(detail['input'])}", fix)
