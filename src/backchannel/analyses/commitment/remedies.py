"""A remedy as a change to the same crisis: what a breach costs becomes a worth, and every analysis can run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.commitment.diagnosis import IDS, written
from backchannel.analyses.commitment.legs import Promise, read_promise
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.numerics.exchange import simultaneous
from backchannel.numerics.stability import all_stable
from backchannel.spec.crisis import Crisis
from backchannel.spec.structure import Term

Floats = NDArray[np.float64]

SMALLEST = 1e-6
"""Bond below which none is put in force."""


@dataclass(frozen=True)
class BreachCost:
    """What a party loses while it leaves its terms undone and the others have done theirs.

    Parameters
    ----------
    actor
        Its id.
    when
        The condition, in the file's language.
    worth
        Points, negative.
    """

    actor: str
    when: str
    worth: float


@dataclass(frozen=True, eq=False)
class Remedied:
    """What the crisis looks like with a bond behind the deal.

    Parameters
    ----------
    costs
        The worths added.
    stable
        Bool, shape (concepts, actors): is the kept deal stable, with the bond.
    simultaneous
        Sets of deliverers that are Nash equilibria of the exchange, with the bond, as bit masks.
    """

    costs: tuple[BreachCost, ...]
    stable: NDArray[np.bool_]
    simultaneous: tuple[int, ...]


def breach_costs(model: Model, promise: Promise, bond: Floats) -> tuple[BreachCost, ...]:
    """Return the worths that stand for a bond, shape (parties,): forfeited by whoever alone leaves its terms undone."""
    found = []
    for k, leg in enumerate(promise.legs):
        if bond[k] < SMALLEST:
            continue
        own = " and ".join(_condition(model, setting) for setting in leg.terms)
        others = [_condition(model, s) for j, other in enumerate(promise.legs) if j != k for s in other.terms]
        found.append(BreachCost(model.actors[leg.actor], f"{' and '.join(others)} and not ({own})", -float(bond[k])))
    return tuple(found)


def _condition(model: Model, setting: tuple[str, int]) -> str:
    option, level = setting
    if len(model.crisis.options[option].levels) == 2:
        return written(model, setting)
    return f"{option} = {model.crisis.options[option].levels[level]}"


def applied(crisis: Crisis, deal: str, costs: Sequence[BreachCost]) -> Crisis:
    """Return the crisis with the worths of a bond added: a whole crisis, on which every analysis can run.

    Only actors with terms can pay points; others are left as they are. What sources say of a payer's order was said of
    a crisis without the bond, so it is left out.
    """
    preferences = dict(crisis.preferences)
    for cost in costs:
        terms = preferences.get(cost.actor, ())
        if isinstance(terms, tuple):
            tiers = {"tier": "lesser"} if any(term.tier for term in terms) else {}
            made = {
                "id": f"bond_{deal}",
                "when": cost.when,
                "worth": f"{cost.worth:.6f}",
                "why": f"bond behind {deal}",
            }
            preferences[cost.actor] = (*terms, Term.model_validate(made | tiers))
    payers = {cost.actor for cost in costs}
    orderings = {actor: order for actor, order in crisis.orderings.items() if actor not in payers}
    return crisis.model_copy(update={"preferences": preferences, "orderings": orderings})


def rerun(model: Model, promise: Promise, bond: Floats, parties: tuple[str, ...] = ()) -> Remedied:
    """Put a bond behind the deal and judge the result again by every classical concept.

    Cost: one compilation and one run of stability.
    """
    costs = breach_costs(model, promise, bond)
    changed = compile_model(applied(model.crisis, promise.named.name, costs))
    stable = all_stable(changed.game, IDS)
    again = read_promise(changed, promise.named.name, parties)
    return Remedied(
        costs=costs,
        stable=np.stack([stable[name][:, promise.kept] for name in IDS]),
        simultaneous=simultaneous(again.exchange),
    )
