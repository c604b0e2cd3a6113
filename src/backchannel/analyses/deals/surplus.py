"""How the surplus of an agreement is shared: what each coalition secures, core, Shapley value and side payments."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.deals.bargain import Bargain, Terms, bargain, bargain_needs, default_parties
from backchannel.analyses.deals.coalition_worths import (
    Coalition,
    Secured,
    coalitions_of,
    drawn_worths,
    secured,
)
from backchannel.analyses.deals.no_deal import no_deal_words
from backchannel.analyses.deals.surplus_findings import findings
from backchannel.analyses.deals.surplus_tables import charts, document_of, tables
from backchannel.analyses.deals.words import row_settings
from backchannel.analyses.deals.zone import TOLERANCE, solve_zone
from backchannel.analyses.stability import stability
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.numerics.balanced_collection import BalancedCollection, balanced_collection
from backchannel.numerics.cooperative import LeastCore, excesses, in_core, least_core, shapley
from backchannel.results.result import Result

Floats = NDArray[np.float64]

EXAMPLE = "scale: {transferable: yes, unit: ..., why: ...}"

MOST_DRAWS = 1000
"""Draws at most: each needs its own search for responses to every coalition."""


@dataclass(frozen=True)
class Params(Terms):
    """Who may agree, in whole or in part, on what, against what."""


@dataclass(frozen=True, eq=False)
class Division:
    """A package and the side payments that take its parties from it to the Shapley value.

    Parameters
    ----------
    name
        ``largest`` (the sum of all gains, whoever gains it), ``nash``, ``equal_gains`` or ``utilitarian``; the last
        three pick among packages that every party prefers to no deal.
    terms
        (option, level) of what the parties do.
    gains
        What each party gains, points, shape (parties,).
    payments
        What each party is paid on top of it, below 0 if it pays, shape (parties,). They add up to nothing if the
        package brings all that the parties secure together, otherwise to what it falls short of that.
    """

    name: str
    terms: tuple[tuple[str, int], ...]
    gains: Floats
    payments: Floats

    @property
    def short(self) -> float:
        """Points by which the package brings less than the parties secure together."""
        return float(self.payments.sum())


@dataclass(frozen=True, eq=False)
class DrawnShares:
    """The same game in each draw: shares of draws over ranges somebody chose, not probabilities.

    Parameters
    ----------
    draws
        How many were taken.
    worth
        Median worth of each coalition, shape (2^parties,).
    shapley
        5 %, 50 % and 95 % points of each party's Shapley value, shape (3, parties).
    core_empty
        Share in which the core is empty.
    shapley_in_core
        Share in which the Shapley value is in the core.
    """

    draws: int
    worth: Floats
    shapley: Floats
    core_empty: float
    shapley_in_core: float


@dataclass(frozen=True, kw_only=True, eq=False)
class SurplusResult(Result):
    """The surplus of an agreement as a game in which coalitions share what they secure.

    Parameters
    ----------
    parties
        Actor ids in file order; party i is bit i of a coalition.
    no_deal
        No deal in words.
    base
        Value of no deal, points, shape (parties,).
    coalition
        Members of each coalition: entry m has the bits of m, entry 0 is nobody.
    worth
        What each coalition secures over no deal, points, shape (2^parties,).
    secured
        How each secures it, by coalition from 1 on.
    shapley
        Shapley value, points, shape (parties,).
    excess
        What each coalition secures beyond what the Shapley value gives its members, shape (2^parties,).
    in_core
        Whether the Shapley value is in the core.
    least_core
        Smallest excess all coalitions can be held to, and a division that does it.
    blocking
        The balanced collection of coalitions that claims most: why the core is empty, where it is.
    divisions
        Packages and the side payments from them.
    shares
        Over draws; None without.
    """

    parties: tuple[str, ...]
    no_deal: str
    base: Floats
    coalition: tuple[tuple[str, ...], ...]
    worth: Floats
    secured: tuple[Secured, ...]
    shapley: Floats
    excess: Floats
    in_core: bool
    least_core: LeastCore
    blocking: BalancedCollection
    divisions: tuple[Division, ...]
    shares: DrawnShares | None
    params: Params


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: what deals need, and a scale on which the parties' points can be handed over."""
    return stability.requires(model) or bargain_needs(model) or _scale_needs(model, default_parties(model.crisis))


