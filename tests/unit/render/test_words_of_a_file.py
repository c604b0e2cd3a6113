"""Conditions, grades, dates, speakers and ranges in words."""

from __future__ import annotations

import datetime

import pytest

from backchannel.render.anchors import anchor, term_anchors
from backchannel.render.conditions import condition_in_words
from backchannel.render.words import (
    date_in_words,
    grade_in_words,
    probability_in_words,
    range_in_words,
    readable,
    speaker,
)
from backchannel.spec.condition import parse_condition
from backchannel.spec.number import parse_number
from backchannel.spec.read import read_crisis_text

CRISIS = read_crisis_text(
    """
crisis: 1
title: t
actors:
  us: {name: United States, people: {hill: {name: Fiona Hill}, the_envoy: {}}}
  far_away: {}
options:
  go: {by: us, does: Go in}
  stay: {by: us}
  aid: {by: far_away, does: Send aid, levels: [none, some, much]}
defines: {new_rule: go or stay}
preferences:
  us: [{id: win, when: go, worth: 1, why: w}, {when: stay, worth: 2, why: w}, {id: win2, when: aid, worth: 3, why: w}]
  far_away: {order: [aid], why: w}
"""
).crisis


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("go", "“Go in”"),
        ("not stay", "not stay"),
        ("go and stay and aid", "“Go in”, stay and “Send aid”"),
        ("go and not (stay or aid)", "“Go in” and not (stay or “Send aid”)"),
        ("go or stay and aid", "“Go in” or (stay and “Send aid”)"),
        ("new_rule", "new rule"),
        ("go = no", "not “Go in”"),
        ("aid >= some", "“Send aid” is at some or above"),
        ("aid < much", "“Send aid” is below much"),
        ("go -> stay", "if “Go in”, then stay"),
        ("go iff stay or aid", "“Go in” exactly when stay or “Send aid”"),
        ("not (go -> stay)", "not (if “Go in”, then stay)"),
        ("yes", "always"),
    ],
)
def test_condition(text: str, words: str) -> None:
    assert condition_in_words(CRISIS, parse_condition(text)) == words


@pytest.mark.parametrize(
    ("grade", "words"),
    [
        ("A1", "source completely reliable; information confirmed"),
        ("F6", "source reliability cannot be judged; information truth cannot be judged"),
        (None, "not graded"),
    ],
)
def test_grade(grade: str | None, words: str) -> None:
    assert grade_in_words(grade) == words


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("us", "United States"),
        ("us.hill", "Fiona Hill, United States"),
        ("us.the_envoy", "The envoy, United States"),
        ("far_away", "far away"),
        ("press", "press"),
    ],
)
def test_speaker(by: str, words: str) -> None:
    assert speaker(CRISIS, by) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5", ""),
        ("60 in 40..80", "40 to 80, hard bounds"),
        ("-20..-10", "−20 to −10, hard bounds"),
        ("40 to 80", "40 to 80, 90 % interval"),
        ("1 < 2 < 5", "1 to 5, triangular"),
    ],
)
def test_range(text: str, words: str) -> None:
    assert range_in_words(parse_number(text)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("likely", "likely (0.55 to 0.8)"), ("0.4", "0.4"), ("0.4 in 0.2..0.5", "0.4 (0.2 to 0.5, hard bounds)")],
)
def test_probability(text: str, words: str) -> None:
    assert probability_in_words(parse_number(text, "probability")) == words


def test_date() -> None:
    assert date_in_words(datetime.date(2019, 5, 5)) == "5 May 2019"


def test_ids_in_sentences_are_spaced_and_nothing_else() -> None:
    text = "From status_quo, status_quo_ante and x_y: _status_quo_ stays"
    names = ("status_quo", "status_quo_ante", "plain")
    assert readable(text, names) == "From status quo, status quo ante and x_y: _status_quo_ stays"
    assert readable("a_b", ()) == "a_b"


def test_anchors_are_paths_of_the_file_and_distinct() -> None:
    assert anchor("sources", "C1") == "sources.C1"
    assert anchor("trust", "a > b") == "trust.a~~~b"
    assert term_anchors(CRISIS, "us") == ("preferences.us.win", "preferences.us.2", "preferences.us.win2")
    assert term_anchors(CRISIS, "far_away") == ()
