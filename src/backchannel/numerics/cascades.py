"""Cascades: who moves once enough others have, in a crowd that sees all, on a network, and between groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array
from scipy.special import ndtr

from backchannel.numerics.mixture_fixed_points import LEAST_DEVIATION, FixedPoints, Mixture, fixed_points

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]

ROUNDING = 1e-12
"""Share by which an exposure may fall short of a threshold and still meet it: sums of weights are rounded."""
MOST_ROUNDS = 10_000
"""Rounds after which a cascade between groups is taken as settled."""


@dataclass(frozen=True)
class Cascade:
    """Who moved when.

    Parameters
    ----------
    round
        int64, shape (members,): round in which each moved, 0 for the first, -1 for never.
    moved
        Weight that moved in the end, in the unit of the weights.
    rounds
        Number of rounds in which somebody moved.
    """

    round: Longs
    moved: float
    rounds: int


def threshold_cascade(thresholds: Floats, weights: Floats | None = None, start: Bools | None = None) -> Cascade:
    """Let everybody move once the weight that has moved reaches his threshold, in rounds until nobody does.

    Source: Granovetter (1978). Members see all others. Cost: one sort, then O(log members) a round.

    Parameters
    ----------
    thresholds
        float64, shape (members,), in the unit of the weights.
    weights
        float64, shape (members,), 0 or more; 1 each by default.
    start
        Bool, shape (members,): who moves in round 0 whatever his threshold.
    """
    weights = np.ones(thresholds.size) if weights is None else weights
    first = np.zeros(thresholds.size, dtype=bool) if start is None else start
    order = np.argsort(np.where(first, -np.inf, thresholds), kind="stable")
    ordered, sums = thresholds[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    when = np.full(thresholds.size, -1, dtype=np.int64)
    seeds = int(first.sum())
    done, turn = 0, 0
    while True:
        reached = seeds + int(np.searchsorted(ordered[seeds:], sums[done], side="right"))
        if reached <= done:
            break
        when[order[done:reached]] = turn
        done, turn = reached, turn + 1
    return Cascade(when, float(sums[done]), turn)


def network_cascade(watches: csr_array, thresholds: Floats, start: Bools | None = None) -> Cascade:
    """Let everybody move once a share of those he watches has moved, in rounds until nobody does.

    Source: Granovetter (1978), on a network as in Watts (2002). Cost: each tie is read once, when the member watched
    moves; 10 million ties take seconds.

    Parameters
    ----------
    watches
        Sparse, shape (members, members): row i holds the weights, 0 or more, of those whom i watches.
    thresholds
        float64, shape (members,): share of the watched weight, 0 to 1. Who watches nobody moves at 0 only.
    start
        Bool, shape (members,): who moves in round 0 whatever his threshold.
    """
    members = thresholds.size
    by_watched = csc_array(watches)
    needed = thresholds * np.asarray(watches.sum(axis=1), dtype=np.float64).reshape(-1) * (1 - ROUNDING)
    needed = np.where((needed <= 0) & (thresholds > 0), np.inf, needed)
    when = np.full(members, -1, dtype=np.int64)
    exposure = np.zeros(members)
    movers = thresholds <= 0 if start is None else start | (thresholds <= 0)
    frontier = np.flatnonzero(movers)
    turn = 0
    while frontier.size:
        when[frontier] = turn
        frontier = _exposed(by_watched, frontier, exposure, needed, when)
        turn += 1
    return Cascade(when, float((when >= 0).sum()), turn)


def _exposed(by_watched: csc_array, movers: Longs, exposure: Floats, needed: Floats, when: Longs) -> Longs:
    """Tell those who watch the movers, in place, and return who has now seen enough."""
    pointer = by_watched.indptr.astype(np.int64)
    lengths = pointer[movers + 1] - pointer[movers]
    ends = np.cumsum(lengths)
    ties = np.repeat(pointer[movers] - (ends - lengths), lengths) + np.arange(int(ends[-1]))
    told, by = by_watched.indices[ties], by_watched.data[ties]
    if told.size * 8 > exposure.size:
        exposure += np.bincount(told, weights=by, minlength=exposure.size)
        return np.flatnonzero((when < 0) & (exposure >= needed))
    np.add.at(exposure, told, by)
    seen = np.unique(told)
    return seen[(when[seen] < 0) & (exposure[seen] >= needed[seen])].astype(np.int64)


@dataclass(frozen=True)
class Crowd:
    """Groups whose members differ in threshold; arrays of shape (rows, groups), one row a case or draw.

    Parameters
    ----------
    mass
        Share of the whole, adding up to 1.
    threshold
        Mean chance of fall at which members move; infinite for never.
    spread
        Standard deviation of it within the group, normal.
    reach
        What the chance of fall is taken to be once everybody watched has moved; below that it is in proportion.
    """

    mass: Floats
    threshold: Floats
    spread: Floats
    reach: Floats

    def willing(self, seen: Floats) -> Floats:
        """Return the share of each group that moves on seeing these shares move, shape (rows, groups)."""
        away = self.reach * seen - self.threshold
        return np.asarray(ndtr(away / np.maximum(self.spread, LEAST_DEVIATION)), dtype=np.float64)


def tipping_points(crowd: Crowd) -> FixedPoints:
    """Return every share at which those who want to move are exactly those who have, by row, where all see all.

    The fixed points of q = sum_g mass_g Phi((reach_g q - threshold_g) / spread_g): stable ones are where a movement
    comes to rest, unstable ones the shares beyond which it carries itself. Every one, bracketed (see
    :mod:`backchannel.numerics.mixture_fixed_points`).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.where(crowd.reach > 0, crowd.threshold / crowd.reach, np.inf)
        spreads = np.where(crowd.reach > 0, crowd.spread / crowd.reach, 0.0)
    constant = (crowd.reach <= 0) & (crowd.threshold <= 0)
    means = np.where(constant, -np.inf, means)
    return fixed_points(Mixture(crowd.mass, means, spreads, np.zeros(crowd.mass.shape[0])))


def group_cascade(crowd: Crowd, watches: Floats, start: Floats) -> Floats:
    """Return the share of each group that has moved, by round, until nobody follows: shape (rounds, rows, groups).

    Who has moved stays so. ``watches`` has shape (groups, groups), rows adding up to 1: what each group sees of the
    others. ``start`` has shape (rows, groups). Minimal model in the spirit of Kuran (1991). Cost: one matrix product a
    round.
    """
    path = [np.asarray(start, dtype=np.float64)]
    for _ in range(MOST_ROUNDS):
        following = np.maximum(path[-1], crowd.willing(path[-1] @ watches.T))
        if float(np.max(following - path[-1], initial=0.0)) < ROUNDING:
            break
        path.append(following)
    return np.stack(path)


def hinges(crowd: Crowd, watches: Floats, start: Floats) -> Floats:
    """Return what mass of the others follows if one group moves as a whole first, shape (rows, groups)."""
    groups = crowd.mass.shape[1]
    before = group_cascade(crowd, watches, start)[-1]
    followers = np.empty_like(crowd.mass)
    for group in range(groups):
        pushed = start.copy()
        pushed[:, group] = 1.0
        gained = (group_cascade(crowd, watches, pushed)[-1] - before) * crowd.mass
        followers[:, group] = gained.sum(axis=1) - gained[:, group]
    return followers
