"""Pillars of several groups and governments: what the file may say, what is refused, draws, cascades and exits."""

from __future__ import annotations

import copy
import json
from typing import Any, Literal

import numpy as np
import pytest
import yaml
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr
from typer.testing import CliRunner

from backchannel.analyses.pillars import pillars
from backchannel.analyses.pillars.exit import threshold_of
from backchannel.analyses.pillars.levers import PAYING
from backchannel.analyses.pillars.pillars_result import PillarsResult
from backchannel.analyses.pillars.regime import cumulative, moments, regimes
from backchannel.errors import CrisisFileError, NotSupportedError
from backchannel.faces.cli.app import app
from backchannel.results.codec import dumps, loads
from backchannel.spec.number import parse_number
from backchannel.spec.read import check_text, read_crisis_text
from backchannel.study.study import Study

BASE: dict[str, Any] = yaml.safe_load("""
crisis: 1
title: Three groups hold up a ruler
actors:
  ruler: {name: Ruler}
  high: {name: High command}
  mid: {name: Mid officers}
  guard: {name: Security services}
  patron: {name: Patron}
options:
  go: {by: ruler, does: Leave, final: true}
  move_high: {by: high, does: Turn, final: true}
  move_mid: {by: mid, does: Turn, final: true}
  move_guard: {by: guard, does: Turn, final: true}
  support: {by: patron, does: Send support, today: true}
preferences:
  ruler:
    - {id: power, when: not go, worth: 10, why: in power}
    - {id: alone, when: not go and move_mid, worth: -30, why: deposed}
    - {id: passage, when: go, worth: 2, why: passage}
  high: [{id: stay, when: not move_high, worth: 1, why: rents}]
  mid:
    - {id: stay, when: not move_mid, worth: 1, why: rents}
    - {id: hope, when: move_mid and not support, worth: 3, why: the patron has gone}
  guard: [{id: stay, when: not move_guard, worth: 1, why: rents}]
  patron:
    - {id: stake, when: not go and not move_mid, worth: 5, why: a client}
    - {id: cost, when: support, worth: -1, why: money}
pillars:
  high: {of: ruler, moves: move_high, mass: 0.25, stay_survives: 1, stay_falls: -1, move_survives: -1, move_falls: 0.6,
         belief: 0.3, why: generals}
  mid: {of: ruler, moves: move_mid, mass: 0.45, stay_survives: 0.4, stay_falls: -0.4, move_survives: -0.8,
        move_falls: 0.8, belief: 0.3, why: colonels}
  guard: {of: ruler, moves: move_guard, mass: 0.3, stay_survives: 0.6, stay_falls: -0.5, move_survives: -1.2,
          move_falls: 0.1, belief: 0.3, why: police}
""")


def data_with(**fields: dict[str, Any]) -> dict[str, Any]:
    """The base file with fields of pillars changed: ``data_with(mid={"spread": 0.1})``."""
    data = copy.deepcopy(BASE)
    for pillar, about in fields.items():
        data["pillars"][pillar].update(about)
    return data


def result_of(data: dict[str, Any], draws: int = 0, variant: str = "", **params: Any) -> PillarsResult:
    file = read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")
    found = Study.of(file, draws=draws, variant=variant).run("pillars", **params)
    assert isinstance(found, PillarsResult)
    return found


def texts(result: PillarsResult) -> str:
    return "\n".join(finding.text for finding in result.findings)


def test_three_groups_as_recorded() -> None:
    result = result_of(BASE)
    assert result.falls_below[0, 0] == pytest.approx(0.41111111111111104)
    assert result.chance[0, 0] == pytest.approx(result.falls_below[0, 0])
    assert result.threshold[0] == pytest.approx([5 / 9, 0.5, 0.75])
    assert result.mass.tolist() == [0.25, 0.45, 0.3]


def chances(width: float) -> str:
    """A range of chances around one half, as wide in log-odds as said."""
    return f"{expit(-width):.17f} to {expit(width):.17f}"


def test_the_prior_of_the_file_weighs_the_outcome() -> None:
    """A range of chances is normal in log-odds; the common prior takes its mean and deviation, here 0.5 and 0.2."""
    width = brentq(lambda width: moments(parse_number(chances(width), "probability"))[1] - 0.2, 0.1, 5, xtol=1e-15)
    half = chances(width)
    result = result_of(data_with(high={"falls_at": half}))
    expected = ndtr(logit(result.falls_below[0, 0]) / width * 1.6448536269514722)
    assert result.chance[0, 0] == pytest.approx(expected, abs=1e-12)
    common = result_of(data_with(high={"falls_at": half}), prior="common")
    assert common.falls_below[0, 0] == pytest.approx(0.12756165329714772, abs=1e-9)
    assert "outweighs" not in texts(common)


