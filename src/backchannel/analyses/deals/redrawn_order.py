"""What becomes of the zone when only signs and stated orders of preference are kept and magnitudes are redrawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context
from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.redrawn_magnitudes import redrawn_magnitudes
from backchannel.analyses.deals.robustness import shares

MOST_DRAWS = 1000
"""Redrawn files at most: each needs its own search for third parties' responses."""


@dataclass(frozen=True, eq=False)
class OrderShares:
    """Shares of redrawn files, each worth between a third and three times what the file says.

    Parameters
    ----------
    draws
        Redrawn files that keep every stated ordering.
    tried
        How many were drawn for them.
    some_package
        Share in which the zone holds a package.
    named_zone
        Share in which every party prefers each package by name, shape (named,).
    """

    draws: int
    tried: int
    some_package: float
    named_zone: NDArray[np.float64]


def order_shares(found: Bargain, cells: NDArray[np.int64], context: Context) -> OrderShares | None:
    """Value every package again in redrawn files; None if the orderings reject all of them."""
    draws = min(context.provenance.draws, MOST_DRAWS)
    redrawn = redrawn_magnitudes(found.model, draws, context.provenance.seed)
    if not len(redrawn.values):
        return None
    again = shares(found.model, found.packages, cells, found.continuation, redrawn.values, context)
    return OrderShares(again.draws, redrawn.tried, again.some_package, again.named_zone)
