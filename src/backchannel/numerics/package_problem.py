"""A package problem: issues with levels, utilities that are sums over few issues each, rules, and no deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .package_grid import Grid, grid_of

MAXIMUM_PARTIES = 8
MAXIMUM_LEVELS = 32_767
"""Levels of one issue; they are kept as int16."""


@dataclass(frozen=True, eq=False)
class Factor:
    """One term of the utilities, which depends on the levels of a few issues.

    Parameters
    ----------
    issues
        Places of the issues it depends on, each once; none for a constant.
    table
        float64, shape (parties, levels of the first issue, levels of the second, ...), in points of utility.
    """

    issues: tuple[int, ...]
    table: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rule:
    """A hard constraint on the levels of a few issues.

    Parameters
    ----------
    issues
        Places of the issues, each once.
    allowed
        bool, shape (levels of the first issue, levels of the second, ...): whether the combination may be agreed.
    """

    issues: tuple[int, ...]
    allowed: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PackageProblem:
    """Parties who must agree on one level of every issue, or have no deal.

    The utility of a package is the sum of the factors at its levels; the gain of a party is that less its no-deal
    utility.

    Parameters
    ----------
    parties
        Names; up to ``MAXIMUM_PARTIES``.
    issues
        Names, in the order of the columns of every array of levels.
    levels
        Names of the levels of each issue.
    factors, rules
        Terms of the utilities, and hard constraints. Both may be empty.
    no_deal
        float64, shape (parties,): utility without a deal.

    Raises
    ------
    ValueError
        Where names repeat, or a table does not fit its issues; the message says which, what it has and what is
        expected.
    """

    parties: tuple[str, ...]
    issues: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    factors: tuple[Factor, ...]
    rules: tuple[Rule, ...]
    no_deal: NDArray[np.float64]

    def __post_init__(self) -> None:
        _check_names(self)
        factors = tuple(_checked_factor(self, place, factor) for place, factor in enumerate(self.factors))
        rules = tuple(_checked_rule(self, place, rule) for place, rule in enumerate(self.rules))
        no_deal = np.array(self.no_deal, dtype=np.float64)
        if no_deal.shape != (len(self.parties),) or not np.isfinite(no_deal).all():
            raise ValueError(f"no_deal is {no_deal.tolist()}, expected {len(self.parties)} finite numbers, one a party")
        for name, value in (("factors", factors), ("rules", rules), ("no_deal", no_deal)):
            object.__setattr__(self, name, value)

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of levels of each issue."""
        return tuple(len(names) for names in self.levels)

    @cached_property
    def size(self) -> int:
        """Number of packages, whether or not the rules allow them."""
        return prod(self.shape)

    @cached_property
    def grid(self) -> Grid:
        """The factors as whole numbers, in which sums are exact in any order."""
        scopes = tuple(factor.issues for factor in self.factors)
        return grid_of(scopes, tuple(factor.table for factor in self.factors), self.no_deal)

    def gains(self, levels: ArrayLike) -> NDArray[np.float64]:
        """Return the gains over no deal of packages, whether or not the rules allow them.

        Parameters
        ----------
        levels
            Whole numbers, shape (..., issues).

        Returns
        -------
        NDArray
            float64, shape (..., parties), rounded as :mod:`.package_grid` says.
        """
        chosen = self._checked_levels(levels)
        whole = np.zeros((*chosen.shape[:-1], len(self.parties)), dtype=np.int64) + self.grid.base
        for scope, table in zip(self.grid.scopes, self.grid.tables, strict=True):
            at = tuple(chosen[..., issue] for issue in scope)
            whole += np.stack([entries[at] for entries in table], axis=-1)
        return self.grid.to_gains(self.grid.rounded(whole))

    def allowed(self, levels: ArrayLike) -> NDArray[np.bool_]:
        """Return whether every rule allows the packages: bool, shape (...) for levels of shape (..., issues)."""
        chosen = self._checked_levels(levels)
        fine = np.ones(chosen.shape[:-1], dtype=np.bool_)
        for rule in self.rules:
            fine &= rule.allowed[tuple(chosen[..., issue] for issue in rule.issues)]
        return fine

    def _checked_levels(self, levels: ArrayLike) -> NDArray[np.int64]:
        chosen = np.asarray(levels)
        if chosen.shape[-1:] != (len(self.issues),) or not np.issubdtype(chosen.dtype, np.integer):
            raise ValueError(
                f"levels have shape {chosen.shape} of {chosen.dtype}, expected whole numbers (..., {len(self.issues)})"
            )
        if chosen.size and ((chosen < 0) | (chosen >= np.array(self.shape))).any():
            raise ValueError(f"a level lies outside its issue; the issues have {list(self.shape)} levels")
        return chosen.astype(np.int64)


def _check_names(problem: PackageProblem) -> None:
    if not 1 <= len(problem.parties) <= MAXIMUM_PARTIES:
        raise ValueError(f"{len(problem.parties)} parties, expected 1 to {MAXIMUM_PARTIES}")
    if not problem.issues or len(problem.issues) != len(problem.levels):
        raise ValueError(
            f"{len(problem.issues)} issues but levels of {len(problem.levels)}, expected the same number, 1 at least"
        )
    for what, names in (("parties", problem.parties), ("issues", problem.issues)):
        _check_unique(what, names)
    for issue, names in zip(problem.issues, problem.levels, strict=True):
        if not 1 <= len(names) <= MAXIMUM_LEVELS:
            raise ValueError(f'issue "{issue}" has {len(names)} levels, expected 1 to {MAXIMUM_LEVELS}')
        _check_unique(f'levels of "{issue}"', names)


def _check_unique(what: str, names: Sequence[str]) -> None:
    again = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if again:
        raise ValueError(f'{what} repeat the name "{again[0]}"; give each its own')


def _checked_scope(problem: PackageProblem, what: str, scope: tuple[int, ...]) -> tuple[int, ...]:
    known = range(len(problem.issues))
    if len(set(scope)) < len(scope) or any(issue not in known for issue in scope):
        raise ValueError(f"{what} is on issues {list(scope)}, expected different places from 0 to {known[-1]}")
    return tuple(int(issue) for issue in scope)


def _checked_factor(problem: PackageProblem, place: int, factor: Factor) -> Factor:
    scope = _checked_scope(problem, f"factor {place}", factor.issues)
    expected = (len(problem.parties), *(problem.shape[issue] for issue in scope))
    table = np.array(factor.table, dtype=np.float64)
    _check_shape(f"the table of factor {place}", table, expected)
    if not np.isfinite(table).all():
        raise ValueError(f"the table of factor {place} has an entry that is no finite number; use a rule to forbid")
    return Factor(scope, table)


def _checked_rule(problem: PackageProblem, place: int, rule: Rule) -> Rule:
    scope = _checked_scope(problem, f"rule {place}", rule.issues)
    allowed = np.array(rule.allowed, dtype=np.bool_)
    _check_shape(f"the table of rule {place}", allowed, tuple(problem.shape[issue] for issue in scope))
    return Rule(scope, allowed)


def _check_shape(what: str, table: NDArray[Any], expected: tuple[int, ...]) -> None:
    if table.shape != expected:
        raise ValueError(f"{what} has shape {table.shape}, expected {expected}")
