"""A study to a briefing: one HTML file that opens from disk, without network and without script."""

from __future__ import annotations

from backchannel.analyses.registry import ENTRIES
from backchannel.analyses.stability.findings import DRAWS, UNINFORMATIVE_COUNT, UNINFORMATIVE_RATIO
from backchannel.analyses.stability.why import CONCEPTS
from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.faces.report.answers import answers
from backchannel.faces.report.outcomes import outcomes
from backchannel.faces.report.sections import (
    Briefing,
    Change,
    Coverage,
    Definition,
    Header,
    Method,
    Outcomes,
    SourceLine,
)
from backchannel.faces.report.situation import situation
from backchannel.faces.report.support import evidence, source_lines
from backchannel.faces.report.wants import assumptions, questions, variants, wants
from backchannel.numerics.number_format import count, number
from backchannel.render.anchors import anchor
from backchannel.render.html import page_html
from backchannel.render.words import date_in_words, readable, spaced
from backchannel.study.study import Study

MAIN = ("stability", "reachability")
"""Analyses with sections of their own."""

UNUSED_IN_WORDS = {
    "no_deal": "what comes without agreement",
    "deals": "packages",
    "trust": "trust",
    "deliver": "who can deliver what",
    "hostages": "hostages",
    "guarantees": "guarantees",
    "propositions": "beliefs",
    "beliefs": "beliefs",
    "signals": "signals",
    "contested": "contested events",
    "red_lines": "red lines",
    "audience": "audience costs",
    "channels": "channels",
    "frames": "the game as each actor sees it",
    "pillars": "the pillars of the government",
    "stances": "positions and threats",
}
"""Sections of a file that nothing here uses, as a reader would call them."""

USED_BY = {
    "confrontation": ("stances", "trust"),
    "frames": ("frames",),
    "pillars": ("pillars", "beliefs", "trust", "deals"),
    "signals": ("propositions", "beliefs", "signals", "contested", "red_lines", "stances", "no_deal", "deals"),
    "channels": ("channels", "audience", "deals", "no_deal"),
    "deals": ("no_deal", "deals", "frames"),
    "linkage": ("no_deal", "deals"),
    "price": ("no_deal", "deals", "deliver"),
}
"""Sections of a file that further analyses read."""


def build_briefing(study: Study) -> str:
    """Return the briefing of a study as the text of one HTML file; the same study gives the same bytes.

    A file that an analysis cannot judge still gets its briefing: it says what is lacking.
    """
    content = briefing(study)
    crisis = study.file.crisis
    names = (*crisis.states, *crisis.options)

    titles = {item.id: item.title for item in content.method.definitions}

    def say(text: str) -> str:
        return readable(text, names)

    return page_html("briefing.html.j2", b=content, say=say, titles=titles)


def briefing(study: Study) -> Briefing:
    """Return everything the briefing says, as plain data."""
    crisis, model = study.file.crisis, study.model
    changes = tuple(Change(path, value) for path, value in study.file.patch)
    changed = frozenset(anchor(change.path.removesuffix(".worth")) for change in changes)
    found, refused = _outcomes(study)
    findings = study.run("stability").findings if found else ()
    sources = source_lines(crisis)
    further = answers(study, MAIN)
    asked = (*MAIN, *(item.name for item in further))
    return Briefing(
        header=_header(study, changes),
        judgement=findings[0] if findings else None,
        robust=tuple(item for item in findings[1:] if item.id == DRAWS.id),
        further=tuple(item for item in findings[1:] if item.id != DRAWS.id),
        evidence=evidence(crisis, model.inputs),
        situation=situation(crisis),
        outcomes=found,
        refused=refused,
        answers=further,
        wants=wants(model, changed),
        assumptions=assumptions(crisis),
        questions=questions(crisis),
        variants=variants(crisis),
        coverage=_coverage(study, asked),
        sources=_counted(sources, hindsight=False),
        hindsight=_counted(sources, hindsight=True),
        method=_method(),
        provenance=study.provenance,
    )


def _outcomes(study: Study) -> tuple[Outcomes | None, tuple[str, ...]]:
    if needs := study.needs("stability"):
        return None, tuple(str(need) for need in needs)
    try:
        return outcomes(study), ()
    except (NotSupportedError, TooLargeError) as error:
        return None, (str(error),)


def _header(study: Study, changes: tuple[Change, ...]) -> Header:
    crisis, identity = study.file.crisis, study.provenance
    about = crisis.variants.get(identity.variant)
    return Header(
        title=crisis.title,
        as_of=date_in_words(crisis.as_of) if crisis.as_of else "",
        horizon=date_in_words(crisis.horizon) if crisis.horizon else "",
        variant=identity.variant,
        variant_why=(about.why if about else None) or "",
        dials=tuple(f"{spaced(name)} at {number(position)}" for name, position in identity.dials),
        changes=changes,
    )


def _coverage(study: Study, asked: tuple[str, ...]) -> Coverage:
    crisis = study.file.crisis
    used = {section for name in asked for section in USED_BY.get(name, ())}
    unused = [words for name, words in UNUSED_IN_WORDS.items() if getattr(crisis, name) and name not in used]
    if crisis.dials and not study.provenance.dials:
        unused.append("dials, all at rest")
    return Coverage(
        asked=tuple(entry.question for entry in ENTRIES if entry.name in asked),
        not_run=tuple(entry.question for entry in ENTRIES if entry.name not in asked),
        unused=tuple(dict.fromkeys(unused)),
    )


def _counted(sources: tuple[SourceLine, ...], *, hindsight: bool) -> tuple[SourceLine, ...]:
    return tuple(source for source in sources if source.hindsight == hindsight)


def _method() -> Method:
    titles = {concept.id: "Nash" if concept.id == "nash" else concept.id.upper() for concept in CONCEPTS}
    return Method(
        definitions=tuple(
            Definition(item.id, titles[item.id], item.name, item.definition, item.foresight, item.source)
            for item in CONCEPTS
        ),
        uninformative=(
            f"more than half of all states, or at least {count(UNINFORMATIVE_COUNT, 'state')} "
            f"and at least {UNINFORMATIVE_RATIO} times as many as SEQ"
        ),
    )
