"""Equilibria without writing states out: against the dense engine, brute force, and answers known by construction."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import numpy as np
import pytest
import yaml

import brute_force
from backchannel.analyses.contract import Context, Uncompiled
from backchannel.analyses.stability import symbolic
from backchannel.analyses.stability.symbolic import Params, SymbolicResult, document
from backchannel.analyses.stability.symbolic_judge import judge_nash, judge_seq
from backchannel.analyses.stability.symbolic_proof import better_for
from backchannel.errors import CancelledError, NotSupportedError
from backchannel.model import boxes
from backchannel.model.boxes import BoxAlgebra, Factor, bits, moved, state_box
from backchannel.model.symbolic import symbolic_model
from backchannel.results.codec import dumps
from backchannel.spec.cases import case_names, open_crisis
from backchannel.spec.condition import parse_condition
from backchannel.spec.read import read_crisis_text
from backchannel.study import study as study_module
from backchannel.study.study import Study
from generate import KINDS, RandomCrisis, random_crisis
from linked_games import chain, crisis, local_games, network, tangled, term

OPTION_KINDS = tuple(kind for kind in KINDS if kind != "graph")
SEEDS = 25  # x 8 kinds = 200 crises


def study_of(data: dict[str, Any] | str) -> Study:
    text = data if isinstance(data, str) else yaml.safe_dump(data, sort_keys=False)
    return Study.of(read_crisis_text(text, "crisis"))


def found(study: Study, **params: Any) -> SymbolicResult:
    result = study.run("symbolic", **params)
    assert isinstance(result, SymbolicResult)
    return result


def dense(study: Study) -> dict[str, tuple[float, ...]]:
    """Nash equilibria of the dense engine by literal, with each actor's utility."""
    result: Any = study.run("stability")
    rows = np.flatnonzero(result.equilibrium[0]).tolist()
    return {result.state[row]: tuple(result.utility[:, row].tolist()) for row in rows}


def listed(result: SymbolicResult) -> dict[str, tuple[float, ...]]:
    return {state: tuple(result.utility[k].tolist()) for k, state in enumerate(result.state)}


def yes(result: SymbolicResult) -> set[frozenset[str]]:
    return {frozenset(options) for options in result.raised}


@pytest.mark.parametrize("case", case_names())
def test_bundled_cases_equal_the_dense_engine(case: str) -> None:
    study = Study.open(case)
    if study.file.crisis.merge:
        with pytest.raises(NotSupportedError, match="merged states need their moves written out"):
            study.run("symbolic")
        return
    result = found(study)
    assert result.complete
    assert listed(result) == dense(study)


@pytest.mark.parametrize("kind", OPTION_KINDS)
def test_random_crises_equal_brute_force(kind: str) -> None:
    for seed in range(SEEDS):
        crisis = random_crisis(seed, kind)
        graph = crisis.graph
        wanted = {
            crisis.literal(state)
            for state in graph.states
            if all(brute_force.nash(graph, actor, state) for actor in graph.actors)
        }
        result = found(study_of(crisis.text), at_most=200)
        assert result.complete
        assert set(result.state) == wanted, (kind, seed)
        assert len(result.state) == len(wanted)


