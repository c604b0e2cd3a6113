"""One fault, one message: what follows from a fault is not reported beside it."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("dam: {by: north, issue: water, does: Build a dam, final: yes}", "dam: §wrong-shape§broken"),
        ("dam: {by: north,", "dam: {by: north, levels: §wrong-shape§low,"),
        ("dam: {by: north,", "dam: {by: north, lead_time: §not-a-number§soon,"),
        (
            "border: {by: south, levels: [open, slow, shut]",
            "border: {by: south, levels: [open, slow, shut, §bad-name§a-jar]",
        ),
        ("south: {name: South}", "south: {name: §not-text§[South]}"),
        (
            "  built: [dam, border = slow]",
            "  built: [§not-text§{dam: yes}, border = slow]",
        ),
        ("hard: dam or border = shut", "hard: §not-a-condition§[dam]"),
        ("{id: water, when: dam,", "{id: water, when: (da§bad-condition§m,"),
        ("press-1: {on: 2024-05-01,", "press-1: {on: §not-a-date§May,"),
        ("swap: {parties: [north, south],", "swap: {§too-short§parties: [],"),
        ("  north:\n    - {id: water", "  north:\n    - §wrong-shape§words\n    - {id: water"),
    ],
)
def test_a_faulty_field_makes_nothing_unknown(old, new, planted):
    planted((old, new))


@pytest.mark.parametrize("section", ["actors", "options", "defines", "sources", "states", "issues"])
def test_a_misshapen_section_makes_nothing_unknown(section, base, checked):
    lines = base.splitlines()
    start = lines.index(f"{section}:")
    end = next(k for k in range(start + 1, len(lines)) if not lines[k].startswith(" "))
    lines[start:end] = [f"{section}: words"]
    errors = checked("\n".join(lines) + "\n").errors
    assert [(problem.code, problem.line, problem.column) for problem in errors] == [
        ("wrong-shape", start + 1, len(section) + 3)
    ], "\n".join(map(str, errors))


@pytest.mark.parametrize("section", ["actors", "options", "defines", "sources", "states", "issues"])
def test_a_misspelt_section_makes_nothing_unknown(section, base, checked):
    errors = checked(base.replace(f"\n{section}:", f"\n{section[:-1]}:")).errors
    assert [problem.code for problem in errors if problem.code != "missing-section"] == ["unknown-section"], errors
    assert f'did you mean "{section}"?' in str(errors[-1])


def test_no_section_at_all_is_another_matter(base, checked):
    lines = [line for line in base.splitlines() if "water: Who gets" not in line and line != "issues:"]
    errors = checked("\n".join(lines)).errors
    assert {problem.code for problem in errors} == {"unknown-issue"}
    assert errors[0].fix == "the file defines none"
