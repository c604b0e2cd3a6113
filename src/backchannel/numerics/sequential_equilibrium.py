"""Sequential and weak perfect Bayesian equilibria of small finite games, with the beliefs that support them.

Beliefs are *consistent* (Kreps and Wilson 1982) if they are the limit of Bayesian beliefs of profiles that take every
action with some probability and tend to the profile in question. It is enough to look at profiles in which an action
that is not taken has probability w * e^k for a weight w > 0 and a whole number k >= 1, as e falls to 0: within a set
the nodes with the smallest sum of k along their path have positive belief, in proportion to the products of their w
(Kreps and Wilson 1982, appendix). So an assessment is found by choosing, at each set that is not
reached, the nodes believed in, checking by linear programmes that some k makes them the likeliest and that some belief
over them makes the profile a best reply, and checking that one choice of w gives all these beliefs at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

import numpy as np
from scipy.optimize import linprog

from ..errors import TooLargeError
from .behaviour import action_values, beliefs, checked, edge_weights, expected_payoffs, node_values, pure_profile, reach
from .consistent_weights import fit_weights, positive_belief
from .extensive_form import Floats, Game, Longs
from .mixed_equilibrium import mixed_nash
from .weak_beliefs import weakly_rational

MOST_PROFILES = 100_000
"""Pure profiles that are tried, after actions that are never best are left out."""
MOST_SUPPORTS = 4_096
"""Ways to choose the nodes believed in that are tried, per profile."""
TOLERANCE = 1e-9
"""Gain, per unit of the largest pay-off, below which a deviation does not pay."""
REACHED = 1e-12


@dataclass(frozen=True, eq=False)
class Assessment:
    """A behaviour profile and the beliefs that support it.

    Parameters
    ----------
    profile
        (actions,).
    belief
        Probability of each node within its information set, (nodes,); 0 where nobody moves.
    payoffs
        Expected pay-offs, (players,).
    """

    profile: Floats
    belief: Floats
    payoffs: Floats


def sensible_actions(game: Game) -> list[tuple[int, ...]]:
    """Return, per information set, the places of the actions that can be best there for some belief.

    An action goes if another is strictly better at every node of the set whatever is done afterwards; this is repeated
    while actions go. No sequential or weak perfect Bayesian equilibrium takes an action that goes.
    """
    kept = [tuple(range(len(group.actions))) for group in game.information_sets]
    settled = False
    while not settled:
        least, most = _bounds(game, kept)
        settled = True
        for place, group in enumerate(game.information_sets):
            nodes = np.array([[game.children[node][k] for k in kept[place]] for node in group.members])
            low, high = least[nodes, group.player], most[nodes, group.player]
            goes = [bool((high[:, [k]] < low).all(axis=0).any()) for k in range(len(kept[place]))]
            if any(goes):
                settled = False
                kept[place] = tuple(k for k, gone in zip(kept[place], goes, strict=True) if not gone)
    return kept


def _bounds(game: Game, kept: list[tuple[int, ...]]) -> tuple[Floats, Floats]:
    """Return the least and most each player can get from each node on, (nodes, players) each."""
    least, most = game.worth.copy(), game.worth.copy()
    for node in range(len(game.nodes) - 1, -1, -1):
        following = list(game.children[node])
        if not following:
            continue
        place = game.information_set[node]
        if place >= 0:
            following = [following[k] for k in kept[place]]
            least[node], most[node] = least[following].min(axis=0), most[following].max(axis=0)
        else:
            weights = game.chances[following]
            least[node], most[node] = weights @ least[following], weights @ most[following]
    return least, most


def sequential(game: Game, mixed: bool = False) -> tuple[Assessment, ...]:
    """Which behaviour is sensible at every turn, given beliefs that small mistakes could explain?

    Sequential equilibria (Kreps and Wilson 1982).

    Parameters
    ----------
    game
        Any finite game with perfect recall.
    mixed
        Look also for equilibria that mix on the path of play and are pure off it: two players; one for each pair of
        supports, as ``mixed_nash`` finds them. Equilibria that mix off the path are not looked for.

    Returns
    -------
    tuple of Assessment
        All pure ones, each with one belief that supports it, then the mixed ones asked for. Raises ``TooLargeError``
        above ``MOST_PROFILES`` pure profiles or ``MOST_SUPPORTS`` choices of nodes. Cost: a few linear programmes for
        every profile that survives one-shot deviations on its path.
    """
    kept = sensible_actions(game)
    found = [(profile, sequential_beliefs(game, profile)) for profile in _candidates(game, kept)]
    if mixed:
        found += [(profile, sequential_beliefs(game, profile)) for profile in _mixed_candidates(game, kept)]
    return _assessments(game, found)


def weak_perfect_bayesian(game: Game) -> tuple[Assessment, ...]:
    """Which pure behaviour is sensible at every turn, given beliefs that Bayes does not contradict?

    Weak perfect Bayesian equilibria: beliefs follow from Bayes at sets that are reached and are free at others, each
    set by itself; at every set the player has no better plan for the rest. Every sequential equilibrium is one.

    Returns
    -------
    tuple of Assessment
        All pure ones, each with beliefs that support it. Limits and cost as for ``sequential``.
    """
    profiles = _candidates(game, sensible_actions(game))
    return _assessments(game, [(profile, weak_beliefs(game, profile)) for profile in profiles])


def _assessments(game: Game, found: list[tuple[Floats, Floats | None]]) -> tuple[Assessment, ...]:
    return tuple(
        Assessment(profile, belief, expected_payoffs(game, profile)) for profile, belief in found if belief is not None
    )


def _candidates(game: Game, kept: list[tuple[int, ...]]) -> list[Floats]:
    """Return the pure profiles of kept actions from which no one-shot deviation pays at a set that is reached."""
    count = prod(map(len, kept))
    if count > MOST_PROFILES:
        raise TooLargeError(
            f"{count:,} pure profiles are more than the {MOST_PROFILES:,} that are tried; "
            "check one profile with sequential_beliefs"
        )
    found: list[Floats] = []
    chunk: list[Floats] = []
    for number, places in enumerate(product(*kept), 1):
        chunk.append(pure_profile(game, places))
        if len(chunk) == 512 or number == count:
            found.extend(_undisturbed(game, np.array(chunk)))
            chunk = []
    return found


def _undisturbed(game: Game, profiles: Floats) -> list[Floats]:
    worth = action_values(game, profiles)
    good = np.ones(len(profiles), dtype=bool)
    slack = TOLERANCE * _scale(game)
    for group in game.information_sets:
        values = worth[:, group.span]
        held = (values * profiles[:, group.span]).sum(axis=1)
        good &= ~(values.max(axis=1) > held + slack)  # nan where the set is not reached: nothing to say
    return list(profiles[good])


def _mixed_candidates(game: Game, kept: list[tuple[int, ...]]) -> list[Floats]:
    """Return the equilibria that mix on the path, with every pure way to go on at sets that are not reached."""
    allowed = np.array(
        [group.first + k for group, places in zip(game.information_sets, kept, strict=True) for k in places],
        dtype=np.int64,
    )
    found: list[Floats] = []
    for profile in mixed_nash(game, allowed):
        reached = _reached_sets(game, profile)
        open_places = [places if not on else (-1,) for places, on in zip(kept, reached, strict=True)]
        if not _mixes(game, profile, reached) or prod(map(len, open_places)) > MOST_PROFILES:
            continue
        for places in product(*open_places):
            filled = profile.copy()
            for group, place in zip(game.information_sets, places, strict=True):
                if place >= 0:
                    filled[group.span] = 0.0
                    filled[group.first + place] = 1.0
            found.append(filled)
    return found


def _mixes(game: Game, profile: Floats, reached: list[bool]) -> bool:
    groups = zip(game.information_sets, reached, strict=True)
    return any(on and profile[group.span].max() < 1 - 1e-7 for group, on in groups)


def _reached_sets(game: Game, profile: Floats) -> list[bool]:
    reached = reach(game, edge_weights(game, profile))
    return [bool(reached[list(group.members)].sum() > REACHED) for group in game.information_sets]


def _scale(game: Game) -> float:
    return max(float(np.abs(game.worth).max(initial=0.0)), 1e-300)


def weak_beliefs(game: Game, profile: Floats) -> Floats | None:
    """Return beliefs, (nodes,), that make a profile a weak perfect Bayesian equilibrium, or None if none do."""
    given = checked(game, profile)
    found = beliefs(game, given)
    for place, on in enumerate(_reached_sets(game, given)):
        members = list(game.information_sets[place].members)
        held = weakly_rational(game, given, place, found[members] if on else None, TOLERANCE * _scale(game))
        if held is None:
            return None
        found[members] = held
    return found


def sequential_beliefs(game: Game, profile: Floats) -> Floats | None:
    """Return consistent beliefs, (nodes,), that make a profile a sequential equilibrium, or None if none were found.

    None is a proof unless several sets that are not reached hang on the same untaken actions in such a way that their
    beliefs cannot be chosen apart; then weights are looked for numerically and None means that none were found.
    """
    given = checked(game, profile)
    found = beliefs(game, given)
    gains = _gains(game, given)
    slack = TOLERANCE * _scale(game)
    off = []
    for place, on in enumerate(_reached_sets(game, given)):
        members = list(game.information_sets[place].members)
        if on and (gains[place] @ found[members] < -slack).any():
            return None
        if not on:
            off.append(place)
    choices = []
    for place in off:
        options = [
            part for part in _parts(len(gains[place][0])) if positive_belief(gains[place][:, part], slack) is not None
        ]
        if not options:
            return None
        choices.append(options)
    for parts in _orderly(game, given, off, choices):
        held = fit_weights(game, given, off, parts, gains, slack)
        if held is not None:
            for place, belief in zip(off, held, strict=True):
                found[list(game.information_sets[place].members)] = belief
            return found
    return None


def _gains(game: Game, profile: Floats) -> list[Floats]:
    """Return, per set, what the profile's play yields over each action at each node, (actions, members)."""
    worth = node_values(game, profile)
    found = []
    for group in game.information_sets:
        after = np.array([[worth[child, group.player] for child in game.children[node]] for node in group.members])
        found.append((after @ profile[group.span] - after.T).reshape(len(group.actions), len(group.members)))
    return found


