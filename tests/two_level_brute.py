"""Persons' gains and coalitions' worths by their definitions: one state, one term, one coalition at a time.

Slow and plain, on files whose preferences are terms. Conditions are read by the project; nothing else is.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import Levels, find_state, holds, is_feasible, today

Scale = Mapping[str, Fraction]


@dataclass(frozen=True)
class Brute:
    """A crisis with whole or decimal worths and at most one thing that may come without a deal."""

    crisis: Crisis
    _moves: dict[object, set[Levels]] = field(default_factory=dict, repr=False, compare=False)
    _worths: dict[object, Fraction] = field(default_factory=dict, repr=False, compare=False)

    def worth(self, actor: str, state: Levels, scale: Scale | None = None) -> Fraction:
        """The sum of the worths that count, each times the factor on its issue."""
        key = actor, state, tuple((scale or {}).items())
        if key not in self._worths:
            self._worths[key] = sum(
                (
                    Fraction(str(term.worth.centre)) * (scale or {}).get(term.issue or "", Fraction(1))
                    for term in self.crisis.preferences[actor]
                    if holds(term.when, state, self.crisis)
                ),
                Fraction(0),
            )
        return self._worths[key]

    def after(self, actor: str, state: Levels, scale: Scale | None = None) -> Fraction:
        """What a state is worth with what may come after."""
        value = self.worth(actor, state, scale)
        for branch in self.crisis.no_deal:
            chance = Fraction(str(branch.chance.default.centre))
            value += chance * (self.worth(actor, self.changed(state, branch.to), scale) - value)
        return value

    def changed(self, state: Levels, to: str) -> Levels:
        """The state with the options set that differ between today and where no deal may lead, as far as they may."""
        there, now = find_state(self.crisis, to), today(self.crisis)
        if state == now:
            return there
        moved = []
        for name, here, new, old in zip(self.crisis.options, state, there, now, strict=True):
            behind = (old < new and here < new) or (old > new and here > new)
            moved.append(new if behind and self.free(name, new, state) else here)
        return tuple(moved) if is_feasible(self.crisis, tuple(moved)) else state

    def gain(self, actor: str, state: Levels, scale: Scale | None = None) -> Fraction:
        """What a state brings over no deal."""
        return self.after(actor, state, scale) - self.after(actor, today(self.crisis), scale)

    def free(self, name: str, level: int, state: Levels) -> bool:
        """Whether an option may go to a level from a state."""
        option, here = self.crisis.options[name], state[list(self.crisis.options).index(name)]
        if level != here and option.frozen is not None and holds(option.frozen, state, self.crisis):
            return False
        return not (level < here and option.final is not None and holds(option.final, state, self.crisis))

    def joint_moves(self, actors: Sequence[str], state: Levels) -> set[Levels]:
        """Every other state some actors can set together from a state."""
        key = tuple(actors), state
        if key not in self._moves:
            self._moves[key] = self._joint_moves(actors, state)
        return self._moves[key]

    def _joint_moves(self, actors: Sequence[str], state: Levels) -> set[Levels]:
        options = self.crisis.options
        choices = [
            [level for level in range(len(about.levels)) if self.free(name, level, state)]
            if about.by in actors
            else [here]
            for (name, about), here in zip(options.items(), state, strict=True)
        ]
        found = {tuple(levels) for levels in itertools.product(*choices)}
        return {levels for levels in found if levels != state and is_feasible(self.crisis, levels)}

    def ends(self, movers: Sequence[str], start: Levels) -> set[Levels]:
        """Where some actors may come to rest, each moving only to what it prefers; nowhere if a round may trap them."""
        seen, pending, resting, steps = {start}, [start], set(), {}
        while pending:
            state = pending.pop()
            reached = {
                new
                for mover in movers
                for new in self.joint_moves([mover], state)
                if self.worth(mover, new) > self.worth(mover, state)
            }
            steps[state] = reached
            if not reached:
                resting.add(state)
            pending.extend(reached - seen)
            seen |= reached
        free = set(resting)
        for _ in seen:
            free |= {state for state in seen if steps[state] & free}
        return resting if free == seen else set()

    def secured(self, members: Sequence[str]) -> Fraction:
        """The largest sum of gains the members' own options bring them after the worst response; at least 0."""
        others = [actor for actor in self.crisis.actors if actor not in members]
        best = Fraction(0)
        for package in self.joint_moves(members, today(self.crisis)):
            ends = self.ends(others, package)
            if ends:
                best = max(best, min(sum((self.gain(actor, end) for actor in members), Fraction(0)) for end in ends))
        return best

    def worst_gains(self, parties: Sequence[str], scales: Sequence[tuple[str, Scale]]) -> dict[Levels, list[Fraction]]:
        """By package of the parties: the worst gain of each (actor, scale); nothing where responses never end."""
        others = [actor for actor in self.crisis.actors if actor not in parties]
        found = {}
        for package in self.joint_moves(parties, today(self.crisis)):
            if ends := self.ends(others, package):
                found[package] = [min(self.gain(actor, end, scale) for end in ends) for actor, scale in scales]
        return found
