"""The factored route against the listed one: same packages, same worst responses, same front."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.contract import Context, Uncompiled
from backchannel.analyses.deals import frontier
from backchannel.analyses.deals.bargain import Terms, bargain
from backchannel.analyses.deals.zone import solve_zone
from backchannel.errors import CrisisFileError, NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.results.provenance import Provenance
from backchannel.spec.cases import open_crisis
from backchannel.spec.crisis import Crisis
from backchannel.spec.read import read_crisis_text

CONTEXT = Context(Provenance("test", "test", "", "0"))


def front_of(crisis: Crisis, **terms: Any) -> dict[tuple[int, ...], tuple[float, ...]]:
    found = frontier.run(Uncompiled(crisis), CONTEXT, frontier.Params(**terms))
    solved = found.solution
    strict = (solved.front_gains > 1e-9).all(axis=1)
    return {
        tuple(row): tuple(gains)
        for row, gains in zip(
            solved.front_levels[strict].tolist(), np.round(solved.front_gains[strict], 6).tolist(), strict=True
        )
    }


def listed_front(crisis: Crisis, **terms: Any) -> dict[tuple[int, ...], tuple[float, ...]]:
    found = bargain(compile_model(crisis), Terms(**terms))
    front = solve_zone(found.valued).front
    return {
        tuple(found.packages.levels[row].tolist()): tuple(np.round(found.valued.worst[row], 6).tolist())
        for row in front.tolist()
    }


def random_worths(seed: int) -> Crisis:
    """Two parties and two others, worths over pairs of options, sometimes a rule, a lock, a clock, three levels."""
    rng = np.random.default_rng(seed)
    owner = {"n1": "north", "n2": "north", "s1": "south", "s2": "south", "e1": "east", "e2": "east", "w1": "west"}
    options: dict[str, dict[str, Any]] = {name: {"by": by} for name, by in owner.items()}
    if rng.random() < 0.4:
        options["n1"]["levels"] = ["low", "mid", "high"]
    if rng.random() < 0.5:
        options["e1"]["final"] = "n2" if rng.random() < 0.5 else "yes"
    preferences = {
        actor: [
            {"when": " and ".join(_literal(rng, name) for name in rng.choice([*owner], 2, replace=False)),
             "worth": int(rng.integers(-9, 10)), "why": "t"}
            for _ in range(6)
        ]
        for actor in ("north", "south", "east", "west")
    }  # fmt: skip
    data: dict[str, Any] = {
        "crisis": 1, "title": "t", "actors": {name: {} for name in preferences}, "options": options,
        "preferences": preferences, "states": {"later": ["e1", "w1"]},
    }  # fmt: skip
    if rng.random() < 0.5:
        data["impossible"] = [{"that": " and ".join(rng.choice([*owner], 2, replace=False).tolist()), "why": "t"}]
    if rng.random() < 0.6 and data.get("impossible", [{"that": ""}])[0]["that"] != "e1 and w1":
        data["no_deal"] = [{"to": "later", "chance": 0.25, "why": "t"}]
    return read_crisis_text(yaml.safe_dump(data, sort_keys=False)).crisis


def _literal(rng: np.random.Generator, name: str) -> str:
    return name if rng.random() < 0.7 else f"not {name}"


def test_agrees_with_the_listed_route_on_random_crises() -> None:
    compared = fronts = responding = 0
    parties = ("north", "south")
    for seed in range(120):
        try:
            crisis = random_worths(seed)
        except CrisisFileError:
            continue  # the later state is impossible
        if frontier.run(Uncompiled(crisis), CONTEXT, frontier.Params(parties=parties)).restless:
            continue  # there the package that changes nothing counts as one
        found = bargain(compile_model(crisis), Terms(parties=parties))
        wanted = listed_front(crisis, parties=parties)
        for route in ("enumeration", "elimination"):
            assert front_of(crisis, parties=parties, route=route) == wanted, (seed, route)
        compared += 1
        fronts += len(wanted)
        ends = found.packages.ends
        responding += bool((ends.cells != np.repeat(found.packages.cells, ends.counts)).any())
    assert compared > 20
    assert fronts > 20
    assert responding > 10


@pytest.mark.parametrize("terms", [{}, {"no_deal": "today"}, {"hazard": (("us", "0.75"), ("russia", "0.1"))}])
@pytest.mark.parametrize("variant", ["", "kiev_defiant"])
def test_agrees_on_the_founding_case(variant: str, terms: dict[str, Any]) -> None:
    file = open_crisis("venezuela-2019")
    crisis = (file.variant(variant) if variant else file).crisis
    for route in ("enumeration", "elimination"):
        assert front_of(crisis, route=route, **terms) == listed_front(crisis, **terms)


def test_where_and_issues() -> None:
    crisis = open_crisis("venezuela-2019").crisis
    terms: dict[str, Any] = {"where": "withdraw and not assets", "no_deal": "today"}
    assert front_of(crisis, **terms) == listed_front(crisis, **terms)
    assert front_of(crisis, issues=("venezuela",), no_deal="today") == {}


def test_groups_respond_on_their_own() -> None:
    found = frontier.run(Uncompiled(open_crisis("venezuela-2019").crisis), CONTEXT)
    assert [own for own, _ in found.groups] == [("leave", "defect", "offer"), ("kv_minsk",)]
    assert dict(found.groups)[("kv_minsk",)] == ("press_kiev",)
    said = frontier.document(found)
    assert said["route"] == "enumeration"
    assert said["zone"] == 7
    assert all(("leave", 1) in response.surely for response in found.responses)


def large(options: int, theatres: int = 20) -> str:
    """Two parties with many options in pairs, each pair a small swap, and a third party that answers one of them."""
    rng = np.random.default_rng(0)
    lines = ["crisis: 1", "title: large", "actors: {north: {}, south: {}, east: {}}", "options:"]
    lines += [f"  n{k}: {{by: north}}\n  s{k}: {{by: south}}" for k in range(options)]
    lines += ["  follow: {by: east}", "preferences:"]
    for name, own, other in (("north", "n", "s"), ("south", "s", "n")):
        lines.append(f"  {name}:")
        for k in range(options):
            lines.append(f"    - {{when: {own}{k}, worth: {-int(rng.integers(1, 9))}, why: t}}")
            lines.append(f"    - {{when: {other}{k}, worth: {int(rng.integers(1, 9))}, why: t}}")
        lines += [f"    - {{when: {own}{k} and {own}{k + 1}, worth: 2, why: t}}" for k in range(0, theatres, 3)]
        lines.append("    - {when: follow, worth: 5, why: t}")
    lines.append("  east: [{when: follow and n0 and s0, worth: 3, why: t}, {when: follow, worth: -1, why: t}]")
    lines.append("deals: {swap: {parties: [north, south], terms: [n0, s0], why: t}}")
    return "\n".join(lines)


def test_a_crisis_whose_states_nobody_could_write_out() -> None:
    crisis = read_crisis_text(large(30)).crisis
    found = frontier.run(Uncompiled(crisis), CONTEXT)
    assert found.solution.size == 2**60
    assert found.solution.route == "elimination"
    assert len(found.solution.front_gains) > 20
    gains = found.solution.front_gains
    for k in range(0, len(gains), 7):
        assert not ((gains >= gains[k]).all(axis=1) & (gains > gains[k]).any(axis=1)).any()


def test_large_agrees_where_both_can_answer() -> None:
    crisis = read_crisis_text(large(5, theatres=4)).crisis
    for route in ("enumeration", "elimination"):
        assert front_of(crisis, route=route) == listed_front(crisis)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parties": ("us", "mars")}, 'unknown party "mars"'),
        ({"parties": ("us",)}, "two parties or more, got 1"),
        ({"where": "leave"}, '"leave" belongs to nobody who signs'),
        ({"hazard": (("", "2"),)}, '"2" is no chance'),
    ],
)
def test_refusals(change: dict[str, Any], words: str) -> None:
    crisis = open_crisis("venezuela-2019").crisis
    with pytest.raises(NotSupportedError, match=words):
        frontier.run(Uncompiled(crisis), CONTEXT, frontier.Params(**change))


def test_a_change_of_a_party_s_own_option_is_sent_to_the_listed_route() -> None:
    crisis = open_crisis("venezuela-2019").crisis
    with pytest.raises(NotSupportedError, match='"defect" belongs to a party and changes without a deal'):
        frontier.run(Uncompiled(crisis), CONTEXT, frontier.Params(parties=("us", "officers")))


def test_rankings_of_third_parties_are_refused() -> None:
    text = large(2, theatres=0).replace(
        "  east: [{when: follow and n0 and s0, worth: 3, why: t}, {when: follow, worth: -1, why: t}]",
        f"  east: {{ranking: {[','.join(row) for row in product(('no', 'yes'), repeat=5)]}, why: t}}",
    )
    with pytest.raises(
        NotSupportedError, match='"east" ranks whole states; the factored route needs terms or an order'
    ):
        frontier.run(Uncompiled(read_crisis_text(text).crisis), CONTEXT)


def test_third_parties_who_move_anyway_are_named() -> None:
    """What a third party would do with nothing signed is said, since it counts as a package."""
    text = large(2, theatres=0).replace("when: follow, worth: -1", "when: follow, worth: 1")
    found = frontier.run(Uncompiled(read_crisis_text(text).crisis), CONTEXT)
    assert found.restless == ("follow",)
    assert any(item.id == "frontier.restless" for item in found.findings)