def test_a_member_and_his_actor_may_disagree() -> None:
    data = data_with(mid={"belief": 0.9})
    assert "say otherwise: today “Turn” is not worth it to Mid officers" in texts(result_of(data))


def test_masses_are_shares() -> None:
    scaled = data_with(high={"mass": 5}, mid={"mass": 9}, guard={"mass": 6})
    assert result_of(scaled).falls_below[0, 0] == pytest.approx(result_of(BASE).falls_below[0, 0])


def test_elites_order_and_hinge() -> None:
    result = result_of(BASE)
    [found] = result.elites
    assert found is not None
    assert found.quota == 0.5
    assert found.equilibria == ((), ("high", "mid", "guard"))
    [movement] = result.movement
    assert movement.order == (1, 0, 2)
    assert {chart.id for chart in result.charts} == {
        "thresholds", "fall-by-offer", "tipping", "order",
    }  # fmt: skip
    assert "has no hinge" in texts(result)
    hinge = result_of(data_with(high={"watches": ["mid"]}, guard={"watches": ["high"]}))
    assert hinge.movement[0].followers == pytest.approx([0.75, 0.55, 0.0])
    assert (
        "High command is the hinge of the government of Ruler: if it moves first, 100 % of the rest follows."
        in texts(hinge)
    )


def test_logit_equilibrium_as_recorded_in_another_order_of_weights() -> None:
    """The recorded game gives the high command 0.40, mid officers 0.35 and the services 0.25."""
    weighted = data_with(high={"mass": 0.4}, mid={"mass": 0.35}, guard={"mass": 0.25})
    [found] = result_of(weighted).elites
    assert found is not None
    assert found.moving == pytest.approx([0.09821293241256149, 0.211515320514922, 0.10887716412697063], abs=1e-9)


def test_two_governments_are_kept_apart() -> None:
    data = data_with()
    data["actors"]["heir"] = {"name": "Heir"}
    data["preferences"]["heir"] = []
    data["pillars"]["guard"]["of"] = "heir"
    result = result_of(data)
    assert result.governments == ("ruler", "heir")
    assert result.falls_below[0].tolist() == [pytest.approx((0.25 * 4 / 9 + 0.45 * 0.5) / 0.7), pytest.approx(0.25)]
    assert result.mass == pytest.approx([0.25 / 0.7, 0.45 / 0.7, 1.0])
    assert len({chart.id for chart in result.charts}) == len(result.charts) == 6
    reordered = copy.deepcopy(data)
    reordered["pillars"] = {name: data["pillars"][name] for name in ("guard", "high", "mid")}
    other = result_of(reordered)
    assert dict(zip(other.pillars, other.threshold[0], strict=True)) == dict(
        zip(result.pillars, result.threshold[0], strict=True)
    )


def test_exit_and_what_the_patron_can_do() -> None:
    result = result_of(BASE)
    [way] = result.exits
    assert way.threshold is None or way.threshold > 0
    four = (way.stay_held, way.stay_moved, way.leave_held, way.leave_moved)
    assert four == (10, -20, 2, 2)
    assert way.threshold == threshold_of(*four) == pytest.approx(8 / 30)
    patron = [item for item in result.triggers if item.actor == "patron"]
    assert [item.options for item in patron] == [("support",)]
    assert patron[0].does == "undo “send support”"
    assert patron[0].incumbent_leaves
    assert not patron[0].pillars_move
    assert patron[0].cost == pytest.approx(4 - 0)


@pytest.mark.parametrize(
    ("four", "threshold"),
    [((30, -40, 10, 10), 2 / 7), ((30, 0, -35, -35), None), ((5, -65, 10, 10), 0.0), ((5, 5, 5, 5), 0.0)],
)
def test_exit_thresholds(four: tuple[float, float, float, float], threshold: float | None) -> None:
    assert threshold_of(*four) == (threshold if threshold is None else pytest.approx(threshold))
    if threshold is not None:
        stay_held, stay_moved, leave_held, leave_moved = four
        stay = (1 - threshold) * stay_held + threshold * stay_moved
        leave = (1 - threshold) * leave_held + threshold * leave_moved
        assert leave >= stay - 1e-12


