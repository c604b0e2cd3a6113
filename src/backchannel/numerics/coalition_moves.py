"""Joint moves: what a set of actors reaches by legal sequences, nobody moving twice in succession.

Everything here works on listed moves (a general graph over the states that can occur), so that irreversible,
conditional and merged moves need no case of their own. Two ways to follow a set of actors:

* where every member's moves are an equivalence (free to move both ways, from anywhere to anywhere in its part of
  the state), so are their joint moves: the states fall into components, and one pass over sorted states does;
* otherwise closures over "which member moves first", 64 questions to a machine word.

Definitions: Kilgour, Hipel, Fang and Peng (2001); Fang, Hipel and Kilgour (1993), ch. 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..errors import TooLargeError
from . import engines
from .arc_numpy import ArcNumpy, Rows, improving_rows, least_in_rows
from .compact import Compact, compact, list_moves, possible_moves
from .concepts import Relation
from .game import ArcGame, Bools, Ints, Longs, OptionGame
from .moves import restriction
from .progress import Monitor

Words = NDArray[np.uint64]
"""64 yes/no answers per state, one a bit."""

Array = TypeVar("Array", Ints, Words)

Joint = tuple[int, int, int]
"""A step of a joint sequence: (mover, state left, state entered)."""

MOST_MOVES = 1 << 26
"""Moves of all actors that are listed one by one."""


def listed(game: OptionGame | ArcGame) -> Compact:
    """Return the game over the states that can occur, its moves listed; a general graph as it is.

    O(actors x states x own profiles). Raises TooLargeError before listing more than ``MOST_MOVES`` moves.
    """
    if isinstance(game, ArcGame):
        return Compact(game, np.arange(game.states))
    if (moves := possible_moves(game)) > MOST_MOVES:
        raise TooLargeError(
            f"joint moves are followed one by one, and this game has up to {moves:,} moves; the limit is "
            f"{MOST_MOVES:,}. Drop options, or rule out states that cannot occur"
        )
    lister = list_moves
    if engines.use_numba(game.states):
        from .label_numba import list_moves as lister
    return compact(game, tuple(restriction(game, actor) for actor in range(game.actors)), lister)


@dataclass(frozen=True, eq=False)
class Parts:
    """Disjoint sets of states.

    Parameters
    ----------
    label
        int64, shape (states,): the set of each state, 0, 1, ...
    order, start
        States sorted by set, and where each set begins in that order.
    """

    label: Longs
    order: NDArray[np.intp]
    start: NDArray[np.intp]

    @classmethod
    def of(cls, label: Longs) -> Parts:
        """Sort states by their labels, which count from 0 without gaps."""
        order = np.argsort(label, kind="stable")
        return cls(label, order, np.searchsorted(label[order], np.arange(int(label.max()) + 1)))

    @property
    def sizes(self) -> Longs:
        """Number of states in each set."""
        return np.diff(np.append(self.start, self.label.size))


class Table:
    """The moves of a listed game, actor by actor, with what several coalitions share."""

    def __init__(self, graph: ArcGame, monitor: Monitor) -> None:
        self.graph = graph
        self.monitor = monitor
        self._improving: dict[int, Rows] = {}

    def rows(self, actor: int, *, improving: bool = False) -> Rows:
        """Return the actor's moves, or its improvements, by the state they leave."""
        if not improving:
            return self.graph.indptr[actor], self.graph.indices[actor]
        if actor not in self._improving:
            self._improving[actor] = improving_rows(self.graph, actor)
        return self._improving[actor]

    @cached_property
    def fibres(self) -> tuple[Longs | None, ...]:
        """Per actor, the lowest state among each state and its moves if the moves are an equivalence, else None."""
        return tuple(self._fibre(actor) for actor in range(self.graph.actors))

    def _fibre(self, actor: int) -> Longs | None:
        pointer, targets = self.rows(actor)
        states = np.arange(self.graph.states, dtype=np.int32)
        counts = np.diff(pointer)
        leaving = np.repeat(states, counts)
        distinct = (np.diff(targets) > 0) | (np.diff(leaving) > 0)
        label = np.minimum(states, least_in_rows((pointer, targets), states)).astype(np.int64)
        together = np.bincount(label, minlength=states.size)
        if not distinct.all() or not np.array_equal(label[targets], label[leaving]):
            return None
        return label if np.array_equal(counts + 1, together[label]) else None

    def movers(self, actors: Sequence[int]) -> tuple[int, ...]:
        """Return those of the actors who have any move."""
        return tuple(actor for actor in actors if self.graph.indices[actor].size)


