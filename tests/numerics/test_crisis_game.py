"""The crisis game with private terms: formulas against integration and play, every equilibrium, stability."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from backchannel.numerics.bivariate_normal import bivariate_normal
from backchannel.numerics.crisis_estimation import all_resistances
from backchannel.numerics.crisis_game import (
    OUTCOMES,
    PAYOFFS,
    ROOT,
    RULES,
    crisis_equilibria,
    outcome_logs,
    payoffs_of,
    reply,
    resistance_grid,
)
from backchannel.numerics.extensive_form import Floats


def game(**change: float) -> Floats:
    worth = {
        "challenger_status_quo": 0.0,
        "challenger_gain": 1.0,
        "challenger_war": -1.9,
        "challenger_back_down": -1.2,
        "defender_concede": 0.0,
        "defender_war": -2.9,
        "defender_hold": 1.0,
    }
    return payoffs_of(**{**worth, **change})


def test_bivariate_normal_against_integration() -> None:
    rng = np.random.default_rng(3)
    h, k = rng.normal(0, 3, 60), rng.normal(0, 3, 60)
    h[:4], k[:4] = [0, 0, -9, 7], [0, 2, -1, 0]

    def integrated(a: float, b: float) -> float:
        def part(x: float) -> float:
            return float(np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * ndtr((b - ROOT * x) / np.sqrt(0.5)))

        return quad(part, -40, a, epsabs=0, epsrel=1e-12, limit=300)[0]

    expected = np.array([integrated(a, b) for a, b in zip(h, k, strict=True)])
    found = bivariate_normal(h, k, ROOT)
    np.testing.assert_allclose(found, expected, atol=1e-14)
    np.testing.assert_allclose(found[h < -4], expected[h < -4], rtol=1e-9)
    assert bivariate_normal(np.array([np.inf]), np.array([0.3]), ROOT) == pytest.approx(ndtr(0.3))


def test_reply_against_drawn_terms() -> None:
    """A challenger who meets resistance with probability r, and the defender's reply, by drawing private terms."""
    payoffs, resist = game(challenger_war=-0.3, challenger_back_down=-0.6, defender_war=-0.8), 0.4
    terms = np.random.default_rng(0).standard_normal((3, 400_000))
    fights, retreats = -0.3 + terms[0], -0.6 + terms[1]
    challenges = resist * np.maximum(fights, retreats) + (1 - resist) * 1.0 > 0
    fight = (fights > retreats)[challenges].mean()
    replies = (fight * (-0.8 + terms[2]) + (1 - fight) * 1.0 > 0).mean()
    found = reply(payoffs, np.array(resist))
    assert found.challenge == pytest.approx(challenges.mean(), abs=0.004)
    assert found.fight == pytest.approx(fight, abs=0.004)
    assert found.reply == pytest.approx(replies, abs=0.006)


@pytest.mark.parametrize("resist", [0.05, 0.3, 0.8, 0.99])
def test_slope_of_the_reply(resist: float) -> None:
    payoffs, step = game(), 1e-6
    ahead, back = (reply(payoffs, np.array(resist + sign * step)).reply for sign in (1, -1))
    assert reply(payoffs, np.array(resist)).slope == pytest.approx((ahead - back) / (2 * step), rel=1e-4, abs=1e-7)


def test_all_equilibria_against_a_finer_scan() -> None:
    rng = np.random.default_rng(5)
    several = 0
    for _ in range(40):
        payoffs = game(
            challenger_war=rng.normal(-1.9, 0.2),
            challenger_back_down=rng.normal(-1.2, 0.15),
            defender_war=rng.normal(-2.9, 0.2),
        )
        found = crisis_equilibria(payoffs, points=200)
        grid = resistance_grid(6_000)
        gaps = reply(payoffs, grid).reply - grid
        assert len(found.resist) == int((np.diff(np.sign(gaps)) != 0).sum()) + int(gaps[-1] > 0)
        np.testing.assert_allclose(found.outcomes.sum(axis=1), 1, atol=1e-9)
        np.testing.assert_allclose(reply(payoffs, found.resist).reply, found.resist, atol=1e-9)
        assert len(found.resist) % 2 == 1
        several += len(found.resist) > 1
    assert several >= 3


