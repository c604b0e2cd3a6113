"""Scrambled Sobol points: an even cover of the unit cube (Sobol, 1967; Owen, 1995)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backchannel.numerics.random_streams import stream


def sobol_points(count: int, dimensions: int, seed: int) -> NDArray[np.float64]:
    """Return the first ``count`` points of a scrambled Sobol sequence, shape (count, dimensions), inside (0, 1)."""
    from scipy.stats import qmc

    if count == 0 or dimensions == 0:
        return np.empty((count, dimensions))
    sampler = qmc.Sobol(dimensions, scramble=True, rng=stream(seed, "sobol"))
    points = sampler.random_base2(max(count - 1, 1).bit_length())[:count]
    return np.clip(points, 2.0**-32, 1 - 2.0**-32)
