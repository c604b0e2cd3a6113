"""In how many draws a zone exists and who accepts what: over the file's ranges, and with magnitudes redrawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context
from backchannel.analyses.deals.drawn_responses import drawn_responses
from backchannel.analyses.deals.no_deal import NoDeal
from backchannel.analyses.deals.packages import Packages
from backchannel.analyses.deals.zone import TOLERANCE
from backchannel.model.model import Model
from backchannel.model.worths import drawn_points

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares of draws: of draws over ranges somebody chose, not probabilities.

    Parameters
    ----------
    draws
        How many.
    some_package
        Share in which the zone holds a package.
    in_zone
        Share in which each package is in the zone, shape (packages,).
    accepts
        Share in which each party prefers each package to no deal, shape (packages, parties).
    named_accepts
        The same of packages by name, at the states they are to end in, shape (named, parties).
    named_zone
        Share in which every party prefers each of them, shape (named,).
    some_named
        Share in which every party prefers one of them at least.
    """

    draws: int
    some_package: float
    in_zone: Floats
    accepts: Floats
    named_accepts: Floats
    named_zone: Floats
    some_named: float


def shares(
    model: Model,
    packages: Packages,
    named: NDArray[np.int64],
    continuation: NoDeal,
    values: Floats,
    context: Context,
) -> Shares:
    """Value every package and every named end state in each draw.

    Parameters
    ----------
    model
        The model.
    packages
        Packages with their ends at the centres; ends are found anew in draws in which a third party's worths differ.
    named
        int64, shape (named,): end states of packages by name.
    continuation
        No deal.
    values
        Shape (draws, inputs).
    context
        Whom to tell.

    Notes
    -----
    Cost: draws x ends x terms; where third parties' worths are uncertain, also one search for ends a draw.
    """
    seed = context.provenance.seed
    accepted, zone = _packages(model, packages, continuation, values, context)
    by_name = named_gains(model, packages.parties, named, continuation, values, seed) > TOLERANCE
    both = np.asarray(by_name.all(axis=2))
    count = len(values)
    return Shares(
        draws=count,
        some_package=float(zone.some / count),
        in_zone=zone.each / count,
        accepts=accepted / count,
        named_accepts=by_name.mean(axis=0),
        named_zone=both.mean(axis=0),
        some_named=float(both.any(axis=1).mean()) if named.size else 0.0,
    )


def party_base(
    model: Model, parties: tuple[int, ...], continuation: NoDeal, values: Floats, seed: int | None
) -> Floats:
    """Return the value of no deal to each party in each draw, shape (draws, parties)."""
    weights = continuation.weights(model, values, seed)
    today = continuation.cells[:1]
    columns = [
        drawn_worth(model, actor, today, continuation, values, weights)[:, 0] - continuation.lost[actor]
        for actor in parties
    ]
    return np.stack(columns, axis=1)


def drawn_worth(
    model: Model,
    actor: int,
    cells: NDArray[np.int64],
    continuation: NoDeal,
    values: Floats,
    weights: Floats,
    factors: Floats | None = None,
) -> Floats:
    """Return what some states are worth to an actor in each draw, with what may come after, shape (draws, cells).

    ``weights`` are those of the continuation, shape (draws, actors, outcomes); ``factors`` scale the terms.
    """
    worth = np.zeros((len(values), cells.size))
    for outcome, then in enumerate(continuation.then(model, cells)):
        worth += weights[:, actor, outcome, None] * drawn_points(model, actor, then, values, factors)
    return worth


def named_gains(
    model: Model,
    parties: tuple[int, ...],
    cells: NDArray[np.int64],
    continuation: NoDeal,
    values: Floats,
    seed: int | None,
) -> Floats:
    """Return each party's gain over no deal at some states in each draw, shape (draws, states, parties)."""
    weights = continuation.weights(model, values, seed)
    base = party_base(model, parties, continuation, values, seed)
    columns = [
        drawn_worth(model, actor, cells, continuation, values, weights) - base[:, k, None]
        for k, actor in enumerate(parties)
    ]
    return np.stack(columns, axis=2)


@dataclass
class _Zone:
    each: Floats
    some: int = 0


def _packages(
    model: Model, packages: Packages, continuation: NoDeal, values: Floats, context: Context
) -> tuple[Floats, _Zone]:
    base = party_base(model, packages.parties, continuation, values, context.provenance.seed)
    weights = continuation.weights(model, values, context.provenance.seed)
    accepted = np.zeros((packages.size, len(packages.parties)))
    zone = _Zone(np.zeros(packages.size))
    responses = drawn_responses(model, packages, values)
    for rows, worst in responses.blocks():
        worth = [
            worst(drawn_worth(model, actor, responses.cells, continuation, values[rows], weights[rows]))
            for actor in packages.parties
        ]
        yes = np.stack(worth, axis=2) - base[rows, None] > TOLERANCE
        accepted += yes.sum(axis=0)
        every = np.asarray(yes.all(axis=2))
        zone.each += every.sum(axis=0)
        zone.some += int(every.any(axis=1).sum())
        context.progress(rows.stop, len(values))
    return accepted, zone
