"""What the sides believe, what moved it, and what hangs on it: signals, evidence, red lines, thresholds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.signals import signals_tables, signals_words
from backchannel.analyses.signals.beliefs import Track, tracks
from backchannel.analyses.signals.beside import Effect, effects
from backchannel.analyses.signals.evidence import Contest, contests
from backchannel.analyses.signals.leverage import Leverage, PriceStep, leverages, price_steps
from backchannel.analyses.signals.optimism import Optimism, optimism
from backchannel.analyses.signals.red_lines import RedLineVerdict, not_carried_out, red_lines
from backchannel.analyses.signals.separation import Separation, separating_draws, separations
from backchannel.analyses.signals.thresholds import Threshold, holding_draws, thresholds, unmet_deals
from backchannel.analyses.stability import stability
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.results.result import Result


@dataclass(frozen=True)
class Params:
    """What to list.

    Parameters
    ----------
    full
        Whether the tables also hold beliefs that nothing moved, and courses that never come into question.
    """

    full: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class SignalsResult(Result):
    """Beliefs by holder and statement, and everything that turns on them.

    Parameters
    ----------
    as_of
        The day the file stands at; nothing if it gives none.
    tracks
        Every belief over time.
    thresholds
        Beliefs in events against what the holder could do instead.
    threshold_share
        Per threshold: share of draws in which holding out is at least as good; empty without draws. The same in every
        draw, here and in the shares below, where no number behind it has a range.
    separations
        Every signal: who would send it.
    separation_share
        Per signal: share of draws in which it separates the types (0 for cheap talk); empty without draws.
    beside
        What each signal that bears on several statements, or is hypothetical, does to each belief.
    leverages, price_steps
        What a demand is worth to who makes it, and what signals did to others' estimates of that.
    red_lines
        Red lines and their clocks.
    red_line_share
        Per red line: share of draws in which backing down beats carrying out; empty without draws.
    contests
        Contested events and the reports on them.
    optimism
        Deals against waiting, by each party's view.
    unmet
        (deal, options of others that it expects and that need not come about). Such a deal counts as ending where the
        file lets it end.
    hindsight
        Sources published after the file's day. They are counted, and feed no belief.
    resting_on_hindsight
        Paths of numbers that cite one of them all the same.
    params
        What was asked.
    """

    as_of: str
    tracks: tuple[Track, ...]
    thresholds: tuple[Threshold, ...]
    threshold_share: tuple[float, ...]
    separations: tuple[Separation, ...]
    separation_share: tuple[float, ...]
    beside: tuple[Effect, ...]
    leverages: tuple[Leverage, ...]
    price_steps: tuple[PriceStep, ...]
    red_lines: tuple[RedLineVerdict, ...]
    red_line_share: tuple[float, ...]
    contests: tuple[Contest, ...]
    optimism: tuple[Optimism, ...]
    unmet: tuple[tuple[str, tuple[str, ...]], ...]
    hindsight: tuple[str, ...]
    resting_on_hindsight: tuple[str, ...]
    params: Params


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: a ranking of every state, and a belief, a contested event or a red line."""
    needs = list(stability.requires(model))
    crisis = model.crisis
    if not (crisis.beliefs or crisis.contested or crisis.red_lines):
        actor = model.actors[0]
        event = next(iter(crisis.options), "OPTION")
        why = "it says nothing of what anybody holds to be true, so no signal has anything to move"
        needs.append(Need("beliefs", why, f"beliefs: [{{who: {actor}, that: {event}, p: 0.2 in 0.1..0.3, why: ...}}]"))
    return tuple(needs)


def run(model: Model, context: Context, params: Params | None = None) -> SignalsResult:
    """Move beliefs by the signals received, and say what turns on them.

    What it answers: what each side should believe now, which signals can be believed, at which belief an actor's best
    course changes, what a signal did to the price, whether a red line would be acted on and how long it can hang.

    Sources: Bayes (1763); Spence (1973) and Fearon (1994, 1997) for costly signals and audience costs, as minimal
    models derived here. Cost: a pass over the possible states for each belief in an event; draws times a handful of
    states.

    Raises
    ------
    NotSupportedError
        If the file has nothing to say on it, or a signal contradicts a certainty.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(requires(model))
    context.progress(0, 3)
    found = tracks(model.crisis)
    prices = leverages(model)
    late = tuple(name for name, source in model.crisis.sources.items() if source.hindsight)
    result = SignalsResult(
        provenance=context.provenance,
        as_of="" if model.crisis.as_of is None else model.crisis.as_of.isoformat(),
        tracks=found,
        thresholds=thresholds(model, found),
        threshold_share=(),
        separations=separations(model.crisis),
        separation_share=(),
        beside=effects(model.crisis, found),
        leverages=prices,
        price_steps=price_steps(prices, found),
        red_lines=red_lines(model),
        red_line_share=(),
        contests=contests(model.crisis),
        optimism=optimism(model),
        unmet=unmet_deals(model),
        hindsight=late,
        resting_on_hindsight=tuple(item.path for item in model.inputs if set(item.sources) & set(late)),
        params=params,
    )
    context.progress(1, 3)
    if context.provenance.draws:
        result = _drawn(model, context, result)
    context.progress(2, 3)
    result = replace(
        result,
        findings=signals_words.findings(model, result),
        tables=signals_tables.tables(model, result),
        charts=signals_tables.charts(model, result),
    )
    context.progress(3, 3)
    return result


def _drawn(model: Model, context: Context, result: SignalsResult) -> SignalsResult:
    values = draw_matrix(model.inputs, context.provenance.draws, context.provenance.seed)
    track_of = {(track.holder, track.that): track for track in result.tracks}
    holding = [
        holding_draws(model, track_of[item.holder, item.that], item, values).mean() for item in result.thresholds
    ]
    separating = [separating_draws(model, item.signal, values).mean() for item in result.separations]
    kept = [not_carried_out(model, item.name, values).mean() for item in result.red_lines]
    return replace(
        result,
        threshold_share=tuple(np.asarray(holding, dtype=float).tolist()),
        separation_share=tuple(np.asarray(separating, dtype=float).tolist()),
        red_line_share=tuple(np.asarray(kept, dtype=float).tolist()),
    )


def document(result: SignalsResult) -> dict[str, object]:
    """Return the document ``signals --json`` prints, format 1."""
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "as_of": result.as_of,
        "beliefs": [asdict(track) for track in result.tracks],
        "thresholds": _shared(result.thresholds, result.threshold_share),
        "signals": _shared(result.separations, result.separation_share),
        "beside": [asdict(item) for item in result.beside],
        "prices": [asdict(item) for item in result.leverages],
        "price_steps": [asdict(item) for item in result.price_steps],
        "red_lines": _shared(result.red_lines, result.red_line_share),
        "contested": [asdict(item) for item in result.contests],
        "waiting": [asdict(item) for item in result.optimism],
        "unmet": [{"deal": deal, "options": list(options)} for deal, options in result.unmet],
        "hindsight": list(result.hindsight),
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _shared(
    items: tuple[Threshold, ...] | tuple[Separation, ...] | tuple[RedLineVerdict, ...], shares: tuple[float, ...]
) -> list[dict[str, object]]:
    """Return records, each with its share of draws where there are draws."""
    rows = [asdict(item) for item in items]
    return [row | {"share": share} for row, share in zip(rows, shares, strict=True)] if shares else rows
