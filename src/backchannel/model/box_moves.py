"""Moves and improvements of one actor from one state, searched without listing its alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from backchannel.model.boxes import Box, Change, Factor, bits, moved
from backchannel.model.symbolic import SymbolicModel

Pulse = Callable[[], None]
"""Called at every step of a search; raises to stop it."""


def allowed(model: SymbolicModel, point: Box, option: int) -> int:
    """Return the levels an option may take in a move from a state, its own included, as bits."""
    here = point[option]
    final, frozen = model.final[option], model.frozen[option]
    if frozen is not None and frozen.value(point):
        return here
    if final is not None and final.value(point):
        return model.full[option] & ~(here - 1)
    return model.full[option]


def steps(model: SymbolicModel, point: Box, actor: int) -> Iterator[Change]:
    """Yield every improvement of an actor that changes a single option."""
    for option in model.owned[actor]:
        for bit in bits(allowed(model, point, option) & ~point[option]):
            change = ((option, bit),)
            if improves(model, point, actor, change):
                yield change


def improves(model: SymbolicModel, point: Box, actor: int, change: Change) -> bool:
    """Whether a change that ``final`` and ``frozen`` allow leads to a feasible state that the actor prefers."""
    touched = touching(model.wants[actor].touching, change)
    if sum(factor.least_gain(point, change) for factor in touched) <= 0:
        return False
    after = moved(point, change)
    return not any(test.value(after) for test in touching(model.forbidding, change))


def touching(by_option: Sequence[tuple[Factor, ...]], change: Change) -> list[Factor]:
    """Return the factors that rest on any option of a change, each once."""
    return list(dict.fromkeys(factor for option, _ in change for factor in by_option[option]))


def improvements(
    model: SymbolicModel, point: Box, actor: int, options: tuple[int, ...], pulse: Pulse
) -> Iterator[Change]:
    """Yield every improvement of an actor that changes only some of its options.

    Branch and bound over the options, largest bound first. Cost: the product of their levels at worst; what the
    factors' bounds rule out is never entered.
    """
    want = model.wants[actor]
    factors = list(dict.fromkeys(factor for option in options for factor in want.touching[option]))
    now = sum(factor.value(point) for factor in factors)
    box = list(point)
    for option in options:
        box[option] = allowed(model, point, option)

    def descend(box: list[int], bound: int, place: int) -> Iterator[Change]:
        """Bound is the most the factors can add up to in the box; only what an option touches is read again."""
        pulse()
        if place == len(options):
            yield tuple((option, box[option]) for option in options if box[option] != point[option])
            return
        option = options[place]
        touched, tests = want.touching[option], model.forbidding[option]
        rest = bound - sum(factor.bounds(box)[1] for factor in touched)
        children = [moved(box, ((option, bit),)) for bit in bits(box[option])]
        bounds = [rest + sum(factor.bounds(child)[1] for factor in touched) for child in children]
        for most, child in sorted(zip(bounds, children, strict=True), key=lambda each: -each[0]):
            if most > now and not any(test.bounds(child)[0] for test in tests):
                yield from descend(child, most, place + 1)

    most = sum(factor.bounds(box)[1] for factor in factors)
    if most > now:
        yield from descend(box, most, 0)


def least_improvement(model: SymbolicModel, point: Box, actor: int, pulse: Pulse) -> Change | None:
    """Return an improvement from which no change can be dropped without losing it, or None if there is none."""
    for block in model.blocks(actor):
        change = next(improvements(model, point, actor, block, pulse), None)
        if change is not None:
            return _smallest(model, point, actor, change)
    return None


def _smallest(model: SymbolicModel, point: Box, actor: int, change: Change) -> Change:
    for pair in change:
        fewer = tuple(each for each in change if each != pair)
        if fewer and improves(model, point, actor, fewer):
            change = fewer
    return change
