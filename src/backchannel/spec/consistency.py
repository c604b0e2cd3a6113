"""What a file says taken together: today and named states feasible, orderings kept, rankings whole."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice, pairwise, product

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
from backchannel.spec.information_faults import check_information
from backchannel.spec.nodes import Path
from backchannel.spec.positions import Reporter
from backchannel.spec.structure import MUCH, RankingPreference, Term

Score = tuple[float, ...]
"""What orders states for one actor: the utility, or core before lesser worths."""
_MAXIMUM_PAIRS = 10_000


def check_consistency(crisis: Crisis, report: Reporter, unsure: frozenset[str] = frozenset()) -> None:
    """Check a crisis as a whole.

    Parameters
    ----------
    crisis
        The crisis, or the sound part of a faulty one.
    report
        Where faults are noted.
    unsure
        Actors whose preferences lost a part that could not be read, so that their order cannot be judged.
    """
    _check_actors(crisis, report, unsure)
    for actor, preference in crisis.preferences.items():
        if isinstance(preference, tuple):
            _check_tiers(actor, preference, report)
            _check_term_ids(actor, preference, report)
    if crisis.is_general_graph:
        _check_graph(crisis, report)
    else:
        _check_feasible(crisis, report)
        for actor, preference in crisis.preferences.items():
            if isinstance(preference, RankingPreference):
                _check_ranking(crisis, actor, preference, report)
    _check_strength(crisis, report)
    check_information(crisis, report)
    _check_pillars(crisis, report)
    for actor in crisis.orderings:
        if actor in crisis.preferences and actor not in unsure:
            _check_ordering(crisis, actor, report)


def _check_actors(crisis: Crisis, report: Reporter, unsure: frozenset[str]) -> None:
    choosing = {option.by for option in crisis.options.values()} | {move[0] for move in crisis.moves}
    for actor in crisis.actors:
        if actor in choosing and actor not in crisis.preferences and actor not in unsure:
            fix = f"add {actor} under preferences; {actor}: [] if every state is the same to it"
            message = f"{actor} can act but has no preferences"
            report.at(("actors", actor), "no-preferences", message, fix, on_key=True)
    for actor, about in crisis.actors.items():
        shares = [person.share.centre for person in about.people.values() if person.share is not None]
        if shares and abs(sum(shares) - 1) > 1e-6:
            message = f"the shares of the people of {actor} add up to {sum(shares):g}"
            path: Path = ("actors", actor, "people")
            report.at(path, "shares", message, "make them add up to 1", on_key=True, severity="warning")


def _check_tiers(actor: str, terms: tuple[Term, ...], report: Reporter) -> None:
    if not any(term.tier for term in terms):
        return
    for index, term in enumerate(terms):
        if term.tier is None:
            message = f"this term of {actor} names no tier while others do"
            report.at(("preferences", actor, index), "no-tier", message, "add tier: core or tier: lesser")


def _check_term_ids(actor: str, terms: tuple[Term, ...], report: Reporter) -> None:
    seen: set[str] = set()
    for index, term in enumerate(terms):
        if term.id is not None and term.id in seen:
            message = f'{actor} has two terms called "{term.id}"'
            report.at(("preferences", actor, index, "id"), "repeated-id", message, "rename one of them")
        seen.add(term.id or "")


def _broken_rule(crisis: Crisis, levels: Levels) -> tuple[int, str] | None:
    """Return the first impossible condition that holds in a state, with its reason."""
    for index, item in enumerate(crisis.impossible):
        try:
            if holds(item.that, levels, crisis):
                return index, f'"{item.that.text}" holds' + (f" ({item.why})" if item.why else "")
        except UnknownNameError:
            continue
    return None


def _check_feasible(crisis: Crisis, report: Reporter) -> None:
    rule = _broken_rule(crisis, today(crisis))
    if rule is not None:
        message = f"today is impossible: {rule[1]} today"
        fix = "change today of an option, or this condition"
        report.at(("impossible", rule[0]), "impossible-today", message, fix)
    for name in crisis.states:
        try:
            rule = _broken_rule(crisis, named_state(crisis, name))
        except UnknownNameError:
            continue
        if rule is not None:
            message = f"the state {name} is impossible: {rule[1]}"
            fix = "correct the state or the impossible condition"
            report.at(("states", name), "impossible-state", message, fix, on_key=True)


def _check_ranking(crisis: Crisis, actor: str, preference: RankingPreference, report: Reporter) -> None:
    seen: set[Levels] = set()
    for position, tied in enumerate(preference.ranking):
        for index, reference in enumerate(tied):
            path: Path = ("preferences", actor, "ranking", position, index)
            try:
                levels = find_state(crisis, reference)
            except UnknownNameError:
                continue
            if levels in seen:
                message = f'the state "{reference}" is ranked twice for {actor}'
                report.at(path, "ranked-twice", message, "keep one of them")
            seen.add(levels)
            rule = _broken_rule(crisis, levels)
            if rule is not None:
                message = f'"{reference}" is ranked but impossible: {rule[1]}'
                report.at(path, "impossible-state", message, "drop it from the ranking", severity="warning")


def _check_strength(crisis: Crisis, report: Reporter) -> None:
    for actor in crisis.strength:
        if isinstance(crisis.preferences.get(actor), RankingPreference):
            message = f"{actor} ranks states, so a difference in points says nothing about it"
            fix = f'drop {actor} here and put ">>" between two entries of its ranking'
            report.at(("strength", actor), "strength-of-ranking", message, fix, on_key=True)


def _check_pillars(crisis: Crisis, report: Reporter) -> None:
    given: dict[tuple[str, str], str] = {}
    for name, pillar in crisis.pillars.items():
        path: Path = ("pillars", name)
        for field, value in (("falls_at", pillar.falls_at), ("raised", pillar.raised)):
            if value is not None and given.setdefault((pillar.of, field), value.text) != value.text:
                message = f"{name} gives {pillar.of} another {field} than a pillar before it: {value.text}"
                report.at((*path, field), "two-strengths", message, "give it once, or the same each time")
        moved = crisis.options.get(pillar.moves)
        if moved is not None and moved.by == pillar.of:
            message = f"{name} holds up {pillar.of}, and {pillar.moves} is an option of {pillar.of} itself"
            fix = "name an option of whoever defects, or the actor it holds up"
            report.at((*path, "moves"), "moves-itself", message, fix)
        if pillar.noise is not None and pillar.noise.low <= 0:
            fix = "write a number above 0; where everybody sees the same, there is no single answer"
            report.at((*path, "noise"), "no-noise", f"members of {name} would see its strength without error", fix)
        safe = pillar.stay_survives.centre <= pillar.move_survives.centre
        if safe and pillar.move_falls.centre < pillar.stay_falls.centre:
            message = f"{name} gains by moving if the government survives and loses by it if it falls"
            fix = "both outcomes are reversed: swap survives and falls"
            report.at((*path, "move_falls"), "reversed-outcomes", message, fix)
        elif safe:
            message = f"moving costs {name} nothing if the government survives, so that it moves whatever it believes"
            fix = "put move_survives below stay_survives"
            report.at((*path, "move_survives"), "no-risk", message, fix, severity="warning")


def _check_ordering(crisis: Crisis, actor: str, report: Reporter) -> None:
    score = _scores(crisis, actor)
    for position, (better, worse) in enumerate(pairwise(crisis.orderings[actor].order), start=1):
        pairs = product(better, enumerate(worse))
        for high, (index, low) in islice(pairs, _MAXIMUM_PAIRS):
            above, below = score(high), score(low)
            if above is None or below is None or above > below:
                continue
            path: Path = ("orderings", actor, "order", position, index)
            values = f"{high} {_written(above)}, {low} {_written(below)}"
            if above < below:
                message = f"the worths of {actor} put {low} above {high} ({values}), against this ordering"
                report.at(path, "ordering-contradicted", message, "change the worths or the ordering")
            else:
                message = f"the worths of {actor} tie {high} with {low} ({values}), which is ordered above it"
                fix = "change the worths, or put the two in one list"
                report.at(path, "ordering-tied", message, fix, severity="warning")


def _written(score: Score) -> str:
    return " then ".join(f"{part:g}" for part in score)


def _scores(crisis: Crisis, actor: str) -> Callable[[str], Score | None]:
    """Return what scores a state, by its name or literal, for one actor; None where nothing orders it."""
    preference = crisis.preferences[actor]
    if crisis.is_general_graph:
        ranking = preference.groups if isinstance(preference, RankingPreference) else ()
        places = {name: (-float(place),) for place, tied in enumerate(ranking) for name in tied}
        return places.get
    known: dict[str, Score | None] = {}

    def score(reference: str) -> Score | None:
        if reference not in known:
            try:
                known[reference] = _score(crisis, actor, find_state(crisis, reference))
            except UnknownNameError:
                known[reference] = None
        return known[reference]

    return score


def _score(crisis: Crisis, actor: str, levels: Levels) -> Score | None:
    preference = crisis.preferences[actor]
    if isinstance(preference, tuple) and any(term.tier for term in preference):
        counted = [term for term in preference if holds(term.when, levels, crisis)]
        return tuple(sum(t.worth.centre for t in counted if t.tier == tier) for tier in ("core", "lesser"))
    total = utility(crisis, actor, levels)
    return None if total is None else (total,)


def _check_graph(crisis: Crisis, report: Reporter) -> None:
    if crisis.options:
        fix = "leave options empty ({}), or drop moves"
        message = "a file lists moves or options, not both"
        report.at(("moves",), "moves-and-options", message, fix, on_key=True)
    for actor, preference in crisis.preferences.items():
        if isinstance(preference, RankingPreference):
            _check_named_ranking(actor, preference, report)
        else:
            fix = f"write {actor}: {{ranking: [...]}} over the named states"
            message = f"with listed moves the preferences of {actor} must be a ranking"
            report.at(("preferences", actor), "moves-need-ranking", message, fix, on_key=True)
    for index, (_, origin, target) in enumerate(crisis.moves):
        if origin == target:
            report.at(("moves", index), "bad-move", f"this move leads from {origin} to itself", "drop it")


def _check_named_ranking(actor: str, preference: RankingPreference, report: Reporter) -> None:
    seen: set[str] = set()
    for position, tied in enumerate(preference.ranking):
        for index, name in enumerate(tied if tied != (MUCH,) else ()):
            if name in seen:
                path: Path = ("preferences", actor, "ranking", position, index)
                message = f'the state "{name}" is ranked twice for {actor}'
                report.at(path, "ranked-twice", message, "keep one of them")
            seen.add(name)
