"""Bonds split over guarantors, and the price of restraint."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.numerics.bonds import expected_forfeit, price_at_credence, price_of_restraint, split_bond

ENFORCES, BIAS, OPEN = np.array([0.9, 0.5, 0.8]), np.array([0.0, 0.1, 0.5]), np.full(3, np.inf)


def test_the_most_effective_guarantor_holds_it_all() -> None:
    found = split_bond(9.0, ENFORCES, BIAS, OPEN)
    assert found == pytest.approx([10, 0, 0])
    assert expected_forfeit(found, ENFORCES, BIAS) == pytest.approx(9)


def test_limits_push_the_rest_to_the_next() -> None:
    found = split_bond(9.0, ENFORCES, BIAS, np.array([5.0, 5.0, np.inf]))
    assert found == pytest.approx([5, 5, 2.25 / 0.4])
    assert split_bond(9.0, ENFORCES, BIAS, np.full(3, 1.0)) is None


def test_one_guarantor_may_drop_out() -> None:
    found = split_bond(9.0, ENFORCES, BIAS, OPEN, spare=1)
    assert found is not None
    for k in range(3):
        rest = found.copy()
        rest[k] = 0
        assert expected_forfeit(rest, ENFORCES, BIAS) >= 9 - 1e-9
    grid = [np.array([a, b, c], dtype=float) for a in range(0, 26, 5) for b in range(0, 31, 5) for c in range(0, 31, 5)]
    good = [
        face.sum()
        for face in grid
        if all(expected_forfeit(face * (np.arange(3) != k), ENFORCES, BIAS) >= 9 for k in range(3))
    ]
    assert found.sum() <= min(good) + 1e-9
    with pytest.raises(ValueError, match="spare is 0 or 1, got 2"):
        split_bond(1.0, ENFORCES, BIAS, OPEN, spare=2)


def test_prices_by_kind_of_spoiler() -> None:
    limited = price_of_restraint(12, "limited", 3)
    assert limited.each == pytest.approx((4, 4, 4))
    assert limited.total == pytest.approx(12)
    assert price_of_restraint(12, "greedy", 3).each == pytest.approx((4, 6, 9))
    assert price_of_restraint(12, "total").total is None
    assert price_of_restraint(-3, "limited").total == 0


def test_recorded_price_of_a_promise() -> None:
    assert [price_at_credence(1.7, p) for p in (1.0, 0.8, 0.5, 0.25)] == pytest.approx([1.7, 2.125, 3.4, 6.8])
    assert price_at_credence(1.7, 0.0) is None
