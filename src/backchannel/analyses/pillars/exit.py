"""When the incumbent leaves: the belief in his pillars' move at which going beats staying, and what shifts it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backchannel.analyses.pillars.regime import Regime, option_of
from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.model.words import changes_in_words
from backchannel.spec.crisis import Crisis


@dataclass(frozen=True)
class Shift:
    """What one move by another actor does to the incumbent's threshold.

    ``threshold`` is None where he would never leave by this option; 0 where he leaves whatever he believes.
    """

    actor: str
    option: str
    does: str
    threshold: float | None


@dataclass(frozen=True)
class Held:
    """A belief of the incumbent in his pillars' move, its day (empty if not stated), and whether he leaves on it."""

    on: str
    belief: float
    leaves: bool


@dataclass(frozen=True)
class Guarantor:
    """Who stands behind a deal of which the way out is a term: the guarantee, the deal, and the chance it enforces."""

    by: str
    guarantee: str
    deal: str
    enforces: float


@dataclass(frozen=True)
class Exit:
    """An incumbent's way out.

    Parameters
    ----------
    government, option, moves
        The incumbent, his own option, and the options of the pillars whose move he fears.
    stay_held, stay_moved, leave_held, leave_moved
        What staying and leaving are worth to him, in points, if the pillars hold and if they move.
    threshold
        He leaves once he believes in the move with at least this chance; None for never, 0 for always.
    beliefs
        His stated beliefs, in order of their days.
    more_needed
        Points by which safe passage would have to be worth more for him to leave on his last belief; None without one.
    trust_needed
        Least chance with which he must hold the safe passage to be kept, at his highest stated belief, if a broken one
        leaves him as badly off as one who stays and is deposed; None if no trust is enough, or no belief is stated.
    guarantors
        Who guarantees the way out, by the file.
    shifts
        Single moves of others that change the threshold. One that his leaving rules out lapses if he leaves.
    """

    government: str
    option: str
    moves: tuple[str, ...]
    stay_held: float
    stay_moved: float
    leave_held: float
    leave_moved: float
    threshold: float | None
    beliefs: tuple[Held, ...]
    more_needed: float | None
    trust_needed: float | None
    guarantors: tuple[Guarantor, ...]
    shifts: tuple[Shift, ...]


def threshold_of(stay_held: float, stay_moved: float, leave_held: float, leave_moved: float) -> float | None:
    """Return the belief in the move from which on leaving is at least as good as staying; None for never.

    Leaving costs stay_held - leave_held if the pillars hold and gains leave_moved - stay_moved if they move. Minimal
    model by us.
    """
    cost, gain = stay_held - leave_held, leave_moved - stay_moved
    if cost <= 0:
        return 0.0
    return cost / (cost + gain) if gain > 0 else None


def exits(model: Model, regime: Regime) -> tuple[Exit, ...]:
    """Judge every way out of an incumbent: his options that cannot be undone, from today.

    Empty where his preferences are an order or a ranking: then no difference in points means anything.
    """
    government = regime.government
    if model.utilities[model.actors.index(government)].scale != "cardinal":
        return ()
    options = model.crisis.options
    own = [name for name, option in options.items() if option.by == government and option.final is not None]
    return tuple(found for name in own if (found := _exit(model, regime, name)) is not None)


def _exit(model: Model, regime: Regime, option: str) -> Exit | None:
    four = _four(model, regime, option, {})
    if four is None:
        return None
    threshold = threshold_of(*four)
    stay_held, stay_moved, leave_held, leave_moved = four
    held = tuple(
        Held(on, belief, threshold is not None and belief >= threshold)
        for on, belief in stated_beliefs(model.crisis, regime.government, regime.moves)
    )
    last, highest = (held[-1].belief, max(item.belief for item in held)) if held else (None, None)
    more = trust = None
    if last is not None and highest is not None:
        more = max(_mean(last, stay_held, stay_moved) - _mean(last, leave_held, leave_moved), 0.0)
        staying, kept = _mean(highest, stay_held, stay_moved), _mean(highest, leave_held, leave_moved)
        if kept >= staying and kept > stay_moved:
            trust = max((staying - stay_moved) / (kept - stay_moved), 0.0)
    return Exit(
        regime.government,
        option,
        regime.moves,
        *four,
        threshold,
        held,
        more,
        trust,
        guarantors(model.crisis, option),
        _shifts(model, regime, option),
    )


def guarantors(crisis: Crisis, option: str) -> tuple[Guarantor, ...]:
    """Return who stands behind each deal of which an option is a term."""
    found = []
    for name, about in crisis.guarantees.items():
        deal = crisis.deals.get(about.for_)
        if deal is not None and option in {option_of(crisis, term) for term in deal.terms}:
            enforces = 1.0 if about.enforces is None else about.enforces.centre
            found.append(Guarantor(about.by, name, about.for_, enforces))
    return tuple(found)


def _mean(belief: float, held: float, moved: float) -> float:
    return (1 - belief) * held + belief * moved


def _shifts(model: Model, regime: Regime, option: str) -> tuple[Shift, ...]:
    """Return every single move of an outsider that changes the threshold, or makes one where there is none."""
    base = _four(model, regime, option, {})
    assert base is not None
    threshold = threshold_of(*base)
    found = []
    for name, about in model.crisis.options.items():
        if about.by == regime.government or name in regime.moves:
            continue
        for level in range(len(about.levels)):
            four = _four(model, regime, option, {name: level}) if level != about.today_index else None
            shifted = threshold_of(*four) if four is not None else threshold
            if shifted != threshold:
                change = (name, about.levels[about.today_index], about.levels[level])
                found.append(Shift(about.by, name, changes_in_words(model.crisis, [change]), shifted))
    return tuple(found)


def _four(
    model: Model, regime: Regime, option: str, settings: dict[str, int]
) -> tuple[float, float, float, float] | None:
    """Return the incumbent's points if he stays or leaves and the pillars hold or move; None if one cannot be.

    Where his leaving rules the settings out, they lapse: who has gone is not driven out.
    """
    actor = model.actors.index(regime.government)
    values = []
    for leaves in (False, True):
        for moved in (False, True):
            own = {option: int(leaves)} | {name: top(model.crisis, name, moved) for name in regime.moves}
            cell = cell_with(model, settings | own)
            if cell is None and leaves:
                cell = cell_with(model, own)
            if cell is None:
                return None
            values.append(model.points(actor, cell))
    return values[0], values[1], values[2], values[3]


def top(crisis: Crisis, option: str, moved: bool) -> int:
    """Return the level of an option once moved, its highest, or before, its lowest."""
    return len(crisis.options[option].levels) - 1 if moved else 0


def cell_with(model: Model, settings: dict[str, int]) -> int | None:
    """Return the cell of today with some options set to levels; None if that is impossible."""
    crisis = model.crisis
    levels = [settings.get(name, about.today_index) for name, about in crisis.options.items()]
    text = ",".join(about.levels[level] for about, level in zip(crisis.options.values(), levels, strict=True))
    try:
        return model.space.find(text)
    except NotSupportedError:
        return None


def stated_beliefs(crisis: Crisis, who: str, moves: tuple[str, ...]) -> list[tuple[str, float]]:
    """Return an actor's stated beliefs in any of some options, as (day, chance), by day; the undated ones last."""
    last = dt.date.max if crisis.as_of is None else crisis.as_of
    mine = [belief for belief in crisis.beliefs if belief.who == who and belief.that in moves]
    ordered = sorted(mine, key=lambda belief: belief.on or last)
    return [(belief.on.isoformat() if belief.on else "", belief.p.centre) for belief in ordered]
