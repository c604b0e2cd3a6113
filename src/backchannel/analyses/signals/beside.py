"""What one signal does to several beliefs at once: an offer shows willingness, and what else does it show?"""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.analyses.signals.beliefs import Step, Track, bearing, moved_by, reaches
from backchannel.spec.crisis import Crisis


@dataclass(frozen=True)
class Effect:
    """What a signal did, or would do, to one holder's belief in one statement.

    Parameters
    ----------
    signal, by
        Its id and its sender.
    hypothetical
        Whether it is only considered: then ``before`` is the belief now.
    holder, that
        Whose belief, and in which statement.
    ratio
        Chance of the act if the statement is true over its chance if it is false.
    before, after
        The belief at the centres.
    low, high
        The least and greatest belief after it, over every range behind it.
    """

    signal: str
    by: str
    hypothetical: bool
    holder: str
    that: str
    ratio: float
    before: float
    after: float
    low: float
    high: float


def effects(crisis: Crisis, tracks: tuple[Track, ...]) -> tuple[Effect, ...]:
    """Return the effects of every signal that bears on several statements or is hypothetical, by signal and holder.

    Each statement is moved by its own pair of chances (Bayes, 1763): the statements count as independent of one
    another. Cost: signals times beliefs.

    Raises
    ------
    NotSupportedError
        If a signal could not be sent given what its receiver holds to be certain.
    """
    found = []
    for name, signal in crisis.signals.items():
        if not (signal.also or signal.hypothetical):
            continue
        heard = [track for track in tracks if reaches(signal, track.holder) and bearing(signal, track.that)]
        statements = [signal.that, *(item.that for item in signal.also)]
        for holder in dict.fromkeys(track.holder for track in heard):
            own = sorted((t for t in heard if t.holder == holder), key=lambda track: statements.index(track.that))
            found += [effect for track in own if (effect := _effect(crisis, name, track)) is not None]
    return tuple(found)


def _effect(crisis: Crisis, name: str, track: Track) -> Effect | None:
    """Return the step a signal made, or the one it would make from the belief now; none if it came before any."""
    signal = crisis.signals[name]
    if signal.hypothetical:
        steps = (track.now, moved_by(crisis, name, track.that, track.now.day, track.now, track.holder))
    else:
        made = [pair for pair in zip(track.steps, track.steps[1:], strict=False) if pair[1].cause == name]
        if not made:
            return None
        [steps] = made
    return _between(name, signal.hypothetical, track, *steps, by=signal.by)


def _between(name: str, hypothetical: bool, track: Track, before: Step, after: Step, by: str) -> Effect:
    return Effect(
        signal=name,
        by=by,
        hypothetical=hypothetical,
        holder=track.holder,
        that=track.that,
        ratio=after.ratio,
        before=before.p,
        after=after.p,
        low=after.low,
        high=after.high,
    )
