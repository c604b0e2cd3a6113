"""Two-level games: what to offer a party whose agreement must be ratified at home.

The prize is 1. A proposer offers the constrained side x and keeps 1 - x; the ratifier at home accepts x from a
reserve on. Without ratification the proposer has ``disagreement``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RatificationOffer:
    """The proposer's best offer under doubt about what will be ratified.

    Parameters
    ----------
    offer
        Share offered to the constrained side.
    failure
        Probability, under the stated distribution of the reserve, that its ratifier refuses: involuntary defection, as
        the negotiator meant to keep the bargain.
    value
        What the proposer expects.
    """

    offer: float
    failure: float
    value: float


def ratification_offer(low: float, high: float, disagreement: float = 0.0) -> RatificationOffer:
    """Return the best offer when the ratifier's reserve is uniform on [low, high].

    Parameters
    ----------
    low, high
        Range of the reserve, 0 <= low <= high <= 1.
    disagreement
        The proposer's value without an agreement, in [0, 1].

    Notes
    -----
    Minimal model in the spirit of Putnam (1988) and Iida (1993); the same problem as screening by a demand. The
    offer is (1 - disagreement + low) / 2, moved into [low, high]. An offer of ``high`` is always ratified. Where
    even ``low`` costs the proposer more than disagreement, the offer is ``low``, which is refused for sure.
    """
    if not (0 <= low <= high <= 1 and 0 <= disagreement <= 1):
        raise ValueError(
            f"reserve [{low:g}, {high:g}], disagreement {disagreement:g}: expected 0 <= low <= high <= 1 and [0, 1]"
        )
    offer = min(max((1 - disagreement + low) / 2, low), high)
    ratified = (offer - low) / (high - low) if high > low else float(1 - offer >= disagreement)
    return RatificationOffer(offer, 1 - ratified, (1 - offer) * ratified + disagreement * (1 - ratified))


def nash_share_with_reserve(reserve: float, disagreement: float = 0.0) -> float | None:
    """Return the constrained side's Nash share when its reserve is known, or None if none can be agreed.

    Parameters
    ----------
    reserve
        Least share its ratifier accepts, in [0, 1].
    disagreement
        The proposer's value without an agreement, in [0, 1].

    Notes
    -----
    max((1 - disagreement) / 2, reserve): tied hands help only where they bind (Putnam 1988, after Schelling 1960). The
    reserve restricts what can be agreed; it is not what the negotiator has without agreement, which is 0.
    """
    if not (0 <= reserve <= 1 and 0 <= disagreement <= 1):
        raise ValueError(f"reserve {reserve:g}, disagreement {disagreement:g}: expected both in [0, 1]")
    return max((1 - disagreement) / 2, reserve) if reserve <= 1 - disagreement else None
