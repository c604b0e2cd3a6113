"""Monotone conditions on a set of elements: how many sets of each size meet them, and their shortest clauses.

A condition is a conjunction of clauses; a clause holds if the set contains one of its single elements or all of one
of its groups. Sets and groups are bit masks in Python integers, so any number of elements will do. Counting splits
a condition into parts that share no element, and branches only where it cannot (Darwiche, 2001, on counting by
decomposition; Valiant, 1979: the problem is #P-complete, hence the budget).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from math import comb
from operator import or_

from backchannel.errors import TooLargeError

BUDGET = 20_000
DEEPEST = 250
"""Conditions looked at, and decisions in a row, before counting gives up."""
WIDEST = 10
"""Atoms that share groups and are tried in every combination."""
MOST_PATTERNS = 4_096
"""Combinations of clauses met that are kept side by side."""


@dataclass(frozen=True)
class Clause:
    """At least one of these: an element of ``singles`` (a mask), or every element of one of ``groups`` (masks)."""

    singles: int
    groups: tuple[int, ...] = ()

    @property
    def support(self) -> int:
        """Mask of the elements mentioned."""
        return reduce(or_, self.groups, self.singles)


Condition = tuple[Clause, ...]
"""All of these clauses; the empty condition always holds, one with an empty clause never."""


def clause(groups: set[int]) -> Clause | None:
    """Make a clause of alternatives given as masks, without those that another implies; None if it always holds."""
    if 0 in groups:
        return None
    singles = reduce(or_, (group for group in groups if group & (group - 1) == 0), 0)
    larger = {group for group in groups if not group & singles}
    kept = _shortest(larger) if len({group.bit_count() for group in larger}) > 1 else larger
    return Clause(singles, tuple(sorted(kept)))


def simplified(clauses: list[Clause]) -> Condition:
    """Return the clauses without those that another one's alternatives make redundant, in a fixed order."""
    ordered = sorted(set(clauses), key=lambda item: (item.support.bit_count(), item.singles, item.groups))
    kept: list[Clause] = []
    for item in ordered:
        if not any(_implies(other, item) for other in kept):
            kept.append(item)
    return tuple(kept)


def _implies(first: Clause, second: Clause) -> bool:
    if first.singles & ~second.singles:
        return False
    groups = set(second.groups)
    return all(group in groups or group & second.singles for group in first.groups)


def prime_clauses(condition: Condition, most: int) -> tuple[int, ...] | None:
    """Return the prime clauses, each a mask of which one element is needed, shortest first; None if over ``most``.

    A monotone condition has exactly one such list: no clause can be shortened or left out.
    """
    found: set[int] = set()
    for item in condition:
        partial = {item.singles}
        for group in item.groups:
            partial = _shortest({mask | bit for mask in partial for bit in bits(group)})
            if len(partial) > most:
                return None
        found |= partial
    shortest = _shortest(found) if len(found) <= 4 * most else found
    return tuple(sorted(shortest, key=lambda mask: (mask.bit_count(), mask))) if len(shortest) <= most else None


def _shortest(masks: set[int]) -> set[int]:
    """Return the masks that contain no other one."""
    by_lowest: dict[int, list[int]] = {}
    kept = set()
    for mask in sorted(masks, key=lambda mask: (mask.bit_count(), mask)):
        if not any(other & mask == other for bit in bits(mask) for other in by_lowest.get(bit, ())):
            by_lowest.setdefault(mask & -mask, []).append(mask)
            kept.add(mask)
    return kept


def bits(mask: int) -> list[int]:
    """Return the single bits of a mask, lowest first."""
    found = []
    while mask:
        found.append(mask & -mask)
        mask &= mask - 1
    return found


