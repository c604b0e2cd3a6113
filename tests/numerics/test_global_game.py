"""The global game against recorded values, best-response iteration, and simulated officers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from backchannel.numerics.aborted_flight import flight, price_with_trust
from backchannel.numerics.global_game import (
    STEEPEST,
    CommonPrior,
    Stakes,
    capped,
    common_threshold,
    critical_belief,
    cutoffs,
    diffuse_threshold,
    moving_share,
    reversed_outcomes,
    sensitivity,
)
from backchannel.numerics.random_streams import stream

DATA: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent.parent / "data" / "pillars_reference.yaml").read_text(encoding="utf-8")
)
GROUPS = DATA["three_groups"]
FIELDS = ("stay_survives", "stay_falls", "move_survives", "move_falls")
MASS = np.array([GROUPS["mass"]])
STAKES = Stakes(*(np.array([GROUPS[field]], dtype=float) for field in FIELDS))
ONE, ZERO = np.ones((1, 3)), np.zeros(1)
COMMON = CommonPrior(np.array([0.5]), np.array([25.0]), np.full((1, 3), 0.1))
OFFICERS = 100_000


def changed(about: dict[str, float]) -> Stakes:
    groups = slice(about["of"], about["of"] + 1) if "of" in about else slice(None)
    stakes = STAKES
    for field in FIELDS:
        if field in about:
            value = getattr(stakes, field).copy()
            value[:, groups] += about[field]
            stakes = replace(stakes, **{field: value})
    return stakes


def below(stakes: Stakes, raised: float = 0.0, reach: float = 1.0) -> float:
    asked = capped(critical_belief(stakes), np.full((1, 3), reach))
    return float(diffuse_threshold(MASS, asked, ZERO + raised).least[0])


def test_critical_beliefs() -> None:
    assert critical_belief(STAKES)[0] == pytest.approx(GROUPS["critical_belief"], abs=1e-14)


@pytest.mark.parametrize("case", ["file", "patron_guarantee", "amnesty", "troops"])
def test_diffuse_prior_and_chance_of_fall_as_recorded(case: str) -> None:
    about = {} if case == "file" else GROUPS["diffuse"][case]
    expected = GROUPS["diffuse"]["falls_below"] if case == "file" else about["falls_below"]
    found = below(changed(about), about.get("raised", 0.0))
    assert found == pytest.approx(expected, abs=1e-14)
    observer = GROUPS["observer"]
    chance = float(ndtr((found - observer["mean"]) / observer["deviation"]))
    assert chance == pytest.approx(GROUPS["chance_of_fall"][case], abs=1e-14)


def test_cutoffs_as_recorded() -> None:
    theta = np.array([GROUPS["diffuse"]["falls_below"]])
    found = cutoffs(critical_belief(STAKES), theta, np.full((1, 3), GROUPS["noise"]))
    assert found[0] == pytest.approx(GROUPS["cutoffs"], abs=1e-12)


def test_common_prior_as_recorded() -> None:
    found = common_threshold(MASS, critical_belief(STAKES), ZERO, COMMON)
    assert found.least[0] == found.greatest[0] == pytest.approx(GROUPS["common"]["falls_below"], abs=1e-12)
    assert found.count[0] == 1
    assert found.steepness[0] == pytest.approx(2.5)
    assert found.steepness[0] < STEEPEST
    rate = sensitivity(MASS, STAKES, ONE, ZERO, COMMON)
    assert rate.mean[0] == pytest.approx(GROUPS["common"]["multiplier"], abs=1e-9)


def test_a_common_prior_of_no_precision_is_a_diffuse_one() -> None:
    vague = replace(COMMON, precision=np.array([1e-9]))
    found = common_threshold(MASS, critical_belief(STAKES), ZERO, vague)
    assert found.least[0] == pytest.approx(GROUPS["diffuse"]["falls_below"], abs=1e-4)


@pytest.mark.parametrize("prior", [None, COMMON], ids=["diffuse", "common"])
@pytest.mark.parametrize(
    "reach",
    [[1, 1, 1], [0.9, 0.9, 0.9], [0.9, 0.3, 0.9], [0.3, 0.3, 0.3]],
    ids=["no cap", "a cap", "one out of reach", "all out of reach"],
)
@pytest.mark.parametrize("safe", [False, True], ids=["", "one always moves"])
def test_levers_against_differences(prior: CommonPrior | None, reach: list[float], safe: bool) -> None:
    cap = np.array([reach], dtype=float)
    stakes = replace(STAKES, move_survives=np.where([[False, False, safe]], 5.0, STAKES.move_survives))

    def value(stakes: Stakes, cap: np.ndarray, raised: float = 0.0, shift: float = 0.0) -> float:
        asked = capped(critical_belief(stakes), cap)
        if prior is None:
            return float(diffuse_threshold(MASS, asked, ZERO + raised).least[0])
        moved = replace(prior, mean=prior.mean + shift)
        return float(common_threshold(MASS, asked, ZERO + raised, moved).least[0])

    rate, step = sensitivity(MASS, stakes, cap, ZERO, prior), 1e-5
    for field in FIELDS:
        for group in range(3):
            ends = []
            for sign in (1, -1):
                pay_off = getattr(stakes, field).copy()
                pay_off[0, group] += sign * step
                ends.append(value(replace(stakes, **{field: pay_off}), cap))
            assert getattr(rate, field)[0, group] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-6)
    nudge = np.array([[0.0, step, 0.0]])
    by_reach = (value(stakes, cap + nudge) - value(stakes, cap - nudge)) / (2 * step)
    if reach[1] < 1:
        assert rate.reach[0, 1] == pytest.approx(by_reach, abs=1e-6)
    by_raised = (value(stakes, cap, step) - value(stakes, cap, -step)) / (2 * step)
    assert rate.raised[0] == pytest.approx(by_raised, abs=1e-5)
    by_mean = (value(stakes, cap, 0, step) - value(stakes, cap, 0, -step)) / (2 * step)
    assert rate.mean[0] == pytest.approx(by_mean, abs=1e-5)


@pytest.mark.parametrize("cap", [1.0, 0.5])
def test_at_the_edge_of_moving_the_derivative_is_the_one_towards_moving(cap: float) -> None:
    """No prize at all without a cap, or a critical belief that just equals the cap: a point more still tells."""
    prize = 0.0 if cap == 1 else 2.0
    four = ([[1.0]], [[0.0]], [[-1.0]], [[prize]])
    stakes, one, step = Stakes(*(np.array(pay) for pay in four)), np.ones((1, 1)), 1e-7
    rate = sensitivity(one, stakes, one * cap, ZERO)

    def value(more: float) -> float:
        offered = replace(stakes, move_falls=stakes.move_falls + more)
        return float(diffuse_threshold(one, capped(critical_belief(offered), one * cap), ZERO).least[0])

    assert value(0) == 0
    assert rate.move_falls[0, 0] == pytest.approx((value(step) - value(0)) / step, rel=1e-5)
    assert rate.move_falls[0, 0] > 0


def test_reversed_outcomes_have_no_critical_belief() -> None:
    """Who gains by moving if the government survives and loses if it falls moves up to a belief, not from one on."""
    stakes = Stakes(*(np.array([[pay]]) for pay in (0.0, 0.0, 1.0, -1.0)))
    assert reversed_outcomes(stakes).all()
    assert np.isnan(critical_belief(stakes)).all()
    assert not reversed_outcomes(STAKES).any()


def test_amnesty_pays_most_where_the_handbook_formula_says() -> None:
    """d theta / d B = m p / (S + K + B + L)."""
    whole = STAKES.risk + STAKES.prize
    assert sensitivity(MASS, STAKES, ONE, ZERO).move_falls == pytest.approx(MASS * critical_belief(STAKES) / whole)


@pytest.mark.parametrize("prior", [None, COMMON], ids=["diffuse", "common"])
def test_best_response_iteration_leads_to_the_threshold(prior: CommonPrior | None) -> None:
    """Cutoffs answered by the strength at which they bring it down, and that by best cutoffs, from two far starts."""
    asked, noise = critical_belief(STAKES), np.full((1, 3), 0.1)
    closed = (
        diffuse_threshold(MASS, asked, ZERO) if prior is None else common_threshold(MASS, asked, ZERO, prior)
    ).least[0]
    for start in (-0.5, 1.5):
        theta = start
        for _ in range(4000):
            at = cutoffs(asked, np.array([theta]), noise, prior)
            low, high = -2.0, 3.0
            for _ in range(60):
                middle = (low + high) / 2
                falls = moving_share(MASS, at, noise, np.array([middle]))[0] >= middle
                low, high = (middle, high) if falls else (low, middle)
            if abs(low - theta) < 1e-13:
                break
            theta = low
        assert theta == pytest.approx(closed, abs=1e-9)


def worlds(prior: CommonPrior | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Strengths drawn from the prior (a wide uniform for the diffuse one), and one officer's view of each."""
    rng = stream(seed, "officers")
    strength = rng.uniform(-2, 3, OFFICERS) if prior is None else rng.normal(0.5, 0.2, OFFICERS)
    return strength, strength + 0.1 * rng.standard_normal(OFFICERS)


