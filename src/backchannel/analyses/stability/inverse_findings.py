"""The sentences and tables of the inverse analysis, each under a stable id."""

from __future__ import annotations

import math

from backchannel.analyses.stability.explain import concept_name
from backchannel.analyses.stability.inverse_result import InverseResult, Requirement
from backchannel.analyses.stability.inverse_worths import Change, Remedy
from backchannel.numerics.number_format import count, number
from backchannel.results.finding import Finding, Template
from backchannel.results.table import Cell, Column, Table

ALREADY = Template("inverse.state", "{state} is already an equilibrium by {concept}: nothing has to change.", "order")
UNSTABLE = Template(
    "inverse.state", "{state} is not an equilibrium by {concept}: it is not stable for {actors}.", "order"
)
HELD = Template(
    "inverse.held",
    "With the preferences of {actors} held, no preferences of {free} make {state} an equilibrium by {concept}.",
    "order",
)
COUNT = Template(
    "inverse.count", "{share} of the {kind} of {actors} over {states} make it one: {number} of {total}.", "order"
)
NOT_COUNTED = Template("inverse.count", "The orders that would do were not counted: {why}.", "assumed")
NECESSARY = Template(
    "inverse.necessary", "{actor} would have to like {state} at least as well as {necessary}{further}.", "order"
)
NO_CONDITION = Template(
    "inverse.necessary", "Nothing is asked of {actor}: {state} is stable for it in any order.", "order"
)
UNLISTED = Template(
    "inverse.necessary", "The conditions on the order of {actor} are too many to write down.", "assumed"
)
WITHIN = Template(
    "inverse.change",
    "The smallest change within the stated ranges that makes it stable{whom}: {changes}.",
    "magnitudes",
)
NO_CHANGE_NEEDED = Template(
    "inverse.change", "Nothing has to change in the worths of {actors} themselves.", "magnitudes"
)
BEYOND = Template(
    "inverse.change",
    "There is no such change within the stated ranges of {actors}{obstacle}. Beyond them the smallest is {changes}.",
    "magnitudes",
)
NEVER = Template(
    "inverse.change",
    "There is no such change of worths of {actors} within the stated ranges or far beyond them{obstacle}.",
    "magnitudes",
)
UNSETTLED = Template("inverse.change", "The smallest change of worths of {actors} was not found in time.", "assumed")
ORDINAL = Template(
    "inverse.change",
    "{actors}: the file gives an order and no worths, so there is no smallest change of worths.",
    "order",
)

MOST_NAMED = 6


def findings(result: InverseResult) -> tuple[Finding, ...]:
    """Return the findings, most important first."""
    state, concept = result.label[result.row], _concept(result.concept)
    unstable = [actor for actor, stable in zip(result.everyone, result.stable.tolist(), strict=True) if not stable]
    found = [
        UNSTABLE.fill(state=state, concept=concept, actors=_names(result, unstable))
        if unstable
        else ALREADY.fill(state=state, concept=concept)
    ]
    held = [actor for actor in unstable if actor not in result.free]
    if result.free and result.count == "0":
        kept = held or [actor for actor in result.everyone if actor not in result.free]
        found.append(
            HELD.fill(actors=_names(result, kept), free=_names(result, result.free), state=state, concept=concept)
        )
    elif result.count:
        found.append(_count(result))
    elif result.free:
        found.append(NOT_COUNTED.fill(why=result.not_counted))
    found += [_necessary(result, actor) for actor in result.free]
    found += [_change(result, remedy) for remedy in result.remedies]
    return tuple(found)


def _concept(concept: str) -> str:
    name = concept_name(concept)
    return name if concept == "nash" else name[0].lower() + name[1:]


def _names(result: InverseResult, actors: tuple[str, ...] | list[str]) -> str:
    names = [result.name(actor) for actor in actors]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _count(result: InverseResult) -> Finding:
    kind = "orders with ties" if result.ties else "strict orders"
    if len(result.free) > 1:
        kind = f"combinations of {kind}"
    assert result.share is not None
    return COUNT.fill(
        number=long_number(result.count),
        total=long_number(result.total),
        kind=kind,
        actors=_names(result, result.free),
        states=count(len(result.state), "possible state"),
        share=f"{number(result.share * 100, 3)} %",
    )


def long_number(text: str) -> str:
    """Write a whole number with commas, or its size if it has more than 18 digits."""
    if len(text) <= 18:
        return f"{int(text):,}"
    return f"about {text[0]}.{text[1:3]} × 10^{len(text) - 1:,}"


