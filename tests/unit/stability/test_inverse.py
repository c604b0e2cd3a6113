"""The inverse question against trying every order, every set and a grid of worths; and what it refuses."""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.contract import Context
from backchannel.analyses.stability import inverse, inverse_conditions
from backchannel.analyses.stability.inverse import Params, document
from backchannel.analyses.stability.inverse_result import InverseResult
from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.numerics.stability import all_stable
from backchannel.results.provenance import Provenance
from backchannel.spec.cases import open_crisis
from backchannel.spec.read import CrisisFile, read_crisis_text
from backchannel.study.study import Study
from brute_force import CONCEPTS, Graph, State
from generate import KINDS, RandomCrisis, random_crisis
from inverse_brute import count, stable_sets

CONTEXT = Context(Provenance("test", "test", "", "0"))
IDS = ("nash", "gmr", "smr", "seq")


def ask(model: Model, **params: Any) -> InverseResult:
    return inverse.run(model, CONTEXT, Params(**params))


def small(kind: str, seeds: range, most: int) -> list[tuple[int, RandomCrisis, Model]]:
    """Random crises of at most so many states, compiled."""
    found = []
    for seed in seeds:
        crisis = random_crisis(seed, kind)
        if len(crisis.graph.states) <= most:
            found.append((seed, crisis, compile_model(read_crisis_text(crisis.text).crisis)))
    return found


def check_counts(kind: str, seeds: range, most: int, actors: int, ties: bool, concepts: tuple[str, ...] = IDS) -> int:
    checked = 0
    for seed, crisis, model in small(kind, seeds, most):
        rng = random.Random(seed)
        free = sorted(rng.sample(model.actors, min(actors, len(model.actors))), key=model.actors.index)
        state = rng.choice(crisis.graph.states)
        for concept in concepts:
            result = ask(model, state=crisis.literal(state), concept=concept, actors=tuple(free), ties=ties)
            wanted = count(crisis.graph, concept, state, free, ties)
            assert (int(result.count), int(result.total)) == wanted, (kind, seed, concept, free, state)
            checked += 1
    return checked


@pytest.mark.parametrize("kind", KINDS)
def test_strict_orders_against_trying_them_all(kind: str) -> None:
    assert check_counts(kind, range(24), 5, 1, ties=False) >= 4
    check_counts(kind, range(40), 4, 2, ties=False)


@pytest.mark.parametrize("kind", KINDS)
def test_orders_with_ties_against_trying_them_all(kind: str) -> None:
    assert check_counts(kind, range(40, 80), 4, 1, ties=True) >= 4
    check_counts(kind, range(80, 120), 3, 2, ties=True)


@pytest.mark.parametrize("kind", ["graph", "mixed", "terms"])
def test_larger_games_against_trying_every_order(kind: str) -> None:
    assert check_counts(kind, range(200, 230), 6, 1, ties=False, concepts=("seq", "smr")[: 2 if kind != "graph" else 1])


def test_both_actors_free_over_five_states() -> None:
    crisis, model = next(
        (crisis, model)
        for _, crisis, model in small("graph", range(400), 5)
        if len(model.actors) == 2 and len(crisis.graph.states) == 5
    )
    for state in crisis.graph.states[:2]:
        result = ask(model, state=crisis.literal(state), concept="seq", actors=model.actors)
        assert (int(result.count), int(result.total)) == count(crisis.graph, "seq", state, list(model.actors), False)


def test_factors_of_separate_conditions_multiply() -> None:
    model = Study.open("cuba-1962").model
    for concept in ("nash", "gmr", "smr"):
        result = ask(model, concept=concept, actors=("us", "ussr"))
        assert int(result.counts[0]) * int(result.counts[1]) == int(result.count)
        assert result.share == pytest.approx(int(result.count) / int(result.total))
    assert ask(model, concept="seq", actors=("us", "ussr")).counts == ()


@pytest.mark.parametrize("kind", KINDS)
def test_requirements_are_the_prime_clauses_of_every_stable_set(kind: str) -> None:
    for seed, crisis, model in small(kind, range(300, 315), 7):
        rng = random.Random(seed)
        state, actor = rng.choice(crisis.graph.states), rng.choice(model.actors)
        for concept in IDS:
            result = ask(model, state=crisis.literal(state), concept=concept, actors=(actor,))
            assert result.unlisted == ()
            assert all(len(part) == 1 for item in result.requirements for part in item.alternatives)
            clauses = [{result.state[part[0]] for part in item.alternatives} for item in result.requirements]
            others = {crisis.literal(other) for other in crisis.graph.states if other != state}
            stable = {
                frozenset(map(crisis.literal, below)) for below in stable_sets(crisis.graph, concept, actor, state)
            }
            for size in range(len(others) + 1):
                for below in itertools.combinations(sorted(others), size):
                    assert (frozenset(below) in stable) == all(part & set(below) for part in clauses)
            for part in clauses:
                assert all(frozenset(others - part | {one}) in stable for one in part)
            assert [len(part) for part in clauses] == sorted(map(len, clauses))
            today = {
                crisis.literal(other)
                for other in crisis.graph.states
                if other != state and not crisis.graph.better(actor, other, state)
            }
            assert [item.met for item in result.requirements] == [bool(part & today) for part in clauses]


