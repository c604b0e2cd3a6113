"""The compiled model: what every analysis reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.model.preferences import ActorUtility
from backchannel.model.space import StateSpace
from backchannel.numerics.game import ArcGame, OptionGame
from backchannel.numerics.moves import moves
from backchannel.spec.crisis import Crisis
from backchannel.spec.inputs import Input


@dataclass(frozen=True, eq=False)
class Model:
    """A crisis as arrays. Actors keep file order; states are cells of ``space``.

    Parameters
    ----------
    crisis
        The crisis it was compiled from.
    space
        Its states.
    game
        Moves, feasibility and utility codes (actors, cells).
    utilities
        Per actor: points, codes, and whether they are cardinal.
    inputs
        Every number of the file, sorted by path.
    """

    crisis: Crisis
    space: StateSpace
    game: OptionGame | ArcGame
    utilities: tuple[ActorUtility, ...]
    inputs: tuple[Input, ...]

    @property
    def actors(self) -> tuple[str, ...]:
        """Actor ids, in file order."""
        return tuple(self.crisis.actors)

    def actor_name(self, actor: str) -> str:
        """Return the name to print."""
        return self.crisis.actors[actor].name or actor

    def points(self, actor: int, cell: int) -> float:
        """Return an actor's utility of a state, in points (score or rank if ordinal)."""
        return float(self.utilities[actor].points[cell])

    def code(self, actor: int, cell: int) -> int:
        """Return an actor's utility code of a state: compare only within the actor."""
        return int(self.game.utilities[actor, cell])

    def moves(self, actor: int, cell: int) -> NDArray[np.int64]:
        """Return the cells an actor can reach from a state in one move."""
        return np.asarray(moves(self.game, actor, cell), dtype=np.int64)

    def improvements(self, actor: int, cell: int) -> NDArray[np.int64]:
        """Return the cells an actor can reach in one move and prefers strictly."""
        targets = self.moves(actor, cell)
        own = self.game.utilities[actor]
        better: NDArray[np.int64] = targets[own[targets] > own[cell]]
        return better

    def unranked(self) -> dict[str, int]:
        """Return, for each actor that leaves feasible states unranked, how many."""
        left = {}
        for actor, utility in zip(self.actors, self.utilities, strict=True):
            if utility.known is not None:
                missing = int((~utility.known[self.space.cells]).sum())
                if missing:
                    left[actor] = missing
        return left
