"""Which outsiders can make the pillars move by themselves, what comes of it, and what that costs the outsider."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backchannel.analyses.pillars.exit import cell_with, top
from backchannel.analyses.pillars.regime import Regime
from backchannel.model.model import Model
from backchannel.model.words import changes, literals, move_in_words
from backchannel.numerics.aborted_flight import flight, price_with_trust
from backchannel.numerics.game import OptionGame
from backchannel.numerics.improvement_ends import improvement_ends

MOST_MOVES = 128
"""Own profiles of an outsider up to which every joint move is tried; beyond, one option at a time."""


@dataclass(frozen=True)
class Price:
    """What a payer must promise an outsider: its cost over the trust in the payer; None where no promise covers it."""

    payer: str
    trust: float
    points: float | None


@dataclass(frozen=True)
class Trigger:
    """A move of an outsider after which the incumbent or the pillars move by themselves, wherever that ends.

    Parameters
    ----------
    government, actor, options, does
        Whose pillars, which outsider, which of its options change, and in words.
    ends
        Literals of the states in which nobody else has an improvement any more.
    pillars_move, incumbent_leaves
        Whether they do so at every end.
    cost
        What it costs the outsider in points, at the worst end; below 0 it gains.
    foreseen
        The same if outsider, incumbent and pillars each look ahead (outsider, then incumbent, then pillars); None
        where the incumbent has no way out or a state of that tree is impossible.
    prices
        For each actor the file states the outsider's trust in: what it must promise to cover the cost. Empty if the
        move costs nothing.
    """

    government: str
    actor: str
    options: tuple[str, ...]
    does: str
    ends: tuple[str, ...]
    pillars_move: bool
    incumbent_leaves: bool
    cost: float
    foreseen: float | None
    prices: tuple[Price, ...]


def triggers(model: Model, regime: Regime, way_out: str = "") -> tuple[Trigger, ...]:
    """Try every move of every outsider from today and follow the improvements of all others to their ends.

    Outsiders are the actors other than the incumbent and those whose options stand for the pillars' moves. Only moves
    are kept of which no part is enough, and for each outsider the one that costs it least. The outsider is taken to
    stand by its move. Cost: the reachable states of each move, times their movers' profiles.

    Parameters
    ----------
    way_out
        The incumbent's option to leave, if he has one.
    """
    if not isinstance(model.game, OptionGame):
        return ()
    owners = {model.crisis.options[name].by for name in regime.moves}
    outsiders = [actor for actor in model.actors if actor != regime.government and actor not in owners]
    return tuple(found for actor in outsiders for found in _of(model, regime, actor, way_out))


def _of(model: Model, regime: Regime, actor: str, way_out: str) -> list[Trigger]:
    mover, today = model.actors.index(actor), model.space.today
    if model.utilities[mover].scale != "cardinal":
        return []
    starts = model.moves(mover, today)
    changed = [tuple(name for name, _, _ in changes(model, today, int(cell))) for cell in starts]
    if starts.size > MOST_MOVES:
        starts = starts[[len(names) == 1 for names in changed]]
        changed = [names for names in changed if len(names) == 1]
    others = [index for index in range(len(model.actors)) if index != mover]
    assert isinstance(model.game, OptionGame)
    ends = improvement_ends(model.game, starts, others)
    found = []
    for k, names in enumerate(changed):
        made = _trigger(model, regime, actor, int(starts[k]), names, ends.of(k), way_out)
        if made is not None:
            found.append(made)
    return _telling(found)


def _telling(found: list[Trigger]) -> list[Trigger]:
    least = [item for item in found if not any(set(other.options) < set(item.options) for other in found)]
    best = min(found, key=lambda item: (item.cost, len(item.options)), default=None)
    return [item for item in found if item in least or item is best]


def _trigger(
    model: Model,
    regime: Regime,
    actor: str,
    start: int,
    names: tuple[str, ...],
    ends: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
    way_out: str,
) -> Trigger | None:
    mover, today = model.actors.index(actor), model.space.today
    if not ends.size:
        return None
    order = list(model.crisis.options)
    levels, before = model.space.levels(ends), model.space.levels(np.array([today]))[0]
    moved = np.all([levels[:, order.index(name)] > before[order.index(name)] for name in regime.moves], axis=0)
    left = (
        levels[:, order.index(way_out)] > before[order.index(way_out)] if way_out else np.zeros(ends.size, dtype=bool)
    )
    if not (moved | left).all():
        return None
    cost = model.points(mover, today) - min(model.points(mover, int(cell)) for cell in ends.tolist())
    does = move_in_words(model, today, start, mover)
    ways = literals(model, np.sort(ends))
    foreseen = _foreseen(model, regime, mover, names, start, way_out) if way_out else None
    return Trigger(
        regime.government,
        actor,
        names,
        does,
        ways,
        bool(moved.all()),
        bool(left.all()),
        cost,
        foreseen,
        _prices(model, actor, cost),
    )


def _prices(model: Model, actor: str, cost: float) -> tuple[Price, ...]:
    """Return what each actor whom the outsider trusts to a stated degree must promise it."""
    if cost <= 0:
        return ()
    found = []
    for key, trust in model.crisis.trust.items():
        truster, payer = (part.strip() for part in key.split(">"))
        if truster == actor:
            points = price_with_trust(cost, trust.centre)
            found.append(Price(payer, trust.centre, points if np.isfinite(points) else None))
    return tuple(found)


def _foreseen(
    model: Model, regime: Regime, mover: int, names: tuple[str, ...], start: int, way_out: str
) -> float | None:
    """Return the outsider's price in the tree outsider, incumbent, pillars (as one); None if a state cannot be."""
    actors = (
        mover,
        model.actors.index(regime.government),
        model.actors.index(model.crisis.options[regime.moves[0]].by),
    )
    order = list(model.crisis.options)
    set_to = model.space.levels(np.array([start]))[0]
    pay_offs = np.empty((2, 2, 2, 3))
    for acts, leaves, moves in np.ndindex(2, 2, 2):
        settings = {name: int(set_to[order.index(name)]) for name in names} if acts else {}
        settings |= {way_out: leaves} | {name: top(model.crisis, name, bool(moves)) for name in regime.moves}
        cell = cell_with(model, settings)
        if cell is None:
            return None
        pay_offs[acts, leaves, moves] = [model.points(actor, cell) for actor in actors]
    return flight(pay_offs).price
