"""Seeded random crises in format 1, each with the brute-force graph it must mean.

Conditions are made as small trees; one function prints a tree in the file's language and another evaluates
it, so the graph never depends on the project's own parser. Worths are whole numbers: sums and ties are exact.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import yaml
from hypothesis import strategies as st

from brute_force import Graph, Levels, State, option_form

KINDS = ("plain", "ranking", "ties", "terms", "order", "levels", "locked", "mixed", "graph")
"""plain: yes/no, all feasible, strict rankings, no locks. graph: general graph. The rest vary everything, all
preferences being of the named form (``levels``, ``locked``: mostly such options)."""

MOST_CELLS = 144
"""Largest number of level combinations, so that the oracle answers in a moment."""

_ACTORS = ("north", "south", "east", "west", "island")
_OPTIONS = ("sign", "march", "open_port", "embargo", "mediate", "arm2", "notify", "order", "android")
_LEVELS = (["no", "yes"], ["low", "mid", "high"], ["no", "partly", "yes"], ["shut", "ajar", "open", "wide"])
_WHY = "made by the test generator"

Tree = tuple[Any, ...]
"""("yes", id) | ("is", id, level) | ("least", id, level) | ("name", id) | ("not", t) | ("and", t, t, ...)
| ("or", t, t, ...) | ("then", t, t) | ("iff", t, t); a level is its position."""


@dataclass(frozen=True)
class RandomCrisis:
    """A crisis as the dict its YAML would give, and what it means."""

    data: dict[str, Any]
    graph: Graph
    literal: Callable[[State], str]
    today: State | None
    """The state of the options' ``today``; None for a general graph."""

    @property
    def text(self) -> str:
        """The crisis as YAML text."""
        return str(yaml.safe_dump(self.data, sort_keys=False, allow_unicode=True, width=110))


@dataclass(frozen=True)
class Option:
    name: str
    owner: str
    levels: list[str]


class Conditions:
    """Makes, prints and evaluates conditions over some options."""

    def __init__(self, rng: random.Random, options: list[Option]) -> None:
        self.rng = rng
        self.options = options
        self.position = {option.name: k for k, option in enumerate(options)}
        self.defines: dict[str, Tree] = {}

    def literal(self, state: Any) -> str:
        return ",".join(option.levels[level] for option, level in zip(self.options, state, strict=True))

    def random(self, depth: int = 2) -> Tree:
        kind = self.rng.choice(("leaf", "leaf", "not", "and", "or", "and", "or", "then", "iff"))
        if depth == 0 or kind == "leaf":
            return self.leaf()
        if kind == "not":
            return ("not", self.random(depth - 1))
        count = self.rng.choice((2, 2, 3)) if kind in {"and", "or"} else 2
        return (kind, *(self.random(depth - 1) for _ in range(count)))

    def leaf(self) -> Tree:
        if self.defines and self.rng.random() < 0.2:
            return ("name", self.rng.choice(list(self.defines)))
        option = self.rng.choice(self.options)
        if option.levels == ["no", "yes"] and self.rng.random() < 0.8:
            return ("yes", option.name)
        return (self.rng.choice(("is", "least")), option.name, self.rng.randrange(len(option.levels)))

    def holds(self, tree: Tree, state: Levels) -> bool:
        kind, *parts = tree
        if kind == "name":
            return self.holds(self.defines[parts[0]], state)
        if kind in {"yes", "is", "least"}:
            level, wanted = state[self.position[parts[0]]], 1 if kind == "yes" else parts[1]
            return level >= wanted if kind == "least" else level == wanted
        values = [self.holds(part, state) for part in parts]
        return {
            "not": not values[0],
            "and": all(values),
            "or": any(values),
            "then": not values[0] or values[-1],
            "iff": values[0] == values[-1],
        }[kind]

    def text(self, tree: Tree) -> str:
        """Print a tree; parentheses only where ``not`` before ``and`` before ``or`` leaves a doubt."""
        kind, *parts = tree
        if kind in {"yes", "name"}:
            return str(parts[0])
        if kind in {"is", "least"}:
            level = self.options[self.position[parts[0]]].levels[parts[1]]
            return f"{parts[0]} {'=' if kind == 'is' else '>='} {level}"
        if kind == "not":
            return f"not {self._inside(parts[0], 'not')}"
        joint = {"and": " and ", "or": " or ", "then": " -> ", "iff": " iff "}[kind]
        return joint.join(self._inside(part, kind) for part in parts)

    def _inside(self, tree: Tree, outer: str) -> str:
        tightness = {"or": 1, "and": 2, "not": 3}
        inner = {"then": 0, "iff": 0}.get(tree[0], tightness.get(tree[0], 4))
        bare = inner > tightness.get(outer, 1) or (inner == tightness.get(outer) and outer == "not")
        return self.text(tree) if bare else f"({self.text(tree)})"


