"""Patrons and spoilers: what follows when one actor alone acts, what a substitute undoes, and what restraint costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.commitment.legs import Promise, Settings
from backchannel.analyses.deals.named import changed
from backchannel.errors import TooLargeError
from backchannel.model.compile import tensor
from backchannel.model.model import Model
from backchannel.model.preferences import features, term_paths
from backchannel.numerics.game import OptionGame
from backchannel.numerics.improvement_ends import improvement_ends
from backchannel.numerics.moves import fibre_targets, restriction
from backchannel.spec.evaluate import today
from backchannel.spec.exchange import Dial

MOST_REACHED = 4096
"""States up to which a dial is turned exactly."""


@dataclass(frozen=True)
class Substitute:
    """How far a dial may be turned until an act delivers nothing.

    Parameters
    ----------
    dial
        Its name.
    numerator, denominator
        The exact position; from it on, or right above it, nothing follows.
    """

    dial: str
    numerator: int
    denominator: int

    @property
    def position(self) -> float:
        """The position as a number."""
        return self.numerator / self.denominator


@dataclass(frozen=True)
class Act:
    """What follows when one actor does some things from today and the rest improve, each for itself.

    Parameters
    ----------
    actor
        Its id.
    settings
        What it does: (option, level).
    ends
        Literals of the states in which the others may come to rest.
    brings
        Options of others, wanted by the deal, that hold in every end.
    change
        What it comes to for the actor itself at worst, against today.
    substitutes
        One for each dial that, turned far enough, leaves the act without effect.
    """

    actor: str
    settings: Settings
    ends: tuple[str, ...]
    brings: tuple[str, ...]
    change: float
    substitutes: tuple[Substitute, ...] = ()

    @property
    def does(self) -> tuple[str, ...]:
        """Options it sets."""
        return tuple(option for option, _ in self.settings)


def act(model: Model, promise: Promise, actor: int, settings: Settings) -> Act | None:
    """Return what follows if one actor does some of what a deal wants, alone; None if nothing the deal wants comes.

    Everybody but the deal's other parties responds; for an actor outside the deal everybody else does.
    """
    start = model.space.cell(changed(model.crisis, today(model.crisis), settings))
    if not _possible(model, start):
        return None
    assert isinstance(model.game, OptionGame)
    ends = improvement_ends(model.game, np.array([start], dtype=np.int64), _movers(model, promise, actor)).of(0)
    wanted = _wanted(model, promise, actor)
    brings = tuple(option for option, level in wanted if ends.size and np.all(_levels(model, ends, option) == level))
    if not brings:
        return None
    worst = min(model.points(actor, cell) for cell in ends.tolist())
    return Act(
        actor=model.actors[actor],
        settings=settings,
        ends=tuple(sorted(model.space.literal(cell) for cell in ends.tolist())),
        brings=brings,
        change=worst - model.points(actor, model.space.today),
    )


def with_substitutes(model: Model, promise: Promise, made: Act) -> Act:
    """Return an act with the exact position of each dial from which on it brings nothing."""
    actor = model.actors.index(made.actor)
    start = model.space.cell(changed(model.crisis, today(model.crisis), made.settings))
    turned = Turned.of(model, start, _movers(model, promise, actor), _wanted(model, promise, actor))
    found = [substitute(model, turned, name, dial) for name, dial in model.crisis.dials.items()]
    return replace(made, substitutes=tuple(item for item in found if item is not None))


def _movers(model: Model, promise: Promise, actor: int) -> tuple[int, ...]:
    parties = {leg.actor for leg in promise.legs}
    rows = range(len(model.actors))
    return tuple(row for row in rows if row != actor and (actor not in parties or row not in parties))


def _possible(model: Model, cell: int) -> bool:
    feasible = model.game.feasible  # type: ignore[union-attr]
    return cell != model.space.today and (feasible is None or bool(feasible[cell]))


def _levels(model: Model, cells: NDArray[np.int64], option: str) -> NDArray[np.int8]:
    place = list(model.crisis.options).index(option)
    return np.asarray(model.space.levels(cells)[:, place])


def _wanted(model: Model, promise: Promise, actor: int) -> Settings:
    """Return what a deal wants of others than the actor and is not so today."""
    name = model.actors[actor]
    now = dict(zip(model.crisis.options, today(model.crisis), strict=True))
    inside = any(leg.actor == actor for leg in promise.legs)
    terms = () if inside else tuple(setting for leg in promise.legs for setting in leg.terms)
    wanted = (*terms, *promise.expects)
    return tuple((o, level) for o, level in wanted if model.crisis.options[o].by != name and now[o] != level)


def acts_of_parties(model: Model, promise: Promise) -> tuple[Act, ...]:
    """Return what each party's leg, and each part of it, brings about by itself."""
    found = []
    for leg in promise.legs:
        parts = [part for size in range(1, len(leg.terms) + 1) for part in combinations(leg.terms, size)]
        made = [act(model, promise, leg.actor, part) for part in parts]
        found += [with_substitutes(model, promise, item) for item in made if item is not None]
    return tuple(found)


