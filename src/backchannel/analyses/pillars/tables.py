"""The tables of the pillars."""

from __future__ import annotations

from backchannel.analyses.pillars.lever_words import choice_words
from backchannel.analyses.pillars.levers import LEVERS
from backchannel.analyses.pillars.pillars_result import PillarsResult
from backchannel.model.model import Model
from backchannel.results.table import Cell, Column, Table

_DIGITS = 4


def tables(model: Model, result: PillarsResult) -> tuple[Table, ...]:
    """Return members by case, governments by case, levers, the incumbent's beliefs, and what others can do."""
    made = (_members(result), _governments(result), _levers(result), _beliefs(model, result), _outside(model, result))
    return tuple(table for table in made if table.rows)


def _rounded(value: float) -> float:
    return round(value, _DIGITS)


def _members(result: PillarsResult) -> Table:
    columns = (
        Column("case", "Case"),
        Column("pillar", "Pillar"),
        Column("threshold", "Threshold", "number", help="chance of fall at which a member moves; empty: never"),
        Column("belief", "Belief", "number", help="chance of fall as its members see it"),
        Column("gap", "Gap", "number", help="threshold less belief"),
        Column("reach", "Cap", "number", help="what outside forces let the chance of fall come to"),
        Column("reachable", "In reach", "mark"),
        Column("lever", "Cheapest lever"),
        Column("points", "By", "number", "points"),
    )
    choices = {(choice.case, choice.pillar): choice for choice in result.choices}
    rows: list[tuple[Cell, ...]] = []
    for k, case in enumerate(result.cases):
        for i, pillar in enumerate(result.pillars):
            choice = choices.get((case, pillar))
            threshold = None if result.never[k, i] else float(result.threshold[k, i])
            belief = float(result.belief[k, i]) if result.has_belief[i] else None
            gap = None if threshold is None or belief is None else threshold - belief
            row = (threshold, belief, gap, float(result.reach[k, i]))
            rows.append(
                (
                    result.case_name(case), result.names[i],
                    *(None if value is None else _rounded(value) for value in row),
                    bool(result.reachable[k, i]),
                    choice_words(choice.lever) if choice else None, _rounded(choice.points) if choice else None,
                )
            )  # fmt: skip
    return Table("pillars.members", "One member of each pillar", columns, tuple(rows))


def _governments(result: PillarsResult) -> Table:
    columns = (
        Column("case", "Case"),
        Column("government", "Government"),
        Column("falls_below", "Falls below", "number", "share of pillars"),
        Column("chance", "Chance of fall", "number"),
        Column("tipping", "Tipping share", "number", help="beyond it the rest follow; empty: none"),
        Column("rest", "Movement rests at", "number", help="the greatest share at which a movement comes to rest"),
    )
    rows: list[tuple[Cell, ...]] = []
    for k, case in enumerate(result.cases):
        for j, government in enumerate(result.governments):
            mine = [point for point in result.tipping if point.case == case and point.government == government]
            tips = [point.share for point in mine if not point.stable]
            rests = [point.share for point in mine if point.stable]
            rows.append(
                (
                    result.case_name(case), result.government_names[j],
                    _rounded(float(result.falls_below[k, j])), _rounded(float(result.chance[k, j])),
                    _rounded(tips[0]) if tips else None, _rounded(rests[-1]) if rests else None,
                )
            )  # fmt: skip
    return Table("pillars.governments", "What the government can lose", columns, tuple(rows))


def _levers(result: PillarsResult) -> Table:
    columns = (
        Column("lever", "Lever"),
        Column("pillar", "Pillar"),
        Column(
            "step", "Step", "number", help="a tenth of the range of the pillar's pay-offs, or ten percentage points"
        ),
        Column("effect", "Falls below, change by a step", "number", "share of pillars"),
        Column("needed", "Needed alone", "number", help="to bring a member's threshold down to his belief"),
        Column("unit", "Unit"),
    )
    words = {name: (text, unit) for name, text, unit in LEVERS}
    names = dict(zip(result.pillars, result.names, strict=True))
    rows = tuple(
        (
            words[item.id][0],
            names.get(item.pillar, "all"),
            _rounded(item.step),
            _rounded(item.effect),
            None if item.needed is None else _rounded(item.needed),
            words[item.id][1],
        )
        for found in result.levers
        for item in found
    )
    return Table("pillars.levers", "Levers, the strongest first", columns, rows)


def _beliefs(model: Model, result: PillarsResult) -> Table:
    columns = (
        Column("incumbent", "Incumbent"),
        Column("option", "Way out"),
        Column("threshold", "Leaves from", "number", help="belief that the pillars move; empty: never"),
        Column("on", "On"),
        Column("belief", "Belief", "number"),
        Column("leaves", "Leaves", "mark"),
    )
    rows: list[tuple[Cell, ...]] = []
    for way in result.exits:
        threshold = None if way.threshold is None else _rounded(way.threshold)
        head = (model.actor_name(way.government), way.option, threshold)
        rows += [(*head, item.on or None, item.belief, item.leaves) for item in way.beliefs]
        if not way.beliefs:
            rows.append((*head, None, None, None))
    return Table("pillars.exit", "When the incumbent leaves", columns, tuple(rows))


def _outside(model: Model, result: PillarsResult) -> Table:
    columns = (
        Column("actor", "Outsider"),
        Column("does", "Move"),
        Column("threshold", "Incumbent then leaves from", "number", help="0: whatever he believes"),
        Column("pillars", "Pillars move", "mark"),
        Column("incumbent", "Incumbent leaves", "mark"),
        Column("cost", "Costs it", "number", "points"),
    )
    rows: list[tuple[Cell, ...]] = []
    for way in result.exits:
        for shift in way.shifts:
            if not any(item.actor == shift.actor and item.options == (shift.option,) for item in result.triggers):
                threshold = None if shift.threshold is None else _rounded(shift.threshold)
                rows.append((model.actor_name(shift.actor), shift.does, threshold, None, None, None))
    shifts: dict[tuple[str, tuple[str, ...]], float | None] = {}
    for way in result.exits:
        shifts |= {(shift.actor, (shift.option,)): shift.threshold for shift in way.shifts}
    for item in result.triggers:
        found = shifts.get((item.actor, item.options))
        rows.append(
            (
                model.actor_name(item.actor), item.does, None if found is None else _rounded(found),
                item.pillars_move, item.incumbent_leaves, _rounded(item.cost),
            )
        )  # fmt: skip
    return Table("pillars.outside", "What outsiders can do", columns, tuple(rows))
