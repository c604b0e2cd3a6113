"""A patron keeps a leader or lets him go, the leader flees or stays, the army defects or is loyal: who does what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Flight:
    """Backward induction in the tree patron, leader, army; each sees what went before.

    Parameters
    ----------
    flees
        Whether the leader flees if the patron keeps him, and if it lets him go: (kept, let go).
    defects
        Whether the army defects where the play of each branch ends: (kept, let go).
    values
        float64, shape (2, 3): what each branch, kept first, is worth to patron, leader and army.
    """

    flees: tuple[bool, bool]
    defects: tuple[bool, bool]
    values: Floats

    @property
    def keeps(self) -> bool:
        """Whether the patron keeps the leader; where both are worth the same to it, it does."""
        return bool(self.values[0, 0] >= self.values[1, 0])

    @property
    def price(self) -> float:
        """The patron's reservation price: what letting him go costs it, as the difference of the two branches."""
        return float(self.values[0, 0] - self.values[1, 0])


def flight(pay_offs: Floats) -> Flight:
    """Solve the tree by backward induction; who is indifferent stays where he is.

    Minimal model by us. Cost: eight ends.

    Parameters
    ----------
    pay_offs
        float64, shape (2, 2, 2, 3): patron keeps or lets go, leader stays or flees, army loyal or defects, and what
        that is worth to patron, leader and army. Where flight ends the matter, both of the army's moves pay the same.
    """
    values = np.empty((2, 3))
    flees, defects = [], []
    for patron in (0, 1):
        army = [int(pay_offs[patron, leader, 1, 2] > pay_offs[patron, leader, 0, 2]) for leader in (0, 1)]
        ends = [pay_offs[patron, leader, army[leader]] for leader in (0, 1)]
        leader = int(ends[1][1] > ends[0][1])
        values[patron] = ends[leader]
        flees.append(bool(leader))
        defects.append(bool(army[leader]))
    return Flight((flees[0], flees[1]), (defects[0], defects[1]), values)


def price_with_trust(price: float, trust: float) -> float:
    """Return what must be promised to cover a price if the promise is believed with some trust; infinite at 0."""
    return price / trust if trust > 0 else float("inf")
