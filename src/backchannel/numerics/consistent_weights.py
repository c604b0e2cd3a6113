"""One choice of weights of the untaken actions that gives the beliefs of every set at once."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog, minimize

from .behaviour import edge_weights
from .extensive_form import Floats, Game, Longs

TAKEN = 1e-12
LEAST = 1e-9
"""A belief below this counts as none."""
STARTS = 8
"""Starts of the numerical search, where beliefs hang together."""


def fit_weights(
    game: Game, profile: Floats, off: list[int], parts: tuple[tuple[int, ...], ...], gains: list[Floats], slack: float
) -> list[Floats] | None:
    """Return beliefs, (members,) a set, of one choice of weights and against which no action gains, or None.

    The logarithm of the ratio of two beliefs is linear in the logarithms of the weights. If these ratios can be chosen
    freely any belief will do, found by a linear programme a set; if there is no choice they are computed; otherwise
    weights are looked for numerically from several starts.

    Parameters
    ----------
    off, parts
        Information sets that are not reached, and at each the places of the members believed in.
    gains
        Per information set of the game what the profile yields over each action, (actions, members).
    slack
        Gain that does not count.
    """
    untaken = np.flatnonzero(profile <= TAKEN)
    weights = edge_weights(game, profile)
    weights[np.isin(game.action, untaken)] = 1.0
    constant, slope = _logarithms(game, untaken, weights)
    nodes = [[game.information_sets[place].members[k] for k in part] for place, part in zip(off, parts, strict=True)]
    rows = [slope[node] - slope[group[0]] for group in nodes for node in group[1:]]
    rank = int(np.linalg.matrix_rank(np.array(rows))) if rows else 0
    local = [gains[place][:, part] for place, part in zip(off, parts, strict=True)]
    if rank == len(rows):
        free = [positive_belief(table, slack) for table in local]
        found = [belief for belief in free if belief is not None]
    else:
        found = _searched(constant, slope, nodes, local, slack)
    if len(found) < len(off):
        return None
    return [_spread(game, place, part, belief) for place, part, belief in zip(off, parts, found, strict=True)]


def _logarithms(game: Game, untaken: Longs, weights: Floats) -> tuple[Floats, Floats]:
    """Return per node the logarithm of what is fixed, and how often each weight counts, (nodes, untaken)."""
    column = {int(entry): k for k, entry in enumerate(untaken)}
    constant = np.zeros(len(game.nodes))
    slope = np.zeros((len(game.nodes), len(untaken)))
    with np.errstate(divide="ignore"):
        logs = np.log(weights)
    for node in range(1, len(constant)):
        above = game.parent[node]
        constant[node] = constant[above] + logs[node]
        slope[node] = slope[above]
        if (entry := int(game.action[node])) in column:
            slope[node, column[entry]] += 1
    return constant, slope


def positive_belief(gains: Floats, slack: float) -> Floats | None:
    """Return a belief, all of it positive, for which no action gains, as even as can be, or None.

    ``gains`` is what the profile yields over each action at each member, (actions, members).
    """
    size = gains.shape[1]
    solved = linprog(
        np.r_[np.zeros(size), -1.0],
        A_ub=np.r_[np.c_[-gains, np.zeros(len(gains))], np.c_[-np.eye(size), np.ones(size)]],
        b_ub=np.r_[np.full(len(gains), slack), np.zeros(size)],
        A_eq=np.r_[np.ones(size), 0.0][None],
        b_eq=[1.0],
    )
    if solved.x is None or solved.status != 0 or solved.x[-1] <= LEAST:
        return None
    return np.asarray(solved.x[:-1], dtype=np.float64)


def _searched(
    constant: Floats, slope: Floats, nodes: list[list[int]], gains: list[Floats], slack: float
) -> list[Floats]:
    """Return beliefs from weights found by minimising the squared gains of deviations; empty where none were found."""

    def held(logs: Floats) -> list[Floats]:
        found = []
        for group in nodes:
            score = constant[group] + slope[group] @ logs
            weight = np.exp(score - score.max())
            found.append(weight / weight.sum())
        return found

    def excess(logs: Floats) -> float:
        parts = zip(gains, held(logs), strict=True)
        return float(sum((np.clip(-(table @ belief), 0, None) ** 2).sum() for table, belief in parts))

    generator = np.random.default_rng(0)
    for spread in (0.0, *[3.0] * (STARTS - 1)):
        start = np.asarray(generator.normal(0, 1, slope.shape[1]) * spread, dtype=np.float64)
        found = start
        if excess(start) > 0:
            found = np.asarray(minimize(excess, start, method="BFGS").x, dtype=np.float64)
        beliefs = held(found)
        if all((table @ belief >= -slack).all() for table, belief in zip(gains, beliefs, strict=True)):
            return beliefs
    return []


def _spread(game: Game, place: int, part: tuple[int, ...], belief: Floats) -> Floats:
    found = np.zeros(len(game.information_sets[place].members))
    found[list(part)] = belief
    return found
