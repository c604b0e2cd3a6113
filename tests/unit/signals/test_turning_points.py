"""Threshold beliefs, leverage, red lines and waiting, against the definitions read one state at a time."""

from __future__ import annotations

import copy
import random
from itertools import product

import pytest
import yaml

from backchannel.analyses.signals.beliefs import tracks
from backchannel.analyses.signals.leverage import leverages, price_steps
from backchannel.analyses.signals.optimism import optimism
from backchannel.analyses.signals.red_lines import not_carried_out, red_lines
from backchannel.analyses.signals.separation import separating_draws, separations
from backchannel.analyses.signals.thresholds import event_cells, holding_draws, thresholds
from backchannel.model.compile import compile_model
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.spec.cases import open_crisis
from backchannel.spec.evaluate import find_state, holds, is_feasible, read_setting, today, utility
from backchannel.spec.read import CrisisFile, read_crisis_text

CASE = open_crisis("venezuela-2019")


def redrawn(seed: int) -> CrisisFile:
    """The founding case with worths of the right sign and otherwise at random, without stated orderings."""
    rng = random.Random(seed)
    data = copy.deepcopy(CASE.data)
    del data["orderings"]
    for terms in data["preferences"].values():
        for term in terms:
            sign = -1 if str(term["worth"]).startswith("-") else 1
            term["worth"] = str(sign * rng.randint(1, 90))
    for belief in data["beliefs"]:
        belief["p"] = f"0.{rng.randint(1, 9)}"
    data["no_deal"][0]["chance"] = {"default": f"0.{rng.randint(1, 9)}", "russia": f"0.{rng.randint(1, 9)}"}
    return read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis")


FILES = [CASE, *(redrawn(seed) for seed in range(8))]
MODELS = [compile_model(file.crisis) for file in FILES]
PAIRS = list(zip(FILES, MODELS, strict=True))


def value(file: CrisisFile, actor: str, levels: tuple[int, ...]) -> float:
    found = utility(file.crisis, actor, levels)
    assert found is not None
    return found


def deal_levels(file: CrisisFile, name: str) -> tuple[int, ...]:
    deal = file.crisis.deals[name]
    levels = dict(zip(file.crisis.options, today(file.crisis), strict=True))
    levels |= dict(read_setting(file.crisis, text) for text in (*deal.terms, *deal.expects))
    return tuple(levels.values())


@pytest.mark.parametrize(("file", "model"), PAIRS)
def test_threshold_beliefs(file: CrisisFile, model: Model) -> None:
    """On a grid of beliefs the better of holding out and the course is what the threshold says."""
    crisis = file.crisis
    names = list(crisis.options)
    for item in thresholds(model, tracks(crisis)):
        event = dict(zip(names, today(crisis), strict=True)) | {item.that: 1}
        author = crisis.options[item.that].by
        levels = (
            deal_levels(file, item.courses[0])
            if item.courses[0] in crisis.deals
            else find_state(crisis, item.courses[0])
        )
        with_event = tuple((dict(zip(names, levels, strict=True)) | {item.that: 1}).values())
        prefers = value(file, author, levels) > value(file, author, today(crisis))
        stays = prefers or not is_feasible(crisis, with_event)
        course, course_if = value(file, item.holder, levels), value(file, item.holder, levels if stays else with_event)
        hold, hold_if = value(file, item.holder, today(crisis)), value(file, item.holder, tuple(event.values()))
        assert (item.hold, item.hold_if, item.course, item.course_if) == (hold, hold_if, course, course_if)
        for p in (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0):
            gain = (1 - p) * (course - hold) + p * (course_if - hold_if)
            if item.flips_at is None or abs(p - item.flips_at) < 1e-9 or gain == 0:
                continue
            rises = course_if - hold_if > course - hold
            assert (gain > 0) == ((p > item.flips_at) == rises)


