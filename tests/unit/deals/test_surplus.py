"""Coalitions' worths, core, Shapley value and payments against their definitions, and what the file must declare."""

from __future__ import annotations

import copy
import json
import random
from functools import cache
from itertools import permutations
from typing import Any
from unittest import mock

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from typer.testing import CliRunner

from backchannel.analyses.contract import Context
from backchannel.analyses.deals import surplus
from backchannel.analyses.deals.bargain import bargain
from backchannel.analyses.deals.coalition_worths import coalitions_of, drawn_worths
from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.faces.cli.app import app
from backchannel.model.compile import compile_model
from backchannel.model.draws import draw_matrix
from backchannel.numerics.balanced_collection import balanced_collection
from backchannel.results.provenance import Provenance
from backchannel.spec.cases import open_crisis
from backchannel.spec.crisis import Crisis
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study
from generate import random_crisis
from two_level_brute import Brute

SCALE = {"transferable": "yes", "why": "declared by the test"}


def read(data: dict[str, Any]) -> Crisis:
    return read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis").crisis


def asked(data: dict[str, Any], parties: tuple[str, ...], draws: int = 0, **more: Any) -> surplus.SurplusResult:
    context = Context(Provenance("test", "test", "", "0", draws=draws))
    return surplus.run(compile_model(read(data)), context, surplus.Params(parties=parties, **more))


def random_data(seed: int) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """A small random crisis of terms with a scale, something that may come without a deal, and two to four parties."""
    crisis, rng = random_crisis(seed, "terms"), random.Random(seed)
    if len(crisis.graph.states) > 40:
        return None
    data = copy.deepcopy(crisis.data) | {"scale": SCALE}
    if rng.random() < 0.6:
        to = crisis.literal(rng.choice(crisis.graph.states))
        data["no_deal"] = [{"to": to, "chance": rng.choice((0.25, 0.5)), "why": "t"}]
    actors = list(data["actors"])
    return data, tuple(actors[: rng.randint(2, min(4, len(actors)))])


SOME = [found for seed in range(44) if (found := random_data(seed)) is not None]


@cache
def solved(place: int) -> surplus.SurplusResult:
    return asked(*SOME[place])


def test_worths_are_those_of_the_definition() -> None:
    above = apart = 0
    for place, (data, _) in enumerate(SOME):
        brute, result = Brute(read(data)), solved(place)
        for names, worth in zip(result.coalition[1:], result.worth[1:], strict=True):
            assert worth == pytest.approx(float(brute.secured(names)), abs=1e-9)
            above += worth > 0
            apart += worth > 0 and len(names) < len(result.parties)
    assert len(SOME) > 20
    assert above > 40
    assert apart > 20  # the cases in which the core is a question


def test_the_shapley_value_averages_over_all_orders() -> None:
    for place in range(len(SOME)):
        result = solved(place)
        worth = dict(zip(map(frozenset, result.coalition), result.worth.tolist(), strict=True))
        orders = list(permutations(result.parties))
        for party, value in zip(result.parties, result.shapley, strict=True):
            added = [
                worth[frozenset(order[: order.index(party) + 1])] - worth[frozenset(order[: order.index(party)])]
                for order in orders
            ]
            assert value == pytest.approx(sum(added) / len(orders), abs=1e-9)


def test_an_empty_core_is_proved_and_a_division_of_one_that_is_not_satisfies_everybody() -> None:
    seen = {True: 0, False: 0}
    for place in range(len(SOME)):
        result = solved(place)
        total = float(result.worth[-1])
        shares = dict(zip(result.parties, result.least_core.shares.tolist(), strict=True))
        if result.least_core.core_empty:
            blocking = result.blocking
            for k in range(len(result.parties)):
                own = [w for m, w in zip(blocking.coalitions, blocking.weights, strict=True) if m >> k & 1]
                assert sum(own) == pytest.approx(1)
            assert blocking.claim > total + 1e-9
        else:
            assert sum(shares.values()) == pytest.approx(total, abs=1e-7)
            for names, worth in zip(result.coalition[1:], result.worth[1:], strict=True):
                assert sum(shares[name] for name in names) >= worth - 1e-7
        seen[result.least_core.core_empty] += 1
    assert min(seen.values()) > 3


def test_payments_lead_to_the_shapley_value_and_come_out_of_the_package() -> None:
    paid = 0
    for place in range(len(SOME)):
        result = solved(place)
        for item in result.divisions:
            assert item.gains + item.payments == pytest.approx(result.shapley)
            assert item.short == pytest.approx(float(result.worth[-1] - item.gains.sum()), abs=1e-9)
            assert item.short >= -1e-9
            paid += abs(item.payments).max() > 1e-9
        if result.worth[-1] > 0:
            assert result.divisions[0].name == "largest"
            assert result.divisions[0].short == pytest.approx(0, abs=1e-9)
    assert paid > 20


