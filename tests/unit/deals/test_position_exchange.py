"""Position exchange: positions moved step by step on a grid, limits, externalities and the list of candidates."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from backchannel.analyses.deals.position_exchange import (
    PositionExchange,
    Positions,
    position_exchange,
    position_exchanges,
)
from backchannel.errors import TooLargeError


def random_positions(seed: int, actors: int = 4, issues: int = 2) -> Positions:
    rng = np.random.default_rng(seed)
    shape = (actors, issues)
    return Positions(rng.integers(0, 101, shape), rng.integers(1, 101, shape) / 100, rng.integers(1, 10, actors))


def worth(model: Positions, actor: int, outcomes: np.ndarray) -> float:
    return float(-(model.saliences[actor] * np.abs(outcomes - model.positions[actor])).sum())


def brute_force(model: Positions, found: PositionExchange, steps: int = 60) -> list[tuple[float, float]]:
    """Gains of first and second for all moves of both positions on a grid, outcomes recomputed from the positions."""
    base = [worth(model, actor, model.outcomes) for actor in (found.first, found.second)]
    gains = []
    for a, b in itertools.product(np.linspace(0, 1, steps + 1), repeat=2):
        places = model.positions.copy()
        for mover, other, issue, part in (
            (found.second, found.first, found.demanded, a),
            (found.first, found.second, found.supplied, b),
        ):
            places[mover, issue] += part * (model.positions[other, issue] - model.positions[mover, issue])
        after = (model.pull * places).sum(axis=0)
        d, s = found.demanded, found.supplied
        if (after[d] - model.positions[found.first, d]) * (model.outcomes[d] - model.positions[found.first, d]) < 0:
            continue
        if (after[s] - model.positions[found.second, s]) * (model.outcomes[s] - model.positions[found.second, s]) < 0:
            continue
        gains.append(tuple(worth(model, actor, after) - base[k] for k, actor in enumerate((found.first, found.second))))
    return gains


@pytest.mark.parametrize("seed", range(8))
def test_no_moves_on_a_grid_do_better(seed: int) -> None:
    model = random_positions(seed)
    for found in position_exchanges(model)[:2]:
        gains = np.array(brute_force(model, found))
        both = gains[(gains >= -1e-12).all(axis=1)]
        ideal = np.array(found.ideal_gains)
        assert np.prod(found.nash.gains) >= both.prod(axis=1).max() - 1e-9
        assert min(found.equal_gains.gains) >= gains.min(axis=1).max() - 1e-9
        assert found.equal_gains.gains[0] == pytest.approx(found.equal_gains.gains[1])
        assert (ideal >= both.max(axis=0) - 1e-9).all()
        assert min(found.kalai_smorodinsky.gains / ideal) >= (gains / ideal).min(axis=1).max() - 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_shifts_can_be_carried_out_and_effects_on_everybody(seed: int) -> None:
    model = random_positions(seed, actors=5, issues=3)
    for found in position_exchanges(model):
        for shift in (found.equal_gains, found.nash, found.kalai_smorodinsky):
            after = model.outcomes.copy()
            after[[found.demanded, found.supplied]] = shift.outcomes
            effects = [worth(model, k, after) - worth(model, k, model.outcomes) for k in range(5)]
            assert shift.effects == pytest.approx(effects, abs=1e-9)
            assert shift.effects[[found.first, found.second]] == pytest.approx(shift.gains, abs=1e-9)
            for mover, other, issue, size in (
                (found.second, found.first, found.demanded, shift.demanded),
                (found.first, found.second, found.supplied, shift.supplied),
            ):
                goal = model.positions[other, issue]
                assert size / model.pull[mover, issue] <= abs(goal - model.positions[mover, issue]) + 1e-9
                assert abs(after[issue] - model.outcomes[issue]) == pytest.approx(size)
                assert (goal - after[issue]) * (goal - model.outcomes[issue]) >= -1e-9


@pytest.mark.parametrize("seed", range(6))
def test_list_of_candidates_is_that_of_trying_all(seed: int) -> None:
    model = random_positions(seed, actors=5, issues=3)
    tried = {
        quadruple: position_exchange(model, *quadruple)
        for i, j in itertools.permutations(range(5), 2)
        for p, q in itertools.permutations(range(3), 2)
        for quadruple in [(i, j, p, q)]
    }
    listed = position_exchanges(model)
    names = {(found.first, found.second, found.demanded, found.supplied) for found in listed}
    assert names == {key for key, found in tried.items() if found is not None and key[2] < key[3]}
    for key, found in tried.items():  # the same exchange, seen from the other side
        mirror = tried[key[1], key[0], key[3], key[2]]
        assert (found is None) == (mirror is None)
        if found is not None and mirror is not None:
            assert found.nash.gains == pytest.approx(mirror.nash.gains[::-1])
    gains = [found.equal_gains.gains[0] for found in listed]
    assert gains == sorted(gains, reverse=True)


def test_the_outcome_stops_at_the_demanders_position() -> None:
    model = Positions(
        np.array([[0, 0], [60, 100], [100, 100], [0, 0]]),
        np.array([[0.1, 0.9], [0.9, 0.1], [0.1, 0.1], [0.9, 0.9]]),
        np.array([90, 1, 1, 1]),
    )
    [found] = [f for f in position_exchanges(model) if {f.first, f.second} == {0, 1}]
    outcome = model.outcomes[0]
    assert found.limits[0] == pytest.approx(min(60 * model.pull[0, 0], 60 - outcome))
    assert found.equal_gains.outcomes[0] <= 60 + 1e-9


def test_no_exchange_on_one_side_at_the_outcome_or_with_tied_saliences() -> None:
    saliences = np.array([[0.9, 0.1], [0.1, 0.9]])
    apart = Positions(np.array([[0, 0], [100, 100]]), saliences, np.ones(2))
    assert position_exchange(apart, 0, 1, 0, 1) is not None
    tied = Positions(apart.positions, np.array([[0.1, 0.3], [0.2, 0.6]]), np.ones(2))
    assert position_exchanges(tied) == ()
    together = Positions(
        np.array([[0, 0], [20, 100], [100, 50]]), np.array([*saliences, [0.5, 0.5]]), np.array([1, 1, 9])
    )
    assert position_exchange(together, 0, 1, 0, 1) is None
    at = Positions(np.array([[50, 0], [50, 100]]), saliences, np.ones(2))
    assert position_exchange(at, 0, 1, 0, 1) is None


def test_units_of_positions_and_capabilities_do_not_matter() -> None:
    model = random_positions(3)
    scaled = Positions(model.positions * 10 - 7, model.saliences, model.capabilities * 1000)
    for one, other in zip(position_exchanges(model), position_exchanges(scaled), strict=True):
        assert np.array(one.nash.gains) * 10 == pytest.approx(np.array(other.nash.gains))
        assert (one.low, one.high) == (other.low, other.high)


def test_refused() -> None:
    with pytest.raises(ValueError, match=r"positions \(2, 2\), saliences \(2, 1\)"):
        Positions(np.zeros((2, 2)), np.ones((2, 1)), np.ones(2))
    with pytest.raises(ValueError, match="saliences and capabilities above 0"):
        Positions(np.zeros((2, 2)), np.zeros((2, 2)), np.ones(2))
    with pytest.raises(TooLargeError, match="100 actors and 50 issues make 25,000,000 combinations"):
        position_exchanges(Positions(np.zeros((100, 50)), np.ones((100, 50)), np.ones(100)))
