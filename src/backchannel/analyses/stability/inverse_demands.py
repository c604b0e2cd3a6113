"""What sequential stability asks of the orders of free actors: which of their steps could answer whose move.

A free actor's steps matter only at states that some actor's opponents may come to after a move away from the state
in question, held actors taking improvements of today and free ones any move. Where a held actor is answered anyway,
or can never be, nothing is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.stability.inverse_conditions import Graph
from backchannel.numerics.game import Bools
from backchannel.numerics.walks import leading_further, origins, reached

Lists = Mapping[tuple[int, int], frozenset[int]]
"""Per (free actor, state), the states it would step to from there."""


@dataclass(frozen=True, eq=False)
class Demands:
    """What each actor's stability can ask of the free actors.

    Parameters
    ----------
    graph, state, free
        Of what.
    held
        Held actors whose stability depends on the free actors' steps.
    moves
        Per actor concerned: the moves away that have to be answered.
    sources
        Per free actor: the targets whose comparison matters, by the state stepped from.
    elements
        Per free actor: all states (but the one in question) whose place in its order matters.
    no_better
        Per held actor: the states it likes no better.
    """

    graph: Graph
    state: int
    free: tuple[int, ...]
    held: tuple[int, ...]
    moves: dict[int, list[int]]
    sources: dict[int, dict[int, tuple[int, ...]]]
    elements: dict[int, tuple[int, ...]]
    no_better: dict[int, frozenset[int]]
    steps: dict[int, dict[int, tuple[int, ...]]]
    """Per held actor, its improvements by state."""

    def answers(self, actor: int, lists: Lists) -> dict[int, frozenset[int]]:
        """Return, for each move of an actor, the states its opponents reach when free ones step by ``lists``."""
        movers = self.graph.opponents(actor)
        return {move: self._walk(move, movers, lists) for move in self.moves[actor]}

    def _walk(self, start: int, movers: Sequence[int], lists: Lists) -> frozenset[int]:
        seen: set[tuple[int, int]] = set()
        pending = [(start, -1)]
        while pending:
            cell, last = pending.pop()
            for mover in movers:
                if mover == last:
                    continue
                steps = lists.get((mover, cell), ()) if mover in self.free else self.steps[mover].get(cell, ())
                for target in steps:
                    if (target, mover) not in seen:
                        seen.add((target, mover))
                        pending.append((target, mover))
        return frozenset(cell for cell, _ in seen)


def demands(graph: Graph, state: int, free: Sequence[int]) -> Demands | None:
    """Return what sequential stability asks of the free actors; None if a held actor can never be content.

    Cost: one walk over the opponents' moves for each move away from the state.
    """
    improving = graph.improvements()
    fixed = {actor: improving[actor] & (actor not in free) for actor in improving}
    possible = {actor: improving[actor] for actor in improving if actor not in free}
    moves: dict[int, list[int]] = {actor: [] for actor in free}
    sources: dict[int, dict[int, set[int]]] = {}
    no_better: dict[int, frozenset[int]] = {}
    mentioned: dict[int, set[int]] = {actor: set() for actor in free}
    for actor in range(graph.arcs.actors):
        own = graph.arcs.utilities[actor]
        good = own <= own[state]
        if actor in free:
            good = np.arange(own.size) == state
        for move in graph.moves(actor, state):
            if actor not in free and own[move] <= own[state]:
                continue
            if good[graph.answers(actor, move, fixed)].any():
                continue
            pairs = reached(graph.arcs, move, graph.opponents(actor), possible)
            within = pairs.any(axis=0)
            if actor in free:
                mentioned[actor] |= {move, *np.flatnonzero(within).tolist()}
            elif not (within & good).any():
                return None
            moves.setdefault(actor, []).append(move)
            useful = None if actor in free else _useful(graph, actor, good, possible)
            _collect(graph, actor, move, free, pairs, useful, sources)
    held = tuple(actor for actor in moves if actor not in free)
    for actor in held:
        own = graph.arcs.utilities[actor]
        no_better[actor] = frozenset(np.flatnonzero(own <= own[state]).tolist())
    for actor, by_source in sources.items():
        mentioned[actor].update(*by_source.values(), by_source)
    return Demands(
        graph=graph,
        state=state,
        free=tuple(free),
        held=held,
        moves=moves,
        sources={
            actor: {source: tuple(sorted(by_source[source])) for source in sorted(by_source)}
            for actor, by_source in sources.items()
        },
        elements={actor: tuple(sorted(cells - {state})) for actor, cells in mentioned.items()},
        no_better=no_better,
        steps={
            actor: _steps(graph, actor, improving[actor]) for actor in range(graph.arcs.actors) if actor not in free
        },
    )


def _collect(
    graph: Graph,
    actor: int,
    move: int,
    free: Sequence[int],
    pairs: Bools,
    useful: Bools | None,
    sources: dict[int, dict[int, set[int]]],
) -> None:
    """Add the free opponents' steps that could serve to answer one move of an actor."""
    movers = graph.opponents(actor)
    for mover in movers:
        if mover not in free:
            continue
        by_others = pairs.copy()
        by_others[mover] = False  # so that every step it could take counts as leading further
        open_arcs = leading_further(graph.arcs, move, movers, by_others, mover)
        targets = graph.arcs.indices[mover]
        if useful is not None:
            open_arcs &= useful[mover, targets]
        for source, target in zip(
            origins(graph.arcs, mover)[open_arcs].tolist(), targets[open_arcs].tolist(), strict=True
        ):
            if source != target:
                sources.setdefault(mover, {}).setdefault(source, set()).add(target)


def _useful(graph: Graph, actor: int, good: Bools, possible: Mapping[int, Bools]) -> Bools:
    """Return from which (last mover, state) pairs the opponents may yet end where a held actor is no better off."""
    movers = graph.opponents(actor)
    useful = np.tile(good, (graph.arcs.actors, 1))
    while True:
        before = useful.copy()
        onward = np.zeros_like(useful)
        for mover in movers:
            arcs: NDArray[np.bool_] = useful[mover, graph.arcs.indices[mover]]
            if mover in possible:
                arcs = arcs & possible[mover]
            onward[mover, origins(graph.arcs, mover)[arcs]] = True
        for last in movers:
            useful[last] |= onward[[mover for mover in movers if mover != last]].any(axis=0)
        if (useful == before).all():
            return useful


def _steps(graph: Graph, actor: int, improving: Bools) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {}
    arcs = zip(
        origins(graph.arcs, actor)[improving].tolist(), graph.arcs.indices[actor][improving].tolist(), strict=True
    )
    for origin, target in arcs:
        found.setdefault(origin, []).append(target)
    return {origin: tuple(targets) for origin, targets in found.items()}