@pytest.mark.parametrize("kind", ["terms", "levels", "locked", "mixed"])
def test_loose_bounds_lose_no_equilibrium(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every condition rested on too many options to look at its cells."""
    monkeypatch.setattr(boxes, "MOST_CELLS", 1)
    for seed in range(300, 308):
        crisis = random_crisis(seed, kind)
        wanted = {crisis.literal(state) for state in brute_force.equilibria(crisis.graph)["nash"]}
        assert set(found(study_of(crisis.text), at_most=200).state) == wanted, seed


@pytest.mark.parametrize("order", [False, True])
def test_larger_crises_equal_the_dense_engine(order: bool) -> None:
    for seed in range(4):
        study = study_of(tangled(12, 3, 9, seed, order=order))
        assert listed(found(study, at_most=4096)) == dense(study)


def test_tiers_equal_the_dense_engine() -> None:
    for seed in range(8):
        data = tangled(8, 3, 7, seed)
        rng = random.Random(seed)
        for terms in data["preferences"].values():
            for each in terms:
                each |= {"tier": rng.choice(("core", "lesser")), "worth": rng.randint(-2, 2)}
        study = study_of(data)
        assert listed(found(study, at_most=256)) == dense(study)


def test_sums_that_floats_would_tell_apart_tie() -> None:
    """0.1 + 0.2 and 0.3 tie, so taking either is an equilibrium; a hair more is not."""
    options = {"one": "north", "two": "north"}
    for worth, wanted in ((0.3, 2), (0.3000001, 1)):
        terms = [term("one", 0.1), term("one", 0.2), term("two", worth)]
        result = found(study_of(crisis(options, {"north": terms}, impossible=["one and two"])))
        assert len(result.state) == wanted


@pytest.mark.parametrize("kind", OPTION_KINDS)
def test_judging_one_state_equals_brute_force(kind: str) -> None:
    for seed in range(100, 105):
        crisis = random_crisis(seed, kind)
        model = symbolic_model(read_crisis_text(crisis.text).crisis)
        for state in crisis.graph.states:
            check_judgements(crisis, model, state)


def check_judgements(crisis: RandomCrisis, model: Any, state: Any) -> None:
    graph, point = crisis.graph, state_box(state)
    for k, actor in enumerate(model.actors):
        nash = judge_nash(model, point, k, lambda: None)
        assert (nash.answer == "stable") == brute_force.nash(graph, actor, state)
        judgement = judge_seq(model, point, k, lambda: None)
        assert (judgement.answer == "stable") == brute_force.seq(graph, actor, state)
        steps = [step for step in (judgement.improvement, *judgement.sanction) if step is not None]
        walk = [(model.actors[step.actor], boxes.state_levels(step.target)) for step in steps]
        assert brute_force.is_walk(graph, state, walk, improving=True)
        if judgement.sanction:
            assert graph.value(actor, walk[-1][1]) <= graph.value(actor, state)


def test_local_games_have_the_product_of_their_equilibria() -> None:
    data, known = local_games({"stag_hunt": 3, "chicken": 2, "prisoners_dilemma": 17}, padding=1)
    assert len(data["options"]) == 45
    assert len(data["actors"]) == 6
    result = found(study_of(data))
    assert result.complete
    assert len(result.state) == known == 32
    assert result.second_opinion
    assert {item.id for item in result.findings} == {"symbolic.found", "symbolic.today", "symbolic.never"}


def test_one_equilibrium_among_many_states() -> None:
    data, known = local_games({"prisoners_dilemma": 22}, padding=1)
    result = found(study_of(data))
    assert known == 1
    assert result.raised == ((),)
    assert result.findings[0].text.startswith("1 Nash equilibrium among 35,184,372,088,832 states; the search proves")


def test_a_chain_holds_its_beginnings() -> None:
    data, held = chain(22)
    result = found(study_of(data))
    assert result.complete
    assert yes(result) == held


def test_no_equilibrium_is_proved() -> None:
    """Matching pennies between two of six, beside a long chain."""
    data, _ = chain(20)
    data["options"] |= {"heads": {"by": "actor0"}, "tails": {"by": "actor1"}}
    data["preferences"]["actor0"].append(term("heads iff tails", 1))
    data["preferences"]["actor1"].append(term("heads iff not tails", 1))
    result = found(study_of(data))
    assert result.complete
    assert not result.state
    assert result.findings[0].text == ("None of 4,398,046,511,104 states is a Nash equilibrium; the search proves it.")


def test_the_first_of_many() -> None:
    data, known = local_games({"stag_hunt": 20})
    result = found(study_of(data), at_most=7)
    assert known == 2**20
    assert (result.status, result.complete, len(result.state)) == ("first", False, 7)
    assert "More than 7 Nash equilibria" in result.findings[0].text


def test_exactly_as_many_as_asked_for_is_complete() -> None:
    result = found(study_of(chain(3)[0]), at_most=4)
    assert (result.status, len(result.state)) == ("complete", 4)


def holds(text: str, state: dict[str, bool]) -> bool:
    """A condition of these test crises by Python's own logic; written apart from the project."""
    return bool(eval(text, {"__builtins__": {}}, state))


def is_nash(data: dict[str, Any], state: dict[str, bool]) -> bool:
    """The definition, every own alternative tried, for terms over yes/no options."""
    if any(holds(text, state) for text in data["impossible"]):
        return False
    for actor, terms in data["preferences"].items():
        own = [name for name, about in data["options"].items() if about["by"] == actor]
        locked = {
            name for name in own
            if state[name] and (said := data["options"][name].get("final")) and holds(said, state)
        }  # fmt: skip

        def utility(at: dict[str, bool], terms: Any = terms) -> int:
            return sum(each["worth"] for each in terms if holds(each["when"], at))

        for number in range(2 ** len(own)):
            other = state | {name: bool(number >> k & 1) for k, name in enumerate(own)}
            if any(not other[name] for name in locked):
                continue
            if not any(holds(text, other) for text in data["impossible"]) and utility(other) > utility(state):
                return False
    return True


def test_each_of_a_tangle_of_45_options_holds_by_the_definition() -> None:
    data = tangled(45, 9, 12, 1)
    result = found(study_of(data), at_most=6)
    assert len(result.state) == 6
    for state in result.state:
        assert is_nash(data, dict(zip(result.options, (w == "yes" for w in state.split(",")), strict=True)))


def test_complete_list_of_a_network_passes_the_definition() -> None:
    data = network(30, 6, 4, 0) | {"impossible": []}
    result = found(study_of(data))
    assert result.complete
    assert result.state
    for state in result.state:
        assert is_nash(data, dict(zip(result.options, (w == "yes" for w in state.split(",")), strict=True)))


def test_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(crisis: Any) -> Any:
        raise AssertionError("compiled")

    monkeypatch.setattr(study_module, "compile_model", refuse)
    study = study_of(chain(20)[0])
    assert not study.needs("symbolic")
    assert found(study).complete
    with pytest.raises(AssertionError, match="compiled"):
        study.needs("stability")


def test_sequential_stability_of_a_state_of_a_large_space() -> None:
    """Both cooperate in every one of 20 prisoner's dilemmas: each defection is answered by the partner's."""
    data, _ = local_games({"prisoners_dilemma": 20})
    worths = [each for terms in data["preferences"].values() for each in terms]
    assert len(worths) == 80
    data["states"] = {"all_cooperate": list(data["options"]), "nobody": []}
    study = study_of(data)
    nash = found(study, check="all_cooperate")
    assert set(nash.verdict) == {"unstable"}
    assert found(study, check="nobody", concept="seq").verdict == ("stable",) * 6
    two = copy.deepcopy(data)
    two["states"] = {"one_pair": ["prisoners_dilemma0_a", "prisoners_dilemma0_b"]}
    result = found(study_of(two), check="one_pair", concept="seq")
    assert result.verdict == ("stable",) * 6
    assert result.findings[0].text == "one_pair holds by sequential stability."
    assert "that leaves actor0 worse off than before (0 against 2)" in result.findings[1].text


def test_a_search_given_up_is_undecided() -> None:
    """Nothing takes so large a gain away, but to know that all answers would have to be walked."""
    data, _ = local_games({"prisoners_dilemma": 6}, padding=1)
    data["preferences"]["actor0"].append(term("cost0", 100))
    model = symbolic_model(read_crisis_text(yaml.safe_dump(data, sort_keys=False)).crisis)
    point = state_box([1] * 12 + [0])
    judgement = judge_seq(model, point, 0, lambda: None, most=20)
    assert judgement.answer == "undecided"
    said = symbolic.words.sentence(model, judgement, "seq")
    assert "whether that can be answered is undecided: 20,000 steps of answers were looked at" in said
    assert judge_seq(model, point, 0, lambda: None).answer == "unstable"


def test_out_of_time_is_said() -> None:
    study = study_of(network(45, 6, 20, 0))
    result = found(study, seconds=0.2)
    assert (result.status, result.complete) == ("stopped", False)
    assert "within 0.2 s; the search did not end, so there may be others." in result.findings[0].text


def test_out_of_time_while_judging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbolic._Effort, "EVERY", 1)
    data, _ = local_games({"prisoners_dilemma": 6})
    data["states"] = {"everybody": list(data["options"])}
    result = found(study_of(data), check="everybody", concept="seq", seconds=1e-9)
    assert result.verdict == ("undecided",) * 6
    assert result.findings[0].text == "everybody is undecided by sequential stability."
    assert result.findings[1].text == "actor0 was not judged: the time was over."


