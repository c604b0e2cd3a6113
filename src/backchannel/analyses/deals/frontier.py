"""The front of the zone where the packages are too many to list: exact, by elimination over factored worths."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, HasCrisis, Need, demand
from backchannel.analyses.deals.bargain import Terms, condition_of, default_parties, has_common_scale
from backchannel.analyses.deals.frontier_findings import frontier_findings, frontier_tables
from backchannel.analyses.deals.no_deal import chances_of_change
from backchannel.analyses.deals.options_of import party_options
from backchannel.analyses.deals.zone import TOLERANCE, nearest_of
from backchannel.analyses.stability.symbolic import unranked_needs
from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.model.factored import Change, FactoredPackages, factored_packages
from backchannel.numerics.package_elimination import eliminate
from backchannel.numerics.package_order import plan
from backchannel.numerics.package_problem import PackageProblem
from backchannel.numerics.package_solution import PackageSolution, solve
from backchannel.results.result import Result
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import Levels, find_state, holds, is_feasible, today, utility
from backchannel.spec.positions import suggest

EXAMPLE = "deals: {swap: {parties: [north, south], terms: [dam, treaty], why: ...}}"


@dataclass(frozen=True)
class Params(Terms):
    """Who signs, what may be traded, against what. ``no_deal`` is nothing or ``today``; packages by name are not read.

    Parameters
    ----------
    route
        ``auto``, ``enumeration``, ``elimination`` or ``program``.
    """

    route: str = "auto"


@dataclass(frozen=True)
class Response:
    """What third parties do after a package.

    Parameters
    ----------
    surely, perhaps
        (option, level) that comes about at every end of their improvements, and at some.
    """

    surely: tuple[tuple[str, int], ...]
    perhaps: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class NearestPackage:
    """The package nearest to a zone.

    Parameters
    ----------
    levels
        Level of each option.
    short, slack
        Points each party is short of no deal, or gains; 0 where the other holds.
    """

    levels: tuple[int, ...]
    short: tuple[float, ...]
    slack: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class FrontierResult(Result):
    """The front and the solutions of a factored bargain.

    Parameters
    ----------
    parties
        Actor ids.
    options
        The issues of the package problem: options a package may change.
    base
        Value of no deal, points, shape (parties,).
    groups
        Third parties' options that respond together, and the party options they respond to.
    solution
        Zone, front and solutions; its levels are columns in the order of ``options``.
    shown
        int16, shape (packages, options): packages of the front that every party gains by, at most MOST_SHOWN.
    responses
        What third parties do after each of them.
    nearest
        Of an empty zone, the package nearest to one, and what each party is short of no deal or gains; None otherwise,
        or where the front of all packages is too large to hold.
    restless
        Third parties' options that would change from today with nothing signed. Then the package that changes
        nothing counts as one.
    """

    parties: tuple[str, ...]
    options: tuple[str, ...]
    base: NDArray[np.float64]
    groups: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    solution: PackageSolution
    shown: NDArray[np.int16]
    responses: tuple[Response, ...]
    nearest: NearestPackage | None
    restless: tuple[str, ...]
    common_scale: bool
    params: Params


def requires(model: HasCrisis) -> tuple[Need, ...]:
    """Return what the file lacks: options, who would sign, and their worths in points."""
    crisis = model.crisis
    if needs := tuple(unranked_needs(crisis)):
        return needs
    if crisis.is_general_graph or crisis.merge:
        return (
            Need(
                "options",
                "this file lists moves or merges states, and a package sets options",
                "options: {dam: {by: north}}",
            ),
        )
    parties = default_parties(crisis)
    if len(parties) < 2:
        return (Need("deals", "who would sign is not said; --parties a,b says it for once", EXAMPLE),)
    return _worth_needs(crisis, parties)


def _worth_needs(crisis: Crisis, parties: tuple[str, ...]) -> tuple[Need, ...]:
    return tuple(
        Need(
            f"worths in points for {name}",
            "it ranks states only by order, and gains are differences of points",
            f"{name}: [{{when: dam, worth: 10, why: ...}}]",
        )
        for name in parties
        if not _is_cardinal(crisis, name)
    )


def _is_cardinal(crisis: Crisis, name: str) -> bool:
    terms = crisis.preferences.get(name, ())
    return isinstance(terms, tuple) and not any(term.tier for term in terms)


def run(model: HasCrisis, context: Context, params: Params | None = None) -> FrontierResult:
    """Return the packages no other one beats, and those the classic solutions pick, without listing the packages.

    Source: Nemhauser and Ullmann (1969) on pruning after every issue; Dechter (1999) on elimination. Third parties'
    responses are one more factor for each group of them that responds on its own. Cost: see
    :mod:`backchannel.numerics.package_elimination`; nothing is kept per state.

    Raises
    ------
    NotSupportedError
        On unknown names, preferences by order of a party, rankings of whole states by third parties, or what changes
        without a deal being a party's own option.
    TooLargeError
        If a group of third parties responds to too many combinations.
    CancelledError
        If stopped.
    """
    params = params or Params()
    crisis = model.crisis
    parties = _parties(model, params)
    base, changes = _continuation(crisis, parties, params)
    where = condition_of(crisis, params.where) if params.where else None
    options = party_options(crisis, parties, params.issues)
    context.progress(0, 1)
    factored = factored_packages(crisis, parties, options, _permitted(crisis, options), base, changes, where)
    solution = solve(factored.problem, route=params.route, progress=context.progress)  # type: ignore[arg-type]
    strict = solution.front_levels[(solution.front_gains > TOLERANCE).all(axis=1)]
    shown = strict[:MOST_SHOWN].tolist()
    result = FrontierResult(
        provenance=context.provenance,
        parties=parties,
        options=options,
        base=base,
        groups=tuple((group.options, group.asked) for group in factored.groups),
        solution=solution,
        shown=strict[:MOST_SHOWN],
        responses=tuple(_response(crisis, factored, options, row) for row in shown),
        nearest=_nearest(factored.problem) if not strict.size and solution.gaining in {0, None} else None,
        restless=_restless(crisis, factored, options),
        common_scale=has_common_scale(model, parties),
        params=params,
    )
    context.progress(1, 1)
    return replace(result, findings=frontier_findings(crisis, result), tables=(frontier_tables(crisis, result),))


MOST_SHOWN = 200
"""Packages of the front whose responses are worked out."""


def _parties(model: HasCrisis, params: Params) -> tuple[str, ...]:
    crisis = model.crisis
    demand(tuple(unranked_needs(crisis)))
    if not params.parties or crisis.is_general_graph or crisis.merge:
        demand(requires(model))
    named = params.parties or default_parties(crisis)
    for name in named:
        if name not in crisis.actors:
            raise NotSupportedError(f'unknown party "{name}"; {suggest(name, list(crisis.actors))}')
    parties = tuple(name for name in crisis.actors if name in named)
    if len(parties) < 2:
        raise NotSupportedError(
            f"a package needs two parties or more, got {len(parties)}; name them with --parties a,b"
        )
    demand(_worth_needs(crisis, parties))
    return parties


def _continuation(
    crisis: Crisis, parties: tuple[str, ...], params: Params
) -> tuple[NDArray[np.float64], tuple[Change, ...]]:
    """Return the value of no deal to each party, and what may change without one."""
    now = today(crisis)
    if params.no_deal not in {"", "today"}:
        there = find_state(crisis, params.no_deal)
        return _worth(crisis, parties, there), ()
    branches = () if params.no_deal == "today" else crisis.no_deal
    if params.hazard and not branches:
        raise NotSupportedError("a chance of change needs a state under no_deal that it leads to")
    base, changes = _worth(crisis, parties, now), []
    rows = [list(crisis.actors).index(name) for name in parties]
    numbers = chances_of_change(crisis, params.hazard)[0] if branches else ()
    value = base.copy()
    for branch, chances in zip(branches, numbers, strict=True):
        there = find_state(crisis, branch.to)
        chance = np.array([chances[row].centre for row in rows])
        value += chance * (_worth(crisis, parties, there) - base)
        moved = [(name, new) for name, old, new in zip(crisis.options, now, there, strict=True) if old != new]
        changes.append(Change(tuple(moved), chance))
    return value, tuple(changes)


def _worth(crisis: Crisis, parties: tuple[str, ...], levels: Levels) -> NDArray[np.float64]:
    if not is_feasible(crisis, levels):
        raise NotSupportedError("what comes without a deal is impossible in this file")
    return np.array([utility(crisis, name, levels) for name in parties], dtype=np.float64)


def _permitted(crisis: Crisis, options: tuple[str, ...]) -> dict[str, tuple[bool, ...]]:
    """Return which levels `final` and `frozen`, read today, allow each option."""
    now, found = today(crisis), {}
    for name in options:
        option = crisis.options[name]
        here = option.today_index
        frozen = option.frozen is not None and holds(option.frozen, now, crisis)
        final = option.final is not None and holds(option.final, now, crisis)
        found[name] = tuple(
            level == here or not (frozen or (final and level < here)) for level in range(len(option.levels))
        )
    return found


def _nearest(problem: PackageProblem) -> NearestPackage | None:
    """Return the package nearest to a zone; it is on the front of all packages, acceptable or not."""
    try:
        found = eliminate(problem, plan(problem), accepted=False)
    except TooLargeError:
        return None
    close = nearest_of(problem.grid.to_gains(found.whole))
    if close is None:
        return None
    return NearestPackage(tuple(found.packages(close.row)[0].tolist()), close.short, close.slack)


def _response(crisis: Crisis, factored: FactoredPackages, options: tuple[str, ...], row: list[int]) -> Response:
    level = dict(zip(options, row, strict=True))
    surely: list[tuple[str, int]] = []
    perhaps: list[tuple[str, int]] = []
    for group in factored.groups:
        ends = group.ends_after(tuple(level[name] for name in group.asked))
        for column, name in enumerate(group.options):
            moved = ends[ends[:, column] != crisis.options[name].today_index, column]
            if moved.size:
                every = moved.size == len(ends) and (moved == moved[0]).all()
                (surely if every else perhaps).append((name, int(moved[0])))
    return Response(tuple(surely), tuple(perhaps))


def _restless(crisis: Crisis, factored: FactoredPackages, options: tuple[str, ...]) -> tuple[str, ...]:
    nothing = _response(crisis, factored, options, [crisis.options[name].today_index for name in options])
    return tuple(name for name, _ in (*nothing.surely, *nothing.perhaps))


def document(result: FrontierResult) -> dict[str, object]:
    """Return the document ``frontier --json`` prints, format 1."""
    solved = result.solution

    def package(levels: NDArray[np.int16], gains: NDArray[np.float64]) -> dict[str, object]:
        return {
            "levels": dict(zip(result.options, levels.tolist(), strict=True)),
            "gains": dict(zip(result.parties, gains.tolist(), strict=True)),
        }

    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "parties": list(result.parties),
        "no_deal": dict(zip(result.parties, result.base.tolist(), strict=True)),
        "route": solved.route,
        "packages": solved.size,
        "possible": solved.allowed,
        "zone": solved.gaining,
        "moves_anyway": list(result.restless),
        "responds_together": [{"options": list(own), "asked": list(asked)} for own, asked in result.groups],
        "front": [package(row, gains) for row, gains in zip(solved.front_levels, solved.front_gains, strict=True)],
        "front_complete": solved.front_complete,
        "nearest": None
        if result.nearest is None
        else {
            "levels": dict(zip(result.options, result.nearest.levels, strict=True)),
            "short": dict(zip(result.parties, result.nearest.short, strict=True)),
            "slack": dict(zip(result.parties, result.nearest.slack, strict=True)),
        },
        "solutions": {
            name: [package(row, gains) for row, gains in zip(won.levels, won.gains, strict=True)]
            for name in ("nash", "kalai_smorodinsky", *(("equal_gains", "utilitarian") if result.common_scale else ()))
            if (won := getattr(solved, name)) is not None
        },
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }
