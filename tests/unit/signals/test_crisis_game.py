"""A red line as a crisis game: who is who, every equilibrium, what is lacking, and the command."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from scipy.stats import norm
from typer.testing import CliRunner

from backchannel.analyses.signals.audience_costs import bluffing
from backchannel.analyses.signals.crisis_game import CrisisGameResult, document
from backchannel.analyses.signals.line_game import line_tree, normalised
from backchannel.errors import NotSupportedError
from backchannel.faces.cli.app import app
from backchannel.numerics.crisis_game import crisis_equilibria, payoffs_of
from backchannel.numerics.efg_format import read_efg
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study

VENEZUELA = "venezuela-2019"

THREE: dict[str, Any] = {
    "crisis": 1,
    "title": "Three ways",
    "actors": {"north": {"name": "North"}, "south": {"name": "South"}},
    "options": {"march": {"by": "north"}, "drop": {"by": "north"}, "yield": {"by": "south"}},
    "impossible": ["march and drop"],
    "preferences": {
        "north": [
            {"id": "prize", "when": "yield", "worth": "1", "why": "w"},
            {"id": "war", "when": "march", "worth": "-1.9", "why": "w"},
            {"id": "face", "when": "drop", "worth": "-1.2", "why": "w"},
        ],
        "south": [
            {"id": "war", "when": "march", "worth": "-2.9", "why": "w"},
            {"id": "relief", "when": "drop", "worth": "1", "why": "w"},
        ],
    },
    "states": {"quiet": [], "yielded": ["yield"], "dropped": ["drop"], "fought": ["march"]},
    "red_lines": {
        "line": {
            "by": "north", "waits": "quiet", "backs_down": "dropped", "carries_out": "fought",
            "cost": "preferences.north.face.worth", "why": "w",
        }
    },
}  # fmt: skip
"""Three equilibria at private terms of one point: North's ends range over 2.9 points, South's over 3.9."""


def run(data: dict[str, Any], draws: int = 0, **params: Any) -> CrisisGameResult:
    file = read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")
    found = Study.of(file, draws=draws).run("crisis_game", **params)
    assert isinstance(found, CrisisGameResult)
    return found


@pytest.fixture(scope="module")
def venezuela() -> CrisisGameResult:
    found = Study.open(VENEZUELA).run("crisis_game")
    assert isinstance(found, CrisisGameResult)
    return found


def texts(found: CrisisGameResult, name: str) -> list[str]:
    return [item.text for item in found.findings if item.id == f"crisis_game.{name}"]


def test_reads_the_red_line_of_venezuela(venezuela: CrisisGameResult) -> None:
    [item] = venezuela.lines
    game = item.game
    assert (game.challenger, game.defender) == ("us", "russia")
    assert game.states == ("status_quo", "sold_for_nothing", "us_backs_down", "us_intervenes")
    assert (game.demanded_by, game.defender_by) == ("stance", "most options")
    assert game.points.tolist() == [[-18, 63, -46, -56], [15, -10, 27, -35]]
    by_hand = [38 / 119, 1, 0, 10 / 119, 25 / 62, 0, 1]
    assert game.payoffs == pytest.approx(by_hand, abs=1e-12)


def test_equilibria_are_those_of_the_engine_at_pay_offs_over_noise(venezuela: CrisisGameResult) -> None:
    [item] = venezuela.lines
    direct = crisis_equilibria(item.game.payoffs / 0.25)
    assert np.array_equal(item.equilibria.resist, direct.resist)
    assert np.array_equal(item.equilibria.outcomes, direct.outcomes)
    resist = item.equilibria.resist[item.selected]
    status_quo, gain, war, back, concede, defender_war, hold = item.game.payoffs / 0.25
    cut = (status_quo - (1 - resist) * gain) / resist
    assert item.equilibria.challenge[item.selected] == pytest.approx(
        1 - norm.cdf(cut - war) * norm.cdf(cut - back), abs=1e-9
    )
    fight = item.equilibria.fight[item.selected]
    assert resist == pytest.approx(norm.cdf((fight * defender_war + (1 - fight) * hold - concede) / fight), abs=1e-9)


def test_three_equilibria_through_the_analysis() -> None:
    """With private terms of one point on each side the pay-offs are those of the engine's recorded example."""
    item = run(THREE, noise=1 / 2.9, defender_noise=1 / 3.9).lines[0]
    direct = crisis_equilibria(
        payoffs_of(
            challenger_status_quo=0, challenger_gain=1, challenger_war=-1.9, challenger_back_down=-1.2,
            defender_concede=0, defender_war=-2.9, defender_hold=1,
        )
    )  # fmt: skip
    found = item.equilibria
    assert found.resist == pytest.approx([0.2511, 0.5947, 0.8133], abs=5e-5)
    assert found.challenge == pytest.approx([0.9948, 0.3799, 0.2055], abs=5e-5)
    assert found.fight == pytest.approx([0.3097, 0.2416, 0.2088], abs=5e-5)
    assert found.outcomes == pytest.approx(direct.outcomes, abs=1e-9)
    assert found.stable.tolist() == direct.stable.tolist() == [True, False, True]