def test_cancelled_between_steps() -> None:
    study = study_of(network(45, 6, 20, 0))
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    context = Context(study.provenance, cancelled=cancelled)
    with pytest.raises(CancelledError, match="stopped before the end"):
        symbolic.run(Uncompiled(study.file.crisis), context)
    assert asked == 6


def test_a_false_equilibrium_is_a_loud_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    from backchannel.analyses.stability import symbolic_search

    monkeypatch.setattr(symbolic_search, "refutations", lambda model, point, pulse: [])
    data, _ = local_games({"stag_hunt": 2})
    data["options"]["stag_hunt0_a"]["today"] = "yes"
    with pytest.raises(RuntimeError, match=r"a second reading of the file denies it \(actor0 can improve\)"):
        found(study_of(data))
    data["impossible"] = ["stag_hunt1_a or stag_hunt1_b"]
    data["options"]["stag_hunt0_b"]["today"] = "yes"
    with pytest.raises(RuntimeError, match=r"denies it \(the state is impossible\)"):
        found(study_of(data))


def test_second_opinion_of_an_actor_with_too_many_alternatives() -> None:
    data = crisis({f"option{k}": "north" for k in range(21)}, {"north": [term("option1", 1)]})
    result = found(study_of(data), at_most=3)
    assert not result.second_opinion
    assert result.findings[-1].id == "symbolic.second_opinion"
    assert result.findings[-1].text.startswith("north can do too much for a second opinion")


