"""Dividing one prize: backward induction by hand, grids, and the general solutions on a fine set of packages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.analyses.deals.division import (
    alternating_offers,
    finite_alternating_offers,
    nash_division,
    patience_weight,
    triangle,
    truncated_triangle,
)
from backchannel.numerics.bargaining_solutions import equal_gains, kalai_smorodinsky, nash, utilitarian

FACTOR = st.floats(0, 0.99)


@given(FACTOR, FACTOR)
@settings(max_examples=80, deadline=None)
def test_each_proposer_leaves_the_other_what_waiting_is_worth(first: float, second: float) -> None:
    mine, theirs = alternating_offers(first, second), alternating_offers(second, first)
    assert 1 - mine == pytest.approx(second * theirs)
    assert 1 - theirs == pytest.approx(first * mine)


@given(FACTOR, FACTOR)
@settings(max_examples=40, deadline=None)
def test_many_rounds_come_close_to_endless_ones(first: float, second: float) -> None:
    assert finite_alternating_offers(first, second, 4000) == pytest.approx(alternating_offers(first, second), abs=1e-9)


@given(
    st.tuples(st.floats(0, 0.5), st.floats(0, 0.45)),
    st.tuples(st.floats(0.1, 3), st.floats(0.1, 3)),
    st.tuples(st.floats(0.2, 1), st.floats(0.2, 1)),
)
@settings(max_examples=150, deadline=None)
def test_nash_division_beats_every_share_on_a_grid(
    outside: tuple[float, float], weights: tuple[float, float], exponents: tuple[float, float]
) -> None:
    found = nash_division(outside, weights, exponents)
    assert found is not None

    def product(x: np.ndarray) -> np.ndarray:
        mine = np.maximum(x ** exponents[0] - outside[0] ** exponents[0], 0)
        theirs = np.maximum((1 - x) ** exponents[1] - outside[1] ** exponents[1], 0)
        return mine ** weights[0] * theirs ** weights[1]

    grid = np.linspace(outside[0], 1 - outside[1], 4001)
    assert product(np.array([found]))[0] >= product(grid).max() * (1 - 1e-9)


def test_no_zone_and_a_zone_of_one_point() -> None:
    assert nash_division((0.6, 0.5)) is None
    assert nash_division((0.75, 0.25)) == 0.75


@pytest.mark.parametrize(("first", "second"), [(1, 1), (2, 1), (10, 4)])
def test_triangle_is_the_limit_of_packages_on_it(first: float, second: float) -> None:
    shares = np.linspace(0, 1, 30_001)[:, None]
    gains = np.hstack([first * shares, second * (1 - shares)])
    exact = triangle(first, second)
    assert gains[nash(gains)[0]] == pytest.approx(exact.nash, rel=1e-3)
    assert gains[kalai_smorodinsky(gains)[0]] == pytest.approx(exact.kalai_smorodinsky, rel=1e-3)
    assert gains[equal_gains(gains)[0]] == pytest.approx(exact.leximin, rel=1e-3)
    assert gains[utilitarian(gains)[0]].sum() == pytest.approx(exact.utilitarian)


@pytest.mark.parametrize("cap", [0.1, 0.25, 0.5, 0.8, 1.0])
def test_truncated_triangle_is_the_limit_of_packages_on_it(cap: float) -> None:
    second = np.linspace(0, cap, 20_001)
    gains = np.column_stack([1 - second, second])
    exact = truncated_triangle(cap)
    assert gains[nash(gains)[0]] == pytest.approx(exact.nash, abs=1e-4)
    assert gains[kalai_smorodinsky(gains)[0]] == pytest.approx(exact.kalai_smorodinsky, abs=1e-4)
    assert gains[equal_gains(gains)[0]] == pytest.approx(exact.leximin, abs=1e-4)
    assert min(exact.leximin) == pytest.approx(exact.equal_gains[0])


def test_refused() -> None:
    with pytest.raises(ValueError, match=r"discount factors are 1.1 and 0.5, expected both in \[0, 1\]"):
        alternating_offers(1.1, 0.5)
    with pytest.raises(ValueError, match="no division is singled out"):
        alternating_offers(1, 1)
    with pytest.raises(ValueError, match="got 0 rounds"):
        finite_alternating_offers(0.5, 0.5, 0)
    with pytest.raises(ValueError, match="rates are 0 and 0"):
        patience_weight(0, 0)
    with pytest.raises(ValueError, match=r"exponents in \(0, 1\]"):
        nash_division(exponents=(2, 1))
    with pytest.raises(ValueError, match="intercepts are 0 and 1"):
        triangle(0, 1)
    with pytest.raises(ValueError, match=r"cap is 1.5"):
        truncated_triangle(1.5)
