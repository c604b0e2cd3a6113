"""What the packages say, in sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.words import gains_in_words, listed_in_words, row_label, row_settings
from backchannel.numerics.number_format import count, number, share, signed
from backchannel.results.finding import Finding, Template

if TYPE_CHECKING:
    from backchannel.analyses.deals.deals import DealsResult, NamedDeal

ZONE = Template(
    "deals.zone",
    "{zone} of {packages} of {parties} leave each of them better off than no deal ({no_deal}: {base}){common}.",
    "magnitudes",
)
EMPTY = Template(
    "deals.zone",
    "None of {packages} of {parties}{where} leaves each of them better off than no deal ({no_deal}: {base}).",
    "magnitudes",
)
NEAREST = Template(
    "deals.nearest",
    "Nearest to a deal: {package} ({gains}). A further concession, not in this list, would open a zone if it were "
    "worth {needs} and cost {affords}.",
    "magnitudes",
)
UNHELPED = Template(
    "deals.nearest", "Nearest to a deal: {package} ({gains}). No party gains by it, so nobody could pay.", "magnitudes"
)
FRONT = Template("deals.front", "Not dominated: {packages}.", "magnitudes")
SOLUTION = Template("deals.{id}", "{name} picks {package} (gains {gains}{product}).", "magnitudes")
HOLDS = Template(
    "deals.holds",
    "{held} once executed (SEQ): {packages}. Among these Nash's product picks {pick} (gains {gains}).",
    "magnitudes",
)
NONE_HOLD = Template("deals.holds", "None of them holds once executed: {who} would move on.", "magnitudes")
PAYS = Template(
    "deals.outsiders",
    "Who is not asked: {actor} ends {change} against no deal in {packages}.",
    "magnitudes",
)
AGAINST = Template("deals.against", "Against {deals}: {law}.", "assumed")
UNSURE = Template(
    "deals.responses",
    "{packages} are acceptable only if third parties respond for the better; {unsettled}.",
    "magnitudes",
)
NAMED = Template(
    "deals.named", "{deal}: {gains} against no deal; {verdict}{unmet}; once executed it {holds}.", "magnitudes"
)
BEST_NAMED = Template(
    "deals.named_nash", "Among the named deals Nash's product picks {deal} (gains {gains}).", "magnitudes"
)
FRAMES = Template(
    "deals.frames", "In the game as {actor} sees it, {zone} of {packages} are acceptable to all.", "magnitudes"
)
DRAWS = Template(
    "deals.draws",
    "Some package is acceptable to all in {share} of {draws} draws within the stated ranges.",
    "magnitudes",
)
NAMED_DRAWS = Template("deals.named_draws", "{deal}: {accepts}; all parties in {share} of {draws} draws.", "magnitudes")
DECIDES = Template("deals.decides", "{deal} turns on {inputs}.", "magnitudes")
REDRAWN = Template(
    "deals.magnitudes",
    "With every worth redrawn between a third and three times its figure, signs and stated orders kept, some package "
    "is acceptable to all in {share} of {draws} redrawn files.",
    "magnitudes",
)
NO_SCALE = Template(
    "deals.scale",
    "Equal gains and the largest sum are not computed: the file declares no common scale for {parties}.",
    "assumed",
)

MOST_NAMED = 4


def findings(found: Bargain, result: DealsResult) -> tuple[Finding, ...]:
    """Return the sentences, the answer first."""
    said = [_zone(found, result)]
    said += _solutions(found, result) if result.solutions.zone.size else _nearest(found, result)
    said += _holds(found, result)
    said += _outsiders(found, result)
    said += [_named(found, deal) for deal in result.named[:MOST_NAMED]]
    said += _against(found, result)
    said += _best_named(found, result)
    said += _seen(found, result)
    said += _draws(found, result)
    if result.solutions.zone.size and not result.solutions.equal_gains.size:
        said.append(NO_SCALE.fill(parties=listed_in_words(found.party_names)))
    return tuple(said)


def _zone(found: Bargain, result: DealsResult) -> Finding:
    total = count(found.packages.size, "package")
    parties, base = listed_in_words(found.party_names), _values(found, result)
    if not result.solutions.zone.size:
        where = f" in which {result.params.where} holds" if result.params.where else ""
        issues = f" over {listed_in_words(result.params.issues)}" if result.params.issues else ""
        return EMPTY.fill(packages=total, parties=parties, where=issues + where, no_deal=result.no_deal, base=base)
    return ZONE.fill(
        zone=f"{result.solutions.zone.size:,}",
        packages=total,
        parties=parties,
        no_deal=result.no_deal,
        base=base,
        common=_common(found, result),
    )


def _values(found: Bargain, result: DealsResult) -> str:
    return ", ".join(
        f"{name} {number(float(value))}" for name, value in zip(found.party_names, result.base, strict=True)
    )


def _common(found: Bargain, result: DealsResult) -> str:
    """Say which options, and which issues, every package of the zone moves."""
    crisis = found.model.crisis
    moved = [dict(row_settings(found, int(row))) for row in result.solutions.zone]
    options = [name for name in found.packages.options if all(name in row for row in moved)]
    every = dict.fromkeys(option.issue for option in crisis.options.values() if option.issue)
    issues = [
        issue for issue in every if all(any(crisis.options[name].issue == issue for name in row) for row in moved)
    ]
    parts = [f"include {', '.join(options)}"] if options else []
    parts += [f"move on {listed_in_words(issues)}"] if issues and len(moved) > 1 else []
    return f"; all of them {' and '.join(parts)}" if parts and len(moved) > 1 else ""


def _nearest(found: Bargain, result: DealsResult) -> list[Finding]:
    close = result.nearest
    if close is None:
        return []
    gains = gains_in_words(found.party_names, result.worst[close.row])
    label = row_label(found, close.row)
    if not any(close.slack):
        return [UNHELPED.fill(package=label, gains=gains)]
    short = [
        f"over {number(points)} to {name}"
        for name, points, slack in zip(found.party_names, close.short, close.slack, strict=True)
        if not slack
    ]
    spare = [
        f"under {number(points)} to {name}"
        for name, points in zip(found.party_names, close.slack, strict=True)
        if points
    ]
    return [NEAREST.fill(package=label, gains=gains, needs=" and ".join(short), affords=" or ".join(spare))]


def _solutions(found: Bargain, result: DealsResult) -> list[Finding]:
    solved = result.solutions
    labels = [row_label(found, int(row)) for row in solved.front]
    said = [FRONT.fill(packages=listed_in_words([f"[{label}]" for label in labels], 6))]
    for id_, name, rows in (
        ("nash", "Nash's product", solved.nash),
        ("kalai_smorodinsky", "Kalai and Smorodinsky's rule", solved.kalai_smorodinsky),
        ("equal_gains", "Equal gains", solved.equal_gains),
        ("utilitarian", "The largest sum", solved.utilitarian),
    ):
        if rows.size:
            gains = result.worst[int(rows[0])]
            product = (
                f", product {number(float(np.prod(gains)))}" if id_ == "nash" and not result.params.weights else ""
            )
            label = " or ".join(f"[{row_label(found, int(row))}]" for row in rows[:3])
            template = Template(SOLUTION.id.format(id=id_), SOLUTION.text, SOLUTION.tag)
            said.append(
                template.fill(name=name, package=label, gains=gains_in_words(found.party_names, gains), product=product)
            )
    return said


def _holds(found: Bargain, result: DealsResult) -> list[Finding]:
    if not result.holding.rows.size:
        return []
    kept = result.holding.rows[result.holding.seq]
    if not kept.size:
        who = [name for k, name in enumerate(found.model.actors) if result.holding.breaks[:, k].any()]
        return [NONE_HOLD.fill(who=listed_in_words([found.model.actor_name(name) for name in who]))]
    from backchannel.numerics.bargaining_solutions import nash

    pick = int(kept[nash(result.worst[kept])[0]])
    return [
        HOLDS.fill(
            held="1 of them holds" if kept.size == 1 else f"{kept.size:,} of them hold",
            packages=listed_in_words([f"[{row_label(found, int(row))}]" for row in kept]),
            pick=f"[{row_label(found, pick)}]",
            gains=gains_in_words(found.party_names, result.worst[pick]),
        )
    ]


def _outsiders(found: Bargain, result: DealsResult) -> list[Finding]:
    said = []
    zone = result.solutions.zone
    for column, actor in enumerate(result.outsiders):
        changes = result.outsider_gains[zone, column]
        losing = changes[changes < 0]
        if losing.size:
            low, high = number(float(losing.max())), number(float(losing.min()))
            said.append(
                PAYS.fill(
                    actor=found.model.actor_name(actor),
                    change=low if low == high else f"{low} to {high}",
                    packages=f"{losing.size:,} of {count(zone.size, 'package')}",
                )
            )
    unsure = int((result.possible & ~result.zone).sum())
    unsettled = int((result.responses == 0).sum())
    if unsure or unsettled:
        rest = (
            f"after {count(unsettled, 'package')} their responses never come to rest"
            if unsettled
            else ("their responses always come to rest")
        )
        said.append(UNSURE.fill(packages=count(unsure, "more package"), unsettled=rest))
    return said


def _named(found: Bargain, deal: NamedDeal) -> Finding:
    short = [name for name, gain in zip(found.party_names, deal.gains.tolist(), strict=True) if gain <= 1e-9]
    verdict = "acceptable to all" if deal.accepted else f"not acceptable to {listed_in_words(short)}"
    who = listed_in_words([found.model.actor_name(name) for name in deal.breakers])
    holds = "holds (SEQ)" if "seq" in deal.holds else f"does not hold: {who} would move on"
    unmet = f", but it expects {', '.join(deal.unmet)} of others, who need not do it" if deal.unmet else ""
    gains = gains_in_words(found.party_names, deal.gains)
    return NAMED.fill(deal=deal.name, gains=gains, verdict=verdict, unmet=unmet, holds=holds)


def _against(found: Bargain, result: DealsResult) -> list[Finding]:
    """Say what the file says stands against each deal, deals with the same words together."""
    by_law: dict[str, list[str]] = {}
    for deal in result.named:
        about = found.model.crisis.deals.get(deal.name)
        if about is not None and about.against:
            by_law.setdefault(about.against.rstrip("."), []).append(deal.name)
    return [AGAINST.fill(deals=listed_in_words(names), law=law) for law, names in by_law.items()]


def _best_named(found: Bargain, result: DealsResult) -> list[Finding]:
    good = [deal for deal in result.named if deal.accepted]
    if len(good) < 2:
        return []
    best = max(good, key=lambda deal: float(np.log(deal.gains).sum()))
    return [BEST_NAMED.fill(deal=best.name, gains=gains_in_words(found.party_names, best.gains))]


def _seen(found: Bargain, result: DealsResult) -> list[Finding]:
    return [
        FRAMES.fill(
            actor=found.model.actor_name(item.actor), zone=f"{item.zone:,}", packages=count(item.packages, "package")
        )
        for item in result.seen
    ]


def _draws(found: Bargain, result: DealsResult) -> list[Finding]:
    drawn = result.shares
    if drawn is None:
        return []
    said = [DRAWS.fill(share=share(drawn.some_package, drawn.draws), draws=drawn.draws)]
    for k, deal in enumerate(result.named[:MOST_NAMED]):
        accepts = ", ".join(
            f"{name} accepts in {share(float(value), drawn.draws)}"
            for name, value in zip(found.party_names, drawn.named_accepts[k], strict=True)
        )
        said.append(
            NAMED_DRAWS.fill(
                deal=deal.name, accepts=accepts, share=share(float(drawn.named_zone[k]), drawn.draws), draws=drawn.draws
            )
        )
    said += _decides(found, result)
    if result.order_shares is not None:
        order = result.order_shares
        redrawn = REDRAWN.fill(share=share(order.some_package, order.draws), draws=order.draws)
        said.append(replace(redrawn, tag="order") if order.some_package in {0.0, 1.0} else redrawn)
    return said


def _decides(found: Bargain, result: DealsResult) -> list[Finding]:
    """Name, for each named deal, the inputs within whose range some party's answer flips."""
    said = []
    for k, deal in enumerate(result.named[:MOST_NAMED]):
        turning = [item for item in result.deciders if item.package == k and item.inside]
        turning = sorted(turning, key=lambda item: (-item.share, item.path))[:3]
        if turning:
            words = [
                f"{item.path} ({found.party_names[item.party]} indifferent at {signed(item.flips)})" for item in turning
            ]
            finding = DECIDES.fill(deal=deal.name, inputs=listed_in_words(words))
            said.append(finding.because(rests_on=tuple(item.path for item in turning)))
    return said
