"""Verdicts on coalitions with their reasons: the joint move that breaks a state, or the answer that holds it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.stability.explain import steps_in_words
from backchannel.analyses.stability.listing import Listed
from backchannel.analyses.stability.sequence import Step
from backchannel.model.model import Model
from backchannel.model.words import state_label
from backchannel.numerics.coalition_moves import Joint
from backchannel.numerics.coalition_stability import Coalition
from backchannel.numerics.concepts import Concept
from backchannel.numerics.number_format import count, number, signed


@dataclass(frozen=True)
class JointVerdict:
    """One state for one coalition by one concept, with its proof. States are literals, actors ids.

    Parameters
    ----------
    coalition
        Members, in file order.
    concept, state, label
        Which concept, which state, and what a reader calls the state.
    stable
        Whether the coalition stays.
    improvements, unanswered
        Number of states the coalition can reach and every member prefers, and how many of them have no answer.
    target, target_label
        One of these: unanswered if there is such a one; the least gain among members, counted in ranks, is
        greatest. Empty without any.
    steps
        Shortest sequence of moves of members that leads there: (actor, state left, state entered).
    gains
        Per member, what it gains: points, or steps in its ranking where only the order counts.
    answer
        The opponents' shortest answer, for a stable state with an improvement; else empty.
    loser
        A member whose gain the answer takes away; empty without an answer.
    move
        The joint move in words, with what each member gains.
    text
        The verdict in words.
    """

    coalition: tuple[str, ...]
    concept: str
    state: str
    label: str
    stable: bool
    improvements: int
    unanswered: int
    target: str
    target_label: str
    steps: tuple[tuple[str, str, str], ...]
    gains: tuple[float, ...]
    answer: tuple[tuple[str, str, str], ...]
    loser: str
    move: str
    text: str


@dataclass(frozen=True)
class _Proof:
    """What the words tell; states are cells."""

    concept: Concept
    members: tuple[int, ...]
    state: int
    improvements: int
    unanswered: int
    steps: tuple[Step, ...] = ()
    answer: tuple[Step, ...] = ()


def judge(
    model: Model, moves: Listed, coalition: Coalition, state: int, concepts: tuple[Concept, ...]
) -> tuple[JointVerdict, ...]:
    """Judge a state (its number in ``moves``) by several concepts.

    O(moves of the members) for the improvements, and O(moves of the opponents) for each answer.
    """
    improvements = coalition.improvements(state)
    return tuple(_told(model, _proof(moves, coalition, state, concept, improvements)) for concept in concepts)


def _proof(moves: Listed, coalition: Coalition, state: int, concept: Concept, improvements: NDArray[np.intp]) -> _Proof:
    members, cell = coalition.members, int(moves.cells[state])
    if not improvements.size:
        return _Proof(concept, members, cell, 0, 0)
    unanswered = improvements[coalition.unanswered(concept, state, improvements)]
    shown = _fairest(coalition, unanswered if unanswered.size else improvements)
    steps = coalition.own.shortest(state, shown)
    assert steps is not None
    answer: tuple[Joint, ...] = ()
    if not unanswered.size:
        accepted = coalition.sanctions(concept, state)
        found = coalition.opponents.shortest(steps[-1][2], accepted, improving=concept == "seq")
        assert found is not None
        answer = found
    return _Proof(
        concept, members, cell, improvements.size, unanswered.size, _cells(moves, steps), _cells(moves, answer)
    )


def _cells(moves: Listed, steps: tuple[Joint, ...]) -> tuple[Step, ...]:
    return tuple(Step(actor, int(moves.cells[left]), int(moves.cells[entered])) for actor, left, entered in steps)


def _fairest(coalition: Coalition, states: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Mark the states whose least rank among members is greatest, then the sum of ranks; the order alone counts."""
    ranks = np.stack([np.unique(own[states], return_inverse=True)[1] for own in coalition.utility])
    least, total = ranks.min(axis=0), ranks.sum(axis=0)
    best = least == least.max()
    best &= total == total[best].max()
    marked = np.zeros(coalition.utility.shape[1], dtype=np.bool_)
    marked[states[best]] = True
    return marked


def _told(model: Model, proof: _Proof) -> JointVerdict:
    target = proof.steps[-1].target if proof.steps else None
    loser = _loser(model, proof)
    return JointVerdict(
        coalition=tuple(model.actors[member] for member in proof.members),
        concept=proof.concept,
        state=model.space.literal(proof.state),
        label=state_label(model, proof.state),
        stable=not proof.unanswered,
        improvements=proof.improvements,
        unanswered=proof.unanswered,
        target="" if target is None else model.space.literal(target),
        target_label="" if target is None else state_label(model, target),
        steps=_named(model, proof.steps),
        gains=() if target is None else tuple(_gain(model, member, proof.state, target) for member in proof.members),
        answer=_named(model, proof.answer),
        loser="" if loser is None else model.actors[loser],
        move="" if target is None else _move(model, proof),
        text=explain(model, proof),
    )


