"""Parties that must all agree: how probable it is that their demands fit into one prize.

Each of k veto players requires a share of a prize of 1, and what it requires is known only as a distribution. The
demands fit if they add up to 1 at most. Probabilities here are under the stated distributions, taken as independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from math import factorial, prod

from ...errors import TooLargeError

MOST_PLAYERS = 16
"""Players up to which all subsets are summed."""
MOST_SUMS = 1_000_000
"""Most different sums of finite distributions."""


def uniform_demands_fit(low: Sequence[float], high: Sequence[float], prize: float = 1.0) -> float:
    """Return the probability that demands uniform on intervals add up to the prize at most. Exact.

    Parameters
    ----------
    low, high
        Ends of each player's interval, low <= high.
    prize
        What there is to divide.

    Notes
    -----
    All on [0, 1] with prize 1: 1 / k!. In the spirit of Cunningham (2006): every further veto player shrinks what all
    can agree on. The volume of a box cut by a half space, by inclusion and exclusion over subsets, in fractions since
    the terms nearly cancel. Cost: 2^k.
    """
    players = len(low)
    if players != len(high) or not players or any(a > b for a, b in zip(low, high, strict=True)):
        raise ValueError(f"intervals from {list(low)} to {list(high)}, expected as many ends as starts, none below")
    if players > MOST_PLAYERS:
        raise TooLargeError(f"{players} veto players, over the {MOST_PLAYERS} taken; their demands hardly ever fit")
    left = Fraction(prize) - sum(map(Fraction, low))
    widths = [Fraction(b) - Fraction(a) for a, b in zip(low, high, strict=True) if b > a]
    if left < 0:
        return 0.0
    signed = (
        (-1) ** sum(taken)
        * max(left - sum(w for w, t in zip(widths, taken, strict=True) if t), Fraction(0)) ** len(widths)
        for taken in product((0, 1), repeat=len(widths))
    )
    return float(sum(signed) / (factorial(len(widths)) * prod(widths))) if widths else 1.0


def listed_demands_fit(
    demands: Sequence[Sequence[float]], probabilities: Sequence[Sequence[float]], prize: float = 1.0
) -> float:
    """Return the probability that demands with finitely many values each add up to the prize at most. Exact.

    Parameters
    ----------
    demands
        The values each player may require.
    probabilities
        Their probabilities, summing to 1 a player.
    prize
        What there is to divide.

    Notes
    -----
    Distributions are added one player at a time. Decimals
    are taken as written, so 0.1 + 0.2 fits into 0.3. Cost: different sums x values.
    """
    if len(demands) != len(probabilities) or not demands:
        raise ValueError(f"{len(demands)} lists of demands and {len(probabilities)} of probabilities, expected as many")
    total = {Fraction(0): 1.0}
    for values, chances in zip(demands, probabilities, strict=True):
        if len(values) != len(chances) or min(chances) < 0 or abs(sum(chances) - 1) > 1e-9:
            raise ValueError(f"demands {list(values)} with {list(chances)}, expected a probability each, summing to 1")
        added: dict[Fraction, float] = {}
        for (reached, chance), (value, own) in product(total.items(), zip(values, chances, strict=True)):
            place = reached + Fraction(str(value))
            added[place] = added.get(place, 0.0) + chance * own
        if len(added) > MOST_SUMS:
            raise TooLargeError(f"over {MOST_SUMS:,} different sums of demands; round them")
        total = added
    return sum(chance for reached, chance in total.items() if reached <= Fraction(str(prize)))
