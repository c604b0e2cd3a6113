"""The document ``deals --json`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from backchannel.analyses.deals.deals import DealsResult, NamedDeal


def deal_document(result: DealsResult) -> dict[str, object]:
    """Return the document, format 1; packages outside the zone come only with ``full``."""
    rows = range(len(result.levels)) if result.params.full else result.solutions.zone.tolist()
    solved = result.solutions
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "parties": list(result.parties),
        "no_deal": {"words": result.no_deal, "value": dict(zip(result.parties, result.base.tolist(), strict=True))},
        "route": result.route,
        "packages": len(result.levels),
        "zone": int(solved.zone.size),
        "list": [_package(result, int(row)) for row in rows],
        "solutions": {
            name: [_terms(result, int(row)) for row in picked]
            for name, picked in (
                ("front", solved.front),
                ("nash", solved.nash),
                ("kalai_smorodinsky", solved.kalai_smorodinsky),
                ("equal_gains", solved.equal_gains),
                ("utilitarian", solved.utilitarian),
            )
        },
        "nearest": _nearest(result),
        "side_payment": None
        if result.payment is None
        else {"levels": _terms(result, result.payment[0]), "points": result.payment[1]},
        "widths": [
            {"issue": item.issue or None, "settings": item.settings, "acceptable": item.acceptable}
            for item in result.widths
        ],
        "lottery": None
        if result.mixture is None
        else {
            "packages": [_terms(result, int(row)) for row in result.mixture.rows],
            "chances": result.mixture.chances.tolist(),
            "gains": _by(result.parties, result.mixture.gains),
        },
        "deals": [_named(result, k, deal) for k, deal in enumerate(result.named)],
        "frames": [{"actor": item.actor, "packages": item.packages, "zone": item.zone} for item in result.seen],
        "draws": _draws(result),
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _terms(result: DealsResult, row: int) -> dict[str, int]:
    return {option: int(level) for option, level in zip(result.options, result.levels[row], strict=True)}


def _by(names: tuple[str, ...], values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> dict[str, float | None]:
    return {name: float(value) if np.isfinite(value) else None for name, value in zip(names, values, strict=True)}


def _package(result: DealsResult, row: int) -> dict[str, object]:
    at = np.flatnonzero(result.holding.rows == row)
    entry: dict[str, object] = {
        "levels": _terms(result, row),
        "gains": _by(result.parties, result.worst[row]),
        "gains_if_best": _by(result.parties, result.best[row]),
        "outsiders": _by(result.outsiders, result.outsider_gains[row]),
        "responses": int(result.responses[row]),
        "ends": list(result.ends[at[0]]) if at.size else None,
        "acceptable": bool(result.zone[row]),
        "front": bool((result.solutions.front == row).any()),
        "holds": bool(result.holding.seq[at[0]]) if at.size else None,
    }
    if result.shares is not None:
        entry["share_acceptable"] = float(result.shares.in_zone[row])
        entry["share_accepts"] = _by(result.parties, result.shares.accepts[row])
    return entry


def _nearest(result: DealsResult) -> dict[str, object] | None:
    close = result.nearest
    if close is None:
        return None
    return {
        "levels": _terms(result, close.row),
        "short": dict(zip(result.parties, close.short, strict=True)),
        "slack": dict(zip(result.parties, close.slack, strict=True)),
    }


def _named(result: DealsResult, k: int, deal: NamedDeal) -> dict[str, object]:
    entry: dict[str, object] = {
        "name": deal.name,
        "terms": dict(deal.terms),
        "state": deal.state,
        "gains": _by(result.parties, deal.gains),
        "outsiders": _by(result.outsiders, deal.outsiders),
        "acceptable": deal.accepted,
        "unmet": list(deal.unmet),
        "settles": deal.settles,
        "holds": list(deal.holds),
        "breakers": list(deal.breakers),
        "turns_on": [
            {"party": result.parties[item.party], "input": item.path, "indifferent_at": item.flips}
            for item in result.deciders
            if item.package == k and item.inside
        ],
    }
    if result.shares is not None:
        entry["share_accepts"] = _by(result.parties, result.shares.named_accepts[k])
        entry["share_acceptable"] = float(result.shares.named_zone[k])
    return entry


def _draws(result: DealsResult) -> dict[str, object] | None:
    drawn, order = result.shares, result.order_shares
    if drawn is None:
        return None
    redrawn = None
    if order is not None:
        redrawn = {
            "files": order.draws,
            "tried": order.tried,
            "some_package": order.some_package,
            "deals": {deal.name: float(value) for deal, value in zip(result.named, order.named_zone, strict=True)},
        }
    return {
        "draws": drawn.draws,
        "some_package": drawn.some_package,
        "some_deal": drawn.some_named,
        "standard_error_at_most": 0.5 / drawn.draws**0.5,
        "magnitudes_redrawn": redrawn,
    }
