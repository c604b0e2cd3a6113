"""Utilities of chosen states under draws: over the file's ranges, or with magnitudes redrawn and only order kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import NotSupportedError
from backchannel.model.compile import tensor
from backchannel.model.model import Model
from backchannel.model.preferences import features, term_paths
from backchannel.numerics.fixed_point import draw_codes
from backchannel.numerics.sobol import sobol_points
from backchannel.spec.evaluate import find_state
from backchannel.spec.structure import Term

Floats = NDArray[np.float64]

SPREAD = 3.0
"""Factor by which a redrawn magnitude may grow or shrink."""

MOST_TRIES = 64
"""Draws tried for each one wanted before redrawing gives up on the stated orderings."""


def cardinal_terms(model: Model, actor: int) -> tuple[Term, ...]:
    """Return the terms of an actor whose worths are magnitudes.

    Raises
    ------
    NotSupportedError
        If the actor's preferences are an order, a ranking, tiers, or missing.
    """
    terms = model.crisis.preferences.get(model.actors[actor], ())
    if model.utilities[actor].scale != "cardinal" or not isinstance(terms, tuple):
        name = model.actors[actor]
        raise NotSupportedError(
            f'"{name}" has preferences by order only, and a price needs worths in points. '
            f"Write them as terms, such as {name}: [{{when: dam, worth: 10, why: ...}}]"
        )
    return terms


def drawn_points(
    model: Model, actor: int, cells: NDArray[np.int64], values: Floats, factors: Floats | None = None
) -> Floats:
    """Return an actor's utility of some states in each draw, in points.

    Parameters
    ----------
    model
        The model.
    actor
        Row of the actor.
    cells
        int64, shape (cells,).
    values
        Shape (draws, inputs): see :func:`backchannel.model.draws.draw_matrix`, columns in the order of the inputs.
    factors
        Shape (terms,) or (draws, terms): factor on each term's worth; None for 1.

    Returns
    -------
    Floats
        Shape (draws, cells). One matrix product.
    """
    terms = cardinal_terms(model, actor)
    column = {item.path: k for k, item in enumerate(model.inputs)}
    weights = values[:, [column[path] for path in term_paths(model.actors[actor], terms)]]
    if factors is not None:
        weights = weights * factors
    drawn: Floats = weights @ features(terms, tensor(model.crisis), cells).T
    return drawn


def drawn_codes(model: Model, actor: int, cells: NDArray[np.int64], values: Floats) -> NDArray[np.int32]:
    """Return codes that order some states for an actor in each draw, equal sums tied: int32, shape (draws, cells)."""
    terms = cardinal_terms(model, actor)
    column = {item.path: k for k, item in enumerate(model.inputs)}
    weights = values[:, [column[path] for path in term_paths(model.actors[actor], terms)]]
    return draw_codes(features(terms, tensor(model.crisis), cells), weights.T)


def centre_values(model: Model) -> Floats:
    """Return every input at its centre, shape (1, inputs): the single answer as a draw."""
    return np.array([[item.number.centre for item in model.inputs]])


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
