"""An exchange of promises: who gains from breaking his, in which order it is kept, and at what credence to sign it.

Each of n parties delivers its leg or does not. What comes of it is one number a party and set of deliverers. A set is a
bit mask: bit i says that party i delivers; 0 is nobody, 2^n - 1 everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backchannel.numerics.game import OptionGame

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_PARTIES = 6
"""Parties up to which every order of delivery is played through."""

Recall = Literal["none", "answer", "free"]
"""Right to take a delivered leg back: none; only in answer to a partner's failure; or freely, once, in order."""

RECALLS: tuple[Recall, ...] = ("none", "answer", "free")


@dataclass(frozen=True, eq=False)
class Exchange:
    """What each set of deliverers leaves each party.

    Parameters
    ----------
    payoffs
        float64, shape (parties, 2^parties), on each party's own scale; only differences within a party are used.
    today
        float64, shape (parties,): what each has if nothing is signed.
    recallable
        Bool, shape (parties, 2^parties): whether the party could take its whole leg back where this set has delivered.
    standing
        Set of parties whose leg is in place from the start: not delivering means taking it back, where it still can be.

    Raises
    ------
    ValueError
        For shapes that do not fit together, or more than :data:`MOST_PARTIES` parties.
    """

    payoffs: Floats
    today: Floats
    recallable: Bools
    standing: int = 0

    def __post_init__(self) -> None:
        parties = self.payoffs.shape[0]
        if not 1 <= parties <= MOST_PARTIES:
            raise ValueError(f"an exchange has 1 to {MOST_PARTIES} parties, got {parties}")
        if self.payoffs.shape != (parties, 2**parties) or self.recallable.shape != self.payoffs.shape:
            raise ValueError(
                f"{parties} parties need arrays of shape {(parties, 2**parties)}, got {self.payoffs.shape}"
            )
        if self.today.shape != (parties,):
            raise ValueError(f"today needs one value a party, got shape {self.today.shape}")

    @property
    def parties(self) -> int:
        """Number of parties."""
        return int(self.payoffs.shape[0])

    @property
    def everybody(self) -> int:
        """The set of all parties."""
        return (1 << self.parties) - 1


def temptation(exchange: Exchange) -> Floats:
    """Return what each party gains by keeping its leg back while all others deliver, shape (parties,)."""
    every = exchange.everybody
    return np.array([row[every & ~(1 << i)] - row[every] for i, row in enumerate(exchange.payoffs)])


def sucker_loss(exchange: Exchange) -> Floats:
    """Return what each party loses, against today, by delivering alone, shape (parties,)."""
    alone = np.array([row[1 << i] for i, row in enumerate(exchange.payoffs)])
    return np.asarray(exchange.today - alone)


def surplus(exchange: Exchange) -> Floats:
    """Return what the kept deal brings each party against today, shape (parties,)."""
    return np.asarray(exchange.payoffs[:, exchange.everybody] - exchange.today)


def participation_threshold(exchange: Exchange) -> Floats:
    """Return the credence in all others at which signing and delivering beats not signing, shape (parties,).

    Let t be the chance that all others deliver, else none does: t u(all) + (1 - t) u(own leg alone) >= u(today).
    0 where delivering alone loses nothing; above 1 where even the kept deal is worse than today: then no credence is
    enough. It says when to sign. It does not make delivering pay: see :func:`temptation`.

    Derived here in the spirit of Kydd (2000); NaN does not occur: a kept deal no better than delivering alone gives
    :data:`NEVER`.
    """
    alone = np.array([row[1 << i] for i, row in enumerate(exchange.payoffs)])
    return participation_at(alone, exchange.today, exchange.payoffs[:, exchange.everybody])


def participation_at(alone: Floats, today: Floats, kept: Floats) -> Floats:
    """Return :func:`participation_threshold` from its three pay-offs, arrays of any one shape."""
    span, lack = kept - alone, today - alone
    ratio = np.where(span > 0, lack / np.where(span > 0, span, 1.0), NEVER)
    return np.where(lack <= 0, 0.0, ratio)


NEVER = inf
"""Threshold where the kept deal is no better than delivering alone: no credence is enough, and no ratio formed."""


def dominated(exchange: Exchange) -> Bools:
    """Return whether delivering is worse for a party whatever the others do: then no credence makes it pay."""
    sets = np.arange(exchange.everybody + 1)
    found = []
    for i, row in enumerate(exchange.payoffs):
        without = sets[(sets >> i) & 1 == 0]
        found.append(bool(np.all(row[without | (1 << i)] < row[without])))
    return np.array(found)