def test_draws_are_the_single_runs() -> None:
    ranged = data_with(
        high={"belief": "0.2..0.8"},
        mid={"move_falls": "0.8 in 0.2..1.4", "spread": "0.1..0.2"},
        guard={"reach": "0.6..1"},
    )
    draws = 64
    result = result_of(ranged, draws=draws)
    over = result.drawn
    assert over is not None
    crisis = read_crisis_text(yaml.safe_dump(ranged, sort_keys=False)).crisis
    [drawn] = regimes(crisis, draws, 0)
    below, would, tips = [], [], []
    for row in range(draws):
        one = data_with(
            high={"belief": float(drawn.belief[row, 0])},
            mid={"move_falls": float(drawn.stakes.move_falls[row, 1]), "spread": float(drawn.spread[row, 1])},
            guard={"reach": float(drawn.reach[row, 2])},
        )
        single = result_of(one)
        below.append(single.falls_below[0, 0])
        would.append(single.would_move[0])
        tips.append(any(not point.stable for point in single.tipping))
    assert over.falls_below[0] == pytest.approx(np.quantile(below, [0.05, 0.5, 0.95]))
    assert over.would_move == pytest.approx(np.mean(would, axis=0))
    assert over.tips[0] == pytest.approx(np.mean(tips))
    assert 0 < over.would_move[0] < 1
    assert "of draws over the stated ranges" in texts(result)


def test_seed_changes_draws_and_bytes_round_trip() -> None:
    ranged = data_with(high={"belief": "0.2..0.8"})
    file = read_crisis_text(yaml.safe_dump(ranged, sort_keys=False), "crisis")
    first, second = (Study.of(file, draws=32, seed=seed).run("pillars") for seed in (0, 1))
    assert dumps(first) != dumps(second)
    assert dumps(loads(dumps(first))) == dumps(first)


def test_variant_in_force_is_not_compared_again() -> None:
    data = data_with()
    data["variants"] = {
        "posts": {"set": {"pillars.mid.move_falls": 1.4}, "why": "more posts"},
        "other": {"set": {"preferences.patron.stake.worth": 1}, "why": "a smaller stake"},
    }
    assert result_of(data).cases == ("", "posts")
    assert result_of(data).falls_below[:, 0] == pytest.approx([0.4111111, 0.4561111], abs=1e-6)
    assert result_of(data, variant="posts").cases == ("",)
    assert result_of(data, compare=("other",)).cases == ("", "other")
    with pytest.raises(NotSupportedError, match='unknown variant "post" to compare; did you mean "posts"'):
        result_of(data, compare=("post",))


def test_refused_without_pillars_and_where_nothing_is_left_to_believe() -> None:
    data = data_with()
    del data["pillars"]
    with pytest.raises(NotSupportedError, match=r"this needs pillars: nobody is said to hold a government up"):
        result_of(data)
    with pytest.raises(NotSupportedError, match=r"falls_at of ruler must be uncertain, and it is 0\.4; write a range"):
        result_of(data_with(mid={"falls_at": 0.4}), prior="common")
    assert result_of(data_with(mid={"falls_at": 0.4})).chance[0, 0] == 1.0


def test_broken_promise_and_trust() -> None:
    data = data_with(mid={"move_betrayed": -1})
    data["deals"] = {"plan": {"parties": ["mid", "patron", "ruler"], "terms": ["move_mid", "go"], "why": "a plan"}}
    data["trust"] = {"mid > patron": 0.5, "mid > ruler": 0.25, "patron > mid": 0.1}
    result = result_of(data)
    counted = 0.25 * 0.8 + 0.75 * -1
    assert result.trusted_threshold[0, 1] == pytest.approx(min(1.2 / (1.2 + counted + 0.4), 1.0))
    assert "trust in Ruler is 0.25" in texts(result)
    assert result.trusted_threshold[0, 0] == result.threshold[0, 0]


def test_levers_are_sorted_and_choices_least() -> None:
    [found] = result_of(BASE).levers
    effects = [abs(item.effect) for item in found]
    assert effects == pytest.approx(sorted(effects, reverse=True), abs=1e-12)
    result = result_of(BASE)
    for choice in result.choices:
        ready = [
            item for item in found if item.pillar == choice.pillar and item.id in PAYING and item.needed is not None
        ]
        assert choice.points == pytest.approx(min(item.needed or 0.0 for item in ready))


