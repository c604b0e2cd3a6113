"""Two concessions exchanged: at which rates both gain, how the gain may be split, and how the split looks.

The first party concedes v of one issue, the second u of another, each between nothing (0) and all (1). Alone either
concession is a gift. Tied together they pay both if each cares relatively more about what it gets.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .swap import ROUNDING, Swap

Floats = NDArray[np.float64]

NORMS = ("nash", "equal_gains", "kalai_smorodinsky", "equal_own_cost", "nominal_parity")


@dataclass(frozen=True)
class Split:
    """One exchange and how even it is.

    Parameters
    ----------
    norm
        One of `NORMS`.
    first, second
        What the first and the second party concede, in [0, 1].
    gains
        Net gains of both.
    own_costs
        What each gives up, in its own terms.
    acceptable
        Whether neither loses.
    needed_credences
        For each party, the least credence that the other delivers at which signing is no worse than not signing, if
        both deliver at once and have no recourse. It is a condition for taking part. It is not enough for delivering:
        at any credence, keeping what one gives and taking what one gets is better still.
    cost_gap
        abs(log(own cost of the first / own cost of the second)): 0 where both give up as much. Compares scales.
    gain_gap
        The same of net gains: 0 where both gain as much. Infinite where only one gains or one gains nothing.
    """

    norm: str
    first: float
    second: float
    gains: tuple[float, float]
    own_costs: tuple[float, float]
    acceptable: bool
    needed_credences: tuple[float, float]
    cost_gap: float
    gain_gap: float


@dataclass(frozen=True)
class ConcessionExchange:
    """What can be made of an exchange of two concessions.

    Parameters
    ----------
    low, high
        The window for u / v: at ``low`` the first gains nothing, at ``high`` the second. Open if low < high.
    ratio_of_ratios
        high / low: how many times more the second cares about the first issue, relative to the second, than the first
        does. Above 1 if and only if the window is open.
    ideal_gains
        The most each can gain while the other does not lose; 0 where the window is closed.
    all_conceded
        Splits with the first conceding all (v = 1), the second as the norm says and at most all. Kalai-Smorodinsky
        takes its ideal points from these exchanges only. Empty if even u = 1 does not compensate the first for all.
    best_amounts
        Splits with both amounts free in [0, 1]. Norms on gains are left out where the window is closed.
    """

    low: float
    high: float
    ratio_of_ratios: float
    ideal_gains: tuple[float, float]
    all_conceded: tuple[Split, ...]
    best_amounts: tuple[Split, ...]

    @property
    def open(self) -> bool:
        """Whether some rate lets both gain, beyond rounding."""
        return self.ratio_of_ratios > 1 + ROUNDING


def exchange_window(
    first_cost: ArrayLike, first_gain: ArrayLike, second_cost: ArrayLike, second_gain: ArrayLike
) -> tuple[Floats, Floats]:
    """Return the ends of the window for u / v, for many worths at once, such as draws.

    Parameters
    ----------
    first_cost, first_gain
        What conceding all of its issue costs the first party, what all of the other's concession brings it. Above 0.
    second_cost, second_gain
        The same of the second party.

    Returns
    -------
    tuple
        float64 ``low`` = first_cost / first_gain and ``high`` = second_gain / second_cost, of the shape of the
        arguments. Open where low < high.
    """
    worths = [np.asarray(worth, dtype=np.float64) for worth in (first_cost, first_gain, second_cost, second_gain)]
    if not all((worth > 0).all() and np.isfinite(worth).all() for worth in worths):
        raise ValueError("costs and gains of an exchange must be above 0 and finite; put away what nobody minds giving")
    return np.asarray(worths[0] / worths[1]), np.asarray(worths[3] / worths[2])


def concession_exchange(
    first_cost: float, first_gain: float, second_cost: float, second_gain: float
) -> ConcessionExchange:
    """Return the window of an exchange and its splits by every norm.

    Parameters
    ----------
    first_cost, first_gain, second_cost, second_gain
        As in `exchange_window`; each party's two numbers on one scale. Multiplying both numbers of one party changes
        neither the window nor the Nash and Kalai-Smorodinsky splits; equal gains and equal own cost it does change.

    Notes
    -----
    Issue linkage: Tollison and Willett (1979), Sebenius (1983); splits by equal gain Stokman and Van Oosten (1994), by
    Kalai-Smorodinsky van Assen, Stokman and van Oosten (2003). Worths are taken as constant a unit.
    """
    swap = Swap(first_cost, first_gain, second_cost, second_gain)
    amounts = _best_amounts(swap)
    return ConcessionExchange(
        swap.low,
        swap.high,
        swap.high / swap.low,
        swap.ideal_gains() if swap.open else (0.0, 0.0),
        tuple(_split(swap, norm, *pair) for norm, pair in _all_conceded(swap).items()),
        tuple(_split(swap, norm, *pair) for norm, pair in amounts.items()),
    )


def _best_amounts(swap: Swap) -> dict[str, tuple[float, float]]:
    evenly = {"equal_own_cost": swap.at_rate(swap.first_cost / swap.second_cost), "nominal_parity": (1.0, 1.0)}
    if not swap.open:
        return evenly
    on_gains = {
        "nash": swap.nash(),
        "equal_gains": swap.equal_gains(),
        "kalai_smorodinsky": swap.kalai_smorodinsky(),
    }
    return {**on_gains, **evenly}


def _all_conceded(swap: Swap) -> dict[str, tuple[float, float]]:
    """Return the splits with the first conceding all; u runs over [low, min(high, 1)]."""
    top = min(swap.high, 1.0)
    if not swap.open or swap.low >= top:
        return {}
    first, second = swap.gains(1.0, top)[0], swap.gains(1.0, swap.low)[1]
    fraction = (swap.second_gain / second + swap.first_cost / first) / (
        swap.first_gain / first + swap.second_cost / second
    )
    chosen = {
        "nash": (swap.low + swap.high) / 2,
        "equal_gains": (swap.second_gain + swap.first_cost) / (swap.first_gain + swap.second_cost),
        "kalai_smorodinsky": fraction,
        "equal_own_cost": swap.first_cost / swap.second_cost,
        "nominal_parity": 1.0,
    }
    return {norm: (1.0, min(amount, 1.0)) for norm, amount in chosen.items()}


def _split(swap: Swap, norm: str, first: float, second: float) -> Split:
    gains = swap.gains(first, second)
    costs = swap.first_cost * first, swap.second_cost * second
    slack = ROUNDING * max(costs)  # at an end of the window one gain is 0 up to rounding
    return Split(
        norm,
        first,
        second,
        gains,
        costs,
        min(gains) >= -slack,
        (costs[0] / (swap.first_gain * second), costs[1] / (swap.second_gain * first)),
        abs(log(costs[0] / costs[1])),
        abs(log(gains[0] / gains[1])) if min(gains) > slack else inf,
    )
