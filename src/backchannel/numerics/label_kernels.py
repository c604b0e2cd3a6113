"""Compiled label setting: closures found by reverse search from the lowest value upwards.

The Numba twin of :func:`.arc_numpy.label_arcs`. A state is first reached, backwards, by a move of one
opponent, which leaves the other opponents' moves into it to be followed; the first arrival by another
opponent opens the moves of the one left out. So each state is expanded at most twice and each arc looked at
once, whatever the moves. Both kernels stop after ``budget`` expansions and go on from ``cursor`` = [next
source, stack height].
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .jit import compiled
from .listing_kernels import allowed

UNSEEN, OPEN = -1, -2
"""In ``shut``: not reached yet; all opponents' moves into the state followed; else the one left out."""

ALL = -1
"""What to expand from a state: ``ALL`` opponents, ``h`` all but opponent h, ``ONLY + h`` none but h."""

ONLY = 1 << 12

Array = NDArray[Any]


@compiled
def reach(state: int, opponent: int, shut: Array, stack: Array, what: Array, top: int, succession: bool) -> int:
    """Note that ``state`` leads on by a move of ``opponent``, or ``ALL``; return the stack height.

    Without ``succession`` to be ruled out, moves are transitive and later arrivals add nothing.
    """
    before = shut[state]
    if before == UNSEEN:
        shut[state] = OPEN if opponent == ALL else opponent
        stack[top], what[top] = state, opponent
        return top + 1
    if succession and before >= 0 and before != opponent:
        shut[state] = OPEN
        stack[top], what[top] = state, ONLY + before
        return top + 1
    return top


@compiled
def skipped(opponent: int, expand: int) -> bool:
    """Whether an expansion leaves this opponent out."""
    return opponent != expand - ONLY if expand >= ONLY else opponent == expand


@compiled
def label_fibres(  # noqa: PLR0912 -- one loop, kept together for speed
    order: Array, cursor: Array, budget: int,
    values: Array, least: Array, shut: Array, stack: Array, what: Array,
    mask: Array, utilities: Array, improving: bool, succession: bool,
    owns: Array, inners: Array, limited: Array, done: Array, done_start: Array,
    packed: Array, packed_start: Array, guards: Array, lows: Array,
    final: Array, frozen: Array, limit_start: Array, limit_step: Array,
) -> None:  # fmt: skip
    """Label the states of an option game; rows of ``utilities`` and all tables are per opponent."""
    position, top = cursor
    masked = mask.size > 0
    while budget > 0:
        if top == 0:
            if position == order.size:
                break
            source = order[position]
            position += 1
            if shut[source] == UNSEEN:
                least[source] = values[source]
            top = reach(source, ALL, shut, stack, what, top, succession)
            continue
        top -= 1
        budget -= 1
        state, expand = stack[top], what[top]
        label = values[order[position - 1]]
        for opponent in range(owns.size):
            if skipped(opponent, expand):
                continue
            own, inner = owns[opponent], inners[opponent]
            profile = state // inner % own
            base = state - profile * inner
            if not (improving or succession or limited[opponent]):
                fibre = done_start[opponent] + state // (own * inner) * inner + state % inner
                if done[fibre]:
                    continue
                done[fibre] = True
            table = packed_start[opponent]
            for leaving in range(own):
                cell = base + leaving * inner
                if cell == state or (masked and not mask[cell]):
                    continue
                if improving and utilities[opponent, cell] >= utilities[opponent, state]:
                    continue
                if limited[opponent]:
                    at = limit_start[opponent] + limit_step[opponent] * cell
                    if not allowed(
                        packed[table + leaving], packed[table + profile],
                        guards[opponent], lows[opponent], final[at], frozen[at],
                    ):  # fmt: skip
                        continue
                if shut[cell] == UNSEEN:
                    least[cell] = label
                top = reach(cell, opponent, shut, stack, what, top, succession)
    cursor[0], cursor[1] = position, top


@compiled
def label_arcs(
    order: Array, cursor: Array, budget: int,
    values: Array, least: Array, shut: Array, stack: Array, what: Array,
    starts: Array, leaving: Array, actors: int, succession: bool, actor: int,
) -> None:  # fmt: skip
    """Label the states of a graph for the opponents of ``actor``.

    The moves of opponent j into a state leave ``leaving[starts[place]:starts[place + 1]]`` with
    place = state * actors + j.
    """
    position, top = cursor
    while budget > 0:
        if top == 0:
            if position == order.size:
                break
            source = order[position]
            position += 1
            if shut[source] == UNSEEN:
                least[source] = values[source]
            top = reach(source, ALL, shut, stack, what, top, succession)
            continue
        top -= 1
        budget -= 1
        state, expand = stack[top], what[top]
        label = values[order[position - 1]]
        for opponent in range(actors):
            if opponent == actor or skipped(opponent, expand):
                continue
            place = np.int64(state) * actors + opponent
            for move in range(starts[place], starts[place + 1]):
                cell = leaving[move]
                if shut[cell] == UNSEEN:
                    least[cell] = label
                top = reach(cell, opponent, shut, stack, what, top, succession)
    cursor[0], cursor[1] = position, top
