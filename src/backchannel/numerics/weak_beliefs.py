"""Beliefs at one information set that make the rest of a player's plan a best reply, by one linear programme."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from .behaviour import edge_weights, node_values
from .extensive_form import Floats, Game


def weakly_rational(game: Game, profile: Floats, place: int, belief: Floats | None, slack: float) -> Floats | None:
    """Return a belief at a set given which its player has no better plan from there on, or None.

    Variables are the belief over the members and, for the set and each later set of the player, the value of the best
    plan from it on; a value is at least what each action yields, and the value at the set at most what the profile
    yields there.

    Parameters
    ----------
    game, profile
        What everybody does.
    place
        Index of the information set.
    belief
        Belief to check, (members,), or None to look for one.
    slack
        Gain that does not count.
    """
    group = game.information_sets[place]
    sets, rows = _plans(game, profile, place)
    members = len(group.members)
    held = node_values(game, profile)[list(group.members), group.player]
    first = np.r_[-held, [float(other == place) for other in sets]]
    bounds: list[tuple[float | None, float | None]] = (
        [(0.0, 1.0)] * members if belief is None else [(float(weight), float(weight)) for weight in belief]
    )
    solved = linprog(
        np.zeros(members + len(sets)),
        A_ub=np.r_[rows, first[None]],
        b_ub=np.r_[np.zeros(len(rows)), slack],
        A_eq=np.r_[np.ones(members), np.zeros(len(sets))][None],
        b_eq=[1.0 if belief is None else float(belief.sum())],
        bounds=bounds + [(None, None)] * len(sets),
    )
    if solved.x is None or solved.status != 0:
        return None
    return np.asarray(solved.x[:members], dtype=np.float64)


def _plans(game: Game, profile: Floats, place: int) -> tuple[list[int], Floats]:
    """Return the player's sets from one on, and for each of their actions what it yields less the set's value."""
    group = game.information_sets[place]
    inside = np.zeros(len(game.nodes), dtype=np.int64) - 1  # which member a node lies behind
    for k, node in enumerate(group.members):
        inside[node : game.past_end[node]] = k
    sets = [other for other in game.own(group.player) if inside[game.information_sets[other].members[0]] >= 0]
    column = {other: len(group.members) + k for k, other in enumerate(sets)}
    row: dict[int, int] = {}
    for other in sets:
        for k in range(len(game.information_sets[other].actions)):
            row[game.information_sets[other].first + k] = len(row)
    table = np.zeros((len(row), len(group.members) + len(sets)))
    for other in sets:
        for k in range(len(game.information_sets[other].actions)):
            table[row[game.information_sets[other].first + k], column[other]] -= 1
    weights = edge_weights(game, profile)
    last = np.full(len(game.nodes), -1, dtype=np.int64)
    weight = np.ones(len(game.nodes))
    for node in np.flatnonzero(inside >= 0).tolist():
        above = int(game.parent[node])
        if node in group.members:
            continue
        own = game.player[above] == group.player
        last[node] = game.action[node] if own else last[above]
        weight[node] = weight[above] * (1.0 if own else weights[node])
        if not game.children[node]:
            table[row[int(last[node])], inside[node]] += weight[node] * game.worth[node, group.player]
    for other in sets:
        if other != place:
            table[row[int(last[game.information_sets[other].members[0]])], column[other]] += 1
    return sets, table
