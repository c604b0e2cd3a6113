"""Supports of the sequence form against vertices of the normal form: two solvers that share no step."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.numerics import mixed_equilibrium
from backchannel.numerics.behaviour import end_probabilities, regrets
from backchannel.numerics.extensive_form import Floats, Game, compile_game, end, simultaneous
from backchannel.numerics.mixed_equilibrium import mixed_nash
from backchannel.numerics.pure_equilibrium import StrategicForm, count_strategies, pure_nash, strategic_form
from bimatrix_vertices import extreme_equilibria
from random_trees import random_tree


def bimatrix(first: list[list[float]], second: list[list[float]]) -> Game:
    rows, columns = ([f"{name}{k}" for k in range(size)] for name, size in (("r", len(first)), ("c", len(first[0]))))
    cell = {(r, c): (first[i][j], second[i][j]) for i, r in enumerate(rows) for j, c in enumerate(columns)}
    moves = [("A", "A", rows), ("B", "B", columns)]
    return compile_game("bimatrix", ["A", "B"], simultaneous(moves, lambda taken: end(*cell[taken[0], taken[1]])))


def outcomes(game: Game, form: StrategicForm, first: Floats, second: Floats) -> Floats:
    """Probability of each end under mixed strategies, by following the moves on the way to it."""
    found = []
    for last in game.ends.tolist():
        node = last
        weight, allowed = 1.0, [np.ones(len(table), dtype=bool) for table in form.strategies]
        while node > 0:
            above, action = int(game.parent[node]), int(game.action[node])
            if action < 0:
                weight *= float(game.chance[node])
            else:
                player, place = int(game.player[above]), int(game.information_set[above])
                column = game.own(player).index(place)
                k = action - game.information_sets[place].first
                allowed[player] &= form.strategies[player][:, column] == k
            node = above
        found.append(weight * first[allowed[0]].sum() * second[allowed[1]].sum())
    return np.array(found)


def distinct(rows: list[Floats]) -> list[Floats]:
    found: list[Floats] = []
    for row in rows:
        if all(np.abs(row - other).max() > 1e-5 for other in found):
            found.append(row)
    return found


def small_games() -> list[int]:
    found = []
    for seed in range(200):
        game = random_tree(seed)
        if sum(count_strategies(game, player) for player in (0, 1)) <= 8 and len(game.information_sets) > 2:
            found.append(seed)
    return found[:12]


@pytest.mark.parametrize("seed", small_games())
def test_same_outcomes_as_vertex_enumeration(seed: int) -> None:
    game = random_tree(seed)
    form = strategic_form(game)
    tables = [table.astype(float) / scale for table, scale in zip(form.payoffs, form.denominators, strict=True)]
    expected = distinct([outcomes(game, form, x, y) for x, y in extreme_equilibria(*tables)])
    profiles = mixed_nash(game)
    found = distinct([end_probabilities(game, row) for row in profiles])
    assert max(regrets(game, row).max() for row in profiles) < 1e-6
    assert len(found) == len(expected) >= 1
    assert all(min(np.abs(row - other).max() for other in found) < 1e-5 for row in expected)


def test_matching_pennies_and_battle_of_the_sexes() -> None:
    pennies = bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    assert mixed_nash(pennies) == pytest.approx(np.full((1, 4), 0.5))
    battle = mixed_nash(bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]]))
    assert sorted(map(tuple, battle.round(9))) == [(0, 1, 0, 1), (0.6, 0.4, 0.4, 0.6), (1, 0, 1, 0)]


def test_pure_equilibria_are_among_them() -> None:
    game = random_tree(3)
    ends = [end_probabilities(game, row) for row in mixed_nash(game)]
    for row in pure_nash(game):
        assert min(np.abs(end_probabilities(game, row) - other).max() for other in ends) < 1e-8


def test_only_allowed_actions_are_used() -> None:
    battle = bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]])
    assert mixed_nash(battle, np.array([0, 2, 3])).round(9).tolist() == [[1, 0, 1, 0]]


def test_what_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotSupportedError, match="for two players, the game has 3"):
        mixed_nash(random_tree(0, players=3))
    monkeypatch.setattr(mixed_equilibrium, "MOST_PAIRS", 3)
    with pytest.raises(TooLargeError, match="supports are more than 3 pairs"):
        mixed_nash(bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]]))
    monkeypatch.setattr(mixed_equilibrium, "MOST_SUPPORTS", 2)
    with pytest.raises(TooLargeError, match="more than 2 supports"):
        mixed_nash(random_tree(7, depth=5, hidden=0.0))
