"""Subgames, backward induction with ties, subgame perfection: two solvers against each other and enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.numerics import subgame_perfection
from backchannel.numerics.behaviour import described, profile_of, pure_profile, regrets
from backchannel.numerics.extensive_form import Game, compile_game, decide, end, simultaneous
from backchannel.numerics.subgame_perfection import (
    backward_induction,
    subgame,
    subgame_perfect,
    subgame_regrets,
    subgame_roots,
)
from random_trees import random_tree

SEEDS = st.integers(0, 10_000)


def rows(profiles: np.ndarray) -> list[tuple[float, ...]]:
    return sorted(map(tuple, profiles.tolist()))


@given(SEEDS, st.booleans())
@settings(max_examples=25, deadline=None)
def test_backward_induction_is_subgame_perfection_with_perfect_information(seed: int, ties: bool) -> None:
    game = random_tree(seed, players=3, ties=ties, hidden=0.0)
    found = backward_induction(game)
    assert rows(found) == rows(subgame_perfect(game))
    assert len(set(rows(found))) == len(found) >= 1
    assert max(subgame_regrets(game, row).max(initial=0) for row in found[:3]) < 1e-9


@given(SEEDS)
@settings(max_examples=12, deadline=None)
def test_subgame_perfect_outcomes_against_enumeration(seed: int) -> None:
    game = random_tree(seed, players=2, depth=3, ties=True, hidden=0.5)
    places = list(product(*(range(len(group.actions)) for group in game.information_sets)))
    assume(len(places) <= 64)
    expected = {
        tuple(profile)
        for profile in (pure_profile(game, place) for place in places)
        if subgame_regrets(game, profile).max(initial=0) < 1e-12
    }
    found = set(rows(subgame_perfect(game)))
    assert found <= expected
    missing = [row for row in expected - found if not excluded_somewhere(game, np.array(row), found)]
    assert not missing


def excluded_somewhere(game: Game, row: np.ndarray, found: set[tuple[float, ...]]) -> bool:
    """Whether a profile found differs only at sets that the player's own moves exclude within a subgame."""
    for other in found:
        merged = row.copy()
        for group in game.information_sets:
            if not (row[group.span] == np.array(other)[group.span]).all():
                merged[group.span] = np.array(other)[group.span]
        if tuple(merged) == other and subgame_regrets(game, merged).max(initial=0) < 1e-12:
            return True
    return False


def entry_game() -> Game:
    fight = decide("I", "reply", {"fight": end(-1, -1), "share": end(1, 1)})
    return compile_game("entry", ["E", "I"], decide("E", "enter", {"out": end(0, 2), "in": fight}))


def test_an_empty_threat_is_nash_and_not_subgame_perfect() -> None:
    game = entry_game()
    threat = profile_of(game, {"enter": "out", "reply": "fight"})
    assert regrets(game, threat).tolist() == [0, 0]
    assert subgame_regrets(game, threat).tolist() == [0, 2]
    assert described(game, backward_induction(game)[0]) == {
        "enter": {"out": 0.0, "in": 1.0},
        "reply": {"fight": 0.0, "share": 1.0},
    }


def test_every_tie_is_followed() -> None:
    reply = decide("B", "b", {"x": end(2, 0), "y": end(0, 0)})
    game = compile_game("ties", ["A", "B"], decide("A", "a", {"in": reply, "out": end(1, 5)}))
    assert rows(backward_induction(game)) == [(0, 1, 0, 1), (1, 0, 1, 0)]


def test_mixed_solutions_of_a_subgame() -> None:
    def cell(taken: tuple[str, ...]):  # type: ignore[no-untyped-def]
        return end(*{"xx": (3, 2), "yy": (2, 3)}.get("".join(taken), (0, 0)))

    battle = simultaneous([("A", "a", "xy"), ("B", "b", "xy")], cell)
    game = compile_game("outside", ["A", "B"], decide("A", "first", {"out": end("1.3", 0), "in": battle}))
    assert subgame_roots(game).tolist() == [0, 2]
    found = {row[0] for row in rows(subgame_perfect(game, mixed=True))}
    assert len(subgame_perfect(game, mixed=True)) == 3
    assert len(subgame_perfect(game)) == 2
    assert found == {0.0, 1.0}  # out where the battle is mixed (worth 1.2), in where it is pure
    part = subgame(game, 2)
    assert [group.name for group in part.information_sets] == ["a", "b"]


def test_what_they_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = compile_game("h", ["A", "B"], simultaneous([("A", "a", "xy"), ("B", "b", "xy")], lambda _: end(0, 0)))
    with pytest.raises(NotSupportedError, match="at 'b' a player does not know where the game stands"):
        backward_induction(hidden)
    monkeypatch.setattr(subgame_perfection, "MOST_EQUILIBRIA", 3)
    with pytest.raises(TooLargeError, match="ties make more than 3 equilibria"):
        subgame_perfect(hidden)
