"""Symmetric metarationality: every improvement can be punished, and the actor cannot escape the punishment."""

from __future__ import annotations

from backchannel.analyses.stability.concept import Concept
from backchannel.analyses.stability.sequence import Step, opponents, shortest_sequence
from backchannel.model.model import Model


def sanction(model: Model, actor: int, state: int, improvement: int) -> tuple[Step, ...] | None:
    """Return the opponents' shortest sequence to a state no better than ``state`` that the actor cannot escape."""
    limit = model.code(actor, state)

    def holds(end: int) -> bool:
        escapes = model.game.utilities[actor][model.moves(actor, end)]
        return model.code(actor, end) <= limit and not (escapes > limit).any()

    return shortest_sequence(model, improvement, opponents(model, actor), holds, improving=False)


smr = Concept(
    id="smr",
    name="Symmetric metarationality",
    definition="as general metarationality, and from where the opponents' answer leads the actor cannot move to "
    "anything it likes better than the state it left",
    foresight="any answer by the opponents, and its own reply",
    source="Howard 1971; Fang, Hipel and Kilgour 1993",
    sanction=sanction,
)
