"""A crisis as a war of attrition with growing audience costs: who quits, when, and how often it is war."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scipy.integrate import quad
from scipy.optimize import brentq

Distribution = Callable[[float], float]
"""P(war is worth at most w), for w of 0 or less; continuous, with value 1 at 0."""


@dataclass(frozen=True)
class Attrition:
    """The equilibrium of the war of attrition. Pairs are in the order of the two sides.

    Parameters
    ----------
    horizon
        Time after which nobody quits any more: those who are still in fight.
    quits_at_once
        Probability that each side quits at the start; above 0 for one side at most.
    quits
        Probability that the crisis ends by each side quitting, at the start or later.
    war
        Probability that it ends in war.
    survivors
        Probability that each side is of a type that would still be in at the horizon.
    horizons
        For each side the time at which it alone would have run out of types that quit; the least is ``horizon``.
    """

    horizon: float
    quits_at_once: tuple[float, float]
    quits: tuple[float, float]
    war: float
    survivors: tuple[float, float]
    horizons: tuple[float, float]


def war_of_attrition(rates: tuple[float, float], beliefs: tuple[Distribution, Distribution]) -> Attrition:
    """Who gives in when backing down grows costlier by the day, and how often does nobody?

    A minimal model in the spirit of Fearon (1994). The prize is worth 1. At time t a side may quit, which costs it its
    rate times t and hands the other the prize, attack, or wait. Before the horizon each side quits at the hazard
    a / (1 + a t) that keeps the other, of rate a, indifferent; at the horizon those remain who would rather fight than
    pay. The balance of power enters through what war is worth alone.

    Parameters
    ----------
    rates
        What each side's audience cost grows by in a unit of time, above 0.
    beliefs
        For each side the distribution of what war is worth to it, on w <= 0.

    Returns
    -------
    Attrition
        To about 1e-10. Cost: two roots and an integral.
    """
    for rate in rates:
        if not 0 < rate < float("inf"):
            raise ValueError(f"audience costs must grow at a rate above 0, got {rates}")
    for place, belief in enumerate(beliefs):
        if abs(belief(0.0) - 1) > 1e-12:
            raise ValueError(f"war must be worth 0 or less to side {place + 1}: its distribution must be 1 at 0")
    horizons = tuple(_horizon(rates[j], rates[1 - j], beliefs[j]) for j in (0, 1))
    horizon = min(horizons)
    survivors = tuple(1 - beliefs[j](-rates[j] * horizon) for j in (0, 1))
    stays = tuple(min(survivors[j] * (1 + rates[1 - j] * horizon), 1.0) for j in (0, 1))
    quits = tuple(1 - stays[j] + stays[0] * stays[1] * _later(rates, j, horizon) for j in (0, 1))
    return Attrition(
        horizon=horizon,
        quits_at_once=(1 - stays[0], 1 - stays[1]),
        quits=(quits[0], quits[1]),
        war=survivors[0] * survivors[1],
        survivors=(survivors[0], survivors[1]),
        horizons=(horizons[0], horizons[1]),
    )


def _horizon(own: float, other: float, belief: Distribution) -> float:
    """Solve (1 - F(-own t)) (1 + other t) = 1 for t."""

    def excess(time: float) -> float:
        return (1 - belief(-own * time)) * (1 + other * time) - 1

    top = 1.0
    while excess(top) < 0:
        top *= 2
        if top > 1e12:
            raise ValueError("war must be worth less than 0 to some: the distribution of its worth never falls below 1")
    return float(brentq(excess, 0.0, top, xtol=1e-14, rtol=1e-14))


def _later(rates: tuple[float, float], quitter: int, horizon: float) -> float:
    """Return the probability that a side quits first before the horizon, given that neither quit at once."""
    own, other = rates[quitter], rates[1 - quitter]  # the quitter leaves at the hazard of the other's rate
    found = quad(
        lambda t: other / (1 + other * t) ** 2 / (1 + own * t), 0.0, horizon, epsabs=1e-13, epsrel=1e-12, limit=200
    )
    return float(found[0])


def uniform_belief(worst: float) -> Distribution:
    """Return the distribution that is even between ``worst``, below 0, and 0."""
    if not worst < 0:
        raise ValueError(f"the worst that war can be worth must lie below 0, got {worst}")
    return lambda worth: min(max((worth - worst) / -worst, 0.0), 1.0)


def uniform_horizon(rates: tuple[float, float], worst: float) -> float:
    """Return the horizon in closed form when war is worth between ``worst`` and 0, evenly, to both sides.

    The side of the higher rate runs out first: 2 t = (-h + sqrt(h^2 + 4 h l |worst|)) / (h l) with h the higher and l
    the lower rate.
    """
    high, low = max(rates), min(rates)
    return float((-high + (high * high - 4 * high * low * worst) ** 0.5) / (2 * high * low))
