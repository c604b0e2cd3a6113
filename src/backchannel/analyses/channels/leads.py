"""Which room leads which, by standard errors of the difference over the same draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEW = 100
"""Draws below which no order between rooms is stated."""

CLEAR, CERTAIN = 3.0, 1e6
"""Standard errors above which one room beats another, and what a lead without any error counts as."""


def leads(agreed: Floats) -> Floats:
    """Return by how many standard errors each leads each, from shape (channels, draws) to (channels, channels)."""
    rooms, draws = agreed.shape
    if draws < FEW:
        return np.zeros((rooms, rooms))
    difference = agreed[:, None] - agreed[None]
    mean, error = difference.mean(axis=2), difference.std(axis=2) / np.sqrt(draws)
    return np.where(np.abs(mean) > 1e-12, np.clip(mean / np.maximum(error, 1e-300), -CERTAIN, CERTAIN), 0.0)


def beats(lead: Floats) -> NDArray[np.int8]:
    """Return who beats whom by over three standard errors: 1, −1 or 0, same shape."""
    return np.where(np.abs(lead) > CLEAR, np.sign(lead), 0).astype(np.int8)
