"""What the inverse analysis hands back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.stability.inverse_worths import Remedy
from backchannel.results.result import Result


@dataclass(frozen=True)
class Requirement:
    """A free actor has to like the state at least as well as every state of at least one of the alternatives.

    Parameters
    ----------
    actor
        Whose preference.
    alternatives
        Rows of states, those of one alternative together. A single alternative is a necessary comparison.
    met
        Whether it holds today.
    """

    actor: str
    alternatives: tuple[tuple[int, ...], ...]
    met: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class InverseResult(Result):
    """What would make a state an equilibrium. Rows are the possible states in file order.

    Parameters
    ----------
    row, concept, ties
        The state asked for, the concept, and whether orders with ties are counted.
    state, label
        Literal and label of each possible state.
    everyone, names
        Ids of all actors, and what to print.
    stable
        Bool, shape (actors,): for whom the state is stable today.
    free
        Ids of the actors whose preferences are free.
    count, total
        Orders of the free actors together that make the state an equilibrium, and all of them, as decimal numbers
        (they can have thousands of digits); empty where not counted.
    counts
        The same for each free actor alone, where the conditions separate (always by Nash, GMR and SMR); else empty.
    share
        ``count / total``; None where not counted.
    not_counted
        Why there is no count.
    requirements
        Per free actor the prime conditions, necessary comparisons first; by SEQ with the opponents as in the file.
    unlisted
        Free actors whose conditions are too many to write down.
    remedies
        The smallest changes of worths.
    """

    row: int
    concept: str
    ties: bool
    state: tuple[str, ...]
    label: tuple[str, ...]
    everyone: tuple[str, ...]
    names: tuple[str, ...]
    stable: NDArray[np.bool_]
    free: tuple[str, ...]
    count: str
    total: str
    counts: tuple[str, ...]
    share: float | None
    not_counted: str
    requirements: tuple[Requirement, ...]
    unlisted: tuple[str, ...]
    remedies: tuple[Remedy, ...]

    def name(self, actor: str) -> str:
        """Return what to print for an actor."""
        return self.names[self.everyone.index(actor)]
