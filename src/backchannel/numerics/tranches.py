"""A swap cut into steps: what makes a schedule enforce itself, as conditions linear in its shares and bonds.

Two sides each deliver a leg in N shares. When its partner's share x and its own share y are done at a step, a side
gains benefit x - cost y. A breach ends the process and costs whoever breaks it its bond; whoever breaks also takes
back what it can of its own leg. Each side may be of two types: one keeps its word, one is an opportunist. A *plan* says
at which step, if any, a side's opportunist breaks; before it he complies, and whoever still complies at that step is
known for a keeper of his word.
:mod:`.tranche_search` finds schedules, the smallest bond and the fewest steps, and proves that there is none.

Sources: Watson (1999, 2002) on starting small, Lockwood and Thomas (2002) on irreversible steps, Kydd (2000) on steps
that tell types apart. Minimal model in their spirit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from backchannel.numerics.credence import joined

Floats = NDArray[np.float64]
TOLERANCE = 1e-9
MOST_STEPS = 60
NEVER = 0
"""The plan of an opportunist who never breaks; otherwise the step, from 1."""


@dataclass(frozen=True, eq=False)
class Swap:
    """A swap of two legs between sides 0 and 1.

    Parameters
    ----------
    benefit, cost
        What the partner's whole leg brings and what the own leg costs a side, shape (2,), on its own scale.
    discount
        Discount factor a step, shape (2,).
    bond
        What a breach costs a side, expected, shape (2,).
    belief
        Each side's belief that its partner keeps its word whatever it gains by breaking it, shape (2,).
    limit
        The most a side may have lost against the start if its partner breaks at a step, shape (2,); infinite for no
        limit.
    first
        Who moves first in every step: 0, 1, or -1 for both at the same moment.
    recall
        What a side regains by taking back its whole leg, shape (2,); a share of the leg gives that share of it. 0 where
        nothing can be taken back. The bond stands until the last share is in, and after.

    Raises
    ------
    ValueError
        For shapes or values out of range.
    """

    benefit: Floats
    cost: Floats
    discount: Floats
    bond: Floats = field(default_factory=lambda: np.zeros(2))
    belief: Floats = field(default_factory=lambda: np.zeros(2))
    limit: Floats = field(default_factory=lambda: np.full(2, np.inf))
    first: int = -1
    recall: Floats = field(default_factory=lambda: np.zeros(2))

    def __post_init__(self) -> None:
        for name in ("benefit", "cost", "discount", "bond", "belief", "limit", "recall"):
            if getattr(self, name).shape != (2,):
                raise ValueError(f"{name} needs one value a side, got shape {getattr(self, name).shape}")
        if not (np.all(self.discount > 0) and np.all(self.discount <= 1)):
            raise ValueError(f"discount factors lie above 0 and up to 1, got {self.discount}")
        if np.any(self.bond < 0) or np.any(self.recall < 0) or np.any(self.belief < 0) or np.any(self.belief > 1):
            raise ValueError("bonds and what can be taken back are 0 or more, beliefs 0 to 1")
        if self.first not in (-1, 0, 1):
            raise ValueError(f"who moves first is 0, 1 or -1 for both, got {self.first}")


Plans = tuple[int, int]
"""At which step the opportunist of each side breaks; :data:`NEVER` if he does not."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """A schedule that enforces itself.

    Parameters
    ----------
    shares
        Share of each side's leg delivered at each step, shape (2, steps).
    bond
        Bond of each side, shape (2,).
    plans
        At which step each side's opportunist breaks.
    credence
        Each side's credence that its partner complies at each step, shape (2, steps).
    """

    shares: Floats
    bond: Floats
    plans: Plans
    credence: Floats


@dataclass(frozen=True, eq=False)
class Programme:
    """The linear conditions of a schedule: ``rows @ x <= limits``, ``sums @ x == ones``, x >= 0.

    x holds the shares of side 0, then of side 1. ``names`` says what each row is.
    """

    rows: Floats
    limits: Floats
    sums: Floats
    ones: Floats
    names: tuple[str, ...]


# ---- closed forms ------------------------------------------------------------------------------------------------


def capacities(benefit: float, cost: float, discount: float, bond: float, steps: int) -> Floats:
    """Return the largest shares that enforce themselves between equal sides, last step first, shape (steps,).

    D_N = L / c, D_k = ((1 - delta) L + delta b D_(k+1)) / c.
    """
    found = [bond / cost]
    for _ in range(steps - 1):
        found.append(((1 - discount) * bond + discount * benefit * found[-1]) / cost)
    return np.array(found[:steps])


def symmetric_schedule(
    benefit: float, cost: float, discount: float, bond: float, most: int = MOST_STEPS
) -> Floats | None:
    """Return the shortest schedule between equal sides with the smallest first step, shape (steps,); None if none.

    Every step but the first is as large as it may be; the first takes what is left.
    """
    largest = capacities(benefit, cost, discount, bond, most)
    enough = np.flatnonzero(np.cumsum(largest) >= 1 - TOLERANCE)
    if enough.size == 0:
        return None
    steps = int(enough[0]) + 1
    later = largest[: steps - 1][::-1]
    return np.concatenate([[1 - later.sum()], later])


def geometric_steps(ratio: float, steps: int) -> Floats:
    """Return the first shares of an exchange of steps that cannot be taken back, without any bond, shape (steps,).

    With ratio = cost / (discount x benefit) < 1 all incentive constraints bind when share k is
    (1 - ratio) ratio^(k - 1): the whole is approached and never reached. In the spirit of Lockwood and Thomas (2002).

    Raises
    ------
    ValueError
        If the ratio is not between 0 and 1: then no step enforces itself.
    """
    if not 0 < ratio < 1:
        raise ValueError(f"the ratio of cost to discounted benefit must lie between 0 and 1, got {ratio}")
    return np.asarray((1 - ratio) * ratio ** np.arange(steps), dtype=np.float64)


def exposure_cap(credence: float, benefit: float, cost: float, discount: float, later: float) -> float | None:
    """Return the largest first step worth risking on a partner who complies with this credence; None for any step.

    ``later`` is the value of what follows once he has complied: credence x discount x later / (cost - credence x
    benefit). In the spirit of Watson (1999).
    """
    risk = cost - credence * benefit
    return credence * discount * later / risk if risk > 0 else None


# ---- the linear conditions ---------------------------------------------------------------------------------------


class _Values:
    """Values of plans as affine expressions: vectors over shares of side 0, of side 1, the two bonds, a constant."""

    def __init__(self, swap: Swap, steps: int, plans: Plans) -> None:
        self.swap, self.steps, self.plans = swap, steps, plans
        self.credence = act_credence(swap.belief, plans, steps)
        self._known: dict[tuple[int, int, int], Floats] = {}

    def share(self, side: int, step: int) -> Floats:
        vector = np.zeros(2 * self.steps + 3)
        vector[side * self.steps + step] = 1.0
        return vector

    def bond(self, side: int) -> Floats:
        vector = np.zeros(2 * self.steps + 3)
        vector[2 * self.steps + side] = 1.0
        return vector

    def role(self, side: int) -> str:
        return "both" if self.swap.first < 0 else "first" if self.swap.first == side else "second"

    def gain(self, side: int, step: int) -> Floats:
        return np.asarray(self.swap.benefit[side] * self.share(1 - side, step))

    def price(self, side: int, step: int) -> Floats:
        return np.asarray(self.swap.cost[side] * self.share(side, step))

    def regained(self, side: int, step: int) -> Floats:
        """Return what taking back everything delivered before a step brings."""
        delivered = [self.share(side, k) for k in range(step)]
        return np.asarray(self.swap.recall[side] * np.sum([np.zeros(2 * self.steps + 3), *delivered], axis=0))

    def complying(self, side: int, step: int, later: Floats) -> Floats:
        """Value of complying at a step and then of what comes later, at the start of the step."""
        credence, delta = self.credence[side, step], self.swap.discount[side]
        exposed = credence if self.role(side) == "second" else 1.0
        return np.asarray(credence * (self.gain(side, step) + delta * later) - exposed * self.price(side, step))

    def breaking(self, side: int, step: int) -> Floats:
        """Value of breaking at a step, at its start: the partner's share and what is regained, less the bond."""
        kept_back = self.regained(side, step) - self.bond(side)
        if step == self.steps:
            return kept_back
        credence, role = self.credence[side, step], self.role(side)
        if role == "first":
            return kept_back
        return np.asarray(credence * self.gain(side, step) + (credence if role == "second" else 1.0) * kept_back)

    def advantage(self, side: int, step: int, later: Floats) -> Floats:
        """Return what complying brings more than breaking as the side decides; a second mover has seen its partner."""
        delta = self.swap.discount[side]
        if self.role(side) == "second":
            return np.asarray(delta * later - self.price(side, step) + self.bond(side) - self.regained(side, step))
        return self.complying(side, step, later) - self.breaking(side, step)

    def value(self, side: int, step: int, breaks: int) -> Floats:
        """Value from a step on of complying until step ``breaks`` (from 1; NEVER: to the end) and breaking there.

        One step past the last stands for taking the leg back once all is done.
        """
        if breaks == step + 1:
            return self.breaking(side, step)
        if step == self.steps:
            return np.zeros(2 * self.steps + 3)
        key = (side, step, breaks)
        if key not in self._known:
            self._known[key] = self.complying(side, step, self.value(side, step + 1, breaks))
        return self._known[key]


