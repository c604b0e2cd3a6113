"""Worths at other values than the file's: utilities and codes of chosen states, draw by draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import NotSupportedError
from backchannel.model.compile import tensor
from backchannel.model.model import Model
from backchannel.model.preferences import features, term_paths
from backchannel.numerics.fixed_point import draw_codes
from backchannel.spec.structure import Term

Floats = NDArray[np.float64]


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
