"""Linkage, prices, the clock and deliverability on small crises whose answers can be read off."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
import yaml

from backchannel.analyses.contract import Context
from backchannel.analyses.deals import deals, linkage, price
from backchannel.analyses.deals.bargain import Terms, bargain
from backchannel.analyses.deals.exchange_rates import exchange_of
from backchannel.analyses.deals.zone import nearest, solve_zone
from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.results.provenance import Provenance
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text

CONTEXT = Context(Provenance("test", "test", "", "0"))

SWAP = """
crisis: 1
title: two concessions, a third that nobody needs
issues: {river: t, border: t, pride: t}
actors: {north: {name: North}, south: {name: South}}
options:
  water: {by: north, issue: river}
  trade: {by: south, issue: border}
  flags: {by: south, issue: pride}
preferences:
  north: [{id: water, when: water, worth: -4, why: t}, {id: trade, when: trade, worth: 10, why: t}]
  south: [{id: water, when: water, worth: 9, why: t}, {id: trade, when: trade, worth: -6, why: t},
          {id: flags, when: flags, worth: -1, why: t}]
deals:
  swap: {parties: [north, south], terms: [water, trade], why: t}
"""


def model_of(text: str) -> Model:
    return compile_model(read_crisis_text(text).crisis)


def test_the_issue_that_opens_and_the_ballast() -> None:
    found = linkage.run(model_of(SWAP), CONTEXT)
    zones = {item.issues: item.zone for item in found.sets}
    assert zones[("river",)] == zones[("border",)] == zones[("pride",)] == zones[("river", "pride")] == 0
    assert zones[("river", "border")] == 1
    assert found.opens == ("river", "border")
    assert found.ballast == ("pride",)
    said = {item.id: item.text for item in found.findings}
    assert said["linkage.opens"].startswith("There is no deal without river and border: no set of issues that leaves")
    assert said["linkage.ballast"] == "pride adds nothing: no zone and no better deal for anybody."
    whole = found.sets[-1]
    assert whole.best.tolist() == [6, 3]
    alone = found.sets[0]
    assert alone.nearest is not None
    assert alone.nearest.short == (4, 0)
    assert alone.nearest.slack == (0, 9)
    assert isnan(alone.share)


def test_exchange_is_the_textbook_swap() -> None:
    """s = (4, 10) for North, (6, 9) for South: a window from 4/10 to 9/6."""
    found = bargain(model_of(SWAP), Terms())
    rate = exchange_of(found, found.named[0])
    assert rate is not None
    assert rate.terms is not None
    assert (rate.costs, rate.gains) == ((4, 6), (10, 9))
    assert (rate.terms.low, rate.terms.high) == pytest.approx((0.4, 1.5))
    assert rate.aversion == pytest.approx(np.sqrt(1.5 / 0.4))


def test_issues_are_needed_and_bounded() -> None:
    with pytest.raises(NotSupportedError, match="nothing to tie together unless options belong to two issues"):
        linkage.run(
            model_of(SWAP.replace("issue: border", "issue: river").replace("issue: pride", "issue: river")), CONTEXT
        )
    with pytest.raises(TooLargeError, match=r"11 issues have 2,047 sets and 1,023 can be looked at; name up to 10"):
        linkage.run(model_of(SWAP), CONTEXT, linkage.Params(issues=tuple(f"i{k}" for k in range(11))))


def test_the_clock_is_where_gains_change_sign() -> None:
    model = compile_model(open_crisis("venezuela-2019").crisis)
    names = ("grand_swap", "aid_for_support", "sold_for_assets", "us_pays_ru_keeps", "us_backs_down")
    found = price.run(model, CONTEXT, price.Params(package=names))
    assert found.to == "officers_defect_alone"
    for chance in np.linspace(0.0013, 0.9987, 41):
        there = bargain(model, Terms(package=names, hazard=(("", repr(float(chance))),)))
        for k, item in enumerate(found.clock):
            cell = np.array([model.space.cell(there.named[k].ends)])
            gains = (there.worth(cell)[:2, 0] - there.base[:2]).tolist()
            expected = [now + chance * (later - now) for now, later in zip(item.today, item.later, strict=True)]
            assert gains == pytest.approx(expected)
            assert (min(gains) > 0) == (not isnan(item.low) and item.low < chance < item.high)


def test_no_branch_no_clock() -> None:
    assert price.run(model_of(SWAP), CONTEXT).clock == ()


def test_a_promise_of_others_needs_a_chance() -> None:
    """South sells what the guards must do; if they do not, North has paid for nothing."""
    text = SWAP.replace("south: {name: South}}", "south: {name: South}, guards: {}}")
    text = text.replace("  flags:", "  stand_down: {by: guards, issue: border}\n  flags:")
    text = text.replace("when: trade, worth: 10", "when: trade and stand_down, worth: 10")
    text = text.replace("deals:", "  guards: [{when: trade and stand_down, worth: 1, why: t}]\ndeals:")
    text = text.replace("terms: [water, trade]", "terms: [water, trade], expects: [stand_down]")
    text += "deliver: {south: {stand_down: 0.5}}\n"
    found = price.run(model_of(text), CONTEXT)
    (made,) = found.deliveries
    assert (made.seller, made.what, made.chance) == ("south", "stand_down", 0.5)
    assert dict(made.needs) == {"north": pytest.approx(0.4), "south": 0.0}
    assert dict(made.gains) == {"north": pytest.approx(1.0), "south": pytest.approx(3.0)}


def test_common_scale_gates_the_solutions_that_compare() -> None:
    found = deals.run(model_of(SWAP), CONTEXT)
    assert found.solutions.nash.size == 1
    assert found.solutions.equal_gains.size == found.solutions.utilitarian.size == 0
    assert any(item.id == "deals.scale" for item in found.findings)
    declared = deals.run(model_of(SWAP + "scale: {why: t}\n"), CONTEXT)
    assert declared.solutions.equal_gains.size == declared.solutions.utilitarian.size == 1
    assert not any(item.id == "deals.scale" for item in declared.findings)


def test_bargaining_weights() -> None:
    model = compile_model(open_crisis("venezuela-2019").crisis)
    even = deals.run(model, CONTEXT, deals.Params(no_deal="today"))
    tilted = deals.run(model, CONTEXT, deals.Params(no_deal="today", weights=(("russia", 20.0),)))
    gain = [int(run.solutions.nash[0]) for run in (even, tilted)]
    assert even.worst[gain[1], 1] > even.worst[gain[0], 1]
    with pytest.raises(NotSupportedError, match='a bargaining weight for "mars", who is no party; parties: us, russia'):
        deals.run(model, CONTEXT, deals.Params(weights=(("mars", 1.0),)))
    with pytest.raises(NotSupportedError, match='the bargaining weight of "us" is 0; it must be from'):
        deals.run(model, CONTEXT, deals.Params(weights=(("us", 0.0),)))


def test_three_parties_take_the_product_of_three_gains() -> None:
    model = compile_model(open_crisis("venezuela-2019").crisis)
    found = bargain(model, Terms(parties=("us", "russia", "opposition"), no_deal="today"))
    solved = solve_zone(found.valued)
    assert solved.zone.size
    products = found.valued.worst[solved.zone].prod(axis=1)
    assert set(solved.nash.tolist()) == set(solved.zone[products == products.max()].tolist())
    result = deals.run(model, CONTEXT, deals.Params(parties=("us", "russia", "opposition"), no_deal="today"))
    assert result.charts[0].id == "packages"


def test_an_empty_zone_names_who_is_short_and_who_could_pay() -> None:
    text = SWAP.replace("worth: 10", "worth: 3")
    found = bargain(model_of(text), Terms())
    assert not found.valued.zone.any()
    close = nearest(found.valued)
    assert close is not None
    assert (close.short, close.slack) == ((1.0, 0.0), (0.0, 3.0))
    said = {item.id: item.text for item in deals.run(model_of(text), CONTEXT).findings}
    assert said["deals.zone"].startswith("None of 7 packages would leave North and South each better off than no deal.")
    assert "open a zone if it were worth over 1 to North and cost under 3 to South" in said["deals.nearest"]


def test_nobody_gains_nobody_could_pay() -> None:
    text = SWAP.replace("worth: 10", "worth: -1").replace("worth: 9", "worth: -1")
    said = {item.id: item.text for item in deals.run(model_of(text), CONTEXT).findings}
    assert said["deals.nearest"].endswith("No party gains by it, so nobody could pay.")


def test_width_by_issue_counts_settings() -> None:
    model = compile_model(open_crisis("venezuela-2019").crisis)
    found = deals.run(model, CONTEXT, deals.Params(no_deal="today"))
    rows = found.levels[found.solutions.zone]
    for item in found.widths:
        columns = [k for k, name in enumerate(found.options) if model.crisis.options[name].issue == item.issue]
        assert item.settings == len({tuple(row) for row in found.levels[:, columns].tolist()})
        assert item.acceptable == len({tuple(row) for row in rows[:, columns].tolist()})


def test_a_lottery_is_said_where_it_beats_every_package() -> None:
    """Two packages, (9, 1) and (1, 9): Nash picks either, and an even mixture brings both 5."""
    text = """
