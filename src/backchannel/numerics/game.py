"""Games as arrays: the option form (a mixed-radix box of states) and the general graph (arc lists)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

Limit = bool | Bools | None
"""Where an option is final or frozen: nowhere (``None``), everywhere (``True``), or a bool array."""


@dataclass(frozen=True, eq=False)
class OptionGame:
    """A game in option form (Fraser and Hipel, 1984).

    A state is one level per option. States are numbered in mixed radix over ``levels``, the first option
    slowest (C order), and the options of one actor are adjacent, so that an actor's moves lie along a fibre
    of the box. From a feasible state an actor may go to every other feasible state that differs only in its
    own options, except that an option that is ``final`` at the state being left may not fall to a lower
    level and one that is ``frozen`` there may not change.

    Parameters
    ----------
    levels
        Number of levels of each option.
    owner
        Actor that holds each option, non-decreasing; an actor may hold none.
    utilities
        int32, shape (actors, states); only their order within an actor matters.
    feasible
        Bool, shape (states,); ``None`` means that every cell is a state that can occur.
    final, frozen
        Per option: ``None``, ``True``, or a bool array over states, read at the state being left. An empty
        tuple restricts nothing.

    Raises
    ------
    ValueError
        For shapes, types or owners that do not fit together.
    """

    levels: tuple[int, ...]
    owner: tuple[int, ...]
    utilities: Ints
    feasible: Bools | None = None
    final: tuple[Limit, ...] = ()
    frozen: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        _check_utilities(self.utilities)
        actors, states = self.utilities.shape
        if len(self.owner) != len(self.levels):
            raise ValueError(f"{len(self.levels)} options have levels but {len(self.owner)} have an owner")
        if any(count < 1 for count in self.levels):
            raise ValueError(f"every option needs at least one level, got {self.levels}")
        if any(late < early for early, late in pairwise(self.owner)):
            raise ValueError(f"the options of one actor must be adjacent, got owners {self.owner}")
        if any(not 0 <= holder < actors for holder in self.owner):
            raise ValueError(f"owners must lie in 0..{actors - 1}, got {self.owner}")
        if prod(self.levels) != states:
            raise ValueError(f"levels {self.levels} make {prod(self.levels)} states, utilities have {states}")
        if self.feasible is not None:
            _check_mask("feasible", self.feasible, states)
        for name, limits in (("final", self.final), ("frozen", self.frozen)):
            if limits and len(limits) != len(self.levels):
                raise ValueError(f"{name} has {len(limits)} entries for {len(self.levels)} options")
            for limit in limits:
                if isinstance(limit, np.ndarray):
                    _check_mask(name, limit, states)

    @property
    def actors(self) -> int:
        """Number of actors."""
        return int(self.utilities.shape[0])

    @property
    def states(self) -> int:
        """Number of cells of the box, infeasible ones included."""
        return int(self.utilities.shape[1])

    @cached_property
    def fibres(self) -> tuple[tuple[int, int, int], ...]:
        """Per actor (outer, own, inner): reshaped so, its moves lie along the middle axis."""
        shapes = []
        for actor in range(self.actors):
            own = prod(self.levels[option] for option in self.options_of(actor))
            inner = prod(count for count, holder in zip(self.levels, self.owner, strict=True) if holder > actor)
            shapes.append((self.states // (own * inner), own, inner))
        return tuple(shapes)

    @cached_property
    def holdings(self) -> tuple[tuple[int, ...], ...]:
        """Per actor, the positions of its options."""
        return tuple(
            tuple(option for option, holder in enumerate(self.owner) if holder == actor) for actor in range(self.actors)
        )

    def options_of(self, actor: int) -> tuple[int, ...]:
        """Return the positions of the actor's options."""
        return self.holdings[actor]


@dataclass(frozen=True, eq=False)
class ArcGame:
    """A game on a general graph (Fang, Hipel and Kilgour, 1993): every actor's moves are listed.

    All states can occur. Arcs need be neither reversible nor transitive.

    Parameters
    ----------
    utilities
        int32, shape (actors, states).
    indptr, indices
        Per actor, its arcs in compressed rows: from ``state`` it can reach
        ``indices[actor][indptr[actor][state]:indptr[actor][state + 1]]``, ascending. int64 and int32.

    Raises
    ------
    ValueError
        For shapes, types or targets that do not fit together.
    """

    utilities: Ints
    indptr: tuple[Longs, ...]
    indices: tuple[Ints, ...]

    def __post_init__(self) -> None:
        _check_utilities(self.utilities)
        actors, states = self.utilities.shape
        if len(self.indptr) != actors or len(self.indices) != actors:
            raise ValueError(f"{actors} actors need as many arc lists, got {len(self.indptr)}/{len(self.indices)}")
        for pointer, targets in zip(self.indptr, self.indices, strict=True):
            if pointer.dtype != np.int64 or targets.dtype != np.int32:
                raise ValueError(f"indptr must be int64 and indices int32, got {pointer.dtype}/{targets.dtype}")
            if pointer.shape != (states + 1,) or pointer[0] != 0 or pointer[-1] != targets.size:
                raise ValueError(f"indptr must run from 0 to {targets.size} over {states} states")
            if np.any(np.diff(pointer) < 0):
                raise ValueError("indptr must not decrease")
            if targets.size and not 0 <= int(targets.min()) <= int(targets.max()) < states:
                raise ValueError(f"arc targets must lie in 0..{states - 1}")

    @property
    def actors(self) -> int:
        """Number of actors."""
        return int(self.utilities.shape[0])

    @property
    def states(self) -> int:
        """Number of states."""
        return int(self.utilities.shape[1])


def _check_utilities(utilities: NDArray[Any]) -> None:
    if utilities.dtype != np.int32 or utilities.ndim != 2:
        raise ValueError(f"utilities must be int32 of shape (actors, states), got {utilities.dtype} {utilities.shape}")


def _check_mask(name: str, mask: NDArray[Any], states: int) -> None:
    if mask.dtype != np.bool_ or mask.shape != (states,):
        raise ValueError(f"{name} must be bool of shape ({states},), got {mask.dtype} {mask.shape}")
