"""Coalitions that can share what they gain: Shapley value, core and least core of a characteristic function.

A game is ``worth``, float64 of length 2^n: entry m is what the coalition of the players whose bits are set in m can
secure and divide among themselves (bit i for player i). ``worth[0]`` is 0. Dividing it presumes transferable utility:
a common scale and side payments. Where the parties have neither, these numbers mean nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

from ..errors import TooLargeError

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

MOST_PLAYERS = 20
"""Players up to which 2^n coalitions are gone through."""
TOLERANCE = 1e-9
"""Excess, as a fraction of the largest worth, that does not count."""
ADDED = 20
"""Coalitions added to the linear program at a time."""


@dataclass(frozen=True, eq=False)
class LeastCore:
    """The smallest excess every coalition can be held to.

    Parameters
    ----------
    epsilon
        Smallest e such that some division gives every proper coalition at least its worth less e. Below 0: there is
        slack; above 0: every division leaves some coalition that much short.
    shares
        float64, shape (players,): a division that attains it; one of possibly many.
    core_empty
        Whether epsilon is above 0, beyond rounding: no division satisfies every coalition. If not, ``shares`` is in
        the core.
    """

    epsilon: float
    shares: Floats
    core_empty: bool


def shapley(worth: ArrayLike) -> Floats:
    """Return the Shapley value: each player's marginal contribution, averaged over all orders of joining.

    Parameters
    ----------
    worth
        float64, length 2^n.

    Returns
    -------
    Floats
        float64, shape (n,); sums to the worth of all together.

    Notes
    -----
    Shapley (1953). Exact up to rounding: a player's contributions to coalitions of s others weigh
    s! (n - 1 - s)! / n!. Cost: n 2^n; twenty players about a second.
    """
    game = _game(worth)
    players = _players(game)
    size = np.bitwise_count(np.arange(len(game) // 2, dtype=np.int64))
    weight = np.array([factorial(s) * factorial(players - 1 - s) / factorial(players) for s in range(players)])
    shares = []
    for player in range(players):
        split = game.reshape(-1, 2, 1 << player)
        shares.append(float(weight[size] @ (split[:, 1] - split[:, 0]).ravel()))
    return np.array(shares)


def excesses(worth: ArrayLike, shares: ArrayLike) -> Floats:
    """Return for every coalition what it could secure beyond what the division gives its members.

    Parameters
    ----------
    worth
        float64, length 2^n.
    shares
        float64, shape (n,).

    Returns
    -------
    Floats
        float64, length 2^n: worth less the members' shares. Positive entries are coalitions with a reason to leave.

    Notes
    -----
    Cost: 2^n.
    """
    game = _game(worth)
    given = np.asarray(shares, dtype=np.float64)
    if given.shape != (_players(game),):
        raise ValueError(f"shares have shape {given.shape}, expected ({_players(game)},): one a player")
    total = np.zeros(1)
    for share in given:
        total = np.concatenate([total, total + share])
    return game - total


def in_core(worth: ArrayLike, shares: ArrayLike, *, tolerance: float = TOLERANCE) -> bool:
    """Return whether a division hands out exactly the worth of all, and gives every coalition its worth at least.

    Parameters
    ----------
    worth
        float64, length 2^n.
    shares
        float64, shape (n,).
    tolerance
        Excess, as a fraction of the largest worth, that does not count.

    Notes
    -----
    Gillies (1959). Cost: 2^n.
    """
    excess = excesses(worth, shares)
    margin = tolerance * float(np.abs(_game(worth)).max())
    return bool(excess.max() <= margin and abs(excess[-1]) <= margin)


def least_core(worth: ArrayLike, *, tolerance: float = TOLERANCE) -> LeastCore:
    """Return the least core: the smallest excess all proper coalitions can be held to, and a division that does it.

    Tells whether the core is empty, by how much, and gives a point of it where it is not.

    Parameters
    ----------
    worth
        float64, length 2^n, n >= 2.
    tolerance
        Excess, as a fraction of the largest worth, that does not count.

    Raises
    ------
    ArithmeticError
        If the linear program fails.

    Notes
    -----
    Maschler, Peleg and Shapley (1979). A linear program over n + 1 unknowns; of its 2^n - 2 rows only those broken by
    the last division are added, the worst first. Cost: 2^n a round, rarely over n rounds.
    """
    game = _game(worth)
    players = _players(game)
    if players < 2:
        raise ValueError("one player has no coalition to leave for; expected two at least")
    everyone = len(game) - 1
    scale = float(np.abs(game).max()) or 1.0  # the solver's own tolerances are absolute
    rows = np.array(sorted({1 << i for i in range(players)} | {everyone ^ (1 << i) for i in range(players)}))
    while True:
        epsilon, shares = _divided(game / scale, players, rows)
        excess = excesses(game / scale, shares)
        excess[[0, everyone]] = -np.inf
        excess[rows] = -np.inf
        worst = np.argsort(-excess, kind="stable")[:ADDED]
        worst = worst[excess[worst] > epsilon + tolerance]
        if not len(worst):
            return LeastCore(epsilon * scale, shares * scale, epsilon > tolerance)
        rows = np.append(rows, worst)


def _divided(game: Floats, players: int, rows: Indices) -> tuple[float, Floats]:
    """Return the smallest excess of the coalitions given, and a division of the worth of all with it."""
    members = (rows[:, None] >> np.arange(players) & 1).astype(np.float64)
    solved = linprog(
        np.append(np.zeros(players), 1.0),
        A_ub=-np.column_stack([members, np.ones(len(rows))]),
        b_ub=-game[rows],
        A_eq=np.append(np.ones(players), 0.0)[None],
        b_eq=game[-1:],
        bounds=(None, None),
    )
    if solved.x is None:
        raise ArithmeticError(f"the linear program of {len(rows)} coalitions failed: {solved.message}")
    found = np.asarray(solved.x, dtype=np.float64) + 0.0  # no negative zeros
    return float(found[-1]), found[:-1]


def _players(game: Floats) -> int:
    return len(game).bit_length() - 1


def _game(worth: ArrayLike) -> Floats:
    game = np.asarray(worth, dtype=np.float64)
    if game.ndim != 1 or len(game) < 2 or len(game) & (len(game) - 1):
        raise ValueError(
            f"worth has shape {game.shape}, expected (2^n,): one entry a coalition, by the bits of its members"
        )
    if len(game) > 1 << MOST_PLAYERS:
        raise TooLargeError(
            f"{_players(game)} players have {len(game):,} coalitions, over the {1 << MOST_PLAYERS:,} taken"
        )
    if not np.isfinite(game).all() or game[0] != 0:
        raise ValueError(f"worths must be finite and that of nobody 0, got {game[0]:g}")
    return game
