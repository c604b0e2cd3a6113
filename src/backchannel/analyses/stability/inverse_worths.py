"""The smallest change of worths that makes a state an equilibrium: within the file's ranges, else beyond them.

Cost is the sum of absolute changes, each in shares of the input's own range (beyond the ranges: of the spread of the
actor's utilities over the possible states). Ties are no improvements. An opponent's step counts as an improvement
from a small margin on, since a strict inequality has no smallest change.

By SEQ the opponents' steps may change with their worths. The conditions are then added one at a time: whenever an
actor's move goes unanswered at the worths found, one of these must hold: the move, or a state the opponents reach,
is no better for the actor, or one of the opponents' moves that would lead further becomes an improvement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Literal as Choice

import numpy as np

from backchannel.analyses.contract import Context
from backchannel.analyses.stability.inverse_conditions import Graph, condition
from backchannel.errors import TooLargeError
from backchannel.model.compile import compile_model, tensor
from backchannel.model.model import Model
from backchannel.model.preferences import features, term_paths
from backchannel.numerics.concepts import Concept
from backchannel.numerics.game import Bools, Ints
from backchannel.numerics.least_change import TOLERANCE, Alternative, Box, Floats, Literal, least_change
from backchannel.numerics.monotone import bits
from backchannel.numerics.stability import all_stable
from backchannel.numerics.walks import leading_further, origins, reached
from backchannel.spec.number import Number, parse_number
from backchannel.spec.structure import Term

MOST_ROUNDS = 400
FARTHEST = 4
"""Beyond the ranges, a worth may move by this many times the sum of its actor's absolute worths."""
SLACK = 1e-6

Status = Choice["already", "within", "beyond", "none", "unsettled", "ordinal"]


@dataclass(frozen=True)
class Change:
    """One changed worth: its path, the actor, today's value, the value that would do, and the file's range."""

    path: str
    actor: str
    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True)
class Obstacle:
    """A condition that nothing within the ranges meets, shown by the alternative that comes nearest.

    Parameters
    ----------
    actor
        Who would have to like the state at least as well.
    row, gap
        As which possible state, and by how many points at least that state stays better.
    alternatives
        How many alternatives the condition has; all are out of range.
    """

    actor: str
    row: int
    gap: float
    alternatives: int


@dataclass(frozen=True)
class Remedy:
    """The smallest change of some actors' worths under which the state is stable for them (by SEQ: for everybody).

    Parameters
    ----------
    actors
        Whose worths may change.
    status
        ``already`` (no change needed), ``within`` the ranges, only ``beyond`` them, ``none`` even so, ``unsettled``
        (not found in time), ``ordinal`` (there are no worths to change).
    cost
        Sum of changes in shares of ranges (``within``) or of the actor's spread of utilities (``beyond``), else 0.
    changes
        The changed worths.
    obstacle
        Where nothing within the ranges will do: what stands in the way; None if no single condition does.
    margin
        Points from which an opponent's step counts as an improvement; 0 where none is needed.
    """

    actors: tuple[str, ...]
    status: Status
    cost: float = 0.0
    changes: tuple[Change, ...] = ()
    obstacle: Obstacle | None = None
    margin: float = 0.0


def remedies(graph: Graph, concept: Concept, state: int, free: Sequence[int], context: Context) -> tuple[Remedy, ...]:
    """Return the smallest changes: one for each free actor, or by SEQ one for all of them together.

    Every answer is checked by compiling the file with the new worths and judging the state again.
    """
    model = graph.model
    cardinal = [actor for actor in free if has_worths(model, actor)]
    groups = [cardinal] if concept == "seq" and cardinal else [[actor] for actor in cardinal]
    found = [Remedy((model.actors[actor],), "ordinal") for actor in free if actor not in cardinal]
    for done, group in enumerate(groups):
        context.progress(done, len(groups))
        found.append(_remedy(graph, concept, state, group, context))
    return tuple(found)


def has_worths(model: Model, actor: int) -> bool:
    """Whether an actor's utilities are sums of worths that a change can move."""
    terms = model.crisis.preferences.get(model.actors[actor], ())
    return model.utilities[actor].scale == "cardinal" and isinstance(terms, tuple) and len(terms) > 0


def _remedy(graph: Graph, concept: Concept, state: int, group: list[int], context: Context) -> Remedy:
    search = _Search(graph, concept, state, group, context)
    names = tuple(graph.model.actors[actor] for actor in group)
    if search.stable(graph.model):
        return Remedy(names, "already")
    obstacle = None
    try:
        for status in ("within", "beyond"):
            box = search.box(within=status == "within")
            worths = search.smallest(box)
            if worths is not None:
                changes = search.changes(worths)
                cost = float(box.price @ np.abs(worths - box.centre))
                return Remedy(names, status, cost, changes, obstacle, search.margin_used(concept))
            if status == "within":
                obstacle = search.obstacle(box)
    except TooLargeError:
        return Remedy(names, "unsettled", obstacle=obstacle)
    return Remedy(names, "none", obstacle=obstacle)


