"""Dates, hindsight and support: what was knowable when, and who says each number. Checked on the raw tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from backchannel.spec.fields import NO, YES, read_day
from backchannel.spec.name_places import citations, select, source_days
from backchannel.spec.nodes import Node
from backchannel.spec.positions import Reporter

_ASKED = (
    *("signals", "contested", "no_deal", "guarantees", "hostages", "dials", "pillars", "deals"),
    *("variants", "frames"),
)
_LATER = "move as_of on, or drop it: what the day could not know moves no belief, hindsight or not"
_FIX = "add from: [source ids], or why: your reason"


def check_provenance(report: Reporter) -> None:
    """Check dates against ``as_of`` and that every worth and belief names a source or a reason."""
    as_of, horizon = _day(report.root.get("as_of")), _day(report.root.get("horizon"))
    if as_of is not None:
        if horizon is not None and horizon < as_of:
            message = f"the horizon {horizon} lies before as_of {as_of}"
            report.at(("horizon",), "reversed-dates", message, "put it after as_of")
        _check_sources(as_of, report)
        _check_days(as_of, report)
    _check_worths(report)
    _check_beliefs(report)
    _check_asked(report)


def _day(node: Node | None) -> dt.date | None:
    return read_day(node.text) if node is not None else None


def _check_sources(as_of: dt.date, report: Reporter) -> None:
    hindsight = set()
    for name, day in source_days(report.root).items():
        mark = report.root.find(("sources", name))[0].get("hindsight")
        is_marked = mark is not None and mark.text.lower() in YES
        if is_marked:
            hindsight.add(name)
        elif mark is not None and mark.text.lower() not in NO:
            continue  # whether it is hindsight cannot be told
        if day > as_of and not is_marked:
            message = f"{name} was published on {day}, after as_of {as_of}"
            fix = "add hindsight: yes, or correct the date"
            report.at(("sources", name, "on"), "source-after-as-of", message, fix)
        elif is_marked and day <= as_of:
            message = f"{name} is marked hindsight but was published on {day}, not after as_of {as_of}"
            mark_at = ("sources", name, "hindsight")
            report.at(mark_at, "not-hindsight", message, "remove the mark", severity="warning")
    for path, name in citations(report.root):
        if name in hindsight:
            message = f"{name} is hindsight and supports an input"
            fix = "results will say so; cite an earlier source if there is one"
            report.at(path, "uses-hindsight", message, fix, severity="warning")


def _check_days(as_of: dt.date, report: Reporter) -> None:
    for section in ("beliefs", "signals", "events"):
        for path, text in select(report.root, f"{section}.*.on"):
            day = read_day(text)
            if day is not None and day > as_of:
                message = f"dated {text}, after as_of {as_of}"
                if section == "events":
                    report.at(path, "after-as-of", message, "move as_of or drop it", severity="warning")
                else:
                    report.at(path, "moved-after-as-of", message, _LATER)


def _is_supported(node: Node) -> bool:
    why, cited = node.get("why"), node.get("from")
    has_reason = why is not None and not why.is_null
    has_source = cited is not None and (bool(cited.items) or (cited.kind == "scalar" and not cited.is_null))
    return has_reason or has_source or node.faulty


def _check_worths(report: Reporter) -> None:
    for actor, preference in _members(report.root.get("preferences")):
        if isinstance(actor, int):
            continue
        if preference.kind == "mapping" and not _is_supported(preference):
            message = f"the preferences of {actor} have neither from nor why"
            report.at(("preferences", actor), "no-support", message, _FIX, on_key=True, severity="warning")
        for index, term in enumerate(preference.items):
            if term.kind == "mapping" and not _is_supported(term):
                label = term.get("id")
                what = f"the worth {label.text}" if label is not None else f"worth {index + 1}"
                message = f"{what} of {actor} has neither from nor why"
                report.at(("preferences", actor, index), "no-support", message, _FIX)


def _check_beliefs(report: Reporter) -> None:
    for key, belief in _members(report.root.get("beliefs")):
        if belief.kind == "mapping" and not _is_supported(belief):
            report.at(("beliefs", key), "no-support", "this belief has neither from nor why", _FIX)


def _check_asked(report: Reporter) -> None:
    for section in _ASKED:
        for key, value in _members(report.root.get(section)):
            if value.kind == "mapping" and not _is_supported(value):
                what = f"{section} {key}" if isinstance(key, str) else f"{section} {key + 1}"
                message = f"{what} has neither from nor why"
                report.at((section, key), "no-support", message, _FIX, on_key=True, severity="warning")


def _members(node: Node | None) -> Iterator[tuple[str | int, Node]]:
    """Yield the entries of a section, mapping or list."""
    if node is not None:
        yield from ((name.text, value) for name, value in node.entries())
        yield from enumerate(node.items)
