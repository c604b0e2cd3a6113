"""Bluffing, tying and sinking: every closed form is an equilibrium of the game built from its definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backchannel.analyses.signals.audience_costs import (
    SignalSetting,
    bluffing,
    cost_that_stops_bluffs,
    endorsed,
    sinking,
    sunk_cost_window,
    tying,
)
from backchannel.numerics.behaviour import end_probabilities, expected_payoffs, profile_of, regrets
from backchannel.numerics.extensive_form import End, Floats, Game
from textbook_games import crisis_bluff, fearon_signal

SHARES = st.integers(1, 99).map(lambda k: k / 100)
COSTS = st.integers(1, 40).map(lambda k: k / 10)


def mix(yes: str, no: str, share: float) -> dict[str, float]:
    return {yes: share, no: 1 - share}


def share_of(game: Game, profile: Floats, player: int, worth: set[float]) -> float:
    """Probability of ends that are worth one of these to a player."""
    ends = [game.nodes[node] for node in game.ends]
    hit = [isinstance(node, End) and float(node.payoffs[player]) in worth for node in ends]
    return float(end_probabilities(game, profile)[np.array(hit)].sum())


@given(SHARES, COSTS, COSTS, st.sampled_from([0.0, 0.1, 0.25, 0.6, 0.9]))
@settings(max_examples=30, deadline=None)
def test_bluffing_is_an_equilibrium_of_its_game(resolved: float, loss: float, cost: float, tough: float) -> None:
    found = bluffing(resolved, -loss, cost, tough)
    game = crisis_bluff(resolved, -loss, cost, tough)
    choices = {
        "A_res": "challenge",
        "A2_res": "fight",
        "A_blf": mix("challenge", "SQ", found.bluff),
        "A2_blf": "back_down",
        "B_weak" if tough else "B": mix("resist", "concede", found.weak_resists),
    }
    profile = profile_of(game, choices | ({"B_tough": "resist"} if tough else {}))
    assert regrets(game, profile).max() < 1e-9
    assert share_of(game, profile, 0, {0.2}) == pytest.approx(found.war)
    assert share_of(game, profile, 0, {1.0}) == pytest.approx(found.concession)
    assert share_of(game, profile, 0, {-cost}) == pytest.approx(found.back_down)
    assert share_of(game, profile, 0, {0.0}) == pytest.approx(1 - found.challenge)
    assert found.credibility == pytest.approx(resolved / found.challenge)


def test_corners() -> None:
    assert bluffing(0.6, -1, 0.5).kind == "all_bluff"
    assert bluffing(0.6, -1, 0.5).war == 0
    assert bluffing(0.3, -1, 0.5, tough=0.7).kind == "no_bluff"
    assert bluffing(0.3, -1, 0.5, tough=0.7).war == pytest.approx(0.21)
    assert bluffing(0.3, -1, 2.0, tough=1 / 3).kind == "no_bluff"
    assert bluffing(0.5, -1, 0.5).bluff == pytest.approx(1)  # on the border everybody bluffs in the mixed kind too
    assert bluffing(0.0, -1, 0.5).challenge == 0
    assert bluffing(1.0, -1, 0.5).kind == "all_bluff"


@given(SHARES, COSTS, COSTS, SHARES)
def test_endorsement_ends_bluffs_and_never_adds_war(resolved: float, loss: float, cost: float, tough: float) -> None:
    plain, seen = bluffing(resolved, -loss, cost, tough), endorsed(resolved, -loss, cost, tough)
    assert seen.bluff == 0
    assert seen.war <= plain.war + 1e-12
    assert seen.war == pytest.approx(resolved * tough)


@given(SHARES, COSTS)
def test_the_red_line_that_is_believed(tough: float, prize: float) -> None:
    cost = cost_that_stops_bluffs(tough, prize)
    assert bluffing(0.05, -1, cost * 1.001, tough, prize).kind == "no_bluff"
    assert bluffing(0.05, -1, cost * 0.999, tough, prize).kind == "some_bluff"
    assert cost_that_stops_bluffs(0.0) == float("inf")


SETTING = SignalSetting(2, 0.5, 0.4, -0.35, 0.3, 0.2)


def sent(signals: tuple[float, float], soft: float, low_fights: bool, after_silence: str) -> dict[str, object]:
    rule: dict[str, object] = {f"D2_H_{room}": "fight" for room in ("none", "signal")}
    rule |= {"D2_L_none": "yield", "D2_L_signal": "fight" if low_fights else "yield"}
    rule |= {"sig_H": mix("signal", "none", signals[0]), "sig_L": mix("signal", "none", signals[1])}
    rule |= {"C_tough_none": "challenge", "C_tough_signal": "challenge"}
    return rule | {"C_soft_none": after_silence, "C_soft_signal": mix("challenge", "accept", soft)}


@pytest.mark.parametrize("size", ["0.05", "0.1", "0.2", "0.3", "0.34", "0.35", "0.5", "1.5", "3"])
def test_ties_are_equilibria_of_their_game(size: str) -> None:
    found = tying(SETTING, float(size))
    game = fearon_signal("tie", size)
    choices = sent((found.high_signals, found.low_signals), found.soft_resists, float(size) >= 0.35, "challenge")
    profile = profile_of(game, choices)  # type: ignore[arg-type]
    assert regrets(game, profile).max() < 1e-9
    assert expected_payoffs(game, profile)[0] == pytest.approx(found.value)
    assert share_of(game, profile, 0, {0.4, -0.35}) == pytest.approx(found.war)


@pytest.mark.parametrize("size", ["0.1", "0.4", "0.45", "1", "1.28", "1.5"])
def test_sunk_costs_are_equilibria_of_their_game(size: str) -> None:
    found = sinking(SETTING, float(size))
    game = fearon_signal("sink", size)
    separates = found.kind == "only_high"
    assert separates is (0.4 <= float(size) <= 1.28)
    choices = sent((found.high_signals, 0.0), 0.0 if separates else 1.0, False, "challenge")
    profile = profile_of(game, choices)  # type: ignore[arg-type]
    assert regrets(game, profile).max() < 1e-9
    assert expected_payoffs(game, profile)[0] == pytest.approx(found.value)


@given(SHARES, st.integers(-30, 30).map(lambda k: k / 10), st.integers(-30, 30).map(lambda k: k / 10), COSTS)
def test_types_that_differ_in_the_cost_of_war_alone_cannot_be_told_apart(
    tough: float, war: float, other: float, value: float
) -> None:
    high, low = max(war, other), min(war, other)
    assume(high < value)
    least, most = sunk_cost_window(value, high, value, low, tough)
    assert least >= most
    if high > 0 and high > low:
        assert least > most


def test_windows_by_value() -> None:
    """The window opens where the high stake gains more from being believed, and widens with it."""
    values = np.array([0.5, 1.0, 2.0, 3.0])
    window = sunk_cost_window(values, 0.5 * values - 0.6, 0.5, -0.35, 0.2)
    assert (window[:, 1] > window[:, 0]).tolist() == [False, True, True, True]
    assert (np.diff(window[:, 1]) > 0).all()
    assert window.shape == (4, 2)


def test_nobody_signals_and_soft_challengers_are_daunted_where_the_high_are_common() -> None:
    found = sinking(SignalSetting(2, 0.5, 0.4, -0.35, 0.8, 0.2), 0.1)
    assert (found.kind, found.soft_resists) == ("nobody_signals", 0.0)
    assert found.war == pytest.approx(0.16)


def test_a_tie_that_the_low_type_will_not_risk_separates() -> None:
    found = tying(SignalSetting(2, 0.5, 0.4, -2.5, 0.3, 0.2), 3.0)
    assert (found.kind, found.low_signals, found.bluffs) == ("only_high", 0.0, 0.0)


def test_what_they_refuse() -> None:
    with pytest.raises(ValueError, match=r"resolved is a probability between 0 and 1, got 1\.2"):
        bluffing(1.2, -1, 0.5)
    with pytest.raises(ValueError, match="weak_war must lie below 0"):
        bluffing(0.3, 0, 0.5)
    with pytest.raises(ValueError, match="audience_cost must be a number above 0, got 0"):
        bluffing(0.3, -1, 0)
    with pytest.raises(ValueError, match="must prefer war to yielding"):
        SignalSetting(2, 0.5, -0.1, -0.35, 0.3, 0.2)
    with pytest.raises(ValueError, match="soft_war must lie below 0 and tough_war not"):
        SignalSetting(2, 0.5, 0.4, -0.35, 0.3, 0.2, soft_war=0.1)