class _Search:
    """The smallest change for one group of actors whose worths may move together."""

    def __init__(self, graph: Graph, concept: Concept, state: int, group: list[int], context: Context) -> None:
        self.graph, self.concept, self.state, self.group, self.context = graph, concept, state, group, context
        model = graph.model
        self.concerned = range(graph.arcs.actors) if concept == "seq" else group
        self.terms = {actor: _terms(model, actor) for actor in group}
        self.start = dict(zip(group, np.cumsum([0, *(len(self.terms[a]) for a in group)]).tolist(), strict=False))
        self.width = sum(len(terms) for terms in self.terms.values())
        cells = np.arange(graph.arcs.states)
        algebra = tensor(model.crisis)
        self.features = {a: features(_raw(model, a), algebra, cells) for a in group}
        self.numbers = [number for actor in group for _, number in self.terms[actor]]
        self.margin = {actor: _margin(model, actor) for actor in group}
        self.clauses: list[frozenset[Alternative]] = []
        self.known: dict[tuple[int, bytes], Literal] = {}
        self.compared: dict[Literal, tuple[int, int]] = {}
        self.equal = self._merged()

    def box(self, *, within: bool) -> Box:
        """Return the bounds and prices: the file's ranges, or far beyond them."""
        centre = np.array([number.centre for number in self.numbers])
        if within:
            low = np.array([number.low for number in self.numbers])
            high = np.array([number.high for number in self.numbers])
            return Box(centre, low, high, 1 / np.where(high > low, high - low, 1.0))
        reach, price = np.zeros(self.width), np.zeros(self.width)
        for actor in self.group:
            span = slice(self.start[actor], self.start[actor] + len(self.terms[actor]))
            reach[span] = FARTHEST * max(float(np.abs(centre[span]).sum()), 1.0)
            price[span] = 1 / _spread(self.graph.model, actor)
        return Box(centre, centre - reach, centre + reach, price)

    def smallest(self, box: Box) -> Floats | None:
        """Return the worths of the smallest change under which everybody concerned is content, or None."""
        self.clauses = [] if self.concept == "seq" else self._fixed_clauses()
        slack = 0.0
        for done in range(MOST_ROUNDS):
            self.context.progress(done, MOST_ROUNDS)
            found = least_change(box, self.clauses, self.equal, slack)
            if found is None and slack:
                break
            if found is None:
                return None
            worths = _short(found, box)
            changed = self.changed(worths)
            if self.stable(changed):
                return worths
            new = [item for item in self._unanswered(changed) if item not in self.clauses]
            if not new and slack:
                break
            slack = slack if new else SLACK
            self.clauses += new
        raise TooLargeError(f"no smallest change settled in {MOST_ROUNDS} rounds")

    def changed(self, worths: Floats) -> Model:
        """Compile the file with other worths."""
        crisis = self.graph.model.crisis
        preferences = dict(crisis.preferences)
        for actor in self.group:
            name = self.graph.model.actors[actor]
            values = worths[self.start[actor] :].tolist()
            preferences[name] = tuple(
                term if value == term.worth.centre else term.model_copy(update={"worth": parse_number(_written(value))})
                for term, value in zip(_raw(self.graph.model, actor), values, strict=False)
            )
        return compile_model(crisis.model_copy(update={"preferences": preferences}))

    def stable(self, model: Model) -> bool:
        """Whether the state is stable for everybody concerned, by the forward engine."""
        return bool(all_stable(model.game, (self.concept,))[self.concept][list(self.concerned), self.state].all())

    def changes(self, worths: Floats) -> tuple[Change, ...]:
        """Return the worths that differ from the file's."""
        found = []
        for actor in self.group:
            name = self.graph.model.actors[actor]
            for k, (path, number) in enumerate(self.terms[actor]):
                after = float(worths[self.start[actor] + k])
                if after != number.centre:
                    found.append(Change(path, name, number.centre, after, number.low, number.high))
        return tuple(found)

    def obstacle(self, box: Box) -> Obstacle | None:
        """Return a condition that rules the state out within the bounds by itself, if there is one."""
        for item in self.clauses:
            gaps = {part: max((_gap(box, literal), literal) for literal in part) for part in item}
            shown = [worst for worst in gaps.values() if worst[1] in self.compared]
            if not shown or min(gaps.values())[0] <= TOLERANCE:
                continue
            gap, literal = min(shown)
            actor, cell = self.compared[literal]
            return Obstacle(self.graph.model.actors[actor], int(self.graph.place[cell]), gap, len(gaps))
        return None

    def margin_used(self, concept: Concept) -> float:
        """Return the margin from which a step counts as an improvement, where steps are looked at."""
        return max(self.margin.values()) if concept == "seq" else 0.0

    def _literal(self, actor: int, gradient: Floats, limit: float) -> Literal:
        row = np.zeros(self.width)
        row[self.start[actor] : self.start[actor] + gradient.size] = gradient
        return Literal(tuple(row.tolist()), limit)

    def _no_better(self, actor: int, cell: int) -> Literal:
        row = self.features[actor][cell]
        key = (actor, row.tobytes())
        if key not in self.known:
            self.known[key] = self._literal(actor, row - self.features[actor][self.state], 0.0)
        literal = self.known[key]
        self.compared.setdefault(literal, (actor, cell))
        return literal

    def _fixed_clauses(self) -> list[frozenset[Alternative]]:
        """Return the conditions of actors whose opponents' answers do not depend on worths."""
        found = []
        for actor in self.group:
            for item in condition(self.graph, self.concept, actor, self.state):
                parts = [*bits(item.singles), *item.groups]
                found.append(
                    frozenset(
                        frozenset(self._no_better(actor, cell) for cell in self.graph.cells(part)) for part in parts
                    )
                )
        return found

    def _unanswered(self, changed: Model) -> list[frozenset[Alternative]]:
        """Return a condition for each move that goes unanswered at the changed worths."""
        if self.concept != "seq":
            return []
        utilities = changed.game.utilities
        allowed = {
            actor: utilities[actor][self.graph.arcs.indices[actor]] > utilities[actor][origins(self.graph.arcs, actor)]
            for actor in range(self.graph.arcs.actors)
        }
        found = []
        for actor in self.concerned:
            own = utilities[actor]
            for move in self.graph.moves(actor, self.state):
                if own[move] > own[self.state]:
                    pairs = reached(self.graph.arcs, move, self.graph.opponents(actor), allowed)
                    if not (own[pairs.any(axis=0)] <= own[self.state]).any():
                        found.append(self._cut(actor, move, pairs, allowed, own))
        return found

    def _cut(self, actor: int, move: int, pairs: Bools, allowed: dict[int, Bools], own: Ints) -> frozenset[Alternative]:
        alternatives: set[Alternative] = set()
        if actor in self.group:
            within = np.flatnonzero(pairs.any(axis=0)).tolist()
            alternatives |= {frozenset([self._no_better(actor, cell)]) for cell in {move, *within}}
        movers = self.graph.opponents(actor)
        for mover in movers:
            if mover not in self.group:
                continue
            further = leading_further(self.graph.arcs, move, movers, pairs, mover) & ~allowed[mover]
            before, after = origins(self.graph.arcs, mover)[further], self.graph.arcs.indices[mover][further]
            gradients = np.unique(self.features[mover][before] - self.features[mover][after], axis=0)
            alternatives |= {frozenset([self._literal(mover, row, -self.margin[mover])]) for row in gradients}
        return frozenset(alternatives)

    def _merged(self) -> list[tuple[float, ...]]:
        """Return what must stay equal so that merged states are not told apart."""
        stands_for = self.graph.model.space.representative
        if stands_for is None:
            return []
        found = set()
        for actor in self.group:
            rows = self.features[actor]
            for row in np.unique(rows - rows[stands_for], axis=0):
                if row.any():
                    found.add(self._literal(actor, row, 0.0).gradient)
        return sorted(found)