@pytest.mark.parametrize("prior", [None, COMMON], ids=["diffuse", "common"])
def test_closed_forms_against_simulated_officers(prior: CommonPrior | None) -> None:
    """At the threshold the officers who move are just enough; at his cutoff an officer is just indifferent."""
    asked, noise = critical_belief(STAKES), np.full((1, 3), 0.1)
    solution = diffuse_threshold(MASS, asked, ZERO) if prior is None else common_threshold(MASS, asked, ZERO, prior)
    theta = float(solution.least[0])
    at = cutoffs(asked, solution.least, noise, prior)[0]
    rng = stream(1, "one world")
    group = rng.choice(3, OFFICERS, p=MASS[0])
    for strength, falls in ((theta - 0.02, True), (theta + 0.02, False)):
        sees = strength + 0.1 * rng.standard_normal(OFFICERS)
        moved = float((sees <= at[group]).mean())
        assert (moved >= strength) is falls
    sees = theta + 0.1 * rng.standard_normal(OFFICERS)
    share = float((sees <= at[group]).mean())
    assert share == pytest.approx(theta, abs=4 * np.sqrt(theta * (1 - theta) / OFFICERS))
    strengths, views = zip(*(worlds(prior, seed) for seed in range(20)), strict=True)
    strength, view = np.concatenate(strengths), np.concatenate(views)
    for k in range(3):
        near = np.abs(view - at[k]) < 0.005
        fell = float((strength[near] <= theta).mean())
        expected = float(asked[0, k])
        assert fell == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / near.sum()) + 0.004), k


