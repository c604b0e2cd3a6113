"""Who waits for something better: the chance of what may come without a deal at which each party would sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backchannel.analyses.signals.lines import Interval, Line, at_least
from backchannel.analyses.signals.thresholds import deal_state
from backchannel.model.model import Model
from backchannel.spec.inputs import member_keys

Verdict = Literal["open", "closed by disagreement", "closed at these views", "closed at any view"]


@dataclass(frozen=True)
class Waits:
    """One party to a deal and one thing that may come without it.

    Parameters
    ----------
    party
        Who.
    view
        The chance it gives to what may come.
    low, high
        The chances from 0 to 1 at which it would sign (equal worth counts); both −1 if at none.
    flips_at
        The chance at which it changes its mind; −1 if it never does.
    signs
        Whether it would sign at its own view.
    """

    party: str
    view: float
    low: float
    high: float
    flips_at: float
    signs: bool


@dataclass(frozen=True)
class Optimism:
    """A deal against waiting for something that may come.

    Parameters
    ----------
    deal, to
        The deal, and the state that may come without it.
    parties
        Each party that has magnitudes.
    low, high
        Chances at which all of them would sign if they agreed on it; both −1 if there is none.
    verdict
        ``open`` if all sign at their own views; ``closed by disagreement`` if not, though they would if all held what
        one of them holds (mutual optimism); ``closed at these views`` if only some other common view would open it;
        ``closed at any view`` if none would.
    """

    deal: str
    to: str
    parties: tuple[Waits, ...]
    low: float
    high: float
    verdict: Verdict


def optimism(model: Model) -> tuple[Optimism, ...]:
    """Compare every deal with waiting, by each party's view of what may come without it.

    Waiting is worth (1 − h) u(today) + h u(what may come), a straight line in the chance h, and other branches of
    ``no_deal`` count at their centres. Mutual optimism in the sense of Blainey (1973): views that differ can close a
    deal that any common view between them would leave open. A deal that ends where waiting does is left out.
    """
    crisis = model.crisis
    if model.space.is_general_graph or not crisis.no_deal:
        return ()
    out = []
    waited = [model.space.find(branch.to) for branch in crisis.no_deal]
    for place in range(len(crisis.no_deal)):
        for name, deal in crisis.deals.items():
            cell = deal_state(model, name)
            parties = [party for party in deal.parties if _is_cardinal(model, party)]
            if cell is not None and cell != waited[place] and len(parties) > 1:
                waits = tuple(_waits(model, model.actors.index(party), cell, place) for party in parties)
                out.append(_optimism(model, name, place, waits))
    return tuple(out)


def _is_cardinal(model: Model, actor: str) -> bool:
    return model.utilities[model.actors.index(actor)].scale == "cardinal"


def views(model: Model, place: int) -> tuple[float, ...]:
    """Return the chance each actor gives to one branch of ``no_deal``, at the centres; 0 where the file says none."""
    chance = model.crisis.no_deal[place].chance
    own = chance.__pydantic_extra__ or {}
    numbers = [own.get(actor) or chance.default for actor in model.actors]
    return tuple(0.0 if number is None else number.centre for number in numbers)


def _waits(model: Model, row: int, cell: int, place: int) -> Waits:
    ends = [model.space.find(branch.to) for branch in model.crisis.no_deal]
    chances = [views(model, k)[row] for k in range(len(ends))]
    today = model.points(row, model.space.today)
    others = [(chance, model.points(row, end)) for chance, end in zip(chances, ends, strict=True)]
    del others[place]
    left = 1 - sum(chance for chance, _ in others)
    base = left * today + sum(chance * worth for chance, worth in others)
    waiting = Line(base, model.points(row, ends[place]) - today)
    signed = model.points(row, cell)
    limits = at_least(Line(signed), waiting, 0.0, 1.0)
    view = chances[place]
    flips = limits.high if waiting.slope > 0 else limits.low
    return Waits(
        party=model.actors[row],
        view=view,
        low=-1.0 if limits.is_empty else limits.low,
        high=-1.0 if limits.is_empty else limits.high,
        flips_at=flips if not limits.is_empty and 0 < flips < 1 else -1.0,
        signs=limits.holds(view),
    )


def _optimism(model: Model, name: str, place: int, parties: tuple[Waits, ...]) -> Optimism:
    possible = all(item.low >= 0 for item in parties)
    common = Interval(max(item.low for item in parties), min(item.high for item in parties))
    shared = possible and not common.is_empty
    verdict: Verdict = "closed at these views" if shared else "closed at any view"
    if all(item.signs for item in parties):
        verdict = "open"
    elif shared and any(common.holds(item.view) for item in parties):
        verdict = "closed by disagreement"
    return Optimism(
        deal=name,
        to=member_keys([(branch.to, "") for branch in model.crisis.no_deal])[place],
        parties=parties,
        low=common.low if shared else -1.0,
        high=common.high if shared else -1.0,
        verdict=verdict,
    )
