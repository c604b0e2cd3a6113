"""Exchange of positions: two actors each give way on the issue they care less about, and move two outcomes.

The outcome of an issue is the mean of the actors' positions, weighted by capability times salience. An actor that
changes its position on an issue moves the outcome, so two actors on opposite sides of two outcomes can each support
the other where it matters more to the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import TooLargeError
from .swap import ROUNDING, Swap

Floats = NDArray[np.float64]

MOST_CHECKED = 20_000_000
"""Most combinations of two actors and two issues that are looked through."""


@dataclass(frozen=True, eq=False)
class Positions:
    """Where the actors stand, and what moves the outcomes.

    Parameters
    ----------
    positions
        float64, shape (actors, issues).
    saliences
        float64, shape (actors, issues): how much each cares for a unit of an issue's outcome, above 0.
    capabilities
        float64, shape (actors,) or (actors, issues), above 0.
    """

    positions: Floats
    saliences: Floats
    capabilities: Floats

    def __post_init__(self) -> None:
        places = np.asarray(self.positions, dtype=np.float64)
        salience = np.asarray(self.saliences, dtype=np.float64)
        power = np.asarray(self.capabilities, dtype=np.float64)
        power = np.repeat(power[:, None], places.shape[-1], axis=1) if power.ndim == 1 else power
        if places.ndim != 2 or not places.shape == salience.shape == power.shape:
            raise ValueError(
                f"positions {places.shape}, saliences {salience.shape}, capabilities {np.shape(self.capabilities)}: "
                "expected (actors, issues) for all, or (actors,) for capabilities"
            )
        if not np.isfinite(places).all() or (salience <= 0).any() or (power <= 0).any():
            raise ValueError(
                "positions must be finite, saliences and capabilities above 0; leave out who takes no part"
            )
        for name, table in (("positions", places), ("saliences", salience), ("capabilities", power)):
            object.__setattr__(self, name, table)

    @property
    def pull(self) -> Floats:
        """By how much the outcome moves if an actor moves by one unit, shape (actors, issues); sums to 1 an issue."""
        force = self.capabilities * self.saliences
        return np.asarray(force / force.sum(axis=0))

    @property
    def outcomes(self) -> Floats:
        """The outcome of each issue, shape (issues,)."""
        return np.asarray((self.pull * self.positions).sum(axis=0))

    @property
    def sides(self) -> Floats:
        """-1, 0 or 1, shape (actors, issues): below the outcome, at it (up to rounding), above it."""
        apart = self.positions - self.outcomes
        return np.where(np.abs(apart) <= ROUNDING * np.ptp(self.positions, axis=0), 0.0, np.sign(apart))


@dataclass(frozen=True, eq=False)
class Shift:
    """One way to carry an exchange out.

    Parameters
    ----------
    demanded, supplied
        By how much the outcomes of the issue the first demands and of the issue it supplies move, both not negative.
    gains
        Net gains of the first and the second, in salience times units of the outcome.
    outcomes
        Outcomes of the two issues afterwards.
    effects
        float64, shape (actors,): what it brings every actor; at the two partners their gains, elsewhere externalities.
    """

    demanded: float
    supplied: float
    gains: tuple[float, float]
    outcomes: tuple[float, float]
    effects: Floats


@dataclass(frozen=True, eq=False)
class PositionExchange:
    """What two actors can exchange.

    Parameters
    ----------
    first, second
        The actors. The second moves on ``demanded`` towards the first, the first on ``supplied`` towards the second.
    demanded, supplied
        The issues, seen from the first.
    low, high
        The zone: rates of the shift supplied to the shift demanded at which both gain lie strictly between.
    limits
        Largest shifts of the demanded and of the supplied issue: the mover reaches the other's position, or the outcome
        does.
    ideal_gains
        The most each can gain while the other does not lose.
    equal_gains, nash, kalai_smorodinsky
        The exchange by each norm.
    """

    first: int
    second: int
    demanded: int
    supplied: int
    low: float
    high: float
    limits: tuple[float, float]
    ideal_gains: tuple[float, float]
    equal_gains: Shift
    nash: Shift
    kalai_smorodinsky: Shift


def position_exchange(
    model: Positions, first: int, second: int, demanded: int, supplied: int
) -> PositionExchange | None:
    """Return what two actors can exchange on two issues, or None if not both can gain.

    Parameters
    ----------
    model
        Positions, saliences and capabilities of all actors.
    first, second
        Indices of the two actors.
    demanded, supplied
        Indices of the issue on which the second would move and of that on which the first would.

    Notes
    -----
    Stokman and Van Oosten (1994) for equal gain; Kalai-Smorodinsky in place of it van Assen, Stokman and van Oosten
    (2003). Both must be on opposite sides of the outcome on both issues, strictly, and the first must care strictly
    more about the demanded issue, relative to the supplied one, than the second. Both are taken to keep their word.
    """
    side = model.sides
    if (side[first] * side[second])[[demanded, supplied]].max() >= 0:
        return None
    outcome, place, salience, pull = model.outcomes, model.positions, model.saliences, model.pull
    swap = Swap(
        first_cost=float(salience[second, demanded]),
        first_gain=float(salience[second, supplied]),
        second_cost=float(salience[first, supplied]),
        second_gain=float(salience[first, demanded]),
        first_limit=_reach(place[second, demanded], place[first, demanded], outcome[demanded], pull[second, demanded]),
        second_limit=_reach(place[first, supplied], place[second, supplied], outcome[supplied], pull[first, supplied]),
    )
    if not swap.open:
        return None
    ideal = swap.ideal_gains()
    towards = (place[first, demanded] > outcome[demanded], place[second, supplied] > outcome[supplied])
    equal, nash, fraction = (
        _shift(model, (demanded, supplied), towards, swap, amounts)
        for amounts in (swap.equal_gains(), swap.nash(), swap.kalai_smorodinsky())
    )
    limits = (swap.first_limit, swap.second_limit)
    return PositionExchange(
        first, second, demanded, supplied, swap.low, swap.high, limits, (ideal[1], ideal[0]), equal, nash, fraction
    )


def position_exchanges(model: Positions) -> tuple[PositionExchange, ...]:
    """Return all exchanges of two actors on two issues from which both gain, those with the largest equal gain first.

    Parameters
    ----------
    model
        Positions, saliences and capabilities of all actors.

    Returns
    -------
    tuple
        Each pair of actors and of issues once at most, with ``demanded`` the earlier of the two issues. They rule one
        another out where they need the same move; which are carried out together is not decided here.

    Notes
    -----
    Cost: actors squared x issues squared.
    """
    actors, issues = model.positions.shape
    if (actors * issues) ** 2 > MOST_CHECKED:
        raise TooLargeError(
            f"{actors} actors and {issues} issues make {(actors * issues) ** 2:,} combinations, "
            f"over the {MOST_CHECKED:,} looked through; leave out issues"
        )
    side = model.sides
    opposed = side[:, None, :] * side[None, :, :] < 0
    relative = model.saliences[:, :, None] / model.saliences[:, None, :]
    keener = relative[:, None] > relative[None, :]
    earlier = np.triu(np.ones((issues, issues), dtype=np.bool_), 1)
    found = np.argwhere(keener & opposed[:, :, :, None] & opposed[:, :, None, :] & earlier)
    made = [position_exchange(model, *map(int, quadruple)) for quadruple in found]
    exchanges = [exchange for exchange in made if exchange is not None]
    return tuple(sorted(exchanges, key=lambda exchange: -exchange.equal_gains.gains[0]))


def _reach(mover: float, goal: float, outcome: float, pull: float) -> float:
    """Return how far the outcome can be moved: the mover goes to the goal at most, and so does the outcome."""
    return float(min(abs(goal - mover) * pull, abs(goal - outcome)))


def _shift(
    model: Positions, issues: tuple[int, int], upwards: tuple[bool, bool], swap: Swap, amounts: tuple[float, float]
) -> Shift:
    """Return an exchange of amounts (shift demanded, shift supplied) with what it brings everybody."""
    chosen = list(issues)
    before = model.outcomes[chosen]
    after = before + np.where(upwards, 1.0, -1.0) * amounts
    place, salience = model.positions[:, chosen], model.saliences[:, chosen]
    brings = (salience * (np.abs(before - place) - np.abs(after - place))).sum(axis=1)
    second, first = swap.gains(*amounts)
    return Shift(amounts[0], amounts[1], (first, second), (float(after[0]), float(after[1])), brings)
