"""How public the talks may be before a deal is lost: the publicity at which a party's gain is used up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backchannel.analyses.channels.acceptance import Candidates, gains
from backchannel.analyses.channels.formats import Format
from backchannel.analyses.deals.no_deal import NoDeal
from backchannel.analyses.signals.lines import Line, crossing
from backchannel.model.model import Model
from backchannel.model.worths import centre_values


@dataclass(frozen=True)
class PublicityLimit:
    """One deal in one room, at the centres.

    Parameters
    ----------
    channel, deal
        The room and the deal.
    publicity
        The room's own publicity, leaks included.
    limit
        The publicity up to which every party still gains; 1 if it may be fully public, −1 if not even in secret.
    binds
        The party whose gain runs out first; nothing where none does.
    """

    channel: str
    deal: str
    publicity: float
    limit: float
    binds: str


def publicity_limits(
    model: Model, item: Format, found: Candidates, continuation: NoDeal, seed: int
) -> tuple[PublicityLimit, ...]:
    """Solve for the publicity of a room at which each deal within its mandate is lost.

    Of a deal with one end a party's gain is a straight line in publicity, so two points of it give the limit exactly.
    The format holds one draw, the centres.
    """
    values = centre_values(model)
    weights = continuation.weights(model, values, seed)
    secret, public = (
        gains(model, replace(item, publicity=np.full(1, at)), found, continuation, values, weights)[:, 0]
        for at in (0.0, 1.0)
    )
    inside = found.within(item.issues)
    out = []
    for place, deal in enumerate(found.names):
        if not inside[place]:
            continue
        limits = [_limit(float(a), float(b)) for a, b in zip(secret[:, place], public[:, place], strict=True)]
        least = min(limits)
        binds = "" if least >= 1 else model.actors[found.parties[limits.index(least)]]
        out.append(PublicityLimit(item.name, deal, float(item.publicity[0]), least, binds))
    return tuple(out)


def _limit(secret: float, public: float) -> float:
    """Return up to which publicity a gain is above 0, given its values in secret and in full public."""
    if secret <= 0:
        return -1.0
    if public > 0:
        return 1.0
    at = crossing(Line(secret, public - secret), Line(0.0))
    return 1.0 if at is None else at
