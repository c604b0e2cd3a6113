"""When being seen keeps a deal: what breaking it once done costs a party before its own audience."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backchannel.analyses.channels.formats import premium
from backchannel.analyses.channels.publicity import PublicityLimit
from backchannel.analyses.commitment.legs import Leg, read_promise
from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.model.worths import cardinal_terms, centre_values, drawn_points


@dataclass(frozen=True)
class PublicityBond:
    """One party to one deal in one room, at the centres.

    Parameters
    ----------
    channel, deal, party
        The room, the deal, and who might break it once it is done.
    gain
        Points the party gains by the break that takes most publicity to hold back: the smallest bond that does; 0 if
        none pays.
    undone
        Its own terms that break leaves undone.
    full
        Points that break would cost it before its audience at full publicity.
    bond
        The same at the publicity of the room, leaks included.
    kept_from
        Publicity from which no break pays; 0 if none pays anyway, nothing if even full publicity is not enough.
    limit
        Publicity above which the deal is not made, as in ``PublicityLimit``.
    """

    channel: str
    deal: str
    party: str
    gain: float
    undone: tuple[str, ...]
    full: float
    bond: float
    kept_from: float | None
    limit: float


def publicity_bonds(
    model: Model, parties: tuple[str, ...], limits: tuple[PublicityLimit, ...]
) -> tuple[PublicityBond, ...]:
    """Return what the publicity of each room adds against breaking each deal put to it, party by party.

    The bond is publicity x the sum, over issues on which the break leaves a promised term undone, of the party's share
    under ``audience`` x what it regains on that issue: a straight line, so that the publicity from which a deal is kept
    is a quotient. Worths are the file's, not the room's: whether to break is decided at home. What being seen to
    concede has cost is gone and not regained. What is
    no exchange of two or more parties' terms is left out. A
    minimal model in the spirit of Fearon (1994). Cost: one reading of each deal as an exchange.
    """
    found = []
    for deal in dict.fromkeys(limit.deal for limit in limits):
        try:
            promise = read_promise(model, deal, parties)
        except NotSupportedError:
            continue
        for leg in promise.legs:
            gain, full, undone = _hardest(model, leg, promise.kept)
            kept_from = 0.0 if not gain else gain / full if gain <= full else None
            found += [
                PublicityBond(
                    room.channel, deal, model.actors[leg.actor], gain, undone, full, room.publicity * full,
                    kept_from, room.limit,
                )
                for room in limits
                if room.deal == deal
            ]  # fmt: skip
    return tuple(found)


def _hardest(model: Model, leg: Leg, cell: int) -> tuple[float, float, tuple[str, ...]]:
    """Return gain, cost at full publicity and undone terms of the break that takes most publicity to hold back."""
    place = {option: k for k, option in enumerate(model.crisis.options)}
    found: list[tuple[float, float, tuple[str, ...]]] = [(0.0, 0.0, ())]
    for target in model.improvements(leg.actor, cell).tolist():
        levels = model.space.levels(np.array([target]))[0]
        undone = tuple(option for option, level in leg.terms if levels[place[option]] != level)
        if undone:
            gain = model.points(leg.actor, target) - model.points(leg.actor, cell)
            found.append((gain, _charge(model, leg.actor, undone, cell, target, gain), undone))
    return max(
        found, key=lambda item: (item[0] / item[1] if item[1] else np.inf if item[0] else -1.0, item[0], -len(item[2]))
    )


def _charge(model: Model, actor: int, undone: tuple[str, ...], cell: int, target: int, gain: float) -> float:
    """Return what a break costs a party at full publicity, points.

    On each issue it breaks its word on: its share there times what it regains on its worths under that issue, or, of a
    party without any, times all it gains.
    """
    values = centre_values(model)
    terms = cardinal_terms(model, actor)
    total = 0.0
    for issue in dict.fromkeys(model.crisis.options[option].issue for option in undone):
        if issue is None:
            continue
        regained = gain
        labelled = np.array([[float(term.issue == issue) for term in terms]])
        if labelled.any():
            before, after = drawn_points(model, actor, np.array([cell, target]), values, labelled)[0].tolist()
            regained = max(after - before, 0.0)
        total += float(premium(model, model.actors[actor], issue, values)[0]) * regained
    return total
