"""What a behaviour profile of a finite game comes to: pay-offs, beliefs, best replies and regret.

A profile may carry leading axes, (..., actions): many profiles are evaluated at once, which is how derivatives by
complex steps are taken. Nothing here divides except ``beliefs`` and ``action_values``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .extensive_form import Floats, Game, Number, exact

Values = NDArray[Any]
"""Float64, or complex128 where a profile is."""


def profile_of(game: Game, choices: Mapping[str, str | Mapping[str, Number]]) -> Floats:
    """Return a behaviour profile, (actions,), from ``{set: action}`` or ``{set: {action: probability}}``.

    An action left out has probability 0; every information set must be named.
    """
    profile = np.zeros(len(game.actions))
    named = {game.set_named(name): choice for name, choice in choices.items()}
    for place, group in enumerate(game.information_sets):
        if place not in named:
            raise ValueError(f"the profile says nothing of information set {group.name!r}")
        choice = named[place]
        weights = {choice: 1.0} if isinstance(choice, str) else {key: float(exact(p)) for key, p in choice.items()}
        unknown = set(weights) - set(group.actions)
        if unknown:
            raise ValueError(f"{group.name!r} has the actions {', '.join(group.actions)}, got {', '.join(unknown)}")
        for k, label in enumerate(group.actions):
            profile[group.first + k] = weights.get(label, 0.0)
    return checked(game, profile)


def checked(game: Game, profile: Floats) -> Floats:
    """Return a behaviour profile after checking its shape and that each set's probabilities sum to 1 (1e-9)."""
    given = np.asarray(profile, dtype=np.float64)
    if given.shape != (len(game.actions),):
        raise ValueError(f"the profile has shape {given.shape}, expected ({len(game.actions)},): one entry an action")
    for group in game.information_sets:
        weights = given[group.span]
        if not (weights >= -1e-12).all() or abs(weights.sum() - 1) > 1e-9:
            raise ValueError(f"the probabilities {weights.tolist()} at {group.name!r} must be 0 or more and sum to 1")
    return given


def described(game: Game, profile: Floats) -> dict[str, dict[str, float]]:
    """Return a behaviour profile by name: ``{set: {action: probability}}``."""
    given = checked(game, profile)
    return {
        group.name: dict(zip(group.actions, given[group.span].tolist(), strict=True)) for group in game.information_sets
    }


def centroid(game: Game) -> Floats:
    """Return the profile in which every action of a set has the same probability."""
    return np.concatenate([np.full(len(group.actions), 1 / len(group.actions)) for group in game.information_sets])


def pure_profile(game: Game, places: Sequence[int]) -> Floats:
    """Return the behaviour profile of one action place a set."""
    profile = np.zeros(len(game.actions))
    for group, place in zip(game.information_sets, places, strict=True):
        profile[group.first + place] = 1.0
    return profile


def edge_weights(game: Game, profile: Values) -> Values:
    """Return the probability of each node given its parent, (..., nodes)."""
    given = np.asarray(profile)
    weights = np.broadcast_to(game.chances, (*given.shape[:-1], len(game.parent))).astype(given.dtype)
    moved = game.action >= 0
    weights[..., moved] = given[..., game.action[moved]]
    return weights


def reach(game: Game, weights: Values) -> Values:
    """Return the product of the weights from the root to each node, (..., nodes)."""
    found = np.ones_like(weights)
    for level in game.levels:
        found[..., level] = found[..., game.parent[level]] * weights[..., level]
    return found


def node_values(game: Game, profile: Values) -> Values:
    """Return what each node is worth to each player when all follow the profile from there, (..., nodes, players)."""
    weights = edge_weights(game, profile)
    found = np.broadcast_to(game.worth, (*weights.shape, len(game.players))).astype(weights.dtype)
    for level in reversed(game.levels):
        above = game.parent[level]
        starts = np.flatnonzero(np.r_[True, above[1:] != above[:-1]])
        parts = weights[..., level, None] * found[..., level, :]
        found[..., above[starts], :] = np.add.reduceat(parts, starts, axis=-2)
    return found


def expected_payoffs(game: Game, profile: Values) -> Values:
    """Return what a profile is worth to each player, (..., players). One pass over the nodes."""
    return np.asarray(node_values(game, profile)[..., 0, :])


