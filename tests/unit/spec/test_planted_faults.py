"""Every kind of fault, alone and all together: position, offending text, repair, nothing else reported."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from backchannel.spec.read import check_text

# name: (text of the base file, the same text with its fault marked, words of the message, words of the repair)
FAULTS = {
    "unknown option in a condition": (
        "when: not hard, worth: 10",
        "when: not hard or §unknown-option§daam, worth: 10",
        'unknown option "daam"',
        'did you mean "dam"?',
    ),
    "unknown actor": (
        "dam: {by: north",
        "dam: {by: §unknown-actor§nroth",
        '"nroth"',
        'did you mean "north"?',
    ),
    "unknown source": (
        "from: [press-1]}\n    - {id: trade",
        "from: [§unknown-source§press-2]}\n    - {id: trade",
        'unknown source "press-2"',
        'did you mean "press-1"?',
    ),
    "unknown field": (
        "issue: water, does: Build",
        "§unknown-field§isue: water, does: Build",
        'unknown field "isue"',
        'did you mean "issue"?',
    ),
    "unknown section": ("issues:\n", "x-own: {free: [1]}\n§unknown-section§isues:\n", '"isues"', '"issues"?'),
    "unknown issue": (
        "scale: {water: 2}",
        "scale: {§unknown-issue§watr: 2}",
        '"watr"',
        'did you mean "water"?',
    ),
    "comma in unquoted text": (
        "why: trade goes on",
        "why: Trump against, §unknown-field§Bolton for",
        'unknown field "Bolton for"',
        "put the text in quotes",
    ),
    "comma among free names": (
        "why: both live on it",
        "why: both live, §unknown-actor§some more: 1",
        'unknown actor "some more"',
        "a comma in unquoted text?",
    ),
    "reversed range": (
        "40 in 20..60",
        "§reversed-range§60..20",
        'the low end is above the high end in "60..20"',
        "smaller number first",
    ),
    "not a number": (
        "worth: 10,",
        "worth: §not-a-number§much,",
        '"much" is not a number',
        "write 0.6, 60 in 40..80",
    ),
    "duplicate key": (
        "  south: {name: South}",
        "  south: {name: South}\n  §duplicate-key§south: {}",
        '"south" is given twice, first on line 12',
        "keep one",
    ),
    "source after as_of": (
        "press-1: {on: 2024-05-01",
        "press-1: {on: §source-after-as-of§2024-07-01",
        "press-1 was published on 2024-07-01",
        "add hindsight: yes",
    ),
    "worth without support": (
        "{id: calm, when: talks, worth: 5 to 9, why: a settled border}",
        "§no-support§{id: calm, when: talks, worth: 5 to 9}",
        "the worth calm of south",
        "add from",
    ),
    "belief without support": (
        "deals:",
        "beliefs: [§no-support§{who: north, that: talks, p: likely}]\ndeals:",
        "this belief",
        "add from",
    ),
    "impossible today": (
        "  - {that: border = shut",
        "  - §impossible-today§{that: border = slow and talks}\n  - {that: border = shut",
        'today is impossible: "border = slow and talks" holds today',
        "change today",
    ),
    "condition that does not parse": (
        "hard: dam or border = shut",
        "hard: dam or §bad-condition§& border",
        'does not parse at "&"',
        "write 'and'",
    ),
    "ordering contradicted": (
        "order: [quiet, built]",
        "order: [built, §ordering-contradicted§quiet]",
        "put quiet above built (built -30, quiet 7)",
        "change the worths",
    ),
    "bad date": (
        "horizon: 2024-12-31",
        "horizon: §not-a-date§2024-13-31",
        '"2024-13-31" is not a date',
        "2019-05-05",
    ),
    "unknown level": (
        "closed: {border: shut}",
        "closed: {border: §unknown-level§shot}",
        '"shot"',
        "open, slow, shut",
    ),
    "level of today": (
        "today: slow",
        "today: §unknown-level§slwo",
        '"slwo" is no level',
        'did you mean "slow"?',
    ),
    "several levels": (
        "built: [dam, border = slow]",
        "built: [dam, §bad-state§border]",
        "say which",
        "border = slow",
    ),
    "no single setting": (
        "terms: [not dam,",
        "terms: [§bad-state§dam or talks,",
        "sets no single option",
        "= level",
    ),
    "setting that does not parse": (
        "terms: [not dam,",
        "terms: [not §bad-state§&dam,",
        "does not parse",
        "= level",
    ),
    "literal with a wrong count": (
        "{to: built,",
        '{to: §bad-state§"yes,open",',
        '"yes,open" has 2 levels and the file has 3 options',
        "one level for each",
    ),
    "unknown state": (
        "{to: built,",
        "{to: §unknown-state§bilt,",
        'unknown state "bilt"',
        'did you mean "built"?',
    ),
    "level in a literal": ("{to: built,", '{to: "yes,§unknown-level§shot,no",', '"shot" is no level', "shut"),
    "probability above 1": (
        "default: likely",
        "default: §out-of-range§60",
        "not between 0 and 1",
        "write 0.6",
    ),
    "estimative word": (
        "default: likely",
        "default: §not-a-number§verry likely",
        '"verry likely"',
        '"very likely"',
    ),
    "believer": ("south: 0.4 in 0.2..0.5", "§unknown-actor§soth: 0.4", '"soth"', 'did you mean "south"?'),
    "hostage of nobody": ("{north: 5,", "{§unknown-actor§nrth: 5,", '"nrth"', 'did you mean "north"?'),
    "hostage without a number": ("{north: 5,", "{north: §not-a-number§much,", '"much"', "write 0.6"),
    "trust of nobody": (
        "north > south: 0.3",
        "§unknown-actor§nort > south: 0.3",
        '"nort"',
        'did you mean "north"?',
    ),
    "trust in no pair": ("north > south: 0.3", "§bad-pair§north: 0.3", "not a pair", "write: a > b"),
    "trust in oneself": (
        "north > south: 0.3",
        "§bad-pair§north > north: 0.3",
        "trust in oneself",
        "two actors",
    ),
    "share": ("share: 0.4", "share: §not-a-number§40%", '"40%" is a percentage', "write 0.4"),
    "final neither way": (
        "final: yes",
        "final: §unknown-option§always",
        '"always"',
        "known: dam, border, talks",
    ),
    "final capitalised": ("final: yes", "final: §unknown-option§Yes", 'unknown option "Yes"', "write yes"),
    "grade": ("grade: B2", "grade: §bad-grade§G2", '"G2" is no Admiralty grade', "B2"),
    "name of an option": (
        "  talks: {by: south, today: yes}",
        "  talks: {by: south, today: yes}\n  §bad-name§new-talks: {by: south}",
        '"new-talks" is not a valid name',
        "write new_talks",
    ),
    "reserved name": (
        "  talks: {by: south, today: yes}",
        "  talks: {by: south, today: yes}\n  §reserved-name§not: {by: south}",
        '"not" has a meaning of its own',
        "another name",
    ),
    "name used twice": (
        "defines:\n",
        "defines:\n  §name-taken§dam: talks\n",
        '"dam" is also the name of an option',
        "another name",
    ),
    "text where fields belong": (
        "south: {name: South}",
        "south: §wrong-shape§South",
        '"south" needs named fields and has "South"',
        "{field: value, ...}",
    ),
    "missing field": (
        "dam: {by: north, issue",
        "dam: §missing-field§{issue",
        '"by" is missing in options.dam',
        "add by",
    ),
    "missing preferences": (
        "actors:\n",
        "actors:\n  §no-preferences§west: {}\n",
        "west can act but has no preferences",
        "west: []",
    ),
    "circular define": (
        "  hard: dam",
        "  §circular-define§easy: not simple\n  §circular-define§simple: not easy\n  hard: dam",
        '"easy" is defined by itself',
        "circle",
    ),
    "repeated term": ("{id: trade", "{id: §repeated-id§water", 'two terms called "water"', "rename"),
    "tiers partly named": (
        "- {id: water, when: dam, worth: 40 in 20..60, from: [press-1]}\n    - {id: trade",
        "- §no-tier§{id: water, when: dam, worth: 40 in 20..60, from: [press-1]}\n    - {id: trade, tier: core",
        "names no tier while others do",
        "add tier: core or tier: lesser",
    ),
    "tier misspelt": (
        "{id: loss, when",
        "{id: loss, tier: §unknown-word§core-ish, when",
        '"core-ish" is no tier',
        "'core' or 'lesser'",
    ),
    "horizon before as_of": (
        "horizon: 2024-12-31",
        "horizon: §reversed-dates§2024-01-31",
        "lies before as_of 2024-06-01",
        "after as_of",
    ),
    "person": (
        "deals:",
        "channels: {room: {who: [north, south], voices: {north: {§unknown-person§cheif: 1}}, why: x}}\ndeals:",
        'unknown person "cheif" of north',
        'did you mean "chief"?',
    ),
}
EXTRA = {
    "missing preferences": (
        "  talks: {by: south, today: yes}",
        "  talks: {by: south, today: yes}\n  go: {by: west}",
    )
}


def test_base_file_is_sound(planted):
    assert planted() == ()
    assert planted(severity="warning") == ()


@pytest.mark.parametrize("name", FAULTS)
def test_fault_alone(name, planted):
    old, new, message, fix = FAULTS[name]
    changes = [(old, new)] + ([EXTRA[name]] if name in EXTRA else [])
    problems = planted(*changes)
    assert any(message in problem.message and fix in problem.fix for problem in problems), problems


@pytest.mark.parametrize("section", ["crisis", "title", "actors", "options", "preferences"])
def test_missing_section(section, base, checked):
    lines = base.splitlines(keepends=True)
    heads = [number for number, line in enumerate(lines) if line[0] not in " \n"]
    start = next(number for number in heads if lines[number].startswith(f"{section}:"))
    end = next((number for number in heads if number > start), len(lines))
    errors = checked("".join(lines[:start] + lines[end:])).errors
    found = [problem for problem in errors if problem.code == "missing-section"]
    assert [(problem.line, problem.column) for problem in found] == [(1, 1)]
    assert f'the section "{section}" is missing' in found[0].message
    assert f"{section}: " in found[0].fix
    assert not [problem for problem in errors if problem.code.startswith("unknown-")]


TOGETHER = """\
§missing-section§crisis: 1
as_of: 2024-06-01
sources:
  press-1: {on: §source-after-as-of§2024-07-01, by: press, grade: B2, claim: A dam}
  press-2: {on: 2024-05-01, by: §unknown-actor§nort.chief, claim: "Said, in short"}
  press-3: {on: §not-a-date§1 May 2024, by: press, claim: A dam}
