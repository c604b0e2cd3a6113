"""Faults in who told whom what: where they stand, what they say, how to mend them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from backchannel.errors import Problem
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import check_text

Spoil = Callable[[dict[str, Any]], None]


def faults(spoil: Spoil) -> list[Problem]:
    data = copy.deepcopy(open_crisis("venezuela-2019").data)
    spoil(data)
    return list(check_text(yaml.safe_dump(data, sort_keys=False), "crisis").problems)


CASES: list[tuple[Spoil, str, str, str]] = [
    (lambda d: d["beliefs"][0].update(p="1.4"), "out-of-range", "beliefs.1.p", '"1.4" is not between 0 and 1'),
    (
        lambda d: d["signals"]["two_planes"].update(if_false="0.60"),
        "cannot-separate",
        "signals.two_planes.if_false",
        "the signal tells nothing: its chance is 0.60 whether the statement is true or false; make if_true",
    ),
    (
        lambda d: d["contested"]["tarmac"]["reports"][0].update(if_false="0.8"),
        "cannot-separate",
        "contested.tarmac.reports.1.if_false",
        "the report tells nothing: its chance is 0.8",
    ),
    (
        lambda d: d["channels"]["rome"].update(who=[]),
        "too-short",
        "channels.rome.who",
        '"who" has 0 entries; it needs at least 1',
    ),
    (
        lambda d: d["signals"]["two_planes"].update(by="ukraine"),
        "cannot-send",
        "signals.two_planes.by",
        "ukraine cannot signal this: only russia knows whether ru_resolute is true; name russia as the sender",
    ),
    (
        lambda d: d["signals"]["two_planes"].update(by="moscow"),
        "unknown-actor",
        "signals.two_planes.by",
        'unknown actor "moscow"',
    ),
    (
        lambda d: d["signals"]["two_planes"].update(that="intervene"),
        "cannot-send",
        "signals.two_planes.by",
        "only us knows whether intervene is true",
    ),
    (
        lambda d: d["signals"]["two_planes"].update(to=["russia"]),
        "signal-to-itself",
        "signals.two_planes.to",
        "russia sends this signal to itself; name who is to be convinced",
    ),
    (
        lambda d: d["signals"]["offer_linkage"]["also"][0].update(if_false="0.35"),
        "cannot-separate",
        "signals.offer_linkage.also.1.if_false",
        "the signal tells nothing: its chance is 0.35 whether the statement is true or false",
    ),
    (
        lambda d: d["signals"]["offer_linkage"]["also"][0].update(that="ru_resolute"),
        "cannot-send",
        "signals.offer_linkage.also.1.that",
        "us cannot signal this: only russia knows whether ru_resolute is true",
    ),
    (
        lambda d: d["signals"]["offer_linkage"]["also"][0].update(that="us_bargain"),
        "unknown-proposition",
        "signals.offer_linkage.also.1.that",
        'unknown proposition "us_bargain"; did you mean "us_bargains"?',
    ),
    (
        lambda d: d["signals"]["offer_linkage"]["also"][0].update(that="us_bargains"),
        "bears-twice",
        "signals.offer_linkage.also.1.that",
        "offer_linkage bears on us_bargains twice",
    ),
    (
        lambda d: d["signals"]["two_planes"].update(cost={"if_true": "3"}),
        "unclear-cost",
        "signals.two_planes.cost",
        "it cannot be told what two_planes costs each type; write if_true and if_false, or in their place sunk",
    ),
    (
        lambda d: d["signals"]["two_planes"]["cost"].update(sunk={"if_true": "1", "if_false": "2"}),
        "unclear-cost",
        "signals.two_planes.cost",
        "it cannot be told what two_planes costs each type",
    ),
    (
        lambda d: d["propositions"]["us_invested"].pop("dial"),
        "types-without-dial",
        "propositions.us_invested",
        "us_invested says where a dial stands and names none; add dial",
    ),
    (
        lambda d: d["propositions"]["us_invested"].update(if_false="0"),
        "cannot-separate",
        "propositions.us_invested.dial",
        "the dial us_indifference stands at 0 whether us_invested is true or false",
    ),
    (
        lambda d: d["propositions"]["us_invested"].update(dial="us_indiference"),
        "unknown-dial",
        "propositions.us_invested.dial",
        'did you mean "us_indifference"?',
    ),
    (
        lambda d: d["red_lines"]["maduro_goes"].update(cost="preferences.us.fase.worth"),
        "not-an-input",
        "red_lines.maduro_goes.cost",
        'did you mean "preferences.us.face.worth"?',
    ),
    (
        lambda d: d["red_lines"]["maduro_goes"].update(backs_down="us_gives_up"),
        "unknown-state",
        "red_lines.maduro_goes.backs_down",
        'unknown state "us_gives_up"',
    ),
    (
        lambda d: d["red_lines"]["maduro_goes"].update(by="usa"),
        "unknown-actor",
        "red_lines.maduro_goes.by",
        'unknown actor "usa"',
    ),
    (
        lambda d: d["events"][0].update(was={"preferences.us.wim.worth": "3"}),
        "unknown-path",
        "events.1.was.preferences.us.wim.worth",
        'leads nowhere at "wim"',
    ),
    (lambda d: d["beliefs"][0].update(p="1.40"), "out-of-range", "beliefs.1.p", "write a number from 0 to 1"),
    (lambda d: d["beliefs"][0].update(p="40"), "out-of-range", "beliefs.1.p", "write 0.4"),
    (
        lambda d: d["beliefs"][0].update(on="2019-05-06"),
        "moved-after-as-of",
        "beliefs.1.on",
        "dated 2019-05-06, after as_of 2019-05-05; move as_of on, or drop it: what the day could not know",
    ),
    (
        lambda d: d["signals"]["two_planes"].update(on="2019-06-01"),
        "moved-after-as-of",
        "signals.two_planes.on",
        "dated 2019-06-01, after as_of",
    ),
    (
        lambda d: d["channels"]["rome"].update(who=["us", "us.abrams"]),
        "talks-to-itself",
        "channels.rome.who",
        "rome holds nobody but us: talks take two; add whom it talks to",
    ),
    (
        lambda d: d["channels"]["rome"].update(voices={"us": {"president": "0", "establishment": "0"}}),
        "no-voice",
        "channels.rome.voices.us",
        "nobody has a say for us in rome: every voice is 0; give somebody a voice above 0",
    ),
    (
        lambda d: d["beliefs"][0].update(who="moscow"),
        "unknown-actor",
        "beliefs.1.who",
        'unknown actor "moscow"',
    ),
]


@pytest.mark.parametrize(("spoil", "code", "path", "words"), CASES, ids=[f"{k}-{c[1]}" for k, c in enumerate(CASES)])
def test_fault(spoil: Spoil, code: str, path: str, words: str) -> None:
    found = [problem for problem in faults(spoil) if problem.code == code and problem.path == path]
    assert found, [(p.code, p.path, str(p)) for p in faults(spoil)]
    assert words in str(found[0])
    assert found[0].severity == "error"
    assert found[0].line > 0


def test_ranges_that_differ_do_tell_something() -> None:
    def widen(data: dict[str, Any]) -> None:
        data["signals"]["two_planes"].update(if_true="0.6 in 0.5..0.7", if_false="0.6 in 0.1..0.65")

    assert not [problem for problem in faults(widen) if problem.severity == "error"]


def test_a_person_and_the_analyst_may_believe() -> None:
    def add(data: dict[str, Any]) -> None:
        data["beliefs"] += [
            {"who": "us.president", "that": "ru_resolute", "p": "0.2", "on": "2019-03-01", "why": "w"},
            {"who": "analyst", "that": "intervene", "p": "0.1", "on": "2019-03-01", "why": "w"},
        ]

    assert faults(add) == []


def test_a_defined_name_is_known_to_whoever_brings_it_about() -> None:
    def by(sender: str) -> Spoil:
        return lambda d: d["signals"]["two_planes"].update(by=sender, that="transition", to=["russia"])

    assert not faults(by("maduro"))
    [problem] = faults(by("ukraine"))
    assert "only maduro or officers or us knows whether transition is true" in str(problem)
