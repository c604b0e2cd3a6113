"""People inside the parties: what each gains by his own scales, and whose say counts how much where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.no_deal import NoDeal
from backchannel.analyses.deals.robustness import drawn_worth
from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.model.worths import cardinal_terms
from backchannel.spec.positions import suggest

Floats = NDArray[np.float64]

THRESHOLD = 0.5
"""Share of the say that ratifies where the file does not say: half of it is enough."""


@dataclass(frozen=True)
class Voice:
    """One person with a say, or a party that is of one mind.

    Parameters
    ----------
    party
        Position among the parties.
    row
        Row of the actor.
    actor
        Its id.
    person
        Id inside the actor; empty for an actor without people.
    """

    party: int
    row: int
    actor: str
    person: str

    @property
    def id(self) -> str:
        """``us.president``, or the actor's id."""
        return f"{self.actor}.{self.person}" if self.person else self.actor


def voices_of(model: Model, rows: Sequence[int]) -> tuple[Voice, ...]:
    """Return who has a say in each party: its people in file order, or the party itself where the file names none."""
    found = []
    for party, row in enumerate(rows):
        actor = model.actors[row]
        people = tuple(model.crisis.actors[actor].people) or ("",)
        found += [Voice(party, row, actor, person) for person in people]
    return tuple(found)


def voice_name(model: Model, voice: Voice) -> str:
    """Return the name to print."""
    if not voice.person:
        return model.actor_name(voice.actor)
    return model.crisis.actors[voice.actor].people[voice.person].name or voice.person


def voice_worth(
    model: Model, voice: Voice, cells: NDArray[np.int64], continuation: NoDeal, values: Floats, weights: Floats
) -> Floats:
    """Return what states are worth to a person, with what may come after: terms count at his factor on their issue.

    Parameters
    ----------
    model
        The model.
    voice
        Who.
    cells
        int64, shape (cells,).
    continuation
        No deal.
    values
        Shape (draws, inputs): see :func:`backchannel.model.draws.draw_matrix`.
    weights
        Chances of what may come, shape (draws, actors, outcomes).

    Returns
    -------
    Floats
        Points, shape (draws, cells). One matrix product an outcome.
    """
    return drawn_worth(model, voice.row, cells, continuation, values, weights, _factors(model, voice, values))


def _factors(model: Model, voice: Voice, values: Floats) -> Floats:
    """Return the factor on each term, shape (draws, terms): 1 on terms without an issue."""
    terms = cardinal_terms(model, voice.row)
    out = np.ones((len(values), len(terms)))
    scale = model.crisis.actors[voice.actor].people[voice.person].scale if voice.person else {}
    for place, term in enumerate(terms):
        if term.issue in scale:
            out[:, place] = _column(model, f"actors.{voice.actor}.people.{voice.person}.scale.{term.issue}", values)
    return out


def voice_base(model: Model, voices: Sequence[Voice], continuation: NoDeal, values: Floats, weights: Floats) -> Floats:
    """Return the value of no deal to each person, by his own scales and his actor's view of the chances.

    Shape (draws, voices). Hostages are lost by everybody alike: they belong to no issue.
    """
    here = continuation.cells[:1]
    columns = [
        voice_worth(model, voice, here, continuation, values, weights)[:, 0] - continuation.lost[voice.row]
        for voice in voices
    ]
    return np.stack(columns, axis=1)


def home_say(model: Model, voices: Sequence[Voice], values: Floats) -> Floats:
    """Return each person's share of the say at home, shape (draws, voices); adds up to 1 in each party.

    Persons without a share in the file divide evenly what the others leave.
    """
    given = {}
    for voice in voices:
        person = model.crisis.actors[voice.actor].people[voice.person] if voice.person else None
        if person is not None and person.share is not None:
            given[voice.id] = _column(model, f"actors.{voice.actor}.people.{voice.person}.share", values)
    return _divided(voices, given, np.ones((len(values), len(voices))))


def room_say(
    model: Model, voices: Sequence[Voice], values: Floats, channel: str, given: Sequence[tuple[str, float]] = ()
) -> Floats:
    """Return the weight of each person's say where talks are held, shape (draws, voices); adds up to 1 in each party.

    Parameters
    ----------
    model, voices, values
        The model, who has a say, and inputs in each draw.
    channel
        A channel of the file, whose ``voices`` count; empty for the shares at home.
    given
        (person, weight) in place of the channel's.

    Notes
    -----
    Persons of an actor who are not named divide what the named ones leave, in proportion to their shares at home.
    """
    named: dict[str, Floats] = {}
    about = model.crisis.channels[channel].voices if channel else {}
    for actor, weights in about.items():
        for person in weights:
            named[f"{actor}.{person}"] = _column(model, f"channels.{channel}.voices.{actor}.{person}", values)
    named |= {name: np.full(len(values), weight) for name, weight in given}
    return _divided(voices, named, home_say(model, voices, values))


def _divided(voices: Sequence[Voice], named: dict[str, Floats], home: Floats) -> Floats:
    """Give the named their weight, the rest to the others by ``home``; by ``home`` alone where nobody has any."""
    out = home.copy()
    for party in {voice.party for voice in voices}:
        own = [k for k, voice in enumerate(voices) if voice.party == party]
        known = [k for k in own if voices[k].id in named]
        others = [k for k in own if k not in known]
        for k in known:
            out[:, k] = named[voices[k].id]
        rest = np.maximum(1 - out[:, known].sum(axis=1), 0.0)
        out[:, others] = _spread(home[:, others]) * rest[:, None]
        total = out[:, own].sum(axis=1, keepdims=True)
        out[:, own] = np.where(total > 0, out[:, own] / np.where(total > 0, total, 1.0), _spread(home[:, own]))
    return out


def _spread(weights: Floats) -> Floats:
    """Scale rows to add up to 1, even where they hold nothing."""
    total = weights.sum(axis=1, keepdims=True)
    even = 1.0 / max(1, weights.shape[1])
    return np.where(total > 0, weights / np.where(total > 0, total, 1.0), even)


def required_say(model: Model, rows: Sequence[int], values: Floats, threshold: float | None = None) -> Floats:
    """Return the share of the say at home that ratifies, shape (draws, parties): ``ratifies`` in the file, or half."""
    out = np.full((len(values), len(rows)), THRESHOLD if threshold is None else threshold)
    for k, row in enumerate(rows):
        actor = model.actors[row]
        if threshold is None and model.crisis.actors[actor].ratifies is not None:
            out[:, k] = _column(model, f"actors.{actor}.ratifies", values)
    return out


def checked_voices(voices: Sequence[Voice], given: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return weights given on the command line if every one is of a person of a party.

    Raises
    ------
    NotSupportedError
        On a name that is none of them, a weight outside 0 to 1, or weights of one actor over 1 in all.
    """
    known = [voice.id for voice in voices if voice.person]
    total: dict[str, float] = {}
    for name, weight in given:
        if name not in known:
            raise NotSupportedError(
                f'"{name}" is no person of a party, written as actor.person; {suggest(name, known)}'
            )
        if not 0 <= weight <= 1:
            raise NotSupportedError(f'the weight of "{name}" is {weight:g}; it must be between 0 and 1')
        actor = name.partition(".")[0]
        total[actor] = total.get(actor, 0.0) + weight
        if total[actor] > 1 + 1e-9:
            raise NotSupportedError(f'the weights of the people of "{actor}" add up to {total[actor]:g}; at most 1')
    return tuple(given)


def _column(model: Model, path: str, values: Floats) -> Floats:
    place = next(k for k, item in enumerate(model.inputs) if item.path == path)
    return values[:, place]
