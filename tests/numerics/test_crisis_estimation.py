"""Estimating the crisis game: gradients, recovery of known pay-offs, rules, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.numerics.crisis_estimation import (
    CrisisData,
    EstimationRule,
    all_resistances,
    chosen_resistance,
    counted,
    estimate,
    log_likelihood,
    simulated,
)
from backchannel.numerics.crisis_game import PAYOFFS, crisis_equilibria, outcome_logs
from backchannel.numerics.random_streams import stream

HELD = {"challenger_status_quo": 0.0, "defender_concede": 0.0, "defender_hold": 1.0}
TRUE = np.array([1.0, 0.4, -0.7, 0.6, -0.9, -0.8, 0.5])


def design(pairs: int, seed: int = 0) -> CrisisData:
    draws = np.random.default_rng(seed).normal(size=(pairs, 3))
    one = np.ones((pairs, 1))
    covariates = {
        "challenger_gain": np.c_[one, draws[:, [0]]],
        "challenger_war": np.c_[one, draws[:, [1]]],
        "challenger_back_down": one,
        "defender_war": np.c_[one, draws[:, [2]]],
    }
    return CrisisData(np.zeros((pairs, 4), dtype=np.int64), covariates, HELD)


def several() -> CrisisData:
    """Pairs whose pay-offs admit three equilibria."""
    one = np.ones((6, 1))
    held = {"challenger_status_quo": 0.0, "challenger_gain": 1.0, "defender_concede": 0.0, "defender_hold": 1.0}
    names = ("challenger_war", "challenger_back_down", "defender_war")
    return CrisisData(np.tile(np.array([[5, 5, 5, 5]]), (6, 1)), dict.fromkeys(names, one), held)


def test_all_resistances_are_those_of_the_single_game() -> None:
    base = design(40)
    payoffs = base.payoffs(TRUE * 2)
    pair, root = all_resistances(payoffs)
    for place in range(40):
        expected = crisis_equilibria(payoffs[place]).resist
        np.testing.assert_allclose(root[pair == place], expected, atol=1e-9)


def test_a_maximum_beside_a_jump_is_found_and_named() -> None:
    """Where equilibria appear and vanish the gradient stops short; the search goes on, and says where it ended."""
    one, balance = np.ones((30, 1)), stream(1, "c").normal(size=(30, 1))
    held = {**HELD, "challenger_gain": 1.0, "challenger_back_down": -1.2}
    covariates = {"challenger_war": np.c_[one, balance], "defender_war": one}
    base, truth = CrisisData(np.zeros((30, 4), dtype=np.int64), covariates, held), np.array([-1.9, 0.2, -2.9])
    data = simulated(base, truth, 40, "largest_basin", stream(1, "run 3"))
    found = estimate(data, "largest_basin", stream(1, "s3"), starts=1)
    assert found.beside_a_jump
    assert not found.converged
    assert found.log_likelihood > found.starts[0]
    assert found.log_likelihood >= log_likelihood(data, truth, "largest_basin")[0]
    assert found.coefficients == pytest.approx(truth, abs=0.4)


@pytest.mark.parametrize("rule", ["most_likely", "largest_basin"])
def test_gradient_against_differences(rule: EstimationRule) -> None:
    data = simulated(design(60), TRUE, 3, "largest_basin", stream(1, "gradient"))
    at = TRUE + 0.1
    slope = log_likelihood(data, at, rule)[1]
    for k in range(len(at)):
        shift = np.eye(len(at))[k] * 1e-6
        ahead, back = (log_likelihood(data, at + sign * shift, rule)[0] for sign in (1, -1))
        assert slope[k] == pytest.approx((ahead - back) / 2e-6, rel=1e-4, abs=1e-3)


def test_simulated_shares_are_the_outcome_probabilities() -> None:
    base = design(5)
    data = simulated(base, TRUE, 40_000, "largest_basin", stream(2, "shares"))
    payoffs = base.payoffs(TRUE)
    expected = np.exp(outcome_logs(payoffs, chosen_resistance(base, payoffs, "largest_basin")[0]))
    np.testing.assert_allclose(data.counts / 40_000, expected, atol=0.012)


def test_recovers_what_was_put_in() -> None:
    data = simulated(design(150), TRUE, 6, "largest_basin", stream(3, "recover"))
    found = estimate(data, "largest_basin", stream(3, "starts"), starts=2, start=TRUE * 0.5)
    assert found.converged
    assert found.names[0] == ("challenger_gain", 0)
    assert (np.abs(found.coefficients - TRUE) < 4 * found.standard_errors).all()
    assert (found.standard_errors < 0.4).all()
    assert found.log_likelihood >= log_likelihood(data, TRUE, "largest_basin")[0]
    assert found.starts[0] == found.log_likelihood
    assert log_likelihood(data, found.coefficients, "largest_basin")[0] == pytest.approx(found.log_likelihood)


def test_same_seed_same_bytes() -> None:
    base = design(20)
    first, second = (simulated(base, TRUE, 3, "largest_basin", stream(7, "bytes")).counts for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_rules_take_different_equilibria() -> None:
    data, at = several(), np.array([-1.9, -1.2, -2.9])
    payoffs = data.payoffs(at)
    rules: tuple[EstimationRule, ...] = ("least_resistance", "most_resistance", "most_likely")
    chosen = {rule: chosen_resistance(data, payoffs, rule) for rule in rules}
    assert (chosen["least_resistance"][1] == 3).all()
    assert chosen["least_resistance"][0] == pytest.approx(np.full(6, 0.25110461597642464))
    assert chosen["most_resistance"][0] == pytest.approx(np.full(6, 0.8133217203270641))
    values = {rule: log_likelihood(data, at, rule)[0] for rule in rules}
    roots = crisis_equilibria(payoffs[0]).resist
    each = [float((data.counts * outcome_logs(payoffs, np.full(6, root))).sum()) for root in roots]
    assert values["most_likely"] == pytest.approx(max(each))
    assert values["least_resistance"] == pytest.approx(each[0])


def test_counting_records() -> None:
    found = counted(np.array([0, 3, 3, 1]), np.array([0, 1, 1, 1]), 2)
    assert found.tolist() == [[1, 0, 0, 0], [0, 1, 0, 2]]
    with pytest.raises(ValueError, match=r"one outcome 0\.\.3 and one pair"):
        counted(np.array([4]), np.array([0]), 1)


def test_what_it_refuses() -> None:
    base = design(4)
    with pytest.raises(ValueError, match="counts have shape"):
        CrisisData(np.zeros((4, 3), dtype=np.int64), base.covariates, base.held)
    with pytest.raises(ValueError, match=f"each of {', '.join(PAYOFFS)} is either estimated or held once"):
        CrisisData(base.counts, base.covariates, {})
    with pytest.raises(ValueError, match="covariates of defender_war have shape"):
        CrisisData(base.counts, {**base.covariates, "defender_war": np.ones((3, 1))}, base.held)
    with pytest.raises(ValueError, match="the rule is one of most_likely"):
        estimate(base, "best", stream(0, "x"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="one start at least"):
        estimate(base, "most_likely", stream(0, "x"), starts=0)
