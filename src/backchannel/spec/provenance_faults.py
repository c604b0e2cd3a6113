"""Dates, hindsight and support: what was knowable when, and who says each number. Checked on the raw tree."""

from __future__ import annotations

import datetime

from backchannel.spec.nodes import Node
from backchannel.spec.positions import Reporter
from backchannel.spec.references import citations, select, source_days

_ASKED = ("signals", "contested", "no_deal", "guarantees", "hostages", "dials", "pillars", "deals", "variants", "frames")


def check_provenance(report: Reporter) -> None:
    """Check dates against ``as_of`` and that every worth and belief names a source or a reason."""
    _dates(report)
    _support(report)


def _day(node: Node | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(node.text) if node is not None else None
    except ValueError:
        return None


def _truth(node: Node | None) -> bool:
    return node is not None and node.text.lower() in ("yes", "true")


def _dates(report: Reporter) -> None:
    root = report.root
    as_of, horizon = _day(root.get("as_of")), _day(root.get("horizon"))
    if as_of is None:
        return
    if horizon is not None and horizon < as_of:
        report.at(("horizon",), "reversed-dates", f"the horizon {horizon} lies before as_of {as_of}", "put it after as_of")
    hindsight = set()
    for name, day in source_days(root).items():
        source, _ = root.find(("sources", name))
        marked = _truth(source.get("hindsight"))
        if marked:
            hindsight.add(name)
        if day > as_of and not marked:
            fix = "add hindsight: yes, or correct the date"
            report.at(("sources", name, "on"), "source-after-as-of", f"{name} was published on {day}, after as_of {as_of}", fix)
        elif marked and day <= as_of:
            message = f"{name} is marked hindsight but was published on {day}, not after as_of {as_of}"
            report.at(("sources", name, "hindsight"), "not-hindsight", message, "remove the mark", severity="warning")
    for path, name in citations(root):
        if name in hindsight:
            message = f"{name} is hindsight and supports an input"
            report.at(path, "uses-hindsight", message, "results will say so; cite an earlier source if there is one", severity="warning")
    for section in ("beliefs", "signals", "events"):
        for path, text in select(root, f"{section}.*.on"):
            try:
                late = datetime.date.fromisoformat(text) > as_of
            except ValueError:
                continue
            if late:
                report.at(path, "after-as-of", f"dated {text}, after as_of {as_of}", "move as_of or drop it", severity="warning")


def _supported(node: Node) -> bool:
    why, cited = node.get("why"), node.get("from")
    has_reason = why is not None and not why.is_null
    has_source = cited is not None and (bool(cited.items) or (cited.kind == "scalar" and not cited.is_null))
    return has_reason or has_source


def _support(report: Reporter) -> None:
    preferences = report.root.get("preferences")
    fix = "add from: [source ids], or why: your reason"
    for name, preference in preferences.pairs if preferences is not None else []:
        for index, term in enumerate(preference.items):
            if term.kind == "mapping" and not _supported(term):
                label = term.get("id")
                what = f"the worth {label.text}" if label is not None else f"worth {index + 1}"
                report.at(("preferences", name.text, index), "no-support", f"{what} of {name.text} has neither from nor why", fix)
        if preference.kind == "mapping" and not _supported(preference):
            message = f"the preferences of {name.text} have neither from nor why"
            report.at(("preferences", name.text), "no-support", message, fix, on_key=True, severity="warning")
    beliefs = report.root.get("beliefs")
    for index, belief in enumerate(beliefs.items if beliefs is not None else []):
        if belief.kind == "mapping" and not _supported(belief):
            report.at(("beliefs", index), "no-support", "this belief has neither from nor why", fix)
    for section in _ASKED:
        node = report.root.get(section)
        members = [(key.text, value) for key, value in node.pairs] if node is not None else []
        members += list(enumerate(node.items)) if node is not None else []  # type: ignore[arg-type]
        for key, value in members:
            if value.kind == "mapping" and not _supported(value):
                what = f"{section} {key}" if isinstance(key, str) else f"{section} {key + 1}"
                report.at((section, key), "no-support", f"{what} has neither from nor why", fix, on_key=True, severity="warning")