REACH = 4
"""Points either way that a worth with a range may move."""


def with_ranges(
    crisis: RandomCrisis, rng: random.Random, state: State
) -> tuple[dict[str, Any], dict[str, tuple[int, int, int]]]:
    """File data in which two worths have a range, of an actor who would leave the state if there is one."""
    data = yaml.safe_load(crisis.text)
    terms = [(actor, term) for actor, about in data["preferences"].items() for term in about]
    for _, term in terms:
        term["worth"] = int(str(term["worth"]).split(" in ")[0])
    leaving = [(actor, term) for actor, term in terms if not CONCEPTS["nash"](crisis.graph, actor, state)]
    ranged = {}
    for actor, term in rng.sample(leaving if len(leaving) > 1 else terms, 2):
        worth = term["worth"]
        term["worth"] = f"{worth} in {worth - REACH}..{worth + REACH}"
        ranged[f"preferences.{actor}.{term['id']}.worth"] = (worth - REACH, worth, worth + REACH)
    return data, ranged


def grid_costs(
    file: CrisisFile, crisis: RandomCrisis, ranged: dict[str, tuple[int, int, int]], concept: str, state: State
) -> list[float]:
    """Costs, in shares of ranges, of every whole-numbered change under which the state is an equilibrium."""
    model = compile_model(file.crisis)
    cells = {crisis.literal(other): other for other in crisis.graph.states}
    order = [cells[model.space.literal(cell)] for cell in model.space.cells.tolist()]

    def points(changed: CrisisFile) -> np.ndarray[Any, Any]:
        compiled = compile_model(changed.crisis)
        return np.stack([utility.points[compiled.space.cells] for utility in compiled.utilities])

    base = points(file)
    moved = [points(file.patched({path: str(centre + 1)})) - base for path, (_, centre, _) in ranged.items()]
    costs = []
    for steps in itertools.product(range(-REACH, REACH + 1), repeat=len(ranged)):
        worths = base + sum((step * part for step, part in zip(steps, moved, strict=True)), np.zeros_like(base))
        liking = {a: dict(zip(order, row.tolist(), strict=True)) for a, row in zip(model.actors, worths, strict=True)}
        graph = Graph(crisis.graph.states, crisis.graph.moves, liking)
        if all(CONCEPTS[concept](graph, actor, state) for actor in graph.actors):
            costs.append(sum(map(abs, steps)) / (2 * REACH))
    return costs


def test_smallest_change_against_a_grid_of_worths() -> None:
    """No whole-numbered change is cheaper, none exists where the answer is no, and every answer works in the file."""
    seen = {"already": 0, "within": 0, "beyond": 0, "none": 0}
    tight = 0
    for seed, crisis, model in small("terms", range(70), 9):
        del model
        rng = random.Random(seed)
        state = rng.choice(crisis.graph.states)
        data, ranged = with_ranges(crisis, rng, state)
        file = read_crisis_text(yaml.safe_dump(data, sort_keys=False))
        changed = compile_model(file.crisis)
        for concept in IDS:
            result = ask(changed, state=crisis.literal(state), concept=concept, actors=changed.actors)
            costs = grid_costs(file, crisis, ranged, concept, state)
            rated = [item for item in result.remedies if item.status != "ordinal"]
            for item in rated:
                seen[item.status] += 1
            if all(item.status in ("already", "within") for item in rated):
                cost = sum(item.cost for item in rated)
                assert min(costs, default=np.inf) >= cost - 1e-9
                tight += cost > 0 and min(costs, default=np.inf) < cost + 1e-9
                patch = {change.path: f"{change.after:.9f}" for item in rated for change in item.changes}
                check = compile_model(file.patched(patch).crisis)
                assert all_stable(check.game, (concept,))[concept][:, check.space.find(crisis.literal(state))].all()
                assert all(change.low <= change.after <= change.high for item in rated for change in item.changes)
            elif not any(item.status == "unsettled" for item in rated):
                assert costs == []
    assert min(seen["within"], seen["beyond"], tight) >= 5


def test_changes_beyond_the_ranges_work_in_the_file() -> None:
    worked = 0
    for seed, crisis, model in small("terms", range(60, 110), 9):
        state = random.Random(seed).choice(crisis.graph.states)
        file = read_crisis_text(crisis.text)
        for concept in IDS:
            result = ask(model, state=crisis.literal(state), concept=concept, actors=model.actors)
            rated = [item for item in result.remedies if item.status != "ordinal"]
            if all(item.status in ("already", "within", "beyond") for item in rated):
                patch = {change.path: f"{change.after:.9f}" for item in rated for change in item.changes}
                check = compile_model(file.patched(patch).crisis)
                assert all_stable(check.game, (concept,))[concept][:, check.space.find(crisis.literal(state))].all()
                worked += bool(patch)
    assert worked >= 10


