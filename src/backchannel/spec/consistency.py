"""What a file says taken together: today and named states feasible, orderings kept, rankings whole, paths alive."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any

from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import (
    Levels,
    UnknownNameError,
    find_state,
    holds,
    named_state,
    today,
    utility,
)
from backchannel.spec.inputs import PatchError, locate
from backchannel.spec.positions import Path, Reporter, suggest
from backchannel.spec.structure import RankingPreference


def check_consistency(crisis: Crisis, data: dict[str, Any], report: Reporter, pruned: frozenset[str]) -> None:
    """Check a crisis as a whole. ``pruned`` names actors whose preferences lost a faulty part and cannot be judged."""
    _actors(crisis, report, pruned)
    _tiers(crisis, report)
    _paths(crisis, data, report)
    if crisis.is_general_graph:
        _general_graph(crisis, report)
        return
    _feasible(crisis, report)
    for actor, preference in crisis.preferences.items():
        if isinstance(preference, RankingPreference):
            _ranking(crisis, actor, preference, report)
    for actor in crisis.orderings:
        if actor in crisis.preferences and actor not in pruned:
            _ordering(crisis, actor, report)


def _actors(crisis: Crisis, report: Reporter, pruned: frozenset[str]) -> None:
    choosing = {option.by for option in crisis.options.values()} | {move[0] for move in crisis.moves}
    for actor in crisis.actors:
        if actor in choosing and actor not in crisis.preferences and actor not in pruned:
            fix = f"add {actor} under preferences; {actor}: [] if every state is the same to it"
            report.at(("actors", actor), "no-preferences", f"{actor} can act but has no preferences", fix, on_key=True)
    for actor, about in crisis.actors.items():
        shares = [person.share.centre for person in about.people.values() if person.share is not None]
        if shares and abs(sum(shares) - 1) > 1e-6:
            message = f"the shares of the people of {actor} add up to {sum(shares):g}"
            report.at(("actors", actor, "people"), "shares", message, "make them add up to 1", on_key=True, severity="warning")
    if not crisis.options and not crisis.moves:
        fix = "give at least one option, or list moves for a general graph"
        report.at(("options",), "no-options", "nobody can do anything", fix, on_key=True)


def _tiers(crisis: Crisis, report: Reporter) -> None:
    for actor, preference in crisis.preferences.items():
        if isinstance(preference, tuple) and any(term.tier for term in preference):
            for index, term in enumerate(preference):
                if term.tier is None:
                    message = f"this term of {actor} names no tier while others do"
                    report.at(("preferences", actor, index), "no-tier", message, "add tier: core or tier: lesser")
    for actor, preference in crisis.preferences.items():
        if isinstance(preference, tuple):
            seen: set[str] = set()
            for index, term in enumerate(preference):
                if term.id is not None and term.id in seen:
                    path = ("preferences", actor, index, "id")
                    report.at(path, "repeated-id", f'{actor} has two terms called "{term.id}"', "rename one of them")
                seen.add(term.id or "")


def _patch_paths(crisis: Crisis) -> Iterator[tuple[Path, str]]:
    for name, dial in crisis.dials.items():
        yield from ((("dials", name, "to", path), path) for path in dial.to)
    for name, variant in crisis.variants.items():
        yield from ((("variants", name, "set", path), path) for path in variant.set)
    for name, frame in crisis.frames.items():
        yield from ((("frames", name, "set", path), path) for path in frame.set)


def _paths(crisis: Crisis, data: dict[str, Any], report: Reporter) -> None:
    for where, path in _patch_paths(crisis):
        try:
            locate(data, path)
        except PatchError as error:
            fix = suggest(error.step, error.known)
            report.at(where, "unknown-path", f'the path "{path}" leads nowhere at "{error.step}"', fix, on_key=True)


def _broken_rule(crisis: Crisis, levels: Levels) -> tuple[int, str] | None:
    """Return the first impossible condition that holds in a state, with its reason."""
    for index, item in enumerate(crisis.impossible):
        try:
            if holds(item.that, levels, crisis):
                return index, f'"{item.that.text}" holds' + (f" ({item.why})" if item.why else "")
        except UnknownNameError:
            continue
    return None


def _feasible(crisis: Crisis, report: Reporter) -> None:
    rule = _broken_rule(crisis, today(crisis))
    if rule is not None:
        fix = "change today of an option, or this condition"
        report.at(("impossible", rule[0]), "impossible-today", f"today is impossible: {rule[1]} today", fix)
    for name in crisis.states:
        try:
            rule = _broken_rule(crisis, named_state(crisis, name))
        except UnknownNameError:
            continue
        if rule is not None:
            fix = "correct the state or the impossible condition"
            report.at(("states", name), "impossible-state", f"the state {name} is impossible: {rule[1]}", fix, on_key=True)


def _ranking(crisis: Crisis, actor: str, preference: RankingPreference, report: Reporter) -> None:
    first: dict[Levels, str] = {}
    for position, tied in enumerate(preference.ranking):
        for index, reference in enumerate(tied):
            path: Path = ("preferences", actor, "ranking", position, index)
            try:
                levels = find_state(crisis, reference)
            except UnknownNameError:
                continue
            if levels in first:
                message = f'the state "{reference}" is ranked twice for {actor}'
                report.at(path, "ranked-twice", message, "keep one of them")
            first.setdefault(levels, reference)
            rule = _broken_rule(crisis, levels)
            if rule is not None:
                message = f'"{reference}" is ranked but impossible: {rule[1]}'
                report.at(path, "impossible-state", message, "drop it from the ranking", severity="warning")


def _ordering(crisis: Crisis, actor: str, report: Reporter) -> None:
    groups = crisis.orderings[actor].order
    for position, (better, worse) in enumerate(pairwise(groups)):
        for high, low in product(better, worse):
            try:
                above = utility(crisis, actor, find_state(crisis, high))
                below = utility(crisis, actor, find_state(crisis, low))
            except UnknownNameError:
                continue
            if above is None or below is None or above > below:
                continue
            values = f"{high} {above:g}, {low} {below:g}"
            path: Path = ("orderings", actor, "order", position + 1)
            if above < below:
                message = f"the worths of {actor} put {low} above {high} ({values}), against this ordering"
                report.at(path, "ordering-contradicted", message, "change the worths or the ordering")
            else:
                message = f"the worths of {actor} tie {high} with {low} ({values}); this ordering puts the first above"
                report.at(path, "ordering-tied", message, "change the worths, or put the two in one list", severity="warning")


def _general_graph(crisis: Crisis, report: Reporter) -> None:
    if crisis.options:
        fix = "leave options empty ({}), or drop moves"
        report.at(("moves",), "moves-and-options", "a file lists moves or options, not both", fix, on_key=True)
    for actor, preference in crisis.preferences.items():
        if not isinstance(preference, RankingPreference):
            fix = f"write {actor}: {{ranking: [...]}} over the named states"
            message = f"with listed moves the preferences of {actor} must be a ranking"
            report.at(("preferences", actor), "moves-need-ranking", message, fix, on_key=True)
            continue
        seen: set[str] = set()
        for position, tied in enumerate(preference.ranking):
            for index, name in enumerate(tied):
                if name in seen:
                    path: Path = ("preferences", actor, "ranking", position, index)
                    report.at(path, "ranked-twice", f'the state "{name}" is ranked twice for {actor}', "keep one of them")
                seen.add(name)
    for index, (_, origin, target) in enumerate(crisis.moves):
        if origin == target:
            report.at(("moves", index), "bad-move", f"this move leads from {origin} to itself", "drop it")

