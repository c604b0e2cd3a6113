"""Pay-offs of the crisis game from what happened between many pairs of states, by maximum likelihood.

Each pay-off is linear in covariates of the pair; which end came about how often is counted. Where the pay-offs of a
pair admit several equilibria the likelihood says by a rule which one is played: ``most_likely`` takes, pair by pair,
the one under which its own record is likeliest (more freedom than one record can discipline: use it with several crises
a pair), the others take the same one everywhere (``crisis_game.Rule``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import minimize
from scipy.special import erfcx, ndtr

from .bivariate_normal import density
from .crisis_game import (
    EDGE,
    OUTCOMES,
    PAYOFFS,
    ROOT,
    RULES,
    Rule,
    basins,
    outcome_logs,
    reply,
    reply_only,
    resistance_grid,
    thresholds,
)
from .extensive_form import Floats, Longs

EstimationRule = Literal["most_likely", "least_resistance", "most_resistance", "largest_basin"]
GRID = 20
"""Size of the grid on which equilibria of each pair are looked for; see ``resistance_grid``."""
FLAT = 1e-4
"""Greatest gradient of the mean log likelihood that counts as none."""
ROUNDS, SIMPLEX, WORTH_A_ROUND = 4, 400, 0.5
"""Rounds of the search across jumps at most, likelihoods in each, and the log likelihood for which another follows."""


@dataclass(frozen=True, eq=False)
class CrisisData:
    """What happened, and what may explain it.

    Parameters
    ----------
    counts
        int64, (pairs, 4): how often each of ``OUTCOMES`` came about.
    covariates
        Per pay-off that is estimated, (pairs, coefficients); a column of ones is a constant.
    held
        Pay-offs that are held at a number. Every pay-off is either estimated or held. Adding a number to all of one
        player's pay-offs changes nothing, so at least one of each player's must be held or lack a constant.
    """

    counts: Longs
    covariates: Mapping[str, Floats]
    held: Mapping[str, float]

    def __post_init__(self) -> None:
        if self.counts.ndim != 2 or self.counts.shape[1] != len(OUTCOMES) or (self.counts < 0).any():
            raise ValueError(f"counts have shape {self.counts.shape}, expected (pairs, {len(OUTCOMES)}) of 0 or more")
        named = [*self.covariates, *self.held]
        if sorted(named) != sorted(PAYOFFS):
            raise ValueError(f"each of {', '.join(PAYOFFS)} is either estimated or held once, got {', '.join(named)}")
        for name, columns in self.covariates.items():
            if columns.ndim != 2 or len(columns) != len(self.counts) or not np.isfinite(columns).all():
                raise ValueError(
                    f"covariates of {name} have shape {columns.shape}, expected ({len(self.counts)}, coefficients) "
                    "of finite numbers"
                )

    @property
    def names(self) -> tuple[tuple[str, int], ...]:
        """(pay-off, column) of every coefficient, in order."""
        return tuple((name, k) for name in PAYOFFS if name in self.covariates for k in range(self._width(name)))

    def _width(self, name: str) -> int:
        return int(self.covariates[name].shape[1])

    def payoffs(self, coefficients: Floats) -> Floats:
        """Return the pay-offs of every pair, (pairs, 7)."""
        found = np.empty((len(self.counts), len(PAYOFFS)))
        at = 0
        for place, name in enumerate(PAYOFFS):
            if name in self.covariates:
                found[:, place] = self.covariates[name] @ coefficients[at : at + self._width(name)]
                at += self._width(name)
            else:
                found[:, place] = self.held[name]
        return found

    def pulled_back(self, slopes: Floats) -> Floats:
        """Return derivatives in the coefficients from derivatives in the pay-offs, (pairs, 7)."""
        parts = [
            self.covariates[name].T @ slopes[:, PAYOFFS.index(name)] for name in PAYOFFS if name in self.covariates
        ]
        return np.concatenate(parts)


def counted(outcomes: Longs, pairs: Longs, size: int) -> Longs:
    """Return counts, (size, 4), from one record a crisis: the place of its outcome in ``OUTCOMES`` and of its pair."""
    if len(outcomes) != len(pairs) or outcomes.min(initial=0) < 0 or outcomes.max(initial=0) >= len(OUTCOMES):
        raise ValueError(f"one outcome 0..{len(OUTCOMES) - 1} and one pair for each crisis are needed")
    found = np.zeros((size, len(OUTCOMES)), dtype=np.int64)
    np.add.at(found, (pairs, outcomes), 1)
    return found


@dataclass(frozen=True, eq=False)
class CrisisEstimate:
    """Coefficients of the pay-offs.

    Parameters
    ----------
    names
        (pay-off, column of its covariates) of each coefficient.
    coefficients, standard_errors
        (coefficients,); errors from the inverse of the Hessian, nan where it has none.
    covariance
        (coefficients, coefficients).
    log_likelihood
        At the estimate; at least that of the best start.
    starts
        Log likelihood reached from each start, best first; unlike values mean several local maxima.
    converged
        Whether the gradient vanished at the best start.
    beside_a_jump
        Whether it did not, and a search without derivatives ended there: an equilibrium appears or vanishes next to the
        estimate and the likelihood jumps. The errors are then those of the smooth side and too small.
    rule
        Which equilibrium is taken where a pair has several.
    several
        How many pairs have several equilibria at the estimate.
    """

    names: tuple[tuple[str, int], ...]
    coefficients: Floats
    standard_errors: Floats
    covariance: Floats
    log_likelihood: float
    starts: Floats
    converged: bool
    beside_a_jump: bool
    rule: EstimationRule
    several: int


def all_resistances(payoffs: Floats, points: int = GRID) -> tuple[Longs, Floats]:
    """Return every equilibrium of every pair that the grid tells apart: (pair, probability of resistance), in order.

    Next to 0 and 1, beyond the grid, an equilibrium stands at its edge.

    Cost: pairs times grid points, then some twenty Newton steps kept within brackets.
    """
    grid = resistance_grid(points)
    gaps = reply_only(payoffs[:, None, :], grid[None]) - grid
    pair, place = np.nonzero((gaps[:, :-1] > 0) != (gaps[:, 1:] > 0))
    low, high = grid[place], grid[place + 1]
    rising = gaps[pair, place] <= 0
    worth = payoffs[pair]
    root = (low + high) / 2
    for _ in range(60):
        found = reply(worth, root)
        gap = found.reply - root
        right = (gap > 0) != rising  # the root lies above
        low, high = np.where(right, root, low), np.where(right, high, root)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = root - gap / (found.slope - 1)
        inside = (step >= low) & (step <= high)
        following = np.where(inside, step, (low + high) / 2)
        if np.abs(following - root).max(initial=0.0) < 1e-12:
            break
        root = following
    none, all_of = np.flatnonzero(gaps[:, 0] <= 0), np.flatnonzero(gaps[:, -1] > 0)
    pair = np.r_[none, pair, all_of]
    root = np.r_[np.full(len(none), EDGE), root, np.full(len(all_of), 1 - EDGE)]
    order = np.lexsort((root, pair))
    return pair[order].astype(np.int64), np.clip(root, EDGE, 1 - EDGE)[order]


def chosen_resistance(data: CrisisData, payoffs: Floats, rule: EstimationRule) -> tuple[Floats, Longs]:
    """Return the probability of resistance that a rule takes for every pair, and how many equilibria each pair has."""
    pair, root = all_resistances(payoffs)
    count = np.bincount(pair, minlength=len(payoffs))
    found = np.empty(len(payoffs))
    alone = count[pair] == 1
    found[pair[alone]] = root[alone]
    for here in np.flatnonzero(count > 1):
        roots = root[pair == here]
        found[here] = roots[_chosen(data.counts[here], payoffs[here], roots, rule)]
    return found, count.astype(np.int64)


def _chosen(counts: Longs, payoffs: Floats, roots: Floats, rule: EstimationRule) -> int:
    if rule == "most_likely":
        return int(np.argmax((counts * outcome_logs(payoffs[None], roots)).sum(axis=1)))
    stable = reply(payoffs[None], roots).slope < 1
    if rule == "largest_basin":
        return int(np.argmax(basins(roots, stable)))
    return int(np.flatnonzero(stable)[0 if rule == "least_resistance" else -1])


def log_likelihood(data: CrisisData, coefficients: Floats, rule: EstimationRule) -> tuple[float, Floats]:
    """Return the log likelihood and its gradient, (coefficients,), with the choice of equilibria held.

    The resistance moves with the pay-offs as the implicit function theorem says. At coefficients where an equilibrium
    appears or vanishes the likelihood jumps and the gradient is that of one side.
    """
    payoffs = data.payoffs(coefficients)
    resist, _ = chosen_resistance(data, payoffs, rule)
    logs = np.maximum(outcome_logs(payoffs, resist), -700.0)
    with np.errstate(all="ignore"):
        slopes = (data.counts[:, :, None] * np.nan_to_num(_slopes(payoffs, resist))).sum(axis=1)
    return float((data.counts * logs).sum()), data.pulled_back(slopes)


def _slopes(payoffs: Floats, resist: Floats) -> Floats:
    """Return derivatives of the outcome logarithms in the pay-offs, (pairs, 4, 7), resistance moving along."""
    h, k, d = thresholds(payoffs, resist)
    found = reply(payoffs, resist)
    cut = np.zeros((len(payoffs), 8))  # derivatives of c in the pay-offs, then in r
    cut[:, 0], cut[:, 1] = 1 / resist, 1 - 1 / resist
    cut[:, 7] = (payoffs[:, 1] - payoffs[:, 0]) / resist**2
    h_slope, k_slope, d_slope = -cut, -cut, np.zeros_like(cut)
    h_slope[:, 2] += 1
    k_slope[:, 3] += 1
    d_slope[:, 2], d_slope[:, 3] = ROOT, -ROOT
    joint = (density(h) * ndtr(-k))[:, None] * h_slope + (density(d) * ndtr(h / ROOT - d))[:, None] * d_slope
    retreat = (density(k) * ndtr(-h))[:, None] * k_slope - (density(d) * ndtr(k / ROOT + d))[:, None] * d_slope
    challenge = joint + retreat
    fight = (joint - found.fight[:, None] * challenge) / found.challenge[:, None]
    score = -((payoffs[:, 6] - payoffs[:, 4]) / found.fight**2)[:, None] * fight
    score[:, 4:7] += np.stack([-1 / found.fight, np.ones_like(resist), 1 / found.fight - 1], axis=1)
    resists, concedes = _hazard(-found.score)[:, None] * score, -_hazard(found.score)[:, None] * score
    logs = np.stack(
        [
            -(_hazard(h)[:, None] * h_slope + _hazard(k)[:, None] * k_slope),
            challenge / found.challenge[:, None] + concedes,
            retreat / np.maximum(found.retreat, 1e-300)[:, None] + resists,
            joint / np.maximum(found.joint, 1e-300)[:, None] + resists,
        ],
        axis=1,
    )
    moved = (density(found.score) / (1 - found.slope))[:, None] * score[:, :7]
    return np.asarray(logs[:, :, :7] + logs[:, :, 7:] * moved[:, None, :])


def _hazard(x: Floats) -> Floats:
    """Return the density over the probability of lying below -x: phi(x) / Phi(-x)."""
    return np.asarray(np.sqrt(2 / np.pi) / erfcx(x / np.sqrt(2)))


def estimate(
    data: CrisisData, rule: EstimationRule, generator: np.random.Generator, starts: int = 4, start: Floats | None = None
) -> CrisisEstimate:
    """Which pay-offs make what happened likeliest?

    Maximum likelihood for the crisis game (Lewis and Schultz 2003; the trouble with several equilibria: Jo 2011), by
    BFGS with exact gradients from several starts; where the gradient does not vanish at the best of them, because the
    likelihood jumps, rounds of Nelder and Mead's simplex and BFGS follow until one gains nothing.

    Parameters
    ----------
    data
        Counts, covariates and held pay-offs.
    rule
        Which equilibrium is played where a pair has several.
    generator
        Draws the starts after the first: normal with standard deviation 0.5 around it.
    starts
        How many starts, 1 or more.
    start
        The first start; all zero by default.

    Returns
    -------
    CrisisEstimate
        Errors rest on the curvature at the maximum. Cost: about a hundred likelihoods a start, and up to
        ``ROUNDS * SIMPLEX`` more where the likelihood jumps.
    """
    if rule not in {"most_likely", *RULES}:
        raise ValueError(f"the rule is one of most_likely, {', '.join(RULES)}, got {rule!r}")
    if starts < 1:
        raise ValueError(f"one start at least is needed, got {starts}")
    size = len(data.names)
    first = np.zeros(size) if start is None else np.asarray(start, dtype=np.float64)
    crises = max(int(data.counts.sum()), 1)

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        value, slope = log_likelihood(data, coefficients, rule)
        return -value / crises, -slope / crises

    runs = []
    for number in range(starts):
        at = first if number == 0 else first + generator.normal(0, 0.5, size)
        runs.append(minimize(loss, at, jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 500}))
    runs.sort(key=lambda run: float(run.fun))
    best, ended = np.asarray(runs[0].x, dtype=np.float64), False
    if np.abs(loss(best)[1]).max() >= FLAT:
        best, ended = _across_jumps(loss, best, crises, generator)
    converged = bool(np.abs(loss(best)[1]).max() < FLAT)
    covariance = _covariance(data, best, rule)
    payoffs = data.payoffs(best)
    return CrisisEstimate(
        names=data.names,
        coefficients=best,
        standard_errors=np.sqrt(np.where(np.diag(covariance) >= 0, np.diag(covariance), np.nan)),
        covariance=covariance,
        log_likelihood=-loss(best)[0] * crises,
        starts=-np.array([float(run.fun) for run in runs]) * crises,
        converged=converged,
        beside_a_jump=ended and not converged,
        rule=rule,
        several=int((chosen_resistance(data, payoffs, rule)[1] > 1).sum()),
    )


def _across_jumps(
    loss: Callable[[Floats], tuple[float, Floats]], best: Floats, crises: int, generator: np.random.Generator
) -> tuple[Floats, bool]:
    """Return coefficients searched for without derivatives, and whether a round came that gained next to nothing."""
    size = len(best)

    def height(at: Floats) -> float:
        return loss(at)[0]

    for number in range(ROUNDS):
        before = loss(best)[0]
        sides = np.where(generator.random(size) < 0.5, -1, 1) * 0.3 / (1 + number)
        simplex: Floats = np.vstack([best, best + np.diag(sides)])
        searched = minimize(
            height,
            best,
            method="Nelder-Mead",
            options={"initial_simplex": simplex, "maxfev": SIMPLEX, "adaptive": True},
        )
        closed_in = minimize(loss, searched.x, jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 60})
        best = np.asarray(min((best, searched.x, closed_in.x), key=height), dtype=np.float64)
        if (before - loss(best)[0]) * crises < WORTH_A_ROUND:
            return best, True
    return best, False


def _covariance(data: CrisisData, at: Floats, rule: EstimationRule) -> Floats:
    """Return the inverse of the observed information, from differences of gradients; nan where it has none."""
    size, step = len(at), 1e-5
    table = np.empty((size, size))
    for k in range(size):
        shift = np.zeros(size)
        shift[k] = step
        ahead, back = (log_likelihood(data, at + sign * shift, rule)[1] for sign in (1, -1))
        table[k] = -(ahead - back) / (2 * step)
    information = (table + table.T) / 2
    if not np.isfinite(information).all() or np.linalg.eigvalsh(information)[0] <= 0:
        return np.full((size, size), np.nan)
    return np.asarray(np.linalg.inv(information))


def simulated(
    data: CrisisData, coefficients: Floats, crises: int, rule: Rule, generator: np.random.Generator
) -> CrisisData:
    """Return data in which every pair goes through so many crises, played out with drawn private terms.

    Nothing here uses the outcome probabilities: terms are drawn and each player chooses by its own threshold.
    """
    payoffs = data.payoffs(coefficients)
    resist, _ = chosen_resistance(data, payoffs, rule)
    found = reply(payoffs, resist)
    status_quo, gain, war, back_down, concede, defender_war, hold = (payoffs[:, [k]] for k in range(len(PAYOFFS)))
    terms = generator.standard_normal((3, len(payoffs), crises))
    fights, retreats = war + terms[0], back_down + terms[1]
    chance, war_chance = resist[:, None], found.fight[:, None]
    challenges = chance * np.maximum(fights, retreats) + (1 - chance) * gain > status_quo
    resists = war_chance * (defender_war + terms[2]) + (1 - war_chance) * hold > concede
    outcome = np.where(~challenges, 0, np.where(~resists, 1, np.where(fights > retreats, 3, 2)))
    counts = np.stack([(outcome == k).sum(axis=1) for k in range(len(OUTCOMES))], axis=1)
    return CrisisData(counts.astype(np.int64), data.covariates, data.held)
