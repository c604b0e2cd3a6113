"""Outsiders who could undo a deal once it is kept, by which move, and what their restraint is worth to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from backchannel.analyses.commitment.legs import Promise
from backchannel.model.model import Model
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
        What that brings the outsider; the price of its restraint if positive.
    """

    actor: str
    does: tuple[str, ...]
    end: str
    undone: tuple[str, ...]
    gain: float


def undoings(model: Model, promise: Promise) -> tuple[Undoing, ...]:
    """Return, for every outsider, its best way to undo the kept deal, if it has one at all.

    After the outsider's move everybody else improves until nobody gains. Cost: moves of outsiders, from each the
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
    kept = promise.kept
    targets = model.moves(actor, kept)
    if not targets.size:
        return
    assert isinstance(model.game, OptionGame)
    movers = tuple(row for row in range(len(model.actors)) if row != actor)
    ends = improvement_ends(model.game, targets, movers)
    here = model.space.levels(np.array([kept]))[0]
    names = list(model.crisis.options)
    settings = [*(setting for leg in promise.legs for setting in leg.terms), *promise.expects]
    settings = [(option, level) for option, level in settings if here[names.index(option)] == level]
    for k, target in enumerate(targets.tolist()):
        there = model.space.levels(np.array([target]))[0]
        does = tuple(o for o, old, new in zip(names, here, there, strict=True) if old != new)
        for end in ends.of(k).tolist():
            levels = model.space.levels(np.array([end]))[0]
            undone = tuple(option for option, level in settings if levels[names.index(option)] != level)
            if undone:
                gain = model.points(actor, end) - model.points(actor, kept)
                yield Undoing(model.actors[actor], does, model.space.literal(end), undone, gain)
