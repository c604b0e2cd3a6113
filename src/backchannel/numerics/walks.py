"""What several actors can reach by turns, nobody moving twice in succession, and which moves would lead further."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .game import ArcGame, Bools, Longs, OptionGame
from .moves import to_arcs

Allowed = Mapping[int, Bools]
"""Per actor, which of its arcs may be taken, in the order of its arc list; an actor left out may take all."""


def as_arcs(game: OptionGame | ArcGame) -> ArcGame:
    """Return the game with its moves written out. O(actors x states x own profiles) for an option game."""
    return game if isinstance(game, ArcGame) else to_arcs(game)


def origins(game: ArcGame, actor: int) -> Longs:
    """Return where each arc of an actor starts, in the order of its arc list."""
    pointer = game.indptr[actor]
    return np.repeat(np.arange(pointer.size - 1, dtype=np.int64), np.diff(pointer))


def improving(game: ArcGame, actor: int) -> Bools:
    """Return which arcs of an actor lead to something it prefers."""
    own = game.utilities[actor]
    return np.asarray(own[game.indices[actor]] > own[origins(game, actor)])


def targets(game: ArcGame, actor: int, states: Longs, allowed: Allowed) -> Longs:
    """Return where an actor's arcs from some states lead, as (possibly repeated) states."""
    pointer = game.indptr[actor]
    lengths = pointer[states + 1] - pointer[states]
    starts = np.repeat(pointer[states] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    rows = starts + np.arange(starts.size)
    if actor in allowed:
        rows = rows[allowed[actor][rows]]
    return game.indices[actor][rows].astype(np.int64)


def reached(game: ArcGame, start: int, movers: Sequence[int], allowed: Allowed) -> Bools:
    """Return which (last mover, state) pairs the movers can reach in one or more moves from a state.

    Returns
    -------
    Bools
        Shape (actors, states). Cost: each pair once, times the arcs that leave it.
    """
    pairs = np.zeros((game.actors, game.states), dtype=bool)
    frontier = {-1: np.array([start], dtype=np.int64)}
    while frontier:
        following = {}
        for mover in movers:
            leaving = [states for last, states in frontier.items() if last != mover]
            if not leaving:
                continue
            found = np.unique(targets(game, mover, np.unique(np.concatenate(leaving)), allowed))
            new = found[~pairs[mover, found]]
            if new.size:
                pairs[mover, new] = True
                following[mover] = new
        frontier = following
    return pairs


def leading_further(game: ArcGame, start: int, movers: Sequence[int], pairs: Bools, mover: int) -> Bools:
    """Return which arcs of a mover would reach a pair not yet reached, if it could be taken: shape (arcs,)."""
    before: Bools = np.logical_or.reduce(pairs[[other for other in movers if other != mover]], axis=0)
    before[start] = True
    return np.asarray(before[origins(game, mover)] & ~pairs[mover, game.indices[mover]])
