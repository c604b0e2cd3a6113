"""The pillars of the founding case (T15, T16) and of the case library against their recorded values."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.pillars import pillars
from backchannel.analyses.pillars.defection import Promises, members
from backchannel.analyses.pillars.exit import Exit
from backchannel.analyses.pillars.levers import levers
from backchannel.analyses.pillars.pillars_result import PillarsResult
from backchannel.analyses.pillars.regime import Regime, regimes
from backchannel.spec.cases import open_crisis
from backchannel.spec.evaluate import holds, named_state, utility
from backchannel.spec.exchange import Pillar
from backchannel.spec.read import CrisisFile
from backchannel.study.study import Study

DATA = Path(__file__).parent.parent / "data"
TESTS: dict[str, Any] = yaml.safe_load((DATA / "expected_venezuela.yaml").read_text(encoding="utf-8"))["tests"]
LIBRARY: dict[str, Any] = yaml.safe_load((DATA / "case_library.yaml").read_text(encoding="utf-8"))
FOUNDING = "venezuela-2019"
BUNDLED = {"philippines-1986": "philippines_1986", "gambia-2017": "gambia_2017"}


def result_of(case: str, variant: str = "", **params: Any) -> PillarsResult:
    found = Study.open(case, variant=variant).run("pillars", **params)
    assert isinstance(found, PillarsResult)
    return found


@pytest.fixture(scope="module")
def result() -> PillarsResult:
    return result_of(FOUNDING)


def row(result: PillarsResult, name: str) -> int:
    return result.cases.index("" if name == "now" else name)


def test_t15_threshold_belief_and_reach(result: PillarsResult) -> None:
    exact = TESTS["T15"]["exact"]
    assert len(result.cases) == len(exact["threshold"])
    for name, threshold in exact["threshold"].items():
        k = row(result, name)
        assert result.threshold[k, 0] == pytest.approx(threshold, abs=1e-12)
        assert result.reach[k, 0] == exact["reach"][name]
        assert bool(result.reachable[k, 0]) is exact["reachable"][name]
        assert not result.would_move[k, 0]
    assert result.threshold[0, 0] == pytest.approx(20 / 33)
    assert result.belief[0, 0] == exact["belief"]["centre"]
    assert exact["belief"]["high"] < result.threshold[0, 0]


def test_t15b_posts_below_amnesty_below_nothing(result: PillarsResult) -> None:
    thresholds = [result.threshold[row(result, name), 0] for name in TESTS["T15b"]["order"]["rising_threshold"]]
    assert thresholds == sorted(thresholds)
    assert len(set(thresholds)) == 3


def test_t15c_syria_is_out_of_reach_by_either_road(result: PillarsResult) -> None:
    out = [name for k, name in enumerate(result.cases) if not result.reachable[k, 0]]
    assert out == TESTS["T15c"]["exact"]["unreachable"]
    assert [float(result.falls_below[row(result, name), 0]) for name in out] == [0.0, 0.0]


def test_t15d_tipping_shares(result: PillarsResult) -> None:
    exact = TESTS["T15d"]["exact"]
    for name in TESTS["T15"]["exact"]["threshold"]:
        case = result.cases[row(result, name)]
        tips = [point.share for point in result.tipping if point.case == case and not point.stable]
        if name in exact["without_tipping_share"]:
            assert tips == []
        else:
            assert tips == [pytest.approx(exact["tipping_share"][name], abs=10.0 ** -exact["digits"])]


def test_t16_maduro_leaves_on_30_april_and_stays_once_reassured(result: PillarsResult) -> None:
    exact = TESTS["T16"]["exact"]
    [way] = result.exits
    assert (way.government, way.option, way.moves) == ("maduro", "leave", ("defect",))
    assert way.threshold == pytest.approx(2 / 7, abs=1e-12)
    assert way.threshold == pytest.approx(exact["threshold"], abs=1e-12)
    assert [(item.on, item.belief, item.leaves) for item in way.beliefs] == [
        ("2019-04-30", exact["belief_30_april"], True),
        ("2019-05-05", exact["belief_reassured"], False),
    ]
    assert (way.stay_held, way.stay_moved, way.leave_held, way.leave_moved) == (30, -40, 10, 10)


def test_t16b_after_withdrawal_they_move_by_themselves(result: PillarsResult) -> None:
    exact = TESTS["T16b"]["exact"]
    crisis = open_crisis(FOUNDING).crisis
    [found] = [item for item in result.triggers if item.options == ("withdraw",)]
    ends = [
        {option for option, level in zip(crisis.options, end.split(","), strict=True) if level == "yes"}
        for end in found.ends
    ]
    assert sorted(map(sorted, ends)) == sorted(map(sorted, exact["ends"]))
    assert found.pillars_move
    assert found.incumbent_leaves
    for end in found.ends:
        levels = tuple(int(level == "yes") for level in end.split(","))
        assert holds(crisis.defines["transition"], levels, crisis)


def test_patrons_price_is_what_the_two_branches_differ_by(result: PillarsResult) -> None:
    """Today is worth 15 to Moscow; an imposed change -20, one it arranges -10."""
    costs = {item.options: (item.cost, item.foreseen) for item in result.triggers if item.actor == "russia"}
    assert costs == {("withdraw",): (35, 35), ("withdraw", "engineer"): (25, 25)}


def test_trust_of_the_officers_in_the_opposition(result: PillarsResult) -> None:
    """0.4 of 0.8 less 0.6 of 0.5: what a broken promise is worth is what staying to the end is."""
    counted = 0.4 * 0.8 + 0.6 * -0.5
    assert result.trusted_threshold[0, 0] == pytest.approx(2 / (2 + counted + 0.5))
    trusted = result_of(FOUNDING, promises="trusted")
    assert trusted.threshold[0, 0] == pytest.approx(result.trusted_threshold[0, 0])
    assert next(item.id for item in trusted.levers[0] if item.id != "patron") == "trust"


def test_levers_ranked_with_figures(result: PillarsResult) -> None:
    p, whole = 20 / 33, 3.3
    by = {item.id: item for item in result.levers[0]}
    assert [item.id for item in result.levers[0]] == ["patron", "offer", "reckoning", "cover", "rents"]
    assert by["offer"].step == pytest.approx(0.1 * (1.0 - -1.0))
    assert by["offer"].effect == pytest.approx(0.2 * p / whole)
    assert by["cover"].effect == pytest.approx(0.2 * (1 - p) / whole)
    assert by["patron"].effect == pytest.approx(0.2 / whole)
    assert by["cover"].needed == pytest.approx(1.3)
    assert by["offer"].needed == pytest.approx(2 * 0.65 / 0.35 - 1.3)
    assert by["patron"].needed == pytest.approx(2 * 0.65 - 1.3 * 0.35)
    [choice] = [item for item in result.choices if item.case == ""]
    assert (choice.lever, choice.points) == ("cover", pytest.approx(1.3))


@cache
def founding() -> CrisisFile:
    return open_crisis(FOUNDING)


def with_officers(promises: str, **fields: object) -> Regime:
    """Read the officers of the founding case with some of their fields changed, counted with trust or not."""
    file = founding()
    officers = Pillar.model_validate({**file.data["pillars"]["officers"], **fields})
    [regime] = regimes(file.crisis.model_copy(update={"pillars": {"officers": officers}}))
    return regime.trusted() if promises == "trusted" else regime


@pytest.mark.parametrize("promises", ["face", "trusted"])
@pytest.mark.parametrize("betrayed", [None, -0.4], ids=["follows", "stated"])
def test_one_lever_alone_does_what_is_said_of_it(promises: Promises, betrayed: float | None) -> None:
    stated = {} if betrayed is None else {"move_betrayed": betrayed}
    found = levers(with_officers("face", **stated), "diffuse", promises)
    officers = founding().data["pillars"]["officers"] | stated
    field = {"offer": "move_falls", "cover": "move_survives", "rents": "stay_survives", "reckoning": "stay_falls"}
    sign = {"offer": 1, "cover": 1, "rents": -1, "reckoning": -1, "patron": -1}
    assert {item.id for item in found} - {"trust"} == {"patron", *field}
    for item in found:
        if item.id == "trust":
            assert item.needed is None, "full trust moves him at 0.606, above his belief"
            continue
        names = (field[item.id],) if item.id in field else ("stay_survives", "stay_falls")

        def threshold(by: float, names: tuple[str, ...] = names, sign: int = sign[item.id]) -> float:
            values = {name: f"{float(officers[name]) + sign * by:.12f}" for name in names}
            return float(members(with_officers(promises, **stated, **values)).threshold[0, 0])

        assert item.needed is not None
        assert threshold(item.needed) == pytest.approx(0.35, abs=1e-9), item.id
        slope = (threshold(-1e-5) - threshold(1e-5)) / 2e-5
        assert item.effect / item.step == pytest.approx(slope, abs=1e-5), item.id


def test_reckoning_counts_with_trust_where_a_broken_promise_leaves_him_there_too() -> None:
    found = levers(with_officers("face"), "diffuse", "trusted")
    [reckoning] = [item for item in found if item.id == "reckoning"]
    p, whole = 2 / 2.52, 2.52
    assert reckoning.effect / reckoning.step == pytest.approx(0.4 * p / whole)


def test_amnesty_and_posts_are_two_levers(result: PillarsResult) -> None:
    """Of 0.8 promised amnesty is 0.3: alone it brings the threshold from 0.8 to 5/7; posts bring it to 20/33."""
    [said] = [item for item in result.findings if item.id == "pillars.offer"]
    values = dict(said.values)
    assert (values["variant"], values["part"], values["rest"]) == ("amnesty_only", "0.3", "0.5")
    assert (values["partly"], values["wholly"]) == ("at 0.714", "at 0.606")
    assert values["effect"] == f"{(5 / 7 - 20 / 33) * 100:.3g}"


def test_publicity_counts_only_pillars_that_can_be_moved() -> None:
    """With foreign forces as in Syria no officer moves whatever he hears."""
    found = result_of(FOUNDING, variant="syria_like", prior="common")
    assert [item.id for item in found.levers[0] if item.effect] == []


def test_the_officers_preferences_in_the_crisis_agree(result: PillarsResult) -> None:
    said = [item.text for item in result.findings if item.id == "pillars.agreement"]
    assert said == [
        "The crisis's own preferences agree: today “Back the transitional government” is not worth it to Senior "
        "officers and judges."
    ]


def test_the_other_prior_is_reported_and_settable(result: PillarsResult) -> None:
    common = result_of(FOUNDING, prior="common")
    assert common.falls_below[0, 0] == pytest.approx(result.other_prior[0])
    assert common.other_prior[0] == pytest.approx(result.falls_below[0, 0])
    assert result.falls_below[0, 0] == pytest.approx(13 / 33)
    assert common.falls_below[0, 0] < result.falls_below[0, 0]
    assert next(item.id for item in common.levers[0] if item.id != "patron") == "protest"


@pytest.mark.parametrize("case", BUNDLED)
def test_bundled_cases_say_what_the_library_says(case: str) -> None:
    expected = LIBRARY[BUNDLED[case]]
    crisis = open_crisis(case).crisis
    for state, values in expected["utilities"].items():
        for actor, value in values.items():
            assert utility(crisis, actor, named_state(crisis, state)) == value
    found = Study.open(case).run("stability")
    assert len(found.state) == expected["feasible"]  # type: ignore[attr-defined]
    options = list(crisis.options)
    for k, concept in enumerate(("nash", "gmr", "smr", "seq")):
        rows = np.flatnonzero(found.equilibrium[k]).tolist()  # type: ignore[attr-defined]
        states = [
            {name for name, level in zip(options, found.state[row].split(","), strict=True) if level == "yes"}  # type: ignore[attr-defined]
            for row in rows
        ]
        assert sorted(map(sorted, states)) == sorted(map(sorted, expected["equilibria"][concept]))
    for item in (*expected["expect"], *expected["further"]):
        judged: Any = Study.open(case, variant=item.get("variant", "")).run("stability")
        verdict = judged.equilibrium[judged.concepts.index(item["concept"]), dict(judged.named)[item["state"]]]
        assert bool(verdict) is item["equilibrium"], item


def test_philippines_the_crowd_takes_the_officers_off_the_fence() -> None:
    contexts = LIBRARY["philippines_1986"]["fence"]["contexts"]
    result = result_of("philippines-1986")
    crisis = open_crisis("philippines-1986").crisis
    pillar = crisis.pillars["officers"]
    shielded = crisis.variants["crowd_shields"].set
    assert (pillar.stay_survives.centre, pillar.move_survives.centre) == (contexts[0]["stay"], contexts[0]["move"])
    assert float(shielded["pillars.officers.move_survives"]) == contexts[1]["move"]
    assert result.threshold[:, 0].tolist() == [0.75, 0.0]
    [crowd] = [item for item in result.triggers if item.actor == "aquino"]
    assert crowd.options == ("crowd",)
    assert crowd.ends == ("yes,no,yes,yes,yes,yes",)
    assert crowd.pillars_move
    assert crowd.incumbent_leaves


def way_out(variant: str) -> Exit:
    [way] = result_of("philippines-1986", variant).exits
    return way


def test_philippines_marcos_goes_for_safe_passage_and_without_a_patron() -> None:
    """Without passage never; with it from 28/30 on; once the patron has cut, from 8/30 on."""
    assert way_out("").threshold is None
    assert way_out("passage_offered").threshold == pytest.approx(28 / 30)
    assert way_out("cut_and_passage").threshold == pytest.approx(8 / 30)
    [shift] = [item for item in way_out("passage_offered").shifts if item.option == "cut"]
    assert shift.threshold == pytest.approx(8 / 30)


def test_gambia_the_army_moves_once_force_is_credible() -> None:
    result = result_of("gambia-2017")
    assert result.threshold[0, 0] == pytest.approx(15 / 55)
    [force] = result.triggers
    assert (force.actor, force.options, force.pillars_move) == ("ecowas", ("intervene",), True)
    assert result.exits[0].threshold is None


def test_gambia_jammeh_leaves_once_force_is_used() -> None:
    """Staying he is taken by force (-30, or -50 without his army); if he leaves, the force has nobody to drive out."""
    [way] = result_of("gambia-2017").exits
    [force] = [item for item in way.shifts if item.option == "intervene"]
    assert force.threshold == 0
    [said] = [item.text for item in result_of("gambia-2017").findings if item.id == "pillars.exit"]
    assert said.endswith("He would if ECOWAS were to intervene, whatever he believes.")


def test_document_is_json(result: PillarsResult) -> None:
    found = json.loads(json.dumps(pillars.document(result)))
    assert found["cases"][0]["members"]["officers"]["threshold"] == pytest.approx(20 / 33)
    assert found["levers"]["maduro"][0]["effect"] == pytest.approx(1 / 3.3)
    assert found["exits"][0]["threshold"] == pytest.approx(2 / 7)


def test_sentences_of_the_founding_case(result: PillarsResult) -> None:
    said = "\n".join(item.text for item in result.findings)
    for sentence in (
        "The government of Nicolás Maduro falls if losing 39.4 % of those who hold it up, or less, is enough to bring "
        "it down;",
        "if all shared one prior, here 50 % ± 29, which the file does not state, it would fall if losing 30 % or less",
        "promise those who move more (amnesty, posts) raises the share that it cannot survive losing by 3.67 points;",
        "then the pillars move and the incumbent leaves, with nobody else's help. Cost to Russia: 35 points at the "
        "worst end. At a trust of 0, no promise of United States covers that.",
        "At his last stated belief (0.2) “Leave under safe passage” would have to be worth 6 points more",
        "once 65.3 % of those who hold it up have moved, the movement carries itself to 100 %",
        "if Russia ended its guarantee, staying would pay less in both outcomes; 0.2 points off each raise that share "
        "by 6.06 points",
    ):
        assert sentence in said, sentence
    assert {item.tag for item in result.findings if item.id == "pillars.agreement"} == {"magnitudes"}
