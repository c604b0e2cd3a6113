"""Subgames, backward induction and subgame-perfect equilibria (Selten 1965, 1975)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from ..errors import NotSupportedError, TooLargeError
from .behaviour import checked, expected_payoffs, pure_profile, regrets
from .extensive_form import Chance, Decision, End, Floats, Game, Longs, Node, compile_game
from .mixed_equilibrium import mixed_nash
from .pure_equilibrium import pure_nash

MOST_EQUILIBRIA = 10_000
"""Equilibria that are listed; ties multiply."""

Payoffs = tuple[Fraction, ...]


@dataclass(frozen=True)
class _Solution:
    """What a subgame comes to and what is done in it: per action (entry of a profile) its probability."""

    payoffs: Payoffs
    play: tuple[tuple[int, float], ...]


def subgame_roots(game: Game) -> Longs:
    """Return the nodes, ends left out, from which the rest is a game of its own; the root is the first.

    No information set may stand partly inside. Cost: nodes times information sets.
    """
    members = [np.array(group.members) for group in game.information_sets]
    roots = []
    for node in np.flatnonzero(game.player >= -1):
        place = game.information_set[node]
        inside = [int(((found >= node) & (found < game.past_end[node])).sum()) for found in members]
        whole = all(count in {0, len(found)} for count, found in zip(inside, members, strict=True))
        if whole and (place < 0 or len(members[place]) == 1):
            roots.append(node)
    return np.array(roots, dtype=np.int64)


def subgame(game: Game, node: int, worths: dict[int, Payoffs] | None = None) -> Game:
    """Return the game from a node on; nodes named in ``worths`` become ends with these pay-offs."""
    return compile_game(game.title, game.players, _cut(game, node, worths or {}))


def _cut(game: Game, node: int, worths: dict[int, Payoffs]) -> Node:
    if node in worths:
        return End(worths[node])
    tree = game.nodes[node]
    following = [_cut(game, child, worths) for child in game.children[node]]
    if isinstance(tree, Chance):
        parts = zip(tree.branches, following, strict=True)
        return Chance(tuple((label, weight, child) for (label, weight, _), child in parts))
    if isinstance(tree, Decision):
        moves = zip(tree.branches, following, strict=True)
        return Decision(tree.player, tree.information_set, tuple((label, child) for (label, _), child in moves))
    return tree


def backward_induction(game: Game) -> Floats:
    """Return what everybody does who looks ahead, where everybody always knows where the game stands.

    Every tie is followed, so all subgame-perfect pure profiles are returned; exact.

    Returns
    -------
    Floats
        Behaviour profiles, (equilibria, actions). Raises ``NotSupportedError`` without perfect information and
        ``TooLargeError`` above ``MOST_EQUILIBRIA``. Cost: nodes times equilibria.
    """
    if not game.perfect_information:
        unsure = next(group.name for group in game.information_sets if len(group.members) > 1)
        raise NotSupportedError(
            f"at {unsure!r} a player does not know where the game stands; use subgame_perfect or sequential"
        )
    solved: dict[int, list[tuple[Payoffs, dict[int, int]]]] = {}
    for node in range(len(game.nodes) - 1, -1, -1):
        solved[node] = _induced(game, node, [solved.pop(child) for child in game.children[node]])
    profiles = [
        pure_profile(game, [choice[place] for place in range(len(game.information_sets))]) for _, choice in solved[0]
    ]
    return np.array(profiles).reshape(len(profiles), len(game.actions))


def _induced(
    game: Game, node: int, following: list[list[tuple[Payoffs, dict[int, int]]]]
) -> list[tuple[Payoffs, dict[int, int]]]:
    """Return what can happen from a node on, given what can happen after each branch."""
    if not following:
        return [(game.payoffs[node], {})]
    found = []
    player, place = int(game.player[node]), int(game.information_set[node])
    for combination in product(*following):
        plan = {key: value for _, choice in combination for key, value in choice.items()}
        worths = [payoffs for payoffs, _ in combination]
        if player < 0:
            weights = [game.chance[child] for child in game.children[node]]
            mean = tuple(
                sum((weight * worth[p] for weight, worth in zip(weights, worths, strict=True)), Fraction(0))
                for p in range(len(game.players))
            )
            found.append((mean, plan))
            continue
        most = max(worth[player] for worth in worths)
        found.extend((worth, {**plan, place: k}) for k, worth in enumerate(worths) if worth[player] == most)
        _guard(len(found))
    return found


def _guard(count: int) -> None:
    if count > MOST_EQUILIBRIA:
        raise TooLargeError(f"ties make more than {MOST_EQUILIBRIA:,} equilibria; tell some pay-offs apart")


def subgame_perfect(game: Game, mixed: bool = False) -> Floats:
    """Which equilibria are equilibria of every subgame too?

    Subgames are solved from the last ones up; each is replaced by what it comes to, and every combination of solutions
    is followed (Selten 1965).

    Parameters
    ----------
    game
        Any finite game with perfect recall.
    mixed
        Look for mixed equilibria of each subgame too (two players, as ``mixed_nash`` finds them: one for each pair of
        supports); otherwise pure ones, all of them, exactly.

    Returns
    -------
    Floats
        Behaviour profiles, (equilibria, actions). A set that the player's own moves exclude within the same subgame
        has the first action. Raises ``TooLargeError`` above ``MOST_EQUILIBRIA`` and as the solvers do.
    """
    roots = subgame_roots(game).tolist()
    if not roots:
        return np.zeros((1, 0))
    solved: dict[int, list[_Solution]] = {}
    for node in reversed(roots):
        inside = [other for other in solved if node < other < game.past_end[node]]
        below = {other: solved.pop(other) for other in inside}
        solved[node] = _solutions(game, node, below, mixed)
    profiles = np.zeros((len(solved[roots[0]]), len(game.actions)))
    for row, solution in enumerate(solved[roots[0]]):
        for entry, weight in solution.play:
            profiles[row, entry] = weight
    return profiles


def _solutions(game: Game, node: int, below: dict[int, list[_Solution]], mixed: bool) -> list[_Solution]:
    """Return the solutions of one subgame for every combination of what the subgames in it come to."""
    found: list[_Solution] = []
    by_worth = {other: _grouped(solutions) for other, solutions in below.items()}
    for worths in product(*(groups for groups in by_worth.values())):
        stage = subgame(game, node, dict(zip(by_worth, worths, strict=True)))
        inner = [by_worth[other][worth] for other, worth in zip(by_worth, worths, strict=True)]
        for profile in mixed_nash(stage) if mixed else pure_nash(stage):
            payoffs = tuple(Fraction(value) for value in expected_payoffs(stage, profile).tolist())
            payoffs = payoffs if mixed else _exact_payoffs(stage, profile)
            play = _play(game, stage, profile)
            for choice in product(*inner):
                found.append(_Solution(payoffs, play + sum((solution.play for solution in choice), ())))
                _guard(len(found))
    return found


def _grouped(solutions: list[_Solution]) -> dict[Payoffs, list[_Solution]]:
    groups: dict[Payoffs, list[_Solution]] = {}
    for solution in solutions:
        groups.setdefault(solution.payoffs, []).append(solution)
    return groups


def _exact_payoffs(stage: Game, profile: Floats) -> Payoffs:
    """Return what a pure profile comes to, as fractions."""
    weight = [Fraction(1)] * len(stage.nodes)
    total = [Fraction(0)] * len(stage.players)
    for node in range(1, len(stage.nodes)):
        action = int(stage.action[node])
        taken = Fraction(int(profile[action])) if action >= 0 else stage.chance[node]
        weight[node] = weight[stage.parent[node]] * taken
    for node in stage.ends.tolist():
        for player, worth in enumerate(stage.payoffs[node]):
            total[player] += weight[node] * worth
    return tuple(total)


def _play(game: Game, stage: Game, profile: Floats) -> tuple[tuple[int, float], ...]:
    """Return the probabilities of a subgame's profile under the whole game's entries."""
    found: list[tuple[int, float]] = []
    for group in stage.information_sets:
        outer = game.information_sets[game.set_named(group.name)]
        found.extend((outer.first + k, float(weight)) for k, weight in enumerate(profile[group.span]))
    return tuple(found)


def subgame_regrets(game: Game, profile: Floats) -> Floats:
    """Return what somebody could gain in each subgame by another strategy.

    Returns
    -------
    Floats
        (subgames,), in the order of ``subgame_roots``: the largest regret of a player if play starts there. All zero
        means subgame perfect. Cost: a Nash check a subgame.
    """
    given = checked(game, profile)
    found = []
    for node in subgame_roots(game).tolist():
        part = subgame(game, node)
        local = np.concatenate(
            [given[game.information_sets[game.set_named(group.name)].span] for group in part.information_sets]
            or [np.zeros(0)]
        )
        found.append(float(regrets(part, local).max()))
    return np.array(found)