actors:
  north: {name: North}
  south: {name: South, §unknown-field§nick: S}
  §duplicate-key§south: {}
options:
  dam: {by: §unknown-actor§nroth, issue: §unknown-issue§water, does: Build a dam}
  border: {by: south, levels: [open, slow, shut], today: §unknown-level§slwo}
  talks: {by: south, today: yes, lead_time: §not-a-number§1e3}
  walls: {by: north, lead_time: §not-a-number§010}
defines:
  hard: dam and
    §unknown-option§borders
  soft: "not (dam or §unknown-option§talk)"
  rule: >-
    not dam and
    talks and §unknown-option§wall
impossible:
  - {that: dam §bad-condition§| talks, why: never}
  - §impossible-today§{that: talks and not dam, why: never}
preferences:
  north:
    - {id: water, when: dam, worth: §reversed-range§60..20, from: [§unknown-source§press-9]}
    - §no-support§{id: trade, when: not dam, worth: 10}
    - {id: peace, when: talks, worth: 1, why: Trump against, §unknown-field§Bolton for}
    - {id: force, when: §tag§!talks, worth: 1, why: "no"}
  south:
    - {id: loss, when: dam, worth: -30, why: less water}
    - {id: calm, when: talks, worth: 5, why: a settled border}
states:
  built: [dam]
  §impossible-state§quiet: [talks]
  odd: {talks: §unknown-level§off}
