"""Conditions and utilities read over boxes of states: the symbolic back end.

A box is one set of levels for each option, as bits in file order (bit 0 the lowest level); a state is a box of
single levels. Nothing here ever writes the states of a box out beyond the few options a term rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from itertools import product
from math import prod
from operator import and_, itemgetter, or_
from typing import Any

from backchannel.spec.condition import COMPARE, Compare, Condition, Name, fold
from backchannel.spec.crisis import Crisis

Box = Sequence[int]
Reading = Callable[[Box], int]
"""Reads a condition over a box: FALSE or TRUE if it is so in every state of it, else possibly OPEN."""
Change = tuple[tuple[int, int], ...]
"""What a move sets: (option, bit of the level) pairs in option order."""

FALSE, TRUE, OPEN = 1, 2, 3

MOST_CELLS = 1024
"""Cells of a box that are looked at one by one to make a bound exact; beyond, the bound may be loose."""
MOST_KEPT = 400_000
"""Answers a factor remembers before it starts afresh."""


@cache
def bits(mask: int) -> tuple[int, ...]:
    """Return the single bits of a set, lowest first."""
    return tuple(1 << place for place in range(mask.bit_length()) if mask >> place & 1)


def state_box(levels: Sequence[int]) -> tuple[int, ...]:
    """Return the box that holds one state."""
    return tuple(1 << level for level in levels)


def state_levels(box: Box) -> tuple[int, ...]:
    """Return the levels of the one state of a box, in file order."""
    return tuple(mask.bit_length() - 1 for mask in box)


def moved(box: Box, change: Change) -> list[int]:
    """Return the box after a move."""
    after = list(box)
    for option, mask in change:
        after[option] = mask
    return after


class BoxAlgebra:
    """Reads a condition as a function of a box, in Kleene's three-valued logic; exact on single states.

    Parameters
    ----------
    crisis
        The crisis whose options and defined names a condition may mention.
    """

    def __init__(self, crisis: Crisis) -> None:
        self.crisis = crisis
        self.place = {option: k for k, option in enumerate(crisis.options)}
        self._defined: dict[str, Reading] = {}

    def read(self, condition: Condition) -> Reading:
        """Return the reading of a condition."""
        return fold(condition.tree, self)

    def support(self, condition: Condition) -> frozenset[int]:
        """Return the options a condition rests on, defined names followed to the end."""
        options = {self.place[name] for name in condition.ids() if name in self.place}
        below = [self.crisis.defines[name] for name in condition.ids() if name not in self.place]
        return frozenset(options).union(*(self.support(each) for each in below))

    def constant(self, value: bool) -> Reading:
        """Read a constant."""
        truth = TRUE if value else FALSE
        return lambda box: truth

    def name(self, leaf: Name) -> Reading:
        """Read an option above its lowest level, or a defined name."""
        if leaf.id in self.place:
            return self._among(self.place[leaf.id], ~1)
        if leaf.id not in self._defined:
            self._defined[leaf.id] = fold(self.crisis.defines[leaf.id].tree, self)
        return self._defined[leaf.id]

    def compare(self, leaf: Compare) -> Reading:
        """Read an option's level held against another."""
        option = self.crisis.options[leaf.option]
        wanted = option.level_index(leaf.level)
        mask = sum(1 << k for k in range(len(option.levels)) if COMPARE[leaf.sign](k, wanted))
        return self._among(self.place[leaf.option], mask)

    def _among(self, place: int, mask: int) -> Reading:
        def read(box: Box) -> int:
            return (TRUE if box[place] & mask else 0) | (FALSE if box[place] & ~mask else 0)

        return read

    def negation(self, part: Reading) -> Reading:
        """Read the opposite."""
        return lambda box: _NOT[part(box)]

    def conjunction(self, parts: list[Reading]) -> Reading:
        """Read that all hold."""

        def read(box: Box) -> int:
            seen = [part(box) for part in parts]
            return reduce(and_, seen) & TRUE | reduce(or_, seen) & FALSE

        return read

    def disjunction(self, parts: list[Reading]) -> Reading:
        """Read that any holds."""

        def read(box: Box) -> int:
            seen = [part(box) for part in parts]
            return reduce(or_, seen) & TRUE | reduce(and_, seen) & FALSE

        return read

    def implies(self, premise: Reading, conclusion: Reading) -> Reading:
        """Read that the conclusion holds or the premise does not."""
        return self.disjunction([self.negation(premise), conclusion])

    def iff(self, left: Reading, right: Reading) -> Reading:
        """Read that both are the same."""

        def read(box: Box) -> int:
            one, other = left(box), right(box)
            return OPEN if OPEN in (one, other) else TRUE if one == other else FALSE

        return read


_NOT = (0, TRUE, FALSE, OPEN)


@dataclass(eq=False)
class Factor:
    """A whole number for every state that rests on a few options: a sum of terms, a ranking, or a condition (0, 1).

    Parameters
    ----------
    support
        The options it rests on, ascending.
    rough
        Returns a lower and an upper bound over a box, equal to its value on a single state.
    """

    support: tuple[int, ...]
    rough: Callable[[Box], tuple[int, int]]
    _key: Callable[[Box], Any] = field(init=False, repr=False)
    _bounds: dict[Any, tuple[int, int]] = field(default_factory=dict, repr=False)
    _gains: dict[Any, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._key = itemgetter(*self.support) if self.support else _no_key

    def bounds(self, box: Box) -> tuple[int, int]:
        """Return its least and largest value over a box; exact where the box has few cells on the support."""
        key = self._key(box)
        known = self._bounds.get(key)
        if known is None:
            known = self.rough(box)
            if known[0] < known[1] and self._cells(box) <= MOST_CELLS:
                values = [self.value(point) for point in self._points(box)]
                known = min(values), max(values)
            _keep(self._bounds, key, known)
        return known

    def value(self, point: Box) -> int:
        """Return its value in one state."""
        return self.bounds(point)[0]

    def least_gain(self, box: Box, change: Change) -> int:
        """Return the least that a change adds over a box; exact where the box has few cells on the support."""
        here = tuple(pair for pair in change if pair[0] in self.support)
        key = (self._key(box), here)
        known = self._gains.get(key)
        if known is None:
            if self._cells(box) <= MOST_CELLS:
                known = min(self.value(moved(point, here)) - self.value(point) for point in self._points(box))
            else:
                known = self.bounds(moved(box, here))[0] - self.bounds(box)[1]
            _keep(self._gains, key, known)
        return known

    def _cells(self, box: Box) -> int:
        return prod(box[option].bit_count() for option in self.support)

    def _points(self, box: Box) -> Any:
        """Yield the box with each choice of single levels on the support; the same list, changed in place."""
        point = list(box)
        for choice in product(*(bits(box[option]) for option in self.support)):
            for option, bit in zip(self.support, choice, strict=True):
                point[option] = bit
            yield point


def _no_key(box: Box) -> tuple[()]:
    return ()


def _keep(memory: dict[Any, Any], key: Any, value: Any) -> None:
    if len(memory) >= MOST_KEPT:
        memory.clear()
    memory[key] = value
