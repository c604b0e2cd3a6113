"""What comes without agreement: today, today with a chance of something else, or a fallback state. Never typed in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import NotSupportedError
from backchannel.model.draws import quantile
from backchannel.model.model import Model
from backchannel.model.words import state_label
from backchannel.numerics.carried_over import carried_over
from backchannel.numerics.game import OptionGame
from backchannel.numerics.number_format import number
from backchannel.numerics.random_streams import stream
from backchannel.spec.crisis import Crisis
from backchannel.spec.inputs import member_keys
from backchannel.spec.number import Number, NumberError, parse_number

Floats = NDArray[np.float64]

DECIMALS = 9
"""Decimals of a point kept where worths are weighed with chances; worths themselves add up exactly."""

Hazard = tuple[tuple[str, str], ...]
"""(actor, or nothing for all, and a chance as the file writes numbers)."""


@dataclass(frozen=True, eq=False)
class NoDeal:
    """The continuation without agreement: a chance of each of some states, as each actor sees it.

    Parameters
    ----------
    kind
        ``today``, ``hazard`` or ``fallback``.
    cells
        int64, shape (outcomes,): today first, then what may come; one cell for a fallback.
    chances
        Per outcome after the first, per actor: the chance of it, as a number with a range.
    paths
        Input path of each of them; empty where it was given on the command line.
    lost
        Points each actor loses besides, shape (actors,): hostages charged to no deal.
    """

    kind: str
    cells: NDArray[np.int64]
    chances: tuple[tuple[Number, ...], ...]
    paths: tuple[tuple[str, ...], ...]
    lost: Floats

    def weights(self, model: Model, values: Floats, seed: int | None) -> Floats:
        """Return the chance of each outcome in each draw as each actor sees it, shape (draws, actors, outcomes).

        Chances given beside the file are drawn under ``seed``; without one they stay at their centres.
        """
        actors = len(model.actors)
        out = np.zeros((len(values), actors, self.cells.size))
        column = {item.path: k for k, item in enumerate(model.inputs)}
        for k, (numbers, paths) in enumerate(zip(self.chances, self.paths, strict=True), start=1):
            for actor, (chance, path) in enumerate(zip(numbers, paths, strict=True)):
                out[:, actor, k] = values[:, column[path]] if path else _drawn(chance, len(values), seed)
        out[..., 0] = 1 - out[..., 1:].sum(axis=-1)
        return out

    def then(self, model: Model, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what may become of some states, int64, shape (outcomes, cells): themselves first.

        A deal that leaves the source of change in place does not stop it: the options that change without a deal
        also change from the state the deal leads to, unless they have done so or that is impossible.
        """
        return np.stack([cells, *(changed_as(model, cells, int(target)) for target in self.cells[1:])])

    def centre(self, model: Model, utilities: Floats, cells: NDArray[np.int64]) -> Floats:
        """Return what some states are worth with what may come after, at the centres, shape (actors, cells).

        Parameters
        ----------
        model
            The model.
        utilities
            Points, shape (actors, cells of the model).
        cells
            int64, shape (cells,).
        """
        rows = [[number.centre for number in numbers] for numbers in self.chances]
        later = np.array(rows).reshape(len(rows), len(model.actors))
        chance = np.concatenate([1 - later.sum(axis=0, keepdims=True), later])
        value: Floats = np.einsum("ka,akc->ac", chance, utilities[:, self.then(model, cells)])
        return np.round(value, DECIMALS)

    def base(self, model: Model, utilities: Floats) -> Floats:
        """Return the value of no deal at the centres, shape (actors,)."""
        return np.round(self.centre(model, utilities, self.cells[:1])[:, 0] - self.lost, DECIMALS)


def no_deal(model: Model, choice: str = "", hazard: Hazard = (), *, hostages: bool = False) -> NoDeal:
    """Return the continuation without agreement.

    Parameters
    ----------
    model
        The model.
    choice
        Nothing for what the file says (today, if it says nothing), ``today``, or a state to fall back on.
    hazard
        Chances in place of the file's, for all or by actor.
    hostages
        Whether no deal also costs what stands under ``hostages``.

    Raises
    ------
    NotSupportedError
        On an unknown state or actor, a chance that is none, chances over 1, or a hazard without a state it leads to.
    """
    lost = _lost(model) if hostages else np.zeros(len(model.actors))
    if choice and (choice != "today" or hazard):
        if hazard:
            raise NotSupportedError(f"a chance of change is given and no deal is set to {choice}; give one of them")
        return NoDeal("fallback", np.array([model.space.find(choice)]), (), (), lost)
    branches = () if choice == "today" else model.crisis.no_deal
    if hazard and not branches:
        raise NotSupportedError(
            "a chance of change needs a state it leads to. Add a line such as:\n"
            "    no_deal: [{to: STATE, chance: 0.3, why: ...}]"
        )
    if not branches:
        return NoDeal("today", np.array([model.space.today]), (), (), lost)
    cells = [model.space.today, *(model.space.find(branch.to) for branch in branches)]
    return NoDeal("hazard", np.array(cells), *chances_of_change(model.crisis, hazard), lost)


