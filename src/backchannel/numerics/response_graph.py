"""Who could move where after each of several starts, so that ends of improvements can be found for many preferences.

:func:`backchannel.numerics.improvement_ends.improvement_ends` follows one set of preferences; this lists the moves
once and then asks, for a whole block of drawn preferences at a time, where the movers come to rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.numerics.game import Bools, Longs, OptionGame
from backchannel.numerics.moves import Restriction, fibre_targets, restriction


@dataclass(frozen=True, eq=False)
class ResponseGraph:
    """The moves of some actors between all states they could reach from each start, preferences aside.

    Parameters
    ----------
    cells
        int64, shape (places,): the cell of each place; the places of one start stand together.
    first
        int64, shape (starts + 1,): the places of start k are ``first[k]`` to ``first[k + 1]``.
    start
        int64, shape (starts,): the place of each start itself.
    source, target
        int64, shape (moves,): places, sorted by target.
    mover
        int64, shape (moves,): the actor.
    """

    cells: Longs
    first: Longs
    start: Longs
    source: Longs
    target: Longs
    mover: Longs

    def resting(self, codes: Mapping[int, NDArray[np.int32]]) -> Bools:
        """Return at which places the movers may come to rest, for a block of preferences.

        Parameters
        ----------
        codes
            By mover: int32, shape (draws, places), larger is better.

        Returns
        -------
        Bools
            Shape (draws, places). Cost: draws x moves x the longest sequence of improvements.
        """
        draws = len(next(iter(codes.values()))) if codes else 1
        reached = np.zeros((draws, self.cells.size), dtype=bool)
        reached[:, self.start] = True
        if not self.source.size:
            return reached
        better = np.zeros((draws, self.source.size), dtype=bool)
        for mover, values in codes.items():
            own = self.mover == mover
            better[:, own] = values[:, self.target[own]] > values[:, self.source[own]]
        entered, begin = np.unique(self.target, return_index=True)
        while True:
            new = np.logical_or.reduceat(better & reached[:, self.source], begin, axis=1) & ~reached[:, entered]
            if not new.any():
                return self._settled(reached, better)
            reached[:, entered] |= new

    def _settled(self, reached: Bools, better: Bools) -> Bools:
        """Return the reached places nobody leaves, none of a start from which a round without end can be reached."""
        resting = reached & ~self._left(better)
        order = np.argsort(self.source, kind="stable")
        leaving, begin = np.unique(self.source[order], return_index=True)
        ends, better = resting.copy(), better[:, order]
        while True:
            new = np.logical_or.reduceat(better & ends[:, self.target[order]], begin, axis=1) & ~ends[:, leaving]
            if not new.any():
                break
            ends[:, leaving] |= new
        trapped = np.logical_or.reduceat(reached & ~ends, self.first[:-1], axis=1)
        return np.asarray(resting & ~np.repeat(trapped, np.diff(self.first), axis=1))

    def _left(self, better: Bools) -> Bools:
        """Return from which places somebody moves on."""
        left = np.zeros((len(better), self.cells.size), dtype=bool)
        order = np.argsort(self.source, kind="stable")
        leaving, begin = np.unique(self.source[order], return_index=True)
        left[:, leaving] = np.logical_or.reduceat(better[:, order], begin, axis=1)
        return left


def response_graph(game: OptionGame, starts: Longs, movers: Sequence[int]) -> ResponseGraph:
    """List every move of the movers between the states they could reach from each start.

    Cost: starts x reachable states x the movers' own profiles.
    """
    rules = {mover: restriction(game, mover) for mover in movers}
    seen = np.arange(starts.size, dtype=np.int64) * game.states + starts
    frontier = seen
    arcs: list[tuple[Longs, Longs, int]] = []
    while frontier.size:
        stepped = [_moves(game, frontier, mover, rule) for mover, rule in rules.items()]
        arcs += stepped
        found = np.unique(np.concatenate([target for _, target, _ in stepped])) if stepped else frontier[:0]
        frontier = np.setdiff1d(found, seen, assume_unique=True)
        seen = np.union1d(seen, frontier)
    return _assembled(game, starts, seen, arcs)


def _moves(game: OptionGame, pairs: Longs, mover: int, rule: Restriction | None) -> tuple[Longs, Longs, int]:
    """Return source and target pairs of a mover's moves from some pairs (start, cell)."""
    cells = pairs % game.states
    allowed, entered = fibre_targets(game, mover, rule, cells.astype(np.intp))
    sources = np.broadcast_to(pairs[:, None], allowed.shape)[allowed]
    return sources, ((pairs - cells)[:, None] + entered)[allowed].astype(np.int64), mover


def _assembled(game: OptionGame, starts: Longs, seen: Longs, arcs: list[tuple[Longs, Longs, int]]) -> ResponseGraph:
    none = np.zeros(0, dtype=np.int64)
    source = np.searchsorted(seen, np.concatenate([none, *(part for part, _, _ in arcs)]))
    target = np.searchsorted(seen, np.concatenate([none, *(part for _, part, _ in arcs)]))
    mover = np.concatenate([none, *(np.full(part.size, who, dtype=np.int64) for part, _, who in arcs)])
    order = np.argsort(target, kind="stable")
    counts = np.bincount(seen // game.states, minlength=starts.size)
    return ResponseGraph(
        cells=seen % game.states,
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        start=np.searchsorted(seen, np.arange(starts.size, dtype=np.int64) * game.states + starts),
        source=source[order],
        target=target[order],
        mover=mover[order],
    )