def act_credence(belief: Floats, plans: Plans, steps: int) -> Floats:
    """Return each side's credence in its partner's compliance at each step, shape (2, steps).

    Types of the partner: who keeps his word complies always; the opportunist until the step of his plan.
    """
    found = []
    for side in (0, 1):
        broken = plans[1 - side]
        complies = np.ones((2, steps), dtype=np.bool_)
        if broken != NEVER:
            complies[1, broken - 1 :] = False
        found.append(joined(np.array([belief[side], 1 - belief[side]]), complies))
    return np.stack(found)


def conditions(swap: Swap, steps: int, plans: Plans) -> tuple[Floats, tuple[str, ...]]:
    """Return every condition as an affine expression that must be 0 or more, and what each one is.

    Shape (conditions, 2 steps + 3): shares of side 0, of side 1, the two bonds, a constant. Conditions: signing is no
    loss; at every step a keeper of his word rather goes on than walks off, where his partner may break; an opportunist
    complies before the step of his plan, breaks there, and cannot profit by breaking later instead, nor by taking back
    what he delivered; no step leaves a side worse off than its limit.
    """
    values = _Values(swap, steps, plans)
    found: list[tuple[Floats, str]] = []
    for side in (0, 1):
        found.append((values.value(side, 0, NEVER), f"sign {side}"))
        found += _keeper(values, side)
        found += _opportunist(values, side)
        if np.isfinite(swap.limit[side]):
            found += [(_spared(values, side, k), f"limit {side} {k + 1}") for k in range(steps)]
    return np.stack([row for row, _ in found]), tuple(name for _, name in found)


