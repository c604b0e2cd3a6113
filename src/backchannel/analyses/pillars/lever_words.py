"""The levers on the pillars, in sentences."""

from __future__ import annotations

from backchannel.analyses.pillars.levers import LEVERS, POINTS, SAME, Lever
from backchannel.analyses.pillars.pillars_result import PillarsResult
from backchannel.analyses.pillars.regime import Regime
from backchannel.model.model import Model
from backchannel.numerics.number_format import number, signed
from backchannel.results.finding import Finding, Template
from backchannel.spec.changes import with_values

LEVER = Template(
    "pillars.levers",
    "The government of {government}, strongest lever first, each by {step}: {lever} raises the share that it cannot "
    "survive losing by {effect} points{others}.",
    "magnitudes",
)
PATRON = Template(
    "pillars.patron",
    "{pillar}: if {patron} ended its guarantee, staying would pay less in both outcomes; {step} points off each raise "
    "that share by {effect} points{needed}.",
    "magnitudes",
)
OFFER = Template(
    "pillars.offer",
    "{pillar}: {variant} promises {part} of the {whole} points that the file does, and a member then moves {partly}. "
    "The other {rest} points bring him to move {wholly}, and raise the share that the government cannot survive losing "
    "by {effect} points.",
    "magnitudes",
)
CHEAPEST = Template(
    "pillars.cheapest",
    "{pillar}: what brings a member's threshold down to his belief with the fewest points, one lever alone: {lever}, "
    "by {points} points.",
    "magnitudes",
)


def levers_in_words(result: PillarsResult, j: int) -> list[Finding]:
    """Return the levers on the pillars of a government, the strongest first."""
    single = [item for item in result.levers[j] if item.effect and item.id != "patron"]
    if not single:
        return []
    first, *others = single[:6]
    said = [f"{lever_words(result, item)} {signed(item.effect * 100, 3)}" for item in others]
    steps = {item.step for item in single if item.id in POINTS}
    points = f" ({number(steps.pop(), 3)} points)" if len(steps) == 1 else ""
    tenth = f"a tenth of the range of a pillar's pay-offs{points}"
    found = LEVER.fill(
        government=result.government_names[j],
        step=f"{tenth} or ten percentage points" if any(item.id not in POINTS for item in single) else tenth,
        lever=lever_words(result, first),
        effect=number(first.effect * 100, 3),
        others=f"; {'; '.join(said)}" if said else "",
    )
    return [found]


def patrons_in_words(model: Model, result: PillarsResult, regime: Regime, j: int) -> list[Finding]:
    """Return what the end of a patron's guarantee does, where the file names one: it changes two pay-offs at once."""
    found = []
    for item in result.levers[j]:
        if item.id == "patron" and item.effect:
            k = regime.pillars.index(item.pillar)
            needed = "" if item.needed is None else f", and {number(item.needed, 3)} off each bring a member to move"
            found.append(
                PATRON.fill(
                    pillar=regime.names[k],
                    patron=model.actor_name(regime.patrons[k]),
                    step=number(item.step, 3),
                    effect=number(item.effect * 100, 3),
                    needed=needed,
                )
            )
    return found


def offers_in_words(model: Model, result: PillarsResult, i: int) -> list[Finding]:
    """Return what each part of the offer to a pillar does, where a variant promises less and changes nothing else.

    So amnesty and retained posts are two levers: the variant with amnesty alone, and the rest.
    """
    crisis, path = model.crisis, f"pillars.{result.pillars[i]}.move_falls"
    whole, j = crisis.pillars[result.pillars[i]].move_falls.centre, result.governments.index(result.of[i])
    found = []
    for k, name in enumerate(result.cases):
        if not name or set(crisis.variants[name].set) != {path}:
            continue
        part = with_values(crisis, crisis.variants[name].set).pillars[result.pillars[i]].move_falls.centre
        if part >= whole:
            continue
        found.append(
            OFFER.fill(
                pillar=result.names[i],
                variant=name,
                part=number(part, 3),
                whole=number(whole, 3),
                partly=_moves(result, k, i),
                rest=number(whole - part, 3),
                wholly=_moves(result, 0, i),
                effect=number(float(result.falls_below[0, j] - result.falls_below[k, j]) * 100, 3),
            )
        )
    return found


def _moves(result: PillarsResult, case: int, i: int) -> str:
    return "never" if result.never[case, i] else f"at {number(float(result.threshold[case, i]), 3)}"


def lever_words(result: PillarsResult, item: Lever) -> str:
    """Return a lever in words, with its pillar where there are several."""
    words = {name: text for name, text, _ in LEVERS}[item.id]
    words = words[:1].lower() + words[1:]
    named = len(result.pillars) > 1 and item.pillar
    return f"{words} ({result.names[result.pillars.index(item.pillar)]})" if named else words


def cheapest_in_words(result: PillarsResult) -> list[Finding]:
    """Return the cheapest lever on each pillar, in the file."""
    found = []
    for choice in result.choices:
        if choice.case == "":
            name = result.names[result.pillars.index(choice.pillar)]
            words = choice_words(choice.lever)
            lever = words[:1].lower() + words[1:]
            found.append(CHEAPEST.fill(pillar=name, lever=lever, points=number(choice.points, 3)))
    return found


def choice_words(lever: str) -> str:
    """Return the cheapest lever in words, with the one that counts the same."""
    words = {key: text for key, text, _ in LEVERS}
    same = words[SAME[lever]] if lever in SAME else ""
    return f"{words[lever]}, or {same[:1].lower()}{same[1:]}" if same else words[lever]
