"""A crisis as it stood on an earlier day: what was said, sent, done or believed later is taken out again.

The analyst's reading (who wants what, which deals and channels there are) stays: only its sources are cut. So a replay
shows what the evidence of the day would have told an analyst with today's reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from backchannel.errors import CrisisFileError, Problem
from backchannel.spec.changes import to_data
from backchannel.spec.crisis import Crisis
from backchannel.spec.information import Contested, Event
from backchannel.spec.inputs import PatchError, apply_patch, locate
from backchannel.spec.nodes import Path
from backchannel.spec.read import CrisisFile


@dataclass(frozen=True)
class Replay:
    """A crisis as it stood.

    Parameters
    ----------
    crisis
        The crisis on that day.
    dropped
        How many members each section lost, by section; sections that lost none are left out.
    unsupported
        Paths of what cites nothing but later sources: the reading is there, its support is not yet.
    """

    crisis: Crisis
    dropped: tuple[tuple[str, int], ...]
    unsupported: tuple[str, ...]


def file_as_of(file: CrisisFile, day: dt.date) -> CrisisFile:
    """Return a crisis file as it stood on a day.

    Raises
    ------
    CrisisFileError
        If the file knows nothing of that day because its own ``as_of`` lies before it.
    """
    stated = file.crisis.as_of
    if stated is not None and day > stated:
        message = f"{day} lies after as_of {stated}, up to which this file was written"
        fix = f"write a day up to {stated}, or move as_of in the file and add what became known"
        raise CrisisFileError((Problem("as-of-later", message, fix, file.name),))
    crisis = replay(file.crisis, day).crisis
    return replace(file, crisis=crisis, data=to_data(crisis))


def replay(crisis: Crisis, day: dt.date) -> Replay:
    """Return a crisis as it stood at the end of a day.

    Sources, beliefs, signals and events dated later go, and with them every citation of them; what bears no day counts
    as of the file's own ``as_of``, but for a hypothetical signal, which stays. Reports on a contested event are as old
    as the first source they cite, and the event goes with the last of them. Options that a later event set stand where
    the last event before it put them, else at their lowest level. Values under a later event's ``was`` stand again.
    Outcomes of questions are not known yet.
    """
    known = frozenset(name for name, source in crisis.sources.items() if source.on <= day)
    late = tuple(event for event in crisis.events if event.on > day)
    restored = _restored(crisis, late)
    data = to_data(crisis) | {"as_of": day.isoformat()}
    if restored:
        data = apply_patch(data, restored)
    kept = _kept(crisis, data, known, day)
    unsupported = tuple(".".join(map(str, path)) for path in _cut_citations(kept, known))
    _drop_dead_paths(kept)
    dropped = {name: len(data[name]) - len(kept.get(name, ())) for name in _DATED if name in data}
    return Replay(
        Crisis.model_validate(kept), tuple((name, lost) for name, lost in dropped.items() if lost), unsupported
    )


def as_read(found: Replay) -> str:
    """Say on which day a replay stands, what it leaves out, and how much of the reading rests on later sources."""
    lost = [f"{lost} {_ONE[name] + ('' if lost == 1 else 's')}" for name, lost in found.dropped]
    left = f"{', '.join(lost)} left out as later" if lost else "nothing in the file is later"
    more = len(found.unsupported)
    verb = "reading rests" if more == 1 else "readings rest"
    bare = f"; {more} {verb} on later sources alone" if more else ""
    return f"As of {found.crisis.as_of}, as read today: {left}{bare}."


_ONE = {name: name.removesuffix("s") for name in ("sources", "beliefs", "signals", "events")} | {
    "contested": "contested event"
}
_DATED = ("sources", "beliefs", "signals", "contested", "events")


def _kept(crisis: Crisis, data: dict[str, Any], known: frozenset[str], day: dt.date) -> dict[str, Any]:
    """Return file data without the members dated after a day."""
    undated = crisis.as_of or day
    kept = dict(data)

    def members(name: str, days: Mapping[Any, dt.date | None]) -> None:
        if name not in data:
            return
        stays = {key for key, on in days.items() if (on or undated) <= day}
        if isinstance(data[name], list):
            kept[name] = [item for key, item in enumerate(data[name]) if key in stays]
        else:
            kept[name] = {key: item for key, item in data[name].items() if key in stays}

    members("sources", {name: source.on for name, source in crisis.sources.items()})
    members("beliefs", {key: belief.on for key, belief in enumerate(crisis.beliefs)})
    considered = {name: day for name, signal in crisis.signals.items() if signal.hypothetical}  # on no day: they stay
    members("signals", {name: signal.on or considered.get(name) for name, signal in crisis.signals.items()})
    members("events", {key: event.on for key, event in enumerate(crisis.events)})
    contested = {
        name: _reports_known(about, data["contested"][name], known) for name, about in crisis.contested.items()
    }
    if contested:
        kept["contested"] = {name: item for name, item in contested.items() if item is not None}
    if crisis.as_of is not None and day < crisis.as_of:
        kept["questions"] = {
            name: {key: value for key, value in about.items() if key != "outcome"}
            for name, about in data.get("questions", {}).items()
        }
    return {key: value for key, value in kept.items() if value or key not in ("contested", "questions")}


def _reports_known(about: Contested, item: dict[str, Any], known: frozenset[str]) -> dict[str, Any] | None:
    """Return a contested event with the reports made by then; None if nothing had been heard of it."""
    reports = [written for report, written in zip(about.reports, item.get("reports", ()), strict=True)
               if not report.from_ or known & set(report.from_)]  # fmt: skip
    cited = {*about.from_, *(source for report in about.reports for source in report.from_)}
    if cited and not (known & cited):
        return None
    return {**item, "reports": reports}


def _restored(crisis: Crisis, late: Iterable[Event]) -> dict[str, str]:
    """Return what stood before the later events, by path: values they name, and levels of the options they set."""
    late = sorted(late, key=lambda event: event.on, reverse=True)
    earlier = sorted((event for event in crisis.events if event not in late), key=lambda event: event.on)
    patch: dict[str, str] = {}
    for option in {name for event in late for name in event.sets}:
        levels = [event.sets[option] for event in earlier if option in event.sets]
        patch[f"options.{option}.today"] = levels[-1] if levels else crisis.options[option].levels[0]
    for event in late:
        patch |= event.was
    return dict(sorted(patch.items()))


def _cut_citations(data: dict[str, Any], known: frozenset[str]) -> list[Path]:
    """Take citations of later sources out of data, in place of a copy; return where nothing is cited any more."""
    bare: list[Path] = []

    def cut(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            new = {key: cut(below, (*path, key)) for key, below in value.items() if key != "from" or not path}
            if "from" in value and path:
                cited = [value["from"]] if isinstance(value["from"], str) else value["from"]
                new["from"] = [name for name in cited if name in known]
                if cited and not new["from"]:
                    bare.append(path)
            return new
        return [cut(below, (*path, place)) for place, below in enumerate(value)] if isinstance(value, list) else value

    for key in list(data):
        data[key] = cut(data[key], (key,)) if key != "sources" else data[key]
    return bare


def _drop_dead_paths(data: dict[str, Any]) -> None:
    """Take values out of variants, frames, dials and red lines whose paths lead to something that is gone."""
    for section, field in (("variants", "set"), ("frames", "set"), ("dials", "to")):
        members = {}
        for name, about in data.get(section, {}).items():
            values = {path: value for path, value in about.get(field, {}).items() if _leads(data, path)}
            if values or field not in about or section == "frames":
                members[name] = {**about, field: values} if field in about else about
        if section in data:
            data[section] = members


def _leads(data: dict[str, Any], path: str) -> bool:
    try:
        locate(data, path)
    except PatchError:
        return False
    return True
