"""Which fields stand where, the schema made of them, and the table for the documentation."""

from __future__ import annotations

import copy
import re
from importlib.resources import files

import jsonschema
import pytest

from backchannel.spec.cases import case_names, case_text
from backchannel.spec.crisis import REQUIRED, SECTIONS, Crisis
from backchannel.spec.field_names import fields_at
from backchannel.spec.json_schema import crisis_schema, field_reference, schema_text
from backchannel.spec.nodes import Node
from backchannel.spec.recovery import read_nodes
from backchannel.spec.scaffold import Answers, starter


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ((), set(SECTIONS)),
        (
            ("sources", "x"),
            {"on", "by", "grade", "url", "archived", "claim", "quote", "lang", "translation", "hindsight"},
        ),
        (("actors", "x"), {"from", "why", "name", "people", "ratifies"}),
        (("actors", "x", "people", "y"), {"name", "share", "scale"}),
        (("options", "x"), {"from", "why", "by", "issue", "does", "levels", "today", "final", "frozen", "lead_time"}),
        (("impossible", 0), {"from", "why", "that"}),
        (("preferences", "x"), {"from", "why", "order", "ranking"}),
        (("preferences", "x", 3), {"from", "why", "id", "when", "worth", "issue", "tier"}),
        (("orderings", "x"), {"from", "why", "order"}),
        (("no_deal", 0), {"from", "why", "to", "chance"}),
        (("no_deal", 0, "chance"), {"default"}),
        (("hostages", "x"), {"from", "why"}),
        (("guarantees", "x"), {"from", "why", "by", "for", "bond", "enforces", "bias"}),
        (("signals", "x", "cost"), {"if_true", "if_false", "sunk", "tied"}),
        (("contested", "x", "reports", 0), {"from", "why", "by", "says", "if_true", "if_false"}),
        (
            ("scale",),
            {"from", "why", "actors", "unit", "transferable"},
        ),
        (("trust",), set()),
        (("nowhere", "x"), set()),
    ],
)
def test_fields_at(path, names):
    assert set(fields_at(path)) == names


def test_every_field_is_described():
    lines = field_reference()
    assert len({line.path for line in lines}) > 150
    for line in lines:
        assert re.fullmatch(r"['A-Z\[].*[.\]]", line.description), line
        assert line.type
        assert line.default
        assert line.path.endswith(line.field)
        if "number" in line.type:
            assert line.unit, line
    assert {line.path.split(".")[0].split("[")[0] for line in lines} == set(SECTIONS)


def test_lines_of_the_reference():
    by_path = {line.path: line for line in field_reference()}
    worth = by_path["preferences.ID[].worth"]
    assert (worth.field, worth.type, worth.unit, worth.default) == ("worth", "number or range", "points", "required")
    assert by_path["options.ID.lead_time"].unit == "days"
    assert by_path["options.ID.levels"].default == "no, yes"
    assert by_path["options.ID.today"].default == "the lowest"
    assert by_path["guarantees.ID.for"].default == "required"
    assert by_path["channels.ID.mandate"].default == "all"
    assert by_path["sources.ID.hindsight"].default == "no"
    assert by_path["trust"].unit == "0 to 1"


def plain(node: Node):
    """Read scalars as YAML 1.2 does, as editors see them."""
    if node.kind == "sequence":
        return [plain(item) for item in node.items]
    if node.kind == "mapping":
        return {key.text: plain(value) for key, value in node.entries()}
    if node.style is not None:
        return node.text
    if node.is_null or node.text in ("true", "false"):
        return {"true": True, "false": False}.get(node.text)
    for kind, form in ((int, r"[-+]?[0-9]+"), (float, r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)")):
        if re.fullmatch(form, node.text):
            return kind(node.text)
    return node.text


def as_editors_see(text: str):
    root = read_nodes(text).root
    assert root is not None
    return plain(root)


def test_the_file_beside_the_cases_is_the_generated_one():
    stored = (files("backchannel") / "cases" / "crisis.schema.json").read_bytes()
    assert stored == schema_text().encode(), (
        "write it anew: backchannel schema -o src/backchannel/cases/crisis.schema.json"
    )


def test_the_schema_is_a_schema_of_draft_7():
    schema = crisis_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["$id"] == "crisis.schema.json"
    assert set(REQUIRED) - {"options"} <= set(schema["required"])
    assert not re.search(r'prefixItems|\$defs|"title": "[A-Z]\w*"|unevaluated', schema_text())


@pytest.mark.parametrize("name", case_names())
def test_cases_fit_the_schema(name):
    assert case_text(name).startswith("# yaml-language-server: $schema=crisis.schema.json\n")
    jsonschema.Draft7Validator(crisis_schema()).validate(as_editors_see(case_text(name)))


def test_other_sound_files_fit_the_schema(base):
    validator = jsonschema.Draft7Validator(crisis_schema())
    for text in (base, starter(Answers()), base + "x-own: [1]\nmoves: [[north, a, b]]\n"):
        validator.validate(as_editors_see(text))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("crisis",), 2),
        (("title",), ["x"]),
        (("actors",), []),
        (("actors", "north"), "North"),
        (("actors", "north", "nick"), "x"),
        (("options", "new-one"), {"by": "north"}),
        (("options", "dam", "levels"), "low"),
        (("preferences", "north", 0, "worth"), [1]),
        (("preferences", "north", 0, "tier"), "middle"),
        (("sources", "press-1", "grade"), "G2"),
        (("as_of",), "May"),
        (("sources", "late-1", "hindsight"), "perhaps"),
        (("trust", "north > south"), {}),
        (("hostages", "trade", "north"), []),
        (("moves",), [["north", "a"]]),
        (("isues",), {}),
    ],
)
def test_faults_of_type_do_not_fit_the_schema(path, value, base):
    data = copy.deepcopy(as_editors_see(base))
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert not jsonschema.Draft7Validator(crisis_schema()).is_valid(data)


def test_required_sections_are_required(base):
    data = as_editors_see(base)
    for name in set(REQUIRED) - {"options"}:
        assert not jsonschema.Draft7Validator(crisis_schema()).is_valid({k: v for k, v in data.items() if k != name})
    assert set(REQUIRED) <= set(Crisis.model_fields)
