"""Our builder and solvers against Gambit, live: textbook games and 300 random small ones. Run: make oracles."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import numpy as np
import pygambit
import pytest

from backchannel.errors import TooLargeError
from backchannel.numerics.behaviour import agent_regrets, end_probabilities, expected_payoffs, regrets
from backchannel.numerics.efg_format import read_efg, write_efg
from backchannel.numerics.extensive_form import Floats, Game
from backchannel.numerics.mixed_equilibrium import mixed_nash
from backchannel.numerics.pure_equilibrium import count_strategies, pure_nash
from backchannel.numerics.quantal_response import logit_equilibrium
from random_trees import random_tree
from textbook_games import games

TWO = [(seed, 2, ties) for seed in range(120) for ties in (False, True)]
THREE = [(seed, 3, False) for seed in range(60)]
RANDOM = [pytest.param(*item, id="-".join(map(str, item))) for item in (*TWO, *THREE)]


def theirs(game: Game) -> Any:
    return pygambit.read_efg(io.StringIO(write_efg(game)))


def flat(profile: Any, other: Any) -> Floats:
    """Gambit's behaviour profile in our order: by player, information set and action."""
    groups = [group for player in other.players for group in player.infosets]
    return np.array([float(profile[action]) for group in groups for action in group.actions])


def filled(game: Game, profile: Floats) -> Floats:
    """Gambit leaves sets undefined that own moves exclude; the first action stands there."""
    found = profile.copy()
    for group in game.information_sets:
        if not abs(found[group.span].sum() - 1) < 1e-6:
            found[group.span] = 0
            found[group.first] = 1
    return found


def outcomes(game: Game, rows: list[Floats]) -> list[Floats]:
    found: list[Floats] = []
    for row in rows:
        ends = end_probabilities(game, filled(game, row))
        if all(np.abs(ends - other).max() > 1e-6 for other in found):
            found.append(ends)
    return found


def assert_same(first: list[Floats], second: list[Floats]) -> None:
    assert len(first) == len(second)
    for row in first:
        assert min(np.abs(row - other).max() for other in second) < 1e-6


def random_game(seed: int, players: int, ties: bool) -> Game:
    return random_tree(seed, players=players, depth=3 if players == 3 else 4, ties=ties)


def random_profile(game: Game, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.dirichlet(np.ones(len(group.actions))) for group in game.information_sets])


def put(game: Game, other: Any, profile: Floats) -> Any:
    """Our profile as Gambit's."""
    found = other.mixed_behavior_profile()
    groups = [group for player in other.players for group in player.infosets]
    entries = iter(profile.tolist())
    for group in groups:
        for action in group.actions:
            found[action] = next(entries)
    return found


def check_structure(game: Game, other: Any) -> None:
    names = [group.label for player in other.players for group in player.infosets]
    assert names == [group.name for group in game.information_sets]


def check_profile(game: Game, other: Any, seed: int) -> None:
    profile = random_profile(game, seed)
    told = put(game, other, profile)
    scale = max(float(np.abs(game.worth).max()), 1.0)
    worth = [float(told.payoff(player)) for player in other.players]
    np.testing.assert_allclose(expected_payoffs(game, profile), worth, atol=1e-9 * scale)
    assert regrets(game, profile).max() == pytest.approx(float(told.max_regret()), abs=1e-9 * scale)
    assert np.nanmax(agent_regrets(game, profile)) == pytest.approx(float(told.agent_max_regret()), abs=1e-9 * scale)


def check_pure(game: Game, other: Any) -> None:
    found = [flat(item.as_behavior(), other) for item in pygambit.nash.enumpure_solve(other).equilibria]
    assert_same(outcomes(game, list(pure_nash(game))), outcomes(game, found))


def check_mixed(game: Game, other: Any) -> None:
    solved = pygambit.nash.enummixed_solve(other, rational=True).equilibria
    found = [flat(item.as_behavior(), other) for item in solved]
    assert_same(outcomes(game, list(mixed_nash(game))), outcomes(game, found))


def check_logit(game: Game, other: Any) -> None:
    lam = 2 / max(float(np.abs(game.worth).max()), 1.0)
    told = pygambit.qre.logit_solve_lambda(other, [lam])[0]
    found = np.array([told[k] for k in range(len(game.actions))])
    np.testing.assert_allclose(logit_equilibrium(game, told.lam), found, atol=1e-6)


@pytest.mark.parametrize(("seed", "players", "ties"), RANDOM)
def test_random_games(seed: int, players: int, ties: bool) -> None:
    game = random_game(seed, players, ties)
    if not game.information_sets or {group.player for group in game.information_sets} != set(range(players)):
        game = random_game(seed + 1000, players, ties)
    other = theirs(game)
    check_structure(game, other)
    if not game.information_sets:
        pytest.skip("nobody moves")
    check_profile(game, other, seed)
    check_pure(game, other)
    check_logit(game, other)
    small = players == 2 and not ties and sum(count_strategies(game, player) for player in (0, 1)) <= 14
    if small:
        try:
            check_mixed(game, other)
        except TooLargeError:
            pytest.skip("too many supports")


@pytest.mark.parametrize("name", games())
def test_textbook_games(name: str) -> None:
    game = games()[name]
    other = theirs(game)
    check_structure(game, other)
    check_profile(game, other, 1)
    check_pure(game, other)
    check_logit(game, other)
    text = io.StringIO()
    text.write(other.to_efg())
    again = read_efg(text.getvalue())
    assert again.payoffs == game.payoffs
    assert again.information_sets == game.information_sets


def test_bluffing_is_exact() -> None:
    other = theirs(games()["crisis_bluff"])
    found = [
        {
            (action.infoset.label, action.label): item[action]
            for player in other.players
            for group in player.infosets
            for action in group.actions
        }
        for item in pygambit.nash.lcp_solve(other, rational=True).equilibria
    ]
    assert any(item["A_blf", "challenge"] == Fraction(3, 7) and item["B", "resist"] == Fraction(2, 3) for item in found)
