"""What each option changes: the crisis again with one option held where it is today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.stability import stability
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.model.words import labels, literals
from backchannel.numerics.number_format import count
from backchannel.numerics.stability import equilibria_only
from backchannel.results.finding import Finding, Template
from backchannel.results.result import Result
from backchannel.results.table import Column, Table
from backchannel.spec.changes import holding_today

CARRIES = Template("ablation.option", "Without {option} ({actor}), {changes}.", "order")
NOTHING = Template(
    "ablation.nothing",
    "{options} could be left out without changing which of the remaining states hold: {names}.",
    "order",
)
TODAY = Template("ablation.today", "Today's verdict does not hang on any single option.", "order")
TODAY_HANGS = Template("ablation.today", "Today's verdict changes without {names}.", "order")


@dataclass(frozen=True)
class Params:
    """Nothing to choose: every option in turn, by Nash or sequential stability."""


@dataclass(frozen=True)
class Without:
    """The crisis without one option.

    Parameters
    ----------
    option, actor
        The option held at today's level, and who owns it.
    states
        Possible states left.
    today
        Whether today is a Nash or SEQ equilibrium then.
    gained
        States that hold then and did not before, literals in file order.
    lost
        States that held before, are still possible, and do not hold then.
    unavailable
        States that held before and need the option.
    """

    option: str
    actor: str
    states: int
    today: bool
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    unavailable: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class AblationResult(Result):
    """Which equilibria (Nash or SEQ) come and go as each option is taken out.

    Parameters
    ----------
    equilibria
        Literals of the equilibria of the file, in file order.
    today
        Bool, shape (1,): whether today is one of them.
    options
        The crisis without each option, in file order.
    """

    equilibria: tuple[str, ...]
    today: NDArray[np.bool_]
    options: tuple[Without, ...]


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: options, and preferences over every state."""
    needs = list(stability.requires(model))
    if model.space.is_general_graph or model.crisis.merge:
        why = "this file lists moves or merges states" if model.crisis.merge else "this file lists moves"
        needs.append(Need("options", f"{why}, and an option is taken out", "options: {dam: {by: north}}"))
    return tuple(needs)


def run(model: Model, context: Context, params: Params | None = None) -> AblationResult:
    """Judge the crisis once more for each option, with that option held at today's level.

    Cost: one compilation and one stability run (Nash and SEQ) an option.

    Raises
    ------
    NotSupportedError
        With listed moves or merged states, or states unranked.
    CancelledError
        If stopped.
    """
    del params
    demand(requires(model))
    base = _held(model)
    found = []
    total = len(model.crisis.options)
    for done, option in enumerate(model.crisis.options):
        context.progress(done, total)
        found.append(_without(model, option, base))
    context.progress(total, total)
    today = model.space.literal(model.space.today)
    return AblationResult(
        provenance=context.provenance,
        findings=_findings(model, found, today in base),
        tables=(_table(model, found),),
        equilibria=tuple(base),
        today=np.array([today in base]),
        options=tuple(found),
    )


def _held(model: Model) -> dict[str, int]:
    """Return the literals that Nash or sequential stability holds, in file order, with their cells."""
    cells = model.space.cells
    held = cells[equilibria_only(model.game, ("nash", "seq"))[cells] > 0]
    return dict(zip(literals(model, held), held.tolist(), strict=True))


def _without(model: Model, option: str, base: dict[str, int]) -> Without:
    about = model.crisis.options[option]
    place = list(model.crisis.options).index(option)
    level = about.levels[about.today_index]
    reduced = compile_model(holding_today(model.crisis, (option,)))
    held = _held(reduced)
    available = [state for state in base if state.split(",")[place] == level]
    return Without(
        option,
        about.by,
        int(reduced.space.cells.size),
        reduced.space.literal(reduced.space.today) in held,
        tuple(state for state in held if state not in base),
        tuple(state for state in available if state not in held),
        tuple(state for state in base if state not in available),
    )


def _names(model: Model, states: tuple[str, ...], most: int = 3) -> str:
    cells = np.array([model.space.find(state) for state in states[:most]], dtype=np.int64)
    shown = "; ".join(labels(model, cells))
    return shown + (f"; and {len(states) - most} more" if len(states) > most else "")


def _findings(model: Model, found: list[Without], today: bool) -> tuple[Finding, ...]:
    hang = [item.option for item in found if item.today != today]
    findings = [TODAY_HANGS.fill(names=", ".join(hang)) if hang else TODAY.fill()]
    idle = [item.option for item in found if not item.gained and not item.lost and not item.unavailable]
    for item in found:
        parts = [
            f"{count(len(states), 'state')} {words} ({_names(model, states)})"
            for states, words in (
                (item.gained, "would newly hold"),
                (item.lost, "would no longer hold"),
                (item.unavailable, "could not come about"),
            )
            if states
        ]
        if parts:
            findings.append(
                CARRIES.fill(option=item.option, actor=model.actor_name(item.actor), changes="; ".join(parts))
            )
    if idle:
        findings.append(NOTHING.fill(options=count(len(idle), "option"), names=", ".join(idle)))
    return tuple(findings)


def _table(model: Model, found: list[Without]) -> Table:
    columns = (
        Column("option", "Without"),
        Column("actor", "Of"),
        Column("states", "States left", "number"),
        Column("today", "Today holds", "mark"),
        Column("gained", "Newly hold", "number"),
        Column("lost", "No longer hold", "number"),
        Column("unavailable", "Cannot come about", "number"),
    )
    rows = tuple(
        (
            item.option,
            model.actor_name(item.actor),
            item.states,
            item.today,
            len(item.gained),
            len(item.lost),
            len(item.unavailable),
        )
        for item in found
    )
    return Table("ablation.options", "What each option changes", columns, rows)


def document(result: AblationResult) -> dict[str, object]:
    """Return the document ``ablation --json`` prints, format 1."""
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "equilibria": list(result.equilibria),
        "today": bool(result.today[0]),
        "options": [
            {
                "option": item.option,
                "actor": item.actor,
                "states": item.states,
                "today": item.today,
                "gained": list(item.gained),
                "lost": list(item.lost),
                "unavailable": list(item.unavailable),
            }
            for item in result.options
        ],
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }
