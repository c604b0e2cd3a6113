"""Small words the sentences and tables of the commitment analysis share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.commitment.diagnosis import IDS, Break
from backchannel.analyses.commitment.legs import Settings
from backchannel.model.model import Model
from backchannel.model.words import changes_in_words, state_label
from backchannel.numerics.number_format import count, number
from backchannel.spec.evaluate import today


def listed(words: Iterable[str], last: str = "and") -> str:
    """Join words: ``a``, ``a and b``, ``a, b and c``."""
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def names(model: Model, actors: Iterable[str], last: str = "and") -> str:
    """Join the names of actors."""
    return listed((model.actor_name(actor) for actor in actors), last)


def or_nobody(model: Model, members: Sequence[str], parties: Sequence[str]) -> str:
    """Name a set of deliverers."""
    if not members:
        return "nobody"
    if len(members) == len(parties):
        return "everybody"
    return f"{names(model, members)} only"


def of_state(model: Model, literal: str) -> str:
    """Name a state by its literal."""
    return state_label(model, model.space.find(literal))


def percent(value: float) -> str:
    """Write a share of a leg."""
    return f"{number(100 * value, 3)} %"


def settings_in_words(model: Model, settings: Settings) -> str:
    """Say what an actor does as verb phrases."""
    crisis = model.crisis
    now = dict(zip(crisis.options, today(crisis), strict=True))
    changed = [
        (option, crisis.options[option].levels[now[option]], crisis.options[option].levels[level])
        for option, level in settings
    ]
    return changes_in_words(crisis, changed)


LEAST = 0.0005
"""Points below which a positive amount is not written out."""


def amount(value: float) -> str:
    """Write points; a positive amount never comes out as 0."""
    if 0 < value < LEAST:
        return "less than 0.001"
    return number(round(float(value), 4), 3)


def points(model: Model, parties: Iterable[str], values: Iterable[float]) -> str:
    """Write points by party, leaving out who has none: ``3 for A and 5 for B``."""
    shown = [(party, float(value)) for party, value in zip(parties, values, strict=True)]
    some = [(party, value) for party, value in shown if value != 0] or shown
    return listed(f"{amount(value)} for {model.actor_name(party)}" for party, value in some)


def concept_name(concept: str) -> str:
    """Write a concept as the literature does."""
    return "Nash" if concept == "nash" else concept.upper()


def stable_words(model: Model, stable: NDArray[np.bool_], breaks: tuple[Break, ...] = ()) -> str:
    """Say by which concepts a state is stable and who would leave it."""
    holds = [concept_name(name) for k, name in enumerate(IDS) if stable[k].all()]
    fails = [concept_name(name) for k, name in enumerate(IDS) if not stable[k].all()]
    if not fails:
        return "is stable by every concept"
    said = f"is stable by {listed(holds)} but not by {listed(fails, 'or')}" if holds else "is stable by no concept"
    movers = dict.fromkeys((item.actor, item.move, item.gain) for item in breaks)
    shown = list(movers)[:2]
    who = [
        f"{model.actor_name(actor)} alone could gain {number(gain)} (it would {move})" for actor, move, gain in shown
    ]
    if len(movers) > len(shown):
        who.append(f"{count(len(movers) - len(shown), 'other move')} would pay too")
    return f"{said}: {'; '.join(who)}" if who else said


def doing(model: Model, actor: str, settings: Settings) -> str:
    """Name an actor and, as an infinitive, what it does: ``Russia were to end military support``."""
    return f"{model.actor_name(actor)} were to {settings_in_words(model, settings)}"


def would(model: Model, settings: Settings) -> str:
    """Say who would do what: ``A would leave and B would back the government``."""
    by: dict[str, list[tuple[str, int]]] = {}
    for option, level in settings:
        by.setdefault(model.crisis.options[option].by, []).append((option, level))
    return listed(f"{model.actor_name(who)} would {settings_in_words(model, tuple(own))}" for who, own in by.items())
