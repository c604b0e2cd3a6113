"""Conditions read over the whole state tensor at once, by broadcasting: the dense back end."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backchannel.spec.condition import COMPARE, Compare, Condition, Name, fold
from backchannel.spec.crisis import Crisis

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class TensorAlgebra:
    """Reads a condition as a bool array that broadcasts to the state tensor.

    Parameters
    ----------
    crisis
        The crisis whose options and defined names a condition may mention.
    axis
        Tensor axis of each option.
    shape
        Shape of the tensor, one axis an option.
    """

    crisis: Crisis
    axis: dict[str, int]
    shape: tuple[int, ...]
    _defined: dict[str, Bools] = field(default_factory=dict)

    def levels(self, option: str) -> NDArray[np.int8]:
        """Return the option's level in every state, as an array that broadcasts to the tensor."""
        axis = self.axis[option]
        view = [1] * len(self.shape)
        view[axis] = self.shape[axis]
        return np.arange(self.shape[axis], dtype=np.int8).reshape(view)

    def constant(self, value: bool) -> Bools:
        """Return a constant array."""
        return np.full((1,) * len(self.shape), value)

    def name(self, leaf: Name) -> Bools:
        """Return where an option is above its lowest level, or where a defined name holds."""
        if leaf.id in self.axis:
            return np.asarray(self.levels(leaf.id) > 0)
        if leaf.id not in self._defined:
            self._defined[leaf.id] = fold(self.crisis.defines[leaf.id].tree, self)
        return self._defined[leaf.id]

    def compare(self, leaf: Compare) -> Bools:
        """Return where an option's level compares as said."""
        level = self.crisis.options[leaf.option].level_index(leaf.level)
        return np.asarray(COMPARE[leaf.sign](self.levels(leaf.option), level))

    def negation(self, part: Bools) -> Bools:
        """Return the opposite."""
        return ~part

    def conjunction(self, parts: list[Bools]) -> Bools:
        """Return where all hold."""
        result = parts[0]
        for part in parts[1:]:
            result = result & part
        return result

    def disjunction(self, parts: list[Bools]) -> Bools:
        """Return where any holds."""
        result = parts[0]
        for part in parts[1:]:
            result = result | part
        return result

    def implies(self, premise: Bools, conclusion: Bools) -> Bools:
        """Return where the conclusion holds or the premise does not."""
        return ~premise | conclusion

    def iff(self, left: Bools, right: Bools) -> Bools:
        """Return where both are the same."""
        return np.asarray(left == right)

    def read(self, condition: Condition) -> Bools:
        """Return where a condition holds, as an array that broadcasts to the tensor."""
        return fold(condition.tree, self)

    def flat(self, condition: Condition) -> Bools:
        """Return where a condition holds, shape (states,)."""
        return np.ascontiguousarray(np.broadcast_to(self.read(condition), self.shape)).reshape(-1)


@dataclass(frozen=True)
class FixedAlgebra(TensorAlgebra):
    """Reads conditions over some options, the others held at a level."""

    held: dict[str, int] = field(default_factory=dict)

    def levels(self, option: str) -> NDArray[np.int8]:
        """Return the option's level, as an array that broadcasts to the tensor."""
        if option in self.axis:
            return super().levels(option)
        return np.full((1,) * len(self.shape), self.held[option], dtype=np.int8)

    def name(self, leaf: Name) -> Bools:
        """Return where an option is above its lowest level, or where a defined name holds."""
        if leaf.id in self.crisis.options:
            return np.asarray(self.levels(leaf.id) > 0)
        return super().name(leaf)
