"""Stability where some states are of unknown preference to some actors: four readings, and all completions.

A state an actor does not rank is of unknown preference (U) against every other state. Who moves on, and who is
deterred, by the unknown (Li, Hipel, Kilgour and Fang, 2004):

* a: moves to the unknown, is not deterred by it;   b: does not move to it, is not deterred by it;
* c: moves to the unknown, is deterred by it;       d: does not move to it, is deterred by it.

In SEQ every opponent also takes steps to (and from) the unknown.

*Completions* are all ways to place the unranked states in the ranking, ties allowed. Nash, GMR and SMR of one actor
depend on its own order, and only through the set D(s) of states no better than s: a larger D leaves fewer
improvements and more sanctions. With s ranked, D is smallest with every unranked state above s and largest with
every one below; with s unranked, D is {s} with s at the very bottom and everything with s on top. So a state is
stable in every completion exactly if it is by reading a, in some completion exactly if by reading d; and since
every actor's order is completed by itself, the same goes for equilibria. For SEQ the opponents' steps depend on
their completions too: they are at least the certain improvements and at most these and the steps to or from the
unknown, which gives bounds (:attr:`Readings.sure`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .arc_numpy import LARGEST, Rows
from .concepts import CONCEPTS, Relation
from .game import ArcGame, Bools, Ints, Longs
from .listed import NEVER, greatest_in_rows, kept_rows, leaving, relation
from .progress import Monitor, Progress

READINGS = ("a", "b", "c", "d")
_MOVES_ON = (True, False, True, False)
_DETERRED = (False, False, True, True)


@dataclass(frozen=True, eq=False)
class Readings:
    """Verdicts under the four readings.

    Parameters
    ----------
    stable
        Bool, shape (4, 4, actors, states): readings a to d, then Nash, GMR, SMR, SEQ.
    sure
        Bool, shape (2, actors, states): SEQ under readings a and d if the opponents take certain improvements only.
    """

    stable: Bools
    sure: Bools


def readings(graph: ArcGame, known: Bools, *, common: bool, progress: Progress | None = None) -> Readings:
    """Judge every state for every actor under the four readings.

    Parameters
    ----------
    graph
        Listed moves; utilities of unranked states are ignored.
    known
        Bool, shape (actors, states): which states the actor ranks.
    common
        Whether opponents might undo an actor's move, as they can on general graphs and with merged states.
    progress
        Called with (done, total), counted in actors; raises to cancel.

    Notes
    -----
    At most eight closures an actor, four if it ranks every state: O(rounds x arcs) each.
    """
    monitor = Monitor(progress, graph.actors)
    found = Readings(
        np.zeros((len(READINGS), len(CONCEPTS), graph.actors, graph.states), dtype=np.bool_),
        np.zeros((2, graph.actors, graph.states), dtype=np.bool_),
    )
    steps = _Steps(graph, known, monitor)
    for actor in range(graph.actors):
        _Judge(graph, known[actor], steps, actor, common=common).judge(found)
        monitor.advance()
    return found


@dataclass(frozen=True, eq=False)
class _Kind:
    """Moves of one kind, and bool (actors, states): who has one from where."""

    relation: Relation
    leaves: Bools


class _Steps:
    """The opponents' moves of three kinds, over the states and a second copy of every unranked one.

    A copy has the moves of its state and the greatest value, and nothing leads to it: what is reached from it is
    what is reached from its state by at least one move.
    """

    def __init__(self, graph: ArcGame, known: Bools, monitor: Monitor) -> None:
        self.doubled = np.flatnonzero(~known.all(axis=0))
        certain, possible = [], []
        for actor in range(graph.actors):
            rows = (graph.indptr[actor], graph.indices[actor])
            better, unsure = arc_kinds(rows, graph.utilities[actor], known[actor])
            certain.append(kept_rows(rows, better))
            possible.append(kept_rows(rows, better | unsure))
        every = list(zip(graph.indptr, graph.indices, strict=True))
        self.any = self._kind(every, monitor)
        self.possible = self._kind(possible, monitor)
        self.certain = self._kind(certain, monitor) if self.doubled.size else self.possible

    def _kind(self, rows: list[Rows], monitor: Monitor) -> _Kind:
        leaves = np.stack([np.diff(pointer) > 0 for pointer, _ in rows])
        wide = [self._with_copies(*each) for each in rows]
        states = wide[0][0].size - 1
        nothing = np.zeros((len(rows), states), dtype=np.int32)
        graph = ArcGame(nothing, tuple(p for p, _ in wide), tuple(t for _, t in wide))
        return _Kind(relation(graph, monitor), leaves)

    def _with_copies(self, pointer: Longs, targets: Ints) -> Rows:
        starts, counts = pointer[self.doubled], np.diff(pointer)[self.doubled]
        ends = pointer[-1] + np.cumsum(counts)
        offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        copied = targets[np.repeat(starts, counts) + offsets]
        return np.concatenate([pointer, ends]), np.concatenate([targets, copied])

    def worst(self, moves: _Kind, actor: int, values: Ints, known: Bools) -> Ints:
        """Return the least value opponents reach from each state, by one move or more where the actor ranks it not."""
        wide = np.concatenate([values, np.full(self.doubled.size, LARGEST, dtype=np.int32)])
        answer = moves.relation.worst_answer(actor, wide, improving=False)
        found = answer[: values.size].copy()
        mine = ~known[self.doubled]
        found[self.doubled[mine]] = answer[values.size :][mine]
        return found


def arc_kinds(rows: Rows, utility: Ints, known: Bools) -> tuple[Bools, Bools]:
    """Return which arcs certainly improve, and which lead to or from an unranked state; shape (arcs,) each."""
    left, entered = leaving(rows), rows[1]
    sure = known[left] & known[entered]
    return sure & (utility[entered] > utility[left]), ~sure


class _Judge:
    """Verdicts of one actor."""

    def __init__(self, graph: ArcGame, known: Bools, steps: _Steps, actor: int, *, common: bool) -> None:
        self.actor, self.known, self.steps, self.common = actor, known, steps, common
        self.utility = graph.utilities[actor]
        rows = (graph.indptr[actor], graph.indices[actor])
        better, unsure = arc_kinds(rows, self.utility, known)
        self.moves = rows
        self.certain = kept_rows(rows, better)
        self.possible = kept_rows(rows, better | unsure)
        self.complete = bool(known.all())

    def judge(self, found: Readings) -> None:
        """Fill in this actor's verdicts."""
        me, steps = self.actor, self.steps
        for k in range(len(READINGS)):
            found.stable[k, 0, me] = np.diff(self._taken(k)[0]) == 0
        for concept, moves, escapes in ((1, steps.any, False), (2, steps.any, True), (3, steps.possible, False)):
            found.stable[:, concept, me] = self._sanctioned(moves, range(len(READINGS)), escapes=escapes)
        if steps.certain is steps.possible:
            found.sure[:, me] = found.stable[[0, 3], 3, me]
        else:
            found.sure[:, me] = self._sanctioned(steps.certain, (0, 3), escapes=False)

    def _taken(self, k: int) -> Rows:
        return self.possible if _MOVES_ON[k] else self.certain

    def _sanctioned(self, moves: _Kind, some: Iterable[int], *, escapes: bool) -> list[Bools]:
        """Judge by some readings, given the opponents' moves; ``escapes``: the actor may move on from a sanction."""
        answers: dict[bool, Ints] = {}
        found = []
        for k in some:
            deterred = _DETERRED[k] and not self.complete
            if deterred not in answers:
                answers[deterred] = self._answers(moves, deterred, escapes)
            stable = greatest_in_rows(self._taken(k), answers[deterred]) <= self.utility
            stable[~self.known] = self._from_unranked(k, moves, escapes)
            found.append(stable)
        return found

    def _answers(self, moves: _Kind, deterred: bool, escapes: bool) -> Ints:
        """Return, per target of a move, the worst it can lead to: NEVER where that is the unknown and deters."""
        values = np.where(self.known, self.utility, NEVER if deterred else LARGEST).astype(np.int32)
        if escapes:
            values = np.maximum(values, greatest_in_rows(self.moves, values))
        return self.steps.worst(moves, self.actor, values, self.known)

    def _from_unranked(self, k: int, moves: _Kind, escapes: bool) -> Bools:
        """Judge the unranked states: from there any answer leads to the unknown, save one that leads back."""
        states = np.flatnonzero(~self.known)
        stable = np.asarray(np.diff(self._taken(k)[0])[states] == 0)
        if stable.all():
            return stable
        if _DETERRED[k]:
            answered = np.delete(moves.leaves, self.actor, axis=0).any(axis=0)
            unanswered = greatest_in_rows(self.moves, np.asarray(~answered, dtype=np.int32))
            return np.asarray(unanswered[states] < 1)
        if self.common and not escapes:
            stable |= np.array([self._returns(int(state), moves) for state in states], dtype=np.bool_)
        return stable

    def _returns(self, state: int, moves: _Kind) -> bool:
        """Whether the opponents can lead back to a state from wherever the actor moves."""
        values = np.zeros(self.known.size, dtype=np.int32)
        values[state] = NEVER
        answer = self.steps.worst(moves, self.actor, values, np.ones_like(self.known))
        pointer, targets = self.moves
        return bool((answer[targets[pointer[state] : pointer[state + 1]]] == NEVER).all())