crisis: 1
title: two prizes
actors: {north: {name: North}, south: {name: South}}
options: {left: {by: north}, right: {by: south}}
impossible: [left and right]
preferences:
  north: [{when: left, worth: 9, why: t}, {when: right, worth: 1, why: t}]
  south: [{when: left, worth: 1, why: t}, {when: right, worth: 9, why: t}]
"""
    found = deals.run(model_of(text), CONTEXT)
    assert found.solutions.nash.size == 2
    assert found.mixture is not None
    assert found.mixture.chances == pytest.approx([0.5, 0.5], abs=1e-6)
    assert found.mixture.gains == pytest.approx([5, 5], abs=1e-6)
    said = {item.id: item.text for item in found.findings}
    assert said["deals.lottery"].startswith("A lottery of [right] (0.5) and [left] (0.5)")
    assert deals.run(model_of(SWAP), CONTEXT).mixture is None


def test_a_side_payment_needs_points_that_can_be_handed_over() -> None:
    text = SWAP.replace("worth: 10", "worth: 3")
    assert deals.run(model_of(text), CONTEXT).payment is None
    assert deals.run(model_of(text + "scale: {why: t}\n"), CONTEXT).payment is None
    declared = deals.run(model_of(text + "scale: {transferable: yes, why: t}\n"), CONTEXT)
    assert declared.payment is not None
    row, points = declared.payment
    assert dict(zip(declared.options, declared.levels[row].tolist(), strict=True)) == {
        "water": 1,
        "trade": 1,
        "flags": 0,
    }
    assert points == 1
    assert any(item.id == "deals.payment" for item in declared.findings)
    losing = text.replace("worth: 9", "worth: 3")
    assert deals.run(model_of(losing + "scale: {transferable: yes, why: t}\n"), CONTEXT).payment is None


def test_one_party_alone_saves_no_hostages() -> None:
    model = compile_model(open_crisis("venezuela-2019").crisis)
    plain, charged = (price.run(model, CONTEXT, price.Params(hostages=hostages)) for hostages in (False, True))
    assert [item.price for item in plain.concessions] == [item.price for item in charged.concessions]


def test_ranks_are_never_printed_as_points() -> None:
    text = SWAP.replace("south: {name: South}}", "south: {name: South}, west: {name: West}}")
    text = text.replace("deals:", "  west: {order: [not water, not trade], why: t}\ndeals:")
    found = deals.run(model_of(text), CONTEXT)
    assert np.isnan(found.outsider_gains).all()
    said = deals.document(found)
    assert all(item["outsiders"] == {"west": None} for item in said["list"])  # type: ignore[attr-defined]
    assert price.run(model_of(text), CONTEXT).concessions[0].worth[0][0] == "south"
    assert all(name != "west" for item in price.run(model_of(text), CONTEXT).concessions for name, _ in item.worth)


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), 1e308, -1.0])
def test_weights_are_numbers_that_can_be_weighed(weight: float) -> None:
    with pytest.raises(NotSupportedError, match=r"it must be from 0\.000001 to 1,000,000"):
        deals.run(model_of(SWAP), CONTEXT, deals.Params(weights=(("north", weight),)))


def test_exchange_rates_know_the_clock() -> None:
    """What the parts bring less what they cost is the gain over no deal that the packages show."""
    model = compile_model(open_crisis("venezuela-2019").crisis)
    for no_deal in ("", "today"):
        named = {item.name: item for item in deals.run(model, CONTEXT, deals.Params(no_deal=no_deal)).named}
        rates = linkage.run(model, CONTEXT, linkage.Params(no_deal=no_deal)).exchange
        assert len(rates) == 3
        for item in rates:
            net = [gain - cost for gain, cost in zip(item.gains, item.costs, strict=True)]
            assert net == pytest.approx(named[item.deal].gains.tolist())
    assert (rates[-1].deal, rates[-1].costs, rates[-1].gains) == ("aid_for_support", (26, 25), (81, 20))


def test_splits_do_not_depend_on_who_stands_first_in_the_file() -> None:
    data = open_crisis("venezuela-2019").data
    turned = data | {"actors": dict(reversed(data["actors"].items()))}
    splits = []
    for text in (data, turned):
        model = model_of(yaml.safe_dump(text, sort_keys=False))
        found = linkage.run(model, CONTEXT, linkage.Params(no_deal="today"))
        splits.append(
            {
                (item.deal, split.norm): dict(zip(found.parties, split.gains, strict=True))
                for item in found.exchange
                if item.terms is not None
                for split in item.terms.best_amounts
            }
        )
    assert splits[0].keys() == splits[1].keys()
    assert len(splits[0]) >= 10
    for key, gains in splits[0].items():
        assert splits[1][key] == pytest.approx(gains), key


def test_a_ranking_is_asked_for_before_issues() -> None:
    model = compile_model(open_crisis("prisoners-dilemma").crisis)
    with pytest.raises(NotSupportedError, match="gains are differences of points"):
        linkage.run(model, CONTEXT)