MOST_OPTIONS = 6
"""Options of a spoiler up to which every one of its moves is tried."""


def acts_of_spoilers(model: Model, promise: Promise) -> tuple[Act, ...]:
    """Return the moves of each spoiler from today after which the parties carry the deal out by themselves.

    Of moves that bring the same about, only the one that costs the spoiler least, and those that do less than it.
    """
    found = []
    for actor in promise.spoilers:
        wanted = {option for option, _ in _wanted(model, promise, actor)}
        for settings in _moves_of(model, actor):
            made = act(model, promise, actor, settings)
            if made is not None and wanted <= set(made.brings):
                found.append(with_substitutes(model, promise, made))
    return tuple(sorted(found, key=lambda item: (item.actor, len(item.does), -item.change)))


def _moves_of(model: Model, actor: int) -> Iterator[Settings]:
    """Yield an actor's moves from today as changed settings, fewest first."""
    targets = model.moves(actor, model.space.today)
    if (
        not targets.size
        or len([o for o in model.crisis.options.values() if o.by == model.actors[actor]]) > MOST_OPTIONS
    ):
        return
    now = today(model.crisis)
    rows = [tuple(int(level) for level in row) for row in model.space.levels(targets)]
    made = [
        tuple((o, new) for o, new, old in zip(model.crisis.options, row, now, strict=True) if new != old)
        for row in rows
    ]
    yield from sorted(made, key=lambda settings: (len(settings), settings))


# ---- substitutes, exactly ------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Turned:
    """What some actors can reach from a state, set up once for turning any dial.

    Parameters
    ----------
    start
        Place of the first state in ``cells``.
    cells
        int64, shape (states,): every state the movers can reach.
    arcs
        (mover, place left, place entered) of every move.
    holds
        Per state: whether any of what is wanted holds there.
    """

    start: int
    cells: NDArray[np.int64]
    arcs: tuple[tuple[int, int, int], ...]
    holds: tuple[bool, ...]

    @classmethod
    def of(cls, model: Model, start: int, movers: tuple[int, ...], wanted: Settings) -> Turned:
        """Walk all moves from a state.

        Raises
        ------
        TooLargeError
            If the movers can reach more than :data:`MOST_REACHED` states.
        """
        assert isinstance(model.game, OptionGame)
        rules = {mover: restriction(model.game, mover) for mover in movers}
        seen = frontier = np.array([start], dtype=np.int64)
        steps: list[tuple[int, NDArray[np.int64], NDArray[np.int64]]] = []
        while frontier.size:
            for mover, rule in rules.items():
                allowed, entered = fibre_targets(model.game, mover, rule, frontier.astype(np.intp))
                left = np.repeat(frontier, allowed.sum(axis=1))
                steps.append((mover, left, entered[allowed].astype(np.int64)))
            reached = np.unique(np.concatenate([entered for _, _, entered in steps[-len(rules) :]]))
            frontier = np.setdiff1d(reached, seen)
            seen = np.union1d(seen, frontier)
            if seen.size > MOST_REACHED:
                raise TooLargeError(
                    f"more than {MOST_REACHED:,} states can be reached while a dial is turned; "
                    "leave options out of a copy of the file"
                )
        arcs = [
            (mover, a, b)
            for mover, left, entered in steps
            for a, b in zip(np.searchsorted(seen, left).tolist(), np.searchsorted(seen, entered).tolist(), strict=True)
        ]
        holds = np.zeros(seen.size, dtype=np.bool_)
        for option, level in wanted:
            holds |= _levels(model, seen, option) == level
        return cls(int(np.searchsorted(seen, start)), seen, tuple(arcs), tuple(holds.tolist()))


