"""Bonds, hostages and the price of restraint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Floats = NDArray[np.float64]
Kind = Literal["limited", "greedy", "total"]


def expected_forfeit(face: Floats, enforces: Floats, bias: Floats) -> float:
    """Return what a breach costs a payer: sum over guarantors of face x chance of enforcing x (1 - bias).

    Parameters
    ----------
    face
        Points each guarantor holds, shape (guarantors,).
    enforces
        Chance that each enforces, shape (guarantors,).
    bias
        Share by which each is softer on this payer, shape (guarantors,).
    """
    return float((face * enforces * (1.0 - bias)).sum())


def split_bond(needed: float, enforces: Floats, bias: Floats, limits: Floats, spare: int = 0) -> Floats | None:
    """Return the least total bond, split over guarantors, whose expected forfeit meets a need; None if none does.

    Parameters
    ----------
    needed
        Expected forfeit that keeps the payer's word, points.
    enforces, bias, limits
        Chance of enforcing, softness on the payer, and the most each guarantor will hold, shape (guarantors,) each.
    spare
        1 to meet the need even if any one guarantor drops out, 0 otherwise.

    Returns
    -------
    Floats or None
        Face value by guarantor, shape (guarantors,). A linear programme (HiGHS).

    Raises
    ------
    ValueError
        If ``spare`` is neither 0 nor 1.
    """
    if spare not in (0, 1):
        raise ValueError(f"spare is 0 or 1, got {spare}")
    effect = enforces * (1.0 - bias)
    rows = np.tile(effect, (effect.size, 1))
    np.fill_diagonal(rows, 0.0)
    rows = rows if spare else effect[None]
    done = linprog(
        np.ones(effect.size),
        A_ub=-rows,
        b_ub=np.full(len(rows), -needed),
        bounds=[(0.0, float(limit) if np.isfinite(limit) else None) for limit in limits],
    )
    return np.asarray(done.x) if done.status == 0 else None


@dataclass(frozen=True)
class Restraint:
    """What it costs to keep a spoiler still.

    Parameters
    ----------
    kind
        ``limited``, ``greedy`` or ``total``.
    each
        Price of each payment, in order; empty where no price does.
    """

    kind: Kind
    each: tuple[float, ...]

    @property
    def total(self) -> float | None:
        """All payments together; None where there is no price."""
        return sum(self.each) if self.kind != "total" else None


GROWTH = 1.5
"""By how much a greedy spoiler raises its price from one payment to the next: an assumption, not a finding."""


def price_of_restraint(gain: float, kind: Kind, payments: int = 1, growth: float = GROWTH) -> Restraint:
    """Return what buys a spoiler off, by kind.

    A limited spoiler takes what undoing the deal would bring him, spread over the payments. A greedy one asks more
    each time he is paid: his share grows by ``growth``, so fewer, later payments cost less. A total spoiler has no
    price. Minimal model in the spirit of Stedman (1997).
    """
    if kind == "total":
        return Restraint(kind, ())
    share = max(gain, 0.0) / payments
    factor = growth if kind == "greedy" else 1.0
    return Restraint(kind, tuple(share * factor**k for k in range(payments)))


def price_at_credence(gain: float, credence: float) -> float | None:
    """Return what must be promised for restraint worth ``gain`` if the promise is believed with this credence."""
    return gain / credence if credence > 0 else None
