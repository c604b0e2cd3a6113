"""The findings on keeping a deal: what being seen adds against breaking it, and the room that suits each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backchannel.analyses.channels.bonds import PublicityBond
from backchannel.analyses.signals.speech import listed
from backchannel.model.model import Model
from backchannel.numerics.number_format import number
from backchannel.results.finding import Finding, Template

if TYPE_CHECKING:
    from backchannel.analyses.channels.channels import ChannelsResult

BINDS = Template("channels.binds", "Once {deal} is done {who}: {verdict}.", "assumed")


def binds(model: Model, result: ChannelsResult) -> list[Finding]:
    """Say of each open deal that somebody gains from breaking whether being seen keeps it or closes it first."""
    found = []
    for deal in dict.fromkeys(item.deal for item in result.bonds):
        rows = [item for item in result.bonds if item.deal == deal and item.gain]
        breakers = list({item.party: item for item in rows}.values())
        if all(item.limit < 0 for item in rows):
            continue
        who = listed([_breaker(model, item) for item in breakers])
        found.append(BINDS.fill(deal=deal, who=who, verdict=_verdict(model, result, deal, breakers)))
    return found


def _breaker(model: Model, item: PublicityBond) -> str:
    return (
        f"{model.actor_name(item.party)} would gain {number(item.gain, 3)} points by breaking it and lose "
        f"{number(item.full, 3)} before its audience at full publicity"
    )


def _verdict(model: Model, result: ChannelsResult, deal: str, breakers: list[PublicityBond]) -> str:
    free = [model.actor_name(item.party) for item in breakers if item.kept_from is None]
    if free:
        return f"no publicity holds back {listed(free)}"
    start = kept_from(result, deal)
    assert start is not None
    kept, lost, shut = [], [], []
    for item in result.limits:
        if item.deal != deal:
            continue
        if item.limit < 0:
            shut.append(item.channel)
        elif item.limit < 1 and item.limit <= start:
            lost.append(f"{item.channel} ({number(item.limit, 3)})")
        else:
            kept.append(f"{item.channel}{'' if item.limit >= 1 else f' (up to {number(item.limit, 3)})'}")
    parts = [f"kept from publicity {number(start, 3)}"]
    if kept:
        parts.append(f"still open there in {listed(kept)}")
    if lost:
        parts.append(f"lost before that in {listed(lost)}")
    if shut:
        parts.append(f"not open even in secret in {listed(shut)}")
    return "; ".join(parts)


def kept_from(result: ChannelsResult, deal: str) -> float | None:
    """Return the publicity from which nobody gains from breaking a deal; nothing if there is none."""
    values = [item.kept_from for item in result.bonds if item.deal == deal]
    known = [value for value in values if value is not None]
    return max(known) if known and len(known) == len(values) else None


def least_seen(result: ChannelsResult, rooms: list[int]) -> str:
    """Name the rooms than which no other of them is less public in every draw."""
    return " or ".join(result.channels[k] for k in rooms if not result.less_seen[rooms, k].any())


def once_done(result: ChannelsResult, deal: str, rooms: list[int]) -> str:
    """Say in which of the rooms that leave a deal open being seen binds most, and whether that is enough."""
    rows = [item for item in result.bonds if item.deal == deal]
    if not rows:
        return ""
    if not any(item.gain for item in rows):
        return "; once done no party gains from breaking it"
    if not any(item.bond for item in rows if item.gain and item.channel in {result.channels[k] for k in rooms}):
        return "; once done being seen costs whoever breaks it nothing"
    most = [k for k in rooms if not result.less_seen[k, rooms].any()]
    seen = {item.channel: item.publicity for item in result.limits if item.deal == deal}
    start = kept_from(result, deal)
    enough = [k for k in most if start is not None and seen[result.channels[k]] >= start]
    words = f"; once done bound most by being seen in {' or '.join(result.channels[k] for k in most)}"
    if not enough:
        return f"{words}, not enough to be kept"
    if enough == most:
        return f"{words}, enough to be kept"
    return f"{words}, at the centres enough to be kept in {listed([result.channels[k] for k in enough])}"
