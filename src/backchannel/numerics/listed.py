"""Listed moves: which arcs an actor takes, the worst its opponents can answer, the hardest of its moves to answer."""

from __future__ import annotations

import numpy as np

from . import engines
from .arc_numpy import ArcNumpy, Rows
from .concepts import Relation
from .game import ArcGame, Bools, Ints, Longs
from .progress import Monitor

NEVER = int(np.iinfo(np.int32).min)
"""Below every utility code."""

_ARCS_A_STATE = 16
"""Listed moves that take about as long as one cell of a box."""


def leaving(rows: Rows) -> Longs:
    """Return the state each arc leaves, shape (arcs,)."""
    pointer = rows[0]
    return np.repeat(np.arange(pointer.size - 1, dtype=np.int64), np.diff(pointer))


def kept_rows(rows: Rows, kept: Bools) -> Rows:
    """Return the arcs marked in ``kept``, shape (arcs,)."""
    pointer, targets = rows
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(kept, dtype=np.int64)])
    return before[pointer], targets[kept]


def greatest_in_rows(rows: Rows, values: Ints) -> Ints:
    """Return the greatest value over each row's targets; ``NEVER`` where a row is empty. O(arcs)."""
    pointer, targets = rows
    greatest = np.full(pointer.size - 1, NEVER, dtype=np.int32)
    filled = np.flatnonzero(np.diff(pointer))
    if filled.size:
        greatest[filled] = np.maximum.reduceat(values[targets], pointer[filled])
    return greatest


def relation(graph: ArcGame, monitor: Monitor) -> Relation:
    """Return the reductions over listed moves that honour the rule against two moves in succession."""
    arcs = sum(targets.size for targets in graph.indices)
    if engines.use_numba(max(graph.states, arcs // _ARCS_A_STATE)):
        from .label_numba import ArcNumba

        return ArcNumba(graph, monitor)
    return ArcNumpy(graph, monitor)