@pytest.mark.parametrize(("file", "model"), PAIRS)
def test_leverage(file: CrisisFile, model: Model) -> None:
    """Turn the dial in the file, then take the demand less the best of what Washington can do alone."""
    for item in leverages(model):
        for position, price in zip(item.positions, item.prices, strict=True):
            turned = file.dialled(item.dial, position)
            best = max(value(turned, "us", levels) for levels in _own_moves(turned, "us"))
            demand = find_state(turned.crisis, item.demand)
            assert price == pytest.approx(value(turned, "us", demand) - best)
            for one in item.accepts:
                margin = value(turned, "us", deal_levels(turned, one.deal)) - best
                if abs(margin) > 1e-9:
                    assert (margin > 0) == (one.ever and one.low <= position <= one.high)
                for end in (one.low, one.high) if one.ever else ():
                    if 0 < end < 1:
                        there = file.dialled(item.dial, end)
                        best_there = max(value(there, "us", levels) for levels in _own_moves(there, "us"))
                        assert value(there, "us", deal_levels(there, one.deal)) == pytest.approx(best_there, abs=1e-6)


def _own_moves(file: CrisisFile, actor: str) -> list[tuple[int, ...]]:
    own = [name for name, option in file.crisis.options.items() if option.by == actor]
    now = dict(zip(file.crisis.options, today(file.crisis), strict=True))
    found = [tuple((now | dict(zip(own, levels, strict=True))).values()) for levels in product((0, 1), repeat=len(own))]
    return [levels for levels in found if is_feasible(file.crisis, levels)]


def test_what_a_signal_does_to_the_estimated_price() -> None:
    model = MODELS[0]
    [step] = price_steps(leverages(model), tracks(CASE.crisis))
    assert step.before == pytest.approx(0.55 * 81 + 0.45 * 37.8)
    assert step.after > step.before


@pytest.mark.parametrize(("file", "model"), PAIRS)
def test_red_lines(file: CrisisFile, model: Model) -> None:
    """Write other costs into the file on both sides of each limit and compare the courses anew."""
    [line] = red_lines(model)
    about = file.crisis.red_lines["maduro_goes"]

    def at(path: str, cost: float) -> dict[str, float]:
        made = file.patched({path: f"{-cost:.9f}"})
        courses = dict(zip(("waits", "backs_down", "carries_out"), line.states, strict=True))
        found = {name: value(made, "us", find_state(made.crisis, state)) for name, state in courses.items()}
        return found | {name: value(made, "us", deal_levels(made, name)) for name in made.crisis.deals}

    for cost in (0.5, 20, 45.5, 90, 300):
        found = at(about.cost, cost)
        credible = line.credible_at >= 0 and cost > line.credible_at
        assert (found["carries_out"] > found["backs_down"]) == credible
    for rival in line.overtakes:
        for cost in (0.5, 20, 45.5, 90, 300):
            found = at(about.clock or "", cost)
            assert (found[rival.course] > found["waits"]) == (0 <= rival.from_cost < cost)
        ever = [at(about.clock or "", float(cost)) for cost in (0, 0.5, 5, 20, 45.5, 90, 150, 300, 1000)]
        mine = ("waits", "backs_down", "carries_out", rival.course)
        if any(found[rival.course] > max(found[name] for name in mine if name != rival.course) for found in ever):
            assert rival.ever_best


@pytest.mark.parametrize(("file", "model"), PAIRS)
def test_sign_or_wait(file: CrisisFile, model: Model) -> None:
    crisis = file.crisis
    chance = crisis.no_deal[0].chance
    own = chance.__pydantic_extra__ or {}
    to = find_state(crisis, crisis.no_deal[0].to)
    for item in optimism(model):
        signs = []
        for party in item.parties:
            view = (own.get(party.party) or chance.default).centre  # type: ignore[union-attr]
            assert party.view == view

            def gain(h: float, who: str = party.party, deal: str = item.deal) -> float:
                waiting = (1 - h) * value(file, who, today(crisis)) + h * value(file, who, to)
                return value(file, who, deal_levels(file, deal)) - waiting

            assert party.signs == (gain(view) >= -1e-12)
            signs.append(party.signs)
            for h in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
                if abs(gain(h)) > 1e-9:
                    assert (gain(h) > 0) == (party.low >= 0 and party.low <= h <= party.high)
        assert (item.verdict == "open") == all(signs)