def incentive_threshold(exchange: Exchange) -> tuple[tuple[float, float], ...]:
    """Return, for each party, the credences in all others at which delivering is at least as good as keeping back.

    An interval (low, high) within 0 to 1; (1, 0) is empty. The others all deliver (credence t) or none does.
    """
    found = []
    every = exchange.everybody
    for i, row in enumerate(exchange.payoffs):
        own = 1 << i
        if_all, if_none = row[every] - row[every & ~own], row[own] - row[0]
        slope = if_all - if_none
        if slope == 0:
            found.append((0.0, 1.0) if if_none >= 0 else (1.0, 0.0))
            continue
        root = -if_none / slope
        low, high = (max(root, 0.0), 1.0) if slope > 0 else (0.0, min(root, 1.0))
        found.append((float(low), float(high)) if low <= high else (1.0, 0.0))
    return tuple(found)


def simultaneous(exchange: Exchange) -> tuple[int, ...]:
    """Return every set of deliverers that is a Nash equilibrium of delivering at the same moment.

    Pure ones, by comparing each set with the sets one party away. O(parties x 2^parties).
    """
    rows = exchange.payoffs
    return tuple(
        chosen
        for chosen in range(exchange.everybody + 1)
        if all(rows[i, chosen] >= rows[i, chosen ^ (1 << i)] for i in range(exchange.parties))
    )


def sequential(exchange: Exchange, order: tuple[int, ...], recall: Recall) -> tuple[int, ...]:
    """Return every set of deliverers that ends a subgame-perfect play of delivering one after another.

    Parties choose in ``order``, each seeing what came before. With a right of recall a second round in the same order
    follows: each party whose leg is delivered and can still be taken back may do so; by ``answer`` only while somebody
    has not delivered, by ``free`` always. A tie keeps every equilibrium. O(4^parties) nodes.
    """
    return _plays(exchange, order, recall, 0, 0)


def _plays(exchange: Exchange, order: tuple[int, ...], recall: Recall, step: int, delivered: int) -> tuple[int, ...]:
    """Return the outcomes of the subgame at a step; the first n steps deliver, the next n take back."""
    rounds = len(order) * (1 if recall == "none" else 2)
    if step == rounds:
        return (delivered,)
    mover = order[step % len(order)]
    bit = 1 << mover
    choices: tuple[int, ...] = (delivered,)
    if step < len(order):
        waiting = exchange.standing & ~sum(1 << other for other in order[:step])
        locked = bool(waiting & bit) and not exchange.recallable[mover, delivered | waiting]
        choices = (delivered | bit,) if locked else (delivered | bit, delivered)
    elif (
        delivered & bit and exchange.recallable[mover, delivered] and (recall == "free" or not_all(exchange, delivered))
    ):
        choices = (delivered, delivered & ~bit)
    below = [_plays(exchange, order, recall, step + 1, choice) for choice in choices]
    return _supported(exchange.payoffs[mover], below)


def not_all(exchange: Exchange, delivered: int) -> bool:
    """Whether somebody has not delivered."""
    return delivered != exchange.everybody


def _supported(own: Floats, below: list[tuple[int, ...]]) -> tuple[int, ...]:
    """Return outcomes the mover can choose in equilibrium: none of its other choices must end better."""
    kept = set()
    for k, outcomes in enumerate(below):
        others = [min(own[list(other)]) for j, other in enumerate(below) if j != k]
        kept |= {outcome for outcome in outcomes if all(own[outcome] >= least for least in others)}
    return tuple(sorted(kept))


def orders(exchange: Exchange) -> tuple[tuple[int, ...], ...]:
    """Return every order in which the parties may deliver."""
    return tuple(permutations(range(exchange.parties)))


def as_game(exchange: Exchange, *, recallable: bool) -> OptionGame:
    """Return the exchange as a graph-model game of the parties alone: each delivers or does not, one option a party.

    States are numbered by the mask read from the first party (slowest) to the last. With ``recallable`` every leg can
    be taken back; without, a delivered leg is final.
    """
    parties = exchange.parties
    masks = state_masks(parties)
    codes = np.stack([np.unique(row, return_inverse=True)[1] for row in exchange.payoffs[:, masks]]).astype(np.int32)
    final = () if recallable else (True,) * parties
    return OptionGame(levels=(2,) * parties, owner=tuple(range(parties)), utilities=codes, final=final)


def state_masks(parties: int) -> NDArray[np.int64]:
    """Return the set of deliverers of each state of :func:`as_game`, shape (2^parties,)."""
    states = np.arange(2**parties)
    masks = np.zeros_like(states)
    for i in range(parties):
        masks |= ((states >> (parties - 1 - i)) & 1) << i
    return masks.astype(np.int64)
