"""Who promises what in a deal, and where the crisis stands when only some have delivered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.named import Named, changed, named_package
from backchannel.analyses.deals.options_of import is_permitted
from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.numerics.exchange import MOST_PARTIES, Exchange
from backchannel.numerics.game import OptionGame
from backchannel.numerics.improvement_ends import improvement_ends
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import Levels, today

Settings = tuple[tuple[str, int], ...]
"""(option, level) each."""


@dataclass(frozen=True)
class Leg:
    """What one party promises.

    Parameters
    ----------
    actor
        Row of the party.
    terms
        What it does: (option, level).
    stands
        Whether all of it is in place today. Then not delivering means undoing it where the file lets it.
    """

    actor: int
    terms: Settings
    stands: bool


@dataclass(frozen=True, eq=False)
class Promise:
    """A deal as an exchange of legs. Sets of deliverers are bit masks over ``legs``.

    Parameters
    ----------
    named
        The deal, or a state read as one.
    legs
        One a party, in the deal's order.
    expects
        What third parties are expected to do: (option, level).
    spoilers
        Rows of actors who may undo it. They are taken to stay as they are.
    others
        Rows of third parties who respond: everybody else.
    signed
        int64, shape (2^parties,): the state right after a set has delivered; today's cell where that is impossible.
    possible
        Bool, shape (2^parties,): whether that set can deliver without the rest.
    ends
        Per set: cells at which the third parties' improvements may come to rest.
    end
        int64, shape (2^parties,): of those, the one nearest to what the deal expects.
    exchange
        The parties' pay-offs at ``end``.
    """

    named: Named
    legs: tuple[Leg, ...]
    expects: Settings
    spoilers: tuple[int, ...]
    others: tuple[int, ...]
    signed: NDArray[np.int64]
    possible: NDArray[np.bool_]
    ends: tuple[NDArray[np.int64], ...]
    end: NDArray[np.int64]
    exchange: Exchange

    @property
    def kept(self) -> int:
        """Cell in which everybody has delivered and third parties have responded."""
        return int(self.end[-1])


def read_promise(model: Model, reference: str, parties: tuple[str, ...] = ()) -> Promise:
    """Read a deal of the file (or a state, with its parties) as an exchange.

    Cost: 2^parties starts, from each the third parties' improvements.

    Raises
    ------
    NotSupportedError
        On an unknown deal, a deal without two parties that do something, or one that cannot be carried out.
    """
    crisis = model.crisis
    named = named_package(crisis, reference, parties)
    legs, expects = _legs(model, named, reference)
    deal = crisis.deals.get(reference)
    spoilers = tuple(model.actors.index(name) for name in (deal.spoilers if deal else ()))
    acting = {leg.actor for leg in legs}
    others = tuple(row for row in range(len(model.actors)) if row not in acting and row not in spoilers)
    signed, possible = _signed(model, legs)
    if not possible[-1]:
        raise NotSupportedError(f'the deal "{reference}" cannot be carried out: its terms together are impossible')
    assert isinstance(model.game, OptionGame)
    found = improvement_ends(model.game, signed, others)
    ends = tuple(found.of(k) if found.of(k).size else signed[k : k + 1] for k in range(signed.size))
    wanted = changed(crisis, today(crisis), expects)
    end = np.array([_nearest(model, cells, wanted, others) for cells in ends], dtype=np.int64)
    return Promise(named, legs, expects, spoilers, others, signed, possible, ends, end, _exchange(model, legs, end))


def _legs(model: Model, named: Named, reference: str) -> tuple[tuple[Leg, ...], Settings]:
    crisis, now = model.crisis, dict(zip(model.crisis.options, today(model.crisis), strict=True))
    by = {name: option.by for name, option in crisis.options.items()}
    parties = named.parties or tuple(dict.fromkeys(by[option] for option, _ in named.terms))
    legs = []
    for party in parties:
        own = tuple((option, level) for option, level in named.terms if by[option] == party)
        if own:
            stands = all(now[option] == level for option, level in own)
            legs.append(Leg(model.actors.index(party), own, stands))
    if not 2 <= len(legs) <= MOST_PARTIES:
        raise NotSupportedError(
            f'the deal "{reference}" has {len(legs)} parties that do something; an exchange needs 2 to {MOST_PARTIES}. '
            "Name who signs and what each does: parties: [a, b], terms: [a_does, b_does]"
        )
    levels = zip(crisis.options, named.ends, strict=True)
    promised = {option for leg in legs for option, _ in leg.terms}
    expects = tuple((option, level) for option, level in levels if option not in promised and level != now[option])
    return tuple(legs), expects


def _signed(model: Model, legs: tuple[Leg, ...]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    cells, possible = [], []
    for mask in range(2 ** len(legs)):
        levels = set_levels(model, legs, mask)
        cell = model.space.cell(levels)
        can = model.game.feasible is None or bool(model.game.feasible[cell])  # type: ignore[union-attr]
        cells.append(cell if can else model.space.today)
        possible.append(can)
    return np.array(cells, dtype=np.int64), np.array(possible)


def set_levels(model: Model, legs: tuple[Leg, ...], mask: int) -> Levels:
    """Return the levels right after a set of parties has delivered, from today."""
    crisis: Crisis = model.crisis
    settings: list[tuple[str, int]] = []
    for k, leg in enumerate(legs):
        if mask >> k & 1:
            settings += leg.terms
        elif leg.stands:
            settings += [(option, 0) for option, _ in leg.terms if is_permitted(model, option, 0)]
    return changed(crisis, today(crisis), tuple(settings))


def _nearest(model: Model, cells: NDArray[np.int64], wanted: Levels, others: tuple[int, ...]) -> int:
    """Return the end at which third parties do most of what is expected, the first in file order among equals."""
    own = [model.crisis.options[option].by in {model.actors[row] for row in others} for option in model.crisis.options]
    rows = model.space.levels(cells).tolist()

    def distance(k: int) -> tuple[int, list[int]]:
        off = sum(mine and here != there for mine, here, there in zip(own, rows[k], wanted, strict=True))
        return off, rows[k]

    return int(cells[min(range(len(rows)), key=distance)])


def _exchange(model: Model, legs: tuple[Leg, ...], end: NDArray[np.int64]) -> Exchange:
    payoffs = np.stack([model.utilities[leg.actor].points[end] for leg in legs])
    now = np.array([model.points(leg.actor, model.space.today) for leg in legs])
    recallable = np.array([[takes_back(model, leg, int(cell), whole=True) for cell in end] for leg in legs])
    standing = sum(1 << k for k, leg in enumerate(legs) if leg.stands)
    return Exchange(payoffs, now, recallable, standing)


def takes_back(model: Model, leg: Leg, cell: int, *, whole: bool) -> bool:
    """Whether one move of the party undoes its leg, all of it or some of it, from a state."""
    taken = recalled(model, leg, cell)
    return bool(taken) and (not whole or len(taken[0]) == len(leg.terms))


def recalled(model: Model, leg: Leg, cell: int) -> list[tuple[str, ...]]:
    """Return the sets of terms that one move of the party from a state takes back, the largest first."""
    targets = model.moves(leg.actor, cell)
    if not targets.size:
        return []
    place = {option: k for k, option in enumerate(model.crisis.options)}
    here = model.space.levels(np.array([cell]))[0]
    found = set()
    for levels in model.space.levels(targets):
        undone = tuple(
            option for option, level in leg.terms if here[place[option]] == level and levels[place[option]] < level
        )
        found.add(undone)
    return sorted(found - {()}, key=lambda terms: (-len(terms), terms))


def recallable_terms(model: Model, leg: Leg, cell: int) -> tuple[str, ...]:
    """Return the terms of a leg that its party can take back from a state, in file order."""
    able = {option for terms in recalled(model, leg, cell) for option in terms}
    return tuple(option for option, _ in leg.terms if option in able)


def breach_gain(model: Model, leg: Leg, cell: int) -> tuple[float, int]:
    """Return the most a party gains by a move from a state that leaves its terms undone, and where it leads.

    (0, the state itself) if no such move pays.
    """
    place = {option: k for k, option in enumerate(model.crisis.options)}
    best = (0.0, cell)
    for target in model.improvements(leg.actor, cell).tolist():
        levels = model.space.levels(np.array([target]))[0]
        if all(levels[place[option]] == level for option, level in leg.terms):
            continue
        gain = model.points(leg.actor, target) - model.points(leg.actor, cell)
        best = max(best, (gain, target), key=lambda item: item[0])
    return best
