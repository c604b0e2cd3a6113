"""Counting orders of states exactly: strict (permutations) and weak (with ties, ordered set partitions).

Two facts carry everything. Whether a state is stable for an actor depends on its order only through the set D of
states it likes no better than that state. And what its opponents' stability takes from its order are the lists of
improvements at some states. Elements that matter to neither enter by a factor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import factorial

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import TooLargeError

Longs = NDArray[np.int64]

MOST_STRICT = 16
MOST_WEAK = 11
"""Elements besides the pivot whose orders are summed set by set: 2^n sets, or 3^n pairs of sets with ties."""
MOST_ENTRIES = 4_000_000
BLOCK_BITS = 5
MOST_BITS = 62 - BLOCK_BITS


@lru_cache(maxsize=4)
def fubini(largest: int) -> tuple[int, ...]:
    """Return the numbers of weak orders of 0 to ``largest`` elements (ordered Bell numbers). O(largest^2)."""
    numbers, row = [1], [1]
    for _ in range(largest):
        row = [1, *(first + second for first, second in pairwise(row)), 1]
        numbers.append(sum(ways * number for ways, number in zip(row[1:], reversed(numbers), strict=True)))
    return tuple(numbers)


def all_orders(size: int, ties: bool) -> int:
    """Return the number of strict, or of weak, orders of so many elements."""
    return fubini(size)[size] if ties else factorial(size)


def orders_by_size(by_size: Sequence[int], size: int, ties: bool) -> int:
    """Count the orders whose set D of elements no better than a pivot is admissible.

    Parameters
    ----------
    by_size
        Number of admissible sets without the pivot, by their size: length ``size``.
    size
        Number of elements, the pivot included.
    ties
        Count weak orders instead of strict ones.
    """
    if not ties:
        return sum(n * factorial(k) * factorial(size - 1 - k) for k, n in enumerate(by_size) if n)
    weak = fubini(size)
    # The pivot's own tie takes any part of the k elements of D: that doubles their weak orders, unless there are none.
    return sum(n * (2 * weak[k] if k else 1) * weak[size - 1 - k] for k, n in enumerate(by_size) if n)


def extensions(blocks: int, more: int) -> int:
    """Count the ways to insert so many elements into a weak order of ``blocks`` ties."""
    ways = {blocks: 1}
    for _ in range(more):
        grown: dict[int, int] = {}
        for count, number in ways.items():
            grown[count] = grown.get(count, 0) + number * count
            grown[count + 1] = grown.get(count + 1, 0) + number * (count + 1)
        ways = grown
    return sum(ways.values())


@dataclass(frozen=True, eq=False)
class Profiles:
    """Orders of some elements and a pivot, counted by what matters of them.

    Parameters
    ----------
    below
        int64, shape (entries,): mask of the elements no better than the pivot.
    code
        int64, shape (entries,): the lists of strictly better targets, packed source by source.
    blocks
        int64, shape (entries,): number of ties (of single elements, if orders are strict).
    number
        int64, shape (entries,): how many orders.
    offset, targets
        Per source: where its list starts in the code, and its targets in the order of its bits.
    """

    below: Longs
    code: Longs
    blocks: Longs
    number: Longs
    offset: tuple[int, ...]
    targets: tuple[tuple[int, ...], ...]

    def lists(self, code: int) -> tuple[tuple[int, ...], ...]:
        """Return, per source, the targets that a code says are strictly better."""
        return tuple(
            tuple(target for k, target in enumerate(targets) if code >> (offset + k) & 1)
            for offset, targets in zip(self.offset, self.targets, strict=True)
        )


def profiles(
    elements: int, sources: Sequence[tuple[int, tuple[int, ...]]], ties: bool, *, by_blocks: bool = True
) -> Profiles:
    """Count all orders of ``elements`` elements and a pivot by D and by the lists of better targets.

    Parameters
    ----------
    elements
        Number of elements besides the pivot; they are 0 to elements - 1 and the pivot is ``elements``.
    sources
        (element, its targets): whose better targets matter.
    ties
        Count weak orders.
    by_blocks
        Tell orders apart by their number of ties; without, ``blocks`` is 0 throughout.

    Notes
    -----
    Below and above the pivot, orders are summed over the sets already placed (a down-set sum): 2^n sets and n steps
    each, or 3^n steps with ties, times the number of distinct lists. Given D, the two halves are independent.

    Raises
    ------
    TooLargeError
        Beyond :data:`MOST_STRICT` or :data:`MOST_WEAK` elements, or when distinct lists are too many.
    """
    most = MOST_WEAK if ties else MOST_STRICT
    if elements > most:
        raise TooLargeError(
            f"{elements + 1} states matter together in one actor's order; exact counting stops at {most + 1}"
        )
    shifts = _Shifts(elements, sources, one=int(by_blocks))
    above = _halves(elements, shifts, ties, upward=False)
    below = _halves(elements, shifts, ties, upward=True)
    tied = _by_set(shifts.without_pivot, shifts.one, ties)
    everything = (1 << elements) - 1
    found: list[tuple[int, Longs, Longs]] = []
    entries = 0
    for lower in range(1 << elements):
        upper = everything ^ lower
        own = int(shifts.without_pivot[-1, upper]) + (0 if ties else shifts.one)
        with_pivot = _with_pivot(below, lower, tied[upper], own, ties)
        keys, numbers = _product(with_pivot, above[upper])
        entries += keys.size
        _check_entries(entries)
        found.append((lower, keys, numbers))
    keys = np.concatenate([item[1] for item in found])
    return Profiles(
        below=np.repeat(np.arange(len(found)), [item[1].size for item in found]),
        code=keys >> BLOCK_BITS,
        blocks=keys & ((1 << BLOCK_BITS) - 1),
        number=np.concatenate([item[2] for item in found]),
        offset=tuple(shifts.offset),
        targets=tuple(targets for _, targets in sources),
    )


Tally = tuple[Longs, Longs]
"""Sorted keys (code and number of blocks) and how many orders have each."""


class _Shifts:
    """What placing an element adds to the key, by the set of elements that end up strictly above it.

    Parameters
    ----------
    elements, sources
        As for :func:`profiles`.
    one
        What a block adds to the key: 1, or 0 where blocks are not counted.
    """

    def __init__(self, elements: int, sources: Sequence[tuple[int, tuple[int, ...]]], one: int) -> None:
        self.one = one
        sets = np.arange(1 << elements, dtype=np.int64)
        self.without_pivot = np.zeros((elements + 1, 1 << elements), dtype=np.int64)
        self.with_pivot = np.zeros((elements + 1, 1 << elements), dtype=np.int64)
        self.offset: list[int] = []
        offset = 0
        for source, targets in sources:
            self.offset.append(offset)
            for k, target in enumerate(targets):
                if offset + k >= MOST_BITS:
                    raise TooLargeError(f"over {MOST_BITS} comparisons matter together in one actor's order")
                bit = np.int64(1) << np.int64(offset + k + BLOCK_BITS)
                if target == elements:
                    self.with_pivot[source] += bit
                else:
                    inside = (sets >> target & 1) * bit
                    self.without_pivot[source] += inside
                    self.with_pivot[source] += inside
            offset += len(targets)


def _by_set(table: Longs, one: int, ties: bool) -> Longs:
    """Return what placing a whole block adds, shape (sets strictly above, blocks); single elements without ties."""
    elements = table.shape[0] - 1
    added = np.zeros((1 << elements, (1 << elements) if ties else 0), dtype=np.int64)
    for block in range(1, added.shape[1]):
        lowest = (block & -block).bit_length() - 1
        added[:, block] = added[:, block & (block - 1)] + table[lowest]
    return np.asarray(added + one if ties else (table[:-1] + one).T)


def _halves(elements: int, shifts: _Shifts, ties: bool, *, upward: bool) -> list[Tally]:
    """Return, for each set of elements, the tally of its orders as the part below or above the pivot.

    Upward, sets grow from the worst element and the pivot is above them; downward they grow from the best.
    """
    everything = (1 << elements) - 1
    added = _by_set(shifts.with_pivot if upward else shifts.without_pivot, shifts.one, ties)
    halves: list[Tally] = [(np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64))]
    entries = 0
    for whole in range(1, 1 << elements):
        parts = []
        for block in _blocks(whole, ties):
            before = whole ^ block
            keys, numbers = halves[before]
            place = block if ties else block.bit_length() - 1
            parts.append((keys + added[everything ^ whole if upward else before, place], numbers))
        halves.append(_merge(parts))
        entries += halves[-1][0].size
        _check_entries(entries)
    return halves


def _with_pivot(below: list[Tally], lower: int, added: Longs, own: int, ties: bool) -> Tally:
    """Return the tally of the part up to the pivot's tie, when D is the set ``lower``.

    ``added`` is what a block tied with the pivot adds under the set above it, ``own`` what the pivot itself adds.
    """
    parts = [(below[lower][0] + own + added[0] if ties else below[lower][0] + own, below[lower][1])]
    for tied in _blocks(lower, True) if ties else ():
        keys, numbers = below[lower ^ tied]
        parts.append((keys + (own + added[tied]), numbers))
    return _merge(parts)


def _blocks(whole: int, ties: bool) -> Iterator[int]:
    """Yield the non-empty subsets of a set, or only its single elements."""
    if ties:
        part = whole
        while part:
            yield part
            part = (part - 1) & whole
        return
    part = whole
    while part:
        yield part & -part
        part &= part - 1


def _merge(parts: list[Tally]) -> Tally:
    if len(parts) == 1:
        return parts[0]
    keys = np.concatenate([keys for keys, _ in parts])
    numbers = np.concatenate([numbers for _, numbers in parts])
    order = np.argsort(keys, kind="stable")
    keys, numbers = keys[order], numbers[order]
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[first], np.add.reduceat(numbers, first)


def _product(lower: Tally, upper: Tally) -> Tally:
    """Join two independent parts of an order: codes and blocks add, numbers multiply."""
    keys = (lower[0][:, None] + upper[0]).ravel()
    return _merge([(keys, (lower[1][:, None] * upper[1]).ravel()), (keys[:0], lower[1][:0])])


def _check_entries(entries: int) -> None:
    if entries > MOST_ENTRIES:
        raise TooLargeError(f"over {MOST_ENTRIES:,} different sets of improvements in one actor's order")


def decimal_text(number: int) -> str:
    """Write a whole number of any length (Python itself refuses to write more than 4,300 digits)."""
    step = 10**4000
    parts = []
    while number >= step:
        number, rest = divmod(number, step)
        parts.append(f"{rest:04000d}")
    return "".join([str(number), *reversed(parts)])