def end_probabilities(game: Game, profile: Values) -> Values:
    """Return the probability of each end, (..., ends), in the order of ``Game.ends``."""
    return np.asarray(reach(game, edge_weights(game, profile))[..., game.ends])


def beliefs(game: Game, profile: Values) -> Values:
    """Return by Bayes the probability of each node within its information set, (..., nodes).

    Not a number (nan) at sets that are not reached, and 0 at nodes where nobody moves.
    """
    reached = reach(game, edge_weights(game, profile))
    found = np.zeros_like(reached)
    nodes, starts = game.by_set
    if not nodes.size:
        return found
    total = np.add.reduceat(reached[..., nodes], starts, axis=-1)
    spread = np.repeat(total, np.diff(np.r_[starts, len(nodes)]), axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found[..., nodes] = np.where(spread != 0, reached[..., nodes] / spread, np.nan)
    return found


def action_values(game: Game, profile: Values, belief: Values | None = None) -> Values:
    """Return what each action is worth to its player given that its set is reached, (..., actions).

    Everybody, the player itself too, follows the profile afterwards. ``belief`` holds the probability of each node
    within its set, (nodes,); by default Bayes, and nan where a set is not reached.
    """
    worth = node_values(game, profile)
    held = beliefs(game, profile) if belief is None else belief
    nodes, starts = game.by_action
    if not nodes.size:
        return np.zeros((*worth.shape[:-2], 0), dtype=worth.dtype)
    above = game.parent[nodes]
    return np.asarray(np.add.reduceat(held[..., above] * worth[..., nodes, game.player[above]], starts, axis=-1))


def own_depth(game: Game, player: int) -> dict[int, int]:
    """Return how many own moves come before each information set of a player."""
    depth: dict[int, int] = {}
    for place in game.own(player):
        above, node = -1, game.information_sets[place].members[0]
        while node > 0:
            action = int(game.action[node])
            node = int(game.parent[node])
            if action >= 0 and game.player[node] == player:
                above = int(game.information_set[node])
                break
        depth[place] = depth[above] + 1 if above >= 0 else 0
    return depth


def best_reply(game: Game, profile: Floats, player: int) -> Floats:
    """Return the profile in which one player answers the others as well as it can, (actions,).

    Ties go to the first action, and at sets the others never let it reach the first action stands. Cost: a pass over
    the nodes for every move of its own along a path.
    """
    answer = np.array(profile, dtype=np.float64)
    depth = own_depth(game, player)
    others = edge_weights(game, answer)
    for place in depth:
        others[np.isin(game.action, np.arange(*_limits(game, place)))] = 1.0
    reached = reach(game, others)  # by chance and the others alone
    for level in sorted(set(depth.values()), reverse=True):
        worth = node_values(game, answer)[:, player]
        for place in (found for found, own in depth.items() if own == level):
            group = game.information_sets[place]
            members = list(group.members)
            scores = [
                float(reached[members] @ worth[[game.children[node][k] for node in members]])
                for k in range(len(group.actions))
            ]
            answer[group.span] = 0.0
            answer[group.first + int(np.argmax(scores))] = 1.0
    return answer


def _limits(game: Game, place: int) -> tuple[int, int]:
    span = game.information_sets[place].span
    return span.start, span.stop


def regrets(game: Game, profile: Floats) -> Floats:
    """Return what each player could gain by another strategy of its own, (players,); Nash means all are 0.

    Rounding can leave about 1e-16 times the largest pay-off.
    """
    given = checked(game, profile)
    held = expected_payoffs(game, given)
    return np.array(
        [
            max(float(expected_payoffs(game, best_reply(game, given, player))[player] - held[player]), 0.0)
            for player in range(len(game.players))
        ]
    )


def agent_regrets(game: Game, profile: Floats, belief: Floats | None = None) -> Floats:
    """Return what each information set could gain by one other action at it, (information sets,).

    Given that the set is reached; nan where it is not and no ``belief`` is given.
    """
    given = checked(game, profile)
    worth = action_values(game, given, belief)
    return np.array(
        [
            worth[group.span].max() - worth[group.span] @ given[group.span]
            if not np.isnan(worth[group.first])
            else np.nan
            for group in game.information_sets
        ]
    )
