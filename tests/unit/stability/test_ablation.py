"""What each option changes, against the definitions on the graph with that option held at today's level."""

from __future__ import annotations

import pytest

from backchannel.analyses.contract import Context
from backchannel.analyses.stability import ablation
from backchannel.errors import NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.results.provenance import Provenance
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study
from brute_force import Graph, equilibria
from generate import random_crisis


def held(graph: Graph) -> set[object]:
    found = equilibria(graph)
    return found["nash"] | found["seq"]


@pytest.mark.parametrize("kind", ["plain", "ranking", "terms", "order", "levels", "locked", "mixed"])
def test_each_option_against_the_definitions(kind: str) -> None:
    for seed in range(6):
        crisis = random_crisis(4_000 + seed, kind)
        model = compile_model(read_crisis_text(crisis.text).crisis)
        result = ablation.run(model, Context(Provenance("test", "test", "", "0")))
        base = held(crisis.graph)
        assert {crisis.literal(state) for state in base} == set(result.equilibria)
        for place, item in enumerate(result.options):
            stays = [state for state in crisis.graph.states if state[place] == crisis.today[place]]
            kept = set(stays)
            moves = {
                actor: {state: targets & kept for state, targets in reached.items() if state in kept}
                for actor, reached in crisis.graph.moves.items()
            }
            without = held(Graph(stays, moves, crisis.graph.preference))
            assert item.states == len(stays)
            assert set(item.gained) == {crisis.literal(state) for state in without - base}
            assert set(item.lost) == {crisis.literal(state) for state in (base & kept) - without}
            assert set(item.unavailable) == {crisis.literal(state) for state in base - kept}
            assert item.today == (crisis.today in without)


def test_founding_case_rests_on_the_russian_lever() -> None:
    result = Study.open("venezuela-2019").run("ablation")
    assert isinstance(result, ablation.AblationResult)
    by_name = {item.option: item for item in result.options}
    assert len(by_name["engineer"].gained) == 20
    assert len(by_name["kv_minsk"].unavailable) == 5
    assert result.findings[0].text == "Today's verdict does not hang on any single option."


@pytest.mark.parametrize(("case", "words"), [("elmira-1991", "merges states")])
def test_refuses_what_has_no_options_to_take_out(case: str, words: str) -> None:
    with pytest.raises(NotSupportedError, match=f"this file .*{words}"):
        Study.open(case).run("ablation")
