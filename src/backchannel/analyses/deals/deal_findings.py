"""What the packages say, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.bargain import Bargain, bargaining_weights
from backchannel.analyses.deals.words import count_of_points, gains_in_words, listed_in_words, row_label, row_settings
from backchannel.numerics.bargaining_solutions import nash
from backchannel.numerics.number_format import count, number, share
from backchannel.results.finding import Finding, Template

if TYPE_CHECKING:
    from backchannel.analyses.deals.deals import DealsResult, NamedDeal

ZONE = Template(
    "deals.zone",
    "{zone} of {packages} would leave {parties} each better off than no deal{common}. No deal: {no_deal} ({base}).",
    "magnitudes",
)
EMPTY = Template(
    "deals.zone",
    "None of {packages}{where} would leave {parties} each better off than no deal. No deal: {no_deal} ({base}).",
    "magnitudes",
)
NEAREST = Template(
    "deals.nearest",
    "Nearest to a deal: {package} ({gains}). A concession that the file omits would open a zone if it were worth "
    "{needs} and cost {affords}.",
    "magnitudes",
)
UNHELPED = Template(
    "deals.nearest", "Nearest to a deal: {package} ({gains}). No party gains by it, so nobody could pay.", "magnitudes"
)
FRONT = Template(
    "deals.front",
    "On the front, where no other gives one party more without giving another less: {packages}.",
    "magnitudes",
)
SOLUTION = Template("deals.solution", "{names} {verb} {package} (gains {gains}).", "magnitudes")
LOTTERY = Template(
    "deals.lottery",
    "A lottery of {packages} would have a larger product than any single package (expected gains {gains}).",
    "magnitudes",
)
PAYMENT = Template(
    "deals.payment",
    "A side payment of over {points} would open a deal, the smallest there is, for {package}.",
    "magnitudes",
)
HOLDS = Template(
    "deals.holds",
    "{held} once executed (SEQ): {packages}. Of these Nash's product picks {pick} (gains {gains}).",
    "magnitudes",
)
ONE_HOLDS = Template(
    "deals.holds",
    "Only {package} would hold once executed (SEQ; gains {gains}); from the others somebody would move away.",
    "magnitudes",
)
HOLDS_ITSELF = Template("deals.holds", "It would hold once executed (SEQ).", "magnitudes")
NONE_HOLD = Template("deals.holds", "None of them would hold once executed: {who} would move away.", "magnitudes")
PAYS = Template("deals.outsiders", "Not asked, and worse off: {actors}.", "magnitudes")
AGAINST = Template("deals.against", "Against {deals}: {law}.", "assumed")
UNSURE = Template("deals.responses", "Besides: {what}.", "magnitudes")
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
    "Some package is acceptable to all in {share} of {draws} draws within the stated ranges (standard error of a share "
    "here: {error} percentage points at most).",
    "magnitudes",
)
NAMED_DRAWS = Template("deals.named_draws", "{deal}: {accepts}; all parties in {share} of {draws} draws.", "magnitudes")
DECIDES = Template("deals.decides", "{deal}, all else at its centre: the answer would flip {inputs}.", "magnitudes")
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
    said += [] if result.solutions.zone.size else _nearest(found, result)
    if result.payment is not None:
        row, points = result.payment
        said.append(PAYMENT.fill(points=count_of_points(points), package=f"[{row_label(found, row)}]"))
    said += [_named(found, deal) for deal in result.named[:MOST_NAMED]]
    said += _holds(found, result)
    said += _outsiders(found, result)
    said += _against(found, result)
    said += _solutions(found, result) if result.solutions.zone.size else []
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
    parts = [", ".join(options)] if options else []
    implied = {crisis.options[name].issue for name in options}
    more = [issue for issue in issues if issue not in implied]
    parts += [f"at least one step on {listed_in_words(more)}"] if more else []
    return f"; all of them include {' and '.join(parts)}" if parts and len(moved) > 1 else ""


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
    several = result.solutions.zone.size > 1
    said = [FRONT.fill(packages=listed_in_words([f"[{label}]" for label in labels], 6))] if several else []
    picked: dict[tuple[int, ...], list[str]] = {}
    for name, rows in (
        ("Nash's product", solved.nash),
        ("Kalai and Smorodinsky's rule", solved.kalai_smorodinsky),
        ("equal gains", solved.equal_gains),
        ("the largest sum", solved.utilitarian),
    ):
        if rows.size:
            picked.setdefault(tuple(rows.tolist()), []).append(name)
    for picks, names in picked.items():
        words = listed_in_words(names)
        said.append(
            SOLUTION.fill(
                names=words[:1].upper() + words[1:],
                verb="picks" if len(names) == 1 else "pick",
                package=" or ".join(f"[{row_label(found, row)}]" for row in picks[:3]),
                gains=gains_in_words(found.party_names, result.worst[picks[0]]),
            )
        )
    if result.mixture is not None:
        mixed = zip(result.mixture.rows.tolist(), result.mixture.chances.tolist(), strict=True)
        packages = listed_in_words([f"[{row_label(found, row)}] ({number(chance, 2)})" for row, chance in mixed])
        said.append(LOTTERY.fill(packages=packages, gains=_rounded(found, result.mixture.gains)))
    return said


def _rounded(found: Bargain, gains: NDArray[np.float64]) -> str:
    pairs = zip(found.party_names, gains.tolist(), strict=True)
    return ", ".join(f"{name} +{number(gain, 3)}" for name, gain in pairs)


def _holds(found: Bargain, result: DealsResult) -> list[Finding]:
    if not result.holding.rows.size:
        return []
    kept = result.holding.rows[result.holding.seq]
    if not kept.size:
        who = [name for k, name in enumerate(found.model.actors) if result.holding.breaks[:, k].any()]
        return [NONE_HOLD.fill(who=listed_in_words([found.model.actor_name(name) for name in who]))]
    if result.solutions.zone.size == 1:
        return [HOLDS_ITSELF.fill()]
    if kept.size == 1:
        gains = gains_in_words(found.party_names, result.worst[int(kept[0])])
        return [ONE_HOLDS.fill(package=f"[{row_label(found, int(kept[0]))}]", gains=gains)]
    pick = int(kept[nash(result.worst[kept], bargaining_weights(found, result.params.weights))[0]])
    return [
        HOLDS.fill(
            held=f"{kept.size:,} of them would hold",
            packages=listed_in_words([f"[{row_label(found, int(row))}]" for row in kept]),
            pick=f"[{row_label(found, pick)}]",
            gains=gains_in_words(found.party_names, result.worst[pick]),
        )
    ]


def _outsiders(found: Bargain, result: DealsResult) -> list[Finding]:
    said, zone, losing = [], result.solutions.zone, []
    for column, actor in enumerate(result.outsiders):
        changes = result.outsider_gains[zone, column]
        lost = -changes[changes < 0]
        if lost.size:
            low, high = number(float(lost.min())), number(float(lost.max()))
            points = f"by {low}" if low == high else f"by {low} to {high}"
            share_of = "" if lost.size == zone.size else f", in {lost.size:,} of {count(zone.size, 'package')}"
            losing.append((float(lost.max()), f"{found.model.actor_name(actor)} ({points}{share_of})"))
    if losing:
        said.append(PAYS.fill(actors=", ".join(words for _, words in sorted(losing, key=lambda item: -item[0]))))
    unsure = int((result.possible & ~result.zone).sum())
    unsettled = int((result.responses == 0).sum())
    parts = (
        [f"{count(unsure, 'more package')} would be acceptable if third parties responded for the better"]
        if unsure
        else []
    )
    parts += [f"after {count(unsettled, 'package')} third parties need never come to rest"] if unsettled else []
    return [*said, UNSURE.fill(what="; ".join(parts))] if parts else said


def _named(found: Bargain, deal: NamedDeal) -> Finding:
    short = [name for name, gain in zip(found.party_names, deal.gains.tolist(), strict=True) if gain <= 1e-9]
    verdict = "acceptable to all" if deal.accepted else f"not acceptable to {listed_in_words(short)}"
    who = listed_in_words([found.model.actor_name(name) for name in deal.breakers])
    holds = "holds (SEQ)" if "seq" in deal.holds else f"does not hold: {who} would move away from it"
    unmet = f", but others need not leave {', '.join(deal.unmet)} as it has it" if deal.unmet else ""
    if not deal.settles:
        verdict = "third parties never come to rest after it"
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
    good = [deal for deal in result.named if deal.accepted and not deal.unmet]
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
    error = number(50 / drawn.draws**0.5, 2)
    said = [DRAWS.fill(share=share(drawn.some_package, drawn.draws), draws=drawn.draws, error=error)]
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
        said.append(REDRAWN.fill(share=share(order.some_package, order.draws), draws=order.draws))
    return said


def _decides(found: Bargain, result: DealsResult) -> list[Finding]:
    """Name, for each named deal, the inputs within whose range some party's answer flips."""
    said = []
    for k, deal in enumerate(result.named[:MOST_NAMED]):
        turning = [item for item in result.deciders if item.package == k and item.inside]
        turning = sorted(turning, key=lambda item: (-item.share, item.path))[:3]
        if turning:
            words = [
                f"if {item.path} were {number(item.flips, 3)} instead of {number(item.centre, 3)} "
                f"({found.party_names[item.party]})"
                for item in turning
            ]
            finding = DECIDES.fill(deal=deal.name, inputs=" or ".join(words))
            said.append(finding.because(rests_on=tuple(item.path for item in turning)))
    return said
