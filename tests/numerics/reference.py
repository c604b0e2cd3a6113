"""The definitions of Nash, GMR, SMR and SEQ taken literally, on plain dictionaries; slow on purpose.

``moves[actor][state]`` is the set of states the actor can reach in one step, ``utility[actor][state]`` a
number.
"""

from __future__ import annotations

from itertools import product

from backchannel.numerics.game import ArcGame, OptionGame

Moves = list[dict[int, set[int]]]
CONCEPTS = ("nash", "gmr", "smr", "seq")


def option_moves(game: OptionGame) -> Moves:
    """Each actor's moves, by comparing all pairs of states level by level."""
    profiles = list(product(*(range(count) for count in game.levels)))
    feasible = [s for s in range(len(profiles)) if game.feasible is None or game.feasible[s]]
    return [
        {s: {t for t in feasible if t != s and _may_go(game, actor, s, profiles[s], profiles[t])} for s in feasible}
        for actor in range(len(game.utilities))
    ]


def _may_go(game: OptionGame, actor: int, s: int, here: tuple[int, ...], there: tuple[int, ...]) -> bool:
    for option, (old, new) in enumerate(zip(here, there, strict=True)):
        if old != new and game.owner[option] != actor:
            return False
        if new < old and _holds(game.final, option, s):
            return False
        if new != old and _holds(game.frozen, option, s):
            return False
    return True


def _holds(limits: tuple, option: int, state: int) -> bool:
    limit = limits[option] if limits else None
    return bool(limit) if limit is None or isinstance(limit, bool) else bool(limit[state])


def arc_moves(game: ArcGame) -> Moves:
    found = []
    for pointer, targets in zip(game.indptr, game.indices, strict=True):
        rows = range(len(pointer) - 1)
        found.append({s: {int(t) for t in targets[pointer[s] : pointer[s + 1]]} for s in rows})
    return found


def opponents_reach(moves: Moves, utility: list[list[int]], actor: int, start: int, improving: bool) -> set[int]:
    """States at the end of one or more steps by the others, none moving twice in succession."""
    seen: set[tuple[int, int]] = set()
    waiting = [(start, -1)]
    while waiting:
        state, last = waiting.pop()
        for mover in range(len(moves)):
            if mover in (actor, last):
                continue
            for target in moves[mover].get(state, set()):
                if improving and not utility[mover][target] > utility[mover][state]:
                    continue
                if (target, mover) not in seen:
                    seen.add((target, mover))
                    waiting.append((target, mover))
    return {state for state, _ in seen}


def is_stable(moves: Moves, utility: list[list[int]], concept: str, actor: int, state: int) -> bool:
    liking = utility[actor]
    own = moves[actor]
    better = {q for q in own.get(state, set()) if liking[q] > liking[state]}
    if concept == "nash":
        return not better
    for q in better:
        reached = opponents_reach(moves, utility, actor, q, concept == "seq")
        deterring = {k for k in reached if liking[k] <= liking[state]}
        if concept == "smr":
            deterring = {k for k in deterring if all(liking[h] <= liking[state] for h in own.get(k, set()))}
        if not deterring:
            return False
    return True


def stable(game: OptionGame | ArcGame, concept: str) -> list[list[bool]]:
    """Stability per actor and state, False at infeasible states."""
    moves = arc_moves(game) if isinstance(game, ArcGame) else option_moves(game)
    utility = game.utilities.tolist()
    feasible = getattr(game, "feasible", None)
    return [
        [
            (feasible is None or bool(feasible[s])) and is_stable(moves, utility, concept, actor, s)
            for s in range(len(utility[0]))
        ]
        for actor in range(len(utility))
    ]
