"""The states of a model: numbered cells inside, literals and names outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import NotSupportedError
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import UnknownNameError, find_state, literal, named_state, today
from backchannel.spec.positions import suggest

Cells = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class StateSpace:
    """The states of a compiled crisis.

    Inside, a state is a cell of the tensor whose axes put the options of one actor side by side; outside, states
    sort by their levels in file order, first option slowest. Merged states are represented by their first member
    in that order; a general graph has one axis, its list of states.

    Parameters
    ----------
    crisis
        The crisis.
    shape
        Tensor shape, one axis an option (or the number of states of a general graph).
    options
        Option id of each axis; empty for a general graph.
    cells
        int64, shape (feasible,): cells of the feasible states in file order, one for each merged class.
    total
        Number of states, feasible or not, before merging.
    representative
        int64, shape (cells,), or None: the cell that stands for each cell where states are merged.
    """

    crisis: Crisis
    shape: tuple[int, ...]
    options: tuple[str, ...]
    cells: Cells
    total: int
    representative: Cells | None = None

    @property
    def is_general_graph(self) -> bool:
        """Whether states are names and moves are listed."""
        return self.crisis.is_general_graph

    def levels(self, cells: Cells) -> NDArray[np.int8]:
        """Return levels in file order, shape (cells, options); for a general graph (cells, 0)."""
        if self.is_general_graph:
            return np.zeros((cells.size, 0), dtype=np.int8)
        axis = {option: k for k, option in enumerate(self.options)}
        by_axis = np.unravel_index(cells, self.shape)
        return np.stack([by_axis[axis[option]] for option in self.crisis.options], axis=1).astype(np.int8)

    def literal(self, cell: int) -> str:
        """Write one state as the file does."""
        if self.is_general_graph:
            return list(self.crisis.states)[cell]
        levels = self.levels(np.array([cell]))[0]
        return literal(self.crisis, tuple(int(level) for level in levels))

    def cell(self, levels: tuple[int, ...]) -> int:
        """Return the cell of levels in file order, or of what stands for it."""
        by_option = dict(zip(self.crisis.options, levels, strict=True))
        cell = int(np.ravel_multi_index([by_option[option] for option in self.options], self.shape))
        return cell if self.representative is None else int(self.representative[cell])

    def find(self, reference: str) -> int:
        """Return the cell of a state's name, literal or ``today``.

        Raises
        ------
        NotSupportedError
            If there is no such state, or it is impossible.
        """
        if self.is_general_graph:
            names = list(self.crisis.states)
            if reference == "today":
                return 0
            if reference not in names:
                raise NotSupportedError(f'unknown state "{reference}"; {suggest(reference, names)}')
            return names.index(reference)
        try:
            cell = self.cell(find_state(self.crisis, reference))
        except UnknownNameError:
            count = len(self.crisis.options)
            fix = f"{suggest(reference, [*self.crisis.states, 'today'])}, or write {count} levels joined by commas"
            raise NotSupportedError(f'unknown state "{reference}"; {fix}') from None
        if not (self.cells == cell).any():
            raise NotSupportedError(f'the state "{reference}" is impossible in this file')
        return cell

    def named(self) -> dict[str, int]:
        """Return the cell of every named state, in file order."""
        if self.is_general_graph:
            return {name: k for k, name in enumerate(self.crisis.states)}
        return {name: self.cell(named_state(self.crisis, name)) for name in self.crisis.states}

    @property
    def today(self) -> int:
        """The cell that holds today; a general graph starts at its first state."""
        return 0 if self.is_general_graph else self.cell(today(self.crisis))
