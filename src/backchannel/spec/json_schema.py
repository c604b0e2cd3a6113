"""The JSON Schema of the crisis file and the table of its fields, both read off the typed models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backchannel.spec.crisis import Crisis

Schema = dict[str, Any]
ID = "crisis.schema.json"
DIALECT = "http://json-schema.org/draft-07/schema#"
_TOLD_DEFAULT = re.compile(r"\b[Dd]efault:? (.+?)(?: \(.*\))?\.?$")
_TITLE = "Backchannel crisis file, format 1"


def crisis_schema() -> Schema:
    """Return the JSON Schema of a crisis file, in the constructs of draft 7 that editors know.

    What a schema cannot say (that names are defined, that numbers parse, that today is possible) is left to
    :func:`backchannel.spec.read.check_text`.
    """
    schema = _as_draft_7(Crisis.model_json_schema(by_alias=True, mode="validation"))
    definitions = schema.pop("definitions")
    schema["patternProperties"] = {"^x-": {"description": "Free for your own use; not read."}}
    ordered = {
        "$schema": DIALECT,
        "$id": ID,
        "title": _TITLE,
        **{k: schema[k] for k in schema if k != "title"},
    }
    return {**ordered, "definitions": dict(sorted(definitions.items()))}


def schema_text() -> str:
    """Return the schema as indented JSON, the same bytes on every run."""
    return json.dumps(crisis_schema(), indent=2, ensure_ascii=False) + "\n"


def _as_draft_7(value: Any) -> Any:
    """Rename what later drafts call otherwise; drop the titles and null defaults that pydantic adds."""
    if isinstance(value, list):
        return [_as_draft_7(item) for item in value]
    if not isinstance(value, dict):
        return value
    result: Schema = {}
    for key, below in value.items():
        if key in ("title", "propertyNames") or (key == "default" and below is None):
            continue
        if key in ("properties", "$defs"):
            named = {name: _as_draft_7(part) for name, part in below.items()}
            result[key.replace("$defs", "definitions")] = named
        elif key == "$ref":
            result[key] = below.replace("#/$defs/", "#/definitions/")
        else:
            result[key] = _as_draft_7(below)
    if "patternProperties" in result:
        result.setdefault("additionalProperties", False)
    return result


@dataclass(frozen=True)
class FieldLine:
    """One line of the field reference.

    Parameters
    ----------
    path
        Where it stands, such as ``options.ID.by``; ``ID`` is a name of the writer's own, ``[]`` a list.
    field
        Its name.
    type
        What may stand there, in words.
    unit
        Unit of a number; empty for anything else.
    default
        What is meant where it is left out: ``required``, ``none``, or a value.
    description
        What it says.
    """

    path: str
    field: str
    type: str
    unit: str
    default: str
    description: str


def field_reference() -> tuple[FieldLine, ...]:
    """Return every field of a crisis file, section by section, in the order of the models."""
    schema = crisis_schema()
    return tuple(_lines(schema, schema["definitions"], "", ()))


def _lines(model: Schema, definitions: Schema, path: str, inside: tuple[str, ...]) -> Iterator[FieldLine]:
    for name, field in model.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        default = "required" if name in model.get("required", ()) else _default(field)
        yield FieldLine(here, name, _type(field), _unit(field), default, field.get("description", ""))
        for reference, below in _references(field, here):
            if reference not in inside:
                yield from _lines(definitions[reference], definitions, below, (*inside, reference))


def _default(field: Schema) -> str:
    """Return the default as a writer would put it, or as the description tells it."""
    default = field.get("default")
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, list) and default:
        return ", ".join(map(str, default))
    told = _TOLD_DEFAULT.search(field.get("description", ""))
    return told[1] if told else "none"


def _parts(field: Schema) -> list[Schema]:
    """Return the alternatives of a field, null left out."""
    parts = field.get("anyOf") or field.get("oneOf") or field.get("allOf")
    if parts is None or "x-kind" in field:
        return [field]
    return [below for part in parts if part.get("type") != "null" for below in _parts(part)]


def _references(field: Schema, path: str) -> Iterator[tuple[str, str]]:
    for part in _parts(field):
        if "$ref" in part:
            yield part["$ref"].rpartition("/")[2], path
        elif isinstance(part.get("additionalProperties"), dict):
            yield from _references(part["additionalProperties"], f"{path}.ID")
        elif isinstance(part.get("items"), dict):
            yield from _references(part["items"], f"{path}[]")
        for named in part.get("patternProperties", {}).values():
            yield from _references(named, f"{path}.ID")


def _type(field: Schema) -> str:
    return " or ".join(dict.fromkeys(_type_of_part(part) for part in _parts(field)))


def _type_of_part(part: Schema) -> str:
    if "x-kind" in part:
        return str(part["x-kind"])
    if "$ref" in part:
        return "fields below"
    if "enum" in part or "const" in part:
        return " or ".join(str(value) for value in part.get("enum", [part.get("const")]))
    below = _members(part)
    if below is not None:
        shape = "list" if part.get("type") == "array" else "by id"
        return f"{shape}: {_type(below)}"
    return str(part.get("type", "anything"))


def _members(part: Schema) -> Schema | None:
    """Return the schema of what a list or a mapping by id holds."""
    named = part.get("patternProperties", {}).values()
    found = [below for below in (part.get("items"), *named, part.get("additionalProperties")) if below]
    return found[0] if found and isinstance(found[0], dict) else None


def _unit(field: Schema) -> str:
    for part in _parts(field):
        if "x-unit" in part:
            return str(part["x-unit"])
        below = _members(part)
        unit = _unit(below) if below is not None and "x-kind" not in part else ""
        if unit:
            return unit
    return ""
