"""Nash equilibria of a crisis too large to write out, by learning from every state that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from backchannel.model.box_moves import Pulse, least_improvement, steps, touching
from backchannel.model.boxes import Box, Change, Factor, bits, moved, state_box
from backchannel.model.symbolic import SymbolicModel
from backchannel.numerics.clause_search import ClauseSearch, literal
from backchannel.spec.evaluate import today


@dataclass(frozen=True)
class Refutation:
    """A box of states none of which is an equilibrium, and why.

    Parameters
    ----------
    box
        The states.
    actor
        Who improves on each of them by the change; −1 where they are all impossible.
    change
        The same in every state of the box.
    """

    box: tuple[int, ...]
    actor: int
    change: Change


class NashSearch:
    """Proposes states, refutes them with reasons that hold for whole boxes of states, and never proposes those again.

    Parameters
    ----------
    model
        The crisis.
    pulse
        Called often; raises to stop.
    """

    def __init__(self, model: SymbolicModel, pulse: Pulse) -> None:
        self.model, self.pulse = model, pulse
        self.candidates = 0
        """States proposed so far."""
        self._variable = _variables(model.full)
        self._clauses = ClauseSearch(_preferred(model, self._variable))
        for option, mask in enumerate(model.full):
            self._one_level(option, mask)

    @property
    def clauses(self) -> int:
        """Clauses added or learned so far."""
        return self._clauses.clauses

    def equilibria(self) -> Iterator[tuple[int, ...]]:
        """Yield Nash equilibria, each once, those near today first; the end of them is a proof that none is left."""
        while (found := self._clauses.solve(self.pulse)) is not None:
            self.candidates += 1
            point = self._point(found)
            refuted = [each.box for each in refutations(self.model, point, self.pulse)]
            for box in refuted or [point]:
                self._exclude(box)
            if not refuted:
                yield point

    def _one_level(self, option: int, mask: int) -> None:
        """Give an option with several variables exactly one level."""
        if mask.bit_count() > 2:
            self._clauses.add(self._is(option, bit) for bit in bits(mask))
            for bit in bits(mask):
                for other in bits(mask & (bit - 1)):
                    self._clauses.add((self._is(option, bit) ^ 1, self._is(option, other) ^ 1))

    def _is(self, option: int, bit: int) -> int:
        """Return the literal that says an option stands at a level."""
        first = self._variable[option]
        if self.model.full[option].bit_count() == 2:
            return literal(first, bit == 2)
        return literal(first + bit.bit_length() - 1, True)

    def _exclude(self, box: Box) -> None:
        outside = ((option, full & ~box[option]) for option, full in enumerate(self.model.full))
        self._clauses.add(self._is(option, bit) for option, mask in outside for bit in bits(mask))

    def _point(self, found: list[bool]) -> tuple[int, ...]:
        held = [[bit for bit in bits(full) if self._holds(found, k, bit)] for k, full in enumerate(self.model.full)]
        return tuple(levels[0] for levels in held)

    def _holds(self, found: list[bool], option: int, bit: int) -> bool:
        said = self._is(option, bit)
        return found[said >> 1] is not bool(said & 1)


def _variables(full: tuple[int, ...]) -> list[int]:
    """Return the first variable of each option: two levels share one, more have one each."""
    first, places = 0, []
    for mask in full:
        places.append(first)
        first += 1 if mask.bit_count() == 2 else mask.bit_count()
    return places


def _preferred(model: SymbolicModel, variable: list[int]) -> list[bool]:
    """Prefer today's levels."""
    wanted: list[bool] = []
    for mask, here in zip(model.full, state_box(today(model.crisis)), strict=True):
        wanted += [here == 2] if mask.bit_count() == 2 else [here == bit for bit in bits(mask)]
    return wanted


def refutations(model: SymbolicModel, point: Box, pulse: Pulse) -> list[Refutation]:
    """Return why a state is no Nash equilibrium: every cheap reason there is, or one; nothing if it is one."""
    broken = [test for test in model.impossible if test.value(point)]
    if broken:
        return [Refutation(_widened(model, point, test.support, _holding(test)), -1, ()) for test in broken]
    actors = range(len(model.owned))
    found = [(actor, change) for actor in actors for change in steps(model, point, actor)]
    for actor in actors:
        change = None if found else least_improvement(model, point, actor, pulse)
        found += [] if change is None else [(actor, change)]
    return [Refutation(_improving_box(model, point, *each), *each) for each in found]


def _holding(test: Factor) -> Callable[[Box], int]:
    return lambda box: test.bounds(box)[0]


def _improving_box(model: SymbolicModel, point: Box, actor: int, change: Change) -> tuple[int, ...]:
    """Widen a state to a box on which the same change is open and improves the actor's lot throughout."""
    gains = touching(model.wants[actor].touching, change)
    tests = touching(model.forbidding, change)
    locks = [lock for option, _ in change for lock in (model.final[option], model.frozen[option]) if lock]
    supports = {option for factor in (*gains, *tests, *locks) for option in factor.support}

    def least_gain(box: Box) -> int:
        after = moved(box, change)
        if any(test.bounds(after)[1] for test in tests) or _is_locked(model, box, change):
            return 0
        return sum(factor.least_gain(box, change) for factor in gains)

    return _widened(model, point, supports | {option for option, _ in change}, least_gain)


def _is_locked(model: SymbolicModel, box: Box, change: Change) -> bool:
    """Whether ``final`` or ``frozen`` may forbid the change in some state of a box."""
    for option, bit in change:
        final, frozen = model.final[option], model.frozen[option]
        if final is not None and box[option] & ~(2 * bit - 1) and final.bounds(box)[1]:
            return True
        if frozen is not None and box[option] & ~bit and frozen.bounds(box)[1]:
            return True
    return False


def _widened(model: SymbolicModel, point: Box, options: Iterable[int], slack: Callable[[Box], int]) -> tuple[int, ...]:
    """Return a largest box around a state on which ``slack`` stays above 0.

    Options outside ``options`` do not matter to it; the others are freed one at a time, those that cost least slack
    first, so that few are left to say.
    """
    within = set(options)
    box = [point[option] if option in within else full for option, full in enumerate(model.full)]
    cost = {option: -slack(moved(box, ((option, model.full[option]),))) for option in sorted(within)}
    for option in sorted(cost, key=cost.__getitem__):
        for bit in bits(model.full[option] & ~box[option]):
            wider = moved(box, ((option, box[option] | bit),))
            if slack(wider) > 0:
                box = wider
    return tuple(box)
