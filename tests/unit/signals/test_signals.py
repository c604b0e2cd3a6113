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
from backchannel.analyses.signals.speech import verb
from backchannel.analyses.signals.thresholds import deal_state
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
        "Russia gives “United States: intervene militarily” 0.08 (0.03 to 0.15). Holding out beats aid_for_support "
        "while that is below 0.1, a value inside the range; beats sold_for_assets below 0.3; beats sold_for_nothing "
        "below 0.5; it prefers grand_swap and minsk_for_transition at any belief."
    )
    assert text_of(result, "threshold")[1].endswith(
        "0.2. Holding out beats leave (in 6 deals and states) while that is below 0.286."
    )
    assert text_of(result, "clock")[0].startswith(
        "While the line maduro_goes hangs it costs United States 12 points; minsk_for_transition beats waiting "
        "whatever the line costs; "
    )
    assert text_of(result, "leverage")[0].startswith(
        "What United States demands (sold_for_nothing) is worth 81 points to it beyond its best way alone, and 9 if it "
        "did not care at all (dial us_indifference at 1); it would sign grand_swap only with the dial at 0.0139 or less"
    )
    assert text_of(result, "red_line") == [
        "The red line maduro_goes of United States: waiting (−18) beats backing down (−46) beats carrying it out (−56)."
        " The threat is not credible: backing down costs 40, and it takes more than 50."
    ]
    assert text_of(result, "price") == [
        "hill_priority raised Russia's estimate of the most United States would pay, from 61.6 to 72.2 points: so its "
        "own message raised the estimate."
    ]
    assert text_of(result, "words") == [
        "Russia's deeds multiply the odds of “Moscow will bear costs for Maduro” by 3 (for United States), its words "
        "by 0.909 (for the president alone); they point apart."
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
    chart, thresholds = result.charts
    assert thresholds.id == "beliefs-against-thresholds"
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


def test_a_share_of_draws_is_said_only_where_something_is_drawn() -> None:
    """The planes' costs have no range, so every draw is the same and the share says nothing."""
    found = Study.of(CASE, draws=64).run("signals")
    assert isinstance(found, SignalsResult)
    [separates] = text_of(found, "separation")
    assert separates.endswith("costs 12 if it is false; no range given.")
    ranged = CASE.patched({"signals.two_planes.gain": "8 in 2..9"})
    [separates] = text_of(Study.of(ranged, draws=64).run("signals"), "separation")  # type: ignore[arg-type]
    assert separates.endswith(" % of draws.")


def test_what_others_need_not_do_is_said() -> None:
    found = Study.open("venezuela-2019", variant="kiev_defiant").run("signals")
    assert isinstance(found, SignalsResult)
    assert dict(found.unmet) == {"grand_swap": ("kv_minsk",), "minsk_for_transition": ("kv_minsk",)}
    [said] = text_of(found, "unmet")
    assert "grand_swap expects kv_minsk of others, who need not do it" in said
    assert "minsk_for_transition is open if others do kv_minsk, which they need not" in text_of(found, "optimism")[0]
    assert not result_unmet(CASE)


def result_unmet(file: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = Study.of(file).run("signals")
    assert isinstance(found, SignalsResult)
    return found.unmet


def test_a_deal_that_ends_where_waiting_does_is_not_set_against_it(result: SignalsResult) -> None:
    model = Study.of(CASE).model
    cells = {name: deal_state(model, name) for name in model.crisis.deals}
    ends = {item.to: model.space.find(item.to) for item in result.optimism}
    assert all(cells[item.deal] != ends[item.to] for item in result.optimism)
    assert cells["officers_30_april"] in ends.values()


def test_verbs_agree_with_names() -> None:
    assert verb("Senior officers and judges", "wait") == "wait"
    assert verb("Senior officers", "wait") == "wait"
    assert verb("United States", "wait") == "waits"
    assert verb("congress", "wait") == "waits"


def test_command_says_what_day_it_stands_at() -> None:
    said = CliRunner().invoke(app, ["signals", "venezuela-2019", "--as-of", "2019-03-20"])
    assert "As of 2019-03-20, as read today: 56 sources, 6 beliefs, 3 signals" in said.output
    assert "as read today" not in CliRunner().invoke(app, ["signals", "venezuela-2019"]).output
