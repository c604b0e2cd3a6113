"""Experts' answers from the definitions, by drawing, and what is refused."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from backchannel.numerics.elicitation import (
    band_of,
    cooke_calibration,
    cooke_information,
    cooke_weight,
    fitted_beta,
    pooled,
    rescaled_interval,
)


def test_calibration_of_experts_who_are_right() -> None:
    """If answers fall between the quantiles as promised, calibration is spread about evenly between 0 and 1."""
    draws = np.random.default_rng(0).multinomial(400, [0.05, 0.45, 0.45, 0.05], size=2000)
    values = np.array([cooke_calibration(row) for row in draws])
    assert np.quantile(values, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.05)
    assert cooke_calibration([20, 180, 180, 20]) == pytest.approx(1)
    assert cooke_calibration([0, 10, 0, 0]) < 0.01


def test_information_by_hand() -> None:
    """One quantile at the middle of 0..10, extended to -1..11: half the mass on half the range says nothing."""
    assert cooke_information([5], 0, 10, (0.5,)) == pytest.approx(0)
    expected = log(12) + 0.5 * log(0.5 / 3) + 0.5 * log(0.5 / 9)
    assert cooke_information([2], 0, 10, (0.5,)) == pytest.approx(expected)


def test_weight_counts_the_hits() -> None:
    estimates = [[1, 2, 3], [10, 20, 30], [0, 5, 9]]
    found = cooke_weight(estimates, [2.5, 9, 9.5], [[0, 4], [5, 40], [0, 10]], cut_off=0)
    assert found.hits.tolist() == [1, 0, 1, 1]
    spans = [(0, 4), (5, 40), (0, 10)]
    each = [cooke_information(row, *span) for row, span in zip(estimates, spans, strict=True)]
    assert found.information == pytest.approx(np.mean(each))
    assert found.weight == pytest.approx(found.calibration * found.information)
    assert cooke_weight(estimates, [2.5, 9, 9.5], [[0, 4], [5, 40], [0, 10]], cut_off=0.9).weight == 0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 1))
def test_intervals_keep_their_proportions(a: float, b: float, c: float, confidence: float) -> None:
    low, best, high = sorted((a, b, c))
    left, right = rescaled_interval(low, best, high, confidence)
    assert best - left == pytest.approx((best - low) * 0.8 / confidence)
    assert right - best == pytest.approx((high - best) * 0.8 / confidence)
    again = rescaled_interval(low, best, high, 0.8)
    assert again == pytest.approx((low, high))


@pytest.mark.parametrize("truth", [(2.0, 5.0), (0.6, 0.8), (40.0, 12.0), (1.0, 1.0)])
def test_quartiles_of_a_beta_give_it_back(truth: tuple[float, float]) -> None:
    assert fitted_beta(beta.ppf([0.25, 0.5, 0.75], *truth)) == pytest.approx(truth, rel=1e-3)


def test_pooling() -> None:
    assert pooled([0.3]) == pytest.approx(0.3)
    assert pooled([0.2, 0.8]) == pytest.approx(0.5)
    assert pooled([0.6, 0.9], weights=[1, 0]) == pytest.approx(0.6)
    assert pooled([0.6, 0.9], weights=[2, 1]) == pytest.approx(pooled([0.6, 0.6, 0.9]))
    assert pooled([0.6, 0.7], extremising=2) > pooled([0.6, 0.7])


def test_bands_take_their_lower_end() -> None:
    bands = [("low", 0.1, 0.4), ("high", 0.4, 0.9)]
    assert [band_of(p, bands) for p in (0, 0.39, 0.4, 1)] == ["low", "low", "high", "high"]


def test_what_it_refuses() -> None:
    with pytest.raises(ValueError, match="4 counts of 0 or more are needed for 3 quantiles"):
        cooke_calibration([1, 2, 3])
    with pytest.raises(ValueError, match=r"the range 0\.\.4 must hold the estimate"):
        cooke_information([1, 2, 5], 0, 4)
    with pytest.raises(ValueError, match="3 rising values are needed"):
        cooke_information([1, 1, 2], 0, 4)
    with pytest.raises(ValueError, match="levels must rise strictly between 0 and 1"):
        cooke_calibration([1, 1, 1], (0.5, 0.5))
    with pytest.raises(ValueError, match="expected low <= best <= high"):
        rescaled_interval(0.5, 0.4, 0.6, 0.8)
    with pytest.raises(ValueError, match="confidence must lie above 0"):
        rescaled_interval(0.1, 0.4, 0.6, 0)
    with pytest.raises(ValueError, match="a share lie between 0 and 1"):
        fitted_beta([0.2, 0.5, 1.0])
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        pooled([0.5, 1.0])
    with pytest.raises(ValueError, match="weights need one number"):
        pooled([0.5], weights=[0])
    with pytest.raises(ValueError, match="a probability lies between 0 and 1, got 2"):
        band_of(2, [("x", 0.0, 1.0)])
    with pytest.raises(ValueError, match=r"expected .questions, quantiles."):
        cooke_weight([[1, 2, 3]], [1, 2], [[0, 4]])
