"""The table of outcomes, why each holds or breaks, how its figures add up, and where the crisis can go."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from backchannel.analyses.stability.findings import UNINFORMATIVE
from backchannel.analyses.stability.reachability import ReachabilityResult
from backchannel.analyses.stability.stability import StabilityResult
from backchannel.faces.report.sections import Explained, Outcomes, Part, Sum
from backchannel.faces.report.wants import term_label
from backchannel.model.model import Model
from backchannel.numerics.number_format import count, signed
from backchannel.render.anchors import anchor, term_anchors
from backchannel.render.outcomes import OutcomeRow, UtilityCell, outcome_view
from backchannel.render.reasons import reasons
from backchannel.results.finding import Finding
from backchannel.results.table import Table
from backchannel.spec.evaluate import holds
from backchannel.spec.structure import OrderPreference, RankingPreference
from backchannel.study.study import Study

MOST_OUTCOMES = 30
MOST_REACHABLE = 12
MOST_WALKED = 20_000
"""Possible states beyond which the paths from today are left to a run of their own."""


def outcomes(study: Study) -> Outcomes:
    """Run the stability analyses of a study and lay them out.

    Raises
    ------
    NotSupportedError, TooLargeError
        If the file cannot be judged.
    """
    model = study.model
    result = cast("StabilityResult", study.run("stability"))
    view = outcome_view(model, result, MOST_OUTCOMES)
    walked = len(result.state) <= MOST_WALKED
    reached = cast("ReachabilityResult", study.run("reachability")) if walked else None
    table = reached.tables[0] if reached is not None and len(reached.state) > 1 else None
    return Outcomes(
        view=view,
        explained=tuple(
            Explained(row, reasons(model, row.cell, result.stable[:, :, row.place]), _sums(model, row))
            for row in view.rows
        ),
        uninformative=uninformative(result.findings),
        draws=result.provenance.draws,
        bars=any(result.cardinal),
        paths=() if reached is None else reached.findings,
        reachable=None if table is None else _first_rows(table),
        reachable_left_out=0 if table is None else max(len(table.rows) - MOST_REACHABLE, 0),
        not_walked="" if walked else count(len(result.state), "state"),
    )


def uninformative(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Return the ids of the concepts a result calls uninformative."""
    values = [dict(finding.values) for finding in findings if finding.id == UNINFORMATIVE.id]
    return tuple(value["id"].lower() for value in values)


def _first_rows(table: Table) -> Table:
    return replace(table, rows=table.rows[:MOST_REACHABLE])


def _sums(model: Model, row: OutcomeRow) -> tuple[Sum, ...]:
    return tuple(_sum(model, row, cell) for cell in row.utilities)


def _sum(model: Model, row: OutcomeRow, cell: UtilityCell) -> Sum:
    crisis = model.crisis
    preference = crisis.preferences.get(cell.actor, ())
    parts: tuple[Part, ...] = ()
    if isinstance(preference, RankingPreference):
        note = "its place in the ranking: the larger, the better; only the order counts"
    elif isinstance(preference, OrderPreference):
        note = "the statements that hold, most important first: the larger, the better; only the order counts"
        parts = _statements(model, row, cell.actor, preference)
    else:
        parts = _counted(model, row, cell.actor)
        tiers = any(term.tier for term in preference)
        note = "core worths decide before lesser ones" if tiers else "" if parts else "no worth counts here"
    name = model.actor_name(cell.actor)
    return Sum(f"{row.anchor}.{anchor(cell.actor)}", name, cell.value, parts, note)


def _levels(model: Model, row: OutcomeRow) -> tuple[int, ...]:
    return tuple(model.space.levels(np.array([row.cell], dtype=np.int64))[0].tolist())


def _counted(model: Model, row: OutcomeRow, actor: str) -> tuple[Part, ...]:
    """Return the worths whose condition holds in an outcome."""
    preference = model.crisis.preferences.get(actor, ())
    if model.space.is_general_graph or not isinstance(preference, tuple):
        return ()
    levels = _levels(model, row)
    terms = enumerate(zip(preference, term_anchors(model.crisis, actor), strict=True), start=1)
    return tuple(
        Part(signed(term.worth.centre), term_label(place, term), to)
        for place, (term, to) in terms
        if holds(term.when, levels, model.crisis)
    )


def _statements(model: Model, row: OutcomeRow, actor: str, preference: OrderPreference) -> tuple[Part, ...]:
    levels = _levels(model, row)
    return tuple(
        Part("", f"statement {place}", anchor("preferences", actor, place))
        for place, said in enumerate(preference.order, start=1)
        if holds(said, levels, model.crisis)
    )
