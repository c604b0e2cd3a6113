"""Small words the sentences and tables of the commitment analysis share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.commitment.diagnosis import IDS, Break
from backchannel.analyses.commitment.legs import Settings
from backchannel.model.model import Model
from backchannel.model.words import changes_in_words, state_label
from backchannel.numerics.number_format import count, number, signed
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


def points(model: Model, parties: Iterable[str], values: Iterable[float]) -> str:
    """Write points by party: ``3 for A and 5 for B``."""
    return listed(
        f"{number(round(float(value), 4), 3)} for {model.actor_name(party)}"
        for party, value in zip(parties, values, strict=True)
    )


def stable_words(model: Model, stable: NDArray[np.bool_], breaks: tuple[Break, ...] = ()) -> str:
    """Say by which concepts a state is stable and who would leave it."""
    holds = [name.upper() for k, name in enumerate(IDS) if stable[k].all()]
    if len(holds) == 4:
        return "is stable by every concept"
    movers = dict.fromkeys((item.actor, item.move, item.gain) for item in breaks)
    shown = list(movers)[:2]
    who = "; ".join(f"{model.actor_name(actor)} would {move} ({signed(gain)} for it)" for actor, move, gain in shown)
    if len(movers) > len(shown):
        who += f"; {count(len(movers) - len(shown), 'other move')} would pay too"
    said = f"is stable by {', '.join(holds)} only" if holds else "is stable by no concept"
    return f"{said}: {who}" if who else said
