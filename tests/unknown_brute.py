"""Unknown preference and strength of preference written out literally; shares nothing with the package.

``known[actor]`` holds the states an actor ranks. Any two different states of which one is not ranked are of unknown
preference (U) to it; a state is as good as itself.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from brute_force import Actor, Graph, State

Known = dict[Actor, set[State]]
Filter = Callable[[Actor, State, State], bool]
MOVES_ON = {"a": True, "b": False, "c": True, "d": False}
DETERRED = {"a": False, "b": False, "c": True, "d": True}


def compare(graph: Graph, known: Known, actor: Actor, new: State, old: State) -> str:
    """>, =, < or U: how the first compares with the second."""
    if new == old:
        return "="
    if new not in known[actor] or old not in known[actor]:
        return "U"
    difference = graph.value(actor, new) - graph.value(actor, old)
    return ">" if difference > 0 else "<" if difference < 0 else "="


def reach(graph: Graph, actor: Actor, start: State, taken: Filter) -> set[State]:
    """Where the actor's opponents get from a state in one move or more, nobody twice in succession."""
    found: set[tuple[State, Actor]] = set()
    pending: list[tuple[State, Any]] = [(start, None)]
    while pending:
        place, last = pending.pop()
        for mover in graph.opponents(actor):
            if mover == last:
                continue
            for target in graph.reach(mover, place):
                if taken(mover, place, target) and (target, mover) not in found:
                    found.add((target, mover))
                    pending.append((target, mover))
    return {state for state, _ in found}


def stable(
    graph: Graph, known: Known, concept: str, reading: str, actor: Actor, state: State, sure: bool = False
) -> bool:
    """Stable by a concept under a reading; ``sure``: opponents take certain improvements only (SEQ)."""
    tempting = {">", "U"} if MOVES_ON[reading] else {">"}
    deterring = {"<", "=", "U"} if DETERRED[reading] else {"<", "="}
    credible = {">"} if sure else {">", "U"}

    def how(new: State) -> str:
        return compare(graph, known, actor, new, state)

    def taken(mover: Actor, old: State, new: State) -> bool:
        return concept != "seq" or compare(graph, known, mover, new, old) in credible

    for target in graph.reach(actor, state):
        if how(target) not in tempting:
            continue
        if concept == "nash":
            return False
        sanctions = [end for end in reach(graph, actor, target, taken) if how(end) in deterring]
        if concept == "smr":
            sanctions = [end for end in sanctions if all(how(way) in deterring for way in graph.reach(actor, end))]
        if not sanctions:
            return False
    return True


def completed(graph: Graph, known: Known, actor: Actor) -> Iterator[dict[State, float]]:
    """Every total preorder on the states that agrees with the actor's ranking, as ranks; by trial of all ranks."""
    states = graph.states
    seen = set()
    for ranks in itertools.product(range(len(states)), repeat=len(states)):
        if set(ranks) != set(range(len(set(ranks)))) or ranks in seen:
            continue
        seen.add(ranks)
        order = dict(zip(states, ranks, strict=True))
        pairs = itertools.combinations(known[actor], 2)
        if all(_sign(order[x] - order[y]) == _sign(graph.value(actor, x) - graph.value(actor, y)) for x, y in pairs):
            yield {state: float(rank) for state, rank in order.items()}


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def strength(
    graph: Graph, much: Callable[[Actor, State, State], bool], concept: str, actor: Actor, state: State
) -> str:
    """strong, weak or not; ``much(actor, better, worse)``: much preferred."""

    def taken(mover: Actor, old: State, new: State) -> bool:
        return concept != "seq" or graph.better(mover, new, old)

    levels = []
    for target in graph.reach(actor, state):
        if not graph.better(actor, target, state):
            continue
        if concept == "nash":
            return "not"
        ends = reach(graph, actor, target, taken)
        ways = {end: {end} | (graph.reach(actor, end) if concept == "smr" else set()) for end in ends}
        if any(all(much(actor, state, way) for way in ways[end]) for end in ends):
            levels.append("strong")
        elif any(not any(graph.better(actor, way, state) for way in ways[end]) for end in ends):
            levels.append("weak")
        else:
            levels.append("not")
    return "not" if "not" in levels else "weak" if "weak" in levels else "strong"
