"""Why a core is empty: coalitions that, each counted so many times, claim more than all together have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

from backchannel.errors import TooLargeError

Floats = NDArray[np.float64]

MOST_PLAYERS = 12
"""Players up to which all coalitions enter one linear program."""


@dataclass(frozen=True, eq=False)
class BalancedCollection:
    """Coalitions with weights under which every player is counted once.

    Parameters
    ----------
    coalitions
        int64: by the bits of their members, ascending.
    weights
        float64, of the same length, above 0; the weights of each player's coalitions add up to 1.
    claim
        Sum of weights times worths. The core is empty exactly if it is above the worth of all together.
    """

    coalitions: NDArray[np.int64]
    weights: Floats
    claim: float


def balanced_collection(worth: ArrayLike) -> BalancedCollection:
    """Return the balanced collection of proper coalitions that claims most.

    Parameters
    ----------
    worth
        float64, length 2^n, n >= 2: entry m is what the coalition with the bits of m secures; ``worth[0]`` is 0.

    Raises
    ------
    TooLargeError
        Above :data:`MOST_PLAYERS`.
    ArithmeticError
        If the linear program fails.

    Notes
    -----
    Bondareva (1963), Shapley (1967). A linear program of n rows and 2^n - 2 columns; the collection it ends at is one
    of possibly several that claim as much, and has at most n members.
    """
    game = np.asarray(worth, dtype=np.float64)
    players = len(game).bit_length() - 1
    if players > MOST_PLAYERS:
        raise TooLargeError(f"{players} players have {len(game):,} coalitions; {1 << MOST_PLAYERS:,} are taken at once")
    proper = np.arange(1, len(game) - 1)
    members = (proper >> np.arange(players)[:, None] & 1).astype(np.float64)
    scale = float(np.abs(game).max()) or 1.0  # the solver's own tolerances are absolute
    solved = linprog(-game[proper] / scale, A_eq=members, b_eq=np.ones(players), method="highs-ds")
    if solved.x is None:
        raise ArithmeticError(f"the linear program of {proper.size} coalitions failed: {solved.message}")
    weights = np.asarray(solved.x, dtype=np.float64)
    kept = weights > 1e-9
    return BalancedCollection(proper[kept].astype(np.int64), weights[kept], float(weights[kept] @ game[proper[kept]]))
