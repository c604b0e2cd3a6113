"""Links between what the briefing says and the sources it rests on, both ways."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from backchannel.faces.report.sections import Basis, Count, Evidence, Link, SourceLine
from backchannel.render.anchors import anchor, term_anchors
from backchannel.render.words import actor_name, date_in_words, grade_in_words, spaced, speaker
from backchannel.spec.crisis import Crisis
from backchannel.spec.fields import Sourced
from backchannel.spec.inputs import Input
from backchannel.spec.structure import Source

SHOWN = (
    "actors",
    "options",
    "impossible",
    "preferences",
    "orderings",
    "events",
    "assumptions",
    "questions",
    "variants",
)
"""Sections whose entries the briefing prints; the rest of the file is counted as standing elsewhere."""


def basis(item: Sourced) -> Basis:
    """Return what supports an entry of the file."""
    links = tuple(Link(name, anchor("sources", name)) for name in item.from_)
    return Basis(links, item.why or "")


def evidence(crisis: Crisis, numbers: tuple[Input, ...]) -> Evidence:
    """Count what names a source and what is judgement."""
    worths = [item for item in numbers if item.path.startswith("preferences.")]
    orders = [item for item in crisis.preferences.values() if not isinstance(item, tuple)]
    counted = [item for item in crisis.sources.values() if not item.hindsight]
    days = sorted(item.on for item in counted)
    grades = Counter(item.grade or "" for item in counted)
    return Evidence(
        worths=_count([item.is_judgement for item in worths]),
        orders=_count([not item.from_ for item in orders]),
        file=_count([item.is_judgement for item in numbers]),
        sources=len(counted),
        hindsight=len(crisis.sources) - len(counted),
        grades=tuple(
            (grade or "ungraded", grade_in_words(grade), grades[grade]) for grade in sorted(grades, key=_best_first)
        ),
        earliest=date_in_words(days[0]) if days else "",
        latest=date_in_words(days[-1]) if days else "",
    )


def _best_first(grade: str) -> str:
    return grade or "Z"


def _count(judgements: list[bool]) -> Count:
    judged = sum(judgements)
    return Count(len(judgements) - judged, judged)


def source_lines(crisis: Crisis) -> tuple[SourceLine, ...]:
    """Return every source in file order with what rests on it."""
    carried: dict[str, list[Link]] = defaultdict(list)
    for link, item in _shown(crisis):
        for name in item.from_:
            carried[name].append(link)
    elsewhere = Counter(name for item in _elsewhere(crisis) for name in item.from_)
    return tuple(
        _line(crisis, name, source, tuple(carried[name]), elsewhere[name]) for name, source in crisis.sources.items()
    )


def _line(crisis: Crisis, name: str, source: Source, carries: tuple[Link, ...], elsewhere: int) -> SourceLine:
    return SourceLine(
        anchor=anchor("sources", name),
        id=name,
        on=date_in_words(source.on),
        iso=source.on.isoformat(),
        by=speaker(crisis, source.by),
        grade=source.grade or "",
        grade_words=grade_in_words(source.grade),
        claim=source.claim,
        quote=source.quote or "",
        lang=source.lang or "",
        translation=source.translation or "",
        url=source.url or "",
        archived=source.archived or "",
        hindsight=source.hindsight,
        carries=carries,
        elsewhere=elsewhere,
    )


def _shown(crisis: Crisis) -> Iterator[tuple[Link, Sourced]]:
    """Yield every entry the briefing prints with the link to it, in the order of the page."""
    for actor, about in crisis.actors.items():
        yield Link(actor_name(crisis, actor), anchor("actors", actor)), about
    for option, choice in crisis.options.items():
        yield Link(choice.does or spaced(option), anchor("options", option)), choice
    for place, rule in enumerate(crisis.impossible, start=1):
        yield Link(f"rule {place}", anchor("impossible", place)), rule
    for place, event in enumerate(crisis.events, start=1):
        yield Link(event.what, anchor("events", place)), event
    yield from _preferences(crisis)
    for section in ("assumptions", "questions", "variants"):
        for name, item in getattr(crisis, section).items():
            yield Link(f"{section.removesuffix('s')}: {spaced(name)}", anchor(section, name)), item


def _preferences(crisis: Crisis) -> Iterator[tuple[Link, Sourced]]:
    for actor, preference in crisis.preferences.items():
        name = actor_name(crisis, actor)
        if isinstance(preference, tuple):
            for place, (term, to) in enumerate(zip(preference, term_anchors(crisis, actor), strict=True), start=1):
                yield Link(f"{name}: {spaced(term.id or f'term {place}')}", to), term
        else:
            yield Link(f"{name}: what it wants", anchor("preferences", actor)), preference
    for actor, ordering in crisis.orderings.items():
        yield Link(f"{actor_name(crisis, actor)}: order", anchor("orderings", actor)), ordering


def _elsewhere(crisis: Crisis) -> Iterator[Sourced]:
    for section in type(crisis).model_fields:
        if section not in SHOWN:
            yield from _sourced(getattr(crisis, section))


def _sourced(value: Any) -> Iterator[Sourced]:
    if isinstance(value, Sourced):
        yield value
    if isinstance(value, BaseModel):
        value = {**dict(value), **(value.__pydantic_extra__ or {})}
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for below in value:
            yield from _sourced(below)
