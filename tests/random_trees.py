"""Random small games in extensive form with perfect recall."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from backchannel.numerics.extensive_form import Game, Node, chance, compile_game, decide, end

NAMES = ("P1", "P2", "P3")


class _Grower:
    def __init__(self, seed: int, players: int, depth: int, ties: bool, hidden: float) -> None:
        self.rng = np.random.default_rng(seed)
        self.players, self.depth, self.ties, self.hidden = players, depth, ties, hidden
        self.sets: dict[tuple[int, tuple[str, ...], int], list[str]] = {}

    def payoff(self) -> Fraction:
        return (
            Fraction(int(self.rng.integers(-2, 3)))
            if self.ties
            else Fraction(int(self.rng.integers(-9999, 10000)), 100)
        )

    def node(self, level: int, own: tuple[tuple[str, ...], ...]) -> Node:
        if level == self.depth or (level and self.rng.random() < 0.2):
            return end(*(self.payoff() for _ in range(self.players)))
        if self.rng.random() < (0.5 if level == 0 else 0.1):
            cut = int(self.rng.integers(1, 10))
            weights = (Fraction(cut, 10), Fraction(10 - cut, 10))
            return chance({f"n{k}": (weight, self.node(level + 1, own)) for k, weight in enumerate(weights)})
        player = int(self.rng.integers(self.players))
        width = 3 if self.rng.random() < 0.15 else 2
        alike = self.sets.setdefault((player, own[player], width), [])
        if alike and self.rng.random() < self.hidden:
            name = alike[int(self.rng.integers(len(alike)))]
        else:
            name = f"{NAMES[player]}.{sum(map(len, self.sets.values()))}"
            alike.append(name)
        branches = {}
        for action in "abc"[:width]:
            after = tuple((*past, f"{name}{action}") if k == player else past for k, past in enumerate(own))
            branches[action] = self.node(level + 1, after)
        return decide(NAMES[player], name, branches)


def random_tree(seed: int, players: int = 2, depth: int = 4, ties: bool = False, hidden: float = 0.6) -> Game:
    """A random game; ``ties`` draws pay-offs from few integers, ``hidden`` is how often nodes are merged."""
    grower = _Grower(seed, players, depth, ties, hidden)
    return compile_game(f"Random {seed}", NAMES[:players], grower.node(0, ((),) * players))
