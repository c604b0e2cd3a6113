"""The same deal through each format of talks: is there a zone in that room, is it agreed on, is it kept?"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.channels import channels_tables, channels_words
from backchannel.analyses.channels.acceptance import Candidates, Concession, accepted, find_concessions
from backchannel.analyses.channels.bonds import PublicityBond, publicity_bonds
from backchannel.analyses.channels.candidates import named_candidates, package_candidates
from backchannel.analyses.channels.equalised import ABLATIONS, equalised
from backchannel.analyses.channels.formats import Format, premium, read_format
from backchannel.analyses.channels.leads import beats, leads
from backchannel.analyses.channels.publicity import PublicityLimit, publicity_limits
from backchannel.analyses.channels.threats import PublicThreat, public_threats
from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.deals.bargain import Bargain, Terms, bargain, bargain_needs
from backchannel.analyses.deals.no_deal import no_deal_words
from backchannel.analyses.stability import stability
from backchannel.errors import NotSupportedError
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.model.worths import centre_values
from backchannel.numerics.stability import all_stable
from backchannel.results.result import Result

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Params(Terms):
    """Who signs, what may be traded, against what (see :class:`~backchannel.analyses.deals.bargain.Terms`), and how.

    Parameters
    ----------
    search
        Whether every package is tried instead of the named deals.
    """

    search: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelsResult(Result):
    """Every format with its agreement index, as in the file and with attributes made equal.

    Parameters
    ----------
    channels
        Rooms in which every party sits, file order.
    left_out
        Rooms in which some party does not sit.
    parties
        Actors who sign.
    no_deal
        What comes without agreement, in words.
    publicity, authority, drift
        Per channel: means over draws; leaks count as publicity.
    worth_factor
        (channel, actor, issue, factor): what the voices and publicity of the room do to a conceded worth, mean.
    concessions
        On what each publicity premium is charged.
    deals
        Per channel: the deals put to it.
    zone
        Per channel: share of draws in which a deal within its mandate is better for every party than failed talks.
    agreed
        Per channel: the agreement index, mean of zone times authority times (1 − drift).
    kept
        Per channel: the same, counting only deals that hold once executed (sequentially stable at the centres) and
        expect nothing of others that they need not do.
    by_deal
        (channel, deal within its mandate, share of draws in the zone, its agreement index, holds once executed).
    ablations
        Names of the ablations, the first being the file.
    ablated
        float64, shape (ablations, channels): agreement index.
    lead
        float64, shape (ablations, channels, channels): by how many standard errors of the difference over the same
        draws the first channel leads the second; 0 with fewer than 100 draws.
    better
        int8, the same shape: 1 if the first channel leads by more than three, −1 if it trails so, 0 if neither.
    named, named_better
        The deals put to some room, and the same as ``better`` for each, shape (named, ablations, channels, channels);
        none with ``search``.
    unmet
        (deal, options of others that it expects and that need not come about).
    threats
        Red lines: whether being seen makes the threat stronger; none below 100 draws.
    limits
        How public each room could be before a deal is lost, at the centres.
    less_seen
        Bool, shape (channels, channels): whether the first is less public than the second in every draw.
    bonds
        What the publicity of each room adds against breaking a deal once it is done, at the centres.
    params
        What was asked.
    """

    channels: tuple[str, ...]
    left_out: tuple[str, ...]
    parties: tuple[str, ...]
    no_deal: str
    publicity: Floats
    authority: Floats
    drift: Floats
    worth_factor: tuple[tuple[str, str, str, float], ...]
    concessions: tuple[Concession, ...]
    deals: tuple[tuple[str, ...], ...]
    zone: Floats
    agreed: Floats
    kept: Floats
    by_deal: tuple[tuple[str, str, float, float, bool], ...]
    ablations: tuple[str, ...]
    ablated: Floats
    lead: Floats
    better: NDArray[np.int8]
    named: tuple[str, ...]
    named_better: NDArray[np.int8]
    unmet: tuple[tuple[str, tuple[str, ...]], ...]
    threats: tuple[PublicThreat, ...]
    limits: tuple[PublicityLimit, ...]
    less_seen: NDArray[np.bool_]
    bonds: tuple[PublicityBond, ...]
    params: Params


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: a ranking of every state, deals with worths in points, and channels."""
    needs = [*stability.requires(model), *bargain_needs(model)]
    if not model.crisis.channels:
        names = ", ".join(model.actors[:2])
        example = f"channels: {{ministers: {{who: [{names}], publicity: 0.9, authority: 0.5, why: ...}}}}"
        needs.append(Need("channels", "no room is described in which the parties could talk", example))
    return tuple(needs)