def count_by_size(condition: Condition, elements: int) -> list[int]:
    """Return how many subsets of ``elements`` elements meet a condition, by size: a list of length elements + 1.

    Elements that occur only together in groups are counted as one. Cost: polynomial where clauses share no elements,
    or only whole groups; exponential at worst.

    Raises
    ------
    TooLargeError
        After looking at :data:`BUDGET` parts, or :data:`DEEPEST` decisions in a row.
    """
    atoms = _atoms(condition)
    position = {atom: 1 << k for k, atom in enumerate(atoms)}
    smaller = [
        clause({sum(bit for atom, bit in position.items() if atom & group) for group in _alternatives(item)})
        for item in condition
    ]
    widths = tuple(atom.bit_count() for atom in atoms)
    counts = _Counter(widths).count(simplified([item for item in smaller if item is not None]), 0)
    return _times(counts, _binomials(elements - len(counts) + 1))


def _atoms(condition: Condition) -> list[int]:
    """Split the elements mentioned into those that occur alone somewhere and those that occur only together."""
    single = reduce(or_, (item.singles for item in condition), 0)
    groups = {group for item in condition for group in item.groups}
    together = [reduce(or_, groups, 0) & ~single]
    for group in groups:
        together = [part for atom in together for part in (atom & group, atom & ~group) if part]
    return [*bits(single), *(atom for atom in together if atom)]


def _alternatives(item: Clause) -> list[int]:
    return [*bits(item.singles), *item.groups]


class _Counter:
    """Counts the models of a condition over the atoms it mentions, each condition once.

    Parameters
    ----------
    widths
        Number of elements of each atom; an atom is held if all of them are.
    """

    def __init__(self, widths: tuple[int, ...]) -> None:
        self._widths = widths
        self._known: dict[Condition, list[int]] = {}

    def count(self, condition: Condition, depth: int) -> list[int]:
        if condition not in self._known:
            if len(self._known) >= BUDGET or depth > DEEPEST:
                raise TooLargeError(
                    f"counting the sets that meet {len(condition):,} clauses took over {BUDGET:,} steps, "
                    f"or {DEEPEST} in a row; no exact count here"
                )
            self._known[condition] = self._count(condition, depth)
        return self._known[condition]

    def _width(self, mask: int) -> int:
        return sum(self._widths[bit.bit_length() - 1] for bit in bits(mask))

    def _count(self, condition: Condition, depth: int) -> list[int]:
        if not condition:
            return [1]
        size = self._width(_support(condition))
        if any(not item.singles and not item.groups for item in condition):
            return [0] * (size + 1)
        parts = _parts(condition)
        if len(parts) > 1:
            return reduce(_times, [self.count(part, depth + 1) for part in parts])
        if len(condition) == 1 and _disjoint(condition[0].groups):
            missed = [_not_all(self._width(group)) for group in _alternatives(condition[0])]
            return _minus(_binomials(size), reduce(_times, missed))
        clusters = _clusters(condition)
        if max(cluster.bit_count() for cluster in clusters) <= WIDEST and len(clusters) > 1:
            return self._sweep(condition, clusters)
        return self._branch(condition, size, depth)

    def _sweep(self, condition: Condition, clusters: list[int]) -> list[int]:
        """Go through clusters of overlapping groups, keeping counts by the clauses met so far.

        Single elements that serve one clause only come last, all those of a clause at once.
        """
        last = [0] * len(condition)
        counts = {0: [1]}
        for cluster in clusters:
            serves = [k for k, item in enumerate(condition) if item.support & cluster]
            if len(serves) == 1 and self._width(cluster) == 1:
                last[serves[0]] += 1
                continue
            outcomes = self._outcomes(condition, cluster)
            merged: dict[int, list[int]] = {}
            for met, number in counts.items():
                for more, choices in outcomes.items():
                    product = _times(number, choices)
                    both = met | more
                    merged[both] = _plus(merged[both], product) if both in merged else product
            if len(merged) > MOST_PATTERNS:
                raise TooLargeError(f"over {MOST_PATTERNS:,} ways to meet some of {len(condition):,} clauses")
            counts = merged
        total = [0] * (self._width(_support(condition)) + 1)
        for met, number in counts.items():
            unmet = [_not_none(width) for k, width in enumerate(last) if not met >> k & 1]
            spare = sum(width for k, width in enumerate(last) if met >> k & 1)
            total = _plus(total, reduce(_times, [*unmet, _binomials(spare)], number))
        return total

    def _outcomes(self, condition: Condition, cluster: int) -> dict[int, list[int]]:
        """Return, for the sets within one cluster, how many meet which clauses: counts by size."""
        inside = bits(cluster)
        local = [[group for group in _alternatives(item) if group & cluster] for item in condition]
        found: dict[int, list[int]] = {}
        for chosen in range(1 << len(inside)):
            held = sum(bit for k, bit in enumerate(inside) if chosen >> k & 1)
            met = sum(1 << k for k, groups in enumerate(local) if any(group & held == group for group in groups))
            weights = [[0] * self._width(bit) + [1] if bit & held else _not_all(self._width(bit)) for bit in inside]
            number = reduce(_times, weights)
            found[met] = _plus(found[met], number) if met in found else number
        return found

    def _branch(self, condition: Condition, size: int, depth: int) -> list[int]:
        atom = _commonest(condition)
        width = self._width(atom)
        total = [0] * (size + 1)
        for weight, held in (([0] * width + [1], True), (_not_all(width), False)):
            left = _assume(condition, atom, held)
            apart = size - width - self._width(_support(left))
            counted = _times(self.count(left, depth + 1), _binomials(apart))
            for k, value in enumerate(_times(weight, counted)):
                total[k] += value
        return total


