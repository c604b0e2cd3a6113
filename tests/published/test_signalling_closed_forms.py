"""Closed forms of signalling, crises and scores against values worked out apart from the program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.signals.audience_costs import (
    SignalSetting,
    bluffing,
    endorsed,
    sinking,
    sunk_cost_window,
    tying,
)
from backchannel.analyses.signals.crisis_signalling import logit_crisis
from backchannel.analyses.signals.private_threats import Even, leak, private_suffices, threat
from backchannel.analyses.signals.war_of_attrition import uniform_belief, uniform_horizon, war_of_attrition
from backchannel.numerics.behaviour import described
from backchannel.numerics.crisis_game import crisis_equilibria, payoffs_of
from backchannel.numerics.elicitation import (
    band_of,
    cooke_calibration,
    cooke_information,
    fitted_beta,
    pooled,
    rescaled_interval,
)
from backchannel.numerics.quantal_response import logit_equilibrium
from backchannel.numerics.scoring import brier_parts, log_score
from backchannel.spec.estimative_words import BANDS
from textbook_games import crisis_qre, elite_coup

VALUES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "signalling_reference.yaml").read_text(encoding="utf-8")
)


def test_war_of_attrition() -> None:
    want = VALUES["war_of_attrition"]
    belief = uniform_belief(want["worst"])
    found = war_of_attrition(tuple(want["rates"]), (belief, belief))
    assert found.horizon == pytest.approx(want["horizon"], abs=1e-12)
    assert uniform_horizon(tuple(want["rates"]), want["worst"]) == pytest.approx(want["horizon"], abs=1e-12)
    assert found.quits_at_once == pytest.approx(tuple(want["quits_at_once"]), abs=1e-12)
    assert found.quits == pytest.approx(tuple(want["quits"]), abs=1e-10)
    assert found.war == pytest.approx(want["war"], abs=1e-12)


def test_bluffing() -> None:
    want = VALUES["bluffing"]
    arguments = [want[name] for name in ("resolved", "weak_war", "audience_cost")]
    found, two_sided = bluffing(*arguments), bluffing(*arguments, want["tough"])
    for name in ("credibility_needed", "bluff", "resists", "war"):
        assert getattr(found, name) == pytest.approx(want[name], abs=1e-12)
    assert two_sided.weak_resists == pytest.approx(want["weak_resists_with_tough"])
    assert two_sided.war == pytest.approx(want["war_with_tough"])
    assert endorsed(*arguments, want["tough"]).war == pytest.approx(want["war_when_endorsed"])


def test_tie_or_sink() -> None:
    want = VALUES["tie_or_sink"]
    setting = SignalSetting(**want["setting"])
    window = sunk_cost_window(setting.value_high, setting.war_high, setting.value_low, setting.war_low, setting.tough)
    assert window.tolist() == pytest.approx(want["sink_window"])
    for solve, name in ((sinking, "sink"), (tying, "tie")):
        found = solve(setting, want[name]["cost"])
        assert found.value == pytest.approx(want[name]["value"])
        assert found.war == pytest.approx(want[name]["war"])
        assert found.bluffs == 0


def test_private_and_public_threats() -> None:
    want = VALUES["threats"]
    challenger, defender = Even(*want["challenger"]), Even(*want["defender"])
    cost = want["defender_cost"]
    private, public = want["private"], want["public"]
    found = threat(challenger, defender, 0, 0)
    assert (found.kind, found.credibility, found.resists, found.war) == pytest.approx(
        ("all_threaten", private["credibility"], private["resists"], private["war"])
    )
    found = threat(challenger, defender, public["challenger_cost"], cost)
    assert (found.kind, found.resists, found.war) == pytest.approx(("no_bluffs", public["resists"], public["war"]))
    mixed = want["some_bluff"]
    found = threat(challenger, defender, mixed["challenger_cost"], cost)
    assert found.kind == "some_bluff"
    for name in ("resists", "yields_at", "credibility"):
        assert getattr(found, name) == pytest.approx(mixed[name])
    assert private_suffices(Even(-0.5, 0.5), cost)
    edge = want["private_suffices_from"]
    assert private_suffices(Even(edge - 1, edge + 1e-9), cost)
    assert not private_suffices(Even(edge - 1, edge - 1e-6), cost)


@pytest.mark.parametrize("want", VALUES["threats"]["leaks"], ids=lambda want: f"cost {want['challenger_cost']}")
def test_leaks(want: dict[str, Any]) -> None:
    values = VALUES["threats"]
    sides = Even(*values["challenger"]), Even(*values["defender"])
    found = leak(*sides, want["challenger_cost"], values["defender_cost"], want["leak"])
    np.testing.assert_allclose(found.yields_at, want["yields_at"])
    np.testing.assert_allclose(found.concession, want["concession"])
    assert found.publicity_helps is want["publicity_helps"]
    assert all(found.all_threaten)


def test_crisis_game_with_three_equilibria_and_with_one() -> None:
    want = VALUES["crisis"]
    found = crisis_equilibria(payoffs_of(**want["payoffs"]))
    np.testing.assert_allclose(np.c_[found.resist, found.challenge, found.fight], want["equilibria"], atol=1e-8)
    milder = payoffs_of(**{**want["payoffs"], "defender_war": want["milder_defender_war"]})
    one = crisis_equilibria(milder)
    np.testing.assert_allclose(np.c_[one.resist, one.challenge, one.fight], want["milder_equilibria"], atol=1e-8)


def test_logit_equilibria() -> None:
    want = VALUES["logit"]["crisis"]
    found = described(crisis_qre(), logit_equilibrium(crisis_qre(), want["rationality"]))
    got = [found["A1"]["challenge"], found["B"]["resist"], found["A2"]["fight"]]
    assert got == pytest.approx([want["challenge"], want["resist"], want["fight"]], abs=1e-10)
    payoffs = {
        "challenger_status_quo": 0.0,
        "challenger_gain": 1.0,
        "challenger_war": -0.2,
        "challenger_back_down": -0.5,
        "defender_concede": 0.0,
        "defender_war": -0.6,
        "defender_hold": 1.0,
    }
    seen = logit_crisis(payoffs, want["rationality"])
    assert [seen.challenge[-1], seen.resist[-1], seen.fight[-1]] == pytest.approx(got, abs=1e-10)
    elites = VALUES["logit"]["elites"]
    defect = logit_equilibrium(elite_coup(), elites["rationality"])[::2]
    assert defect == pytest.approx(elites["defect"], abs=1e-9)


def test_scores() -> None:
    want = VALUES["scores"]
    parts = brier_parts(want["probability"], want["outcome"])
    got = (parts.score, parts.reliability, parts.resolution, parts.uncertainty, parts.skill)
    names = ("brier", "reliability", "resolution", "uncertainty", "skill")
    assert got == pytest.approx([want[name] for name in names])
    assert log_score(want["probability"], want["outcome"]) == pytest.approx(want["log"])


def test_elicitation() -> None:
    want = VALUES["elicitation"]
    for item in want["calibration"]:
        assert cooke_calibration(item["hits"]) == pytest.approx(item["value"])
    told = want["information"]
    assert cooke_information(told["estimate"], *told["range"]) == pytest.approx(told["value"])
    told = want["interval"]
    found = rescaled_interval(told["low"], told["best"], told["high"], told["confidence"])
    assert found == pytest.approx(tuple(told["to"]))
    told = want["beta"]
    assert fitted_beta(told["quartiles"]) == pytest.approx((told["first"], told["second"]), abs=1e-5)
    told = want["pool"]
    assert pooled(told["probability"]) == pytest.approx(told["mean"])
    assert pooled(told["probability"], extremising=1.5) == pytest.approx(told["extremised_by_1.5"])


def test_bands_of_the_directive() -> None:
    """ICD 203 (2015): bands share ends; the lower one counts."""
    bands = [(words[0], low, high) for words, low, high in BANDS]
    said = {p: band_of(p, bands) for p in (0.0, 0.04, 0.05, 0.2, 0.449, 0.45, 0.5, 0.55, 0.79, 0.8, 0.95, 1.0)}
    assert said == {
        0.0: "almost no chance",
        0.04: "almost no chance",
        0.05: "very unlikely",
        0.2: "unlikely",
        0.449: "unlikely",
        0.45: "roughly even chance",
        0.5: "roughly even chance",
        0.55: "likely",
        0.79: "likely",
        0.8: "very likely",
        0.95: "almost certain",
        1.0: "almost certain",
    }
