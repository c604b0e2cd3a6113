"""Strong and weak verdicts on one state, each with the sanction of every improvement, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.stability.concept import Answered, best_first, sorted_verdict
from backchannel.analyses.stability.explain import explain, step_document, steps_in_words
from backchannel.analyses.stability.sequence import Step, opponents, shortest_sequence
from backchannel.model.model import Model
from backchannel.model.strength import has_strength
from backchannel.model.words import move_in_words
from backchannel.numerics.number_format import count, number, signed

LEVELS = ("not stable", "weakly stable", "strongly stable")
"""In words, from an unanswered improvement to sanctions that hurt much."""

IDS = ("nash", "gmr", "smr", "seq")

Codes = NDArray[np.int32]


@dataclass(frozen=True)
class StrengthAnswer:
    """One improvement and its hardest kind of sanction.

    Parameters
    ----------
    to
        Literal of the state improved to.
    strong
        Whether the sanction leaves the actor much worse off.
    sanction
        The opponents' shortest sequence that does so, each step as (actor, from, to); None if there is no sanction.
    """

    to: str
    strong: bool
    sanction: tuple[tuple[str, str, str], ...] | None


@dataclass(frozen=True)
class StrengthVerdict:
    """Whether the state is stable for one actor by one concept, how strongly, and why.

    ``level`` is "strong", "weak" or "not"; for Nash, which knows no sanction, "yes" or "not".
    """

    concept: str
    actor: str
    level: str
    answers: tuple[StrengthAnswer, ...]
    text: str

    def to_json(self) -> dict[str, object]:
        """Return what ``strength --json`` prints of it."""
        return {
            "concept": self.concept,
            "actor": self.actor,
            "stable": self.level,
            "improvements": [
                {
                    "to": answer.to,
                    "strong": answer.strong,
                    "sanction": None
                    if answer.sanction is None
                    else [{"actor": who, "from": origin, "to": target} for who, origin, target in answer.sanction],
                }
                for answer in self.answers
            ],
            "text": self.text,
        }


@dataclass(frozen=True)
class _Reply:
    improvement: Step
    sanction: tuple[Step, ...] | None
    strong: bool


def judge(
    model: Model, state: int, cells: NDArray[np.int64], worst: NDArray[np.int32], floors: NDArray[np.int32]
) -> tuple[StrengthVerdict, ...]:
    """Judge one state for every actor by every concept, concepts outermost.

    Parameters
    ----------
    model, state
        The model and the cell.
    cells
        The cell of each state of the arrays, ascending.
    worst
        int32, shape (3, actors, states): the worst an answer leaves of each move (GMR, SMR, SEQ).
    floors
        int32, shape (actors, states): the greatest code much worse than each state.

    Notes
    -----
    One breadth-first search for each improvement that has a sanction, ended at the first.
    """
    here = int(np.searchsorted(cells, state))
    found = []
    for k, concept in enumerate(IDS):
        for actor in range(len(model.actors)):
            replies = []
            for target in best_first(model, actor, state):
                step = Step(actor, state, target)
                least = int(worst[k - 1, actor, np.searchsorted(cells, target)]) if k else None
                replies.append(_reply(model, concept, step, least, int(floors[actor, here])))
            found.append(_verdict(model, concept, actor, state, replies))
    return tuple(found)


def _reply(model: Model, concept: str, step: Step, least: int | None, floor: int) -> _Reply:
    """Find the sanction known to exist: one that hurts much if the worst answer does."""
    limit = model.code(step.actor, step.origin)
    if least is None or least > limit:
        return _Reply(step, None, strong=False)
    strong = least <= floor
    accept = _accepts(model, concept, step.actor, floor if strong else limit)
    others = opponents(model, step.actor)
    sanction = shortest_sequence(model, step.target, others, accept, improving=concept == "seq")
    return _Reply(step, sanction, strong)


def _accepts(model: Model, concept: str, actor: int, limit: int) -> Callable[[int], bool]:
    def accept(end: int) -> bool:
        if model.code(actor, end) > limit:
            return False
        return concept != "smr" or not (model.game.utilities[actor][model.moves(actor, end)] > limit).any()

    return accept


def _verdict(model: Model, concept: str, actor: int, state: int, replies: list[_Reply]) -> StrengthVerdict:
    unanswered = any(reply.sanction is None for reply in replies)
    weak = [reply for reply in replies if not reply.strong]
    if concept == "nash":
        level = "not" if replies else "yes"
    else:
        level = "not" if unanswered else "weak" if weak else "strong"
    if unanswered or not replies:
        answered = [Answered(reply.improvement, reply.sanction) for reply in replies]
        text = explain(model, sorted_verdict(concept, actor, state, answered))
    else:
        text = _answered(model, concept, (weak or replies)[0], len(replies) - 1)
    answers = tuple(_answer(model, reply) for reply in replies)
    return StrengthVerdict(concept, model.actors[actor], level, answers, text)


def _answer(model: Model, reply: _Reply) -> StrengthAnswer:
    steps = None
    if reply.sanction is not None:
        told = [step_document(model, step) for step in reply.sanction]
        steps = tuple((step["actor"], step["from"], step["to"]) for step in told)
    return StrengthAnswer(model.space.literal(reply.improvement.target), reply.strong, steps)


def _answered(model: Model, concept: str, reply: _Reply, others: int) -> str:
    """Tell one improvement and its sanction: the hardest there is, or one that does not hurt much."""
    step, sanction = reply.improvement, reply.sanction
    assert sanction is not None
    actor = model.actor_name(model.actors[step.actor])
    sentence = f"{actor} could {move_in_words(model, step.origin, step.target, step.actor)}{_gain(model, step)}; "
    sentence += "; then ".join(steps_in_words(model, sanction, "would" if concept == "seq" else "could"))
    sentence += f"; that leaves {actor} {_left(model, step, sanction[-1].target, strong=reply.strong)}"
    if concept == "smr":
        sentence += ", with no way out"
    if not reply.strong and has_strength(model, model.actors[step.actor]):
        sentence += ", and no answer would leave it much worse off"
    elif not reply.strong:
        sentence += "; the file does not say what is much worse for it"
    sentence += "."
    if others:
        able = "can be answered as hard" if reply.strong else "can be answered too"
        sentence += f" Its other {count(others, 'improvement')} {able}."
    return sentence


def _gain(model: Model, step: Step) -> str:
    if model.utilities[step.actor].scale == "ordinal":
        return ", which it prefers"
    return f" ({signed(model.points(step.actor, step.target) - model.points(step.actor, step.origin))} for it)"


def _left(model: Model, step: Step, end: int, *, strong: bool) -> str:
    same = model.code(step.actor, end) == model.code(step.actor, step.origin)
    words = f"{'much worse' if strong else 'no better' if same else 'worse'} off than before"
    if model.utilities[step.actor].scale == "cardinal":
        before, after = model.points(step.actor, step.origin), model.points(step.actor, end)
        words += f" ({number(after)} against {number(before)})"
    return words
