"""The findings of ``channels``: what each room gives, and only those orders that survive making attributes equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.channels.equalised import KEEPS
from backchannel.analyses.channels.keeping_words import binds, least_seen, once_done
from backchannel.analyses.channels.leads import CLEAR, FEW
from backchannel.analyses.channels.publicity import PublicityLimit
from backchannel.analyses.signals.speech import listed
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
    "{better} {does} better than {worse}, whichever one attribute is made equal: authority, voices, publicity or "
    "mandate.",
    "magnitudes",
)
UNDECIDED = Template(
    "channels.undecided",
    "{first} leads {second} in the file, but not with {ablations} made equal.",
    "magnitudes",
)
NOTHING = Template(
    "channels.nothing",
    "In {channel} hardly any deal can be made: {why}.",
    "magnitudes",
)
FRAGILE = Template("channels.fragile", "That {better} does better than {worse} {why}.", "magnitudes")
ZONE = Template("channels.zone", "A deal is open: {formats}.", "magnitudes")
KEPT = Template(
    "channels.kept",
    "Counting only deals that hold once executed: {formats}.",
    "magnitudes",
)
UNMET = Template(
    "channels.unmet",
    "{deals}: counted as open where the file lets them end, never as kept.",
    "order",
)
PUBLIC = Template(
    "channels.publicity",
    "At the centres a room's own publicity closes {deals}; {open}.",
    "magnitudes",
)
STEPS = Template(
    "channels.steps",
    "For {deal}: least seen in {first}; highest index in {agree}; at the centres it stays open {limits}{closed}{done}.",
    "magnitudes",
)
THREAT = Template(
    "channels.threat",
    "The threat of {line} would be acted on in {secret} of draws if made in secret, in {public} in full public; giving "
    "in there costs {against} {burden} more. On balance being seen makes it {verdict}.",
    "assumed",
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
        *_fragile(result),
        *_nothing(result),
        _zone(result),
        _kept(result),
        *_unmet(result),
        *_steps(result),
        *_public(model, result),
        *binds(model, result),
        *_threats(model, result),
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
    order = sorted(range(len(result.channels)), key=lambda k: -float(result.zone[k]))
    parts = [f"{result.channels[k]} {share(float(result.zone[k]), draws)}" for k in order]
    return ZONE.fill(formats=f"{', '.join(parts)} of draws")


def _kept(result: ChannelsResult) -> Finding:
    order = sorted(range(len(result.channels)), key=lambda k: -float(result.kept[k]))
    return KEPT.fill(formats=", ".join(f"{result.channels[k]} {number(float(result.kept[k]), 2)}" for k in order))


def survives(result: ChannelsResult, better: NDArray[np.int8], first: int, second: int) -> tuple[str, ...]:
    """Return where one room fails to beat another: in the file, or with one attribute equal. Nothing if it always does.

    ``better`` has shape (ablations, channels, channels).
    """
    rows = [0, *(k for k, name in enumerate(result.ablations) if name in KEEPS)]
    return tuple(result.ablations[k] for k in rows if better[k, first, second] != 1)


def _orders(result: ChannelsResult) -> list[Finding]:
    """State who beats whom for good, gathered by the loser; name the orders that rest on one attribute."""
    found, undecided = [], []
    rooms = range(len(result.channels))
    for worse in rooms:
        fails = {first: survives(result, result.better, first, worse) for first in rooms}
        winners = [result.channels[first] for first in rooms if not fails[first]]
        if winners:
            verb = "does" if len(winners) == 1 else "do"
            found.append(ORDER.fill(better=listed(winners), does=verb, worse=result.channels[worse]))
        for first in rooms:
            if fails[first] and result.ablations[0] not in fails[first]:
                names = {"first": result.channels[first], "second": result.channels[worse]}
                undecided.append(UNDECIDED.fill(**names, ablations=_or_with(fails[first])))
    return found + undecided


def _nothing(result: ChannelsResult) -> list[Finding]:
    found = []
    for k, name in enumerate(result.channels):
        if result.agreed[k] < HARDLY:
            deals = result.deals[k]
            words = ", ".join(deals) if len(deals) <= MOST_NAMED else f"{len(deals):,} packages"
            lie = "lies" if len(deals) == 1 else "lie"
            inside = f"within its mandate {lie} {words}" if deals else "no deal lies within its mandate"
            drawn = share(float(result.zone[k]), result.provenance.draws or 1)
            is_open = f", open in {drawn} of draws" if result.provenance.draws else ", and it is not open"
            binds = f"its speakers bind their sides with a chance of {number(float(result.authority[k]), 2)}"
            found.append(NOTHING.fill(channel=name, why=f"{inside}{is_open if deals else ''}; {binds}"))
    return found


def _steps(result: ChannelsResult) -> list[Finding]:
    """Say in which rooms each deal is seen least, agreed on most, how public it may get, and is bound most."""
    found = []
    for place, deal in enumerate(result.named):
        index = {row[0]: row[3] for row in result.by_deal if row[1] == deal}
        rooms = [k for k, name in enumerate(result.channels) if deal in result.deals[k]]
        few = result.provenance.draws < FEW
        if few or not rooms or max(index[result.channels[k]] for k in rooms) < HARDLY:
            continue
        limits = {item.channel: item for item in result.limits if item.deal == deal}
        still = [k for k in rooms if limits[result.channels[k]].publicity <= limits[result.channels[k]].limit]
        closed = [result.channels[k] for k in rooms if k not in still]
        if not still:
            continue
        better = result.named_better[place]
        best = [k for k in still if all(survives(result, better, other, k) for other in still)]
        ends = [_up_to(limits[result.channels[k]]) for k in still]
        found.append(
            STEPS.fill(
                deal=deal,
                first=least_seen(result, still),
                agree=" or ".join(result.channels[k] for k in best),
                limits=listed(ends),
                closed=f"; closed by its own publicity: {listed(closed)}" if closed else "",
                done=once_done(result, deal, still),
            )
        )
    return found


def _up_to(item: PublicityLimit) -> str:
    if item.limit >= 1:
        return f"in {item.channel} at any publicity"
    return f"in {item.channel} up to publicity {number(item.limit, 3)}"


def _or_with(ablations: tuple[str, ...]) -> str:
    return " or with ".join(name.removeprefix("equal ") for name in ablations)


def _fragile(result: ChannelsResult) -> list[Finding]:
    """Say of each stated order what would undo it: a quarter of the draws, or one attribute left alone."""
    found = []
    kept = [0, *(k for k, name in enumerate(result.ablations) if name in KEEPS)]
    for first, better in enumerate(result.channels):
        for second, worse in enumerate(result.channels):
            if survives(result, result.better, first, second):
                continue
            why = []
            if min(float(result.lead[k, first, second]) for k in kept) < 2 * CLEAR:
                why.append("would not be clear at a quarter of the draws")
            turned = [name for k, name in enumerate(result.ablations) if result.better[k, first, second] < 0]
            if turned:
                why.append(f"reverses with {' and with '.join(turned)}")
            if why:
                found.append(FRAGILE.fill(better=better, worse=worse, why=" and ".join(why)))
    return found


def _unmet(result: ChannelsResult) -> list[Finding]:
    if not result.unmet:
        return []
    parts = [f"{deal} expects {listed(options)} of others, who need not do it" for deal, options in result.unmet]
    return [UNMET.fill(deals="; ".join(parts))]


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


def _threats(model: Model, result: ChannelsResult) -> list[Finding]:
    draws = result.provenance.draws
    return [
        THREAT.fill(
            line=item.line,
            secret=share(item.secret, draws),
            public=share(item.public, draws),
            against=model.actor_name(item.against),
            burden=f"{number(100 * item.burden, 2)} %",
            verdict="stronger" if item.strengthens else "weaker" if item.secret else "no stronger",
        ).because((model.crisis.red_lines[item.line].cost,))
        for item in result.threats
    ]


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
