"""Tiny games that between them call every compiled kernel with the types it meets in use."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .fibre_numba import CompiledList, FibreNumba
from .game import OptionGame
from .label_numba import Labels
from .moves import restriction, to_arcs
from .pareto import prune
from .progress import Monitor
from .stability import CODES, all_stable, equilibria_only

LEVELS, OWNER = (2, 2, 2, 2), (0, 0, 1, 1)


def solve_one_of_each() -> None:
    """Solve product, masked, limited and general games, and call the kernels left over."""
    for game in _games():
        all_stable(game, tuple(CODES))
        rules = tuple(restriction(game, actor) for actor in range(game.actors))
        monitor = Monitor(None, 0)
        values = game.utilities[0]
        for relation in (FibreNumba(game, rules, monitor), Labels(game, rules, monitor, succession=True)):
            relation.best_own(0, values)
            for improving in (False, True):
                for actor in range(game.actors):
                    relation.worst_answer(actor, values, improving=improving)
        for actor, rule in enumerate(rules):
            if rule is not None:
                CompiledList(game, actor, rule).lower(values.copy())
    all_stable(to_arcs(game), tuple(CODES))
    equilibria_only(OptionGame(LEVELS, OWNER, game.utilities))
    prune(np.arange(8).reshape(4, 2), None, 1)


def _games() -> Iterator[OptionGame]:
    utilities = np.arange(32, dtype=np.int32).reshape(2, 16) * 7 % 11
    feasible = np.arange(16) != 5
    elsewhere = np.arange(16) % 2 == 0
    for mask in (None, feasible):
        yield OptionGame(LEVELS, OWNER, utilities, mask)
        yield OptionGame(LEVELS, OWNER, utilities, mask, final=(True, None, None, True))
        yield OptionGame(LEVELS, OWNER, utilities, mask, final=(elsewhere, None, None, None))
