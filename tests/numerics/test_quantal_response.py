"""Logit agent quantal response: closed forms, another way to the same points, bends, and the limit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import expit

from backchannel.errors import NotSupportedError
from backchannel.numerics import quantal_response
from backchannel.numerics.behaviour import action_values, centroid, regrets
from backchannel.numerics.extensive_form import Floats, Game, Node, compile_game, decide, end, simultaneous
from backchannel.numerics.quantal_response import TOLERANCE, logit_equilibrium, logit_path, logit_residual
from random_trees import random_tree
from textbook_games import crisis_qre, elite_coup


def iterated(game: Game, rationality: float) -> Floats:
    """Damped iteration of the definition; converges for small rationality."""
    profile = centroid(game)
    for _ in range(20_000):
        worth = action_values(game, profile)
        reply = profile.copy()
        for group in game.information_sets:
            weight = np.exp(rationality * (worth[group.span] - worth[group.span].max()))
            reply[group.span] = weight / weight.sum()
        if np.abs(reply - profile).max() < 1e-14:
            break
        profile = 0.5 * profile + 0.5 * reply
    return profile


def test_one_decision_is_a_softmax() -> None:
    game = compile_game("one", ["A"], decide("A", "a", {"x": end(1), "y": end(2), "z": end("0.5")}))
    weight = np.exp(3 * np.array([1, 2, 0.5]))
    np.testing.assert_allclose(logit_equilibrium(game, 3), weight / weight.sum(), atol=1e-12)
    assert logit_equilibrium(game, 0).tolist() == centroid(game).tolist()


@pytest.mark.parametrize("rationality", [0.5, 2.0, 10.0])
def test_crisis_game_by_substitution(rationality: float) -> None:
    """The last mover first, then the one before: three logistic terms (pay-offs as in ``crisis_qre``)."""
    fight = expit(rationality * (-0.2 + 0.5))
    resist = expit(rationality * (fight * -0.6 + (1 - fight) * 1 - 0))
    challenge = expit(rationality * ((1 - resist) * 1 + resist * (fight * -0.2 + (1 - fight) * -0.5)))
    found = logit_equilibrium(crisis_qre(), rationality)
    np.testing.assert_allclose(found[[1, 3, 5]], [challenge, fight, resist], atol=1e-10)


@pytest.mark.parametrize("seed", range(6))
def test_against_damped_iteration(seed: int) -> None:
    game = random_tree(seed, players=3)
    scale = 1 / np.abs(game.worth).max()
    np.testing.assert_allclose(logit_equilibrium(game, scale), iterated(game, scale), atol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_path_solves_the_equations_and_ends_near_an_equilibrium(seed: int) -> None:
    game = random_tree(seed, players=2, depth=3)
    scale = np.abs(game.worth).max()
    path = logit_path(game, 40 / scale)
    assert path.complete
    assert path.rationality[0] == 0
    assert path.rationality[-1] == pytest.approx(40 / scale)
    assert (path.residual <= TOLERANCE * (1 + path.rationality)).all()
    for row, lam in list(zip(path.profiles, path.rationality, strict=True))[:: max(len(path.profiles) // 5, 1)]:
        assert logit_residual(game, row, lam) < 1e-9
    assert regrets(game, path.profiles[-1]).max() < 0.1 * scale


def hawk_dove(edge: str) -> Game:
    """Nearly symmetric coordination: the branch from the centroid bends or goes straight by a small edge."""
    worth = {"xx": (1, 1), "yy": (1, 1), "xy": (0, 0), "yx": (edge, edge)}
    moves = [("A", "a", "xy"), ("B", "b", "xy")]
    return compile_game("edge", ["A", "B"], simultaneous(moves, lambda taken: end(*worth["".join(taken)])))


def test_all_points_on_the_branch_of_a_coordination_game_are_fixed_points() -> None:
    game = hawk_dove("0.05")
    path = logit_path(game, 12.0)

    def excess(x: float, lam: float) -> float:
        y = float(expit(lam * (x * 1 + (1 - x) * 0.05 - (1 - x) * 1)))
        return float(expit(lam * (y * 1 - (y * 0.05 + (1 - y) * 1)))) - x

    for row, lam in zip(path.profiles, path.rationality, strict=True):
        assert abs(excess(row[0], lam)) < 1e-8
    grid = np.linspace(0, 1, 2001)
    values = [excess(x, 12.0) for x in grid]
    signs = np.flatnonzero(np.diff(np.sign(values)))
    roots = [brentq(excess, grid[k], grid[k + 1], args=(12.0,)) for k in signs]
    assert len(roots) == 3  # three equilibria at this rationality; the branch leads to one of them
    assert min(abs(root - path.profiles[-1][0]) for root in roots) < 1e-8


def test_the_branch_is_followed_round_bends() -> None:
    """At low rationality mistakes (z) favour y; once they are rare the branch turns back and goes over to x."""
    worth = {"x": ("1.05", "0.05", "0.05"), "y": (0, 0, 4), "z": ("-0.2", "-0.2", "3.8")}
    moves = [("A", "a", "xyz"), ("B", "b", "xyz")]

    def then(taken: tuple[str, ...]) -> Node:
        return end(*(worth[own]["xyz".index(other)] for own, other in (taken, taken[::-1])))

    game = compile_game("bend", ["A", "B"], simultaneous(moves, then))
    path = logit_path(game, 13.0)
    falls = np.flatnonzero(np.diff(path.rationality) < 0)
    assert path.complete
    assert len(falls) > 5
    assert path.rationality[falls[0]] > 11
    assert path.rationality[falls[-1] + 1] < 4
    assert (path.residual <= TOLERANCE * (1 + path.rationality)).all()
    assert path.profiles[-1][0] > 0.99
    first = logit_equilibrium(game, 8.0)  # where the branch first meets it
    assert first[1] > 0.7
    assert logit_residual(game, first, 8.0) < 1e-9


def test_rescaled_pay_offs_rescale_rationality() -> None:
    once, twice = (
        compile_game("g", ["A"], decide("A", "a", {"x": end(size), "y": end(0), "z": end("0.2")})) for size in (1, 2)
    )
    doubled = compile_game("g", ["A"], decide("A", "a", {"x": end(2), "y": end(0), "z": end("0.4")}))
    np.testing.assert_allclose(logit_equilibrium(doubled, 1.5), logit_equilibrium(once, 3.0), atol=1e-12)
    assert np.abs(logit_equilibrium(twice, 1.5) - logit_equilibrium(once, 3.0)).max() > 0.01


def test_three_elites_lean_to_staying() -> None:
    found = logit_equilibrium(elite_coup(), 1.5)
    assert logit_residual(elite_coup(), found, 1.5) < 1e-10
    assert found[::2] == pytest.approx([0.0982, 0.2115, 0.1089], abs=1e-4)


def test_what_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    game = crisis_qre()
    monkeypatch.setattr(quantal_response, "DEEPEST", 5.0)
    with pytest.raises(NotSupportedError, match=r"probabilities are too small to hold; 1e\+05 is out of reach"):
        logit_equilibrium(game, 1e5)
    with pytest.raises(ValueError, match="must be a positive number, got -1"):
        logit_path(game, -1)
    with pytest.raises(ValueError, match="nobody moves"):
        logit_path(compile_game("end", ["A"], end(1)), 1)
