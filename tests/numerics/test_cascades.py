"""Cascades, tipping shares and weighted majorities against plain simulation, enumeration and recorded values."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.special import expit, ndtr

from backchannel.errors import CancelledError, TooLargeError
from backchannel.numerics.cascades import (
    Crowd,
    group_cascade,
    hinges,
    network_cascade,
    threshold_cascade,
    tipping_points,
)
from backchannel.numerics.global_game import Stakes
from backchannel.numerics.mixture_fixed_points import Mixture, fixed_points
from backchannel.numerics.weighted_majority import logit_path, profiles, pure_equilibria

DATA: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent.parent / "data" / "pillars_reference.yaml").read_text(encoding="utf-8")
)
FIELDS = ("stay_survives", "stay_falls", "move_survives", "move_falls")


def simulated(thresholds: np.ndarray, seen: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Rounds in which each moves, one at a time by the definition; -1 for never. Rows of ``seen`` are who sees."""
    when = np.where(start, 0, -1)
    turn = 0
    while True:
        turn += 1
        weight = seen @ (when >= 0)
        new = (when < 0) & (weight >= thresholds - 1e-12)
        if not new.any():
            return when
        when[new] = turn


def test_granovetter_as_recorded() -> None:
    thresholds = np.arange(100.0)
    whole = threshold_cascade(thresholds)
    assert whole.moved == DATA["cascade"]["full"]
    assert whole.round.tolist() == list(range(100))
    thresholds[1] = 2
    assert threshold_cascade(thresholds).moved == DATA["cascade"]["perturbed"]


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 12), st.integers(0, 10_000))
def test_threshold_cascade_against_the_definition(members: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 4, members).astype(float)
    thresholds = rng.integers(0, 2 * members, members).astype(float)
    start = rng.random(members) < 0.2
    found = threshold_cascade(thresholds, weights, start)
    wanted = simulated(thresholds, np.tile(weights, (members, 1)), start | (thresholds <= 0))
    assert found.round.tolist() == wanted.tolist()
    assert found.moved == pytest.approx(weights[wanted >= 0].sum())


