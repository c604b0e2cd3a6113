"""Indistinguishable states counted as one: the quotient of the move graph."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import CrisisFileError, NotSupportedError, Problem
from backchannel.model.arrays import TensorAlgebra
from backchannel.model.model import Model
from backchannel.model.preferences import ActorUtility
from backchannel.numerics.game import ArcGame
from backchannel.numerics.moves import to_arcs
from backchannel.spec.condition import parse_condition
from backchannel.spec.evaluate import find_state

MAXIMUM_MERGED_CELLS = 2**20


def merge_states(model: Model, algebra: TensorAlgebra) -> Model:
    """Merge the states the file says count as one.

    A merged state can be left by any move one of its members has; moves inside a class vanish. Each class is
    represented by its first member in file order, whose utility counts: members that an actor values differently
    are an error.

    Raises
    ------
    CrisisFileError
        If an actor tells merged states apart.
    NotSupportedError
        If the model is too large to write its moves out.
    """
    if model.game.states > MAXIMUM_MERGED_CELLS:
        raise NotSupportedError(
            f"merging needs moves written out; {model.game.states:,} states are more than {MAXIMUM_MERGED_CELLS:,}"
        )
    representative = _representatives(model, algebra)
    utilities = _by_class(model, representative)
    game = model.game if isinstance(model.game, ArcGame) else to_arcs(model.game)
    pointers, targets = [], []
    for pointer, target in zip(game.indptr, game.indices, strict=True):
        origin = representative[np.repeat(np.arange(game.states), np.diff(pointer))]
        goal = representative[target]
        arcs = np.unique(np.stack([origin, goal], axis=1)[origin != goal], axis=0)
        pointers.append(np.searchsorted(arcs[:, 0], np.arange(game.states + 1)).astype(np.int64))
        targets.append(np.ascontiguousarray(arcs[:, 1]).astype(np.int32))
    cells = model.space.cells
    space = replace(model.space, cells=cells[representative[cells] == cells], representative=representative)
    merged = ArcGame(np.stack([utility.codes for utility in utilities]), tuple(pointers), tuple(targets))
    return replace(model, space=space, game=merged, utilities=utilities)


def _representatives(model: Model, algebra: TensorAlgebra) -> NDArray[np.int64]:
    representative = np.arange(model.game.states, dtype=np.int64)
    in_order = model.space.cells
    for entry in model.crisis.merge:
        member = np.zeros(model.game.states, dtype=bool)
        if len(entry) == 1:
            member |= algebra.flat(parse_condition(entry[0]))
        else:
            member[[model.space.cell(find_state(model.crisis, reference)) for reference in entry]] = True
        members = in_order[member[in_order]]
        if members.size:
            classes = np.unique(representative[members])
            first = in_order[np.isin(representative[in_order], classes)][0]
            representative[np.isin(representative, classes)] = first
    return representative


def _by_class(model: Model, representative: NDArray[np.int64]) -> tuple[ActorUtility, ...]:
    """Return utilities in which each representative carries the value of its class.

    A ranking may list any one member; all listed members must agree.
    """
    problems: list[Problem] = []
    utilities = []
    cells = model.space.cells
    for actor, utility in zip(model.actors, model.utilities, strict=True):
        listed = cells if utility.known is None else cells[utility.known[cells]]
        values, points = utility.codes.copy(), utility.points.copy()
        known = None if utility.known is None else utility.known.copy()
        values[representative[listed[::-1]]] = utility.codes[listed[::-1]]
        points[representative[listed[::-1]]] = utility.points[listed[::-1]]
        if known is not None:
            known[representative[listed]] = True
        apart = listed[utility.codes[listed] != values[representative[listed]]]
        if apart.size:
            problems.append(_told_apart(model, actor, int(apart[0]), int(representative[apart[0]])))
        utilities.append(replace(utility, codes=values, points=points, known=known))
    if problems:
        raise CrisisFileError(tuple(problems))
    return tuple(utilities)


def _told_apart(model: Model, actor: str, cell: int, other: int) -> Problem:
    first, second = model.space.literal(cell), model.space.literal(other)
    message = f"{actor} values {first} and {second} differently, and they are merged"
    return Problem("merged-apart", message, "drop the merge, or make the worths alike")
