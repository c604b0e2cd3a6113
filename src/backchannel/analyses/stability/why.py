"""The reasons of a verdict: the improvement that breaks a state, or the answer to each improvement."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.analyses.stability.concept import Concept
from backchannel.analyses.stability.gmr import gmr
from backchannel.analyses.stability.nash import nash
from backchannel.analyses.stability.seq import seq
from backchannel.analyses.stability.sequence import Step
from backchannel.analyses.stability.smr import smr
from backchannel.model.model import Model

CONCEPTS: tuple[Concept, ...] = (nash, gmr, smr, seq)
"""The concepts in the order every table shows them."""


@dataclass(frozen=True)
class Answered:
    """One improvement and the opponents' shortest answer that takes the gain away (None: there is none)."""

    improvement: Step
    sanction: tuple[Step, ...] | None


@dataclass(frozen=True)
class Verdict:
    """Whether a state is stable for one actor by one concept, with its proof.

    A stable verdict lists every improvement with its sanction (none if the actor has no improvement); an unstable
    one lists the improvements that go unpunished first.
    """

    concept: str
    actor: int
    state: int
    stable: bool
    answers: tuple[Answered, ...]

    @property
    def breaking(self) -> Step | None:
        """The improvement that breaks the state, the most profitable first; None if the state is stable."""
        return next((answer.improvement for answer in self.answers if answer.sanction is None), None)


def verdict(model: Model, concept: Concept, actor: int, state: int) -> Verdict:
    """Judge one state for one actor by one concept, from the definitions.

    Cost: one breadth-first walk over the opponents' moves for each improvement, ended at the first sanction.
    """
    targets = sorted(model.improvements(actor, state).tolist(), key=lambda cell: (-model.code(actor, cell), cell))
    answers = [
        Answered(Step(actor, state, target), concept.sanction(model, actor, state, target)) for target in targets
    ]
    unpunished = [answer for answer in answers if answer.sanction is None]
    punished = [answer for answer in answers if answer.sanction is not None]
    return Verdict(concept.id, actor, state, not unpunished, (*unpunished, *punished))


def why(model: Model, state: int, concepts: tuple[Concept, ...] = CONCEPTS) -> tuple[Verdict, ...]:
    """Judge one state for every actor by every concept, concepts outermost."""
    return tuple(verdict(model, concept, actor, state) for concept in concepts for actor in range(len(model.actors)))