orderings:
  south: {order: [built, §ordering-contradicted§quiet], why: a test}
beliefs:
  - §no-support§{who: north, that: talks, p: 0.5}
no_deal:
  - {to: §bad-state§"yes,no", chance: §not-a-number§1:30, why: a test}
questions:
  first: {asks: "Does it?", resolves: dam §bad-condition§talks}
  second: {asks: Does it§not-yaml§: stay, resolves: dam}
variants:
  dry: {set: {§unknown-path§preferences.south.los.worth: -60}, why: a dry year}
§unknown-section§varaints: {}
"""


def test_all_faults_in_one_run(marked):
    problems = marked(TOGETHER)
    assert len(problems) == 31
    assert all(a.line <= b.line for a, b in pairwise(problems))


def test_a_file_of_150_lines_is_checked_quickly(base):
    more = "".join(f"    - {{id: t{k}, when: dam and talks, worth: {k}, why: a test}}\n" for k in range(105))
    text = base.replace("states:\n", f"{more}states:\n").replace("dam and talks, worth: 7,", "damm, worth: 7,")
    check_text(text)
    start = time.perf_counter()
    check = check_text(text)
    assert time.perf_counter() - start < 2
    assert len(text.splitlines()) >= 150
    assert [problem.code for problem in check.errors] == ["unknown-option"]
