"""The founding case and the case library: what the commitment family owes of T1 to T30, by command."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from backchannel.analyses.commitment.commitment_result import CommitmentResult
from backchannel.faces.cli.app import app
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study

DATA = Path(__file__).parent.parent / "data"
TESTS: dict[str, Any] = yaml.safe_load((DATA / "expected_venezuela.yaml").read_text(encoding="utf-8"))["tests"]
LIBRARY: dict[str, Any] = yaml.safe_load((DATA / "case_library.yaml").read_text(encoding="utf-8"))
CASE = "venezuela-2019"
NEAR = 1e-9


def asked(*arguments: str) -> dict[str, Any]:
    """The one deal of a run of the command."""
    done = CliRunner().invoke(app, ["commitment", CASE, *arguments, "--json"])
    assert done.exit_code == 0, done.output
    [deal] = json.loads(done.stdout)["deals"]
    return dict(deal)


@pytest.fixture(scope="module")
def deals() -> dict[str, dict[str, Any]]:
    done = CliRunner().invoke(app, ["commitment", CASE, "--json"])
    assert done.exit_code == 0, done.output
    return {deal["deal"]: deal for deal in json.loads(done.stdout)["deals"]}


def by_actor(deal: dict[str, Any], key: str) -> dict[str, Any]:
    return {party["actor"]: party[key] for party in deal["parties"]}


def options(literal: str) -> set[str]:
    names = open_crisis(CASE).crisis.options
    return {name for name, level in zip(names, literal.split(","), strict=True) if level == "yes"}


def test_t6_t28_participation_thresholds(deals: dict[str, dict[str, Any]]) -> None:
    for name, wanted in TESTS["T28"]["exact"]["participation_threshold"].items():
        assert by_actor(deals[name], "threshold") == pytest.approx(wanted, abs=NEAR)
    assert by_actor(deals["grand_swap"], "threshold") == pytest.approx(
        TESTS["T6"]["exact"]["participation_threshold"], abs=NEAR
    )
    assert by_actor(deals["grand_swap"], "dominated") == TESTS["T6"]["exact"]["delivery_is_dominated"]


def test_t6_the_spread_over_draws() -> None:
    draws = 4096
    deal = asked("grand_swap", "--draws", str(draws))
    us = next(party for party in deal["parties"] if party["actor"] == "us")
    wanted = TESTS["T6"]["share"]["us_needs_more_than_russia"]
    p = wanted["value"]
    assert us["needs_more_than"]["russia"] == pytest.approx(p, abs=3 * (p * (1 - p) / draws) ** 0.5)
    assert us["quantiles"] == pytest.approx([0.62, 0.98, 1.47], abs=0.015)


def test_t6_the_remark_that_delivery_is_dominated_is_made() -> None:
    done = CliRunner().invoke(app, ["commitment", CASE, "grand_swap"])
    said = " ".join(done.stdout.split())
    assert "from a credence of 0.988 on" in said
    assert "No credence makes United States or Russia deliver" in said
    assert "Delivery needs an order of steps, repetition, a bond" in said


def test_t28_whoever_delivers_second_keeps_back(deals: dict[str, dict[str, Any]]) -> None:
    for name, wanted in TESTS["T28"]["exact"]["second_mover_delivers"].items():
        tempted = by_actor(deals[name], "temptation")
        assert {f"{actor}_second": gain <= 0 for actor, gain in tempted.items()} == wanted
        plain = [play for play in deals[name]["orders"] if play["recall"] == "none"]
        assert len(plain) == 2
        assert all(play["outcomes"] == [[]] for play in plain)


def test_t6b_who_breaks_the_done_deal(deals: dict[str, dict[str, Any]]) -> None:
    exact = TESTS["T6b"]["exact"]
    swap, minsk = deals["grand_swap"]["executed"], deals["minsk_for_transition"]["executed"]
    assert swap["unstable_for"] == exact["grand_swap_unstable_for"]
    assert swap["unstable_for_if_reversible"] == exact["grand_swap_unstable_for_if_all_reversible"]
    assert minsk["unstable_for"] == exact["minsk_for_transition_unstable_for"]
    assert {item["actor"] for item in swap["breaks"]} == {"us"}
    assert all("military assistance to Ukraine" in item["move"] for item in swap["breaks"])


def test_t6c_the_game_of_two_and_the_whole_crisis(deals: dict[str, dict[str, Any]]) -> None:
    swap = deals["grand_swap"]
    assert swap["simultaneous"] == [[]]
    assert TESTS["T6c"]["exact"]["nash"] == [[False, False]]
    assert swap["executed"]["stable_among_parties_if_reversible"]["seq"]
    assert not swap["executed"]["stable_among_parties_if_reversible"]["nash"]
    assert "opposition" in swap["executed"]["unstable_for_if_reversible"]["seq"]  # the whole crisis differs
    answered = [play for play in swap["orders"] if play["reversible"] and play["recall"] == "answer"]
    assert all(play["outcomes"] == [["us", "russia"]] for play in answered)
    done = CliRunner().invoke(app, ["commitment", CASE, "grand_swap"])
    assert (
        "Among the parties alone, with legs that can be taken back whole, it is stable by GMR, SMR and SEQ"
        in " ".join(done.stdout.split())
    )


def test_t6d_hostage_and_discount_factors(deals: dict[str, dict[str, Any]]) -> None:
    exact, swap = TESTS["T6d"]["exact"], deals["grand_swap"]
    assert by_actor(swap, "hostage") == exact["hostage"]
    assert by_actor(swap, "breach")["us"] == exact["us_gain_from_restoring_aid"]
    grim = {actor: item["grim"] for actor, item in by_actor(swap, "discount").items()}
    assert grim == pytest.approx(exact["critical_discount_factor"], abs=NEAR)


def test_t16b_t17_withdrawal_moves_the_others_until_cuba_replaces_it(deals: dict[str, dict[str, Any]]) -> None:
    acts = {tuple(item["does"]): item for item in deals["grand_swap"]["acts"] if item["actor"] == "russia"}
    ends = sorted(sorted(options(end)) for end in acts["withdraw",]["states"])
    assert ends == sorted(sorted(end) for end in TESTS["T16b"]["exact"]["ends"])
    wanted = TESTS["T17"]["exact"]
    positions = {does: item["substitutes"][0] for does, item in acts.items()}
    assert positions["withdraw",]["from"] == "11/18"
    assert positions["withdraw", "engineer"]["from"] == "7/9"
    assert positions["withdraw",]["position"] == pytest.approx(wanted["withdraw_only"], abs=NEAR)
    assert positions["withdraw", "engineer"]["position"] == pytest.approx(wanted["withdraw_and_engineer"], abs=NEAR)


@pytest.mark.parametrize(("position", "follows"), [("0.61", True), ("0.612", False)])
def test_t17_on_either_side_of_the_threshold(position: str, follows: bool) -> None:
    acts = asked("grand_swap", "--dial", f"cuban_substitution={position}")["acts"]
    assert any(item["does"] == ["withdraw"] for item in acts) is follows


def test_t29_delivering_first_is_a_trap(deals: dict[str, dict[str, Any]]) -> None:
    traps = [
        sorted(options(item["state"]))
        for item in deals["minsk_for_transition"]["states"]
        if len(item["delivers"]) == 1 and item["nash"]
    ]
    assert sorted(traps) == sorted(sorted(state) for state in TESTS["T29"]["exact"]["nash"])


def test_t30_the_sweetener_outside_ukraine_is_not_credible() -> None:
    deal = asked("sold_for_assets", "--parties", "us,russia")
    assert deal["executed"]["unstable_for"] == TESTS["T30"]["exact"]["sold_for_assets_unstable_for"]


def test_the_plan_of_30_april(deals: dict[str, dict[str, Any]]) -> None:
    """Officers and Maduro are worse off than today even if all keep it; it comes about if Moscow gives way."""
    deal = deals["officers_30_april"]
    kept, today = by_actor(deal, "kept"), by_actor(deal, "no_deal")
    assert (kept["officers"], today["officers"]) == (5, 12)
    assert (kept["maduro"], today["maduro"]) == (10, 30)
    assert by_actor(deal, "temptation")["opposition"] == 4
    assert by_actor(deal, "takes_back")["opposition"] == []  # posts are final once the officers have moved
    helps = {tuple(item["does"]): item for item in deal["helps"]}
    assert set(helps) == {("withdraw",), ("withdraw", "engineer")}
    assert helps["withdraw",]["change"] == -35
    assert helps["withdraw", "engineer"]["price"]["limited"] == 25
    assert helps["withdraw",]["substitutes"][0]["from"] == "11/18"
    assert len(deal["states"]) == 8


def test_a_schedule_at_trust_nil_with_an_illustrative_bond() -> None:
    bare = asked("minsk_for_transition")["plan"]
    assert bare["impossible"]
    assert {proof["first"] for proof in bare["proofs"]} == {"both", "us", "russia"}
    assert all(proof["holds"] and proof["tranches"] == len(bare["shares"][0]) for proof in bare["proofs"])
    assert not bare["provided"]
    with_bond = asked("minsk_for_transition", "--variant", "minsk_guaranteed", "--first", "both")
    plan = with_bond["plan"]
    assert plan["bond_at_hand"] == pytest.approx([4.0, 1.8])
    assert plan["provided"]
    assert plan["belief"] == [0, 0]
    assert len(plan["shares"][0]) == 5
    assert [sum(row) for row in plan["shares"]] == pytest.approx([1, 1], abs=1e-6)
    assert all(with_bond["remedy"]["stable"].values())
    assert [item["worth"] for item in with_bond["remedy"]["worths"]] == pytest.approx([-4.0, -1.8])
    assert with_bond["guarantors"] == []  # what is deposited already is not asked for again
    assert with_bond["staged"]["with_bond"]["complete"]
    assert with_bond["staged"]["with_bond"]["stable"] == dict.fromkeys(["nash", "gmr", "smr", "seq"], True)
    assert [move["actor"] for move in with_bond["staged"]["with_bond"]["path"]] == ["us", "russia"] * 5
    assert with_bond["staged"]["without"]["path"] == []


def test_what_can_be_taken_back_sets_the_least_bond(deals: dict[str, dict[str, Any]]) -> None:
    """Washington regains 26 by restoring aid: no number of steps lets it give less; nor do hostages of 5 hold it."""
    plan = deals["grand_swap"]["plan"]
    assert plan["recall"] == [26, 0]
    assert min(row["bond"][0] for row in plan["bonds"]) == pytest.approx(26, abs=1e-6)
    for arguments in (["--hostages"], ["--bond", "us=0.7", "--bond", "russia=0.3"]):
        assert not asked("grand_swap", *arguments)["plan"]["provided"]
    assert asked("grand_swap", "--bond", "us=26.1", "--bond", "russia=0.3")["plan"]["provided"]
    done = CliRunner().invoke(app, ["commitment", "cuba-1962-jupiters", "secret_swap", "--json"])
    [cuba] = json.loads(done.stdout)["deals"]
    assert cuba["plan"]["bond"] == pytest.approx([11, 20], abs=1e-6)


def test_none_is_kept_names_the_order_and_points_to_another() -> None:
    plan = asked(
        "minsk_for_transition", "--bond", "us=0.5", "--bond", "russia=0.23", "--first", "russia", "--tranches", "5"
    )["plan"]
    assert not plan["provided"]
    assert [(proof["first"], proof["holds"]) for proof in plan["proofs"]] == [("russia", True)]
    assert plan["elsewhere"] == ["us"]


def test_steps_written_out_are_a_crisis_that_checks(tmp_path: Path) -> None:
    path = tmp_path / "steps.yaml"
    arguments = ["minsk_for_transition", "--variant", "minsk_guaranteed", "--tranches", "5", "--write", str(path)]
    done = CliRunner().invoke(app, ["commitment", CASE, *arguments])
    assert done.exit_code == 0, done.output
    assert "with the bond" in done.output or "bond of 4 for United States" in " ".join(done.output.split())
    checked = CliRunner().invoke(app, ["check", str(path)])
    assert checked.exit_code == 0, checked.output
    stability = Study.open(str(path)).run("stability")
    place = dict(stability.named)["done"]  # type: ignore[attr-defined]
    assert stability.equilibrium[:, place].all()  # type: ignore[attr-defined]


def test_what_would_have_held_the_plan_of_30_april(deals: dict[str, dict[str, Any]]) -> None:
    held = deals["officers_30_april"]["holding"]
    assert {item["actor"]: item["compensation"] for item in held["parties"]} == {
        "officers": 7, "opposition": 0, "maduro": 20,
    }  # fmt: skip
    assert {item["bond"] for item in held["parties"]} == {0}  # the offer is final by then
    assert held["equilibrium"]
    assert (held["kept"], held["orders"]) == (5, 6)
    done = CliRunner().invoke(app, ["commitment", CASE, "officers_30_april"])
    said = " ".join(done.stdout.split())
    assert "Senior officers and judges would not back the transitional government" in said
    assert "which costs it 35" in said
    assert "stays below 11/18 (61.1 %)" in said


def test_a_bond_above_the_gain_holds_the_grand_swap(tmp_path: Path) -> None:
    """The remedy is a change to the same crisis: written out, every other analysis runs on it."""
    deal = asked("grand_swap")
    assert all(deal["remedy"]["stable"].values())
    path = tmp_path / "held.yaml"
    done = CliRunner().invoke(app, ["commitment", CASE, "grand_swap", "--write", str(path), "--json"])
    assert done.exit_code == 0, done.output
    stability = Study.open(str(path)).run("stability")
    place = dict(stability.named)["grand_swap"]  # type: ignore[attr-defined]
    assert stability.equilibrium[:, place].all()  # type: ignore[attr-defined]
    before = Study.open(CASE).run("stability")
    assert not before.equilibrium[:, place].any()  # type: ignore[attr-defined]


# ---- the case library ----------------------------------------------------------------------------------------------


def library(name: str, deal: dict[str, Any], **change: Any) -> CommitmentResult:
    data = copy.deepcopy(LIBRARY[name]["crisis"])
    data["deals"] = {"package": {**deal, "why": "the deal of the case"}}
    variant = change.get("variant", "")
    study = Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False), name), variant=variant)
    result = study.run("commitment")
    assert isinstance(result, CommitmentResult)
    return result


MINSK = {"parties": ["ukraine", "russia", "west"], "terms": ["status", "border", "lift"]}
EXIT = {"parties": ["jammeh", "ecowas"], "terms": ["leave", "guarantee"]}


def test_minsk_2_is_good_for_all_and_kept_by_none() -> None:
    [item] = library("minsk2_2015", MINSK).deals
    about = item.diagnosis
    assert about.no_deal.tolist() == [0, 0, -5]
    assert about.payoffs[:, -1].tolist() == [5, 15, 10]
    assert () in about.simultaneous
    assert about.parties not in about.simultaneous
    assert about.stable.all(axis=1).tolist() == [False, True, True, True]
    assert about.breach.tolist() == [35, 35, 5]


def test_minsk_2_with_the_border_final() -> None:
    """Locking one leg undoes sequential stability; penalties of 40 and 10 for who keeps back give it back."""
    result = library("minsk2_2015", MINSK, variant="border_final")
    [item] = result.deals
    about = item.diagnosis
    assert not about.stable[3].all()
    assert [name for i, name in enumerate(result.actors) if not about.stable[3, i]] == ["ukraine", "west"]
    assert item.held.tolist() == [35, 0, 5]
    assert item.held[0] <= 40
    assert item.held[2] <= 10
    assert item.remedied.stable.all()
    assert 0 in item.remedied.simultaneous  # the stall stays an equilibrium


def test_gambia_the_guarantee_rests_on_reputation() -> None:
    [held] = library("gambia_2017", EXIT).deals
    assert held.diagnosis.stable[0].all()
    result = library("gambia_2017", EXIT, variant="no_reputation")
    [loose] = result.deals
    assert not loose.diagnosis.stable[0].all()
    assert not loose.diagnosis.stable[3].all()
    assert {item.actor for item in loose.diagnosis.breaks} == {"ecowas"}
    assert loose.diagnosis.breach.tolist() == [0, 3]
    assert loose.remedied.stable.all()


def test_gambia_as_bundled_answers() -> None:
    """Exile for a guarantee: kept by reputation alone; without it ECOWAS would drop the guarantee once he has gone."""
    for variant, breach, stable in (("", 0, True), ("no_reputation", 3, False)):
        arguments = ["commitment", "gambia-2017", "exile_for_guarantee", "--json"]
        done = CliRunner().invoke(app, [*arguments, *(["--variant", variant] if variant else [])])
        assert done.exit_code == 0, done.output
        [deal] = json.loads(done.stdout)["deals"]
        assert by_actor(deal, "breach") == {"jammeh": 0, "ecowas": breach}
        assert (deal["executed"]["unstable_for"]["nash"] == []) is stable
        assert all(deal["remedy"]["stable"].values())
