"""Limited-move stability: an actor stays if, looking a fixed number of moves ahead, no move ends anywhere better."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from backchannel.analyses.stability.concept import Answered, Concept, Verdict, sorted_verdict
from backchannel.analyses.stability.sequence import Step
from backchannel.model.model import Model
from backchannel.numerics.anticipation import Foresight, Lookahead, Rule, Ties, turn
from backchannel.numerics.game import Bools
from backchannel.numerics.number_format import count

MAXIMUM_HORIZON = 100
"""Moves ahead beyond which nobody's foresight is worth modelling; non-myopic stability asks for the limit."""

READINGS: dict[str, str] = {
    "worst": "of the opponents who would answer, a mover counts on the one whose answer ends worst for it",
    "order": "after a move the others are asked in file order, and whoever is asked moves or passes",
}
"""Who answers a move where there are more than two actors, by the name of the reading."""

TIES: dict[str, str] = {
    "first": "among ends equally good, stay if possible, else take the state first in file order",
    "last": "among ends equally good, stay if possible, else take the state last in file order",
}
"""How an actor chooses between ends it likes equally, by the name of the rule."""


def limited(horizon: int = 4, reading: Rule = "worst", ties: Ties = "first") -> Concept:
    """Return limited-move stability for one horizon, in one of its readings."""

    def judge(model: Model, actor: int, state: int) -> Verdict:
        return play(model, reading, ties).verdict("limited", actor, state, horizon)

    def sanction(model: Model, actor: int, state: int, improvement: int) -> tuple[Step, ...] | None:
        return play(model, reading, ties).sanction(actor, state, improvement, horizon)

    return Concept(
        id="limited",
        name=f"Limited-move stability, {count(horizon, 'move')} ahead, reading {reading}",
        definition=f"looking {count(horizon, 'move')} ahead, everybody doing what ends best for it, no move of the "
        f"actor ends in a state it likes better; {READINGS[reading]}; {TIES[ties]}",
        foresight=f"{count(horizon, 'move')} of its own and of others, each as good for its mover as it can be",
        source="Zagare 1984; Kilgour 1985; Fang, Hipel and Kilgour 1993",
        sanction=sanction,
        judge=judge,
        title=f"L{horizon}",
    )


def stable(model: Model, horizon: int, reading: Rule, ties: Ties, progress: Callable[[int, int], None]) -> Bools:
    """Return for whom each possible state is limited-move stable, shape (actors, possible states).

    Cost: O(horizon x moves of all actors); along fibres where nothing is final or frozen, else the moves are listed.

    Raises
    ------
    TooLargeError
        If moves have to be listed and are too many.
    """
    lookahead = Lookahead(model.game, model.space.cells, reading, ties)
    total = horizon * lookahead.actors
    progress(0, total)
    known = lookahead.start()
    done = iter(range(1, total + 1))
    for _ in range(horizon):
        known = lookahead.further(known, lambda: progress(next(done), total))
    return known.stays


@lru_cache(maxsize=2)
def play(model: Model, reading: Rule, ties: Ties) -> Play:
    """Return the anticipated play of a model, kept between questions about the same one."""
    return Play(model, reading, ties)


class Play:
    """The anticipated lines of play, for any actor, state and horizon.

    Parameters
    ----------
    model
        The model.
    reading
        Who answers a move.
    ties
        Whether the first or the last of equally good moves counts.
    """

    def __init__(self, model: Model, reading: Rule, ties: Ties) -> None:
        self._model = model
        self._reading = reading
        self._sign = 1 if ties == "first" else -1
        self._lookahead = Lookahead(model.game, model.space.cells, reading, ties)
        self._known = [self._lookahead.start()]
        self._row = np.full(model.game.states, -1, dtype=np.int64)
        self._row[model.space.cells] = np.arange(model.space.cells.size)

    def foresight(self, moves: int) -> Foresight:
        """Return what is anticipated with a number of moves left."""
        while len(self._known) <= moves:
            self._known.append(self._lookahead.further(self._known[-1]))
        return self._known[moves]

    def verdict(self, concept: str, actor: int, state: int, horizon: int) -> Verdict:
        """Judge a state: every improvement, and every move that ends better, with what is anticipated after it."""
        before = self._model.code(actor, state)
        answers = []
        for target, end in self._ways(actor, state, horizon):
            line = self.line(actor, target, horizon - 1)
            better = self._model.code(actor, end) > before
            if better or self._model.code(actor, target) > before:
                answers.append(Answered(Step(actor, state, target), None if better else line, line=line))
        return sorted_verdict(concept, actor, state, answers, horizon)

    def sanction(self, actor: int, state: int, target: int, horizon: int) -> tuple[Step, ...] | None:
        """Return what is anticipated after a move if it ends no better than the state, else None."""
        line = self.line(actor, target, horizon - 1)
        end = line[-1].target if line else target
        return line if self._model.code(actor, end) <= self._model.code(actor, state) else None

    def line(self, actor: int, state: int, left: int) -> tuple[Step, ...]:
        """Return the play anticipated after the actor has moved to a state, ``left`` moves remaining."""
        steps: list[Step] = []
        while left and (mover := self._answerer(actor, state, left)) is not None:
            target, _ = self._ways(mover, state, left)[0]
            steps.append(Step(mover, state, target))
            actor, state, left = mover, target, left - 1
        return tuple(steps)

    def _ways(self, actor: int, state: int, left: int) -> list[tuple[int, int]]:
        """Return the actor's moves with where each would end, the best first."""
        targets = self._model.moves(actor, state)
        rows = self._row[targets]
        ends = self._model.space.cells[self.foresight(left - 1).after[actor, rows]]
        order = np.lexsort([self._sign * rows, -self._model.game.utilities[actor][ends].astype(np.int64)])
        return list(zip(targets[order].tolist(), ends[order].tolist(), strict=True))

    def _answerer(self, actor: int, state: int, left: int) -> int | None:
        """Return who answers the actor's move to a state, None if nobody would."""
        return self._worst(actor, state, left) if self._reading == "worst" else self._asked(actor, state, left)

    def _worst(self, actor: int, state: int, left: int) -> int | None:
        known, row = self.foresight(left), self._row[state]
        end = known.after[actor, row]
        if end == row:
            return None
        others = (other for other in range(len(self._model.actors)) if other != actor)
        return next(other for other in others if known.first[other, row] == end)

    def _asked(self, actor: int, state: int, left: int) -> int | None:
        mover, end = None, state
        for asked in reversed(turn(actor, len(self._model.actors))):
            ways = self._ways(asked, state, left)
            if ways and self._model.code(asked, ways[0][1]) > self._model.code(asked, end):
                mover, end = asked, ways[0][1]
        return mover
