"""What analyses over listed moves share: the graph over possible states, the states to show, and their names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.stability.stability import check_listing
from backchannel.model.model import Model
from backchannel.model.words import labels
from backchannel.numerics.coalition_moves import listed
from backchannel.numerics.game import ArcGame, Bools


@dataclass(frozen=True, eq=False)
class Listed:
    """The moves of a crisis, listed over its possible states.

    Parameters
    ----------
    graph
        The moves; states numbered by ascending cell.
    place
        int64, shape (possible states,): the number in ``graph`` of each state, in file order.
    cells
        int64, shape (possible states,): the cell of each number in ``graph``.
    common
        Whether moves are arbitrary (a general graph, merged states): then opponents may undo an actor's move.
    """

    graph: ArcGame
    place: NDArray[np.int64]
    cells: NDArray[np.int64]
    common: bool


def listed_moves(model: Model) -> Listed:
    """List the moves between possible states, merged states as one.

    O(actors x states x own profiles).

    Raises
    ------
    TooLargeError
        Before listing more states or moves than memory holds.
    """
    check_listing(model)
    cells = np.sort(model.space.cells)
    graph = listed(model.game).graph
    if graph.states > cells.size:
        graph = _representatives_only(graph, cells)
    place = np.searchsorted(cells, model.space.cells).astype(np.int64)
    return Listed(graph, place, cells, isinstance(model.game, ArcGame))


def _representatives_only(graph: ArcGame, cells: NDArray[np.int64]) -> ArcGame:
    """Drop the cells that stand for nothing: no move leaves or enters them."""
    number = np.full(graph.states, -1, dtype=np.int32)
    number[cells] = np.arange(cells.size, dtype=np.int32)
    pointers = tuple(np.concatenate([pointer[cells], pointer[-1:]]) for pointer in graph.indptr)
    return ArcGame(
        np.ascontiguousarray(graph.utilities[:, cells]), pointers, tuple(number[targets] for targets in graph.indices)
    )


def notable_rows(model: Model, telling: Bools, *, full: bool) -> list[int]:
    """Return the rows to show: today, named states, then those marked in ``telling``; every row with ``full``."""
    cells = model.space.cells
    if full:
        return list(range(cells.size))
    row = {cell: k for k, cell in enumerate(cells.tolist())}
    named = [row[cell] for cell in model.space.named().values() if cell in row]
    return list(dict.fromkeys([row[model.space.today], *named, *np.flatnonzero(telling).tolist()]))


def names_of(model: Model, mask: Bools, most: int = 5) -> str:
    """Name the states marked in ``mask`` (file order), named ones first: ``: a; b; and 2 more``; nothing for none."""
    cells = model.space.cells[mask]
    if not cells.size:
        return ""
    named = set(model.space.named().values())
    ordered = sorted(range(cells.size), key=lambda k: (int(cells[k]) not in named, k))
    shown = "; ".join(labels(model, cells[ordered[:most]]))
    return f": {shown}" + (f"; and {cells.size - most} more" if cells.size > most else "")
