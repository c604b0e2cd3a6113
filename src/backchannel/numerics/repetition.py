"""The shadow of the future: how patient parties must be for a repeated exchange to be kept."""

from __future__ import annotations

from math import exp

from scipy.optimize import brentq


def critical_discount_factor(temptation: float, reward: float, punishment: float) -> float | None:
    """Return the smallest discount factor at which grim trigger keeps cooperation, or None if none below 1 does.

    Stage pay-offs T (cheating on a cooperator), R (both cooperate), P (nobody does): (T - R) / (T - P). 0 where
    cheating does not tempt. Source: the folk theorem for grim trigger (Friedman, 1971).
    """
    if temptation <= reward:
        return 0.0
    return (temptation - reward) / (temptation - punishment) if reward > punishment else None


def critical_discount_factor_of_swap(benefit: float, cost: float) -> float | None:
    """Return cost / benefit: the critical discount factor of a swap of flows; None if the swap is worth nothing."""
    return critical_discount_factor(benefit, benefit - cost, 0.0)


def critical_discount_factor_in_rounds(
    temptation: float, reward: float, punishment: float, rounds: int
) -> float | None:
    """Return the smallest discount factor at which a punishment of so many rounds keeps cooperation.

    The least delta with (delta + ... + delta^k)(R - P) >= T - R, or None where even delta = 1 is not enough. The left
    side rises in delta, so the root is unique.
    """
    gain, loss = temptation - reward, reward - punishment
    if gain <= 0:
        return 0.0
    if rounds < 1 or loss <= 0 or rounds * loss < gain:
        return None

    def lacking(delta: float) -> float:
        return loss * sum(delta**k for k in range(1, rounds + 1)) - gain

    return float(brentq(lacking, 0.0, 1.0, xtol=1e-15, rtol=1e-14))


def discount_factor(rate: float, years: float, hazard: float = 0.0) -> float:
    """Return the discount factor of one round: exp(-rate x years) times the chance that the leader is still there."""
    return exp(-rate * years) * (1.0 - hazard)


def critical_shift(before: float, after: float, cost_riser: float, cost_decliner: float) -> float | None:
    """Return the discount factor from which on no peaceful division holds a side whose partner's power will rise.

    The riser's chance of winning goes from ``before`` to ``after``; costs are for each period. None of it can be
    promised back, so war comes iff delta x after - before > cost_decliner + delta x cost_riser. None where no factor
    up to 1 makes it so. Minimal model in the spirit of Fearon (1995) and Powell (2006).
    """
    slope = after - cost_riser
    if slope <= 0 or slope <= before + cost_decliner:
        return None
    return (before + cost_decliner) / slope
