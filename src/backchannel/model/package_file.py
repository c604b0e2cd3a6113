"""From a package problem in names to its arrays, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import TooLargeError
from backchannel.numerics.package_problem import Factor, PackageProblem, Rule
from backchannel.spec.package_file import PackageFile, PlainFactor, PlainRule

MAXIMUM_ENTRIES = 20_000_000
"""Entries of one table, parties times combinations of levels."""


def package_problem(package: PackageFile) -> PackageProblem:
    """Return the arrays of a package problem in names.

    Raises
    ------
    TooLargeError
        Where a factor or rule is on so many issues that its table has more than ``MAXIMUM_ENTRIES`` entries.
    ValueError
        Above the most parties or levels a problem may have.
    """
    names = tuple(package.issues)
    places = {issue: place for place, issue in enumerate(names)}
    levels = {issue: {name: k for k, name in enumerate(known)} for issue, known in package.issues.items()}

    def shape(issues: tuple[str, ...], what: str) -> tuple[int, ...]:
        sizes = tuple(len(levels[issue]) for issue in issues)
        if np.prod([float(size) for size in sizes]) * len(package.parties) > MAXIMUM_ENTRIES:
            raise TooLargeError(
                f"{what} on {', '.join(issues)} has a table of more than {MAXIMUM_ENTRIES} entries; "
                "split it into several over fewer issues"
            )
        return sizes

    def cell(issues: tuple[str, ...], chosen: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(levels[issue][name] for issue, name in zip(issues, chosen, strict=True))

    factors = []
    for plain in package.factors:
        table = np.zeros((len(package.parties), *shape(plain.issues, "a factor")))
        for place, party in enumerate(package.parties):
            for chosen, worth in plain.worth.get(party, {}).items():
                table[(place, *cell(plain.issues, chosen))] = worth
        factors.append(Factor(tuple(places[issue] for issue in plain.issues), table))
    rules = []
    for rule in package.rules:
        allowed = np.full(shape(rule.issues, "a rule"), not rule.only)
        for chosen in rule.cells:
            allowed[cell(rule.issues, chosen)] = rule.only
        rules.append(Rule(tuple(places[issue] for issue in rule.issues), allowed))
    no_deal = np.array([package.no_deal[party] for party in package.parties])
    known = tuple(package.issues.values())
    return PackageProblem(package.parties, names, known, tuple(factors), tuple(rules), no_deal)


def package_file(problem: PackageProblem) -> PackageFile:
    """Return a package problem in names; a rule lists the fewer of what it forbids and what it allows."""
    return PackageFile(
        problem.parties,
        dict(zip(problem.issues, problem.levels, strict=True)),
        dict(zip(problem.parties, problem.no_deal.tolist(), strict=True)),
        tuple(_plain_factor(problem, factor) for factor in problem.factors),
        tuple(_plain_rule(problem, rule) for rule in problem.rules),
    )


def _plain_factor(problem: PackageProblem, factor: Factor) -> PlainFactor:
    worth = {}
    for party, table in zip(problem.parties, factor.table, strict=True):
        filled = np.argwhere(table != 0) if factor.issues else np.zeros((1, 0), dtype=np.int64)
        values = table[tuple(filled.T)] if factor.issues else table.reshape(1)
        worth[party] = dict(zip(_cells(problem, factor.issues, filled), values.tolist(), strict=True))
    return PlainFactor(tuple(problem.issues[issue] for issue in factor.issues), worth)


def _plain_rule(problem: PackageProblem, rule: Rule) -> PlainRule:
    only = int(rule.allowed.sum()) * 2 < rule.allowed.size
    listed = np.argwhere(rule.allowed == only)
    issues = tuple(problem.issues[issue] for issue in rule.issues)
    return PlainRule(issues, tuple(_cells(problem, rule.issues, listed)), only=only)


def _cells(problem: PackageProblem, issues: tuple[int, ...], rows: NDArray[np.int64]) -> list[tuple[str, ...]]:
    names = [problem.levels[issue] for issue in issues]
    return [tuple(known[k] for known, k in zip(names, row, strict=True)) for row in rows.tolist()]
