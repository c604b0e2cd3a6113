"""A schedule that keeps a deal: steps, who goes first, which bond, what remains at risk; or the proof of none."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.numerics.exchange import Exchange, sucker_loss, surplus, temptation
from backchannel.numerics.tranche_search import (
    Aim,
    check_certificate,
    fewest_steps,
    find_schedule,
    least_bonds,
    prove_none,
    smallest_bond,
)
from backchannel.numerics.tranches import MOST_STEPS, NEVER, Plans, Schedule, Swap, exposure, programme, worst_breach

Floats = NDArray[np.float64]

STEPS = 5
"""Tranches proposed unless told otherwise."""
LENGTHS = (1, 2, 3, 5, 8)
"""Numbers of tranches for which the smallest bond is given."""
LONGER = (STEPS, 8, 13, 21, 34, MOST_STEPS)
"""Numbers of tranches tried, one after another, until the limits on exposure leave a schedule."""
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
        float64, shape (2,): points each party has to stand to lose; None where no bond of any size does.
    """

    steps: int
    first: str
    bond: Floats | None


@dataclass(frozen=True)
class Proof:
    """That no schedule of so many tranches is kept with the bond and the belief at hand.

    Parameters
    ----------
    steps
        Number of tranches.
    first
        Who moves first in each: a party's id, or ``both``.
    breaks
        At which step the opportunist of each side would break; 0 never.
    gap
        By how much the conditions contradict one another (Farkas), points.
    holds
        Whether arithmetic alone has confirmed it.
    """

    steps: int
    first: str
    breaks: Plans
    gap: float
    holds: bool


