"""Trust in types: when a partner of unknown type is worth the risk, and which small first step would tell.

Minimal models in the spirit of Kydd (2000, 2005): a trustworthy type ranks R > T > P > S, an untrustworthy one
T > R > P > S. A stage pays T to who cheats a cooperator, R if both cooperate, P if none does, S to who is cheated.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """Pay-offs of one type in one exchange.

    Parameters
    ----------
    temptation, reward, punishment, sucker
        T, R, P and S of this type.
    """

    temptation: float
    reward: float
    punishment: float
    sucker: float


@dataclass(frozen=True)
class Window:
    """Weights of a first step that tells the types apart: from ``low`` to ``high``, shares of the stake."""

    low: float
    high: float

    @property
    def is_open(self) -> bool:
        """Whether any weight does."""
        return self.low <= self.high and self.low <= 1.0


def minimum_trust(trustworthy: Stage) -> float:
    """Return the least chance of a cooperating partner at which a trustworthy type cooperates, once.

    (P - S) / ((P - S) + (R - T)).
    """
    risk = trustworthy.punishment - trustworthy.sucker
    return risk / (risk + trustworthy.reward - trustworthy.temptation)


def reassurance_window(trust: float, trustworthy: Stage, untrustworthy: Stage) -> Window:
    """Return the weights of a first of two rounds at which the types part, for one side.

    ``trust`` is the side's belief that its partner is trustworthy. Below ``low`` the gesture is so small that a cheat
    would copy it; above ``high`` a trustworthy side will not risk it (capped at 1). Pay-offs are taken from P = 0.
    """
    reward, cheat = trustworthy.reward - trustworthy.punishment, trustworthy.temptation - trustworthy.punishment
    risk = trustworthy.punishment - trustworthy.sucker
    fear = trust * cheat + (1 - trust) * risk
    high = 1.0 if fear <= trust * reward else trust * reward / fear
    false_reward = untrustworthy.reward - untrustworthy.punishment
    false_cheat = untrustworthy.temptation - untrustworthy.punishment
    false_risk = untrustworthy.punishment - untrustworthy.sucker
    copying = trust * (2 * false_cheat - false_reward) + (1 - trust) * false_risk
    low = trust * false_cheat / copying if copying > 0 else 1.0
    return Window(low, high)


def minimum_prior(trustworthy: Stage, untrustworthy: Stage) -> float | None:
    """Return the least belief in a trustworthy partner at which the window opens, or None if it never does.

    Both ends of the window, multiplied out, are linear in the belief t:
    T'(t T + (1 - t) |S|) <= R (t (2 T' - R') + (1 - t) |S'|), primes for the untrustworthy type.
    """
    reward, cheat = trustworthy.reward - trustworthy.punishment, trustworthy.temptation - trustworthy.punishment
    risk = trustworthy.punishment - trustworthy.sucker
    false_reward = untrustworthy.reward - untrustworthy.punishment
    false_cheat = untrustworthy.temptation - untrustworthy.punishment
    false_risk = untrustworthy.punishment - untrustworthy.sucker
    at_none = reward * false_risk - false_cheat * risk
    at_sure = reward * (2 * false_cheat - false_reward) - false_cheat * cheat
    if at_none >= 0:
        return 0.0
    if at_sure <= at_none or at_sure < 0:
        return None
    return -at_none / (at_sure - at_none)


def joint_window(
    trust: tuple[float, float], trustworthy: tuple[Stage, Stage], untrustworthy: tuple[Stage, Stage]
) -> Window:
    """Return the weights of a first round at which the types of both sides part, each with its own belief."""
    found = [reassurance_window(*item) for item in zip(trust, trustworthy, untrustworthy, strict=True)]
    return Window(max(item.low for item in found), min(item.high for item in found))


def joint_prior(trustworthy: tuple[Stage, Stage], untrustworthy: tuple[Stage, Stage]) -> float | None:
    """Return the least common belief at which the window of both sides opens, or None if it never does.

    Each end of a window rises with the belief at its own pace, so the first opening is found on a grid of 1/1000 and
    then by bisection.
    """

    def is_open(trust: float) -> bool:
        return joint_window((trust, trust), trustworthy, untrustworthy).is_open

    first = next((k for k in range(1, 1001) if is_open(k / 1000)), None)
    if first is None:
        return None
    low, high = (first - 1) / 1000, first / 1000
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if is_open(middle) else (middle, high)
    return high
