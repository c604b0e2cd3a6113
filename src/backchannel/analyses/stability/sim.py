"""Simultaneous sanctioning: an improvement is deterred if opponents might improve at the same moment, to its cost."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from typing import Literal

import numpy as np

from backchannel.analyses.stability.concept import Answered, Concept, Verdict, best_first, sorted_verdict
from backchannel.analyses.stability.seq import seq
from backchannel.analyses.stability.sequence import Step, opponents
from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.numerics.game import ArcGame, Bools, OptionGame
from backchannel.numerics.simultaneous import simultaneously_stable
from backchannel.numerics.stability import all_stable

Simultaneity = Literal["improvers", "unstable"]

READINGS: dict[str, str] = {
    "improvers": "any opponents who can improve from the state may take part",
    "unstable": "only opponents for whom the state is not sequentially stable take part",
}
"""Who takes part in an answer, by the name of the reading."""


def sim(simultaneity: Simultaneity = "improvers") -> Concept:
    """Return simultaneous sanctioning in one of its readings."""

    def sanction(model: Model, actor: int, state: int, improvement: int) -> tuple[Step, ...] | None:
        return answer(model, actor, state, improvement, simultaneity)[0]

    def judge(model: Model, actor: int, state: int) -> Verdict:
        answers = []
        for target in best_first(model, actor, state):
            steps, joint = answer(model, actor, state, target, simultaneity)
            answers.append(Answered(Step(actor, state, target), steps, joint))
        return sorted_verdict("sim", actor, state, answers)

    return Concept(
        id="sim",
        name="Simultaneous sanctioning",
        definition="every improvement of the actor, put together with improvements opponents might make from the same "
        f"state at the same moment, can end in a state it likes no better; {READINGS[simultaneity]}",
        foresight="others moving at the same moment",
        source="Fraser and Hipel 1979, 1984",
        sanction=sanction,
        judge=judge,
        title="SIM",
    )


def stable(model: Model, simultaneity: Simultaneity, progress: Callable[[int, int], None]) -> Bools:
    """Return for whom each possible state is stable by simultaneous sanctioning, shape (actors, possible states).

    Cost: see :func:`backchannel.numerics.simultaneous.simultaneously_stable`.

    Raises
    ------
    NotSupportedError
        Where moves made at the same moment cannot be put together: general graphs and merged states.
    """
    game = box(model)
    taking_part = None if simultaneity == "improvers" else ~all_stable(game, ("seq",))["seq"]
    return simultaneously_stable(game, taking_part, progress)[:, model.space.cells]


def box(model: Model) -> OptionGame:
    """Return the game in option form. Raises NotSupportedError if there is none."""
    if isinstance(model.game, ArcGame):
        kind = "states listed by name" if model.space.is_general_graph else "merged states"
        raise NotSupportedError(
            f"simultaneous sanctioning puts moves together option by option, and in a file with {kind} moves have no "
            "options to put together; ask for other concepts, such as --concepts nash,seq,limited"
        )
    return model.game


def answer(
    model: Model, actor: int, state: int, improvement: int, simultaneity: Simultaneity
) -> tuple[tuple[Step, ...] | None, int | None]:
    """Return the smallest simultaneous answer that takes the gain away, and where all moves together lead.

    Both are None if there is none. Groups of opponents are tried from small to large, in file order, and each
    opponent's improvements from the most profitable down.

    Cost: every combination of improvements, at worst.
    """
    game = box(model)
    limit = model.code(actor, state)
    ways = {
        other: best_first(model, other, state)
        for other in opponents(model, actor)
        if simultaneity == "improvers" or not _sequentially_stable(model, other, state)
    }
    able = [other for other, targets in ways.items() if targets]
    for size in range(1, len(able) + 1):
        for group in combinations(able, size):
            for targets in product(*(ways[other] for other in group)):
                joint = improvement + int(np.sum(targets)) - size * state
                possible = game.feasible is None or bool(game.feasible[joint])
                if possible and model.code(actor, joint) <= limit:
                    steps = tuple(Step(other, state, target) for other, target in zip(group, targets, strict=True))
                    return steps, joint
    return None, None


def _sequentially_stable(model: Model, actor: int, state: int) -> bool:
    improvements = model.improvements(actor, state).tolist()
    return all(seq.sanction(model, actor, state, target) is not None for target in improvements)
