"""Things of a crisis file in a reader's words: ids, dates, speakers, grades, ranges of numbers."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from backchannel.numerics.number_format import number
from backchannel.spec.crisis import Crisis
from backchannel.spec.number import Number

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
CREDIBILITY = {
    "1": "confirmed",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "truth cannot be judged",
}
"""The two halves of an Admiralty grade, in the words of the scale (NATO AJP-2.1)."""


def grade_in_words(grade: str | None) -> str:
    """Write an Admiralty grade out: ``C3`` as "source fairly reliable; information possibly true"."""
    if not grade:
        return "not graded"
    return f"source {RELIABILITY[grade[0]]}; information {CREDIBILITY[grade[1]]}"


def date_in_words(day: datetime.date) -> str:
    """Write a date as ``5 May 2019``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def spaced(name: str) -> str:
    """Write an id for a reader, ``status_quo`` as ``status quo``."""
    return name.replace("_", " ")


def capitalised(text: str) -> str:
    """Return the text with its first letter in capitals and the rest as it stands."""
    return text[:1].upper() + text[1:]


def actor_name(crisis: Crisis, actor: str) -> str:
    """Return the name to print for an actor."""
    about = crisis.actors.get(actor)
    return (about.name if about else None) or spaced(actor)


def speaker(crisis: Crisis, by: str) -> str:
    """Say who spoke: an actor, an actor's person ("Pompeo, United States") or a plain word."""
    actor, _, person = by.partition(".")
    if actor not in crisis.actors:
        return spaced(by)
    if not person:
        return actor_name(crisis, actor)
    about = crisis.actors[actor].people.get(person)
    name = (about.name if about else None) or capitalised(spaced(person))
    return f"{name}, {actor_name(crisis, actor)}"


def speakers(crisis: Crisis, names: Iterable[str]) -> str:
    """Name several at once."""
    return "; ".join(speaker(crisis, name) for name in names)


def range_in_words(value: Number) -> str:
    """Say what an analyst gave beside the centre; nothing for an exact number."""
    if not value.is_uncertain:
        return ""
    ends = f"{number(value.low)} to {number(value.high)}"
    kind = {"uniform": "hard bounds", "interval": "90 % interval", "triangular": "triangular"}[value.kind]
    return f"{ends}, {kind}"


def probability_in_words(value: Number) -> str:
    """Write a probability of the file as given: a word with its band, or the number with its range."""
    if value.text[:1].isalpha():
        return f"{value.text} ({number(value.low)} to {number(value.high)})"
    ends = range_in_words(value)
    return f"{number(value.centre)} ({ends})" if ends else number(value.centre)


def readable(text: str, names: Iterable[str]) -> str:
    """Write the file's ids inside a sentence with spaces for underscores, and nothing else changed."""
    marked = sorted((name for name in names if "_" in name), key=len, reverse=True)
    if not marked:
        return text
    pattern = r"(?<!\w)(?:" + "|".join(re.escape(name) for name in marked) + r")(?!\w)"
    return re.sub(pattern, lambda found: spaced(found[0]), text)
