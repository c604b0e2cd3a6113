"""Does a signal separate the types: who would send it, paid in any case (sunk) or only when caught bluffing (tied)?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.signals.beliefs import likelihood_ratio
from backchannel.model.model import Model
from backchannel.spec.crisis import Crisis
from backchannel.spec.information import Signal
from backchannel.spec.number import Number

Floats = NDArray[np.float64]
Verdict = Literal["separates", "both send it", "neither sends it", "only the bluffer sends it", "cheap talk"]
Part = Literal["", "sunk", "tied", "either", "both"]


@dataclass(frozen=True)
class Separation:
    """What a signal costs and gains.

    Parameters
    ----------
    signal
        Its id.
    by, to, that
        Sender, receivers (empty: everybody) and the statement.
    is_deed
        Whether it costs anything; if not, it is cheap talk.
    cost_if_true, gain, cost_if_false
        Points, at the centres; 0 where the file gives none. Where it tells sunk from tied, a tied cost counts for the
        bluffer alone: who means it does not back down.
    sunk_if_false, tied_if_false
        The parts of ``cost_if_false``, where the file tells them apart; else both 0.
    verdict
        With a plain cost sunk (paid in any case), or with sunk and tied parts as the file has them.
    separated_by
        Which part makes it separate: ``sunk`` or ``tied`` alone would, ``either`` would, only ``both`` together do;
        nothing where it does not separate or the cost has no parts.
    bluff_called
        The chance of a challenge above which bluffing does not pay, if a plain cost is tied (paid only by a bluffer who
        is challenged and gives way): gain / (gain + cost_if_false); with parts (gain - sunk) / (gain + tied), 0 at
        least. 1 if it always pays.
    hypothetical
        Whether it is only considered.
    ratio
        Chance of the act if the statement is true over its chance if it is false, as the file says.
    """

    signal: str
    by: str
    to: tuple[str, ...]
    that: str
    is_deed: bool
    cost_if_true: float
    gain: float
    cost_if_false: float
    sunk_if_false: float
    tied_if_false: float
    verdict: Verdict
    separated_by: Part
    bluff_called: float
    hypothetical: bool
    ratio: float


def separations(crisis: Crisis) -> tuple[Separation, ...]:
    """Judge every signal of the file.

    Source: minimal models in the spirit of Spence (1973) and Fearon (1997), derived here. A sunk cost separates if
    cost_if_true < gain < cost_if_false: worth it for the true type, not for the bluffer. A tied part adds to the
    bluffer's cost alone, as if it were believed first and backed down then.
    """
    found = []
    for name, signal in crisis.signals.items():
        gain = 0.0 if signal.gain is None else signal.gain.centre
        cost = {path: number.centre for path, number in _costs(signal).items()}
        true = cost.get("if_true", 0.0) + cost.get("sunk.if_true", 0.0)
        sunk, tied = cost.get("sunk.if_false", 0.0), cost.get("tied.if_false", 0.0)
        false = cost.get("if_false", 0.0) + sunk + tied
        is_deed = true > 0 or false > 0
        verdict: Verdict = _verdict(true, gain, false) if is_deed else "cheap talk"
        parted = signal.cost is not None and signal.cost.if_false is None
        found.append(
            Separation(
                signal=name,
                by=signal.by,
                to=tuple(signal.to),
                that=signal.that,
                is_deed=is_deed,
                cost_if_true=true,
                gain=gain,
                cost_if_false=false,
                sunk_if_false=sunk,
                tied_if_false=tied,
                verdict=verdict,
                separated_by=_part(gain, sunk, tied) if parted and verdict == "separates" else "",
                bluff_called=_bluff_called(gain, sunk, tied if parted else false),
                hypothetical=signal.hypothetical,
                ratio=likelihood_ratio(signal.if_true, signal.if_false),
            )
        )
    return tuple(found)


def _costs(signal: Signal) -> dict[str, Number]:
    """Return the numbers of a signal's cost that somebody pays, by their path below ``cost``."""
    cost = signal.cost
    if cost is None:
        return {}
    found = {"if_true": cost.if_true, "if_false": cost.if_false}
    if cost.sunk is not None:
        found |= {"sunk.if_true": cost.sunk.if_true, "sunk.if_false": cost.sunk.if_false}
    if cost.tied is not None:
        found["tied.if_false"] = cost.tied.if_false
    return {path: number for path, number in found.items() if number is not None}


def _part(gain: float, sunk: float, tied: float) -> Part:
    """Return which part of a cost would keep the bluffer out alone."""
    if sunk > gain:
        return "either" if tied > gain else "sunk"
    return "tied" if tied > gain else "both"


def _bluff_called(gain: float, sunk: float, tied: float) -> float:
    """Solve (1 - q) gain - sunk = q tied for the chance q of a challenge."""
    return max(gain - sunk, 0.0) / (gain + tied) if gain + tied > 0 else 1.0 if sunk == 0 else 0.0


def _verdict(true: float, gain: float, false: float) -> Verdict:
    sends, bluffs = gain > true, gain > false
    if sends and bluffs:
        return "both send it"
    if sends:
        return "separates"
    return "only the bluffer sends it" if bluffs else "neither sends it"


def separating_draws(model: Model, signal: str, values: Floats) -> NDArray[np.bool_]:
    """Return in which draws a deed separates, shape (draws,). All false for one without costs or gain in the file."""
    about = model.crisis.signals[signal]
    if about.cost is None or about.gain is None:
        return np.zeros(len(values), dtype=bool)
    column = {item.path: k for k, item in enumerate(model.inputs)}
    gain = values[:, column[f"signals.{signal}.gain"]]
    true, false = np.zeros(len(values)), np.zeros(len(values))
    for path in _costs(about):
        side = true if path.endswith("if_true") else false
        side += values[:, column[f"signals.{signal}.cost.{path}"]]
    return np.asarray((true < gain) & (gain < false))
