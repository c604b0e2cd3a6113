"""Closed forms of bargaining theory against worked values; apart from them, grids in tests/unit/deals."""

from __future__ import annotations

from fractions import Fraction
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.deals.adjusted_winner import adjusted_winner
from backchannel.analyses.deals.bargaining_range import (
    bargaining_range,
    critical_discount,
    risky_demand_threshold,
    shifting_power,
    uniform_screening,
)
from backchannel.analyses.deals.concession_exchange import concession_exchange
from backchannel.analyses.deals.division import (
    alternating_offers,
    finite_alternating_offers,
    nash_division,
    patience_weight,
    triangle,
    truncated_triangle,
)
from backchannel.analyses.deals.loss_aversion import (
    LOSS_WEIGHTING,
    break_even_aversion,
    decision_weight,
    loss_averse_window,
    prospect_value,
)
from backchannel.analyses.deals.position_exchange import Positions, position_exchange
from backchannel.analyses.deals.ratification_offer import ratification_offer
from backchannel.analyses.deals.swap import Swap
from backchannel.analyses.deals.veto_players import uniform_demands_fit

REFERENCE = yaml.safe_load((Path(__file__).parents[1] / "data/bargaining_reference.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("first", "second", "share"), REFERENCE["alternating_offers"])
def test_alternating_offers(first: float, second: float, share: float) -> None:
    assert alternating_offers(first, second) == pytest.approx(share, abs=1e-15)


@pytest.mark.parametrize(("rounds", "share"), REFERENCE["finite_alternating_offers"])
def test_finite_alternating_offers(rounds: int, share: float) -> None:
    assert finite_alternating_offers(0.9, 0.8, rounds) == pytest.approx(share, abs=1e-12)


def test_frequent_offers_tend_to_the_weighted_nash_division() -> None:
    for length, share in REFERENCE["frequent_offers"]["cases"]:
        assert alternating_offers(exp(-length), exp(-2 * length)) == pytest.approx(share, abs=1e-12)
    weight = patience_weight(1, 2)
    assert weight == REFERENCE["frequent_offers"]["limit"]
    assert nash_division(weights=(weight, 1 - weight)) == pytest.approx(weight)
    assert alternating_offers(exp(-1e-6), exp(-2e-6)) == pytest.approx(weight, abs=1e-6)


@pytest.mark.parametrize(("exponents", "weights", "share"), REFERENCE["risk_and_weights"])
def test_risk_aversion_costs_shares(exponents: Any, weights: Any, share: float) -> None:
    assert nash_division(weights=weights, exponents=exponents) == pytest.approx(share)


@pytest.mark.parametrize(("outside", "weight", "share"), REFERENCE["outside_options"])
def test_outside_options(outside: Any, weight: float, share: float | None) -> None:
    found = nash_division(outside, (weight, 1 - weight))
    assert found is None if share is None else found == pytest.approx(share)


@pytest.mark.parametrize("case", REFERENCE["bargaining_range"])
def test_bargaining_range(case: dict[str, Any]) -> None:
    found = bargaining_range(case["win"], *case["costs"])
    assert (found.low, found.high) == pytest.approx(case["ends"])
    assert (found.width, found.nash) == pytest.approx((case["width"], case["nash"]))


@pytest.mark.parametrize("case", REFERENCE["uniform_screening"])
def test_screening_of_a_uniform_cost(case: dict[str, Any]) -> None:
    found = uniform_screening(case["win"], case["cost"], *case["range"])
    assert (found.demand, found.war, found.value) == pytest.approx((case["demand"], case["war"], case["value"]))


def test_risky_demand() -> None:
    case = REFERENCE["risky_demand"]
    assert risky_demand_threshold(case["cost"], case["low"], case["high"]) == pytest.approx(case["threshold"])


@pytest.mark.parametrize("case", REFERENCE["shifting_power"])
def test_shifting_power_with_costs_paid_once(case: dict[str, Any]) -> None:
    cost = (1 - case["discount"]) * case["cost"]
    found = shifting_power(case["before"], case["after"], case["discount"], cost, cost)
    assert (found.war_value, found.best_peace) == pytest.approx((case["war_value"], case["best_peace"]))
    assert (found.war, found.margin) == (case["war"], pytest.approx(case["margin"]))
    assert found.war == (found.war_value > found.best_peace)


def test_critical_discount() -> None:
    case = REFERENCE["critical_discount"]
    found = critical_discount(case["before"], case["after"], *case["costs"])
    assert found == pytest.approx(case["discount"])
    assert shifting_power(case["before"], case["after"], found, *case["costs"]).margin == pytest.approx(0)


@pytest.mark.parametrize(("intercepts", "half", "equal", "total"), REFERENCE["triangle"])
def test_triangle(intercepts: Any, half: Any, equal: float, total: float) -> None:
    found = triangle(*intercepts)
    assert (found.nash, found.kalai_smorodinsky) == (tuple(half), tuple(half))
    assert (found.equal_gains, found.leximin, found.utilitarian) == ((equal, equal), (equal, equal), total)


@pytest.mark.parametrize(("cap", "best", "fraction", "equal", "leximin"), REFERENCE["truncated_triangle"])
def test_truncated_triangle(cap: float, best: Any, fraction: Any, equal: Any, leximin: Any) -> None:
    found = truncated_triangle(cap)
    assert found.nash == pytest.approx(best)
    assert found.kalai_smorodinsky == pytest.approx(fraction)
    assert (found.equal_gains, found.leximin) == (pytest.approx(equal), pytest.approx(leximin))


@pytest.mark.parametrize("name", REFERENCE["adjusted_winner"])
def test_adjusted_winner(name: str) -> None:
    case = REFERENCE["adjusted_winner"][name]
    found = adjusted_winner(case["first"], case["second"])
    assert found.shares == tuple(map(Fraction, case["shares"]))
    assert found.totals == (Fraction(case["total"]),) * 2


def test_ratification() -> None:
    case = REFERENCE["ratification"]
    found = ratification_offer(case["low"], case["high"], case["disagreement"])
    assert (found.offer, found.failure) == pytest.approx((case["offer"], case["failure"]))


def test_exchange_of_two_concessions() -> None:
    case = REFERENCE["concession_exchange"]
    found = concession_exchange(*case["costs_and_gains"])
    assert found.open
    assert (found.low, found.high, found.ratio_of_ratios) == pytest.approx((*case["window"], case["ratio_of_ratios"]))
    assert {split.norm: split.second for split in found.all_conceded} == pytest.approx(case["all_conceded"])
    free = {split.norm: [split.first, split.second] for split in found.best_amounts}
    assert free["kalai_smorodinsky"] == pytest.approx(case["kalai_smorodinsky_free"])
    assert {norm for norm in free if norm != "kalai_smorodinsky"} == set(case["all_conceded"]) - {"kalai_smorodinsky"}
    [equal] = [split for split in found.all_conceded if split.norm == "equal_gains"]
    assert equal.needed_credences == pytest.approx(case["needed_credences_at_equal_gains"])


def test_exchange_under_loss_aversion() -> None:
    case = REFERENCE["concession_exchange"]
    assert break_even_aversion(*case["window"]) == pytest.approx(case["break_even_aversion"])
    for aversion, window in case["window_at_aversion"].items():
        assert loss_averse_window(*case["window"], aversion) == pytest.approx(window)
    low, high = loss_averse_window(*case["window"], 2.25)
    assert low > high


def test_prospect_values_and_weights() -> None:
    case = REFERENCE["prospect"]
    assert prospect_value(list(case["values"])) == pytest.approx(list(case["values"].values()))
    for weights, exponent in ((case["gain_weights"], 0.61), (case["loss_weights"], LOSS_WEIGHTING)):
        assert decision_weight(list(weights), exponent=exponent) == pytest.approx(list(weights.values()))
    assert decision_weight(0.1) == pytest.approx(case["gain_weights"][0.1])


@pytest.mark.parametrize(("players", "expected"), REFERENCE["veto_players"].items())
def test_veto_players(players: int, expected: float) -> None:
    assert uniform_demands_fit([0] * players, [1] * players) == pytest.approx(expected, abs=1e-15)


def test_position_exchange_of_two_actors() -> None:
    case = REFERENCE["position_exchange"]["two_actors"]
    model = Positions(np.array([[0, 0], [100, 100]]), np.array(case["saliences"]), np.ones(2))
    assert model.outcomes == pytest.approx(case["outcomes"])
    found = position_exchange(model, 1, 0, 0, 1)
    assert found is not None
    assert (found.low, found.high) == pytest.approx(case["zone"])
    assert found.ideal_gains == pytest.approx(case["ideal_gains"])
    for name in ("equal_gains", "nash", "kalai_smorodinsky"):
        shift = getattr(found, name)
        assert (shift.demanded, shift.supplied) == pytest.approx(case[name]["shifts"])
        assert shift.gains == pytest.approx(case[name]["gains"])
    assert found.equal_gains.outcomes == pytest.approx(case["equal_gains"]["outcomes"])
    assert position_exchange(model, 0, 1, 0, 1) is None


@pytest.mark.parametrize("name", ["copenhagen", "paris"])
def test_position_exchanges_of_climate_negotiations(name: str) -> None:
    """To the digits at hand; see the note in the data on what was inferred."""
    case = REFERENCE["position_exchange"][name]
    (first_demanded, first_supplied), (second_demanded, second_supplied) = case["saliences"]
    swap = Swap(second_demanded, second_supplied, first_supplied, first_demanded, case["demanded_limit"], case["limit"])
    assert (swap.low, swap.high) == pytest.approx(case["zone"], abs=6e-4)
    for norm in ("equal_gains", "nash", "kalai_smorodinsky"):
        demanded, supplied = getattr(swap, norm)()
        gains = swap.gains(demanded, supplied)
        assert supplied == case["limit"]
        assert [demanded, gains[1], gains[0]] == pytest.approx(case[norm], abs=2e-3)
