"""How many packages each actor sees: the same bargain in the game as its frame has it."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.analyses.deals.bargain import Terms, valued_packages
from backchannel.analyses.stability.frames import perceived_crisis
from backchannel.errors import NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.model.model import Model


@dataclass(frozen=True)
class Seen:
    """The bargain in one actor's frame.

    Parameters
    ----------
    actor
        Whose frame; empty for the file's own game.
    packages, zone
        Packages it sees, and those in the zone there.
    """

    actor: str
    packages: int
    zone: int


def seen_by_frame(model: Model, terms: Terms) -> tuple[Seen, ...]:
    """Count packages in every frame of the file; nothing where there are none. One compilation a frame."""
    found = []
    for actor, frame in model.crisis.frames.items():
        game = compile_model(perceived_crisis(model.crisis, frame))
        try:
            _, _, valued = valued_packages(game, terms)
        except NotSupportedError:
            continue  # the bargain asked for cannot be put in this frame: a state it needs is not seen
        found.append(Seen(actor, valued.packages.size, int(valued.zone.sum())))
    return tuple(found)
