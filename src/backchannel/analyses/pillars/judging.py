"""Every pillar in every case, as arrays: what the result of the analysis holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.pillars.defection import (
    Prior,
    chance_of_fall,
    elites,
    falls_below,
    members,
    movement,
    tipping,
)
from backchannel.analyses.pillars.levers import cheapest, levers
from backchannel.analyses.pillars.pillars_result import Choice, Params, PillarsResult, TippingPoint
from backchannel.analyses.pillars.regime import Regime
from backchannel.model.model import Model
from backchannel.results.provenance import Provenance

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """The governments of the file or of a variant: as read, and with promises counted as asked."""

    name: str
    read: tuple[Regime, ...]
    counted: tuple[Regime, ...]


def judged(
    model: Model,
    cases: tuple[Case, ...],
    params: Params,
    provenance: Provenance,
    progress: Callable[[], None] = lambda: None,
) -> PillarsResult:
    """Judge every case; findings, tables, charts, exits, triggers and draws are left to the caller.

    ``progress`` is called now and then and may raise to stop.
    """
    names = tuple(model.crisis.pillars)
    base = cases[0].counted
    order = [names.index(name) for regime in base for name in regime.pillars]

    def by_pillar(read: Callable[[Regime], Floats], *, as_read: bool = False) -> Floats:
        lines = [[read(regime)[0] for regime in (case.read if as_read else case.counted)] for case in cases]
        found = np.empty((len(cases), len(names)))
        found[:, order] = [np.concatenate(line) for line in lines]
        return found

    def by_government(read: Callable[[Regime], float]) -> Floats:
        return np.array([[read(regime) for regime in case.counted] for case in cases])

    def below(regime: Regime) -> Floats:
        return falls_below(regime, params.prior).least

    thresholds = by_pillar(lambda regime: members(regime).threshold)
    trusted = by_pillar(lambda regime: members(regime.trusted()).threshold, as_read=True)
    return PillarsResult(
        provenance=provenance,
        pillars=names,
        names=_of_pillars(names, base, lambda regime: regime.names),
        of=tuple(pillar.of for pillar in model.crisis.pillars.values()),
        moves=tuple(pillar.moves for pillar in model.crisis.pillars.values()),
        governments=tuple(regime.government for regime in base),
        government_names=tuple(model.actor_name(regime.government) for regime in base),
        cases=tuple(case.name for case in cases),
        mass=by_pillar(lambda regime: regime.mass)[0],
        threshold=np.minimum(thresholds, 1.0),
        never=np.isinf(thresholds),
        trusted_threshold=np.minimum(trusted, 1.0),
        trusted_never=np.isinf(trusted),
        belief=by_pillar(lambda regime: regime.belief),
        reach=by_pillar(lambda regime: regime.reach),
        has_belief=by_pillar(lambda regime: np.array([regime.has_belief], dtype=np.float64))[0] > 0,
        reachable=by_pillar(lambda regime: members(regime).reachable.astype(np.float64)) > 0,
        would_move=by_pillar(lambda regime: members(regime).would_move.astype(np.float64)) > 0,
        falls_below=by_government(lambda regime: float(below(regime)[0])),
        falls_below_most=by_government(lambda regime: float(falls_below(regime, params.prior).greatest[0])),
        steepness=by_government(lambda regime: float(falls_below(regime, params.prior).steepness[0])),
        chance=by_government(lambda regime: float(chance_of_fall(regime, below(regime))[0])),
        other_prior=np.array([_under_the_other(regime, params.prior) for regime in base]),
        tipping=tuple(point for case in cases for point in _tipping(case)),
        choices=tuple(choice for case in cases for choice in _choices(case, params)),
        levers=tuple(levers(regime, params.prior, params.promises) for regime in cases[0].read),
        movement=tuple(movement(regime) for regime in base),
        elites=tuple(elites(regime, params.rationality, progress) for regime in base),
        params=params,
    )


def _of_pillars(
    names: tuple[str, ...], base: tuple[Regime, ...], read: Callable[[Regime], tuple[str, ...]]
) -> tuple[str, ...]:
    found = {name: text for regime in base for name, text in zip(regime.pillars, read(regime), strict=True)}
    return tuple(found[name] for name in names)


def _tipping(case: Case) -> list[TippingPoint]:
    found = []
    for regime in case.counted:
        points = tipping(regime)
        for share, stable in zip(points.value.tolist(), points.stable.tolist(), strict=True):
            found.append(TippingPoint(case.name, regime.government, share, stable))
    return found


def _choices(case: Case, params: Params) -> list[Choice]:
    found = []
    for regime in case.read:
        ready = levers(regime, params.prior, params.promises)
        for pillar in regime.pillars:
            best = cheapest(ready, pillar)
            if best is not None and best.needed is not None:
                found.append(Choice(case.name, pillar, best.id, best.needed))
    return found


def _under_the_other(regime: Regime, prior: Prior) -> float:
    other: Prior = "common" if prior == "diffuse" else "diffuse"
    if other == "common" and not regime.falls_at.is_uncertain:
        return -1.0
    return float(falls_below(regime, other).least[0])
