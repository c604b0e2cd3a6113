"""Where a crisis stands if nobody changes their mind: every concept asked for, for every state and actor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.stability import limited, non_myopic, sim
from backchannel.analyses.stability.findings import extra_findings, findings
from backchannel.analyses.stability.why import EXTRA
from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.model.draws import drawn_utilities, with_utilities
from backchannel.model.model import Model
from backchannel.model.words import labels, literals
from backchannel.numerics.anticipation import Rule, Ties
from backchannel.numerics.concepts import Concept as ConceptId
from backchannel.numerics.engines import warm_up
from backchannel.numerics.game import Bools
from backchannel.numerics.stability import all_stable
from backchannel.results.result import Result
from backchannel.spec.positions import suggest

IDS: tuple[ConceptId, ...] = ("nash", "gmr", "smr", "seq")


@dataclass(frozen=True)
class Params:
    """Which concepts to judge by, and how those that have several readings are read.

    Parameters
    ----------
    concepts
        Any of ``nash``, ``gmr``, ``smr``, ``seq``, ``sim``, ``limited``, ``non_myopic``, in the order to show them.
    horizon
        How many moves ahead ``limited`` looks.
    reading
        Who answers a move, for ``limited`` and ``non_myopic`` with more than two actors: ``worst`` or ``order``.
    ties
        Which of equally good moves is taken, for the same two: ``first`` or ``last`` in file order.
    simultaneity
        Who takes part in an answer, for ``sim``: ``improvers`` or ``unstable``.

    Raises
    ------
    NotSupportedError
        For a concept, reading or horizon there is not.
    """

    concepts: tuple[str, ...] = IDS
    horizon: int = 4
    reading: Rule = "worst"
    ties: Ties = "first"
    simultaneity: sim.Simultaneity = "improvers"

    def __post_init__(self) -> None:
        if not self.concepts or len(set(self.concepts)) < len(self.concepts):
            raise NotSupportedError("name at least one concept, and each only once")
        for name in self.concepts:
            _known("concept", name, (*IDS, *EXTRA))
        _known("reading", self.reading, tuple(limited.READINGS))
        _known("rule for ties", self.ties, tuple(limited.TIES))
        _known("reading of simultaneity", self.simultaneity, tuple(sim.READINGS))
        if not 1 <= self.horizon <= limited.MAXIMUM_HORIZON:
            raise NotSupportedError(
                f"the horizon is 1 to {limited.MAXIMUM_HORIZON} moves, got {self.horizon}; "
                "non_myopic asks for what holds however far one looks"
            )


def _known(what: str, name: str, names: tuple[str, ...]) -> None:
    if name not in names:
        raise NotSupportedError(f'unknown {what} "{name}"; {suggest(name, names)}')


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
    params
        Which concepts were asked for, in which reading.
    since
        int32, shape (actors, states), or (0, 0) if not asked: the least horizon from which on the state is
        limited-move stable for the actor; 0 where it is not stable in the limit.
    repeats_from, period
        For non-myopic stability: the horizon from which on anticipations repeat, and every how many horizons (1:
        they settle; 0: not asked).
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
    params: Params = Params()
    since: NDArray[np.int32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int32))
    repeats_from: int = 0
    period: int = 0


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: an actor who can act needs preferences over every possible state."""
    needs = []
    for actor, missing in model.unranked().items():
        why = (
            f"{missing:,} of {model.space.cells.size:,} possible states are of unknown preference to {actor}; "
            "run: backchannel unknown CRISIS"
        )
        needs.append(Need(f"a ranking of every state for {actor}", why, f"{actor}: {{ranking: [best, ..., worst]}}"))
    return tuple(needs)


