"""Publicity as a bond: against the crisis with that bond written into it, and against arithmetic by hand."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.analyses.channels.channels import ChannelsResult, document
from backchannel.analyses.commitment.diagnosis import IDS
from backchannel.analyses.commitment.legs import breach_gain, read_promise
from backchannel.analyses.commitment.remedies import rerun
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import CrisisFile
from backchannel.study.study import Study

CASE = open_crisis("venezuela-2019")
DEALS = ("grand_swap", "minsk_for_transition", "aid_for_support")


def run_on(file: CrisisFile, draws: int = 0) -> ChannelsResult:
    found = Study.of(file, draws=draws).run("channels")
    assert isinstance(found, ChannelsResult)
    return found


def watched(share: str) -> CrisisFile:
    """Washington's audience on Ukraine at another share."""
    return CASE.patched({"audience.us.ukraine": share})


def binds(result: ChannelsResult, deal: str) -> list[str]:
    return [item.text for item in result.findings if item.id == "channels.binds" and f"Once {deal} " in item.text]


def test_arithmetic_by_hand() -> None:
    """Arming Kyiv again brings 26 (the worth of stop_aid); 0.8 of it is the price at full publicity."""
    rows = {(item.channel, item.deal, item.party): item for item in run_on(CASE).bonds}
    item = rows["secret", "grand_swap", "us"]
    assert (item.gain, item.undone) == (26, ("stop_aid",))
    assert item.full == pytest.approx(0.8 * 26)
    assert item.bond == pytest.approx(0.15 * 0.8 * 26)
    assert item.kept_from is None
    kept = rows["secret", "minsk_for_transition", "us"]
    assert (kept.gain, kept.kept_from) == (0, 0)
    assert run_on(watched("2")).bonds[0].kept_from == pytest.approx(0.5)


def test_gain_is_what_commitment_calls_the_gain_of_breaking() -> None:
    model = Study.of(CASE).model
    rows = {(item.deal, item.party): item.gain for item in run_on(CASE).bonds}
    for deal in DEALS:
        promise = read_promise(model, deal)
        for leg in promise.legs:
            assert rows[deal, model.actors[leg.actor]] == breach_gain(model, leg, promise.kept)[0]


@pytest.mark.parametrize("deal", ["grand_swap", "aid_for_support"])
def test_the_bond_put_into_the_crisis_keeps_the_deal_from_the_threshold_on(deal: str) -> None:
    model = Study.of(CASE).model
    promise = read_promise(model, deal)
    [item, *_] = [one for one in run_on(watched("2")).bonds if one.deal == deal and one.party == "us"]
    assert item.kept_from is not None
    row = model.actors.index("us")
    for at, kept in ((item.kept_from - 0.01, False), (item.kept_from + 0.01, True)):
        bond = np.array([at * item.full if model.actors[leg.actor] == "us" else 0.0 for leg in promise.legs])
        assert bool(rerun(model, promise, bond).stable[IDS.index("nash"), row]) == kept


def test_a_band_between_broken_and_closed() -> None:
    """At a share of 2 aid_for_support is kept from 0.5 on; with Moscow's share at 0.1 it stays open beyond that."""
    [closed] = binds(run_on(watched("2")), "aid_for_support")
    assert "kept from publicity 0.5; lost before that in" in closed
    file = watched("2").patched({"audience.russia.venezuela": "0"})
    result = run_on(file)
    [said] = binds(result, "aid_for_support")
    limits = {item.channel: item.limit for item in result.limits if item.deal == "aid_for_support"}
    assert any(limit > 0.5 for limit in limits.values())
    for room, limit in limits.items():
        part = said.split("still open there in")[1] if limit > 0.5 else said.split("lost before that in")[1]
        assert room in part
    assert said.index("still open") < (said.index("lost before") if "lost before" in said else len(said))


def test_execution_names_the_room_that_binds_most_and_leaves_ties_open() -> None:
    file = watched("8").patched({"audience.russia.venezuela": "0", "channels.secret.publicity": "0.5"})
    file = file.patched({f"channels.{room}.voices.us.{who}": v for room in ("secret", "summit", "finland")
                         for who, v in (("president", "1"), ("establishment", "0"))})  # fmt: skip
    file = file.patched({"actors.us.people.president.scale.ukraine": "0.01"})
    said = [item.text for item in run_on(file, 256).findings if item.id == "channels.steps"]
    [text] = [one for one in said if one.startswith("For grand_swap")]
    assert "least seen in secret or summit;" in text
    assert "once done bound most by being seen in finland, enough to be kept" in text


def test_nothing_is_charged_without_an_audience() -> None:
    file = CASE.patched({"audience.us.ukraine": "0", "audience.russia.venezuela": "0"})
    result = run_on(file, 128)
    assert all(item.bond == item.full == 0 for item in result.bonds)
    steps = [item.text for item in result.findings if item.id == "channels.steps"]
    assert any(text.endswith("once done being seen costs whoever breaks it nothing.") for text in steps)


def test_document_lists_every_bond() -> None:
    result = run_on(CASE)
    rows = document(result)["publicity_bonds"]
    assert isinstance(rows, list)
    assert len(rows) == len(result.bonds) == 2 * len(result.limits)
    assert {row["kept_from"] for row in rows} == {0.0, None}
