"""Which coalitions are asked about: all up to a size, those named, or the blocks of a partition."""

from __future__ import annotations

from itertools import combinations
from math import comb

from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.model.model import Model
from backchannel.spec.positions import suggest

MOST_COALITIONS = 1_000
"""Coalitions of one run."""

Members = tuple[int, ...]
"""Positions of a coalition's members, ascending."""


def chosen(
    model: Model, up_to: int, of: tuple[tuple[str, ...], ...], partition: tuple[tuple[str, ...], ...]
) -> tuple[Members, ...]:
    """Return the coalitions: those named, else the blocks of the partition, else all of up to ``up_to`` actors.

    Actors that a partition leaves out stand alone. Order: by size, then by file order.

    Raises
    ------
    NotSupportedError
        For an unknown actor, an actor in two blocks, an empty coalition, or both ways of asking at once.
    TooLargeError
        For more than ``MOST_COALITIONS``.
    """
    if of and partition:
        raise NotSupportedError("ask for named coalitions or for a partition, not for both")
    actors = len(model.actors)
    if of:
        found = {_positions(model, names) for names in of}
    elif partition:
        found = _blocks(model, partition)
    else:
        if up_to < 1:
            raise NotSupportedError(f"coalitions have at least 1 member, got {up_to}; the default is 2")
        if (number := sum(comb(actors, size) for size in range(1, up_to + 1))) > MOST_COALITIONS:
            raise TooLargeError(
                f"{actors} actors form {number:,} coalitions of up to {up_to}, and the limit is {MOST_COALITIONS:,}; "
                "ask for fewer members, or name the coalitions"
            )
        found = {group for size in range(1, up_to + 1) for group in combinations(range(actors), size)}
    return tuple(sorted(found, key=lambda members: (len(members), members)))


def _positions(model: Model, names: tuple[str, ...]) -> Members:
    if not names:
        raise NotSupportedError("a coalition has at least one member; write two actors as a,b")
    for name in names:
        if name not in model.actors:
            raise NotSupportedError(f'unknown actor "{name}"; {suggest(name, list(model.actors))}')
    return tuple(sorted({model.actors.index(name) for name in names}))


def _blocks(model: Model, partition: tuple[tuple[str, ...], ...]) -> set[Members]:
    blocks = [_positions(model, names) for names in partition]
    placed = [actor for block in blocks for actor in block]
    for actor in placed:
        if placed.count(actor) > 1:
            raise NotSupportedError(f"{model.actors[actor]} stands in two blocks of the partition; keep it in one")
    return {*blocks, *((actor,) for actor in range(len(model.actors)) if actor not in placed)}
