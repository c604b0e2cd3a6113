"""The war of attrition: played out with drawn types, indifference while it lasts, and what moves it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, expon

from backchannel.analyses.signals.war_of_attrition import uniform_belief, uniform_horizon, war_of_attrition

RATES = st.floats(0.1, 5)


def steep(worth: float) -> float:
    """Worth of war with density on all w < 0, steeper next to 0."""
    return float(np.exp(2 * worth)) if worth < 0 else 1.0


@pytest.mark.parametrize(
    ("rates", "beliefs"),
    [((2.0, 1.0), (uniform_belief(-1), uniform_belief(-1))), ((0.5, 3.0), (steep, uniform_belief(-2)))],
)
def test_played_out_with_drawn_types(
    rates: tuple[float, float], beliefs: tuple[Callable[[float], float], Callable[[float], float]]
) -> None:
    """Draw when each side would quit (never, if it would rather fight) and see who is first."""
    found = war_of_attrition(rates, beliefs)
    rng = np.random.default_rng(1)
    size = 200_000
    leaves = []
    for j in (0, 1):
        stays, other = 1 - found.quits_at_once[j], rates[1 - j]
        u = rng.random(size)
        time = np.where(u > stays, 0.0, (stays / u - 1) / other)  # survival stays / (1 + other t)
        leaves.append(np.where(time < found.horizon, time, np.inf))
    first, second = leaves
    war = np.isinf(first) & np.isinf(second)
    assert war.mean() == pytest.approx(found.war, abs=0.005)
    assert (first < second).mean() == pytest.approx(found.quits[0], abs=0.005)
    assert (second < first).mean() == pytest.approx(found.quits[1], abs=0.005)
    for j in (0, 1):
        assert np.isinf(leaves[j]).mean() == pytest.approx(found.survivors[j], abs=0.005)


@given(RATES, RATES, st.floats(0.2, 4))
def test_closed_form_and_shares(first: float, second: float, worst: float) -> None:
    belief = uniform_belief(-worst)
    found = war_of_attrition((first, second), (belief, belief))
    assert found.horizon == pytest.approx(uniform_horizon((first, second), -worst), rel=1e-9)
    assert sum(found.quits) + found.war == pytest.approx(1, abs=1e-9)
    assert min(found.quits_at_once) == pytest.approx(0, abs=1e-12)
    weaker = int(first > second)  # the side of the lower rate quits at once
    assert found.quits_at_once[1 - weaker] == pytest.approx(0, abs=1e-9)


def test_waiting_pays_as_much_as_quitting() -> None:
    """Side 0 in the mixed stretch: waiting until T and then quitting is worth -rate * t for every T."""
    rates = (2.0, 1.0)
    belief = uniform_belief(-1)
    found = war_of_attrition(rates, (belief, belief))
    start = 0.1

    def stays(t: float) -> float:
        return (1 + rates[0] * start) / (1 + rates[0] * t)  # the other's survival from the start on

    for until in (0.15, 0.25, 0.35):
        won = 1 - stays(until)
        worth = won - stays(until) * rates[0] * until
        assert worth == pytest.approx(-rates[0] * start)
        hazard = quad(lambda t: rates[0] / (1 + rates[0] * t), start, until)[0]
        assert stays(until) == pytest.approx(np.exp(-hazard))
    assert found.horizon > 0.35


def test_the_side_that_pays_more_wins_more() -> None:
    belief = uniform_belief(-1)
    even = war_of_attrition((1, 1), (belief, belief))
    assert even.quits[0] == pytest.approx(even.quits[1])
    quits = [war_of_attrition((rate, 1), (belief, belief)).quits[0] for rate in (1, 2, 4, 8)]
    assert quits == sorted(quits, reverse=True)
    assert quits[-1] < quits[0] / 2


def test_any_distribution_will_do() -> None:
    tail, bounded = (lambda w: float(expon.sf(-w, scale=2))), (lambda w: float(beta.sf(-w, 2, 3)))
    found = war_of_attrition((1.5, 0.7), (tail, bounded))
    assert sum(found.quits) + found.war == pytest.approx(1, abs=1e-9)
    assert found.horizon == min(found.horizons)


def test_what_it_refuses() -> None:
    with pytest.raises(ValueError, match="must grow at a rate above 0"):
        war_of_attrition((0, 1), (steep, steep))
    with pytest.raises(ValueError, match="war must be worth 0 or less to side 2"):
        war_of_attrition((1, 1), (steep, lambda w: 0.5))
    with pytest.raises(ValueError, match="never falls below 1"):
        war_of_attrition((1, 1), (steep, lambda w: 1.0))
    with pytest.raises(ValueError, match="must lie below 0"):
        uniform_belief(0)
