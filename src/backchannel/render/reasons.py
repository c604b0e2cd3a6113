"""Why an outcome holds or breaks, once for each actor: what several concepts say alike is said once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.stability.explain import explain
from backchannel.analyses.stability.why import CONCEPTS, verdict
from backchannel.model.model import Model


@dataclass(frozen=True)
class Reason:
    """One sentence about one actor.

    Parameters
    ----------
    concepts
        Ids of the concepts it speaks for, in the order of every table.
    stable
        Whether the actor stays, by these concepts.
    every
        Whether these are all the concepts.
    text
        The sentence.
    """

    concepts: tuple[str, ...]
    stable: bool
    every: bool
    text: str


@dataclass(frozen=True)
class ActorReasons:
    """Everything to say of one actor in one outcome."""

    actor: str
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Reasons:
    """Why an outcome holds or breaks: actors with something to say, and the names of the others."""

    actors: tuple[ActorReasons, ...]
    idle: tuple[str, ...]


_SPEAKS_FOR: dict[bool, dict[str, tuple[str, ...]]] = {
    False: {"nash": ("seq", "smr", "gmr"), "seq": ("gmr",), "smr": ("gmr",)},
    True: {"gmr": ("smr",)},
}
"""Per verdict and concept: whose proof serves it too. An improvement that no move at all can answer breaks a state
by every concept; a sanction that cannot be escaped is also a sanction (Fang, Hipel and Kilgour, 1993)."""


def reasons(model: Model, state: int, stable: NDArray[np.bool_]) -> Reasons:
    """Say why one state is or is not stable, for each actor.

    Parameters
    ----------
    model, state
        The model and a cell.
    stable
        Bool, shape (concepts, actors): the verdicts already known, so that only the proofs shown are looked for.

    Cost: for each actor who leaves or is held back, one walk over the opponents' moves for each proof and improvement.
    """
    told, idle = [], []
    for k, actor in enumerate(model.actors):
        verdicts = {concept.id: bool(stable[row, k]) for row, concept in enumerate(CONCEPTS)}
        name = model.actor_name(actor)
        if verdicts["nash"]:
            idle.append(name)
        else:
            told.append(ActorReasons(actor, name, _grouped(model, k, state, verdicts)))
    return Reasons(tuple(told), tuple(idle))


def _grouped(model: Model, actor: int, state: int, verdicts: dict[str, bool]) -> tuple[Reason, ...]:
    """Give each concept the sentence of the strongest proof that covers it, and join those with the same."""
    spoken: dict[str, list[str]] = {}
    for concept in verdicts:
        spoken.setdefault(_proof(verdicts, concept), []).append(concept)
    by_id = {concept.id: concept for concept in CONCEPTS}
    return tuple(
        Reason(
            concepts=tuple(concepts),
            stable=verdicts[proof],
            every=len(concepts) == len(CONCEPTS),
            text=explain(model, verdict(model, by_id[proof], actor, state)),
        )
        for proof, concepts in spoken.items()
    )


def _proof(verdicts: dict[str, bool], concept: str) -> str:
    stable = verdicts[concept]
    stronger = [other for other in _SPEAKS_FOR[stable].get(concept, ()) if verdicts[other] == stable]
    return _proof(verdicts, stronger[0]) if stronger else concept
