"""The whole answer of ``signals``: what it asks for, what it says, what it hands over."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from backchannel.analyses.signals import signals
from backchannel.analyses.signals.signals import SignalsResult
from backchannel.errors import NotSupportedError
from backchannel.faces.cli.app import app
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study

CASE = open_crisis("venezuela-2019")
BARE: dict[str, Any] = {
    "crisis": 1,
    "title": "t",
    "actors": {"a": {}, "b": {}},
    "options": {"x": {"by": "a"}, "y": {"by": "b"}},
    "preferences": {"a": [{"when": "x", "worth": "1", "why": "w"}], "b": []},
}


def result_of(data: dict[str, Any], draws: int = 0, **params: Any) -> SignalsResult:
    file = read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")
    found = Study.of(file, draws=draws).run("signals", **params)
    assert isinstance(found, SignalsResult)
    return found


@pytest.fixture(scope="module")
def result() -> SignalsResult:
    found = Study.of(CASE).run("signals")
    assert isinstance(found, SignalsResult)
    return found


def text_of(found: SignalsResult, name: str) -> list[str]:
    return [item.text for item in found.findings if item.id == f"signals.{name}"]


def test_says_what_is_lacking() -> None:
    with pytest.raises(NotSupportedError, match=r"no signal has anything to move(.|\n)*beliefs: \[\{who: a, that: x"):
        result_of(BARE)


def test_a_belief_alone_is_enough_and_nothing_is_made_up() -> None:
    propositions = {"tough": {"about": "b", "says": "b is tough", "why": "w"}}
    beliefs = [{"who": "a", "that": "tough", "p": "0.5", "why": "w"}]
    found = result_of(BARE | {"propositions": propositions, "beliefs": beliefs})
    assert [item.text for item in found.findings] == ["By now nothing has moved a belief, and no course hangs on one."]


def test_findings_say_what_decides(result: SignalsResult) -> None:
    assert text_of(result, "threshold")[0] == (
        "Russia holds “United States: intervene militarily” to be 0.08 (0.03 to 0.15). Holding out is better below 0.1 "
        "against aid_for_support, within that range; 0.3 against sold_for_assets; 0.5 against sold_for_nothing; "
        "grand_swap and minsk_for_transition are better at any."
    )
    assert text_of(result, "red_line") == [
        "The red line maduro_goes of United States: waiting (−18) beats backing down (−46) beats carrying it out (−56)."
        " The threat is not credible: backing down costs 40, and it takes more than 50."
    ]
    assert text_of(result, "price") == [
        "hill_priority raised Russia's estimate of the most United States would pay, from 61.6 to 72.2 points: its own "
        "signal raised what it is asked."
    ]
    assert text_of(result, "words") == [
        "Russia on “Moscow will bear costs for Maduro”: deeds multiply the odds by 3, words by 0.909; they point apart."
    ]
    assert text_of(result, "hindsight") == [
        "6 sources came after 2019-05-05: counted apart, and no number rests on them."
    ]


def test_the_assumption_behind_the_thresholds_is_tagged(result: SignalsResult) -> None:
    [item] = [item for item in result.findings if item.id == "signals.forestalls"]
    assert item.tag == "assumed"
    assert "sold_for_nothing" in item.text


def test_numbers_that_rest_on_hindsight_are_counted() -> None:
    data = copy.deepcopy(CASE.data)
    data["beliefs"][0]["from"] = ["hill-1108"]
    found = result_of(data)
    assert found.resting_on_hindsight == ("beliefs.us:ru_resolute.p",)
    assert text_of(found, "hindsight")[0].endswith("and 1 number rests on them all the same.")


def test_draws_add_shares_and_never_call_them_probabilities() -> None:
    found = Study.of(CASE, draws=64).run("signals")
    assert isinstance(found, SignalsResult)
    assert len(found.threshold_share) == len(found.thresholds)
    assert len(found.separation_share) == len(found.separations)
    assert len(found.red_line_share) == len(found.red_lines) == 1
    assert "of draws" in text_of(found, "threshold")[0]
    for item in found.findings:
        assert "probab" not in item.text
        assert "likely" not in item.text
    document = json.loads(json.dumps(signals.document(found)))
    assert all("share" in row for row in document["thresholds"])


def test_full_lists_what_never_comes_into_question(result: SignalsResult) -> None:
    full = Study.of(CASE).run("signals", full=True)
    short, long = ({table.id: len(table.rows) for table in found.tables} for found in (result, full))
    assert long["signals.thresholds"] > short["signals.thresholds"]
    assert long["signals.beliefs"] > short["signals.beliefs"]


def test_chart_holds_each_belief_up_to_the_day_of_the_file(result: SignalsResult) -> None:
    [chart] = result.charts
    [panel] = chart.panels
    curves = [layer for layer in panel.layers if layer.mark == "step"]
    assert len(curves) == 5
    assert {layer.x[-1] for layer in curves} == {"2019-05-05"}
    early = Study.of(CASE, as_of=dt.date(2019, 3, 21)).run("signals")
    assert {layer.x[-1] for layer in early.charts[0].panels[0].layers if layer.mark == "step"} == {"2019-03-21"}


def test_command_takes_a_day_and_refuses_what_is_none() -> None:
    said = CliRunner().invoke(app, ["signals", "venezuela-2019", "--as-of", "2019-03-20", "--csv"])
    assert said.exit_code == 0
    assert "two_planes" not in said.output
    assert "rome_no_offers" in said.output
    wrong = CliRunner().invoke(app, ["signals", "venezuela-2019", "--as-of", "soon"])
    assert wrong.exit_code == 2
    assert "is not a day" in wrong.output
