"""What each actor wants, over the states: utilities in points, codes for comparing, and what is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backchannel.model.arrays import TensorAlgebra
from backchannel.numerics.fixed_point import codes, fixed_point
from backchannel.spec.condition import Condition
from backchannel.spec.evaluate import find_state
from backchannel.spec.inputs import member_keys
from backchannel.spec.structure import OrderPreference, Preference, RankingPreference, Term

Scale = Literal["cardinal", "ordinal"]


@dataclass(frozen=True, eq=False)
class ActorUtility:
    """One actor's preferences over all cells of the state tensor.

    Parameters
    ----------
    scale
        ``cardinal`` if differences mean something (terms), ``ordinal`` if only the order does.
    codes
        int32, shape (states,); larger is better, equal is tied.
    points
        float64, shape (states,); the sum of worths, or the score or rank for ordinal preferences.
    known
        Bool, shape (states,), or None where every state is ranked.
    """

    scale: Scale
    codes: NDArray[np.int32]
    points: NDArray[np.float64]
    known: NDArray[np.bool_] | None = None


def actor_utility(preference: Preference, algebra: TensorAlgebra) -> ActorUtility:
    """Read one actor's preferences at the centres of its numbers.

    Cost: one addition a term and state; tiers and rankings sort once.
    """
    if isinstance(preference, OrderPreference):
        return _by_order(preference, algebra)
    if isinstance(preference, RankingPreference):
        return _by_ranking(preference, algebra)
    if any(term.tier for term in preference):
        return _by_tiers(preference, algebra)
    sums, points = _sum(preference, algebra)
    return ActorUtility("cardinal", codes(sums), points)


def term_paths(actor: str, terms: tuple[Term, ...]) -> tuple[str, ...]:
    """Return the input path of each term's worth."""
    keys = member_keys([(term.id or "", "") for term in terms])
    return tuple(f"preferences.{actor}.{key}.worth" for key in keys)


def features(terms: tuple[Term, ...], algebra: TensorAlgebra, cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return which terms count in which states: 0 or 1, shape (cells, terms)."""
    columns = [algebra.flat(term.when)[cells] for term in terms]
    if not columns:
        return np.zeros((cells.size, 0))
    return np.stack(columns, axis=1).astype(np.float64)


def _weigh(conditions: list[Condition], weights: tuple[int, ...], algebra: TensorAlgebra) -> NDArray[np.int64]:
    total = np.zeros(algebra.shape, dtype=np.int64)
    for condition, weight in zip(conditions, weights, strict=True):
        total += algebra.read(condition) * np.int64(weight)
    return total.reshape(-1)


def _sum(terms: tuple[Term, ...], algebra: TensorAlgebra) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    exact = fixed_point([term.worth.centre for term in terms])
    sums = _weigh([term.when for term in terms], exact.integers, algebra)
    return sums, exact.to_float(sums)


def _by_tiers(terms: tuple[Term, ...], algebra: TensorAlgebra) -> ActorUtility:
    """Compare core sums first, lesser sums only between equal cores (lexicographic)."""
    core, core_points = _sum(tuple(term for term in terms if term.tier == "core"), algebra)
    lesser, lesser_points = _sum(tuple(term for term in terms if term.tier == "lesser"), algebra)
    core_rank = np.unique(core, return_inverse=True)[1].astype(np.int64)
    values, lesser_rank = np.unique(lesser, return_inverse=True)
    joined = core_rank * len(values) + lesser_rank
    return ActorUtility("ordinal", codes(joined), core_points + lesser_points)


def _by_order(preference: OrderPreference, algebra: TensorAlgebra) -> ActorUtility:
    statements = list(preference.order)
    weights = tuple(2 ** (len(statements) - 1 - j) for j in range(len(statements)))
    score = _weigh(statements, weights, algebra)
    return ActorUtility("ordinal", codes(score), score.astype(np.float64))


def _by_ranking(preference: RankingPreference, algebra: TensorAlgebra) -> ActorUtility:
    crisis = algebra.crisis
    by_axis = sorted(crisis.options, key=lambda option: algebra.axis[option])
    position = np.full(int(np.prod(algebra.shape, dtype=np.int64)), -1, dtype=np.int64)
    for rank, tied in enumerate(preference.groups):
        for reference in tied:
            levels = dict(zip(crisis.options, find_state(crisis, reference), strict=True))
            position[np.ravel_multi_index([levels[option] for option in by_axis], algebra.shape)] = rank
    return from_positions(position, len(preference.groups))


def from_positions(position: NDArray[np.int64], ranks: int) -> ActorUtility:
    """Read positions in a ranking, 0 the best and −1 for a state that is not listed."""
    points = np.where(position >= 0, ranks - position, 0)
    known = position >= 0
    return ActorUtility("ordinal", points.astype(np.int32), points.astype(np.float64), None if known.all() else known)
