"""What a stability concept is: its one id, its name, its definition in words, and how it punishes an improvement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backchannel.analyses.stability.sequence import Step
from backchannel.model.model import Model

Sanction = Callable[[Model, int, int, int], tuple[Step, ...] | None]
"""(model, actor, state, improvement) to the opponents' shortest punishing sequence, or None if there is none."""


@dataclass(frozen=True)
class Answered:
    """One move and the opponents' answer that takes the gain away (None: there is none).

    Parameters
    ----------
    improvement
        The move, an improvement at once or in the end.
    sanction
        The answer: a sequence of moves, or moves made at the same moment as the improvement.
    joint
        Where the improvement and moves of the same moment lead together; None for a sequence.
    line
        What is anticipated after the move by concepts that look a number of moves ahead, whoever gains from it.
    """

    improvement: Step
    sanction: tuple[Step, ...] | None
    joint: int | None = None
    line: tuple[Step, ...] = ()

    @property
    def end(self) -> int:
        """Where it ends: after the answer or the anticipated line, or at the move's own target."""
        if self.joint is not None:
            return self.joint
        steps = self.sanction or self.line
        return steps[-1].target if steps else self.improvement.target


@dataclass(frozen=True)
class Verdict:
    """Whether a state is stable for one actor by one concept, with its proof.

    A stable verdict lists every improvement with its sanction (none if the actor has no improvement); an unstable
    one lists the improvements that go unpunished first. ``horizon`` is how many moves ahead the proof looks, 0 for
    concepts without a horizon.
    """

    concept: str
    actor: int
    state: int
    stable: bool
    answers: tuple[Answered, ...]
    horizon: int = 0

    @property
    def breaking(self) -> Step | None:
        """The improvement that breaks the state, the most profitable first; None if the state is stable."""
        return next((answer.improvement for answer in self.answers if answer.sanction is None), None)


Judge = Callable[[Model, int, int], Verdict]
"""(model, actor, state) to a verdict with its proof."""


def best_first(model: Model, actor: int, state: int) -> list[int]:
    """Return the actor's improvements, the most profitable first."""
    return sorted(model.improvements(actor, state).tolist(), key=lambda cell: (-model.code(actor, cell), cell))


def sorted_verdict(concept: str, actor: int, state: int, answers: list[Answered], horizon: int = 0) -> Verdict:
    """Return the verdict that follows from the answers, those that go unpunished first."""
    unpunished = [answer for answer in answers if answer.sanction is None]
    punished = [answer for answer in answers if answer.sanction is not None]
    return Verdict(concept, actor, state, not unpunished, (*unpunished, *punished), horizon)


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
    judge
        Judges one state for one actor where that is more than a sanction for each improvement.
    title
        What stands above its column.
    """

    id: str
    name: str
    definition: str
    foresight: str
    source: str
    sanction: Sanction
    judge: Judge | None = None
    title: str = ""
