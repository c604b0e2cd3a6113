"""The charts of the pillars: chance of fall by offer, thresholds against beliefs, the cascade and its order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.pillars.defection import chance_of_fall, crowd, falls_below
from backchannel.analyses.pillars.judging import Case
from backchannel.analyses.pillars.pillars_result import PillarsResult
from backchannel.analyses.pillars.regime import Regime
from backchannel.results.chart import Axis, Chart, Curve, Level, Range, lines, ranges, steps

Floats = NDArray[np.float64]

POINTS = 61
DIGITS = 3
"""Digits after the point of what a chart prints."""


def charts(result: PillarsResult, cases: tuple[Case, ...]) -> tuple[Chart, ...]:
    """Return every chart of a result."""
    made = [_thresholds(result)]
    for j, government in enumerate(result.governments):
        regimes = [(case.name, case.counted[j]) for case in cases]
        tag = "" if len(result.governments) == 1 else f"-{j + 1}"
        made += [_by_offer(result, government, regimes, tag), _willing(result, regimes, j, tag)]
        if len(regimes[0][1].pillars) > 1:
            made.append(_order(result, regimes[0][1], j, tag))
    return tuple(made)


def _name(result: PillarsResult, government: str) -> str:
    return result.government_names[result.governments.index(government)]


def _thresholds(result: PillarsResult) -> Chart:
    rows = [
        Range(
            f"{result.names[i]}: {result.case_name(case)}" if len(result.pillars) > 1 else result.case_name(case),
            round(float(min(result.belief[k, i], result.reach[k, i])), DIGITS) if result.has_belief[i] else None,
            threshold=None if result.never[k, i] else round(float(result.threshold[k, i]), DIGITS),
        )
        for i in range(len(result.pillars))
        for k, case in enumerate(result.cases)
    ]
    return ranges(
        "thresholds",
        "Chance of fall: what a member believes, and at what he moves",
        "A dot for the belief of a member and a tick for the chance of fall at which he moves, by case.",
        value=Axis("Chance of fall", scale="share", least=0.0, most=1.0),
        rows=rows,
        row_title="Case",
    )


def _by_offer(result: PillarsResult, government: str, regimes: list[tuple[str, Regime]], tag: str) -> Chart:
    """One curve a stance: what is the same whatever is promised, that is, all but the pay-offs of a fall."""
    base = regimes[0][1]
    width = float(np.max(np.abs(base.stakes.prize), initial=1.0))
    more = np.linspace(-width, 2 * width, POINTS)
    curves = []
    for name, regime in _stances(regimes):
        falls = {"stay_falls": base.stakes.stay_falls, "move_falls": base.stakes.move_falls}
        offered = replace(regime, stakes=replace(regime.stakes, **falls))
        chances = [_chance_with(result, offered, float(extra)) for extra in more]
        curves.append(Curve(result.case_name(name), tuple(more.tolist()), tuple(chances)))
    return lines(
        f"fall-by-offer{tag}",
        f"Chance that {_name(result, government)} falls, by what is promised",
        "Curves of the chance of fall against points added to what those who move are promised, one for each stance.",
        x=Axis("Added to the promise in the file", "points"),
        y=Axis("Chance of fall", scale="share", least=0.0, most=1.0),
        curves=curves,
    )


def _stances(regimes: list[tuple[str, Regime]]) -> list[tuple[str, Regime]]:
    """Return one case a stance, by the name of the one whose pay-offs of a fall are the file's, if there is one."""
    base = regimes[0][1]
    found: list[tuple[str, Regime]] = []
    like = sorted(regimes, key=lambda case: not np.array_equal(case[1].stakes.prize, base.stakes.prize))
    for name, regime in like:
        if not any(_same_stance(regime, known) for _, known in found):
            found.append((name, regime))
    return found


def _same_stance(one: Regime, other: Regime) -> bool:
    pairs = [
        (one.stakes.stay_survives, other.stakes.stay_survives),
        (one.stakes.move_survives, other.stakes.move_survives),
        (one.reach, other.reach),
        (one.mass, other.mass),
        (one.raised, other.raised),
    ]
    return one.falls_at == other.falls_at and all(np.array_equal(first, second) for first, second in pairs)


def _chance_with(result: PillarsResult, regime: Regime, extra: float) -> float:
    changed = replace(regime, stakes=replace(regime.stakes, move_falls=regime.stakes.move_falls + extra))
    return float(chance_of_fall(changed, falls_below(changed, result.params.prior).least)[0])


def _willing(result: PillarsResult, regimes: list[tuple[str, Regime]], j: int, tag: str) -> Chart:
    shares = np.linspace(0.0, 1.0, POINTS)
    curves = [Curve("as many as have moved", (0.0, 1.0), (0.0, 1.0))]
    for name, regime in regimes:
        group = crowd(regime)
        seen = np.broadcast_to(shares[:, None], (POINTS, len(regime.pillars)))
        willing = (group.willing(seen) * group.mass).sum(axis=1)
        curves.append(Curve(result.case_name(name), tuple(shares.tolist()), tuple(willing.tolist())))
    return lines(
        f"tipping{tag}",
        f"Who would move by who has moved: the pillars of {result.government_names[j]}",
        "Curves of the share that would move against the share that has moved; where one crosses the diagonal upwards, "
        "the rest follow.",
        x=Axis("Share that has moved", scale="share", least=0.0, most=1.0),
        y=Axis("Share that would move", scale="share", least=0.0, most=1.0),
        curves=curves,
    )


def _order(result: PillarsResult, regime: Regime, j: int, tag: str) -> Chart:
    order = result.movement[j].order
    tips = [
        point.share
        for point in result.tipping
        if point.case == "" and point.government == regime.government and not point.stable
    ]
    return steps(
        f"order{tag}",
        f"In which order the pillars of {result.government_names[j]} would move",
        "A bar for each pillar, the one that asks for the smallest share of the others first, as long as its mass.",
        value=Axis("Share of the pillars", scale="share", least=0.0, most=1.0),
        names=[regime.names[k] for k in order],
        gains=[round(float(regime.mass[0, k]), DIGITS) for k in order],
        row_title="Pillar",
        levels=[Level(round(tips[0], DIGITS), "tipping share")] if tips and regime.sees_all else [],
    )