def random_crisis(seed: int, kind: str = "mixed") -> RandomCrisis:
    """The crisis of a seed: the same dict every time, for every Python."""
    rng = random.Random(f"{kind}:{seed}")
    if kind == "graph":
        return _general_graph(rng)
    while True:
        crisis = _option_crisis(rng, kind)
        if crisis is not None:
            return crisis


def crises(kind: str | None = None) -> st.SearchStrategy[RandomCrisis]:
    """Hypothesis strategy; a failing example is named by its seed and kind."""
    kinds = st.sampled_from(KINDS) if kind is None else st.just(kind)
    return st.builds(random_crisis, st.integers(0, 2**32 - 1), kinds)


def _option_crisis(rng: random.Random, kind: str) -> RandomCrisis | None:
    """One try; None when too few states are feasible."""
    actors = list(_ACTORS[: rng.randint(2, 5)])
    rng.shuffle(actors)
    options = _options(rng, kind, actors)
    conditions = Conditions(rng, options)
    if kind != "plain" and rng.random() < 0.4:
        conditions.defines = {"in_force": conditions.random()}
    impossible = [] if kind == "plain" else [conditions.random() for _ in range(rng.choice((0, 1, 1, 2)))]
    locks = {"final": {}, "frozen": {}} if kind == "plain" else _locks(rng, kind, conditions)

    def feasible(state: Levels) -> bool:
        return not any(conditions.holds(tree, state) for tree in impossible)

    tests = {lock: {name: _test(conditions, tree) for name, tree in trees.items()} for lock, trees in locks.items()}
    states, moves = option_form(
        [(option.name, option.owner, len(option.levels)) for option in options],
        feasible,
        tests["final"],
        tests["frozen"],
        actors,
    )
    if len(states) < 3:
        return None

    today: Any = rng.choice(states)
    preferences, worth = _preferences(rng, kind, actors, states, conditions)
    data: dict[str, Any] = {"crisis": 1, "title": f"Random crisis, {kind}", "actors": {a: {} for a in actors}}
    data["options"] = {
        option.name: _option_entry(option, level, locks, conditions)
        for option, level in zip(options, today, strict=True)
    }
    if conditions.defines:
        data["defines"] = {name: conditions.text(tree) for name, tree in conditions.defines.items()}
    if impossible:
        texts = [conditions.text(tree) for tree in impossible]
        data["impossible"] = [text if rng.random() < 0.5 else {"that": text, "why": _WHY} for text in texts]
    data["preferences"] = preferences
    return RandomCrisis(data, Graph(states, moves, worth), conditions.literal, today)


def _test(conditions: Conditions, tree: Tree | bool) -> Callable[[Levels], bool]:
    return lambda state: tree is True or (tree is not False and conditions.holds(tree, state))


def _options(rng: random.Random, kind: str, actors: list[str]) -> list[Option]:
    """2-7 options, their owners interleaved; an actor may own none."""
    names = rng.sample(_OPTIONS, rng.randint(2, 7))
    levels = []
    for _ in names:
        many = kind != "plain" and rng.random() < (0.7 if kind == "levels" else 0.2)
        levels.append(rng.choice(_LEVELS[1:]) if many else _LEVELS[0])
    while prod(len(names) for names in levels) > MOST_CELLS:
        levels.pop()
    return [Option(name, rng.choice(actors), list(names)) for name, names in zip(names, levels, strict=False)]


def _locks(rng: random.Random, kind: str, conditions: Conditions) -> dict[str, dict[str, Tree | bool]]:
    """``final`` is always, or while a condition on any options holds; ``frozen`` a condition."""
    share = 0.6 if kind == "locked" else 0.2
    final: dict[str, Tree | bool] = {}
    frozen: dict[str, Tree | bool] = {}
    for option in conditions.options:
        if rng.random() < share:
            final[option.name] = rng.choice((True, True, False, conditions.random(1), conditions.random(1)))
        if rng.random() < share / 2:
            frozen[option.name] = rng.choice((False, conditions.random(1), conditions.random(1)))
    return {"final": final, "frozen": frozen}


def _option_entry(
    option: Option, today: int, locks: dict[str, dict[str, Tree | bool]], conditions: Conditions
) -> dict[str, Any]:
    entry: dict[str, Any] = {"by": option.owner}
    if option.levels != ["no", "yes"]:
        entry["levels"] = option.levels
    if today > 0:
        entry["today"] = option.levels[today]
    for lock, trees in locks.items():
        if option.name in trees:
            tree = trees[option.name]
            entry[lock] = tree if isinstance(tree, bool) else conditions.text(tree)
    return entry


