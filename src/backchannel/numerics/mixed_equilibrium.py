"""Mixed Nash equilibria of two-player games, by enumeration of supports in the sequence form.

A player's behaviour is written as a realisation plan: the probability with which its own moves lead to each of its
actions (von Stengel 1996). Given which actions have positive probability, that the other side is content with its own
support is a system of linear inequalities in the plan, one for each player, and each is a linear programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import prod

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from ..errors import NotSupportedError, TooLargeError
from .extensive_form import Floats, Game, Longs
from .pure_equilibrium import last_own_action

MOST_PAIRS = 5_000
"""Pairs of supports that are tried."""
MOST_SUPPORTS = 2_000
"""Supports of one player that are listed."""
LEAST = 1e-8
"""A probability below this counts as none."""

Support = tuple[int, ...]
"""Own actions (entries of a profile) that the plan gives positive weight, in rising order."""


@dataclass(frozen=True, eq=False)
class _Side:
    """A player's half of the sequence form. Sequences are numbered 0 for none, then its own actions in order."""

    sets: tuple[int, ...]
    parents: Longs  # per set: the sequence that leads to it
    actions: Longs  # per sequence but the first: its entry in a profile
    set_of: Longs  # per sequence but the first: place in ``sets``


def _side(game: Game, player: int) -> _Side:
    sets = game.own(player)
    actions = [entry for place in sets for entry in range(*game.information_sets[place].span.indices(10**9))]
    number = {entry: k + 1 for k, entry in enumerate(actions)} | {-1: 0}
    parents = [number[last_own_action(game, game.information_sets[place].members[0], player)] for place in sets]
    set_of = [k for k, place in enumerate(sets) for _ in game.information_sets[place].actions]
    as_array = [np.array(part, dtype=np.int64) for part in (parents, actions, set_of)]
    return _Side(sets, *as_array)


def _sequence_payoffs(game: Game, sides: tuple[_Side, _Side]) -> tuple[Floats, Floats]:
    """Each player's expected pay-off from every pair of sequences, (its own, the other's)."""
    weight = np.ones(len(game.parent))
    for node in range(1, len(weight)):
        weight[node] = weight[game.parent[node]] * game.chances[node]
    numbers = [{int(entry): k + 1 for k, entry in enumerate(side.actions)} | {-1: 0} for side in sides]
    rows, columns = ([numbers[p][last_own_action(game, int(node), p)] for node in game.ends] for p in (0, 1))
    shape = (len(sides[0].actions) + 1, len(sides[1].actions) + 1)
    first, second = (
        coo_array((weight[game.ends] * game.worth[game.ends, p], (rows, columns)), shape=shape).toarray()
        for p in (0, 1)
    )
    return first, second.T


def supports(game: Game, player: int, allowed: Support) -> list[Support]:
    """Return every set of allowed actions of a player that can be those its plan gives positive weight."""
    side = _side(game, player)
    following: dict[int, list[int]] = {}
    for k, parent in enumerate(side.parents):
        following.setdefault(int(parent), []).append(k)

    def after(sequence: int) -> list[Support]:
        parts = [at(k) for k in following.get(sequence, ())]
        if prod(map(len, parts)) > MOST_SUPPORTS:
            raise TooLargeError(f"player {game.players[player]} has more than {MOST_SUPPORTS:,} supports")
        return [sum(choice, ()) for choice in product(*parts)]

    def at(k: int) -> list[Support]:
        own = [int(place) + 1 for place in np.flatnonzero(side.set_of == k) if int(side.actions[place]) in allowed]
        found: list[Support] = []
        for size in range(1, len(own) + 1):
            for chosen in combinations(own, size):
                tails = product(*(after(sequence) for sequence in chosen))
                found.extend(chosen + sum(tail, ()) for tail in tails)
        return found

    return [tuple(sorted(int(side.actions[sequence - 1]) for sequence in found)) for found in after(0)]