def test_adjustment_ends_where_the_basins_say() -> None:
    found = crisis_equilibria(game())
    assert found.stable.tolist() == [True, False, True]
    assert found.basin.sum() == pytest.approx(1)
    for start, place in ((0.01, 0), (0.59, 0), (0.60, 2), (0.99, 2)):
        resist = start
        for _ in range(300):
            resist += 0.5 * (float(reply(game(), np.array(resist)).reply) - resist)
        assert resist == pytest.approx(found.resist[place], abs=1e-6)
    assert [found.selected(rule) for rule in RULES] == [0, 2, 0]
    with pytest.raises(ValueError, match=r"the rule is one of least_resistance, .*, got 'x'"):
        found.selected("x")  # type: ignore[arg-type]


def test_a_pair_of_equilibria_next_to_where_it_vanishes_is_found() -> None:
    """Between one and three equilibria there is a fold; just inside it two lie closer than the grid."""
    low, high = -2.9, -2.4
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if len(crisis_equilibria(game(defender_war=middle)).resist) == 3 else (low, middle)
    inside = crisis_equilibria(game(defender_war=low), points=60)
    assert len(inside.resist) == 3
    assert np.diff(inside.resist).min() < 1e-3


def test_certain_resistance_keeps_its_precision() -> None:
    found = crisis_equilibria(game(challenger_war=-3.5, defender_war=0.5))
    assert found.resist[-1] > 1 - 1e-9
    logs = outcome_logs(game(challenger_war=-3.5, defender_war=0.5), found.resist)
    assert np.isfinite(logs).all()
    assert logs[-1, OUTCOMES.index("concession")] < -20


def test_faulty_pay_offs_are_refused() -> None:
    with pytest.raises(ValueError, match="missing defender_war"):
        payoffs_of(**dict.fromkeys((name for name in PAYOFFS if name != "defender_war"), 0.0))
    with pytest.raises(ValueError, match="unknown war"):
        game(war=1.0)
    with pytest.raises(ValueError, match="pay-offs are 7 finite numbers"):
        crisis_equilibria(np.zeros(3))


NEXT_TO_NONE = (2.534, -0.482, -0.929, -0.249, -0.891, 3.107, -1.019)


def test_hardly_any_resistance_has_its_basin() -> None:
    """Three equilibria, the first next to 0: its basin reaches up to the unstable one."""
    found = crisis_equilibria(np.array(NEXT_TO_NONE))
    assert found.resist == pytest.approx([0, 0.655, 0.997], abs=1e-3)
    assert found.basin == pytest.approx([0.655, 0, 0.345], abs=1e-3)
    assert found.selected("largest_basin") == 0
    pair, root = all_resistances(np.array([NEXT_TO_NONE, game()]), 60)
    assert root[pair == 0] == pytest.approx(found.resist, abs=1e-9)
    assert root[pair == 1] == pytest.approx(crisis_equilibria(game()).resist, abs=1e-9)


def test_basins_of_random_games_add_up() -> None:
    rng = np.random.default_rng(2)
    for payoffs in rng.normal(0, 2, (150, 7)):
        found = crisis_equilibria(payoffs, points=200)
        assert found.basin.sum() == pytest.approx(1)
        assert (found.basin[~found.stable] == 0).all()
        assert len(found.resist) % 2 == 1


def test_the_chance_of_a_fight_keeps_its_precision_where_hardly_anybody_challenges() -> None:
    """A status quo that is dear to the challenger: the one chance in 1e300 follows the normal tails."""
    payoffs = game(challenger_status_quo=3.0, challenger_war=-0.2, challenger_back_down=-0.3)
    resist = np.linspace(0.02, 0.12, 4001)
    found = reply(payoffs, resist)
    assert found.challenge.min() < 1e-290 < found.challenge.max()
    assert np.abs(np.diff(found.fight)).max() < 1e-3
    steps = (np.roll(found.reply, -1) - np.roll(found.reply, 1))[1:-1] / (resist[2:] - resist[:-2])
    np.testing.assert_allclose(found.slope[1:-1], steps, rtol=0.02, atol=1e-9)
