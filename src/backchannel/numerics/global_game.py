"""A global game of defection: groups of different mass and pay-offs, each member with his own noisy view of strength.

The government has strength theta and falls if the share that moves reaches theta (plus what troops add). Nobody knows
theta; a member of group g sees theta plus noise. Minimal model in the spirit of Morris and Shin (1998, 2003) and of
Casper and Tyson (2014): the groups, the cap on the chance of fall and the added strength are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from backchannel.numerics.mixture_fixed_points import Mixture, fixed_points

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

STEEPEST = float(np.sqrt(2 * np.pi))
"""Precision of the common prior over the root of that of the signals up to which there is one equilibrium."""


@dataclass(frozen=True)
class Stakes:
    """Pay-offs of one member of each group in the four outcomes; arrays of one shape, groups last."""

    stay_survives: Floats
    stay_falls: Floats
    move_survives: Floats
    move_falls: Floats

    @property
    def risk(self) -> Floats:
        """What moving loses if the government survives."""
        return np.asarray(self.stay_survives - self.move_survives)

    @property
    def prize(self) -> Floats:
        """What moving gains if it falls."""
        return np.asarray(self.move_falls - self.stay_falls)


@dataclass(frozen=True)
class CommonPrior:
    """Everybody's prior of strength, itself known to all: normal, one for each row.

    Parameters
    ----------
    mean, precision
        float64, shape (rows,). Precision is one over the variance, above 0.
    noise
        float64, shape (rows, groups): standard deviation of what a member sees, above 0.
    """

    mean: Floats
    precision: Floats
    noise: Floats


@dataclass(frozen=True)
class Threshold:
    """Strength below which the government falls, by row.

    Parameters
    ----------
    least, greatest
        float64, shape (rows,): the same where there is one equilibrium.
    steepness
        float64, shape (rows,): the sum over groups of mass times precision of the prior times noise; one equilibrium
        is sure up to :data:`STEEPEST`. 0 for a diffuse prior.
    count
        int64, shape (rows,): equilibria in thresholds; with several, the least and the greatest stand above.
    """

    least: Floats
    greatest: Floats
    steepness: Floats
    count: NDArray[np.int64]


def critical_belief(stakes: Stakes) -> Floats:
    """Return the chance of fall at which a member is indifferent, shape of the pay-offs.

    Infinite where moving gains nothing even if the government falls; 0 where it loses nothing if it survives. Where
    both hold at once (see :func:`reversed_outcomes`) there is no such belief: NaN.
    """
    risk, prize = stakes.risk, stakes.prize
    with np.errstate(divide="ignore", invalid="ignore"):
        inner = risk / (risk + prize)
    never = np.where(prize < 0, np.inf, np.where(prize == 0, 1.0, inner))
    whole = np.where(risk <= 0, 0.0, never)
    return np.asarray(np.where(reversed_outcomes(stakes), np.nan, whole), dtype=np.float64)


def reversed_outcomes(stakes: Stakes) -> Bools:
    """Return who would rather move the less he believes in a fall: no risk in moving, and no prize either.

    He moves if the chance of fall is at most risk / (risk + prize); none of the models here is about such members.
    """
    return np.asarray((stakes.risk <= 0) & (stakes.prize < 0))


def capped(belief: Floats, reach: Floats) -> Floats:
    """Return the chance of fall without outside forces that a critical belief asks for, if these cap it at ``reach``.

    A member moves if reach times that chance is at least his critical belief: belief / reach; infinite out of reach.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        asked = np.where(belief > 0, belief / np.maximum(reach, 0), 0.0)
    return np.asarray(np.where(asked > 1, np.inf, asked), dtype=np.float64)


def diffuse_threshold(mass: Floats, asked: Floats, raised: Floats) -> Threshold:
    """Return the threshold if nobody knows anything beforehand: sum of mass times (1 - asked), less what troops add.

    Holds for any law of the noise. ``mass`` and ``asked`` have shape (rows, groups), ``raised`` (rows,).
    """
    value = np.sum(mass * (1 - np.minimum(asked, 1.0)), axis=-1) - raised
    value = np.asarray(value, dtype=np.float64)
    return Threshold(value, value, np.zeros_like(value), np.ones(value.shape, dtype=np.int64))


def common_threshold(mass: Floats, asked: Floats, raised: Floats, prior: CommonPrior) -> Threshold:
    """Return the threshold if one prior is common knowledge: the fixed points of a mixture of normals.

    The threshold solves theta + raised = sum_g mass_g Phi((theta - mean_g) / deviation_g) with
    mean_g = z + sqrt(alpha + beta_g) Phi^-1(asked_g) / alpha and deviation_g = sqrt(beta_g) / alpha, where z and alpha
    are the prior's mean and precision and beta_g one over the square of the noise. Shapes as above.
    """
    mixture = _mixture(mass, asked, raised, prior)
    low, high = -float(np.max(raised, initial=0.0)), float(np.max(np.sum(mass, axis=-1), initial=1.0))
    points = fixed_points(mixture, low, high)
    rows = mass.shape[0]
    count = np.bincount(points.row, minlength=rows).astype(np.int64)
    ends = np.cumsum(count)
    steepness = np.sum(mass * prior.precision[:, None] * prior.noise, axis=-1)
    return Threshold(points.value[ends - count], points.value[ends - 1], steepness, count)


