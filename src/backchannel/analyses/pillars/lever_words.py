"""The levers on the pillars, in sentences."""

from __future__ import annotations

from backchannel.analyses.pillars.levers import LEVERS, SAME, Lever
from backchannel.analyses.pillars.pillars_result import PillarsResult
from backchannel.numerics.number_format import number, signed
from backchannel.results.finding import Finding, Template

LEVER = Template("pillars.levers", "{government}, strongest lever first, for a tenth each: {levers}.", "magnitudes")
CHEAPEST = Template(
    "pillars.cheapest",
    "{pillar}: what brings a member's threshold down to his belief with the fewest points, one lever alone: {lever}, "
    "by {points} points.",
    "magnitudes",
)


def levers_in_words(result: PillarsResult, j: int) -> list[Finding]:
    """Return the levers on the pillars of a government, the strongest first."""
    said = [f"{lever_words(result, item)} {signed(item.effect * 100, 3)}" for item in result.levers[j] if item.effect]
    if not said:
        return []
    text = "; ".join(said[:6]) + " percentage points of what it must be able to lose"
    return [LEVER.fill(government=result.government_names[j], levers=text)]


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
