"""Option games as general graphs over their feasible states alone.

Worth it where few cells are feasible, so that a list of the moves is shorter than a pass over the box, and
needed where final or frozen options make moves intransitive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .game import ArcGame, Ints, Longs, OptionGame
from .moves import Restriction, arcs

Lister = Callable[[OptionGame, int, Restriction | None, Ints], tuple[Longs, Ints]]
"""Lists an actor's moves over feasible states, given each cell's number among them: (indptr, indices)."""


@dataclass(frozen=True, eq=False)
class Compact:
    """A graph over feasible states and where they lie in the box.

    Parameters
    ----------
    graph
        The moves and utilities, states numbered among the feasible ones.
    cells
        The cell of each, ascending.
    """

    graph: ArcGame
    cells: NDArray[np.intp]


def compact(game: OptionGame, rules: tuple[Restriction | None, ...], lister: Lister) -> Compact:
    """Return the game over its feasible states. O(actors x feasible states x own profiles)."""
    cells = np.arange(game.states) if game.feasible is None else np.flatnonzero(game.feasible)
    number = np.full(game.states, -1, dtype=np.int32)
    number[cells] = np.arange(cells.size, dtype=np.int32)
    listed = [lister(game, actor, rules[actor], number) for actor in range(game.actors)]
    utilities = game.utilities if cells.size == game.states else np.take(game.utilities, cells, axis=1)
    graph = ArcGame(utilities, tuple(pointer for pointer, _ in listed), tuple(targets for _, targets in listed))
    return Compact(graph, cells)


def list_moves(game: OptionGame, actor: int, rule: Restriction | None, number: Ints) -> tuple[Longs, Ints]:
    """List an actor's moves between feasible states, in NumPy."""
    pointer, targets = arcs(game, actor, rule)
    rows = np.flatnonzero(number >= 0)
    return np.concatenate([pointer[rows], pointer[-1:]]), number[targets]


def possible_moves(game: OptionGame) -> int:
    """Bound the moves of all actors by ordered pairs of feasible states in a fibre. O(actors x states)."""
    return 2 * sum(possible_improvements(game, actor) for actor in range(game.actors))


def possible_improvements(game: OptionGame, actor: int) -> int:
    """Bound the number of one actor's improvements: pairs of feasible states in a fibre. O(states)."""
    outer, own, inner = game.fibres[actor]
    if game.feasible is None:
        return game.states * (own - 1) // 2
    together = game.feasible.reshape(outer, own, inner).sum(axis=1, dtype=np.int32)
    return int(np.vdot(together.astype(np.int64), together - 1)) // 2
