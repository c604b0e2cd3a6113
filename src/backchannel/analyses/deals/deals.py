"""Is there a deal: packages every party prefers to no deal once third parties have responded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need
from backchannel.analyses.deals.bargain import (
    Bargain,
    Terms,
    bargain,
    bargain_needs,
    bargaining_weights,
    has_common_scale,
)
from backchannel.analyses.deals.deal_charts import charts
from backchannel.analyses.deals.deal_document import deal_document
from backchannel.analyses.deals.deal_findings import findings
from backchannel.analyses.deals.deal_tables import tables
from backchannel.analyses.deals.deciders import Decider, deciders
from backchannel.analyses.deals.holding import Holding, holding, judged
from backchannel.analyses.deals.named import named_cell, unmet_expectations
from backchannel.analyses.deals.no_deal import no_deal_words
from backchannel.analyses.deals.redrawn_order import OrderShares, order_shares
from backchannel.analyses.deals.robustness import Shares, shares
from backchannel.analyses.deals.seen import Seen, seen_by_frame
from backchannel.analyses.deals.zone import TOLERANCE, Nearest, Solutions, nearest, solve_zone
from backchannel.analyses.deals.zone_extent import Mixture, Width, mixture, side_payment, widths
from backchannel.analyses.stability import stability
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.model.words import literals, state_label
from backchannel.results.result import Result


@dataclass(frozen=True)
class Params(Terms):
    """Who signs, what may be traded, against what, and what is listed.

    Parameters
    ----------
    weights
        (party, bargaining weight) for Nash's solution; 1 for who is not named.
    full
        Whether tables and JSON hold every package.
    """

    weights: tuple[tuple[str, float], ...] = ()
    full: bool = False


@dataclass(frozen=True, eq=False)
class NamedDeal:
    """A package by name, at the state it is to end in.

    Parameters
    ----------
    name, terms
        Its name, and (option, level) of what the parties do.
    state
        Literal of the state it ends in.
    label
        Label of that state.
    gains
        Gain of each party over no deal, points, shape (parties,).
    outsiders
        Change of each outsider against no deal, points, shape (outsiders,).
    accepted
        Whether every party gains.
    unmet
        Options it expects of third parties that they need not move to once it is signed.
    settles
        Whether third parties come to rest after it.
    holds
        By which of ``nash``, ``seq`` the state is an equilibrium.
    breakers
        Actors for whom it is not sequentially stable.
    """

    name: str
    terms: tuple[tuple[str, int], ...]
    state: str
    label: str
    gains: NDArray[np.float64]
    outsiders: NDArray[np.float64]
    accepted: bool
    unmet: tuple[str, ...]
    settles: bool
    holds: tuple[str, ...]
    breakers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class DealsResult(Result):
    """The packages of some parties against no deal. Packages sort by level, first option of the file slowest.

    Parameters
    ----------
    parties, outsiders
        Actor ids: who signs, and the others.
    no_deal
        No deal in words.
    base
        Value of no deal, points, shape (parties,).
    options
        Options a package may change.
    levels
        int8, shape (packages, options).
    worst, best
        Gain of each party over no deal under the worst and best response, points, shape (packages, parties).
    ends
        Literals of the states in which third parties may come to rest, for each package of the zone.
    responses
        int64, shape (packages,): number of states in which third parties may come to rest; 0 if they never do.
    zone
        Bool, shape (packages,): every party gains whatever the response.
    possible
        Bool, shape (packages,): every party gains under some response.
    outsider_gains
        Change of each outsider under its worst response, points, shape (packages, outsiders); NaN for one that ranks
        states by order only.
    solutions
        The front and what the solutions pick, as rows.
    holding
        Which packages of the zone hold once executed.
    nearest
        Of an empty zone, the package nearest to one.
    payment
        Of an empty zone, the package that the smallest side payment would open, and that payment; None unless points
        can be handed over.
    widths
        How many settings of each issue occur among all packages and among acceptable ones.
    mixture
        Nash's lottery over acceptable packages, where it beats every single one.
    named
        Packages by name.
    seen
        How many packages each frame of the file shows.
    shares, order_shares, deciders
        Over draws; None and empty without.
    route
        How the packages were found: ``enumeration``.
    """

    parties: tuple[str, ...]
    outsiders: tuple[str, ...]
    no_deal: str
    base: NDArray[np.float64]
    options: tuple[str, ...]
    levels: NDArray[np.int8]
    worst: NDArray[np.float64]
    best: NDArray[np.float64]
    ends: tuple[tuple[str, ...], ...]
    responses: NDArray[np.int64]
    zone: NDArray[np.bool_]
    possible: NDArray[np.bool_]
    outsider_gains: NDArray[np.float64]
    solutions: Solutions
    holding: Holding
    nearest: Nearest | None
    payment: tuple[int, float] | None
    widths: tuple[Width, ...]
    mixture: Mixture | None
    named: tuple[NamedDeal, ...]
    seen: tuple[Seen, ...]
    shares: Shares | None
    order_shares: OrderShares | None
    deciders: tuple[Decider, ...]
    route: str
    params: Params


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: options, who would sign, worths in points, and every state ranked."""
    return stability.requires(model) or bargain_needs(model)


