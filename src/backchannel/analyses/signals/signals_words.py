"""The findings of ``signals``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from backchannel.analyses.signals.beliefs import Track, chance_paths
from backchannel.analyses.signals.evidence import Contest
from backchannel.analyses.signals.leverage import Leverage, PriceStep
from backchannel.analyses.signals.optimism import Optimism
from backchannel.analyses.signals.red_lines import RedLineVerdict
from backchannel.analyses.signals.separation_words import beside_findings, separation_findings
from backchannel.analyses.signals.speech import (
    belief,
    drawn_share,
    hearers,
    listed,
    path,
    speaker,
    statement,
    verb,
)
from backchannel.analyses.signals.threshold_words import has_range, threshold_findings
from backchannel.model.model import Model
from backchannel.numerics.number_format import count, number
from backchannel.results.finding import Finding, Template
from backchannel.spec.information import ANALYST

if TYPE_CHECKING:
    from backchannel.analyses.signals.signals import SignalsResult

RED_LINE = Template(
    "signals.red_line",
    "The red line {name} of {actor}: {order}. The threat is {credible}{share}.",
    "magnitudes",
)
CLOCK = Template(
    "signals.clock",
    "While the line {name} hangs it costs {actor} {now} points; {overtaken}.",
    "magnitudes",
)
PRICE = Template(
    "signals.price",
    "{signal} {moved} {holder}'s estimate of the most {actor} would pay, from {before} to {after} points{meaning}.",
    "magnitudes",
)
LEVERAGE = Template(
    "signals.leverage",
    "What {actor} demands ({demand}) is worth {full} points to it beyond its best way alone, and {none} if it did not "
    "care at all (dial {dial} at 1){deals}.",
    "magnitudes",
)
BELIEF = Template("signals.belief", "{holder} on “{says}”: {path}.", "assumed")
TALK = Template(
    "signals.words",
    "{sender}'s deeds multiply the odds of “{says}” by {deeds}, its words by {words}; they point {direction}.",
    "assumed",
)
CONTESTED = Template("signals.contested", "“{says}” {state}: {path}.", "assumed")
MISREAD = Template(
    "signals.misperception",
    "{holder} {gives} “{says}” {belief}, the analyst {own}: {verdict}.",
    "assumed",
)
OPTIMISM = Template("signals.optimism", "Against waiting for {to}: {deals}.", "magnitudes")
UNMET = Template(
    "signals.unmet",
    "{deals}. Where these deals are compared they count as carried out in full.",
    "order",
)
FORESTALLS = Template(
    "signals.forestalls",
    "A course that the author of an event prefers to today is taken to keep the event from coming: {courses}.",
    "assumed",
)
HINDSIGHT = Template(
    "signals.hindsight",
    "{sources} came after {day}: counted apart, and {use}.",
    "assumed",
)
NOTHING = Template("signals.nothing", "By {day} nothing has moved a belief, and no course hangs on one.", "assumed")


def findings(model: Model, result: SignalsResult) -> tuple[Finding, ...]:
    """Return the findings, what decides first."""
    found = [
        *threshold_findings(model, result),
        *_red_lines(model, result),
        *(_price(model, item) for item in result.price_steps),
        *(_belief(model, track) for track in result.tracks if len(track.since_prior) > 1),
        *separation_findings(model, result),
        *beside_findings(model, result.beside),
        *_talk(model, result),
        *(_contested(model, item) for item in result.contests),
        *_misreadings(model, result.tracks),
        *_optimism(model, result.optimism, dict(result.unmet)),
        *_leverages(model, result.leverages),
        *_unmet(result),
        *_forestalls(result),
        *_hindsight(result),
    ]
    return tuple(found) or (NOTHING.fill(day=result.as_of or "now"),)


def _red_lines(model: Model, result: SignalsResult) -> list[Finding]:
    found = []
    for k, item in enumerate(result.red_lines):
        drawn = result.red_line_share[k] if result.red_line_share else None
        ranged = has_range(model, f"preferences.{item.by}.")
        said = "" if drawn is None else f"; not carried out: {drawn_share(drawn, result.provenance.draws, ranged)}"
        line = model.crisis.red_lines[item.name]
        found.append(
            RED_LINE.fill(
                name=item.name,
                actor=model.actor_name(item.by),
                order=_order(item),
                credible=_credible(item),
                share=said,
            ).because((line.cost,))
        )
        if item.overtakes:
            found.append(
                CLOCK.fill(
                    name=item.name,
                    actor=model.actor_name(item.by),
                    now=number(item.clock),
                    overtaken=_overtaken(item),
                ).because((line.clock or "",))
            )
    return found


_COURSE_WORDS = {"waits": "waiting", "backs_down": "backing down", "carries_out": "carrying it out"}


def _order(item: RedLineVerdict) -> str:
    values = dict(zip(_COURSE_WORDS, item.values, strict=True))
    return " beats ".join(f"{_COURSE_WORDS[name]} ({number(values[name])})" for name in item.order)


def _credible(item: RedLineVerdict) -> str:
    state = "credible" if item.is_credible else "not credible"
    if item.credible_at < 0:
        return f"{state}, and no cost of backing down makes it so"
    if item.credible_at == 0:
        return f"{state} at any cost of backing down"
    return f"{state}: backing down costs {number(item.cost)}, and it takes more than {number(item.credible_at)}"


def _overtaken(item: RedLineVerdict) -> str:
    parts = []
    for rival in sorted(item.overtakes, key=lambda rival: rival.from_cost):
        name = _COURSE_WORDS.get(rival.course, rival.course)
        if rival.from_cost >= 0 and rival.ever_best:
            at = f"from {number(rival.from_cost)} on" if rival.from_cost else "whatever the line costs"
            parts.append(f"{name} beats waiting {at}")
    never = [_COURSE_WORDS.get(rival.course, rival.course) for rival in item.overtakes if not rival.ever_best]
    return "; ".join(
        parts + ([f"{listed(never)} {'is' if len(never) == 1 else 'are'} never the best"] if never else [])
    )


def _price(model: Model, step: PriceStep) -> Finding:
    about = model.crisis.propositions[step.proposition].about
    own = step.by.partition(".")[0] == about
    rises = step.after > step.before
    meaning = ""
    if own and step.after != step.before:
        meaning = f": so its own message {'raised' if rises else 'lowered'} the estimate"
    return PRICE.fill(
        signal=step.signal,
        moved="raised" if rises else "lowered",
        holder=speaker(model, step.holder),
        actor=model.actor_name(about),
        before=number(step.before, 3),
        after=number(step.after, 3),
        meaning=meaning,
    ).because((f"signals.{step.signal}.if_true", f"signals.{step.signal}.if_false"))


def _leverages(model: Model, items: tuple[Leverage, ...]) -> list[Finding]:
    found, done = [], set()
    for item in items:
        if (item.actor, item.dial) in done:
            continue
        done.add((item.actor, item.dial))
        limits = [
            f"{one.deal} only with the dial at {number(one.high, 3)} or less"
            for one in item.accepts
            if one.ever and 0 == one.low < one.high < 1
        ]
        found.append(
            LEVERAGE.fill(
                actor=model.actor_name(item.actor),
                demand=item.demand,
                dial=item.dial,
                full=number(item.prices[0]),
                none=number(item.prices[-1]),
                deals=f"; it would sign {listed(limits)}" if limits else "",
            )
        )
    return found


def _belief(model: Model, track: Track) -> Finding:
    causes = [step.cause for step in track.since_prior[1:]]
    rests = (
        f"beliefs.{track.prior}.p",
        *(at for name in causes for at in chance_paths(model.crisis, name, track.that)),
    )
    said = statement(model, track.that)
    return BELIEF.fill(holder=speaker(model, track.holder), says=said, path=path(track.since_prior)).because(rests)


def _talk(model: Model, result: SignalsResult) -> list[Finding]:
    """Set what a sender did beside what it said, where it did both."""
    found = []
    pairs = dict.fromkeys((item.by.partition(".")[0], item.that) for item in result.separations)
    for actor, that in pairs:
        sent = [
            item
            for item in result.separations
            if item.that == that and item.by.partition(".")[0] == actor and not item.hypothetical
        ]
        odds = {True: 1.0, False: 1.0}
        for item in sent:
            odds[item.is_deed] *= item.ratio
        if {item.is_deed for item in sent} == {True, False}:
            same = (odds[True] - 1) * (odds[False] - 1) > 0
            found.append(
                TALK.fill(
                    sender=model.actor_name(actor),
                    says=statement(model, that),
                    deeds=f"{number(odds[True], 3)}{hearers(model, [item.to for item in sent if item.is_deed])}",
                    words=f"{number(odds[False], 3)}{hearers(model, [item.to for item in sent if not item.is_deed])}",
                    direction="the same way" if same else "apart",
                )
            )
    return found


def _contested(model: Model, item: Contest) -> Finding:
    parts = [f"{number(item.prior, 3)} before any report"]
    for heard in item.heard:
        kind = "says so" if heard.affirms else "denies it"
        party = ", a party to it" if heard.interested else ""
        parts.append(
            f"{number(heard.p, 3)} once {speaker(model, heard.by)} {kind} (odds times {number(heard.ratio, 3)}{party})"
        )
    state = "stays contested" if item.is_open else "is hardly contested any more"
    return CONTESTED.fill(says=item.says, state=state, path=", ".join(parts))


def _misreadings(model: Model, tracks: tuple[Track, ...]) -> list[Finding]:
    own = {track.that: track.now for track in tracks if track.holder == ANALYST}
    found = []
    for track in tracks:
        ours = own.get(track.that)
        if track.holder == ANALYST or ours is None:
            continue
        now = track.now
        verdict = "the two agree within their ranges"
        if now.p < ours.low or now.p > ours.high:
            who = speaker(model, track.holder)
            verdict = f"{who} {verb(who, 'underrate' if now.p < ours.low else 'overrate')} it"
        found.append(
            MISREAD.fill(
                holder=speaker(model, track.holder),
                gives=verb(speaker(model, track.holder), "give"),
                says=statement(model, track.that),
                belief=belief(now.p, now.low, now.high),
                own=belief(ours.p, ours.low, ours.high),
                verdict=verdict,
            )
        )
    return found


def _optimism(model: Model, items: tuple[Optimism, ...], unmet: dict[str, tuple[str, ...]]) -> list[Finding]:
    found = []
    for to, group in groupby(items, key=lambda item: item.to):
        parts = [f"{item.deal} is {item.verdict}{_who_waits(model, item)}{_others(unmet, item.deal)}" for item in group]
        found.append(OPTIMISM.fill(to=to, deals="; ".join(parts)))
    return found


def _others(unmet: dict[str, tuple[str, ...]], deal: str) -> str:
    return f" if others do {listed(unmet[deal])}, which they need not" if deal in unmet else ""


def _who_waits(model: Model, item: Optimism) -> str:
    if item.verdict == "open":
        return ""
    said = []
    for party in item.parties:
        if not party.signs:
            name = model.actor_name(party.party)
            limit = f" above {number(party.flips_at, 3)}" if party.flips_at >= 0 and party.low == 0 else ""
            limit = f" below {number(party.flips_at, 3)}" if party.flips_at >= 0 and party.low > 0 else limit
            wait = verb(name, "wait")
            said.append(f"{name} {wait}{limit}")
    return f" ({', '.join(said)})"


def _unmet(result: SignalsResult) -> list[Finding]:
    if not result.unmet:
        return []
    parts = [f"{deal} expects {listed(options)} of others, who need not do it" for deal, options in result.unmet]
    return [UNMET.fill(deals="; ".join(parts))]


def _forestalls(result: SignalsResult) -> list[Finding]:
    names = dict.fromkeys(name for item in result.thresholds if item.forestalls for name in item.courses)
    return [FORESTALLS.fill(courses=listed(list(names)))] if names else []


def _hindsight(result: SignalsResult) -> list[Finding]:
    if not result.hindsight:
        return []
    resting = result.resting_on_hindsight
    use = "no number rests on them" if not resting else f"{count(len(resting), 'number')} rests on them all the same"
    return [
        HINDSIGHT.fill(sources=count(len(result.hindsight), "source"), day=result.as_of or "the file's day", use=use)
    ]
