"""Axiomatic solutions on finite sets: brute force from the definitions, the axioms, and published counterexamples."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backchannel.numerics.bargaining_solutions import equal_gains, kalai_smorodinsky, nash, utilitarian

SOLUTIONS = {"nash": nash, "ks": kalai_smorodinsky, "equal": equal_gains, "sum": utilitarian}
WHOLE = st.integers(2, 4).flatmap(
    lambda parties: st.lists(st.lists(st.integers(0, 6), min_size=parties, max_size=parties), min_size=1, max_size=12)
)


def exact(name: str, gains: list[list[int]]) -> list[int]:
    """Winners in whole numbers and fractions, straight from the definitions; Nash where some package pleases all."""
    ideal = [max(column) for column in zip(*gains, strict=True)]
    able = [p for p, best in enumerate(ideal) if best]
    key = {
        "nash": lambda row: math.prod(row[p] for p in able),
        "ks": lambda row: sorted(Fraction(row[p], ideal[p]) for p in able),
        "equal": sorted,
        "sum": sum,
    }[name]
    values = [key(row) for row in gains]
    return [k for k, value in enumerate(values) if value == max(values)]


def pleases_all(gains: list[list[int]]) -> bool:
    able = [p for p, column in enumerate(zip(*gains, strict=True)) if max(column)]
    return any(all(row[p] for p in able) for row in gains)


@given(WHOLE)
@settings(max_examples=300, deadline=None)
def test_winners_are_those_of_exact_arithmetic(gains: list[list[int]]) -> None:
    for name, solution in SOLUTIONS.items():
        if name != "nash" or pleases_all(gains):
            assert solution(gains).tolist() == exact(name, gains), name


@given(WHOLE)
@settings(max_examples=150, deadline=None)
def test_winners_are_not_dominated_and_all_solutions_have_some(gains: list[list[int]]) -> None:
    table = np.array(gains)
    for solution in SOLUTIONS.values():
        found = solution(table)
        assert len(found)
        assert found.dtype == np.int64
        for row in table[found]:
            assert not ((table >= row).all(axis=1) & (table > row).any(axis=1)).any()


@given(WHOLE, st.lists(st.sampled_from([0.001, 0.3, 1.0, 7.0, 1e6]), min_size=4, max_size=4))
@settings(max_examples=150, deadline=None)
def test_nash_and_kalai_smorodinsky_do_not_depend_on_units(gains: list[list[int]], units: list[float]) -> None:
    scaled = np.array(gains) * units[: len(gains[0])]
    assert nash(scaled).tolist() == nash(gains).tolist()
    assert kalai_smorodinsky(scaled).tolist() == kalai_smorodinsky(gains).tolist()


def test_equal_gains_and_utilitarian_do_depend_on_units() -> None:
    gains = np.array([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]])
    assert equal_gains(gains).tolist() == [1]
    assert equal_gains(gains * [3, 1]).tolist() == [0]
    assert utilitarian(gains).tolist() == [0, 1, 2]
    assert utilitarian(gains * [3, 1]).tolist() == [2]


@given(WHOLE, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_names_of_parties_and_order_of_packages_do_not_matter(gains: list[list[int]], rng: object) -> None:
    table = np.array(gains, dtype=np.float64)
    parties, packages = list(range(table.shape[1])), list(range(len(table)))
    rng.shuffle(parties)  # type: ignore[attr-defined]
    rng.shuffle(packages)  # type: ignore[attr-defined]
    for solution in SOLUTIONS.values():
        assert sorted(packages[k] for k in solution(table[np.ix_(packages, parties)])) == solution(table).tolist()


@given(WHOLE)
@settings(max_examples=100, deadline=None)
def test_a_symmetric_set_has_symmetric_winners(gains: list[list[int]]) -> None:
    pairs = sorted({(row[0], row[1]) for row in gains} | {(row[1], row[0]) for row in gains})
    for solution in SOLUTIONS.values():
        winners = {pairs[k] for k in solution(pairs)}
        assert winners == {(b, a) for a, b in winners}


@given(WHOLE, st.sets(st.integers(0, 11)))
@settings(max_examples=150, deadline=None)
def test_nash_ignores_what_is_not_chosen(gains: list[list[int]], removed: set[int]) -> None:
    if not pleases_all(gains):
        return
    winners = set(nash(gains).tolist())
    kept = [k for k in range(len(gains)) if k in winners or k not in removed]
    if all(max(gains[k][p] for k in kept) or not max(row[p] for row in gains) for p in range(len(gains[0]))):
        assert {kept[k] for k in nash([gains[k] for k in kept])} == winners


def test_kalai_smorodinsky_does_not_ignore_it() -> None:
    gains = [[5, 5], [7, 4], [0, 10], [10, 0]]
    assert kalai_smorodinsky(gains).tolist() == [0]
    assert kalai_smorodinsky(gains[:2] + gains[3:]).tolist() == [1]


@given(WHOLE, st.integers(0, 6))
@settings(max_examples=150, deadline=None)
def test_more_to_choose_from_with_the_same_ideals_never_lowers_the_smallest_fraction(
    gains: list[list[int]], more: int
) -> None:
    """Monotonicity on finite sets: the smallest fraction of the ideal gain, not every party's gain."""
    table = np.array(gains, dtype=np.float64)
    ideal = table.max(axis=0)
    if not (ideal > 0).all():
        return
    wider = np.vstack([table, np.minimum(ideal, more)])

    def smallest(rows: np.ndarray) -> float:
        return float((rows[kalai_smorodinsky(rows)[0]] / ideal).min())

    assert smallest(wider) >= smallest(table) - 1e-12


