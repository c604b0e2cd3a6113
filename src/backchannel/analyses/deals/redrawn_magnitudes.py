"""Files with magnitudes redrawn: signs and stated orders are kept, sizes are not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.model.model import Model
from backchannel.model.worths import centre_values, drawn_points
from backchannel.numerics.sobol import sobol_points
from backchannel.spec.evaluate import find_state

Floats = NDArray[np.float64]

SPREAD = 3.0
"""Factor by which a redrawn magnitude may grow or shrink."""

MOST_TRIES = 64
"""Draws tried for each one wanted before redrawing gives up on the stated orderings."""


@dataclass(frozen=True, eq=False)
class Redrawn:
    """Inputs with the magnitudes of worths redrawn.

    Parameters
    ----------
    values
        Shape (draws, inputs): draws that keep every ordering the sources state.
    tried
        How many were drawn.
    """

    values: Floats
    tried: int


def redrawn_magnitudes(model: Model, draws: int, seed: int) -> Redrawn:
    """Multiply every worth by a factor between 1/3 and 3, even in logarithm, and keep what the orderings allow.

    What stays true then follows from signs and stated orders rather than from magnitudes. Fewer draws than asked
    come back where the orderings reject most.
    """
    columns = [k for k, item in enumerate(model.inputs) if _is_worth(item.path)]
    kept: list[Floats] = []
    wanted, tried, batch = draws, 0, max(draws, 256)
    while wanted > 0 and tried < MOST_TRIES * draws:
        points = sobol_points(batch, len(columns), seed + tried)
        values = np.repeat(centre_values(model), batch, axis=0)
        values[:, columns] *= SPREAD ** (2 * points - 1)
        good = values[_keeps_orderings(model, values)]
        kept.append(good[:wanted])
        tried += batch
        wanted -= len(kept[-1])
    return Redrawn(np.concatenate(kept) if kept else centre_values(model)[:0], tried)


def _is_worth(path: str) -> bool:
    return path.startswith("preferences.") and path.endswith(".worth")


def _keeps_orderings(model: Model, values: Floats) -> NDArray[np.bool_]:
    keep = np.ones(len(values), dtype=bool)
    for name, ordering in model.crisis.orderings.items():
        row = model.actors.index(name)
        if model.utilities[row].scale != "cardinal":
            continue
        cells = [[model.space.cell(find_state(model.crisis, state)) for state in tied] for tied in ordering.order]
        flat = np.array([cell for group in cells for cell in group], dtype=np.int64)
        points = drawn_points(model, row, flat, values)
        ends = np.cumsum([len(group) for group in cells])
        for start, middle, end in zip([0, *ends[:-2]], ends[:-1], ends[1:], strict=True):
            keep &= points[:, start:middle].min(axis=1) >= points[:, middle:end].max(axis=1)
    return keep
