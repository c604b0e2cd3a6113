"""Published conflicts (tests/data/published.yaml, citations there) and the case library, through the whole program."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.numerics.stability import all_stable
from backchannel.spec.cases import open_crisis
from backchannel.spec.evaluate import utility
from backchannel.spec.read import CrisisFile, read_crisis_text

DATA = Path(__file__).parent.parent / "data"
PUBLISHED: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "published.yaml").read_text(encoding="utf-8"))
LIBRARY: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "case_library.yaml").read_text(encoding="utf-8"))
IDS = ("nash", "gmr", "smr", "seq")


def build(case: dict[str, Any]) -> CrisisFile:
    """Write a published case as a crisis file."""
    final = {name: {"final": True} for name in case.get("final", [])}
    options: dict[str, Any] = {item["id"]: {"by": item["by"], **final.get(item["id"], {})} for item in case["options"]}
    for name, condition in case.get("frozen", {}).items():
        options[name]["frozen"] = condition
    exactly_one = [condition for group in case.get("exactly_one", []) for condition in _exactly_one(group)]
    numbers = numbering(case)
    data = {
        "crisis": 1,
        "title": "published case",
        "actors": {actor: {} for actor in case["actors"]},
        "options": options,
        "impossible": [*case.get("impossible", []), *exactly_one],
        "merge": case.get("merge", []),
        "states": {f"n{number}": sorted(yes) for number, yes in numbers.items()},
        "preferences": {
            actor: {"ranking": [f"n{number}" for number in ranking], "why": "as published"}
            for actor, ranking in case["rankings"].items()
        },
    }
    first = next(iter(case["rankings"].values()))
    for name in numbers[first[0]]:
        options[name]["today"] = "yes"
    return read_crisis_text(yaml.safe_dump(data, sort_keys=False))


def numbering(case: dict[str, Any]) -> dict[int, frozenset[str]]:
    """Options at yes by state number: as the source numbers them, else option k adds 2^k."""
    if "states" in case:
        return {number: frozenset(yes) for number, yes in case["states"].items()}
    names = [item["id"] for item in case["options"]]
    ranked = {number for ranking in case["rankings"].values() for number in ranking}
    return {number: frozenset(name for k, name in enumerate(names) if number >> k & 1) for number in ranked}


def _exactly_one(group: list[str]) -> list[str]:
    pairs = [f"{a} and {b}" for k, a in enumerate(group) for b in group[k + 1 :]]
    return [*pairs, " and ".join(f"not {name}" for name in group)]


def sets_of(file: CrisisFile) -> tuple[Model, dict[str, Any]]:
    model = compile_model(file.crisis)
    return model, all_stable(model.game, IDS)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_case(name: str) -> None:
    case = PUBLISHED[name]
    model, found = sets_of(build(case))
    number = {cell: int(label[1:]) for label, cell in model.space.named().items()}
    cells = model.space.cells.tolist()
    assert len(cells) == case.get("merged", case.get("feasible", len(cells)))
    for concept in IDS:
        equilibria = {number[cell] for cell in cells if found[concept][:, cell].all()}
        assert equilibria == set(case["computed"][concept])
        assert equilibria == set(case["published"].get(concept, case["computed"][concept]))
        for k, actor in enumerate(model.actors):
            assert {number[cell] for cell in cells if found[concept][k, cell]} == set(case["stable"][concept][actor])


@pytest.mark.parametrize("name", [name for name, case in PUBLISHED.items() if "case" in case])
def test_bundled_case_says_the_same(name: str) -> None:
    case = PUBLISHED[name]
    file = open_crisis(case["case"])
    model, found = sets_of(file.variant(case["variant"]) if "variant" in case else file)
    numbers = {yes: number for number, yes in numbering(case).items()}
    for concept in IDS:
        equilibria = {
            numbers[_yes(model, cell)] for cell in model.space.cells.tolist() if found[concept][:, cell].all()
        }
        assert equilibria == set(case["computed"][concept])


def _yes(model: Model, cell: int) -> frozenset[str]:
    levels = model.space.literal(cell).split(",")
    return frozenset(name for name, level in zip(model.crisis.options, levels, strict=True) if level == "yes")


def test_syria_iraq_1975_inverse() -> None:
    """240 of Syria's 720 strict orders make state 2 a Nash equilibrium: by trying them all."""
    case = PUBLISHED["syria_iraq_1975"]
    model = compile_model(build(case).crisis)
    cell = {int(label[1:]): place for label, place in model.space.named().items()}
    syria, target = model.actors.index("syria"), cell[case["inverse"]["state"]]
    reached = model.moves(syria, target).tolist()
    others_content = model.improvements(1 - syria, target).size == 0
    good = 0
    for order in permutations(cell.values()):
        worse = set(order[order.index(target) + 1 :])
        good += others_content and worse.issuperset(reached)
    assert good == case["inverse"]["make_it_an_equilibrium"] == 240


@pytest.mark.parametrize("name", LIBRARY)
def test_case_library(name: str) -> None:
    """Expected verdicts, utilities and equilibria of eight crises in option form."""
    case = LIBRARY[name]
    file = read_crisis_text(yaml.safe_dump(case["crisis"], sort_keys=False))
    model, found = sets_of(file)
    assert model.space.cells.size == case["feasible"]
    for said in [*case["expect"], *[item for item in case.get("further", []) if "concept" in item]]:
        varied, verdicts = sets_of(file.variant(said["variant"])) if "variant" in said else (model, found)
        cell = varied.space.find(said["state"])
        assert bool(verdicts[said["concept"]][:, cell].all()) is said["equilibrium"], said
    for concept, equilibria in case["equilibria"].items():
        sets = {_yes(model, cell) for cell in model.space.cells.tolist() if found[concept][:, cell].all()}
        assert sets == {frozenset(yes) for yes in equilibria}, concept
    for state, worths in case.get("utilities", {}).items():
        for actor, worth in worths.items():
            assert model.points(model.actors.index(actor), model.space.find(state)) == worth


@pytest.mark.parametrize("name", LIBRARY)
def test_arrays_agree_with_one_state_at_a_time(name: str) -> None:
    """The dense back end and the single-state reading of the same file give the same utility everywhere."""
    file = read_crisis_text(yaml.safe_dump(LIBRARY[name]["crisis"], sort_keys=False))
    model = compile_model(file.crisis)
    for cell in model.space.cells.tolist():
        levels = tuple(
            option.level_index(level) or 0
            for option, level in zip(file.crisis.options.values(), model.space.literal(cell).split(","), strict=True)
        )
        for k, actor in enumerate(model.actors):
            alone = utility(file.crisis, actor, levels)
            assert alone is not None
            if model.utilities[k].scale == "cardinal":
                assert abs(alone - model.points(k, cell)) < 1e-9
