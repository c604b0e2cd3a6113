"""Verdicts in plain words: who could do what, who would answer, and what that leaves."""

from __future__ import annotations

from backchannel.analyses.stability.concept import Concept
from backchannel.analyses.stability.sequence import Step
from backchannel.analyses.stability.why import CONCEPTS, Answered, Verdict, choose, verdict
from backchannel.model.model import Model
from backchannel.model.words import move_in_words, state_label
from backchannel.numerics.number_format import count, number, signed
from backchannel.results.provenance import Provenance

_LOOKING_AHEAD = ("limited", "non_myopic")
_SHOWN_MOVES = 6
"""Moves of an anticipated line that are told one by one."""


def explain(model: Model, verdict: Verdict) -> str:
    """Say in words why a state is or is not stable for one actor by one concept."""
    actor = model.actor_name(model.actors[verdict.actor])
    if not verdict.answers:
        return f"{actor} has no move to anything it prefers."
    if verdict.concept in _LOOKING_AHEAD:
        return _anticipated(model, verdict, actor)
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
    sentence = f"{actor} could {move_in_words(model, step.origin, step.target, step.actor)}{_gain(model, step)}"
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
    if concept == "sim":
        return "nothing that others might do at the same moment would take the gain away"
    return "no answer could take the gain away"


def _gain(model: Model, step: Step) -> str:
    if model.utilities[step.actor].scale == "ordinal":
        return ", which it prefers"
    gain = model.points(step.actor, step.target) - model.points(step.actor, step.origin)
    return f" ({signed(gain)} for it)"


def _answered(model: Model, answered: Answered, verdict: Verdict, actor: str) -> str:
    improvement = answered.improvement
    assert answered.sanction is not None
    move = move_in_words(model, improvement.origin, improvement.target, improvement.actor)
    sentence = f"{actor} could {move}{_gain(model, improvement)}; "
    if verdict.concept == "sim":
        sentence += "at the same moment " + " and ".join(steps_in_words(model, answered.sanction, "might"))
        return sentence + f"; together that leaves {actor} {_outcome(model, verdict, answered.end)}."
    verb = "would" if verdict.concept == "seq" else "could"
    sentence += "; then ".join(steps_in_words(model, answered.sanction, verb))
    return sentence + f"; that leaves {actor} {_outcome(model, verdict, answered.sanction[-1].target)}."


def _anticipated(model: Model, verdict: Verdict, actor: str) -> str:
    """Tell the line of play the actor anticipates after its best move, or after its most tempting one."""
    first, *others = verdict.answers
    step = first.improvement
    ahead = f"Looking {count(verdict.horizon, 'move')} ahead, " if verdict.concept == "non_myopic" else ""
    move = move_in_words(model, step.origin, step.target, step.actor)
    sentence = f"{ahead}{actor} {'could' if verdict.stable else 'would'} {move}{_change_for(model, step)}"
    for told in steps_in_words(model, first.line[:_SHOWN_MOVES], "would then"):
        sentence += f"; {told}"
    if len(first.line) > _SHOWN_MOVES:
        sentence += f"; {count(len(first.line) - _SHOWN_MOVES, 'more move')} would follow"
    sentence += ", and there it would end" if first.line else "; nobody would answer"
    sentence += f", which leaves {actor} {_outcome(model, verdict, first.end)}."
    if verdict.stable and others:
        sentence += f" Its other {count(len(others), 'improvement')} would end no better."
    return sentence


def _change_for(model: Model, step: Step) -> str:
    """Say what a move brings its mover at once, gain or loss."""
    if model.utilities[step.actor].scale == "cardinal":
        return f" ({signed(model.points(step.actor, step.target) - model.points(step.actor, step.origin))} for it)"
    change = model.code(step.actor, step.target) - model.code(step.actor, step.origin)
    if change > 0:
        return ", which it prefers"
    return ", at first no better for it" if change == 0 else ", at first worse for it"


def steps_in_words(model: Model, steps: tuple[Step, ...], verb: str) -> list[str]:
    """Say each step with its mover: "Russia would end military support for Maduro"."""
    told = []
    for step in steps:
        mover = model.actor_name(model.actors[step.actor])
        told.append(f"{mover} {verb} {move_in_words(model, step.origin, step.target, step.actor)}")
    return told


def _outcome(model: Model, verdict: Verdict, end: int) -> str:
    change = model.code(verdict.actor, end) - model.code(verdict.actor, verdict.state)
    words = "no better off" if change == 0 else "worse off" if change < 0 else "better off"
    words += " than before"
    if model.utilities[verdict.actor].scale == "cardinal":
        before, after = model.points(verdict.actor, verdict.state), model.points(verdict.actor, end)
        words += f" ({number(after)} against {number(before)})"
    if verdict.concept == "smr":
        words += ", with no way out"
    return words


def concept_name(concept: str) -> str:
    """Return the full name of a concept by its id."""
    return choose((concept,))[0].name


def why_lines(
    model: Model, state: int, concepts: tuple[Concept, ...] = CONCEPTS
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Say why a state is or is not stable: one heading a concept, one line an actor with something to say.

    Actors without an improvement are named together.
    """
    found = []
    for concept in concepts:
        verdicts = [verdict(model, concept, actor, state) for actor in range(len(model.actors))]
        broken = [item for item in verdicts if not item.stable]
        answered = [item for item in verdicts if item.stable and item.answers]
        idle = [model.actor_name(model.actors[item.actor]) for item in verdicts if not item.answers]
        lines = [explain(model, item) for item in (*broken, *answered)]
        if idle:
            verb = "has" if len(idle) == 1 else "have"
            lines.append(f"{', '.join(idle)} {verb} no move to anything better.")
        holds = "not stable" if broken else "stable"
        found.append((f"{concept.name} ({concept.id}): {state_label(model, state)} is {holds}", tuple(lines)))
    return tuple(found)


def why_document(
    model: Model, state: int, provenance: Provenance, concepts: tuple[Concept, ...] = CONCEPTS
) -> dict[str, object]:
    """Return the document ``stability --why --json`` prints: every verdict with its witness."""
    entries = []
    for concept in concepts:
        for actor in range(len(model.actors)):
            item = verdict(model, concept, actor, state)
            entry: dict[str, object] = {"concept": concept.id, "actor": model.actors[actor], "stable": item.stable}
            if item.horizon:
                entry["horizon"] = item.horizon
            entry["improvements"] = [_answer_document(model, answer, concept.id) for answer in item.answers]
            entry["text"] = explain(model, item)
            entries.append(entry)
    return {
        "format": 1,
        "crisis": provenance.crisis,
        "state": model.space.literal(state),
        "label": state_label(model, state),
        "verdicts": entries,
        "provenance": provenance.to_json(),
    }


def _answer_document(model: Model, answered: Answered, concept: str) -> dict[str, object]:
    sanction = answered.sanction
    found: dict[str, object] = {
        "to": model.space.literal(answered.improvement.target),
        "sanction": None if sanction is None else [step_document(model, step) for step in sanction],
    }
    if concept in _LOOKING_AHEAD:
        found["line"] = [step_document(model, step) for step in answered.line]
        found["end"] = model.space.literal(answered.end)
    elif answered.joint is not None:
        found["end"] = model.space.literal(answered.joint)
    return found


def step_document(model: Model, step: Step) -> dict[str, str]:
    """Return one move as JSON: who, from where, to where."""
    return {
        "actor": model.actors[step.actor],
        "from": model.space.literal(step.origin),
        "to": model.space.literal(step.target),
    }
