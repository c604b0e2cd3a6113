"""What tying issues together buys: for every set of issues, is there a zone, and what does each side gain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.deals.bargain import Bargain, Terms, bargain, bargain_needs
from backchannel.analyses.deals.exchange_rates import Exchange, exchange_of
from backchannel.analyses.deals.linkage_findings import linkage_charts, linkage_findings, linkage_tables
from backchannel.analyses.deals.redrawn_order import order_shares
from backchannel.analyses.deals.robustness import shares
from backchannel.analyses.deals.words import row_label
from backchannel.analyses.deals.zone import Nearest, nearest, solve_zone
from backchannel.analyses.stability import stability
from backchannel.errors import TooLargeError
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.results.result import Result

MOST_ISSUES = 10
"""Issues whose sets are all looked at: 2^10 bargains."""

NO_CELLS: NDArray[np.int64] = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Params(Terms):
    """Who signs and against what; ``issues`` are those whose sets are looked at, all of the file if empty."""


@dataclass(frozen=True, eq=False)
class IssueSet:
    """The bargain over some issues.

    Parameters
    ----------
    issues
        The issues, in file order.
    packages, zone
        Number of packages, and of those acceptable to all.
    best
        Largest gain of each party among acceptable packages, points, shape (parties,); NaN in an empty zone.
    nash, nash_gains
        The package Nash's product picks, and its gains; empty and NaN in an empty zone.
    nearest, nearest_package
        Of an empty zone, the package nearest to one.
    share
        Share of draws with a zone; NaN without draws.
    order_share
        The same with magnitudes redrawn.
    """

    issues: tuple[str, ...]
    packages: int
    zone: int
    best: NDArray[np.float64]
    nash: str
    nash_gains: NDArray[np.float64]
    nearest: Nearest | None
    nearest_package: str
    share: float
    order_share: float


@dataclass(frozen=True, kw_only=True, eq=False)
class LinkageResult(Result):
    """Bargains over every set of issues, single issues first.

    Parameters
    ----------
    parties
        Actor ids.
    issues
        The issues, in file order.
    sets
        One bargain for every non-empty set of issues.
    opens
        Issues without which no set has a zone, among those that are in some set with one.
    ballast
        Issues whose removal never closes a zone nor lowers what anybody can gain at best.
    exchange
        What each named deal exchanges between two parties over two issues.
    """

    parties: tuple[str, ...]
    issues: tuple[str, ...]
    sets: tuple[IssueSet, ...]
    opens: tuple[str, ...]
    ballast: tuple[str, ...]
    exchange: tuple[Exchange, ...]
    params: Params


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: what deals need, and two issues that the parties' options belong to."""
    return stability.requires(model) or bargain_needs(model) or _issue_needs(issues_of(model))


def _issue_needs(issues: tuple[str, ...]) -> tuple[Need, ...]:
    if len(issues) > 1:
        return ()
    why = "there is nothing to tie together unless options belong to two issues or more"
    return (Need("issues", why, "options: {dam: {by: north, issue: water}}"),)


def issues_of(model: Model) -> tuple[str, ...]:
    """Return the issues that options belong to, in the order of the file."""
    named = {option.issue for option in model.crisis.options.values()}
    return tuple(issue for issue in model.crisis.issues if issue in named)


