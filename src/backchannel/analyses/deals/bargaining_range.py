"""The divisions two sides prefer to war, and what is demanded when the other's costs of war are private.

The prize is 1. The proposer wins a war with chance ``win``; war costs it ``cost`` and the responder the responder's own
cost, both in shares of the prize. The proposer demands a share, the responder accepts or war follows. So a responder
accepts a demand up to ``win`` plus its own cost: the higher its cost, the more it gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

GRID = 2001
"""Demands tried before the best of them is refined."""


@dataclass(frozen=True)
class BargainingRange:
    """Shares of the first party that both sides prefer to war.

    Parameters
    ----------
    low, high
        Ends of the range, within [0, 1]; ``low`` is the first party's reservation price, ``high`` the second's.
    nash
        The Nash division: the middle of the range as it would be if shares beyond [0, 1] existed, moved into [0, 1].
    """

    low: float
    high: float
    nash: float

    @property
    def width(self) -> float:
        """Length of the range."""
        return self.high - self.low


@dataclass(frozen=True)
class Demand:
    """The proposer's best demand.

    Parameters
    ----------
    demand
        Share demanded, in [0, 1]; the offer to the responder is 1 less this.
    war
        Probability of refusal, and so of war, under the stated distribution of the responder's cost.
    value
        What the proposer expects, in shares of the prize.
    """

    demand: float
    war: float
    value: float


@dataclass(frozen=True)
class ShiftingPower:
    """Whether the declining side can be bought off before power shifts.

    Parameters
    ----------
    war
        No peaceful division satisfies the declining side.
    war_value
        What the declining side has from war now, in total over all periods, present value.
    best_peace
        The most peace can give it: all of the prize now, and from then on what the risen side must leave it.
    margin
        discount x after - before - cost of the declining - discount x cost of the rising; above 0 means war.
    """

    war: bool
    war_value: float
    best_peace: float
    margin: float


def bargaining_range(win: float, first_cost: float, second_cost: float) -> BargainingRange:
    """Return which shares both sides prefer to war when everything is known.

    Parameters
    ----------
    win
        The first party's chance of winning, in [0, 1].
    first_cost, second_cost
        Costs of war in shares of the prize, not negative.

    Notes
    -----
    Fearon (1995): [win - first_cost, win + second_cost], never empty, as war burns what could be divided. Whoever makes
    a single offer takes the far end. Clipped to [0, 1]: a reservation price below 0 means any share will do.
    """
    _chance("win", win)
    if min(first_cost, second_cost) < 0:
        raise ValueError(f"costs are {first_cost:g} and {second_cost:g}, expected none below 0")
    middle = win + (second_cost - first_cost) / 2
    return BargainingRange(max(0.0, win - first_cost), min(1.0, win + second_cost), min(max(middle, 0.0), 1.0))


def uniform_screening(win: float, cost: float, low: float, high: float) -> Demand:
    """Return the best demand when the responder's cost of war is uniform on [low, high] and known only to itself.

    Parameters
    ----------
    win
        The proposer's chance of winning.
    cost
        Its cost of war, not negative.
    low, high
        Range of the responder's cost, 0 <= low <= high.

    Notes
    -----
    After Fearon (1995). The marginal type has the cost y = max(low, (high - cost) / 2), the demand is win + y. The
    value is concave in the demand, so where win + y is over 1 the best demand is 1: then the types below 1 - win
    refuse. Types for whom giving all is no worse than war accept, so the probability of war is clipped as well. No
    risk is run if cost >= high - 2 low.
    """
    _chance("win", win)
    if cost < 0 or not 0 <= low <= high:
        raise ValueError(f"cost {cost:g}, responder's [{low:g}, {high:g}]: expected cost >= 0 and 0 <= low <= high")
    marginal = min(max(low, (high - cost) / 2), high, 1 - win)
    refused = min(max((marginal - low) / (high - low), 0.0), 1.0) if high > low else float(marginal > low)
    demand = win + marginal
    return Demand(demand, refused, demand * (1 - refused) + (win - cost) * refused)


def discrete_screening(win: float, cost: float, costs: Sequence[float], shares: Sequence[float]) -> Demand:
    """Return the best demand when the responder's cost is one of a few, with a probability each. Exact.

    Parameters
    ----------
    win, cost
        As in `uniform_screening`.
    costs
        Possible costs of the responder, not negative.
    shares
        Their probabilities, not negative, summing to 1.

    Notes
    -----
    A best demand makes some type just accept, or is all. Of equally good demands the smallest is returned: the one with
    the least war. With two types the high demand is best from `risky_demand_threshold` on.
    """
    _chance("win", win)
    belief = np.asarray(shares, dtype=np.float64)
    types = np.asarray(costs, dtype=np.float64)
    if types.shape != belief.shape or not len(types) or (belief < 0).any() or abs(belief.sum() - 1) > 1e-9:
        raise ValueError(f"costs {list(costs)}, shares {list(shares)}: expected as many shares, summing to 1")
    if cost < 0 or (types < 0).any():
        raise ValueError(f"cost {cost:g}, responder's {list(costs)}: expected none below 0")
    tried = [
        Demand(demand, refused, demand * (1 - refused) + (win - cost) * refused)
        for demand in sorted({min(1.0, win + float(value)) for value in types})
        for refused in [float(belief[np.minimum(win + types, 1.0) < demand].sum())]
    ]
    best = max(option.value for option in tried)
    return next(option for option in tried if option.value >= best - 1e-12)


def risky_demand_threshold(cost: float, low: float, high: float) -> float:
    """Return the probability of the high cost from which the proposer demands what only that type accepts.

    Parameters
    ----------
    cost
        The proposer's cost of war.
    low, high
        The responder's two possible costs, 0 <= low <= high, high + cost above 0.

    Notes
    -----
    (low + cost) / (high + cost): what a safe demand gains over war, as a fraction of what a risky one gains. Minimal
    model in the spirit of Powell (1999). Holds while win + high is at most 1.
    """
    if cost < 0 or not 0 <= low <= high or high + cost == 0:
        raise ValueError(f"cost {cost:g}, responder's {low:g} and {high:g}: expected 0 <= low <= high, not all 0")
    return (low + cost) / (high + cost)


def screening(
    win: float, cost: float, below: Callable[[NDArray[np.float64]], NDArray[np.float64]], low: float, high: float
) -> Demand:
    """Return the best demand for any continuous distribution of the responder's private cost, by search.

    Parameters
    ----------
    win, cost
        As in `uniform_screening`.
    below
        Distribution function: the probability that the responder's cost is below each value of an array.
    low, high
        Where it goes from 0 to 1, 0 <= low <= high.

    Notes
    -----
    The value demand (1 - F(demand - win)) + (win - cost) F(demand - win) may have several peaks: it is tried on
    `GRID` demands from win + low to win + high, and refined next to the best. Peaks narrower than the grid are missed.
    """
    _chance("win", win)
    if cost < 0 or not 0 <= low <= high:
        raise ValueError(f"cost {cost:g}, responder's [{low:g}, {high:g}]: expected cost >= 0 and 0 <= low <= high")

    def value(demand: NDArray[np.float64]) -> NDArray[np.float64]:
        refused = below(demand - win)
        return demand * (1 - refused) + (win - cost) * refused

    grid = np.linspace(min(1.0, win + low), min(1.0, win + high), GRID)
    place = int(np.argmax(value(grid)))
    ends = float(grid[max(place - 1, 0)]), float(grid[min(place + 1, GRID - 1)])
    refined = minimize_scalar(lambda q: -float(value(np.array([q]))[0]), bounds=ends, method="bounded").x
    tried = np.array([grid[place], refined])
    best = tried[[int(np.argmax(value(tried)))]]
    return Demand(float(best[0]), float(below(best - win)[0]), float(value(best)[0]))


def shifting_power(
    before: float, after: float, discount: float, rising_cost: float, declining_cost: float
) -> ShiftingPower:
    """Return whether a lasting shift of power leads to war although everything is known.

    The side whose chance of winning a decisive war goes from ``before`` to ``after`` cannot promise to stay modest.
    Now it can give all of this period's prize at most, and later nobody can make it take less than war would give it.

    Parameters
    ----------
    before, after
        The rising side's chance of winning now, and from the next period on, in [0, 1].
    discount
        Discount factor a period, in [0, 1).
    rising_cost, declining_cost
        Costs of war **a period**, in shares of a period's prize, lasting as long as the prize does. A cost C paid once
        is (1 - discount) C a period: hand over that.

    Notes
    -----
    Minimal model in the spirit of Powell (2006). War if and only if
    discount x after - before > declining_cost + discount x rising_cost.
    """
    for name, number in (("before", before), ("after", after)):
        _chance(name, number)
    if not 0 <= discount < 1 or min(rising_cost, declining_cost) < 0:
        raise ValueError(
            f"discount {discount:g}, costs {rising_cost:g} and {declining_cost:g}: expected [0, 1) and none below 0"
        )
    war_value = (1 - before - declining_cost) / (1 - discount)
    later = (1 - max(0.0, after - rising_cost)) / (1 - discount)
    margin = discount * (after - rising_cost) - before - declining_cost
    return ShiftingPower(margin > 0, war_value, 1 + discount * later, margin)


def critical_discount(before: float, after: float, rising_cost: float, declining_cost: float) -> float | None:
    """Return the discount factor above which the shift of power leads to war; None if it does at none below 1.

    Parameters
    ----------
    before, after, rising_cost, declining_cost
        As in `shifting_power`; costs a period.

    Notes
    -----
    (before + declining_cost) / (after - rising_cost). The more the future counts, the worse a later weakness. Costs
    paid once shrink against a longer future and must be handled by `shifting_power` at each discount factor.
    """
    shifting_power(before, after, 0.0, rising_cost, declining_cost)
    needed, risen = before + declining_cost, after - rising_cost
    return needed / risen if needed < risen else None


def _chance(name: str, number: float) -> None:
    if not 0 <= number <= 1:
        raise ValueError(f"{name} is {number:g}, expected in [0, 1]")
