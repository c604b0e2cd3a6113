"""The reasons of a verdict: the improvement that breaks a state, or the answer to each improvement."""

from __future__ import annotations

from backchannel.analyses.stability.concept import Answered, Concept, Verdict, best_first, sorted_verdict
from backchannel.analyses.stability.gmr import gmr
from backchannel.analyses.stability.limited import limited
from backchannel.analyses.stability.nash import nash
from backchannel.analyses.stability.non_myopic import non_myopic
from backchannel.analyses.stability.seq import seq
from backchannel.analyses.stability.sequence import Step
from backchannel.analyses.stability.sim import Simultaneity, sim
from backchannel.analyses.stability.smr import smr
from backchannel.model.model import Model
from backchannel.numerics.anticipation import Rule, Ties

__all__ = ["CONCEPTS", "EXTRA", "Answered", "Verdict", "choose", "verdict", "why"]

CONCEPTS: tuple[Concept, ...] = (nash, gmr, smr, seq)
"""The four classical concepts in the order every table shows them."""

EXTRA: tuple[str, ...] = ("sim", "limited", "non_myopic")
"""Ids of the concepts that are judged only when asked for."""


def choose(
    ids: tuple[str, ...],
    *,
    horizon: int = 4,
    reading: Rule = "worst",
    ties: Ties = "first",
    simultaneity: Simultaneity = "improvers",
) -> tuple[Concept, ...]:
    """Return concepts by their ids, those with several readings in the reading asked for."""
    made = {concept.id: concept for concept in CONCEPTS} | {
        "sim": sim(simultaneity),
        "limited": limited(horizon, reading, ties),
        "non_myopic": non_myopic(reading, ties),
    }
    return tuple(made[name] for name in ids)


def verdict(model: Model, concept: Concept, actor: int, state: int) -> Verdict:
    """Judge one state for one actor by one concept, from the definitions.

    Cost: one breadth-first walk over the opponents' moves for each improvement, ended at the first sanction; for
    concepts that look a number of moves ahead, one backward induction over all states, kept for the next question.
    """
    if concept.judge is not None:
        return concept.judge(model, actor, state)
    answers = [
        Answered(Step(actor, state, target), concept.sanction(model, actor, state, target))
        for target in best_first(model, actor, state)
    ]
    return sorted_verdict(concept.id, actor, state, answers)


def why(model: Model, state: int, concepts: tuple[Concept, ...] = CONCEPTS) -> tuple[Verdict, ...]:
    """Judge one state for every actor by every concept, concepts outermost."""
    return tuple(verdict(model, concept, actor, state) for concept in concepts for actor in range(len(model.actors)))
