"""Would a deal be kept: who gains from breaking it, in which order it would be done, and whether it holds once done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.commitment.legs import Promise, breach_gain, recallable_terms
from backchannel.analyses.stability.why import choose, verdict
from backchannel.model.model import Model
from backchannel.model.words import move_in_words
from backchannel.numerics import exchange as exchanges
from backchannel.numerics.concepts import Concept
from backchannel.numerics.exchange import RECALLS, Exchange, Recall
from backchannel.numerics.game import OptionGame
from backchannel.numerics.repetition import critical_discount_factor, critical_discount_factor_in_rounds
from backchannel.numerics.stability import all_stable

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Longs = NDArray[np.int64]

IDS: tuple[Concept, ...] = ("nash", "gmr", "smr", "seq")
ROUNDS = 3
"""Rounds of the shorter punishment whose critical discount factor is given."""


@dataclass(frozen=True)
class Sequence:
    """How an exchange ends when parties deliver one after another.

    Parameters
    ----------
    order
        Party ids, first mover first.
    recall
        Right to take a leg back: ``none``, ``answer`` (to a partner's failure) or ``free``.
    reversible
        Whether every leg is taken to be one that can be taken back; else as the file says.
    outcomes
        Sets of deliverers in which subgame-perfect play ends, as tuples of ids.
    """

    order: tuple[str, ...]
    recall: Recall
    reversible: bool
    outcomes: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Break:
    """Who leaves a state by which move, by one concept.

    Parameters
    ----------
    concept, actor
        Ids.
    move
        The move in words.
    gain
        Points it brings at once.
    """

    concept: str
    actor: str
    move: str
    gain: float


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """A deal as an exchange of promises. Parties are in the deal's order, sets of deliverers bit masks over them.

    Parameters
    ----------
    deal
        Its name.
    parties
        Ids, shape (parties,).
    terms, expects, spoilers
        What each party does, what third parties are expected to do, who may undo it; as written.
    stands
        Per party: whether its leg is in place today.
    today
        Literal of today.
    end
        Per set of deliverers: literal of the state it ends in once third parties have responded.
    possible
        Per set: whether it can deliver without the rest, bool, shape (2^parties,).
    as_expected
        Whether third parties do what the deal expects once everybody has delivered.
    payoffs
        float64, shape (parties, 2^parties), points.
    no_deal
        float64, shape (parties,): points today.
    temptation, sucker_loss, surplus
        float64, shape (parties,): gain of keeping back while the rest delivers; loss of delivering alone; gain of the
        kept deal against today.
    participation
        float64, shape (parties,): credence in the rest at which signing beats not signing; above 1, or infinite: never.
    dominated
        Bool, shape (parties,): whether delivering is worse whatever the rest does.
    incentive
        float64, shape (parties, 2): credences from and to which delivering pays; (1, 0) for none.
    simultaneous
        Sets of deliverers that are Nash equilibria of delivering at the same moment, as tuples of ids.
    sequences
        Delivery one after another, every order and right of recall.
    recallable
        Per party: terms it can take back once the deal is done.
    breach
        float64, shape (parties,): the most a party gains by leaving its terms undone once the deal is done.
    stable, stable_if_reversible
        Bool, shape (concepts, actors): is the kept deal stable for each actor, as the file stands and if every step
        could be taken back.
    breaks, breaks_if_reversible
        Who leaves it by which move.
    swap_stable
        Bool, shape (concepts,): whether the kept deal is stable among the parties alone if every leg can be taken back
        whole.
    trap
        Bool, shape (2^parties,): whether the state a set of deliverers ends in is a Nash equilibrium of the crisis.
    takes_back
        Bool, shape (parties, 2^parties): whether a party could take its whole leg back where this set has delivered.
    discount
        float64, shape (parties, 2): critical discount factors if the exchange repeats, for ever (grim) and with a
        punishment of :data:`ROUNDS` rounds; 2 for none below 1.
    losers
        (actor, change against today in points) of outsiders whom the kept deal leaves worse off.
    """

    deal: str
    parties: tuple[str, ...]
    terms: tuple[tuple[str, ...], ...]
    expects: tuple[str, ...]
    spoilers: tuple[str, ...]
    stands: tuple[bool, ...]
    today: str
    end: tuple[str, ...]
    possible: Bools
    as_expected: bool
    payoffs: Floats
    no_deal: Floats
    temptation: Floats
    sucker_loss: Floats
    surplus: Floats
    participation: Floats
    dominated: Bools
    incentive: Floats
    simultaneous: tuple[tuple[str, ...], ...]
    sequences: tuple[Sequence, ...]
    recallable: tuple[tuple[str, ...], ...]
    breach: Floats
    stable: Bools
    stable_if_reversible: Bools
    breaks: tuple[Break, ...]
    breaks_if_reversible: tuple[Break, ...]
    swap_stable: Bools
    trap: Bools
    takes_back: Bools
    discount: Floats
    losers: tuple[tuple[str, float], ...]


def diagnose(model: Model, promise: Promise, stable: dict[Concept, Bools], reversible: Reversible) -> Diagnosis:
    """Diagnose one deal.

    Parameters
    ----------
    model
        The model.
    promise
        The deal as an exchange.
    stable
        Stability of every state for every actor, by concept, shape (actors, cells).
    reversible
        The same crisis with every step reversible.
    """
    found = promise.exchange
    parties = tuple(model.actors[leg.actor] for leg in promise.legs)
    deal = model.crisis.deals.get(promise.named.name)
    kept = promise.kept
    game = exchanges.as_game(found, recallable=True)
    alone = all_stable(game, IDS)
    return Diagnosis(
        deal=promise.named.name,
        parties=parties,
        terms=tuple(tuple(written(model, setting) for setting in leg.terms) for leg in promise.legs),
        expects=tuple(written(model, setting) for setting in promise.expects),
        spoilers=tuple(deal.spoilers) if deal else (),
        stands=tuple(leg.stands for leg in promise.legs),
        today=model.space.literal(model.space.today),
        end=tuple(model.space.literal(int(cell)) for cell in promise.end),
        possible=promise.possible,
        as_expected=kept == model.space.cell(promise.named.ends),
        payoffs=found.payoffs,
        no_deal=found.today,
        temptation=exchanges.temptation(found),
        sucker_loss=exchanges.sucker_loss(found),
        surplus=exchanges.surplus(found),
        participation=exchanges.participation_threshold(found),
        dominated=exchanges.dominated(found),
        incentive=np.array(exchanges.incentive_threshold(found)),
        simultaneous=tuple(members(parties, mask) for mask in exchanges.simultaneous(found)),
        sequences=_sequences(found, parties),
        recallable=tuple(recallable_terms(model, leg, kept) for leg in promise.legs),
        breach=np.array([breach_gain(model, leg, kept)[0] for leg in promise.legs]),
        stable=np.stack([stable[name][:, kept] for name in IDS]),
        stable_if_reversible=np.stack([reversible.stable[name][:, kept] for name in IDS]),
        breaks=breaks(model, kept, stable),
        breaks_if_reversible=breaks(reversible.model, kept, reversible.stable),
        swap_stable=np.array([bool(alone[name][:, -1].all()) for name in IDS]),
        trap=np.array([bool(stable["nash"][:, cell].all()) for cell in promise.end]),
        takes_back=found.recallable,
        discount=_discount(found),
        losers=_losers(model, promise),
    )


@dataclass(frozen=True, eq=False)
class Reversible:
    """The crisis with every final option made one that can be taken back, and its stability."""

    model: Model
    stable: dict[Concept, Bools]

    @classmethod
    def of(cls, model: Model) -> Reversible:
        """Drop every ``final`` and judge again."""
        assert isinstance(model.game, OptionGame)
        free = replace(model, game=replace(model.game, final=()))
        return cls(free, all_stable(free.game, IDS))


def written(model: Model, setting: tuple[str, int]) -> str:
    """Write a setting as the file does: the option, or option = level."""
    option, level = setting
    levels = model.crisis.options[option].levels
    if len(levels) == 2:
        return option if level else f"not {option}"
    return f"{option} = {levels[level]}"


def members(parties: tuple[str, ...], mask: int) -> tuple[str, ...]:
    """Return the ids of a set of deliverers."""
    return tuple(name for k, name in enumerate(parties) if mask >> k & 1)


def _sequences(found: Exchange, parties: tuple[str, ...]) -> tuple[Sequence, ...]:
    free = replace(found, recallable=np.ones_like(found.recallable))
    kinds: list[tuple[Recall, bool, Exchange]] = [(recall, False, found) for recall in RECALLS]
    kinds += [("answer", True, free), ("free", True, free)]
    return tuple(
        Sequence(
            tuple(parties[k] for k in order),
            recall,
            is_free,
            tuple(members(parties, mask) for mask in exchanges.sequential(played, order, recall)),
        )
        for order in exchanges.orders(found)
        for recall, is_free, played in kinds
    )


def breaks(model: Model, cell: int, stable: dict[Concept, Bools]) -> tuple[Break, ...]:
    """Return who leaves a state by which move, by every concept by which it is not stable."""
    found = []
    for concept in choose(IDS):
        for actor in np.flatnonzero(~stable[concept.id][:, cell]).tolist():  # type: ignore[index]
            step = verdict(model, concept, actor, cell).breaking
            if step is not None:
                gain = model.points(actor, step.target) - model.points(actor, cell)
                words = move_in_words(model, cell, step.target, actor)
                found.append(Break(concept.id, model.actors[actor], words, gain))
    return tuple(found)


NO_DISCOUNT = 2.0
"""Critical discount factor that stands for none below 1."""


def _discount(found: Exchange) -> Floats:
    rows = []
    tempted = exchanges.temptation(found) + found.payoffs[:, -1]
    for gain, reward, today in zip(tempted, found.payoffs[:, -1], found.today, strict=True):
        grim = critical_discount_factor(float(gain), float(reward), float(today))
        short = critical_discount_factor_in_rounds(float(gain), float(reward), float(today), ROUNDS)
        rows.append([NO_DISCOUNT if value is None or not isfinite(value) else value for value in (grim, short)])
    return np.array(rows)


def _losers(model: Model, promise: Promise) -> tuple[tuple[str, float], ...]:
    parties = {leg.actor for leg in promise.legs}
    found = []
    for actor, name in enumerate(model.actors):
        if actor in parties or model.utilities[actor].scale != "cardinal":
            continue
        change = model.points(actor, promise.kept) - model.points(actor, model.space.today)
        if change < 0:
            found.append((name, change))
    return tuple(found)
