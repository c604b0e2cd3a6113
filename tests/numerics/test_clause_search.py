"""The clause search against trying every assignment."""

from __future__ import annotations

import itertools
import random

import pytest

from backchannel.numerics import clause_search
from backchannel.numerics.clause_search import ClauseSearch, literal


def random_clauses(rng: random.Random, variables: int, ratio: float) -> list[list[int]]:
    return [
        [literal(v, rng.random() < 0.5) for v in rng.sample(range(variables), rng.choice((1, 2, 3, 3, 3)))]
        for _ in range(round(ratio * variables))
    ]


def satisfied(clauses: list[list[int]], values: tuple[bool, ...]) -> bool:
    return all(any(values[each >> 1] is not bool(each & 1) for each in clause) for clause in clauses)


def every_model(search: ClauseSearch, variables: int) -> list[tuple[bool, ...]]:
    models = []
    while (found := search.solve()) is not None:
        models.append(tuple(found))
        search.add(literal(v, not found[v]) for v in range(variables))
    return models


@pytest.mark.parametrize("seed", range(60))
def test_every_model_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clause_search, "_LESSONS", seed % 5)
    monkeypatch.setattr(clause_search, "_RESTART", 1 + seed % 7)
    rng = random.Random(seed)
    variables = rng.randint(3, 9)
    clauses = random_clauses(rng, variables, rng.choice((1, 2, 3)))
    search = ClauseSearch([rng.random() < 0.5 for _ in range(variables)])
    for clause in clauses:
        search.add(clause)
    models = every_model(search, variables)
    wanted = [v for v in itertools.product((False, True), repeat=variables) if satisfied(clauses, v)]
    assert sorted(models) == wanted


@pytest.mark.parametrize(("holes", "pigeons"), [(4, 5), (5, 5), (6, 7)])
def test_pigeons(holes: int, pigeons: int) -> None:
    """No two pigeons share a hole: one more pigeon than holes cannot be placed."""
    search = ClauseSearch([False] * (holes * pigeons))
    for pigeon in range(pigeons):
        search.add(literal(pigeon * holes + hole, True) for hole in range(holes))
    for hole, (one, other) in itertools.product(range(holes), itertools.combinations(range(pigeons), 2)):
        search.add((literal(one * holes + hole, False), literal(other * holes + hole, False)))
    assert (search.solve() is None) == (pigeons > holes)


def test_preferred_values_first() -> None:
    assert ClauseSearch([True, False, True]).solve() == [True, False, True]


def test_clauses_without_use() -> None:
    search = ClauseSearch([False, False])
    search.add((literal(0, True), literal(0, False)))
    assert search.clauses == 0
    search.add((literal(1, True), literal(1, True)))
    assert search.solve() == [False, True]
    search.add((literal(1, False),))
    assert search.solve() is None
    search.add((literal(0, True),))
    assert search.solve() is None


def test_pulse_may_stop_it() -> None:
    def stop() -> None:
        raise TimeoutError

    search = ClauseSearch([False])
    with pytest.raises(TimeoutError):
        search.solve(stop)
    assert search.solve() == [False]
