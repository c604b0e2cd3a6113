"""Where responses to packages end, draw by draw: the ends at the centres, or found anew where responders vary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.packages import Packages
from backchannel.model.model import Model
from backchannel.model.worths import drawn_codes
from backchannel.numerics.game import OptionGame
from backchannel.numerics.response_graph import ResponseGraph, response_graph

Floats = NDArray[np.float64]

CHUNK = 2**22
"""Numbers held at once while packages are valued in draws."""

Worst = Callable[[Floats], Floats]
"""From worths of the cells, (draws, cells), to the least after each package, (draws, packages); −inf without an end."""


@dataclass(frozen=True, eq=False)
class DrawnResponses:
    """Packages, and the cells in which responses to them may end in some draw.

    Parameters
    ----------
    model, packages
        The model, and packages with their ends at the centres.
    graph
        Moves of the responders; None where their worths are the file's in every draw.
    values
        Shape (draws, inputs).
    """

    model: Model
    packages: Packages
    graph: ResponseGraph | None
    values: Floats

    @property
    def cells(self) -> NDArray[np.int64]:
        """Cells to be valued: all ends, or all places responders can reach; int64."""
        return self.packages.ends.cells if self.graph is None else self.graph.cells

    def blocks(self) -> Iterator[tuple[slice, Worst]]:
        """Yield draws, and how the worst response is found from worths of the cells in them."""
        size = max(1, CHUNK // max(1, self.cells.size if self.graph is None else self.graph.source.size))
        for start in range(0, len(self.values), size):
            draws = slice(start, min(start + size, len(self.values)))
            if self.graph is None:
                yield draws, lambda worth: worst_of_ends(self.packages, worth)
            else:
                resting = self.graph.resting(self._codes(self.graph, self.values[draws]))
                yield draws, _worst_at(self.graph, resting)

    def _codes(self, graph: ResponseGraph, values: Floats) -> dict[int, NDArray[np.int32]]:
        codes = {}
        for row in responders(self.model, self.packages):
            if self.model.utilities[row].scale == "cardinal":
                codes[row] = drawn_codes(self.model, row, graph.cells, values)
            else:
                codes[row] = np.tile(self.model.game.utilities[row, graph.cells], (len(values), 1))
        return codes


def drawn_responses(model: Model, packages: Packages, values: Floats) -> DrawnResponses:
    """Return where responses to packages may end in the draws, ``values`` of shape (draws, inputs).

    Cost: where responders' worths vary, one list of their moves, and a pass over it for each block of draws.
    """
    others = responders(model, packages)
    assert isinstance(model.game, OptionGame)
    varying = packages.size and third_parties_vary(model, others, values)
    return DrawnResponses(
        model, packages, response_graph(model.game, packages.cells, others) if varying else None, values
    )


def third_parties_vary(model: Model, others: list[int], values: Floats) -> bool:
    """Whether some third party's worths differ between draws, or from the file's."""
    starts = tuple(f"preferences.{model.actors[row]}." for row in others)
    columns = [k for k, item in enumerate(model.inputs) if starts and item.path.startswith(starts)]
    centres = np.array([model.inputs[k].number.centre for k in columns])
    return bool(columns) and bool((values[:, columns] != centres).any())


def responders(model: Model, packages: Packages) -> list[int]:
    """Return the rows of the actors who are not among the parties."""
    return [row for row in range(len(model.actors)) if row not in packages.parties]


def worst_of_ends(packages: Packages, worth: Floats) -> Floats:
    """Return the least worth over the ends of each package, −inf without: (..., ends) to (..., packages)."""
    least = packages.worst(worth)
    least[..., ~packages.settled] = -np.inf
    return least


def _worst_at(graph: ResponseGraph, resting: NDArray[np.bool_]) -> Worst:
    some = np.logical_or.reduceat(resting, graph.first[:-1], axis=1)

    def worst(worth: Floats) -> Floats:
        least = np.minimum.reduceat(np.where(resting, worth, np.inf), graph.first[:-1], axis=1)
        return np.where(some, least, -np.inf)

    return worst
