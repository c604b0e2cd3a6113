"""Schedules of tranches by linear programming: the smallest bond, the fewest steps, and proofs that none exists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from backchannel.errors import NotSupportedError
from backchannel.numerics.tranches import (
    MOST_STEPS,
    NEVER,
    TOLERANCE,
    Plans,
    Programme,
    Schedule,
    Swap,
    act_credence,
    conditions,
    programme,
    whole,
)

Floats = NDArray[np.float64]
EXACT: Any = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
Aim = Literal["first", "largest", "soonest"]
"""What a schedule keeps small: its first step, its largest step; or nothing, and it delivers as soon as it can."""

NIL = 1e-9
"""Share of a cost below which the solver cannot tell a bond from none."""
SMALLEST_SCALE = 1e-8


@dataclass(frozen=True, eq=False)
class Certificate:
    """Why there is no schedule (Farkas): non-negative weights on the conditions that add up to a contradiction.

    ``weights @ rows + pulls @ sums >= 0`` in every share, yet ``weights @ limits + pulls @ ones = -gap < 0``.
    """

    weights: Floats
    pulls: Floats
    gap: float


def find_schedule(swap: Swap, steps: int, plans: Plans = (NEVER, NEVER), aim: Aim = "first") -> Schedule | None:
    """Return a schedule of so many steps, or None if there is none (see :func:`prove_none`).

    Among all, the one with the smallest first (or largest) step as a share of a leg, and of those the soonest.
    Two linear programmes of 2 x steps variables.
    """
    made = programme(swap, steps, plans)
    chosen = _solve_in_turn(made.rows, made.limits, made.sums, _goals(steps, aim))
    if chosen is None:
        return None
    shares = np.clip(chosen[: 2 * steps].reshape(2, steps), 0.0, 1.0)
    return Schedule(shares, swap.bond.copy(), plans, act_credence(swap.belief, plans, steps))


def _goals(steps: int, aim: Aim) -> list[Floats]:
    """Return what to minimise, one after another; the last variable is the largest share."""
    soonest = np.tile(np.arange(steps, dtype=np.float64), 2)
    first = np.tile(np.eye(1, steps)[0], 2)
    goals = {
        "first": [np.append(first, 0.0)],
        "largest": [np.append(np.zeros(2 * steps), 1.0)],
        "soonest": [],
    }[aim]
    return [*goals, np.append(soonest, 0.0)]


def _solve_in_turn(rows: Floats, limits: Floats, sums: Floats, goals: list[Floats]) -> Floats | None:
    """Minimise one goal after another, each held within the tolerance once reached."""
    count = rows.shape[1]
    above = np.hstack([np.eye(count), -np.ones((count, 1))])
    rows = np.vstack([np.hstack([rows, np.zeros((len(rows), 1))]), above])
    limits = np.concatenate([limits, np.zeros(count)])
    sums = np.hstack([sums, np.zeros((len(sums), 1))])
    found = None
    for goal in goals:
        done = _minimum(goal, rows, limits, sums)
        if done is None:
            return found
        found = np.asarray(done.x)
        rows, limits = np.vstack([rows, goal]), np.append(limits, done.fun + TOLERANCE)
    return found


def _minimum(goal: Floats, rows: Floats, limits: Floats, sums: Floats) -> Any:
    """Minimise within the conditions, all sums at 1; None if they contradict one another.

    Raises
    ------
    NotSupportedError
        If the solver gives up: then nothing is known of whether there is a schedule.
    """
    done = linprog(goal, A_ub=rows, b_ub=limits, A_eq=sums, b_eq=np.ones(len(sums)), method="highs", options=EXACT)
    if done.status not in (0, 2):
        raise NotSupportedError(
            f"the solver gave up on a schedule ({done.message.strip()}), so nothing is known of whether there is one; "
            "ask for fewer tranches, or with points of like size"
        )
    return done if done.status == 0 else None


def smallest_bond(swap: Swap, steps: int, aim: Aim = "first") -> Schedule | None:
    """Return the schedule of so many steps that needs the smallest bond, or None if none of any size does."""
    bond = least_bonds(swap, steps)
    return None if bond is None else _with_bond(swap, steps, aim, bond)


def least_bonds(swap: Swap, steps: int) -> Floats | None:
    """Return the smallest bonds of both sides for so many steps, shape (2,), or None if none of any size does.

    A bond is measured as a share of the side's cost, what a single exchange would need; first the greater of the two
    shares is made as small as can be, then their sum. The swap's own bonds are ignored.
    """
    rows, _ = conditions(swap, steps, (NEVER, NEVER))
    count = 2 * steps + 2
    scale = _scales(swap, steps)
    shared = np.zeros((2, count + 1))
    for side in (0, 1):
        shared[side, 2 * steps + side], shared[side, -1] = 1.0 / swap.cost[side], -1.0
    unequal = np.vstack([np.hstack([-rows[:, :count], np.zeros((len(rows), 1))]), shared]) * scale
    limits = np.concatenate([rows[:, -1], np.zeros(2)])
    size = np.abs(unequal).max(axis=1)
    size[size == 0] = 1.0
    unequal, limits = unequal / size[:, None], limits / size
    sums = np.hstack([whole(steps), np.zeros((2, 3))]) * scale
    worst = np.append(np.zeros(count), 1.0)
    both = np.concatenate([np.zeros(2 * steps), scale[-1] / scale[-3:-1], [0.0]])
    bond = None
    for goal in (worst, both / both.max()):
        done = _minimum(goal, unequal, limits, sums)
        if done is None:
            break
        bond = np.maximum(done.x[2 * steps : count] * scale[2 * steps : count], 0.0)
        unequal, limits = np.vstack([unequal, goal]), np.append(limits, done.fun + TOLERANCE)
    return None if bond is None else _not_nil(swap, bond)


def _scales(swap: Swap, steps: int) -> Floats:
    """Return the sizes in which shares, bonds and their greatest are counted, shape (2 steps + 3,).

    Where nothing can be taken back, steps and bonds may shrink by cost / (discount x benefit) from one to the next, and
    would fall below what a solver tells from 0.
    """
    ratio = float(np.sqrt(np.prod(swap.cost / (swap.discount * swap.benefit))))
    shrinks = ratio < 1 and not np.any(swap.recall > 0)
    sizes = np.maximum(ratio ** np.arange(steps), SMALLEST_SCALE) if shrinks else np.ones(steps)
    return np.concatenate([sizes, sizes, sizes[-1] * swap.cost, sizes[-1:]])


def _not_nil(swap: Swap, bond: Floats) -> Floats:
    """Return bonds free of rounding; without any bond there is no schedule, so not both of them vanish."""
    found = np.where(bond > NIL * swap.cost, bond, 0.0)
    return found if np.any(found > 0) else NIL * swap.cost


def _with_bond(swap: Swap, steps: int, aim: Aim, bond: Floats) -> Schedule | None:
    """Return the schedule under the least bond, given a hair more so that rounding leaves it feasible."""
    given = np.where(bond > 0, bond * (1 + TOLERANCE) + TOLERANCE * swap.cost, 0.0)
    return find_schedule(replace(swap, bond=given), steps, (NEVER, NEVER), aim)


def fewest_steps(
    swap: Swap, plans: Plans = (NEVER, NEVER), most: int = MOST_STEPS, aim: Aim = "first"
) -> Schedule | None:
    """Return the shortest schedule of at most so many steps, or None.

    A step of nothing can be put in front of any schedule, so feasibility rises with the steps where nobody breaks, and
    bisection finds the least; plans that break are tried one length after another.
    """
    if plans != (NEVER, NEVER):
        least = max(plans)
        lengths = (find_schedule(swap, steps, plans, aim) for steps in range(least, min(most, least + 12) + 1))
        return next((found for found in lengths if found is not None), None)
    if find_schedule(swap, most, plans, aim) is None:
        return None
    low, high = 1, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if find_schedule(swap, middle, plans, aim) is not None else (middle + 1, high)
    return find_schedule(swap, low, plans, aim)


# ---- proofs ------------------------------------------------------------------------------------------------------


def prove_none(swap: Swap, steps: int, plans: Plans = (NEVER, NEVER)) -> Certificate | None:
    """Return weights that prove that no schedule of so many steps exists, or None if one does.

    The least slack that all conditions would need is positive exactly if there is none; its dual solution is the proof
    (Farkas, 1902). :func:`check_certificate` checks it without any solver.
    """
    made = programme(swap, steps, plans)
    count = made.rows.shape[1]
    goal = np.append(np.zeros(count), 1.0)
    rows = np.hstack([made.rows, -np.ones((len(made.rows), 1))])
    sums = np.hstack([made.sums, np.zeros((2, 1))])
    done = _minimum(goal, rows, made.limits, sums)
    if done is None or done.fun <= TOLERANCE:
        return None
    weights, pulls = np.maximum(-done.ineqlin.marginals, 0.0), -np.asarray(done.eqlin.marginals)
    return Certificate(weights, pulls, float(-(weights @ made.limits + pulls @ made.ones)))


def check_certificate(made: Programme, proof: Certificate) -> bool:
    """Whether the weights prove that the conditions contradict one another; arithmetic only, no solver."""
    scale = TOLERANCE * max(1.0, float(np.abs(made.rows).max()))
    combined = proof.weights @ made.rows + proof.pulls @ made.sums
    total = float(proof.weights @ made.limits + proof.pulls @ made.ones)
    return bool(np.all(proof.weights >= 0) and np.all(combined >= -scale)) and total < -scale * made.rows.shape[1]
