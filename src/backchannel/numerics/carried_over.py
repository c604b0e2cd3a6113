"""A change of one option carried over to other states."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backchannel.numerics.game import Limit, Longs, OptionGame


def carried_over(
    game: OptionGame, option: int, levels: NDArray[np.int64], old: int, new: int, cells: Longs
) -> NDArray[np.int64]:
    """Return an option's levels after it goes from ``old`` to ``new`` in one state and likewise in others.

    Where it stands at the new level or past it, or ``final`` or ``frozen`` forbids the step, it stays.

    Parameters
    ----------
    game
        The moves.
    option
        Position of the option.
    levels
        int64, shape (cells,): its level in each of the other states.
    old, new
        The change.
    cells
        int64, shape (cells,): these states.
    """
    behind = levels < new if new > old else levels > new
    free = ~_holds(game.frozen, option, cells)
    if new < old:
        free &= ~_holds(game.final, option, cells)
    return np.where(behind & free, new, levels)


def _holds(limits: tuple[Limit, ...], option: int, cells: Longs) -> NDArray[np.bool_]:
    limit = limits[option] if limits else None
    if isinstance(limit, np.ndarray):
        return np.asarray(limit[cells])
    return np.full(cells.shape, bool(limit))
