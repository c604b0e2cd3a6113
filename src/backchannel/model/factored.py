"""A crisis as a package problem: party options as issues, worths as factors, third parties' responses folded in.

The states are never written out. Third parties fall into groups that respond on their own: options that share an
owner, a worth, a rule or a limit belong together. What a group does depends on a few party options only, so that its
worst response is one more factor on these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.model.arrays import Bools, FixedAlgebra
from backchannel.model.preferences import actor_utility
from backchannel.numerics.carried_over import carried_over
from backchannel.numerics.game import Limit, OptionGame
from backchannel.numerics.improvement_ends import Ends, improvement_ends
from backchannel.numerics.number_format import count
from backchannel.numerics.package_problem import Factor, PackageProblem, Rule
from backchannel.spec.condition import Condition, Name
from backchannel.spec.crisis import Crisis
from backchannel.spec.structure import OrderPreference, Preference, RankingPreference, Term

MOST_CELLS = 2**22
"""Combinations of a group's options and of the party options that move it."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Group:
    """Third parties who respond together.

    Parameters
    ----------
    asked
        Party options their response depends on.
    options
        Their own options.
    ends
        Where they may come to rest, for each combination of ``asked`` that is possible; cells over both.
    rows
        int64, shape (combinations of ``asked``,): the row of ``ends``, or -1 where it is impossible.
    shape
        Levels of ``asked``, then of ``options``.
    """

    asked: tuple[str, ...]
    options: tuple[str, ...]
    ends: Ends
    rows: NDArray[np.int64]
    shape: tuple[int, ...]

    def ends_after(self, levels: tuple[int, ...]) -> NDArray[np.int64]:
        """Return levels of ``options`` at every end, shape (ends, options), after levels of ``asked``."""
        sizes = self.shape[: len(self.asked)]
        place = int(np.ravel_multi_index(levels, sizes)) if sizes else 0
        cells = self.ends.of(int(self.rows[place]))
        return np.stack(np.unravel_index(cells, self.shape)[len(self.asked) :], axis=1)


@dataclass(frozen=True, eq=False)
class FactoredPackages:
    """A package problem and the groups whose responses it holds."""

    problem: PackageProblem
    groups: tuple[Group, ...]


@dataclass(frozen=True, eq=False)
class Change:
    """What may change without a deal, and with which chance in each party's eyes.

    Parameters
    ----------
    to
        (option, level) of what would be different from today.
    chance
        Shape (parties,).
    """

    to: tuple[tuple[str, int], ...]
    chance: Floats


def factored_packages(
    crisis: Crisis,
    parties: tuple[str, ...],
    options: tuple[str, ...],
    permitted: dict[str, tuple[bool, ...]],
    base: Floats,
    changes: tuple[Change, ...] = (),
    where: Condition | None = None,
) -> FactoredPackages:
    """Write the packages of some parties as a package problem.

    Parameters
    ----------
    crisis
        A crisis in option form.
    parties
        Actors who sign.
    options
        Party options a package may change; the parties' others stay as today.
    permitted
        Which levels of each of them today allows.
    base
        Value of no deal to each party, shape (parties,).
    changes
        What may change without a deal; a package that leaves its source in place does not stop it.
    where
        Only packages in whose state right after signing this holds.

    Raises
    ------
    NotSupportedError
        If a third party ranks whole states, or what changes without a deal is a party's option.
    TooLargeError
        If a group of third parties has more than :data:`MOST_CELLS` combinations to respond in.

    Notes
    -----
    Cost: for each group, the combinations of its own options and of those it is moved by, once.
    """
    if not options:
        raise NotSupportedError(
            f"{' and '.join(parties)} have no option that may be traded; name others with --parties"
        )
    writer = _Writer(crisis, parties, options, changes)
    factors, rules, groups = writer.simple(), writer.rules(permitted, where), []
    no_deal = base - writer.constant
    for part in writer.groups():
        group, worst = writer.respond(part)
        groups.append(group)
        sizes = group.shape[: len(group.asked)]
        good = np.isfinite(worst).all(axis=0)
        issues = tuple(options.index(name) for name in group.asked)
        if not issues:
            if not good.all():
                raise NotSupportedError(f"{', '.join(group.options)}: these never come to rest, whatever is signed")
            no_deal = no_deal - worst[:, 0]
            continue
        rules.append(Rule(issues, good.reshape(sizes)))
        factors.append(Factor(issues, np.where(good, worst, 0.0).reshape(len(parties), *sizes)))
    levels = tuple(crisis.options[name].levels for name in options)
    problem = PackageProblem(parties, options, levels, tuple(factors), tuple(rules), no_deal)
    return FactoredPackages(problem, tuple(groups))


