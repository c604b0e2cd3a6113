"""Sequential and weak perfect Bayesian equilibria: classic games, trembles, and the order of the refinements."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backchannel.errors import TooLargeError
from backchannel.numerics import sequential_equilibrium
from backchannel.numerics.behaviour import (
    action_values,
    agent_regrets,
    beliefs,
    centroid,
    described,
    profile_of,
    regrets,
)
from backchannel.numerics.extensive_form import Floats, Game, Node, chance, compile_game, decide, end
from backchannel.numerics.sequential_equilibrium import (
    sensible_actions,
    sequential,
    sequential_beliefs,
    weak_beliefs,
    weak_perfect_bayesian,
)
from backchannel.numerics.subgame_perfection import backward_induction, subgame_regrets
from random_trees import random_tree

SEEDS = st.integers(0, 10_000)


def rows(found: tuple[sequential_equilibrium.Assessment, ...]) -> set[tuple[float, ...]]:
    return {tuple(item.profile) for item in found}


@given(SEEDS, st.booleans())
@settings(max_examples=15, deadline=None)
def test_with_perfect_information_it_is_backward_induction(seed: int, ties: bool) -> None:
    game = random_tree(seed, players=3, depth=3, ties=ties, hidden=0.0)
    assert rows(sequential(game)) == set(map(tuple, backward_induction(game).tolist()))


@given(SEEDS, st.booleans())
@settings(max_examples=8, deadline=None)
def test_each_refinement_holds_what_it_refines(seed: int, ties: bool) -> None:
    game = random_tree(seed, players=2, ties=ties)
    assume(len(game.information_sets) <= 7)
    strong, weak = sequential(game), weak_perfect_bayesian(game)
    assert rows(strong) <= rows(weak)
    for item in strong:
        assert subgame_regrets(game, item.profile).max(initial=0) < 1e-6
        assert np.nanmax(agent_regrets(game, item.profile, item.belief), initial=0) < 1e-6
    for item in weak:
        assert regrets(game, item.profile).max() < 1e-6


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_beliefs_are_close_to_those_of_small_mistakes(seed: int) -> None:
    """Every belief found is nearly met by Bayes after mistakes; the search for them knows nothing of orders."""
    game = random_tree(seed, players=2, depth=3)
    for item in sequential(game)[:2]:
        assert nearest_by_mistakes(game, item.profile, item.belief) < 0.05


def nearest_by_mistakes(game: Game, profile: Floats, belief: Floats) -> float:
    """Least distance to the beliefs of profiles that take untaken actions with chances between 1e-2 and 1e-8."""
    rng = np.random.default_rng(0)
    untaken = np.flatnonzero(profile == 0)
    logs = np.full(len(untaken), -4.0)

    def distance(tens: Floats) -> float:
        shaken = profile.copy()
        shaken[untaken] = 10.0**tens
        for group in game.information_sets:
            shaken[group.span] /= shaken[group.span].sum()
        return float(np.abs(beliefs(game, shaken) - belief).max())

    least = distance(logs)
    for turn in range(6000):
        if least < 0.02:
            break
        step = rng.normal(0, 2 if turn % 3 else 0.3, len(untaken)) * (rng.random(len(untaken)) < 0.5)
        trial = np.clip(logs + step, -8, -2)
        if (found := distance(trial)) <= least:
            logs, least = trial, found
    return least


def selten_horse() -> Game:
    def last(name: str, worth: dict[str, tuple[int, int, int]]) -> Node:
        return decide("3", name, {action: end(*payoffs) for action, payoffs in worth.items()})

    two = decide("2", "two", {"c": end(1, 1, 1), "d": last("three", {"L": (4, 4, 0), "R": (0, 0, 1)})})
    one = decide("1", "one", {"C": two, "D": last("three", {"L": (3, 3, 2), "R": (0, 0, 0)})})
    return compile_game("horse", ["1", "2", "3"], one)


def test_selten_horse() -> None:
    """Selten (1975): (D, c, L) is Nash and not sequential, since 2 would rather play d; (C, c, R) is sequential."""
    game = selten_horse()
    bad = profile_of(game, {"one": "D", "two": "c", "three": "L"})
    good = profile_of(game, {"one": "C", "two": "c", "three": "R"})
    assert regrets(game, bad).max() == 0
    assert sequential_beliefs(game, bad) is None
    assert weak_beliefs(game, bad) is None
    assert rows(sequential(game)) == {tuple(good)}
    held = sequential_beliefs(game, good)
    assert held is not None
    at = list(game.information_sets[2].members)
    assert held[at].sum() == pytest.approx(1)
    assert held[at][game.parent[at].tolist().index(0)] <= 1 / 3 + 1e-9  # D is not much likelier than d


def blind_entry() -> Game:
    """Chance draws a type that the entrant does not see; nor does the one who answers."""

    def after(up: int) -> Node:
        reply = decide("B", "reply", {"hit": end(0, up), "yield": end(3, 0)})
        return decide("A", "enter", {"out": end(2, 5), "in": reply})

    return compile_game("blind", ["A", "B"], chance({"x": ("1/2", after(1)), "y": ("1/2", after(-2))}))


def test_consistency_forbids_what_weak_beliefs_allow() -> None:
    """A mistake of one who does not know the type says nothing of it, so belief stays at one half and B yields."""
    game = blind_entry()
    deterred = profile_of(game, {"enter": "out", "reply": "hit"})
    assert weak_beliefs(game, deterred) is not None
    assert sequential_beliefs(game, deterred) is None
    assert [described(game, item.profile)["enter"]["in"] for item in sequential(game)] == [1.0]
    assert len(weak_perfect_bayesian(game)) == 2


def test_beliefs_that_hang_on_the_same_mistakes() -> None:
    """Two receivers who see the same two untaken actions of one sender must hold the same odds."""

    def pair(b: tuple[int, int], c: tuple[int, int]) -> Node:
        third = [decide("C", "c", {"x": end(0, w, c[0]), "y": end(3, w, c[1])}) for w in b]
        return decide("B", "b", {"x": third[0], "y": third[1]})

    def game(c_left: int, c_right: int) -> Game:
        branches = {"l": pair((1, 0), (c_left, 0)), "r": pair((-1, 0), (c_right, 0))}
        root = decide("A", "a", {"out": end(2, 0, 0), **branches})
        return compile_game("odds", ["A", "B", "C"], root)

    both = profile_of(game(1, -1), {"a": "out", "b": "x", "c": "x"})
    assert sequential_beliefs(game(1, -1), both) is not None  # both want odds of l of one half at least
    apart = game(1, -3)  # B wants l at one half at least, C at three quarters
    held = sequential_beliefs(apart, both)
    assert held is not None
    one, two = (list(apart.information_sets[apart.set_named(name)].members) for name in "bc")
    assert held[one[0]] == pytest.approx(held[two[:2]].sum(), abs=1e-6)
    assert held[one[0]] >= 0.75 - 1e-6
    against = game(-3, 1)  # B wants l at one half at least, C at one quarter at most
    assert sequential_beliefs(against, both) is None
    assert weak_beliefs(against, both) is not None


def test_actions_that_are_never_best_go() -> None:
    game = compile_game(
        "g", ["A", "B"], decide("A", "a", {"x": decide("B", "b", {"l": end(0, 1), "r": end(9, 0)}), "y": end(1, 0)})
    )
    assert sensible_actions(game) == [(1,), (0,)]


def test_values_at_sets_not_reached_need_a_belief() -> None:
    game = blind_entry()
    out = profile_of(game, {"enter": "out", "reply": "yield"})
    assert np.isnan(action_values(game, out)).any()
    held = sequential_beliefs(game, profile_of(game, {"enter": "in", "reply": "yield"}))
    assert held is not None
    assert not np.isnan(action_values(game, out, held)).any()


def test_size_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequential_equilibrium, "MOST_PROFILES", 1)
    with pytest.raises(TooLargeError, match="pure profiles are more than the 1 that are tried"):
        sequential(blind_entry())
    monkeypatch.setattr(sequential_equilibrium, "MOST_SUPPORTS", 1)
    with pytest.raises(TooLargeError, match="more than 1 ways to believe"):
        sequential_beliefs(blind_entry(), profile_of(blind_entry(), {"enter": "out", "reply": "hit"}))
    assert sequential_beliefs(selten_horse(), centroid(selten_horse())) is None
