"""Coalitional stability written out literally, for the graphs of :mod:`brute_force`.

With R_H(s) the states at the end of one or more moves by members of H, nobody twice in succession, and q a
*coalitional improvement* if q is in R_H(s) and every member of H likes q better than s, state s is for H

- ``nash`` if it has no coalitional improvement;
- ``gmr`` if for every coalitional improvement q some k in R_{N-H}(q) leaves some member no better off than s;
- ``smr`` if moreover no h in R_H(k) is better than s for every member;
- ``seq`` as ``gmr``, every step of the opponents being an improvement for the one who takes it.
"""

from __future__ import annotations

from collections.abc import Iterable

from brute_force import Actor, Graph, State, opponents_reach


def all_better(graph: Graph, coalition: Iterable[Actor], new: State, old: State) -> bool:
    return all(graph.value(member, new) > graph.value(member, old) for member in coalition)


def coalitional_improvements(graph: Graph, coalition: tuple[Actor, ...], state: State) -> set[State]:
    reached = opponents_reach(graph, coalition, state, improving=False)
    return {target for target in reached if all_better(graph, coalition, target, state)}


def answers(graph: Graph, concept: str, coalition: tuple[Actor, ...], state: State, target: State) -> set[State]:
    """Where the opponents can lead from ``target`` so that the gain of some member is gone."""
    others = tuple(actor for actor in graph.actors if actor not in coalition)
    if concept == "nash":
        return set()
    found = set()
    for end in opponents_reach(graph, others, target, improving=concept == "seq"):
        if all_better(graph, coalition, end, state):
            continue
        regained = opponents_reach(graph, coalition, end, improving=False) if concept == "smr" else set()
        if not any(all_better(graph, coalition, way, state) for way in regained):
            found.add(end)
    return found


def stable(graph: Graph, concept: str, coalition: tuple[Actor, ...], state: State) -> bool:
    return all(
        answers(graph, concept, coalition, state, target)
        for target in coalitional_improvements(graph, coalition, state)
    )