def run(model: Model, context: Context, params: Params | None = None) -> LinkageResult:
    """Bargain over every set of issues, and read from it which issue opens the zone and which is ballast.

    Source: Tollison and Willett (1979) and Sebenius (1983) on linkage; the exchange rates are those of a swap of two
    concessions. Cost: one bargain for each set of issues, and with draws its valuation in each.

    Raises
    ------
    NotSupportedError
        As :func:`backchannel.analyses.deals.deals.run`, or with fewer than two issues.
    TooLargeError
        With more than :data:`MOST_ISSUES` issues.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(stability.requires(model) if params.parties else requires(model))
    issues = params.issues or issues_of(model)
    demand(_issue_needs(issues))
    if len(issues) > MOST_ISSUES:
        raise TooLargeError(
            f"{len(issues)} issues have {2 ** len(issues) - 1:,} sets and {2**MOST_ISSUES - 1:,} can be looked at; "
            f"name up to {MOST_ISSUES} with --issues"
        )
    groups = [group for size in range(1, len(issues) + 1) for group in combinations(issues, size)]
    sets = []
    for done, group in enumerate(groups):
        context.progress(done, len(groups))
        sets.append(_over(model, replace(params, issues=group), context))
    context.progress(len(groups), len(groups))
    whole = bargain(model, replace(params, issues=()))
    result = LinkageResult(
        provenance=context.provenance,
        parties=tuple(model.actors[row] for row in whole.parties),
        issues=issues,
        sets=tuple(sets),
        opens=_opens(issues, sets),
        ballast=_ballast(issues, sets),
        exchange=tuple(found for item in whole.named if (found := exchange_of(whole, item)) is not None),
        params=params,
    )
    return replace(
        result,
        findings=linkage_findings(whole, result),
        tables=linkage_tables(whole, result),
        charts=linkage_charts(whole, result),
    )


def _over(model: Model, terms: Params, context: Context) -> IssueSet:
    found = bargain(model, replace(terms, package=()))
    solved = solve_zone(found.valued)
    zone, parties = solved.zone, len(found.parties)
    close = None if zone.size else nearest(found.valued)
    pick = int(solved.nash[0]) if zone.size else -1
    share, order = _shares(found, context)
    return IssueSet(
        terms.issues,
        found.packages.size,
        int(zone.size),
        found.valued.worst[zone].max(axis=0) if zone.size else np.full(parties, np.nan),
        row_label(found, pick) if zone.size else "",
        found.valued.worst[pick] if zone.size else np.full(parties, np.nan),
        close,
        row_label(found, close.row) if close is not None else "",
        share,
        order,
    )


def _shares(found: Bargain, context: Context) -> tuple[float, float]:
    if not context.provenance.draws:
        return float("nan"), float("nan")
    values = draw_matrix(found.model.inputs, context.provenance.draws, context.provenance.seed)
    quiet = replace(context, report=lambda done, total: None)
    drawn = shares(found.model, found.packages, NO_CELLS, found.continuation, values, quiet)
    order = order_shares(found, NO_CELLS, quiet)
    return drawn.some_package, float("nan") if order is None else order.some_package


def _opens(issues: tuple[str, ...], sets: list[IssueSet]) -> tuple[str, ...]:
    """Return issues that every set with a zone contains."""
    good = [set(item.issues) for item in sets if item.zone]
    return tuple(issue for issue in issues if good and all(issue in group for group in good))


def _ballast(issues: tuple[str, ...], sets: list[IssueSet]) -> tuple[str, ...]:
    """Return issues that never add anything: neither a zone nor a better best for anybody."""
    by_set = {frozenset(item.issues): item for item in sets}
    idle = []
    for issue in issues:
        pairs = [(group, group - {issue}) for group in by_set if issue in group and len(group) > 1]
        alone = by_set[frozenset({issue})].zone == 0
        if alone and pairs and all(_same(by_set[group], by_set[less]) for group, less in pairs):
            idle.append(issue)
    return tuple(idle)


def _same(more: IssueSet, less: IssueSet) -> bool:
    return bool(more.zone) == bool(less.zone) and np.array_equal(more.best, less.best, equal_nan=True)


def document(result: LinkageResult) -> dict[str, object]:
    """Return the document ``deals --linkage --json`` prints, format 1."""
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "parties": list(result.parties),
        "issues": list(result.issues),
        "sets": [_set_json(result, item) for item in result.sets],
        "opens": list(result.opens),
        "ballast": list(result.ballast),
        "exchange": [item.to_json() for item in result.exchange],
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _set_json(result: LinkageResult, item: IssueSet) -> dict[str, object]:
    def by_party(values: NDArray[np.float64] | tuple[float, ...]) -> dict[str, float | None]:
        return {
            name: None if np.isnan(value) else float(value) for name, value in zip(result.parties, values, strict=True)
        }

    close = item.nearest
    return {
        "issues": list(item.issues),
        "packages": item.packages,
        "zone": item.zone,
        "best": by_party(item.best),
        "nash": {"package": item.nash, "gains": by_party(item.nash_gains)} if item.zone else None,
        "nearest": None
        if close is None
        else {"package": item.nearest_package, "short": by_party(close.short), "slack": by_party(close.slack)},
        "share_with_zone": None if np.isnan(item.share) else item.share,
        "share_with_zone_redrawn": None if np.isnan(item.order_share) else item.order_share,
    }
