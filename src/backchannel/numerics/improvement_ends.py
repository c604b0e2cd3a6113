"""Where several actors come to rest when each keeps moving while it gains: the ends of their improvements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backchannel.numerics.game import Bools, Ints, Longs, OptionGame
from backchannel.numerics.moves import Restriction, fibre_targets, restriction


@dataclass(frozen=True, eq=False)
class Ends:
    """The states at which the movers may come to rest, for each start.

    Parameters
    ----------
    start
        int64, shape (starts + 1,): the ends of start k are ``cells[start[k]:start[k + 1]]``, ascending. None if the
        movers may come into a round that nothing stops, even where they may also come to rest before it.
    cells
        int64, shape (ends,).
    """

    start: Longs
    cells: Longs

    def of(self, k: int) -> Longs:
        """Return the ends of one start."""
        return self.cells[self.start[k] : self.start[k + 1]]

    @property
    def counts(self) -> Longs:
        """Number of ends of each start, shape (starts,)."""
        return np.diff(self.start)


def improvement_ends(game: OptionGame, starts: Longs, movers: Sequence[int], utilities: Ints | None = None) -> Ends:
    """Follow every sequence of improvements by the movers from each start, to the states none of them leaves.

    An actor's improvements need not follow one another without a break: every order of moves is followed.

    Parameters
    ----------
    game
        The moves.
    starts
        int64, shape (starts,): cells, possible ones.
    movers
        Actors that move.
    utilities
        int32 codes, shape (actors, states), in place of the game's own.

    Notes
    -----
    Cost: each (start, state) pair once, times the movers' own profiles.
    """
    codes = game.utilities if utilities is None else utilities
    rules = {mover: restriction(game, mover) for mover in movers}
    seen = np.arange(starts.size, dtype=np.int64) * game.states + starts
    frontier, none = seen, np.zeros(0, dtype=np.int64)
    ended, steps = [none], [(none, none)]
    while frontier.size:
        source, target, resting = _step(game, frontier, rules, codes)
        ended.append(frontier[resting])
        steps.append((source, target))
        frontier = np.setdiff1d(target, seen)
        seen = np.union1d(seen, frontier)
    pairs = np.sort(np.concatenate(ended))
    sources, targets = (np.concatenate(part) for part in zip(*steps, strict=True))
    trapped = _without_end(seen, pairs, sources, targets) // game.states
    pairs = pairs[~np.isin(pairs // game.states, trapped)]
    counts = np.bincount(pairs // game.states, minlength=starts.size)
    return Ends(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), pairs % game.states)


def _step(
    game: OptionGame, pairs: Longs, rules: dict[int, Restriction | None], codes: Ints
) -> tuple[Longs, Longs, Bools]:
    """Return each improvement from some pairs as (from, to), and which pairs nobody leaves."""
    cells, base = pairs % game.states, pairs - pairs % game.states
    resting = np.ones(pairs.size, dtype=bool)
    sources, targets = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for mover, rule in rules.items():
        allowed, entered = fibre_targets(game, mover, rule, cells.astype(np.intp))
        better = allowed & (codes[mover][entered] > codes[mover][cells][:, None])
        resting &= ~better.any(axis=1)
        sources.append(np.broadcast_to(pairs[:, None], better.shape)[better])
        targets.append((base[:, None] + entered)[better].astype(np.int64))
    return np.concatenate(sources), np.concatenate(targets), resting


def _without_end(seen: Longs, ended: Longs, sources: Longs, targets: Longs) -> Longs:
    """Return the reached pairs from which no sequence of improvements leads to an end."""
    ends = np.isin(seen, ended)
    source, target = np.searchsorted(seen, sources), np.searchsorted(seen, targets)
    while True:
        new = np.unique(source[ends[target] & ~ends[source]])
        if not new.size:
            return seen[~ends]
        ends[new] = True
