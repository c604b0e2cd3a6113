"""Loss aversion: shape of values and weights, and the window by a grid of exchanges felt as losses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.analyses.deals.loss_aversion import (
    break_even_aversion,
    decision_weight,
    loss_averse_window,
    prospect_value,
)


@given(st.floats(0.1, 2), st.floats(0.1, 3), st.floats(1, 3), st.floats(1, 3))
def test_window_is_where_both_gain_with_own_concessions_felt_as_losses(
    low: float, high: float, first: float, second: float
) -> None:
    """The first gives 1 at the cost `low` a unit of gain, gets u; the second gives u, gets `high` a unit of cost."""
    rates = np.linspace(0, 4, 2001)
    gains = rates + prospect_value(np.full_like(rates, -low), curvature=1, aversion=first)
    others = high + prospect_value(-rates, curvature=1, aversion=second)
    start, end = loss_averse_window(low, high, first, second)
    inside = (rates > start + 1e-9) & (rates < end - 1e-9)
    outside = (rates < start - 1e-9) | (rates > end + 1e-9)
    assert ((gains > 0) & (others > 0))[inside].all()
    assert not ((gains > 0) & (others > 0))[outside].any()


@given(st.floats(0.1, 2), st.floats(0.1, 9))
def test_it_closes_at_the_break_even_aversion(low: float, high: float) -> None:
    aversion = break_even_aversion(low, high)
    closed, open_ = (loss_averse_window(low, high, aversion * part) for part in (1.001, 0.999))
    assert closed[0] > closed[1]
    assert open_[0] < open_[1]
    assert loss_averse_window(low, high, aversion)[0] == pytest.approx(loss_averse_window(low, high, aversion)[1])


def test_losses_loom_larger_and_further_units_matter_less() -> None:
    assert prospect_value([0.0]).tolist() == [0]
    assert prospect_value(-10) == pytest.approx(-2.25 * prospect_value(10))
    assert prospect_value(20) < 2 * prospect_value(10)
    assert prospect_value([-3, 3], curvature=1, aversion=1).tolist() == [-3, 3]


@given(st.floats(0.3, 1))
def test_decision_weights_rise_from_0_to_1(exponent: float) -> None:
    weights = decision_weight(np.linspace(0, 1, 501), exponent=exponent)
    assert (weights[0], weights[-1]) == (0, 1)
    assert (np.diff(weights) >= -1e-12).all()


def test_small_probabilities_count_too_much() -> None:
    assert decision_weight(0.01) > 0.01
    assert decision_weight(0.9) < 0.9
    assert decision_weight([0.2, 0.7], exponent=1) == pytest.approx([0.2, 0.7])


def test_refused() -> None:
    with pytest.raises(ValueError, match="aversion is 0, expected above 0"):
        prospect_value(1, aversion=0)
    with pytest.raises(ValueError, match=r"exponent above 0.28, got 0.2"):
        decision_weight(0.5, exponent=0.2)
    with pytest.raises(ValueError, match=r"expected probabilities in \[0, 1\]"):
        decision_weight(1.5)
    with pytest.raises(ValueError, match="low is -1, expected above 0"):
        break_even_aversion(-1, 1)
