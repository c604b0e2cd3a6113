"""Critical discount factors against recorded values, brute force over strategies in time, and the formulas' corners."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from backchannel.numerics.repetition import (
    critical_discount_factor,
    critical_discount_factor_in_rounds,
    critical_discount_factor_of_swap,
    critical_shift,
    discount_factor,
)


def test_recorded_values() -> None:
    assert critical_discount_factor_of_swap(1, 0.6) == pytest.approx(0.6)
    assert critical_discount_factor_in_rounds(1, 0.4, 0, 3) == pytest.approx(0.6914139797817368)
    assert critical_shift(0.3, 0.7, 0.08, 0.08) == pytest.approx(0.6129032258064516)


def test_cheating_once_does_not_pay_from_the_factor_on() -> None:
    """Streams of pay-offs summed over 4,000 rounds, on either side of the factor."""
    random = np.random.default_rng(3)
    for _ in range(50):
        punishment, reward, temptation = np.sort(random.uniform(0, 10, 3))
        found = critical_discount_factor(temptation, reward, punishment)
        assert found is not None
        for delta, pays in ((found - 1e-3, True), (found + 1e-3, False)):
            if 0 < delta < 0.99:
                weights = delta ** np.arange(4000)
                cheat = temptation + punishment * weights[1:].sum()
                assert bool(cheat > reward * weights.sum()) is pays


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_a_punishment_of_some_rounds(rounds: int) -> None:
    random = np.random.default_rng(rounds)
    for _ in range(30):
        punishment, reward, temptation = np.sort(random.uniform(0, 10, 3))
        found = critical_discount_factor_in_rounds(temptation, reward, punishment, rounds)
        if found is None:
            assert rounds * (reward - punishment) < temptation - reward
            continue
        loss = sum(found**k for k in range(1, rounds + 1)) * (reward - punishment)
        assert loss == pytest.approx(temptation - reward)


def test_corners() -> None:
    assert critical_discount_factor(1, 2, 0) == 0
    assert critical_discount_factor(3, 2, 2) is None
    assert critical_discount_factor_in_rounds(1, 2, 0, 3) == 0
    assert critical_discount_factor_in_rounds(9, 2, 0, 3) is None
    assert critical_discount_factor_of_swap(1, 1) is None
    assert critical_shift(0.3, 0.4, 0.2, 0.1) is None
    assert critical_shift(0.3, 0.05, 0.08, 0.08) is None
    assert discount_factor(0.1, 0.5, 0.2) == pytest.approx(exp(-0.05) * 0.8)


def test_a_shift_in_power_against_the_division_that_would_be_needed() -> None:
    """Below the factor some share today satisfies both; above it even all of it does not satisfy who declines."""
    before, after, cost_riser, cost_decliner = 0.3, 0.7, 0.08, 0.08
    critical = critical_shift(before, after, cost_riser, cost_decliner)
    assert critical is not None
    for delta, war in ((critical - 0.01, False), (critical + 0.01, True)):
        all_today = 1 - delta + delta * (1 - (after - cost_riser))
        assert (all_today < 1 - before - cost_decliner) is war