def _named(model: Model, steps: tuple[Step, ...]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (model.actors[step.actor], model.space.literal(step.origin), model.space.literal(step.target)) for step in steps
    )


def _gain(model: Model, member: int, before: int, after: int) -> float:
    return model.points(member, after) - model.points(member, before)


def _loser(model: Model, proof: _Proof) -> int | None:
    """Return the member the answer leaves worse off than before, else one it leaves no better off."""
    if not proof.answer:
        return None
    end = proof.answer[-1].target
    change = {member: model.code(member, end) - model.code(member, proof.state) for member in proof.members}
    worse = [member for member in proof.members if change[member] < 0]
    return (worse or [member for member in proof.members if change[member] == 0])[0]


def names(model: Model, actors: tuple[int, ...]) -> str:
    """Name a coalition: "United States and Russia"."""
    words = [model.actor_name(model.actors[actor]) for actor in actors]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def explain(model: Model, proof: _Proof) -> str:
    """Say in words why a state is or is not stable for a coalition by one concept."""
    who = names(model, proof.members)
    if not proof.improvements:
        if len(proof.members) == 1:
            return f"{who} has no move to anything it prefers."
        return f"{who} have no joint move to anything they all prefer."
    sentence = _joint_move(model, proof, who)
    if proof.unanswered:
        sentence += "" if proof.concept == "nash" else f", and {_no_answer(proof)}"
        if proof.unanswered > 1:
            others = count(proof.unanswered - 1, "other improvement")
            sentence += f"; {others} {'is' if proof.unanswered == 2 else 'are'} open too"
        return sentence + "."
    sentence += "; " + "; then ".join(
        steps_in_words(model, proof.answer, "would" if proof.concept == "seq" else "could")
    )
    sentence += f"; that leaves {_end(model, proof)}."
    if proof.improvements > 1:
        others = count(proof.improvements - 1, "improvement")
        sentence += f" {'Its' if len(proof.members) == 1 else 'Their'} other {others} can be answered too."
    return sentence


def _joint_move(model: Model, proof: _Proof, who: str) -> str:
    together = "" if len(proof.members) == 1 else "together "
    origin, target = state_label(model, proof.state), state_label(model, proof.steps[-1].target)
    return f"{who} could {together}leave {origin} for {target}: {_move(model, proof)}"


def _move(model: Model, proof: _Proof) -> str:
    said = "; then ".join(steps_in_words(model, proof.steps, "would"))
    return said + gains_in_words(model, proof.members, proof.state, proof.steps[-1].target)


def gains_in_words(model: Model, members: tuple[int, ...], before: int, after: int) -> str:
    """Say what each member gains, in points where its points mean something: " (+3 for Russia), which X prefers"."""
    told = [
        f"{signed(_gain(model, member, before, after))} for {model.actor_name(model.actors[member])}"
        for member in members
        if model.utilities[member].scale == "cardinal"
    ]
    silent = tuple(member for member in members if model.utilities[member].scale == "ordinal")
    if not silent:
        return f" ({', '.join(told)})"
    who = names(model, silent) if told else ("it", "both")[len(silent) - 1] if len(silent) < 3 else "all of them"
    words = f" ({', '.join(told)})" if told else ""
    return f"{words}, which {who} {'prefers' if len(silent) == 1 else 'prefer'}"


def _no_answer(proof: _Proof) -> str:
    gain = "the gain" if len(proof.members) == 1 else "a member's gain"
    if proof.concept == "seq":
        return f"nobody would answer in a way that takes {gain} away"
    if proof.concept == "smr":
        return "no answer holds it down" if len(proof.members) == 1 else "no answer holds a member down"
    return f"no answer could take {gain} away"


def _end(model: Model, proof: _Proof) -> str:
    """Say what the answer leaves the loser, against what it had."""
    loser, end = _loser(model, proof), proof.answer[-1].target
    assert loser is not None
    same = model.code(loser, end) == model.code(loser, proof.state)
    words = f"{model.actor_name(model.actors[loser])} {'no better off' if same else 'worse off'} than before"
    if model.utilities[loser].scale == "cardinal":
        words += f" ({number(model.points(loser, end))} against {number(model.points(loser, proof.state))})"
    if proof.concept == "smr":
        words += ", with no way out together" if len(proof.members) > 1 else ", with no way out"
    return words
