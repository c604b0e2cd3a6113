"""The surprises of YAML: none of them bites, or each is told in place."""

from __future__ import annotations

import pytest

from backchannel.spec.read import check_text


@pytest.mark.parametrize(("level", "index"), [("no", 0), ("false", 0), ("yes", 1), ("true", 1), ('"yes"', 1)])
def test_words_for_yes_and_no_are_levels(level, index, base):
    text = base.replace("talks: {by: south, today: yes}", f"talks: {{by: south, today: {level}}}")
    check = check_text(text)
    assert check.file is not None, check.problems
    assert check.file.crisis.options["talks"].today_index == index


@pytest.mark.parametrize(("word", "truth"), [("yes", True), ("true", True), ("no", False), ("False", False)])
def test_words_for_yes_and_no_are_truths(word, truth, base):
    check = check_text(base.replace("on: 2024-07-01, by: north.chief", "on: 2024-07-01, by: press"))
    assert check.file is not None
    text = base.replace("deals:", f"scale: {{transferable: {word}}}\ndeals:")
    check = check_text(text)
    assert check.file is not None, check.problems
    assert check.file.crisis.scale is not None
    assert check.file.crisis.scale.transferable is truth


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("today: yes", "today: §unknown-level§off"),
        ("today: yes", "today: §unknown-level§on"),
        ("hindsight: yes", "hindsight: §not-yes-or-no§off"),
        ("worth: 10,", "worth: §not-a-number§1:30,"),
        ("worth: 10,", "worth: §not-a-number§1e3,"),
        ("worth: 10,", "worth: §not-a-number§010,"),
        ("worth: 10,", "worth: §not-a-number§0x1f,"),
        ("worth: 10,", "worth: §not-a-number§1_000,"),
        ("worth: 10,", "worth: §not-a-number§.inf,"),
        ("worth: 10,", "worth: §not-a-number§yes,"),
        ("when: not hard", "when: §tag§!hard"),
        ("when: not hard", "when: §tag§!!bool yes"),
        ("why: trade goes on", "why: trade, §unknown-field§not war"),
        ("why: trade goes on", "why: trade§not-yaml§: war"),
        ("name: South", "name: §not-yaml§@South"),
        ("  south: {name: South}", "  south: {name: South}\n  §duplicate-key§north: {}"),
        ("  south: {name: South}", "  south: {name: South, §duplicate-key§name: Sud}"),
        ("deals:", "§not-a-key§[a, b]: 1\ndeals:"),
        ("  south: {name: South}", "§not-yaml§\tsouth: {name: South}"),
        ("title: A river", "title: A river\n§unknown-section§<<: {}"),
    ],
)
def test_trap_is_told_in_place(old, new, planted):
    planted((old, new))


def test_question_mark_in_braces_is_text_or_a_fault_in_its_place(base):
    text = base + "questions:\n  out: {asks: Does it stay?, resolves: talks}\n"
    check = check_text(text)
    if check.file is None:  # without libyaml the parser is stricter
        assert [(p.code, p.line) for p in check.errors] == [("not-yaml", 47)]
        assert "quotes" in check.errors[0].fix
    else:
        assert check.file.crisis.questions["out"].asks == "Does it stay?"


def test_dates_and_figures_stay_text(base):
    check = check_text(base.replace("name: South", "name: 2024-01-01").replace("name: North", "name: 007"))
    assert check.file is not None
    assert check.file.crisis.actors["south"].name == "2024-01-01"
    assert check.file.crisis.actors["north"].name == "007"


@pytest.mark.parametrize("date", ["2024-6-1", "20240601", "2024-W01-1", "2024-02-30", "1.6.2024", "[2024]"])
def test_bad_dates(date, marked, base):
    text = base.replace("as_of: 2024-06-01", f"as_of: §not-a-date§{date}").replace("2024-07-01", "2023-07-01")
    problems = marked(text.replace(", hindsight: yes", ""))
    assert "2019-05-05" in problems[0].fix


def test_empty_value_is_nothing(planted):
    planted(("  south: {name: South}", "  south:§wrong-shape§"))
    problems = planted(("issue: water, does", "issue: water, §duplicate-key§by: , does"))
    assert len(problems) == 1


def test_sections_of_ones_own_are_free(base):
    check = check_text(base + "x-notes: {anything: [1, {from: [nobody]}], when: ((}\n".replace("((", "a"))
    assert check.file is not None, check.problems
