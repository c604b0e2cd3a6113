"""Straight lines: crossings, where one is above another, and the upper envelope, against a fine grid."""

from __future__ import annotations

from itertools import pairwise
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from backchannel.analyses.signals.lines import Line, at_least, crossing, highest

NUMBERS = st.integers(-9, 9).map(float)
LINES = st.builds(Line, NUMBERS, NUMBERS)
GRID = [k / 8 for k in range(-40, 41)]


@given(LINES, LINES)
def test_crossing(first: Line, second: Line) -> None:
    at = crossing(first, second)
    if at is None:
        assert first.slope == second.slope
    else:
        assert abs(first.at(at) - second.at(at)) < 1e-9


@given(LINES, LINES, st.integers(-5, 0), st.integers(1, 5))
def test_where_one_line_is_as_high(upper: Line, lower: Line, low: int, high: int) -> None:
    found = at_least(upper, lower, low, high)
    for x in GRID:
        inside = low <= x <= high and upper.at(x) >= lower.at(x)
        margin = abs(upper.at(x) - lower.at(x)) > 1e-9
        if margin or not low <= x <= high:
            assert found.holds(x) == inside


@given(st.lists(LINES, min_size=1, max_size=6))
def test_envelope(lines: list[Line]) -> None:
    stretches = highest(lines, -5.0, 5.0)
    assert (stretches[0].low, stretches[-1].high) == (-5.0, 5.0)
    for before, after in pairwise(stretches):
        assert before.high == after.low
        assert before.place != after.place
    for x in GRID:
        best = max(line.at(x) for line in lines)
        here = [s for s in stretches if s.low <= x <= s.high]
        assert here
        assert all(abs(lines[s.place].at(x) - best) < 1e-9 for s in here)


def test_envelope_to_infinity_and_ties() -> None:
    flat, rising, same = Line(3.0), Line(0.0, 1.0), Line(3.0)
    assert [(s.place, s.low, s.high) for s in highest([flat, rising, same], 0.0, inf)] == [(0, 0.0, 3.0), (1, 3.0, inf)]
