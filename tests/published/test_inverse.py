"""The inverse question on published conflicts: Syria-Iraq 1975, Cuba 1962, Elmira 1991, and the founding case."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import permutations, product
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.contract import Context
from backchannel.analyses.stability import inverse
from backchannel.analyses.stability.inverse import Params
from backchannel.analyses.stability.inverse_result import InverseResult
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.numerics.stability import all_stable
from backchannel.results.provenance import Provenance
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import read_crisis_text
from brute_force import CONCEPTS, Graph

PUBLISHED = yaml.safe_load((Path(__file__).parent.parent / "data" / "published.yaml").read_text(encoding="utf-8"))
IDS = ("nash", "gmr", "smr", "seq")


def ask(model: Model, **params: Any) -> InverseResult:
    return inverse.run(model, Context(Provenance("test", "test", "", "0")), Params(**params))


def syria_iraq() -> Model:
    case = PUBLISHED["syria_iraq_1975"]
    data = {
        "crisis": 1,
        "title": "Syria and Iraq, 1975",
        "actors": {actor: {} for actor in case["actors"]},
        "options": {item["id"]: {"by": item["by"]} for item in case["options"]},
        "impossible": case["impossible"],
        "states": {f"s{number}": yes for number, yes in case["states"].items()},
        "preferences": {
            actor: {"ranking": [f"s{number}" for number in ranking], "why": "as published"}
            for actor, ranking in case["rankings"].items()
        },
    }
    return compile_model(read_crisis_text(yaml.safe_dump(data, sort_keys=False)).crisis)


def literally(model: Model) -> Graph:
    """The model's moves as a brute-force graph over its cells."""
    cells = model.space.cells.tolist()
    actors = range(len(model.actors))
    moves: Any = {a: {cell: set(model.moves(a, cell).tolist()) for cell in cells} for a in actors}
    return Graph(cells, moves, {a: {cell: model.code(a, cell) for cell in cells} for a in actors})


def test_syria_1975_has_240_of_720_orders() -> None:
    expected = PUBLISHED["syria_iraq_1975"]["inverse"]
    result = ask(syria_iraq(), state=f"s{expected['state']}", concept=expected["concept"], actors=(expected["actor"],))
    assert (int(result.count), int(result.total)) == (240, 720)
    assert (int(result.count), int(result.total)) == (expected["make_it_an_equilibrium"], expected["orders"])
    assert "33.3 % of the strict orders of syria over 6 possible states make it one: 240 of 720." in {
        item.text for item in result.findings
    }


@pytest.mark.parametrize("concept", IDS)
@pytest.mark.parametrize("actor", ["syria", "iraq"])
def test_syria_iraq_1975_by_all_720_orders(concept: str, actor: str) -> None:
    model = syria_iraq()
    graph = literally(model)
    free = model.actors.index(actor)
    for name, state in model.space.named().items():
        good = 0
        for order in permutations(range(6)):
            liking = {a: {cell: model.code(a, cell) for cell in graph.states} for a in graph.actors}
            liking[free] = dict(zip(graph.states, order, strict=True))
            changed = Graph(graph.states, graph.moves, liking)
            good += all(CONCEPTS[concept](changed, a, state) for a in graph.actors)
        assert int(ask(model, state=name, concept=concept, actors=(actor,)).count) == good


def test_cuba_1962_with_both_orders_free_is_counted_in_seconds() -> None:
    """12! x 12! pairs of orders. All moves can be undone, so every state looks alike and has the same share."""
    model = compile_model(open_crisis("cuba-1962").crisis)
    began = time.perf_counter()
    result = ask(model, state="standoff", concept="seq", actors=("us", "ussr"))
    assert time.perf_counter() - began < 60
    assert int(result.total) == factorial(12) ** 2
    assert int(result.count) == int(ask(model, state="settle", concept="seq", actors=("us", "ussr")).count)
    nash = ask(model, state="standoff", actors=("us", "ussr"))
    assert int(nash.count) == factorial(12) ** 2 // 12  # best of 4 own states, and best of 3
    shares = {c: float(ask(model, state="standoff", concept=c, actors=("us", "ussr")).share or 0) for c in IDS}
    assert shares["nash"] < shares["smr"] < shares["gmr"]
    assert shares["nash"] < shares["seq"] < shares["gmr"]


def test_cuba_1962_by_sampling_orders() -> None:
    """The exact share lies within sampling error of drawn orders."""
    model = compile_model(open_crisis("cuba-1962").crisis)
    cells, state, draws = model.space.cells, model.space.find("standoff"), 4_000
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(draws):
        codes = np.zeros_like(model.game.utilities)
        for actor in range(2):
            codes[actor, cells] = rng.permutation(cells.size)
        hits += bool(all_stable(replace(model.game, utilities=codes), ("seq",))["seq"][:, state].all())
    share = ask(model, state="standoff", concept="seq", actors=("us", "ussr")).share
    assert share is not None
    assert abs(hits / draws - share) < 4 * (share * (1 - share) / draws) ** 0.5


@pytest.mark.parametrize(("free", "concept"), list(product([("uniroyal",), ("moe", "local_government")], IDS)))
def test_elmira_1991_merged_states(free: tuple[str, ...], concept: str) -> None:
    """The merged graph has 9 states, one of which is left by nobody: it holds in every order."""
    model = compile_model(open_crisis("elmira-1991").crisis)
    result = ask(model, state="s9", concept=concept, actors=free)
    assert result.count == result.total == str(factorial(9) ** len(free))


VENEZUELA = [
    ("us_backs_down", "nash", "us", {"us.hanging": -15, "us.face": -15}),
    ("us_backs_down", "seq", "us", {"us.hanging": -15, "us.face": -15}),
    ("us_backs_down", "gmr", "us", {"us.face": -18}),
    ("officers_defect_alone", "nash", "russia", {"russia.imposed": -12, "russia.coauthor": -12}),
    ("officers_defect_alone", "seq", "russia", {"russia.imposed": -12, "russia.coauthor": -12}),
]


@pytest.mark.parametrize(("state", "concept", "actor", "worths"), VENEZUELA)
def test_venezuela_2019_within_the_ranges(state: str, concept: str, actor: str, worths: dict[str, float]) -> None:
    file = open_crisis("venezuela-2019")
    model = compile_model(file.crisis)
    [remedy] = ask(model, state=state, concept=concept).remedies
    assert (remedy.actors, remedy.status) == ((actor,), "within")
    assert {item.path: item.after for item in remedy.changes} == {
        f"preferences.{path}.worth": worth for path, worth in worths.items()
    }
    changed = compile_model(file.patched({item.path: str(item.after) for item in remedy.changes}).crisis)
    assert all_stable(changed.game, (concept,))[concept][:, changed.space.find(state)].all()  # type: ignore[arg-type]


@pytest.mark.parametrize("concept", IDS)
def test_venezuela_2019_the_grand_swap_needs_aid_that_costs_nothing(concept: str) -> None:
    """Washington would take the aid up again: its worth has to reach 0, and its range ends at -10."""
    model = compile_model(open_crisis("venezuela-2019").crisis)
    result = ask(model, state="grand_swap", concept=concept)
    [remedy] = result.remedies
    assert remedy.status == "beyond"
    assert [(item.path, item.after, item.high) for item in remedy.changes] == [("preferences.us.aid.worth", 0.0, -10.0)]
    assert remedy.obstacle is not None
    assert result.label[remedy.obstacle.row] == "minsk_for_transition"
    assert remedy.obstacle.gap == pytest.approx(10)
    assert "There is no such change within the stated ranges of United States" in result.findings[-1].text
