"""Simultaneous sanctioning and limited-move stability written out literally: plain recursion over small graphs.

Nothing here shares code with the package. With ``h`` moves left:

- ``first(i, s, h)``, where play ends if i is first to move: i stays at s, or makes the move whose end it strictly
  prefers to s and to which it prefers no other (the first such target in the order of the states);
- ``after(i, q, h)``, where it ends if i has just moved to q. Reading ``worst``: of the ends ``first(j, q, h)`` of the
  opponents j who would move, the one i likes least (the first in the order of the states); q if none would.
  Reading ``order``: the actors after i in the list, round to the one before it, are asked in turn; whoever is asked
  moves if it strictly prefers that to passing; q when all have passed.

A state s is L_h stable for i if ``first(i, s, h) == s``.
"""

from __future__ import annotations

import itertools
from typing import Any

from brute_force import Actor, Graph, State, improvements, seq


class Anticipation:
    """Ends of play by the literal recursion, remembered."""

    def __init__(self, graph: Graph, reading: str, ties: str = "first") -> None:
        self.graph = graph
        self.reading = reading
        self.order = list(graph.states) if ties == "first" else list(reversed(graph.states))
        self.place = {state: number for number, state in enumerate(self.order)}
        self.memory: dict[tuple[Any, ...], State] = {}

    def first(self, actor: Actor, state: State, left: int) -> State:
        end = self.forced(actor, state, left)
        return end if end is not None and self.graph.better(actor, end, state) else state

    def forced(self, actor: Actor, state: State, left: int) -> State | None:
        """Where it ends if the actor must move; None without a move."""
        if left == 0:
            return None
        key = ("forced", actor, state, left)
        if key not in self.memory:
            best: State | None = None
            for target in sorted(self.graph.reach(actor, state), key=self.place.__getitem__):
                end = self.after(actor, target, left - 1)
                if best is None or self.graph.better(actor, end, best):
                    best = end
            self.memory[key] = best
        return self.memory[key]

    def after(self, actor: Actor, state: State, left: int) -> State:
        if left == 0:
            return state
        if self.reading == "order":
            here = self.graph.actors.index(actor)
            return self.ask([*self.graph.actors[here + 1 :], *self.graph.actors[:here]], state, left)
        ends = [self.first(other, state, left) for other in self.graph.opponents(actor)]
        ends = [end for end in ends if end != state]
        return min(ends, key=lambda end: (self.graph.value(actor, end), self.place[end])) if ends else state

    def ask(self, asked: list[Actor], state: State, left: int) -> State:
        if not asked:
            return state
        passed = self.ask(asked[1:], state, left)
        moved = self.forced(asked[0], state, left)
        return moved if moved is not None and self.graph.better(asked[0], moved, passed) else passed


def together(owners: list[Actor], state: Any, targets: dict[Actor, Any]) -> Any:
    """The state where each mover's options stand as in its own target and the rest as they were."""
    return tuple(targets[owner][k] if owner in targets else state[k] for k, owner in enumerate(owners))


def simultaneously_stable(graph: Graph, owners: list[Actor], actor: Actor, state: Any, simultaneity: str) -> bool:
    """Every improvement meets improvements of one or more opponents that make it no better."""
    possible = set(graph.states)
    others = [o for o in graph.opponents(actor) if simultaneity == "improvers" or not seq(graph, o, state)]
    for target in improvements(graph, actor, state):
        choices = [[None, *improvements(graph, other, state)] for other in others]
        deterred = False
        for chosen in itertools.product(*choices):
            moving = {other: goal for other, goal in zip(others, chosen, strict=True) if goal is not None}
            end = together(owners, state, {actor: target, **moving})
            if moving and end in possible and not graph.better(actor, end, state):
                deterred = True
        if not deterred:
            return False
    return True