def substitute(model: Model, turned: Turned, name: str, dial: Dial) -> Substitute | None:
    """Return the exact position of a dial from which on nothing of what is wanted comes; None if there is none.

    Utilities are linear in the position, so improvements change only where two of them cross. Between neighbouring
    crossings nothing changes: each crossing and each interval is tried once, in fractions.
    """
    movers = {mover for mover, _, _ in turned.arcs}
    lines = {mover: _lines(model, mover, dial, turned.cells) for mover in movers}
    if not any(any(shifts) for _, shifts in lines.values()):
        return None
    gains = []
    for mover, here, there in turned.arcs:
        base, shift = lines[mover]
        gain, slope = base[there] - base[here], shift[there] - shift[here]
        if gain > 0 or gain + slope > 0:  # an improvement at one end of the dial at least
            gains.append((here, there, gain, slope))
    gains = _reached(gains, turned.start)

    def fails(position: Fraction) -> bool:
        return not all(turned.holds[place] for place in _ends(gains, turned.start, position))

    if fails(Fraction(0)):
        return None
    crossings = sorted({-base / slope for _, _, base, slope in gains if slope != 0 and 0 <= -base / slope <= 1})
    for k, crossing in enumerate(crossings):
        after = crossings[k + 1] if k + 1 < len(crossings) else Fraction(1)
        if fails(crossing) or fails((crossing + after) / 2):
            return Substitute(name, crossing.numerator, crossing.denominator)
    return None


Gain = tuple[int, int, Fraction, Fraction]
"""(place left, place entered, gain with the dial at 0, what a full turn adds)."""


def _reached(gains: list[Gain], start: int) -> list[Gain]:
    """Keep the gains that some sequence of them leads to."""
    following: dict[int, list[int]] = {}
    for here, there, _, _ in gains:
        following.setdefault(here, []).append(there)
    seen, pending = {start}, [start]
    while pending:
        fresh = [place for place in following.get(pending.pop(), []) if place not in seen]
        seen.update(fresh)
        pending += fresh
    return [gain for gain in gains if gain[0] in seen]


def _lines(model: Model, actor: int, dial: Dial, cells: NDArray[np.int64]) -> tuple[list[Fraction], list[Fraction]]:
    """Return an actor's utility of some states with the dial at 0, and what a full turn adds, as fractions."""
    name = model.actors[actor]
    terms = model.crisis.preferences.get(name, ())
    if not isinstance(terms, tuple) or model.utilities[actor].scale != "cardinal":
        codes = [Fraction(int(code)) for code in model.game.utilities[actor, cells]]
        return codes, [Fraction(0)] * len(codes)
    counted = features(terms, tensor(model.crisis), cells).astype(bool)
    worths = [_exact(term.worth.centre) for term in terms]
    turned = {path.replace(" ", ""): _exact(worth.centre) for path, worth in dial.to.items()}
    shifts = [
        turned[path] - worth if path in turned else Fraction(0)
        for path, worth in zip(term_paths(name, terms), worths, strict=True)
    ]
    return _sums(counted, worths), _sums(counted, shifts)


def _sums(counted: NDArray[np.bool_], amounts: list[Fraction]) -> list[Fraction]:
    return [sum((a for a, on in zip(amounts, row, strict=True) if on), Fraction(0)) for row in counted.tolist()]


def _exact(value: float) -> Fraction:
    return Fraction(Decimal(repr(float(value))))


def _ends(gains: Iterable[Gain], start: int, position: Fraction) -> set[int]:
    """Return where improvements from a state come to rest with the dial at a position."""
    better: dict[int, list[int]] = {}
    for origin, target, base, slope in gains:
        if base + slope * position > 0:
            better.setdefault(origin, []).append(target)
    seen, pending, ends = {start}, [start], set()
    while pending:
        cell = pending.pop()
        following = better.get(cell, [])
        if not following:
            ends.add(cell)
        fresh = [target for target in following if target not in seen]
        seen.update(fresh)
        pending += fresh
    return ends