@settings(max_examples=80, deadline=None)
@given(st.integers(2, 14), st.integers(0, 10_000))
def test_network_cascade_against_the_definition(members: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    ties = rng.integers(0, 3, (members, members)) * (rng.random((members, members)) < 0.4)
    thresholds = rng.integers(0, 5, members) / 4
    start = rng.random(members) < 0.2
    found = network_cascade(csr_array(ties.astype(float)), thresholds, start)
    total = ties.sum(axis=1)
    needed = np.where(total > 0, thresholds * total, np.where(thresholds > 0, np.inf, 0.0))
    wanted = simulated(needed, ties.astype(float), start | (thresholds <= 0))
    assert found.round.tolist() == wanted.tolist()
    assert found.moved == (wanted >= 0).sum()


def test_a_complete_network_is_a_crowd() -> None:
    rng = np.random.default_rng(5)
    share = rng.uniform(0, 0.9, 60)
    start = rng.random(60) < 0.1
    network = network_cascade(csr_array(np.ones((60, 60))), share, start)
    crowd = threshold_cascade(np.ceil(share * 60 - 1e-9), start=start | (share <= 0))
    assert network.round.tolist() == crowd.round.tolist()


def test_large_frontiers_and_small_ones_agree() -> None:
    """A dense start takes the path over all members, a single seed the one over those told."""
    rng = np.random.default_rng(6)
    members = 400
    columns = rng.integers(0, members, members * 5)
    ties = csr_array((np.ones(members * 5), columns, np.arange(0, members * 5 + 1, 5)), shape=(members, members))
    thresholds = rng.uniform(0.01, 0.5, members)
    for start in (rng.random(members) < 0.3, np.arange(members) == 7):
        total = np.asarray(ties.sum(axis=1)).reshape(-1)
        wanted = simulated(thresholds * total, ties.toarray(), start)
        assert network_cascade(ties, thresholds, start).round.tolist() == wanted.tolist()


def crowd_of(threshold: float, spread: float = 0.12, reach: float = 1.0) -> Crowd:
    return Crowd(*(np.array([[value]]) for value in (1.0, threshold, spread, reach)))


@pytest.mark.parametrize("threshold", [20 / 33, 5 / 7, 0.8, 0.3, 0.05, 0.95])
@pytest.mark.parametrize("reach", [1.0, 0.7, 0.4])
@pytest.mark.parametrize("spread", [0.02, 0.12, 0.3, 0.6])
def test_tipping_points_against_a_fine_grid(threshold: float, reach: float, spread: float) -> None:
    found = tipping_points(crowd_of(threshold, spread, reach))
    grid = np.linspace(0, 1, 200_001)
    gap = ndtr((reach * grid - threshold) / spread) - grid
    crossings = np.flatnonzero(np.sign(gap[:-1]) * np.sign(gap[1:]) < 0)
    inside = found.value[(found.value > 1e-5) & (found.value < 1 - 1e-5)]
    wanted = crossings[(grid[crossings] > 1e-5) & (grid[crossings] < 1 - 1e-5)]
    assert len(inside) == len(wanted)
    assert np.allclose(inside, grid[wanted], atol=1e-5)
    for value, stable in zip(found.value, found.stable, strict=True):
        assert ndtr((reach * value - threshold) / spread) == pytest.approx(value, abs=1e-12)
        slope = reach / spread * np.exp(-(((reach * value - threshold) / spread) ** 2) / 2) / np.sqrt(2 * np.pi)
        assert bool(stable) is bool(slope < 1)


def test_without_spread_the_threshold_itself_tips() -> None:
    found = tipping_points(crowd_of(0.3, spread=0.0, reach=0.5))
    assert found.value == pytest.approx([0, 0.6, 1], abs=1e-9)
    assert found.stable.tolist() == [True, False, True]
    assert tipping_points(crowd_of(np.inf)).value.tolist() == [0.0]
    assert tipping_points(crowd_of(0.0, spread=0.0, reach=0.0)).value.tolist() == [1.0]
    assert tipping_points(crowd_of(0.2, spread=0.0, reach=0.0)).value.tolist() == [0.0]


def test_where_map_and_diagonal_touch_one_point_is_given() -> None:
    spread = 0.12
    for sign in (1, -1):
        at = sign * np.sqrt(-2 * np.log(spread * np.sqrt(2 * np.pi)))
        share = float(ndtr(at))
        found = tipping_points(crowd_of(share - spread * at, spread))
        near = np.abs(found.value - share) < 1e-5
        assert near.sum() == 1
        assert not found.stable[near].any()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10_000))
def test_fixed_points_of_mixtures_alternate_and_none_is_missed(groups: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(groups))[None]
    means, deviations = rng.uniform(-0.2, 1.4, (1, groups)), rng.uniform(0.02, 0.4, (1, groups))
    mixture = Mixture(weights, means, deviations, np.zeros(1))
    found = fixed_points(mixture)
    assert found.value.size % 2 == 1
    assert found.stable.tolist() == [place % 2 == 0 for place in range(found.value.size)]
    grid = np.linspace(0, 1, 20_001)
    gap = ndtr((grid[:, None] - means) / deviations) @ weights[0] - grid
    assert (np.sign(gap[:-1]) * np.sign(gap[1:]) < 0).sum() <= found.value.size


def test_group_cascade_is_the_iteration_of_the_map() -> None:
    crowd = crowd_of(20 / 33)
    tips = tipping_points(crowd).value[1]
    for start, end in ((tips - 0.01, tips - 0.01), (tips + 0.01, tipping_points(crowd).value[2])):
        path = group_cascade(crowd, np.ones((1, 1)), np.array([[start]]))
        assert path[-1, 0, 0] == pytest.approx(end, abs=1e-6)
        assert (np.diff(path[:, 0, 0]) >= 0).all()


def test_the_hinge_is_who_sets_off_the_rest() -> None:
    """Three groups in a chain: the second goes by the first, the third by the second."""
    crowd = Crowd(np.array([[0.2, 0.3, 0.5]]), np.array([[0.9, 0.5, 0.5]]), np.full((1, 3), 0.01), np.ones((1, 3)))
    watches = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    followers = hinges(crowd, watches, np.zeros((1, 3)))[0]
    assert followers == pytest.approx([0.8, 0.7, 0.5], abs=1e-9)
    blind = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    assert hinges(crowd, blind, np.zeros((1, 3)))[0] == pytest.approx([0.0, 0.7, 0.5], abs=1e-9)


