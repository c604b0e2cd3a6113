"""Finite games in extensive form: any number of players, chance, and incomplete information by information sets.

A game is written as a nested tree and compiled once::

    end(1, "-1/2")                                             pay-offs, one a player, in the order of the players
    decide("A", "A moves", {"yes": node, "no": node})          a move; equal names of a set are one information set
    chance({"tough": ("3/10", node), "weak": ("7/10", node)})  probabilities that sum to one exactly
    simultaneous(moves, then)                                  moves of several players, none of whom sees another's
    compile_game(title, players, root) -> Game                 checks the tree and lays it out in arrays

Numbers are ``int``, ``Fraction``, text such as ``"3/10"``, or ``float``; a float counts as the decimal it prints as, so
0.3 is 3/10. Pay-offs and chances are kept exactly, and the solvers for pure strategies compare them exactly.

A behaviour profile is a float64 vector over the game's actions, by player, information set and action
(``Game.actions``). What else there is, by module:

``behaviour``
    ``profile_of(game, {set: action or {action: p}})``, ``described(game, profile)``, ``expected_payoffs``, ``beliefs``,
    ``action_values``, ``best_reply``, ``regrets`` (Nash check), ``agent_regrets`` (one-shot deviations).
``pure_equilibrium``, ``mixed_equilibrium``
    ``pure_nash(game)``: every pure equilibrium; ``mixed_nash(game)``: two players, by supports of the sequence form.
``subgame_perfection``
    ``backward_induction(game)`` with every tie, ``subgame_perfect(game)``, ``subgame_regrets(game, profile)``.
``sequential_equilibrium``
    ``sequential(game)``, ``weak_perfect_bayesian(game)``, ``supporting_beliefs(game, profile)``.
``quantal_response``
    ``logit_path(game, most)``, ``logit_equilibrium(game, rationality)``.
``efg_format``
    ``write_efg(game)``, ``read_efg(text)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..errors import TooLargeError

Number = int | float | str | Fraction
Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

MOST_NODES = 200_000
CHANCE, END = -1, -2


def exact(number: Number) -> Fraction:
    """Return a number as a fraction; a float counts as the decimal it prints as."""
    try:
        return Fraction(str(number)) if isinstance(number, float) else Fraction(number)
    except (ValueError, ZeroDivisionError, TypeError) as error:
        raise ValueError(f"{number!r} is not a finite number; write 3, 0.25 or '1/4'") from error


@dataclass(frozen=True)
class End:
    """An end of the game and what it is worth to each player."""

    payoffs: tuple[Fraction, ...]
    label: str = ""


@dataclass(frozen=True)
class Chance:
    """A draw of nature: branches as (label, probability, what follows)."""

    branches: tuple[tuple[str, Fraction, Node], ...]


@dataclass(frozen=True)
class Decision:
    """A move of a player, who knows no more than the information set says: branches as (action, what follows)."""

    player: str
    information_set: str
    branches: tuple[tuple[str, Node], ...]


Node = End | Chance | Decision


def end(*payoffs: Number, label: str = "") -> End:
    """Return an end of the game with the pay-offs in the order of the players."""
    return End(tuple(exact(value) for value in payoffs), label)


def chance(branches: Mapping[str, tuple[Number, Node]]) -> Chance:
    """Return a draw of nature from ``{label: (probability, what follows)}``."""
    return Chance(tuple((label, exact(weight), node) for label, (weight, node) in branches.items()))


def decide(player: str, information_set: str, branches: Mapping[str, Node]) -> Decision:
    """Return a move of a player from ``{action: what follows}``; nodes that share the name of the set look alike."""
    return Decision(player, information_set, tuple(branches.items()))


def simultaneous(
    moves: Sequence[tuple[str, str, Sequence[str]]],
    then: Callable[[tuple[str, ...]], Node],
    taken: tuple[str, ...] = (),
) -> Node:
    """Return moves of several players at once.

    Parameters
    ----------
    moves
        (player, information set, actions), in any order: nobody sees what the others do.
    then
        Called with the actions taken, in that order; returns what follows.
    taken
        Actions taken before, handed on to ``then``.
    """
    if not moves:
        return then(taken)
    (player, name, actions), *rest = moves
    return decide(player, name, {action: simultaneous(rest, then, (*taken, action)) for action in actions})


@dataclass(frozen=True)
class InformationSet:
    """What a player cannot tell apart.

    Parameters
    ----------
    name, player, actions
        Name, index of the player, and labels of the actions.
    first
        Index of the first action in ``Game.actions``.
    members
        Indices of the nodes.
    """

    name: str
    player: int
    actions: tuple[str, ...]
    first: int
    members: tuple[int, ...]

    @property
    def span(self) -> slice:
        """Where the actions of this set stand in a behaviour profile."""
        return slice(self.first, self.first + len(self.actions))


@dataclass(frozen=True, eq=False)
class Game:
    """A compiled game. Nodes are numbered depth first from the root, so that a parent comes before its children.

    Parameters
    ----------
    title, players
        Names.
    nodes
        The nodes of the tree it was compiled from.
    information_sets
        By player, and within a player in the order in which the nodes are met.
    actions
        (information set, action) of every entry of a behaviour profile.
    player
        int64, (nodes,): index of the player, -1 for chance, -2 for an end.
    parent
        int64, (nodes,): -1 for the root.
    action
        int64, (nodes,): entry of the profile that leads here from the parent; -1 after chance and at the root.
    chance
        Exact probability of the branch that leads here, 1 where it is not chance's.
    information_set
        int64, (nodes,): index of the set, -1 where nobody moves.
    children
        Nodes that follow, in the order of the branches.
    payoffs
        Exact pay-offs of the ends, (nodes,); empty tuples elsewhere.
    """

    title: str
    players: tuple[str, ...]
    nodes: tuple[Node, ...] = field(repr=False)
    information_sets: tuple[InformationSet, ...] = field(repr=False)
    actions: tuple[tuple[int, str], ...] = field(repr=False)
    player: Longs = field(repr=False)
    parent: Longs = field(repr=False)
    action: Longs = field(repr=False)
    chance: tuple[Fraction, ...] = field(repr=False)
    information_set: Longs = field(repr=False)
    children: tuple[tuple[int, ...], ...] = field(repr=False)
    payoffs: tuple[tuple[Fraction, ...], ...] = field(repr=False)

    @cached_property
    def ends(self) -> Longs:
        """Indices of the ends, (ends,)."""
        return np.flatnonzero(self.player == END)

    @cached_property
    def worth(self) -> Floats:
        """Pay-offs of the ends as floats, (nodes, players); zero elsewhere."""
        table = np.zeros((len(self.parent), len(self.players)))
        for node in self.ends:
            table[node] = [float(value) for value in self.payoffs[node]]
        return table

    @cached_property
    def levels(self) -> tuple[Longs, ...]:
        """Nodes by distance from the root, the root left out; siblings stand side by side."""
        depth = np.zeros(len(self.parent), dtype=np.int64)
        for node in range(1, len(depth)):
            depth[node] = depth[self.parent[node]] + 1
        return tuple(np.flatnonzero(depth == level) for level in range(1, int(depth.max()) + 1))

    @cached_property
    def chances(self) -> Floats:
        """Chance probabilities as floats, (nodes,)."""
        return np.array([float(weight) for weight in self.chance])

    @cached_property
    def by_set(self) -> tuple[Longs, Longs]:
        """Nodes at which a player moves, by information set, and where each set begins in them."""
        nodes = np.array([node for group in self.information_sets for node in group.members], dtype=np.int64)
        sizes = [len(group.members) for group in self.information_sets]
        return nodes, np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)

    @cached_property
    def by_action(self) -> tuple[Longs, Longs]:
        """Nodes that a player's action leads to, by action, and where each action begins in them."""
        nodes = np.argsort(self.action, kind="stable")[int((self.action < 0).sum()) :]
        return nodes, np.searchsorted(self.action[nodes], np.arange(len(self.actions)))

    @cached_property
    def past_end(self) -> Longs:
        """For each node, one more than its last descendant, (nodes,)."""
        past = np.arange(1, len(self.parent) + 1)
        for node in range(len(past) - 1, 0, -1):
            past[self.parent[node]] = max(past[self.parent[node]], past[node])
        return past

    @cached_property
    def perfect_information(self) -> bool:
        """Whether every player always knows where the game stands."""
        return all(len(group.members) == 1 for group in self.information_sets)

    def set_named(self, name: str) -> int:
        """Return the index of an information set."""
        for place, group in enumerate(self.information_sets):
            if group.name == name:
                return place
        known = ", ".join(repr(group.name) for group in self.information_sets)
        raise ValueError(f"there is no information set {name!r}; there are {known}")

    def own(self, player: int) -> tuple[int, ...]:
        """Return the indices of a player's information sets."""
        return tuple(place for place, group in enumerate(self.information_sets) if group.player == player)


