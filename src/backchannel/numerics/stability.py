"""Stability of every state for every actor: Nash, GMR, SMR and SEQ, by the fastest method that is exact.

1. All states can occur and nothing is final or frozen: thresholds (:mod:`.thresholds`) and, for SEQ, closures
   along fibres.
2. Infeasible states, and options final or frozen for reasons outside their own actor's hand: closures along
   fibres; every actor's moves are transitive.
3. Options final or frozen depending on their own actor's options, and general graphs: closures over (state,
   last mover), since moves need not be transitive and the rule against two moves in succession matters.

Definitions: Fang, Hipel and Kilgour (1993), *Interactive Decision Making*, ch. 3; Fraser and Hipel (1984),
*Conflict Analysis*. Proofs: :mod:`.concepts`, :mod:`.thresholds`, :mod:`.fibre_numpy`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from . import engines
from .arc_numpy import ArcNumpy
from .concepts import ActorVerdicts, Concept, Relation, check_concepts
from .fibre_numpy import FibreNumpy
from .game import ArcGame, Bools, OptionGame
from .moves import Restriction, restriction, to_arcs
from .progress import Monitor, Progress, processors
from .thresholds import meets, thresholds

CODES: dict[Concept, int] = {"nash": 1, "gmr": 2, "smr": 4, "seq": 8}
"""Bit of each concept in the codes of :func:`equilibria_only`."""

THREADED = 1 << 15
"""States from which actors are worked on by several threads."""

Game = OptionGame | ArcGame
Sink = Callable[[Concept, int, Bools], None]
"""Takes (concept, actor, stable states); called once per pair, possibly from several threads."""


def stable(game: Game, concept: Concept, progress: Progress | None = None) -> Bools:
    """Return which states are stable for which actor.

    Parameters
    ----------
    game
        The game.
    concept
        ``"nash"``, ``"gmr"``, ``"smr"`` or ``"seq"``.
    progress
        Called with (done, total), counted in pairs of actor and concept; raises to cancel.

    Returns
    -------
    numpy.ndarray
        Bool, shape (actors, states); False at infeasible states.
    """
    return all_stable(game, (concept,), progress)[concept]


def all_stable(
    game: Game, concepts: Sequence[Concept], progress: Progress | None = None
) -> dict[Concept, Bools]:
    """Return :func:`stable` for several concepts, sharing work between them.

    O(actors x states x rounds) for option games whose moves are transitive, where the rounds are few in
    practice and bounded in any case; O(actors x arcs) otherwise.
    """
    found = {concept: np.zeros((game.actors, game.states), dtype=np.bool_) for concept in concepts}

    def keep(concept: Concept, actor: int, verdict: Bools) -> None:
        found[concept][actor] = verdict

    _solve(game, tuple(concepts), keep, progress)
    return found


def equilibria_only(
    game: Game, concepts: Sequence[Concept] = ("nash", "gmr", "smr"), progress: Progress | None = None
) -> NDArray[np.uint8]:
    """Return, per state, by which concepts it is stable for every actor, without keeping actors apart.

    For spaces so large that an array of (actors, states) is too much.

    Returns
    -------
    numpy.ndarray
        uint8, shape (states,): the sum of ``CODES`` over the concepts by which the state is an equilibrium; 0
        at infeasible states.
    """
    codes = np.full(game.states, sum(CODES[concept] for concept in concepts), dtype=np.uint8)

    def strike(concept: Concept, actor: int, verdict: Bools) -> None:
        np.bitwise_and(codes, np.uint8(255 - CODES[concept]), out=codes, where=~verdict)

    _solve(game, tuple(concepts), strike, progress)
    return codes


def _solve(game: Game, concepts: tuple[Concept, ...], sink: Sink, progress: Progress | None) -> None:
    """Decide every (concept, actor) and hand the verdicts to ``sink``."""
    check_concepts(concepts)
    monitor = Monitor(progress, game.actors * len(concepts))
    rules = () if isinstance(game, ArcGame) else tuple(restriction(game, actor) for actor in range(game.actors))
    product = isinstance(game, OptionGame) and _product(game, rules)
    closing = tuple(concept for concept in concepts if not product or concept == "seq")
    if isinstance(game, OptionGame) and product:
        _by_thresholds(game, tuple(set(concepts) - set(closing)), sink, monitor)
    if closing:
        relation, threads = _relation(game, rules, monitor)
        tasks = [
            partial(_by_closures, game, relation, actor, closing, sink, monitor) for actor in range(game.actors)
        ]
        monitor.run(tasks, threads)


def _product(game: OptionGame, rules: tuple[Restriction | None, ...]) -> bool:
    return (game.feasible is None or bool(game.feasible.all())) and all(rule is None for rule in rules)


def _by_thresholds(game: OptionGame, concepts: tuple[Concept, ...], sink: Sink, monitor: Monitor) -> None:
    if not concepts:
        return
    for actor, shape in enumerate(game.fibres):
        limits = thresholds(game.utilities[actor], shape)
        for concept in concepts:
            sink(concept, actor, meets(game.utilities[actor], shape, limits, concept))
            monitor.advance()


def _by_closures(
    game: Game, relation: Relation, actor: int, concepts: tuple[Concept, ...], sink: Sink, monitor: Monitor
) -> None:
    verdicts = ActorVerdicts(relation, actor, game.utilities[actor])
    for concept in concepts:
        verdict = verdicts.stable(concept)
        if isinstance(game, OptionGame) and game.feasible is not None:
            verdict &= game.feasible
        sink(concept, actor, verdict)
        monitor.advance()


def _relation(
    game: Game, rules: tuple[Restriction | None, ...], monitor: Monitor
) -> tuple[Relation, int]:
    """Return the moves in the form that fits the game and the engine, and how many threads may use it."""
    if engines.use_numba(game.states):
        return _compiled_relation(game, rules, monitor), processors() if game.states >= THREADED else 1
    if isinstance(game, ArcGame):
        return ArcNumpy(game, monitor), 1
    if any(rule is not None and rule.varies for rule in rules):
        return ArcNumpy(to_arcs(game), monitor), 1
    return FibreNumpy(game, rules, monitor), 1


def _compiled_relation(game: Game, rules: tuple[Restriction | None, ...], monitor: Monitor) -> Relation:
    from .fibre_numba import FibreNumba
    from .label_numba import ArcNumba, Labels

    if isinstance(game, ArcGame):
        return ArcNumba(game, monitor)
    if any(rule is not None and rule.varies for rule in rules):
        return Labels(game, rules, monitor, succession=True)
    return FibreNumba(game, rules, monitor)