@pytest.mark.parametrize("support", ["nonnegative", "probability"])
@pytest.mark.parametrize("text", ["0.3", "0.2..0.9", "0.2 to 0.9", "0.1 < 0.3 < 0.9", "0.4 in 0.2..0.9"])
def test_distributions_of_a_stated_number(text: str, support: Literal["nonnegative", "probability"]) -> None:
    number = parse_number(text, support)
    from backchannel.model.draws import quantile

    at = (np.arange(100_000) + 0.5) / 100_000
    values = quantile(number, at)
    mean, deviation = moments(number)
    assert mean == pytest.approx(float(values.mean()), abs=2e-3)
    assert deviation == pytest.approx(float(values.std()), abs=3e-3)
    for value in (0.15, 0.31, 0.5, 0.85):
        found = float(cumulative(number, np.array([value]))[0])
        assert found == pytest.approx(float((values <= value).mean()), abs=1e-4)
    if number.kind == "interval":  # a 90 % interval
        assert cumulative(number, np.array([0.2]))[0] == pytest.approx(float(ndtr(-1.6448536269514722)))


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        (
            {"high": {"falls_at": "0.3"}, "mid": {"falls_at": "0.4"}},
            "two-strengths",
            "mid gives ruler another falls_at",
        ),
        ({"high": {"raised": 0.1}, "mid": {"raised": 0.2}}, "two-strengths", "mid gives ruler another raised"),
        ({"high": {"falls_at": 1.2}}, "out-of-range", '"1.2" is not between 0 and 1'),
        ({"high": {"moves": "go"}}, "moves-itself", "high holds up ruler, and go is an option of ruler itself"),
        (
            {"high": {"move_survives": 2, "move_falls": -2}},
            "reversed-outcomes",
            "high gains by moving if the government survives and loses by it if it falls",
        ),
        ({"high": {"noise": 0}}, "no-noise", "members of high would see its strength without error"),
        ({"high": {"move_survives": 2}}, "no-risk", "moving costs high nothing if the government survives"),
        ({"high": {"watches": "middle"}}, "unknown-pillar", 'unknown pillar "middle"'),
    ],
)
def test_faults_of_a_file(fields: dict[str, Any], code: str, words: str) -> None:
    problems = check_text(yaml.safe_dump(data_with(**fields), sort_keys=False), "crisis").problems
    assert [(item.code, words in item.message) for item in problems] == [(code, True)]


def test_the_same_strength_may_be_said_twice() -> None:
    same = data_with(high={"falls_at": "0.3 to 0.6"}, mid={"falls_at": "0.3 to 0.6"})
    assert not check_text(yaml.safe_dump(same, sort_keys=False), "crisis").problems


def test_a_fault_stops_the_analysis() -> None:
    with pytest.raises(CrisisFileError):
        result_of(data_with(high={"falls_at": "0.3"}, mid={"falls_at": "0.4"}))


