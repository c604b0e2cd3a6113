"""What two levels say, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.people import voice_name, voices_of
from backchannel.analyses.deals.words import gains_in_words, listed_in_words, row_label
from backchannel.analyses.deals.zone import TOLERANCE
from backchannel.numerics.number_format import count, number, share, signed
from backchannel.results.finding import Finding, Template

if TYPE_CHECKING:
    from backchannel.analyses.deals.ratification import RatificationResult

WHO = Template(
    "ratification.voices",
    "{actor}: at home the say is {home}, and {required} of it ratifies; those who negotiate{room} weigh {weights}.",
    "assumed",
)
DEAL = Template("ratification.deal", "{deal}: {gains} against no deal. {verdict}.", "magnitudes")
ROOMS = Template("ratification.rooms", "{deal}: {rooms}.", "magnitudes")
FLIP = Template(
    "ratification.flip",
    "{deal}: {actor} is for it {above} {person} has {at} of the say, against it {below}.",
    "magnitudes",
)
PACKAGES = Template(
    "ratification.packages",
    "Of {zone} that each party prefers to no deal at its own worths, those who negotiate sign {signed}; of {others} "
    "they sign {more}.",
    "magnitudes",
)
DEFECTIONS = Template(
    "ratification.defection", "Signed and not ratified, an involuntary defection: {packages}.", "magnitudes"
)
DRAWS = Template(
    "ratification.draws",
    "{deal}: {accepts}; signed and ratified in {kept}, signed and not ratified in {refused} of {draws} draws{rooms}.",
    "magnitudes",
)
PROPOSAL = Template(
    "ratification.proposal",
    "If {actor} proposes and has a package only where the others sign and all ratify, [{package}] brings it most: "
    "{gain} a draw on average, had in {kept} of {draws} draws.",
    "magnitudes",
)
OFFER = Template(
    "ratification.offer",
    "Of a divisible prize, with the least share that is ratified anywhere in {reserve}: the best offer is {offer}, "
    "refused over {failure} of that range.",
    "assumed",
)

MOST_DEALS = 4


def findings(found: Bargain, result: RatificationResult) -> tuple[Finding, ...]:
    """Return the sentences: each deal at both levels, rooms that differ, where an answer turns, packages, draws."""
    shown = range(min(MOST_DEALS, len(result.deals)))
    said = [_deal(found, result, deal) for deal in shown]
    said += [
        ROOMS.fill(deal=result.deals[deal], rooms=_by_room(result, deal)) for deal in shown if len(result.rooms) > 1
    ]
    said += _flips(found, result)
    said += _packages(found, result)
    said += _draws(found, result)
    said += _offer(result)
    return (*said, *_who(found, result))


def names_of_voices(found: Bargain) -> tuple[str, ...]:
    """Return what to call each voice."""
    return tuple(voice_name(found.model, voice) for voice in voices_of(found.model, found.parties))


def percent(value: float) -> str:
    """Write a share of the say."""
    return f"{number(value * 100, 3)} %"


def room_name(result: RatificationResult, room: int) -> str:
    """Name whose voices count: a channel, given weights, or those at home."""
    if room == 0 and result.params.voices:
        return "given"
    return result.rooms[room] or "home"


def verdict(found: Bargain, result: RatificationResult, deal: int, room: int) -> str:
    """Say what becomes of a deal at both levels."""
    signs, ratifies = result.deal_signed[room, deal], result.deal_ratified[deal]
    parts = []
    for k, name in enumerate(found.party_names):
        say = f"{percent(float(result.deal_say[deal, k]))} of its say at home gains"
        if not signs[k]:
            gain = signed(float(result.deal_weighted[room, deal, k]))
            parts.append(f"{name} does not sign ({gain}){f', though {say}' if ratifies[k] else ''}")
        elif not ratifies[k]:
            needed = percent(float(result.required[k]))
            parts.append(f"{name} signs and does not ratify ({say}, {needed} needed): an involuntary defection")
    return "; ".join(parts) or "All sign and ratify"


def _deal(found: Bargain, result: RatificationResult, deal: int) -> Finding:
    return DEAL.fill(
        deal=result.deals[deal],
        gains=gains_in_words(names_of_voices(found), result.deal_gains[deal]),
        verdict=verdict(found, result, deal, 0),
    )


def _by_room(result: RatificationResult, deal: int) -> str:
    """Say by whose voices a deal is signed: ``enough of the say at home gains; signed by the voices of ...``."""
    every = np.asarray(result.deal_signed[:, deal].all(axis=1))
    named = [room_name(result, room) for room in range(len(result.rooms))]
    home = "ratified at home" if result.deal_ratified[deal].all() else "not ratified at home"
    parts = [home]
    for side, word in ((True, "signed by"), (False, "not signed by")):
        picked = [name for name, yes in zip(named, every.tolist(), strict=True) if yes == side]
        parts += [f"{word} the voices of {listed_in_words(picked, 6)}"] if picked else []
    return "; ".join(parts)


def _flips(found: Bargain, result: RatificationResult) -> list[Finding]:
    """One sentence a deal and person; of two people the second only mirrors the first."""
    named, said = names_of_voices(found), []
    for item in result.flips:
        party = int(result.party[item.voice])
        own = np.flatnonzero(result.party == party)
        if item.deal < MOST_DEALS and not (own.size == 2 and item.voice == own[1]):
            above, below = ("if", "below") if item.accepts_above else ("as long as", "above")
            at = f"more than {percent(item.at)}" if item.accepts_above else f"less than {percent(item.at)}"
            said.append(
                FLIP.fill(
                    deal=result.deals[item.deal],
                    actor=found.party_names[party],
                    person=named[item.voice],
                    above=above,
                    at=at,
                    below=below,
                )
            )
    return said


def _packages(found: Bargain, result: RatificationResult) -> list[Finding]:
    signs, ratifies = (np.asarray(yes.all(axis=1)) for yes in (result.signed, result.ratified))
    zone = result.zone
    said = [
        PACKAGES.fill(
            zone=count(int(zone.sum()), "package"),
            signed=_signed(zone & signs, ratifies),
            others=count(int((~zone).sum()), "other package"),
            more=_signed(~zone & signs, ratifies),
        )
    ]
    broken = np.flatnonzero(signs & ~ratifies)
    if broken.size:
        said.append(DEFECTIONS.fill(packages=listed_in_words([f"[{row_label(found, int(row))}]" for row in broken])))
    return said


def _signed(signs: NDArray[np.bool_], ratifies: NDArray[np.bool_]) -> str:
    total, kept = int(signs.sum()), int((signs & ratifies).sum())
    if not total:
        return "none"
    how = "all" if kept == total else "none" if not kept else f"{kept:,}"
    return f"{total:,} ({how} ratified)"


def _draws(found: Bargain, result: RatificationResult) -> list[Finding]:
    drawn = result.shares
    if drawn is None:
        return []
    named, said = names_of_voices(found), []
    for deal in range(min(MOST_DEALS, len(result.deals))):
        accepts = ", ".join(
            f"{name} gains in {share(float(value), drawn.draws)}"
            for name, value in zip(named, drawn.accepts[deal], strict=True)
        )
        rooms = [
            f"{room_name(result, room)} {share(float(drawn.kept[room, deal]), drawn.draws)}"
            for room in range(1, len(result.rooms))
        ]
        said.append(
            DRAWS.fill(
                deal=result.deals[deal],
                accepts=accepts,
                kept=share(float(drawn.kept[0, deal]), drawn.draws),
                refused=share(float(drawn.refused[0, deal]), drawn.draws),
                draws=drawn.draws,
                rooms=f" (signed and ratified by voices: {', '.join(rooms)})" if rooms else "",
            )
        )
    return said + _proposals(found, result)


def _proposals(found: Bargain, result: RatificationResult) -> list[Finding]:
    drawn = result.shares
    if drawn is None or not found.packages.size:
        return []
    said = []
    for party, name in enumerate(found.party_names):
        best = int(np.argmax(drawn.proposals[party]))
        gain = float(drawn.proposals[party, best])
        if gain > TOLERANCE:
            said.append(
                PROPOSAL.fill(
                    actor=name,
                    package=row_label(found, best),
                    gain=signed(gain, 3),
                    kept=share(float(drawn.package_kept[best]), drawn.draws),
                    draws=drawn.draws,
                )
            )
    return said


def _offer(result: RatificationResult) -> list[Finding]:
    if result.offer is None:
        return []
    return [
        OFFER.fill(
            reserve=result.params.reserve,
            offer=number(result.offer.offer),
            failure=percent(result.offer.failure),
        )
    ]


def _who(found: Bargain, result: RatificationResult) -> list[Finding]:
    named, said = names_of_voices(found), []
    for party, actor in enumerate(found.party_names):
        own = np.flatnonzero(result.party == party).tolist()
        if len(own) > 1:
            said.append(
                WHO.fill(
                    actor=actor,
                    home=_weights(named, result.share, own),
                    required=percent(float(result.required[party])),
                    room=f" ({room_name(result, 0)})" if room_name(result, 0) != "home" else "",
                    weights=_weights(named, result.weights[0], own),
                )
            )
    return said


def _weights(named: tuple[str, ...], weights: NDArray[np.float64], own: list[int]) -> str:
    return ", ".join(f"{named[k]} {percent(float(weights[k]))}" for k in own)