def run(model: Model, context: Context, params: Params | None = None) -> ChannelsResult:
    """Put the same deals through every room and say which attribute of the rooms makes the difference.

    A room changes worths (its voices scale an issue), costs (what a party concedes costs it more where it is seen),
    what may be traded (mandate) and what failed talks cost. The agreement index is the share of draws with a deal in
    the zone x authority x (1 − drift): a figure to compare rooms by, no probability. Sources: Putnam (1988) on whose
    say counts, Kurizaki (2007) on secrecy; the model is derived here. Cost: ablations x channels x draws x (ends x
    terms).

    Raises
    ------
    NotSupportedError
        If the file lacks what it takes, or no room holds every party.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(requires(model))
    total = len(ABLATIONS) + 2
    context.progress(0, total)
    terms = Terms(**{item.name: getattr(params, item.name) for item in fields(Terms)})
    found = bargain(model, terms)
    draws, seed = context.provenance.draws, context.provenance.seed
    values = draw_matrix(model.inputs, draws, seed) if draws else centre_values(model)
    formats, left_out = _rooms(model, found, values)
    put = tuple(_candidates(found, item, params) for item in formats)
    base = _accepted(found, formats, put, values, seed)
    context.progress(1, total)
    named = () if params.search else tuple(dict.fromkeys(name for item in put for name in item.names))
    ablated, lead = _ablate(found, formats, values, context, params, named)
    centre = tuple(read_format(model, item.name, centre_values(model)) for item in formats)
    limits = () if params.search else tuple(
        limit
        for item, candidates in zip(centre, put, strict=True)
        for limit in publicity_limits(model, item, candidates, found.continuation, seed)
    )  # fmt: skip
    seen = np.stack([item.publicity for item in formats])
    holds = tuple(_holds(model, candidates) for candidates in put)
    result = ChannelsResult(
        provenance=context.provenance,
        channels=tuple(item.name for item in formats),
        left_out=left_out,
        parties=tuple(model.actors[row] for row in found.parties),
        no_deal=no_deal_words(model, found.continuation, found.parties),
        publicity=np.array([item.publicity.mean() for item in formats]),
        authority=np.array([item.authority.mean() for item in formats]),
        drift=np.array([item.drift.mean() for item in formats]),
        worth_factor=_worth_factors(model, formats, values),
        concessions=find_concessions(model, found.parties),
        deals=tuple(tuple(np.array(c.names)[c.within(i.issues)].tolist()) for c, i in zip(put, formats, strict=True)),
        zone=np.array([mask.any(axis=1).mean() for mask in base]),
        agreed=np.array([(mask.any(axis=1) * i.delivers).mean() for mask, i in zip(base, formats, strict=True)]),
        kept=np.array(
            [
                (mask[:, hold].any(axis=1) * i.delivers).mean()
                for mask, hold, i in zip(base, holds, formats, strict=True)
            ]
        ),
        by_deal=() if params.search else _by_deal(formats, put, base, holds),
        ablations=tuple(name for name, _ in ABLATIONS),
        ablated=ablated,
        lead=lead[:, 0],
        better=beats(lead[:, 0]),
        named=named,
        named_better=beats(np.moveaxis(lead[:, 1:], 1, 0)),
        unmet=tuple(dict(pair for c in put for pair in zip(c.names, c.unmet, strict=True) if pair[1]).items()),
        threats=public_threats(model, found.parties, values),
        limits=limits,
        less_seen=np.asarray((seen[:, None] < seen[None]).all(axis=2)),
        bonds=publicity_bonds(model, tuple(model.actors[row] for row in found.parties), limits),
        params=params,
    )
    result = replace(
        result,
        findings=channels_words.findings(model, result),
        tables=channels_tables.tables(model, result),
        charts=channels_tables.charts(result),
    )
    context.progress(total, total)
    return result


def _rooms(model: Model, found: Bargain, values: Floats) -> tuple[tuple[Format, ...], tuple[str, ...]]:
    names = {model.actors[row] for row in found.parties}
    formats = tuple(read_format(model, name, values) for name in model.crisis.channels)
    inside = tuple(item for item in formats if names <= set(item.parties))
    if not inside:
        raise NotSupportedError(
            f"no channel has {' and '.join(sorted(names))} in the room; add them under who, or name other --parties"
        )
    return inside, tuple(item.name for item in formats if item not in inside)


def _candidates(found: Bargain, item: Format, params: Params) -> Candidates:
    return package_candidates(found) if params.search else named_candidates(found, item.issues)


def _accepted(
    found: Bargain, formats: tuple[Format, ...], put: tuple[Candidates, ...], values: Floats, seed: int
) -> tuple[NDArray[np.bool_], ...]:
    return tuple(
        accepted(found.model, item, candidates, found.continuation, values, seed)
        for item, candidates in zip(formats, put, strict=True)
    )


def _ablate(
    found: Bargain,
    formats: tuple[Format, ...],
    values: Floats,
    context: Context,
    params: Params,
    named: tuple[str, ...],
) -> tuple[Floats, Floats]:
    """Return the agreement index of every ablation, and who leads whom: over all deals, then over each named one."""
    shares, orders = [], []
    for done, (_, same) in enumerate(ABLATIONS, start=1):
        made = equalised(found.model, formats, same, values)
        put = tuple(_candidates(found, item, params) for item in made)
        masks = _accepted(found, made, put, values, context.provenance.seed)
        agreed = np.stack([mask.any(axis=1) * item.delivers for mask, item in zip(masks, made, strict=True)])
        shares.append(agreed.mean(axis=1))
        each = (
            np.stack([_of_deal(deal, c, mask) * i.delivers for c, mask, i in zip(put, masks, made, strict=True)])
            for deal in named
        )
        orders.append(np.stack([leads(agreed), *(leads(one) for one in each)]))
        context.progress(done, len(ABLATIONS) + 2)
    return np.stack(shares), np.stack(orders)


def _of_deal(deal: str, put: Candidates, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return in which draws one deal is open, shape (draws,); in none if it was not put to the room."""
    return mask[:, put.names.index(deal)] if deal in put.names else np.zeros(len(mask), dtype=bool)