def _mixture(mass: Floats, asked: Floats, raised: Floats, prior: CommonPrior) -> Mixture:
    precision = prior.precision[:, None]
    spread = np.sqrt(precision + prior.noise**-2)
    means = prior.mean[:, None] + spread * ndtri(np.clip(asked, 0.0, 1.0)) / precision
    return Mixture(mass, means, 1 / (prior.noise * precision), raised)


def cutoffs(asked: Floats, theta: Floats, noise: Floats, prior: CommonPrior | None = None) -> Floats:
    """Return what a member of each group must see at most to move, shape (rows, groups); infinite for never or always.

    ``theta`` is the threshold, shape (rows,). Without a prior the noise is normal and the prior diffuse.
    """
    here = theta[:, None]
    quantile = ndtri(np.clip(asked, 0.0, 1.0))
    if prior is None:
        return np.asarray(here - noise * quantile)
    alpha, beta = prior.precision[:, None], noise**-2
    lean = alpha * (here - prior.mean[:, None]) - np.sqrt(alpha + beta) * quantile
    return np.asarray(here + lean / beta)


@dataclass(frozen=True)
class Sensitivity:
    """How the threshold moves with each input, per unit; shapes (rows, groups) but for the last two, (rows,).

    Parameters
    ----------
    stay_survives, stay_falls, move_survives, move_falls
        Per point of the pay-off.
    reach
        Per unit of the cap on the chance of fall.
    raised
        Per unit of strength that troops add.
    mean
        Per unit of the common prior's mean: minus the publicity multiplier's size; 0 for a diffuse prior.
    """

    stay_survives: Floats
    stay_falls: Floats
    move_survives: Floats
    move_falls: Floats
    reach: Floats
    raised: Floats
    mean: Floats


def sensitivity(
    mass: Floats, stakes: Stakes, reach: Floats, raised: Floats, prior: CommonPrior | None = None
) -> Sensitivity:
    """Return the derivatives of the threshold in closed form, at the least equilibrium where there are several.

    A group that never moves, or always does, has none and does not weigh on the others'. At the edge, where a group
    only just never moves, the derivatives with a diffuse prior are those towards moving. Where the common prior is at a
    fold, they are infinite there; the caller sees a steepness above :data:`STEEPEST`.
    """
    belief = critical_belief(stakes)
    asked = capped(belief, reach)
    inner = (asked > 0) & ((asked <= 1) if prior is None else (asked < 1))
    if prior is None:
        per_asked = np.where(inner, -mass, 0.0)
        raise_by, mean = -np.ones(mass.shape[0]), np.zeros(mass.shape[0])
    else:
        theta = common_threshold(mass, asked, raised, prior).least
        per_asked, raise_by, mean = _common_slopes(mass, asked, inner, theta, prior)
    safe = np.where(inner, belief, 0.5)
    cap = np.where(inner, reach, 1.0)
    whole = np.where(inner, stakes.risk + stakes.prize, 1.0)
    by_risk, by_prize = per_asked / cap * (1 - safe) / whole, per_asked / cap * safe / whole
    return Sensitivity(by_risk, by_prize, -by_risk, -by_prize, -per_asked * safe / cap**2, raise_by, mean)


def _common_slopes(
    mass: Floats, asked: Floats, inner: Bools, theta: Floats, prior: CommonPrior
) -> tuple[Floats, Floats, Floats]:
    alpha, beta = prior.precision[:, None], prior.noise**-2
    quantile = ndtri(np.where(inner, asked, 0.5))
    at = (alpha * (theta[:, None] - prior.mean[:, None]) - np.sqrt(alpha + beta) * quantile) / np.sqrt(beta)
    weight = np.where(inner, mass * _density(at), 0.0)
    slope = np.sum(weight * alpha / np.sqrt(beta), axis=-1)
    room = 1 - slope
    per_asked = -weight * np.sqrt((alpha + beta) / beta) / _density(quantile) / room[:, None]
    return per_asked, -1 / room, -slope / room


def _density(u: Floats) -> Floats:
    return np.asarray(np.exp(-np.minimum(u * u, 1400.0) / 2) / np.sqrt(2 * np.pi), dtype=np.float64)


def moving_share(mass: Floats, cutoff: Floats, noise: Floats, strength: Floats) -> Floats:
    """Return the mass that moves at a strength, shape (rows,), if members move on seeing at most their cutoff."""
    return np.asarray(np.sum(mass * ndtr((cutoff - strength[:, None]) / noise), axis=-1), dtype=np.float64)
