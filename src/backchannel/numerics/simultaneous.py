"""Improvements met by improvements made at the same moment: every combination, for all states at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from ..errors import TooLargeError
from .game import Bools, Ints, Longs, OptionGame
from .moves import arcs, restriction

CHUNK = 1 << 21
"""Combinations looked at together; bounds the temporary memory to some 100 MB."""

MOST_COMBINATIONS = 1 << 34
"""Combinations of one actor and one group of opponents beyond which the work is refused."""


@dataclass(frozen=True, eq=False)
class _Improvements:
    """One actor's improvements: from ``state`` it may add ``shift[pointer[state]:pointer[state + 1]]`` to the cell."""

    pointer: Longs
    shift: Longs

    def count(self, states: Longs) -> Longs:
        return self.pointer[states + 1] - self.pointer[states]


def simultaneously_stable(
    game: OptionGame,
    taking_part: Bools | None = None,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> Bools:
    """Return for whom each state is stable by simultaneous sanctioning, bool of shape (actors, states).

    A state is stable for an actor if each of its improvements, put together with improvements that one or more
    opponents make from the same state at the same moment, can give a possible state it likes no better. The moves
    are put together option by option.

    Cost: combinations of improvements, the product of their numbers over a group, for every group of opponents;
    groups that could not push the actor down even with moves they would not make are passed over.

    Parameters
    ----------
    game
        The game.
    taking_part
        Bool, shape (actors, states): whose improvements count as answers, where; None for all.
    step
        Called with (done, total), counted in pairs of actor and group of opponents; may raise to stop.

    Raises
    ------
    TooLargeError
        If the combinations are too many.
    """
    improving = [_improvements(game, actor) for actor in range(game.actors)]
    answering = improving
    if taking_part is not None:
        answering = [_only(some, allowed) for some, allowed in zip(improving, taking_part, strict=True)]
    groups = [_groups(actor, answering) for actor in range(game.actors)]
    total = max(sum(len(some) for some in groups), 1)
    feasible = np.ones(game.states, dtype=np.bool_) if game.feasible is None else game.feasible
    stable = np.zeros((game.actors, game.states), dtype=np.bool_)
    done = 0
    step(done, total)
    for actor in range(game.actors):
        open_ = _Open.of(improving[actor], game.states)
        for group in groups[actor]:
            if open_.state.size:
                floor = _floor(game, feasible, actor, group)
                open_ = _unsanctioned(game, feasible, actor, [answering[other] for other in group], open_, floor)
            done += 1
            step(done, total)
        stable[actor] = feasible
        stable[actor][open_.state] = False
    return stable


@dataclass(frozen=True, eq=False)
class _Open:
    """Improvements not yet sanctioned: from which state, to which."""

    state: Longs
    target: Longs

    @classmethod
    def of(cls, improving: _Improvements, states: int) -> _Open:
        state = np.repeat(np.arange(states, dtype=np.int64), np.diff(improving.pointer))
        return cls(state, state + improving.shift)

    def where(self, kept: NDArray[np.bool_] | Longs) -> _Open:
        return _Open(self.state[kept], self.target[kept])


def _improvements(game: OptionGame, actor: int) -> _Improvements:
    pointer, targets = arcs(game, actor, restriction(game, actor), improving=True)
    origin = np.repeat(np.arange(game.states, dtype=np.int64), np.diff(pointer))
    return _Improvements(pointer, targets.astype(np.int64) - origin)


def _only(improving: _Improvements, allowed: Bools) -> _Improvements:
    counts = np.diff(improving.pointer)
    kept = np.repeat(allowed, counts)
    pointer = np.concatenate([[0], np.cumsum(np.where(allowed, counts, 0))]).astype(np.int64)
    return _Improvements(pointer, improving.shift[kept])


def _groups(actor: int, answering: list[_Improvements]) -> list[tuple[int, ...]]:
    """Return the groups of opponents that could answer, smallest first."""
    able = [other for other, some in enumerate(answering) if other != actor and some.shift.size]
    return [group for size in range(1, len(able) + 1) for group in combinations(able, size)]


def _floor(game: OptionGame, feasible: Bools, actor: int, group: tuple[int, ...]) -> Ints:
    """Return, per state, the least the group could leave the actor with, were it free to move at will."""
    box = np.where(feasible, game.utilities[actor], np.iinfo(np.int32).max)
    for other in group:
        fibres = box.reshape(game.fibres[other])
        box = np.broadcast_to(fibres.min(axis=1, keepdims=True), fibres.shape).reshape(-1)
    return box


def _unsanctioned(
    game: OptionGame, feasible: Bools, actor: int, group: list[_Improvements], open_: _Open, floor: Ints
) -> _Open:
    """Return the improvements that no combination of the whole group sanctions."""
    utility = game.utilities[actor]
    counts = np.ones(open_.state.size, dtype=np.int64)
    for some in group:
        counts *= some.count(open_.state)
    counts[floor[open_.target] > utility[open_.state]] = 0
    if counts.sum() > MOST_COMBINATIONS:
        raise TooLargeError(
            f"{int(counts.sum()):,} combinations of simultaneous improvements are more than the "
            f"{MOST_COMBINATIONS:,} that are tried; drop options or rule out more states"
        )
    asked = np.flatnonzero(counts)
    kept = np.ones(open_.state.size, dtype=np.bool_)
    ends = np.cumsum(counts[asked])
    for low, high in _runs(ends):
        some_asked = asked[low:high]
        kept[some_asked] = ~_sanctioned(feasible, utility, group, open_.where(some_asked))
    return open_.where(kept)


def _runs(ends: Longs) -> list[tuple[int, int]]:
    """Split rows with the given running totals into runs of about ``CHUNK``."""
    if not ends.size:
        return []
    edges = np.unique(np.searchsorted(ends, np.arange(0, int(ends[-1]), CHUNK), side="left"))
    bounds = [*edges[edges < ends.size].tolist(), ends.size]
    return list(pairwise(bounds))


def _sanctioned(feasible: Bools, utility: Ints, group: list[_Improvements], asked: _Open) -> Bools:
    """Return which improvements meet a combination of one improvement by each of the group that is no better."""
    row, cell = np.arange(asked.state.size), asked.target
    for some in group:
        state = asked.state[row]
        counts = some.count(state)
        ends = np.cumsum(counts)
        place = np.arange(int(ends[-1]) if ends.size else 0) + np.repeat(some.pointer[state] - (ends - counts), counts)
        row = np.repeat(row, counts)
        cell = np.repeat(cell, counts) + some.shift[place]
    holds = feasible[cell] & (utility[cell] <= utility[asked.state[row]])
    found = np.zeros(asked.state.size, dtype=np.bool_)
    found[row[holds]] = True
    return found
