"""Nash, GMR and SMR where every state can occur and every move can be undone: plain thresholds.

There the opponents of actor i reach exactly the states with i's own options unchanged. With x for i's own
options and y for all others,

* Nash: u_i(x, y) >= max over x' of u_i(x', y);
* GMR: u_i >= max over x of min over y of u_i, the value i can secure (maximin);
* SMR: u_i >= min over y of max over x of u_i, the value i cannot be held below (minimax).

Howard (1971), *Paradoxes of Rationality*, characterises metarational outcomes so; it fails as soon as a
state is infeasible or a move irreversible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .concepts import Concept
from .game import Bools, Ints


@dataclass(frozen=True, eq=False)
class Thresholds:
    """What actor i must have for a state to be stable.

    Parameters
    ----------
    best
        int32, shape (outer, inner): the best own reply in each fibre, for Nash.
    secure
        Maximin, for GMR.
    floor
        Minimax, for SMR.
    """

    best: Ints
    secure: int
    floor: int


def thresholds(utility: Ints, shape: tuple[int, int, int]) -> Thresholds:
    """Return one actor's thresholds; ``shape`` is (outer, own, inner). Two readings of the utilities."""
    box = utility.reshape(shape)
    best = box.max(axis=1)
    secure = int(box.min(axis=2).min(axis=0).max())
    return Thresholds(best, secure, int(best.min()))


def meets(utility: Ints, shape: tuple[int, int, int], limits: Thresholds, concept: Concept) -> Bools:
    """Return the states stable by ``nash``, ``gmr`` or ``smr``, shape (states,). One reading."""
    if concept == "nash":
        return np.asarray(utility.reshape(shape) >= limits.best[:, None, :]).ravel()
    return np.asarray(utility >= (limits.secure if concept == "gmr" else limits.floor))
