"""Coalitional stability against the literal definitions, with witnesses checked by an independent walker."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from backchannel.analyses.contract import Context
from backchannel.analyses.stability import coalitions
from backchannel.analyses.stability.coalition_choice import MOST_COALITIONS, chosen
from backchannel.analyses.stability.coalitions import IDS, CoalitionsResult, Params, document, why_lines
from backchannel.errors import CancelledError, NotSupportedError, TooLargeError
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.numerics import engines
from backchannel.numerics.stability import all_stable
from backchannel.results.provenance import Provenance
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study
from brute_force import is_walk
from brute_force_coalitions import all_better, answers, coalitional_improvements, stable
from generate import KINDS, RandomCrisis, random_crisis

CONTEXT = Context(Provenance("test", "test", "", "0"))
ELMIRA = "elmira-1991"


def compiled(crisis: RandomCrisis) -> Model:
    return compile_model(read_crisis_text(crisis.text).crisis)


def some_coalitions(actors: tuple[str, ...], seed: int, most: int = 8) -> tuple[tuple[str, ...], ...]:
    """Random coalitions of every size, the grand coalition among them."""
    every = [group for size in range(1, len(actors) + 1) for group in combinations(actors, size)]
    picked = random.Random(seed).sample(every, min(most, len(every)))
    return tuple(dict.fromkeys([*picked, actors]))


@pytest.mark.parametrize("kind", KINDS)
def test_every_verdict_agrees_with_the_definitions(kind: str) -> None:
    for seed in range(5):
        crisis = random_crisis(7_000 + seed, kind)
        model = compiled(crisis)
        found = coalitions.run(model, CONTEXT, Params(of=some_coalitions(model.actors, seed)))
        state_of = {crisis.literal(state): state for state in crisis.graph.states}
        assert set(found.state) == set(state_of)
        for k, members in enumerate(found.coalition):
            for j, concept in enumerate(IDS):
                wanted = [stable(crisis.graph, concept, members, state_of[state]) for state in found.state]
                assert found.stable[k, j].tolist() == wanted, (kind, seed, members, concept)
        nash, gmr, smr, seq = (found.stable[:, j] for j in range(4))
        assert not (nash & ~smr).any()
        assert not (smr & ~gmr).any()
        assert not (nash & ~seq).any()
        assert not (seq & ~gmr).any()


@pytest.mark.parametrize("kind", KINDS)
def test_singletons_coincide_with_the_individual_concepts(kind: str) -> None:
    """By the coalitional computation itself, not by the short cut the analysis takes for single actors."""
    from backchannel.analyses.stability.listing import listed_moves
    from backchannel.numerics.coalition_moves import Table
    from backchannel.numerics.coalition_stability import Coalition
    from backchannel.numerics.progress import Monitor

    for seed in range(10):
        model = compiled(random_crisis(7_100 + seed, kind))
        moves = listed_moves(model)
        table = Table(moves.graph, Monitor(None, 1))
        alone = all_stable(model.game, IDS)
        for actor in range(len(model.actors)):
            found = Coalition(table, (actor,)).stable(IDS)
            for concept in IDS:
                assert np.array_equal(found[concept][moves.place], alone[concept][actor, model.space.cells])


@pytest.mark.parametrize("kind", KINDS)
def test_every_witness_passes_an_independent_walker(kind: str) -> None:
    checked = 0
    for seed in range(4):
        crisis = random_crisis(7_200 + seed, kind)
        model = compiled(crisis)
        state_of = {crisis.literal(state): state for state in crisis.graph.states}
        cells = model.space.cells.tolist()
        for cell in cells[:5]:
            asked = Params(of=some_coalitions(model.actors, seed, 4), state=model.space.literal(cell))
            found = coalitions.run(model, CONTEXT, asked)
            assert len(found.explained) == len(found.coalition) * 4
            for verdict in found.explained:
                check_witness(crisis, verdict, state_of)
                checked += verdict.improvements > 0
    assert checked > 10


def check_witness(crisis: RandomCrisis, verdict: Any, state_of: dict[str, Any]) -> None:
    graph, members, start = crisis.graph, verdict.coalition, state_of[verdict.state]
    improvements = coalitional_improvements(graph, members, start)
    unanswered = {q for q in improvements if not answers(graph, verdict.concept, members, start, q)}
    assert (verdict.improvements, verdict.unanswered) == (len(improvements), len(unanswered))
    assert verdict.stable == stable(graph, verdict.concept, members, start)
    if not improvements:
        assert (verdict.steps, verdict.answer, verdict.gains) == ((), (), ())
        return
    target = state_of[verdict.target]
    assert target in (unanswered or improvements)
    assert all(gain > 0 for gain in verdict.gains)
    assert {actor for actor, _, _ in verdict.steps} <= set(members)
    assert is_walk(graph, start, [(actor, state_of[to]) for actor, _, to in verdict.steps])
    assert verdict.steps[-1][2] == verdict.target
    if verdict.stable:
        assert not {actor for actor, _, _ in verdict.answer} & set(members)
        steps = [(actor, state_of[to]) for actor, _, to in verdict.answer]
        assert is_walk(graph, target, steps, improving=verdict.concept == "seq")
        assert steps[-1][1] in answers(graph, verdict.concept, members, start, target)
        assert not graph.better(verdict.loser, steps[-1][1], start)
    else:
        assert (verdict.answer, verdict.loser) == ((), "")


def test_the_move_shown_leaves_no_member_behind_more_than_need_be() -> None:
    """No other open improvement is at least as good for every member and better for one."""
    shown = 0
    for seed in range(20):
        crisis = random_crisis(7_300 + seed, "ties")
        model = compiled(crisis)
        graph = crisis.graph
        state_of = {crisis.literal(state): state for state in graph.states}
        found = coalitions.run(model, CONTEXT, Params(state="today"))
        for verdict in found.explained:
            if verdict.stable:
                continue
            start, target = state_of[verdict.state], state_of[verdict.target]
            for other in coalitional_improvements(graph, verdict.coalition, start):
                if answers(graph, verdict.concept, verdict.coalition, start, other):
                    continue
                change = [graph.value(m, other) - graph.value(m, target) for m in verdict.coalition]
                assert not (min(change) >= 0 and max(change) > 0)
            shown += 1
    assert shown > 20


def test_the_engines_agree() -> None:
    model = compiled(random_crisis(7_400, "locked"))
    asked = Params(up_to=5)
    before = engines.engine("numpy")
    try:
        first = coalitions.run(model, CONTEXT, asked)
        if engines.numba_installed():
            engines.engine("numba")
            second = coalitions.run(model, CONTEXT, asked)
            assert np.array_equal(first.stable, second.stable)
    finally:
        engines.engine(before)


def test_many_thresholds_and_large_parts() -> None:
    """More than 64 thresholds at once and parts of more than 64 states, reversible and not, in one pass each."""
    from backchannel.numerics.coalition_moves import Table, listed
    from backchannel.numerics.coalition_stability import Coalition
    from backchannel.numerics.game import OptionGame
    from backchannel.numerics.progress import Monitor
    from brute_force import Graph, option_form

    rng = np.random.default_rng(5)
    levels = (2,) * 8
    owner = (0, 0, 0, 0, 1, 1, 1, 2)
    names = [(f"o{k}", actor, 2) for k, actor in enumerate(owner)]
    utilities = rng.integers(0, 10**6, (3, 256)).astype(np.int32)
    for final in ((), (True, *(None,) * 7)):
        game = OptionGame(levels, owner, utilities, None, final)
        states, moves = option_form(names, final={"o0": lambda state: True} if final else None)
        graph = Graph(states, moves, {a: dict(zip(states, utilities[a].tolist(), strict=True)) for a in range(3)})
        coalition = Coalition(Table(listed(game).graph, Monitor(None, 1)), (0, 1))
        assert coalition.own.reversible == (not final)
        assert coalition.own.parts.sizes.max() == 128
        found = coalition.stable(IDS)
        for concept in IDS:
            assert found[concept].tolist() == [stable(graph, concept, (0, 1), state) for state in states], concept


def test_universal_stability_is_stability_for_every_coalition() -> None:
    model = compiled(random_crisis(7_500, "terms"))
    found = coalitions.run(model, CONTEXT, Params(up_to=5))
    assert np.array_equal(found.universal, found.stable.all(axis=0))
    assert not (found.universal & ~found.equilibrium).any()


def test_coalitions_are_chosen_by_size_by_name_or_as_a_partition() -> None:
    model = Study.open("venezuela-2019").model
    assert len(chosen(model, 2, (), ())) == 21
    assert len(chosen(model, 9, (), ())) == 63
    assert chosen(model, 2, (("russia", "us"), ("us", "russia")), ()) == ((0, 1),)
    assert chosen(model, 2, (), (("us", "russia"), ("maduro", "officers"))) == ((4,), (5,), (0, 1), (2, 3))


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (Params(of=(("uniroyale", "moe"),)), 'unknown actor "uniroyale"; did you mean "uniroyal"?'),
        (Params(of=((),)), "a coalition has at least one member; write two actors as a,b"),
        (Params(partition=(("moe", "uniroyal"), ("moe",))), "moe stands in two blocks of the partition"),
        (Params(of=(("moe",),), partition=(("uniroyal",),)), "named coalitions or for a partition, not for both"),
        (Params(up_to=0), "coalitions have at least 1 member, got 0"),
        (Params(state="s10"), 'unknown state "s10"'),
    ],
)
def test_refusals(params: Params, words: str) -> None:
    with pytest.raises(NotSupportedError, match=words.replace("?", r"\?")):
        coalitions.run(Study.open(ELMIRA).model, CONTEXT, params)


def test_too_many_coalitions_and_too_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Study.open(ELMIRA).model
    monkeypatch.setattr(coalitions, "MEMORY_LIMIT", 100)
    with pytest.raises(TooLargeError, match="verdicts on 9 states for 6 coalitions would take"):
        coalitions.run(model, CONTEXT)
    monkeypatch.setattr("backchannel.analyses.stability.coalition_choice.MOST_COALITIONS", 5)
    with pytest.raises(TooLargeError, match="3 actors form 6 coalitions of up to 2, and the limit is 5"):
        chosen(model, 2, (), ())
    assert MOST_COALITIONS >= 63


def test_irreversible_moves_over_too_many_pairs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backchannel.numerics.coalition_stability.MOST_PAIRS", 10)
    with pytest.raises(TooLargeError, match="pairs of states compared, and the limit is 10; ask for smaller"):
        coalitions.run(Study.open(ELMIRA).model, CONTEXT)


def test_too_many_moves_are_refused_before_they_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backchannel.numerics.coalition_moves.MOST_MOVES", 10)
    with pytest.raises(TooLargeError, match="this game has up to 60 moves; the limit is 10"):
        coalitions.run(Study.open("cuba-1962").model, CONTEXT)


def test_it_can_be_stopped_between_coalitions() -> None:
    told: list[tuple[int, int]] = []

    def stop_halfway() -> bool:
        return bool(told) and told[-1][0] >= told[-1][1] // 2

    study = Study.open("venezuela-2019")
    context = Context(study.provenance, report=lambda done, total: told.append((done, total)), cancelled=stop_halfway)
    with pytest.raises(CancelledError, match="stopped before the end"):
        coalitions.run(study.model, context)
    assert told[-1][1] == 4 * 22


def test_more_equilibria_than_shown_are_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalitions, "MOST_SHOWN", 1)
    found = coalitions.run(Study.open(ELMIRA).model, CONTEXT)
    assert found.findings[-1].id == "coalitions.unshown"
    assert "today and 1 equilibria of 3" in found.findings[-1].text


def test_document_and_reasons_say_the_same() -> None:
    found = Study.open(ELMIRA).run("coalitions", state="s5", up_to=3)
    assert isinstance(found, CoalitionsResult)
    told = document(found)
    why = told["why"]
    assert isinstance(why, list)
    broken = [entry for entry in why if not entry["stable"]]
    assert {tuple(entry["coalition"]) for entry in broken} == {("moe", "uniroyal")}
    assert [entry["concept"] for entry in broken] == list(IDS)
    assert broken[0]["gains"] == {"moe": None, "uniroyal": None}
    lines = why_lines(found)
    assert lines[0][0] == "Nash stability (nash): s5 is broken"
    assert lines[0][1][0] == broken[0]["text"]
    assert lines[0][1][1].startswith(
        "No move to anything all members prefer: moe, uniroyal, local_government, moe + local"
    )


def test_better_for_all_is_strict() -> None:
    """The oracle itself: a tie for one member is no improvement for the coalition."""
    crisis = random_crisis(7_600, "ties")
    graph = crisis.graph
    pairs = [(a, b) for a in graph.states for b in graph.states]
    tied = [(a, b) for a, b in pairs if graph.value(graph.actors[0], a) == graph.value(graph.actors[0], b)]
    assert tied
    assert not any(all_better(graph, graph.actors, a, b) for a, b in tied)
