"""Losses that weigh more than gains: prospect values, weighted probabilities, and what they do to an exchange."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CURVATURE = 0.88
"""Median exponent of gains and losses in Tversky and Kahneman (1992)."""
AVERSION = 2.25
"""Their median weight of a loss relative to a gain."""
GAIN_WEIGHTING, LOSS_WEIGHTING = 0.61, 0.69
"""Their median exponents of the weighting of probabilities of gains and of losses."""


def prospect_value(change: ArrayLike, *, curvature: float = CURVATURE, aversion: float = AVERSION) -> Floats:
    """Return the value of gains and losses measured from the reference state.

    Parameters
    ----------
    change
        Gains above 0, losses below.
    curvature
        Exponent, above 0; below 1 each further unit matters less.
    aversion
        Weight of losses, above 0; above 1 they loom larger.

    Returns
    -------
    Floats
        change^curvature for gains, -aversion (-change)^curvature for losses.

    Notes
    -----
    Kahneman and Tversky (1979); form and medians Tversky and Kahneman (1992). The medians are of students choosing
    between sums of money.
    """
    _above_zero(curvature=curvature, aversion=aversion)
    given = np.asarray(change, dtype=np.float64)
    size = np.abs(given) ** curvature
    return np.asarray(np.where(given >= 0, size, -aversion * size))


def decision_weight(probability: ArrayLike, *, exponent: float = GAIN_WEIGHTING) -> Floats:
    """Return how much a probability counts in a choice: small ones too much, large ones too little.

    Parameters
    ----------
    probability
        In [0, 1].
    exponent
        Above 0.28, below which the formula is not increasing; `GAIN_WEIGHTING` or `LOSS_WEIGHTING`. 1 leaves all as is.

    Returns
    -------
    Floats
        p^g / (p^g + (1 - p)^g)^(1/g).

    Notes
    -----
    Tversky and Kahneman (1992).
    """
    given = np.asarray(probability, dtype=np.float64)
    if not ((given >= 0) & (given <= 1)).all() or exponent <= 0.28:
        raise ValueError(f"expected probabilities in [0, 1] and an exponent above 0.28, got {exponent:g} and {given}")
    power = given**exponent
    return np.asarray(power / (power + (1 - given) ** exponent) ** (1 / exponent))


def loss_averse_window(
    low: float, high: float, first_aversion: float, second_aversion: float | None = None
) -> tuple[float, float]:
    """Return the window of an exchange whose parties feel their own concessions as losses.

    Parameters
    ----------
    low, high
        The window without loss aversion, as in `concession_exchange`, above 0.
    first_aversion, second_aversion
        Weights of losses, above 0; the second's is the first's if not given.

    Returns
    -------
    tuple
        (first_aversion low, high / second_aversion). Open if the first end is below the second, that is if
        high / low is above the product of the weights.

    Notes
    -----
    Derived here from the value function with curvature 1. A party for which the exchange undoes a loss, rather than
    incurring one, has the weight 1: the reference state decides.
    """
    second = first_aversion if second_aversion is None else second_aversion
    _above_zero(low=low, high=high, first_aversion=first_aversion, second_aversion=second)
    return first_aversion * low, high / second


def break_even_aversion(low: float, high: float) -> float:
    """Return the weight of losses, the same for both, at which the window of an exchange closes: sqrt(high / low).

    Parameters
    ----------
    low, high
        The window without loss aversion, above 0. Below 1 comes out where it is closed anyway.
    """
    _above_zero(low=low, high=high)
    return sqrt(high / low)


def _above_zero(**numbers: float) -> None:
    for name, number in numbers.items():
        if not number > 0:
            raise ValueError(f"{name} is {number:g}, expected above 0")