@pytest.mark.parametrize("rule", ["least_resistance", "most_resistance", "largest_basin"])
def test_several_equilibria_are_all_said_and_one_is_selected_by_the_rule(rule: str) -> None:
    found = run(THREE, noise=1 / 2.9, defender_noise=1 / 3.9, rule=rule)
    [item] = found.lines
    size = len(item.equilibria.resist)
    assert size == 3
    assert len(texts(found, "other")) == size - 1
    assert f"has {size} equilibria, {int(item.equilibria.stable.sum())} of them stable" in texts(found, "ends")[0]
    assert item.equilibria.stable[item.selected]
    stable = item.equilibria.resist[item.equilibria.stable]
    chosen = item.equilibria.resist[item.selected]
    expected = {"least_resistance": stable.min(), "most_resistance": stable.max()}
    assert chosen == expected.get(rule, item.equilibria.resist[item.equilibria.basin.argmax()])


def test_nothing_private_is_backward_induction(venezuela: CrisisGameResult) -> None:
    assert venezuela.lines[0].certain == ("status quo",)
    assert (
        "would back down rather than fight, Russia would resist, and the end would be status quo"
        in (texts(venezuela, "certain")[0])
    )
    fierce = copy.deepcopy(THREE)
    fierce["preferences"]["north"][1]["worth"] = "-0.5"
    found = run(fierce)
    assert found.lines[0].certain == ("concession",)
    assert "would fight rather than back down, South would concede" in texts(found, "certain")[0]


def test_bluffing_uses_the_states_and_the_belief_of_the_file(venezuela: CrisisGameResult) -> None:
    play = venezuela.lines[0].bluffing
    assert play == bluffing(0.08, -25 / 37, 28.0, 0.0, 81.0)
    assert play is not None
    needed = 37 / 62
    assert play.bluff == pytest.approx(0.08 * (1 - needed) / needed / 0.92)
    assert play.resists == pytest.approx(81 / 109)
    asked = run(open_crisis(VENEZUELA).data, resolved=0.3, tough=0.2).lines[0]
    assert asked.bluffing == bluffing(0.3, -25 / 37, 28.0, 0.2, 81.0)
    assert asked.endorsed is not None
    assert asked.endorsed.war == pytest.approx(0.3 * 0.2)


def test_what_is_lacking_is_said_with_the_option_that_adds_it() -> None:
    found = run(THREE)
    said = texts(found, "lacking")
    assert len(said) == 2
    assert "add --resolved 0.1, its belief that North would fight" in said[0]
    assert "add --rate north=0.1" in said[1]
    both = run(THREE, rates=(("north", 0.2), ("south", 0.1)))
    play = both.lines[0].attrition
    assert play is not None
    assert sum(play.quits) + play.war == pytest.approx(1)
    assert texts(both, "attrition")


def test_draws_repeat_the_centres_where_nothing_has_a_range() -> None:
    found = run(THREE, draws=16)
    drawn, play = found.lines[0].drawn, found.lines[0]
    assert drawn is not None
    centre = play.equilibria.outcomes[play.selected]
    for row in drawn.outcomes:
        assert row == pytest.approx(centre, abs=1e-6)
    assert drawn.foremost.sum() == 1
    assert drawn.credible == 0


