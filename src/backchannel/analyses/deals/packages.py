"""Packages: what some actors could do together from today, and how everybody else would respond."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.options_of import is_permitted, party_options
from backchannel.errors import TooLargeError
from backchannel.model.compile import tensor
from backchannel.model.model import Model
from backchannel.numerics.game import OptionGame
from backchannel.numerics.improvement_ends import Ends, improvement_ends
from backchannel.numerics.number_format import count
from backchannel.spec.condition import Condition

MOST_PACKAGES = 4_000_000
"""Packages written out at once; beyond, the factored route answers."""


@dataclass(frozen=True, eq=False)
class Packages:
    """Every package of some parties, and where third parties may come to rest after it.

    Parameters
    ----------
    parties
        Rows of the model's actors who sign.
    options
        Options the packages may change, in file order.
    cells
        int64, shape (packages,): the state right after signing, sorted by level, first option slowest. Today, the
        package that changes nothing, is not among them.
    levels
        int8, shape (packages, options).
    ends
        Where the others' improvements may end, for each package.
    """

    parties: tuple[int, ...]
    options: tuple[str, ...]
    cells: NDArray[np.int64]
    levels: NDArray[np.int8]
    ends: Ends

    @property
    def size(self) -> int:
        """Number of packages."""
        return int(self.cells.size)

    @cached_property
    def settled(self) -> NDArray[np.bool_]:
        """Bool, shape (packages,): whether the responses end anywhere."""
        return np.asarray(self.ends.counts > 0)

    def worst(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the least value over the ends of each package: (..., ends) to (..., packages); +inf without ends."""
        return self._over_ends(values, np.minimum, np.inf)

    def best(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the greatest value over the ends of each package; −inf without ends."""
        return self._over_ends(values, np.maximum, -np.inf)

    def _over_ends(self, values: NDArray[np.float64], pick: np.ufunc, nothing: float) -> NDArray[np.float64]:
        out = np.full((*values.shape[:-1], self.size), nothing)
        if values.shape[-1]:
            out[..., self.settled] = pick.reduceat(values, self.ends.start[:-1][self.settled], axis=-1)
        return out

    def keep(self, mask: NDArray[np.bool_]) -> Packages:
        """Return the packages marked in ``mask``, with their ends."""
        counts = self.ends.counts
        starts = np.concatenate([[0], np.cumsum(counts[mask])]).astype(np.int64)
        ends = Ends(starts, self.ends.cells[np.repeat(mask, counts)])
        return Packages(self.parties, self.options, self.cells[mask], self.levels[mask], ends)


def find_packages(
    model: Model,
    parties: tuple[int, ...],
    issues: tuple[str, ...] = (),
    where: Condition | None = None,
    still: tuple[int, ...] = (),
) -> Packages:
    """List every joint move of the parties from today, and let the others respond by improvements until none gains.

    Parameters
    ----------
    model
        A crisis in option form.
    parties
        Rows of the actors who sign.
    issues
        Issues whose options may be traded; empty for all.
    where
        Keep only packages in whose state right after signing this holds.
    still
        Rows of other actors who do not respond.

    Raises
    ------
    TooLargeError
        Above :data:`MOST_PACKAGES`.

    Notes
    -----
    Cost: packages x the others' reachable states x their own profiles.
    """
    assert isinstance(model.game, OptionGame)
    options = party_options(model.crisis, tuple(model.actors[row] for row in parties), issues)
    cells, levels = _joint_moves(model, options)
    if where is not None:
        keep = tensor(model.crisis).flat(where)[cells]
        cells, levels = cells[keep], levels[keep]
    others = [row for row in range(len(model.actors)) if row not in parties and row not in still]
    return Packages(parties, options, cells, levels, improvement_ends(model.game, cells, others))


def _joint_moves(model: Model, options: tuple[str, ...]) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Return the cells of all legal joint moves from today and their levels, without the move that changes nothing."""
    crisis, space = model.crisis, model.space
    now = [crisis.options[name].today_index for name in options]
    choices = [
        [level for level in range(len(crisis.options[name].levels)) if is_permitted(model, name, level)]
        for name in options
    ]
    size = prod(len(levels) for levels in choices)
    if size > MOST_PACKAGES:
        raise TooLargeError(
            f"{count(len(options), 'option')} make {count(size, 'package')} and {MOST_PACKAGES:,} can be listed; "
            "name fewer parties or issues"
        )
    grid = np.meshgrid(*(np.array(levels, dtype=np.int64) for levels in choices), indexing="ij")
    levels = np.stack([axis.reshape(-1) for axis in grid], axis=1) if options else np.zeros((1, 0), dtype=np.int64)
    stride = {name: prod(space.shape[k + 1 :]) for k, name in enumerate(space.options)}
    steps = np.array([stride[name] for name in options], dtype=np.int64)
    cells = space.today + (levels - np.array(now, dtype=np.int64)) @ steps
    keep = (levels != now).any(axis=1)
    if model.game.feasible is not None:  # type: ignore[union-attr]
        keep &= model.game.feasible[cells]  # type: ignore[union-attr]
    return cells[keep], levels[keep].astype(np.int8)
