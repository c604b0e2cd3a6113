"""Logit agent quantal response equilibria of a finite game, traced along the rationality.

At rationality lambda every information set takes its actions with probabilities proportional to exp(lambda * value),
where the value of an action is what it is worth to the player given that the set is reached (McKelvey and Palfrey
1998). Lambda is per unit of pay-off: rescaling a player's pay-offs rescales it. At 0 all actions are alike; the branch
of equilibria that starts there is followed by predictor and corrector steps in the logarithms of the probabilities and
lambda together, so that it is followed round bends (as Turocy 2005 does for games in normal form).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import NotSupportedError
from .behaviour import Values, action_values, centroid
from .extensive_form import Floats, Game

TOLERANCE = 1e-11
"""Largest residual of log(p_a / p_0) = lambda (value_a - value_0) that is accepted, relative to 1 + lambda."""
MOST_STEPS = 20_000
DEEPEST = 600.0
"""Negative logarithm of a path's probability beyond which doubles no longer hold it."""


@dataclass(frozen=True, eq=False)
class LogitPath:
    """The branch of logit equilibria from the centroid on.

    Parameters
    ----------
    rationality
        Lambda of each point, (points,); it may fall for a stretch where the branch bends.
    profiles
        Behaviour profiles, (points, actions).
    residual
        Largest error of a logit equation at each point, (points,).
    complete
        Whether the branch was followed to the rationality asked for; otherwise probabilities became too small to hold
        or steps ran out.
    """

    rationality: Floats
    profiles: Floats
    residual: Floats
    complete: bool


class _System:
    """The equations of a game: F(log p, lambda) = 0, with derivatives by complex steps (exact to rounding)."""

    def __init__(self, game: Game) -> None:
        self._game = game
        self._groups = [group.span for group in game.information_sets]

    def residual(self, points: Values) -> Values:
        """Return the equations at points (..., actions + 1): a sum to 1 per set, and one per further action."""
        logs, rationality = points[..., :-1], points[..., -1:]
        chances = np.exp(logs)
        worth = action_values(self._game, chances)
        found = np.empty_like(logs)
        for span in self._groups:
            start = span.start
            found[..., start] = chances[..., span].sum(axis=-1) - 1
            gaps = logs[..., start + 1 : span.stop] - logs[..., start : start + 1]
            gains = worth[..., start + 1 : span.stop] - worth[..., start : start + 1]
            found[..., start + 1 : span.stop] = gaps - rationality * gains
        return found

    def jacobian(self, point: Floats) -> Floats:
        """Return the derivatives, (actions, actions + 1)."""
        step = 1e-30
        shifted = point + 1j * step * np.eye(len(point))
        return np.asarray(self.residual(shifted).imag.T / step)

    def error(self, point: Floats) -> float:
        """Return the largest residual relative to 1 + lambda."""
        with np.errstate(all="ignore"):
            found = np.abs(self.residual(point)).max(initial=0.0) / (1 + abs(point[-1]))
        return float(found) if np.isfinite(found) else np.inf


def logit_path(game: Game, most: float, largest_step: float = 0.5) -> LogitPath:
    """How does play change as the players come to choose the better action more surely?

    McKelvey and Palfrey (1998). For almost every game the branch from the centroid is a curve without forks; its limit
    as lambda grows is a sequential equilibrium of the game.

    Parameters
    ----------
    game
        Any number of players, chance and imperfect information.
    most
        Rationality to reach, per unit of pay-off, above 0.
    largest_step
        Longest step along the curve, in logarithms of probabilities and lambda.

    Returns
    -------
    LogitPath
        Residuals below ``TOLERANCE`` relative to 1 + lambda; the last point lies at ``most`` if ``complete``. Cost: a
        few evaluations of actions + 1 profiles and a dense solve a step.
    """
    if not most > 0 or not np.isfinite(most):
        raise ValueError(f"the rationality to reach must be a positive number, got {most}")
    if not game.actions:
        raise ValueError("nobody moves in this game")
    system = _System(game)
    point = np.append(np.log(centroid(game)), 0.0)
    points = [point]
    tangent = _tangent(system, point, np.append(np.zeros(len(point) - 1), 1.0))
    length, complete = min(0.05, largest_step), False
    for _ in range(MOST_STEPS):
        length = min(length, largest_step)
        found, turns = _corrected(system, point + length * tangent)
        if found is None or np.linalg.norm(found - point) > 2 * length:
            length /= 2
            if length < 1e-9:
                break
            continue
        if found[-1] >= most:
            last = _at(system, point, found, most)
            complete = last is not None
            points += [last] if last is not None else []
            break
        if _deepest(game, found) > DEEPEST:
            break
        tangent = _tangent(system, found, tangent)
        point = found
        points.append(point)
        length *= 1.5 if turns <= 2 else 1.0 if turns <= 4 else 0.6
    table = np.array(points)
    return LogitPath(
        rationality=table[:, -1],
        profiles=_normalised(game, np.exp(table[:, :-1])),
        residual=np.array([system.error(row) * (1 + row[-1]) for row in table]),
        complete=complete,
    )


