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
from dataclasses import replace
from functools import partial
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from . import engines
from .arc_numpy import ArcNumpy
from .compact import compact, list_moves, possible_moves
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

MOST_MOVES = 1 << 26
"""Moves of all actors that may be listed one by one where moves are not transitive."""

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


def all_stable(game: Game, concepts: Sequence[Concept], progress: Progress | None = None) -> dict[Concept, Bools]:
    """Return :func:`stable` for several concepts, sharing work between them.

    O(actors x states x rounds) for option games whose moves are transitive, where the rounds are few in
    practice and bounded in any case; O(actors x arcs) otherwise.
    """
    check_concepts(concepts)
    found = {concept: np.zeros((game.actors, game.states), dtype=np.bool_) for concept in concepts}

    def keep(concept: Concept, actor: int, verdict: Bools) -> None:
        found[concept][actor] = verdict

    _solve(_plain(game), tuple(concepts), keep, Monitor(progress, game.actors * len(concepts)))
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
    check_concepts(concepts)
    codes = np.full(game.states, sum(CODES[concept] for concept in set(concepts)), dtype=np.uint8)
    game = _plain(game)
    monitor = Monitor(progress, game.actors * len(concepts))
    remaining = tuple(concepts)
    if isinstance(game, OptionGame) and engines.use_numba(game.states) and _product(game, _rules(game)):
        from .threshold_numba import strike_unstable

        strike_unstable(game, codes, monitor, processors() if game.states >= THREADED else 1)
        remaining = tuple(concept for concept in concepts if concept == "seq")
        monitor.advance(game.actors * (len(concepts) - len(remaining)))
    lock = Lock()

    def strike(concept: Concept, actor: int, verdict: Bools) -> None:
        bit = CODES[concept]
        kept = verdict.view(np.uint8) * np.uint8(bit)
        kept |= np.uint8(255 - bit)
        with lock:
            np.bitwise_and(codes, kept, out=codes)

    _solve(game, remaining, strike, monitor)
    return codes


def _solve(game: Game, concepts: tuple[Concept, ...], sink: Sink, monitor: Monitor) -> None:
    """Decide every (concept, actor) and hand the verdicts to ``sink``."""
    if isinstance(game, ArcGame):
        _by_closures(game, _arc_relation(game, monitor, succession=True), concepts, sink, monitor)
        return
    rules = _rules(game)
    product = _product(game, rules)
    closing = tuple(concept for concept in concepts if not product or concept == "seq")
    if product:
        _by_thresholds(game, tuple(set(concepts) - set(closing)), sink, monitor)
    if not closing:
        return
    if not product and _listable(game, rules):
        _by_lists(game, rules, closing, sink, monitor)
    else:
        _by_closures(game, _fibre_relation(game, rules, monitor), closing, _feasible_only(game, sink), monitor)


def _plain(game: Game) -> Game:
    """Return the game with contiguous, writable arrays, as the kernels expect; copies if need be."""
    names = ("utilities",) if isinstance(game, ArcGame) or game.feasible is None else ("utilities", "feasible")
    plain = {name: np.require(getattr(game, name), requirements=["C", "W"]) for name in names}
    return game if all(plain[name] is getattr(game, name) for name in names) else replace(game, **plain)


def _rules(game: OptionGame) -> tuple[Restriction | None, ...]:
    return tuple(restriction(game, actor) for actor in range(game.actors))


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


def _intransitive(rules: tuple[Restriction | None, ...]) -> bool:
    return any(rule is not None and rule.varies for rule in rules)


def _listable(game: OptionGame, rules: tuple[Restriction | None, ...]) -> bool:
    """Whether to list the moves one by one: they are few, or not transitive and not too many.

    Measured: a closure over listed moves costs about four times as much per move as one along fibres costs
    per cell, and as much where options are final or frozen.
    """
    possible = possible_moves(game)
    if _intransitive(rules):
        return possible <= MOST_MOVES
    free = all(rule is None for rule in rules)
    return possible <= game.actors * game.states // (4 if free else 1)


def _by_lists(
    game: OptionGame,
    rules: tuple[Restriction | None, ...],
    concepts: tuple[Concept, ...],
    sink: Sink,
    monitor: Monitor,
) -> None:
    """Decide on the graph over feasible states and carry the verdicts back to the box."""
    lister = list_moves
    if engines.use_numba(game.states):
        from .label_numba import list_moves as lister
    small = compact(game, rules, lister)

    def spread(concept: Concept, actor: int, verdict: Bools) -> None:
        found = np.zeros(game.states, dtype=np.bool_)
        found[small.cells] = verdict
        sink(concept, actor, found)

    relation = _arc_relation(small.graph, monitor, succession=_intransitive(rules))
    _by_closures(small.graph, relation, concepts, spread, monitor)


def _feasible_only(game: OptionGame, sink: Sink) -> Sink:
    if game.feasible is None:
        return sink
    feasible = game.feasible

    def masked(concept: Concept, actor: int, verdict: Bools) -> None:
        sink(concept, actor, verdict & feasible)

    return masked


def _by_closures(game: Game, relation: Relation, concepts: tuple[Concept, ...], sink: Sink, monitor: Monitor) -> None:
    """Decide by closures over a relation, several actors at a time where that pays."""

    def decide(actor: int, some: tuple[Concept, ...]) -> None:
        verdicts = ActorVerdicts(relation, actor, game.utilities[actor])
        for concept in some:
            sink(concept, actor, verdicts.stable(concept))
            monitor.advance()

    threads = processors() if game.states >= THREADED and engines.use_numba(game.states) else 1
    parts = _parts(concepts) if threads > 1 else (concepts,)
    monitor.run([partial(decide, actor, part) for part in parts for actor in range(game.actors)], threads)


def _parts(concepts: tuple[Concept, ...]) -> tuple[tuple[Concept, ...], ...]:
    """Split concepts into pieces of work that share nothing, longest first."""
    pieces = ([c for c in group if c in concepts] for group in (("seq",), ("nash", "smr"), ("gmr",)))
    return tuple(tuple(piece) for piece in pieces if piece)


def _arc_relation(game: ArcGame, monitor: Monitor, *, succession: bool) -> Relation:
    if engines.use_numba(game.states):
        from .label_numba import ArcNumba

        return ArcNumba(game, monitor, succession=succession)
    return ArcNumpy(game, monitor)


def _fibre_relation(game: OptionGame, rules: tuple[Restriction | None, ...], monitor: Monitor) -> Relation:
    intransitive = _intransitive(rules)
    if engines.use_numba(game.states):
        from .fibre_numba import FibreNumba
        from .label_numba import Labels

        return Labels(game, rules, monitor, succession=True) if intransitive else FibreNumba(game, rules, monitor)
    return ArcNumpy(to_arcs(game), monitor) if intransitive else FibreNumpy(game, rules, monitor)
