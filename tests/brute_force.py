"""The graph model's definitions written out literally: slow, plain, and the oracle of the other tests.

Nothing here shares code with the package. A *state* is any hashable thing, an *actor* too.

R_i(s) are actor i's one-step moves from s; R_i+(s) those i strictly prefers to s. A group's reach from s
holds every state at the end of a sequence of one or more moves by its members in which nobody moves twice in
succession (a member may move again later). With N-i the opponents of i, state s is for i

- Nash stable (``nash``) if R_i+(s) is empty;
- general metarational (``gmr``) if every q in R_i+(s) has a k in the reach of N-i from q with s at least as
  good as k for i (a return to s itself counts, if it is reached);
- symmetric metarational (``smr``) if moreover s is at least as good for i as every h in R_i(k);
- sequentially stable (``seq``) as ``gmr``, every step of the opponents' sequence being an improvement for its
  mover.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Actor = Hashable
State = Hashable
Moves = dict[Actor, dict[State, set[State]]]
Preference = Callable[[Actor, State], float] | Mapping[Actor, Mapping[State, float]]


@dataclass(eq=False)
class Graph:
    """States, each actor's one-step moves, and each actor's liking of each state (only its order counts)."""

    states: list[State]
    moves: Moves
    preference: Preference
    _reached: dict[object, set[State]] = field(default_factory=dict, repr=False)

    @property
    def actors(self) -> list[Actor]:
        return list(self.moves)

    def reach(self, actor: Actor, state: State) -> set[State]:
        return self.moves[actor].get(state, set())

    def value(self, actor: Actor, state: State) -> float:
        if callable(self.preference):
            return self.preference(actor, state)
        return self.preference[actor][state]

    def better(self, actor: Actor, new: State, old: State) -> bool:
        return self.value(actor, new) > self.value(actor, old)

    def opponents(self, actor: Actor) -> list[Actor]:
        return [other for other in self.actors if other != actor]


def improvements(graph: Graph, actor: Actor, state: State) -> set[State]:
    """R_i+(s)."""
    return {target for target in graph.reach(actor, state) if graph.better(actor, target, state)}


def opponents_reach(graph: Graph, actors: Iterable[Actor], state: State, improving: bool) -> set[State]:
    """States the group can reach from ``state`` in one or more steps (each an improvement if asked)."""
    group = tuple(actors)
    key = (frozenset(group), state, improving)
    if key not in graph._reached:
        graph._reached[key] = {place for place, _ in _walk_pairs(graph, group, state, improving)}
    return set(graph._reached[key])


def _walk_pairs(graph: Graph, group: Sequence[Actor], start: State, improving: bool) -> dict[tuple[State, Actor], int]:
    """Breadth-first search over (state, last mover), with the number of steps taken to each pair."""
    steps: dict[tuple[State, Actor], int] = {}
    frontier: list[tuple[State, Actor | None]] = [(start, None)]
    taken = 0
    while frontier:
        taken += 1
        following: list[tuple[State, Actor | None]] = []
        for place, last in frontier:
            for mover in group:
                if last is not None and mover == last:
                    continue
                targets = improvements(graph, mover, place) if improving else graph.reach(mover, place)
                for target in targets:
                    if (target, mover) not in steps:
                        steps[target, mover] = taken
                        following.append((target, mover))
        frontier = following
    return steps


def nash(graph: Graph, actor: Actor, state: State) -> bool:
    return not improvements(graph, actor, state)


def _deterred(graph: Graph, actor: Actor, state: State, improving: bool, symmetric: bool) -> bool:
    """Every improvement of the actor meets a sanction."""
    for target in improvements(graph, actor, state):
        sanctioned = False
        for sanction in opponents_reach(graph, graph.opponents(actor), target, improving):
            if graph.better(actor, sanction, state):
                continue
            if symmetric and any(graph.better(actor, way, state) for way in graph.reach(actor, sanction)):
                continue
            sanctioned = True
        if not sanctioned:
            return False
    return True


def gmr(graph: Graph, actor: Actor, state: State) -> bool:
    return _deterred(graph, actor, state, improving=False, symmetric=False)


def smr(graph: Graph, actor: Actor, state: State) -> bool:
    return _deterred(graph, actor, state, improving=False, symmetric=True)


def seq(graph: Graph, actor: Actor, state: State) -> bool:
    return _deterred(graph, actor, state, improving=True, symmetric=False)


CONCEPTS: dict[str, Callable[[Graph, Actor, State], bool]] = {
    "nash": nash,
    "gmr": gmr,
    "smr": smr,
    "seq": seq,
}


def verdicts(graph: Graph) -> dict[str, dict[Actor, set[State]]]:
    """For each concept and actor, the states that are stable."""
    return {
        concept: {actor: {state for state in graph.states if stable(graph, actor, state)} for actor in graph.actors}
        for concept, stable in CONCEPTS.items()
    }


def equilibria(graph: Graph) -> dict[str, set[State]]:
    """For each concept, the states stable for every actor."""
    return {
        concept: {state for state in graph.states if all(state in stable for stable in by_actor.values())}
        for concept, by_actor in verdicts(graph).items()
    }


def reachable_by_improvements(graph: Graph, start: State) -> dict[State, int]:
    """Where improvements lead, nobody moving twice in succession, with the fewest steps (start: 0)."""
    shortest = {start: 0}
    for (place, _), taken in _walk_pairs(graph, graph.actors, start, improving=True).items():
        shortest[place] = min(taken, shortest.get(place, taken))
    return shortest


@dataclass(frozen=True)
class Step:
    """What is true of one step of a walk."""

    legal: bool
    """The mover has this move from the state before."""
    improvement: bool
    """It is legal and the mover strictly prefers where it leads."""
    in_turn: bool
    """The mover is not the one who moved just before."""


def walk(graph: Graph, start: State, steps: Sequence[tuple[Actor, State]]) -> list[Step]:
    """Judge a walk step by step; written apart from the searches so that it can check their witnesses."""
    judged = []
    before = start
    for number, (mover, after) in enumerate(steps):
        legal = mover in graph.moves and after in graph.moves[mover].get(before, set())
        improvement = legal and graph.value(mover, after) > graph.value(mover, before)
        in_turn = number == 0 or steps[number - 1][0] != mover
        judged.append(Step(legal, improvement, in_turn))
        before = after
    return judged


def is_walk(graph: Graph, start: State, steps: Sequence[tuple[Actor, State]], improving: bool = False) -> bool:
    """Whether every step is legal and in turn (and an improvement, if asked)."""
    judged = walk(graph, start, steps)
    return all(step.legal and step.in_turn and (step.improvement or not improving) for step in judged)


Levels = tuple[int, ...]
Condition = Callable[[Levels], bool]


def option_form(
    options: Sequence[tuple[str, Actor, int]],
    feasible: Callable[[Levels], bool] = lambda state: True,
    final: Mapping[str, Condition] | None = None,
    frozen: Mapping[str, Condition] | None = None,
    actors: Iterable[Actor] = (),
) -> tuple[list[State], Moves]:
    """States and moves of a game in option form.

    ``options`` are (id, owner, number of levels). A state is the tuple of the options' levels in that order,
    the first option slowest. An actor moves to every other feasible state that differs only in its own
    options. Where ``final[id]`` holds in the state being left the level of that option may not fall; where
    ``frozen[id]`` holds it may not change. ``actors`` fixes the order of the actors and adds those who own
    nothing.
    """
    locks = (final or {}, frozen or {})
    everyone = list(dict.fromkeys([*actors, *(owner for _, owner, _ in options)]))
    states = [state for state in itertools.product(*(range(levels) for _, _, levels in options)) if feasible(state)]
    moves: Moves = {actor: {state: set() for state in states} for actor in everyone}
    for actor in everyone:
        for old in states:
            for new in states:
                if new != old and _may_move(options, locks, actor, old, new):
                    moves[actor][old].add(new)
    return list(states), moves


def _may_move(
    options: Sequence[tuple[str, Actor, int]],
    locks: tuple[Mapping[str, Condition], Mapping[str, Condition]],
    actor: Actor,
    old: Levels,
    new: Levels,
) -> bool:
    final, frozen = locks
    for (name, owner, _), before, after in zip(options, old, new, strict=True):
        if after == before:
            continue
        if owner != actor:
            return False
        if after < before and name in final and final[name](old):
            return False
        if name in frozen and frozen[name](old):
            return False
    return True
