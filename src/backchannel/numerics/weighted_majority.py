"""A few elites who each weigh something: the government falls if those who move weigh more than a quota."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from backchannel.errors import NotSupportedError, TooLargeError
from backchannel.numerics.global_game import Stakes

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_PLAYERS = 10
"""Players up to which every profile is written out."""
TIE = 1e-12
"""Weight, and pay-off, within which two values count as equal."""
SATURATED = 40.0
"""Log-odds beyond which a chance is 0 or 1 to double precision."""
_STEP = 0.05
_LONGEST = 20_000
_TOLD_EVERY = 32


@dataclass(frozen=True)
class LogitPath:
    """The principal branch of logit equilibria.

    Parameters
    ----------
    rationality
        float64, shape (points,): the logit parameter along the branch; it may fall back where the branch folds.
    moving
        float64, shape (points, players): chance that each moves.
    """

    rationality: Floats
    moving: Floats


def profiles(players: int) -> Bools:
    """Return every profile, shape (2**players, players): who moves, the first player slowest."""
    if players > MOST_PLAYERS:
        raise TooLargeError(f"{players} elites have {2**players:,} profiles; at most {MOST_PLAYERS} are written out")
    rows = np.arange(2**players)[:, None]
    return np.asarray((rows >> np.arange(players - 1, -1, -1)) & 1, dtype=np.bool_)


def pure_equilibria(weights: Floats, stakes: Stakes, quota: Floats) -> Bools:
    """Return which profiles are Nash equilibria in pure strategies, shape (rows, 2**players).

    ``weights`` and the pay-offs have shape (rows, players), ``quota`` (rows,); the government falls if those who move
    weigh more than the quota. By enumeration: exact. Cost: rows x 2**players x players.
    """
    everyone = profiles(weights.shape[1])
    moved = weights @ everyone.T
    holds = np.ones(moved.shape, dtype=bool)
    for player in range(weights.shape[1]):
        own = everyone[:, player]
        others = moved - np.where(own, weights[:, [player]], 0.0)
        here = own, others
        stay, move = _pay_offs(player, weights, stakes, quota, here[1])
        holds &= np.where(own, move >= stay - TIE, stay >= move - TIE)
    return holds


def _pay_offs(player: int, weights: Floats, stakes: Stakes, quota: Floats, others: Floats) -> tuple[Floats, Floats]:
    """Return what staying and moving pay a player given what the others weigh who move, shape of ``others``."""
    falls_without = others > quota[:, None] + TIE
    falls_with = others + weights[:, [player]] > quota[:, None] + TIE
    k = slice(player, player + 1)
    stay = np.where(falls_without, stakes.stay_falls[:, k], stakes.stay_survives[:, k])
    move = np.where(falls_with, stakes.move_falls[:, k], stakes.move_survives[:, k])
    return stay, move


def logit_path(
    weights: Floats, stakes: Stakes, quota: float, up_to: float, progress: Callable[[], None] = lambda: None
) -> LogitPath:
    """Trace the logit equilibria of one game from indifference (parameter 0) until ``up_to``.

    Source: McKelvey and Palfrey (1995); Turocy (2005) on following the branch through its folds. By predictor and
    corrector along the branch's own length, in units of the largest gain, so that points and hundreds of points are
    traced alike. Once everybody's choice is certain to double precision, the branch is a straight line and is not
    followed further. ``weights`` and pay-offs have shape (players,); ``progress`` is called every few steps and may
    raise to stop. Cost: 2**players x players**2 a step.

    Raises
    ------
    NotSupportedError
        If the branch does not reach the parameter within the steps allowed.
    """
    unit = _largest_gain(stakes)
    four = (stakes.stay_survives, stakes.stay_falls, stakes.move_survives, stakes.move_falls)
    scaled = Stakes(*(pay / unit for pay in four))
    game, end = _Game.of(weights, scaled, quota), up_to * unit
    players = weights.size
    point = np.zeros(players + 1)
    tangent = np.append(np.zeros(players), 1.0)
    found = [point]
    step = _STEP
    for turn in range(_LONGEST):
        if turn % _TOLD_EVERY == 0:
            progress()
        tangent = game.tangent(point, tangent)
        following = game.corrected(point + step * tangent, tangent)
        if following is None:
            step /= 2
            if step < 1e-9:
                break
            continue
        if following[-1] >= end:
            found.append(game.at(found[-1], following, end))
            return _path(found, unit)
        if game.settled(following):
            found.append(np.append(end * game.gains(following[:-1])[0], end))
            return _path(found, unit)
        point, step = following, min(step * 1.3, 0.5)
        found.append(point)
    raise NotSupportedError(f"the branch of logit equilibria was not followed up to a parameter of {up_to:g}")


def _largest_gain(stakes: Stakes) -> float:
    """Return the most that any player's choice between the four outcomes can matter, above 0."""
    ends = np.stack([stakes.stay_survives, stakes.stay_falls, stakes.move_survives, stakes.move_falls])
    widest = float(np.max(ends.max(axis=0) - ends.min(axis=0)))
    return widest if widest > 0 else 1.0


