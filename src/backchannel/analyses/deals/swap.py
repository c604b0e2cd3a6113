"""A swap of two concessions with constant worths: which amounts both gain from, and how the gain may be split.

The first party gives up to ``first_limit`` of one thing, the second up to ``second_limit`` of another. Amounts (x, y)
bring the first ``first_gain y - first_cost x`` and the second ``second_gain x - second_cost y``. Behind
`concession_exchange` (limits 1) and `position_exchange` (limits are shifts of outcomes).
"""

from __future__ import annotations

from dataclasses import dataclass

ROUNDING = 1e-12
"""Relative difference of rates that does not count: a tie of saliences makes no trade."""


@dataclass(frozen=True)
class Swap:
    """What a unit of each concession is worth, and how much of each there is.

    Parameters
    ----------
    first_cost, first_gain
        The first party's loss a unit of what it gives, gain a unit of what it gets.
    second_cost, second_gain
        The same of the second party. All four are above 0.
    first_limit, second_limit
        Most the first and the second can give; above 0.
    """

    first_cost: float
    first_gain: float
    second_cost: float
    second_gain: float
    first_limit: float = 1.0
    second_limit: float = 1.0

    def __post_init__(self) -> None:
        for name, number in vars(self).items():
            if not 0 < number < float("inf"):
                raise ValueError(f"{name} is {number:g}, expected above 0 and finite")

    @property
    def low(self) -> float:
        """Least of the second's concession, a unit of the first's, that compensates the first."""
        return self.first_cost / self.first_gain

    @property
    def high(self) -> float:
        """Most the second can give, a unit of the first's concession, without losing."""
        return self.second_gain / self.second_cost

    @property
    def open(self) -> bool:
        """Whether some rate lets both gain, beyond rounding."""
        return self.high > self.low * (1 + ROUNDING)

    def gains(self, first: float, second: float) -> tuple[float, float]:
        """Return both parties' net gains from the amounts given by the first and the second."""
        return self.first_gain * second - self.first_cost * first, self.second_gain * first - self.second_cost * second

    def at_rate(self, rate: float) -> tuple[float, float]:
        """Return the largest amounts at a rate (second's a unit of first's): one of the limits binds."""
        first = min(self.first_limit, self.second_limit / rate)
        return first, min(self.second_limit, rate * self.first_limit)

    def equal_gains(self) -> tuple[float, float]:
        """Return the largest amounts that bring both the same gain; needs a common scale.

        Rate (second_gain + first_cost) / (first_gain + second_cost), which lies inside an open window.
        """
        return self.at_rate((self.second_gain + self.first_cost) / (self.first_gain + self.second_cost))

    def nash(self) -> tuple[float, float]:
        """Return the amounts with the largest product of gains, for an open window.

        If the first's limit binds: the middle of the window of rates. If the second's binds: the middle of the window
        of inverse rates. Otherwise both limits bind.
        """
        second = (self.low + self.high) / 2 * self.first_limit
        first = (1 / self.low + 1 / self.high) / 2 * self.second_limit
        if second <= self.second_limit:
            return self.first_limit, second
        return min(first, self.first_limit), self.second_limit

    def ideal_gains(self) -> tuple[float, float]:
        """Return the most each can gain while the other does not lose, for an open window."""
        return self.gains(*self.at_rate(self.high))[0], self.gains(*self.at_rate(self.low))[1]

    def kalai_smorodinsky(self) -> tuple[float, float]:
        """Return the largest amounts that bring both the same fraction of their ideal gains, for an open window."""
        first, second = self.ideal_gains()
        top = self.second_gain / second + self.first_cost / first
        return self.at_rate(top / (self.first_gain / first + self.second_cost / second))
