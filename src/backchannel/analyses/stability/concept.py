"""What a stability concept is: its one id, its name, its definition in words, and how it punishes an improvement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backchannel.analyses.stability.sequence import Step
from backchannel.model.model import Model

Sanction = Callable[[Model, int, int, int], tuple[Step, ...] | None]
"""(model, actor, state, improvement) to the opponents' shortest punishing sequence, or None if there is none."""


@dataclass(frozen=True)
class Concept:
    """A stability concept.

    Parameters
    ----------
    id
        The word used in files, JSON, the command line and the docs.
    name
        Full name.
    definition
        When a state is stable for an actor, in one sentence.
    foresight
        What an actor reckons with, in a few words.
    source
        Author and year.
    sanction
        The opponents' shortest answer that takes the gain away, if there is one.
    """

    id: str
    name: str
    definition: str
    foresight: str
    source: str
    sanction: Sanction