def _path(found: list[Floats], unit: float) -> LogitPath:
    path = np.stack(found)
    return LogitPath(path[:, -1] / unit, expit(path[:, :-1]))


@dataclass(frozen=True)
class _Game:
    """Log-odds y of moving and the parameter: y_i = parameter times the gain of moving at the others' odds.

    ``others`` (players, profiles, players) says who of the others moves, ``difference`` (players, profiles) what moving
    then pays above staying.
    """

    others: Bools
    difference: Floats

    @classmethod
    def of(cls, weights: Floats, stakes: Stakes, quota: float) -> _Game:
        """Write out, for each player, every profile of the others and what moving pays in it."""
        everyone = profiles(weights.size)
        others = np.stack([everyone[~everyone[:, i]] for i in range(weights.size)])
        moved = others @ weights
        falls, falls_with = moved > quota + TIE, moved + weights[:, None] > quota + TIE
        stay = np.where(falls, stakes.stay_falls[:, None], stakes.stay_survives[:, None])
        return cls(others, np.where(falls_with, stakes.move_falls[:, None], stakes.move_survives[:, None]) - stay)

    def gains(self, odds: Floats) -> tuple[Floats, Floats]:
        """Return each player's gain of moving, and its derivatives by the others' log-odds (players, players)."""
        chance, own = expit(odds), np.arange(odds.size)
        factors = np.where(self.others, chance, 1 - chance)
        factors[own, :, own] = 1.0
        ones = np.ones_like(factors[:, :, :1])
        before = np.concatenate([ones, np.cumprod(factors, axis=2)], axis=2)
        after = np.concatenate([np.cumprod(factors[:, :, ::-1], axis=2)[:, :, ::-1], ones], axis=2)
        value = np.einsum("ir,ir->i", before[:, :, -1], self.difference)
        rest = before[:, :, :-1] * after[:, :, 1:] * np.where(self.others, 1.0, -1.0)
        slope = np.einsum("irj,ir->ij", rest, self.difference) * chance * (1 - chance)
        slope[own, own] = 0.0
        return np.asarray(value), np.asarray(slope)

    def _system(self, point: Floats) -> tuple[Floats, Floats]:
        value, slope = self.gains(point[:-1])
        jacobian = np.concatenate([np.eye(value.size) - point[-1] * slope, -value[:, None]], axis=1)
        return point[:-1] - point[-1] * value, jacobian

    def settled(self, point: Floats) -> bool:
        """Return whether every choice is certain to double precision, and the more so the higher the parameter."""
        odds = point[:-1]
        return float(np.min(np.abs(odds))) > SATURATED and bool((odds * self.gains(odds)[0] > 0).all())

    def tangent(self, point: Floats, before: Floats) -> Floats:
        """Return the unit tangent that does not turn back."""
        _, jacobian = self._system(point)
        direction = np.linalg.svd(jacobian)[2][-1]
        return np.asarray(direction if direction @ before >= 0 else -direction)

    def corrected(self, point: Floats, tangent: Floats) -> Floats | None:
        """Return the point of the branch in the plane through a guess across the tangent; None if Newton fails."""
        guess = point.copy()
        for _ in range(12):
            residual, jacobian = self._system(guess)
            system = np.concatenate([jacobian, tangent[None]])
            move = np.linalg.solve(system, -np.append(residual, tangent @ (guess - point)))
            guess = guess + move
            if float(np.max(np.abs(move))) < 1e-13:
                break
        residual, _ = self._system(guess)
        sound = bool(np.isfinite(guess).all()) and float(np.max(np.abs(residual))) < 1e-10
        return np.asarray(guess) if sound and float(np.linalg.norm(guess - point)) < 0.5 else None

    def at(self, before: Floats, after: Floats, parameter: float) -> Floats:
        """Return the point between two of the branch at which the parameter has a value."""
        part = (parameter - before[-1]) / (after[-1] - before[-1])
        guess = before + part * (after - before)
        guess[-1] = parameter
        for _ in range(50):
            residual, jacobian = self._system(guess)
            move = np.linalg.solve(jacobian[:, :-1], -residual)
            guess[:-1] += move
            if float(np.max(np.abs(move))) < 1e-14:
                break
        return np.asarray(guess, dtype=np.float64)
