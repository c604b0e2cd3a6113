"""Whether demands fit into one prize: simulation, convolution on a grid, and listing all combinations."""

from __future__ import annotations

import itertools
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.analyses.deals.veto_players import listed_demands_fit, uniform_demands_fit
from backchannel.errors import TooLargeError


@pytest.mark.parametrize("players", [1, 2, 3, 8, 12])
def test_demands_anywhere_in_the_prize(players: int) -> None:
    assert uniform_demands_fit([0] * players, [1] * players) == pytest.approx(1 / factorial(players), rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_uniform_demands_by_simulation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    players = int(rng.integers(1, 5))
    low = rng.random(players) * 0.4
    high = low + rng.random(players) * 0.6
    drawn = (low + (high - low) * rng.random((200_000, players))).sum(axis=1)
    assert uniform_demands_fit(low.tolist(), high.tolist()) == pytest.approx((drawn <= 1).mean(), abs=0.004)


def test_certain_demands() -> None:
    assert uniform_demands_fit([0.5, 0.5], [0.5, 0.5]) == 1
    assert uniform_demands_fit([0.5, 0.6], [0.5, 0.6]) == 0
    assert uniform_demands_fit([0.25, 0.5], [0.25, 1.0]) == pytest.approx(0.5)
    assert uniform_demands_fit([0, 0], [1, 1], prize=3) == 1


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 5)), min_size=1, max_size=4), min_size=1, max_size=4),
    st.integers(0, 20),
)
@settings(max_examples=100, deadline=None)
def test_listed_demands_by_listing_all_combinations(players: list[list[tuple[int, int]]], prize: int) -> None:
    demands = [[value for value, _ in one] for one in players]
    chances = [[weight / sum(w for _, w in one) for _, weight in one] for one in players]
    expected = sum(
        prod(chances[k][place] for k, place in enumerate(places))
        for places in itertools.product(*[range(len(one)) for one in players])
        if sum(demands[k][place] for k, place in enumerate(places)) <= prize
    )
    assert listed_demands_fit(demands, chances, prize) == pytest.approx(expected)


def test_decimals_are_taken_as_written() -> None:
    assert listed_demands_fit([[0.1], [0.2]], [[1], [1]], prize=0.3) == 1


def test_refused() -> None:
    with pytest.raises(ValueError, match="expected as many ends as starts, none below"):
        uniform_demands_fit([0.5], [0.4])
    with pytest.raises(TooLargeError, match="17 veto players, over the 16 taken"):
        uniform_demands_fit([0] * 17, [1] * 17)
    with pytest.raises(ValueError, match="2 lists of demands and 1 of probabilities"):
        listed_demands_fit([[1], [1]], [[1]])
    with pytest.raises(ValueError, match="a probability each, summing to 1"):
        listed_demands_fit([[1, 2]], [[0.5, 0.6]])