def _gap(box: Box, literal: Literal) -> float:
    return box.least(np.array(literal.gradient)) - literal.limit


def _raw(model: Model, actor: int) -> tuple[Term, ...]:
    terms = model.crisis.preferences[model.actors[actor]]
    assert isinstance(terms, tuple)
    return terms


def _terms(model: Model, actor: int) -> list[tuple[str, Number]]:
    raw = _raw(model, actor)
    return [(path, term.worth) for path, term in zip(term_paths(model.actors[actor], raw), raw, strict=True)]


def _spread(model: Model, actor: int) -> float:
    points = model.utilities[actor].points[model.space.cells]
    return float(points.max() - points.min()) or 1.0


def _margin(model: Model, actor: int) -> float:
    """Return a thousandth of an actor's spread of utilities, cut to a power of ten."""
    return float(10.0 ** floor(log10(_spread(model, actor)) - 3))


def _short(worths: Floats, box: Box) -> Floats:
    """Write worths with as few decimals as leave them what they are."""
    for digits in range(10):
        rounded = np.clip(np.round(worths, digits), box.low, box.high)
        if np.allclose(rounded, worths, rtol=0, atol=1e-7):
            return np.asarray(rounded)
    return np.asarray(np.clip(np.round(worths, 9), box.low, box.high))


def _written(value: float) -> str:
    """Write a worth as the file does: no exponent."""
    text = f"{value:.9f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
