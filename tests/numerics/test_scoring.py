"""Scores from their definitions, the decomposition as an identity, and what is refused."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.numerics.scoring import brier_parts, brier_score, brier_score_of_classes, log_score

FORECASTS = st.lists(st.tuples(st.sampled_from([0.05, 0.2, 0.5, 0.8]), st.booleans()), min_size=1, max_size=40)


@given(FORECASTS)
def test_the_parts_add_up(pairs: list[tuple[float, bool]]) -> None:
    p, y = zip(*pairs, strict=True)
    parts = brier_parts(p, y)
    assert parts.score == pytest.approx(sum((a - b) ** 2 for a, b in pairs) / len(pairs))
    assert parts.score == pytest.approx(parts.reliability - parts.resolution + parts.uncertainty)
    assert brier_score(p, y) == parts.score
    assert np.isnan(parts.skill) == (len(set(y)) == 1)


@given(FORECASTS)
def test_two_classes_cost_twice(pairs: list[tuple[float, bool]]) -> None:
    p, y = np.array([a for a, _ in pairs]), np.array([int(b) for _, b in pairs])
    assert brier_score_of_classes(np.c_[1 - p, p], y) == pytest.approx(2 * brier_score(p, y))


def test_log_score_clips() -> None:
    assert log_score([0.7, 0.2], [1, 0]) == pytest.approx(-(log(0.7) + log(0.8)) / 2)
    assert log_score([0.0], [1]) == pytest.approx(-log(0.01))
    assert log_score([0.0], [1], clip=0) == np.inf


def test_honest_forecasts_score_best() -> None:
    """Both scores are proper: on average the true probability costs least."""
    grid = np.linspace(0.05, 0.95, 19)
    for truth in (0.2, 0.65):
        for score in (brier_score, log_score):
            mean = [truth * score([q], [1]) + (1 - truth) * score([q], [0]) for q in grid]
            assert grid[int(np.argmin(mean))] == pytest.approx(truth)


def test_what_it_refuses() -> None:
    with pytest.raises(ValueError, match=r"one entry each of the same number, got \(1,\) and \(2,\)"):
        brier_score([0.5], [0, 1])
    with pytest.raises(ValueError, match=r"write 65 % as 0\.65"):
        brier_score([65], [1])
    with pytest.raises(ValueError, match="outcomes are 0 or 1"):
        log_score([0.5], [2])
    with pytest.raises(ValueError, match="clip must lie between 0 and 0"):
        log_score([0.5], [1], clip=0.5)
    with pytest.raises(ValueError, match="must be 0 or more and sum to 1"):
        brier_score_of_classes([[0.5, 0.6]], [0])
    with pytest.raises(ValueError, match="outcomes are places of classes"):
        brier_score_of_classes([[0.5, 0.5]], [2])
    with pytest.raises(ValueError, match=r"expected .forecasts, classes."):
        brier_score_of_classes([0.5], [0])