class JointMoves:
    """The legal sequences of moves of some actors.

    Parameters
    ----------
    table
        The moves of the game.
    actors
        Who moves; may be nobody.
    """

    def __init__(self, table: Table, actors: Sequence[int]) -> None:
        self._table = table
        self._actors = table.movers(actors)
        self.idle = not self._actors
        self.reversible = all(table.fibres[actor] is not None for actor in self._actors)

    @cached_property
    def parts(self) -> Parts:
        """States connected by the actors' moves, whatever their direction. O(states + moves)."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        size = self._table.graph.states
        states = np.arange(size)
        links = [self._links(actor, states) for actor in self._actors]
        leaving = np.concatenate([states[:0], *(pair[0] for pair in links)])
        entered = np.concatenate([states[:0], *(pair[1] for pair in links)])
        matrix = coo_array((np.ones(leaving.size, dtype=np.int8), (leaving, entered)), shape=(size, size))
        _, label = connected_components(matrix.tocsr(), directed=True, connection="weak")
        return Parts.of(label.astype(np.int64))

    def _links(self, actor: int, states: Longs) -> tuple[Longs, Longs]:
        fibre = self._table.fibres[actor]
        if fibre is not None:
            return states, fibre
        pointer, targets = self._table.rows(actor)
        return np.repeat(states, np.diff(pointer)), targets.astype(np.int64)

    def reaching(self, marked: Words) -> Words:
        """Return, per state, the marks of all that is reached from it.

        In one step or more; a state whose members can all go back and forth counts as reaching itself. O(states)
        where the moves are reversible, else O(rounds x moves).
        """
        if self.reversible:
            return self._in_parts(np.bitwise_or, marked)
        first = [np.zeros_like(marked) for _ in self._actors]
        step = any_in_rows
        if engines.use_numba(marked.size):
            from .joint_kernels import any_in_rows as step
        quiet = turn = 0
        while quiet < len(first):
            mover = turn % len(first)
            ahead = marked.copy()
            for other, reached in enumerate(first):
                if other != mover:
                    np.bitwise_or(ahead, reached, out=ahead)
            found = step(*self._table.rows(self._actors[mover]), ahead)
            quiet = quiet + 1 if np.array_equal(found, first[mover]) else 1
            first[mover] = found
            turn += 1
            self._table.monitor.beat()
        return np.asarray(np.bitwise_or.reduce(first), dtype=np.uint64)

    def least(self, values: Ints, *, improving: bool) -> Ints:
        """Return the least value among each state and all that is reached; each step an improvement if asked."""
        if not self._actors:
            return values
        if self.reversible and not improving:
            return self._in_parts(np.minimum, values)
        return self._relation.worst_answer(self._table.graph.actors, values, improving=improving)

    def _in_parts(self, reduction: np.ufunc, values: Array) -> Array:
        parts = self.parts
        of_part = reduction.reduceat(values[parts.order], parts.start)
        return np.asarray(of_part[parts.label])

    @cached_property
    def _relation(self) -> Relation:
        """The game with everybody else silent, and one more actor who has no move and nothing but opponents."""
        graph = self._table.graph
        none = (np.zeros(graph.states + 1, dtype=np.int64), np.zeros(0, dtype=np.int32))
        rows = [self._table.rows(k) if k in self._actors else none for k in range(graph.actors)] + [none]
        spectator = np.zeros((1, graph.states), dtype=np.int32)
        quiet = replace(
            graph,
            utilities=np.concatenate([graph.utilities, spectator]),
            indptr=tuple(pointer for pointer, _ in rows),
            indices=tuple(targets for _, targets in rows),
        )
        if engines.use_numba(graph.states):
            from .label_numba import ArcNumba

            return ArcNumba(quiet, self._table.monitor)
        return ArcNumpy(quiet, self._table.monitor)

    def reached(self, start: int) -> Bools:
        """Return the states at the end of a legal sequence of at least one move from ``start``. O(moves)."""
        nowhere = np.zeros(self._table.graph.states, dtype=np.bool_)
        came_from, _ = self._walk(start, nowhere, improving=False)
        return np.asarray((came_from >= 0).any(axis=0))

    def shortest(self, start: int, accepted: Bools, *, improving: bool = False) -> tuple[Joint, ...] | None:
        """Return the shortest legal sequence of at least one move to an accepted state; None if there is none.

        Of equals the earliest mover and the lowest state. O(moves of the actors).
        """
        came_from, end = self._walk(start, accepted, improving=improving)
        return None if end is None else self._trace(came_from, *end)

    def _walk(self, start: int, accepted: Bools, *, improving: bool) -> tuple[Longs, tuple[int, int] | None]:
        """Go breadth first over (last mover, state), all of a length at once, until one is accepted.

        Returns where each pair was first come from, -1 where it was not met, and the accepted pair.
        """
        size = self._table.graph.states
        came_from = np.full((len(self._actors), size), -1, dtype=np.int64)  # last pair, as mover * states + state
        frontier = [(len(self._actors), np.array([start]))]
        while frontier:
            following: list[tuple[int, NDArray[np.intp]]] = []
            for mover in range(len(self._actors)):
                entered = [
                    self._enter(came_from, mover, last, left, improving) for last, left in frontier if last != mover
                ]
                new = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *entered]))
                if (ends := new[accepted[new]]).size:
                    return came_from, (mover, int(ends[0]))
                if new.size:
                    following.append((mover, new))
            frontier = following
        return came_from, None

    def _enter(
        self, came_from: Longs, mover: int, last: int, left: NDArray[np.intp], improving: bool
    ) -> NDArray[np.intp]:
        """Let ``mover`` move once from the states ``left``; note where the pairs first met came from."""
        pointer, targets = self._table.rows(self._actors[mover], improving=improving)
        counts = pointer[left + 1] - pointer[left]
        offset = np.repeat(pointer[left] - np.cumsum(counts) + counts, counts)
        entered, before = targets[offset + np.arange(offset.size)], np.repeat(left, counts)
        fresh, place = np.unique(entered, return_index=True)
        unseen = came_from[mover, fresh] < 0
        came_from[mover, fresh[unseen]] = last * self._table.graph.states + before[place[unseen]]
        return np.asarray(fresh[unseen], dtype=np.intp)

    def _trace(self, came_from: Longs, mover: int, state: int) -> tuple[Joint, ...]:
        size = self._table.graph.states
        steps: list[Joint] = []
        while mover < len(self._actors):
            before, left = divmod(int(came_from[mover, state]), size)
            steps.append((self._actors[mover], left, state))
            mover, state = before, left
        return tuple(reversed(steps))


def any_in_rows(pointer: Longs, targets: Ints, marked: Words) -> Words:
    """Return, per row, all marks of its targets. O(moves)."""
    found = np.zeros(pointer.size - 1, dtype=np.uint64)
    filled = np.flatnonzero(np.diff(pointer))
    if filled.size:
        found[filled] = np.bitwise_or.reduceat(marked[targets], pointer[filled])
    return found
