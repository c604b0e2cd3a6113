"""Who must ratify: a deal weighed by those who negotiate it, and again by those at home."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.deals.bargain import Bargain, Terms, bargain, bargain_needs, default_parties
from backchannel.analyses.deals.named import named_cell
from backchannel.analyses.deals.no_deal import no_deal_words
from backchannel.analyses.deals.people import Voice, checked_voices, home_say, required_say, room_say, voices_of
from backchannel.analyses.deals.ratification_draws import VoiceShares, voice_shares
from backchannel.analyses.deals.ratification_findings import findings
from backchannel.analyses.deals.ratification_offer import RatificationOffer, ratification_offer
from backchannel.analyses.deals.ratification_tables import charts, document_of, tables
from backchannel.analyses.deals.sides import Sides, at_cells, at_packages
from backchannel.analyses.deals.zone import TOLERANCE
from backchannel.analyses.stability import stability
from backchannel.errors import NotSupportedError
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.model.worths import centre_values
from backchannel.results.result import Result
from backchannel.spec.number import NumberError, parse_number
from backchannel.spec.positions import suggest

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EXAMPLE = "actors: {north: {people: {cabinet: {share: 0.6}, army: {share: 0.4, scale: {land: 1.5}}}}}"


@dataclass(frozen=True)
class Params(Terms):
    """Who signs what against what, whose say counts in the room, and what ratifies at home.

    Parameters
    ----------
    channel
        A channel whose ``voices`` count where the deal is made; empty for the shares at home.
    voices
        (person, weight), such as ``("us.president", 0.7)``, in place of the channel's.
    threshold
        Share of the say at home that ratifies; None for the file's ``ratifies``, and half where it says nothing.
    reserve
        Least share of a divisible prize that is ratified, as a range; empty to leave the question out.
    disagreement
        What the side that offers has without agreement, as a share of that prize.
    full
        Whether tables and JSON hold every package.
    """

    channel: str = ""
    voices: tuple[tuple[str, float], ...] = ()
    threshold: float | None = None
    reserve: str = ""
    disagreement: float = 0.0
    full: bool = False


@dataclass(frozen=True)
class Flip:
    """The weight of one person's say at which his party's answer to a deal turns.

    Parameters
    ----------
    deal, voice
        Positions among the deals by name and the voices.
    at
        Weight in (0, 1) at which the party is indifferent, the others keeping their proportions.
    accepts_above
        Whether the party accepts above it; below it otherwise.
    """

    deal: int
    voice: int
    at: float
    accepts_above: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class RatificationResult(Result):
    """Deals at two levels: who negotiates, and who must ratify. Packages sort by level, first option slowest.

    Parameters
    ----------
    parties
        Actor ids.
    voices
        Who has a say: ``us.president``, or an actor without people; by party, in file order.
    party
        int64, shape (voices,): position of each voice's party.
    share
        Share of the say at home, shape (voices,).
    required
        Share of the say at home that ratifies, shape (parties,).
    rooms
        Whose voices: first what was asked for (empty: the shares at home), then each other channel with voices.
    weights
        Weight of each voice in each room, shape (rooms, voices).
    no_deal
        No deal in words.
    base
        Value of no deal to each voice, points, shape (voices,).
    options, levels
        Options a package may change, and int8, shape (packages, options).
    zone
        Bool, shape (packages,): every party gains at its own worths, as the question on deals has it.
    gains
        Gain of each voice over no deal under the worst response, points, shape (packages, voices).
    signed, ratified
        Bool, shape (packages, parties): the voices of the first room gain; enough of the say at home gains.
    deals
        Packages by name.
    deal_gains
        Gain of each voice, points, shape (deals, voices).
    deal_weighted
        Gain of each party by its voices in each room, points, shape (rooms, deals, parties).
    deal_say
        Share of the say at home that gains, shape (deals, parties).
    deal_ratified
        Bool, shape (deals, parties).
    flips
        Weights at which a party's answer turns.
    shares
        Over draws; None without.
    offer
        Best division of a prize under doubt about what is ratified; None unless asked for.
    """

    parties: tuple[str, ...]
    voices: tuple[str, ...]
    party: NDArray[np.int64]
    share: Floats
    required: Floats
    rooms: tuple[str, ...]
    weights: Floats
    no_deal: str
    base: Floats
    options: tuple[str, ...]
    levels: NDArray[np.int8]
    zone: Bools
    gains: Floats
    signed: Bools
    ratified: Bools
    deals: tuple[str, ...]
    deal_gains: Floats
    deal_weighted: Floats
    deal_say: Floats
    deal_ratified: Bools
    flips: tuple[Flip, ...]
    shares: VoiceShares | None
    offer: RatificationOffer | None
    params: Params

    @property
    def deal_signed(self) -> Bools:
        """Whether each party's voices gain, shape (rooms, deals, parties)."""
        return np.asarray(self.deal_weighted > TOLERANCE)


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: what deals need, and people in one of the parties at least."""
    return stability.requires(model) or bargain_needs(model) or _people_needs(model, default_parties(model.crisis))


def _people_needs(model: Model, parties: tuple[str, ...]) -> tuple[Need, ...]:
    if any(name in model.crisis.actors and model.crisis.actors[name].people for name in parties):
        return ()
    return (Need("people in a party", f"nobody inside {' or '.join(parties)} is told apart", EXAMPLE),)


def run(model: Model, context: Context, params: Params | None = None) -> RatificationResult:
    """Weigh deals by the say of those who negotiate and by the say at home.

    A person values a term at its worth times his factor on its issue. A party signs if its people gain on balance,
    each weighed by his say in the room; at home a deal is ratified if those who gain have the required share of the
    say. A deal that is signed and not ratified is an involuntary defection.

    Source: Putnam (1988) on two levels and on involuntary defection; Iida (1993) on doubt about ratification. The
    weighing of terms by people is a minimal model of ours. Cost: packages' ends x terms x voices, with draws once a
    draw.

    Raises
    ------
    NotSupportedError
        On unknown names, weights or shares outside 0 to 1, or no people in any party.
    TooLargeError
        If the packages are too many to list.
    CancelledError
        If stopped.
    """
    params = params or Params()
    context.progress(0, 1)
    _check(model, params)
    found = bargain(model, params)
    demand(_people_needs(model, tuple(model.actors[row] for row in found.parties)))
    voices = voices_of(model, found.parties)
    asked = _Asked(params, voices, _rooms(model, params, voices), checked_voices(voices, params.voices))
    result = _result(found, context, asked)
    if context.provenance.draws:
        result = replace(result, shares=_shares(found, context, asked))
    context.progress(1, 1)
    return replace(result, findings=findings(found, result), tables=tables(found, result), charts=charts(found, result))


def _check(model: Model, params: Params) -> None:
    demand(stability.requires(model))
    channels = model.crisis.channels
    if params.channel and params.channel not in channels:
        raise NotSupportedError(f'unknown channel "{params.channel}"; {suggest(params.channel, list(channels))}')
    for name, value in (("threshold", params.threshold), ("disagreement", params.disagreement)):
        if value is not None and not 0 <= value <= 1:
            raise NotSupportedError(f"the {name} is {value:g}; it must be between 0 and 1")


def _rooms(model: Model, params: Params, voices: tuple[Voice, ...]) -> tuple[str, ...]:
    """Return what was asked for, then every other channel in which somebody of a party has a say."""
    heard = {voice.actor for voice in voices if voice.person}
    others = [name for name, about in model.crisis.channels.items() if heard & set(about.voices)]
    return (params.channel, *(name for name in others if name != params.channel))


@dataclass(frozen=True)
class _Asked:
    params: Params
    voices: tuple[Voice, ...]
    rooms: tuple[str, ...]
    given: tuple[tuple[str, float], ...]

    def sides(self, found: Bargain, values: Floats, seed: int) -> Sides:
        """Return who speaks for whom in some draws."""
        home = home_say(found.model, self.voices, values)
        required = required_say(found.model, found.parties, values, self.params.threshold)
        return Sides(found.model, self.voices, found.continuation, values, seed, home, required)

    def weights(self, found: Bargain, values: Floats) -> list[Floats]:
        """Return the say in each room, shape (draws, voices) each; weights given replace those of the first."""
        return [
            room_say(found.model, self.voices, values, room, self.given if place == 0 else ())
            for place, room in enumerate(self.rooms)
        ]


def _named_cells(found: Bargain) -> NDArray[np.int64]:
    return np.array([named_cell(found.model, item) for item in found.named], dtype=np.int64)


def _result(found: Bargain, context: Context, asked: _Asked) -> RatificationResult:
    model, values = found.model, centre_values(found.model)
    voices, rooms, params = asked.voices, asked.rooms, asked.params
    here, weights = asked.sides(found, values, context.provenance.seed), asked.weights(found, values)
    by_name = [at_cells(here, _named_cells(found), row) for row in weights]
    packages = at_packages(here, found.packages, weights[0])
    return RatificationResult(
        provenance=context.provenance,
        parties=tuple(model.actors[row] for row in found.parties),
        voices=tuple(voice.id for voice in voices),
        party=np.array([voice.party for voice in voices], dtype=np.int64),
        share=here.home[0],
        required=here.required[0],
        rooms=rooms,
        weights=np.concatenate(weights),
        no_deal=no_deal_words(model, found.continuation, found.parties),
        base=_exact(here.base[0]),
        options=found.packages.options,
        levels=found.packages.levels,
        zone=found.valued.zone,
        gains=_exact(packages.gains[0]),
        signed=packages.signed[0],
        ratified=packages.ratified[0],
        deals=tuple(item.name for item in found.named),
        deal_gains=_exact(by_name[0].gains[0]),
        deal_weighted=_exact(np.stack([item.weighted[0] for item in by_name])),
        deal_say=_exact(by_name[0].say[0]),
        deal_ratified=by_name[0].ratified[0],
        flips=flips(voices, by_name[0].gains[0], weights[0][0], here.home[0]),
        shares=None,
        offer=_offer(params),
        params=params,
    )


def _exact(points: Floats) -> Floats:
    """Drop what rounding of sums of decimals adds beyond the tenth place."""
    return np.round(points, 10) + 0.0


def flips(voices: tuple[Voice, ...], gains: Floats, weights: Floats, home: Floats) -> tuple[Flip, ...]:
    """Return for each deal and person the weight of his say at which his party is indifferent, if there is one.

    The party's gain is w g + (1 − w) G, with his own gain g and G that of the others by their weights in the room (at
    home, where they have none there): it is nil at w = G / (G − g), within (0, 1) if g and G have opposite signs.

    Parameters
    ----------
    voices
        Who has a say.
    gains
        Shape (deals, voices).
    weights, home
        Shape (voices,): say in the room and at home.
    """
    found = []
    for place, voice in enumerate(voices):
        others = [k for k, other in enumerate(voices) if other.party == voice.party and k != place]
        if not others:
            continue
        say = weights[others] if weights[others].sum() > 0 else home[others]
        say = say if say.sum() > 0 else np.ones(len(others))
        rest = gains[:, others] @ (say / say.sum())
        for deal, (own, other) in enumerate(zip(gains[:, place].tolist(), rest.tolist(), strict=True)):
            if min(own, other) < -TOLERANCE and max(own, other) > TOLERANCE:
                found.append(Flip(deal, place, other / (other - own), own > 0))
    return tuple(sorted(found, key=lambda item: (item.deal, item.voice)))


def _shares(found: Bargain, context: Context, asked: _Asked) -> VoiceShares:
    seed = context.provenance.seed
    values = draw_matrix(found.model.inputs, context.provenance.draws, seed)
    return voice_shares(
        asked.sides(found, values, seed), found.packages, _named_cells(found), asked.weights(found, values), context
    )


def _offer(params: Params) -> RatificationOffer | None:
    if not params.reserve:
        return None
    try:
        reserve = parse_number(params.reserve, "probability")
    except NumberError as error:
        raise NotSupportedError(f'"{params.reserve}" is no share of a prize: {error}') from None
    if reserve.kind not in ("exact", "uniform"):
        raise NotSupportedError(f'"{params.reserve}" leans to a side; write bounds with nothing between them: 0.4..0.8')
    return ratification_offer(reserve.low, reserve.high, params.disagreement)


def document(result: RatificationResult) -> dict[str, object]:
    """Return the document ``ratification --json`` prints, format 1; packages nobody would sign come with ``full``."""
    return document_of(result)
