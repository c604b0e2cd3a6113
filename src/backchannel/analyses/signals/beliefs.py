"""Beliefs over time: a dated prior, moved by every signal its holder received since (Bayes)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.spec.crisis import Crisis
from backchannel.spec.information import ANALYST, Bearing, Belief, Signal
from backchannel.spec.inputs import member_keys
from backchannel.spec.number import Number

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """A belief after something happened.

    Parameters
    ----------
    day
        ISO day, or nothing where the file gives none.
    cause
        ``prior``, or the id of the signal.
    by
        Who sent it; nothing for a prior.
    ratio
        Chance of the signal if the statement is true over its chance if it is false; 1 for a prior.
    p, low, high
        The belief at the centres, and the least and greatest over every range behind it.
    """

    day: str
    cause: str
    by: str
    ratio: float
    p: float
    low: float
    high: float


@dataclass(frozen=True)
class Track:
    """One holder's belief in one statement, oldest step first.

    Parameters
    ----------
    holder
        An actor, an actor's person (us.president), or ``analyst``.
    that
        A proposition, an option or a defined name.
    prior
        Key of the last stated belief in the file's list: its input path is ``beliefs.KEY.p``.
    steps
        How it came to be. The last step is the belief now.
    """

    holder: str
    that: str
    prior: str
    steps: tuple[Step, ...]

    @property
    def now(self) -> Step:
        """The belief as it stands."""
        return self.steps[-1]

    @property
    def since_prior(self) -> tuple[Step, ...]:
        """The last stated belief and every signal after it."""
        last = max(k for k, step in enumerate(self.steps) if step.cause == "prior")
        return self.steps[last:]


def posterior(prior: float, if_true: float, if_false: float) -> float:
    """Return the belief after an act of these chances under each type (Bayes, 1763).

    Raises
    ------
    ValueError
        If neither type that is still possible could have acted so.
    """
    both = prior * if_true + (1 - prior) * if_false
    if both == 0:
        raise ValueError("an act that no type still possible could have chosen")
    return prior * if_true / both


def tracks(crisis: Crisis) -> tuple[Track, ...]:
    """Return every belief of the file over time: of actors and the analyst, and of people told something apart.

    A belief's day is its own or ``as_of``; a later stated belief replaces what came before it. A signal moves the
    actors it names and all their people, or the one person it names; without receivers, everybody but the sender.
    Signals of the day of a prior are taken to be known to it. The analyst is told nothing by signals.
    A signal moves every statement it bears on, each by its own chances; a hypothetical one moves none.

    Raises
    ------
    NotSupportedError
        If a signal cannot have been sent given what its receiver held to be certain.
    """
    found = [_track(crisis, holder, that) for holder, that in _pairs(crisis)]
    return tuple(track for track in found if track is not None)


def _pairs(crisis: Crisis) -> list[tuple[str, str]]:
    """Return (holder, statement) of the beliefs stated, and of people told apart from their actor."""
    stated = list(dict.fromkeys((belief.who, belief.that) for belief in crisis.beliefs))
    found: list[tuple[str, str]] = []
    for holder, that in stated:
        found.append((holder, that))
        if "." not in holder and holder != ANALYST:
            counted = (signal for signal in crisis.signals.values() if not signal.hypothetical)
            told = (name for signal in counted if bearing(signal, that) is not None for name in signal.to)
            people = dict.fromkeys(name for name in told if name.startswith(f"{holder}."))
            found += [(name, that) for name in people if (name, that) not in stated]
    return found


def bearing(signal: Signal, that: str) -> Signal | Bearing | None:
    """Return where a signal holds its chances for a statement: itself, a further statement of its, or nothing."""
    if signal.that == that:
        return signal
    return next((item for item in signal.also if item.that == that), None)


def chance_paths(crisis: Crisis, name: str, that: str) -> tuple[str, str]:
    """Return the input paths of a signal's chances if a statement is true and if it is false."""
    own = crisis.signals[name].that == that
    path = f"signals.{name}" if own else f"signals.{name}.also.{that}"
    return f"{path}.if_true", f"{path}.if_false"


def reaches(signal: Signal, holder: str) -> bool:
    """Whether a holder received a signal, itself or as one of an actor's people."""
    actor = holder.partition(".")[0]
    if holder == ANALYST:
        return False
    if not signal.to:
        return signal.by.partition(".")[0] != actor
    return holder in signal.to or actor in signal.to


