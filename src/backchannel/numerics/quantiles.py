"""Inverse distribution functions of the number grammar, over a column of points in (0, 1)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z95 = 1.6448536269514722
"""Standard normal quantile at 95 %: half of a 90 % interval, in standard deviations."""


def uniform(p: Floats, low: float, high: float) -> Floats:
    """Quantiles of the uniform distribution on [low, high]."""
    return low + p * (high - low)


def triangular(p: Floats, low: float, mode: float, high: float) -> Floats:
    """Quantiles of the triangular distribution."""
    if high <= low:
        return np.full_like(p, mode)
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(p * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - p) * (high - low) * (high - mode))
    return np.where(p < split, rising, falling)


def normal_interval(p: Floats, low: float, high: float) -> Floats:
    """Quantiles of the normal distribution whose 5 % and 95 % points are ``low`` and ``high``."""
    from scipy.special import ndtri

    return (low + high) / 2 + ndtri(p) * (high - low) / (2 * Z95)


def log_odds_interval(p: Floats, low: float, high: float) -> Floats:
    """Quantiles of a probability that is normal in log-odds, with 5 % and 95 % points ``low`` and ``high``."""
    from scipy.special import expit, logit

    return np.asarray(expit(normal_interval(p, float(logit(low)), float(logit(high)))), dtype=np.float64)
