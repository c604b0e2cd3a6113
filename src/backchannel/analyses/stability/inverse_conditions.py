"""When a state is stable for an actor, as a condition on the set of states the actor likes no better than it.

Let D be the states that actor i likes no better than state s (s among them). By every concept the stability of s
for i depends on i's order only through D, and more states in D never hurt:

* Nash: D holds every state i can move to;
* GMR: for every move q of i, D holds q or a state the opponents can reach from q;
* SMR: for every move q, D holds q, or some state the opponents reach from q with all that i can reach from there;
* SEQ: as GMR, each opponent's step being an improvement for its mover.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import TooLargeError
from backchannel.model.model import Model
from backchannel.numerics.concepts import Concept
from backchannel.numerics.game import ArcGame, Bools, OptionGame
from backchannel.numerics.monotone import Clause, Condition, bits, clause, simplified
from backchannel.numerics.walks import Allowed, as_arcs, improving, reached

MOST_ARCS = 60_000_000
MOST_GROUP_BITS = 2**31


@dataclass(frozen=True, eq=False)
class Graph:
    """A model with its moves written out.

    Parameters
    ----------
    model
        The model.
    arcs
        The same game as a general graph.
    place
        int64, shape (cells,): row of each possible state in file order, -1 elsewhere.
    """

    model: Model
    arcs: ArcGame
    place: NDArray[np.int64]

    @classmethod
    def of(cls, model: Model) -> Graph:
        """Write out the moves of a model. Raises TooLargeError before listing more than :data:`MOST_ARCS`."""
        game = model.game
        if isinstance(game, OptionGame):
            size = game.states * sum(own for _, own, _ in game.fibres)
            if size > MOST_ARCS:
                raise TooLargeError(
                    f"{game.states:,} states have up to {size:,} moves and the inverse question lists at most "
                    f"{MOST_ARCS:,}; drop options that do not matter here"
                )
        place = np.full(game.states, -1, dtype=np.int64)
        place[model.space.cells] = np.arange(model.space.cells.size)
        return cls(model, as_arcs(game), place)

    def moves(self, actor: int, cell: int) -> list[int]:
        """Return the states an actor can move to."""
        pointer = self.arcs.indptr[actor]
        return sorted(set(self.arcs.indices[actor][pointer[cell] : pointer[cell + 1]].tolist()) - {cell})

    def opponents(self, actor: int) -> tuple[int, ...]:
        """Return everybody else."""
        return tuple(other for other in range(self.arcs.actors) if other != actor)

    def improvements(self) -> dict[int, Bools]:
        """Return which arcs of each actor are improvements today."""
        return {actor: improving(self.arcs, actor) for actor in range(self.arcs.actors)}

    def answers(self, actor: int, move: int, allowed: Allowed) -> NDArray[np.int64]:
        """Return the states the actor's opponents can reach after a move of its."""
        pairs = reached(self.arcs, move, self.opponents(actor), allowed)
        return np.flatnonzero(pairs.any(axis=0))

    def mask(self, cells: NDArray[np.int64]) -> int:
        """Return states as a bit mask over the rows of the possible states."""
        flags = np.zeros(self.model.space.cells.size, dtype=bool)
        flags[self.place[cells]] = True
        return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")

    def cells(self, mask: int) -> list[int]:
        """Return the states of a mask, in file order."""
        rows = [bit.bit_length() - 1 for bit in bits(mask)]
        return [int(self.model.space.cells[row]) for row in rows]


def condition(
    graph: Graph, concept: Concept, actor: int, state: int, allowed: Mapping[int, Bools] | None = None
) -> Condition:
    """Return when a state is stable for an actor, over rows of possible states.

    Parameters
    ----------
    graph, concept, actor, state
        Of what, by what, for whom, where.
    allowed
        For SEQ: the arcs each opponent takes (default: its improvements today).

    Notes
    -----
    The state itself is always in D, so it is no element. Cost: one walk of the opponents for each move of the actor.
    """
    steps: Mapping[int, Bools] = {}
    if concept == "seq":
        steps = graph.improvements() if allowed is None else allowed
    found = []
    for move in graph.moves(actor, state):
        answers = np.zeros(0, dtype=np.int64) if concept == "nash" else graph.answers(actor, move, steps)
        item = _clause(graph, concept, actor, state, move, answers)
        if item is not None:
            found.append(item)
    return simplified(found)


def _clause(
    graph: Graph, concept: Concept, actor: int, state: int, move: int, answers: NDArray[np.int64]
) -> Clause | None:
    own = graph.mask(np.array([move]))
    if concept == "smr":
        return clause({own, *_held_down(graph, actor, state, answers)})
    if (answers == state).any():
        return None
    return Clause(own | graph.mask(answers))


def _held_down(graph: Graph, actor: int, state: int, answers: NDArray[np.int64]) -> set[int]:
    """Return, for each answer, the states that must be no better for it to hold the actor down."""
    distinct = {tuple(sorted({answer, *graph.moves(actor, answer)} - {state})) for answer in answers.tolist()}
    if len(distinct) * graph.model.space.cells.size > MOST_GROUP_BITS:
        raise TooLargeError(
            f"{len(distinct):,} groups among {graph.model.space.cells.size:,} states are too many to compare"
        )
    return {graph.mask(np.array(group, dtype=np.int64)) for group in distinct}


def holds(item: Clause, no_better: int) -> bool:
    """Whether a clause holds for a set D given as a mask."""
    return bool(item.singles & no_better) or any(group & no_better == group for group in item.groups)
