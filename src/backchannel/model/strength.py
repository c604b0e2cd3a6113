"""How strong preferences are: from which difference on, or below which mark of a ranking, a state is much worse."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from backchannel.model.compile import tensor
from backchannel.model.model import Model
from backchannel.model.preferences import actor_utility
from backchannel.numerics.listed import NEVER
from backchannel.spec.structure import RankingPreference

Codes = NDArray[np.int32]


def has_strength(model: Model, actor: str) -> bool:
    """Whether the file says of an actor when its preference is strong."""
    preference = model.crisis.preferences.get(actor, ())
    if isinstance(preference, RankingPreference):
        return bool(preference.much_below)
    return actor in model.crisis.strength


def much_worse(model: Model, actor: int) -> Codes:
    """Return, per cell, the greatest utility code that is much worse for an actor; ``NEVER`` where there is none.

    A state is much worse than another if it is worse and the points differ by at least the actor's ``strength`` (of
    an ``order``: the scores; of tiers: the points of the core), or if a ">>" stands between the two in its ranking.
    Differences of worths as written are compared exactly. Meaningless at impossible cells.

    Returns
    -------
    Codes
        int32, shape (cells,).

    Notes
    -----
    One sort of the states, and one pass over the distinct utilities.
    """
    name = model.actors[actor]
    found = np.full(model.game.states, NEVER, dtype=np.int32)
    if not has_strength(model, name):
        return found
    cells = model.space.cells
    preference = model.crisis.preferences.get(name, ())
    if isinstance(preference, RankingPreference):
        found[cells] = _below_marks(preference, model.game.utilities[actor][cells])
        return found
    codes, first, level = np.unique(model.game.utilities[actor][cells], return_index=True, return_inverse=True)
    points = _points(model, actor)[cells[first]]
    found[cells] = _by_difference(codes, points, model.crisis.strength[name].centre)[level.reshape(-1)]
    return found


def _below_marks(preference: RankingPreference, codes: Codes) -> Codes:
    """Read the marks: the code of the k-th of n entries of a ranking is n - k, counted from 0."""
    ranks = len(preference.groups)
    marks = np.array([*preference.much_below], dtype=np.int64)
    after = np.searchsorted(marks, ranks - codes, side="right")
    below = np.append(ranks - marks, NEVER)
    return below[after].astype(np.int32)


def _points(model: Model, actor: int) -> NDArray[np.float64]:
    """Return what differences are taken of: points or scores; with tiers, the points of the core."""
    preference = model.crisis.preferences.get(model.actors[actor], ())
    if not isinstance(preference, tuple) or not any(term.tier for term in preference):
        return model.utilities[actor].points
    core = tuple(term.model_copy(update={"tier": None}) for term in preference if term.tier == "core")
    return actor_utility(core, tensor(model.crisis)).points


def _by_difference(codes: Codes, points: NDArray[np.float64], difference: float) -> Codes:
    """Return, for each of the ascending codes, the greatest lower one whose points are lower by the difference."""
    exact = [Decimal(repr(value)) for value in points.tolist()]
    least = Decimal(repr(difference))
    below = np.full(codes.size, NEVER, dtype=np.int32)
    reached = -1
    for place, value in enumerate(exact):
        while reached + 1 < place and value - exact[reached + 1] >= least:
            reached += 1
        if reached >= 0:
            below[place] = codes[reached]
    return below
