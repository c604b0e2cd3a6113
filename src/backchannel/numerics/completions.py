"""Every way to place unranked states in a ranking, ties allowed, and what sequential stability says under each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import prod

import numpy as np

from .game import ArcGame, Bools, Ints
from .progress import Progress
from .stability import all_stable

MOST = 1024
"""Completions of all rankings together that are looked at one by one."""

MOST_WORK = 1 << 25
"""Completions times states and moves."""


@dataclass(frozen=True, eq=False)
class InCompletions:
    """Sequential stability over all completions.

    Parameters
    ----------
    some, every
        Bool, shape (actors, states): stable in some completion, in every one.
    some_equilibrium
        Bool, shape (states,): stable for everybody in one and the same completion.
    """

    some: Bools
    every: Bools
    some_equilibrium: Bools


def count_completions(known: Bools, utility: Ints) -> int:
    """Return in how many ways one actor's unranked states can be placed: weak orders that keep the ranking.

    O(unranked states squared).
    """
    ways = {int(np.unique(utility[known]).size): 1}
    for _ in range(int((~known).sum())):
        after: dict[int, int] = {}
        for groups, number in ways.items():
            after[groups] = after.get(groups, 0) + number * groups
            after[groups + 1] = after.get(groups + 1, 0) + number * (groups + 1)
        ways = after
    return sum(ways.values())


def completions(known: Bools, utility: Ints) -> Iterator[Ints]:
    """Yield utility codes, int32 of shape (states,), for each completion of one actor's ranking."""
    ranked = [np.flatnonzero(known & (utility == value)).tolist() for value in np.unique(utility[known])]
    for groups in _placed(ranked, np.flatnonzero(~known).tolist()):
        codes = np.empty(known.size, dtype=np.int32)
        for rank, group in enumerate(groups):
            codes[group] = rank
        yield codes


def _placed(groups: list[list[int]], left: list[int]) -> Iterator[list[list[int]]]:
    """Place the remaining states one after another: in a group, or by itself between two."""
    if not left:
        yield groups
        return
    first, *rest = left
    for place, group in enumerate(groups):
        yield from _placed([*groups[:place], [*group, first], *groups[place + 1 :]], rest)
    for place in range(len(groups) + 1):
        yield from _placed([*groups[:place], [first], *groups[place:]], rest)


def number_of(graph: ArcGame, known: Bools) -> int:
    """Return how many completions there are together, or 0 where they are too many to look at one by one."""
    size = graph.actors * graph.states + sum(targets.size for targets in graph.indices)
    few = min(MOST, MOST_WORK // max(size, 1))
    if (~known).sum() > few.bit_length():  # every unranked state at least doubles them
        return 0
    total = prod(count_completions(known[actor], graph.utilities[actor]) for actor in range(graph.actors))
    return total if total <= few else 0


def seq_over_completions(graph: ArcGame, known: Bools, total: int, progress: Progress) -> InCompletions:
    """Judge every state by sequential stability under each of ``total`` joint completions. One run each."""
    some, every = np.zeros_like(known), np.ones_like(known)
    equilibrium = np.zeros(graph.states, dtype=np.bool_)
    each = [list(completions(known[actor], graph.utilities[actor])) for actor in range(graph.actors)]
    for done, codes in enumerate(product(*each)):
        progress(done, total)
        stable = all_stable(replace(graph, utilities=np.stack(codes)), ("seq",))["seq"]
        some |= stable
        every &= stable
        equilibrium |= stable.all(axis=0)
    progress(total, total)
    return InCompletions(some, every, equilibrium)
