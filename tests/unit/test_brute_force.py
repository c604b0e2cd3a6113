"""The oracle against games whose answers are published or can be worked by hand."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings

import brute_force as bf
import generate

A, B = "row", "column"


def from_rankings(actors: dict[str, list[int]], owners: list[str], final: tuple[int, ...] = ()) -> bf.Graph:
    """Yes/no options, states numbered with option k as bit k; the ranked states are the feasible ones."""
    listed = set(next(iter(actors.values())))
    options = [(f"option{k}", owner, 2) for k, owner in enumerate(owners)]

    def number(state: tuple[int, ...]) -> int:
        return sum(level << k for k, level in enumerate(state))

    always = {f"option{k}": (lambda state: True) for k in final}
    states, moves = bf.option_form(options, lambda state: number(state) in listed, final=always)
    renumbered = {
        actor: {number(old): {number(new) for new in targets} for old, targets in by_state.items()}
        for actor, by_state in moves.items()
    }
    worth = {actor: {state: -place for place, state in enumerate(ranking)} for actor, ranking in actors.items()}
    return bf.Graph(sorted(number(state) for state in states), renumbered, worth)


# 2x2 classics: bit 0 is row's cooperation, bit 1 column's.
PRISONERS_DILEMMA = {A: [2, 3, 0, 1], B: [1, 3, 0, 2]}
CHICKEN = {A: [2, 3, 1, 0], B: [1, 3, 2, 0]}
STAG_HUNT = {A: [3, 2, 0, 1], B: [3, 1, 0, 2]}


@pytest.mark.parametrize(
    ("rankings", "expected"),
    [
        (PRISONERS_DILEMMA, {"nash": {0}, "gmr": {0, 3}, "smr": {0, 3}, "seq": {0, 3}}),
        (CHICKEN, {"nash": {1, 2}, "gmr": {1, 2, 3}, "smr": {1, 2, 3}, "seq": {1, 2}}),
        (STAG_HUNT, {"nash": {0, 3}, "gmr": {0, 3}, "smr": {0, 3}, "seq": {0, 3}}),
    ],
    ids=["prisoners_dilemma", "chicken", "stag_hunt"],
)
def test_two_by_two_classics(rankings, expected):
    assert bf.equilibria(from_rankings(rankings, [A, B])) == expected


# Cuba 1962 (Fraser and Hipel 1984): strike, blockade (US); withdraw, escalate (USSR), the last two exclusive.
CUBA = {"us": [4, 6, 5, 7, 2, 1, 3, 0, 11, 9, 10, 8], "ussr": [0, 4, 6, 2, 5, 1, 7, 3, 11, 9, 10, 8]}
CUBA_OWNERS = ["us", "us", "ussr", "ussr"]


def test_cuba_1962_with_reversible_moves():
    graph = from_rankings(CUBA, CUBA_OWNERS)
    assert len(graph.states) == 12
    found = bf.equilibria(graph)
    assert found["seq"] == {4, 6}
    assert found["nash"] == set()
    assert found["gmr"] == {0, 4, 2, 6, 1, 5, 7}


def test_cuba_1962_with_an_irreversible_strike():
    found = bf.equilibria(from_rankings(CUBA, CUBA_OWNERS, final=(0,)))
    assert found["nash"] == {5}
    assert found["seq"] == {4, 5, 6}


def test_syria_iraq_1975():
    # Two exclusive options of Syria, one of Iraq; 6 states numbered from 1 in ascending decimal order.
    decimals = [0, 1, 2, 4, 5, 6]
    rankings = {"syria": [1, 3, 6, 2, 4, 5], "iraq": [2, 4, 6, 1, 5, 3]}
    by_decimal = {actor: [decimals[place - 1] for place in order] for actor, order in rankings.items()}
    found = bf.equilibria(from_rankings(by_decimal, ["syria", "syria", "iraq"]))
    assert {concept: {decimals.index(s) + 1 for s in states} for concept, states in found.items()} == {
        "nash": {6},
        "gmr": {1, 6},
        "smr": {6},
        "seq": {6},
    }


def line_graph() -> bf.Graph:
    """x moves s0 to s1 and s2 to s3, y moves s1 to s2: s3 takes x twice, y in between."""
    moves = {"x": {"s0": {"s1"}, "s2": {"s3"}}, "y": {"s1": {"s2"}}, "z": {}}
    worth = {
        "x": dict(zip(["s0", "s1", "s2", "s3"], range(4), strict=True)),
        "y": {"s0": 0, "s1": 1, "s2": 0, "s3": 0},
        "z": {"s0": 3, "s1": 2, "s2": 2, "s3": 1},
    }
    return bf.Graph(["s0", "s1", "s2", "s3"], moves, worth)


def test_an_actor_may_move_again_later_but_not_twice_in_succession():
    graph = line_graph()
    assert bf.opponents_reach(graph, ["x", "y"], "s0", improving=False) == {"s1", "s2", "s3"}
    assert bf.opponents_reach(graph, ["x"], "s0", improving=False) == {"s1"}
    chain = bf.Graph([0, 1, 2], {"x": {0: {1}, 1: {2}}}, {"x": {0: 0, 1: 1, 2: 2}})
    assert bf.opponents_reach(chain, ["x"], 0, improving=True) == {1}
    assert bf.reachable_by_improvements(chain, 0) == {0: 0, 1: 1}


def test_improving_reach_stops_at_a_step_its_mover_dislikes():
    graph = line_graph()
    assert bf.opponents_reach(graph, ["x", "y"], "s0", improving=True) == {"s1"}
    assert bf.reachable_by_improvements(graph, "s0") == {"s0": 0, "s1": 1}


def test_a_state_reached_by_two_movers_keeps_the_shorter_count_and_both_continuations():
    # a reaches 1 and b reaches 1; only a can go on from 1, so the walk must remember that b came last.
    moves = {"a": {0: {1}, 1: {2}}, "b": {0: {1}}}
    graph = bf.Graph([0, 1, 2], moves, lambda actor, state: state)
    assert bf.reachable_by_improvements(graph, 0) == {0: 0, 1: 1, 2: 2}


def test_a_return_to_the_state_itself_is_a_sanction():
    # i goes from s to q; the opponent can only take it back to s.
    moves = {"i": {"s": {"q"}}, "j": {"q": {"s"}}}
    graph = bf.Graph(["s", "q"], moves, {"i": {"s": 0, "q": 1}, "j": {"s": 1, "q": 0}})
    assert not bf.nash(graph, "i", "s")
    assert bf.gmr(graph, "i", "s")
    assert bf.seq(graph, "i", "s")
    assert not bf.smr(graph, "i", "s")  # i simply goes to q again


def test_one_escape_from_the_sanction_is_enough_against_symmetric_stability():
    moves = {"i": {"s": {"q"}, "k": {"worse", "better"}}, "j": {"q": {"k"}}}
    worth = {"s": 2, "q": 3, "k": 1, "worse": 0, "better": 4}
    graph = bf.Graph(list(worth), moves, lambda actor, state: worth[state])
    assert bf.gmr(graph, "i", "s")
    assert not bf.smr(graph, "i", "s")
    worth["better"] = 2
    assert bf.smr(graph, "i", "s")


def test_walk_judges_each_step_by_itself():
    graph = line_graph()
    steps = [("x", "s1"), ("y", "s2"), ("x", "s3")]
    assert [step.legal for step in bf.walk(graph, "s0", steps)] == [True, True, True]
    assert [step.improvement for step in bf.walk(graph, "s0", steps)] == [True, False, True]
    assert bf.is_walk(graph, "s0", steps)
    assert not bf.is_walk(graph, "s0", steps, improving=True)
    chain = bf.Graph([0, 1, 2], {"x": {0: {1}, 1: {2}}}, {"x": {0: 0, 1: 1, 2: 2}})
    assert [step.in_turn for step in bf.walk(chain, 0, [("x", 1), ("x", 2)])] == [True, False]
    assert not bf.is_walk(chain, 0, [("x", 2)])
    assert not bf.is_walk(chain, 0, [("nobody", 1)])


def test_option_form_reads_final_and_frozen_in_the_state_being_left():
    options = [("a", "x", 3), ("b", "x", 2), ("c", "y", 2)]
    states, moves = bf.option_form(
        options,
        feasible=lambda s: s != (2, 1, 1),
        final={"a": lambda s: s[1] == 1},
        frozen={"b": lambda s: s[0] == 2},
        actors=["z", "y", "x"],
    )
    assert list(moves) == ["z", "y", "x"]
    assert states == [s for s in itertools.product(range(3), range(2), range(2)) if s != (2, 1, 1)]
    assert moves["x"][1, 0, 0] == {(0, 0, 0), (0, 1, 0), (1, 1, 0), (2, 0, 0), (2, 1, 0)}
    assert moves["x"][1, 1, 0] == {(1, 0, 0), (2, 0, 0), (2, 1, 0)}  # a may only rise while b is yes
    assert moves["x"][1, 1, 1] == {(1, 0, 1), (2, 0, 1)}
    assert moves["x"][2, 0, 0] == {(0, 0, 0), (1, 0, 0)}  # b is frozen while a is at its top
    assert moves["x"][2, 1, 0] == set()
    assert moves["y"][2, 1, 0] == set()
    assert moves["z"][0, 0, 0] == set()


@settings(max_examples=40, deadline=None)
@given(generate.crises())
def test_the_known_implications_hold_on_random_games(crisis):
    found = bf.verdicts(crisis.graph)
    for actor in crisis.graph.actors:
        assert found["nash"][actor] <= found["smr"][actor] <= found["gmr"][actor]
        assert found["nash"][actor] <= found["seq"][actor] <= found["gmr"][actor]


@pytest.mark.parametrize("kind", generate.KINDS)
def test_a_random_crisis_is_its_seed_and_says_what_its_graph_says(kind):
    crisis = generate.random_crisis(7, kind)
    assert crisis.data == generate.random_crisis(7, kind).data
    assert crisis.data != generate.random_crisis(8, kind).data
    literals = [crisis.literal(state) for state in crisis.graph.states]
    assert len(set(literals)) == len(literals) >= 2
    assert list(crisis.data["actors"]) == crisis.graph.actors == list(crisis.data["preferences"])
    for actor, preference in crisis.data["preferences"].items():
        if isinstance(preference, dict) and "ranking" in preference:
            check_ranking(crisis, actor, preference["ranking"])


def check_ranking(crisis, actor, ranking):
    worth = {crisis.literal(state): crisis.graph.value(actor, state) for state in crisis.graph.states}
    groups = [[entry] if isinstance(entry, str) else entry for entry in ranking]
    assert sorted(literal for group in groups for literal in group) == sorted(worth)
    values = [{worth[literal] for literal in group} for group in groups]
    assert all(len(value) == 1 for value in values)
    assert [value for (value,) in values] == sorted(set(worth.values()), reverse=True)