def test_each_draw_is_the_file_with_the_numbers_drawn() -> None:
    """Worths and chances put back into the file, one draw at a time; other parties and third parties respond anew."""
    compared = 0
    for file, parties in SOME[:8]:
        data = copy.deepcopy(file)
        for terms in data["preferences"].values():
            for k, term in enumerate(terms):
                centre = float(str(term["worth"]).split(" in ")[0])
                term["worth"] = f"{centre} in {centre - 2}..{centre + 2}" if k % 2 == 0 else repr(centre)
        model = compile_model(read(data))
        params = surplus.Params(parties=parties)
        found = bargain(model, params)
        context = Context(Provenance("test", "test", "", "0"))
        values = draw_matrix(model.inputs, 3, 3)
        worths = drawn_worths(found, coalitions_of(found, params), values, context)
        for row, drawn in zip(worths, values, strict=True):
            exact = copy.deepcopy(data)
            for item, value in zip(model.inputs, drawn, strict=True):
                if item.path.startswith("preferences."):
                    _, actor, key, _ = item.path.split(".")
                    for term in exact["preferences"][actor]:
                        if term["id"] == key:
                            term["worth"] = repr(float(value))
            assert row == pytest.approx(asked(exact, parties).worth, abs=1e-9)
            compared += 1
    assert compared == 24


def test_shares_of_draws_are_counted() -> None:
    data, parties = copy.deepcopy(next((d, p) for d, p in SOME if len(p) == 3 and asked(d, p).worth[-1] > 0))
    for terms in data["preferences"].values():
        for term in terms:
            centre = float(str(term["worth"]).split(" in ")[0])
            term["worth"] = f"{centre} in {centre - 3}..{centre + 3}"
    result = asked(data, parties, draws=40)
    assert result.shares is not None
    assert result.shares.draws == 40
    low, middle, high = result.shares.shapley
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (low < high).any()
    assert 0 <= result.shares.core_empty <= 1
    assert result.findings[-2].id == "surplus.draws"


def gloves() -> dict[str, Any]:
    """One left glove, two right ones; a pair is worth 6 to the owner of the left one."""
    return {
        "crisis": 1,
        "title": "Gloves",
        "actors": {"left": {}, "right1": {}, "right2": {}},
        "options": {"a": {"by": "left"}, "b": {"by": "right1"}, "c": {"by": "right2"}},
        "preferences": {
            "left": [{"when": "a and (b or c)", "worth": 6, "why": "a pair"}],
            "right1": [],
            "right2": [],
        },
        "scale": SCALE,
    }


def majority() -> dict[str, Any]:
    """Any two of three can sign with one another, each with one other only; the first of a pair gains 6."""
    names = ("x", "y", "z")
    pairs = {"x": ("xy and yx", "xz and zx"), "y": ("yz and zy",), "z": ()}
    options = {f"{one}{two}": {"by": one} for one in names for two in names if one != two}
    return {
        "crisis": 1,
        "title": "Majority",
        "actors": {name: {} for name in names},
        "options": options,
        "impossible": ["xy and xz", "yx and yz", "zx and zy"],
        "preferences": {name: [{"when": when, "worth": 6, "why": "t"} for when in pairs[name]] for name in names},
        "scale": SCALE,
    }


def test_gloves() -> None:
    result = asked(gloves(), ("left", "right1", "right2"))
    assert result.worth.tolist() == [0, 0, 0, 6, 0, 6, 0, 6]
    assert result.shapley == pytest.approx([4, 1, 1])
    assert not result.in_core
    assert not result.least_core.core_empty
    assert result.least_core.shares == pytest.approx([6, 0, 0], abs=1e-9)
    assert "not in the core, as left + right1 secures 1 more than it gives" in result.findings[2].text
    assert "left 6, right1 0, right2 0, for one, gives every smaller coalition at least what" in result.findings[3].text


def test_majority() -> None:
    result = asked(majority(), ("x", "y", "z"))
    assert result.worth.tolist() == [0, 0, 0, 6, 0, 6, 6, 6]
    assert result.shapley == pytest.approx([2, 2, 2])
    assert result.least_core.core_empty
    assert result.least_core.epsilon == pytest.approx(2)
    assert result.blocking.coalitions.tolist() == [3, 5, 6]
    assert result.blocking.weights == pytest.approx([0.5, 0.5, 0.5])
    assert result.blocking.claim == pytest.approx(9)
    assert (
        "what x + y (counted 0.5), x + z (counted 0.5) and y + z (counted 0.5) could secure comes to 9 where all "
        "together secure 6" in result.findings[3].text
    )


def test_two_parties_divide_evenly_what_neither_has_alone() -> None:
    data = copy.deepcopy(open_crisis("venezuela-2019").data) | {"scale": SCALE}
    result = asked(data, ())
    assert result.worth.tolist() == pytest.approx([0, 0, 0, 52.9])
    assert result.shapley == pytest.approx([26.45, 26.45])
    assert result.divisions[0].terms == (("assets", 1), ("withdraw", 1), ("engineer", 1))
    assert result.divisions[0].gains == pytest.approx([57.4, -4.5])
    assert result.divisions[0].payments == pytest.approx([-30.95, 30.95])
    nash = result.divisions[1]
    assert nash.name == "nash"
    assert nash.short == pytest.approx(6)
    assert "of which 6 is not there" in next(f.text for f in result.findings if f.text.startswith("Nash"))


