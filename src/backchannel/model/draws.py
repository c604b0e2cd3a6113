"""Draws over every uncertain number of the file at once, and the utilities they give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backchannel.model.compile import tensor
from backchannel.model.model import Model
from backchannel.model.preferences import features, term_paths
from backchannel.numerics.fixed_point import draw_codes
from backchannel.numerics.quantiles import log_odds_interval, normal_interval, triangular, uniform
from backchannel.numerics.sobol import sobol_points
from backchannel.spec.inputs import Input
from backchannel.spec.number import Number

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]

CHUNK = 64
"""Draws worked on at once."""


def draw_matrix(inputs: tuple[Input, ...], draws: int, seed: int) -> Floats:
    """Draw every input of a crisis.

    Sobol points, one dimension for each uncertain input in sorted path order; exact inputs are constant.

    Returns
    -------
    Floats
        Shape (draws, inputs), columns in the order of ``inputs``.
    """
    uncertain = [column for column, item in enumerate(inputs) if item.number.is_uncertain]
    points = sobol_points(draws, len(uncertain), seed)
    values = np.tile(np.array([item.number.centre for item in inputs]), (draws, 1))
    for dimension, column in enumerate(uncertain):
        values[:, column] = quantile(inputs[column].number, points[:, dimension])
    return values


def quantile(number: Number, p: Floats) -> Floats:
    """Return quantiles of a number of the grammar, p in (0, 1), shape kept."""
    if number.kind == "exact":
        return np.full_like(p, number.centre)
    if number.kind == "uniform":
        return uniform(p, number.low, number.high)
    if number.kind == "triangular":
        return triangular(p, number.low, number.centre, number.high)
    if number.support == "probability":
        return log_odds_interval(p, number.low, number.high)
    values = normal_interval(p, number.low, number.high)
    return np.maximum(values, 0.0) if number.support == "nonnegative" else values


def drawn_utilities(model: Model, draws: int, seed: int) -> Iterator[Codes]:
    """Yield the utility codes of each draw, shape (actors, cells); impossible cells hold 0.

    Actors with an order, a ranking or tiers keep the codes of the file in every draw: their numbers are not
    magnitudes. Cost: one matrix product (cells x terms) @ (terms x draws) an actor and chunk.
    """
    values = draw_matrix(model.inputs, draws, seed)
    column = {item.path: k for k, item in enumerate(model.inputs)}
    cardinal = {
        actor: _terms(model, name, column)
        for actor, name in enumerate(model.actors)
        if model.utilities[actor].scale == "cardinal" and not model.space.is_general_graph
    }
    cells = model.space.cells
    for start in range(0, draws, CHUNK):
        chunk = values[start : start + CHUNK]
        drawn = {actor: draw_codes(matrix, chunk[:, columns].T) for actor, (matrix, columns) in cardinal.items()}
        for index in range(len(chunk)):
            codes = model.game.utilities.copy()
            for actor, rows in drawn.items():
                codes[actor] = 0
                codes[actor, cells] = rows[index]
            yield codes


def _terms(model: Model, actor: str, column: dict[str, int]) -> tuple[Floats, list[int]]:
    terms = model.crisis.preferences.get(actor, ())
    assert isinstance(terms, tuple)
    matrix = features(terms, tensor(model.crisis), model.space.cells)
    return matrix, [column[path] for path in term_paths(actor, terms)]


def with_utilities(model: Model, codes: Codes) -> Model:
    """Return the model with other utility codes, shape (actors, cells)."""
    return replace(model, game=replace(model.game, utilities=codes))
