"""Who can move where: the one-step moves R_i(s) of both kinds of game, singly or as arc lists.

The levels of an actor's own options are packed into one integer, a field per option with a spare guard bit on
top, so that "no final option falls, no frozen option changes" is a handful of integer operations whatever the
number of options and levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .game import ArcGame, Bools, Ints, Limit, Longs, OptionGame

CHUNK = 1 << 20
"""Pairs of cells examined at once while arcs are listed; bounds the temporary memory."""


@dataclass(frozen=True, eq=False)
class Restriction:
    """What ``final`` and ``frozen`` forbid one actor.

    Parameters
    ----------
    packed
        int64, shape (own,): the levels of each own profile, packed in fields.
    guard, low
        The guard bits of all fields and their lowest bits.
    guards
        Guard bit of each own option, in option order.
    final, frozen
        int64 guard bits of the options that are final or frozen, shape (states,), or (1,) if the same
        everywhere.
    varies
        Whether they change along the actor's own fibres; then its moves need not be transitive.
    """

    packed: Longs
    guard: int
    low: int
    guards: tuple[int, ...]
    final: Longs
    frozen: Longs
    varies: bool

    def allows(self, leaving: NDArray[np.intp], own: NDArray[np.intp]) -> Bools:
        """Return, per state left and own profile entered, whether the move is permitted: (leaving, profiles).

        ``own`` holds the own profile of each state left.
        """
        final = self.final[leaving][:, None] if self.final.size > 1 else self.final
        frozen = self.frozen[leaving][:, None] if self.frozen.size > 1 else self.frozen
        here, there = self.packed[own][:, None], self.packed
        return packed_permits(here, there, self.guard, self.low, final, frozen)


def packed_permits(here: Longs, there: Longs, guard: int, low: int, final: Longs | int, frozen: Longs | int) -> Bools:
    """Return where, between packed profiles, no option of ``final`` falls and none of ``frozen`` changes."""
    fallen = ~((there | guard) - here) & final
    changed = (((here ^ there) | guard) - low) & frozen
    return np.asarray((fallen | changed) == 0)


def restriction(game: OptionGame, actor: int) -> Restriction | None:
    """Return what ``final`` and ``frozen`` forbid the actor, ``None`` if nothing. O(own options x states)."""
    options = game.options_of(actor)
    final = [_limit(game.final, option) for option in options]
    frozen = [_limit(game.frozen, option) for option in options]
    if all(limit is None for limit in (*final, *frozen)):
        return None
    packed, guards, low = packing(tuple(game.levels[option] for option in options))
    shape = game.fibres[actor]
    return Restriction(
        packed=packed,
        guard=sum(guards),
        low=low,
        guards=guards,
        final=_bits(final, guards, game.states),
        frozen=_bits(frozen, guards, game.states),
        varies=any(_varies(limit, shape) for limit in (*final, *frozen)),
    )


@dataclass(frozen=True)
class Axis:
    """Own options of one actor that are reduced together, as an axis of its fibres.

    Parameters
    ----------
    length
        Number of own partial profiles along the axis.
    stride
        Distance between two neighbours along it, counted in own profiles.
    guard
        Guard bit of the one option that may be final or frozen; 0 where the axis is free to move both ways.
    """

    length: int
    stride: int
    guard: int


def axes(game: OptionGame, actor: int, rule: Restriction | None) -> tuple[Axis, ...]:
    """Return the axes of the actor's fibres, neighbouring free options merged into one."""
    limited = 0 if rule is None else int(np.bitwise_or.reduce(rule.final | rule.frozen))
    guards = (0,) * len(game.options_of(actor)) if rule is None else rule.guards
    found: list[Axis] = []
    stride = 1
    for option, guard in zip(reversed(game.options_of(actor)), reversed(guards), strict=True):
        length = game.levels[option]
        if found and not guard & limited and not found[-1].guard:
            found[-1] = Axis(found[-1].length * length, found[-1].stride, 0)
        elif length > 1:
            found.append(Axis(length, stride, guard & limited))
        stride *= length
    return tuple(found)