class _Writer:
    """The parts of one package problem."""

    def __init__(
        self, crisis: Crisis, parties: tuple[str, ...], options: tuple[str, ...], changes: tuple[Change, ...]
    ) -> None:
        self.crisis, self.parties, self.options, self.changes = crisis, parties, options, changes
        self.third = tuple(name for name, option in crisis.options.items() if option.by not in parties)
        self.held = {name: option.today_index for name, option in crisis.options.items()}
        self.constant = np.zeros(len(parties))
        for change in changes:
            for name, _ in change.to:
                if name not in self.third:
                    raise NotSupportedError(
                        f'"{name}" belongs to a party and changes without a deal; '
                        "ask `backchannel deals`, which lists every package"
                    )

    def scope(self, condition: Condition) -> frozenset[str]:
        """Return the options a condition mentions, other than those that stay as today."""
        found: set[str] = set()
        for part in condition.ids():
            found |= self.scope(self.crisis.defines[part]) if part in self.crisis.defines else {part}
        return frozenset(found & {*self.options, *self.third})

    def algebra(self, names: tuple[str, ...]) -> FixedAlgebra:
        """Return what reads conditions over some options."""
        shape = tuple(len(self.crisis.options[name].levels) for name in names)
        return FixedAlgebra(self.crisis, {name: k for k, name in enumerate(names)}, shape, held=self.held)

    def terms(self, party: str) -> tuple[Term, ...]:
        """Return a party's terms."""
        terms = self.crisis.preferences.get(party, ())
        assert isinstance(terms, tuple)
        return terms

    def simple(self) -> list[Factor]:
        """Return the worths that no third party's option enters, summed by the options they rest on."""
        tables: dict[tuple[str, ...], Floats] = {}
        for row, party in enumerate(self.parties):
            for term in self.terms(party):
                scope = self.scope(term.when)
                if scope & {*self.third}:
                    continue
                names = tuple(name for name in self.options if name in scope)
                algebra = self.algebra(names)
                table = tables.setdefault(names, np.zeros((len(self.parties), *algebra.shape)))
                table[row] += term.worth.centre * np.broadcast_to(algebra.read(term.when), algebra.shape)
        self.constant = tables.pop((), np.zeros(len(self.parties)))
        return [Factor(self._places(names), table) for names, table in tables.items()]

    def rules(self, permitted: dict[str, tuple[bool, ...]], where: Condition | None) -> list[Rule]:
        """Return what today allows, what is impossible without third parties, and what the packages must fulfil."""
        found = [Rule(self._places((name,)), np.array(levels)) for name, levels in permitted.items() if not all(levels)]
        for item in self.crisis.impossible:
            if not self.scope(item.that) & {*self.third}:
                found += self._rule(item.that, wanted=False)
        return found + (self._rule(where, wanted=True) if where is not None else [])

    def _rule(self, condition: Condition, *, wanted: bool) -> list[Rule]:
        scope = self.scope(condition)
        if outside := scope & {*self.third}:
            raise NotSupportedError(f'"{min(outside)}" belongs to nobody who signs; say with --where what parties do')
        names = tuple(name for name in self.options if name in scope)
        algebra = self.algebra(names)
        allowed = np.broadcast_to(algebra.read(condition), algebra.shape) == wanted
        if names:
            return [Rule(self._places(names), np.array(allowed))]
        return [] if allowed.all() else [Rule((0,), np.zeros(len(self.crisis.options[self.options[0]].levels), bool))]

    def _places(self, names: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(self.options.index(name) for name in names)

    def groups(self) -> list[tuple[str, ...]]:
        """Return third parties' options in groups that respond on their own, in file order."""
        owner: dict[str, list[str]] = {}
        for name in self.third:
            owner.setdefault(self.crisis.options[name].by, []).append(name)
        links = [*owner.values(), *(self.scope(part) & {*self.third} for part in self._conditions())]
        links += [[name for change in self.changes for name, _ in change.to]]
        return _joined(self.third, links)

    def _conditions(self) -> Iterator[Condition]:
        """Yield every condition that ties third parties' options to one another."""
        for actor in self.crisis.actors:
            yield from _statements(self.crisis.preferences.get(actor, ()), actor)
        yield from (item.that for item in self.crisis.impossible)
        for name in self.third:
            option = self.crisis.options[name]
            limits = [limit for limit in (option.final, option.frozen) if limit is not None]
            yield from (_with(limit, name) for limit in limits)

    def respond(self, part: tuple[str, ...]) -> tuple[Group, Floats]:
        """Return a group's responses and the worst they leave each party with, shape (parties, combinations asked).

        The worst is minus infinity where a combination is impossible or the responses never come to rest.
        """
        asked = self._asked(part)
        sizes = tuple(len(self.crisis.options[name].levels) for name in asked)
        names = (*asked, *sorted(part, key=self._actor_of))
        algebra = self.algebra(names)
        if prod(algebra.shape) > MOST_CELLS:
            raise TooLargeError(
                f"the response of {', '.join(part)} depends on {', '.join(asked)}: "
                f"{count(prod(algebra.shape), 'combination')}, and {MOST_CELLS:,} can be searched"
            )
        game = self._game(part, asked, algebra)
        start = np.arange(prod(sizes)) * prod(algebra.shape[len(asked) :]) + self._today(names[len(asked) :])
        good = np.ones(start.size, dtype=bool) if game.feasible is None else game.feasible[start]
        rows = np.where(good, np.cumsum(good) - 1, -1)
        ends = improvement_ends(game, start[good].astype(np.int64), range(1, game.actors))
        return Group(asked, names[len(asked) :], ends, rows, algebra.shape), self._worst(
            part, algebra, game, ends, good
        )

    def _worst(self, part: tuple[str, ...], algebra: FixedAlgebra, game: OptionGame, ends: Ends, good: Bools) -> Floats:
        worth = np.stack([self._worth(party, part, algebra) for party in self.parties])
        chances = np.array([change.chance for change in self.changes]).reshape(-1, len(self.parties))
        at_ends = worth[:, ends.cells] * (1 - chances.sum(axis=0))[:, None]
        for change, chance in zip(self.changes, chances, strict=True):
            at_ends += worth[:, _set(ends.cells, change, self.held, algebra, game)] * chance[:, None]
        some = ends.counts > 0
        found = np.full((len(self.parties), ends.counts.size), -np.inf)
        if ends.cells.size:
            found[:, some] = np.minimum.reduceat(at_ends, ends.start[:-1][some], axis=1)
        worst = np.full((len(self.parties), good.size), -np.inf)
        worst[:, good] = found
        return worst

    def _worth(self, party: str, part: tuple[str, ...], algebra: FixedAlgebra) -> Floats:
        total = np.zeros(prod(algebra.shape))
        for term in self.terms(party):
            if self.scope(term.when) & {*part}:
                total += term.worth.centre * algebra.flat(term.when)
        return total

    def _asked(self, part: tuple[str, ...]) -> tuple[str, ...]:
        """Return the party options a group's response, or what it is worth to the parties, depends on."""
        found: set[str] = set()
        for condition in self._conditions():
            scope = self.scope(condition)
            if scope & {*part}:
                found |= scope
        return tuple(name for name in self.options if name in found)

    def _game(self, part: tuple[str, ...], asked: tuple[str, ...], algebra: FixedAlgebra) -> OptionGame:
        movers = sorted({self._actor_of(name) for name in part})
        names = list(algebra.axis)
        actors = tuple(self.crisis.actors)
        codes = [np.zeros(prod(algebra.shape), dtype=np.int32)]
        codes += [actor_utility(self._own(actors[row], part), algebra).codes for row in movers]
        feasible = np.ones(algebra.shape, dtype=bool)
        for item in self.crisis.impossible:
            if self.scope(item.that) & {*part}:
                feasible &= ~algebra.read(item.that)
        options = [self.crisis.options[name] for name in names]
        return OptionGame(
            levels=algebra.shape,
            owner=tuple([0] * len(asked) + [1 + movers.index(self._actor_of(name)) for name in names[len(asked) :]]),
            utilities=np.stack(codes),
            feasible=feasible.reshape(-1),
            final=tuple(_limit(algebra, option.final, k < len(asked)) for k, option in enumerate(options)),
            frozen=tuple(_limit(algebra, option.frozen, k < len(asked)) for k, option in enumerate(options)),
        )

    def _own(self, actor: str, part: tuple[str, ...]) -> Preference:
        """Return what an actor wants of what its group can change; the rest is the same wherever it moves."""
        preference = self.crisis.preferences.get(actor, ())
        if isinstance(preference, RankingPreference):
            raise NotSupportedError(f'"{actor}" ranks whole states; the factored route needs terms or an order')
        if isinstance(preference, OrderPreference):
            kept = tuple(said for said in preference.order if self.scope(said) & {*part})
            return preference.model_copy(update={"order": kept}) if kept else ()
        return tuple(term for term in preference if self.scope(term.when) & {*part})

    def _actor_of(self, name: str) -> int:
        return list(self.crisis.actors).index(self.crisis.options[name].by)

    def _today(self, names: Iterable[str]) -> int:
        names = list(names)
        shape = [len(self.crisis.options[name].levels) for name in names]
        return int(np.ravel_multi_index([self.held[name] for name in names], shape))


def _statements(preference: Preference, actor: str) -> Iterator[Condition]:
    if isinstance(preference, RankingPreference):
        raise NotSupportedError(f'"{actor}" ranks whole states; the factored route needs terms or an order')
    if isinstance(preference, OrderPreference):
        yield from preference.order
    else:
        yield from (term.when for term in preference)


def _with(limit: Condition, option: str) -> Condition:
    """Return a condition that mentions both a limit's options and the option it limits."""
    from backchannel.spec.condition import And

    return Condition(f"({limit.text}) and {option}", And((limit.tree, Name(option, 0))))


def _limit(algebra: FixedAlgebra, condition: Condition | None, is_party: bool) -> Limit:
    return None if condition is None or is_party else algebra.flat(condition)


def _set(
    cells: NDArray[np.int64], change: Change, held: dict[str, int], algebra: FixedAlgebra, game: OptionGame
) -> NDArray[np.int64]:
    """Carry a change over to some cells; leave those where it is impossible, and all if it is no group's option."""
    levels = [np.array(axis) for axis in np.unravel_index(cells, algebra.shape)]
    for name, level in change.to:
        if name in algebra.axis:
            axis = algebra.axis[name]
            levels[axis] = carried_over(game, axis, levels[axis], held[name], level, cells)
    moved = np.ravel_multi_index(levels, algebra.shape).astype(np.int64)
    return moved if game.feasible is None else np.where(game.feasible[moved], moved, cells)


def _joined(names: tuple[str, ...], links: Iterable[Iterable[str]]) -> list[tuple[str, ...]]:
    """Return names in groups tied by links, groups and members in the order of ``names``."""
    root = {name: name for name in names}

    def find(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    for link in links:
        tied = [find(name) for name in link]
        for name in tied[1:]:
            root[find(name)] = find(tied[0])
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(find(name), []).append(name)
    return [tuple(group) for group in groups.values()]