def test_a_party_that_changes_and_wants_nothing_gets_nothing() -> None:
    compared = 0
    for place, (data, parties) in enumerate(SOME[:12]):
        more = copy.deepcopy(data)
        more["actors"]["idle"] = {}
        more["preferences"]["idle"] = []
        before, after = solved(place), asked(more, (*parties, "idle"))
        assert after.shapley[-1] == pytest.approx(0, abs=1e-9)
        assert after.shapley[:-1] == pytest.approx(before.shapley, abs=1e-9)
        compared += before.worth.any()
    assert compared > 5


def test_nothing_to_share() -> None:
    data = gloves()
    data["preferences"]["left"][0]["worth"] = -6
    result = asked(data, ("left", "right1", "right2"))
    assert [finding.id for finding in result.findings] == ["surplus.total", "surplus.scale"]
    assert "there is nothing to share" in result.findings[0].text
    assert result.charts == ()


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        (None, "this needs scale: gains of different parties are added up and handed over"),
        ({"why": "t"}, r"scale: \{transferable: yes"),
        (
            {"transferable": "yes", "actors": ["left", "right1"], "why": "t"},
            r"leaves out right2. Add a line such as:\n +scale: \{actors: \[left, right1, right2\]",
        ),
    ],
)
def test_without_a_scale_on_which_points_can_be_handed_over(scale: Any, words: str) -> None:
    data = gloves()
    del data["scale"]
    if scale:
        data["scale"] = scale
    with pytest.raises(NotSupportedError, match=words):
        asked(data, ("left", "right1", "right2"))


def test_the_bundled_case_declares_none() -> None:
    study = Study.open("venezuela-2019")
    assert [need.section for need in study.needs("surplus")] == ["scale"]
    done = CliRunner().invoke(app, ["surplus", "venezuela-2019"])
    assert done.exit_code != 0
    assert isinstance(done.exception, NotSupportedError)


def test_too_many_parties() -> None:
    actors = {f"a{k}": {} for k in range(9)}
    data = {
        "crisis": 1, "title": "many", "actors": actors, "options": {"sign": {"by": "a0"}},
        "preferences": {name: [] for name in actors}, "scale": SCALE,
    }  # fmt: skip
    with pytest.raises(TooLargeError, match="9 parties make 511 coalitions; at most 8 are taken"):
        asked(data, tuple(actors))


def test_too_many_packages() -> None:
    """The parties' packages can be listed, those of all coalitions together cannot."""
    actors = {f"a{k}": {} for k in range(2)}
    options = {f"o{k}": {"by": f"a{k % 2}", "levels": [f"l{n}" for n in range(2 + k % 3)]} for k in range(4)}
    data = {
        "crisis": 1, "title": "many", "actors": actors, "options": options,
        "preferences": {name: [] for name in actors}, "scale": SCALE,
    }  # fmt: skip
    found = bargain(compile_model(read(data)), surplus.Params(parties=("a0", "a1")))
    with (
        mock.patch("backchannel.analyses.deals.coalition_worths.MOST_PACKAGES", 62),
        pytest.raises(TooLargeError, match="the coalitions of 2 parties have 63 packages and 62 can be listed"),
    ):
        coalitions_of(found, surplus.Params(parties=("a0", "a1")))


def test_document_and_csv(tmp_path: Any) -> None:
    path = tmp_path / "gloves.crisis.yaml"
    path.write_text(yaml.safe_dump(gloves(), sort_keys=False), encoding="utf-8")
    words = ["surplus", str(path), "--parties", "left,right1,right2"]
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["shapley"] == pytest.approx({"left": 4, "right1": 1, "right2": 1})
    assert document["core"]["empty"] is False
    assert document["coalitions"][2] == {
        "members": ["left", "right1"], "worth": 6.0, "terms": {"a": 1, "b": 1}, "excess": pytest.approx(1),
    }  # fmt: skip
    lines = CliRunner().invoke(app, [*words, "--csv"]).stdout.splitlines()
    assert lines[0] == "coalition,worth,package,shapley,excess"
    assert len(lines) == 8


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.integers(0, 12), min_size=2**n - 1, max_size=2**n - 1)))
@settings(max_examples=80, deadline=None)
def test_the_core_is_empty_exactly_if_a_balanced_collection_claims_more(worths: list[int]) -> None:
    worth = np.array([0, *worths], dtype=np.float64)
    players = len(worth).bit_length() - 1
    found = balanced_collection(worth)
    rows = [[-(m >> p & 1) for p in range(players)] for m in range(1, len(worth) - 1)]
    least = linprog([1] * players, rows, -worth[1:-1], bounds=(None, None))
    assert found.claim == pytest.approx(float(least.fun), abs=1e-7)


def test_too_many_players_for_one_program() -> None:
    with pytest.raises(TooLargeError, match="13 players have 8,192 coalitions; 4,096 are taken at once"):
        balanced_collection(np.zeros(1 << 13))
