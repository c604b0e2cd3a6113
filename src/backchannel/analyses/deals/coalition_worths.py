"""What coalitions of parties secure over no deal by their own options, whatever improvements all others answer with."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context
from backchannel.analyses.deals.bargain import Bargain, Terms, condition_of
from backchannel.analyses.deals.drawn_responses import drawn_responses, worst_of_ends
from backchannel.analyses.deals.options_of import is_permitted, party_options
from backchannel.analyses.deals.packages import MOST_PACKAGES, Packages, find_packages
from backchannel.analyses.deals.robustness import drawn_worth, party_base
from backchannel.analyses.deals.zone import TOLERANCE
from backchannel.errors import TooLargeError
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
    """

    members: tuple[int, ...]
    packages: Packages


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
        What each member gains by it under the response worst for all together, points, shape (members,); zeros
        without a package.
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
        made.append(Coalition(members, packages))
    return tuple(made)


def _choices(model: Model, actor: str, issues: tuple[str, ...]) -> int:
    return prod(
        sum(is_permitted(model, name, level) for level in range(len(model.crisis.options[name].levels)))
        for name in party_options(model.crisis, (actor,), issues)
    )


def secured(found: Bargain, coalition: Coalition) -> Secured:
    """Return what a coalition secures at the centres, by the best of its packages under the worst response.

    It need not act, so that it secures nothing less than nothing. Cost: ends x members.
    """
    packages, rows = coalition.packages, [found.parties[place] for place in coalition.members]
    nothing = Secured(0.0, (), np.zeros(len(rows)))
    if not packages.size:
        return nothing
    gains = found.worth(packages.ends.cells)[rows] - without_agreement(found, coalition)[rows, None]
    least = worst_of_ends(packages, gains.sum(axis=0))
    best = int(np.argmax(least))
    if least[best] <= TOLERANCE:
        return nothing
    there = gains[:, packages.ends.start[best] : packages.ends.start[best + 1]]
    return Secured(float(least[best]), _terms(found.model, packages, best), there[:, int(np.argmin(there.sum(axis=0)))])


def without_agreement(found: Bargain, coalition: Coalition) -> Floats:
    """Return what each actor has without a coalition's package, points, shape (actors,).

    All parties together save what no deal costs and keep a fallback from coming; fewer do not, so that theirs is
    compared with today and what may come of it.
    """
    if len(coalition.members) == len(found.parties):
        return found.base
    return found.worth(np.array([found.model.space.today], dtype=np.int64))[:, 0]


def _terms(model: Model, packages: Packages, row: int) -> tuple[tuple[str, int], ...]:
    options = model.crisis.options
    settings = zip(packages.options, packages.levels[row].tolist(), strict=True)
    return tuple((name, level) for name, level in settings if level != options[name].today_index)


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
    Cost: for each coalition draws x ends x terms, and a pass over all others' moves where their worths vary.
    """
    model, going = found.model, found.continuation
    weights = going.weights(model, values, context.provenance.seed)
    together = party_base(model, found.parties, going, values, context.provenance.seed)
    today = np.array([model.space.today], dtype=np.int64)
    apart = np.stack([drawn_worth(model, row, today, going, values, weights)[:, 0] for row in found.parties], axis=1)
    out = np.zeros((len(values), len(made) + 1))
    for place, item in enumerate(made, start=1):
        base = together if len(item.members) == len(found.parties) else apart
        responses = drawn_responses(model, item.packages, values)
        for draws, worst in responses.blocks():
            sums = np.zeros((draws.stop - draws.start, responses.cells.size))
            for member in item.members:
                row = found.parties[member]
                sums += drawn_worth(model, row, responses.cells, going, values[draws], weights[draws])
            total = base[draws][:, list(item.members)].sum(axis=1)
            least = worst(sums) - total[:, None]
            out[draws, place] = np.max(least, axis=1, initial=0.0)
            context.progress((place - 1) * len(values) + draws.stop, len(made) * len(values))
    return np.where(out > TOLERANCE, out, 0.0)
