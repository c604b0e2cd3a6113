"""Nash stability: no actor can move to something better."""

from __future__ import annotations

from backchannel.analyses.stability.concept import Concept
from backchannel.model.model import Model


def sanction(model: Model, actor: int, state: int, improvement: int) -> None:
    """Return None: a Nash actor reckons with no answer, so any improvement breaks the state."""
    del model, actor, state, improvement


nash = Concept(
    id="nash",
    name="Nash stability",
    definition="no move of the actor leads to a state it prefers",
    foresight="own next move only",
    source="Nash 1950; Fang, Hipel and Kilgour 1993",
    sanction=sanction,
)