def test_mutual_optimism_is_told_from_a_deal_nobody_would_sign() -> None:
    """T24: both at 0.3 a zone, Washington at 0.75 and Moscow at 0.1 none, though a shared view would open it."""
    data = copy.deepcopy(CASE.data)
    data["no_deal"][0]["chance"] = {"default": "0.3", "us": "0.75", "russia": "0.1"}
    apart = compile_model(read_crisis_text(yaml.safe_dump(data, sort_keys=False)).crisis)
    verdict = {item.deal: item.verdict for item in optimism(apart)}
    assert verdict["minsk_for_transition"] == "closed by disagreement"
    assert verdict["aid_for_support"] == "closed by disagreement"
    together = {item.deal: item.verdict for item in optimism(MODELS[0])}
    assert together["minsk_for_transition"] == together["aid_for_support"] == "open"
    assert together["grand_swap"] == "closed at these views"


def test_the_event_of_a_defined_name_is_every_nearest_way_it_can_come() -> None:
    model = MODELS[0]
    found = {model.space.literal(cell) for cell in event_cells(model, "transition")}
    names = list(CASE.crisis.options)
    expected = set()
    for name in names:
        levels = tuple((dict(zip(names, today(CASE.crisis), strict=True)) | {name: 1}).values())
        if is_feasible(CASE.crisis, levels) and holds(CASE.crisis.defines["transition"], levels, CASE.crisis):
            expected.add(model.space.literal(model.space.cell(levels)))
    assert found == expected
    assert len(found) == 3
    assert event_cells(model, "offer") == (), "it holds today"


@pytest.mark.parametrize(
    ("true", "gain", "false", "verdict"),
    [
        ("3", "8", "12", "separates"),
        ("3", "15", "12", "both send it"),
        ("9", "8", "12", "neither sends it"),
        ("9", "8", "3", "only the bluffer sends it"),
        ("8", "8", "12", "neither sends it"),
    ],
)
def test_separation(true: str, gain: str, false: str, verdict: str) -> None:
    file = CASE.patched(
        {
            "signals.two_planes.cost.if_true": true,
            "signals.two_planes.cost.if_false": false,
            "signals.two_planes.gain": gain,
        }
    )
    [planes] = [item for item in separations(file.crisis) if item.signal == "two_planes"]
    assert planes.verdict == verdict
    assert planes.bluff_called == pytest.approx(float(gain) / (float(gain) + float(false)))


def test_shares_of_draws_count_what_the_draws_do() -> None:
    model = MODELS[0]
    values = draw_matrix(model.inputs, 64, 3)
    at = {item.path: k for k, item in enumerate(model.inputs)}
    found = tracks(CASE.crisis)
    [track] = [track for track in found if (track.holder, track.that) == ("russia", "intervene")]
    [item] = [item for item in thresholds(model, found) if item.courses == ("aid_for_support",)]
    holding, kept = holding_draws(model, track, item, values), not_carried_out(model, "maduro_goes", values)
    worth = {
        f"{who}.{key}": at[f"preferences.{who}.{key}.worth"] for who, key in
        (("russia", "stake"), ("russia", "imposed"), ("russia", "by_force"), ("russia", "coauthor"),
         ("russia", "unarmed"), ("us", "win"), ("us", "war"), ("us", "face"))
    }  # fmt: skip
    for row, holds_out, backs in zip(values, holding, kept, strict=True):
        w = {name: float(row[column]) for name, column in worth.items()}
        p = float(row[at["beliefs.russia:intervene.p"]])
        hold = (1 - p) * w["russia.stake"] + p * (w["russia.imposed"] + w["russia.by_force"])
        assert holds_out == (hold >= w["russia.coauthor"] + w["russia.unarmed"])
        assert backs == (w["us.face"] > w["us.win"] + w["us.war"])
    assert 0 < holding.mean() < 1
    assert separating_draws(model, "two_planes", values).all()
    assert not separating_draws(model, "reassurance", values).any()
