"""Where play would end if every actor looked a fixed number of moves ahead: backward induction over all states.

With ``h`` moves left, an actor at a state either leaves things as they are or makes the move whose anticipated
end it likes best (Kilgour 1985; Fang, Hipel and Kilgour 1993, ch. 3). Two rules say who answers a move:

* ``worst``: of all opponents who would move, the one whose anticipated end the mover likes least;
* ``order``: the others are asked one after another, from the actor after the mover round the list; whoever is
  asked moves or passes, and play ends when all have passed.

With two actors both are the same: the opponent moves, or play ends.

Ties: an actor stays unless moving leads to something strictly better (and passes likewise); among moves that
lead to equally good ends it takes the first target in listing order, among equally bad answers the first end in
that order (``last``: the last). So a verdict may depend on the listing only through ties.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..errors import TooLargeError
from .compact import possible_improvements
from .game import ArcGame, Ints, Longs, OptionGame
from .moves import Restriction, arcs, restriction

Rule = Literal["worst", "order"]
Ties = Literal["first", "last"]

MOST_MOVES = 1 << 26
"""Moves of one actor that may be listed one by one, where an option is final or frozen."""

CHUNK = 1 << 22
"""Moves looked at together; bounds the temporary memory."""

BestMove = Callable[[Longs], Longs]
"""Per state, the greatest key among the actor's moves, -1 where it has none; the state itself does not count."""


@dataclass(frozen=True, eq=False)
class Foresight:
    """What every actor anticipates with a number of moves left. States are numbered in listing order.

    Parameters
    ----------
    first
        int32, shape (actors, states): where play ends if the actor is first to move; the state itself if it stays.
    after
        int32, shape (actors, states): where play ends if the actor has just moved there, others to answer.
    """

    first: Ints
    after: Ints

    @property
    def stays(self) -> NDArray[np.bool_]:
        """Whether the actor, first to move, stays; shape (actors, states)."""
        return np.asarray(self.first == np.arange(self.first.shape[1], dtype=np.int32))


class Lookahead:
    """Foresight one move at a time, from none upwards.

    Parameters
    ----------
    game
        The game.
    cells
        The possible states, in listing order, shape (states,).
    rule
        Who answers a move.
    ties
        Whether the first or the last of equally good moves counts.

    Raises
    ------
    TooLargeError
        If the moves of an actor would have to be listed one by one and are too many.
    """

    def __init__(self, game: OptionGame | ArcGame, cells: Longs, rule: Rule, ties: Ties) -> None:
        self._rule = rule
        self._last = ties == "last"
        self._states = int(cells.size)
        self._own = np.arange(self._states, dtype=np.int32)
        self._ranks = np.stack([_dense(row[cells]) for row in game.utilities])
        self._best = tuple(_best_move(game, actor, cells) for actor in range(game.actors))

    @property
    def actors(self) -> int:
        """Number of actors."""
        return len(self._best)

    def start(self) -> Foresight:
        """Return what is anticipated with no move left: nothing changes."""
        same = np.broadcast_to(self._own, (self.actors, self._states)).copy()
        return Foresight(same, same)

    def further(self, known: Foresight, step: Callable[[], None] = lambda: None) -> Foresight:
        """Return what is anticipated with one move more. O(moves of all actors + actors^2 x states).

        ``step`` is called after each actor; it may raise to stop.
        """
        first, moved = np.empty_like(known.first), np.empty_like(known.first)
        for actor in range(self.actors):
            moved[actor] = self._moved(actor, known.after[actor])
            gains = (moved[actor] >= 0) & (self._rank(actor, moved[actor]) > self._ranks[actor])
            first[actor] = np.where(gains, moved[actor], self._own)
            step()
        answer = self._worst_answer if self._rule == "worst" else self._asked_in_turn
        after = np.stack([answer(actor, first, moved) for actor in range(self.actors)])
        return Foresight(first, after)

    def _rank(self, actor: int, states: Ints) -> Ints:
        return np.asarray(self._ranks[actor][states], dtype=np.int32)

    def _moved(self, actor: int, after: Ints) -> Ints:
        """Return where play ends if the actor must move and moves best; -1 where it has no move."""
        keys = self._rank(actor, after).astype(np.int64) * self._states
        keys += self._own if self._last else self._own[::-1]
        found = self._best[actor](keys)
        place = (found % self._states).astype(np.int32)
        target = place if self._last else self._states - 1 - place
        return np.where(found >= 0, after[target], np.int32(-1))

    def _worst_answer(self, actor: int, first: Ints, moved: Ints) -> Ints:
        """Return, of the ends that opponents would move to, the one the actor likes least; the state if none would."""
        del moved
        none = np.iinfo(np.int64).max
        order = self._own[::-1] if self._last else self._own
        keys = self._ranks[actor].astype(np.int64) * self._states + order
        worst = np.full(self._states, none)
        for other in range(self.actors):
            if other != actor:
                np.minimum(worst, np.where(first[other] != self._own, keys[first[other]], none), out=worst)
        place = (worst % self._states).astype(np.int32)
        end = self._states - 1 - place if self._last else place
        return np.where(worst == none, self._own, end)

    def _asked_in_turn(self, actor: int, first: Ints, moved: Ints) -> Ints:
        """Return where play ends if the others are asked in turn: settled from the last one asked backwards."""
        del first
        end = self._own
        for asked in reversed(turn(actor, self.actors)):
            gains = (moved[asked] >= 0) & (self._rank(asked, moved[asked]) > self._rank(asked, end))
            end = np.where(gains, moved[asked], end)
        return end


