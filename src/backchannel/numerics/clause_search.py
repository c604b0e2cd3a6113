"""Search for an assignment of yes/no variables that satisfies clauses which keep being added.

Conflict-driven clause learning: decide, propagate, and where a clause fails learn the clause that the failure
rests on and go back to where it would have spoken. Nothing is rounded: "none left" is a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Clause = list[int]

_DECAY = 1 / 0.95
_LARGEST_ACTIVITY = 1e100
_LESSONS = 2000
"""Learned clauses kept before the worse half is forgotten; the room then grows by a tenth."""
_RESTART = 100
"""Conflicts before the first restart; each further restart waits that many longer."""


def literal(variable: int, wanted: bool) -> int:
    """Return the literal that says a variable is true, or false: ``2 v`` or ``2 v + 1``; ``^ 1`` negates."""
    return 2 * variable + (not wanted)


class ClauseSearch:
    """Clauses over yes/no variables, and the search for an assignment that satisfies them all.

    Source: Marques-Silva and Sakallah (1999) on learning from conflicts; Moskewicz et al. (2001) on watching two
    literals of each clause and deciding by activity. Cost: exponential in the variables at worst; one step is
    linear in the clauses that watch a falsified literal.

    Parameters
    ----------
    prefer
        The value to try first for each variable; later the value it had last.
    """

    def __init__(self, prefer: Sequence[bool]) -> None:
        self._phase = list(prefer)
        size = len(self._phase)
        self._value = [0] * (2 * size)  # of a literal: 1 true, -1 false, 0 open
        self._watchers: list[list[Clause]] = [[] for _ in range(2 * size)]
        self._level = [0] * size
        self._reason: list[Clause | None] = [None] * size
        self._activity = [0.0] * size
        self._bump = 1.0
        self._trail: list[int] = []
        self._marks: list[int] = []  # length of the trail before each decision
        self._head = 0
        self._empty = False
        self._lessons: list[tuple[int, Clause]] = []  # with the number of decision levels each spans
        self._room = _LESSONS
        self.clauses = 0
        """Clauses added or learned."""

    def add(self, literals: Iterable[int]) -> None:
        """Add a clause: at least one of these literals must hold. An empty one leaves nothing to find."""
        self._undo(0)
        clause = [each for each in dict.fromkeys(literals) if self._value[each] != -1]
        if any(self._value[each] == 1 or each ^ 1 in clause for each in clause):
            return
        self.clauses += 1
        if not clause:
            self._empty = True
        elif len(clause) == 1:
            self._assign(clause[0], None)
        else:
            self._watch(clause)

    def solve(self, pulse: Callable[[], None] = lambda: None) -> list[bool] | None:
        """Return an assignment that satisfies every clause, or None if there is none.

        ``pulse`` is called at every conflict and decision and may raise to stop.
        """
        self._undo(0)
        self._forget()
        conflicts, patience = 0, _RESTART
        while not self._empty:
            pulse()
            failed = self._propagate()
            if failed is not None:
                conflicts += 1
                self._learn(failed)
            elif conflicts >= patience:
                conflicts, patience = 0, patience + _RESTART
                self._undo(0)
                self._forget()
            elif (variable := self._choose()) is None:
                return [self._value[2 * each] == 1 for each in range(len(self._phase))]
            else:
                self._marks.append(len(self._trail))
                self._assign(literal(variable, self._phase[variable]), None)
        return None

    def _watch(self, clause: Clause) -> None:
        self._watchers[clause[0]].append(clause)
        self._watchers[clause[1]].append(clause)

    def _assign(self, true: int, reason: Clause | None) -> None:
        self._value[true], self._value[true ^ 1] = 1, -1
        self._level[true >> 1] = len(self._marks)
        self._reason[true >> 1] = reason
        self._trail.append(true)

    def _undo(self, level: int) -> None:
        """Take back every assignment made after the decision of a level."""
        if len(self._marks) <= level:
            return
        kept = self._marks[level]
        for true in self._trail[kept:]:
            self._value[true] = self._value[true ^ 1] = 0
            self._phase[true >> 1] = not true & 1
        del self._trail[kept:], self._marks[level:]
        self._head = min(self._head, kept)

    def _propagate(self) -> Clause | None:
        """Assign what the clauses force; return one that fails, or None."""
        value, watchers = self._value, self._watchers
        while self._head < len(self._trail):
            false = self._trail[self._head] ^ 1
            self._head += 1
            watching = watchers[false]
            kept: list[Clause] = []
            watchers[false] = kept
            for place, clause in enumerate(watching):
                if clause[0] == false:
                    clause[0], clause[1] = clause[1], false
                first = clause[0]
                if value[first] != 1:
                    for k in range(2, len(clause)):
                        if value[clause[k]] != -1:
                            clause[1], clause[k] = clause[k], false
                            watchers[clause[1]].append(clause)
                            break
                    else:
                        kept.append(clause)
                        if value[first] == -1:
                            kept.extend(watching[place + 1 :])
                            return clause
                        self._assign(first, clause)
                    continue
                kept.append(clause)
        return None

    def _learn(self, failed: Clause) -> None:
        """Learn from a clause that fails and go back to where the lesson forces something."""
        if not self._marks:
            self._empty = True
            return
        lesson, level = self._lesson(failed)
        span = len({self._level[each >> 1] for each in lesson})
        self._undo(level)
        self.clauses += 1
        self._bump *= _DECAY
        if len(lesson) > 1:
            self._watch(lesson)
            self._lessons.append((span, lesson))
        self._assign(lesson[0], lesson if len(lesson) > 1 else None)

    def _forget(self) -> None:
        """Drop the learned clauses that span most levels; with no decision standing none of them is a reason."""
        if len(self._lessons) <= self._room:
            return
        self._lessons.sort(key=lambda each: each[0])
        dropped = {id(clause) for _, clause in self._lessons[len(self._lessons) // 2 :]}
        del self._lessons[len(self._lessons) // 2 :]
        self._watchers = [[c for c in watching if id(c) not in dropped] for watching in self._watchers]
        self._room += self._room // 10

    def _lesson(self, failed: Clause) -> tuple[Clause, int]:
        """Return the clause cut at the first unique implication point, and the level at which it speaks."""
        seen: set[int] = set()
        lesson, open_here, place, clause = [0], 0, len(self._trail), failed
        while True:
            for each in clause:
                variable = each >> 1
                if variable in seen or self._level[variable] == 0 or self._value[each] == 1:
                    continue
                seen.add(variable)
                self._excite(variable)
                if self._level[variable] == len(self._marks):
                    open_here += 1
                else:
                    lesson.append(each)
            place -= 1
            while self._trail[place] >> 1 not in seen:
                place -= 1
            true = self._trail[place]
            open_here -= 1
            if open_here == 0:
                break
            clause = self._reason[true >> 1] or []
        lesson[0] = true ^ 1
        if len(lesson) == 1:
            return lesson, 0
        latest = max(range(1, len(lesson)), key=lambda k: self._level[lesson[k] >> 1])
        lesson[1], lesson[latest] = lesson[latest], lesson[1]
        return lesson, self._level[lesson[1] >> 1]

    def _excite(self, variable: int) -> None:
        self._activity[variable] += self._bump
        if self._activity[variable] > _LARGEST_ACTIVITY:
            self._activity = [each / _LARGEST_ACTIVITY for each in self._activity]
            self._bump /= _LARGEST_ACTIVITY

    def _choose(self) -> int | None:
        """Return the open variable that was in most recent conflicts, the first of equals, or None."""
        best, highest = None, -1.0
        for variable, activity in enumerate(self._activity):
            if activity > highest and self._value[2 * variable] == 0:
                best, highest = variable, activity
        return best