def test_several_equilibria_where_all_know_too_much() -> None:
    """Precision of the prior over the root of that of the signals above the limit, and a prior mean in the middle."""
    mass, asked = np.ones((1, 1)), np.full((1, 1), 0.5)
    sharp = CommonPrior(np.array([0.5]), np.array([100.0]), np.full((1, 1), 0.1))
    found = common_threshold(mass, asked, ZERO, sharp)
    assert found.steepness[0] == pytest.approx(10)
    assert found.count[0] == 3
    assert found.least[0] < 0.1
    assert found.greatest[0] > 0.9
    assert found.least[0] + found.greatest[0] == pytest.approx(1, abs=1e-9)
    just = replace(sharp, precision=np.array([STEEPEST / 0.1 * 0.999]))
    assert common_threshold(mass, asked, ZERO, just).count[0] == 1


def test_who_never_or_always_moves() -> None:
    pay_offs = [np.array([values], dtype=float) for values in ([1, 1, -1], [0, 0, 0], [-1, -1, -1], [-0.1, 0, 1])]
    stakes = Stakes(*pay_offs)
    assert critical_belief(stakes)[0].tolist() == [np.inf, 1.0, 0.0]
    assert below(stakes) == pytest.approx(0.30)


def test_forces_that_cap_the_chance_of_fall() -> None:
    assert capped(np.array([0.3, 0.5, 0.6]), np.full(3, 0.5)).tolist() == [0.6, 1.0, np.inf]
    assert capped(np.array([0.0, 0.2]), np.zeros(2)).tolist() == [0.0, np.inf]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10_000))
def test_threshold_rises_with_every_lever_that_should_raise_it(groups: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mass = rng.dirichlet(np.ones(groups))[None]
    stakes = Stakes(*(rng.uniform(low, high, (1, groups)) for low, high in ((0.5, 2), (-1, 0), (-2, 0), (0.2, 2))))
    cap = rng.uniform(0.3, 1, (1, groups))
    rate = sensitivity(mass, stakes, cap, ZERO)
    assert (rate.move_falls >= 0).all()
    assert (rate.move_survives >= 0).all()
    assert (rate.stay_survives <= 0).all()
    assert (rate.stay_falls <= 0).all()
    assert (rate.reach >= 0).all()
    found = diffuse_threshold(mass, capped(critical_belief(stakes), cap), ZERO).least[0]
    assert 0 <= found <= 1


def test_rows_do_not_touch_each_other() -> None:
    rng = np.random.default_rng(3)
    mass = rng.dirichlet(np.ones(4), 30)
    asked = rng.uniform(0, 1.2, (30, 4))
    prior = CommonPrior(rng.uniform(0.3, 0.7, 30), rng.uniform(1, 60, 30), rng.uniform(0.05, 0.2, (30, 4)))
    whole = common_threshold(mass, asked, np.zeros(30), prior)
    for row in range(30):
        k = slice(row, row + 1)
        one = common_threshold(mass[k], asked[k], ZERO, CommonPrior(prior.mean[k], prior.precision[k], prior.noise[k]))
        assert one.least[0] == pytest.approx(whole.least[row], abs=1e-11)
        assert one.count[0] == whole.count[row]


def aborted() -> np.ndarray:
    """Patron keeps or lets go, leader stays or flees, army loyal or defects; flight ends the matter."""
    from fractions import Fraction

    about, made = DATA["aborted_flight"], np.empty((2, 2, 2, 3))
    for k, branch in enumerate(("keeps", "lets_go")):
        ends = [[about[branch]["stays"]["loyal"], about[branch]["stays"]["defects"]], [about[branch]["flees"]] * 2]
        made[k] = [[[float(Fraction(value)) for value in end] for end in pair] for pair in ends]
    return made


def test_aborted_flight_as_recorded() -> None:
    about, found = DATA["aborted_flight"], flight(aborted())
    assert found.keeps is about["path"]["keeps"]
    assert found.flees[0] is about["path"]["flees"]
    assert found.defects[0] is about["path"]["defects"]
    assert found.flees[1] is True
    assert found.price == pytest.approx(about["price"], abs=1e-14)
    for trust, needed in about["price_with_trust"].items():
        assert price_with_trust(found.price, float(trust)) == pytest.approx(needed)
    assert price_with_trust(1.0, 0.0) == np.inf
