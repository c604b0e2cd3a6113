"""Stability of every state for a coalition: coalitional Nash, GMR, SMR and SEQ.

Coalition H leaves s for q when q is in R_H(s) and every member likes q better. For member i let w_i(q) be the least
u_i over q and all that the opponents of H reach from q (by moves for GMR, by their improvements for SEQ; for Nash
they stay). Then s is unstable for H exactly if some q in R_H(s) has w_i(q) > u_i(s) for every member i. *Proof.* q
goes unanswered if no k that is reached leaves some member no better off than at s. "Some k" and "some member" change
places: for every member the least u_i that is reached must lie above u_i(s). Since w_i(q) <= u_i(q), q is then an
improvement for all as well. So three of the concepts are one question, dominance of vectors over R_H(s).

SMR does not split: the same k must leave a member no better off *and* leave H no way to anything all members like
better than s. Most states are decided all the same: GMR unstable is SMR unstable, Nash stable is SMR stable, and so
is a state where every improvement has an answer k that pins down *one* member i, in that even the best u_i within
H's reach of k is no more than u_i(s); whether there is one is again dominance of vectors. For the rest, the
thresholds u_H(s) of 64 states at once are answered by three closures over the states.

Definitions: Kilgour, Hipel, Fang and Peng (2001); Inohara and Hipel (2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..errors import TooLargeError
from .arc_numpy import SMALLEST
from .coalition_moves import JointMoves, Parts, Table, Words
from .concepts import Concept
from .game import Bools, Ints
from .progress import Monitor

BITS = 64

MOST_PAIRS = 1 << 35
"""Pairs of states compared for one coalition whose moves are not reversible: some minutes."""

Vectors = Ints
"""A value per member and state: int32, shape (members, states)."""


class Coalition:
    """One coalition in a game, and what its verdicts share.

    Parameters
    ----------
    table
        The moves of the game.
    members
        The coalition; not empty.
    """

    def __init__(self, table: Table, members: Sequence[int]) -> None:
        others = [actor for actor in range(table.graph.actors) if actor not in members]
        self.members = tuple(members)
        self.own = JointMoves(table, members)
        self.opponents = JointMoves(table, others)
        self.utility: Vectors = table.graph.utilities[list(members)]
        self._monitor = table.monitor
        self._secured: dict[Concept, Vectors] = {}

    def secured(self, concept: Concept) -> Vectors:
        """Return w_i(q), what each member keeps of q whatever the opponents answer (Nash, GMR, SEQ)."""
        if concept == "nash":
            return self.utility
        if concept not in self._secured:
            kept = [self.opponents.least(own, improving=concept == "seq") for own in self.utility]
            self._secured[concept] = np.stack(kept)
        return self._secured[concept]

    def stable(self, concepts: Sequence[Concept]) -> dict[Concept, Bools]:
        """Return, per concept, which states are stable for the coalition; one advance of the monitor per concept.

        Where the members' moves are reversible, O(states x members x largest front of a component); else at most
        O(pairs of states in a component x members). SMR may cost more: see :meth:`escapes`.
        """
        asked: list[Concept] = [concept for concept in concepts if concept != "smr"]
        if self.opponents.idle:  # nobody answers: all concepts are Nash
            [left] = dominated(self.own, [self.utility], self.utility, self._monitor)
            found = dict.fromkeys(concepts, ~left)
        else:
            offers = [self.secured(concept) for concept in asked]
            if "smr" in concepts:
                offers += [self.secured("gmr"), np.minimum(self.pinned(), self.utility)]
            lefts = dominated(self.own, offers, self.utility, self._monitor)
            found = {concept: ~flags for concept, flags in zip(asked, lefts, strict=False)}
            if "smr" in concepts:
                found["smr"] = self._smr(~lefts[-2], lefts[-1] & ~lefts[-2])
        self._monitor.advance(len(concepts))
        return found

    def pinned(self) -> Vectors:
        """Return what member i keeps of q if the opponents may answer by leaving the coalition no way to more u_i."""
        best = [~self.own.least(~own, improving=False) for own in self.utility]
        return np.stack([self.opponents.least(most, improving=False) for most in best])

    def _smr(self, gmr: Bools, undecided: Bools) -> Bools:
        stable = gmr.copy()
        open_states = np.flatnonzero(undecided)
        thresholds, which = np.unique(self.utility[:, open_states], axis=1, return_inverse=True)
        which = which.reshape(-1)
        by_threshold = np.argsort(which, kind="stable")
        ends = np.searchsorted(which[by_threshold], np.arange(0, thresholds.shape[1] + BITS, BITS))
        for first, (start, end) in zip(range(0, thresholds.shape[1], BITS), pairwise(ends), strict=True):
            leaving = self.own.reaching(self.escapes(thresholds[:, first : first + BITS]))
            asking = by_threshold[start:end]
            bit = (which[asking] - first).astype(np.uint64)
            stable[open_states[asking]] = (leaving[open_states[asking]] >> bit) & np.uint64(1) == 0
            self._monitor.beat()
        return stable

    def escapes(self, thresholds: Vectors) -> Words:
        """Return, for up to 64 thresholds, the states above them that SMR finds no answer to.

        Bit l of a state: every member has more than threshold l there, and from wherever the opponents answer the
        coalition can get every member above it again. O(states) or O(rounds x moves), 64 thresholds at once.
        """
        above = self._above(thresholds)
        regained = above | self.own.reaching(above)
        held = ~regained
        return above & ~(held | self.opponents.reaching(held))

    def improvements(self, state: int) -> NDArray[np.intp]:
        """Return what the coalition reaches from a state and every member likes better than it, ascending."""
        better = (self.utility > self.utility[:, [state]]).all(axis=0)
        return np.flatnonzero(better & self.own.reached(state)) if better.any() else np.zeros(0, dtype=np.intp)

    def unanswered(self, concept: Concept, state: int, improvements: NDArray[np.intp]) -> Bools:
        """Return which of the improvements from a state nobody can answer, in the sense of the concept."""
        limits = self.utility[:, [state]]
        if concept == "smr":
            return np.asarray(self.escapes(limits)[improvements] & np.uint64(1), dtype=np.bool_)
        return np.asarray((self.secured(concept)[:, improvements] > limits).all(axis=0))

    def sanctions(self, concept: Concept, state: int) -> Bools:
        """Return where an answer to an improvement from a state must lead: some member is no better off than at it.

        For SMR the coalition moreover has no way from there to anything that all its members like better.
        """
        limits = self.utility[:, [state]]
        if concept == "smr":
            above = self._above(limits)
            return np.asarray(~(above | self.own.reaching(above)) & np.uint64(1), dtype=np.bool_)
        return np.asarray((self.utility <= limits).any(axis=0))

    def _above(self, thresholds: Vectors) -> Words:
        """Bit l of a state: every member has more than threshold l."""
        every = np.full(self.utility.shape[1], np.iinfo(np.uint64).max, dtype=np.uint64)
        for own, limits in zip(self.utility, thresholds, strict=True):
            order = np.argsort(limits, kind="stable")
            bits = np.uint64(1) << order.astype(np.uint64)
            below = np.concatenate([np.zeros(1, dtype=np.uint64), np.bitwise_or.accumulate(bits)])
            every &= below[np.searchsorted(limits[order], own, side="left")]
        return every


def dominated(own: JointMoves, offers: Sequence[Vectors], utility: Vectors, monitor: Monitor) -> list[Bools]:
    """Return, per offer, in which states a state that ``own`` reaches offers every member more than ``utility``.

    Raises TooLargeError where moves are irreversible and too many pairs of states would have to be compared.
    """
    in_parts = [_dominated_in_parts(own.parts, offer, utility, monitor) for offer in offers]
    return in_parts if own.reversible else _reached(own, offers, utility, in_parts, monitor)


def _dominated_in_parts(parts: Parts, offer: Vectors, utility: Vectors, monitor: Monitor) -> Bools:
    """Compare all states of a part with its front, one front point of every part at a time.

    The point with the greatest sum of ranks lies on the front; what it equals or exceeds everywhere is done with.
    """
    found = np.zeros(parts.label.size, dtype=np.bool_)
    alone = parts.sizes[parts.label] == 1
    bidding = np.lexsort((-_ranks(offer), parts.label))
    bidding = bidding[~alone[bidding]]
    asking = np.flatnonzero(~alone)
    best = np.empty((offer.shape[0], parts.start.size), dtype=np.int32)
    while bidding.size and asking.size:
        part = parts.label[bidding]
        first = np.flatnonzero(np.diff(part, prepend=-1))
        best[:] = SMALLEST
        best[:, part[first]] = offer[:, bidding[first]]
        beaten = _all_above(best, parts.label[asking], utility, asking)
        found[asking[beaten]] = True
        asking = asking[~beaten]
        bidding = bidding[np.any(offer[:, bidding] > best[:, part], axis=0)]
        monitor.beat()
    return found


def _reached(
    own: JointMoves, offers: Sequence[Vectors], utility: Vectors, in_parts: Sequence[Bools], monitor: Monitor
) -> list[Bools]:
    """Keep those of the states dominated within their part that reach a state by which they are dominated.

    The l-th best states of all parts are asked about at once, 64 places to a closure, until no state is open.
    """
    parts = own.parts
    if (pairs := int((parts.sizes**2).sum())) > MOST_PAIRS:
        raise TooLargeError(
            f"a coalition whose moves are not all reversible would have up to {pairs:,} pairs of states compared, and "
            f"the limit is {MOST_PAIRS:,}; ask for smaller coalitions"
        )
    found = [np.zeros(parts.label.size, dtype=np.bool_) for _ in offers]
    order = np.lexsort((-_ranks(utility), parts.label))
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size) - parts.start[parts.label[order]]
    for first in range(0, int(parts.sizes.max()), BITS):
        if not any((wanted & ~flags).any() for wanted, flags in zip(in_parts, found, strict=True)):
            break
        now = (place >= first) & (place < first + BITS)
        reached = own.reaching(np.where(now, np.uint64(1) << (place % BITS).astype(np.uint64), np.uint64(0)))
        for offer, wanted, flags in zip(offers, in_parts, found, strict=True):
            for bit in range(BITS):
                asking = np.flatnonzero((reached >> np.uint64(bit) & np.uint64(1)).astype(np.bool_) & wanted & ~flags)
                offered = order[parts.start[parts.label[asking]] + first + bit]
                flags[asking] = _all_above(offer, offered, utility, asking)
            monitor.beat()
    return found


def _ranks(values: Vectors) -> NDArray[np.intp]:
    """Sum, over the members, of the rank of their values: greater wherever one value is greater and none less."""
    return np.asarray(np.sum([np.unique(row, return_inverse=True)[1] for row in values], axis=0))


def _all_above(offer: Vectors, offered: NDArray[np.integer], utility: Vectors, asking: NDArray[np.intp]) -> Bools:
    """Return, per pair of a state offered and a state asking, whether every member is offered more."""
    above = np.ones(asking.size, dtype=np.bool_)
    for given, own in zip(offer, utility, strict=True):
        above &= given[offered] > own[asking]
    return above
