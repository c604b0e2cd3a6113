"""Sequential stability: every improvement is punished by opponents who only take steps that improve their own lot."""

from __future__ import annotations

from backchannel.analyses.stability.concept import Concept
from backchannel.analyses.stability.sequence import Step, opponents, shortest_sequence
from backchannel.model.model import Model


def sanction(model: Model, actor: int, state: int, improvement: int) -> tuple[Step, ...] | None:
    """Return the opponents' shortest sequence of improvements to a state no better for the actor than ``state``."""
    limit = model.code(actor, state)
    return shortest_sequence(
        model,
        improvement,
        opponents(model, actor),
        lambda end: model.code(actor, end) <= limit,
        improving=True,
    )


seq = Concept(
    id="seq",
    name="Sequential stability",
    definition="after every improvement the opponents can move, each step an improvement for its mover, to a state "
    "the actor likes no better",
    foresight="credible answers only",
    source="Fraser and Hipel 1979; Fang, Hipel and Kilgour 1993",
    sanction=sanction,
)
