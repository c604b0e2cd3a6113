"""Outcomes in rows: what differs from today, what each actor gets, and by which concepts each holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from backchannel.analyses.stability.outcomes import outcome_rows
from backchannel.analyses.stability.stability import StabilityResult
from backchannel.model.model import Model
from backchannel.model.words import changes
from backchannel.numerics.number_format import number, share, signed
from backchannel.render.anchors import anchor
from backchannel.render.words import actor_name, readable, spaced

Direction = Literal["up", "down", "same"]
IN_WORDS: dict[Direction, str] = {"up": "better", "down": "worse", "same": "same"}
NOISE = 1e-9
"""Differences of points below this come from binary fractions, not from the file."""


@dataclass(frozen=True)
class Deed:
    """One option: what doing it means, the level it takes (empty for yes and no), and whether it is dropped."""

    text: str
    level: str
    dropped: bool


@dataclass(frozen=True)
class Deeds:
    """What one actor does."""

    actor: str
    deeds: tuple[Deed, ...]


@dataclass(frozen=True)
class UtilityCell:
    """What one actor gets: its utility, the gain over today, and a bar from −1 to 1 of its largest gain shown."""

    actor: str
    value: str
    gain: str
    direction: Direction
    bar: float


@dataclass(frozen=True)
class OutcomeRow:
    """One outcome.

    Parameters
    ----------
    cell, place
        Its number inside the model, and its row in the result.
    anchor, name, text
        Where it is explained, what it is called, and what a general graph's file says of it.
    today, named
        Whether it is today, and whether the file names it.
    like
        For an unnamed outcome, the named one that differs least; empty means today.
    deeds
        What differs from ``like`` or from today, actor by actor; for today what stands above its lowest level.
    utilities, holds, shares
        One entry an actor; one verdict a concept; one share of draws a concept (none without draws).
    """

    cell: int
    place: int
    anchor: str
    name: str
    text: str
    today: bool
    named: bool
    like: str
    deeds: tuple[Deeds, ...]
    utilities: tuple[UtilityCell, ...]
    holds: tuple[bool, ...]
    shares: tuple[str, ...]


@dataclass(frozen=True)
class OutcomeView:
    """The outcomes a reader wants, with how many more there are."""

    rows: tuple[OutcomeRow, ...]
    left_out: int
    concepts: tuple[str, ...]
    actors: tuple[tuple[str, str, bool], ...]


def outcome_view(model: Model, result: StabilityResult, most: int) -> OutcomeView:
    """Lay out today, the named states and the other equilibria, at most ``most`` of them.

    Cost: one look at each row shown.
    """
    wanted = outcome_rows(result)
    shown = wanted[:most]
    largest = [_largest_gain(result, actor, shown) for actor in range(len(result.actors))]
    rows = tuple(_row(model, result, row, largest) for row in shown)
    actors = tuple(zip(result.actors, result.actor_names, result.cardinal, strict=True))
    return OutcomeView(rows, len(wanted) - len(shown), result.concepts, actors)


def _row(model: Model, result: StabilityResult, row: int, largest: list[float]) -> OutcomeRow:
    cell = int(model.space.cells[row])
    label, today = result.label[row], row == result.today
    named = label in model.crisis.states
    like, origin = ("", model.space.today) if named else _nearest(model, cell)
    draws = result.provenance.draws
    return OutcomeRow(
        cell=cell,
        place=row,
        anchor=anchor("outcomes", label if named else result.state[row]),
        name=spaced(label) if named else readable(label, model.crisis.options),
        text=_description(model, label),
        today=today,
        named=named,
        like=spaced(like),
        deeds=_standing(model, cell) if today else _deeds(model, origin, cell),
        utilities=tuple(_utility(model, result, k, row, largest[k]) for k in range(len(result.actors))),
        holds=tuple(bool(value) for value in result.equilibrium[:, row]),
        shares=tuple(share(float(value), draws) for value in result.share[:, row]) if draws else (),
    )


def _description(model: Model, label: str) -> str:
    """Return what a general graph's file says of a state."""
    settings = model.crisis.states.get(label) if model.space.is_general_graph else None
    return settings if isinstance(settings, str) and settings != label else ""


def _nearest(model: Model, cell: int) -> tuple[str, int]:
    """Return the named state (or today, as an empty name) that differs from a state in the fewest options."""
    known = [("", model.space.today), *model.space.named().items()]
    possible = [(name, origin) for name, origin in known if (model.space.cells == origin).any()]
    name, origin = min(possible, key=lambda item: len(changes(model, item[1], cell)))
    return ("", origin) if origin == model.space.today else (name, origin)


def _deeds(model: Model, origin: int, cell: int) -> tuple[Deeds, ...]:
    return _in_words(model, {option: after for option, _, after in changes(model, origin, cell)})


def _standing(model: Model, cell: int) -> tuple[Deeds, ...]:
    """Return the options that stand above their lowest level."""
    if model.space.is_general_graph:
        return ()
    levels = model.space.levels(np.array([cell], dtype=np.int64))[0].tolist()
    options = model.crisis.options.items()
    raised = zip(levels, options, strict=True)
    return _in_words(model, {name: about.levels[level] for level, (name, about) in raised if level})


def _in_words(model: Model, standing: dict[str, str]) -> tuple[Deeds, ...]:
    """Say which level each option takes, actor by actor in file order."""
    found = []
    for actor in model.actors:
        own = tuple(
            _deed(model, option, level)
            for option, level in standing.items()
            if model.crisis.options[option].by == actor
        )
        if own:
            found.append(Deeds(actor_name(model.crisis, actor), own))
    return tuple(found)


def _deed(model: Model, option: str, level: str) -> Deed:
    about = model.crisis.options[option]
    plain = about.levels == ("no", "yes")
    return Deed(about.does or spaced(option), "" if plain else spaced(level), plain and level == "no")


def _gain(result: StabilityResult, actor: int, row: int) -> float:
    gain = float(result.utility[actor, row] - result.utility[actor, result.today])
    return 0.0 if abs(gain) < NOISE else gain


def _largest_gain(result: StabilityResult, actor: int, rows: list[int]) -> float:
    return max(abs(_gain(result, actor, row)) for row in rows)


def _utility(model: Model, result: StabilityResult, actor: int, row: int, largest: float) -> UtilityCell:
    gain = _gain(result, actor, row)
    ahead = model.code(actor, int(model.space.cells[row])) - model.code(actor, model.space.today)
    direction: Direction = "up" if ahead > 0 else "down" if ahead < 0 else "same"
    words = signed(gain) if result.cardinal[actor] else IN_WORDS[direction]
    bar = round(gain / largest, 3) if largest and result.cardinal[actor] else 0.0
    return UtilityCell(result.actors[actor], number(float(result.utility[actor, row])), words, direction, bar)
