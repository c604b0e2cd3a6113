"""Dividing one prize between two parties: axioms and offers in closed form.

The prize is 1 and the first party's share is x in [0, 1]. Functions on numbers, for use by analyses and for checking
the general solutions of `numerics.bargaining_solutions` and `numerics.lotteries` against what is known exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy.optimize import brentq


@dataclass(frozen=True)
class Solutions:
    """Gains of the first and second party under each solution.

    Parameters
    ----------
    nash, kalai_smorodinsky, equal_gains
        Pairs of gains. ``equal_gains`` is exact equality, which may leave something on the table; ``leximin`` does not.
    leximin
        The largest smallest gain, then the largest other one.
    utilitarian
        Largest sum of gains.
    """

    nash: tuple[float, float]
    kalai_smorodinsky: tuple[float, float]
    equal_gains: tuple[float, float]
    leximin: tuple[float, float]
    utilitarian: float


def alternating_offers(first: float, second: float) -> float:
    """Return the proposer's share when offers alternate without end.

    Parameters
    ----------
    first, second
        Discount factors a round of the proposer and of the responder, in [0, 1], not both 1.

    Notes
    -----
    Rubinstein (1982): (1 - second) / (1 - first second), the one subgame perfect division, agreed at once. If both
    are 1, any division is one.
    """
    _shares(first, second)
    if first == second == 1:
        raise ValueError("with both discount factors 1 no division is singled out; expected one below 1")
    return (1 - second) / (1 - first * second)


def finite_alternating_offers(first: float, second: float, rounds: int) -> float:
    """Return the first proposer's share when there is nothing left after a last round.

    Parameters
    ----------
    first, second
        Discount factors a round, in [0, 1]. The first party proposes in rounds 1, 3, ...; the second in 2, 4, ...
    rounds
        At least 1. Whoever proposes in the last takes all.

    Notes
    -----
    Backward induction: a proposer leaves the responder the discounted share of proposing next. Tends to
    `alternating_offers` as the rounds grow, if a factor is below 1; who has the last word matters until then.
    """
    _shares(first, second)
    if rounds < 1:
        raise ValueError(f"got {rounds} rounds, expected one at least")
    share = 1.0
    for number in range(rounds - 1, 0, -1):
        share = 1 - (second if number % 2 else first) * share
    return share


def patience_weight(first_rate: float, second_rate: float) -> float:
    """Return the first party's share as offers become frequent: second_rate / (first_rate + second_rate).

    Parameters
    ----------
    first_rate, second_rate
        Discount rates a unit of time, not negative, not both 0; a round of length t has the factor exp(-rate t).

    Notes
    -----
    Binmore, Rubinstein and Wolinsky (1986): the limit is the Nash solution with these shares as weights. Who proposes
    first no longer matters.
    """
    if first_rate < 0 or second_rate < 0 or first_rate + second_rate == 0:
        raise ValueError(f"rates are {first_rate:g} and {second_rate:g}, expected none negative and one above 0")
    return second_rate / (first_rate + second_rate)


def nash_division(
    outside: tuple[float, float] = (0.0, 0.0),
    weights: tuple[float, float] = (1.0, 1.0),
    exponents: tuple[float, float] = (1.0, 1.0),
) -> float | None:
    """Return the first party's share in the Nash division, or None if no division beats both outside options.

    Parameters
    ----------
    outside
        What each has without agreement, in shares of the prize, not negative.
    weights
        Bargaining weights, positive; only the ratio matters.
    exponents
        Utility of a share x is x to this power, in (0, 1]; below 1 is averse to risk.

    Notes
    -----
    Nash (1950); that aversion to risk costs shares is Kihlstrom, Roth and Schmeidler (1981). Maximises
    w log(x^a - d^a) + v log((1 - x)^b - e^b) for weights w, v, exponents a, b and outside options d, e. Closed forms
    are used where there are any: d + w (1 - d - e) / (w + v) for exponents 1, and a w / (a w + b v) without outside
    options. Outside options that sum to 1 leave one division, ``outside[0]``.
    """
    (d, e), (w, v), (a, b) = outside, weights, exponents
    if min(d, e) < 0 or min(w, v) <= 0 or min(a, b) <= 0 or max(a, b) > 1:
        raise ValueError(
            f"outside {outside}, weights {weights}, exponents {exponents}: expected options not negative, "
            "weights above 0 and exponents in (0, 1]"
        )
    if d + e > 1:
        return None
    if d + e == 1:
        return float(d)
    if a == b == 1:
        return d + w / (w + v) * (1 - d - e)
    if d == e == 0:
        return a * w / (a * w + b * v)

    def slope(x: float) -> float:
        mine, theirs = x**a - d**a, (1 - x) ** b - e**b
        return float(w * a * x ** (a - 1) * theirs - v * b * (1 - x) ** (b - 1) * mine)

    edge = 1e-12 * (1 - d - e)  # the slope has no value where a share to the power a - 1 is taken of 0
    return float(brentq(slope, d + edge, 1 - e - edge, xtol=1e-15))


def triangle(first: float, second: float) -> Solutions:
    """Return the solutions where the gains are shares of one prize worth ``first`` to one and ``second`` to the other.

    Parameters
    ----------
    first, second
        Each party's gain from the whole, above 0.
    """
    if min(first, second) <= 0:
        raise ValueError(f"intercepts are {first:g} and {second:g}, expected both above 0")
    half = (first / 2, second / 2)
    equal = first * second / (first + second)
    return Solutions(half, half, (equal, equal), (equal, equal), max(first, second))


def truncated_triangle(cap: float) -> Solutions:
    """Return the solutions where the gains add up to 1 at most and the second party's to ``cap`` at most.

    Parameters
    ----------
    cap
        In (0, 1]. At 1/2 or more it never binds the Nash division, but it still lowers what the second can hope for,
        so Kalai-Smorodinsky moves: 1 / (1 + cap) for the first. That is where the two part ways.
    """
    if not 0 < cap <= 1:
        raise ValueError(f"cap is {cap:g}, expected in (0, 1]")
    second = min(0.5, cap)
    efficient = (1 - second, second)
    return Solutions(efficient, (1 / (1 + cap), cap / (1 + cap)), (second, second), efficient, 1.0)


def _shares(first: float, second: float) -> None:
    if not (0 <= first <= 1 and 0 <= second <= 1):
        raise ValueError(f"discount factors are {first:g} and {second:g}, expected both in [0, 1]")