@pytest.mark.parametrize("kind", OPTION_KINDS)
def test_second_opinion_equals_brute_force(kind: str) -> None:
    for seed in range(200, 204):
        crisis = random_crisis(seed, kind)
        read = read_crisis_text(crisis.text).crisis
        for state in crisis.graph.states:
            for actor in crisis.graph.actors:
                better = better_for(read, state, actor)
                wanted = brute_force.improvements(crisis.graph, actor, state)
                assert better in wanted if wanted else better is None


@pytest.mark.parametrize("cells", [1, 4, 1024])
def test_bounds_enclose_every_state_of_a_box(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With few cells looked at, bounds are looser but never wrong; with all of them they are exact."""
    monkeypatch.setattr(boxes, "MOST_CELLS", cells)
    for seed in range(30):
        crisis = random_crisis(seed, "levels")
        model = symbolic_model(read_crisis_text(crisis.text).crisis)
        rng = random.Random(seed)
        box = [rng.randint(1, full) for full in model.full]
        inside = [state_box(s) for s in crisis.graph.states if all(1 << s[k] & box[k] for k in range(len(box)))]
        option = rng.randrange(len(box))
        change = ((option, rng.choice(bits(model.full[option]))),)
        for want in model.wants:
            for factor in want.factors:
                low, high = factor.bounds(box)
                gain = factor.least_gain(box, change)
                for point in inside:
                    assert low <= factor.value(point) <= high
                    assert gain <= factor.value(moved(point, change)) - factor.value(point)


def test_bounds_of_an_actor_are_exact_where_few_options_bear_on_it() -> None:
    """Terms on one option are summed with those on it and another: 5 alone, 1 together, never less than 0."""
    data = crisis({"one": "north", "two": "north"}, {"north": [term("one", 5), term("one and two", -4)]})
    model = symbolic_model(read_crisis_text(yaml.safe_dump(data)).crisis)
    assert [factor.bounds((3, 3)) for factor in model.wants[0].factors] == [(0, 5)]
    assert [factor.least_gain((1, 3), ((0, 2),)) for factor in model.wants[0].factors] == [1]


def test_a_factor_starts_afresh_when_it_remembers_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "MOST_KEPT", 2)
    algebra = BoxAlgebra(open_crisis("stag-hunt").crisis)
    read = algebra.read(parse_condition("yes"))
    factor = Factor((0, 1), lambda box: (box[0] + box[1],) * 2)
    assert [factor.value((a, b)) for a in (1, 2) for b in (1, 2)] == [2, 3, 3, 4]
    assert read((1, 1)) == boxes.TRUE


def refused(data: dict[str, Any], match: str, **params: Any) -> None:
    with pytest.raises(NotSupportedError, match=match):
        study_of(data).run("symbolic", **params)


def test_rankings_of_large_spaces_are_refused() -> None:
    data, _ = chain(10)
    data["preferences"]["actor0"] = {"ranking": ["today"], "why": "a test"}
    refused(data, "a ranking lists states one by one, and 1,048,576 are more than the 4,096 read here")
    assert [need.section for need in study_of(data).needs("symbolic")] == ["terms or an order for actor0"]


def test_listed_moves_are_refused() -> None:
    refused(random_crisis(0, "graph").data, "this file lists its moves, few enough to write out")


@pytest.mark.parametrize(
    ("params", "match"),
    [
        ({"concept": "seq"}, "add --check today"),
        ({"concept": "gmr"}, '"gmr" is not judged without writing states out; write nash or seq'),
        ({"check": "tuday"}, 'unknown state "tuday"; did you mean "today"'),
        ({"at_most": 0}, "ask for at least 1 equilibrium"),
        ({"seconds": 0}, "more than 0 seconds"),
    ],
)
def test_what_cannot_be_asked(params: dict[str, Any], match: str) -> None:
    refused(chain(2)[0], match, **params)


def test_an_impossible_state_is_not_judged() -> None:
    data, _ = chain(1)
    refused(data | {"impossible": ["a0 and b0"]}, 'the state "yes,yes" is impossible', check="yes,yes")


def test_document_and_bytes() -> None:
    study = study_of(chain(2)[0])
    result = found(study)
    shown = document(result)
    assert json.loads(json.dumps(shown)) == shown
    assert [each["state"] for each in shown["equilibria"]] == list(result.state)  # type: ignore[attr-defined, index]
    assert shown["complete"] is True
    again = study_of(chain(2)[0])
    assert dumps(found(again)) == dumps(result)
    judged = document(found(study, check="today"))["judged"]
    assert [each["verdict"] for each in judged] == ["stable"] * len(result.actors)  # type: ignore[attr-defined, index]
    assert Params() == Params("nash", "", 50, 60.0)
