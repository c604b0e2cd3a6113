"""The compiled step of joint closures: the fast twin of :func:`.coalition_moves.any_in_rows`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import compiled

Array = NDArray[Any]


@compiled
def any_in_rows(pointer: Array, targets: Array, marked: Array) -> Array:
    """Return, per row, all marks of its targets."""
    found = np.zeros(pointer.size - 1, dtype=np.uint64)
    for row in range(found.size):
        marks = np.uint64(0)
        for place in range(pointer[row], pointer[row + 1]):
            marks |= marked[targets[place]]
        found[row] = marks
    return found