def _preferences(
    rng: random.Random,
    kind: str,
    actors: list[str],
    states: list[Any],
    conditions: Conditions,
) -> tuple[dict[str, Any], dict[Any, dict[State, float]]]:
    written: dict[str, Any] = {}
    worth: dict[Any, dict[State, float]] = {}
    fixed = {"plain": "ranking"}.get(kind, kind)
    for actor in actors:
        forms = ("ranking", "ties", "terms", "order")
        form = fixed if fixed in forms else rng.choice(forms)
        if form == "terms":
            written[actor], worth[actor] = _terms(rng, states, conditions)
        elif form == "order":
            written[actor], worth[actor] = _order(rng, states, conditions)
        else:
            written[actor], worth[actor] = _ranking(rng, states, conditions.literal, ties=form == "ties")
    return written, worth


def _ranking(
    rng: random.Random, states: list[Any], literal: Callable[[Any], str], ties: bool
) -> tuple[dict[str, Any], dict[State, float]]:
    order = rng.sample(states, len(states))
    groups = [[order[0]]]
    for state in order[1:]:
        if ties and rng.random() < 0.4:
            groups[-1].append(state)
        else:
            groups.append([state])
    worth = {state: -float(place) for place, group in enumerate(groups) for state in group}
    entries = [literal(group[0]) if len(group) == 1 else [literal(s) for s in group] for group in groups]
    return {"ranking": entries, "why": _WHY}, worth


def _terms(
    rng: random.Random, states: list[Any], conditions: Conditions
) -> tuple[list[dict[str, Any]], dict[State, float]]:
    """Additive worths, some with bounds around the centre; small whole numbers, so ties occur."""
    trees = [conditions.random() for _ in range(rng.randint(2, 7))]
    worths = [rng.choice((-9, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 9)) for _ in trees]
    terms = []
    for number, (tree, amount) in enumerate(zip(trees, worths, strict=True)):
        bounded = rng.random() < 0.2
        written = f"{amount} in {amount - rng.randint(1, 3)}..{amount + rng.randint(1, 3)}" if bounded else amount
        terms.append({"id": f"term{number}", "when": conditions.text(tree), "worth": written, "why": _WHY})
    worth = {
        state: float(sum(w for tree, w in zip(trees, worths, strict=True) if conditions.holds(tree, state)))
        for state in states
    }
    return terms, worth


def _order(rng: random.Random, states: list[Any], conditions: Conditions) -> tuple[dict[str, Any], dict[State, float]]:
    """Conditions, most important first: the first on which two states differ decides between them."""
    trees = [conditions.random() for _ in range(rng.randint(1, 6))]
    truths = {state: tuple(conditions.holds(tree, state) for tree in trees) for state in states}
    places = {truth: float(place) for place, truth in enumerate(sorted(set(truths.values())))}
    worth: dict[State, float] = {state: places[truth] for state, truth in truths.items()}
    return {"order": [conditions.text(tree) for tree in trees], "why": _WHY}, worth


def _general_graph(rng: random.Random) -> RandomCrisis:
    """Arbitrary arcs: common moves, one-way moves, states without a way out, actors who never move."""
    actors = list(_ACTORS[: rng.randint(2, 5)])
    rng.shuffle(actors)
    names = [f"s{number}" for number in range(rng.randint(3, 9))]
    rng.shuffle(names)
    density = rng.uniform(0.05, 0.4)
    arcs = [
        [actor, old, new]
        for actor, old, new in itertools.product(actors, names, names)
        if old != new and rng.random() < density
    ]
    if not arcs:
        arcs = [[actors[0], names[0], names[1]]]
    moves: dict[Any, dict[State, set[State]]] = {a: {name: set() for name in names} for a in actors}
    for actor, old, new in arcs:
        moves[actor][old].add(new)
    preferences: dict[str, Any] = {}
    worth: dict[Any, dict[State, float]] = {}
    for actor in actors:
        preferences[actor], worth[actor] = _ranking(rng, names, str, ties=rng.random() < 0.5)
    data = {
        "crisis": 1,
        "title": "Random crisis, general graph",
        "actors": {actor: {} for actor in actors},
        "options": {},
        "states": {name: f"State number {name[1:]}" for name in names},
        "moves": rng.sample(arcs, len(arcs)),
        "preferences": preferences,
    }
    return RandomCrisis(data, Graph(list(names), moves, worth), str, None)