def compile_game(title: str, players: Sequence[str], root: Node) -> Game:
    """Return a checked game.

    Raises ``ValueError`` for a tree that is none (names, pay-offs, chances, sets with unlike actions) or that lets a
    player forget what it did or knew (every solver needs perfect recall, Kuhn 1953), and ``TooLargeError`` above
    ``MOST_NODES`` nodes. Cost: one pass over the nodes.
    """
    if len(set(players)) != len(players) or not players:
        raise ValueError(f"players need distinct names, got {tuple(players)}")
    names = tuple(players)
    nodes, parent, branch = _listed(root)
    sets = _information_sets(names, nodes)
    actions = tuple((place, label) for place, group in enumerate(sets) for label in group.actions)
    set_of = np.full(len(nodes), -1, dtype=np.int64)
    for place, group in enumerate(sets):
        set_of[list(group.members)] = place
    children: list[list[int]] = [[] for _ in nodes]
    for node, above in enumerate(parent):
        if above >= 0:
            children[above].append(node)
    game = Game(
        title=title,
        players=names,
        nodes=tuple(nodes),
        information_sets=sets,
        actions=actions,
        player=np.array([_mover(names, node) for node in nodes], dtype=np.int64),
        parent=np.array(parent, dtype=np.int64),
        action=np.array(
            [
                sets[set_of[above]].first + place if above >= 0 and set_of[above] >= 0 else -1
                for above, place in zip(parent, branch, strict=True)
            ],
            dtype=np.int64,
        ),
        chance=tuple(_weight(nodes, above, place) for above, place in zip(parent, branch, strict=True)),
        information_set=set_of,
        children=tuple(tuple(found) for found in children),
        payoffs=tuple(node.payoffs if isinstance(node, End) else () for node in nodes),
    )
    _check_recall(game)
    return game


