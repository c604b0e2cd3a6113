"""A first crisis file from six answers: small, commented, and accepted by ``check`` as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from backchannel.spec.fields import read_day
from backchannel.spec.identifiers import identifiers, quoted


def _asked(default: str, question: str) -> str:
    return field(default=default, metadata={"question": question})


@dataclass(frozen=True)
class Answers:
    """Six answers a crisis file can start from; each field carries its question."""

    title: str = _asked("Two neighbours and a river", "What is the crisis, in one line?")
    as_of: str = _asked("2024-06-01", "As of which day (year-month-day)?")
    first_actor: str = _asked("Upstream", "Who is the first actor?")
    second_actor: str = _asked("Downstream", "Who is the second actor?")
    first_can: str = _asked("Build the dam", "What can the first actor do?")
    second_can: str = _asked("Close the border", "What can the second actor do?")


def starter(answers: Answers) -> str:
    """Return the text of a crisis file that shows each of the main sections once.

    Ids are made of the answers. An answer without a letter gets a plain name, and a day that is none the
    example's.
    """
    first, second = identifiers([answers.first_actor, answers.second_actor], "actor")
    act, reply, talk = identifiers([answers.first_can, answers.second_can, "talk"], "option")
    day = answers.as_of.strip()
    return _TEMPLATE.format(
        title=_text(answers.title, "A crisis"),
        as_of=day if read_day(day) else Answers.as_of,
        first_name=_text(answers.first_actor, first),
        second_name=_text(answers.second_actor, second),
        first_can=_text(answers.first_can, act),
        second_can=_text(answers.second_can, reply),
        first=first,
        second=second,
        act=act,
        reply=reply,
        talk=talk,
    )


def _text(answer: str, default: str) -> str:
    return quoted(" ".join(answer.split()) or default)


_TEMPLATE = """\
# yaml-language-server: $schema=crisis.schema.json
# Everything below is an example around your six answers: change it, then run 'backchannel check' on it.
# Editors complete and explain fields once 'backchannel schema -o crisis.schema.json' has run beside it.
crisis: 1
title: {title}
as_of: {as_of}         # what was knowable on this day counts

sources:                  # what was said or reported, in your own words; grade: source A-F, information 1-6
  report: {{on: {as_of}, by: press, grade: C3, claim: "Replace this by what a source says"}}

actors:
  {first}: {{name: {first_name}}}
  {second}: {{name: {second_name}}}

options:                  # today: no unless said
  {act}: {{by: {first}, does: {first_can}, from: [report]}}
  {reply}: {{by: {second}, does: {second_can}, from: [report]}}
  {talk}: {{by: {second}, does: Offer talks, today: yes, why: an example}}

impossible:               # what cannot be in any state
  - {{that: {reply} and {talk}, why: nobody does both at once}}

# What each wants: worths that count while their condition holds, in points on the actor's own scale.
# A number may be a range: 60, 60 in 40..80 (centre and hard bounds), 40..80, 40 to 80 (90 %), 1 < 2 < 5.
# Every worth names a source (from) or your reason (why). Prose with a comma or a colon goes in quotes.
preferences:
  {first}:
    - {{id: gain, when: {act}, worth: 40 in 20..60, from: [report]}}
    - {{id: harm, when: {reply}, worth: -30, why: what the answer would cost}}
    - {{id: calm, when: {talk} and not {act}, worth: 20, why: a settled quarrel}}
  {second}:
    - {{id: loss, when: {act}, worth: -40, why: what is at stake}}
    - {{id: cost, when: {reply}, worth: -10 in -20..-5, why: it hurts both}}
    - {{id: even, when: {act} and {reply}, worth: 15, why: not to have given way}}

states:                   # names for outcomes: options at yes, the rest at no
  now: [{talk}]
  clash: [{act}, {reply}]
"""
