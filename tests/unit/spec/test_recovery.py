"""Where a part does not parse, the rest is checked all the same, and nothing is reported because of the part."""

from __future__ import annotations

import pytest

from backchannel.spec.recovery import read_nodes

# each breaks one part of the base file; nothing else may be reported
BROKEN = [
    (
        "  north: {name: North, people",
        "  north: §not-yaml§{name: North\n  west: {people",
    ),
    ("  south: {name: South}", "  south: {name: §not-yaml§@South}"),
    ("  south: {name: South}", "§not-yaml§\tsouth: {name: South}"),
    ("  south: {name: South}", '  south: {name: §not-yaml§"South}'),
    ("  talks: {by: south, today: yes}", "  talks: §not-yaml§{by: south, today: yes"),
    ("  dam: {by: north,", "  dam: {by: north§not-yaml§: no,"),
    ("  hard: dam or border = shut", '  hard: §not-yaml§"dam or border = shut'),
    (
        "{id: loss, when: dam, worth: -30, why: less water}",
        "{id: loss, when: dam, worth: -30, why: less§not-yaml§: water}",
    ),
    ("  built: [dam, border = slow]", "  built: §not-yaml§[dam, border = slow"),
    ("  press-1: {on: 2024-05-01", "  press-1: {on: 2024-05-01§not-yaml§: 3"),
    ("  dry: {set:", "  dry: {set: {a: b}§not-yaml§:"),
    ("trust: {north", "trust: §not-yaml§{{north"),
]


@pytest.mark.parametrize(("old", "new"), BROKEN)
def test_one_broken_part(old, new, planted):
    planted((old, new))


@pytest.mark.parametrize(("old", "new"), BROKEN[1:])
def test_a_broken_part_hides_no_other_fault(old, new, planted):
    planted((old, new), ("rain: {at: 0.5", "rain: {at: §out-of-range§5"))


def test_the_rest_keeps_its_places():
    text = 'a:\n  b: {x: 1\n  c: {d: 2}\ne: "f\ng: 3\n'
    reading = read_nodes(text, "f")
    assert reading.root is not None
    assert reading.root.to_data() == {"a": {"c": {"d": "2"}}, "g": "3"}
    node, _ = reading.root.find(("a", "c", "d"))
    assert (node.line, node.column, text[node.start : node.end]) == (3, 10, "2")
    assert reading.lost.sections == {"a", "e"}
    assert {"b", "x", "f"} <= reading.lost.words


def test_two_broken_parts_of_one_list(marked, base):
    text = base.replace("why: less water}", "why: less§not-yaml§: water}")
    marked(text.replace("why: trade goes on}", "why: trade§not-yaml§: goes on}"))


def test_text_that_is_no_section_is_told_once(base, marked):
    marked(base.replace("deals:\n", "§not-yaml§some words\ndeals:\n"))