def run(model: Model, context: Context, params: Params | None = None) -> StabilityResult:
    """Judge every possible state for every actor by the concepts asked for: Nash, GMR, SMR and SEQ by default.

    Cost: a few passes over the states for each actor and classical concept (see
    :mod:`backchannel.numerics.stability`); for the others see :mod:`.sim`, :mod:`.limited` and :mod:`.non_myopic`;
    with draws, once more for each draw.

    Raises
    ------
    NotSupportedError
        If an actor leaves possible states unranked, or a concept does not fit the file.
    TooLargeError
        If the work would not fit in memory or time.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(requires(model))
    check_listing(model)
    draws = context.provenance.draws
    parts = 1 + _parts(params) + draws
    cells = model.space.cells
    classical = all_stable(model.game, IDS, _within(context, 0, parts))
    extra, limit = _extra(model, params, lambda part: _within(context, 1 + part, parts))
    stable = {**{str(name): found[:, cells] for name, found in classical.items()}, **extra}
    equilibrium = {name: found.all(axis=0) for name, found in stable.items()}
    share = _shares(model, context, params, parts) if draws else np.zeros((len(params.concepts), 0))
    row = {cell: k for k, cell in enumerate(cells.tolist())}
    today = row[model.space.today]
    shares = {name: float(share[k, today]) for k, name in enumerate(params.concepts)} if draws else {}
    wide = {str(name): np.asarray(found.all(axis=0)) for name, found in classical.items()}
    crisis = model.crisis
    return StabilityResult(
        provenance=context.provenance,
        findings=(
            *findings(model, wide, shares, draws),
            *extra_findings(model, params, {name: cells[equilibrium[name]] for name in extra}, limit),
        ),
        options=tuple(crisis.options),
        levels=tuple(option.levels for option in crisis.options.values()),
        actors=model.actors,
        actor_names=tuple(model.actor_name(actor) for actor in model.actors),
        cardinal=tuple(utility.scale == "cardinal" for utility in model.utilities),
        total=model.space.total,
        state=literals(model, cells),
        label=labels(model, cells),
        named=tuple((name, row[cell]) for name, cell in model.space.named().items()),
        today=today,
        concepts=params.concepts,
        utility=np.stack([utility.points[cells] for utility in model.utilities]),
        stable=np.stack([stable[name] for name in params.concepts]),
        equilibrium=np.stack([equilibrium[name] for name in params.concepts]),
        share=share,
        params=params,
        since=np.zeros((0, 0), dtype=np.int32) if limit is None else limit.since,
        repeats_from=0 if limit is None else limit.repeats_from,
        period=0 if limit is None else limit.period,
    )


def _parts(params: Params) -> int:
    return sum(name in EXTRA for name in params.concepts)


def _extra(
    model: Model, params: Params, within: Callable[[int], Callable[[int, int], None]]
) -> tuple[dict[str, Bools], non_myopic.Limit | None]:
    """Judge by the concepts beyond the classical four: arrays (actors, possible states) by id, and the limit."""
    found: dict[str, Bools] = {}
    limit = None
    for part, name in enumerate(name for name in params.concepts if name in EXTRA):
        if name == "sim":
            found[name] = sim.stable(model, params.simultaneity, within(part))
        elif name == "limited":
            found[name] = limited.stable(model, params.horizon, params.reading, params.ties, within(part))
        else:
            limit = non_myopic.limit(model, params.reading, params.ties, within(part))
            found[name] = limit.stable
    return found, limit


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


MANY = 2**21
"""States times draws from which loading the compiled kernels pays in one run."""


def _shares(model: Model, context: Context, params: Params, parts: int) -> NDArray[np.float64]:
    """Return the share of draws in which each possible state is an equilibrium, shape (concepts, states)."""
    draws, cells = context.provenance.draws, model.space.cells
    counted = np.zeros((len(params.concepts), cells.size))
    before = parts - draws
    if draws * model.game.states >= MANY:
        warm_up()
    classical = tuple(name for name in IDS if name in params.concepts)
    for done, codes in enumerate(drawn_utilities(model, draws, context.provenance.seed), start=1):
        drawn = with_utilities(model, codes)
        stable = {str(name): found[:, cells] for name, found in all_stable(drawn.game, classical).items()}
        stable |= _extra(drawn, params, lambda part: lambda done, total: None)[0]
        for k, name in enumerate(params.concepts):
            counted[k] += stable[name].all(axis=0)
        context.progress(before + done, parts)
    return counted / draws
