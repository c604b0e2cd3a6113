"""A first file from six answers passes check, whatever the answers."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.spec.identifiers import identifiers, quoted
from backchannel.spec.read import check_text
from backchannel.spec.scaffold import Answers, starter

ODD = [
    Answers(),
    Answers("", "", "", "", "", ""),
    Answers("  ", "soon", "\t", "\n", " ", " "),
    Answers(
        'A "quoted": title, {braced} # not a comment', "2024-02-30", "Ünïted – “States”", "Россия", "x: y, z", "- no"
    ),
    Answers("yes", "2024-01-31", "no", "null", "not", "and"),
    Answers("1", "2024-01-31", "1e3", "010", "1:30", "~"),
    Answers("t", "2024-01-31", "Same", "same", "Act", "act"),
    Answers("t", "2024-01-31", "default", "from", "talk", "Talk!"),
    Answers("t" * 500, "2024-01-31", "a" * 500, "a" * 501, "b" * 500, "b" * 500),
    Answers("\\ \\n \x07 \ud800", "2024-01-31", "'", '"', "{x}", "{0}"),
]


def sound(answers: Answers) -> str:
    text = starter(answers)
    check = check_text(text)
    assert check.problems == (), f"{check.problems}\n{text}"
    assert check.file is not None
    return text


@pytest.mark.parametrize("answers", ODD)
def test_odd_answers(answers):
    text = sound(answers)
    assert text.isascii() or not "".join(dataclasses.astuple(answers)).isascii()


@given(st.builds(Answers, *[st.text(max_size=30)] * 6))
def test_any_answers(answers):
    sound(answers)


def test_what_it_shows():
    text = sound(Answers())
    assert len(text.splitlines()) <= 60
    assert max(map(len, text.splitlines())) <= 120
    for shown in (
        "sources:",
        "worth:",
        "why:",
        " in 20..60",
        "today: yes",
        "impossible:",
        "states:",
        "from: [",
    ):
        assert shown in text
    file = check_text(text).file
    assert file is not None
    assert list(file.crisis.actors) == ["upstream", "downstream"]
    assert list(file.crisis.options) == ["build_the_dam", "close_the_border", "talk"]
    assert file.crisis.title == "Two neighbours and a river"


def test_six_questions():
    fields = dataclasses.fields(Answers)
    assert len(fields) == 6
    assert all(field.metadata["question"].endswith("?") for field in fields)


def test_answers_are_kept():
    file = check_text(sound(Answers("A: b", "2020-02-29", "Zürich", "Genève", "Build: a dam", 'Say "no"'))).file
    assert file is not None
    assert file.crisis.title == "A: b"
    assert str(file.crisis.as_of) == "2020-02-29"
    assert [actor.name for actor in file.crisis.actors.values()] == ["Zürich", "Genève"]
    assert list(file.crisis.actors) == ["zurich", "geneve"]
    assert [option.does for option in file.crisis.options.values()][:2] == ["Build: a dam", 'Say "no"']


def test_identifiers():
    assert identifiers(["São Paulo", "sao-paulo", "not", "", "7 days"], "actor") == [
        *("sao_paulo", "sao_paulo_2", "actor_not", "actor", "actor_7_days")
    ]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_quoted_text_reads_back(text):
    check = check_text(
        f"crisis: 1\ntitle: {quoted(text)}\nactors: {{a: {{}}}}\noptions: {{o: {{by: a}}}}\npreferences: {{a: []}}\n"
    )
    assert check.file is not None, check.problems
    assert check.file.crisis.title == text
