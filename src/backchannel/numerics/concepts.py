"""The four concepts, each as one closure, one maximum over own moves and one comparison.

For actor i let w(q) be the least value of f over q and all states the opponents can reach from q. Then

* Nash: f = u_i and the opponents do not move;
* GMR: f = u_i over the opponents' moves;
* SMR: f(k) = the best i can have from k, itself or one move away, over the opponents' moves;
* SEQ: f = u_i over the opponents' improvements,

and state s is stable for i exactly when min(u_i(q), w(q)) <= u_i(s) for every q in R_i(s). *Proof.* An
improvement q goes unsanctioned when u_i(q) > u_i(s) and f > u_i(s) on all that is reached from q; since
f(q) >= u_i(q), adding q to that set changes nothing. This holds for any moves, transitive or not.

Definitions: Fang, Hipel and Kilgour (1993), *Interactive Decision Making*, ch. 3; Fraser and Hipel (1984),
*Conflict Analysis*; Howard (1971), *Paradoxes of Rationality*, for GMR and SMR.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal, Protocol

import numpy as np

from .game import Bools, Ints

Concept = Literal["nash", "gmr", "smr", "seq"]
CONCEPTS: tuple[Concept, ...] = ("nash", "gmr", "smr", "seq")


class Relation(Protocol):
    """The moves of a game, as the two reductions over them that the concepts need.

    Values at infeasible states are ignored on the way in and meaningless on the way out.
    """

    def best_own(self, actor: int, values: Ints) -> Ints:
        """Return, per state, the greatest value among the state and the actor's one-step moves from it."""
        ...

    def worst_answer(self, actor: int, values: Ints, *, improving: bool) -> Ints:
        """Return, per state, the least value among it and all that the actor's opponents reach from it.

        No opponent moves twice in succession; with ``improving`` each step is an improvement for its mover.
        """
        ...


class ActorVerdicts:
    """Stability of all states for one actor, with the work its concepts share done once.

    Parameters
    ----------
    relation
        The moves.
    actor
        Whose stability.
    utility
        int32, shape (states,), the actor's.
    """

    def __init__(self, relation: Relation, actor: int, utility: Ints) -> None:
        self._relation = relation
        self._actor = actor
        self._utility = utility

    def stable(self, concept: Concept) -> Bools:
        """Return which states are stable, meaningless at infeasible ones."""
        if concept == "nash":
            return np.asarray(self._utility >= self._best)
        if concept == "smr":
            answer = self._relation.worst_answer(self._actor, self._best, improving=False)
            np.minimum(answer, self._utility, out=answer)
        else:
            answer = self._relation.worst_answer(self._actor, self._utility, improving=concept == "seq")
        return np.asarray(self._utility >= self._relation.best_own(self._actor, answer))

    @cached_property
    def _best(self) -> Ints:
        return self._relation.best_own(self._actor, self._utility)


def check_concepts(concepts: Sequence[str]) -> None:
    """Raise ``ValueError`` for a name that is none of the four."""
    for concept in concepts:
        if concept not in CONCEPTS:
            raise ValueError(f"unknown concept {concept!r}; the concepts are {', '.join(CONCEPTS)}")
