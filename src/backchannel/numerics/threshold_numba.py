"""Equilibria of very large product games by compiled thresholds, two readings of the utilities in all."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from . import threshold_kernels
from .game import OptionGame
from .progress import Monitor
from .thresholds import Thresholds


def compiled_thresholds(game: OptionGame, actor: int) -> Thresholds:
    """Return one actor's thresholds in one reading; the twin of :func:`.thresholds.thresholds`."""
    outer, own, inner = game.fibres[actor]
    utility = game.utilities[actor]
    least = np.full(own, np.iinfo(np.int32).max, dtype=np.int32)
    best = np.empty((outer, inner), dtype=np.int32)
    if inner == 1:
        threshold_kernels.extremes_rows(utility.reshape(outer, own), best.ravel(), least)
    else:
        threshold_kernels.extremes(utility.reshape(outer, own, inner), best, least)
    return Thresholds(best, int(least.max()), int(best.min()))


def strike_unstable(game: OptionGame, codes: NDArray[np.uint8], monitor: Monitor, threads: int) -> None:
    """Clear the bits of Nash (1), GMR (2) and SMR (4) wherever an actor's threshold is missed."""
    limits: dict[int, Thresholds] = {}

    def measure(actor: int) -> None:
        limits[actor] = compiled_thresholds(game, actor)

    monitor.run([partial(measure, actor) for actor in range(game.actors)], threads)
    for actor in range(game.actors):
        outer, own, _ = game.fibres[actor]
        rows = outer if outer > 1 else own  # where there is one block, it is cut along the actor's own profiles
        edges = [rows * piece // threads for piece in range(threads + 1)]
        strike = partial(_strike, game, actor, limits[actor], codes)
        monitor.run([partial(strike, first, last) for first, last in pairwise(edges) if last > first], threads)
        monitor.beat()


def _strike(game: OptionGame, actor: int, limits: Thresholds, codes: NDArray[np.uint8], first: int, last: int) -> None:
    outer, own, inner = game.fibres[actor]
    shape = (outer, own, inner)
    piece = (slice(first, last),) if outer > 1 else (slice(None), slice(first, last))
    box, struck = game.utilities[actor].reshape(shape)[piece], codes.reshape(shape)[piece]
    best = limits.best[first:last] if outer > 1 else limits.best
    if inner == 1:
        threshold_kernels.strike_rows(box[..., 0], best[:, 0], limits.secure, limits.floor, struck[..., 0])
    else:
        threshold_kernels.strike(box, best, limits.secure, limits.floor, struck)
