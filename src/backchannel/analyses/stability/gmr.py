"""General metarationality: every improvement can be punished, at whatever price to the punishers."""

from __future__ import annotations

from backchannel.analyses.stability.concept import Concept
from backchannel.analyses.stability.sequence import Step, opponents, shortest_sequence
from backchannel.model.model import Model


def sanction(model: Model, actor: int, state: int, improvement: int) -> tuple[Step, ...] | None:
    """Return the opponents' shortest sequence of moves to a state no better for the actor than ``state``."""
    limit = model.code(actor, state)
    return shortest_sequence(
        model,
        improvement,
        opponents(model, actor),
        lambda end: model.code(actor, end) <= limit,
        improving=False,
    )


gmr = Concept(
    id="gmr",
    name="General metarationality",
    definition="after every improvement the opponents can move, in some sequence, to a state the actor likes no better",
    foresight="any answer by the opponents, even one that hurts them",
    source="Howard 1971; Fang, Hipel and Kilgour 1993",
    sanction=sanction,
)
