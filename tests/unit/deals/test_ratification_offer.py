"""Offers that must be ratified: against grids and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.analyses.deals.bargaining_range import uniform_screening
from backchannel.analyses.deals.ratification_offer import nash_share_with_reserve, ratification_offer

UNIT = st.floats(0, 1)


@given(UNIT, UNIT, UNIT)
@settings(max_examples=150, deadline=None)
def test_no_offer_on_a_grid_is_better(a: float, b: float, disagreement: float) -> None:
    low, high = min(a, b), max(a, b)
    found = ratification_offer(low, high, disagreement)
    offers = np.linspace(0, 1, 2001)
    ratified = np.clip((offers - low) / (high - low), 0, 1) if high - low > 1e-9 else 1.0 * (offers >= high)
    values = (1 - offers) * ratified + disagreement * (1 - ratified)
    assert found.value >= values.max() - 1e-9
    assert low <= found.offer <= high
    assert 0 <= found.failure <= 1


def test_failure_by_simulation() -> None:
    reserves = np.random.default_rng(5).uniform(0.4, 0.8, 200_000)
    found = ratification_offer(0.4, 0.8, 0.1)
    assert (reserves > found.offer).mean() == pytest.approx(found.failure, abs=0.004)


def test_it_is_the_same_problem_as_screening_by_a_demand() -> None:
    """Reserve r in [0.4, 0.8] is 1 - win - cost with win 0.2 and a cost in [0, 0.4]; war for the proposer is 0.1."""
    offer, demand = ratification_offer(0.4, 0.8, 0.1), uniform_screening(0.2, 0.1, 0.0, 0.4)
    assert (offer.offer, offer.failure, offer.value) == pytest.approx((1 - demand.demand, demand.war, demand.value))


def test_known_reserve_helps_only_where_it_binds() -> None:
    assert [nash_share_with_reserve(r) for r in (0.0, 0.3, 0.5, 0.7, 1.0)] == [0.5, 0.5, 0.5, 0.7, 1.0]
    assert nash_share_with_reserve(0.2, 0.5) == 0.25
    assert nash_share_with_reserve(0.6, 0.5) is None


def test_known_reserve_is_the_limit_of_a_narrow_one() -> None:
    assert ratification_offer(0.6, 0.6).offer == 0.6
    assert ratification_offer(0.6, 0.6).failure == 0
    assert ratification_offer(0.6, 0.6, 0.5).failure == 1


def test_refused() -> None:
    with pytest.raises(ValueError, match=r"reserve \[0.8, 0.4\].*expected 0 <= low <= high <= 1"):
        ratification_offer(0.8, 0.4)
    with pytest.raises(ValueError, match=r"reserve 1.5, disagreement 0: expected both in \[0, 1\]"):
        nash_share_with_reserve(1.5)