def test_kalai_smorodinsky_maximises_the_smallest_fraction_not_the_evenness() -> None:
    ideal = np.eye(3)
    assert kalai_smorodinsky([[0.30, 0.31, 0.32], [0.31, 0.95, 0.315], *ideal]).tolist() == [1]


def test_the_ideal_gain_is_that_of_the_set_handed_over() -> None:
    accepted = [[10, 4], [6, 5]]
    assert kalai_smorodinsky(accepted).tolist() == [0]
    assert kalai_smorodinsky([*accepted, [0, 10]]).tolist() == [1]


def test_weights() -> None:
    line = np.array([[k, 100 - k] for k in range(101)])
    assert nash(line, [3, 1]).tolist() == [75]
    assert nash(line, [0.03, 0.01]).tolist() == [75]
    assert nash(line).tolist() == [50]


def test_who_can_gain_nothing_is_left_out() -> None:
    assert nash([[1, 0, 4], [3, 0, 3]]).tolist() == [1]
    assert kalai_smorodinsky([[1, 0, 4], [3, 0, 3]]).tolist() == [1]
    assert equal_gains([[1, 0, 4], [3, 0, 3]]).tolist() == [1]
    assert nash([[0, 0], [0, 0]]).tolist() == [0, 1]
    assert kalai_smorodinsky(np.zeros((2, 2))).tolist() == [0, 1]
    assert utilitarian(np.zeros((2, 2))).tolist() == [0, 1]


def test_where_not_all_can_gain_at_once_as_many_as_possible_do() -> None:
    gains = [[9, 0, 0], [1, 1, 0], [2, 1, 0], [0, 1, 5], [0, 2, 2]]
    assert nash(gains).tolist() == [2, 3]
    assert nash(np.array(gains) * [1, 100, 0.01]).tolist() == [2, 3]


def test_ties_survive_rounding_and_small_differences_decide() -> None:
    tied = [[0.1 + 0.2, 1.0], [0.3, 1.0], [1.0, 0.3]]
    for solution in SOLUTIONS.values():
        assert solution(tied).tolist() == [0, 1, 2]
    assert nash([[1.0, 1.0], [1.0, 1.0 + 1e-7]]).tolist() == [1]
    assert nash([[1.0, 1.0], [1.0, 1.0 + 1e-7]], tolerance=1e-6).tolist() == [0, 1]


def test_no_packages_no_winners() -> None:
    for solution in SOLUTIONS.values():
        assert solution(np.zeros((0, 2))).tolist() == []


def test_refused() -> None:
    with pytest.raises(ValueError, match="package 1 gives party 0 a gain of -1, expected none below 0"):
        nash([[1, 1], [-1, 2]])
    with pytest.raises(ValueError, match=r"shape \(2,\), expected \(packages, parties\)"):
        equal_gains([1, 2])
    with pytest.raises(ValueError, match="finite numbers"):
        utilitarian([[np.nan, 1]])
    with pytest.raises(ValueError, match=r"weights are \[1.0, 0.0\], expected 2 positive numbers"):
        nash([[1, 1]], [1, 0])
