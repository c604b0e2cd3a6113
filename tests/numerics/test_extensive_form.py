"""The finite-game builder and what a profile comes to, against recursion and enumeration from the definitions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backchannel.errors import TooLargeError
from backchannel.numerics import extensive_form
from backchannel.numerics.behaviour import (
    agent_regrets,
    beliefs,
    centroid,
    checked,
    described,
    end_probabilities,
    expected_payoffs,
    profile_of,
    pure_profile,
    regrets,
)
from backchannel.numerics.extensive_form import (
    Chance,
    End,
    Floats,
    Game,
    Node,
    chance,
    compile_game,
    decide,
    end,
    exact,
    simultaneous,
)
from backchannel.numerics.pure_equilibrium import count_strategies, pure_nash, reduced_strategies, strategic_form
from random_trees import random_tree

SEEDS = st.integers(0, 10_000)


def random_profile(game: Game, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.dirichlet(np.ones(len(group.actions))) for group in game.information_sets] or [[]])


def by_recursion(game: Game, profile: Floats, player: int) -> float:
    """Expected pay-off from the nested tree alone."""
    names = described(game, profile)

    def worth(node: Node) -> float:
        if isinstance(node, End):
            return float(node.payoffs[player])
        if isinstance(node, Chance):
            return sum(float(weight) * worth(child) for _, weight, child in node.branches)
        return sum(names[node.information_set][label] * worth(child) for label, child in node.branches)

    return worth(game.nodes[0])


def every_pure(game: Game) -> list[tuple[int, ...]]:
    return list(product(*(range(len(group.actions)) for group in game.information_sets)))


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_expected_payoffs_against_recursion(seed: int) -> None:
    game = random_tree(seed, players=3)
    profile = random_profile(game, seed)
    expected = [by_recursion(game, profile, player) for player in range(3)]
    np.testing.assert_allclose(expected_payoffs(game, profile), expected, atol=1e-9)
    assert end_probabilities(game, profile).sum() == pytest.approx(1, abs=1e-12)


def test_many_profiles_at_once_and_complex_steps() -> None:
    game = random_tree(5, players=3)
    profiles = np.array([random_profile(game, seed) for seed in range(4)])
    each = [expected_payoffs(game, profile) for profile in profiles]
    np.testing.assert_allclose(expected_payoffs(game, profiles), each, atol=1e-12)
    direction = random_profile(game, 9) - profiles[0]
    slope = expected_payoffs(game, profiles[0] + 1e-30j * direction).imag / 1e-30
    ahead, back = (expected_payoffs(game, profiles[0] + sign * direction) for sign in (1e-5, -1e-5))
    step = (ahead - back) / 2e-5
    np.testing.assert_allclose(slope, step, atol=1e-4)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_regret_is_the_best_of_all_own_pure_strategies(seed: int) -> None:
    game = random_tree(seed, players=2, depth=3)
    profile = random_profile(game, seed)
    for player in (0, 1):
        own = game.own(player)
        best = -np.inf
        for places in product(*(range(len(game.information_sets[place].actions)) for place in own)):
            other = profile.copy()
            for place, k in zip(own, places, strict=True):
                other[game.information_sets[place].span] = 0
                other[game.information_sets[place].first + k] = 1
            best = max(best, by_recursion(game, other, player))
        assert regrets(game, profile)[player] == pytest.approx(best - by_recursion(game, profile, player), abs=1e-8)


@given(SEEDS, st.booleans())
@settings(max_examples=15, deadline=None)
def test_pure_equilibria_are_those_without_regret(seed: int, ties: bool) -> None:
    game = random_tree(seed, players=2, depth=3, ties=ties)
    assume(len(every_pure(game)) <= 128)
    found = {tuple(end_probabilities(game, row)) for row in pure_nash(game)}
    expected = set()
    for places in every_pure(game):
        profile = pure_profile(game, places)
        if regrets(game, profile).max(initial=0) < 1e-12:
            expected.add(tuple(end_probabilities(game, profile)))
    assert found == expected


def test_three_players_need_not_be_two() -> None:
    game = random_tree(11, players=3, depth=3)
    rows = pure_nash(game)
    assert all(regrets(game, row).max() < 1e-9 for row in rows)


def test_strategies_leave_out_what_own_moves_exclude() -> None:
    later = decide("A", "later", {"x": end(0), "y": end(1), "z": end(2)})
    game = compile_game("one", ["A"], decide("A", "first", {"stop": end(3), "go": later}))
    assert count_strategies(game, 0) == 4
    assert reduced_strategies(game, 0).tolist() == [[0, -1], [1, 0], [1, 1], [1, 2]]
    assert strategic_form(game).payoffs[0].tolist() == [3, 0, 1, 2]
    assert described(game, pure_nash(game)[0])["first"] == {"stop": 1.0, "go": 0.0}


def test_pay_offs_are_compared_exactly() -> None:
    thirds = decide("A", "a", {"x": end("1/3"), "y": chance({"l": ("1/3", end(1)), "r": ("2/3", end(0))})})
    assert len(pure_nash(compile_game("tie", ["A"], thirds))) == 2
    tenth = decide("A", "a", {"x": end(0.1 + 0.2), "y": end(0.3)})
    assert len(pure_nash(compile_game("no tie", ["A"], tenth))) == 1


def test_large_numbers_stay_exact() -> None:
    root = decide("A", "a", {"x": end(10**30), "y": end(10**30 + 1)})
    assert pure_nash(compile_game("large", ["A"], root)).tolist() == [[0.0, 1.0]]


def test_numbers_are_read_exactly() -> None:
    assert exact(0.3) == Fraction(3, 10)
    assert exact("3/10") == Fraction(3, 10)
    with pytest.raises(ValueError, match=r"'x' is not a finite number; write 3, 0\.25 or '1/4'"):
        exact("x")
    with pytest.raises(ValueError, match="nan is not a finite number"):
        exact(float("nan"))


def test_beliefs_and_one_shot_regret() -> None:
    hidden = {kind: decide("B", "b", {"l": end(0, up), "r": end(0, 0)}) for kind, up in (("x", 1), ("y", -3))}
    game = compile_game("b", ["A", "B"], decide("A", "a", {**hidden, "out": end(1, 0)}))
    mixed = profile_of(game, {"a": {"x": 0.6, "y": 0.2, "out": 0.2}, "b": "l"})
    held = beliefs(game, mixed)
    assert held[list(game.information_sets[1].members)] == pytest.approx([0.75, 0.25])
    assert agent_regrets(game, mixed)[1] == pytest.approx(0)
    out = profile_of(game, {"a": "out", "b": "l"})
    assert np.isnan(agent_regrets(game, out)[1])
    assert np.isnan(beliefs(game, out)[list(game.information_sets[1].members)]).all()
    assert regrets(game, out).tolist() == [0, 0]


def test_simultaneous_moves_hide_what_the_others_do() -> None:
    game = compile_game(
        "s", ["A", "B"], simultaneous([("A", "a", "xy"), ("B", "b", "xy")], lambda taken: end(*map("xy".index, taken)))
    )
    assert [len(group.members) for group in game.information_sets] == [1, 2]
    assert not game.perfect_information


@pytest.mark.parametrize(
    ("root", "words"),
    [
        (end(1), "end '' has 1 pay-offs, expected one for each of"),
        (decide("C", "c", {"x": end(0, 0)}), "information set 'c' belongs to 'C', who is none of"),
        (chance({"x": ("0.3", end(0, 0)), "y": ("0.6", end(0, 0))}), "must be 0 or more and sum to 1 exactly"),
        (decide("A", "a", {}), "information set 'a' needs branches with distinct names"),
        (
            decide("A", "a", {"x": decide("B", "s", {"l": end(0, 0)}), "y": decide("B", "s", {"r": end(0, 0)})}),
            "information set 's' has B: l at one node and B: r at another",
        ),
        (
            decide("A", "a", {k: decide("A", "s", {"l": end(0, 0)}) for k in "xy"}),
            "at information set 's' A has forgotten what it did or knew before",
        ),
    ],
)
def test_faulty_trees_are_refused(root: Node, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        compile_game("faulty", ["A", "B"], root)


def test_faulty_profiles_are_refused() -> None:
    game = compile_game("p", ["A"], decide("A", "a", {"x": end(0), "y": end(1)}))
    with pytest.raises(ValueError, match="says nothing of information set 'a'"):
        profile_of(game, {})
    with pytest.raises(ValueError, match="there is no information set 'b'; there are 'a'"):
        profile_of(game, {"b": "x"})
    with pytest.raises(ValueError, match="'a' has the actions x, y, got z"):
        profile_of(game, {"a": "z"})
    with pytest.raises(ValueError, match="must be 0 or more and sum to 1"):
        profile_of(game, {"a": {"x": 0.5}})
    with pytest.raises(ValueError, match=r"shape \(3,\), expected \(2,\)"):
        checked(game, np.zeros(3))
    with pytest.raises(ValueError, match="players need distinct names"):
        compile_game("p", ["A", "A"], end(0, 0))


def test_size_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extensive_form, "MOST_NODES", 10)
    with pytest.raises(TooLargeError, match="more than 10 nodes"):
        simultaneous_game(2, 4)
    monkeypatch.undo()
    with pytest.raises(TooLargeError, match=r"4,096 x 4,096 pure strategies are more than"):
        strategic_form(simultaneous_game(2, 12))


def simultaneous_game(players: int, sets: int) -> Game:
    """Every player has so many sets, told apart by chance."""
    names = [f"P{k}" for k in range(players)]

    def play(draw: int) -> Node:
        moves = [(name, f"{name}.{draw}", "xy") for name in names]
        return simultaneous(moves, lambda taken: end(*(0 for _ in taken)))

    return compile_game("many", names, chance({str(k): (Fraction(1, sets), play(k)) for k in range(sets)}))


def test_centroid() -> None:
    assert centroid(simultaneous_game(2, 2)).tolist() == [0.5] * 8