def _spared(values: _Values, side: int, step: int) -> Floats:
    """Return what is left of a side's limit if its partner breaks at a step; see :func:`exposure`."""
    given = step if values.role(side) == "second" else step + 1
    row = np.zeros(2 * values.steps + 3)
    row[-1] = float(values.swap.limit[side])
    for k in range(given):
        row -= values.price(side, k)
    for k in range(step):
        row += values.gain(side, k)
    return row


def _keeper(values: _Values, side: int) -> list[tuple[Floats, str]]:
    if values.plans[1 - side] == NEVER:
        return []
    return [(values.value(side, k, NEVER) + values.bond(side), f"risk {side} {k + 1}") for k in range(values.steps)]


def _opportunist(values: _Values, side: int) -> list[tuple[Floats, str]]:
    own, steps = values.plans[side], values.steps
    last = steps if own == NEVER else own - 1
    found = [(values.advantage(side, k, values.value(side, k + 1, own)), f"comply {side} {k + 1}") for k in range(last)]
    if own == NEVER:
        return [*found, (-values.breaking(side, steps), f"hold {side}")]
    later = (*range(own + 1, steps + 2), NEVER)
    return found + [
        (-values.advantage(side, own - 1, values.value(side, own, j)), f"part {side} {own} {j}") for j in later
    ]


def programme(swap: Swap, steps: int, plans: Plans = (NEVER, NEVER)) -> Programme:
    """Return the linear programme of a schedule under the swap's bonds."""
    rows, names = conditions(swap, steps, plans)
    limits = rows[:, -1] + rows[:, 2 * steps : 2 * steps + 2] @ swap.bond
    return Programme(-rows[:, : 2 * steps], limits, whole(steps), np.ones(2), names)


def exposure(swap: Swap, shares: Floats) -> Floats:
    """Return what each side has lost against the start if its partner breaks at a step, shape (2, steps).

    Own shares delivered by then (a second mover has not delivered this step's yet) less what came from the partner
    before; never below 0.
    """
    own, other = np.cumsum(shares, axis=1), np.cumsum(shares[::-1], axis=1)
    found = np.zeros_like(shares)
    for side in (0, 1):
        late = swap.first in (0, 1) and swap.first != side
        given = own[side] - (shares[side] if late else 0.0)
        received = other[side] - shares[1 - side]
        found[side] = np.maximum(swap.cost[side] * given - swap.benefit[side] * received, 0.0)
    return found


def whole(steps: int) -> Floats:
    """Return the rows that add up each side's shares, shape (2, 2 steps)."""
    return np.asarray(np.kron(np.eye(2), np.ones(steps)), dtype=np.float64)


def worst_breach(swap: Swap, schedule: Schedule) -> float:
    """Return how far the schedule is from breaking its tightest condition, in the points of the side concerned.

    0 or more (within rounding) means that every condition holds. Arithmetic only, no solver.
    """
    steps = schedule.shares.shape[1]
    rows, _ = conditions(swap, steps, schedule.plans)
    values = np.concatenate([schedule.shares.ravel(), schedule.bond, [1.0]])
    return float((rows @ values).min())
