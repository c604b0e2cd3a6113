"""Which packages hold once executed: whether everybody stays where third parties' responses end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.packages import Packages
from backchannel.model.model import Model
from backchannel.numerics.concepts import Concept
from backchannel.numerics.stability import all_stable

CONCEPTS: tuple[Concept, ...] = ("nash", "seq")


@dataclass(frozen=True, eq=False)
class Holding:
    """What becomes of packages once executed.

    Parameters
    ----------
    rows
        int64, shape (rows,): the packages judged.
    nash, seq
        Bool, shape (rows,): every state in which it may end is an equilibrium by that concept.
    breaks
        Bool, shape (rows, actors): for this actor some such state is not sequentially stable.
    """

    rows: NDArray[np.int64]
    nash: NDArray[np.bool_]
    seq: NDArray[np.bool_]
    breaks: NDArray[np.bool_]


def holding(model: Model, packages: Packages, rows: NDArray[np.int64]) -> Holding:
    """Judge the ends of some packages by Nash and sequential stability (Fang, Hipel and Kilgour, 1993)."""
    kept = packages.keep(np.isin(np.arange(packages.size), rows))
    if not rows.size:
        none = np.zeros(0, dtype=bool)
        return Holding(rows, none, none, np.zeros((0, len(model.actors)), dtype=bool))
    verdicts = all_stable(model.game, CONCEPTS)
    ends, start = kept.ends.cells, kept.ends.start[:-1]
    nash, seq = (np.minimum.reduceat(np.asarray(verdicts[name].all(axis=0))[ends], start) for name in CONCEPTS)
    unstable = ~verdicts["seq"][:, ends]
    return Holding(rows, nash, seq, np.maximum.reduceat(unstable, start, axis=1).T)


def judged(model: Model, cells: NDArray[np.int64]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return for some states: by which concepts each is an equilibrium, and whom it leaves unsatisfied by SEQ."""
    verdicts = all_stable(model.game, CONCEPTS)
    return [
        (
            tuple(name for name in CONCEPTS if verdicts[name][:, cell].all()),
            tuple(actor for row, actor in enumerate(model.actors) if not verdicts["seq"][row, cell]),
        )
        for cell in cells.tolist()
    ]
