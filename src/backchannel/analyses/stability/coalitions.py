"""Which coalition breaks which equilibrium, and how: coalitional Nash, GMR, SMR and SEQ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.stability import stability
from backchannel.analyses.stability.coalition_choice import Members, chosen
from backchannel.analyses.stability.coalition_findings import findings, tables, unshown
from backchannel.analyses.stability.coalition_verdicts import JointVerdict, judge
from backchannel.analyses.stability.listing import Listed, listed_moves
from backchannel.analyses.stability.why import CONCEPTS
from backchannel.errors import TooLargeError
from backchannel.model.model import Model
from backchannel.model.words import labels, literals
from backchannel.numerics.coalition_moves import Table
from backchannel.numerics.coalition_stability import Coalition
from backchannel.numerics.concepts import Concept
from backchannel.numerics.game import Bools
from backchannel.numerics.number_format import count
from backchannel.numerics.progress import Monitor
from backchannel.numerics.stability import all_stable
from backchannel.results.finding import Finding
from backchannel.results.result import Result

IDS: tuple[Concept, ...] = ("nash", "gmr", "smr", "seq")

MEMORY_LIMIT = 2**30
"""Bytes the verdicts of all coalitions may take: one for each coalition, concept and state."""

MOST_SHOWN = 24
"""Equilibria for which joint moves are worked out; of any other state, ask for it by name."""


@dataclass(frozen=True)
class Params:
    """Which coalitions, and which state to explain.

    Parameters
    ----------
    up_to
        All coalitions of at most so many actors, single ones included.
    of
        Named coalitions instead, as tuples of actor ids.
    partition
        Blocks that act as one each, instead; actors left out stand alone.
    state
        A state to explain for every coalition and concept: a name, a literal, or ``today``; empty for none.
    """

    up_to: int = 2
    of: tuple[tuple[str, ...], ...] = ()
    partition: tuple[tuple[str, ...], ...] = ()
    state: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class CoalitionsResult(Result):
    """Stability of every possible state for every coalition asked about. States are in file order.

    Parameters
    ----------
    actors
        Actor ids in file order.
    cardinal
        Per actor: whether gains are points (else steps in a ranking, of which only the sign counts).
    state, label
        Literal and label of each possible state.
    today
        Row of today.
    concepts
        ``nash``, ``gmr``, ``smr``, ``seq``: the order of the arrays.
    coalition
        Members of each coalition, by size, then in file order.
    stable
        Bool, shape (coalitions, 4, states).
    equilibrium
        Bool, shape (4, states): stable for every single actor.
    universal
        Bool, shape (4, states): stable for every coalition asked about.
    verdicts
        For today by all four concepts, for each Nash equilibrium by Nash and each SEQ equilibrium by SEQ (the first
        ``MOST_SHOWN`` equilibria): every coalition that has a joint improvement, with what breaks or holds the state.
    explained
        Every verdict on the state asked for, concepts outermost; empty if none was.
    params
        What was asked.
    """

    actors: tuple[str, ...]
    cardinal: tuple[bool, ...]
    state: tuple[str, ...]
    label: tuple[str, ...]
    today: int
    concepts: tuple[str, ...]
    coalition: tuple[tuple[str, ...], ...]
    stable: NDArray[np.bool_]
    equilibrium: NDArray[np.bool_]
    universal: NDArray[np.bool_]
    verdicts: tuple[JointVerdict, ...]
    explained: tuple[JointVerdict, ...]
    params: Params


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: a ranking of every state for every actor."""
    return stability.requires(model)