def logit_equilibrium(game: Game, rationality: float) -> Floats:
    """Return the behaviour profile, (actions,), of the branch from the centroid where it first meets a rationality.

    The branch may meet it again after a bend, and other branches may exist: those are not looked for. Raises
    ``NotSupportedError`` where ``logit_path`` does not get that far. ``rationality`` is 0 or more.
    """
    if rationality == 0:
        return centroid(game)
    path = logit_path(game, rationality)
    if not path.complete:
        raise NotSupportedError(
            f"at rationality {path.rationality[-1]:.4g} probabilities are too small to hold; "
            f"{rationality:.4g} is out of reach: ask for less"
        )
    return np.asarray(path.profiles[-1])


def logit_residual(game: Game, profile: Floats, rationality: float) -> float:
    """Return the largest difference between a profile, all of it positive, and its logit reply, in probability."""
    worth = action_values(game, np.asarray(profile, dtype=np.float64))
    largest = 0.0
    for group in game.information_sets:
        scores = rationality * (worth[group.span] - worth[group.span].max())
        reply = np.exp(scores) / np.exp(scores).sum()
        largest = max(largest, float(np.abs(reply - profile[group.span]).max()))
    return largest


def _tangent(system: _System, point: Floats, before: Floats) -> Floats:
    """Return the direction of the curve, of length 1, that goes on the way it went before."""
    found = np.linalg.svd(system.jacobian(point))[2][-1]
    return np.asarray(found if found @ before >= 0 else -found)


def _corrected(system: _System, guess: Floats) -> tuple[Floats | None, int]:
    """Return the nearest point of the curve by Newton steps of least length, and how many it took."""
    point = guess
    for turn in range(1, 9):
        with np.errstate(all="ignore"):
            value = system.residual(point)
            slope = system.jacobian(point)
        if not (np.isfinite(value).all() and np.isfinite(slope).all()):
            return None, turn
        point = point - np.linalg.lstsq(slope, value, rcond=None)[0]
        if system.error(point) < TOLERANCE:
            return point, turn
    return None, 9


def _at(system: _System, low: Floats, high: Floats, rationality: float) -> Floats | None:
    """Return the point between two of the curve at a rationality, by Newton steps with lambda held."""
    share = (rationality - low[-1]) / (high[-1] - low[-1])
    point = low + share * (high - low)
    point[-1] = rationality
    for _ in range(30):
        step = np.linalg.solve(system.jacobian(point)[:, :-1], system.residual(point))
        point = np.append(point[:-1] - step, rationality)
        if system.error(point) < TOLERANCE / 10:
            break
    return point if system.error(point) < TOLERANCE else None


def _deepest(game: Game, point: Floats) -> float:
    """Return the largest negative logarithm of the probability of a path."""
    total = np.zeros(len(game.parent))
    for level in game.levels:
        entry = game.action[level]
        total[level] = total[game.parent[level]] - np.where(entry >= 0, point[entry], 0.0)
    return float(total.max())


def _normalised(game: Game, profiles: Floats) -> Floats:
    for group in game.information_sets:
        profiles[:, group.span] /= profiles[:, group.span].sum(axis=1, keepdims=True)
    return profiles
