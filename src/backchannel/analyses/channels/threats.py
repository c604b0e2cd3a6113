"""When being seen strengthens a threat, and when it weakens it: red lines before those who would have to give in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.channels.acceptance import find_concessions
from backchannel.analyses.channels.formats import premium
from backchannel.analyses.channels.leads import FEW
from backchannel.analyses.signals.lines import drawn_or_fixed_points, terms_of, utility_lines
from backchannel.model.model import Model
from backchannel.model.worths import centre_values
from backchannel.spec.evaluate import find_state
from backchannel.spec.information import RedLine

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PublicThreat:
    """One red line before one party that would have to give in.

    Parameters
    ----------
    line, by, against
        The red line, who drew it, and who would have to give in.
    secret, public
        Share of draws in which the threat would be acted on if made in secret (no cost of backing down), and in full
        public.
    burden
        What giving in costs the other more in public, as a share of what giving in costs.
    strengthens
        Whether being seen makes the threat stronger: whether the other gives in at a lower cost of the threat.
    """

    line: str
    by: str
    against: str
    secret: float
    public: float
    burden: float
    strengthens: bool


def public_threats(model: Model, parties: tuple[int, ...], values: Floats) -> tuple[PublicThreat, ...]:
    """Compare what publicity adds to a threat with what it takes away, for every red line of the file.

    A minimal model in the spirit of Kurizaki (2007), the one of ``signals.private_threats.threat`` where everybody
    threatens: the other, its stake 1, gives in once carrying out costs it (1 − r + burden) / r, r being how often the
    threat would be acted on. The ranges of the file stand for what the other does not know of the author's worths. None
    below 100 draws, without premiums under ``audience``, or for authors without magnitudes.
    """
    if len(values) < FEW or model.space.is_general_graph:
        return ()
    found = []
    for name, line in model.crisis.red_lines.items():
        row = model.actors.index(line.by)
        if terms_of(model, row) is None:
            continue
        gap, cost = _gap(model, row, line, values)
        secret, public = float((gap > 0).mean()), float((gap + cost > 0).mean())
        for actor, burden in _burdens(model, parties, line.by):
            better = public * (1 - secret) > secret * (1 - public + burden)
            found.append(PublicThreat(name, line.by, actor, secret, public, burden, better))
    return tuple(found)


def _gap(model: Model, row: int, line: RedLine, values: Floats) -> tuple[Floats, Floats]:
    """Return carrying out less backing down without an audience, and the cost of backing down before one, (draws,)."""
    cells = tuple(model.space.cell(find_state(model.crisis, state)) for state in (line.backs_down, line.carries_out))
    column = [item.path for item in model.inputs].index(line.cost)
    carried = np.array([item.slope for item in utility_lines(model, row, cells, line.cost)])
    points = drawn_or_fixed_points(model, row, cells, values) - carried * values[:, [column]]
    return points[:, 1] - points[:, 0], -values[:, column]


def _burdens(model: Model, parties: tuple[int, ...], author: str) -> list[tuple[str, float]]:
    """Return what giving in to an author costs each other party in public, as a share of what it costs anyway."""
    centre = centre_values(model)
    stance = model.crisis.stances.get(author)
    shares: dict[str, float] = {}
    for item in find_concessions(model, parties):
        if item.actor == author:
            continue
        loss = 0.0
        if stance is not None and not item.by_worths:
            row = model.actors.index(item.actor)
            loss = model.points(row, model.space.today) - model.points(row, model.space.find(stance.position))
        part = item.points / loss if loss > 0 else 1.0
        share = float(premium(model, item.actor, item.issue, centre)[0]) * part
        shares[item.actor] = shares.get(item.actor, 0.0) + share
    return list(shares.items())
