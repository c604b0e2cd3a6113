"""At what price: what each concession costs its giver and is worth to others, by hazard, and whether it can deliver."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need
from backchannel.analyses.deals.bargain import Bargain, Terms, bargain, bargain_needs
from backchannel.analyses.deals.concessions import Concession, concessions
from backchannel.analyses.deals.deliverability import Delivery, deliveries
from backchannel.analyses.deals.named import named_cell
from backchannel.analyses.deals.no_deal import changed_as
from backchannel.analyses.deals.price_findings import price_charts, price_findings, price_tables
from backchannel.analyses.deals.zone import TOLERANCE, points
from backchannel.analyses.stability import stability
from backchannel.model.model import Model
from backchannel.results.result import Result


@dataclass(frozen=True)
class Params(Terms):
    """Who signs, what may be traded, and which packages are priced: those named, else the file's deals."""


@dataclass(frozen=True, eq=False)
class Clock:
    """How a package's acceptance turns on the chance that things change without a deal.

    Parameters
    ----------
    package
        Its name.
    today, later
        Gain of each party if nothing would change, and if the change were certain, points, shape (parties,).
    threshold
        Chance at which each party is indifferent, shape (parties,); NaN where none between 0 and 1 does it.
    low, high
        Between these chances every party accepts, if all expect the same; NaN where no chance does it.
    """

    package: str
    today: NDArray[np.float64]
    later: NDArray[np.float64]
    threshold: NDArray[np.float64]
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, eq=False)
class PriceResult(Result):
    """Reservation prices, the clock, and deliverability.

    Parameters
    ----------
    parties
        Actor ids.
    base
        Value of no deal, points, shape (parties,).
    concessions
        What a party could concede alone: what it costs it and brings the others.
    to
        Label of the state that may come without a deal; empty where the file says none.
    clock
        Each package by name, by the chance of that change.
    deliveries
        What a seller cannot do itself, and how sure the others must be that it comes.
    """

    parties: tuple[str, ...]
    base: NDArray[np.float64]
    concessions: tuple[Concession, ...]
    to: str
    clock: tuple[Clock, ...]
    deliveries: tuple[Delivery, ...]
    params: Params


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: what deals need."""
    return stability.requires(model) or bargain_needs(model)


def run(model: Model, context: Context, params: Params | None = None) -> PriceResult:
    """Price concessions by solving with and without them, packages by the clock, and promises of others' acts.

    A reservation price is what a party must be paid for a concession: the value of no deal less the value of the
    state in which it alone concedes and third parties have responded. The same difference for another party is the
    most it would pay. Both follow from the worths; neither is typed in.

    Source: Raiffa (1982) on reservation prices; the wasting asset and the differences of continuations are minimal
    models in the spirit of Fearon (1995) and Powell (2006). Cost: one search for responses over all own moves of the
    parties; the rest is linear in packages by name.

    Raises
    ------
    NotSupportedError
        As :func:`backchannel.analyses.deals.deals.run`.
    CancelledError
        If stopped.
    """
    params = params or Params()
    context.progress(0, 1)
    found = bargain(model, params)
    to, clock = _clock(found)
    result = PriceResult(
        provenance=context.provenance,
        parties=tuple(model.actors[row] for row in found.parties),
        base=found.valued.base,
        concessions=concessions(found, params.issues),
        to=to,
        clock=clock,
        deliveries=deliveries(found),
        params=params,
    )
    context.progress(1, 1)
    return replace(
        result,
        findings=price_findings(found, result),
        tables=price_tables(found, result),
        charts=price_charts(found, result),
    )


def _clock(found: Bargain) -> tuple[str, tuple[Clock, ...]]:
    """Return the state that may come without a deal and every package by its chance; one branch of ``no_deal`` only."""
    model, branches = found.model, found.model.crisis.no_deal
    if len(branches) != 1:
        return "", ()
    utilities, parties = points(model), list(found.parties)
    start, end = model.space.today, model.space.find(branches[0].to)
    lost = found.continuation.lost[parties]
    rows = []
    for item in found.named:
        signed = np.array([named_cell(model, item)], dtype=np.int64)
        now, after = (utilities[parties, cell] + lost for cell in (signed[0], changed_as(model, signed, end)[0]))
        rows.append(_of_package(item.name, now - utilities[parties, start], after - utilities[parties, end]))
    return branches[0].to, tuple(rows)


def _of_package(name: str, today: NDArray[np.float64], later: NDArray[np.float64]) -> Clock:
    """Read off where the gain, linear in the chance, changes sign."""
    slope = later - today
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = np.where(slope == 0, np.nan, -today / slope)
    threshold = np.where((crossing >= 0) & (crossing <= 1), crossing, np.nan)
    lows = [0.0 if first > TOLERANCE else _low(first, last) for first, last in zip(today, later, strict=True)]
    highs = [1.0 if last > TOLERANCE else _high(first, last) for first, last in zip(today, later, strict=True)]
    low, high = max(lows), min(highs)
    empty = not low < high
    return Clock(name, today, later, threshold, np.nan if empty else low, np.nan if empty else high)


def _low(first: float, last: float) -> float:
    """Return the chance from which on a party that would not sign today signs; 2, past every chance, if never."""
    return float(first / (first - last)) if last > TOLERANCE else 2.0


def _high(first: float, last: float) -> float:
    """Return the chance up to which a party that would not sign at certainty signs; -1 if never."""
    return float(first / (first - last)) if first > TOLERANCE else -1.0


def document(result: PriceResult) -> dict[str, object]:
    """Return the document ``deals --price --json`` prints, format 1."""
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "parties": list(result.parties),
        "no_deal": dict(zip(result.parties, result.base.tolist(), strict=True)),
        "concessions": [item.to_json() for item in result.concessions],
        "changes_to": result.to or None,
        "clock": [_clock_json(result, item) for item in result.clock],
        "deliveries": [item.to_json() for item in result.deliveries],
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _clock_json(result: PriceResult, item: Clock) -> dict[str, object]:
    def by_party(values: NDArray[np.float64]) -> dict[str, float | None]:
        return {
            name: None if np.isnan(value) else float(value)
            for name, value in zip(result.parties, values.tolist(), strict=True)
        }

    return {
        "package": item.package,
        "gain_if_nothing_changes": by_party(item.today),
        "gain_if_it_changes": by_party(item.later),
        "indifferent_at": by_party(item.threshold),
        "all_accept_between": None if np.isnan(item.low) else [item.low, item.high],
    }