def _necessary(result: InverseResult, actor: str) -> Finding:
    state, name = result.label[result.row], result.name(actor)
    if actor in result.unlisted:
        return UNLISTED.fill(actor=name)
    own = [item for item in result.requirements if item.actor == actor]
    if not own:
        return NO_CONDITION.fill(actor=name, state=state)
    single = [item for item in own if len(item.alternatives) == 1 and len(item.alternatives[0]) == 1]
    others = [item for item in own if item not in single]
    if not single:
        first, *others = others
        necessary = in_words(result, first)
    else:
        necessary = _list([result.label[item.alternatives[0][0]] for item in single], "and")
    further = ""
    if others:
        further = f"; and as {in_words(result, others[0])}"
        if len(others) > 1:
            further += f"; and {count(len(others) - 1, 'further condition')} of that kind"
    return NECESSARY.fill(actor=name, state=state, necessary=necessary, further=further)


def in_words(result: InverseResult, item: Requirement, most: int = MOST_NAMED) -> str:
    """Say what a state has to be no worse than: "at least one of (a); (b)"."""
    parts = [_list([result.label[row] for row in part], "and", 3) for part in item.alternatives]
    if len(parts) == 1:
        return parts[0]
    shown = "; ".join(f"({part})" for part in parts[:most])
    more = f"; or {len(parts) - most:,} more" if len(parts) > most else ""
    return f"at least one of {shown}{more}"


def _list(words: list[str], joint: str, most: int = MOST_NAMED) -> str:
    shown = [f"“{word}”" for word in words[:most]]
    if len(words) > most:
        return ", ".join(shown) + f" {joint} {len(words) - most:,} more"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" {joint} " + shown[-1]


def _change(result: InverseResult, remedy: Remedy) -> Finding:
    names = _names(result, remedy.actors)
    if remedy.status == "ordinal":
        return ORDINAL.fill(actors=names)
    if remedy.status == "already":
        return NO_CHANGE_NEEDED.fill(actors=names)
    if remedy.status == "unsettled":
        return UNSETTLED.fill(actors=names)
    rests_on = tuple(item.path for item in remedy.changes)
    changes = "; ".join(_worth(item) for item in remedy.changes)
    if remedy.status == "within":
        whom = "" if result.concept == "seq" else f" for {names}"
        return WITHIN.fill(whom=whom, changes=changes).because(rests_on)
    if remedy.status == "beyond":
        return BEYOND.fill(actors=names, obstacle=_obstacle(result, remedy), changes=changes).because(rests_on)
    return NEVER.fill(actors=names, obstacle=_obstacle(result, remedy))


def _worth(item: Change) -> str:
    limits = f"range {number(item.low)} to {number(item.high)}" if item.low < item.high else "no range is given"
    return f"{item.path} from {number(item.before)} to {number(item.after)} ({limits})"


def _obstacle(result: InverseResult, remedy: Remedy) -> str:
    item = remedy.obstacle
    if item is None:
        return ""
    better = f"“{result.label[item.row]}” stays better for {result.name(item.actor)} by at least {_points(item.gap)}"
    return f": {better}" + (
        f", and none of the {item.alternatives - 1:,} other ways to meet that condition is within them"
        if item.alternatives > 1
        else ""
    )


def _points(gap: float) -> str:
    shown = math.floor(gap * 1e6 + 0.5) / 1e6
    return f"{number(shown)} {'point' if shown == 1 else 'points'}"


def tables(result: InverseResult) -> tuple[Table, ...]:
    """Return the conditions and, where there are any, the changes of worths."""
    made = [_conditions(result)] if result.requirements else []
    rows: list[tuple[Cell, ...]] = [
        (item.path, item.before, item.after, item.low, item.high, remedy.status == "within")
        for remedy in result.remedies
        for item in remedy.changes
    ]
    if rows:
        columns = (
            Column("path", "Worth"),
            Column("before", "Today", "number", "points"),
            Column("after", "Would have to be", "number", "points"),
            Column("low", "Range from", "number", "points"),
            Column("high", "to", "number", "points"),
            Column("within", "Within ranges", "mark"),
        )
        made.append(Table("inverse.changes", "Smallest changes of worths", columns, tuple(rows)))
    return tuple(made)


def _conditions(result: InverseResult) -> Table:
    columns = (
        Column("actor", "Actor"),
        Column("requirement", f"Has to like {result.label[result.row]} at least as well as"),
        Column("alternatives", "Alternatives", "number"),
        Column("met", "Holds today", "mark"),
    )
    rows = tuple(
        (result.name(item.actor), in_words(result, item, 3), len(item.alternatives), item.met)
        for item in result.requirements
    )
    return Table("inverse.conditions", "What has to hold", columns, rows)
