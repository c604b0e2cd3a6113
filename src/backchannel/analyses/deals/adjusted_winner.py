"""Adjusted winner: two parties spread equal points over issues, and at most one issue is divided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Points = int | float | str | Fraction


@dataclass(frozen=True)
class AdjustedWinner:
    """Who gets what.

    Parameters
    ----------
    shares
        The first party's share of each issue, in [0, 1]; the second has the rest.
    totals
        Points of the first and of the second. Equal.
    divided
        Index of the issue that is divided, or None.
    interchangeable
        Indices of the other issues with the same ratio of points as the divided one: these and it can be handed out
        in any other way that gives the same points.
    """

    shares: tuple[Fraction, ...]
    totals: tuple[Fraction, Fraction]
    divided: int | None
    interchangeable: tuple[int, ...]


def adjusted_winner(first: Sequence[Points], second: Sequence[Points]) -> AdjustedWinner:
    """Return the division of issues that gives both parties the same points, as many as possible.

    Parameters
    ----------
    first, second
        Points of each party for each issue, not negative, with the same sum above 0. Decimals are taken as written
        (0.1 is one tenth); strings such as "1/3" are taken too.

    Notes
    -----
    Brams and Taylor (1996). Issues are ranked by the ratio of the first's points to the second's; the first gets them
    from the top until its points equal what the second has from the rest. Envy-free, equitable and Pareto efficient if
    points are true and add up across issues, and not proof against a party that knows the other's points. Issues of
    equal ratio keep their order; an issue without points from either goes to the second. Exact, in fractions.
    """
    ours, theirs = [_exact(value) for value in first], [_exact(value) for value in second]
    if (
        len(ours) != len(theirs)
        or min([*ours, *theirs], default=Fraction(-1)) < 0
        or sum(ours) != sum(theirs)
        or not sum(ours)
    ):
        raise ValueError(
            f"points sum to {sum(ours)} on {len(ours)} issues and {sum(theirs)} on {len(theirs)}; expected as many "
            "issues, no negative points and the same sum above 0"
        )
    wanted = [issue for issue in range(len(ours)) if ours[issue] + theirs[issue]]
    ranked = sorted(wanted, key=lambda issue: -_pull(ours[issue], theirs[issue]))
    shares = [Fraction(0)] * len(ours)
    mine, rest = Fraction(0), sum(theirs, Fraction(0))
    for issue in ranked:
        shares[issue] = min(Fraction(1), max(Fraction(0), (rest - mine) / (ours[issue] + theirs[issue])))
        mine += shares[issue] * ours[issue]
        rest -= shares[issue] * theirs[issue]
    divided = next((issue for issue in ranked if 0 < shares[issue] < 1), None)
    alike = [
        issue
        for issue in ranked
        if divided is not None and issue != divided
        if ours[issue] * theirs[divided] == ours[divided] * theirs[issue]
    ]
    return AdjustedWinner(tuple(shares), (mine, rest), divided, tuple(sorted(alike)))


def _pull(ours: Fraction, theirs: Fraction) -> Fraction:
    """Return the first's part of both parties' points: it ranks as the ratio does and is finite."""
    return ours / (ours + theirs)


def _exact(value: Points) -> Fraction:
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