@dataclass(frozen=True, eq=False)
class Plan:
    """A schedule for a deal of two parties, or why there is none.

    Parameters
    ----------
    parties
        Ids of the two parties; all arrays follow them.
    benefit, cost
        float64, shape (2,): what the other's whole leg brings and what the own one costs, points.
    recall
        float64, shape (2,): what each regains by taking back its delivered leg, points.
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
    proofs
        One for each first mover and each way to cheat that was tried, for as many tranches as are named; empty where a
        schedule exists.
    elsewhere
        First movers that were not asked for and with whom the bond at hand does hold as many tranches.
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
    recall: Floats
    is_additive: bool
    discount: float
    belief: Floats
    bond_at_hand: Floats
    impossible: bool
    proofs: tuple[Proof, ...]
    elsewhere: tuple[str, ...]
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
        The most a side may have lost against today if the other breaks at a step, points, by party in order; infinite
        for no limit.
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


def make_plan(
    exchange: Exchange, parties: tuple[str, str], belief: Floats, bond: Floats, recall: Floats, wish: Wish
) -> Plan | None:
    """Propose a schedule for two parties; None where one gains nothing by the kept deal, or the limits leave none.

    With enough bond at hand: the fewest tranches it allows (or as many as asked for). With too little, but some
    belief: a first step that tells the types apart. Otherwise the smallest bond for the number of tranches asked for.

    Parameters
    ----------
    belief, bond, recall
        Shape (2,) each, as in :class:`.Swap`.

    Cost: a few dozen linear programmes of at most 2 x 60 variables.
    """
    benefit, cost, additive = sides(exchange)
    if np.any(benefit <= cost):
        return None
    swap = Swap(benefit, cost, np.full(2, wish.discount), bond, belief, np.array(wish.limit), recall=recall)
    table = _bonds(swap, parties)
    found = _at_hand(swap, parties, wish)
    chosen = found if found is not None else _cheapest(swap, parties, wish)
    if chosen is None:
        return None
    first, schedule, plans = chosen
    steps = schedule.shares.shape[1]
    argument = _argument(swap) if found is None else ""
    return Plan(
        parties=parties,
        benefit=benefit,
        cost=cost,
        recall=recall,
        is_additive=additive,
        discount=wish.discount,
        belief=belief,
        bond_at_hand=bond,
        impossible=bool(argument),
        proofs=_proofs(swap, parties, wish, steps) if found is None else (),
        elsewhere=_elsewhere(swap, parties, wish, steps) if found is None else (),
        argument=argument,
        bonds=table,
        first=first,
        shares=schedule.shares,
        bond=schedule.bond,
        provided=found is not None,
        breaks=plans,
        credence=schedule.credence,
        exposure=exposure(replace(swap, first=_side(parties, first)), schedule.shares),
        at_risk=cost[:, None] * schedule.shares,
    )


@dataclass(frozen=True)
class AtTrust:
    """What the bond at hand keeps at one end of the stated range of trust.

    Parameters
    ----------
    belief
        Each party's belief in the other, in the order of the parties.
    steps
        Number of tranches worth starting; 0 for none.
    breaks
        At which step the opportunist of each side would break; 0 never.
    """

    belief: tuple[float, float]
    steps: int
    breaks: Plans


def at_trust(exchange: Exchange, parties: tuple[str, str], belief: Floats, held: Plan, wish: Wish) -> AtTrust:
    """Ask again with another belief, everything else as in a plan made before."""
    benefit, cost, _ = sides(exchange)
    swap = Swap(
        benefit, cost, np.full(2, wish.discount), held.bond_at_hand, belief, np.array(wish.limit), recall=held.recall
    )
    found = _at_hand(swap, parties, wish)
    pair = float(belief[0]), float(belief[1])
    return AtTrust(pair, 0, (NEVER, NEVER)) if found is None else AtTrust(pair, found[1].shares.shape[1], found[2])


Chosen = tuple[str, Schedule, Plans]


def movers(parties: tuple[str, str], wish: str) -> tuple[str, ...]:
    """Return who may move first: the one asked for, or any."""
    return (wish,) if wish else ("both", *parties)


def _side(parties: tuple[str, str], first: str) -> int:
    return -1 if first == "both" else parties.index(first)


def _aim(wish: Wish) -> Aim:
    return "largest" if wish.tranches else "first"


def _ways(swap: Swap) -> list[Plans]:
    """Return the ways of cheating a schedule may reckon with, enforced ones first."""
    plans: list[Plans] = [(NEVER, NEVER)] if np.any(swap.bond > 0) else []
    if swap.belief[0] > 0 and swap.belief[1] > 0:
        plans += [(1, 1), (2, 1), (1, 2)]
    return plans + [plan for plan, believer in (((1, NEVER), 1), ((NEVER, 1), 0)) if swap.belief[believer] > 0]


def _at_hand(swap: Swap, parties: tuple[str, str], wish: Wish) -> Chosen | None:
    """Return the schedule the bond and the belief at hand allow, enforced ones first, the fewest steps first."""
    for plan in _ways(swap):
        found = []
        for first in movers(parties, wish.first):
            moved = replace(swap, first=_side(parties, first))
            made = _under(moved, plan, wish)
            if made is not None and worst_breach(moved, made) >= SAFE:
                found.append((first, made, plan))
        if found:
            return min(found, key=lambda item: item[1].shares.shape[1])
    return None


def _under(swap: Swap, plan: Plans, wish: Wish) -> Schedule | None:
    """Return the schedule under what is at hand: as many tranches as asked for, else the fewest."""
    if not wish.tranches:
        return fewest_steps(swap, plan, MOST_STEPS)
    return find_schedule(swap, wish.tranches, plan, _aim(wish)) if wish.tranches >= max(plan) else None


def _cheapest(swap: Swap, parties: tuple[str, str], wish: Wish) -> Chosen | None:
    """Return the schedule that needs the smallest bond, as a share of what one exchange at once would need."""

    def dear(item: Chosen) -> tuple[float, float]:
        part = item[1].bond / swap.cost
        return round(float(part.max()), 9), round(float(part.sum()), 9)

    for steps in (wish.tranches,) if wish.tranches else LONGER:
        found: list[Chosen] = []
        for first in movers(parties, wish.first):
            made = smallest_bond(replace(swap, first=_side(parties, first)), steps, "largest")
            if made is not None:
                found.append((first, made, (NEVER, NEVER)))
        if found:
            return min(found, key=dear)
    return None


def _bonds(swap: Swap, parties: tuple[str, str]) -> tuple[Bond, ...]:
    return tuple(
        Bond(steps, first, least_bonds(replace(swap, first=_side(parties, first)), steps))
        for steps in LENGTHS
        for first in movers(parties, "")
    )


def _proofs(swap: Swap, parties: tuple[str, str], wish: Wish, steps: int) -> tuple[Proof, ...]:
    """Prove for every order and every way to cheat that was tried that no schedule of so many steps is kept."""
    found = []
    for plan in dict.fromkeys([(NEVER, NEVER), *_ways(swap)]):
        for first in movers(parties, wish.first):
            moved = replace(swap, first=_side(parties, first))
            proof = prove_none(moved, steps, plan) if steps >= max(plan) else None
            if proof is not None:
                holds = check_certificate(programme(moved, steps, plan), proof)
                found.append(Proof(steps, first, plan, proof.gap, holds))
    return tuple(found)


def _elsewhere(swap: Swap, parties: tuple[str, str], wish: Wish, steps: int) -> tuple[str, ...]:
    """Return first movers that were not asked for and with whom what is at hand keeps as many steps."""
    if not wish.first or not np.any(swap.bond > 0):
        return ()
    others = (first for first in movers(parties, "") if first != wish.first)
    return tuple(first for first in others if _holds(replace(swap, first=_side(parties, first)), steps))


def _holds(swap: Swap, steps: int) -> bool:
    made = find_schedule(swap, steps)
    return made is not None and worst_breach(swap, made) >= SAFE


def _argument(swap: Swap) -> str:
    """Say why no schedule of any length works, where that can be said at once."""
    if np.any(swap.bond > 0) or np.any(swap.belief > 0):
        return ""
    return (
        "whoever delivers at the last step has nothing more to come and nothing to lose, so keeps it back; then "
        "the step before is the last, and so on to the first, however many steps there are"
    )
