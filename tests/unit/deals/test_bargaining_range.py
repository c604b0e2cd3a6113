"""Range, screening and shifting power against grids, simulation and dynamic programming."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.analyses.deals.bargaining_range import (
    bargaining_range,
    critical_discount,
    discrete_screening,
    risky_demand_threshold,
    screening,
    shifting_power,
    uniform_screening,
)

UNIT = st.floats(0, 1)
COST = st.floats(0, 0.8)


def best_on_grid(win: float, cost: float, accepts: np.ndarray) -> tuple[float, float]:
    """Best demand and value on a grid; `accepts[k]`: probability that demand k / (len - 1) is accepted."""
    demands = np.linspace(0, 1, len(accepts))
    values = demands * accepts + (win - cost) * (1 - accepts)
    return float(demands[values.argmax()]), float(values.max())


@given(UNIT, COST, COST, st.just(0.0) | st.floats(0.01, 0.6))
@settings(max_examples=150, deadline=None)
def test_uniform_screening_beats_every_demand_on_a_grid(win: float, cost: float, low: float, width: float) -> None:
    high = low + width
    found = uniform_screening(win, cost, low, high)
    demands = np.linspace(0, 1, 2001)
    refused = np.clip((demands - win - low) / width, 0, 1) if width else 1.0 * (demands - win > high)
    values = demands * (1 - refused) + (win - cost) * refused
    assert 0 <= found.demand <= 1
    assert found.value >= values.max() - 1e-9
    at = min(max((found.demand - win - low) / width, 0), 1) if width else 0
    assert found.war == pytest.approx(at, abs=1e-6)


def test_clipped_demand_is_not_the_unclipped_formula() -> None:
    """The formula asks for 1.075 of the prize; all of it is the most that can be asked."""
    found = uniform_screening(0.9, 0.1, 0.05, 0.45)
    accepts = 1 - np.clip((np.linspace(0, 1, 4001) - 0.95) / 0.4, 0, 1)
    assert (found.demand, found.value) == pytest.approx(best_on_grid(0.9, 0.1, accepts))


def test_no_risk_is_run_where_war_is_dear_enough() -> None:
    assert uniform_screening(0.5, 0.36, 0.05, 0.45).war == 0
    assert uniform_screening(0.5, 0.34, 0.05, 0.45).war > 0


@given(UNIT, COST, st.lists(st.tuples(COST, st.integers(1, 9)), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_discrete_screening_beats_every_demand_on_a_grid(
    win: float, cost: float, types: list[tuple[float, int]]
) -> None:
    costs = [value for value, _ in types]
    shares = np.array([weight for _, weight in types]) / sum(weight for _, weight in types)
    found = discrete_screening(win, cost, costs, shares.tolist())
    demands = np.linspace(0, 1, 1001)
    accepts = ((win + np.array(costs)[:, None] >= demands) * shares[:, None]).sum(axis=0)
    assert found.value >= best_on_grid(win, cost, accepts)[1] - 1e-9


@pytest.mark.parametrize(("share", "demand"), [(0.27, 0.55), (0.28, 0.95)])
def test_two_types_on_both_sides_of_the_threshold(share: float, demand: float) -> None:
    assert risky_demand_threshold(0.1, 0.05, 0.45) == pytest.approx(3 / 11)
    assert discrete_screening(0.5, 0.1, [0.05, 0.45], [1 - share, share]).demand == pytest.approx(demand)


def test_screening_of_any_distribution() -> None:
    uniform = screening(0.5, 0.1, lambda c: np.clip((c - 0.05) / 0.4, 0, 1), 0.05, 0.45)
    assert (uniform.demand, uniform.war, uniform.value) == pytest.approx((0.675, 0.3125, 0.5890625), abs=1e-6)
    rising = screening(0.5, 0.1, lambda c: np.clip(c / 0.4, 0, 1) ** 2, 0.0, 0.4)
    # first-order condition: 1 - F = f (y + cost), y the marginal cost: 0.16 - y^2 = 2 y (y + 0.1)
    marginal = (-0.2 + np.sqrt(0.04 + 12 * 0.16)) / 6
    assert rising.demand == pytest.approx(0.5 + marginal, abs=1e-6)
    capped = screening(0.9, 0.1, lambda c: np.clip((c - 0.2) / 0.4, 0, 1), 0.2, 0.6)
    assert (capped.demand, capped.war, capped.value) == (1.0, 0.0, 1.0)


def test_screening_finds_the_higher_of_two_peaks() -> None:
    def two_groups(c: np.ndarray) -> np.ndarray:
        return 0.5 * np.clip((c - 0.05) / 0.01, 0, 1) + 0.5 * np.clip((c - 0.4) / 0.01, 0, 1)

    found = screening(0.5, 0.1, two_groups, 0.05, 0.41)
    grid = np.linspace(0, 1, 200_001)
    assert found.value == pytest.approx(best_on_grid(0.5, 0.1, 1 - two_groups(grid - 0.5))[1], abs=1e-6)
    assert found.war == pytest.approx(0.5, abs=0.01)


def test_screening_by_simulation() -> None:
    rng = np.random.default_rng(11)
    costs = rng.uniform(0.05, 0.45, 200_000)
    found = uniform_screening(0.5, 0.1, 0.05, 0.45)
    fights = costs < found.demand - 0.5
    outcomes = np.where(fights, 0.4, found.demand)
    assert fights.mean() == pytest.approx(found.war, abs=3 * np.sqrt(0.25 / len(costs)))
    assert outcomes.mean() == pytest.approx(found.value, abs=3 * outcomes.std() / np.sqrt(len(costs)))


@given(UNIT, COST, COST)
@settings(max_examples=100, deadline=None)
def test_both_prefer_every_share_of_the_range_to_war(win: float, first: float, second: float) -> None:
    found = bargaining_range(win, first, second)
    assert 0 <= found.low <= found.nash <= found.high <= 1
    shares = np.linspace(0, 1, 501)
    good = (shares >= win - first) & (1 - shares >= 1 - win - second)
    inside = (shares >= found.low) & (shares <= found.high)
    edge = np.minimum(abs(shares - found.low), abs(shares - found.high)) < 1e-9
    assert (good == inside)[~edge].all()
    product = np.where(good, (shares - win + first) * (win + second - shares), -1)
    assert (found.nash - win + first) * (win + second - found.nash) >= product.max() - 1e-9


@given(UNIT, UNIT, st.floats(0, 0.97), COST, COST)
@settings(max_examples=100, deadline=None)
def test_shifting_power_by_adding_up_periods(
    before: float, after: float, d: float, rising: float, declining: float
) -> None:
    periods = d ** np.arange(3000)
    war = (1 - before - declining) * periods.sum()
    later = 1 - max(0, after - rising)
    peace = 1 + later * periods[1:].sum()
    found = shifting_power(before, after, d, rising, declining)
    assert (found.war_value, found.best_peace) == pytest.approx((war, peace))
    if abs(war - peace) > 1e-9:
        assert found.war == (war > peace)


def test_critical_discount_separates_war_from_peace() -> None:
    limit = critical_discount(0.3, 0.7, 0.08, 0.08)
    assert limit is not None
    assert not shifting_power(0.3, 0.7, limit - 0.001, 0.08, 0.08).war
    assert shifting_power(0.3, 0.7, limit + 0.001, 0.08, 0.08).war
    assert critical_discount(0.3, 0.4, 0.08, 0.08) is None


def test_refused() -> None:
    with pytest.raises(ValueError, match=r"win is 1.2, expected in \[0, 1\]"):
        bargaining_range(1.2, 0, 0)
    with pytest.raises(ValueError, match=r"costs are -0.1 and 0"):
        bargaining_range(0.5, -0.1, 0)
    with pytest.raises(ValueError, match="expected cost >= 0 and 0 <= low <= high"):
        uniform_screening(0.5, 0.1, 0.5, 0.4)
    with pytest.raises(ValueError, match="expected cost >= 0 and 0 <= low <= high"):
        screening(0.5, 0.1, np.sign, 0.5, 0.4)
    with pytest.raises(ValueError, match="as many shares, summing to 1"):
        discrete_screening(0.5, 0.1, [0.1, 0.2], [0.5, 0.6])
    with pytest.raises(ValueError, match="none below 0"):
        discrete_screening(0.5, 0.1, [-0.1], [1])
    with pytest.raises(ValueError, match="not all 0"):
        risky_demand_threshold(0, 0, 0)
    with pytest.raises(ValueError, match=r"discount 1, costs .*expected \[0, 1\)"):
        shifting_power(0.3, 0.7, 1, 0, 0)