def _holds(model: Model, candidates: Candidates) -> NDArray[np.bool_]:
    """Return which packages end only in sequentially stable states, at the centres, and need nobody else's doing."""
    if not candidates.start.size:
        return np.zeros(0, dtype=bool)
    verdicts: NDArray[np.bool_] = np.asarray(all_stable(model.game, ("seq",))["seq"].all(axis=0))
    held = np.asarray(np.logical_and.reduceat(verdicts[candidates.ends], candidates.start))
    return np.asarray(held & np.array([not options for options in candidates.unmet], dtype=bool))


def _worth_factors(
    model: Model, formats: tuple[Format, ...], values: Floats
) -> tuple[tuple[str, str, str, float], ...]:
    return tuple(
        (item.name, actor, issue, float((factor * (1 + premium(model, actor, issue, values) * item.publicity)).mean()))
        for item in formats
        for (actor, issue), factor in item.voices.items()
    )


def _by_deal(
    formats: tuple[Format, ...],
    put: tuple[Candidates, ...],
    base: tuple[NDArray[np.bool_], ...],
    holds: tuple[NDArray[np.bool_], ...],
) -> tuple[tuple[str, str, float, float, bool], ...]:
    return tuple(
        (item.name, deal, float(mask[:, k].mean()), float((mask[:, k] * item.delivers).mean()), bool(hold[k]))
        for item, candidates, mask, hold in zip(formats, put, base, holds, strict=True)
        for k, deal in enumerate(candidates.names)
        if candidates.within(item.issues)[k]
    )


def document(result: ChannelsResult) -> dict[str, object]:
    """Return the document ``channels --json`` prints, format 1."""
    names = ("publicity", "authority", "drift", "zone", "agreed", "kept")
    columns = {name: getattr(result, name).tolist() for name in names}
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "parties": list(result.parties),
        "no_deal": result.no_deal,
        "channels": [
            {"channel": channel} | {name: columns[name][k] for name in names} | {"deals": list(result.deals[k])}
            for k, channel in enumerate(result.channels)
        ],
        "left_out": list(result.left_out),
        "worth_factors": [
            dict(zip(("channel", "actor", "issue", "factor"), row, strict=True)) for row in result.worth_factor
        ],
        "concessions": [asdict(item) for item in result.concessions],
        "by_deal": [
            dict(zip(("channel", "deal", "zone", "agreed", "holds"), row, strict=True)) for row in result.by_deal
        ],
        "ablations": [
            {"ablation": name, "agreed": dict(zip(result.channels, row.tolist(), strict=True))}
            for name, row in zip(result.ablations, result.ablated, strict=True)
        ],
        "unmet": [{"deal": deal, "options": list(options)} for deal, options in result.unmet],
        "threats": [asdict(item) for item in result.threats],
        "publicity_limits": [asdict(item) for item in result.limits],
        "publicity_bonds": [asdict(item) | {"undone": list(item.undone)} for item in result.bonds],
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }
