"""Texts with their faults marked: ``§code§`` stands where a fault of that code must be reported."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from backchannel.errors import Problem
from backchannel.spec.read import Check, check_text

settings.register_profile("spec", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("spec")

MARK = re.compile("§([a-z-]+)§")
JARGON = re.compile(r"Input should|validat|pydantic|dictionary|tuple|\bstr\b|instance of|NoneType|Traceback", re.I)

BASE = """\
crisis: 1
title: A river
as_of: 2024-06-01
horizon: 2024-12-31
sources:
  press-1: {on: 2024-05-01, by: press, grade: B2, claim: A dam is planned}
  late-1: {on: 2024-07-01, by: north.chief, grade: C3, claim: Said later, hindsight: yes}
issues:
  water: Who gets the water
actors:
  north: {name: North, people: {chief: {share: 0.4, scale: {water: 2}}, army: {share: 0.6}}}
  south: {name: South}
options:
  dam: {by: north, issue: water, does: Build a dam, final: yes}
  border: {by: south, levels: [open, slow, shut], today: slow}
  talks: {by: south, today: yes}
defines:
  hard: dam or border = shut
impossible:
  - {that: border = shut and talks, why: nobody does both}
preferences:
  north:
    - {id: water, when: dam, worth: 40 in 20..60, from: [press-1]}
    - {id: trade, when: not hard, worth: 10, why: trade goes on}
  south:
    - {id: loss, when: dam, worth: -30, why: less water}
    - {id: calm, when: talks, worth: 5 to 9, why: a settled border}
states:
  built: [dam, border = slow]
  closed: {border: shut}
  quiet: [talks]
orderings:
  south: {order: [quiet, built], from: press-1}
no_deal:
  - {to: built, chance: {default: likely, south: 0.4 in 0.2..0.5}, why: it has begun}
deals:
  swap: {parties: [north, south], terms: [not dam, border = open], why: an example}
trust: {north > south: 0.3, south > north: 0.2}
hostages: {trade: {north: 5, south: 1 < 2 < 4, why: both live on it}}
variants:
  dry: {set: {preferences.south.loss.worth: -60}, why: a dry year}
frames:
  south: {without: [talks], set: {preferences.north.water.worth: 80}, why: it fears the dam}
dials:
  rain: {at: 0.5, to: {preferences.south.loss.worth: -5}, why: a wet year}
"""

Marked = Callable[..., tuple[Problem, ...]]


def without_marks(text: str) -> tuple[str, set[tuple[str, int, int]]]:
    """Return a marked text without its marks, and what must be found: code, line and column."""
    expected = set()
    plain = ""
    last = 0
    for mark in MARK.finditer(text):
        plain += text[last : mark.start()]
        last = mark.end()
        line = plain.count("\n") + 1
        expected.add((mark[1], line, len(plain) - plain.rfind("\n")))
    return plain + text[last:], expected


@pytest.fixture(scope="session")
def base() -> str:
    """Return a small file with no fault and no warning."""
    return BASE


@pytest.fixture(scope="session")
def marked() -> Marked:
    """Return the check that a marked text has exactly the marked errors, each with message and repair."""

    def check(text: str, severity: str = "error") -> tuple[Problem, ...]:
        plain, expected = without_marks(text)
        problems = tuple(p for p in check_text(plain, "file.yaml").problems if p.severity == severity)
        found = {(problem.code, problem.line, problem.column) for problem in problems}
        assert found == expected, "\n".join(map(str, problems))
        for problem in problems:
            assert str(problem).startswith(f"file.yaml:{problem.line}:{problem.column}: ")
            assert problem.fix, problem
            assert not JARGON.search(f"{problem.message} {problem.fix}"), problem
        return problems

    return check


@pytest.fixture(scope="session")
def planted(base: str, marked: Marked) -> Marked:
    """Return the check of the base file with some of its text replaced by marked text."""

    def check(*changes: tuple[str, str], severity: str = "error") -> tuple[Problem, ...]:
        text = base
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the base file"
            text = text.replace(old, new)
        return marked(text, severity)

    return check


@pytest.fixture(scope="session")
def checked() -> Callable[[str], Check]:
    """Return the plain check."""
    return lambda text: check_text(text, "file.yaml")