def _support(condition: Condition) -> int:
    return reduce(or_, (item.support for item in condition), 0)


def _parts(condition: Condition) -> list[Condition]:
    """Split a condition into parts that share no element."""
    parts: list[tuple[int, list[Clause]]] = []
    for item in condition:
        mask, members = item.support, [item]
        apart = []
        for other_mask, others in parts:
            if other_mask & mask:
                mask |= other_mask
                members = [*others, *members]
            else:
                apart.append((other_mask, others))
        parts = [*apart, (mask, members)]
    return [simplified(members) for _, members in parts]


def _clusters(condition: Condition) -> list[int]:
    """Join atoms that share a group; return masks, those with groups first."""
    clusters: list[int] = []
    for group in sorted({group for item in condition for group in item.groups}):
        touching = [other for other in clusters if other & group]
        clusters = [*(other for other in clusters if not other & group), reduce(or_, touching, group)]
    grouped = reduce(or_, clusters, 0)
    return [*clusters, *bits(_support(condition) & ~grouped)]


def _disjoint(groups: tuple[int, ...]) -> bool:
    seen = 0
    for group in groups:
        if seen & group:
            return False
        seen |= group
    return True


def _commonest(condition: Condition) -> int:
    """Return the atom that occurs most often, as a mask."""
    seen: Counter[int] = Counter()
    for item in condition:
        seen.update(bits(item.singles))
        for group in item.groups:
            seen.update(bits(group))
    return max(seen, key=lambda bit: (seen[bit], -bit))


def _assume(condition: Condition, atom: int, held: bool) -> Condition:
    """Return what is left of a condition once an atom is decided."""
    left = []
    for old in condition:
        if held and old.singles & atom:
            continue
        groups = [group & ~atom for group in old.groups if held or not group & atom]
        new = clause({*bits(old.singles & ~atom), *groups})
        if new is not None:
            left.append(new)
    return simplified(left)


def _binomials(size: int) -> list[int]:
    return [comb(size, k) for k in range(size + 1)]


def _not_all(size: int) -> list[int]:
    """Count the subsets that leave something out, by size."""
    return [*_binomials(size)[:-1], 0]


def _not_none(size: int) -> list[int]:
    """Count the subsets that are not empty, by size."""
    return [0, *_binomials(size)[1:]]


def _plus(first: list[int], second: list[int]) -> list[int]:
    return [a + b for a, b in zip(first, second, strict=True)]


def _minus(total: list[int], part: list[int]) -> list[int]:
    padded = [*part, *[0] * (len(total) - len(part))]
    return [first - second for first, second in zip(total, padded, strict=True)]


def _times(first: list[int], second: list[int]) -> list[int]:
    """Multiply two lists as polynomials, exactly."""
    if len(second) > len(first):
        first, second = second, first
    product = [0] * (len(first) + len(second) - 1)
    for shift, factor in enumerate(second):
        if factor:
            for k, value in enumerate(first):
                product[shift + k] += factor * value
    return product
