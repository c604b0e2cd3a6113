"""A schedule written out as a crisis: foresight in that crisis says the same as the schedule's own conditions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.commitment.compensation import holding
from backchannel.analyses.commitment.plan import Plan, Wish, make_plan
from backchannel.analyses.commitment.staged import foreseen, levels, staged
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.numerics import exchange as exchanges
from backchannel.numerics.exchange import Exchange
from backchannel.spec.changes import to_data
from backchannel.spec.crisis import Crisis
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study

CRISIS = Study.open("venezuela-2019").file.crisis


def additive(benefit: np.ndarray, cost: np.ndarray) -> Exchange:
    """Return the exchange of two legs whose four outcomes add up."""
    payoffs = np.array(
        [[0, -cost[0], benefit[0], benefit[0] - cost[0]], [0, benefit[1], -cost[1], benefit[1] - cost[1]]]
    )
    return Exchange(payoffs.astype(float), np.zeros(2), np.zeros((2, 4), dtype=bool))


def plan_of(
    benefit: np.ndarray, cost: np.ndarray, steps: int, first: str, recall: np.ndarray, discount: float = 0.9
) -> Plan:
    wish = Wish(steps, first, discount, (np.inf, np.inf))
    found = make_plan(additive(benefit, cost), ("us", "russia"), np.zeros(2), np.zeros(2), recall, wish)
    assert found is not None
    return found


def reached(crisis: Crisis, plan: Plan) -> tuple[Model, tuple[tuple[int, int], ...]]:
    model = compile_model(crisis)
    first = plan.parties.index(plan.first) if plan.first in plan.parties else 0
    return model, foreseen(model, first, 2 * plan.shares.shape[1])


@pytest.mark.parametrize("first", ["both", "us", "russia"])
def test_the_least_bond_leads_to_the_end_and_a_little_less_does_not(first: str) -> None:
    random = np.random.default_rng(7)
    for _ in range(6):
        benefit = random.uniform(20, 60, 2)
        cost = benefit * random.uniform(0.4, 0.9, 2)
        recall = cost * random.choice([0.0, 0.3], 2)
        plan = plan_of(benefit, cost, int(random.integers(2, 5)), first, recall)
        hurt = recall * 1.5
        model, path = reached(staged(CRISIS, "grand_swap", plan, hurt), plan)
        assert path[-1][1] == model.space.named()["done"]
        assert len(path) == 2 * plan.shares.shape[1]  # one alternating move a share
        less = replace(plan, bond=plan.bond * 0.9)
        model, path = reached(staged(CRISIS, "grand_swap", less, hurt), less)
        assert not path or path[-1][1] != model.space.named()["done"]
        none = replace(plan, bond=np.zeros(2))
        _, path = reached(staged(CRISIS, "grand_swap", none, hurt), none)
        assert len(path) < 2 * plan.shares.shape[1]


def test_the_steps_are_a_file_like_any_other() -> None:
    plan = plan_of(np.array([40.0, 30.0]), np.array([25.0, 20.0]), 3, "us", np.array([5.0, 0.0]))
    made = staged(CRISIS, "grand_swap", plan, np.array([0.0, 8.0]))
    text = yaml.safe_dump(to_data(made), sort_keys=False, allow_unicode=True)
    again = read_crisis_text(text, "steps").crisis
    assert again.options["us_part"].levels == ("none", *levels(plan, 0))
    assert set(again.options) == {"us_part", "us_takes_back", "russia_part"}
    assert all(term.why.startswith("illustrative") for terms in again.preferences.values() for term in terms)  # type: ignore[union-attr]
    done = compile_model(again)
    cell = done.space.named()["done"]
    wanted = [40 - 25, 30 - 20]
    flat = replace(plan, discount=1.0)
    whole = compile_model(staged(CRISIS, "grand_swap", flat, np.zeros(2)))
    assert [whole.points(k, whole.space.named()["done"]) for k in (0, 1)] == pytest.approx(wanted, abs=1e-4)
    weights = 0.9 ** np.arange(3)
    seen = [float(weights @ (plan.benefit[k] * plan.shares[1 - k] - plan.cost[k] * plan.shares[k])) for k in (0, 1)]
    assert [done.points(k, cell) for k in (0, 1)] == pytest.approx(seen, abs=1e-4)


# ---- payments and bonds for any number of parties -------------------------------------------------------------------


@pytest.mark.parametrize("parties", [2, 3])
def test_payments_and_bonds_make_delivery_an_equilibrium(parties: int) -> None:
    """Against the definition: with both, no single party gains by keeping back, and nobody is worse off than today."""
    random = np.random.default_rng(parties)
    for _ in range(30):
        payoffs = random.integers(-9, 10, (parties, 2**parties)).astype(float)
        exchange = Exchange(payoffs, payoffs[:, 0].copy(), np.zeros_like(payoffs, dtype=bool))
        held = holding(exchange, (False,) * parties)
        every = exchange.everybody
        for k in range(parties):
            kept = payoffs[k, every] + held.short[k]
            assert kept >= payoffs[k, 0]
            assert payoffs[k, every & ~(1 << k)] - held.bond[k] <= kept + 1e-12
            if held.bond[k] > 0:  # no more than is needed
                assert payoffs[k, every & ~(1 << k)] - held.bond[k] == pytest.approx(kept)
            if held.short[k] > 0:
                assert kept == pytest.approx(payoffs[k, 0])
        assert held.is_equilibrium
        assert held.orders == len(exchanges.orders(exchange))


def test_a_leg_that_is_final_by_then_needs_no_bond() -> None:
    payoffs: Any = np.array([[0, 0, 5, 3], [0, 4, -1, 2]], dtype=float)
    exchange = Exchange(payoffs, np.zeros(2), np.zeros((2, 4), dtype=bool))
    assert holding(exchange, (False, False)).bond.tolist() == [2, 2]
    assert holding(exchange, (False, True)).bond.tolist() == [2, 0]