def _track(crisis: Crisis, holder: str, that: str) -> Track | None:
    keys = member_keys([(f"{b.who}:{b.that}", "" if b.on is None else b.on.isoformat()) for b in crisis.beliefs])
    priors = [(key, b) for key, b in zip(keys, crisis.beliefs, strict=True) if b.that == that and b.who == holder]
    if not priors:
        actor = holder.partition(".")[0]
        priors = [(key, b) for key, b in zip(keys, crisis.beliefs, strict=True) if b.that == that and b.who == actor]
    steps: list[Step] = []
    last = ""
    for day, what in _in_order(crisis, holder, that, priors):
        if isinstance(what, tuple):
            last, belief = what
            steps.append(Step(day, "prior", "", 1.0, belief.p.centre, belief.p.low, belief.p.high))
        elif steps:
            steps.append(moved_by(crisis, what, that, day, steps[-1], holder))
    return Track(holder, that, last, tuple(steps)) if steps else None


def _in_order(
    crisis: Crisis, holder: str, that: str, priors: list[tuple[str, Belief]]
) -> list[tuple[str, tuple[str, Belief] | str]]:
    """Return (day, prior or signal id) in the order of time; on one day signals before priors."""
    events: list[tuple[str, int, int, tuple[str, Belief] | str]] = []
    for place, prior in enumerate(priors):
        day = _day(prior[1].on, crisis)
        events.append((day, 1 if day else -1, place, prior))
    for place, (name, signal) in enumerate(crisis.signals.items()):
        if not signal.hypothetical and bearing(signal, that) is not None and reaches(signal, holder):
            events.append((_day(signal.on, crisis), 0, place, name))
    return [(day, what) for day, _, _, what in sorted(events, key=lambda event: event[:3])]


def _day(day: dt.date | None, crisis: Crisis) -> str:
    stated = day or crisis.as_of
    return "" if stated is None else stated.isoformat()


def moved_by(crisis: Crisis, name: str, that: str, day: str, before: Step, holder: str) -> Step:
    """Return a holder's belief in a statement after a signal that bears on it.

    Raises
    ------
    NotSupportedError
        If the signal cannot have been sent given what the holder held to be certain.
    """
    signal = crisis.signals[name]
    chances = bearing(signal, that)
    assert chances is not None
    try:
        after = moved((before.p, before.low, before.high), chances.if_true, chances.if_false)
    except ValueError:
        raise NotSupportedError(
            f"signals.{name}: {holder} was certain of a type that never does this; "
            "move its belief away from 0 or 1, or the chance of the signal away from 0"
        ) from None
    return Step(day, name, signal.by, likelihood_ratio(chances.if_true, chances.if_false), *after)


def moved(belief: tuple[float, float, float], if_true: Number, if_false: Number) -> tuple[float, float, float]:
    """Return a belief (centre, least, greatest) after an act whose chances are numbers with ranges.

    The bounds take every range at its worst and its best together: Bayes's rule rises in the prior and in the chance if
    true, and falls in the chance if false. Raises ValueError as :func:`posterior` does.
    """
    centre = posterior(belief[0], if_true.centre, if_false.centre)
    ends = []
    for prior, true, false in ((belief[1], if_true.low, if_false.high), (belief[2], if_true.high, if_false.low)):
        possible = prior * true + (1 - prior) * false > 0
        ends.append(posterior(prior, true, false) if possible else centre)
    return centre, min(ends[0], centre), max(ends[1], centre)


def likelihood_ratio(if_true: Number, if_false: Number) -> float:
    """Return how much likelier an act is if the statement is true; :data:`CERTAIN` if it never is otherwise."""
    return if_true.centre / if_false.centre if if_false.centre else CERTAIN


CERTAIN = 1e9
"""Likelihood ratio of an act that only one type can choose, for results that hold finite numbers."""


def drawn_belief(model: Model, track: Track, values: Floats) -> Floats:
    """Return the belief now in each draw, shape (draws,): prior and chances drawn, moved by Bayes.

    A draw in which the signals cannot have been sent keeps the belief before them.
    """
    column = {item.path: k for k, item in enumerate(model.inputs)}
    belief: Floats = values[:, column[f"beliefs.{track.prior}.p"]]
    for step in track.since_prior[1:]:
        true, false = (values[:, column[path]] for path in chance_paths(model.crisis, step.cause, track.that))
        both = belief * true + (1 - belief) * false
        belief = np.where(both > 0, belief * true / np.where(both > 0, both, 1), belief)
    return belief
