"""Adjusted winner: fairness by its definitions, and the best equal totals by linear programming."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from backchannel.analyses.deals.adjusted_winner import adjusted_winner

POINTS = st.lists(st.integers(0, 9), min_size=1, max_size=7)


def balanced(first: list[int], second: list[int]) -> tuple[list[int], list[int]]:
    size = min(len(first), len(second))
    first, second = first[:size], second[:size]
    gap = sum(first) - sum(second)
    return [*first, max(0, -gap)], [*second, max(0, gap)]


@given(POINTS, POINTS)
@settings(max_examples=200, deadline=None)
def test_equal_envy_free_efficient_and_one_issue_divided(a: list[int], b: list[int]) -> None:
    first, second = balanced(a, b)
    assume(sum(first))
    found = adjusted_winner(first, second)
    mine = sum(s * p for s, p in zip(found.shares, first, strict=True))
    theirs = sum((1 - s) * p for s, p in zip(found.shares, second, strict=True))
    assert (mine, theirs) == found.totals
    assert mine == theirs
    assert mine >= sum((1 - s) * p for s, p in zip(found.shares, first, strict=True))
    assert sum(0 < s < 1 for s in found.shares) == (found.divided is not None)
    # the largest common total any division allows
    solved = linprog(
        [*[0] * len(first), -1],
        [[*(-np.array(first)), 1], [*second, 1]],
        [0, sum(second)],
        bounds=[(0, 1)] * len(first) + [(None, None)],
    )
    assert float(mine) == pytest.approx(-solved.fun, abs=1e-7)


def test_ties_are_reported() -> None:
    found = adjusted_winner([3, 1, 1], [1, 2, 2])
    assert found.divided == 1
    assert found.interchangeable == (2,)
    assert found.shares == (1, Fraction(1, 3), 0)
    even = adjusted_winner([5, 5], [5, 5])
    assert (even.shares, even.divided, even.interchangeable) == ((1, 0), None, ())


def test_decimals_are_taken_as_written_and_worthless_issues_go_to_the_second() -> None:
    found = adjusted_winner([0.1, 0.2, 0], ["1/10", Fraction(1, 5), 0])
    assert found.totals == (Fraction(3, 20), Fraction(3, 20))
    assert found.shares[2] == 0


def test_refused() -> None:
    with pytest.raises(ValueError, match="points sum to 3 on 2 issues and 4 on 2"):
        adjusted_winner([1, 2], [2, 2])
    with pytest.raises(ValueError, match="no negative points and the same sum above 0"):
        adjusted_winner([], [])
