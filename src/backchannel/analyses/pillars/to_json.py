"""The JSON document of the pillars."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from backchannel.analyses.pillars.pillars_result import PillarsResult

FORMAT = 1


def as_document(result: PillarsResult) -> dict[str, object]:
    """Return the document ``pillars --json`` prints, format 1; the file as it stands is the case with no name."""
    found: dict[str, object] = {
        "format": FORMAT,
        "crisis": result.provenance.crisis,
        "prior": result.params.prior,
        "promises": result.params.promises,
        "pillars": {
            name: {"of": of, "moves": moves}
            for name, of, moves in zip(result.pillars, result.of, result.moves, strict=True)
        },
        "cases": [_case(result, k) for k in range(len(result.cases))],
        "levers": {
            government: [{**asdict(lever), "effect": lever.effect / lever.step} for lever in found]
            for government, found in zip(result.governments, result.levers, strict=True)
        },
        "cascade": {name: _movement(result, k) for k, name in enumerate(result.governments)},
        "elites": {name: _elites(result, k) for k, name in enumerate(result.governments)},
        "exits": [asdict(item) for item in result.exits],
        "triggers": [asdict(item) for item in result.triggers],
    }
    if result.drawn is not None:
        found["draws"] = _drawn(result)
    return found | {
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _case(result: PillarsResult, k: int) -> dict[str, object]:
    name = result.cases[k]
    choices = {choice.pillar: choice for choice in result.choices if choice.case == name}
    members = {
        pillar: {
            "threshold": _or_null(float(result.threshold[k, i]), not result.never[k, i]),
            "threshold_with_trust": _or_null(float(result.trusted_threshold[k, i]), not result.trusted_never[k, i]),
            "belief": float(result.belief[k, i]) if result.has_belief[i] else None,
            "reach": float(result.reach[k, i]),
            "reachable": bool(result.reachable[k, i]),
            "would_move": bool(result.would_move[k, i]),
            "cheapest": choices[pillar].lever if pillar in choices else None,
            "points": choices[pillar].points if pillar in choices else None,
        }
        for i, pillar in enumerate(result.pillars)
    }
    points = [point for point in result.tipping if point.case == name]
    governments = {
        government: {
            "falls_below": float(result.falls_below[k, j]),
            "falls_below_most": float(result.falls_below_most[k, j]),
            "steepness": float(result.steepness[k, j]),
            "chance_of_fall": float(result.chance[k, j]),
            "shares": [
                {"share": point.share, "stable": point.stable} for point in points if point.government == government
            ],
        }
        for j, government in enumerate(result.governments)
    }
    return {"case": name, "members": members, "governments": governments}


def _or_null(value: float, stated: bool) -> float | None:
    return value if stated else None


def _movement(result: PillarsResult, k: int) -> dict[str, object]:
    names = [name for name, of in zip(result.pillars, result.of, strict=True) if of == result.governments[k]]
    move = result.movement[k]
    return {
        "order": [names[place] for place in move.order],
        "would_move_now": dict(zip(names, move.first.tolist(), strict=True)),
        "come_to_rest": dict(zip(names, move.path[-1].tolist(), strict=True)),
        "followers": dict(zip(names, move.followers.tolist(), strict=True)),
    }


def _elites(result: PillarsResult, k: int) -> dict[str, object] | None:
    found = result.elites[k]
    if found is None:
        return None
    names = [name for name, of in zip(result.pillars, result.of, strict=True) if of == result.governments[k]]
    return {
        "quota": found.quota,
        "equilibria": [list(item) for item in found.equilibria],
        "rationality": found.rationality,
        "moving": None if found.moving is None else dict(zip(names, found.moving.tolist(), strict=True)),
    }


def _drawn(result: PillarsResult) -> dict[str, object]:
    over = result.drawn
    assert over is not None

    def spread(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> dict[str, float | None]:
        return {
            key: _or_null(value, bool(np.isfinite(value)))
            for key, value in zip(("5", "50", "95"), values.tolist(), strict=True)
        }

    return {
        "members": {
            name: {
                "would_move": float(over.would_move[i]),
                "reachable": float(over.reachable[i]),
                "threshold": spread(over.threshold[i]),
            }
            for i, name in enumerate(result.pillars)
        },
        "governments": {
            name: {
                "falls_below": spread(over.falls_below[j]),
                "chance_of_fall": spread(over.chance[j]),
                "has_tipping_share": float(over.tips[j]),
                "tipping_share": spread(over.tipping[j]) if over.tips[j] else None,
            }
            for j, name in enumerate(result.governments)
        },
    }
