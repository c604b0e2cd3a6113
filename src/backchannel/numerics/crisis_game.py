"""The crisis game with two-sided uncertainty: every equilibrium, its stability, and what happens in it.

A challenger leaves things as they are or challenges; the defender concedes or resists; the challenger fights or backs
down. What war and backing down are worth to the challenger, and war to the defender, carries a standard normal term
that only the player knows (Lewis and Schultz 2003). With r the probability of resistance the challenger challenges if
the better of war and backing down exceeds

    c = (status quo - (1 - r) gain) / r,

and with f the probability that a challenge ends in war once resisted, the defender resists if
f (war + term) + (1 - f) hold > concede. An equilibrium is an r with reply(r) = r, where reply runs through both steps.

Pay-offs are handed over as float64 (..., 7) in the order of ``PAYOFFS``, in units of the standard deviation of a term.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar
from scipy.special import expit, log_ndtr, ndtr

from .bivariate_normal import bivariate_normal, density
from .extensive_form import Floats

PAYOFFS = (
    "challenger_status_quo",
    "challenger_gain",
    "challenger_war",
    "challenger_back_down",
    "defender_concede",
    "defender_war",
    "defender_hold",
)
"""What each end is worth to whom; the defender's status quo never matters. ``gain``: the challenger's worth of a
concession; ``hold``: the defender's worth of a challenger that backs down."""

SYMBOLS = ("S_A", "V_A", "W_A", "a", "C_B", "W_B", "V_B")
"""The pay-offs of ``PAYOFFS`` in the letters of the literature: A the challenger, B the defender."""

OUTCOMES = ("status quo", "concession", "back down", "war")

Rule = Literal["least_resistance", "most_resistance", "largest_basin"]
RULES: tuple[Rule, ...] = ("least_resistance", "most_resistance", "largest_basin")

ROOT = 1 / np.sqrt(2)
EDGE = 1e-12
FAINT, LEAST = 1e-290, 1e-300
"""Chance of a challenge below which quotients are taken in the limit, and the least number divided by."""


@dataclass(frozen=True, eq=False)
class Reply:
    """What follows from a probability of resistance r, elementwise.

    Parameters
    ----------
    challenge
        Probability of a challenge.
    fight
        Probability that the challenger fights, given that it challenged.
    joint, retreat
        Probability that it challenges and would fight, and that it challenges and would back down.
    score
        What resisting is worth over conceding at a private term of 0, per unit of the chance that it ends in war.
    reply
        Probability that the defender resists a challenger who behaves so: that its term exceeds -score.
    slope
        Derivative of ``reply`` in r.
    """

    challenge: Floats
    fight: Floats
    joint: Floats
    retreat: Floats
    score: Floats
    reply: Floats
    slope: Floats


@dataclass(frozen=True, eq=False)
class CrisisEquilibria:
    """Every equilibrium of one game, by rising resistance.

    Parameters
    ----------
    resist, challenge, fight
        Probabilities, (equilibria,).
    outcomes
        Probability of each of ``OUTCOMES``, (equilibria, 4).
    slope
        Derivative of the defender's reply, (equilibria,).
    stable
        Whether a small departure dies out when beliefs move towards replies, (equilibria,): slope below 1.
    oscillates
        Whether it grows when beliefs jump to the reply instead, in swings of rising size: slope below -1.
    basin
        Share of the starting beliefs (0..1) from which the adjustment ends here, (equilibria,); 0 if not stable.
    """

    resist: Floats
    challenge: Floats
    fight: Floats
    outcomes: Floats
    slope: Floats
    stable: NDArray[np.bool_]
    oscillates: NDArray[np.bool_]
    basin: Floats

    def selected(self, rule: Rule) -> int:
        """Return the place of the equilibrium a rule selects; unstable ones are never selected."""
        places = np.flatnonzero(self.stable)
        if rule == "least_resistance":
            return int(places[0])
        if rule == "most_resistance":
            return int(places[-1])
        if rule == "largest_basin":
            return int(places[np.argmax(self.basin[places])])
        raise ValueError(f"the rule is one of {', '.join(RULES)}, got {rule!r}")


