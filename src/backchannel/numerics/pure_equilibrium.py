"""Every Nash equilibrium in pure strategies of a finite game, by enumeration, compared exactly.

A player's strategies are listed in reduced form: an information set that its own earlier moves exclude is left out
(-1), since nothing it does there matters. Pay-offs are brought to a common denominator and added as integers, so ties
are ties.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import TooLargeError
from .behaviour import pure_profile
from .extensive_form import Floats, Game, Longs

MOST_CELLS = 4_000_000
"""Cells of the strategic form, pure profiles times players, that are enumerated."""


@dataclass(frozen=True, eq=False)
class StrategicForm:
    """Who can do what, and what it comes to.

    Parameters
    ----------
    strategies
        For each player an int64 table (strategies, information sets of its own): the place of the action, or -1 where
        its own earlier moves exclude the set.
    payoffs
        For each player its pay-offs as integers, int64 or Python integers, (strategies of the first player, ...).
    denominators
        For each player what its integers are to be divided by.
    """

    strategies: tuple[Longs, ...]
    payoffs: tuple[NDArray[Any], ...]
    denominators: tuple[int, ...]


def count_strategies(game: Game, player: int) -> int:
    """Return how many reduced pure strategies a player has. One pass over its information sets."""
    count: dict[int, int] = {}
    following = _following(game, player)
    for place in reversed(game.own(player)):
        group = game.information_sets[place]
        count[place] = sum(
            prod(count[after] for after in following.get(group.first + k, ())) for k in range(len(group.actions))
        )
    return prod(count[place] for place in following.get(-1, ()))


def _following(game: Game, player: int) -> dict[int, list[int]]:
    """Return the sets of a player that come right after each of its own actions (-1: after none)."""
    found: dict[int, list[int]] = {}
    for place in game.own(player):
        found.setdefault(last_own_action(game, game.information_sets[place].members[0], player), []).append(place)
    return found


def last_own_action(game: Game, node: int, player: int) -> int:
    """Return the last action of a player on the way to a node (an entry of a profile), or -1."""
    while node > 0:
        action, node = int(game.action[node]), int(game.parent[node])
        if action >= 0 and game.player[node] == player:
            return action
    return -1


def reduced_strategies(game: Game, player: int) -> Longs:
    """Return a player's reduced pure strategies, (strategies, own sets): places of actions, -1 at excluded sets."""
    following = _following(game, player)
    column = {place: k for k, place in enumerate(game.own(player))}

    def plans(action: int) -> list[dict[int, int]]:
        parts = [after(place) for place in following.get(action, ())]
        return [{key: value for part in parts for key, value in part.items()} for parts in product(*parts)]

    def after(place: int) -> list[dict[int, int]]:
        group = game.information_sets[place]
        return [{place: k, **plan} for k in range(len(group.actions)) for plan in plans(group.first + k)]

    listed = plans(-1)
    table = np.full((len(listed), len(column)), -1, dtype=np.int64)
    for row, plan in enumerate(listed):
        for place, k in plan.items():
            table[row, column[place]] = k
    return table


def strategic_form(game: Game) -> StrategicForm:
    """Return the reduced strategic form of a game.

    Raises ``TooLargeError`` above ``MOST_CELLS`` cells. Cost: ends times the profiles that lead to each.
    """
    counts = [count_strategies(game, player) for player in range(len(game.players))]
    cells = prod(counts) * len(counts)
    if cells > MOST_CELLS:
        shown = " x ".join(f"{count:,}" for count in counts)
        raise TooLargeError(f"{shown} pure strategies are more than the {MOST_CELLS:,} cells that are enumerated")
    strategies = tuple(reduced_strategies(game, player) for player in range(len(game.players)))
    weights = _end_weights(game)
    denominators, parts = [], []
    for player in range(len(game.players)):
        exact = [weight * game.payoffs[node][player] for node, weight in weights.items()]
        common = lcm(*(value.denominator for value in exact))
        denominators.append(common)
        parts.append([int(value * common) for value in exact])
    tables = tuple(np.zeros(counts, dtype=np.int64 if _fits(part) else object) for part in parts)
    for row, node in enumerate(weights):
        cell = np.ix_(*_leading_to(game, strategies, node))
        for table, part in zip(tables, parts, strict=True):
            table[cell] += part[row]
    return StrategicForm(strategies, tables, tuple(denominators))


def _fits(part: list[int]) -> bool:
    return sum(map(abs, part)) < 2**62


def _end_weights(game: Game) -> dict[int, Fraction]:
    """Return the probability of each end as far as chance goes."""
    weight = [Fraction(1)] * len(game.parent)
    for node in range(1, len(weight)):
        weight[node] = weight[game.parent[node]] * game.chance[node]
    return {int(node): weight[node] for node in game.ends}


def _leading_to(game: Game, strategies: tuple[Longs, ...], node: int) -> list[Longs]:
    """Return each player's strategies that do not keep play from a node."""
    allowed = [np.ones(len(table), dtype=bool) for table in strategies]
    while node > 0:
        action, node = int(game.action[node]), int(game.parent[node])
        if action >= 0:
            player = int(game.player[node])
            place = int(game.information_set[node])
            column = game.own(player).index(place)
            allowed[player] &= strategies[player][:, column] == action - game.information_sets[place].first
    return [np.flatnonzero(mask) for mask in allowed]


def pure_nash(game: Game) -> Floats:
    """Which pure strategies are best replies to one another?

    Nash (1950). Every such profile is found, and no other: pay-offs are compared exactly.

    Returns
    -------
    Floats
        Behaviour profiles, (equilibria, actions); at a set that the player's own earlier moves exclude the first action
        stands. Raises ``TooLargeError`` as ``strategic_form`` does.
    """
    form = strategic_form(game)
    held = np.ones(form.payoffs[0].shape, dtype=bool)
    for player, table in enumerate(form.payoffs):
        held &= np.asarray(table == table.max(axis=player, keepdims=True), dtype=bool)
    found = [_profile(game, form, cell) for cell in np.argwhere(held)]
    return np.array(found).reshape(len(found), len(game.actions))


def _profile(game: Game, form: StrategicForm, cell: Longs) -> Floats:
    places = np.zeros(len(game.information_sets), dtype=np.int64)
    for player, row in enumerate(cell):
        places[list(game.own(player))] = np.maximum(form.strategies[player][row], 0)
    return pure_profile(game, places.tolist())