MERGED = """
crisis: 1
title: merged
actors: {p: {}, q: {}}
options:
  quit: {by: p}
  x: {by: p, today: yes}
  y: {by: q}
merge: [quit and not y, quit and y]
preferences:
  p:
    - {id: both, when: x and not quit, worth: 0 in 0..2, why: w}
    - {id: alone, when: x, worth: 0 in -30..30, why: w}
    - {id: out, when: quit, worth: 1, why: w}
  q: []
"""


def test_merged_states_are_not_told_apart_by_a_change() -> None:
    """Raising ``alone`` would be cheaper, but the merged states would then differ."""
    file = read_crisis_text(MERGED.replace("  q: []\n", "  q:\n    - {id: nil, when: y, worth: 0, why: w}\n"))
    [remedy] = ask(compile_model(file.crisis)).remedies
    assert remedy.status == "within"
    assert [(change.path, change.after) for change in remedy.changes] == [("preferences.p.both.worth", 1.0)]
    assert remedy.cost == pytest.approx(0.5)


def test_order_preferences_have_no_worths_to_change() -> None:
    result = ask(Study.open("cuba-1962").model)
    assert [item.status for item in result.remedies] == ["ordinal"]
    assert "gives an order and no worths" in result.findings[-1].text
    assert result.findings[-1].id == "inverse.change"


def test_nothing_to_change_where_the_state_holds() -> None:
    result = ask(Study.open("venezuela-2019").model)
    assert (result.free, result.count, result.requirements, result.remedies) == ((), "", (), ())
    assert result.findings[0].text.endswith("is already an equilibrium by Nash stability: nothing has to change.")


def test_a_held_actor_can_rule_the_state_out() -> None:
    result = ask(Study.open("venezuela-2019").model, state="us_backs_down", actors=("russia",))
    assert (result.count, result.share) == ("0", 0.0)
    assert any("With the preferences of United States held" in item.text for item in result.findings)


def test_what_cannot_be_counted_is_said_and_the_rest_answered() -> None:
    result = ask(Study.open("venezuela-2019").model, state="us_intervenes", concept="seq")
    assert result.count == ""
    assert result.share is None
    assert "states matter together in one actor's order" in result.not_counted
    assert {item.actor for item in result.requirements} == {"russia", "maduro", "officers", "opposition"}
    assert [item.status for item in result.remedies] == ["beyond"]
    assert document(result)["orders"]["not_counted"] == result.not_counted  # type: ignore[index]


def test_conditions_too_many_to_list_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """By SMR: first the prime clauses, then what serves only together, then nothing but the name."""
    model = Study.open("cuba-1962").model
    params = {"concept": "smr", "actors": ("us",)}
    assert len(ask(model, **params).requirements) == 48  # 3 moves, 4 states in each of 2 fibres
    monkeypatch.setattr(inverse, "MOST_CLAUSES", 40)
    grouped = ask(model, **params)
    assert len(grouped.requirements) == 3
    assert max(len(part) for item in grouped.requirements for part in item.alternatives) == 4
    assert all(item.met for item in grouped.requirements)
    monkeypatch.setattr(inverse, "MOST_LISTED", 10)
    assert ask(model, **params).unlisted == ("us",)
    assert any("too many to write down" in item.text for item in ask(model, **params).findings)


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Study.open("cuba-1962").model
    with pytest.raises(NotSupportedError, match='unknown concept "nsah"; known: nash, gmr, smr, seq'):
        ask(model, concept="nsah")
    with pytest.raises(NotSupportedError, match='unknown actor "usr"; did you mean "us'):
        ask(model, actors=("usr",))
    with pytest.raises(NotSupportedError, match='unknown state "stndoff"; did you mean "standoff"'):
        ask(model, state="stndoff")
    monkeypatch.setattr(inverse_conditions, "MOST_ARCS", 10)
    with pytest.raises(TooLargeError, match=r"16 states have up to \d+ moves .* at most 10"):
        ask(model)


def test_document_names_states_by_literal() -> None:
    data = document(ask(Study.open("venezuela-2019").model, state="grand_swap"))
    assert data["format"] == 1
    assert data["free"] == ["us"]
    [change] = data["changes"]  # type: ignore[misc]
    assert change["status"] == "beyond"
    assert change["worths"][0]["path"] == "preferences.us.aid.worth"
    assert change["obstacle"]["state"] == open_literal("minsk_for_transition")


def open_literal(name: str) -> str:
    space = compile_model(open_crisis("venezuela-2019").crisis).space
    return space.literal(space.find(name))
