"""Counting sets that meet monotone conditions, and orders by what matters of them, against listing them all."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from math import comb

import numpy as np
import pytest

from backchannel.errors import TooLargeError
from backchannel.numerics import monotone, orders
from backchannel.numerics.least_change import Box, Literal, least_change
from backchannel.numerics.monotone import Clause, clause, count_by_size, prime_clauses, simplified
from backchannel.numerics.orders import decimal_text, extensions, fubini, orders_by_size, profiles
from inverse_brute import strict_orders, weak_orders


def holds(item: Clause, chosen: int) -> bool:
    return bool(item.singles & chosen) or any(group & chosen == group for group in item.groups)


def random_clauses(rng: random.Random, elements: int) -> list[Clause]:
    made = []
    for _ in range(rng.randint(0, 4)):
        groups = {
            rng.randrange(1, 1 << elements) if rng.random() < 0.6 else 1 << rng.randrange(elements)
            for _ in range(rng.randint(1, 4))
        }
        made.append(clause(groups))
    return [item for item in made if item is not None]


@pytest.mark.parametrize("wide", [True, False])
def test_counts_and_prime_clauses_of_random_conditions(wide: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not wide:  # no cluster is gone through whole: everything is branched on
        monkeypatch.setattr(monotone, "WIDEST", 0)
    rng = random.Random(3)
    for _ in range(300):
        elements = rng.randint(1, 8)
        written = random_clauses(rng, elements)
        wanted = [0] * (elements + 1)
        met = [chosen for chosen in range(1 << elements) if all(holds(item, chosen) for item in written)]
        for chosen in met:
            wanted[chosen.bit_count()] += 1
        condition = simplified(written)
        assert count_by_size(condition, elements) == wanted
        primes = prime_clauses(condition, 10_000)
        assert primes is not None
        assert {chosen for chosen in range(1 << elements) if all(mask & chosen for mask in primes)} == set(met)
        everything = (1 << elements) - 1
        for mask in primes:  # prime: adding any one of its elements to all others is enough
            assert everything ^ mask not in met
            assert all((everything ^ mask) | 1 << k in met for k in range(elements) if mask >> k & 1)


def test_a_clause_that_always_holds_and_one_that_never_does() -> None:
    assert clause({0, 3}) is None
    assert count_by_size((Clause(0),), 3) == [0, 0, 0, 0]
    assert count_by_size((), 3) == [comb(3, k) for k in range(4)]
    assert prime_clauses((Clause(0, (0b11, 0b1100)),), 3) is None


def test_counting_gives_up_by_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monotone, "BUDGET", 5)
    monkeypatch.setattr(monotone, "WIDEST", 0)
    ring = tuple(Clause(1 << k | 1 << (k + 1) % 9) for k in range(9))
    with pytest.raises(TooLargeError, match="took over 5 steps"):
        count_by_size(ring, 9)


def test_ordered_bell_numbers() -> None:
    assert fubini(7) == (1, 1, 3, 13, 75, 541, 4683, 47293)
    for blocks, more in itertools.product(range(1, 4), range(3)):
        assert extensions(blocks, more) == sum(
            1
            for order in weak_orders(list(range(blocks + more)))
            if [order[k] for k in range(blocks)] == sorted({order[k] for k in range(blocks)})
        )


@pytest.mark.parametrize("ties", [False, True])
def test_orders_by_the_size_of_what_is_no_better(ties: bool) -> None:
    states = list(range(5))
    found: Counter[int] = Counter()
    for order in weak_orders(states) if ties else strict_orders(states):
        found[sum(order[k] <= order[0] for k in states[1:])] += 1
    for size in range(5):
        by_size = [comb(4, k) if k == size else 0 for k in range(5)]
        assert orders_by_size(by_size, 5, ties) == found[size]


@pytest.mark.parametrize("ties", [False, True])
def test_profiles_against_every_order(ties: bool) -> None:
    rng = random.Random(1)
    for _ in range(12):
        elements = rng.randint(1, 4)
        everyone = range(elements + 1)
        sources = [
            (source, tuple(sorted(rng.sample([k for k in everyone if k != source], rng.randint(1, elements)))))
            for source in rng.sample(everyone, rng.randint(0, elements + 1))
        ]
        wanted: Counter[tuple[object, ...]] = Counter()
        for order in (weak_orders if ties else strict_orders)(list(everyone)):
            below = sum(1 << k for k in range(elements) if order[k] <= order[elements])
            lists = tuple(tuple(k for k in targets if order[k] > order[source]) for source, targets in sources)
            wanted[below, lists, len(set(order.values()))] += 1
        for by_blocks in (True, False):
            table = profiles(elements, sources, ties, by_blocks=by_blocks)
            found: Counter[tuple[object, ...]] = Counter()
            for below, code, blocks, number in zip(table.below, table.code, table.blocks, table.number, strict=True):
                found[int(below), table.lists(int(code)), int(blocks)] += int(number)
            merged: Counter[tuple[object, ...]] = Counter()
            for (below, lists, blocks), number in wanted.items():
                merged[below, lists, blocks if by_blocks else 0] += number
            assert found == merged


def test_profiles_refuse_sizes_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLargeError, match=r"18 states matter together in one actor's order; .* stops at 17"):
        profiles(17, [], False)
    with pytest.raises(TooLargeError, match=r"13 states matter together in one actor's order; .* stops at 12"):
        profiles(12, [], True)
    everyone = range(10)
    with pytest.raises(TooLargeError, match="over 57 comparisons"):
        profiles(9, [(k, tuple(j for j in everyone if j != k)) for k in everyone], False)
    monkeypatch.setattr(orders, "MOST_ENTRIES", 10)
    with pytest.raises(TooLargeError, match="over 10 different sets of improvements"):
        profiles(4, [(0, (1, 2)), (1, (2, 3))], False)


def test_long_whole_numbers_are_written_out() -> None:
    for number in (0, 7, 10**4000 - 1, 10**4000, 3 * 10**8000 + 5):
        text = decimal_text(number)
        assert sum(int(digit) * 10**k for k, digit in enumerate(reversed(text)) if digit != "0") == number
        assert text == "0" or text[0] != "0"


def box(centre: list[float], low: list[float], high: list[float]) -> Box:
    return Box(np.array(centre), np.array(low), np.array(high), np.ones(len(centre)))


def test_least_change_takes_the_cheaper_alternative() -> None:
    """x >= 3 or (y >= 1 and z >= 1): from 0 the pair costs 2."""
    first = frozenset([Literal((-1.0, 0.0, 0.0), -3.0)])
    second = frozenset([Literal((0.0, -1.0, 0.0), -1.0), Literal((0.0, 0.0, -1.0), -1.0)])
    wide = box([0, 0, 0], [-5, -5, -5], [5, 5, 5])
    assert least_change(wide, [frozenset([first, second])]).tolist() == [0, 1, 1]
    narrow = box([0, 0, 0], [-5, -5, -5], [5, 0.5, 5])
    assert least_change(narrow, [frozenset([first, second])]).tolist() == [3, 0, 0]
    closed = box([0, 0, 0], [-5, -5, -5], [2, 0.5, 5])
    assert least_change(closed, [frozenset([first, second])]) is None


def test_least_change_keeps_what_must_stay_equal() -> None:
    wanted = [frozenset([frozenset([Literal((-1.0, -1.0), -2.0)])])]
    free = box([0, 0], [-5, -5], [5, 5])
    assert least_change(free, wanted, [(1.0, 0.0)]).tolist() == [0, 2]
    assert least_change(free, wanted, [(1.0, 1.0)]) is None