def chances_of_change(
    crisis: Crisis, hazard: Hazard = ()
) -> tuple[tuple[tuple[Number, ...], ...], tuple[tuple[str, ...], ...]]:
    """Return the chance of each branch under ``no_deal`` as each actor sees it, and the input path of each.

    Raises
    ------
    NotSupportedError
        On an unknown actor, a chance that is none, or chances over 1.
    """
    branches = crisis.no_deal
    if hazard and len(branches) > 1:
        raise NotSupportedError(f"no_deal has {len(branches)} branches; set their chances in the file or a variant")
    given = _read_hazard(crisis, hazard)
    if not branches:
        return (), ()
    chances, paths = zip(*(_branch(crisis, place, given) for place in range(len(branches))), strict=True)
    for actor, name in enumerate(crisis.actors):
        total = sum(row[actor].high for row in chances)
        if total > 1:
            raise NotSupportedError(
                f'the chances under no_deal may add up to {number(total)} for "{name}" within their ranges; at most 1'
            )
    return chances, paths


def no_deal_words(model: Model, continuation: NoDeal, parties: tuple[int, ...]) -> str:
    """Say in words what no deal is, chances as the parties (rows of actors) see them."""
    first = state_label(model, int(continuation.cells[0]))
    if continuation.kind == "fallback":
        said = f"the state {first}"
    elif continuation.kind == "today" or not any(chance.high for row in continuation.chances for chance in row):
        said = "today goes on"
    else:
        names = [model.actor_name(model.actors[k]) for k in parties]
        parts = [
            f"{_chances([row[k] for k in parties], names)} that it comes to {state_label(model, int(cell))}"
            for row, cell in zip(continuation.chances, continuation.cells[1:], strict=True)
        ]
        said = f"today goes on, with a chance {' and '.join(parts)}"
    return said + (", and what stands as hostage is lost" if continuation.lost.any() else "")


def changed_as(model: Model, cells: NDArray[np.int64], target: int) -> NDArray[np.int64]:
    """Change other states as today would change to become a state, int64, same shape.

    Every option that would change goes to its new level, unless it is there or past it already, or `final` or
    `frozen` forbids it. If what comes of that is impossible, nothing changes. Today itself becomes that state.
    """
    assert isinstance(model.game, OptionGame)
    game, space = model.game, model.space
    levels = [np.array(part) for part in np.unravel_index(cells, space.shape)]
    there, now = np.unravel_index(target, space.shape), np.unravel_index(space.today, space.shape)
    for axis, (new, old) in enumerate(zip(there, now, strict=True)):
        if new != old:
            levels[axis] = carried_over(game, axis, levels[axis], int(old), int(new), cells)
    moved = np.ravel_multi_index(levels, space.shape).astype(np.int64)
    if game.feasible is not None:
        moved = np.where(game.feasible[moved], moved, cells)
    return np.where(cells == space.today, target, moved)


def _chances(row: list[Number], names: list[str]) -> str:
    centres = {item.centre for item in row}
    if len(centres) == 1:
        return f"of {number(row[0].centre)}"
    return "of " + ", ".join(f"{number(item.centre)} as {name} sees it" for name, item in zip(names, row, strict=True))


def _branch(crisis: Crisis, place: int, given: dict[str, Number]) -> tuple[tuple[Number, ...], tuple[str, ...]]:
    branch = crisis.no_deal[place]
    own = branch.chance.__pydantic_extra__ or {}
    start = f"no_deal.{_key(crisis, place)}.chance."
    numbers, paths = [], []
    for name in crisis.actors:
        set_here = given.get(name) or given.get("")
        inside = own.get(name) or branch.chance.default
        if set_here is None and inside is None:
            raise NotSupportedError(f'no_deal says no chance of {branch.to} for "{name}"; add default: to its chance')
        numbers.append(set_here or inside)
        paths.append("" if set_here else start + (name if name in own else "default"))
    return tuple(item for item in numbers if item is not None), tuple(paths)


def _key(crisis: Crisis, place: int) -> str:
    return member_keys([(branch.to, "") for branch in crisis.no_deal])[place]


def _read_hazard(crisis: Crisis, hazard: Hazard) -> dict[str, Number]:
    read = {}
    for name, text in hazard:
        if name and name not in crisis.actors:
            raise NotSupportedError(f'unknown actor "{name}" before a chance; known: {", ".join(crisis.actors)}')
        try:
            read[name] = parse_number(text, "probability")
        except NumberError as error:
            raise NotSupportedError(f'"{text}" is no chance: {error}') from None
    return read


def _drawn(chance: Number, draws: int, seed: int | None) -> Floats:
    if seed is None or not chance.is_uncertain:
        return np.full(draws, chance.centre)
    return quantile(chance, stream(seed, "hazard").uniform(2.0**-32, 1 - 2.0**-32, draws))


def _lost(model: Model) -> Floats:
    lost = np.zeros(len(model.actors))
    for hostage in model.crisis.hostages.values():
        for name, worth in (hostage.__pydantic_extra__ or {}).items():
            lost[model.actors.index(name)] += worth.centre
    return lost
