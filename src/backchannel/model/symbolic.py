"""A crisis whose states are not written out: utilities as sums of factors, conditions as tests of boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import prod

from backchannel.errors import NotSupportedError
from backchannel.model.boxes import (
    MOST_CELLS,
    TRUE,
    Box,
    BoxAlgebra,
    Factor,
    Reading,
    state_box,
    state_levels,
)
from backchannel.numerics.fixed_point import fixed_point
from backchannel.spec.condition import Condition
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import Levels, UnknownNameError, find_state, is_feasible
from backchannel.spec.positions import suggest
from backchannel.spec.structure import OrderPreference, Preference, RankingPreference, Term

MOST_RANKED = 4096
"""Cells of the state space up to which a ranking of states is read."""

Weighed = tuple[Condition, int]
"""A condition and what it weighs."""


@dataclass(frozen=True, eq=False)
class Want:
    """One actor's preferences.

    Parameters
    ----------
    cardinal
        Whether differences mean something (terms without tiers).
    factors
        Their sum orders the states: larger is better, equal is tied. Exact whole numbers of any size.
    touching
        Per option: the factors that rest on it.
    points
        Returns the utility of a state as the dense model gives it: points, or the score or rank if only the order
        counts.
    """

    cardinal: bool
    factors: tuple[Factor, ...]
    touching: tuple[tuple[Factor, ...], ...]
    points: Callable[[Box], float]

    def score(self, point: Box) -> int:
        """Return what orders the states."""
        return sum(factor.value(point) for factor in self.factors)


@dataclass(frozen=True, eq=False)
class SymbolicModel:
    """A crisis in option form, ready for questions about boxes of states.

    Parameters
    ----------
    crisis
        The crisis.
    full
        Per option, in file order: the set of all its levels, as bits.
    owned
        Per actor, in file order: its options.
    impossible
        Tests that hold in no feasible state; ``forbidding[option]`` are those that rest on an option.
    final, frozen
        Per option: the test under which its level cannot fall, or change, or None.
    wants
        Per actor.
    """

    crisis: Crisis
    full: tuple[int, ...]
    owned: tuple[tuple[int, ...], ...]
    impossible: tuple[Factor, ...]
    forbidding: tuple[tuple[Factor, ...], ...]
    final: tuple[Factor | None, ...]
    frozen: tuple[Factor | None, ...]
    wants: tuple[Want, ...]
    _blocks: dict[int, tuple[tuple[int, ...], ...]] = field(default_factory=dict)

    @property
    def actors(self) -> tuple[str, ...]:
        """Actor ids, in file order."""
        return tuple(self.crisis.actors)

    def is_possible(self, point: Box) -> bool:
        """Whether a state is feasible."""
        return not any(test.value(point) for test in self.impossible)

    def find(self, reference: str) -> tuple[int, ...]:
        """Return the state of a name, a literal or ``today``. Raises NotSupportedError if there is none such."""
        try:
            levels = find_state(self.crisis, reference)
        except UnknownNameError:
            count = len(self.crisis.options)
            fix = f"{suggest(reference, [*self.crisis.states, 'today'])}, or write {count} levels joined by commas"
            raise NotSupportedError(f'unknown state "{reference}"; {fix}') from None
        if not self.is_possible(state_box(levels)):
            raise NotSupportedError(f'the state "{reference}" is impossible in this file')
        return state_box(levels)

    def blocks(self, actor: int) -> tuple[tuple[int, ...], ...]:
        """Return an actor's options in groups that no factor and no impossible condition links."""
        if actor not in self._blocks:
            linked = [factor.support for factor in (*self.wants[actor].factors, *self.impossible)]
            self._blocks[actor] = _linked(self.owned[actor], linked)
        return self._blocks[actor]


def total_states(crisis: Crisis) -> int:
    """Return the number of states, possible or not."""
    return prod(len(option.levels) for option in crisis.options.values())


def symbolic_model(crisis: Crisis) -> SymbolicModel:
    """Build the symbolic model of a crisis in option form, at the centres of its numbers.

    Cost: one closure a condition; rankings one entry a ranked state.
    """
    algebra = BoxAlgebra(crisis)
    options = tuple(crisis.options.values())
    full = tuple((1 << len(option.levels)) - 1 for option in options)
    owned = tuple(tuple(k for k, o in enumerate(options) if o.by == actor) for actor in crisis.actors)
    impossible = tuple(_test(item.that, algebra) for item in crisis.impossible)
    return SymbolicModel(
        crisis=crisis,
        full=full,
        owned=owned,
        impossible=impossible,
        forbidding=_by_option(impossible, len(full)),
        final=tuple(None if o.final is None else _test(o.final, algebra) for o in options),
        frozen=tuple(None if o.frozen is None else _test(o.frozen, algebra) for o in options),
        wants=tuple(_want(crisis.preferences.get(actor, ()), algebra, full) for actor in crisis.actors),
    )


def unranked(crisis: Crisis) -> dict[str, tuple[int, int]]:
    """Return, for each actor whose ranking leaves feasible states out, how many of how many. Small spaces only."""
    rankings = {a: p for a, p in crisis.preferences.items() if isinstance(p, RankingPreference)}
    if not rankings or total_states(crisis) > MOST_RANKED:
        return {}
    feasible = {state for state in _every_state(crisis) if is_feasible(crisis, state)}
    missing = {}
    for actor, preference in rankings.items():
        left = len(feasible - {find_state(crisis, name) for tied in preference.groups for name in tied})
        if left:
            missing[actor] = (left, len(feasible))
    return missing


