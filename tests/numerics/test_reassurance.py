"""Trust in types against recorded values and the games themselves, built as trees and checked for deviations."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.numerics.behaviour import agent_regrets, profile_of, regrets
from backchannel.numerics.extensive_form import Game, Node, chance, compile_game, decide, end
from backchannel.numerics.reassurance import (
    Stage,
    joint_prior,
    joint_window,
    minimum_prior,
    minimum_trust,
    reassurance_window,
)

KEEPER, CHEAT = Stage(0.5, 1, 0, -1), Stage(1.5, 1, 0, -1)


def test_recorded_values() -> None:
    assert minimum_trust(KEEPER) == pytest.approx(2 / 3)
    window = reassurance_window(0.4, KEEPER, CHEAT)
    assert (window.low, window.high) == (pytest.approx(3 / 7), pytest.approx(0.5))
    assert window.is_open
    assert minimum_prior(KEEPER, CHEAT) == pytest.approx(2 / 7)


def payoff(stage: Stage, own: str, other: str) -> float:
    table = {"CC": stage.reward, "CD": stage.sucker, "DC": stage.temptation, "DD": stage.punishment}
    return table[own + other]


def trust_game(prior: str, weight: float = 1.0, rounds: int = 1) -> Game:
    """One or two simultaneous rounds between players who know only their own type (t or u)."""
    stages = {"t": KEEPER, "u": CHEAT}

    def node(types: str, past: tuple[str, ...]) -> Node:
        if len(past) == rounds:
            shares = (1.0,) if rounds == 1 else (weight, 1 - weight)
            totals = [
                sum(
                    share * payoff(stages[types[k]], played[k], played[1 - k])
                    for share, played in zip(shares, past, strict=True)
                )
                for k in (0, 1)
            ]
            return end(*(round(value, 12) for value in totals))
        seen = "|" + ",".join(past) if past else ""

        def second(first: str) -> Node:
            return decide("2", f"2{types[1]}{seen}", {move: node(types, (*past, first + move)) for move in "CD"})

        return decide("1", f"1{types[0]}{seen}", {move: second(move) for move in "CD"})

    from fractions import Fraction

    t = Fraction(prior)
    weights = {"t": t, "u": 1 - t}
    branches = {a + b: (weights[a] * weights[b], node(a + b, ())) for a in "tu" for b in "tu"}
    return compile_game("trust", ("1", "2"), chance(branches))


@pytest.mark.parametrize(("prior", "holds"), [("7/10", True), ("3/5", False)])
def test_trustworthy_cooperate_once_from_two_thirds_on(prior: str, holds: bool) -> None:
    """Recorded: an equilibrium at 7/10, none at 3/5 (kydd_trust_t7_10, kydd_trust_t3_5)."""
    game = trust_game(prior)
    profile = profile_of(game, {name: ("C" if name[1] == "t" else "D") for name in ("1t", "1u", "2t", "2u")})
    assert (float(regrets(game, profile).max()) <= 1e-12) is holds


@pytest.mark.parametrize(("weight", "holds"), [(0.45, True), (0.40, False), (0.55, False)])
def test_a_first_round_tells_the_types_apart_inside_the_window(weight: float, holds: bool) -> None:
    """Prior 2/5, window [3/7, 1/2]; recorded at 9/20 (kydd_reassurance_two_round)."""
    game = trust_game("2/5", weight, rounds=2)
    choices = {}
    for group in game.information_sets:
        name, _, past = group.name.partition("|")
        keeper = name[1] == "t"
        choices[group.name] = "C" if keeper and past in ("", "CC") else "D"
    profile = profile_of(game, choices)
    assert (float(regrets(game, profile).max()) <= 1e-12) is holds
    if holds:
        assert float(np.nanmax(agent_regrets(game, profile))) <= 1e-12  # sets nobody reaches have no belief


def test_the_window_opens_at_the_least_prior() -> None:
    random = np.random.default_rng(1)
    tried = 0
    for _ in range(200):
        punishment, cheated = 0.0, -float(random.uniform(0.1, 3))
        reward = float(random.uniform(0.5, 2))
        keeper = Stage(float(random.uniform(0, reward)), reward, punishment, cheated)
        cheat = Stage(reward + float(random.uniform(0.1, 2)), reward, punishment, cheated)
        prior = minimum_prior(keeper, cheat)
        assert prior is not None
        if not 0.001 < prior < 0.999:
            continue
        tried += 1
        below, above = (reassurance_window(prior + change, keeper, cheat) for change in (-1e-4, 1e-4))
        assert below.low > below.high
        assert above.low <= above.high
        assert joint_prior((keeper, keeper), (cheat, cheat)) == pytest.approx(prior, abs=1e-9)
    assert tried > 100


def test_unequal_sides_take_the_narrower_window() -> None:
    other = Stage(0.2, 1, 0, -2), Stage(1.2, 1, 0, -2)
    first, second = reassurance_window(0.7, KEEPER, CHEAT), reassurance_window(0.8, *other)
    both = joint_window((0.7, 0.8), (KEEPER, other[0]), (CHEAT, other[1]))
    assert both.low == max(first.low, second.low)
    assert both.high == min(first.high, second.high)


def test_without_any_trust_no_step_is_worth_it() -> None:
    window = reassurance_window(0.0, KEEPER, CHEAT)
    assert window.high == 0
