"""Formats of talks as numbers: how public, how binding, whose say counts, what may be traded."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.model.model import Model
from backchannel.spec.crisis import Crisis

Floats = NDArray[np.float64]

ALL = "all"


@dataclass(frozen=True, eq=False)
class Format:
    """One channel in each draw.

    Parameters
    ----------
    name
        Its id.
    parties
        Actors in the room, file order.
    issues
        Issues the speakers may trade; empty for all.
    publicity
        Chance that the terms become public, by leak or by design: publicity + (1 − publicity) leak. Shape (draws,).
    authority, drift
        Chance that the speakers bind their sides, and that the talk drifts off the matter. Shape (draws,).
    voices
        (actor, issue) to the factor on the worth of that issue's terms that the voices in this room give it, (draws,).
    failure_cost
        Points each actor of the model loses if the talks fail, shape (draws, actors).
    """

    name: str
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    publicity: Floats
    authority: Floats
    drift: Floats
    voices: dict[tuple[str, str], Floats]
    failure_cost: Floats

    def part(self, rows: slice) -> Format:
        """Return the format in some of its draws."""
        return replace(
            self,
            publicity=self.publicity[rows],
            authority=self.authority[rows],
            drift=self.drift[rows],
            voices={key: factor[rows] for key, factor in self.voices.items()},
            failure_cost=self.failure_cost[rows],
        )

    @property
    def delivers(self) -> Floats:
        """Chance that what lies in the zone is agreed on: authority times (1 − drift), shape (draws,)."""
        return self.authority * (1 - self.drift)


def actors_in(crisis: Crisis, channel: str) -> tuple[str, ...]:
    """Return the actors whose people or selves are in a room, in file order."""
    present = {name.partition(".")[0] for name in crisis.channels[channel].who}
    return tuple(actor for actor in crisis.actors if actor in present)


def read_format(model: Model, channel: str, values: Floats) -> Format:
    """Return a channel of the file with its numbers drawn.

    Parameters
    ----------
    values
        Shape (draws, inputs), columns in the order of the model's inputs.

    Notes
    -----
    The voices of an actor weigh how its people scale an issue; where a channel names none, the issue counts as in the
    file. Weights that do not add up to 1 are scaled so that they do.
    """
    column = {item.path: k for k, item in enumerate(model.inputs)}
    about = model.crisis.channels[channel]

    def drawn(path: str, default: float) -> Floats:
        full = f"channels.{channel}.{path}"
        return values[:, column[full]] if full in column else np.full(len(values), default)

    cost = np.stack([drawn(f"failure_cost.{actor}", 0.0) for actor in model.actors], axis=1)
    publicity, leak = drawn("publicity", 0.0), drawn("leak", 0.0)
    return Format(
        name=channel,
        parties=actors_in(model.crisis, channel),
        issues=() if ALL in about.mandate else tuple(about.mandate),
        publicity=publicity + (1 - publicity) * leak,
        authority=drawn("authority", 1.0),
        drift=drawn("drift", 0.0),
        voices=_voices(model, channel, values, column),
        failure_cost=cost,
    )


def _voices(model: Model, channel: str, values: Floats, column: dict[str, int]) -> dict[tuple[str, str], Floats]:
    found = {}
    for actor, weights in model.crisis.channels[channel].voices.items():
        drawn = {person: values[:, column[f"channels.{channel}.voices.{actor}.{person}"]] for person in weights}
        for issue in scaled_issues(model.crisis, actor):
            found[actor, issue] = weighed(model, actor, issue, drawn, values)
    return found


def scaled_issues(crisis: Crisis, actor: str) -> tuple[str, ...]:
    """Return the issues that some person of an actor scales, in file order."""
    people = crisis.actors[actor].people.values()
    return tuple(issue for issue in crisis.issues if any(issue in person.scale for person in people))


def weighed(model: Model, actor: str, issue: str, weights: dict[str, Floats], values: Floats) -> Floats:
    """Return the factor on an issue that people of an actor give it together, shape (draws,)."""
    column = {item.path: k for k, item in enumerate(model.inputs)}
    total, sums = np.zeros(len(values)), np.zeros(len(values))
    for person, weight in weights.items():
        path = f"actors.{actor}.people.{person}.scale.{issue}"
        total += weight * (values[:, column[path]] if path in column else 1.0)
        sums += weight
    return np.where(sums > 0, total / np.where(sums > 0, sums, 1), 1.0)


def with_equal_voices(model: Model, item: Format, values: Floats) -> Format:
    """Return a format in which every person of an actor has the same say."""
    even = {}
    for actor, issue in item.voices:
        people = {person: np.ones(len(values)) for person in model.crisis.actors[actor].people}
        even[actor, issue] = weighed(model, actor, issue, people, values)
    return replace(item, voices=even)


def premium(model: Model, actor: str, issue: str, values: Floats) -> Floats:
    """Return by which share a conceded issue costs an actor more at full publicity, shape (draws,); 0 if not said."""
    column = {item.path: k for k, item in enumerate(model.inputs)}
    path = f"audience.{actor}.{issue}"
    return values[:, column[path]] if path in column else np.zeros(len(values))
