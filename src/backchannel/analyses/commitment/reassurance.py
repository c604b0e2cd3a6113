"""A first of two steps that tells who keeps its word from who does not, for a deal of two parties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backchannel.analyses.commitment.plan import sides
from backchannel.numerics.exchange import Exchange
from backchannel.numerics.reassurance import Stage, joint_prior, joint_window


@dataclass(frozen=True)
class Reassurance:
    """What a first of two steps would have to be to tell who keeps its word from who does not.

    Parameters
    ----------
    low, high
        Weight of the first step, as a share of the stake, at the beliefs at hand; none if low is above high.
    prior
        The least common belief at which there is such a step; None if there is none.
    """

    low: float
    high: float
    prior: float | None


def reassurance(exchange: Exchange, belief: tuple[float, float]) -> Reassurance | None:
    """Return the window of a first step; None unless both parties gain by the kept deal.

    Who keeps his word is taken to find a stolen gain worth no more than no deal; who does not has the pay-offs of the
    file.
    """
    benefit, cost, _ = sides(exchange)
    if np.any(benefit <= cost):
        return None
    keepers, cheats = [], []
    for gain, price in zip(benefit, cost, strict=True):
        keepers.append(Stage(0.0, float(gain - price), 0.0, -float(price)))
        cheats.append(Stage(float(gain), float(gain - price), 0.0, -float(price)))
    types = (keepers[0], keepers[1]), (cheats[0], cheats[1])
    window = joint_window(belief, *types)
    return Reassurance(window.low, window.high, joint_prior(*types))
