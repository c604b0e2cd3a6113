"""The crisis game seen from the table: every equilibrium, the one a rule selects, and play of limited rationality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...numerics.behaviour import described
from ...numerics.crisis_game import OUTCOMES, PAYOFFS, CrisisEquilibria, Rule, crisis_equilibria, payoffs_of
from ...numerics.extensive_form import Floats, Game, compile_game, decide, end
from ...numerics.quantal_response import LogitPath, logit_path

FIRST, REPLY, LAST = "challenger opens", "defender replies", "challenger decides"


def crisis_tree(payoffs: Mapping[str, float], defender_status_quo: float | None = None) -> Game:
    """Return the crisis game without private terms as a finite game; pay-offs by the names of ``PAYOFFS``.

    What the status quo is worth to the defender changes no choice; without it, it counts as ``defender_hold``.
    """
    payoffs_of(**payoffs)
    unmoved = payoffs["defender_hold"] if defender_status_quo is None else defender_status_quo
    last = decide(
        "challenger",
        LAST,
        {
            "back down": end(payoffs["challenger_back_down"], payoffs["defender_hold"], label="back down"),
            "fight": end(payoffs["challenger_war"], payoffs["defender_war"], label="war"),
        },
    )
    conceded = end(payoffs["challenger_gain"], payoffs["defender_concede"], label="concession")
    answer = decide("defender", REPLY, {"concede": conceded, "resist": last})
    kept = end(payoffs["challenger_status_quo"], unmoved, label="status quo")
    root = decide("challenger", FIRST, {"status quo": kept, "challenge": answer})
    return compile_game("Crisis game", ("challenger", "defender"), root)


@dataclass(frozen=True, eq=False)
class LogitCrisis:
    """Play of limited rationality in the crisis game.

    Parameters
    ----------
    rationality
        Lambda, per unit of pay-off, (points,), along the branch that starts where all actions are alike.
    challenge, resist, fight
        Probabilities, (points,).
    outcomes
        Probability of each of ``OUTCOMES``, (points, 4).
    """

    rationality: Floats
    challenge: Floats
    resist: Floats
    fight: Floats
    outcomes: Floats


def logit_crisis(payoffs: Mapping[str, float], most: float) -> LogitCrisis:
    """How do challenge, resistance and war change as the players choose more surely?

    Agent quantal response equilibria (McKelvey and Palfrey 1998; for crises Signorino 1999), up to rationality
    ``most``.
    """
    game = crisis_tree(payoffs)
    path = logit_path(game, most)
    challenge, resist, fight = _chances(game, path)
    shares = (1 - challenge, challenge * (1 - resist), challenge * resist * (1 - fight), challenge * resist * fight)
    return LogitCrisis(path.rationality, challenge, resist, fight, np.stack(shares, axis=1))


def _chances(game: Game, path: LogitPath) -> tuple[Floats, Floats, Floats]:
    names = ((FIRST, "challenge"), (REPLY, "resist"), (LAST, "fight"))
    rows = [[described(game, row)[place][action] for row in path.profiles] for place, action in names]
    return np.array(rows[0]), np.array(rows[1]), np.array(rows[2])


@dataclass(frozen=True, eq=False)
class CrisisCurve:
    """Equilibria of the crisis game as one pay-off changes.

    Parameters
    ----------
    name, values
        The pay-off and its values, (values,).
    place
        Index into ``values`` of each equilibrium, (equilibria,).
    resist, challenge, fight, outcomes, stable
        As in ``CrisisEquilibria``, all equilibria of all values one after the other.
    selected
        Which of them the rule selects at each value, (values,).
    """

    name: str
    values: Floats
    place: np.ndarray[tuple[int], np.dtype[np.int64]]
    resist: Floats
    challenge: Floats
    fight: Floats
    outcomes: Floats
    stable: np.ndarray[tuple[int], np.dtype[np.bool_]]
    selected: np.ndarray[tuple[int], np.dtype[np.int64]]


def crisis_curve(
    payoffs: Mapping[str, float], name: str, values: Sequence[float], rule: Rule = "largest_basin"
) -> CrisisCurve:
    """Which equilibria appear and vanish as one pay-off changes, such as what backing down costs?

    Lewis and Schultz (2003) for the game. Cost: one search a value, see ``crisis_equilibria``.
    """
    if name not in PAYOFFS:
        raise ValueError(f"the pay-offs are {', '.join(PAYOFFS)}, got {name!r}")
    found: list[CrisisEquilibria] = [crisis_equilibria(payoffs_of(**{**payoffs, name: value})) for value in values]
    sizes = [len(item.resist) for item in found]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return CrisisCurve(
        name=name,
        values=np.array(values, dtype=np.float64),
        place=np.repeat(np.arange(len(found), dtype=np.int64), sizes),
        resist=np.concatenate([item.resist for item in found]),
        challenge=np.concatenate([item.challenge for item in found]),
        fight=np.concatenate([item.fight for item in found]),
        outcomes=np.concatenate([item.outcomes for item in found]).reshape(-1, len(OUTCOMES)),
        stable=np.concatenate([item.stable for item in found]),
        selected=np.array([start + item.selected(rule) for start, item in zip(starts, found, strict=True)]),
    )
