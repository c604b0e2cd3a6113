"""Finite games as text in Gambit's extensive-game format, version 2 (``.efg``), with exact rationals.

Layout: a prologue ``EFG 2 R "title" { "player" ... }`` with an optional comment, then the nodes depth first::

    c "node" number "set" { "branch" chance ... } outcome          chance
    p "node" player number "set" { "action" ... } outcome          a move
    t "node" outcome "outcome" { payoff, payoff }                  an end

An outcome other than 0 may stand at any node, with its name and pay-offs where it is first met; pay-offs add up along
the path. So it is described in the documentation of Gambit (Savani and Turocy).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import CrisisFileError, Problem
from .extensive_form import Chance, Decision, End, Game, Node, compile_game

_TOKEN = re.compile(
    r'\s*(?:"(?P<text>(?:[^"\\]|\\.)*)"|(?P<mark>[{},])|(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:/\d+)?)'
    r"|(?P<word>[A-Za-z]+))"
)


def write_efg(game: Game) -> str:
    """Return the game as ``.efg`` text, which ``read_efg`` reads back to the same game. Cost: one pass."""
    players = " ".join(_quoted(name) for name in game.players)
    lines = [f"EFG 2 R {_quoted(game.title)} {{ {players} }}", '""', ""]
    order = _numbers_of_sets(game)
    chances = ends = 0
    for node, children in enumerate(game.children):
        place = int(game.information_set[node])
        if place >= 0:
            group = game.information_sets[place]
            actions = " ".join(_quoted(label) for label in group.actions)
            lines.append(f'p "" {group.player + 1} {order[place]} {_quoted(group.name)} {{ {actions} }} 0')
        elif children:
            chances += 1
            branches = " ".join(f"{_quoted(label)} {weight}" for label, weight in _draw(game.nodes[node]))
            lines.append(f'c "" {chances} "" {{ {branches} }} 0')
        else:
            ends += 1
            worth = ", ".join(map(str, game.payoffs[node]))
            lines.append(f't "" {ends} {_quoted(_end_label(game.nodes[node]))} {{ {worth} }}')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _numbers_of_sets(game: Game) -> dict[int, int]:
    return {place: number for player in range(len(game.players)) for number, place in enumerate(game.own(player), 1)}


def _draw(node: Node) -> list[tuple[str, Fraction]]:
    return [(label, weight) for label, weight, _ in node.branches] if isinstance(node, Chance) else []


def _end_label(node: Node) -> str:
    return node.label if isinstance(node, End) else ""


def read_efg(text: str, name: str = "game.efg") -> Game:
    """Return the game that ``.efg`` text describes; ``name`` is the file to name in errors.

    Raises ``CrisisFileError`` with line and column for text that is no such game, and whatever ``compile_game`` raises.
    Information sets keep their labels; sets without one, or whose label another set has, are called ``player:number``.
    """
    return _Reader(text, name).game()


@dataclass
class _Move:
    """A move as read: player and number of the set, its label and the number of branches."""

    player: int
    number: int
    actions: tuple[str, ...]


@dataclass
class _Open:
    """A node whose branches are still to come."""

    kind: str
    labels: tuple[str, ...]
    weights: tuple[Fraction, ...]
    move: _Move | None
    carried: tuple[Fraction, ...]
    done: list[Node] = field(default_factory=list)


class _Reader:
    """Reads the nodes in file order, with a stack of the nodes whose branches are still to come."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._at = 0
        self._labels: dict[tuple[int, int], str] = {}
        self._actions: dict[tuple[int, int], tuple[str, ...]] = {}
        self._chances: dict[int, tuple[tuple[str, ...], tuple[Fraction, ...]]] = {}
        self._outcomes: dict[int, tuple[str, tuple[Fraction, ...]]] = {}

    def game(self) -> Game:
        if self._word() != "EFG" or self._number() != 2 or self._word() not in {"R", "D"}:
            raise self._fault("a game in Gambit's format begins with EFG 2 R")
        title = self._string()
        self._players = self._strings()
        if self._kind() == "text":
            self._string()
        root = self._tree()
        if self._text[self._at :].strip():
            raise self._fault("the tree ends here, but more text follows")
        return compile_game(title, self._players, self._named(root))

    def _tree(self) -> Node:
        stack: list[_Open] = []
        while True:
            carried = stack[-1].carried if stack else tuple(Fraction(0) for _ in self._players)
            found = self._node(carried)
            if isinstance(found, _Open):
                stack.append(found)
                continue
            node: Node = found
            while stack:
                stack[-1].done.append(node)
                if len(stack[-1].done) < len(stack[-1].labels):
                    break
                node = _closed(stack.pop())
            else:
                return node

    def _node(self, carried: tuple[Fraction, ...]) -> _Open | End:
        kind = self._word()
        self._string()
        if kind == "t":
            label, worth = self._outcome()
            return End(_sum(carried, worth), label)
        if kind == "c":
            labels, weights = self._chance()
            return _Open(kind, labels, weights, None, _sum(carried, self._outcome()[1]))
        if kind == "p":
            move = self._move()
            return _Open(kind, move.actions, (), move, _sum(carried, self._outcome()[1]))
        raise self._fault(f"a node begins with c, p or t, got {kind!r}")

    def _chance(self) -> tuple[tuple[str, ...], tuple[Fraction, ...]]:
        number = int(self._number())
        if self._kind() == "text":
            self._string()
        if self._kind() == "{":
            labels, weights = [], []
            self._mark("{")
            while self._kind() != "}":
                labels.append(self._string())
                weights.append(self._number())
            self._mark("}")
            self._chances[number] = (tuple(labels), tuple(weights))
        if number not in self._chances:
            raise self._fault(f"chance set {number} is used before its branches are given")
        return self._chances[number]

    def _move(self) -> _Move:
        player, number = int(self._number()), int(self._number())
        if not 1 <= player <= len(self._players):
            raise self._fault(f"there is no player {player}; the game has {len(self._players)}")
        key = (player - 1, number)
        if self._kind() == "text":
            self._labels[key] = self._string()
        if self._kind() == "{":
            self._actions[key] = self._strings()
        if key not in self._actions:
            raise self._fault(f"set {number} of player {player} is used before its actions are given")
        return _Move(player - 1, number, self._actions[key])

    def _outcome(self) -> tuple[str, tuple[Fraction, ...]]:
        number = int(self._number())
        none = ("", tuple(Fraction(0) for _ in self._players))
        label = self._string() if self._kind() == "text" else ""
        if self._kind() == "{":
            self._mark("{")
            worth = []
            while self._kind() != "}":
                worth.append(self._number())
                if self._kind() == ",":
                    self._mark(",")
            self._mark("}")
            if len(worth) != len(self._players):
                raise self._fault(f"outcome {number} has {len(worth)} pay-offs, expected {len(self._players)}")
            self._outcomes[number] = (label, tuple(worth))
        if number and number not in self._outcomes:
            raise self._fault(f"outcome {number} is used before its pay-offs are given")
        return self._outcomes.get(number, none)

    def _named(self, node: Node) -> Node:
        """Put the names of players and sets in place of their numbers."""
        if isinstance(node, Decision):
            player, number = map(int, node.information_set.split(":"))
            branches = tuple((label, self._named(child)) for label, child in node.branches)
            return Decision(self._players[player], self._set_name(player, number), branches)
        if isinstance(node, Chance):
            return Chance(tuple((label, weight, self._named(child)) for label, weight, child in node.branches))
        return node

    def _set_name(self, player: int, number: int) -> str:
        label = self._labels.get((player, number), "")
        alone = label and list(self._labels.values()).count(label) == 1
        return label if alone else f"{self._players[player]}:{number}"

    def _kind(self) -> str:
        found = _TOKEN.match(self._text, self._at)
        if not found:
            return ""
        return found["mark"] or str(found.lastgroup)

    def _take(self, wanted: str, what: str) -> str:
        found = _TOKEN.match(self._text, self._at)
        if not found or found.lastgroup != wanted:
            got = self._text[self._at :].split(None, 1)
            raise self._fault(f"expected {what}, got {got[0][:20]!r}" if got else f"expected {what}, but the text ends")
        self._at = found.end()
        return found[wanted]

    def _word(self) -> str:
        return self._take("word", "a word")

    def _number(self) -> Fraction:
        return Fraction(self._take("number", "a number"))

    def _string(self) -> str:
        return re.sub(r"\\(.)", r"\1", self._take("text", "a name in quotes"))

    def _strings(self) -> tuple[str, ...]:
        self._mark("{")
        found = []
        while self._kind() != "}":
            found.append(self._string())
        self._mark("}")
        return tuple(found)

    def _mark(self, wanted: str) -> None:
        if self._take("mark", f"{wanted!r}") != wanted:
            raise self._fault(f"expected {wanted!r}")

    def _fault(self, message: str) -> CrisisFileError:
        line = self._text.count("\n", 0, self._at) + 1
        column = self._at - self._text.rfind("\n", 0, self._at)
        return CrisisFileError((Problem("bad-efg", message, "", self._name, line, column),))


def _sum(left: tuple[Fraction, ...], right: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def _closed(node: _Open) -> Node:
    """Close a node all of whose branches are read; sets go by player:number until all names are known."""
    if node.move is None:
        return Chance(tuple(zip(node.labels, node.weights, node.done, strict=True)))
    name = f"{node.move.player}:{node.move.number}"
    return Decision(str(node.move.player), name, tuple(zip(node.labels, node.done, strict=True)))
