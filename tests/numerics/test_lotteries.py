"""Bargaining over lotteries: fine grids of mixtures, closed forms, and certificates that do not use the solver."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.analyses.deals.division import triangle, truncated_triangle
from backchannel.numerics.bargaining_solutions import nash
from backchannel.numerics.lotteries import Lottery, kalai_smorodinsky_lottery, nash_lottery, upper_hull


def mixtures(gains: np.ndarray, steps: int = 40) -> np.ndarray:
    """Gains of all mixtures whose weights are multiples of 1 / steps."""
    counts = [c for c in itertools.product(range(steps + 1), repeat=len(gains) - 1) if sum(c) <= steps]
    weights = np.array([[*c, steps - sum(c)] for c in counts]) / steps
    return weights @ gains


def whole(lottery: Lottery, gains: np.ndarray) -> None:
    assert (lottery.weights > 0).all()
    assert lottery.weights.sum() == pytest.approx(1, abs=1e-12)
    assert lottery.weights @ np.asarray(gains)[lottery.packages] == pytest.approx(lottery.gains)


@pytest.mark.parametrize(("first", "second"), [(1, 1), (2, 1), (10, 4), (1, 1000)])
def test_triangle(first: float, second: float) -> None:
    gains = [[first, 0], [0, second], [first / 10, second / 10]]
    expected = triangle(first, second)
    assert nash_lottery(gains).gains == pytest.approx(expected.nash, rel=1e-9)
    assert kalai_smorodinsky_lottery(gains).gains == pytest.approx(expected.kalai_smorodinsky, rel=1e-9)
    assert upper_hull(gains).tolist() == [0, 1]


@pytest.mark.parametrize("cap", [0.05, 0.25, 0.4, 0.5, 0.8, 1.0])
def test_truncated_triangle(cap: float) -> None:
    gains = [[1, 0], [1 - cap, cap], [0, cap]]
    expected = truncated_triangle(cap)
    assert nash_lottery(gains).gains == pytest.approx(expected.nash, rel=1e-9)
    assert kalai_smorodinsky_lottery(gains).gains == pytest.approx(expected.kalai_smorodinsky, rel=1e-9)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("parties", [2, 3])
def test_no_mixture_of_a_grid_does_better(seed: int, parties: int) -> None:
    rng = np.random.default_rng([seed, parties])
    gains = rng.random((4, parties)) * (rng.random((4, parties)) < 0.8)
    gains[0] += 0.01
    grid = mixtures(gains)
    best = nash_lottery(gains)
    whole(best, gains)
    assert np.log(best.gains).sum() >= np.log(np.maximum(grid, 1e-300)).sum(axis=1).max() - 1e-12
    fair = kalai_smorodinsky_lottery(gains)
    whole(fair, gains)
    ideal = gains.max(axis=0)
    assert (fair.gains / ideal).min() >= (grid / ideal).min(axis=1).max() - 1e-9


@pytest.mark.parametrize("seed", range(8))
def test_nash_lottery_meets_its_first_order_conditions(seed: int) -> None:
    """At prices weight / gain no package is worth over 1, which is enough since the product is log-concave."""
    rng = np.random.default_rng(seed)
    parties = int(rng.integers(2, 7))
    gains = rng.random((int(rng.integers(1, 300)), parties)) ** 3 * 10.0 ** rng.integers(-4, 5, parties)
    weights = rng.random(parties) + 0.1
    lottery = nash_lottery(gains, weights)
    whole(lottery, gains)
    worth = gains @ (weights / weights.sum() / lottery.gains)
    assert worth.max() <= 1 + 1e-9
    assert worth[lottery.packages] == pytest.approx(1, abs=1e-8)
    assert len(lottery.packages) <= parties


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=9))
@settings(max_examples=60, deadline=None)
def test_lotteries_are_no_worse_than_packages(points: list[tuple[int, int]]) -> None:
    gains = np.array(points, dtype=np.float64)
    able = gains.max(axis=0) > 0
    lottery = nash_lottery(gains)
    whole(lottery, gains)
    assert np.prod(lottery.gains[able]) >= np.prod(gains[nash(gains)[0], able]) - 1e-9


@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=1, max_size=7))
@settings(max_examples=40, deadline=None)
def test_upper_hull_of_two_and_of_three_parties_agree(rows: list[list[int]]) -> None:
    """Two parties by a scan, three by linear programs: a third who gains as the first does changes nothing."""
    pairs = np.array(rows, dtype=np.float64)[:, :2]
    if (pairs.max(axis=0) == 0).any():
        return
    assert upper_hull(pairs).tolist() == upper_hull(np.column_stack([pairs, pairs[:, 0]])).tolist()


def test_upper_hull_keeps_edges_and_ties_and_drops_what_a_lottery_beats() -> None:
    gains = [[0, 4], [4, 0], [2, 2], [2, 2], [1, 2.9], [3, 1], [0, 3]]
    assert upper_hull(gains).tolist() == [0, 1, 2, 3, 5]
    assert upper_hull([[0, 0], [0, 0]]).tolist() == [0, 1]
    assert upper_hull([[0, 1], [0, 2]]).tolist() == [1]
    assert upper_hull(np.zeros((0, 2))).tolist() == []


def test_kalai_smorodinsky_goes_on_where_one_party_is_stuck() -> None:
    """Two divide one prize between them; what the third has takes nothing from either."""
    lottery = kalai_smorodinsky_lottery([[1, 0, 0], [0, 1, 0], [1, 0, 1], [0, 1, 1]])
    assert lottery.gains == pytest.approx([0.5, 0.5, 1])
    assert lottery.packages.tolist() == [2, 3]


def test_parties_without_gains_and_single_packages() -> None:
    assert nash_lottery([[0, 2, 0], [0, 1, 0]]).gains.tolist() == [0, 2, 0]
    assert nash_lottery([[0, 0]]).packages.tolist() == [0]
    assert kalai_smorodinsky_lottery([[0, 0], [0, 0]]).weights.tolist() == [1]
    with pytest.raises(ValueError, match="no package to draw"):
        nash_lottery(np.zeros((0, 2)))