def arcs(game: OptionGame, actor: int, rule: Restriction | None, *, improving: bool = False) -> tuple[Longs, Ints]:
    """List the actor's moves, or only its improvements, as (indptr, indices) over all cells.

    Targets ascend within a row; infeasible cells have none. O(states x own profiles) time, the memory of the
    arcs plus a bounded buffer.
    """
    feasible = np.arange(game.states) if game.feasible is None else np.flatnonzero(game.feasible)
    rows = max(1, CHUNK // game.fibres[actor][1])
    counts = np.zeros(game.states + 1, dtype=np.int64)
    targets = [np.zeros(0, dtype=np.int32)]
    for start in range(0, feasible.size, rows):
        leaving = feasible[start : start + rows]
        allowed, entered = fibre_targets(game, actor, rule, leaving)
        if improving:
            utility = game.utilities[actor]
            allowed &= utility[entered] > utility[leaving][:, None]
        counts[leaving + 1] = allowed.sum(axis=1)
        targets.append(entered[allowed].astype(np.int32))
    return np.cumsum(counts), np.concatenate(targets)


def to_arcs(game: OptionGame) -> ArcGame:
    """Return the same game as a general graph over all cells of the box.

    Infeasible cells become states without arcs. O(actors x states x own profiles).
    """
    listed = [arcs(game, actor, restriction(game, actor)) for actor in range(game.actors)]
    return ArcGame(
        utilities=game.utilities,
        indptr=tuple(pointer for pointer, _ in listed),
        indices=tuple(targets for _, targets in listed),
    )


def moves(game: OptionGame | ArcGame, actor: int, state: int) -> NDArray[np.intp]:
    """Return the states the actor can reach from ``state`` in one move, R_i(s), ascending.

    An infeasible state has none. O(own profiles), or O(arcs of the state). For many states of one option game
    list the arcs once with :func:`to_arcs`.
    """
    if isinstance(game, ArcGame):
        pointer = game.indptr[actor]
        return np.unique(game.indices[actor][pointer[state] : pointer[state + 1]]).astype(np.intp)
    if game.feasible is not None and not game.feasible[state]:
        return np.zeros(0, dtype=np.intp)
    allowed, entered = fibre_targets(game, actor, restriction(game, actor), np.array([state]))
    return entered[allowed]


def fibre_targets(
    game: OptionGame, actor: int, rule: Restriction | None, leaving: NDArray[np.intp]
) -> tuple[Bools, NDArray[np.intp]]:
    """Return, per state left, which cells of the actor's fibre may be entered, and their numbers; both (leaving, own).

    O(states left x own profiles).
    """
    _, own, inner = game.fibres[actor]
    profile = leaving // inner % own
    entered = (leaving - profile * inner)[:, None] + np.arange(own) * inner
    allowed = entered != leaving[:, None]
    if game.feasible is not None:
        allowed &= game.feasible[entered]
    if rule is not None:
        allowed &= rule.allows(leaving, profile)
    return allowed, entered


def _limit(limits: tuple[Limit, ...], option: int) -> Limit:
    """One option's limit, ``None`` where it cannot matter."""
    limit = limits[option] if limits else None
    if isinstance(limit, np.ndarray):
        return None if not limit.any() else True if limit.all() else limit
    return limit or None


@cache
def packing(levels: tuple[int, ...]) -> tuple[Longs, tuple[int, ...], int]:
    """Return the packed levels of every own profile, guard bit of each option, lowest bits of all fields."""
    packed = np.zeros(1, dtype=np.int64)
    guards: list[int] = []
    position = low = 0
    for count in levels:
        packed = (packed[:, None] + (np.arange(count, dtype=np.int64) << position)).ravel()
        if count == 1:  # never changes: needs no field
            guards.append(0)
            continue
        low |= 1 << position
        position += (count - 1).bit_length() + 1
        guards.append(1 << (position - 1))
    packed.setflags(write=False)
    return packed, tuple(guards), low


def _bits(limits: list[Limit], guards: tuple[int, ...], states: int) -> Longs:
    size = states if any(isinstance(limit, np.ndarray) for limit in limits) else 1
    bits = np.zeros(size, dtype=np.int64)
    for limit, guard in zip(limits, guards, strict=True):
        if isinstance(limit, np.ndarray):
            bits[limit] |= guard
        elif limit:
            bits |= guard
    return bits


def _varies(limit: Limit, shape: tuple[int, int, int]) -> bool:
    if not isinstance(limit, np.ndarray):
        return False
    box = limit.reshape(shape)
    return bool(np.any(box != box[:, :1]))
