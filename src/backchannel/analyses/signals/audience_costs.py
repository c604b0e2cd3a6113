"""What a public commitment buys: bluffing under audience costs, and tying hands against sinking costs.

Pay-offs are in units in which the status quo is worth 0 to the sender and yielding is worth 0 to the receiver; a
receiver whose opponent backs down gets 1. Each function solves one small game in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...numerics.extensive_form import Floats

BluffingKind = Literal["no_bluff", "some_bluff", "all_bluff"]
TieKind = Literal["nobody_signals", "only_high", "all_commit", "no_bluff", "some_bluff", "all_bluff"]


@dataclass(frozen=True)
class Bluffing:
    """The equilibrium of the bluffing game.

    Parameters
    ----------
    kind
        Whether bluffers stay out, mix or all challenge.
    credibility_needed
        Probability that a challenger would fight at which a weak receiver is indifferent.
    bluff
        Probability that an irresolute sender challenges.
    weak_resists, resists
        Probability that a weak receiver, and that any receiver, resists a challenge.
    credibility
        Probability that a challenger would fight.
    challenge, concession, back_down, war
        Probability of each, before anybody knows its type; ``concession`` and the two after it follow a challenge.
    """

    kind: BluffingKind
    credibility_needed: float
    bluff: float
    weak_resists: float
    resists: float
    credibility: float
    challenge: float
    concession: float
    back_down: float
    war: float


def bluffing(
    resolved: float, weak_war: float, audience_cost: float, tough: float = 0.0, prize: float = 1.0
) -> Bluffing:
    """How many bluff, how often is a threat resisted, and how often does it come to war?

    A minimal model in the spirit of Fearon (1994): a sender keeps the status quo or challenges; the receiver concedes
    or resists; the sender then fights or backs down before an audience. A resolved sender always fights, an irresolute
    one never; a tough receiver always resists.

    Parameters
    ----------
    resolved
        Probability that the sender is resolved, 0..1.
    weak_war
        What war is worth to a weak receiver, below 0.
    audience_cost
        What backing down costs the sender, above 0, in the units of the prize.
    tough
        Probability that the receiver is tough, 0..1, independent of the sender.
    prize
        What a concession is worth to the sender, above 0.

    Returns
    -------
    Bluffing
        Exact. On the borders (``resolved`` equal to the credibility needed, or ``tough`` to the resistance that holds
        bluffers) a continuum of equilibria joins two kinds; the one with fewer bluffs is returned.
    """
    _between("resolved", resolved)
    _between("tough", tough)
    _positive("audience_cost", audience_cost)
    _positive("prize", prize)
    if not weak_war < 0:
        raise ValueError(f"weak_war must lie below 0, what conceding is worth, got {weak_war}")
    needed = 1 / (1 - weak_war)
    holding = prize / (prize + audience_cost)  # resistance at which a bluff is worth nothing
    if tough >= holding:
        kind, bluff, resists = "no_bluff", 0.0, tough
    elif resolved > needed:
        kind, bluff, resists = "all_bluff", 1.0, tough
    else:
        odds = resolved * (1 - needed) / needed
        kind, bluff, resists = "some_bluff", odds / (1 - resolved) if odds else 0.0, holding
    return _bluffing(kind, needed, resolved, tough, bluff, resists)  # type: ignore[arg-type]


def _bluffing(
    kind: BluffingKind, needed: float, resolved: float, tough: float, bluff: float, resists: float
) -> Bluffing:
    challenge = resolved + (1 - resolved) * bluff
    return Bluffing(
        kind=kind,
        credibility_needed=needed,
        bluff=bluff,
        weak_resists=(resists - tough) / (1 - tough) if tough < 1 else 0.0,
        resists=resists,
        credibility=resolved / challenge if challenge else 1.0,
        challenge=challenge,
        concession=challenge * (1 - resists),
        back_down=(1 - resolved) * bluff * resists,
        war=resolved * resists,
    )


def endorsed(resolved: float, weak_war: float, audience_cost: float, tough: float = 0.0) -> Bluffing:
    """Return the bluffing game when an opposition sees the sender's type and endorses genuine threats only.

    A minimal model in the spirit of Schultz (1998). A threat without endorsement is known to be empty and is resisted,
    so nobody bluffs; an endorsed one is believed, so only tough receivers resist. Arguments as for ``bluffing``.
    """
    plain = bluffing(resolved, weak_war, audience_cost, tough)
    return _bluffing("no_bluff", plain.credibility_needed, resolved, tough, 0.0, tough)


def cost_that_stops_bluffs(tough: float, prize: float = 1.0) -> float:
    """Return the smallest audience cost at which nobody bluffs: prize (1 - tough) / tough, infinite without tough ones.

    A red line needs at least this much behind it to be believed in full whatever was thought of the sender before.
    """
    _between("tough", tough)
    _positive("prize", prize)
    return prize * (1 - tough) / tough if tough else float("inf")


@dataclass(frozen=True)
class SignalSetting:
    """A defender whose stake is high or low, and a challenger who is tough or soft.

    Parameters
    ----------
    value_high, value_low
        What keeping the issue is worth to a defender of each type.
    war_high, war_low
        What war over it is worth to each: win probability times value less cost.
    high, tough
        Probability that the defender's stake is high and that the challenger is tough, 0..1, independent.
    soft_war, tough_war
        What war is worth to each challenger; accepting is worth 0, a defender that yields 1.
    """

    value_high: float
    value_low: float
    war_high: float
    war_low: float
    high: float
    tough: float
    soft_war: float = -0.5
    tough_war: float = 0.1

    def __post_init__(self) -> None:
        _between("high", self.high)
        _between("tough", self.tough)
        if not self.soft_war < 0 <= self.tough_war:
            raise ValueError(f"soft_war must lie below 0 and tough_war not, got {self.soft_war} and {self.tough_war}")
        if not (self.war_high > 0 >= self.war_low):
            raise ValueError(
                "a defender with a high stake must prefer war to yielding (war_high above 0) and one with a low stake "
                f"not (war_low 0 or less), got {self.war_high} and {self.war_low}"
            )


def sunk_cost_window(
    value_high: Floats | float,
    war_high: Floats | float,
    value_low: Floats | float,
    war_low: Floats | float,
    tough: float,
) -> Floats:
    """Which sunk costs does a defender with a high stake pay and one with a low stake not?

    A minimal model in the spirit of Fearon (1997). After the signal soft challengers accept and tough ones do not;
    without it everybody challenges. What a type gains by being believed is (1 - tough) (value - max(war, 0)): the high
    type must gain more. Types that differ in the cost of war alone do so the wrong way round, so their window is empty.

    Returns
    -------
    Floats
        (..., 2): least and largest cost, the low type's gain and the high type's; empty where the first is larger.
    """
    _between("tough", tough)
    gain_low = (1 - tough) * (np.asarray(value_low) - np.maximum(war_low, 0))
    gain_high = (1 - tough) * (np.asarray(value_high) - np.maximum(war_high, 0))
    return np.stack(np.broadcast_arrays(gain_low, gain_high), axis=-1).astype(np.float64)


@dataclass(frozen=True)
class Signal:
    """What a signal of one kind and size leads to.

    Parameters
    ----------
    kind
        What the types do; for a sunk cost ``only_high`` or ``nobody_signals``.
    high_signals, low_signals
        Probability that each type signals.
    soft_resists
        Probability that a soft challenger challenges after the signal.
    value
        What the game is worth to the defender before it knows its type.
    war
        Probability of war.
    bluffs
        Probability that somebody signals who would yield.
    """

    kind: TieKind
    high_signals: float
    low_signals: float
    soft_resists: float
    value: float
    war: float
    bluffs: float


def sinking(setting: SignalSetting, cost: float) -> Signal:
    """Return the equilibrium in which a cost paid whatever happens separates the types, or nobody signals.

    Inside ``sunk_cost_window`` the high type signals; outside no separating equilibrium exists, and the one returned is
    that in which nobody signals, so that challengers go by what they thought before.
    """
    _positive("cost", cost)
    low, high = sunk_cost_window(
        setting.value_high, setting.war_high, setting.value_low, setting.war_low, setting.tough
    ).tolist()
    if not low <= cost <= high:
        return _no_signal(setting)
    believed = (1 - setting.tough) * setting.value_high + setting.tough * setting.war_high
    return Signal("only_high", 1.0, 0.0, 0.0, setting.high * (believed - cost), setting.high * setting.tough, 0.0)


def _no_signal(setting: SignalSetting) -> Signal:
    """Nobody signals: a soft challenger challenges unless war is too near."""
    daunted = setting.high * setting.soft_war + (1 - setting.high) <= 0
    met = setting.tough if daunted else 1.0
    kept = (1 - met) * (setting.high * setting.value_high + (1 - setting.high) * setting.value_low)
    value = kept + met * setting.high * setting.war_high
    return Signal("nobody_signals", 0.0, 0.0, 0.0 if daunted else 1.0, value, setting.high * met, 0.0)


def tying(setting: SignalSetting, cost: float) -> Signal:
    """Return the equilibrium of a commitment that costs so much if the defender yields after it.

    A minimal model in the spirit of Fearon (1997). From ``cost >= -war_low`` on even the low type would fight once
    committed: it signals too if being believed is worth that risk (``all_commit``), so nobody bluffs and every tough
    challenge means war. Below, it bluffs as in ``bluffing``.
    """
    _positive("cost", cost)
    high_kept = (1 - setting.tough) * setting.value_high + setting.tough * setting.war_high
    if cost >= -setting.war_low:
        low_kept = (1 - setting.tough) * setting.value_low + setting.tough * setting.war_low
        if low_kept >= 0:
            value = setting.high * high_kept + (1 - setting.high) * low_kept
            return Signal("all_commit", 1.0, 1.0, 0.0, value, setting.tough, 0.0)
        return Signal("only_high", 1.0, 0.0, 0.0, setting.high * high_kept, setting.high * setting.tough, 0.0)
    play = bluffing(setting.high, setting.soft_war, cost, setting.tough, setting.value_low)
    high_value = (1 - play.resists) * setting.value_high + play.resists * setting.war_high
    low_value = play.bluff * ((1 - play.resists) * setting.value_low - play.resists * cost)
    return Signal(
        kind=play.kind,
        high_signals=1.0,
        low_signals=play.bluff,
        soft_resists=play.weak_resists,
        value=setting.high * high_value + (1 - setting.high) * low_value,
        war=play.war,
        bluffs=(1 - setting.high) * play.bluff,
    )


def _between(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is a probability between 0 and 1, got {value}")


def _positive(name: str, value: float) -> None:
    if not (value > 0 and np.isfinite(value)):
        raise ValueError(f"{name} must be a number above 0, got {value}")
