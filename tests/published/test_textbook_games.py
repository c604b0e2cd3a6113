"""What is known of small games of crisis bargaining; the same claims were checked with Gambit."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from backchannel.numerics.behaviour import described, expected_payoffs, node_values, profile_of, regrets
from backchannel.numerics.extensive_form import Floats, Game
from backchannel.numerics.mixed_equilibrium import mixed_nash
from backchannel.numerics.pure_equilibrium import pure_nash
from backchannel.numerics.sequential_equilibrium import sequential, sequential_beliefs, weak_beliefs
from backchannel.numerics.subgame_perfection import backward_induction, subgame_perfect, subgame_regrets
from textbook_games import (
    aborted_flight,
    crisis_bluff,
    elite_coup,
    fearon_signal,
    kurizaki,
    kydd_reassurance,
    kydd_trust,
    powell_two_type,
    tranche_swap,
)


def by_rule(game: Game, rule: dict[str, str], default: str) -> Floats:
    return profile_of(game, {group.name: rule.get(group.name, default) for group in game.information_sets})


@pytest.mark.parametrize(("prior", "holds"), [("0.7", True), ("0.6", False), ("2/3", True)])
def test_trust_needs_a_minimum(prior: str, holds: bool) -> None:
    """Kydd (2005): the trustworthy cooperate with each other from m = (P-S) / ((P-S) + (R-T)) = 2/3 on."""
    game = kydd_trust(prior)
    trusting = by_rule(game, {"1t": "C", "2t": "C"}, "D")
    assert bool(regrets(game, trusting).max() < 1e-12) is holds
    outcomes = {tuple(row) for row in pure_nash(game)}
    assert (tuple(trusting) in outcomes) is holds
    assert tuple(by_rule(game, {}, "D")) in outcomes


@pytest.mark.parametrize(
    ("weight", "holds"), [("0.42", False), ("3/7", True), ("0.45", True), ("0.5", True), ("0.51", False)]
)
def test_a_first_step_reassures_within_a_window(weight: str, holds: bool) -> None:
    """In the spirit of Kydd (2000), with prior 0.4 separating is an equilibrium for first steps of 3/7 to 1/2."""
    game = kydd_reassurance("0.4", weight)
    separating = by_rule(game, dict.fromkeys(("1t", "2t", "1t|CC", "2t|CC"), "C"), "D")
    assert bool(regrets(game, separating).max() < 1e-12) is holds
    assert (sequential_beliefs(game, separating) is not None) is holds


@pytest.mark.parametrize(("tranches", "holds"), [(("0.25", "0.16", "0.1"), True), (("0.27", "0.16", "0.1"), False)])
def test_a_bond_carries_three_tranches(tranches: tuple[str, ...], holds: bool) -> None:
    game = tranche_swap(tranches)
    keeping = by_rule(game, {}, "implement")
    assert bool(subgame_regrets(game, keeping).max() < 1e-12) is holds
    assert (tuple(keeping) in {tuple(row) for row in subgame_perfect(game)}) is holds


@pytest.mark.parametrize(("share", "offer"), [("0.25", "safe"), ("0.3", "risky")])
def test_the_risky_offer_pays_above_a_share_of_the_weak(share: str, offer: str) -> None:
    """Two types (Fearon 1995, Powell 1999): the risky offer pays if the share of high costs is 3/11 or more."""
    [found] = sequential(powell_two_type(share))
    assert described(powell_two_type(share), found.profile)["offer"][offer] == 1.0


def test_bluffs_and_resistance_mix() -> None:
    game = crisis_bluff()
    [found] = sequential(game, mixed=True)
    play = described(game, found.profile)
    assert play["A_blf"]["challenge"] == pytest.approx(3 / 7)
    assert play["A_res"]["challenge"] == pytest.approx(1)
    assert play["B"]["resist"] == pytest.approx(2 / 3)
    two_sided = crisis_bluff(tough="0.25")
    [row] = mixed_nash(two_sided)
    assert described(two_sided, row)["B_weak"]["resist"] == pytest.approx(5 / 9)
    assert described(two_sided, row)["A_blf"]["challenge"] == pytest.approx(3 / 7)


@pytest.mark.parametrize(
    ("kind", "size", "holds"),
    [
        ("sink", "0.39", False),
        ("sink", "0.4", True),
        ("sink", "0.45", True),
        ("sink", "1.28", True),
        ("sink", "1.29", False),
    ],
)
def test_a_sunk_cost_separates_within_its_window(kind: str, size: str, holds: bool) -> None:
    game = fearon_signal(kind, size)
    rule = {"sig_H": "signal", "sig_L": "none", "D2_H_none": "fight", "D2_H_signal": "fight"}
    rule |= {f"D2_L_{signal}": "yield" for signal in ("none", "signal")}
    rule |= {"C_soft_signal": "accept"} | {
        f"C_{who}": "challenge" for who in ("tough_none", "soft_none", "tough_signal")
    }
    separating = profile_of(game, rule)
    assert bool(regrets(game, separating).max() < 1e-12) is holds
    assert (sequential_beliefs(game, separating) is not None) is holds
    if size == "0.45":
        assert expected_payoffs(game, separating)[0] == pytest.approx(0.369)


def test_a_tie_is_made_by_both_and_raises_the_risk() -> None:
    game = fearon_signal("tie", "0.5")
    [found] = sequential(game)
    play = described(game, found.profile)
    assert [play[name]["signal"] for name in ("sig_H", "sig_L")] == [1, 1]
    assert [play[f"D2_{kind}_signal"]["fight"] for kind in "HL"] == [1, 1]
    assert found.payoffs[0] == pytest.approx(0.735)


def test_a_private_threat_can_do_what_a_public_one_cannot() -> None:
    """In the spirit of Kurizaki (2007): all threaten in private, the weak defender yields; in public it resists."""
    game = kurizaki()
    rule = {"C_R": "private", "C_I": "private", "C2_I_private": "back_down", "D_weak_private": "concede"}
    rule |= {f"C2_{name}": "fight" for name in ("R_private", "R_public", "I_public")}
    rule |= dict.fromkeys(("D_tough_private", "D_tough_public", "D_weak_public"), "resist")
    private = profile_of(game, rule)
    assert sequential_beliefs(game, private) is not None
    yielding = private.copy()
    place = game.information_sets[game.set_named("D_weak_public")].span
    yielding[place] = [1, 0]
    assert weak_beliefs(game, yielding) is None  # no belief makes the weak defender yield in public
    assert any(np.allclose(item.profile, private) for item in sequential(game))


def played(game: Game, profile: Floats) -> tuple[str, ...]:
    return tuple(action for place in described(game, profile).values() for action, weight in place.items() if weight)


def test_few_elites_all_defect_or_all_stay() -> None:
    game = elite_coup()
    found = {played(game, row) for row in pure_nash(game)}
    assert found == {("defect",) * 3, ("stay",) * 3}
    for choice in product(("defect", "stay"), repeat=3):
        profile = profile_of(game, dict(zip("ABC", choice, strict=True)))
        assert bool(regrets(game, profile).max() < 1e-12) is (choice in found)


def test_aborted_flight_and_the_price_of_assurance() -> None:
    game = aborted_flight()
    [row] = backward_induction(game)
    play = described(game, row)
    assert play["patron"]["assure"] == 1
    assert play["leader_assured"]["stay"] == 1
    assert play["mil_assured"]["loyal"] == 1
    worth = node_values(game, row)[:, 0]
    assured, alone = (worth[child] for child in game.children[0])
    assert assured - alone == pytest.approx(1.7)
    for price, assures in (("1.99", True), ("2.01", False)):
        other = aborted_flight(price)
        [best] = backward_induction(other)
        assert (described(other, best)["patron"]["assure"] == 1) is assures