def _scale_needs(model: Model, parties: tuple[str, ...]) -> tuple[Need, ...]:
    scale = model.crisis.scale
    if scale is None or not scale.transferable:
        why = "gains of different parties are added up and handed over, which means nothing unless the file says so"
        return (Need("scale", why, EXAMPLE),)
    outside = [name for name in parties if scale.actors is not None and name not in scale.actors]
    if outside:
        listed = ", ".join([*(scale.actors or ()), *outside])
        why = f"the declared scale leaves out {', '.join(outside)}"
        return (Need("scale", why, f"scale: {{actors: [{listed}], transferable: yes, why: ...}}"),)
    return ()


def run(model: Model, context: Context, params: Params | None = None) -> SurplusResult:
    """Return what coalitions secure, and how what all secure together can be shared.

    A coalition secures the largest sum of its members' gains over no deal that a package of its own options brings
    after everybody else, other parties among them, has responded by improvements, for the worst of where that ends;
    at least 0, since it need not act. What may come without a deal may come after a package too, unless the package
    forestalls it, as in the question on deals.

    Source: von Neumann and Morgenstern (1944) on the worth of a coalition, here with responses that improve in place
    of the most hurtful ones; Shapley (1953); Gillies (1959); Bondareva (1963) and Shapley (1967). Cost: for each of
    2^parties - 1 coalitions, packages x the states others can reach x their profiles; with draws, once a draw.

    Raises
    ------
    NotSupportedError
        On unknown names, preferences by order only, or no declared scale with transferable points.
    TooLargeError
        If there are too many parties or packages.
    CancelledError
        If stopped.
    """
    params = params or Params()
    context.progress(0, 1)
    demand(stability.requires(model))
    found = bargain(model, params)
    demand(_scale_needs(model, tuple(model.actors[row] for row in found.parties)))
    made = coalitions_of(found, params)
    result = _result(found, made, context, params)
    if context.provenance.draws:
        result = replace(result, shares=_drawn(found, made, context))
    context.progress(1, 1)
    return replace(result, findings=findings(found, result), tables=tables(found, result), charts=charts(found, result))


def _result(found: Bargain, made: tuple[Coalition, ...], context: Context, params: Params) -> SurplusResult:
    model, names = found.model, tuple(found.model.actors[row] for row in found.parties)
    parts = [secured(found, item) for item in made]
    worth = np.array([0.0, *(part.worth for part in parts)])
    value = shapley(worth)
    return SurplusResult(
        provenance=context.provenance,
        parties=names,
        no_deal=no_deal_words(model, found.continuation, found.parties),
        base=found.valued.base,
        coalition=((), *(tuple(names[k] for k in item.members) for item in made)),
        worth=worth,
        secured=tuple(parts),
        shapley=value,
        excess=_without_noise(excesses(worth, value)),
        in_core=in_core(worth, value),
        least_core=least_core(worth),
        blocking=balanced_collection(worth),
        divisions=_divisions(found, parts[-1], value),
        shares=None,
        params=params,
    )


def _without_noise(points: Floats) -> Floats:
    return np.where(np.abs(points) > TOLERANCE, points, 0.0)


def _divisions(found: Bargain, largest: Secured, value: Floats) -> tuple[Division, ...]:
    """Return the packages from which payments are reckoned: the largest sum, and what solutions pick in the zone."""
    made = (
        [Division("largest", largest.terms, largest.gains, _without_noise(value - largest.gains))]
        if largest.terms
        else []
    )
    solved = solve_zone(found.valued, common_scale=True)
    for name in ("nash", "equal_gains", "utilitarian"):
        rows = getattr(solved, name)
        if rows.size:
            gains = found.valued.worst[int(rows[0])]
            made.append(Division(name, row_settings(found, int(rows[0])), gains, _without_noise(value - gains)))
    return tuple(made)


def _drawn(found: Bargain, made: tuple[Coalition, ...], context: Context) -> DrawnShares:
    draws = min(context.provenance.draws, MOST_DRAWS)
    values = draw_matrix(found.model.inputs, draws, context.provenance.seed)
    worth = drawn_worths(found, made, values, context)
    value = np.stack([shapley(row) for row in worth])
    return DrawnShares(
        draws=draws,
        worth=np.median(worth, axis=0),
        shapley=np.quantile(value, (0.05, 0.5, 0.95), axis=0),
        core_empty=float(np.mean([least_core(row).core_empty for row in worth])),
        shapley_in_core=float(np.mean([in_core(row, share) for row, share in zip(worth, value, strict=True)])),
    )


def document(result: SurplusResult) -> dict[str, object]:
    """Return the document ``surplus --json`` prints, format 1."""
    return document_of(result)
