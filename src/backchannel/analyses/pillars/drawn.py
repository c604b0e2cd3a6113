"""What the pillars do in draws over the ranges of the file: shares of draws and quantiles, all draws at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.pillars.defection import (
    Prior,
    Promises,
    chance_of_fall,
    falls_below,
    members,
    tipping,
    tipping_share,
)
from backchannel.analyses.pillars.regime import regimes
from backchannel.spec.crisis import Crisis

Floats = NDArray[np.float64]

QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Drawn:
    """Shares of draws and quantiles (5, 50 and 95 %) over the stated ranges.

    Parameters
    ----------
    would_move, reachable
        float64, shape (pillars,): share of draws in which a member would move on his belief; in which he can be moved.
    threshold
        float64, shape (pillars, 3): his threshold, infinite where he never moves.
    falls_below, chance
        float64, shape (governments, 3): strength below which it falls, and the chance that it does.
    tips
        float64, shape (governments,): share of draws in which there is a tipping share.
    tipping
        float64, shape (governments, 3): the least one, over those draws; 0 where there is none in any draw.
    """

    would_move: Floats
    reachable: Floats
    threshold: Floats
    falls_below: Floats
    chance: Floats
    tips: Floats
    tipping: Floats


def drawn(crisis: Crisis, draws: int, seed: int, prior: Prior, promises: Promises) -> Drawn:
    """Judge every pillar in every draw. Cost: one vectorised run a government."""
    read = regimes(crisis, draws, seed)
    counted = [item.trusted() for item in read] if promises == "trusted" else list(read)
    single = [members(item) for item in counted]
    order = [list(crisis.pillars).index(name) for item in counted for name in item.pillars]
    strengths = [falls_below(item, prior).least for item in counted]
    shares = [tipping_share(tipping(item), draws) for item in counted]
    return Drawn(
        would_move=_placed(order, [item.would_move.mean(axis=0) for item in single]),
        reachable=_placed(order, [item.reachable.mean(axis=0) for item in single]),
        threshold=_placed(order, [_quantiles(item.threshold, steps=True) for item in single]),
        falls_below=np.stack([_quantiles(value) for value in strengths]),
        chance=np.stack([_quantiles(chance_of_fall(i, v)) for i, v in zip(counted, strengths, strict=True)]),
        tips=np.array([float(np.isfinite(share).mean()) for share in shares]),
        tipping=np.stack([_quantiles(share[np.isfinite(share)]) for share in shares]),
    )


def _quantiles(values: Floats, *, steps: bool = False) -> Floats:
    """Return 5, 50 and 95 % over the rows, last axis; zeros where there is no row. Steps keep to the values drawn."""
    if not values.shape[0]:
        return np.zeros((*values.shape[1:], 3))
    found = np.quantile(values, QUANTILES, axis=0, method="inverted_cdf" if steps else "linear")
    return np.asarray(np.moveaxis(found, 0, -1), dtype=np.float64)


def _placed(order: list[int], parts: list[Floats]) -> Floats:
    joined = np.concatenate(parts)
    placed = np.empty_like(joined)
    placed[order] = joined
    return placed
