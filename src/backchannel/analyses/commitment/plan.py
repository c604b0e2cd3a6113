"""A schedule that keeps a deal: steps, who goes first, which bond, what remains at risk; or the proof of none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from backchannel.numerics.exchange import Exchange, sucker_loss, surplus, temptation
from backchannel.numerics.reassurance import Stage, joint_prior, joint_window
from backchannel.numerics.tranche_search import (
    Aim,
    check_certificate,
    fewest_steps,
    find_schedule,
    least_bonds,
    prove_none,
    smallest_bond,
)
from backchannel.numerics.tranches import MOST_STEPS, NEVER, Plans, Schedule, Swap, programme, worst_breach

Floats = NDArray[np.float64]

STEPS = 5
"""Tranches proposed unless told otherwise."""
LENGTHS = (1, 2, 3, 5, 8)
"""Numbers of tranches for which the smallest bond is given."""
SAFE = -1e-5
"""How far below 0 a condition of a schedule may come out for rounding, in points."""


@dataclass(frozen=True, eq=False)
class Bond:
    """The smallest bond for so many tranches.

    Parameters
    ----------
    steps
        Number of tranches.
    first
        Who moves first in each: a party's id, or ``both``.
    bond
        float64, shape (2,): points each party has to stand to lose; -1 where no bond of any size does.
    """

    steps: int
    first: str
    bond: Floats


@dataclass(frozen=True, eq=False)
class Plan:
    """A schedule for a deal of two parties, or why there is none.

    Parameters
    ----------
    parties
        Ids of the two parties; all arrays follow them.
    benefit, cost
        float64, shape (2,): what the other's whole leg brings and what the own one costs, points.
    is_additive
        Whether the pay-offs of the four outcomes add up, so that shares of a leg are worth shares of its points.
    discount
        Discount factor a step.
    belief
        float64, shape (2,): each side's belief that the other keeps its word whatever it gains.
    bond_at_hand
        float64, shape (2,): expected forfeit the file (or the caller) provides.
    impossible
        Whether no schedule of any length works with the bond and the belief at hand.
    proof_gap, proof_holds
        By how much the conditions of :data:`STEPS` (or as many as asked for) tranches contradict one another, and
        whether the certificate was checked; 0 and False where a schedule exists.
    argument
        Why none of any length works; empty where one may.
    bonds
        The smallest bonds, by number of tranches and first mover.
    first
        Who moves first in the schedule: a party's id, or ``both``; empty without a schedule.
    shares
        float64, shape (2, steps): share of each leg delivered at each step; (2, 0) without a schedule.
    bond
        float64, shape (2,): bond the schedule needs.
    provided
        Whether the bond at hand covers it.
    breaks
        At which step the opportunist of each side would break; 0 never.
    credence
        float64, shape (2, steps): credence in the other's compliance at each step, with the bond in place.
    exposure
        float64, shape (2, steps): loss against today if the other breaks at this step, points.
    at_risk
        float64, shape (2, steps): cost of the own share delivered at this step, points.
    """

    parties: tuple[str, str]
    benefit: Floats
    cost: Floats
    is_additive: bool
    discount: float
    belief: Floats
    bond_at_hand: Floats
    impossible: bool
    proof_gap: float
    proof_holds: bool
    argument: str
    bonds: tuple[Bond, ...]
    first: str
    shares: Floats
    bond: Floats
    provided: bool
    breaks: Plans
    credence: Floats
    exposure: Floats
    at_risk: Floats


@dataclass(frozen=True)
class Wish:
    """What is asked of a schedule.

    Parameters
    ----------
    tranches
        How many; 0 for the fewest the bond at hand allows, else :data:`STEPS`.
    first
        Who moves first: a party's id, ``both``, or nothing for whichever needs the smaller bond.
    discount
        Discount factor a step.
    limit
        The most of its own cost a side risks at a step, points, by party in order; infinite for no limit.
    """

    tranches: int
    first: str
    discount: float
    limit: tuple[float, float]


def sides(exchange: Exchange) -> tuple[Floats, Floats, bool]:
    """Return benefit, cost (both shape (2,)) and whether the four outcomes add up.

    The cost of a leg is what keeping it back saves: while the other delivers, or alone, whichever is more. The benefit
    is what then leaves the surplus of the kept deal as it is. Where pay-offs add up the two costs agree.
    """
    tempted, alone, gain = temptation(exchange), sucker_loss(exchange), surplus(exchange)
    scale = np.maximum(np.abs(exchange.payoffs).max(axis=1), 1.0)
    cost = np.maximum(np.maximum(tempted, alone), 1e-6 * scale)
    return np.asarray(gain + cost), cost, bool(np.allclose(tempted, alone))


def make_plan(exchange: Exchange, parties: tuple[str, str], belief: Floats, bond: Floats, wish: Wish) -> Plan | None:
    """Propose a schedule for two parties; None where one gains nothing by the kept deal, or the limits leave none.

    With enough bond at hand: the fewest tranches it allows (or as many as asked for). With too little, but some
    belief: a first step that tells the types apart. Otherwise the smallest bond for the number of tranches asked for.

    Cost: a few dozen linear programmes of at most 2 x 60 variables.
    """
    benefit, cost, additive = sides(exchange)
    if np.any(benefit <= cost):
        return None
    swap = Swap(benefit, cost, np.full(2, wish.discount), bond, belief, np.array(wish.limit))
    table = _bonds(swap, parties)
    found = _at_hand(swap, parties, wish)
    proof, holds = _proof(swap, wish) if found is None else (0.0, False)
    argument = _argument(swap) if found is None else ""
    provided = found is not None
    chosen = found if found is not None else _cheapest(swap, parties, wish)
    if chosen is None:
        return None
    first, schedule, plans = chosen
    return Plan(
        parties=parties,
        benefit=benefit,
        cost=cost,
        is_additive=additive,
        discount=wish.discount,
        belief=belief,
        bond_at_hand=bond,
        impossible=bool(argument),
        proof_gap=proof,
        proof_holds=holds,
        argument=argument,
        bonds=table,
        first=first,
        shares=schedule.shares,
        bond=schedule.bond,
        provided=provided,
        breaks=plans,
        credence=schedule.credence,
        exposure=exposure(swap, schedule.shares, _side(parties, first)),
        at_risk=cost[:, None] * schedule.shares,
    )


Chosen = tuple[str, Schedule, Plans]


def movers(parties: tuple[str, str], wish: str) -> tuple[str, ...]:
    """Return who may move first: the one asked for, or any."""
    return (wish,) if wish else ("both", *parties)


def _side(parties: tuple[str, str], first: str) -> int:
    return -1 if first == "both" else parties.index(first)


def _aim(wish: Wish) -> Aim:
    return "largest" if wish.tranches else "first"


def _at_hand(swap: Swap, parties: tuple[str, str], wish: Wish) -> Chosen | None:
    """Return the schedule the bond and the belief at hand allow, enforced ones first, the fewest steps first."""
    plans: list[Plans] = [(NEVER, NEVER)] if np.any(swap.bond > 0) else []
    if swap.belief[0] > 0 and swap.belief[1] > 0:
        plans += [(1, 1), (2, 1), (1, 2)]
    plans += [plan for plan, believer in (((1, NEVER), 1), ((NEVER, 1), 0)) if swap.belief[believer] > 0]
    for plan in plans:
        found = []
        for first in movers(parties, wish.first):
            moved = replace(swap, first=_side(parties, first))
            made = (
                find_schedule(moved, wish.tranches, plan, _aim(wish))
                if wish.tranches
                else fewest_steps(moved, plan, MOST_STEPS)
            )
            if made is not None and worst_breach(moved, made) >= SAFE:
                found.append((first, made, plan))
        if found:
            return min(found, key=lambda item: item[1].shares.shape[1])
    return None


def _cheapest(swap: Swap, parties: tuple[str, str], wish: Wish) -> Chosen | None:
    """Return the schedule that needs the smallest bond, as a share of what one exchange at once would need."""
    found = []
    least = max(STEPS, *(ceil(cost / most) for cost, most in zip(swap.cost, swap.limit, strict=True)))
    if least > MOST_STEPS:
        return None
    for first in movers(parties, wish.first):
        moved = replace(swap, first=_side(parties, first))
        made = smallest_bond(moved, wish.tranches or least, (NEVER, NEVER), "largest")
        if made is not None:
            found.append((first, made, (NEVER, NEVER)))

    def dear(item: Chosen) -> tuple[float, float]:
        part = item[1].bond / swap.cost
        return round(float(part.max()), 9), round(float(part.sum()), 9)

    return min(found, key=dear) if found else None


def _bonds(swap: Swap, parties: tuple[str, str]) -> tuple[Bond, ...]:
    rows = []
    for steps in LENGTHS:
        for first in movers(parties, ""):
            least = least_bonds(replace(swap, first=_side(parties, first)), steps)
            rows.append(Bond(steps, first, np.full(2, -1.0) if least is None else least))
    return tuple(rows)


def _proof(swap: Swap, wish: Wish) -> tuple[float, bool]:
    steps = wish.tranches or STEPS
    proof = prove_none(swap, steps)
    if proof is None:
        return 0.0, False
    return proof.gap, check_certificate(programme(swap, steps), proof)


def _argument(swap: Swap) -> str:
    """Say why no schedule of any length works, where that can be said at once."""
    if np.any(swap.bond > 0) or np.any(swap.belief > 0):
        return ""
    return (
        "whoever delivers at the last step has nothing more to come and nothing to lose, so keeps it back; then "
        "the step before is the last, and so on to the first, however many steps there are"
    )


def exposure(swap: Swap, shares: Floats, first: int) -> Floats:
    """Return what each side has lost against today if the other breaks at a step, shape (2, steps).

    Own shares delivered by then (a second mover has not delivered this step's yet) less what came from the other side
    before; never below 0.
    """
    own, other = np.cumsum(shares, axis=1), np.cumsum(shares[::-1], axis=1)
    found = np.zeros_like(shares)
    for side in (0, 1):
        late = first in (0, 1) and first != side
        given = own[side] - (shares[side] if late else 0.0)
        received = other[side] - shares[1 - side]
        found[side] = np.maximum(swap.cost[side] * given - swap.benefit[side] * received, 0.0)
    return found


@dataclass(frozen=True)
class Reassurance:
    """What a first of two steps would have to be to tell who keeps its word from who does not.

    Parameters
    ----------
    low, high
        Weight of the first step, as a share of the stake, at the beliefs at hand; none if low is above high.
    prior
        The least common belief at which there is such a step; None if there is none.
    """

    low: float
    high: float
    prior: float | None


def reassurance(exchange: Exchange, belief: tuple[float, float]) -> Reassurance | None:
    """Return the window of a first step; None unless both parties gain by the kept deal.

    Who keeps his word is taken to find a stolen gain worth no more than no deal; who does not has the pay-offs of the
    file.
    """
    benefit, cost, _ = sides(exchange)
    if np.any(benefit <= cost):
        return None
    keepers, cheats = [], []
    for gain, price in zip(benefit, cost, strict=True):
        keepers.append(Stage(0.0, float(gain - price), 0.0, -float(price)))
        cheats.append(Stage(float(gain), float(gain - price), 0.0, -float(price)))
    types = (keepers[0], keepers[1]), (cheats[0], cheats[1])
    window = joint_window(belief, *types)
    return Reassurance(window.low, window.high, joint_prior(*types))
