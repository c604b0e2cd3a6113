"""Shapley value and core: orders of joining one by one, linear programs over all coalitions, and known games."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from math import comb, factorial
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from backchannel.errors import TooLargeError
from backchannel.numerics.cooperative import excesses, in_core, least_core, shapley

REFERENCE = yaml.safe_load((Path(__file__).parents[1] / "data/bargaining_reference.yaml").read_text(encoding="utf-8"))
WORTHS = st.integers(2, 4).flatmap(
    lambda players: st.lists(st.integers(-3, 9), min_size=2**players - 1, max_size=2**players - 1)
)


def game(players: int, worth: Callable[[list[int]], float]) -> np.ndarray:
    return np.array([worth([p for p in range(players) if m >> p & 1]) for m in range(1 << players)], dtype=np.float64)


MAJORITY = game(3, lambda who: len(who) >= 2)
GLOVES = game(3, lambda who: 0 in who and len(who) > 1)
AIRPORT = game(3, lambda who: max(who, default=-1) + 1)
COUNCIL = game(15, lambda who: len(who) >= 9 and set(range(5)) <= set(who))


def by_orders(worth: list[int]) -> list[Fraction]:
    players = (len(worth)).bit_length() - 1
    total = [Fraction(0)] * players
    for order in itertools.permutations(range(players)):
        there = 0
        for player in order:
            total[player] += worth[there | 1 << player] - worth[there]
            there |= 1 << player
    return [value / factorial(players) for value in total]


def least_excess(worth: np.ndarray) -> float:
    """The least core by one linear program with every coalition in it."""
    players = len(worth).bit_length() - 1
    proper = range(1, len(worth) - 1)
    rows = [[-(m >> p & 1) for p in range(players)] + [-1] for m in proper]
    everyone = [[1] * players + [0]]
    cost = [0] * players + [1]
    solved = linprog(cost, rows, -worth[1:-1], everyone, [worth[-1]], bounds=(None, None))
    return float(solved.fun)


@pytest.mark.parametrize(("name", "worth"), [("majority", MAJORITY), ("gloves", GLOVES), ("airport", AIRPORT)])
def test_shapley_value_of_known_games(name: str, worth: np.ndarray) -> None:
    assert shapley(worth) == pytest.approx([float(Fraction(share)) for share in REFERENCE["shapley"][name]], abs=1e-15)


def test_security_council() -> None:
    """Swings counted by hand: an elected member is decisive after the five and three of the nine others."""
    elected = Fraction(comb(9, 3) * factorial(8) * factorial(6), factorial(15))
    permanent = (1 - 10 * elected) / 5
    expected = REFERENCE["shapley"]["security_council"]
    assert (Fraction(expected["elected"]), Fraction(expected["permanent"])) == (elected, permanent)
    assert shapley(COUNCIL) == pytest.approx([float(permanent)] * 5 + [float(elected)] * 10, abs=1e-15)


@given(WORTHS)
@settings(max_examples=80, deadline=None)
def test_shapley_value_is_the_mean_over_orders(tail: list[int]) -> None:
    worth = [0, *tail]
    assert shapley(worth) == pytest.approx([float(share) for share in by_orders(worth)], abs=1e-12)


@given(WORTHS)
@settings(max_examples=60, deadline=None)
def test_least_core_is_that_of_the_whole_linear_program(tail: list[int]) -> None:
    worth = np.array([0, *tail], dtype=np.float64)
    found = least_core(worth)
    assert found.epsilon == pytest.approx(least_excess(worth), abs=1e-7)
    assert found.shares.sum() == pytest.approx(worth[-1])
    assert excesses(worth, found.shares)[1:-1].max() == pytest.approx(found.epsilon, abs=1e-7)
    assert in_core(worth, found.shares, tolerance=1e-7) != found.core_empty


def test_core_of_known_games() -> None:
    majority, gloves = least_core(MAJORITY), least_core(GLOVES)
    assert (majority.core_empty, majority.epsilon) == (True, pytest.approx(REFERENCE["core"]["majority"]["epsilon"]))
    assert (gloves.core_empty, gloves.epsilon) == (False, pytest.approx(0))
    assert gloves.shares == pytest.approx(REFERENCE["core"]["gloves"]["shares"])
    assert in_core(GLOVES, [1, 0, 0])
    assert not in_core(GLOVES, [0.9, 0.1, 0])
    assert not in_core(GLOVES, [1.1, 0, 0])
    council = least_core(COUNCIL)
    assert not council.core_empty
    assert council.shares[:5].sum() == pytest.approx(1)


def test_least_core_adds_rows_until_none_is_broken() -> None:
    """Ten symmetric players: what a coalition of nine could have decides, found without all 1,022 rows."""
    worth = game(10, lambda who: float(len(who) ** 2))
    assert least_core(worth).epsilon == pytest.approx(81 - 90)
    peaked = game(10, lambda who: float(len(who) == 5))
    assert least_core(peaked).epsilon == pytest.approx(1)


def test_units_do_not_matter() -> None:
    assert least_core(MAJORITY * 1e9).epsilon == pytest.approx(1e9 / 3)
    assert least_core(MAJORITY * 1e-9).core_empty
    assert shapley(AIRPORT * 1e9) == pytest.approx(shapley(AIRPORT) * 1e9)


def test_excesses_by_coalition() -> None:
    assert excesses(GLOVES, [0.5, 0.3, 0.2]) == pytest.approx([0, -0.5, -0.3, 0.2, -0.2, 0.3, -0.5, 0])


def test_refused() -> None:
    with pytest.raises(ValueError, match=r"worth has shape \(3,\), expected \(2\^n,\)"):
        shapley([0, 1, 2])
    with pytest.raises(ValueError, match="that of nobody 0, got 1"):
        shapley([1, 1])
    with pytest.raises(ValueError, match=r"shares have shape \(2,\), expected \(3,\)"):
        excesses(MAJORITY, [1, 0])
    with pytest.raises(ValueError, match="one player has no coalition"):
        least_core([0, 1])
    with pytest.raises(TooLargeError, match="21 players have 2,097,152 coalitions"):
        shapley(np.zeros(1 << 21))
