"""Random package problems, and their solution from the definitions, for tests and the benchmark."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

import numpy as np

from backchannel.numerics.package_problem import Factor, PackageProblem, Rule
from backchannel.numerics.random_streams import stream


def additive(issues: int, levels: int, parties: int, *, no_deal: float = 0.3, seed: int = 0) -> PackageProblem:
    """Every issue worth something between 0 and 1 to everybody; no deal ``no_deal`` an issue."""
    rng = stream(seed, f"additive {issues} {levels} {parties}")
    factors = tuple(Factor((issue,), rng.random((parties, levels))) for issue in range(issues))
    return named((levels,) * issues, factors, (), np.full(parties, no_deal * issues))


def named(
    shape: tuple[int, ...], factors: tuple[Factor, ...], rules: tuple[Rule, ...], no_deal: np.ndarray
) -> PackageProblem:
    """Give the parts made-up names."""
    return PackageProblem(
        tuple(f"party {k}" for k in range(len(no_deal))),
        tuple(f"issue {k}" for k in range(len(shape))),
        tuple(tuple(f"level {k}" for k in range(size)) for size in shape),
        factors,
        rules,
        no_deal,
    )


def linked(issues: int, levels: int, parties: int, links: int, *, seed: int = 0) -> PackageProblem:
    """Additive, with ``links`` between pairs of levels: three in four a synergy, one in four excluded."""
    base = additive(issues, levels, parties, seed=seed)
    rng = stream(seed, f"links {issues} {levels} {parties} {links}")
    factors, rules = list(base.factors), []
    for _ in range(links):
        pair = tuple(sorted(int(issue) for issue in rng.choice(issues, 2, replace=False)))
        cell = tuple(int(level) for level in rng.integers(0, levels, 2))
        if rng.random() < 0.25:
            allowed = np.ones((levels, levels), dtype=np.bool_)
            allowed[cell] = False
            rules.append(Rule(pair, allowed))
        else:
            table = np.zeros((parties, levels, levels))
            table[(slice(None), *cell)] = rng.normal(0, 0.5, parties)
            factors.append(Factor(pair, table))
    return named(base.shape, tuple(factors), tuple(rules), base.no_deal)


def random_problem(seed: int) -> PackageProblem:
    """2 to 4 parties, up to 6 issues of up to 4 levels, links and rules over up to 3 issues, many ties.

    Every other problem has utilities that are no decimal numbers (thirds and sevenths).
    """
    rng = stream(seed, "random package problem")
    parties, issues = int(rng.integers(2, 5)), int(rng.integers(1, 7))
    shape = rng.integers(1, 5, issues)
    unit = (1, 1) if seed % 2 else (7, 3)
    factors = [Factor((k,), rng.integers(-3, 6, (parties, shape[k])) / unit[0]) for k in range(issues)]
    for _ in range(int(rng.integers(0, 4))):
        scope = _scope(rng, issues)
        factors.append(Factor(scope, rng.integers(-2, 3, (parties, *shape[list(scope)])) / unit[1]))
    rules = []
    for _ in range(int(rng.integers(0, 3))):
        scope = _scope(rng, issues)
        rules.append(Rule(scope, rng.random(shape[list(scope)]) < 0.8))
    return named(tuple(shape.tolist()), tuple(factors), tuple(rules), rng.integers(-2, 8, parties) / 2)


def _scope(rng: np.random.Generator, issues: int) -> tuple[int, ...]:
    return tuple(int(k) for k in rng.permutation(issues)[: min(issues, int(rng.integers(1, 4)))])


@dataclass(frozen=True)
class Known:
    """What the definitions say; gains are fractions, packages tuples of levels."""

    allowed: int
    acceptable: int
    gaining: int
    front: tuple[tuple[int, ...], ...]
    nash: tuple[tuple[int, ...], ...]
    kalai_smorodinsky: tuple[tuple[int, ...], ...]
    equal_gains: tuple[tuple[int, ...], ...]
    utilitarian: tuple[tuple[int, ...], ...]
    nearest: tuple[tuple[int, ...], ...]
    side_payment: Fraction | None


def from_definitions(problem: PackageProblem) -> Known:
    """Solve by listing, in exact arithmetic on entries read as fractions of small denominators."""
    gains = {
        package: _gains(problem, package)
        for package in product(*map(range, problem.shape))
        if all(rule.allowed[tuple(package[k] for k in rule.issues)] for rule in problem.rules)
    }
    fine = {package: gain for package, gain in gains.items() if min(gain) >= 0}
    front = _front(fine)
    ideal = [max(column) for column in zip(*fine.values(), strict=True)] if fine else []
    able = [party for party, most in enumerate(ideal) if most > 0]
    values = {
        "nash": {p: _nash([fine[p][k] for k in able]) for p in front},
        "kalai_smorodinsky": {p: sorted(fine[p][k] / ideal[k] for k in able) for p in front},
        "equal_gains": {p: sorted(fine[p][k] for k in able) for p in front},
        "utilitarian": {p: sum(fine[p]) for p in front},
    }
    apart = () if fine else _front(gains)
    short = {p: sum(-gain for gain in gains[p] if gain < 0) for p in apart}
    paid = [short[p] for p in apart if sum(gains[p]) >= 0]
    return Known(
        len(gains),
        len(fine),
        sum(min(gain) > 0 for gain in fine.values()),
        front,
        **{name: tuple(p for p in front if value[p] == max(value.values())) for name, value in values.items()},
        nearest=tuple(p for p in apart if short[p] == min(short.values())),
        side_payment=min(paid) if paid else None,
    )


def _nash(gains: list[Fraction]) -> tuple[int, Fraction]:
    """Most parties gaining first; then the product of their gains."""
    return sum(gain > 0 for gain in gains), prod((gain for gain in gains if gain > 0), start=Fraction(1))


def _gains(problem: PackageProblem, package: tuple[int, ...]) -> tuple[Fraction, ...]:
    total = [-Fraction(value).limit_denominator(1000) for value in problem.no_deal.tolist()]
    for factor in problem.factors:
        entries = factor.table[(slice(None), *(package[k] for k in factor.issues))].tolist()
        total = [s + Fraction(value).limit_denominator(1000) for s, value in zip(total, entries, strict=True)]
    return tuple(total)


def _front(gains: dict[tuple[int, ...], tuple[Fraction, ...]]) -> tuple[tuple[int, ...], ...]:
    points = set(gains.values())
    beaten = {p for p in points for q in points if p != q and all(b >= a for a, b in zip(p, q, strict=True))}
    return tuple(package for package, gain in gains.items() if gain not in beaten)
