"""Which preferences would make a state an equilibrium: exact counts, the conditions, and the smallest change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.stability import stability
from backchannel.analyses.stability.inverse_conditions import Graph, condition, holds
from backchannel.analyses.stability.inverse_counts import Count, count_orders
from backchannel.analyses.stability.inverse_findings import findings, tables
from backchannel.analyses.stability.inverse_result import InverseResult, Requirement
from backchannel.analyses.stability.inverse_worths import Remedy, remedies
from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.model.model import Model
from backchannel.model.words import labels, literals
from backchannel.numerics.concepts import CONCEPTS, Concept
from backchannel.numerics.monotone import bits, prime_clauses
from backchannel.numerics.orders import decimal_text
from backchannel.numerics.stability import all_stable
from backchannel.spec.positions import suggest

MOST_CLAUSES = 256
"""Prime clauses listed; beyond, states that serve only together are shown together."""
MOST_LISTED = 20_000
"""States those may mention; beyond, nothing is listed."""


@dataclass(frozen=True)
class Params:
    """What to ask.

    Parameters
    ----------
    state
        A state's name, its literal, or ``today``.
    concept
        ``nash``, ``gmr``, ``smr`` or ``seq``.
    actors
        Whose preferences are free; default everybody for whom the state is not stable today.
    ties
        Count orders with ties instead of strict ones.
    """

    state: str = "today"
    concept: str = "nash"
    actors: tuple[str, ...] = ()
    ties: bool = False


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: preferences over every state."""
    return stability.requires(model)


def run(model: Model, context: Context, params: Params | None = None) -> InverseResult:
    """Ask which preferences of the free actors, the others' held, would make a state an equilibrium.

    Source: Kinsara, Kilgour and Hipel (2015) on inverse analysis in the graph model, there by trying orders. Here a
    state's stability is a monotone condition on the states its actor likes no better (see
    :mod:`backchannel.analyses.stability.inverse_conditions`), which is counted, written down and optimised over.
    Cost: Nash, GMR and SMR one walk over the moves for each move away from the state, and a product of polynomials of
    the number of states; SEQ with several free actors 2^n sets for n states that matter together to one actor (3^n
    with ties); the smallest change a linear or small mixed-integer programme.

    Raises
    ------
    NotSupportedError
        On an unknown state, concept or actor, or unranked states.
    TooLargeError
        If the moves of the model are too many to write out. Where only the count is out of reach, the result says so.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(requires(model))
    concept = _concept(params.concept)
    state = model.space.find(params.state)
    stable = all_stable(model.game, (concept,))[concept][:, state]
    free = _free(model, params.actors, stable)
    context.progress(0, 3)
    graph = Graph.of(model)
    counted, refused = _count(graph, concept, state, free, params.ties, context)
    requirements, unlisted = _requirements(graph, concept, state, free, context)
    cells = model.space.cells
    result = InverseResult(
        provenance=context.provenance,
        row=int(graph.place[state]),
        concept=concept,
        ties=params.ties,
        state=literals(model, cells),
        label=labels(model, cells),
        everyone=model.actors,
        names=tuple(model.actor_name(actor) for actor in model.actors),
        stable=np.asarray(stable),
        free=tuple(model.actors[actor] for actor in free),
        count="" if counted is None else decimal_text(counted.number),
        total="" if counted is None else decimal_text(counted.total),
        counts=() if counted is None else tuple(decimal_text(number) for number in counted.by_actor),
        share=None if counted is None else float(Fraction(counted.number, counted.total)),
        not_counted=refused,
        requirements=requirements,
        unlisted=unlisted,
        remedies=remedies(graph, concept, state, free, context),
    )
    context.progress(3, 3)
    return replace(result, findings=findings(result), tables=tables(result))


def _concept(name: str) -> Concept:
    if name not in CONCEPTS:
        raise NotSupportedError(f'unknown concept "{name}"; known: {", ".join(CONCEPTS)}')
    return name


def _free(model: Model, named: tuple[str, ...], stable: NDArray[np.bool_]) -> tuple[int, ...]:
    for name in named:
        if name not in model.actors:
            raise NotSupportedError(f'unknown actor "{name}"; {suggest(name, list(model.actors))}')
    chosen = {model.actors.index(name) for name in named} or set(np.flatnonzero(~stable).tolist())
    return tuple(sorted(chosen))


def _count(
    graph: Graph, concept: Concept, state: int, free: tuple[int, ...], ties: bool, context: Context
) -> tuple[Count | None, str]:
    if not free:
        return None, "nobody's preferences are free"
    try:
        return count_orders(graph, concept, state, free, ties, context), ""
    except TooLargeError as error:
        return None, str(error)


def _requirements(
    graph: Graph, concept: Concept, state: int, free: tuple[int, ...], context: Context
) -> tuple[tuple[Requirement, ...], tuple[str, ...]]:
    found: list[Requirement] = []
    unlisted = []
    for actor in free:
        context.progress(1, 3)
        name = graph.model.actors[actor]
        own = graph.arcs.utilities[actor]
        cells = graph.model.space.cells
        no_better = graph.mask(cells[own[cells] <= own[state]])
        try:
            wanted = condition(graph, concept, actor, state)
        except TooLargeError:
            unlisted.append(name)
            continue
        prime = prime_clauses(wanted, MOST_CLAUSES)
        if prime is not None:
            found += [
                Requirement(name, tuple((bit.bit_length() - 1,) for bit in bits(mask)), bool(mask & no_better))
                for mask in prime
            ]
            continue
        if sum(len(bits(item.support)) for item in wanted) > MOST_LISTED:
            unlisted.append(name)
            continue
        for item in wanted:
            parts = [*bits(item.singles), *item.groups]
            rows = tuple(tuple(bit.bit_length() - 1 for bit in bits(part)) for part in parts)
            found.append(Requirement(name, rows, holds(item, no_better)))
    return tuple(found), tuple(unlisted)


def document(result: InverseResult) -> dict[str, object]:
    """Return the document ``inverse --json`` prints, format 1. Counts are texts: they can have thousands of digits."""
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "state": result.state[result.row],
        "label": result.label[result.row],
        "concept": result.concept,
        "stable": dict(zip(result.everyone, result.stable.tolist(), strict=True)),
        "free": list(result.free),
        "orders": {
            "states": len(result.state),
            "ties": result.ties,
            "count": result.count or None,
            "total": result.total or None,
            "share": result.share,
            "by_actor": dict(zip(result.free, result.counts, strict=True)) if result.counts else None,
            "not_counted": result.not_counted or None,
        },
        "requirements": [
            {
                "actor": item.actor,
                "at_least_as_good_as_one_of": [[result.state[row] for row in part] for part in item.alternatives],
                "met": item.met,
            }
            for item in result.requirements
        ],
        "unlisted": list(result.unlisted),
        "changes": [_remedy_document(result, item) for item in result.remedies],
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _remedy_document(result: InverseResult, remedy: Remedy) -> dict[str, object]:
    obstacle = remedy.obstacle
    return {
        "actors": list(remedy.actors),
        "status": remedy.status,
        "cost": remedy.cost,
        "margin": remedy.margin,
        "worths": [
            {"path": item.path, "from": item.before, "to": item.after, "range": [item.low, item.high]}
            for item in remedy.changes
        ],
        "obstacle": None
        if obstacle is None
        else {
            "actor": obstacle.actor,
            "state": result.state[obstacle.row],
            "better_by_at_least": obstacle.gap,
            "alternatives": obstacle.alternatives,
        },
    }
