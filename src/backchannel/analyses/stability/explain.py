"""Verdicts in plain words: who could do what, who would answer, and what that leaves."""

from __future__ import annotations

from backchannel.analyses.stability.sequence import Step
from backchannel.analyses.stability.why import CONCEPTS, Answered, Verdict
from backchannel.model.model import Model
from backchannel.model.words import move_in_words
from backchannel.numerics.number_format import count, number, signed

_NAME = {concept.id: concept.name for concept in CONCEPTS}


def explain(model: Model, verdict: Verdict) -> str:
    """Say in words why a state is or is not stable for one actor by one concept."""
    actor = model.actor_name(model.actors[verdict.actor])
    if not verdict.answers:
        return f"{actor} has no move to anything it prefers."
    if not verdict.stable:
        return _broken(model, verdict, actor)
    first, *others = verdict.answers
    sentence = _answered(model, first, verdict, actor)
    if others:
        sentence += f" Its other {count(len(others), 'improvement')} can be answered too."
    return sentence


def _broken(model: Model, verdict: Verdict, actor: str) -> str:
    open_ones = [answer.improvement for answer in verdict.answers if answer.sanction is None]
    step = open_ones[0]
    sentence = f"{actor} could {move_in_words(model, step.origin, step.target)}{_gain(model, step)}"
    if verdict.concept != "nash":
        sentence += f", and {_no_answer(verdict.concept)}"
    if len(open_ones) > 1:
        others = count(len(open_ones) - 1, "other improvement")
        sentence += f"; {others} {'is' if len(open_ones) == 2 else 'are'} open too"
    return sentence + "."


def _no_answer(concept: str) -> str:
    if concept == "seq":
        return "nobody would answer in a way that takes the gain away"
    if concept == "smr":
        return "no answer holds it down"
    return "no answer could take the gain away"


def _gain(model: Model, step: Step) -> str:
    if model.utilities[step.actor].scale == "ordinal":
        return ", which it prefers"
    gain = model.points(step.actor, step.target) - model.points(step.actor, step.origin)
    return f" ({signed(gain)} for it)"


def _answered(model: Model, answered: Answered, verdict: Verdict, actor: str) -> str:
    improvement = answered.improvement
    assert answered.sanction is not None
    sentence = f"{actor} could {move_in_words(model, improvement.origin, improvement.target)}{_gain(model, improvement)}; "
    sentence += "; then ".join(steps_in_words(model, answered.sanction, "would" if verdict.concept == "seq" else "could"))
    return sentence + f"; that leaves {actor} {_outcome(model, verdict, answered.sanction[-1].target)}."


def steps_in_words(model: Model, steps: tuple[Step, ...], verb: str) -> list[str]:
    """Say each step with its mover: "Russia would end military support for Maduro"."""
    return [f"{model.actor_name(model.actors[step.actor])} {verb} {move_in_words(model, step.origin, step.target)}" for step in steps]


def _outcome(model: Model, verdict: Verdict, end: int) -> str:
    same = model.code(verdict.actor, end) == model.code(verdict.actor, verdict.state)
    words = "no better off than before" if same else "worse off than before"
    if model.utilities[verdict.actor].scale == "cardinal":
        before, after = model.points(verdict.actor, verdict.state), model.points(verdict.actor, end)
        words += f" ({number(after)} against {number(before)})"
    if verdict.concept == "smr":
        words += ", with no way out"
    return words


def concept_name(concept: str) -> str:
    """Return the full name of a concept by its id."""
    return _NAME[concept]