def payoffs_of(**worth: float) -> Floats:
    """Return pay-offs by name as the (7,) array the functions of this module take; every name is needed."""
    missing, unknown = set(PAYOFFS) - set(worth), set(worth) - set(PAYOFFS)
    if missing or unknown:
        wrong = f"missing {', '.join(sorted(missing))}" if missing else f"unknown {', '.join(sorted(unknown))}"
        raise ValueError(f"the pay-offs are {', '.join(PAYOFFS)}; {wrong}")
    return np.array([float(worth[name]) for name in PAYOFFS])


def thresholds(payoffs: Floats, resist: Floats) -> tuple[Floats, Floats, Floats]:
    """Return war less c, backing down less c, and war less backing down over the square root of 2."""
    status_quo, gain, war, back_down = (payoffs[..., k] for k in range(4))
    cut = gain + (status_quo - gain) / resist
    return war - cut, back_down - cut, (war - back_down) * ROOT


def _fight(h: Floats, k: Floats, joint: Floats, challenge: Floats) -> Floats:
    """Return the chance that a challenger fights; where hardly anybody challenges, the limit of the normal tails."""
    with np.errstate(divide="ignore", invalid="ignore"):
        faint = expit((k - h) * (k + h) / 2 + np.log(np.abs(k) / np.abs(h)))
    return np.maximum(np.where(challenge > FAINT, joint / np.maximum(challenge, LEAST), faint), LEAST)


def reply_only(payoffs: Floats, resist: Floats) -> Floats:
    """Return ``reply(payoffs, resist).reply`` at half the cost, for scans."""
    h, k, d = thresholds(payoffs, resist)
    at_h, at_k = ndtr(h), ndtr(k)
    fight = _fight(h, k, bivariate_normal(h, d, ROOT), at_h + at_k - at_h * at_k)
    return np.asarray(ndtr(payoffs[..., 5] - payoffs[..., 6] + (payoffs[..., 6] - payoffs[..., 4]) / fight))


def reply(payoffs: Floats, resist: Floats) -> Reply:
    """Return what a probability of resistance leads to; ``resist`` broadcasts against ``payoffs[..., 0]``."""
    status_quo, gain = payoffs[..., 0], payoffs[..., 1]
    concede, defender_war, hold = (payoffs[..., k] for k in (4, 5, 6))
    h, k, d = thresholds(payoffs, resist)
    joint, retreat = bivariate_normal(h, d, ROOT), bivariate_normal(k, -d, ROOT)
    challenge = np.maximum(joint + retreat, LEAST)
    fight = _fight(h, k, joint, joint + retreat)
    score = defender_war - hold + (hold - concede) / fight
    cut_slope = (gain - status_quo) / resist**2
    joint_slope, retreat_slope = density(h) * ndtr(-k), density(k) * ndtr(-h)
    fight_slope = -((1 - fight) * joint_slope - fight * retreat_slope) / challenge * cut_slope
    fight_slope = np.where(challenge > FAINT, fight_slope, fight * (1 - fight) * (h - k) * cut_slope)
    with np.errstate(over="ignore", invalid="ignore"):
        slope = -density(score) * (hold - concede) / fight * (fight_slope / fight)
    return Reply(challenge, fight, joint, retreat, score, ndtr(score), np.where(np.isfinite(slope), slope, 0.0))


def outcome_logs(payoffs: Floats, resist: Floats) -> Floats:
    """Return the logarithm of the probability of each of ``OUTCOMES`` in equilibrium, (..., 4).

    ``resist`` solves reply(r) = r; its logarithms are taken from the score, which keeps them precise next to 0 and 1.
    """
    h, k, _ = thresholds(payoffs, resist)
    found = reply(payoffs, resist)
    with np.errstate(divide="ignore"):
        parts = (
            log_ndtr(-h) + log_ndtr(-k),
            np.log(found.challenge) + log_ndtr(-found.score),
            log_ndtr(found.score) + np.log(np.maximum(found.retreat, LEAST)),
            log_ndtr(found.score) + np.log(np.maximum(found.joint, LEAST)),
        )
    return np.stack(np.broadcast_arrays(*parts), axis=-1)


