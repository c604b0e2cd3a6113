"""Ablation: the same rooms with some of their attributes made equal, so that it shows what an order rests on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.channels.formats import Format, with_equal_voices
from backchannel.model.model import Model

Floats = NDArray[np.float64]

ATTRIBUTES = ("publicity", "authority", "drift", "voices", "mandate", "failure_cost")

ABLATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("as in the file", ()),
    ("equal authority", ("authority", "drift")),
    ("equal voices", ("voices",)),
    ("equal publicity", ("publicity",)),
    ("equal mandate", ("mandate",)),
    ("publicity alone", ("authority", "drift", "voices", "mandate", "failure_cost")),
    ("voices alone", ("authority", "drift", "publicity", "mandate", "failure_cost")),
    ("authority alone", ("drift", "publicity", "voices", "mandate", "failure_cost")),
)
"""Name of each ablation, and what it makes equal. ``x alone`` leaves only x as the file has it."""

KEEPS = ("equal authority", "equal voices", "equal publicity", "equal mandate")
"""Ablations that take one attribute away: an order must survive each of them to be stated."""


def equalised(model: Model, formats: tuple[Format, ...], same: tuple[str, ...], values: Floats) -> tuple[Format, ...]:
    """Return the formats with some attributes equal.

    Numbers take their median over the formats (of their means over draws); voices: every person has the same say;
    mandate: every issue may be traded.
    """
    draws = len(values)
    change: dict[str, Floats] = {}
    for name in ("publicity", "authority", "drift"):
        if name in same:
            middle = float(np.median([getattr(item, name).mean() for item in formats]))
            change[name] = np.full(draws, middle)
    if "failure_cost" in same:
        middle_cost = np.median([item.failure_cost.mean(axis=0) for item in formats], axis=0)
        change["failure_cost"] = np.tile(middle_cost, (draws, 1))
    out = []
    for item in formats:
        made = replace(item, **change)  # type: ignore[arg-type]
        if "mandate" in same:
            made = replace(made, issues=())
        out.append(with_equal_voices(model, made, values) if "voices" in same else made)
    return tuple(out)