def elites() -> tuple[np.ndarray, Stakes]:
    groups = DATA["three_groups"]
    return np.array(DATA["three_elites"]["weights"]), Stakes(*(np.array(groups[f], dtype=float) for f in FIELDS))


def rows(stakes: Stakes) -> Stakes:
    return Stakes(*(getattr(stakes, field)[None] for field in FIELDS))


def test_three_elites_as_recorded() -> None:
    weights, stakes = elites()
    about = DATA["three_elites"]
    found = pure_equilibria(weights[None], rows(stakes), np.array([about["quota"]]))[0]
    assert profiles(3)[found].astype(int).tolist() == about["pure"]
    path = logit_path(weights, stakes, about["quota"], about["rationality"])
    assert path.rationality[-1] == about["rationality"]
    assert path.moving[-1] == pytest.approx(about["moving"], abs=1e-9)
    assert path.moving[0] == pytest.approx(0.5)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(0, 10_000))
def test_pure_equilibria_against_the_definition(players: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 6, players).astype(float)
    stakes = Stakes(*(rng.integers(-3, 4, players).astype(float) for _ in FIELDS))
    quota = float(rng.integers(0, weights.sum() + 1))

    def worth(player: int, moves: tuple[int, ...]) -> float:
        falls = sum(Fraction(int(w)) * m for w, m in zip(weights, moves, strict=True)) > quota
        field = f"{'move' if moves[player] else 'stay'}_{'falls' if falls else 'survives'}"
        return float(getattr(stakes, field)[player])

    def stable(moves: tuple[int, ...]) -> bool:
        return all(worth(i, moves) >= worth(i, (*moves[:i], 1 - moves[i], *moves[i + 1 :])) for i in range(players))

    wanted = [stable(moves) for moves in product((0, 1), repeat=players)]
    assert pure_equilibria(weights[None], rows(stakes), np.array([quota]))[0].tolist() == wanted


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(0, 10_000))
def test_logit_equilibria_solve_their_equations(players: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(players))
    stakes = Stakes(*(rng.uniform(-1, 1, players) for _ in FIELDS))
    path = logit_path(weights, stakes, 0.5, 3.0)
    chance = path.moving[-1]
    for i in range(players):
        gain = 0.0
        for moves in product((0, 1), repeat=players):
            if moves[i]:
                continue
            likely = np.prod([p if m else 1 - p for j, (p, m) in enumerate(zip(chance, moves, strict=True)) if j != i])
            others = float(weights @ np.array(moves))
            stay = stakes.stay_falls[i] if others > 0.5 else stakes.stay_survives[i]
            move = stakes.move_falls[i] if others + weights[i] > 0.5 else stakes.move_survives[i]
            gain += float(likely) * float(move - stay)
        assert chance[i] == pytest.approx(expit(3.0 * gain), abs=1e-9)


def test_too_many_elites_are_refused() -> None:
    with pytest.raises(TooLargeError, match=r"20 elites have 1,048,576 profiles; at most 10"):
        profiles(20)


def test_logit_choices_do_not_depend_on_the_unit_of_points() -> None:
    weights, stakes = elites()
    about = DATA["three_elites"]
    for unit in (1e-3, 1e3):
        scaled = Stakes(*(getattr(stakes, field) * unit for field in FIELDS))
        path = logit_path(weights, scaled, about["quota"], about["rationality"] / unit)
        assert path.rationality[-1] == pytest.approx(about["rationality"] / unit)
        assert path.moving[-1] == pytest.approx(about["moving"], abs=1e-9)


def test_logit_branch_of_large_points_ends_where_choices_are_certain() -> None:
    """Ten elites with stakes of hundreds of points: every choice is certain long before the parameter asked for."""
    rng = np.random.default_rng(5)
    stakes = Stakes(*(rng.uniform(low, high, 10) for low, high in ((100, 300), (-300, 0), (-300, 0), (50, 300))))
    told: list[int] = []
    path = logit_path(np.full(10, 0.1), stakes, 0.5, 50.0, lambda: told.append(1))
    assert path.rationality[-1] == pytest.approx(50)
    assert path.moving[-1] == pytest.approx(np.zeros(10), abs=1e-12)
    assert len(path.rationality) < 2000
    assert told


def test_logit_branch_can_be_stopped() -> None:
    def stop() -> None:
        raise CancelledError("stopped")

    with pytest.raises(CancelledError):
        logit_path(*elites(), 0.5, 1.0, stop)
