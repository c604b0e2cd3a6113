"""Outsiders who could undo a deal once it is kept, by which move, and what their restraint is worth to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from backchannel.analyses.commitment.legs import Promise, Settings
from backchannel.model.model import Model
from backchannel.model.words import changes
from backchannel.numerics.game import OptionGame
from backchannel.numerics.improvement_ends import improvement_ends


@dataclass(frozen=True)
class Undoing:
    """A move by which an outsider undoes a deal that is kept.

    Parameters
    ----------
    actor
        Its id.
    does
        Options it changes.
    end
        Literal of the state it ends in for the actor at best once everybody has responded.
    undone
        Options of the deal that no longer hold there.
    gain
        What that brings the outsider against the best it has without its move; the price of its restraint if positive.
    """

    actor: str
    does: tuple[str, ...]
    end: str
    undone: tuple[str, ...]
    gain: float


def undoings(model: Model, promise: Promise) -> tuple[Undoing, ...]:
    """Return, for every outsider, its best way to undo the kept deal, if it has one at all.

    After the outsider's move everybody else improves until nobody gains. What everybody else undoes without its move,
    the parties' own breach above all, is not laid at its door. Cost: moves of outsiders, from each the
    states reached by improvements.
    """
    found = []
    parties = {leg.actor for leg in promise.legs}
    for actor in range(len(model.actors)):
        if actor in parties or model.utilities[actor].scale != "cardinal":
            continue
        ways = list(_ways(model, promise, actor))
        if ways:
            found.append(max(ways, key=lambda way: (way.gain, [-ord(c) for c in way.end])))
    return tuple(found)


def _ways(model: Model, promise: Promise, actor: int) -> Iterator[Undoing]:
    """Yield what an outsider's moves undo beyond what the same others undo if it does nothing."""
    kept = promise.kept
    targets = model.moves(actor, kept)
    if not targets.size:
        return
    assert isinstance(model.game, OptionGame)
    movers = tuple(row for row in range(len(model.actors)) if row != actor)
    ends = improvement_ends(model.game, np.concatenate([[kept], targets]).astype(np.int64), movers)
    settings = _in_force(model, promise)
    without = [_undone(model, settings, end) for end in ends.of(0).tolist()]
    anyway = set.intersection(*map(set, without)) if without else set()
    alone = max((model.points(actor, end) for end in ends.of(0).tolist()), default=model.points(actor, kept))
    for k, target in enumerate(targets.tolist(), start=1):
        does = tuple(option for option, _, _ in changes(model, kept, target))
        for end in ends.of(k).tolist():
            undone = tuple(option for option in _undone(model, settings, end) if option not in anyway)
            if undone:
                gain = model.points(actor, end) - alone
                yield Undoing(model.actors[actor], does, model.space.literal(end), undone, gain)


def _in_force(model: Model, promise: Promise) -> Settings:
    """Return what the deal wants and has once it is kept."""
    here = model.space.levels(np.array([promise.kept]))[0]
    names = list(model.crisis.options)
    settings = (*(setting for leg in promise.legs for setting in leg.terms), *promise.expects)
    return tuple((option, level) for option, level in settings if here[names.index(option)] == level)


def _undone(model: Model, settings: Settings, cell: int) -> tuple[str, ...]:
    levels = model.space.levels(np.array([cell]))[0]
    names = list(model.crisis.options)
    return tuple(option for option, level in settings if levels[names.index(option)] != level)