def turn(actor: int, actors: int) -> tuple[int, ...]:
    """Return who is asked after an actor has moved, in order: the next in the list, round to the one before it."""
    return tuple((actor + k) % actors for k in range(1, actors))


def _dense(utility: Ints) -> Ints:
    return np.unique(utility, return_inverse=True)[1].astype(np.int32)


def _best_move(game: OptionGame | ArcGame, actor: int, cells: Longs) -> BestMove:
    if isinstance(game, ArcGame):
        return _along_arcs(game.indptr[actor], game.indices[actor], cells)
    rule = restriction(game, actor)
    if rule is None:
        return _along_fibres(game, actor, cells)
    return _along_arcs(*_listed(game, actor, rule), cells)


def _listed(game: OptionGame, actor: int, rule: Restriction) -> tuple[Longs, Ints]:
    bound = 2 * possible_improvements(game, actor)
    if bound > MOST_MOVES:
        raise TooLargeError(
            f"actor {actor + 1} has up to {bound:,} moves and an option that is final or frozen; they would have to "
            f"be listed one by one and the limit is {MOST_MOVES:,}. Drop options, or rule out more states."
        )
    return arcs(game, actor, rule)


def _along_fibres(game: OptionGame, actor: int, cells: Longs) -> BestMove:
    """Every other possible state of the fibre is a move: the best of the fibre, for that one the second best."""
    outer, own, inner = game.fibres[actor]

    def best(keys: Longs) -> Longs:
        box = np.full(game.states, -1, dtype=np.int64)
        box[cells] = keys
        fibres = box.reshape(outer, own, inner)
        first = np.full((outer, inner), -1, dtype=np.int64)
        second = first.copy()
        for profile in range(own):
            here = fibres[:, profile]
            np.maximum(second, np.minimum(first, here), out=second)
            np.maximum(first, here, out=first)
        fibre = cells // (own * inner) * inner + cells % inner
        greatest = first.reshape(-1)[fibre]
        return np.asarray(np.where(greatest == keys, second.reshape(-1)[fibre], greatest), dtype=np.int64)

    return best


def _along_arcs(pointer: Longs, indices: Ints, cells: Longs) -> BestMove:
    """Look each move up in a list over the possible states."""
    number = np.full(pointer.size - 1, -1, dtype=np.int32)
    number[cells] = np.arange(cells.size, dtype=np.int32)
    counts = pointer[cells + 1] - pointer[cells]
    ends = np.cumsum(counts)
    positions = np.arange(int(counts.sum())) + np.repeat(pointer[cells] - (ends - counts), counts)
    targets = number[indices[positions]]
    rows = np.flatnonzero(counts)
    starts = (ends - counts)[rows]

    def best(keys: Longs) -> Longs:
        found = np.full(cells.size, -1, dtype=np.int64)
        for low, high in _spans(starts, targets.size):
            start, stop = int(starts[low]), targets.size if high == rows.size else int(starts[high])
            found[rows[low:high]] = np.maximum.reduceat(keys[targets[start:stop]], starts[low:high] - start)
        return found

    return best


def _spans(starts: Longs, size: int) -> list[tuple[int, int]]:
    """Split rows into runs of about ``CHUNK`` entries, as (first row, row after the last)."""
    if not starts.size:
        return []
    edges = np.unique(np.searchsorted(starts, np.arange(0, size, CHUNK)))
    bounds = [*edges[edges < starts.size].tolist(), starts.size]
    return list(pairwise(bounds))
