"""The place where belief, act and enforcement meet: Bayes by hand, and what teaches nothing."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.numerics.credence import joined, updated


def test_a_bond_is_enough_without_any_belief() -> None:
    """Type belief 0, yet the cheat's own incentive holds at every step: credence 1."""
    assert joined(np.array([0.0, 1.0]), np.ones((2, 4), dtype=np.bool_)) == pytest.approx(np.ones(4))


def test_only_a_step_that_parts_the_types_teaches() -> None:
    complies = np.array([[True, True, True, True], [True, True, False, False]])
    assert updated(np.array([0.3, 0.7]), complies)[0] == pytest.approx([0.3, 0.3, 0.3, 1, 1])
    assert joined(np.array([0.3, 0.7]), complies) == pytest.approx([1, 1, 0.3, 1])


def test_three_types_by_bayes() -> None:
    belief = np.array([0.2, 0.3, 0.5])
    complies = np.array([[True, True], [True, False], [False, False]])
    assert joined(belief, complies) == pytest.approx([0.5, 0.4])
    assert updated(belief, complies)[:, 1] == pytest.approx([0.4, 0.6, 0])


def test_what_nobody_believed_possible_leaves_belief_alone() -> None:
    complies = np.array([[False, True], [False, True]])
    assert updated(np.array([0.3, 0.7]), complies)[:, 1] == pytest.approx([0.3, 0.7])
    assert joined(np.array([0.3, 0.7]), complies) == pytest.approx([0, 1])
