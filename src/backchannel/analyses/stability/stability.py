"""Where a crisis stands if nobody changes their mind: the four classical concepts for every state and actor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need
from backchannel.analyses.stability.findings import findings
from backchannel.analyses.stability.why import CONCEPTS
from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.model.draws import drawn_utilities, with_utilities
from backchannel.model.model import Model
from backchannel.model.words import labels, literals
from backchannel.numerics.concepts import Concept as ConceptId
from backchannel.numerics.game import Bools
from backchannel.numerics.stability import all_stable
from backchannel.results.result import Result

IDS: tuple[ConceptId, ...] = ("nash", "gmr", "smr", "seq")


@dataclass(frozen=True)
class Params:
    """Nothing to choose: every concept, every actor, every state."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StabilityResult(Result):
    """Stability of every possible state. States are in file order, first option slowest.

    Parameters
    ----------
    options, levels
        Option ids and the names of their levels, in file order; empty for a general graph.
    actors, actor_names
        Actor ids in file order, and what to print.
    cardinal
        Per actor: whether its utilities are points (else scores or ranks, of which only the order counts).
    total
        Number of states, possible or not.
    state
        Literal of each possible state.
    label
        What a reader calls it: its name, or the options above their lowest level.
    named
        Names of the file, as (name, row).
    today
        Row of today.
    concepts
        Ids of the concepts, in the order of the arrays.
    utility
        float64, shape (actors, states).
    stable
        Bool, shape (concepts, actors, states).
    equilibrium
        Bool, shape (concepts, states): stable for everybody.
    share
        float64, shape (concepts, states): share of draws in which the state is an equilibrium; shape (concepts, 0)
        without draws.
    """

    options: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    actors: tuple[str, ...]
    actor_names: tuple[str, ...]
    cardinal: tuple[bool, ...]
    total: int
    state: tuple[str, ...]
    label: tuple[str, ...]
    named: tuple[tuple[str, int], ...]
    today: int
    concepts: tuple[str, ...]
    utility: NDArray[np.float64]
    stable: NDArray[np.bool_]
    equilibrium: NDArray[np.bool_]
    share: NDArray[np.float64]


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: an actor who can act needs preferences over every possible state."""
    needs = []
    for actor, missing in model.unranked().items():
        why = (
            f"{missing:,} of {model.space.cells.size:,} possible states are of unknown preference to {actor}; "
            "stability under unknown preference comes in a later version"
        )
        needs.append(Need(f"a ranking of every state for {actor}", why, f"{actor}: {{ranking: [best, ..., worst]}}"))
    return tuple(needs)


def run(model: Model, context: Context, params: Params | None = None) -> StabilityResult:
    """Judge every possible state for every actor by Nash, GMR, SMR and SEQ.

    Cost: a few passes over the states for each actor and concept (see :mod:`backchannel.numerics.stability`); with
    draws, once more for each draw.

    Raises
    ------
    NotSupportedError
        If an actor leaves possible states unranked.
    CancelledError
        If stopped.
    """
    del params
    if needs := requires(model):
        raise NotSupportedError("\n".join(str(need) for need in needs))
    check_listing(model)
    draws = context.provenance.draws
    verdicts = all_stable(model.game, IDS, _within(context, 0, 1 + draws))
    cells = model.space.cells
    equilibrium = {concept: verdict.all(axis=0) for concept, verdict in verdicts.items()}
    share = _shares(model, context) if draws else np.zeros((len(IDS), 0))
    row = {cell: k for k, cell in enumerate(cells.tolist())}
    today = row[model.space.today]
    shares = {concept: float(share[k, today]) for k, concept in enumerate(IDS)} if draws else {}
    named = tuple((name, row[cell]) for name, cell in model.space.named().items())
    crisis = model.crisis
    return StabilityResult(
        provenance=context.provenance,
        findings=findings(model, {str(k): v for k, v in equilibrium.items()}, shares, draws),
        options=tuple(crisis.options),
        levels=tuple(option.levels for option in crisis.options.values()),
        actors=model.actors,
        actor_names=tuple(model.actor_name(actor) for actor in model.actors),
        cardinal=tuple(utility.scale == "cardinal" for utility in model.utilities),
        total=model.space.total,
        state=literals(model, cells),
        label=labels(model, cells),
        named=named,
        today=today,
        concepts=IDS,
        utility=np.stack([utility.points[cells] for utility in model.utilities]),
        stable=np.stack([verdicts[concept][:, cells] for concept in IDS]),
        equilibrium=np.stack([equilibrium[concept][cells] for concept in IDS]),
        share=share,
    )


MAXIMUM_LISTED = 2**21
"""Possible states a result lists; beyond, only counting from the arrays makes sense."""


def check_listing(model: Model) -> None:
    """Refuse to list more states than a person or a file can take. Raises TooLargeError."""
    if model.space.cells.size > MAXIMUM_LISTED:
        raise TooLargeError(
            f"{model.space.cells.size:,} possible states are more than the {MAXIMUM_LISTED:,} a result lists; "
            "use backchannel.numerics.stability.equilibria_only on the compiled game, or cut options"
        )


def _within(context: Context, start: int, parts: int) -> Callable[[int, int], None]:
    """Scale one part's progress into the whole."""
    return lambda done, total: context.progress(start * max(total, 1) + done, parts * max(total, 1))


def _shares(model: Model, context: Context) -> NDArray[np.float64]:
    """Return the share of draws in which each possible state is an equilibrium, shape (concepts, states)."""
    draws, cells = context.provenance.draws, model.space.cells
    counted = np.zeros((len(IDS), cells.size))
    for done, codes in enumerate(drawn_utilities(model, draws, context.provenance.seed), start=1):
        verdicts = all_stable(with_utilities(model, codes).game, IDS)
        for k, concept in enumerate(IDS):
            counted[k] += verdicts[concept].all(axis=0)[cells]
        context.progress(1 + done, 1 + draws)
    return counted / draws
