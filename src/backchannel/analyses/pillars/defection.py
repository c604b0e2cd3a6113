"""What the pillars of one government do: one member's threshold, the strength below which it falls, the cascade."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.pillars.regime import Regime, cumulative, moments
from backchannel.errors import NotSupportedError
from backchannel.numerics.cascades import Crowd, group_cascade, hinges, tipping_points
from backchannel.numerics.global_game import (
    CommonPrior,
    Threshold,
    capped,
    common_threshold,
    critical_belief,
    diffuse_threshold,
)
from backchannel.numerics.mixture_fixed_points import FixedPoints
from backchannel.numerics.weighted_majority import MOST_PLAYERS, logit_path, profiles, pure_equilibria

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Prior = Literal["diffuse", "common"]
Promises = Literal["face", "trusted"]


@dataclass(frozen=True)
class Members:
    """One member of each pillar, shape (rows, pillars).

    Parameters
    ----------
    threshold
        Chance of fall at which he moves; infinite if he never does.
    reachable
        Whether outside forces let the chance of fall get above it.
    would_move
        Whether his belief, capped by them, reaches it; false where no belief is stated.
    """

    threshold: Floats
    reachable: Bools
    would_move: Bools


def members(regime: Regime) -> Members:
    """Judge one member of each pillar: P = risk / (risk + prize), against his belief and the cap on the chance of fall.

    Minimal model by us: he moves if belief times the prize of moving in time is at least (1 - belief) times its risk.
    """
    threshold = critical_belief(regime.stakes)
    reachable = threshold < np.minimum(1.0, regime.reach)
    believed = np.minimum(regime.belief, regime.reach)
    would = (believed >= threshold) & np.array(regime.has_belief)
    return Members(threshold, np.asarray(reachable), np.asarray(would))


def common_prior(regime: Regime) -> CommonPrior:
    """Return the prior of the file as one that all pillars share: normal with its mean and deviation.

    Raises
    ------
    NotSupportedError
        If the file knows exactly what it takes: then there is nothing to believe, and no single answer.
    """
    mean, deviation = moments(regime.falls_at)
    if deviation == 0:
        raise NotSupportedError(
            f"with a common prior falls_at of {regime.government} must be uncertain, and it is {regime.falls_at.text}; "
            "write a range such as 0.3 to 0.7"
        )
    rows = regime.mass.shape[0]
    return CommonPrior(np.full(rows, mean), np.full(rows, deviation**-2), regime.noise)


def falls_below(regime: Regime, prior: Prior) -> Threshold:
    """Return the strength below which the government falls, as a share of its pillars' mass, by row."""
    asked = capped(critical_belief(regime.stakes), regime.reach)
    if prior == "diffuse":
        return diffuse_threshold(regime.mass, asked, regime.raised)
    return common_threshold(regime.mass, asked, regime.raised, common_prior(regime))


def chance_of_fall(regime: Regime, strength: Floats) -> Floats:
    """Return the analyst's chance that it falls: that it is weaker than ``strength``, times its pillars' mean cap.

    By the distribution stated as ``falls_at``; if none is, by one in which nothing is known. The caps are weighted with
    the pillars' mass, so that forces which shield a small pillar do not shield the whole government.
    """
    return np.asarray(cumulative(regime.falls_at, strength) * np.sum(regime.mass * regime.reach, axis=1))


def crowd(regime: Regime) -> Crowd:
    """Return the pillars as groups whose members differ in threshold."""
    return Crowd(regime.mass, critical_belief(regime.stakes), regime.spread, regime.reach)


def tipping(regime: Regime) -> FixedPoints:
    """Return the shares at which a movement rests or tips, by row, where all see all."""
    return tipping_points(crowd(regime))


def tipping_share(points: FixedPoints, rows: int) -> Floats:
    """Return the least share beyond which a movement carries itself, shape (rows,); NaN where there is none."""
    found = np.full(rows, np.nan)
    unstable = ~points.stable
    where, value = points.row[unstable][::-1], points.value[unstable][::-1]
    found[where] = value
    return found


@dataclass(frozen=True)
class Movement:
    """The cascade of the one row of a regime.

    Parameters
    ----------
    first
        Share of each pillar that its belief would make move now.
    path
        float64, shape (rounds, pillars): share that has moved, round 0 the first; who has moved stays so.
    order
        Pillars by the share of the others that it takes, the lowest first.
    followers
        Per pillar: mass of the others that follows if it moves as a whole.
    """

    first: Floats
    path: Floats
    order: tuple[int, ...]
    followers: Floats


def movement(regime: Regime) -> Movement:
    """Follow the cascade from those whom their own belief makes move today."""
    group = crowd(regime)
    believed = np.where(np.array(regime.has_belief), np.minimum(regime.belief, regime.reach), 0.0)
    seen = np.divide(believed, regime.reach, out=np.zeros_like(believed), where=regime.reach > 0)
    first = group.willing(seen)
    path = group_cascade(group, regime.watches, first)[:, 0]
    asked = capped(group.threshold, regime.reach)[0]
    order = tuple(int(k) for k in np.argsort(asked, kind="stable"))
    return Movement(first[0], path, order, hinges(group, regime.watches, first)[0])


@dataclass(frozen=True)
class Elites:
    """The pillars as single players of weight.

    Parameters
    ----------
    quota
        Mass that those who move must exceed.
    equilibria
        Ids of those who move, for each equilibrium in pure strategies.
    rationality
        Logit parameter.
    moving
        Chance that each moves in the logit equilibrium on the principal branch; None if it was not followed so far.
    """

    quota: float
    equilibria: tuple[tuple[str, ...], ...]
    rationality: float
    moving: Floats | None


def elites(regime: Regime, rationality: float, progress: Callable[[], None] = lambda: None) -> Elites | None:
    """Play the game in which each pillar decides as one; None for a single pillar or too many.

    The quota is the centre of ``falls_at``, one half if the file does not say, and what foreign forces add. Once it is
    passed the government falls with the chance ``reach`` of each pillar, and survives otherwise.
    """
    if not 2 <= len(regime.pillars) <= MOST_PLAYERS:
        return None
    quota = regime.falls_at.centre + float(regime.raised[0])
    full, reach = regime.stakes, regime.reach
    stakes = replace(
        full,
        stay_falls=reach * full.stay_falls + (1 - reach) * full.stay_survives,
        move_falls=reach * full.move_falls + (1 - reach) * full.move_survives,
    )
    holds = pure_equilibria(regime.mass, stakes, np.array([quota]))[0]
    sets = tuple(
        tuple(name for name, moves in zip(regime.pillars, profile, strict=True) if moves)
        for profile in profiles(len(regime.pillars))[holds].tolist()
    )
    one = type(stakes)(stakes.stay_survives[0], stakes.stay_falls[0], stakes.move_survives[0], stakes.move_falls[0])
    try:
        moving = logit_path(regime.mass[0], one, quota, rationality, progress).moving[-1]
    except NotSupportedError:
        moving = None
    return Elites(quota, sets, rationality, moving)