def run(model: Model, context: Context, params: Params | None = None) -> DealsResult:
    """Value every package of the parties against no deal, after third parties have responded.

    A package sets the parties' options; the others then improve, in any order, until none of them gains. Where they
    may come to rest in several states a party counts on the worst. No deal is what the file says comes without one.

    Source: Fisher and Ury (1981) and Raiffa (1982) on the zone of agreement; Nash (1950), Kalai and Smorodinsky
    (1975). Third parties' responses by improvements follow the graph model (Fang, Hipel and Kilgour, 1993). Cost:
    packages x the states others can reach x their profiles; with draws, packages' ends x terms a draw, and one search
    for responses a draw where third parties' worths are uncertain.

    Raises
    ------
    NotSupportedError
        On unknown names, or preferences by order only.
    TooLargeError
        If the packages are too many to list.
    CancelledError
        If stopped.
    """
    params = params or Params()
    context.progress(0, 1)
    found = bargain(model, params)
    weights = bargaining_weights(found, params.weights)
    scale = has_common_scale(model, tuple(model.actors[row] for row in found.parties))
    solutions = solve_zone(found.valued, weights, common_scale=scale)
    result = _result(found, context, params, solutions)
    if context.provenance.draws:
        result = _drawn(found, context, result)
    context.progress(1, 1)
    return replace(
        result,
        findings=findings(found, result),
        tables=tables(found, result),
        charts=charts(found, result),
    )


def _result(found: Bargain, context: Context, params: Params, solutions: Solutions) -> DealsResult:
    model, packages, valued = found.model, found.packages, found.valued
    outside = list(found.outsiders)
    at_ends = found.worth(packages.ends.cells)[outside]
    stable = holding(model, packages, solutions.zone)
    return DealsResult(
        provenance=context.provenance,
        parties=tuple(model.actors[row] for row in found.parties),
        outsiders=tuple(model.actors[row] for row in outside),
        no_deal=no_deal_words(model, found.continuation, found.parties),
        base=valued.base,
        options=packages.options,
        levels=packages.levels,
        worst=valued.worst,
        best=valued.best,
        ends=tuple(literals(model, packages.ends.of(row)) for row in solutions.zone.tolist()),
        responses=packages.ends.counts,
        zone=valued.zone,
        possible=valued.possible,
        outsider_gains=_points_only(model, outside, packages.worst(at_ends) - found.base[outside][:, None]).T,
        solutions=solutions,
        holding=stable,
        nearest=None if solutions.zone.size else nearest(valued),
        payment=None if solutions.zone.size else side_payment(found),
        widths=widths(found, solutions.zone),
        mixture=mixture(valued, solutions, bargaining_weights(found, params.weights)),
        named=_named(found),
        seen=seen_by_frame(model, params),
        shares=None,
        order_shares=None,
        deciders=(),
        route="enumeration",
        params=params,
    )


def _points_only(model: Model, rows: list[int], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values (actors, ...) with NaN for actors whose points are no magnitudes."""
    ordinal = np.array([model.utilities[row].scale != "cardinal" for row in rows], dtype=bool)
    return np.where(ordinal[:, None], np.nan, values)


def _named(found: Bargain) -> tuple[NamedDeal, ...]:
    model = found.model
    cells = np.array([named_cell(model, item) for item in found.named], dtype=np.int64)
    over = found.worth(cells) - found.base[:, None]
    verdicts = judged(model, cells)
    rows = []
    for k, (item, (holds, breakers)) in enumerate(zip(found.named, verdicts, strict=True)):
        cell, gains = int(cells[k]), over[list(found.parties), k]
        rows.append(
            NamedDeal(
                item.name,
                item.terms,
                literals(model, np.array([cell]))[0],
                state_label(model, cell),
                gains,
                _points_only(model, list(found.outsiders), over[list(found.outsiders), k][:, None])[:, 0],
                item.settles and bool((gains > TOLERANCE).all()),
                unmet_expectations(model, found.parties, item) if item.stated else (),
                item.settles,
                holds,
                breakers,
            )
        )
    return tuple(rows)


def _drawn(found: Bargain, context: Context, result: DealsResult) -> DealsResult:
    model, seed = found.model, context.provenance.seed
    values = draw_matrix(model.inputs, context.provenance.draws, seed)
    cells = np.array([named_cell(model, item) for item in found.named], dtype=np.int64)
    return replace(
        result,
        shares=shares(model, found.packages, cells, found.continuation, values, context),
        order_shares=order_shares(found, cells, context),
        deciders=deciders(model, found.parties, cells, found.continuation, values, seed),
    )


def document(result: DealsResult) -> dict[str, object]:
    """Return the document ``deals --json`` prints, format 1; packages outside the zone come only with ``full``."""
    return deal_document(result)