def test_shares_of_draws_are_called_so() -> None:
    found = Study.open(VENEZUELA, draws=64).run("crisis_game")
    assert isinstance(found, CrisisGameResult)
    [said] = texts(found, "drawn")
    assert "of draws" in said
    assert "likely" not in said


def test_pay_offs_do_not_mind_units() -> None:
    points = np.array([[-18.0, 63, -46, -56], [15, -10, 27, -35]])
    assert normalised(points * 7 - 3) == pytest.approx(normalised(points), abs=1e-12)


def without(data: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {**copy.deepcopy(data), **changed}


def ranked() -> dict[str, Any]:
    data = copy.deepcopy(THREE)
    data["preferences"]["south"] = {
        "ranking": ["no,yes,no", "no,yes,yes", "no,no,no", "no,no,yes", "yes,no,no", "yes,no,yes"],
        "why": "w",
    }
    return data


@pytest.mark.parametrize(
    ("data", "params", "words"),
    [
        ({k: v for k, v in THREE.items() if k != "red_lines"}, {}, r"red_lines(.|\n)*red_lines: \{line: \{by: north"),
        (ranked(), {}, "worths in points for south"),
        (without(THREE, states={"quiet": [], "dropped": ["drop"], "fought": ["march"]}), {}, "--demand STATE"),
        (THREE, {"line": "other"}, 'no red line "other"; the file draws line'),
        (THREE, {"demand": "yieldd"}, 'unknown state "yieldd"; did you mean "yielded"'),
        (THREE, {"demand": "dropped"}, "changes no option of anybody but north"),
        (THREE, {"against": "north"}, '--against "north" is nobody the line of north can be against: south'),
        (THREE, {"noise": 0.0}, "--noise is between 0.02 and 10 of a range, got 0.0"),
        (THREE, {"defender_noise": 20.0}, "--defender-noise is between 0.02 and 10 of a range, got 20.0"),
        (THREE, {"noise": float("nan")}, "--noise is between"),
        (THREE, {"rule": "first"}, "--rule is one of least_resistance"),
        (THREE, {"rationality": -1.0}, "--rationality lies above 0"),
        (THREE, {"resolved": 1.2}, "--resolved is a belief between 0 and 1, got 1.2"),
        (THREE, {"rates": (("west", 0.1),)}, "--rate west: the two sides of line are north and south"),
        (THREE, {"rates": (("north", -0.1),)}, "--rate north must be a number above 0"),
    ],
)
def test_refusals_say_what_to_do(data: dict[str, Any], params: dict[str, Any], words: str) -> None:
    with pytest.raises(NotSupportedError, match=words):
        run(data, **params)


def test_document_is_json(venezuela: CrisisGameResult) -> None:
    told = json.loads(json.dumps(document(venezuela), allow_nan=False))
    [line] = told["lines"]
    assert line["payoffs"]["V_A"] == 1
    assert line["states"]["concession"] == "sold_for_nothing"
    [only] = line["equilibria"]
    assert only["selected"]
    assert sum(only["outcomes"].values()) == pytest.approx(1)


def test_written_game_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "line.efg"
    done = CliRunner().invoke(app, ["crisis_game", VENEZUELA, "--efg", str(path), "--csv"])
    assert done.exit_code == 0
    game = read_efg(path.read_text(encoding="utf-8"))
    worth = {tuple(float(value) for value in game.payoffs[end]) for end in game.ends.tolist()}
    assert worth == {(-18, 15), (63, -10), (-46, 27), (-56, -35)}
    refused = CliRunner().invoke(app, ["crisis_game", VENEZUELA, "--efg", str(path)])
    assert "exists and was left as it is" in str(refused.exception)


def test_tree_is_in_points(venezuela: CrisisGameResult) -> None:
    tree = line_tree(venezuela.lines[0].game)
    assert tree.players == ("challenger", "defender")
    assert len(tree.ends) == 4
