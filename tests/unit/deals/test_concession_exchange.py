"""Exchange of two concessions: every split against a grid of amounts, and the report on how even it is."""

from __future__ import annotations

from math import inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.analyses.deals.concession_exchange import (
    NORMS,
    ConcessionExchange,
    Split,
    concession_exchange,
    exchange_window,
)
from backchannel.analyses.deals.swap import Swap

WORTH = st.floats(0.05, 3)
AMOUNTS = np.linspace(0, 1, 201)


def grid_gains(worths: tuple[float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    first_cost, first_gain, second_cost, second_gain = worths
    v, u = np.meshgrid(AMOUNTS, AMOUNTS, indexing="ij")
    return first_gain * u - first_cost * v, second_gain * v - second_cost * u


def splits(found: tuple[Split, ...]) -> dict[str, Split]:
    return {split.norm: split for split in found}


@given(st.tuples(WORTH, WORTH, WORTH, WORTH))
@settings(max_examples=150, deadline=None)
def test_open_exactly_where_some_amounts_please_both(worths: tuple[float, float, float, float]) -> None:
    found = concession_exchange(*worths)
    first, second = grid_gains(worths)
    if ((first > 1e-9) & (second > 1e-9)).any():
        assert found.open
    if not found.open:
        assert not ((first > 1e-9) & (second > 1e-9)).any()
    assert found.open == (exchange_window(*worths)[0] < exchange_window(*worths)[1]) or found.ratio_of_ratios < 1 + 1e-9
    assert splits(found.best_amounts).keys() == (set(NORMS) if found.open else {"equal_own_cost", "nominal_parity"})


@given(st.tuples(WORTH, WORTH, WORTH, WORTH))
@settings(max_examples=150, deadline=None)
def test_no_amounts_on_a_grid_do_better_by_any_norm(worths: tuple[float, float, float, float]) -> None:
    found = concession_exchange(*worths)
    if not found.open:
        return
    first, second = grid_gains(worths)
    good = (first >= 0) & (second >= 0)
    split = splits(found.best_amounts)
    step = max(worths) / 100
    ideal = found.ideal_gains
    assert ideal[0] >= first[good].max() - 1e-9
    assert ideal[1] >= second[good].max() - 1e-9
    assert np.prod(split["nash"].gains) >= (first * second)[good].max() - 1e-9
    assert min(split["equal_gains"].gains) >= np.minimum(first, second).max() - 1e-9
    fractions = np.array(split["kalai_smorodinsky"].gains) / ideal
    assert fractions[0] == pytest.approx(fractions[1], abs=1e-6)
    assert fractions.min() >= np.minimum(first / ideal[0], second / ideal[1]).max() - 1e-9
    assert ideal[0] <= first[good].max() + 2 * step
    assert all(0 <= amount <= 1 for each in split.values() for amount in (each.first, each.second))
    assert all(max(each.first, each.second) == 1 for each in split.values())


@given(st.tuples(WORTH, WORTH, WORTH, WORTH))
@settings(max_examples=100, deadline=None)
def test_with_all_conceded_no_second_amount_does_better(worths: tuple[float, float, float, float]) -> None:
    found = concession_exchange(*worths)
    first, second = (gains[-1] for gains in grid_gains(worths))
    if not found.all_conceded:
        assert not ((first > 1e-9) & (second > 1e-9)).any()
        return
    split = splits(found.all_conceded)
    assert all(each.first == 1 and 0 <= each.second <= 1 for each in split.values())
    top = min(found.high, 1.0)
    ideal = (worths[1] * top - worths[0], worths[3] - worths[2] * found.low)
    assert np.prod(split["nash"].gains) >= (first * second)[(first >= 0) & (second >= 0)].max(initial=0) - 1e-9
    assert min(split["equal_gains"].gains) >= np.minimum(first, second).max() - 1e-9
    fractions = np.array(split["kalai_smorodinsky"].gains) / ideal
    assert fractions[0] == pytest.approx(fractions[1], abs=1e-6)


@given(st.tuples(WORTH, WORTH, WORTH, WORTH), WORTH)
@settings(max_examples=60, deadline=None)
def test_units_of_one_party_change_only_what_compares_parties(
    worths: tuple[float, float, float, float], unit: float
) -> None:
    plain = concession_exchange(*worths)
    scaled = concession_exchange(worths[0] * unit, worths[1] * unit, *worths[2:])
    assert (scaled.low, scaled.high) == pytest.approx((plain.low, plain.high))
    if plain.open and scaled.open:
        for norm in ("nash", "kalai_smorodinsky"):
            one, other = splits(plain.best_amounts)[norm], splits(scaled.best_amounts)[norm]
            assert (one.first, one.second) == pytest.approx((other.first, other.second), abs=1e-9)


def test_where_the_second_must_give_more_than_it_has_the_first_gives_less() -> None:
    """The window starts at 1.25: even everything does not pay for all of the first's concession."""
    found = concession_exchange(0.5, 0.4, 0.2, 0.9)
    assert found.all_conceded == ()
    assert all(split.second == 1 and split.first < 1 for split in found.best_amounts if split.norm != "nominal_parity")
    assert not splits(found.best_amounts)["nominal_parity"].acceptable
    assert splits(found.best_amounts)["nominal_parity"].gain_gap == inf


def test_how_even_the_splits_are() -> None:
    found = splits(concession_exchange(0.3, 0.7, 0.4, 0.6).all_conceded)
    assert found["equal_own_cost"].cost_gap == pytest.approx(0)
    assert found["equal_gains"].gain_gap == pytest.approx(0, abs=1e-12)
    assert found["nominal_parity"].cost_gap == pytest.approx(log(4 / 3))
    assert found["nominal_parity"].gain_gap == pytest.approx(log(2))
    assert found["nominal_parity"].own_costs == (0.3, 0.4)
    assert all(split.acceptable for split in found.values())


@pytest.mark.parametrize("norm", ["nash", "equal_own_cost", "nominal_parity"])
def test_needed_credences_leave_each_indifferent(norm: str) -> None:
    worths = (0.3, 0.7, 0.4, 0.6)
    split = splits(concession_exchange(*worths).all_conceded)[norm]
    first, second = split.needed_credences
    assert first * worths[1] * split.second - worths[0] * split.first == pytest.approx(0)
    assert second * worths[3] * split.first - worths[2] * split.second == pytest.approx(0)


def test_a_tie_of_saliences_makes_no_trade() -> None:
    assert not concession_exchange(0.1, 0.3, 0.6, 0.2).open
    tied: ConcessionExchange = concession_exchange(0.3, 0.7, 1.4, 0.6)
    assert not tied.open
    assert tied.ideal_gains == (0, 0)


def test_windows_of_many_draws() -> None:
    low, high = exchange_window([0.3, 0.6], 0.7, [0.4, 0.4], 0.6)
    assert low == pytest.approx([3 / 7, 6 / 7])
    assert high == pytest.approx([1.5, 1.5])


def test_refused() -> None:
    with pytest.raises(ValueError, match="first_cost is 0, expected above 0"):
        Swap(0, 1, 1, 1)
    with pytest.raises(ValueError, match="second_limit is inf"):
        Swap(1, 1, 1, 1, second_limit=inf)
    with pytest.raises(ValueError, match="must be above 0 and finite"):
        exchange_window([0.1, 0.0], 1, 1, 1)
