"""One-step moves against the comparison of all pairs of states, and the checks of the game records."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.numerics.game import ArcGame, OptionGame
from backchannel.numerics.moves import moves, restriction, to_arcs
from numerics import random_games, reference

UTILITIES = np.zeros((2, 4), dtype=np.int32)


@pytest.mark.parametrize("kind", random_games.KINDS)
def test_moves_and_arcs_agree_with_the_definition(kind: str) -> None:
    for seed in range(30):
        game = random_games.option_game(seed, kind)
        expected = reference.option_moves(game)
        graph = to_arcs(game)
        for actor in range(game.actors):
            for state in range(game.states):
                wanted = sorted(expected[actor].get(state, set()))
                assert moves(game, actor, state).tolist() == wanted
                assert moves(graph, actor, state).tolist() == wanted


def test_many_levels_and_an_option_with_a_single_one() -> None:
    levels = (1, 100, 1, 3)
    rng = np.random.default_rng(7)
    final = (True, rng.random(300) < 0.5, None, True)
    frozen = (True, None, True, rng.random(300) < 0.5)
    game = OptionGame(levels, (0, 0, 0, 1), np.zeros((2, 300), dtype=np.int32), None, final, frozen)
    expected = reference.option_moves(game)
    for actor in (0, 1):
        for state in range(0, 300, 7):
            assert moves(game, actor, state).tolist() == sorted(expected[actor][state])


def test_restriction_tells_limits_that_change_along_the_actors_own_fibres() -> None:
    def limited(limit: np.ndarray) -> OptionGame:
        return OptionGame((2, 2), (0, 1), UTILITIES, None, (limit, None), ())

    by_other = restriction(limited(np.array([True, False, True, False])), 0)
    by_own = restriction(limited(np.array([True, True, False, False])), 0)
    assert by_other is not None
    assert not by_other.varies
    assert by_own is not None
    assert by_own.varies
    assert restriction(limited(np.zeros(4, dtype=np.bool_)), 0) is None
    assert restriction(limited(np.ones(4, dtype=np.bool_)), 1) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"utilities": np.zeros((2, 4))}, "must be int32 of shape"),
        ({"levels": (2, 3)}, r"levels \(2, 3\) make 6 states, utilities have 4"),
        ({"levels": (4,)}, "1 options have levels but 2 have an owner"),
        ({"levels": (4, 0)}, "at least one level"),
        ({"owner": (1, 0)}, "must be adjacent"),
        ({"owner": (0, 2)}, r"owners must lie in 0..1"),
        ({"feasible": np.ones(3, dtype=np.bool_)}, r"feasible must be bool of shape \(4,\)"),
        ({"feasible": np.ones(4, dtype=np.int8)}, "feasible must be bool"),
        ({"final": (True,)}, "final has 1 entries for 2 options"),
        ({"frozen": (None, np.ones(2, dtype=np.bool_))}, "frozen must be bool"),
    ],
)
def test_option_games_that_do_not_fit_are_refused(change: dict, words: str) -> None:
    fields = {"levels": (2, 2), "owner": (0, 1), "utilities": UTILITIES} | change
    with pytest.raises(ValueError, match=words):
        OptionGame(**fields)


@pytest.mark.parametrize(
    ("pointer", "targets", "words"),
    [
        (np.zeros(5, dtype=np.int32), np.zeros(0, dtype=np.int32), "indptr must be int64"),
        (
            np.zeros(4, dtype=np.int64),
            np.zeros(0, dtype=np.int32),
            "indptr must run from 0 to 0 over 4 states",
        ),
        (np.array([0, 2, 1, 1, 1]), np.zeros(1, dtype=np.int32), "indptr must not decrease"),
        (np.array([0, 1, 1, 1, 1]), np.array([4], dtype=np.int32), r"targets must lie in 0..3"),
    ],
)
def test_arc_games_that_do_not_fit_are_refused(pointer: np.ndarray, targets: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ArcGame(UTILITIES, (pointer, pointer), (targets, targets))


def test_arc_games_need_arcs_for_every_actor() -> None:
    with pytest.raises(ValueError, match="2 actors need as many arc lists"):
        ArcGame(UTILITIES, (), ())
