"""Files that list moves instead of options, and rankings."""

from __future__ import annotations

GRAPH = """\
crisis: 1
title: A graph
actors: {row: {}, column: {}}
options: {}
moves:
  - [row, start, left]
  - [row, left, start]
  - [column, left, end]
states: {start: Where it starts, left: One has moved, end: Both have}
preferences:
  row: {ranking: [end, [start, left]], why: a test}
  column: {ranking: [left, end, start], why: a test}
orderings:
  row: {order: [end, start], why: a test}
"""


def changed(*changes: tuple[str, str]) -> str:
    text = GRAPH
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_sound_graph(marked, checked):
    marked(GRAPH)
    assert checked(GRAPH).file.crisis.is_general_graph
    assert checked(changed(("options: {}\n", ""))).file is not None


def test_faults_of_a_graph(marked):
    marked(changed(("[column, left, end]", "[§unknown-actor§colum, left, §unknown-state§ende]")))
    marked(changed(("[row, start, left]", "§bad-move§[row, start]")))
    marked(changed(("[row, start, left]", "§bad-move§[row, start, start]")))
    marked(changed(("[row, start, left]", "§wrong-shape§row")))
    marked(changed(("ranking: [left, end, start]", "ranking: [left, end, §ranked-twice§left]")))
    marked(changed(("ranking: [left, end, start]", "ranking: [left, §unknown-state§ent, start]")))
    marked(
        changed(
            ("  column: {ranking: [left, end, start], why: a test}\n", ""),
            ("row: {}, column", "row: {}, §no-preferences§column"),
        )
    )
    marked(changed(("order: [end, start]", "order: [start, §ordering-contradicted§end]")))
    marked(
        changed(
            (
                "  column: {ranking: [left, end, start], why: a test}",
                "  §moves-need-ranking§column: [{when: yes, worth: 1, why: x}]",
            ),
        )
    )
    marked(changed(("options: {}", "options: {go: {by: row}}"), ("moves:", "§moves-and-options§moves:")))


def test_all_faults_of_a_graph_in_one_run(marked):
    marked(
        changed(
            ("[row, start, left]", "§bad-move§[row, start]"),
            ("[column, left, end]", "[§unknown-actor§colum, left, §unknown-state§ende]"),
            ("[row, left, start]", "§bad-move§[row, left, left]"),
            ("ranking: [left, end, start]", "ranking: [left, end, §ranked-twice§left]"),
            ("order: [end, start]", "order: [start, §ordering-contradicted§end]"),
        )
    )


PRISONERS = """\
crisis: 1
title: Prisoner's dilemma
actors: {row: {}, column: {}}
options:
  row_cooperates: {by: row}
  column_cooperates: {by: column}
preferences:
  row: {ranking: ["no,yes", "yes,yes", "no,no", "yes,no"], why: a test}
  column: {ranking: ["yes,no", ["yes,yes", "no,no"], "no,yes"], why: a test}
"""


def test_ranking_by_literals(marked, checked):
    marked(PRISONERS)
    text = PRISONERS.replace('"yes,yes", "no,no", "yes,no"]', '§bad-state§"yes", "no,no", §ranked-twice§"no, yes"]')
    marked(text.replace('"yes", "no,no"', '"yes,no,no", "no,no"'))
    ruled_out = PRISONERS + "impossible: [row_cooperates and not column_cooperates]\n"
    found = [(problem.code, problem.severity) for problem in checked(ruled_out).problems]
    assert found == [("impossible-state", "warning")] * 2


def test_a_single_option_and_its_levels(checked):
    text = (
        "crisis: 1\ntitle: x\nactors: {a: {}}\noptions: {go: {by: a}}\npreferences: {a: {ranking: [yes, no], why: x}}\n"
    )
    assert checked(text).file is not None
    assert [p.code for p in checked(text.replace("[yes, no]", "[yes, nay]")).errors] == ["unknown-state"]


def test_several_levels(checked, base):
    crisis = checked(base).file.crisis
    border = crisis.options["border"]
    assert [border.level_index(level) for level in ("open", "slow", "shut", "yes")] == [0, 1, 2, None]
    assert border.today_index == 1
    assert "final" in type(border).model_fields


def test_final_and_frozen_take_yes_no_and_conditions(checked, base):
    for written, text in (
        ("yes", "yes"),
        ("true", "true"),
        ("no", "no"),
        ("talks or border >= slow", "talks or border >= slow"),
    ):
        file = checked(base.replace("final: yes", f"final: {written}, frozen: {written}")).file
        assert file is not None
        assert file.crisis.options["dam"].final.text == text
        assert file.crisis.options["dam"].frozen.text == text
