"""The inverse question by trying every order: the oracle of the inverse analysis. Slow and literal."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from brute_force import CONCEPTS, Graph, State


def strict_orders(states: list[State]) -> Iterator[dict[State, float]]:
    """Every permutation, as a liking of each state."""
    for order in itertools.permutations(range(len(states))):
        yield dict(zip(states, map(float, order), strict=True))


def weak_orders(states: list[State]) -> Iterator[dict[State, float]]:
    """Every order with ties: every assignment of ranks that leaves no rank out."""
    for ranks in itertools.product(range(len(states)), repeat=len(states)):
        if set(ranks) == set(range(max(ranks) + 1)):
            yield dict(zip(states, map(float, ranks), strict=True))


def count(graph: Graph, concept: str, state: State, free: list[str], ties: bool) -> tuple[int, int]:
    """(orders of the free actors that make the state an equilibrium, of how many)."""
    orders = weak_orders if ties else strict_orders
    good = total = 0
    for chosen in itertools.product(*(list(orders(graph.states)) for _ in free)):
        liking = {**{a: {s: graph.value(a, s) for s in graph.states} for a in graph.actors}}
        liking.update(zip(free, chosen, strict=True))
        changed = Graph(graph.states, graph.moves, liking)
        total += 1
        good += all(CONCEPTS[concept](changed, actor, state) for actor in graph.actors)
    return good, total


def stable_sets(graph: Graph, concept: str, actor: str, state: State) -> set[frozenset[State]]:
    """Every set D of states no better than the state, of those reached by an order, that makes it stable."""
    others = [other for other in graph.states if other != state]
    found = set()
    for size in range(len(others) + 1):
        for below in itertools.combinations(others, size):
            liking = {a: {s: graph.value(a, s) for s in graph.states} for a in graph.actors}
            liking[actor] = {s: 0.0 if s == state or s in below else 1.0 for s in graph.states}
            if CONCEPTS[concept](Graph(graph.states, graph.moves, liking), actor, state):
                found.add(frozenset(below))
    return found
