"""Non-myopic stability: an actor stays however far it looks ahead, from some number of moves on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.stability.concept import Concept, Verdict
from backchannel.analyses.stability.limited import READINGS, TIES, play
from backchannel.analyses.stability.sequence import Step
from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.numerics.anticipation import Foresight, Lookahead, Rule, Ties
from backchannel.numerics.game import Bools

MOST_MOVES_AHEAD = 512
"""Moves ahead after which the search for a repetition is given up."""


@dataclass(frozen=True, eq=False)
class Limit:
    """What becomes of limited-move stability as the horizon grows. States are the possible ones, in file order.

    Parameters
    ----------
    stable
        Bool, shape (actors, states): stable for every horizon from some one on.
    since
        int32, shape (actors, states): the least such horizon; 0 where there is none.
    last_left
        int32, shape (actors, states): the last horizon looked at for which the actor would move; 0 if none.
    repeats_from
        Horizon from which anticipations repeat.
    period
        How many horizons a repetition takes: 1 where they settle for good.
    """

    stable: Bools
    since: NDArray[np.int32]
    last_left: NDArray[np.int32]
    repeats_from: int
    period: int


def non_myopic(reading: Rule = "worst", ties: Ties = "first") -> Concept:
    """Return non-myopic stability in one of its readings."""

    def judge(model: Model, actor: int, state: int) -> Verdict:
        horizon = _horizon(model, actor, state, reading, ties)
        return play(model, reading, ties).verdict("non_myopic", actor, state, horizon)

    def sanction(model: Model, actor: int, state: int, improvement: int) -> tuple[Step, ...] | None:
        horizon = _horizon(model, actor, state, reading, ties)
        return play(model, reading, ties).sanction(actor, state, improvement, horizon)

    return Concept(
        id="non_myopic",
        name=f"Non-myopic stability, reading {reading}",
        definition="limited-move stable for the actor for every number of moves ahead from some number on; "
        f"{READINGS[reading]}; {TIES[ties]}",
        foresight="as far as one can look",
        source="Brams and Wittman 1981; Kilgour 1984, 1985; Fang, Hipel and Kilgour 1993",
        sanction=sanction,
        judge=judge,
        title="NM",
    )


def limit(model: Model, reading: Rule, ties: Ties, progress: Callable[[int, int], None]) -> Limit:
    """Follow limited-move stability from horizon to horizon until what everybody anticipates repeats.

    What is anticipated one move further follows from what is anticipated now, and there are finitely many
    possibilities: sooner or later it settles or goes round in a cycle. A state is stable in the limit if its
    actor stays at every horizon of the cycle.

    Cost: that of limited-move stability for the horizon at which the first repetition is seen.

    Raises
    ------
    NotSupportedError
        If nothing repeats within :data:`MOST_MOVES_AHEAD` moves.
    """
    lookahead = Lookahead(model.game, model.space.cells, reading, ties)
    known = lookahead.start()
    last_left = np.zeros(known.first.shape, dtype=np.int32)
    seen = {_digest(known): 0}
    progress(0, MOST_MOVES_AHEAD)
    for horizon in range(1, MOST_MOVES_AHEAD + 1):
        known = lookahead.further(known, partial(progress, horizon - 1, MOST_MOVES_AHEAD))
        last_left[~known.stays] = horizon
        earlier = seen.setdefault(_digest(known), horizon)
        if earlier < horizon:
            # what is seen at ``earlier`` returns for ever: whoever has not left since then never does again
            stable = last_left <= earlier
            since = np.where(stable, last_left + 1, 0).astype(np.int32)
            return Limit(stable, since, last_left, earlier, horizon - earlier)
    raise NotSupportedError(
        f"what actors anticipate neither settles nor repeats within {MOST_MOVES_AHEAD} moves ahead; "
        "ask for one horizon instead: --concepts limited --horizon 20"
    )


def _digest(known: Foresight) -> bytes:
    return blake2b(known.first.tobytes() + known.after.tobytes(), digest_size=32).digest()


@lru_cache(maxsize=2)
def _limit(model: Model, reading: Rule, ties: Ties) -> Limit:
    return limit(model, reading, ties, lambda done, total: None)


def _horizon(model: Model, actor: int, state: int, reading: Rule, ties: Ties) -> int:
    """Return a horizon that shows the verdict: the last at which the actor would move, or one of the repetition."""
    found = _limit(model, reading, ties)
    row = int(np.flatnonzero(model.space.cells == state)[0])
    return max(found.repeats_from, 1) if found.stable[actor, row] else int(found.last_left[actor, row])
