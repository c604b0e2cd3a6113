"""What coalitions of parties secure over no deal by their own options, whatever improvements all others answer with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context
from backchannel.analyses.deals.bargain import Bargain, Terms, condition_of
from backchannel.analyses.deals.options_of import is_permitted, party_options
from backchannel.analyses.deals.packages import MOST_PACKAGES, Packages, find_packages, with_ends
from backchannel.analyses.deals.robustness import CHUNK, party_base, third_parties_vary
from backchannel.analyses.deals.worths import centre_values, drawn_points
from backchannel.analyses.deals.zone import TOLERANCE
from backchannel.errors import TooLargeError
from backchannel.model.draws import utilities_at
from backchannel.model.model import Model
from backchannel.numerics.number_format import count

Floats = NDArray[np.float64]

MOST_PARTIES = 8
"""Parties up to which all coalitions are gone through."""


@dataclass(frozen=True, eq=False)
class Coalition:
    """Some of the parties, and what they can do together.

    Parameters
    ----------
    members
        Positions among the parties.
    packages
        Their packages, and where all others' improvements may end.
    alone
        int64, shape (packages,): the member, by its place in ``members``, who alone changes anything; -1 if several do.
    """

    members: tuple[int, ...]
    packages: Packages
    alone: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stakes:
    """What the parties have at stake in one draw.

    Parameters
    ----------
    points
        Utilities, shape (parties, cells).
    base
        Values of no deal, shape (parties,).
    stay
        Chance that today goes on without a deal, as each party sees it, shape (parties,).
    today
        Cell of today.
    """

    points: Floats
    base: Floats
    stay: Floats
    today: int


@dataclass(frozen=True, eq=False)
class Secured:
    """What one coalition secures.

    Parameters
    ----------
    worth
        Largest sum of its members' gains over no deal, points, at least 0.
    terms
        (option, level) of what it changes; empty where no package beats no deal.
    gains
        What each member gains by it under the worst response, points, shape (members,); zeros without a package.
    """

    worth: float
    terms: tuple[tuple[str, int], ...]
    gains: Floats


def coalitions_of(found: Bargain, asked: Terms) -> tuple[Coalition, ...]:
    """Return every coalition by the bits of its members, bit i for party i, from 1 on; the last is all parties.

    Raises
    ------
    TooLargeError
        Above :data:`MOST_PARTIES`, or if the coalitions' packages are too many to list.
    """
    model, parties = found.model, len(found.parties)
    if parties > MOST_PARTIES:
        raise TooLargeError(f"{parties} parties make {2**parties - 1:,} coalitions; at most {MOST_PARTIES} are taken")
    size = prod(1 + _choices(model, model.actors[row], asked.issues) for row in found.parties)
    if size > MOST_PACKAGES:
        raise TooLargeError(
            f"the coalitions of {count(parties, 'party', 'parties')} have {count(size, 'package')} and "
            f"{MOST_PACKAGES:,} can be listed; name fewer parties or issues"
        )
    where = condition_of(model.crisis, asked.where) if asked.where else None
    made = []
    for bits in range(1, 1 << parties):
        members = tuple(place for place in range(parties) if bits >> place & 1)
        rows = tuple(found.parties[place] for place in members)
        packages = found.packages if len(rows) == parties else find_packages(model, rows, asked.issues, where)
        made.append(Coalition(members, packages, _alone(model, packages)))
    return tuple(made)


def _choices(model: Model, actor: str, issues: tuple[str, ...]) -> int:
    return prod(
        sum(is_permitted(model, name, level) for level in range(len(model.crisis.options[name].levels)))
        for name in party_options(model.crisis, (actor,), issues)
    )


def _alone(model: Model, packages: Packages) -> NDArray[np.int64]:
    options = model.crisis.options
    now = np.array([options[name].today_index for name in packages.options], dtype=np.int8)
    changed = packages.levels != now
    owner = np.array([packages.parties.index(model.actors.index(options[name].by)) for name in packages.options])
    moved = np.stack([changed[:, owner == place].any(axis=1) for place in range(len(packages.parties))], axis=1)
    return np.where(moved.sum(axis=1) == 1, moved.argmax(axis=1), -1).astype(np.int64)


def secured(model: Model, coalition: Coalition, stakes: Stakes) -> Secured:
    """Return what a coalition secures by the best of its packages under the worst response.

    An agreement settles what may come without one. What one member does alone, and gains by, needs no agreement and is
    none: there today's chances stay, and it counts only as far as today would have gone on. So a party that changes
    nothing, and to which nothing matters, adds nothing to any coalition.

    Notes
    -----
    Cost: ends x members.
    """
    packages, own = coalition.packages, list(coalition.members)
    if not packages.size:
        return Secured(0.0, (), np.zeros(len(own)))
    at_ends = stakes.points[own][:, packages.ends.cells]
    gains = at_ends - stakes.base[own, None]
    acts = stakes.stay[own, None] * (at_ends - stakes.points[own, stakes.today, None])
    least = packages.worst(gains.sum(axis=0))
    by_itself = packages.worst(gains)[coalition.alone, np.arange(packages.size)] > TOLERANCE
    single = (coalition.alone >= 0) & by_itself
    least[single] = packages.worst(acts.sum(axis=0))[single]
    least[~packages.settled] = -np.inf
    best = int(np.argmax(least))
    if least[best] <= TOLERANCE:
        return Secured(0.0, (), np.zeros(len(own)))
    there = slice(packages.ends.start[best], packages.ends.start[best + 1])
    counted = (acts if single[best] else gains)[:, there]
    return Secured(float(least[best]), _terms(model, packages, best), counted[:, int(np.argmin(counted.sum(axis=0)))])


def _terms(model: Model, packages: Packages, row: int) -> tuple[tuple[str, int], ...]:
    options = model.crisis.options
    settings = zip(packages.options, packages.levels[row].tolist(), strict=True)
    return tuple((name, level) for name, level in settings if level != options[name].today_index)


def stakes_at_centre(found: Bargain, points: Floats) -> Stakes:
    """Return the stakes at the centres, from every actor's utilities, shape (actors, cells)."""
    rows = list(found.parties)
    stay = _chance_of_today(found, centre_values(found.model), 0)[0]
    return Stakes(points[rows], found.base[rows], stay, found.model.space.today)


