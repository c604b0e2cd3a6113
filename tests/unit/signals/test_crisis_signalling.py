"""The crisis game by name: tree, limited rationality, and equilibria as a pay-off changes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from backchannel.analyses.signals.crisis_signalling import crisis_curve, crisis_tree, logit_crisis
from backchannel.numerics.behaviour import described
from backchannel.numerics.crisis_game import crisis_equilibria, payoffs_of
from backchannel.numerics.subgame_perfection import backward_induction

PAYOFFS = {
    "challenger_status_quo": 0.0,
    "challenger_gain": 1.0,
    "challenger_war": -1.9,
    "challenger_back_down": -1.2,
    "defender_concede": 0.0,
    "defender_war": -2.9,
    "defender_hold": 1.0,
}


def test_tree_without_private_terms() -> None:
    """A challenger who would back down is resisted, so it keeps the status quo."""
    [row] = backward_induction(crisis_tree(PAYOFFS))
    assert [choice for place in described(crisis_tree(PAYOFFS), row).values() for choice, p in place.items() if p] == [
        "status quo",
        "back down",
        "resist",
    ]


def test_limited_rationality_starts_even_and_adds_up() -> None:
    found = logit_crisis(PAYOFFS, 3.0)
    assert (found.challenge[0], found.resist[0], found.fight[0]) == (0.5, 0.5, 0.5)
    np.testing.assert_allclose(found.outcomes.sum(axis=1), 1)
    fight = expit(found.rationality * (-1.9 + 1.2))
    np.testing.assert_allclose(found.fight, fight, atol=1e-9)
    np.testing.assert_allclose(found.outcomes[:, 3], found.challenge * found.resist * found.fight)


def test_equilibria_appear_and_vanish_along_a_pay_off() -> None:
    values = [-3.2, -2.9, -2.6, -2.4]
    found = crisis_curve(PAYOFFS, "defender_war", values, rule="most_resistance")
    counts = np.bincount(found.place, minlength=4)
    single = [crisis_equilibria(payoffs_of(**{**PAYOFFS, "defender_war": value})) for value in values]
    assert counts.tolist() == [len(item.resist) for item in single]
    assert len(set(counts.tolist())) > 1
    assert found.place[found.selected].tolist() == [0, 1, 2, 3]
    for k, item in zip(found.selected, single, strict=True):
        assert found.resist[k] == item.resist.max()
        assert found.stable[k]


def test_what_they_refuse() -> None:
    with pytest.raises(ValueError, match=r"the pay-offs are .*, got 'war'"):
        crisis_curve(PAYOFFS, "war", [0.0])
    with pytest.raises(ValueError, match="missing defender_hold"):
        crisis_tree({name: worth for name, worth in PAYOFFS.items() if name != "defender_hold"})
