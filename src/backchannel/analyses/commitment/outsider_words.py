"""The sentences on patrons and spoilers: what one act brings, what restraint costs, who could undo the done deal."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.commitment.commitment_result import DealCommitment
from backchannel.analyses.commitment.exchange_words import dial_words, fraction
from backchannel.analyses.commitment.patrons import Act, Substitute
from backchannel.analyses.commitment.phrases import amount, doing, listed, settings_in_words, would
from backchannel.model.model import Model
from backchannel.model.words import changes_in_words
from backchannel.numerics.bonds import GROWTH
from backchannel.numerics.number_format import count, number, signed
from backchannel.results.finding import Finding, Template
from backchannel.spec.evaluate import today

PATRON = Template("commitment.patron", "If {acts}, {brings} ({change} for {actor}){lost}.", "magnitudes")
SPOILER = Template(
    "commitment.spoiler",
    "{actor} can keep it from happening. If it were to {acts}, the parties would do their part by themselves; that "
    "costs it {price}{lost}.",
    "magnitudes",
)
GREEDY = Template(
    "commitment.greedy",
    "The price of a greedy spoiler takes it that {payments} are made and that each asks {growth} times the one before.",
    "assumed",
)
UNDO = Template("commitment.undo", "{actor} could undo the done deal ({undone}): {gain}.", "magnitudes")
LOSERS = Template("commitment.losers", "Not asked and worse off: {losers}.", "magnitudes")


def outsider_findings(model: Model, item: DealCommitment, payments: int) -> list[Finding]:
    """Say what acts bring, what restraint costs, who could undo it and who loses by it."""
    found = [_patron(model, made) for made in item.acts]
    found += [_spoiler(model, made) for made in item.helps]
    if any(limited > 0 for _, limited, _ in item.restraints):
        found.append(GREEDY.fill(payments=count(payments, "payment"), growth=number(GROWTH)))
    for way in item.undoings:
        gain = f"it would gain {amount(way.gain)}, the price of its restraint" if way.gain > 0 else "it would not pay"
        found.append(UNDO.fill(actor=model.actor_name(way.actor), undone=_reversed(model, way.undone), gain=gain))
    if item.diagnosis.losers:
        said = listed(f"{model.actor_name(actor)} ({signed(change)})" for actor, change in item.diagnosis.losers)
        found.append(LOSERS.fill(losers=said))
    return found


def _reversed(model: Model, options: tuple[str, ...]) -> str:
    """Say what no longer holds, as verb phrases."""
    crisis = model.crisis
    return changes_in_words(crisis, [(o, crisis.options[o].levels[-1], crisis.options[o].levels[0]) for o in options])


def _spoiler(model: Model, made: Act) -> Finding:
    return SPOILER.fill(
        actor=model.actor_name(made.actor),
        acts=settings_in_words(model, made.settings),
        price=f"{amount(-made.change)} points" if made.change < 0 else "nothing",
        lost=_lost(model, made.substitutes),
    )


def _patron(model: Model, made: Act) -> Finding:
    return PATRON.fill(
        acts=doing(model, made.actor, made.settings),
        actor=model.actor_name(made.actor),
        brings=_follows(model, made),
        change=signed(made.change),
        lost=_lost(model, made.substitutes),
    )


def _follows(model: Model, made: Act) -> str:
    """Say what others would do: the options an act brings, at the level they end in."""
    ends = model.space.levels(np.array([model.space.find(made.ends[0])]))[0].tolist()
    names = list(model.crisis.options)
    now = dict(zip(names, today(model.crisis), strict=True))
    settings = tuple((option, ends[names.index(option)]) for option in made.brings)
    return would(model, tuple((o, level) for o, level in settings if now[o] != level) or settings)


def _lost(model: Model, substitutes: tuple[Substitute, ...]) -> str:
    return "".join(
        f"; none of this follows once {dial_words(model, item.dial)} reaches "
        f"{fraction(item.numerator, item.denominator)}"
        for item in substitutes
    )
