"""The founding case against tests/data/expected_venezuela.yaml: what the deals family owes of T1 to T30."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from backchannel.analyses.deals.deals import DealsResult
from backchannel.analyses.deals.linkage import LinkageResult
from backchannel.analyses.deals.price import PriceResult
from backchannel.faces.cli.app import app
from backchannel.study.study import Study

TESTS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent.parent / "data" / "expected_venezuela.yaml").read_text(encoding="utf-8")
)["tests"]
CASE = "venezuela-2019"
NAMED = ("grand_swap", "minsk_for_transition", "aid_for_support")
DRAWS = 4096


def ask(*words: str) -> dict[str, Any]:
    """Run the command line on the bundled file and read its JSON."""
    done = CliRunner().invoke(app, ["deals", CASE, *words, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def terms(levels: dict[str, int]) -> list[str]:
    return [name for name, level in levels.items() if level]


def listed(document: dict[str, Any], base: dict[str, float]) -> list[dict[str, Any]]:
    """The packages of the zone as expected_venezuela.yaml writes them: terms at yes, utilities at worst."""
    return [
        {
            "terms": terms(item["levels"]),
            **{party: round(base[party] + gain, 9) for party, gain in item["gains"].items()},
        }
        for item in document["list"]
    ]


def same_packages(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> None:
    def key(item: dict[str, Any]) -> tuple[tuple[str, ...], float, float]:
        return tuple(sorted(item["terms"])), float(item["us"]), float(item["russia"])

    assert sorted(map(key, found)) == sorted(map(key, wanted))


def close(share: float, wanted: dict[str, Any], draws: int = DRAWS) -> bool:
    """Within three standard errors of the difference of two shares."""
    value = wanted["value"]
    spread = max(value * (1 - value), 1 / wanted["n"])
    return abs(share - value) <= 3 * sqrt(spread * (1 / draws + 1 / wanted["n"]))


def test_t3_no_sale_without_ukraine() -> None:
    wanted = TESTS["T3"]["exact"]
    found = ask("--issues", "venezuela", "--where", "withdraw", "--no-deal", "today")
    assert found["zone"] == wanted["improving_packages"] == 0
    assert found["no_deal"]["value"] == wanted["no_deal"]
    drawn = ask("--issues", "venezuela", "--where", "withdraw", "--no-deal", "today", "--draws", str(DRAWS))
    assert close(1 - drawn["draws"]["some_package"], TESTS["T3"]["share"]["no_package"])
    assert drawn["draws"]["some_package"] == 0


def test_t3b_best_price_outside_ukraine() -> None:
    wanted = TESTS["T3b"]["exact"]
    found = ask("--issues", "venezuela", "--where", "withdraw", "--no-deal", "today", "--full")
    best = max(found["list"], key=lambda item: item["gains"]["russia"])
    assert terms(best["levels"]) == wanted["best_package"]
    assert best["gains"]["russia"] + 15 == wanted["russia"] == 0
    assert found["no_deal"]["value"]["russia"] == wanted["russia_today"]


def test_what_an_omitted_concession_would_need() -> None:
    """Correction 4 of the founding study: over 15 to Moscow at under 79 to Washington."""
    found = ask("--issues", "venezuela", "--no-deal", "today")
    assert terms(found["nearest"]["levels"]) == ["assets", "withdraw", "engineer"]
    assert found["nearest"]["short"] == {"us": 0, "russia": 15}
    assert found["nearest"]["slack"] == {"us": 79, "russia": 0}
    said = {item["id"]: item["text"] for item in found["findings"]}
    assert "worth over 15 to Russia and cost under 79 to United States" in said["deals.nearest"]


def test_t4_packages_front_and_nash() -> None:
    wanted = TESTS["T4"]["exact"]
    found = ask("--no-deal", "today")
    assert found["zone"] == wanted["improving_packages"] == 7
    same_packages(listed(found, {"us": -18, "russia": 15}), wanted["packages"])
    assert all({"press_kiev", "stop_aid"} & set(terms(item["levels"])) for item in found["list"])
    front = [terms(levels) for levels in found["solutions"]["front"]]
    assert sorted(map(sorted, front)) == sorted(map(sorted, wanted["pareto_front"]))
    nash = [item for item in found["list"] if item["levels"] == found["solutions"]["nash"][0]]
    assert terms(nash[0]["levels"]) == wanted["nash_product"]["terms"]
    assert nash[0]["gains"] == wanted["nash_product"]["gains"]
    assert np.prod(list(nash[0]["gains"].values())) == wanted["nash_product"]["product"]


def test_t4_what_holds_once_executed() -> None:
    wanted = TESTS["T4"]["exact"]["nash_product_that_holds"]
    holding = [item for item in ask("--no-deal", "today")["list"] if item["holds"]]
    assert [terms(item["levels"]) for item in holding] == [wanted["terms"]]
    assert holding[0]["gains"] == wanted["gains"]


def test_t4_share_of_draws() -> None:
    drawn = ask("--where", "withdraw", "--no-deal", "today", "--draws", str(DRAWS))
    assert close(drawn["draws"]["some_package"], TESTS["T4"]["share"]["some_package"])


def test_t4b_surplus_by_deal_and_who_pays() -> None:
    wanted = TESTS["T4b"]["exact"]
    names = tuple(wanted["surplus"])
    words = [word for name in names for word in ("--package", name)]
    found = {item["name"]: item for item in ask("--no-deal", "today", *words)["deals"]}
    assert {name: found[name]["gains"] for name in names} == wanted["surplus"]
    assert found["grand_swap"]["outsiders"]["ukraine"] == wanted["ukraine_in_grand_swap"]
    rates = {item["deal"]: item for item in ask("--linkage", "--no-deal", "today")["exchange"]}
    assert rates["grand_swap"]["costs"] == [wanted["concession"]["us"], wanted["concession"]["russia"]]


@pytest.mark.parametrize(("hazard", "when"), [(("--hazard", "0"), "now"), ((), "later")])
def test_t5_who_accepts(hazard: tuple[str, ...], when: str) -> None:
    wanted = TESTS["T5"]["share"]
    found = ask(*hazard, "--draws", str(DRAWS))
    deals = {item["name"]: item for item in found["deals"]}
    swap = deals["grand_swap"]["share_accepts"]
    assert close(swap["us"], wanted[f"us_accepts_grand_swap_{when}"])
    assert swap["russia"] == wanted[f"russia_accepts_grand_swap_{when}"]["value"] == 1
    for name in NAMED[1:]:
        assert close(deals[name]["share_acceptable"], wanted[f"{name}_{when}"])
    assert close(found["draws"]["some_deal"], wanted[f"any_named_deal_{when}"])


def test_t7_wasting_asset() -> None:
    wanted = TESTS["T7"]["exact"]["hazard_threshold"]
    words = [word for name in wanted for word in ("--package", name)]
    found = {item["package"]: item["indifferent_at"]["russia"] for item in ask("--price", *words)["clock"]}
    assert found == pytest.approx(wanted)


def test_t7b_packages_by_hazard() -> None:
    wanted = TESTS["T7b"]["exact"]
    at = ("--where", "withdraw", "--hazard", "0.3")
    found = ask(*at)
    assert found["no_deal"]["value"] == pytest.approx(wanted["no_deal_at_0.3"])
    assert found["zone"] == wanted["improving_packages_at_0.3"]["with_linkage"]
    same_packages(listed(found, wanted["no_deal_at_0.3"]), wanted["packages_at_0.3"])
    assert ask(*at, "--issues", "venezuela")["zone"] == wanted["improving_packages_at_0.3"]["without_linkage"] == 0
    half = ("--where", "withdraw", "--hazard", "0.5")
    assert ask(*half)["zone"] == wanted["improving_packages_at_0.5"]["with_linkage"]
    assert ask(*half, "--issues", "venezuela")["zone"] == wanted["improving_packages_at_0.5"]["without_linkage"]


def test_t7b_zone_of_each_deal_by_hazard() -> None:
    names = (*NAMED, "sold_for_assets")
    words = [word for name in names for word in ("--package", name)]
    clock = {item["package"]: item["all_accept_between"] for item in ask("--price", *words)["clock"]}
    for row in TESTS["T7b"]["exact"]["zone"]:
        hazard = row["hazard"]
        opened = [
            name
            for name, span in clock.items()
            if span and (span[0] < hazard or hazard == span[0] == 0) and hazard < span[1]
        ]
        assert opened == row["open"], hazard


def test_t9b_chance_of_fall_at_which_washington_waits() -> None:
    wanted = TESTS["T9b"]["exact"]["chance_of_fall_at_which_washington_waits"]
    found = {item["package"]: item["indifferent_at"]["us"] for item in ask("--price")["clock"]}
    assert found == pytest.approx(wanted)


def test_t18_kyiv_can_refuse() -> None:
    wanted = TESTS["T18"]["exact"]
    found = ask("--variant", "kiev_defiant", "--no-deal", "today")
    assert found["zone"] == wanted["improving_packages_when_defiant"]
    same_packages(listed(found, {"us": -18, "russia": 15}), wanted["packages_when_defiant"])
    deals = {item["name"]: item for item in found["deals"]}
    assert deals["minsk_for_transition"]["unmet"] == deals["grand_swap"]["unmet"] == ["kv_minsk"]
    pliable = {item["name"]: item for item in ask("--no-deal", "today")["deals"]}
    assert not any(item["unmet"] for item in pliable.values())
    needs = {
        item["package"]: item["needs"]["russia"]
        for item in ask("--price", "--no-deal", "today")["deliveries"]
        if item["what"] == "kv_minsk"
    }
    assert needs == pytest.approx(wanted["compliance_that_russia_needs"])


def test_t18_packages_that_deliver_minsk() -> None:
    wanted = TESTS["T18"]["exact"]["packages_that_deliver_minsk"]
    for variant, key in (("", "pliable"), ("kiev_defiant", "defiant")):
        result = Study.open(CASE, variant=variant).run("deals", no_deal="today")
        assert isinstance(result, DealsResult)
        ukraine = result.outsider_gains[result.solutions.zone, result.outsiders.index("ukraine")]
        # Kyiv loses 50 or more by Minsk-2; by refusing under pressure, or by losing arms, 40 or less.
        assert int((ukraine <= -50).sum()) == wanted[key]


def test_t19_two_frames() -> None:
    wanted = TESTS["T19"]["exact"]["packages"]
    found = ask("--no-deal", "today")
    assert {item["actor"]: item["zone"] for item in found["frames"]} == {"us": wanted["us"]}
    assert found["zone"] == wanted["russia"]  # Moscow sees the file's own game


def test_t21_lost_lanes_widen_the_range() -> None:
    wanted = TESTS["T21"]["exact"]["us_surplus"]
    gains = [
        next(item["gains"]["us"] for item in ask("--no-deal", "today", *more)["deals"] if item["name"] == "grand_swap")
        for more in ((), ("--hostages",))
    ]
    assert gains == wanted


def test_t22_another_deal_is_picked_among_the_named() -> None:
    wanted = TESTS["T22"]["exact"]
    said = {item["id"]: item["text"] for item in ask("--no-deal", "today")["findings"]}
    assert f"Nash's product picks {wanted['picked_among_named_deals']} " in said["deals.named_nash"]
    assert wanted["ask"] not in said["deals.named_nash"]


def test_t24_mutual_optimism_kills_the_deal() -> None:
    wanted = TESTS["T24"]["exact"]
    names = (*NAMED, "sold_for_assets", "sold_for_nothing")
    words = [word for name in names for word in ("--package", name)]
    for row in wanted["zone"]:
        found = ask(*words, "--hazard", f"us={row['us']}", "--hazard", f"russia={row['russia']}")
        assert [item["name"] for item in found["deals"] if item["acceptable"]] == row["open"]


def test_t25_demand_without_offer() -> None:
    wanted = TESTS["T25"]["exact"]
    clock = ask("--price", "--package", "sold_for_nothing")["clock"][0]
    assert clock["indifferent_at"]["russia"] == pytest.approx(wanted["hazard_threshold"])
    assert clock["indifferent_at"]["russia"] > 0.5


def test_redrawn_magnitudes_leave_the_conclusion_to_the_currencies() -> None:
    """With magnitudes redrawn a sale without Ukraine does appear in some files, and the linked deal in most."""
    words = ("--where", "withdraw", "--no-deal", "today", "--draws", "1024")
    linked = ask(*words)["draws"]["magnitudes_redrawn"]
    alone = ask(*words, "--issues", "venezuela")["draws"]["magnitudes_redrawn"]
    assert 0.05 < alone["some_package"] < 0.3
    assert 0.65 < linked["some_package"] < 0.9
    assert linked["files"] == 1000 < linked["tried"]


def test_linkage_opens_the_zone() -> None:
    result = Study.open(CASE).run("linkage", no_deal="today")
    assert isinstance(result, LinkageResult)
    zones = {item.issues: item.zone for item in result.sets}
    assert zones == {("venezuela",): 0, ("ukraine",): 0, ("venezuela", "ukraine"): 7}
    assert result.opens == ("venezuela", "ukraine")
    assert result.ballast == ()
    rate = {item.deal: item for item in result.exchange}["grand_swap"]
    assert rate.costs == (80, 25)
    assert rate.gains == (81, 66)
    assert rate.terms is not None
    assert rate.terms.ratio_of_ratios == pytest.approx((81 / 80) / (25 / 66))
    assert rate.aversion == pytest.approx(sqrt((81 / 80) / (25 / 66)))


def test_reservation_prices_are_derived() -> None:
    """What Moscow must be paid for the sale and what Washington would pay: with the state less without it."""
    result = Study.open(CASE).run("price", no_deal="today")
    assert isinstance(result, PriceResult)
    prices = {(item.giver, item.label): (item.price, dict(item.worth)) for item in result.concessions}
    price, worth = prices["russia", "withdraw, engineer"]
    assert (price, worth["us"]) == (25, 81)
    price, worth = prices["us", "press_kiev"]
    assert (price, worth["russia"], worth["ukraine"]) == (54, 46, -50)


def test_cuba_1962_needs_the_jupiters() -> None:
    done = CliRunner().invoke(app, ["deals", "cuba-1962-jupiters", "--where", "withdraw", "--json"])
    found = json.loads(done.stdout)
    assert found["zone"] == 5
    assert all({"jupiters_secretly", "jupiters_publicly"} & set(terms(item["levels"])) for item in found["list"])
    done = CliRunner().invoke(app, ["deals", "cuba-1962-jupiters", "--where", "withdraw", "--issues", "cuba", "--json"])
    assert json.loads(done.stdout)["zone"] == 0