def _every_state(crisis: Crisis) -> Iterator[Levels]:
    return product(*(range(len(option.levels)) for option in crisis.options.values()))


def _test(condition: Condition, algebra: BoxAlgebra) -> Factor:
    read = algebra.read(condition)
    bounds = ((0, 0), (0, 0), (1, 1), (0, 1))
    return Factor(tuple(sorted(algebra.support(condition))), lambda box: bounds[read(box)])


def _by_option(factors: tuple[Factor, ...], options: int) -> tuple[tuple[Factor, ...], ...]:
    return tuple(tuple(factor for factor in factors if option in factor.support) for option in range(options))


def _want(preference: Preference, algebra: BoxAlgebra, full: tuple[int, ...]) -> Want:
    if isinstance(preference, RankingPreference):
        return _ranking(preference, algebra.crisis)
    if isinstance(preference, OrderPreference):
        count = len(preference.order)
        weighed = [(said, 2 ** (count - 1 - j)) for j, said in enumerate(preference.order)]
        units = [(weighed, Fraction(1))]
    else:
        units = _in_units(preference)
        weighed = _one_sum([terms for terms, _ in units])
    factors = _joined(weighed, algebra, full)
    cardinal = not isinstance(preference, OrderPreference) and len(units) == 1
    return Want(cardinal, factors, _by_option(factors, len(full)), _points(units, algebra))


def _in_units(terms: tuple[Term, ...]) -> list[tuple[list[Weighed], Fraction]]:
    """Return terms with whole weights and the size of one unit: one list, or core and lesser terms apart."""
    tiers = ("core", "lesser") if any(term.tier for term in terms) else (None,)
    units = []
    for tier in tiers:
        group = [term for term in terms if term.tier == tier]
        worths = fixed_point([term.worth.centre for term in group])
        weighed = [(term.when, weight) for term, weight in zip(group, worths.integers, strict=True)]
        units.append((weighed, Fraction(worths.numerator, worths.denominator)))
    return units


def _one_sum(groups: list[list[Weighed]]) -> list[Weighed]:
    """Weigh every earlier group above all that later ones can add up to."""
    *earlier, last = groups
    if not earlier:
        return last
    above = 2 * sum(abs(weight) for _, weight in last) + 1
    return [(said, weight * above) for said, weight in earlier[0]] + last


def _points(units: list[tuple[list[Weighed], Fraction]], algebra: BoxAlgebra) -> Callable[[Box], float]:
    read = [([(algebra.read(said), weight) for said, weight in weighed], unit) for weighed, unit in units]

    def points(point: Box) -> float:
        total = 0.0
        for weighed, unit in read:
            whole = sum(weight for reading, weight in weighed if reading(point) == TRUE)
            total += float(whole) * float(unit.numerator) / float(unit.denominator)
        return total

    return points


def _joined(weighed: list[Weighed], algebra: BoxAlgebra, full: tuple[int, ...]) -> tuple[Factor, ...]:
    """Sum terms whose options lie within another's, so that bounds over boxes see how they go together."""
    rest = [(algebra.support(condition), algebra.read(condition), weight) for condition, weight in weighed]
    groups: list[tuple[frozenset[int], list[tuple[Reading, int]]]] = []
    for support, read, weight in sorted(rest, key=lambda each: (-len(each[0]), sorted(each[0]))):
        home = next((g for g in groups if support == g[0] or (support < g[0] and _is_small(g[0], full))), None)
        if home is None:
            groups.append((support, [(read, weight)]))
        else:
            home[1].append((read, weight))
    return tuple(_sum(support, terms) for support, terms in groups)


def _is_small(support: frozenset[int], full: tuple[int, ...]) -> bool:
    return prod(full[option].bit_count() for option in support) <= MOST_CELLS


def _sum(support: frozenset[int], terms: list[tuple[Reading, int]]) -> Factor:
    signed = [(read, (0, 0, weight, min(weight, 0)), (0, 0, weight, max(weight, 0))) for read, weight in terms]

    def rough(box: Box) -> tuple[int, int]:
        low = high = 0
        for read, least, largest in signed:
            truth = read(box)
            low += least[truth]
            high += largest[truth]
        return low, high

    return Factor(tuple(sorted(support)), rough)


def _ranking(preference: RankingPreference, crisis: Crisis) -> Want:
    """Read a ranking of a small space: the last of k ranks is worth 1, the first k, a state left out 0."""
    ranks = len(preference.groups)
    worth = {find_state(crisis, name): ranks - k for k, tied in enumerate(preference.groups) for name in tied}

    def rough(box: Box) -> tuple[int, int]:
        if any(mask.bit_count() > 1 for mask in box):
            return 0, ranks
        value = worth.get(state_levels(box), 0)
        return value, value

    factor = Factor(tuple(range(len(crisis.options))), rough)
    touching = _by_option((factor,), len(crisis.options))
    return Want(False, (factor,), touching, lambda point: float(factor.value(point)))


def _linked(options: tuple[int, ...], supports: list[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """Group options that share a support, each group and the groups in option order."""
    groups = {option: {option} for option in options}
    for support in supports:
        inside = [option for option in support if option in options]
        for option in inside[1:]:
            first, other = _group_of(groups, inside[0]), _group_of(groups, option)
            if first != other:
                groups[first] |= groups.pop(other)
    return tuple(sorted(tuple(sorted(group)) for group in groups.values()))


def _group_of(groups: dict[int, set[int]], option: int) -> int:
    return next(name for name, group in groups.items() if option in group)
