"""Texts that are no crisis file at all: an answer at once, in words, whatever the text."""

from __future__ import annotations

import random

import pytest

from backchannel.errors import CrisisFileError, UnreadableFileError
from backchannel.spec.positions import MAXIMUM_PROBLEMS
from backchannel.spec.read import check_text, read_crisis_text, read_text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-a-crisis"),
        ("\n\n", "not-a-crisis"),
        ("# nothing but\n# comments\n", "not-a-crisis"),
        ("- a\n- b\n", "not-a-crisis"),
        ("just words", "not-a-crisis"),
        ("~", "not-a-crisis"),
        ("crisis: 1\0", "bad-character"),
        ("crisis: \ud800", "bad-character"),
        ("crisis: \x07", "bad-character"),
        ('"', "not-yaml"),
        ("{", "not-yaml"),
        ("a: 1\n" * 2 + "x" * 9_000_000, "too-large"),
        ("a: " + "[" * 200_000, "too-deep"),
        ("a: " + "{a: " * 200_000, "too-deep"),
        ("- " * 200_000, "too-deep"),
        ("? " * 200_000, "too-deep"),
        ("a:\n" + "".join(f"{' ' * k}- \n" for k in range(1, 2000)), "too-deep"),
        (
            "a: &a [x]\n"
            + "".join(f"k{k}: &k{k} [{', '.join([f'*k{k - 1}' if k else '*a'] * 9)}]\n" for k in range(12)),
            "alias-bomb",
        ),
        (
            "a: &k0 [[[[[[[[[[x]]]]]]]]]]\n" + "".join(f"b{k}: &k{k + 1} [[[[[*k{k}]]]]]\n" for k in range(60)),
            "too-deep",
        ),
    ],
)
def test_hopeless_text(text, code):
    check = check_text(text, "f.yaml")
    assert check.file is None
    assert [problem.code for problem in check.errors] == [code], check.errors
    assert check.errors[0].fix
    if code != "too-large":
        assert check.errors[0].line >= 1


def test_a_list_inside_itself(planted):
    problems = planted(("terms: [not dam, border = open]", "terms: &t [not dam, §circular-alias§*t]"))
    assert "stands inside itself" in problems[0].message


def test_an_alias_of_nothing(planted):
    planted(("terms: [not dam, border = open]", "terms: [not dam, §unknown-alias§*t]"))


def test_an_alias_that_is_sound_is_read(base):
    text = base.replace("terms: [not dam, border = open]", "terms: &t [not dam]").replace(
        "trust:", "  other: {parties: [north], terms: *t, why: a test}\ntrust:"
    )
    check = check_text(text)
    assert check.file is not None, check.problems
    assert check.file.crisis.deals["other"].terms == ("not dam",)


def test_two_documents(base, marked):
    marked(base + "§two-documents§---\ncrisis: 1\n")


def test_many_keys_and_many_faults_are_bounded(base):
    text = base + "".join(f"k{k}: 1\n" for k in range(20_000))
    check = check_text(text)
    assert len(check.problems) <= MAXIMUM_PROBLEMS + 1
    assert "too-many" in {problem.code for problem in check.errors}


@pytest.mark.parametrize(
    "condition",
    [
        "not\t" * 900 + "dam",
        "(" * 3000 + "dam" + ")" * 3000,
        "dam iff " * 450 + "dam",
        "dam -> " * 500 + "dam",
        "dam and " * 2000 + "dam",
        "not (dam or " * 300 + "dam" + ")" * 300,
    ],
)
def test_conditions_beyond_reason(condition, planted):
    planted(("when: not hard", f"when: §bad-condition§{condition}"))


def test_brackets_that_nest_nothing_are_no_harm(base):
    check = check_text(base.replace("when: not hard", "when: " + "(" * 1500 + "not hard" + ")" * 1500))
    assert check.file is not None, check.problems


def test_a_long_chain_of_defines(base):
    chain = "".join(f"  d{k}: not d{k + 1}\n" for k in range(3000)) + "  d3000: dam\n"
    check = check_text(base.replace("defines:\n", f"defines:\n{chain}"))
    assert {problem.code for problem in check.errors} == {"deep-define"}
    assert "builds on more than 8" in check.errors[0].message


def test_random_bytes_as_text():
    chance = random.Random(7)
    signs = "{}[]:,-?&*!|>'\"%@`#\n\t ab1é\u2028\x85\ufeff"
    for _ in range(300):
        text = "".join(chance.choices(signs, k=chance.randrange(1, 60)))
        check = check_text(text)
        assert check.file is None
        assert check.errors


def test_errors_are_raised_with_all_faults():
    with pytest.raises(CrisisFileError, match='the section "options" is missing') as caught:
        read_crisis_text("crisis: 1\n", "f.yaml")
    assert {problem.code for problem in caught.value.problems} == {"missing-section"}
    assert len(caught.value.problems) == 4


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(UnreadableFileError, match="no such file"):
        read_text(tmp_path / "none.yaml")
    with pytest.raises(UnreadableFileError, match="is a folder"):
        read_text(tmp_path)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: Málaga".encode("latin-1"))
    with pytest.raises(UnreadableFileError, match=r"not UTF-8 text \(byte 8\); save it as UTF-8"):
        read_text(latin)
    wide = tmp_path / "wide.yaml"
    wide.write_text("crisis: 1", encoding="utf-16")
    with pytest.raises(UnreadableFileError, match="not UTF-8 text"):
        read_text(wide)
    marked = tmp_path / "bom.yaml"
    marked.write_bytes(b"\xef\xbb\xbfcrisis: 1\r\n")
    assert read_text(marked) == "crisis: 1\r\n"
