"""Threats in private, in public and in leaky rooms: nobody gains by another choice, and publicity's effect."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from backchannel.analyses.signals.private_threats import (
    Even,
    Threat,
    leak,
    private_credibility,
    private_suffices,
    threat,
)

CHALLENGER, DEFENDER = Even(-0.5, 0.5), Even(-2, 0.5)
COSTS = st.integers(0, 40).map(lambda k: k / 10)
LOWS = st.integers(-30, -1).map(lambda k: k / 10)
HIGHS = st.integers(1, 30).map(lambda k: k / 10)


def check(found: Threat, challenger: Even, defender: Even, back_down: float, yielding: float) -> None:
    """Every type of each side does what is best given the other, drawn over the types."""
    rng = np.random.default_rng(0)
    tolerance = 1e-9
    for worth in rng.uniform(challenger.low, challenger.high, 60):
        after = max(worth, -back_down)
        threatening = (1 - found.resists) + found.resists * after
        fights = worth >= -back_down
        if found.kind == "no_bluffs":
            cut = -(1 - found.resists) / found.resists
            assert threatening >= -tolerance if worth >= cut else threatening <= tolerance
            assert fights or threatening <= tolerance
        elif found.kind == "all_threaten":
            assert threatening >= -tolerance
        elif not fights:
            assert abs(threatening) < tolerance  # bluffers are indifferent
    for worth in rng.uniform(defender.low, defender.high, 60):
        resisting = found.credibility * worth + 1 - found.credibility
        assert (resisting >= -yielding - tolerance) == (worth >= found.yields_at - tolerance)
    assert found.resists == pytest.approx(1 - defender.cdf(found.yields_at))
    assert 0 < found.credibility <= 1 + tolerance
    assert 0 <= found.threaten <= 1 + tolerance
    assert found.concession + found.back_down + found.war == pytest.approx(found.threaten)


@given(LOWS, HIGHS, LOWS, HIGHS, COSTS, COSTS)
@settings(max_examples=80, deadline=None)
def test_threats_are_equilibria(
    c_low: float, c_high: float, d_low: float, d_high: float, back: float, give: float
) -> None:
    challenger, defender = Even(c_low, c_high), Even(d_low, d_high)
    found = threat(challenger, defender, back, give)
    check(found, challenger, defender, back, give)
    if found.kind != "all_threaten":
        fighting = 1 - challenger.cdf(-back)
        expected = fighting / found.credibility if found.kind == "some_bluff" else found.threaten
        assert found.threaten == pytest.approx(expected)


def test_the_three_kinds() -> None:
    costs = ((0.0, 0.0), (0.1, 0.12), (0.4, 1.2), (0.6, 1.2))
    kinds = [threat(CHALLENGER, DEFENDER, *pair).kind for pair in costs]
    assert kinds == ["all_threaten", "all_threaten", "some_bluff", "no_bluffs"]


@given(st.integers(1, 30).map(lambda k: k / 10), st.integers(-20, 20).map(lambda k: k / 10))
def test_private_suffices_where_the_defender_yields_as_often(give: float, centre: float) -> None:
    """Against a public threat that is believed in full."""
    challenger, defender = Even(centre - 3, centre + 3), Even(-6, 0.5)
    private = threat(challenger, defender, 0, 0)
    believed = 1 - defender.cdf(-give)
    if private.yields_at > defender.low and abs(private.yields_at + give) > 1e-9:
        assert private_suffices(challenger, give) == (private.resists <= believed)


def test_a_small_leak_helps_or_hurts_as_the_condition_says() -> None:
    for cost in (0.1, 0.3, 0.55, 0.65, 1.0, 2.0):
        found = leak(CHALLENGER, DEFENDER, cost, 1.2, (0.0, 0.001))
        assert found.publicity_helps == (found.concession[1] > found.concession[0])
    assert private_credibility(CHALLENGER) == 0.5


def test_other_distributions() -> None:
    found = threat(norm(0, 0.5), norm(-1, 0.8), 0.5, 0.6)
    assert found.resists == pytest.approx(1 - norm(-1, 0.8).cdf(found.yields_at))
    assert found.concession + found.back_down + found.war == pytest.approx(found.threaten)


def test_leak_of_one_is_public_and_of_none_private() -> None:
    found = leak(CHALLENGER, DEFENDER, 0.6, 1.2, (0.0, 1.0))
    private, public = threat(CHALLENGER, DEFENDER, 0, 0), threat(CHALLENGER, DEFENDER, 0.6, 1.2)
    assert found.war.tolist() == [private.war, public.war]
    assert found.all_threaten == (True, False)


def test_what_they_refuse() -> None:
    with pytest.raises(ValueError, match="audience costs must be 0 or more"):
        threat(CHALLENGER, DEFENDER, -1, 0)
    with pytest.raises(ValueError, match="low must lie below high"):
        Even(1, 1)
    with pytest.raises(ValueError, match="chances of a leak must lie between 0 and 1"):
        leak(CHALLENGER, DEFENDER, 0.5, 0.5, (1.5,))