def _listed(root: Node) -> tuple[list[Node], list[int], list[int]]:
    """Nodes depth first, with the parent of each and which of its branches leads there."""
    nodes: list[Node] = []
    parent: list[int] = []
    branch: list[int] = []
    waiting: list[tuple[Node, int, int]] = [(root, -1, 0)]
    while waiting:
        node, above, place = waiting.pop()
        if len(nodes) == MOST_NODES:
            raise TooLargeError(f"the game has more than {MOST_NODES:,} nodes; leave out moves or stages")
        here = len(nodes)
        nodes.append(node)
        parent.append(above)
        branch.append(place)
        if not isinstance(node, End):
            following = [item[-1] for item in node.branches]
            waiting.extend((child, here, k) for k, child in reversed(list(enumerate(following))))
    return nodes, parent, branch


def _information_sets(players: tuple[str, ...], nodes: list[Node]) -> tuple[InformationSet, ...]:
    """Group the moves by information set, by player and order of meeting."""
    found: dict[str, tuple[str, tuple[str, ...], list[int]]] = {}
    for place, node in enumerate(nodes):
        _check_node(players, node)
        if not isinstance(node, Decision):
            continue
        labels = tuple(label for label, _ in node.branches)
        player, known, members = found.setdefault(node.information_set, (node.player, labels, []))
        if player != node.player or known != labels:
            raise ValueError(
                f"information set {node.information_set!r} has {player}: {', '.join(known)} at one node and "
                f"{node.player}: {', '.join(labels)} at another; a player would see the difference"
            )
        members.append(place)
    sets: list[InformationSet] = []
    first = 0
    for index, player in enumerate(players):
        for name, (owner, labels, members) in found.items():
            if owner == player:
                sets.append(InformationSet(name, index, labels, first, tuple(members)))
                first += len(labels)
    return tuple(sets)


def _check_node(players: tuple[str, ...], node: Node) -> None:
    if isinstance(node, End):
        if len(node.payoffs) != len(players):
            raise ValueError(f"end {node.label!r} has {len(node.payoffs)} pay-offs, expected one for each of {players}")
        return
    labels = [item[0] for item in node.branches]
    where = f"information set {node.information_set!r}" if isinstance(node, Decision) else "a chance node"
    if not labels or len(set(labels)) != len(labels):
        raise ValueError(f"{where} needs branches with distinct names, got {labels}")
    if isinstance(node, Decision) and node.player not in players:
        raise ValueError(f"{where} belongs to {node.player!r}, who is none of {players}")
    if isinstance(node, Chance):
        weights = [weight for _, weight, _ in node.branches]
        if sum(weights) != 1 or min(weights) < 0:
            shown = ", ".join(map(str, weights))
            raise ValueError(f"the chances {shown} must be 0 or more and sum to 1 exactly; write thirds as '1/3'")


def _mover(players: tuple[str, ...], node: Node) -> int:
    if isinstance(node, Decision):
        return players.index(node.player)
    return CHANCE if isinstance(node, Chance) else END


def _weight(nodes: list[Node], above: int, place: int) -> Fraction:
    source = nodes[above] if above >= 0 else None
    return source.branches[place][1] if isinstance(source, Chance) else Fraction(1)


def _check_recall(game: Game) -> None:
    """Every member of a set must follow the same own actions."""
    histories: list[dict[int, int]] = [{}]  # per node: the last own action of each player
    for node in range(1, len(game.parent)):
        above = game.parent[node]
        taken = int(game.action[node])
        before = histories[above]
        histories.append({**before, int(game.player[above]): taken} if taken >= 0 else before)
    for group in game.information_sets:
        seen = {histories[node].get(group.player, -1) for node in group.members}
        if len(seen) > 1:
            raise ValueError(
                f"at information set {group.name!r} {game.players[group.player]} has forgotten what it did or knew "
                "before; give the nodes that follow different own actions sets of their own"
            )