def resistance_grid(points: int) -> Floats:
    """Return probabilities between ``EDGE`` and 1 - ``EDGE``, close together at both ends, (2 x points,)."""
    even = np.linspace(0, 1, points + 2)[1:-1]
    ends = expit(np.linspace(-26, 26, points))
    return np.unique(np.clip(np.r_[EDGE, even, ends, 1 - EDGE], EDGE, 1 - EDGE))


def crisis_equilibria(payoffs: Floats, points: int = 800) -> CrisisEquilibria:
    """Which probabilities of challenge, resistance and war confirm one another?

    Lewis and Schultz (2003). reply(r) - r is scanned on a grid; every change of sign is closed in by Brent's method,
    and every dip that comes close without one is searched for a pair of solutions.

    Parameters
    ----------
    payoffs
        (7,), as ``payoffs_of`` returns.
    points
        Size of the grid; two solutions closer together than it tells apart and not next to a dip can be missed.

    Returns
    -------
    CrisisEquilibria
        At least one; several are normal. Probabilities to about 1e-12. Cost: one pass over the grid.
    """
    worth = _checked(payoffs)
    grid = resistance_grid(points)

    def excess(resist: float) -> float:
        return float(reply_only(worth, np.array(resist)) - resist)

    gaps = reply_only(worth, grid) - grid
    edges = list(pairwise(grid.tolist()))
    changes = np.flatnonzero(np.sign(gaps[:-1]) * np.sign(gaps[1:]) <= 0)
    brackets = [edges[k] for k in changes] + _dips(excess, grid, gaps)
    roots = [_root(excess, low, high) for low, high in brackets]
    if gaps[0] < 0:
        roots.append(EDGE)
    if gaps[-1] > 0:
        roots.append(1 - EDGE)
    return _described(worth, np.clip(_distinct(roots), EDGE, 1 - EDGE))


def _checked(payoffs: Floats) -> Floats:
    worth = np.asarray(payoffs, dtype=np.float64)
    if worth.shape != (len(PAYOFFS),) or not np.isfinite(worth).all():
        raise ValueError(f"pay-offs are {len(PAYOFFS)} finite numbers ({', '.join(PAYOFFS)}), got {payoffs!r}")
    return worth


def _root(excess: Callable[[float], float], low: float, high: float) -> float:
    for place in (low, high):
        if excess(place) == 0:
            return place
    return float(brentq(excess, low, high, xtol=1e-15, rtol=1e-14))


def _dips(excess: Callable[[float], float], grid: Floats, gaps: Floats) -> list[tuple[float, float]]:
    """Return brackets of solutions next to places where the gap comes near zero and turns back on the grid."""
    found = []
    for k in range(1, len(grid) - 1):
        side = float(np.sign(gaps[k]))
        turns = side * gaps[k] <= min(side * gaps[k - 1], side * gaps[k + 1])
        if not side or not turns:
            continue
        low, high = float(grid[k - 1]), float(grid[k + 1])
        nearest = minimize_scalar(lambda r, s=side: s * excess(r), bounds=(low, high), method="bounded")
        place = float(nearest.x)
        if side * excess(place) <= 0 and side * gaps[k - 1] > 0 and side * gaps[k + 1] > 0:
            found += [(low, place), (place, high)]
    return found


def _distinct(roots: list[float]) -> list[float]:
    found: list[float] = []
    for root in sorted(roots):
        if not found or root - found[-1] > 1e-10:
            found.append(root)
    return found


def _described(worth: Floats, roots: Floats) -> CrisisEquilibria:
    found = reply(worth, roots)
    stable = found.slope < 1
    return CrisisEquilibria(
        resist=roots,
        challenge=found.challenge,
        fight=found.fight,
        outcomes=np.exp(outcome_logs(worth, roots)),
        slope=found.slope,
        stable=stable,
        oscillates=found.slope < -1,
        basin=basins(roots, stable),
    )


def basins(roots: Floats, stable: NDArray[np.bool_]) -> Floats:
    """Return the share of starting beliefs from which adjustment ends at each root, rising in 0..1; 0 if not stable."""
    edges = np.r_[0.0, roots[~stable], 1.0]
    above = np.searchsorted(edges, roots, side="right")
    return np.where(stable, edges[np.minimum(above, len(edges) - 1)] - edges[above - 1], 0.0)
