"""The findings of ``channels``: what each room gives, and only those orders that survive making attributes equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backchannel.analyses.channels.equalised import KEEPS
from backchannel.model.model import Model
from backchannel.numerics.number_format import number, share
from backchannel.results.finding import Finding, Template

if TYPE_CHECKING:
    from backchannel.analyses.channels.channels import ChannelsResult

AGREED = Template(
    "channels.agreed",
    "Agreement index by format ({share}, times authority, times one less drift): {formats}.",
    "magnitudes",
)
ORDER = Template(
    "channels.order",
    "{better} does better than {worse}, whichever one attribute is made equal: authority, voices, publicity, mandate.",
    "magnitudes",
)
UNDECIDED = Template(
    "channels.undecided",
    "Between {first} and {second} the order rests on one attribute: it does not survive {ablations}.",
    "magnitudes",
)
NOTHING = Template(
    "channels.nothing",
    "In {channel} hardly any deal can be made: {why}.",
    "magnitudes",
)
ZONE = Template("channels.zone", "A deal is open {formats}.", "magnitudes")
KEPT = Template(
    "channels.kept",
    "Counting only deals that hold once executed: {formats}.",
    "magnitudes",
)
PUBLIC = Template(
    "channels.publicity",
    "At the centres a room's own publicity closes {deals}; {open}.",
    "magnitudes",
)
STEPS = Template(
    "channels.steps",
    "For {deal}: sound it out in {first} (the least public room that may trade it), settle it in {agree} (the highest "
    "agreement index for it){announce}.",
    "magnitudes",
)
CHARGED = Template(
    "channels.charged",
    "The premium of publicity is charged on what is conceded: {concessions}.",
    "assumed",
)

HARDLY = 0.05
"""Agreement index below which a room is said to make hardly any deal."""

MOST_NAMED = 4
"""Deals named in a sentence; more are counted."""


def findings(model: Model, result: ChannelsResult) -> tuple[Finding, ...]:
    """Return the findings, most telling first."""
    return (
        _agreed(result),
        *_orders(result),
        *_nothing(result),
        _zone(result),
        _kept(result),
        *_steps(result),
        *_public(model, result),
        *_charged(model, result),
    )


def _ranked(result: ChannelsResult) -> list[int]:
    return sorted(range(len(result.channels)), key=lambda k: -float(result.agreed[k]))


def _agreed(result: ChannelsResult) -> Finding:
    parts = [f"{result.channels[k]} {number(float(result.agreed[k]), 2)}" for k in _ranked(result)]
    counted = "share of draws with a deal open" if result.provenance.draws else "1 if a deal is open at the centres"
    return AGREED.fill(share=counted, formats=", ".join(parts)).because(
        tuple(f"channels.{name}.authority" for name in result.channels)
    )


def _zone(result: ChannelsResult) -> Finding:
    draws = result.provenance.draws
    if not draws:
        is_open = [name for name, zone in zip(result.channels, result.zone, strict=True) if zone > 0]
        shut = [name for name in result.channels if name not in is_open]
        words = f"at the centres in {', '.join(is_open) or 'no room'}" + (f", not in {', '.join(shut)}" if shut else "")
        return ZONE.fill(formats=words)
    parts = [f"in {share(float(result.zone[k]), draws)} of draws in {result.channels[k]}" for k in _ranked(result)]
    return ZONE.fill(formats=", ".join(parts))


def _kept(result: ChannelsResult) -> Finding:
    order = sorted(range(len(result.channels)), key=lambda k: -float(result.kept[k]))
    return KEPT.fill(formats=", ".join(f"{result.channels[k]} {number(float(result.kept[k]), 2)}" for k in order))


def survives(result: ChannelsResult, first: int, second: int) -> tuple[bool, tuple[str, ...]]:
    """Return whether one channel beats another in the file and with each one attribute equal, and where it does not."""
    if result.better[0, first, second] != 1:
        return False, ("the file itself",)
    rows = [k for k, name in enumerate(result.ablations) if name in KEEPS]
    failing = tuple(result.ablations[k] for k in rows if result.better[k, first, second] != 1)
    return not failing, failing


def _orders(result: ChannelsResult) -> list[Finding]:
    """State who beats whom for good, gathered by the loser; name the orders that rest on one attribute."""
    found, open_pairs = [], []
    for worse in range(len(result.channels)):
        better = [k for k in range(len(result.channels)) if survives(result, k, worse)[0]]
        if better:
            names = " and ".join(result.channels[k] for k in better)
            verb = ORDER.fill(better=names, worse=result.channels[worse])
            text = verb.text.replace(" does ", " do ") if len(better) > 1 else verb.text
            found.append(Finding(verb.id, text, verb.values, verb.tag))
        for first in range(len(result.channels)):
            holds, failing = survives(result, first, worse)
            if not holds and result.better[0, first, worse] == 1:
                open_pairs.append(
                    UNDECIDED.fill(
                        first=result.channels[first], second=result.channels[worse], ablations=" or ".join(failing)
                    )
                )
    return found + open_pairs


def _nothing(result: ChannelsResult) -> list[Finding]:
    found = []
    for k, name in enumerate(result.channels):
        if result.agreed[k] < HARDLY:
            deals = result.deals[k]
            listed = ", ".join(deals) if len(deals) <= MOST_NAMED else f"{len(deals):,} packages"
            inside = f"within its mandate lies {listed}" if deals else "no deal lies within its mandate"
            drawn = share(float(result.zone[k]), result.provenance.draws or 1)
            is_open = f", open in {drawn} of draws" if result.provenance.draws else ", and it is not open"
            binds = f"its speakers bind their sides with a chance of {number(float(result.authority[k]), 2)}"
            found.append(NOTHING.fill(channel=name, why=f"{inside}{is_open if deals else ''}; {binds}"))
    return found


def _steps(result: ChannelsResult) -> list[Finding]:
    """Say which room serves which step of reaching each deal that has a chance somewhere."""
    found = []
    for deal in dict.fromkeys(row[1] for row in result.by_deal):
        rooms = [row for row in result.by_deal if row[1] == deal]
        index = {name: k for k, name in enumerate(result.channels)}
        traded = [row for row in rooms if deal in result.deals[index[row[0]]]]
        if not traded or max(row[3] for row in traded) < HARDLY:
            continue
        first = min(traded, key=lambda row: result.publicity[index[row[0]]])[0]
        agree = max(traded, key=lambda row: row[3])[0]
        limits = [item for item in result.limits if item.deal == deal and 0 <= item.publicity <= item.limit]
        most = max(limits, key=lambda item: item.publicity).channel if limits else ""
        announce = (
            f", and announce it in {most} at the most public" if most else "; no room is secret enough to hold it"
        )
        found.append(STEPS.fill(deal=deal, first=first, agree=agree, announce=announce))
    return found


def _public(model: Model, result: ChannelsResult) -> list[Finding]:
    """Say what a room's own publicity closes, and what would stand any."""
    closed, stands = [], []
    for item in result.limits:
        words = f"{item.deal} in {item.channel}"
        if 0 <= item.limit < item.publicity:
            closed.append(f"{words} (open up to {number(item.limit, 2)}; {model.actor_name(item.binds)} is lost first)")
        elif item.limit >= 1:
            stands.append(words)
    if not closed and not stands:
        return []
    words = f"{', '.join(stands)} would stand full publicity" if stands else "no open deal would stand full publicity"
    return [PUBLIC.fill(deals=", ".join(closed) or "nothing", open=words)]


def _charged(model: Model, result: ChannelsResult) -> list[Finding]:
    parts = []
    for item in result.concessions:
        how = (
            "on its worths there"
            if item.by_worths
            else f"{number(item.points)} points, what it gives up by conceding it"
        )
        parts.append(f"{model.actor_name(item.actor)} on {item.issue} ({how})")
    return [CHARGED.fill(concessions=", ".join(parts))] if parts else []
