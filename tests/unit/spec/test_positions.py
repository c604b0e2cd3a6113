"""A fault inside a condition is found at its own line and column, however the text is written."""

from __future__ import annotations

import pytest

STYLES = {
    "plain": "when: dam and §unknown-option§dm, worth",
    "single quotes": "when: 'dam and §unknown-option§dm', worth",
    "double quotes": 'when: "dam and §unknown-option§dm", worth',
    "escapes before it": 'when: "\\x64am \\x61nd \\\n        §unknown-option§dm", worth',
    "plain over lines": "when: dam\n        and\n\n        §unknown-option§dm, worth",
    "single quotes over lines": "when: 'dam\n        and §unknown-option§dm', worth",
    "double quotes over lines": 'when: "dam and\n\n\n      §unknown-option§dm", worth',
    "tabs between": "when: dam\tand\t §unknown-option§dm, worth",
    "grammar, plain": "when: dam and §bad-condition§or talks, worth",
    "grammar, quoted over lines": "when: 'dam and\n        §bad-condition§& talks', worth",
    "at the end": "when: (dam and talk§bad-condition§s, worth",
    "two at once": "when: §unknown-option§dm and §unknown-option§tlks, worth",
    "level": "when: dam and border = §unknown-level§shot, worth",
    "comparison with a defined name": "when: talks and §unknown-option§hard = yes, worth",
}
BLOCKS = {
    "literal": "when: |\n        dam and\n        talks and §unknown-option§dm\n      worth: 1\n",
    "folded": "when: >\n        dam and\n        talks and §unknown-option§dm\n      worth: 1\n",
    "folded, kept": "when: >2+  # why\n          dam and\n\n         talks and §unknown-option§dm\n      worth: 1\n",
    "block plain": "when: dam and\n        talks and §unknown-option§dm\n      worth: 1\n",
    "block quoted": "when: 'dam and\n        talks and §unknown-option§dm'\n      worth: 1\n",
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_flow_styles(style, line_end, base, marked):
    text = base.replace("when: not hard, worth", STYLES[style])
    assert text != base
    marked(text.replace("\n", line_end))


@pytest.mark.parametrize("style", BLOCKS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_block_styles(style, line_end, base, marked):
    old = "    - {id: calm, when: talks, worth: 5 to 9, why: a settled border}\n"
    text = base.replace(old, f"    - id: calm\n      {BLOCKS[style]}      why: a test\n")
    text = text.replace("orderings:\n  south: {order: [quiet, built], from: press-1}\n", "")
    assert "id: calm\n" in text
    marked(text.replace("\n", line_end))


@pytest.mark.parametrize("prefix", ["", "# ä 漢 😀\n", "# x\r\n\r\n"])
def test_what_stands_before_does_not_move_a_position(prefix, base, marked):
    problems = marked(prefix + base.replace("name: North", "name: Nörd 漢😀, §unknown-field§nick: x"))
    assert problems[0].line == 11 + prefix.count("\n")


def test_a_byte_order_mark_is_passed_over(base, checked):
    check = checked("\ufeff" + base)
    assert check.file is not None
    assert check.file.text == base
    assert checked("\ufeff" + base.replace("crisis: 1", "crisis: 2")).errors[0].column == 9
