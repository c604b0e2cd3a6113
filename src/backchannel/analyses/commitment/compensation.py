"""What would hold an exchange of any number of parties: who must be made good, and what each must stand to lose."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.numerics import exchange as exchanges
from backchannel.numerics.exchange import Exchange

Floats = NDArray[np.float64]

HAIR = 1e-6
"""Points above what makes a party indifferent, so that it goes along."""


@dataclass(frozen=True, eq=False)
class Holding:
    """Payments and bonds that hold an exchange.

    Parameters
    ----------
    short
        float64, shape (parties,): what each lacks against today if all keep the deal: its compensation, at least.
    spare
        float64, shape (parties,): what each gains against today by the kept deal.
    bond
        float64, shape (parties,): what each must stand to lose if it keeps back while the rest delivers.
    is_equilibrium
        Whether, with both, everybody delivering at the same moment is an equilibrium.
    orders, kept
        Number of orders of delivery, and how many end with everybody delivering.
    """

    short: Floats
    spare: Floats
    bond: Floats
    is_equilibrium: bool
    orders: int
    kept: int


def holding(exchange: Exchange, locked: tuple[bool, ...]) -> Holding:
    """Return the least payments on completion, and the least bonds, that hold an exchange.

    Parameters
    ----------
    exchange
        The exchange.
    locked
        Per party: whether its leg stands today and is final once the rest has delivered: then no bond is needed.

    Notes
    -----
    A payment comes with the kept deal only. Compensation brings a party to what it has today, and where keeping back
    then still pays, its bond covers the rest. Cost: every order of delivery, 4^parties nodes each.
    """
    surplus = exchanges.surplus(exchange)
    short = np.maximum(-surplus, 0.0)
    tempted = exchanges.temptation(exchange) - short
    bond = np.where(np.array(locked), 0.0, np.maximum(tempted, 0.0))
    payoffs = exchange.payoffs.copy()
    every = exchange.everybody
    for party in range(exchange.parties):
        payoffs[party, every] += short[party] + HAIR
        payoffs[party, every & ~(1 << party)] -= bond[party]
        if locked[party]:  # it cannot keep back once the rest has delivered
            payoffs[party, every & ~(1 << party)] = min(payoffs[party, every & ~(1 << party)], payoffs[party, every])
    changed = replace(exchange, payoffs=payoffs)
    orders = exchanges.orders(changed)
    kept = sum(exchanges.sequential(changed, order, "none") == (every,) for order in orders)
    return Holding(
        short=short,
        spare=np.maximum(surplus, 0.0),
        bond=bond,
        is_equilibrium=every in exchanges.simultaneous(changed),
        orders=len(orders),
        kept=kept,
    )
