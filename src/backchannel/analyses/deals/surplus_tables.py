"""Tables, the chart and the JSON document of a shared surplus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.surplus_findings import NAMES, coalition_name
from backchannel.analyses.deals.words import package_label
from backchannel.results.chart import Axis, Chart, Range, ranges
from backchannel.results.table import Column, Table

if TYPE_CHECKING:
    from backchannel.analyses.deals.surplus import Division, SurplusResult


def tables(found: Bargain, result: SurplusResult) -> tuple[Table, ...]:
    """Return what each coalition secures, what each party gets by each division, and payments to the Shapley value."""
    return (_coalitions(found, result), _divisions(found, result), _payments(found, result))


def _coalitions(found: Bargain, result: SurplusResult) -> Table:
    drawn = result.shares
    columns = (
        Column("coalition", "Coalition"),
        Column("worth", "Secures", "number", "points", "sum of gains over no deal under the worst response"),
        Column("package", "By"),
        Column("shapley", "Shapley value", "number", "points", "what the Shapley value gives its members"),
        Column("excess", "Beyond it", "number", "points", "above 0: it secures more by itself"),
        *((Column("median", "Median", "number", "points", "of its worth over draws"),) if drawn else ()),
    )
    rows = tuple(
        (
            coalition_name(found, result, m),
            float(result.worth[m]),
            package_label(found.model.crisis, result.secured[m - 1].terms) if result.secured[m - 1].terms else "",
            float(result.worth[m] - result.excess[m]),
            float(result.excess[m]),
            *((float(drawn.worth[m]),) if drawn else ()),
        )
        for m in range(1, len(result.worth))
    )
    return Table("surplus.coalitions", "Coalitions", columns, rows)


def _divisions(found: Bargain, result: SurplusResult) -> Table:
    columns = (
        Column("division", "Division"),
        *_party_columns(found, result, "gain", "gain over no deal"),
        Column("sum", "Sum", "number", "points"),
    )
    least = result.least_core.shares
    every = [
        ("Shapley value", result.shapley),
        ("Least core", least),
        *((NAMES[item.name], item.gains) for item in result.divisions),
    ]
    rows = tuple((name, *shares.tolist(), float(shares.sum())) for name, shares in every)
    return Table("surplus.divisions", "Divisions", columns, rows)


def _payments(found: Bargain, result: SurplusResult) -> Table:
    columns = (
        Column("division", "From"),
        Column("package", "Package"),
        *_party_columns(found, result, "payment", "paid to it, below 0 by it"),
    )
    rows = tuple(
        (NAMES[item.name], package_label(found.model.crisis, item.terms), *item.payments.tolist())
        for item in result.divisions
    )
    return Table("surplus.payments", "Side payments to the Shapley value", columns, rows)


def _party_columns(found: Bargain, result: SurplusResult, kind: str, help_: str) -> tuple[Column, ...]:
    return tuple(
        Column(f"{kind}.{party}", name, "number", "points", help_)
        for party, name in zip(result.parties, found.party_names, strict=True)
    )


def charts(found: Bargain, result: SurplusResult) -> tuple[Chart, ...]:
    """Return the chart of what each party gets by each division; none without a surplus."""
    if not result.worth.any():
        return ()
    drawn = result.shares
    rows = []
    for k, party in enumerate(found.party_names):
        low, high = (None, None) if drawn is None else (float(drawn.shapley[0, k]), float(drawn.shapley[2, k]))
        rows.append(Range(party, float(result.shapley[k]), low, high, series="Shapley value"))
        rows += [Range(party, float(item.gains[k]), series=NAMES[item.name]) for item in result.divisions]
    return (
        ranges(
            "divisions",
            "What each party gets, by division",
            f"The Shapley value divides {result.worth[-1]:g} points among {len(result.parties)} parties.",
            value=Axis("Gain over no deal", "points"),
            rows=rows,
            row_title="Party",
        ),
    )


def document_of(result: SurplusResult) -> dict[str, object]:
    """Return the document ``surplus --json`` prints."""
    drawn, least = result.shares, result.least_core
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "parties": list(result.parties),
        "no_deal": {"words": result.no_deal, "value": _by(result, result.base)},
        "coalitions": [
            {
                "members": list(result.coalition[m]),
                "worth": float(result.worth[m]),
                "terms": dict(result.secured[m - 1].terms),
                "excess": float(result.excess[m]),
            }
            for m in range(1, len(result.worth))
        ],
        "shapley": _by(result, result.shapley),
        "shapley_in_core": result.in_core,
        "core": {
            "empty": least.core_empty,
            "least_excess": least.epsilon,
            "division": _by(result, least.shares),
            "claims_most": [
                {"members": list(result.coalition[m]), "weight": weight}
                for m, weight in zip(result.blocking.coalitions.tolist(), result.blocking.weights.tolist(), strict=True)
            ],
            "claim": result.blocking.claim,
        },
        "divisions": [_division(result, item) for item in result.divisions],
        "draws": None
        if drawn is None
        else {
            "draws": drawn.draws,
            "shapley": {
                name: {"low": float(low), "median": float(middle), "high": float(high)}
                for name, low, middle, high in zip(result.parties, *drawn.shapley, strict=True)
            },
            "share_core_empty": drawn.core_empty,
            "share_shapley_in_core": drawn.shapley_in_core,
        },
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _by(result: SurplusResult, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(result.parties, values, strict=True)}


def _division(result: SurplusResult, item: Division) -> dict[str, object]:
    return {
        "name": item.name,
        "terms": dict(item.terms),
        "gains": _by(result, item.gains),
        "payments": _by(result, item.payments),
        "short": item.short,
    }
