"""What the file says of trust and enforcement, kept apart: belief in a kind of partner, and what a breach costs.

The file's ``trust`` is the belief that a partner keeps its word whatever it gains by breaking it. That is also the
credence in its act where nothing else holds it; where a bond or what is still to come does, the credence in the act
follows from both: :mod:`backchannel.numerics.credence`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import NotSupportedError
from backchannel.model.draws import quantile
from backchannel.model.model import Model
from backchannel.numerics.bonds import split_bond
from backchannel.spec.crisis import Crisis
from backchannel.spec.number import Number, NumberError, parse_number
from backchannel.spec.positions import suggest

Floats = NDArray[np.float64]

Given = tuple[tuple[str, str], ...]
"""(name, number as the file writes it)."""


@dataclass(frozen=True, eq=False)
class Credence:
    """Each party's credence that another carries out what it undertook, if nothing else holds it to that.

    Parameters
    ----------
    centre, low, high
        float64, shape (parties, parties): row believes in column; 1 on the diagonal, 0 where the file is silent. Low
        and high are the ends of the stated range (5 % and 95 % of an interval).
    stated
        Bool, same shape: whether the file (or the caller) says it.
    """

    centre: Floats
    low: Floats
    high: Floats
    stated: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Enforcement:
    """What a breach of a deal costs each party.

    Parameters
    ----------
    guaranteed
        float64, shape (parties,): expected forfeit, over guarantors: bond x chance of enforcing x (1 - softness).
    hostage
        float64, shape (parties,): what it would lose if everything listed under ``hostages`` were cut.
    given
        float64, shape (parties,): bond set by the caller, enforced for certain.
    holders
        Who holds the bonds.
    """

    guaranteed: Floats
    hostage: Floats
    given: Floats
    holders: tuple[str, ...]

    def total(self, *, hostages: bool) -> Floats:
        """Return what counts as bond, with or without the hostages."""
        return np.asarray(self.guaranteed + self.given + (self.hostage if hostages else 0.0))


def credence(model: Model, parties: tuple[str, ...], given: Given) -> Credence:
    """Read ``trust:``, overridden by what the caller gives as ``a>b`` and a number.

    Raises
    ------
    NotSupportedError
        On a pair that names no two actors of the file, or a number that is no chance.
    """
    numbers = {_pair(model, text): number for text, number in model.crisis.trust.items()}
    numbers |= {_pair(model, text): _number(text, value, "probability") for text, value in given}
    size = len(parties)
    centre, low, high = (np.eye(size) for _ in range(3))
    stated = np.eye(size, dtype=np.bool_)
    for i, who in enumerate(parties):
        for j, whom in enumerate(parties):
            if (number := numbers.get((who, whom))) is not None:
                ends = (
                    quantile(number, np.array([0.05, 0.95])) if number.kind == "interval" else (number.low, number.high)
                )
                centre[i, j], low[i, j], high[i, j] = number.centre, float(ends[0]), float(ends[1])
                stated[i, j] = True
    return Credence(centre, low, high, stated)


def amount(name: str, text: str) -> float:
    """Read a number of points the caller gives, 0 or more.

    Raises
    ------
    NotSupportedError
        If it is none.
    """
    return _number(name, text, "nonnegative").centre


def only_parties(deal: str, parties: tuple[str, ...], trust: Given, bonds: Given, limits: Given) -> None:
    """Refuse settings that name somebody who does not sign what is named ``deal`` in the message.

    Raises
    ------
    NotSupportedError
        On the first such name.
    """
    named = [("--trust", name.strip()) for text, _ in trust for name in text.split(">")]
    named += [("--bond", name) for name, _ in bonds if name] + [("--limit", name) for name, _ in limits if name]
    for option, name in named:
        if name not in parties:
            raise NotSupportedError(f'{option}: "{name}" is no party of {deal}; {suggest(name, parties)}')


def _pair(model: Model, text: str) -> tuple[str, str]:
    who, _, whom = (part.strip() for part in text.partition(">"))
    for name in (who, whom):
        if name not in model.actors:
            raise NotSupportedError(f'"{text}" names no two actors; write trust as a>b=0.3, such as us>russia=0.3')
    return who, whom


def _number(name: str, text: str, support: str) -> Number:
    try:
        return parse_number(text, support)  # type: ignore[arg-type]
    except NumberError as error:
        raise NotSupportedError(f"{name}: {error.message}; {error.fix}") from None


def enforcement(model: Model, deal: str, parties: tuple[str, ...], bonds: Given) -> Enforcement:
    """Read the guarantees behind a deal and the hostages, and add bonds the caller gives by payer (or for all).

    Raises
    ------
    NotSupportedError
        On a bond of a payer who is no actor of the file, or a number that is none.
    """
    crisis: Crisis = model.crisis
    guaranteed, holders = np.zeros(len(parties)), []
    for guarantee in crisis.guarantees.values():
        if guarantee.for_ != deal:
            continue
        chance = 1.0 if guarantee.enforces is None else guarantee.enforces.centre
        for k, party in enumerate(parties):
            if party in guarantee.bond:
                soft = guarantee.bias[party].centre if party in guarantee.bias else 0.0
                guaranteed[k] += guarantee.bond[party].centre * chance * (1 - soft)
        if any(amount.centre > 0 for amount in guarantee.bond.values()):
            holders.append(guarantee.by)
    hostage = np.array(
        [sum(_worth(item.__pydantic_extra__ or {}, party) for item in crisis.hostages.values()) for party in parties],
        dtype=np.float64,
    )
    return Enforcement(guaranteed, hostage, _given(model, parties, bonds), tuple(dict.fromkeys(holders)))


def _worth(amounts: dict[str, Number], party: str) -> float:
    return amounts[party].centre if party in amounts else 0.0


def _given(model: Model, parties: tuple[str, ...], bonds: Given) -> Floats:
    found = np.zeros(len(parties))
    for payer, text in bonds:
        points = amount(payer or "--bond", text)
        if payer and payer not in model.actors:
            raise NotSupportedError(f'a bond of "{payer}", who is no actor; write --bond {model.actors[0]}=10')
        found += [points if payer in ("", party) else 0.0 for party in parties]
    return found


@dataclass(frozen=True)
class Split:
    """The bond one guarantor would hold for one payer.

    Parameters
    ----------
    payer, holder
        Who stands to lose it, and who holds it.
    face
        Points deposited, so that the expected forfeit is what keeps the payer's word.
    robust
        The same if any one guarantor may drop out; None where there is only one, or none is enough.
    """

    payer: str
    holder: str
    face: float
    robust: float | None


def guarantors(model: Model, deal: str, parties: tuple[str, ...], needed: Floats) -> tuple[Split, ...]:
    """Split the bond a deal needs, shape (parties,), over the file's guarantors, the least in all (two programmes)."""
    found = []
    named = [item for item in model.crisis.guarantees.values() if item.for_ == deal]
    chance = np.array([1.0 if item.enforces is None else item.enforces.centre for item in named])
    for k, party in enumerate(parties):
        soft = np.array([item.bias[party].centre if party in item.bias else 0.0 for item in named])
        open_ended = np.full(len(named), np.inf)
        if needed[k] <= 0 or not named:
            continue
        plain = split_bond(float(needed[k]), chance, soft, open_ended)
        spare = split_bond(float(needed[k]), chance, soft, open_ended, spare=1) if len(named) > 1 else None
        if plain is not None:
            for j, item in enumerate(named):
                found.append(Split(party, item.by, float(plain[j]), None if spare is None else float(spare[j])))
    return tuple(found)
