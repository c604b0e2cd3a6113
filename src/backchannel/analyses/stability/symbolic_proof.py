"""A second opinion on an equilibrium, from the file's words alone: it shares nothing with the search that found it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product
from math import prod

from backchannel.numerics.fixed_point import fixed_point
from backchannel.spec.condition import Condition
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import Levels, find_state, holds
from backchannel.spec.structure import OrderPreference, RankingPreference

MOST_TRIED = 1 << 12
"""Own alternatives of one actor that are all tried; beyond, only changes of one or two options are."""


class Proof:
    """Reads conditions on single states and tries an actor's alternatives one by one.

    Parameters
    ----------
    crisis
        A crisis in option form.
    """

    def __init__(self, crisis: Crisis) -> None:
        self.crisis = crisis
        self._place = {option: k for k, option in enumerate(crisis.options)}
        self._rests_on: dict[int, tuple[int, ...]] = {}
        self._known: dict[tuple[int, tuple[int, ...]], bool] = {}
        self._preferences = {actor: self._weighed(actor) for actor in crisis.actors}

    def untried(self) -> tuple[str, ...]:
        """Return the actors of whose alternatives only changes of one or two options are tried."""
        return tuple(actor for actor in self.crisis.actors if self._alternatives(actor) > MOST_TRIED)

    def improvement(self, levels: Levels, pulse: Callable[[], None] = lambda: None) -> tuple[str, Levels] | None:
        """Return an actor and a feasible, allowed move to a state it prefers, or None where none is found.

        ``pulse`` is called at every alternative and may raise to stop.

        Raises
        ------
        ValueError
            If the state itself is impossible.
        """
        if not self._is_feasible(levels):
            raise ValueError("the state is impossible")
        for actor in self.crisis.actors:
            now = self._score(actor, levels)
            for target in self._targets(actor, levels):
                pulse()
                if self._score(actor, target) > now and self._may_move(levels, target):
                    return actor, target
        return None

    def _alternatives(self, actor: str) -> int:
        return prod(len(option.levels) for option in self.crisis.options.values() if option.by == actor)

    def _targets(self, actor: str, levels: Levels) -> Iterator[Levels]:
        options = list(self.crisis.options.values())
        owned = [k for k, option in enumerate(options) if option.by == actor]
        whole = self._alternatives(actor) <= MOST_TRIED
        for changed in [owned] if whole else [*combinations(owned, 1), *combinations(owned, 2)]:
            for choice in product(*(range(len(options[k].levels)) for k in changed)):
                target = list(levels)
                for k, level in zip(changed, choice, strict=True):
                    target[k] = level
                yield tuple(target)

    def _may_move(self, levels: Levels, target: Levels) -> bool:
        for option, before, after in zip(self.crisis.options.values(), levels, target, strict=True):
            if after < before and option.final is not None and self._holds(option.final, levels):
                return False
            if after != before and option.frozen is not None and self._holds(option.frozen, levels):
                return False
        return self._is_feasible(target)

    def _is_feasible(self, levels: Levels) -> bool:
        return not any(self._holds(item.that, levels) for item in self.crisis.impossible)

    def _holds(self, condition: Condition, levels: Levels) -> bool:
        """Read a condition; the same levels of the options it rests on are read once."""
        name = id(condition)
        if name not in self._rests_on:
            self._rests_on[name] = tuple(sorted(self._options(condition)))
        key = (name, tuple(levels[k] for k in self._rests_on[name]))
        if key not in self._known:
            self._known[key] = holds(condition, levels, self.crisis)
        return self._known[key]

    def _options(self, condition: Condition) -> set[int]:
        found = set()
        for name in condition.ids():
            inner = {self._place[name]} if name in self._place else self._options(self.crisis.defines[name])
            found |= inner
        return found

    def _weighed(self, actor: str) -> tuple[tuple[tuple[Condition, int], ...], ...] | dict[Levels, int]:
        """Return (condition, weight) lists, the first deciding before the next; or ranked states with their places."""
        preference = self.crisis.preferences.get(actor, ())
        if isinstance(preference, RankingPreference):
            places = enumerate(preference.ranking)
            return {find_state(self.crisis, name): -place for place, tied in places for name in tied}
        if isinstance(preference, OrderPreference):
            return tuple(((condition, 1),) for condition in preference.order)
        tiers = [[term for term in preference if term.tier == tier] for tier in (None, "core", "lesser")]
        return tuple(
            tuple(zip([term.when for term in tier], fixed_point([t.worth.centre for t in tier]).integers, strict=True))
            for tier in tiers
        )  # fmt: skip

    def _score(self, actor: str, levels: Levels) -> tuple[int, ...]:
        preference = self._preferences[actor]
        if isinstance(preference, dict):
            return (preference.get(levels, -len(preference)),)
        return tuple(sum(weight for condition, weight in tier if self._holds(condition, levels)) for tier in preference)
