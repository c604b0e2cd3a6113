"""The same threat made in private, in public, or in a room that may leak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from ...numerics.extensive_form import Floats

ThreatKind = Literal["no_bluffs", "some_bluff", "all_threaten"]


class Distribution(Protocol):
    """What war may be worth: a frozen distribution of ``scipy.stats`` will do, and so will ``Even``."""

    def cdf(self, x: float) -> float:
        """Return P(worth <= x)."""

    def ppf(self, q: float) -> float:
        """Return the quantile of q."""

    def pdf(self, x: float) -> float:
        """Return the density."""


@dataclass(frozen=True)
class Even:
    """A worth that is evenly spread between two numbers."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"low must lie below high, got {self.low} and {self.high}")

    def cdf(self, x: float) -> float:
        """Return P(worth <= x)."""
        return min(max((x - self.low) / (self.high - self.low), 0.0), 1.0)

    def ppf(self, q: float) -> float:
        """Return the quantile of q."""
        return self.low + q * (self.high - self.low)

    def pdf(self, x: float) -> float:
        """Return the density."""
        return 1 / (self.high - self.low) if self.low <= x <= self.high else 0.0


@dataclass(frozen=True)
class Threat:
    """The equilibrium of a threat.

    Parameters
    ----------
    kind
        Whether only those threaten who would fight, some bluff, or everybody threatens.
    credibility
        Probability that one who threatened would fight.
    threaten
        Probability of a threat.
    yields_at
        The defender yields if war is worth this or less to it.
    resists
        Probability that the defender resists a threat.
    concession, back_down, war
        Probability of each, before anybody knows its type.
    """

    kind: ThreatKind
    credibility: float
    threaten: float
    yields_at: float
    resists: float
    concession: float
    back_down: float
    war: float


def threat(challenger: Distribution, defender: Distribution, challenger_cost: float, defender_cost: float) -> Threat:
    """Return what a threat achieves when backing down, and yielding, cost so much before an audience.

    A minimal model in the spirit of Kurizaki (2007). The status quo is worth 0 to the challenger and 1 to the defender;
    yielding 1 and minus the defender's cost; backing down minus the challenger's cost and 1. In private both costs are
    0: a threat is free and everybody makes it.

    Parameters
    ----------
    challenger, defender
        What war may be worth to each, independent; continuous.
    challenger_cost, defender_cost
        What backing down and yielding cost, 0 or more.

    Returns
    -------
    Threat
        Exact up to the distributions. The kinds exclude one another except on their borders.
    """
    if challenger_cost < 0 or defender_cost < 0:
        raise ValueError(f"audience costs must be 0 or more, got {challenger_cost} and {defender_cost}")
    holding = 1 / (1 + challenger_cost)  # resistance at which a bluff is worth nothing
    would_fight = 1 - float(challenger.cdf(-challenger_cost))
    believed = 1 - float(defender.cdf(-defender_cost))
    if believed >= holding:
        cut = -(1 - believed) / believed
        return _threat("no_bluffs", 1.0, 1 - float(challenger.cdf(cut)), -defender_cost, believed)
    if would_fight > 0:
        yields_at = -(1 - would_fight + defender_cost) / would_fight
        resists = 1 - float(defender.cdf(yields_at))
        if resists <= holding:
            return _threat("all_threaten", would_fight, 1.0, yields_at, resists)
    yields_at = float(defender.ppf(1 - holding))
    credibility = (1 + defender_cost) / (1 - yields_at)
    return _threat("some_bluff", credibility, would_fight / credibility, yields_at, holding)


def _threat(kind: ThreatKind, credibility: float, threaten: float, yields_at: float, resists: float) -> Threat:
    return Threat(
        kind=kind,
        credibility=credibility,
        threaten=threaten,
        yields_at=yields_at,
        resists=resists,
        concession=threaten * (1 - resists),
        back_down=threaten * resists * (1 - credibility),
        war=threaten * resists * credibility,
    )


def private_credibility(challenger: Distribution) -> float:
    """Return the probability that a private threat is meant: that war is worth more than the status quo."""
    return 1 - float(challenger.cdf(0.0))


def private_suffices(challenger: Distribution, defender_cost: float) -> bool:
    """Return whether a private threat makes the defender yield at least as often as a public one believed in full.

    So it is exactly if private credibility is at least 1 / (1 + defender's cost of yielding in public): secrecy spares
    the defender that cost, which can outweigh what publicity adds to belief.
    """
    return private_credibility(challenger) >= 1 / (1 + defender_cost)


@dataclass(frozen=True, eq=False)
class Leak:
    """A threat by the probability that it becomes public.

    Parameters
    ----------
    leak
        Probability of a leak, (points,).
    credibility, yields_at, concession, war
        As in ``Threat``, (points,); ``concession`` is the probability that a threat is yielded to.
    all_threaten
        Whether everybody threatens at that leak, (points,).
    publicity_helps
        Whether a small leak makes the threat stronger than perfect secrecy: density at 0 times the challenger's cost
        exceeds private credibility times the defender's cost.
    """

    leak: Floats
    credibility: Floats
    yields_at: Floats
    concession: Floats
    war: Floats
    all_threaten: tuple[bool, ...]
    publicity_helps: bool


def leak(
    challenger: Distribution,
    defender: Distribution,
    challenger_cost: float,
    defender_cost: float,
    chances: Sequence[float],
) -> Leak:
    """How does a threat change as it becomes likelier to leak?

    An extension of ``threat`` (ours): both audience costs are paid with the probability of a leak. Arguments as there;
    ``chances`` are probabilities of a leak, 0..1.
    """
    if not all(0 <= chance <= 1 for chance in chances):
        raise ValueError(f"the chances of a leak must lie between 0 and 1, got {tuple(chances)}")
    found = [threat(challenger, defender, chance * challenger_cost, chance * defender_cost) for chance in chances]
    steepness = float(challenger.pdf(0.0)) * challenger_cost
    return Leak(
        leak=np.array(chances, dtype=np.float64),
        credibility=np.array([item.credibility for item in found]),
        yields_at=np.array([item.yields_at for item in found]),
        concession=np.array([1 - item.resists for item in found]),
        war=np.array([item.war for item in found]),
        all_threaten=tuple(item.kind == "all_threaten" for item in found),
        publicity_helps=bool(steepness > private_credibility(challenger) * defender_cost),
    )
