"""When those who hold a government up move: thresholds, the strength it can lose, cascades, elites, the exit."""

from __future__ import annotations

from dataclasses import replace

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.pillars.charts import charts
from backchannel.analyses.pillars.drawn import drawn
from backchannel.analyses.pillars.exit import exits
from backchannel.analyses.pillars.judging import Case, judged
from backchannel.analyses.pillars.patron import triggers
from backchannel.analyses.pillars.pillars_result import Params, PillarsResult
from backchannel.analyses.pillars.regime import regimes
from backchannel.analyses.pillars.tables import tables
from backchannel.analyses.pillars.to_json import as_document
from backchannel.analyses.pillars.words import findings
from backchannel.analyses.stability import stability
from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.spec.changes import with_values
from backchannel.spec.crisis import Crisis
from backchannel.spec.positions import suggest

__all__ = ["Params", "PillarsResult", "document", "requires", "run"]

EXAMPLE = (
    "pillars: {army: {of: ruler, moves: defect, stay_survives: 1, stay_falls: -0.5, move_survives: -1, "
    "move_falls: 0.8, why: rents, ruin or posts}}"
)


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: preferences over every state, and at least one pillar."""
    needs = list(stability.requires(model))
    if not model.crisis.pillars:
        needs.append(Need("pillars", "nobody is said to hold a government up", EXAMPLE))
    return tuple(needs)


def run(model: Model, context: Context, params: Params | None = None) -> PillarsResult:
    """Judge every pillar, the strength its government can lose, what tips it, and when the incumbent leaves.

    Source: a minimal model in the spirit of Morris and Shin (1998, 2003), Casper and Tyson (2014), Granovetter (1978)
    and Kuran (1991); the game between pillars by McKelvey and Palfrey (1995). Cost: closed forms a case and draw; the
    moves of outsiders cost the states their followers reach.

    Raises
    ------
    NotSupportedError
        Without pillars, for an unknown variant, or with a common prior where strength is known exactly.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(requires(model))
    names = ("", *_compared(model.crisis, context, params))
    total = len(names) + 2
    cases = []
    for done, name in enumerate(names):
        context.progress(done, total)
        crisis = with_values(model.crisis, model.crisis.variants[name].set) if name else model.crisis
        read = regimes(crisis)
        counted = tuple(regime.trusted() for regime in read) if params.promises == "trusted" else read
        cases.append(Case(name, read, counted))
    result = judged(model, tuple(cases), params, context.provenance, lambda: context.progress(len(names), total))
    context.progress(total - 2, total)
    base, draws = cases[0].read, context.provenance.draws
    ways = {regime.government: exits(model, regime) for regime in base}
    first = {name: found[0].option if found else "" for name, found in ways.items()}
    result = replace(
        result,
        exits=tuple(way for found in ways.values() for way in found),
        triggers=tuple(found for regime in base for found in triggers(model, regime, first[regime.government])),
    )
    context.progress(total - 1, total)
    if draws:
        over = drawn(model.crisis, draws, context.provenance.seed, params.prior, params.promises)
        result = replace(result, drawn=over)
    context.progress(total, total)
    return replace(
        result,
        findings=findings(model, base, result),
        tables=tables(model, result),
        charts=charts(result, tuple(cases)),
    )


def _compared(crisis: Crisis, context: Context, params: Params) -> tuple[str, ...]:
    """Return the variants to set beside the file. Raises NotSupportedError for an unknown one."""
    if params.compare is None:
        touching = [name for name, item in crisis.variants.items() if any(p.startswith("pillars.") for p in item.set)]
        return () if context.provenance.variant else tuple(touching)
    for name in params.compare:
        if name not in crisis.variants:
            raise NotSupportedError(f'unknown variant "{name}" to compare; {suggest(name, tuple(crisis.variants))}')
    return tuple(dict.fromkeys(params.compare))


def document(result: PillarsResult) -> dict[str, object]:
    """Return the document ``pillars --json`` prints, format 1."""
    return as_document(result)
