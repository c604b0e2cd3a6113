"""How many orders of the free actors' states make a state an equilibrium: exact, without listing orders.

By Nash, GMR and SMR the actors' conditions are separate: the count is a product. By SEQ an actor's order also says
which steps it takes when it answers others. Each free actor's orders are therefore counted by D and by its lists of
improvements at the states where others' stability can ask for them, and the counts are joined over those lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import factorial, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context
from backchannel.analyses.stability.inverse_conditions import Graph, condition
from backchannel.analyses.stability.inverse_demands import Demands, demands
from backchannel.errors import TooLargeError
from backchannel.numerics.concepts import Concept
from backchannel.numerics.monotone import Clause, count_by_size, simplified
from backchannel.numerics.orders import all_orders, extensions, orders_by_size, profiles
from backchannel.numerics.stability import all_stable

MOST_STATES = 1_500
MOST_JOINED = 2_000_000
MOST_WALKS = 200_000


@dataclass(frozen=True)
class Count:
    """Exact counts.

    Parameters
    ----------
    number, total
        Orders of the free actors together that make the state an equilibrium, of how many.
    by_actor
        Per free actor, its own factor of ``number``; empty where the factors do not separate.
    """

    number: int
    total: int
    by_actor: tuple[int, ...]


def count_orders(
    graph: Graph, concept: Concept, state: int, free: Sequence[int], ties: bool, context: Context
) -> Count:
    """Count the orders of the free actors, the others' preferences held, that make a state an equilibrium.

    Raises
    ------
    TooLargeError
        Where exact counting is out of reach, naming the size.
    """
    size = graph.model.space.cells.size
    if size > MOST_STATES:
        raise TooLargeError(f"{size:,} possible states have orders beyond counting here (at most {MOST_STATES:,})")
    total = all_orders(size, ties) ** len(free)
    if concept == "seq":
        wanted = demands(graph, state, free)
        if wanted is None:
            return Count(0, total, ())
        if wanted.sources:
            return Count(_joined(graph, wanted, ties, context), total, ())
    elif not _held_agree(graph, concept, state, free):
        return Count(0, total, ())
    factors = []
    for done, actor in enumerate(free):
        context.progress(done, len(free))
        by_size = count_by_size(condition(graph, concept, actor, state), size - 1)
        factors.append(orders_by_size(by_size, size, ties))
    return Count(prod(factors), total, tuple(factors))


def _held_agree(graph: Graph, concept: Concept, state: int, free: Sequence[int]) -> bool:
    stable = all_stable(graph.model.game, (concept,))[concept][:, state]
    return all(bool(stable[actor]) for actor in range(len(graph.model.actors)) if actor not in free)


@dataclass(frozen=True, eq=False)
class _FreeActor:
    """A free actor's orders by its lists of improvements (``codes``) and by D.

    Parameters
    ----------
    actor
        Who.
    sources
        States at which its improvements matter.
    elements
        States whose place in its order matters, the state in question left out; bit k of a set is element k.
    lists
        Per code: the states it would step to, source by source.
    sets
        int64, shape (sets,): the sets D that occur, as masks.
    tallies
        (number of ties, orders of elements and state by (code, set)) pairs.
    """

    actor: int
    sources: tuple[int, ...]
    elements: tuple[int, ...]
    lists: tuple[tuple[frozenset[int], ...], ...]
    sets: NDArray[np.int64]
    tallies: tuple[tuple[int, NDArray[np.int64]], ...]


def _joined(graph: Graph, wanted: Demands, ties: bool, context: Context) -> int:
    """Sum over every combination of the free actors' lists of improvements."""
    actors = []
    for done, actor in enumerate(wanted.free):
        context.progress(done, 2 * len(wanted.free))
        actors.append(_free_actor(graph, wanted, actor, ties))
    shape = tuple(len(item.lists) for item in actors)
    if prod(shape) > MOST_JOINED or sum(prod(shape) // n for n in shape) > MOST_WALKS:
        raise TooLargeError(
            f"{' x '.join(f'{n:,}' for n in shape)} combinations of improvements are too many to go through"
        )
    joined: Any = np.ones(shape, dtype=object)
    for axis in range(len(actors)):
        context.progress(len(actors) + axis, 2 * len(actors))
        joined = joined * _own_orders(graph, wanted, actors, axis, ties)
    for actor in wanted.held:
        joined = joined * _held_stable(wanted, actors, actor).astype(object)
    return int(joined.sum())


def _free_actor(graph: Graph, wanted: Demands, actor: int, ties: bool) -> _FreeActor:
    """Count an actor's orders by lists and by D; where nobody asks for its steps, D is counted by clauses later."""
    elements = wanted.elements[actor]
    by_source = wanted.sources.get(actor, {})
    if not by_source:
        return _FreeActor(actor, (), elements, ((),), np.zeros(0, dtype=np.int64), ())
    place = {cell: k for k, cell in enumerate(elements)} | {wanted.state: len(elements)}
    sources = [(place[cell], tuple(place[target] for target in targets)) for cell, targets in by_source.items()]
    everything = len(elements) + 1 == graph.model.space.cells.size
    table = profiles(len(elements), sources, ties, by_blocks=ties and not everything)
    codes, row = np.unique(table.code, return_inverse=True)
    sets, column = np.unique(table.below, return_inverse=True)
    tallies = []
    for blocks in np.unique(table.blocks).tolist():
        chosen = table.blocks == blocks
        tally = np.zeros((codes.size, sets.size), dtype=np.int64)
        tally[row[chosen], column[chosen]] = table.number[chosen]
        tallies.append((blocks, tally))
    cells = (*elements, wanted.state)
    lists = tuple(
        tuple(frozenset(cells[target] for target in listed) for listed in table.lists(code)) for code in codes.tolist()
    )
    return _FreeActor(actor, tuple(by_source), elements, lists, sets, tuple(tallies))


def _own_orders(graph: Graph, wanted: Demands, actors: list[_FreeActor], axis: int, ties: bool) -> Any:
    """Return the orders of one free actor that suit it, by everybody's lists: an array over the joint shape."""
    item = actors[axis]
    others = [other for other in actors if other is not item]
    shape = tuple(len(other.lists) for other in others)
    answers = [wanted.answers(item.actor, _steps(others, chosen)) for chosen in product(*map(range, shape))]
    if item.sources:
        suited = _by_sets(item, wanted.state, answers, graph.model.space.cells.size, ties)
    else:
        suited = np.array([[_by_clauses(graph, wanted.state, answer, ties) for answer in answers]], dtype=object)
    return np.moveaxis(suited.reshape(len(item.lists), *shape), 0, axis)


def _by_sets(item: _FreeActor, state: int, answers: list[dict[int, frozenset[int]]], size: int, ties: bool) -> Any:
    """Count orders by the actor's own lists and by the opponents' answers, shape (codes, answers)."""
    bit = {cell: 1 << k for k, cell in enumerate(item.elements)}
    stable = np.ones((item.sets.size, len(answers)), dtype=np.int64)
    for column, answer in enumerate(answers):
        for move, reach in answer.items():
            if state not in reach:
                mask = sum(bit[cell] for cell in reach | {move})
                stable[:, column] &= (item.sets & mask) != 0
    left = size - len(item.elements) - 1
    suited: Any = np.zeros((len(item.lists), len(answers)), dtype=object)
    for blocks, tally in item.tallies:
        factor = extensions(blocks, left) if ties and left else 1
        suited = suited + (tally @ stable).astype(object) * factor
    return suited if ties else suited * (factorial(size) // factorial(size - left))


def _by_clauses(graph: Graph, state: int, answer: dict[int, frozenset[int]], ties: bool) -> int:
    """Count the orders of an actor nobody else asks for a step, by the clauses on D."""
    clauses = [Clause(graph.mask(np.array([move, *reach]))) for move, reach in answer.items() if state not in reach]
    size = graph.model.space.cells.size
    return orders_by_size(count_by_size(simplified(clauses), size - 1), size, ties)


def _held_stable(wanted: Demands, actors: list[_FreeActor], actor: int) -> NDArray[np.bool_]:
    """Return for which lists of the free actors a held actor's improvements are all answered."""
    shape = tuple(len(item.lists) for item in actors)
    stable = np.zeros(shape, dtype=bool)
    for chosen in product(*map(range, shape)):
        answers = wanted.answers(actor, _steps(actors, chosen))
        stable[chosen] = all(reach & wanted.no_better[actor] for reach in answers.values())
    return stable


def _steps(actors: list[_FreeActor], chosen: Sequence[int]) -> dict[tuple[int, int], frozenset[int]]:
    """Return the improvements of each free actor at each of its sources."""
    return {
        (item.actor, source): targets
        for item, code in zip(actors, chosen, strict=True)
        for source, targets in zip(item.sources, item.lists[code], strict=True)
    }
