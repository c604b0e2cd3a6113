"""A second opinion on an equilibrium: every alternative of every actor, written out by the dense back end.

It shares nothing with the search that found the state but the parsed file: no boxes, no bounds, no clauses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from math import prod

import numpy as np
from numpy.typing import NDArray

from backchannel.model.arrays import Bools, TensorAlgebra
from backchannel.numerics.fixed_point import fixed_point
from backchannel.spec.condition import Condition, Name
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import Levels, find_state, is_feasible
from backchannel.spec.structure import OrderPreference, RankingPreference

MOST_TRIED = 1 << 20
"""Own alternatives of one actor that are written out; an actor with more is not tried."""


@dataclass(frozen=True)
class FibreAlgebra(TensorAlgebra):
    """Reads conditions over the alternatives of one actor, everybody else standing still.

    Parameters
    ----------
    still
        The level of every option in the state that is left.
    """

    still: dict[str, int] = field(default_factory=dict)

    def levels(self, option: str) -> NDArray[np.int8]:
        """Return an option's level in every alternative: along its axis, or the level it stands at."""
        if option in self.axis:
            return super().levels(option)
        return np.full((1,) * len(self.shape), self.still[option], dtype=np.int8)

    def name(self, leaf: Name) -> Bools:
        """Return where an option is above its lowest level, or where a defined name holds."""
        return np.asarray(self.levels(leaf.id) > 0) if leaf.id in self.crisis.options else super().name(leaf)


def untried(crisis: Crisis) -> tuple[str, ...]:
    """Return the actors with too many alternatives to try."""
    return tuple(actor for actor in crisis.actors if _alternatives(crisis, actor) > MOST_TRIED)


def better_for(crisis: Crisis, levels: Levels, actor: str) -> Levels | None:
    """Return a feasible state that an actor prefers and can move to, found by trying all it could do, or None.

    Cost: its own alternatives times its terms, and 8 bytes for each alternative.

    Raises
    ------
    ValueError
        If the state itself is impossible.
    """
    if not is_feasible(crisis, levels):
        raise ValueError("the state is impossible")
    own = [name for name, option in crisis.options.items() if option.by == actor]
    shape = tuple(len(crisis.options[name].levels) for name in own)
    still = dict(zip(crisis.options, levels, strict=True))
    algebra = FibreAlgebra(crisis, {name: k for k, name in enumerate(own)}, shape, still=still)
    here = tuple(still[name] for name in own)
    open_to = _preferred(crisis, actor, algebra, here)
    for item in crisis.impossible:
        open_to = open_to & ~algebra.read(item.that)
    for name in own:
        open_to = open_to & _permitted(crisis, name, algebra, here)
    found = np.argwhere(np.broadcast_to(open_to, shape))
    if not found.size:
        return None
    target = still | dict(zip(own, found[0].tolist(), strict=True))
    return tuple(target.values())


def _alternatives(crisis: Crisis, actor: str) -> int:
    return prod(len(option.levels) for option in crisis.options.values() if option.by == actor)


def _permitted(crisis: Crisis, name: str, algebra: FibreAlgebra, here: Levels) -> Bools:
    """Return which alternatives ``final`` and ``frozen`` of an option allow, as they read in the state left."""
    option, level = crisis.options[name], algebra.levels(name)
    now = here[algebra.axis[name]]
    allowed = np.ones_like(level, dtype=bool)
    if option.final is not None and _at(algebra.read(option.final), here):
        allowed = allowed & (level >= now)
    if option.frozen is not None and _at(algebra.read(option.frozen), here):
        allowed = allowed & (level == now)
    return allowed


def _at(holds: Bools, here: Levels) -> bool:
    return bool(holds[tuple(min(k, size - 1) for k, size in zip(here, holds.shape, strict=True))])


def _preferred(crisis: Crisis, actor: str, algebra: FibreAlgebra, here: Levels) -> Bools:
    """Return which alternatives the actor strictly prefers: the first sum that differs decides."""
    preference = crisis.preferences.get(actor, ())
    if isinstance(preference, RankingPreference):
        sums = [_places(preference, algebra)]
    elif isinstance(preference, OrderPreference):
        sums = [_sum([(said, 1)], algebra) for said in preference.order]
    else:
        sums = []
        for tier in (None, "core", "lesser"):
            terms = [term for term in preference if term.tier == tier]
            weights = fixed_point([term.worth.centre for term in terms]).integers
            sums.append(_sum(list(zip([term.when for term in terms], weights, strict=True)), algebra))
    better, equal = np.zeros(algebra.shape, dtype=bool), np.ones(algebra.shape, dtype=bool)
    for each in sums:
        better |= equal & (each > each[here])
        equal &= each == each[here]
    return better


def _sum(weighed: list[tuple[Condition, int]], algebra: FibreAlgebra) -> NDArray[np.int64]:
    start = np.zeros(algebra.shape, dtype=np.int64)
    return reduce(lambda total, each: total + algebra.read(each[0]) * np.int64(each[1]), weighed, start)


def _places(preference: RankingPreference, algebra: FibreAlgebra) -> NDArray[np.int64]:
    """Return the places of the alternatives in a ranking, best highest; one that is left out comes last."""
    places = np.full(algebra.shape, -len(preference.ranking), dtype=np.int64)
    fixed = [(option, at) for option, at in algebra.still.items() if option not in algebra.axis]
    for place, tied in enumerate(preference.ranking):
        for name in tied:
            levels = dict(zip(algebra.crisis.options, find_state(algebra.crisis, name), strict=True))
            if all(levels[option] == at for option, at in fixed):
                places[tuple(levels[option] for option in algebra.axis)] = -place
    return places
