"""Reservation prices: what each concession costs who makes it alone, and what it is worth to the others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.packages import find_packages
from backchannel.analyses.deals.words import package_label
from backchannel.analyses.deals.zone import TOLERANCE


@dataclass(frozen=True)
class Concession:
    """What one party could do alone.

    Parameters
    ----------
    giver
        Actor id.
    terms
        (option, level) of what it does.
    label
        The same as a label.
    price
        Points the giver must be paid: what it has without the concession less what it has with it, at worst.
    worth
        (actor id, points) that every other actor with worths in points gains or loses by it, at worst.
    """

    giver: str
    terms: tuple[tuple[str, int], ...]
    label: str
    price: float
    worth: tuple[tuple[str, float], ...]

    def to_json(self) -> dict[str, object]:
        """Return the entry of the JSON document."""
        return {
            "giver": self.giver,
            "terms": dict(self.terms),
            "reservation_price": self.price,
            "worth": dict(self.worth),
        }


def concessions(found: Bargain, issues: tuple[str, ...]) -> tuple[Concession, ...]:
    """Return what every party could concede: moves of its own that cost it something and gain another party something.

    Moves that another one of the same giver beats (no dearer to the giver, no worse for any other party) are left
    out, and so are those that are two others side by side. Solved by
    carrying the move out, letting third parties respond, and comparing with no deal.
    """
    rows = []
    for party in found.parties:
        own = _of_party(found, party, issues)
        rows += [item for item in own if not _adds_up(item, own)]
    return tuple(rows)


def _adds_up(item: Concession, others: list[Concession]) -> bool:
    """Whether a concession is two others side by side, in what it costs and in what it is worth."""
    for first, second in combinations(others, 2):
        together = {*first.terms, *second.terms}
        if len(first.terms) + len(second.terms) == len(together) and together == {*item.terms}:
            pairs = zip(item.worth, first.worth, second.worth, strict=True)
            gaps = [item.price - first.price - second.price, *(a[1] - b[1] - c[1] for a, b, c in pairs)]
            if max(abs(gap) for gap in gaps) <= TOLERANCE:
                return True
    return False


def _of_party(found: Bargain, party: int, issues: tuple[str, ...]) -> list[Concession]:
    model = found.model
    others = [row for row in found.parties if row != party]
    moves = find_packages(model, (party,), issues, still=tuple(others))  # only third parties respond
    # One party alone neither saves what no deal costs nor keeps a fallback from coming: with against without.
    without = found.worth(np.array([model.space.today], dtype=np.int64))
    worst = moves.worst(found.worth(moves.ends.cells)) - without
    price, gains = -worst[party], worst[others]
    good = moves.settled & (price > TOLERANCE) & (gains > TOLERANCE).any(axis=0)
    kept = [k for k in np.flatnonzero(good).tolist() if not _beaten(k, np.flatnonzero(good), price, gains)]
    crisis = model.crisis
    found_here = []
    for k in kept:
        terms = tuple(
            (option, int(level))
            for option, level in zip(moves.options, moves.levels[k], strict=True)
            if level != crisis.options[option].today_index
        )
        worth = tuple(
            (name, float(worst[row, k]))
            for row, name in enumerate(model.actors)
            if row != party and model.utilities[row].scale == "cardinal"
        )
        found_here.append(
            Concession(model.actors[party], terms, package_label(model.crisis, terms), float(price[k]), worth)
        )
    return sorted(found_here, key=lambda item: (item.price, item.label))


def _beaten(k: int, rivals: NDArray[np.int64], price: NDArray[np.float64], gains: NDArray[np.float64]) -> bool:
    no_worse = (price[rivals] <= price[k]) & (gains[:, rivals] >= gains[:, [k]]).all(axis=0)
    better = (price[rivals] < price[k]) | (gains[:, rivals] > gains[:, [k]]).any(axis=0)
    return bool((no_worse & better).any())
