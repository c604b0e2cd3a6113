"""Core interests first: against comparison of tuples in Python, and the circle that thresholds allow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.analyses.deals.core_interests import core_weight, preferred, unbettered

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8)


@given(ROWS)
def test_without_thresholds_it_is_the_order_of_tuples(rows: list[tuple[int, int, int]]) -> None:
    assert preferred(rows).tolist() == [[a > b for b in rows] for a in rows]
    assert unbettered(rows).tolist() == [row == max(rows) for row in rows]


@given(ROWS, st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2)))
def test_thresholds_by_the_definition(rows: list[tuple[int, int, int]], limits: tuple[int, int, int]) -> None:
    def better(a: tuple[int, int, int], b: tuple[int, int, int]) -> bool:
        for one, other, limit in zip(a, b, limits, strict=True):
            if abs(one - other) > limit:
                return one > other
        return False

    assert preferred(rows, limits).tolist() == [[better(a, b) for b in rows] for a in rows]


@given(ROWS)
def test_a_weight_above_the_bound_reproduces_the_order(rows: list[tuple[int, int, int]]) -> None:
    pairs = [row[:2] for row in rows]
    core, lesser = np.array(pairs, dtype=np.float64).T
    scalar = (core_weight(core, lesser) + 0.001) * core + lesser
    assert [[bool(x > y) for y in scalar] for x in scalar] == preferred(pairs).tolist()


def test_the_bound_is_sharp() -> None:
    assert core_weight([0, 1], [5, 0]) == 5
    assert 4.9 * 1 + 0 < 4.9 * 0 + 5
    assert core_weight([2, 2], [0, 9]) == 0


def test_small_sacrifices_of_the_core_go_round_in_a_circle() -> None:
    rows = [[2, 0], [1, 1], [0, 2]]
    better = preferred(rows, [1, 0])
    assert better[1, 0]
    assert better[2, 1]
    assert better[0, 2]
    assert not unbettered(rows, [1, 0]).any()


def test_floor_of_the_core() -> None:
    rows = [[2, 0], [1, 5], [0, 9]]
    assert unbettered(rows, [1, 0], core_floor=1).tolist() == [False, True, False]
    assert unbettered(rows, core_floor=3).tolist() == [False, False, False]


def test_refused() -> None:
    with pytest.raises(ValueError, match=r"worths have shape \(2,\), expected \(packages, tiers\)"):
        preferred([1, 2])
    with pytest.raises(ValueError, match=r"thresholds are \[-1.0\], expected 1, none negative"):
        preferred([[1], [2]], [-1])
