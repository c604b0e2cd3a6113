"""Formats of talks against a literal reading: one draw, one deal and one worth at a time."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.channels import channels
from backchannel.analyses.channels.channels import ChannelsResult
from backchannel.analyses.channels.equalised import ABLATIONS, KEEPS, equalised
from backchannel.analyses.channels.formats import read_format
from backchannel.analyses.channels.leads import beats, leads
from backchannel.analyses.contract import Context
from backchannel.errors import NotSupportedError
from backchannel.model.draws import draw_matrix
from backchannel.results.provenance import Provenance
from backchannel.spec.cases import open_crisis
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import find_state, holds, read_setting, today
from backchannel.spec.read import CrisisFile, read_crisis_text
from backchannel.study.study import Study

DRAWS = 32
CASE = open_crisis("venezuela-2019")


def redrawn(seed: int) -> CrisisFile:
    """The founding case with rooms at random: publicity, leaks, voices, mandates, costs of failure."""
    rng = random.Random(seed)
    data = copy.deepcopy(CASE.data)
    for room in data["channels"].values():
        room["publicity"] = f"0.{rng.randint(0, 9)} in 0..1" if rng.random() < 0.5 else f"0.{rng.randint(0, 9)}"
        room["leak"] = f"0.{rng.randint(0, 9)}"
        room["authority"] = f"0.{rng.randint(1, 9)}"
        room["mandate"] = rng.choice(["all", ["venezuela"], ["venezuela", "ukraine"]])
        room["failure_cost"] = {"us": str(rng.randint(0, 20)), "russia": str(rng.randint(0, 20))}
        president = rng.randint(0, 10) / 10
        room["voices"] = {"us": {"president": str(president), "establishment": str(round(1 - president, 1))}}
        if rng.random() < 0.3:
            del room["voices"]
    data["audience"] = {
        "us": {"ukraine": f"0.{rng.randint(0, 9)}", "venezuela": f"0.{rng.randint(0, 9)}"},
        "russia": {"venezuela": "0.5"},
    }
    return read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")


class OneDraw:
    """Reads the file at one row of drawn inputs."""

    def __init__(self, crisis: Crisis, inputs: dict[str, float]) -> None:
        self.crisis, self.inputs = crisis, inputs

    def get(self, path: str, default: float) -> float:
        return self.inputs.get(path, default)

    def factor(self, room: str, actor: str, issue: str | None) -> float:
        weights = self.crisis.channels[room].voices.get(actor, {})
        if not weights or issue is None:
            return 1.0
        scaled = [self.get(f"actors.{actor}.people.{person}.scale.{issue}", 1.0) for person in weights]
        said = [self.get(f"channels.{room}.voices.{actor}.{person}", 0.0) for person in weights]
        if not sum(said) or not any(issue in p.scale for p in self.crisis.actors[actor].people.values()):
            return 1.0
        return sum(a * b for a, b in zip(scaled, said, strict=True)) / sum(said)

    def utility(self, room: str | None, actor: str, levels: tuple[int, ...]) -> float:
        total = 0.0
        for term in self.crisis.preferences[actor]:  # type: ignore[union-attr]
            if holds(term.when, levels, self.crisis):  # type: ignore[union-attr]
                worth = self.inputs[f"preferences.{actor}.{term.id}.worth"]  # type: ignore[union-attr]
                total += worth * (1.0 if room is None else self.factor(room, actor, term.issue))  # type: ignore[union-attr]
        return total

    def public(self, room: str) -> float:
        publicity, leak = (self.get(f"channels.{room}.{name}", 0.0) for name in ("publicity", "leak"))
        return 1 - (1 - publicity) * (1 - leak)

    def premium(self, room: str, actor: str, deal: tuple[int, ...], centre: OneDraw) -> float:
        """Publicity x premium x what is given up; Moscow, without worths under the issue, at the centres."""
        total = 0.0
        for issue in self.crisis.audience.get(actor, {}):
            labelled = any(term.issue == issue for term in self.crisis.preferences[actor])  # type: ignore[union-attr]
            other = {"us": "russia", "russia": "us"}[actor]
            ends = deal if labelled else find_state(self.crisis, self.crisis.stances[other].position)
            mixed = tuple(
                there if option.issue == issue and option.by != other else here
                for option, here, there in zip(self.crisis.options.values(), today(self.crisis), ends, strict=True)
            )
            read = (self, room) if labelled else (centre, None)
            given = read[0].utility(read[1], actor, today(self.crisis)) - read[0].utility(read[1], actor, mixed)
            total += self.public(room) * self.get(f"audience.{actor}.{issue}", 0.0) * max(given, 0.0)
        return total

    def open(self, room: str, deal: str, centre: OneDraw) -> bool:
        about = self.crisis.deals[deal]
        settings = dict(read_setting(self.crisis, text) for text in (*about.terms, *about.expects))
        levels = tuple((dict(zip(self.crisis.options, today(self.crisis), strict=True)) | settings).values())
        mandate = self.crisis.channels[room].mandate
        traded = {self.crisis.options[read_setting(self.crisis, text)[0]].issue for text in about.terms}
        if "all" not in mandate and not traded <= set(mandate):
            return False
        hazard = self.inputs["no_deal.officers_defect_alone.chance.default"]
        for actor in about.parties:
            fails = (1 - hazard) * self.utility(room, actor, today(self.crisis))
            fails += hazard * self.utility(room, actor, find_state(self.crisis, self.crisis.no_deal[0].to))
            fails -= self.get(f"channels.{room}.failure_cost.{actor}", 0.0)
            if self.utility(room, actor, levels) - self.premium(room, actor, levels, centre) - fails <= 1e-9:
                return False
        return True


def run_on(file: CrisisFile, draws: int = DRAWS, **params: Any) -> ChannelsResult:
    found = Study.of(file, draws=draws).run("channels", **params)
    assert isinstance(found, ChannelsResult)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_against_a_literal_reading(seed: int) -> None:
    file = redrawn(seed)
    study = Study.of(file, draws=DRAWS)
    inputs = study.model.inputs
    values = draw_matrix(inputs, DRAWS, 0)
    centre = OneDraw(file.crisis, {item.path: item.number.centre for item in inputs})
    rows = [OneDraw(file.crisis, dict(zip([i.path for i in inputs], row.tolist(), strict=True))) for row in values]
    result = run_on(file, package=("grand_swap", "minsk_for_transition", "aid_for_support"))
    found = {(room, deal): zone for room, deal, zone, _, _ in result.by_deal}
    for k, room in enumerate(result.channels):
        any_open = np.zeros(DRAWS, dtype=bool)
        for deal in ("grand_swap", "minsk_for_transition", "aid_for_support"):
            is_open = np.array([row.open(room, deal, centre) for row in rows])
            any_open |= is_open
            assert found.get((room, deal), 0.0) == pytest.approx(is_open.mean()), (room, deal)
        binds = [
            row.get(f"channels.{room}.authority", 1.0) * (1 - row.get(f"channels.{room}.drift", 0.0)) for row in rows
        ]
        if file.crisis.channels[room].mandate != ("venezuela",):
            assert result.zone[k] == pytest.approx(any_open.mean())
            assert result.agreed[k] == pytest.approx((any_open * np.array(binds)).mean())


def test_publicity_limits_are_where_the_deal_is_lost() -> None:
    """Write other publicities into the file and see whether each deal is open there."""
    file = redrawn(1)
    limits = run_on(file, 0).limits
    assert {0 < item.limit < 1 for item in limits} == {True, False}
    for at in (0.0, 0.25, 0.5, 0.75, 1.0):
        rooms = file.crisis.channels
        patch = {
            f"channels.{room}.{name}": value
            for room in rooms
            for name, value in (("publicity", str(at)), ("leak", "0"))
        }
        found = {(room, deal): zone for room, deal, zone, _, _ in run_on(file.patched(patch), 0).by_deal}
        for item in limits:
            if abs(at - item.limit) > 1e-9:
                assert bool(found[item.channel, item.deal]) == (at < item.limit or item.limit == 1.0), (item, at)


def test_median_and_everything_equal() -> None:
    model = Study.of(CASE).model
    values = np.array([[item.number.centre for item in model.inputs]])
    formats = tuple(read_format(model, name, values) for name in CASE.crisis.channels)
    same = equalised(model, formats, ("publicity", "authority", "drift", "voices", "mandate"), values)
    for made in same:
        assert made.publicity[0] == np.median([0.9, 0.5, 0.15, 0.5]) == 0.5
        assert made.authority[0] == pytest.approx(0.6)
        assert made.drift[0] == 0
        assert made.voices["us", "ukraine"][0] == pytest.approx(0.85)
        assert made.issues == ()
    assert formats[1].issues == ("venezuela",), "the formats themselves are left as they were"


def test_making_everything_equal_makes_the_rooms_equal() -> None:
    """Each `x alone` leaves one attribute; rooms that share its value come out the same."""
    result = run_on(CASE, 256)
    row = dict(zip(result.channels, result.ablated[result.ablations.index("publicity alone")].tolist(), strict=True))
    assert row["rome"] == row["summit"], "both have publicity 0.5"
    assert row["finland"] < row["rome"] < row["secret"]


def test_every_attribute_that_must_survive_is_taken_away_once() -> None:
    names = dict(ABLATIONS)
    assert {attribute for name in KEEPS for attribute in names[name]} >= {"publicity", "authority", "voices", "mandate"}


def test_an_order_that_rests_on_one_attribute_is_not_stated() -> None:
    """Two rooms that differ in authority alone: with authority equal nothing is left of the order."""
    data = copy.deepcopy(CASE.data)
    base = data["channels"]["secret"]
    data["channels"] = {"weak": base | {"authority": "0.3"}, "strong": base | {"authority": "0.9"}}
    data["events"] = []
    result = run_on(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis"), 128)
    assert not [item for item in result.findings if item.id == "channels.order"]
    [undecided] = [item.text for item in result.findings if item.id == "channels.undecided"]
    assert undecided == ("strong leads weak in the file, but not with authority made equal.")


def test_differences_within_three_standard_errors_are_ties() -> None:
    rng = np.random.default_rng(0)
    noise = rng.uniform(size=400)
    agreed = np.stack([noise, noise + 0.1, rng.uniform(size=400)])
    clear = beats(leads(agreed))
    assert clear[1, 0] == 1
    assert clear[0, 1] == -1
    assert clear[0, 2] == clear[2, 0] == 0
    assert (np.diag(clear) == 0).all()
    difference = agreed[2] - agreed[0]
    assert leads(agreed)[2, 0] == pytest.approx(difference.mean() / (difference.std() / 20))
    assert (leads(agreed[:, :99]) == 0).all()


@pytest.mark.parametrize("draws", [0, 1, 99])
def test_few_draws_state_no_order(draws: int) -> None:
    result = run_on(CASE, draws)
    assert not result.better.any()
    assert not {"channels.order", "channels.undecided", "channels.steps", "channels.fragile"} & {
        item.id for item in result.findings
    }


def test_without_draws_a_deal_is_open_or_not() -> None:
    result = run_on(CASE, 0)
    for table in (table for table in result.tables if table.id in ("channels.formats", "channels.deals")):
        [column] = [column for column in table.columns if column.id == "zone"]
        assert column.title == "Open at the centres"
        assert {type(row[table.columns.index(column)]) for row in table.rows} == {bool}


def test_what_others_need_not_do_is_said_and_never_counted_as_kept() -> None:
    """A defiant Kyiv carries out no Minsk: both deals that expect it fall out of what is kept."""
    found = Study.open("venezuela-2019", variant="kiev_defiant", draws=DRAWS).run("channels")
    assert isinstance(found, ChannelsResult)
    assert dict(found.unmet).keys() == {"grand_swap", "minsk_for_transition"}
    assert all("kv_minsk" in options for _, options in found.unmet)
    assert (found.kept == 0).all()
    assert not any(holds for _, _, _, _, holds in found.by_deal)
    [said] = [item.text for item in found.findings if item.id == "channels.unmet"]
    assert "minsk_for_transition expects kv_minsk of others, who need not do it" in said
    assert not run_on(CASE).unmet


def test_steps_leave_out_rooms_whose_publicity_closes_the_deal() -> None:
    """The secret room, 0.15 public, closes the grand swap, open there up to 0.057."""
    result = run_on(CASE, 512)
    [said] = [item.text for item in result.findings if item.id == "channels.steps" and "grand_swap" in item.text]
    assert said == (
        "For grand_swap: least seen in summit; highest index in summit; at the centres it stays open in summit up to "
        "publicity 0.606; closed by its own publicity: finland and secret; once done bound most by being seen in "
        "summit, not enough to be kept."
    )


def test_what_would_undo_an_order_is_said() -> None:
    result = run_on(CASE, 4096)
    said = [item.text for item in result.findings if item.id == "channels.fragile"]
    assert said == [
        "That finland does better than rome would not be clear at a quarter of the draws and reverses with publicity "
        "alone."
    ]


def test_leaks_count_as_publicity() -> None:
    file = CASE.patched({"channels.secret.leak": "0.5"})
    k = 2
    assert run_on(file, 0).publicity[k] == pytest.approx(0.15 + 0.85 * 0.5)


def test_a_costly_failure_opens_the_zone() -> None:
    """The grand swap is 72 x 0.3 - 1 points short for Washington in a room that counts as the file does."""
    data = copy.deepcopy(CASE.data)
    del data["channels"]["secret"]["voices"]
    data["channels"]["secret"]["publicity"] = "0"
    for cost, is_open in ((20.5, False), (20.7, True)):
        data["channels"]["secret"]["failure_cost"] = {"us": str(cost)}
        result = run_on(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis"), 0)
        [zone] = [z for room, deal, z, _, _ in result.by_deal if (room, deal) == ("secret", "grand_swap")]
        assert bool(zone) == is_open


def test_rooms_without_a_party_are_left_out() -> None:
    data = copy.deepcopy(CASE.data)
    data["channels"]["rome"]["who"] = ["us.abrams", "ukraine"]
    result = run_on(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis"), 0)
    assert result.left_out == ("rome",)
    assert "rome" not in result.channels
    for room in data["channels"].values():
        room["who"] = ["us", "ukraine"]
    with pytest.raises(NotSupportedError, match="no channel has russia and us in the room; add them under who"):
        run_on(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis"), 0)


def test_says_what_is_lacking() -> None:
    data = copy.deepcopy(CASE.data)
    del data["channels"]
    data["events"] = []
    file = read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")
    with pytest.raises(
        NotSupportedError, match=r"no room is described(.|\n)*channels: \{ministers: \{who: \[us, russia\]"
    ):
        run_on(file, 0)


def test_without_stances_a_concession_is_read_off_each_deal() -> None:
    data = copy.deepcopy(CASE.data)
    del data["stances"]
    result = run_on(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis"), 0)
    assert all(item.by_worths for item in result.concessions)


def test_document_and_findings() -> None:
    result = channels.run(Study.of(CASE).model, Context(Provenance("t", "t", "", "0")))
    text = json.loads(json.dumps(channels.document(result)))
    assert [room["channel"] for room in text["channels"]] == list(result.channels)
    assert text["ablations"][0]["agreed"] == {
        room["channel"]: pytest.approx(room["agreed"]) for room in text["channels"]
    }
    assert {item.id for item in result.findings} >= {
        "channels.agreed",
        "channels.zone",
        "channels.kept",
    }
    for item in result.findings:
        assert "probab" not in item.text
        assert "likely" not in item.text


def test_a_public_threat_against_the_closed_form() -> None:
    """A bluff's price against face: shares counted by hand, the verdict from the threat both would face."""
    for premium in ("0.1", "0.9"):
        file = CASE.patched({"audience.russia.venezuela": premium})
        [item] = run_on(file, 512).threats
        model = Study.of(file).model
        values = draw_matrix(model.inputs, 512, 0)
        rows = [
            OneDraw(file.crisis, dict(zip([i.path for i in model.inputs], v.tolist(), strict=True))) for v in values
        ]
        line = file.crisis.red_lines["maduro_goes"]
        acts = {True: 0, False: 0}
        for row in rows:
            carried, backed = (
                row.utility(None, "us", find_state(file.crisis, state)) for state in (line.carries_out, line.backs_down)
            )
            acts[True] += carried > backed
            acts[False] += carried > backed - row.inputs[line.cost]
        assert (item.public, item.secret) == (acts[True] / 512, acts[False] / 512)
        assert item.burden == pytest.approx(float(premium))
        assert item.strengthens, "without an audience nobody would act on it"
    assert not run_on(CASE, 99).threats


def test_face_can_outweigh_what_publicity_adds_to_a_threat() -> None:
    """Intervention at little cost: believed in secret too, so that all publicity adds is Moscow's loss of face."""
    cheap = {item.path: "0" for item in Study.of(CASE).model.inputs if item.path.startswith("preferences.us.") and
             item.number.centre < -20 and item.path != CASE.crisis.red_lines["maduro_goes"].cost}  # fmt: skip
    [item] = run_on(CASE.patched(cheap), 256).threats
    assert item.secret > 0.5
    assert item.strengthens == (item.public * (1 - item.secret) > item.secret * (1 - item.public + item.burden))
    assert not item.strengthens
