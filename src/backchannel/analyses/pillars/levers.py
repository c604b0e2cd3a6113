"""What moves a pillar: each lever's effect on the strength below which the government falls, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.pillars.defection import Prior, Promises, common_prior
from backchannel.analyses.pillars.regime import Regime
from backchannel.numerics.global_game import critical_belief, sensitivity

Floats = NDArray[np.float64]

STEP = 0.1
"""One step of a lever: a tenth of the range of the pillar's four pay-offs, or ten percentage points."""

LEVERS: tuple[tuple[str, str, str], ...] = (
    ("offer", "Promise those who move more (amnesty, posts)", "points"),
    ("cover", "Shield those who move and fail", "points"),
    ("rents", "Cut what staying pays (sanctions, no more patronage)", "points"),
    ("reckoning", "Make it costlier to have stayed to the end", "points"),
    ("patron", "End the patron's guarantee of rents and of a safe fall", "points"),
    ("trust", "Make the promise more trusted", "chance"),
    ("reach", "Remove foreign forces that cap the chance of fall", "chance"),
    ("troops", "Remove foreign forces that raise what must move", "share"),
    ("protest", "Show all that less is needed (a public protest)", "share"),
)
"""Id, words and unit of each lever."""
SAME = {"cover": "rents", "offer": "reckoning"}
"""Levers that count the same, point for point, where promises count at face value."""
POINTS = tuple(name for name, _, unit in LEVERS if unit == "points")
"""Levers counted in points."""
PAYING = ("offer", "cover", "rents", "reckoning")
"""Levers that change one pay-off, so that points compare them; the patron's changes two."""


@dataclass(frozen=True)
class Lever:
    """One lever on one pillar.

    Parameters
    ----------
    id, pillar
        Which lever, on whom; the pillar is empty for one that works on all.
    effect
        Change of the strength below which the government falls, for one step.
    step
        How much one step is, in the lever's unit.
    needed
        How much of it alone brings the member's threshold down to his belief, of the patron's lever on both pay-offs;
        for the cap on the chance of fall, how much brings the threshold within reach. None if it cannot, or need not.
    """

    id: str
    pillar: str
    effect: float
    step: float
    needed: float | None


def levers(regime: Regime, prior: Prior, promises: Promises) -> tuple[Lever, ...]:
    """Return every lever that has an effect, the strongest first; derivatives in closed form, at the centres.

    ``regime`` has one row and its promises at face value; ``promises`` says how they are counted.
    """
    counted = regime.trusted() if promises == "trusted" else regime
    common = common_prior(counted) if prior == "common" else None
    rate = sensitivity(counted.mass, counted.stakes, counted.reach, counted.raised, common)
    found = []
    for k, pillar in enumerate(regime.pillars):
        share = float(regime.counted_trust[0, k]) if promises == "trusted" else 1.0
        follows = share if regime.betrayed_follows[k] else 1.0
        worth = float(regime.stakes.move_falls[0, k] - regime.betrayed[0, k])
        rates = {
            "offer": rate.move_falls[0, k] * share,
            "cover": rate.move_survives[0, k],
            "rents": -rate.stay_survives[0, k],
            "reckoning": -rate.stay_falls[0, k] * follows,
            "patron": -rate.stay_survives[0, k] - rate.stay_falls[0, k] * follows if regime.patrons[k] else 0.0,
            "trust": rate.move_falls[0, k] * worth if promises == "trusted" and worth > 0 else 0.0,
            "reach": rate.reach[0, k] if regime.reach[0, k] < 1 else 0.0,
        }
        need = needed(counted, k, share, follows, worth)
        if not regime.patrons[k]:
            need.pop("patron", None)
        threshold, cap = float(critical_belief(counted.stakes)[0, k]), float(regime.reach[0, k])
        if cap < threshold <= 1:
            need["reach"] = threshold - cap
        steps = {name: STEP * (payoff_range(regime, k) if name in POINTS else 1.0) for name in rates}
        found += [
            Lever(name, pillar, float(value) * steps[name], steps[name], need.get(name))
            for name, value in rates.items()
        ]
    found.append(Lever("protest", "", -float(rate.mean[0]) * STEP, STEP, None))
    if regime.raised[0] > 0:
        found.append(Lever("troops", "", -float(rate.raised[0]) * STEP, STEP, None))
    order = {name: place for place, (name, _, _) in enumerate(LEVERS)}
    telling = [lever for lever in found if lever.effect != 0 or lever.needed is not None]
    return tuple(sorted(telling, key=lambda lever: (-round(abs(lever.effect), 12), order[lever.id])))


def payoff_range(regime: Regime, k: int) -> float:
    """Return how far apart the best and the worst of a pillar's four pay-offs are, as written."""
    s = regime.stakes
    four = [float(values[0, k]) for values in (s.stay_survives, s.stay_falls, s.move_survives, s.move_falls)]
    return max(four) - min(four)


def needed(regime: Regime, k: int, share: float, follows: float, worth: float) -> dict[str, float]:
    """Return how much of each lever alone brings a pillar's threshold down to its belief; empty if that is not asked.

    It is not where no belief is stated, it is 0 or 1, or the members would move already. ``share`` is what a point
    promised counts, ``follows`` what a point off the pay-off of staying until the fall does (less than one where a
    broken promise leaves a mover there too), ``worth`` what the promise is worth above a broken one.
    """
    belief = float(np.minimum(regime.belief, regime.reach)[0, k])
    risk, prize = float(regime.stakes.risk[0, k]), float(regime.stakes.prize[0, k])
    if not regime.has_belief[k] or not 0 < belief < 1 or float(critical_belief(regime.stakes)[0, k]) <= belief:
        return {}
    more_prize = risk * (1 - belief) / belief - prize
    found = {
        "cover": risk - prize * belief / (1 - belief),
        "rents": risk - prize * belief / (1 - belief),
        "patron": (risk * (1 - belief) - prize * belief) / ((1 - belief) + follows * belief),
    }
    if follows > 0:
        found["reckoning"] = more_prize / follows
    if share > 0:
        found["offer"] = more_prize / share
    if share < 1 and worth > 0 and more_prize / worth <= 1 - share:
        found["trust"] = more_prize / worth
    return found


def cheapest(found: tuple[Lever, ...], pillar: str) -> Lever | None:
    """Return the lever on one pay-off that needs the fewest points on a pillar; None if none is needed or enough.

    Below an even belief that is one that lowers the risk, above it one that raises the prize.
    """
    ready = [lever for lever in found if lever.pillar == pillar and lever.needed is not None and lever.id in PAYING]
    return min(ready, key=lambda lever: (round(lever.needed or 0.0, 12), PAYING.index(lever.id)), default=None)
