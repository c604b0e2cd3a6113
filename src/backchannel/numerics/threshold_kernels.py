"""Compiled thresholds for very large product games: the Numba twin of :mod:`.thresholds`, bound by memory.

Two readings of the utilities and one code of a byte per state; nothing else of the size of the game.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import compiled

Array = NDArray[Any]


@compiled
def extremes(box: Array, best: Array, least: Array) -> None:
    """Fill ``best`` (outer, inner) with maxima over own profiles; lower ``least`` (own) to the minima."""
    outer, own, inner = box.shape
    for block in range(outer):
        for rest in range(inner):
            best[block, rest] = box[block, 0, rest]
        for profile in range(own):
            low = least[profile]
            for rest in range(inner):
                value = box[block, profile, rest]
                low = min(low, value)
                best[block, rest] = max(best[block, rest], value)
            least[profile] = low


@compiled
def extremes_rows(box: Array, best: Array, least: Array) -> None:
    """Do the same where fibres are rows, (outer, own) and (outer,)."""
    outer, own = box.shape
    for block in range(outer):
        high = box[block, 0]
        for profile in range(own):
            value = box[block, profile]
            high = max(high, value)
            least[profile] = min(least[profile], value)
        best[block] = high


@compiled
def strike(box: Array, best: Array, secure: int, floor: int, codes: Array) -> None:
    """Clear bits 1, 2, 4 of codes where a state falls short of Nash, GMR, SMR; (outer, own, inner)."""
    outer, own, inner = box.shape
    lowest, held, others = np.int32(secure), np.int32(floor), np.int32(255 - 7)
    for block in range(outer):
        for profile in range(own):
            for rest in range(inner):
                value = box[block, profile, rest]
                met = others | np.int32(value >= best[block, rest])
                met |= np.int32(value >= lowest) << np.int32(1)
                met |= np.int32(value >= held) << np.int32(2)
                codes[block, profile, rest] &= np.uint8(met)


@compiled
def strike_rows(box: Array, best: Array, secure: int, floor: int, codes: Array) -> None:
    """Do the same where fibres are rows, (outer, own)."""
    outer, own = box.shape
    lowest, held, others = np.int32(secure), np.int32(floor), np.int32(255 - 7)
    for block in range(outer):
        high = best[block]
        for profile in range(own):
            value = box[block, profile]
            met = others | np.int32(value >= high)
            met |= np.int32(value >= lowest) << np.int32(1)
            met |= np.int32(value >= held) << np.int32(2)
            codes[block, profile] &= np.uint8(met)