def _parts(size: int) -> list[tuple[int, ...]]:
    """Return every choice of at least one of so many."""
    return [part for count in range(1, size + 1) for part in combinations(range(size), count)]


def _orderly(
    game: Game, profile: Floats, off: list[int], choices: list[list[tuple[int, ...]]]
) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Yield the choices of nodes believed in that some orders k of the untaken actions make the likeliest."""
    counts = _untaken_on_path(game, np.flatnonzero(profile <= REACHED))
    tried = 0
    waiting: list[tuple[tuple[int, ...], ...]] = [()]
    while waiting:
        parts = waiting.pop()
        if parts and len(choices[len(parts) - 1]) > 1:
            tried += 1
            if tried > MOST_SUPPORTS:
                raise TooLargeError(f"more than {MOST_SUPPORTS:,} ways to believe were tried without an answer")
        if not _has_orders(game, counts, off[: len(parts)], parts):
            continue
        if len(parts) == len(off):
            yield parts
        else:
            waiting.extend((*parts, part) for part in reversed(choices[len(parts)]))


def _untaken_on_path(game: Game, untaken: Longs) -> Floats:
    """Return how often each untaken action lies on the way to each node, (nodes, untaken)."""
    column = {int(entry): k for k, entry in enumerate(untaken)}
    found = np.zeros((len(game.nodes), len(untaken)))
    for node in range(1, len(found)):
        found[node] = found[game.parent[node]]
        if (entry := int(game.action[node])) in column:
            found[node, column[entry]] += 1
    return found


def _has_orders(game: Game, counts: Floats, off: list[int], parts: tuple[tuple[int, ...], ...]) -> bool:
    """Whether orders k >= 1 exist whose sums are least, and equal, exactly on the nodes believed in."""
    equal: list[Floats] = []
    above: list[Floats] = []
    for place, part in zip(off, parts, strict=True):
        members = game.information_sets[place].members
        base = counts[members[part[0]]]
        for k, node in enumerate(members):
            if k != part[0]:
                (equal if k in part else above).append(counts[node] - base)
    if any(not row.any() for row in above):
        return False
    if not equal and not above:
        return True
    size = counts.shape[1]
    solved = linprog(
        np.zeros(size),
        A_ub=-np.array(above) if above else None,
        b_ub=-np.ones(len(above)) if above else None,
        A_eq=np.array(equal) if equal else None,
        b_eq=np.zeros(len(equal)) if equal else None,
        bounds=[(1, None)] * size,
    )
    return bool(solved.status == 0)