def _chance_of_today(found: Bargain, values: Floats, seed: int) -> Floats:
    today = found.continuation.cells == found.model.space.today
    weights = found.continuation.weights(found.model, values, seed)[:, list(found.parties)]
    return np.asarray(weights[..., today].sum(axis=-1))


def drawn_worths(found: Bargain, made: tuple[Coalition, ...], values: Floats, context: Context) -> Floats:
    """Return what every coalition secures in each draw, shape (draws, 2^parties); entry 0 is nobody's.

    Parameters
    ----------
    found
        The bargain.
    made
        Every coalition with ends at the centres; found anew where somebody outside it is uncertain of its worths.
    values
        Shape (draws, inputs).
    context
        Whom to tell.

    Notes
    -----
    Cost: for each draw and coalition one search for responses, unless all outside it are certain of their worths.
    """
    model = found.model
    out = np.zeros((len(values), len(made) + 1))
    moving = [third_parties_vary(model, _outside(model, item.packages), values) for item in made]
    for draw, (stakes, codes) in enumerate(
        zip(_stakes(found, values, context), utilities_at(model, values), strict=True)
    ):
        for place, item in enumerate(made):
            there = replace(item, packages=with_ends(model, item.packages, codes)) if moving[place] else item
            out[draw, place + 1] = secured(model, there, stakes).worth
        context.progress(draw + 1, len(values))
    return out


def _outside(model: Model, packages: Packages) -> list[int]:
    return [row for row in range(len(model.actors)) if row not in packages.parties]


def _stakes(found: Bargain, values: Floats, context: Context) -> Iterator[Stakes]:
    """Yield the stakes in each draw."""
    model, seed = found.model, context.provenance.seed
    base = party_base(model, found.parties, found.continuation, values, seed)
    stay = _chance_of_today(found, values, seed)
    cells = np.arange(model.utilities[0].points.size, dtype=np.int64)
    size = max(1, CHUNK // max(1, cells.size * len(found.parties)))
    for start in range(0, len(values), size):
        chunk = values[start : start + size]
        points = np.stack([drawn_points(model, row, cells, chunk) for row in found.parties])
        for k in range(len(chunk)):
            yield Stakes(points[:, k], base[start + k], stay[start + k], model.space.today)
