"""The founding case against tests/data/expected_venezuela.yaml: what the stability family owes of T1 to T30."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from backchannel.analyses.stability.stability import IDS, StabilityResult
from backchannel.model.compile import compile_model
from backchannel.numerics.stability import all_stable
from backchannel.spec.cases import open_crisis
from backchannel.spec.evaluate import find_state, holds, today, utility
from backchannel.study.study import Study

EXPECTED: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent.parent / "data" / "expected_venezuela.yaml").read_text(encoding="utf-8")
)
TESTS = EXPECTED["tests"]
CASE = "venezuela-2019"


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open(CASE)


@pytest.fixture(scope="module")
def result(study: Study) -> StabilityResult:
    found = study.run("stability")
    assert isinstance(found, StabilityResult)
    return found


def yes(result: StabilityResult, row: int) -> list[str]:
    return [name for name, level in zip(result.options, result.state[row].split(","), strict=True) if level == "yes"]


def test_counts(result: StabilityResult) -> None:
    counts = EXPECTED["counts"]
    assert result.total == counts["states"] == 4096
    assert len(result.state) == counts["feasible"] == 1152
    for k, concept in enumerate(result.concepts):
        assert int(result.equilibrium[k].sum()) == counts["equilibria"][concept]
        for i, actor in enumerate(result.actors):
            assert int(result.stable[k, i].sum()) == counts["stable"][concept][actor]


def test_without_the_ukraine_options() -> None:
    """192 states: the same file with the three options that link Ukraine held at no."""
    file = open_crisis(CASE)
    rules = [
        *file.data["impossible"],
        *({"that": name, "why": "left out"} for name in EXPECTED["conventions"]["no_linkage"]),
    ]
    crisis = type(file.crisis).model_validate({**file.data, "impossible": rules})
    model = compile_model(crisis)
    assert model.space.cells.size == EXPECTED["counts"]["feasible_without_linkage"] == 192
    verdicts = all_stable(model.game, IDS)
    for concept, count in EXPECTED["counts"]["equilibria_without_linkage"].items():
        assert int(verdicts[concept].all(axis=0)[model.space.cells].sum()) == count


def test_with_every_step_reversible() -> None:
    file = open_crisis(CASE)
    free = file.patched({f"options.{name}.final": "no" for name, option in file.crisis.options.items() if option.final})
    model = compile_model(free.crisis)
    verdicts = all_stable(model.game, IDS)
    for concept, count in EXPECTED["counts"]["equilibria_all_reversible"].items():
        assert int(verdicts[concept].all(axis=0)[model.space.cells].sum()) == count


def test_utilities_of_named_states(result: StabilityResult) -> None:
    row = dict(result.named)
    assert set(row) == set(EXPECTED["utilities"])
    for state, worths in EXPECTED["utilities"].items():
        found = dict(zip(result.actors, result.utility[:, row[state]].tolist(), strict=True))
        assert found == worths


def test_verdicts_of_named_states(result: StabilityResult) -> None:
    row = dict(result.named)
    for state, verdicts in EXPECTED["verdicts"].items():
        assert {c: bool(result.equilibrium[k, row[state]]) for k, c in enumerate(result.concepts)} == verdicts
        unstable = [a for i, a in enumerate(result.actors) if not result.stable[0, i, row[state]]]
        assert unstable == EXPECTED["unstable_for"][state]


def test_the_ten_nash_states_are_the_ten_seq_states(result: StabilityResult) -> None:
    wanted = {frozenset(state) for state in EXPECTED["nash_equilibria"]}
    for concept in ("nash", "seq"):
        rows = np.flatnonzero(result.equilibrium[result.concepts.index(concept)]).tolist()
        assert {frozenset(yes(result, row)) for row in rows} == wanted
    bits = {
        "".join("1" if level == "yes" else "0" for level in result.state[row].split(","))
        for row in np.flatnonzero(result.equilibrium[result.concepts.index("gmr")]).tolist()
    }
    assert bits == set(EXPECTED["gmr_equilibria"])


def test_t1_orderings_hold() -> None:
    """T1: every order the sources give of named states is kept by the worths, for five actors."""
    crisis = open_crisis(CASE).crisis
    assert set(crisis.orderings) == set(TESTS["T1"]["exact"]["violations"])
    for actor, said in crisis.orderings.items():
        groups = [[utility(crisis, actor, find_state(crisis, name)) for name in group] for group in said.order]
        violations = sum(min(high) < max(low) for high, low in pairwise(groups))
        assert violations == TESTS["T1"]["exact"]["violations"][actor]


def test_t2_today_is_an_equilibrium_by_all_four(result: StabilityResult) -> None:
    assert result.equilibrium[:, result.today].all()
    assert yes(result, result.today) == ["offer"]


def test_t2_share_of_draws() -> None:
    """Within three standard errors of the share that an independent simulation gives."""
    draws = 2_000
    found = Study.open(CASE, draws=draws, seed=1).run("stability")
    assert isinstance(found, StabilityResult)
    share = float(found.share[0, found.today])
    expected = TESTS["T2"]["share"]["status_quo_nash"]
    p = expected["large"]
    assert abs(share - p) < 3 * sqrt(p * (1 - p) * (1 / draws + 1 / 1_000_000))
    assert any(item.id == "stability.draws" and item.tag == "magnitudes" for item in found.findings)


def test_t2b_nobody_moves_alone(study: Study) -> None:
    found = study.run("reachability")
    assert list(found.label) == TESTS["T2b"]["exact"]["reachable_by_improvements"] == ["status_quo"]
    assert found.findings[0].text == "From status_quo nobody moves alone: no actor has an improvement."


def test_t20_core_trumps_lesser() -> None:
    """T20: Moscow prefers every state with Minsk-2 and an engineered transition, short of war, to today."""
    crisis = open_crisis(CASE).crisis
    model = compile_model(crisis)
    now = utility(crisis, "russia", today(crisis))
    from backchannel.spec.condition import parse_condition

    wanted = parse_condition("transition and engineer and kv_minsk and not intervene")
    russia = model.actors.index("russia")
    states = [
        cell
        for cell in model.space.cells.tolist()
        if holds(wanted, tuple(int(x) for x in model.space.levels(np.array([cell]))[0]), crisis)
    ]
    assert now is not None
    assert states
    assert all(model.points(russia, cell) > now for cell in states)


def test_t6b_t29_t30_executed_deals(result: StabilityResult) -> None:
    """The executed swap breaks on the American side; paying or selling first is a trap; assets are not credible."""
    row, us = dict(result.named), result.actors.index("us")
    assert not result.equilibrium[:, row["grand_swap"]].any()
    assert not result.stable[:, us, row["grand_swap"]].any()
    assert result.equilibrium[:, row["minsk_for_transition"]].all()
    paid = [k for k in range(len(result.state)) if yes(result, k) == ["press_kiev", "offer", "kv_minsk"]]
    assert result.equilibrium[0, paid[0]]
    assert result.equilibrium[0, row["sold_for_nothing"]]
    assert not result.stable[result.concepts.index("seq"), us, row["sold_for_assets"]]


def test_every_state_has_the_reference_utility(result: StabilityResult) -> None:
    """A checksum over all 1,152 possible states and six actors, found by the independent enumeration."""
    assert "utility_sums" in EXPECTED
    for actor, total in EXPECTED["utility_sums"].items():
        assert float(result.utility[result.actors.index(actor)].sum()) == total
