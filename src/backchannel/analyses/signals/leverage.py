"""What an actor's demand is worth to it beyond its best way of its own: its price, by how much it cares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backchannel.analyses.signals.beliefs import Step, Track
from backchannel.analyses.signals.lines import Line, at_least, dial_lines, terms_of
from backchannel.analyses.signals.thresholds import deal_state
from backchannel.model.model import Model
from backchannel.model.words import state_label
from backchannel.spec.evaluate import find_state

POSITIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Positions of a dial at which a curve is written out."""


@dataclass(frozen=True)
class Accepts:
    """A deal and the positions of the dial at which the actor prefers it to its best way of its own.

    Parameters
    ----------
    deal
        Its name.
    low, high
        From here to there; equal utility counts as acceptance. Both −1 where it is acceptable nowhere.
    """

    deal: str
    low: float
    high: float

    @property
    def ever(self) -> bool:
        """Whether the deal is acceptable anywhere."""
        return self.low >= 0


@dataclass(frozen=True)
class Leverage:
    """The most an actor would pay for what it demands, as a dial turns its worths.

    Parameters
    ----------
    proposition
        The statement about the actor's type.
    actor, dial
        Whom it is about, and the dial between its types.
    demand
        The state the actor demands (its stance).
    if_true, if_false
        Positions of the dial for the two types.
    price_if_true, price_if_false
        Price for each type, points.
    positions, prices
        The curve: position of the dial, and price there. Straight between the positions at which the best way of one's
        own changes.
    own
        The best way of one's own for each position, in words.
    accepts
        For each deal the actor is party to, at which positions it would sign.
    """

    proposition: str
    actor: str
    dial: str
    demand: str
    if_true: float
    if_false: float
    price_if_true: float
    price_if_false: float
    positions: tuple[float, ...]
    prices: tuple[float, ...]
    own: tuple[str, ...]
    accepts: tuple[Accepts, ...]


@dataclass(frozen=True)
class PriceStep:
    """What a holder expects the actor to pay at most, before and after a signal.

    Parameters
    ----------
    holder, proposition
        Whose estimate, and of which statement.
    signal, by
        The signal and who sent it.
    before, after
        Belief times the price of the type for which the statement is true, plus the rest times the other's, points.
    """

    holder: str
    proposition: str
    signal: str
    by: str
    before: float
    after: float


def leverages(model: Model) -> tuple[Leverage, ...]:
    """Return the price curve of every actor of whom a proposition says by a dial how much it cares.

    Price = u(demand) − the greatest u of what the actor can do alone from today (doing nothing included). Both are
    straight lines in the dial, so the price is concave and its breaks and the limits of each deal are solved, not
    searched. A minimal model derived here; actors without a stance, or with preferences by order only, are left out.

    Notes
    -----
    Cost: lines for the actor's own moves from today, squared.
    """
    found = []
    for name, about in model.crisis.propositions.items():
        stance = model.crisis.stances.get(about.about)
        if about.dial is None or stance is None or about.about not in model.actors or model.space.is_general_graph:
            continue
        row = model.actors.index(about.about)
        if terms_of(model, row) is None:
            continue
        true, false = (0.0 if at is None else at.centre for at in (about.if_true, about.if_false))
        found.append(_leverage(model, row, name, about.dial, stance.position, (true, false)))
    return tuple(found)


def _leverage(
    model: Model, row: int, proposition: str, dial: str, position: str, types: tuple[float, float]
) -> Leverage:
    own = _own_way(model, row)
    demand = model.space.cell(find_state(model.crisis, position))
    [wanted, *ways] = dial_lines(model, row, (demand, *own), dial)
    at = tuple(sorted({*POSITIONS, *types}))
    best = [max(range(len(ways)), key=lambda k, x=x: (ways[k].at(x), -k)) for x in at]  # type: ignore[misc]
    prices = tuple(wanted.at(x) - ways[k].at(x) for x, k in zip(at, best, strict=True))
    by_position = dict(zip(at, prices, strict=True))
    return Leverage(
        proposition=proposition,
        actor=model.actors[row],
        dial=dial,
        demand=position,
        if_true=types[0],
        if_false=types[1],
        price_if_true=by_position[types[0]],
        price_if_false=by_position[types[1]],
        positions=at,
        prices=prices,
        own=tuple(state_label(model, own[k]) for k in best),
        accepts=_accepts(model, row, dial, ways),
    )


def _own_way(model: Model, row: int) -> tuple[int, ...]:
    """Return today and every state an actor can bring about alone from today."""
    alone = np.unique(model.moves(row, model.space.today))
    return (model.space.today, *(int(cell) for cell in alone if cell != model.space.today))


def _accepts(model: Model, row: int, dial: str, ways: list[Line]) -> tuple[Accepts, ...]:
    found = []
    for name, deal in model.crisis.deals.items():
        cell = deal_state(model, name) if model.actors[row] in deal.parties else None
        if cell is None:
            continue
        [line] = dial_lines(model, row, (cell,), dial)
        limits = [at_least(line, way, 0.0, 1.0) for way in ways]
        low, high = max(limit.low for limit in limits), min(limit.high for limit in limits)
        found.append(Accepts(name, low, high) if low <= high else Accepts(name, -1.0, -1.0))
    return tuple(found)


def price_steps(found: tuple[Leverage, ...], tracks: tuple[Track, ...]) -> tuple[PriceStep, ...]:
    """Return what each signal about how much an actor cares did to others' estimates of its price."""
    by_name = {item.proposition: item for item in found}
    out = []
    for track in tracks:
        item = by_name.get(track.that)
        if item is None or track.holder.partition(".")[0] == item.actor:
            continue
        for before, after in zip(track.steps, track.steps[1:], strict=False):
            if after.cause != "prior":
                estimates = (_estimate(item, before), _estimate(item, after))
                out.append(PriceStep(track.holder, track.that, after.cause, after.by, *estimates))
    return tuple(out)


def _estimate(item: Leverage, step: Step) -> float:
    return step.p * item.price_if_true + (1 - step.p) * item.price_if_false
