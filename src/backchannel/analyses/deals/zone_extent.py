"""The zone beyond its count: its width by issue, what a lottery adds, and the side payment that opens an empty one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.bargain import Bargain, has_common_scale
from backchannel.analyses.deals.zone import TOLERANCE, Solutions, Valued
from backchannel.numerics.lotteries import nash_lottery

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Width:
    """How much of an issue is open.

    Parameters
    ----------
    issue
        Its id; empty for options that belong to none.
    settings, acceptable
        Different settings of its options among all packages, and among those of the zone.
    """

    issue: str
    settings: int
    acceptable: int


def widths(found: Bargain, zone: NDArray[np.int64]) -> tuple[Width, ...]:
    """Return, by issue, how many settings of its options occur among all packages and among acceptable ones."""
    packages, options = found.packages, found.model.crisis.options
    rows = []
    for issue in dict.fromkeys(options[name].issue or "" for name in packages.options):
        columns = [k for k, name in enumerate(packages.options) if (options[name].issue or "") == issue]
        levels = packages.levels[:, columns]
        rows.append(Width(issue, len(np.unique(levels, axis=0)), len(np.unique(levels[zone], axis=0))))
    return tuple(rows)


@dataclass(frozen=True, eq=False)
class Mixture:
    """A lottery over packages with the largest (weighted) product of expected gains.

    Parameters
    ----------
    rows
        int64, shape (mixed,): packages with a positive chance.
    chances
        Shape (mixed,), summing to 1.
    gains
        Expected gain of each party, shape (parties,).
    """

    rows: NDArray[np.int64]
    chances: Floats
    gains: Floats


def mixture(valued: Valued, solved: Solutions, weights: Floats | None) -> Mixture | None:
    """Return Nash's lottery over acceptable packages; None where no lottery beats the package he picks.

    Nash (1950): the axioms are stated over lotteries. Parties are taken to value a chance of a gain at its share.
    """
    if not solved.zone.size:
        return None
    gains = np.ascontiguousarray(valued.worst[solved.front])
    best = nash_lottery(gains, weights)
    share = np.ones(gains.shape[1]) if weights is None else weights
    pure = float((share * np.log(valued.worst[solved.nash[0]])).sum())
    if float((share * np.log(best.gains)).sum()) <= pure + TOLERANCE:
        return None
    return Mixture(solved.front[best.packages], best.weights, best.gains)


def side_payment(found: Bargain) -> tuple[int, float] | None:
    """Return the package that the smallest side payment makes acceptable to all, and that payment, points.

    None unless the file declares that points can be handed over, or where no package brings the parties more together
    than no deal.
    """
    scale, parties = found.model.crisis.scale, tuple(found.model.actors[row] for row in found.parties)
    if scale is None or not scale.transferable or not has_common_scale(found.model, parties):
        return None
    gains = found.valued.worst
    good = np.flatnonzero(np.isfinite(gains).all(axis=1) & (gains.sum(axis=1) > TOLERANCE))
    if not good.size:
        return None
    short = np.maximum(-gains[good], 0.0).sum(axis=1)
    pick = int(np.argmin(short))
    return int(good[pick]), float(short[pick])