def test_command_line() -> None:
    run = CliRunner()
    done = run.invoke(app, ["pillars", "venezuela-2019", "--json", "--draws", "4", "--compare", "syria_like"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert [case["case"] for case in found["cases"]] == ["", "syria_like"]
    assert set(found["draws"]) == {"members", "governments"}
    wrong = run.invoke(app, ["pillars", "venezuela-2019", "--prior", "flat"])
    assert wrong.exit_code == 2
    assert '"flat" is neither diffuse nor common' in " ".join(wrong.output.replace("│", " ").split())


def test_requires_says_what_to_add() -> None:
    study = Study.open("chicken")
    assert study.needs("pillars")[0].example == pillars.EXAMPLE
    assert not Study.open("venezuela-2019").needs("pillars")


def test_reversed_outcomes_are_refused_in_variants_and_draws() -> None:
    data = data_with(mid={"move_survives": "-0.8 in -2..3", "move_falls": "0.8 in -2..1"})
    with pytest.raises(NotSupportedError, match=r"pillars\.mid: in \d+ % of draws both outcomes are reversed"):
        result_of(data, draws=200)
    data = data_with()
    data["variants"] = {
        "odd": {"set": {"pillars.mid.move_survives": 2, "pillars.mid.move_falls": -2}, "why": "the wrong way round"}
    }
    with pytest.raises(CrisisFileError, match=r"in this variant: mid gains by moving.*swap survives and falls"):
        result_of(data)


def test_cover_needs_more_where_a_fall_brings_a_loss() -> None:
    """Without a prize a member moves at his belief only if moving gains him something should the government survive."""
    data = data_with(mid={"move_falls": -0.6})
    [cover] = [item for item in result_of(data).levers[0] if (item.id, item.pillar) == ("cover", "mid")]
    assert cover.needed is not None
    assert cover.needed == pytest.approx(1.2 + 0.2 * 0.3 / 0.7)
    risk, prize = 1.2 - cover.needed, -0.2
    assert 0.3 * prize == pytest.approx(0.7 * risk)


def test_elites_reckon_with_what_foreign_forces_let_happen() -> None:
    """Once the quota is passed the government falls with chance reach: at none, moving only costs."""
    barred = {name: {"reach": 0.0} for name in BASE["pillars"]}
    [found] = result_of(data_with(**barred)).elites
    assert found is not None
    assert found.equilibria == ((),)
    capped = {name: {"reach": 0.8} for name in BASE["pillars"]}
    [found] = result_of(data_with(**capped)).elites
    assert found is not None
    blended = data_with()
    for pillar in blended["pillars"].values():
        for field in ("stay", "move"):
            pillar[f"{field}_falls"] = round(0.8 * pillar[f"{field}_falls"] + 0.2 * pillar[f"{field}_survives"], 12)
    [wanted] = result_of(blended).elites
    assert wanted is not None
    assert found.equilibria == wanted.equilibria
    assert found.moving == pytest.approx(wanted.moving, abs=1e-9)


def test_a_shielded_pillar_caps_the_chance_of_fall_by_its_mass() -> None:
    free, shielded = result_of(BASE), result_of(data_with(guard={"reach": 0.8}))
    asked = 0.25 * 4 / 9 + 0.45 * 0.5 + 0.3 * (1 - 0.75 / 0.8)
    assert shielded.falls_below[0, 0] == pytest.approx(asked)
    assert shielded.chance[0, 0] == pytest.approx(asked * (0.7 + 0.3 * 0.8))
    assert free.chance[0, 0] > shielded.chance[0, 0]


def test_foreign_forces_that_raise_what_must_move() -> None:
    result = result_of(data_with(high={"raised": 0.05}))
    assert result.falls_below[0, 0] == pytest.approx(0.41111111111111104 - 0.05)
    [troops] = [item for item in result.levers[0] if item.id == "troops"]
    assert troops.pillar == ""
    assert troops.effect == pytest.approx(0.1)
    assert result.elites[0] is not None
    assert result.elites[0].quota == pytest.approx(0.55)


def test_tipping_names_where_the_movement_comes_to_rest() -> None:
    apart = data_with(
        high={"mass": 0.5, "spread": 0.02, "move_falls": 10}, mid={"mass": 0.5, "spread": 0.0, "move_falls": -0.4},
    )  # fmt: skip
    del apart["pillars"]["guard"]
    [said] = [item.text for item in result_of(apart).findings if item.id == "pillars.tipping"]
    assert said.startswith("The government of Ruler: once 14.")
    assert "the movement carries itself to 50 %;" in said
    never = {name: {"move_falls": BASE["pillars"][name]["stay_falls"]} for name in BASE["pillars"]}
    assert "Ruler: no share that moves first brings the rest along." in texts(result_of(data_with(**never)))
    watching = result_of(data_with(high={"watches": ["mid"]}))
    assert ", if each saw all the others" in texts(watching)


def test_only_a_promise_is_discounted() -> None:
    """Not a pay-off below a broken promise, and not where the one who is trusted little gives nothing in the deal."""
    data = data_with(mid={"move_betrayed": 1.5})
    data["deals"] = {"plan": {"parties": ["mid", "ruler"], "terms": ["move_mid", "go"], "why": "a plan"}}
    data["trust"] = {"mid > ruler": 0.25}
    result = result_of(data)
    assert result.trusted_threshold[0, 1] == result.threshold[0, 1]
    assert not [item for item in result.findings if item.id == "pillars.trust"]
    gives_nothing = copy.deepcopy(data)
    gives_nothing["pillars"]["mid"]["move_betrayed"] = -1
    gives_nothing["deals"]["plan"] = {"parties": ["mid", "ruler", "patron"], "terms": ["move_mid", "not support"]}
    gives_nothing["deals"]["plan"]["why"] = "a plan"
    bare = result_of(gives_nothing)
    assert bare.trusted_threshold[0, 1] == bare.threshold[0, 1]
    gives_nothing["deals"]["plan"]["terms"].append("go")
    assert result_of(gives_nothing).trusted_threshold[0, 1] > bare.threshold[0, 1]


def test_draws_say_nothing_of_a_belief_that_is_not_stated() -> None:
    data = data_with(mid={"move_falls": "0.8 in 0.2..1.4"})
    del data["pillars"]["mid"]["belief"]
    said = [item.text for item in result_of(data, draws=50).findings if item.id == "pillars.draws"]
    assert said[1].startswith("Mid officers: a member can be moved in 100 % of draws")
    assert said[1].endswith("The file does not say what he believes.")
    assert "would move in" in said[0]
    [strength] = [item.text for item in result_of(data, draws=50).findings if item.id == "pillars.drawn_strength"]
    assert "The government of Ruler: the share that it cannot survive losing is" in strength
    assert "there is a tipping share in 100 % of draws, " in strength


def test_who_moves_whatever_he_believes_needs_no_outsider() -> None:
    easy = {name: {"move_survives": BASE["pillars"][name]["stay_survives"]} for name in BASE["pillars"]}
    said = texts(result_of(data_with(**easy)))
    assert "Mid officers: a member moves whatever he believes" in said
    assert "The pillars of Ruler need no outsider: they move from today already." in said
    assert "or less, is enough" not in said


def test_pillars_that_share_an_option_are_compared_once() -> None:
    shared = data_with(high={"moves": "move_mid"}, guard={"moves": "move_mid"})
    result = result_of(shared)
    assert len([item for item in result.findings if item.id == "pillars.agreement"]) == 1
    assert result.exits[0].moves == ("move_mid",)


def test_a_variant_in_force_gives_its_name_to_the_rows() -> None:
    data = data_with()
    data["variants"] = {"posts": {"set": {"pillars.mid.move_falls": 1.4}, "why": "more posts"}}
    result = result_of(data, variant="posts")
    assert {row[0] for row in result.tables[0].rows} == {"posts"}
    assert result_of(data).case_name("") == "the file"


def test_the_patron_is_a_lever_only_where_there_is_one() -> None:
    assert "patron" not in {item.id for item in result_of(BASE).levers[0]}
    result = result_of(data_with(mid={"patron": "patron"}))
    [lever] = [item for item in result.levers[0] if item.id == "patron"]
    assert lever.pillar == "mid"
    assert "Mid officers: if Patron ended its guarantee, staying would pay less in both outcomes" in texts(result)


def test_price_of_a_trigger_counts_with_trust_in_who_pays() -> None:
    data = data_with()
    data["trust"] = {"patron > mid": 0.5, "patron > high": 0}
    [item] = [item for item in result_of(data).triggers if item.actor == "patron"]
    assert [(price.payer, price.points) for price in item.prices] == [("mid", pytest.approx(8)), ("high", None)]
    said = texts(result_of(data))
    assert "At a trust of 0.5, Mid officers must promise 8 points to cover that." in said
    assert "At a trust of 0, no promise of High command covers that." in said


def test_guarantor_of_safe_passage() -> None:
    data = data_with()
    data["as_of"] = "2020-01-09"
    data["beliefs"] = [
        {"who": "ruler", "that": "move_mid", "p": 0.5, "on": "2020-01-01", "why": "rumours"},
        {"who": "ruler", "that": "move_mid", "p": 0.2, "on": "2020-01-05", "why": "reassured"},
    ]
    assert (
        "At his last stated belief (0.2) “Leave” would have to be worth 2 points more to Ruler; even at his highest "
        "(0.5) he must expect it to be kept with a chance of at least 0.682, and the file names nobody who "
        "guarantees it."
    ) in texts(result_of(data))
    data["deals"] = {"passage": {"parties": ["ruler", "patron"], "terms": ["go", "not support"], "why": "a way out"}}
    data["guarantees"] = {"plane": {"by": "a neighbour", "for": "passage", "enforces": 0.7, "why": "its plane"}}
    result = result_of(data)
    assert (
        "“Leave” is a term of “passage”, and a neighbour stands behind that: it enforces with a chance of 0.7, where "
        "he needs 0.682." in texts(result)
    )
    [way] = result.exits
    assert [(item.by, item.deal, item.enforces) for item in way.guarantors] == [("a neighbour", "passage", 0.7)]


def test_never_is_null_in_json() -> None:
    never = data_with(mid={"move_falls": "-2 in -3..-1"})
    found = pillars.document(result_of(never, draws=20))
    members = found["cases"][0]["members"]  # type: ignore[index]
    assert members["mid"]["threshold"] is members["mid"]["threshold_with_trust"] is None
    assert found["draws"]["members"]["mid"]["threshold"] == {"5": None, "50": None, "95": None}  # type: ignore[index]
    json.dumps(found, allow_nan=False)
