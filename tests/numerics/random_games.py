"""Small random games of every kind the engine tells apart."""

from __future__ import annotations

import numpy as np

from backchannel.numerics.game import ArcGame, OptionGame

KINDS = ("product", "masked", "final", "outside", "own", "everything")


def option_game(seed: int, kind: str, *, most_states: int = 96, most_actors: int = 5) -> OptionGame:
    """Draw a game: 2 to 5 actors, up to 7 options of 1 to 4 levels, ties common, some actors without options.

    Kinds: ``product`` unrestricted; ``masked`` infeasible states; ``final`` options final or frozen
    everywhere; ``outside`` final or frozen depending on others' options; ``own`` depending on own ones;
    ``everything`` mixed.
    """
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    actors = int(rng.integers(2, most_actors + 1))
    levels: list[int] = []
    for _ in range(int(rng.integers(1, 8))):
        count = int(rng.choice([2, 2, 2, 2, 3, 4, 1]))
        if np.prod([*levels, count]) <= most_states:
            levels.append(count)
    owner = tuple(sorted(rng.integers(0, actors, len(levels)).tolist()))
    states = int(np.prod(levels))
    values = int(rng.choice([3, 8, 1000]))
    utilities = rng.integers(-values, values, (actors, states)).astype(np.int32)
    if rng.random() < 0.1:
        limits = np.iinfo(np.int32)
        utilities[utilities == utilities.max()] = limits.max
        utilities[utilities == utilities.min()] = limits.min
    feasible = None
    if kind == "masked" or (kind != "product" and rng.random() < 0.6):
        feasible = rng.random(states) < rng.choice([0.4, 0.7, 0.9])
    final, frozen = (
        tuple(_limit(rng, kind, tuple(levels), owner, option) for option in range(len(levels))) for _ in range(2)
    )
    return OptionGame(tuple(levels), owner, utilities, feasible, final, frozen)


def _limit(rng: np.random.Generator, kind: str, levels: tuple[int, ...], owner: tuple[int, ...], option: int):
    if kind in ("product", "masked") or rng.random() < 0.5:
        return None
    chosen = str(rng.choice(["final", "outside", "own"])) if kind == "everything" else kind
    if chosen == "final":
        return True
    shape = levels
    if chosen == "outside":
        shape = tuple(1 if owner[k] == owner[option] else count for k, count in enumerate(levels))
    drawn = rng.random(shape) < 0.5
    return np.ascontiguousarray(np.broadcast_to(drawn, levels)).ravel()


def arc_game(seed: int, *, most_states: int = 24) -> ArcGame:
    """Draw a general graph of 2 to 4 actors whose moves need not be reversible or transitive."""
    rng = np.random.default_rng([seed, 99])
    actors, states = int(rng.integers(2, 5)), int(rng.integers(1, most_states + 1))
    utilities = rng.integers(0, int(rng.choice([3, 100])), (actors, states)).astype(np.int32)
    pointers, targets = [], []
    for _ in range(actors):
        table = rng.random((states, states)) < rng.choice([0.0, 0.5, 1.5, 3.0]) / states
        np.fill_diagonal(table, False)
        pointers.append(np.concatenate([[0], np.cumsum(table.sum(axis=1))]).astype(np.int64))
        targets.append(np.nonzero(table)[1].astype(np.int32))
    return ArcGame(utilities, tuple(pointers), tuple(targets))