def mixed_nash(game: Game, allowed: Longs | None = None) -> Floats:
    """Which behaviours of two players are best replies to one another?

    Nash (1950), by supports of the sequence form (von Stengel 1996): for every pair of supports one equilibrium with
    exactly these supports, if there is one. Where a continuum shares its supports the one returned keeps its smallest
    probability as large as can be. Pure equilibria are among those found.

    Parameters
    ----------
    game
        A game of two players.
    allowed
        Actions (entries of a profile) that may have positive probability; all by default.

    Returns
    -------
    Floats
        Behaviour profiles, (equilibria, actions), to about 1e-9; at sets that the player's own moves exclude the first
        action stands. Cost: two linear programmes a pair of supports, after some an action and one a support. Raises
        ``NotSupportedError`` unless there are two players, ``TooLargeError`` above ``MOST_PAIRS`` pairs.
    """
    if len(game.players) != 2:
        raise NotSupportedError(f"supports are enumerated for two players, the game has {len(game.players)}")
    sides = (_side(game, 0), _side(game, 1))
    worth = _sequence_payoffs(game, sides)
    left = _answers(sides, worth, np.arange(len(game.actions)) if allowed is None else allowed)
    usable = []
    for player in (0, 1):
        wanted = supports(game, player, left[player])
        usable.append([s for s in wanted if _plan(sides, worth, player, s, left[1 - player], 0.0) is not None])
    if len(usable[0]) * len(usable[1]) > MOST_PAIRS:
        raise TooLargeError(f"{len(usable[0]):,} x {len(usable[1]):,} supports are more than {MOST_PAIRS:,} pairs")
    found = []
    for first, second in product(*usable):
        ahead = _plan(sides, worth, 0, first, second, LEAST)
        back = _plan(sides, worth, 1, second, first, LEAST) if ahead is not None else None
        if ahead is not None and back is not None:
            found.append(_behaviour(game, sides, (back, ahead)))
    return np.array(found).reshape(len(found), len(game.actions))


def _answers(sides: tuple[_Side, _Side], worth: tuple[Floats, Floats], allowed: Longs) -> tuple[Support, Support]:
    """Return the actions of each player that are best replies to some plan of the other made of such actions."""
    left: list[Support] = [tuple(np.intersect1d(side.actions, allowed).tolist()) for side in sides]
    settled = False
    while not settled:
        settled = True
        for player, side in enumerate(sides):
            kept = tuple(
                entry
                for entry in left[player]
                if set(path := _path(side, entry)) <= set(left[player])
                and _plan(sides, worth, player, path, left[1 - player], 0.0) is not None
            )
            settled = settled and kept == left[player]
            left[player] = kept
    return left[0], left[1]


def _path(side: _Side, entry: int) -> Support:
    """Return an action and the player's own actions that lead to it."""
    found = [entry]
    while parent := int(side.parents[side.set_of[np.flatnonzero(side.actions == found[-1])[0]]]):
        found.append(int(side.actions[parent - 1]))
    return tuple(sorted(found))


def _plan(
    sides: tuple[_Side, _Side], worth: tuple[Floats, Floats], player: int, own: Support, other: Support, least: float
) -> Floats | None:
    """Return a plan of the other player with support ``other`` to which ``own`` is a best reply, or None.

    Variables: the other's plan y, the values v of the player's sets, and t, the smallest weight in the support. Of each
    own sequence: the value of its set is at least what it yields, and no more where it is in the support.
    """
    me, them = sides[player], sides[1 - player]
    plans, sets = len(them.actions) + 1, len(me.sets)
    yields = np.zeros((len(me.actions), plans + sets + 1))
    yields[:, :plans] = worth[player][1:]
    for k, parent in enumerate(me.parents):
        if parent:
            yields[parent - 1, plans + k] += 1
    yields[np.arange(len(me.actions)), plans + me.set_of] -= 1
    held = np.isin(me.actions, own)
    flow = np.zeros((len(them.sets), plans + sets + 1))
    flow[them.set_of, np.arange(1, plans)] = 1
    flow[np.arange(len(them.sets)), them.parents] -= 1
    used = np.r_[True, np.isin(them.actions, other)]
    above = np.zeros((int(used.sum()), plans + sets + 1))
    above[np.arange(len(above)), np.flatnonzero(used)] = -1
    above[:, -1] = 1
    equal = np.r_[yields[held], flow]
    bounds: list[tuple[float | None, float | None]] = [(1.0, 1.0)]
    bounds += [(0.0, 1.0) if on else (0.0, 0.0) for on in used[1:]]
    bounds += [(None, None)] * sets + [(0.0, 1.0)]
    goal = np.zeros(plans + sets + 1)
    goal[-1] = -1
    solved = linprog(
        goal,
        A_ub=np.r_[yields[~held], above],
        b_ub=np.zeros(int((~held).sum()) + len(above)),
        A_eq=equal,
        b_eq=np.zeros(len(equal)),
        bounds=bounds,
        method="highs",
    )
    if solved.x is None or solved.status != 0 or solved.x[-1] < least:
        return None
    return np.asarray(solved.x[:plans], dtype=np.float64)


def _behaviour(game: Game, sides: tuple[_Side, _Side], plans: tuple[Floats, Floats]) -> Floats:
    """Probabilities at each set from the two realisation plans."""
    profile = np.zeros(len(game.actions))
    for side, plan in zip(sides, plans, strict=True):
        for k, place in enumerate(side.sets):
            weights = plan[1:][side.set_of == k]
            above = plan[side.parents[k]]
            span = game.information_sets[place].span
            if above > LEAST:
                profile[span] = np.clip(weights, 0, None) / weights.sum()
            else:
                profile[span.start] = 1.0
    return profile
