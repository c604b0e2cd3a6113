"""The sentences and tables of the coalition analysis, each under a stable id."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backchannel.analyses.stability.coalition_verdicts import JointVerdict
from backchannel.analyses.stability.listing import names_of
from backchannel.analyses.stability.why import CONCEPTS
from backchannel.model.model import Model
from backchannel.model.words import labels, state_label
from backchannel.numerics.game import Bools
from backchannel.numerics.number_format import count
from backchannel.results.finding import Finding, Template
from backchannel.results.table import Cell, Column, Table

ASKED = Template("coalitions.asked", "Asked about: {coalitions}, {which}.", "assumed")
TODAY = Template("coalitions.today", "Today ({state}) is broken {by}.", "order")
TODAY_HOLDS = Template(
    "coalitions.today", "No coalition asked about breaks today ({state}) by any of the four concepts.", "order"
)
EQUILIBRIA = Template(
    "coalitions.equilibria", "Of {equilibria}, {held} against every coalition asked about{names}.", "order"
)
NONE = Template("coalitions.equilibria", "No state is stable for every single actor by {concept} ({id}).", "order")
MOVE = Template("coalitions.move", "{text}", "order")
UNSHOWN = Template(
    "coalitions.unshown",
    "Joint moves are told for today and {shown} equilibria of {total}; of any other state ask --why STATE.",
    "assumed",
)

MOST_TOLD = 3
"""Joint moves told in findings about today, and as many about equilibria; the tables hold more."""

SHOWN = tuple((k, concept) for k, concept in enumerate(CONCEPTS) if concept.id in ("nash", "seq"))


def short(model: Model, members: Sequence[int]) -> str:
    """Name a coalition by ids: "us + russia"."""
    return " + ".join(model.actors[member] for member in members)


def findings(
    model: Model,
    coalitions: tuple[tuple[int, ...], ...],
    stable: Bools,
    equilibrium: Bools,
    verdicts: tuple[JointVerdict, ...],
    asked: str,
) -> tuple[Finding, ...]:
    """Return the findings, most important first.

    Parameters
    ----------
    model
        The model.
    coalitions
        Members of each coalition.
    stable, equilibrium
        Bool, shape (coalitions, 4, states) and (4, states): for each coalition; for every single actor.
    verdicts
        On today and on equilibria, today first.
    asked
        How the coalitions were chosen, in words.
    """
    today = model.space.literal(model.space.today)
    found = [_today(model, coalitions, stable)]
    found += _moves([verdict for verdict in verdicts if verdict.state == today])
    found += [_equilibria(model, k, stable, equilibrium) for k, _ in SHOWN]
    found += _moves([verdict for verdict in verdicts if verdict.state != today])
    found.append(ASKED.fill(coalitions=count(len(coalitions), "coalition"), which=asked))
    return tuple(found)


def unshown(shown: int, total: int) -> Finding:
    """Say that joint moves were not worked out for every equilibrium."""
    return UNSHOWN.fill(shown=shown, total=total)


def _today(model: Model, coalitions: tuple[tuple[int, ...], ...], stable: Bools) -> Finding:
    row = int(np.flatnonzero(model.space.cells == model.space.today)[0])
    state = state_label(model, model.space.today)
    parts: dict[str, list[str]] = {}
    for k, concept in enumerate(CONCEPTS):
        breakers = [members for members, holds in zip(coalitions, stable[:, k, row], strict=True) if not holds]
        if breakers:
            parts.setdefault(_smallest(model, breakers), []).append(_short(concept.id))
    if not parts:
        return TODAY_HOLDS.fill(state=state)
    change = "A change in the order of preferences of one member of each coalition that breaks it."
    return TODAY.fill(
        state=state, by="; ".join(f"by {who} ({', '.join(ids)})" for who, ids in parts.items()), would_change=change
    )


def _smallest(model: Model, breakers: Sequence[tuple[int, ...]]) -> str:
    """Name the coalitions that contain no other of them, and count the rest."""
    smallest = [members for members in breakers if not any(set(other) < set(members) for other in breakers)]
    words = ", ".join(short(model, members) for members in smallest)
    if rest := len(breakers) - len(smallest):
        words += f" and {count(rest, 'larger coalition')}"
    return words


def _moves(verdicts: Sequence[JointVerdict]) -> list[Finding]:
    """Tell some joint moves: each state and smallest coalition once, by the concept that foresees most."""
    last = {(verdict.state, verdict.coalition): verdict for verdict in verdicts if not verdict.stable}
    smallest = [
        verdict
        for (state, members), verdict in last.items()
        if not any(where == state and set(other) < set(members) for where, other in last)
    ]
    return [MOVE.fill(text=verdict.text) for verdict in smallest[:MOST_TOLD]]


def _equilibria(model: Model, k: int, stable: Bools, equilibrium: Bools) -> Finding:
    concept = CONCEPTS[k]
    total = int(equilibrium[k].sum())
    if not total:
        return NONE.fill(concept=concept.name, id=concept.id)
    kept = equilibrium[k] & stable[:, k].all(axis=0)
    held = int(kept.sum())
    words = {"nash": "Nash equilibrium", "seq": "sequential equilibrium"}[concept.id]
    plural = words.replace("equilibrium", "equilibria")
    verb = "none holds" if not held else f"{held:,} {'holds' if held == 1 else 'hold'}"
    if held == total > 1:
        verb = "all hold"
    return EQUILIBRIA.fill(equilibria=count(total, words, plural), held=verb, names=names_of(model, kept))


def tables(
    model: Model,
    coalitions: tuple[tuple[int, ...], ...],
    stable: Bools,
    equilibrium: Bools,
    verdicts: tuple[JointVerdict, ...],
    shown: list[int],
) -> tuple[Table, ...]:
    """Return what each coalition breaks, who breaks each state shown (its row), and by which joint moves."""
    return (
        _by_coalition(model, coalitions, stable, equilibrium),
        _by_state(model, coalitions, stable, equilibrium, shown),
        _joint_moves(verdicts),
    )


def _by_coalition(model: Model, coalitions: tuple[tuple[int, ...], ...], stable: Bools, equilibrium: Bools) -> Table:
    columns = [Column("coalition", "Coalition")]
    columns += [Column(f"stable_{c.id}", f"Stable by {_short(c.id)}", "number", "states") for c in CONCEPTS]
    columns += [
        Column(f"breaks_{c.id}", f"{_short(c.id)} equilibria it breaks", "number", f"of {int(equilibrium[k].sum()):,}")
        for k, c in SHOWN
    ]
    rows: list[tuple[Cell, ...]] = []
    for members, holds in zip(coalitions, stable, strict=True):
        held = [int(row.sum()) for row in holds]
        broken = [int((equilibrium[k] & ~holds[k]).sum()) for k, _ in SHOWN]
        rows.append((short(model, members), *held, *broken))
    return Table("coalitions.coalitions", "Coalitions", tuple(columns), tuple(rows))


def _by_state(
    model: Model,
    coalitions: tuple[tuple[int, ...], ...],
    stable: Bools,
    equilibrium: Bools,
    shown: list[int],
) -> Table:
    """Say whether single actors hold the states shown, and which coalitions break them."""
    cells = model.space.cells
    columns = [Column("state", "Outcome"), Column("today", "Today", "mark")]
    for _, concept in SHOWN:
        columns += [
            Column(concept.id, _short(concept.id), "mark", help=concept.definition),
            Column(f"broken_{concept.id}", f"Broken by ({_short(concept.id)})"),
        ]
    rows: list[list[Cell]] = []
    for row, label in zip(shown, labels(model, cells[shown]), strict=True):
        rows.append([label, bool(cells[row] == model.space.today)])
        for k, _ in SHOWN:
            rows[-1] += [bool(equilibrium[k, row]), _breakers(model, coalitions, stable[:, k, row])]
    return Table("coalitions.equilibria", "Equilibria", tuple(columns), tuple(tuple(row) for row in rows))


def _breakers(model: Model, coalitions: tuple[tuple[int, ...], ...], holds: Bools) -> str:
    return ", ".join(short(model, coalitions[k]) for k in np.flatnonzero(~holds).tolist()) or "none"


def _joint_moves(verdicts: tuple[JointVerdict, ...]) -> Table:
    """One row a state, coalition and target, with the concepts by which it breaks the state."""
    grouped: dict[tuple[str, tuple[str, ...], str], list[JointVerdict]] = {}
    for verdict in verdicts:
        if not verdict.stable:
            grouped.setdefault((verdict.state, verdict.coalition, verdict.target), []).append(verdict)
    columns = (
        Column("state", "Outcome"),
        Column("coalition", "Coalition"),
        Column("target", "Leaves it for"),
        Column("concepts", "Breaks it by"),
        Column("moves", "Joint move"),
    )
    rows = tuple(
        (
            same[0].label,
            " + ".join(same[0].coalition),
            same[0].target_label,
            ", ".join(_short(verdict.concept) for verdict in same),
            same[-1].move,
        )
        for same in grouped.values()
    )
    return Table("coalitions.moves", "Joint moves that break them", columns, rows)


def _short(concept: str) -> str:
    return "Nash" if concept == "nash" else concept.upper()