def run(model: Model, context: Context, params: Params | None = None) -> CoalitionsResult:
    """Judge every possible state for every coalition asked about, and work out what breaks the equilibria.

    Source: Kilgour, Hipel, Fang and Peng (2001); Inohara and Hipel (2008). Cost: see
    :mod:`backchannel.numerics.coalition_stability`; for a coalition of two, some passes over the listed moves.

    Raises
    ------
    NotSupportedError
        If an actor or state is unknown, a partition is none, or an actor leaves states unranked.
    TooLargeError
        If there are too many coalitions, moves or states.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(requires(model))
    coalitions = chosen(model, params.up_to, params.of, params.partition)
    explained = model.space.find(params.state) if params.state else None
    _check_memory(model, coalitions)
    monitor = Monitor(context.progress, len(IDS) * (len(coalitions) + 1))
    monitor.beat()
    moves = listed_moves(model)
    single = all_stable(moves.graph, IDS, lambda done, total: monitor.beat())
    monitor.advance(len(IDS))
    alone = np.stack([single[concept] for concept in IDS])
    equilibrium: Bools = np.logical_and.reduce(alone, axis=1)
    wanted = _wanted(model, moves, equilibrium)
    state = None if explained is None else int(np.searchsorted(moves.cells, explained))
    stable, verdicts, why = _judge_all(model, moves, coalitions, alone, wanted, state, monitor)
    equilibrium = equilibrium[:, moves.place]
    place = {number: row for row, number in enumerate(moves.place.tolist())}
    shown = [place[number] for number in wanted]
    cells = model.space.cells
    return CoalitionsResult(
        provenance=context.provenance,
        findings=_findings(model, params, coalitions, stable, equilibrium, verdicts),
        tables=tables(model, coalitions, stable, equilibrium, verdicts, shown),
        actors=model.actors,
        cardinal=tuple(utility.scale == "cardinal" for utility in model.utilities),
        state=literals(model, cells),
        label=labels(model, cells),
        today=shown[0],
        concepts=IDS,
        coalition=tuple(tuple(model.actors[member] for member in members) for members in coalitions),
        stable=stable,
        equilibrium=equilibrium,
        universal=np.logical_and.reduce(stable, axis=0),
        verdicts=verdicts,
        explained=why,
        params=params,
    )


def _check_memory(model: Model, coalitions: tuple[Members, ...]) -> None:
    size = len(coalitions) * len(IDS) * model.space.cells.size
    if size > MEMORY_LIMIT:
        raise TooLargeError(
            f"verdicts on {model.space.cells.size:,} states for {len(coalitions):,} coalitions would take "
            f"{size / 2**30:.1f} GiB, and the limit is {MEMORY_LIMIT / 2**30:.0f} GiB; ask for fewer coalitions"
        )


def _wanted(model: Model, moves: Listed, equilibrium: Bools) -> dict[int, tuple[Concept, ...]]:
    """Return which states (numbers in ``moves``) are shown with their joint moves, and by which concepts.

    Today by all, then equilibria in file order; named ones first where there are too many.
    """
    today = int(np.searchsorted(moves.cells, model.space.today))
    named = set(np.searchsorted(moves.cells, list(model.space.named().values())).tolist())
    either = equilibrium[IDS.index("nash")] | equilibrium[IDS.index("seq")]
    held = [k for k in moves.place.tolist() if either[k] and k != today]
    shown = set(sorted(held, key=lambda k: k not in named)[:MOST_SHOWN])
    wanted: dict[int, tuple[Concept, ...]] = {today: IDS}
    for k in (k for k in held if k in shown):
        wanted[k] = tuple(c for c in IDS if c in ("nash", "seq") and equilibrium[IDS.index(c), k])
    return wanted


def _judge_all(
    model: Model,
    moves: Listed,
    coalitions: tuple[Members, ...],
    alone: Bools,
    wanted: dict[int, tuple[Concept, ...]],
    state: int | None,
    monitor: Monitor,
) -> tuple[Bools, tuple[JointVerdict, ...], tuple[JointVerdict, ...]]:
    """Go through the coalitions one by one, so that what one needs is forgotten before the next.

    Returns the verdicts on all states in file order, those to show, and those on the state asked for.
    """
    table = Table(moves.graph, monitor)
    stable = np.empty((len(coalitions), len(IDS), moves.cells.size), dtype=np.bool_)
    verdicts: dict[int, list[JointVerdict]] = {place: [] for place in wanted}
    why: list[JointVerdict] = []
    for k, members in enumerate(coalitions):
        coalition = Coalition(table, members)
        if len(members) == 1:
            stable[k] = alone[:, members[0]]
            monitor.advance(len(IDS))
        else:
            found = coalition.stable(IDS)
            stable[k] = np.stack([found[concept] for concept in IDS])
        for place, concepts in wanted.items():
            told = judge(model, moves, coalition, place, concepts)
            verdicts[place] += [verdict for verdict in told if verdict.improvements]
            monitor.beat()
        if state is not None:
            why += judge(model, moves, coalition, state, IDS)
    return (
        stable[:, :, moves.place],
        tuple(verdict for told in verdicts.values() for verdict in told),
        tuple(verdict for concept in IDS for verdict in why if verdict.concept == concept),
    )


def _findings(
    model: Model,
    params: Params,
    coalitions: tuple[Members, ...],
    stable: Bools,
    equilibrium: Bools,
    verdicts: tuple[JointVerdict, ...],
) -> tuple[Finding, ...]:
    if params.of:
        asked = "those named"
    elif params.partition:
        asked = "the blocks of a partition"
    else:
        asked = f"all of at most {count(params.up_to, 'actor')}"
    found = findings(model, coalitions, stable, equilibrium, verdicts, asked)
    elsewhere = equilibrium[[IDS.index("nash"), IDS.index("seq")]].any(axis=0)
    elsewhere &= model.space.cells != model.space.today
    total = int(elsewhere.sum())
    return (*found, unshown(MOST_SHOWN, total)) if total > MOST_SHOWN else found


def document(result: CoalitionsResult) -> dict[str, object]:
    """Return the document ``coalitions --json`` prints, format 1. States are literals in file order."""
    equilibria = {concept: _literals(result, result.equilibrium[k]) for k, concept in enumerate(result.concepts)}
    rows = []
    for k, members in enumerate(result.coalition):
        entry: dict[str, object] = {"members": list(members)}
        for j, concept in enumerate(result.concepts):
            broken = result.equilibrium[j] & ~result.stable[k, j]
            entry[concept] = {"stable_states": int(result.stable[k, j].sum()), "breaks": _literals(result, broken)}
        rows.append(entry)
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "today": result.state[result.today],
        "equilibria": equilibria,
        "stable_for_all": {c: _literals(result, result.universal[k]) for k, c in enumerate(result.concepts)},
        "coalitions": rows,
        "verdicts": [_verdict_document(result, verdict) for verdict in result.verdicts],
        "why": [_verdict_document(result, verdict) for verdict in result.explained],
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _literals(result: CoalitionsResult, mask: Bools) -> list[str]:
    return [result.state[row] for row in np.flatnonzero(mask).tolist()]


def _verdict_document(result: CoalitionsResult, verdict: JointVerdict) -> dict[str, object]:
    cardinal = dict(zip(result.actors, result.cardinal, strict=True))
    gains = dict(zip(verdict.coalition, verdict.gains, strict=False))
    return {
        "state": verdict.state,
        "coalition": list(verdict.coalition),
        "concept": verdict.concept,
        "stable": verdict.stable,
        "improvements": verdict.improvements,
        "unanswered": verdict.unanswered,
        "target": verdict.target or None,
        "moves": [_step(step) for step in verdict.steps],
        "gains": {actor: gain if cardinal[actor] else None for actor, gain in gains.items()},
        "answer": [_step(step) for step in verdict.answer],
        "loser": verdict.loser or None,
        "text": verdict.text,
    }


def _step(step: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("actor", "from", "to"), step, strict=True))


def why_lines(result: CoalitionsResult) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Say why the state asked for is or is not stable: one heading a concept, what breaks it first.

    Coalitions without a joint improvement are named together.
    """
    found = []
    for concept in CONCEPTS:
        verdicts = [verdict for verdict in result.explained if verdict.concept == concept.id]
        telling = [verdict for verdict in verdicts if verdict.improvements]
        lines = [verdict.text for verdict in sorted(telling, key=lambda verdict: verdict.stable)]
        idle = [" + ".join(verdict.coalition) for verdict in verdicts if not verdict.improvements]
        if idle:
            lines.append(f"No move to anything all members prefer: {', '.join(idle)}.")
        holds = "is stable for every coalition asked about" if all(v.stable for v in verdicts) else "is broken"
        found.append((f"{concept.name} ({concept.id}): {verdicts[0].label} {holds}", tuple(lines)))
    return tuple(found)
