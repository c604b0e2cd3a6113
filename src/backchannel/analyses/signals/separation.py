"""Does a signal separate the types: who would send it, paid in any case (sunk) or only when caught bluffing (tied)?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.signals.beliefs import likelihood_ratio
from backchannel.model.model import Model
from backchannel.spec.crisis import Crisis

Floats = NDArray[np.float64]
Verdict = Literal["separates", "both send it", "neither sends it", "only the bluffer sends it", "cheap talk"]


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
        Points, at the centres; 0 where the file gives none.
    verdict
        With the cost sunk (paid in any case).
    bluff_called
        With the cost tied (paid only by a bluffer who is challenged and gives way): the chance of a challenge above
        which bluffing does not pay, gain / (gain + cost_if_false). 1 if it always pays.
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
    verdict: Verdict
    bluff_called: float
    ratio: float


def separations(crisis: Crisis) -> tuple[Separation, ...]:
    """Judge every signal of the file.

    Source: minimal models in the spirit of Spence (1973) and Fearon (1997), derived here. A sunk cost separates if
    cost_if_true < gain < cost_if_false: worth it for the true type, not for the bluffer.
    """
    found = []
    for name, signal in crisis.signals.items():
        gain = 0.0 if signal.gain is None else signal.gain.centre
        true = 0.0 if signal.cost is None else signal.cost.if_true.centre
        false = 0.0 if signal.cost is None else signal.cost.if_false.centre
        is_deed = true > 0 or false > 0
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
                verdict=_verdict(true, gain, false) if is_deed else "cheap talk",
                bluff_called=gain / (gain + false) if gain + false > 0 else 1.0,
                ratio=likelihood_ratio(signal.if_true, signal.if_false),
            )
        )
    return tuple(found)


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
    paths = (f"signals.{signal}.cost.if_true", f"signals.{signal}.gain", f"signals.{signal}.cost.if_false")
    true, gain, false = (values[:, column[path]] for path in paths)
    return np.asarray((true < gain) & (gain < false))
