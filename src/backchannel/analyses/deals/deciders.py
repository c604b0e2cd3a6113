"""Which inputs a party's yes to a package turns on, and at which value each flips it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.no_deal import NoDeal
from backchannel.analyses.deals.robustness import named_gains
from backchannel.analyses.deals.zone import TOLERANCE
from backchannel.model.model import Model
from backchannel.spec.inputs import Input

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Decider:
    """An input on which a party's yes to a named package turns.

    Parameters
    ----------
    package, party
        Positions among the named packages and the parties.
    path
        Path of the input.
    centre
        Its value in the file.
    weight
        Gain, in points, for each unit of the input.
    flips
        Value at which the party is indifferent, all else at the centre.
    inside
        Whether that value lies within the input's own range.
    share
        Share of the variance of the gain over draws that goes with the input; 0 without draws.
    """

    package: int
    party: int
    path: str
    centre: float
    weight: float
    flips: float
    inside: bool
    share: float


def deciders(
    model: Model, parties: tuple[int, ...], cells: NDArray[np.int64], continuation: NoDeal, values: Floats, seed: int
) -> tuple[Decider, ...]:
    """Return the inputs that a party's acceptance turns on: uncertain ones, those that move the gain most first.

    Every input enters a gain linearly by itself, so that the value at which it flips is exact.

    Parameters
    ----------
    model, parties, continuation
        The model, rows of the parties, and no deal.
    cells
        int64, shape (named,): the states valued.
    values
        Shape (draws, inputs): draws, or one row at the centres.
    seed
        Seed of chances given on the command line.
    """
    columns = [k for k, item in enumerate(model.inputs) if item.number.is_uncertain]
    if not columns or not cells.size:
        return ()
    centre = np.array([[item.number.centre for item in model.inputs]])
    probes = np.repeat(centre, len(columns) + 1, axis=0)
    probes[np.arange(1, len(probes)), columns] += 1.0
    at = named_gains(model, parties, cells, continuation, probes, None)
    spread = named_gains(model, parties, cells, continuation, values, seed)
    found = []
    for place, column in enumerate(columns, start=1):
        slope = at[place] - at[0]
        drawn = values[:, column]
        for package, party in zip(*np.nonzero(np.abs(slope) > TOLERANCE), strict=True):
            item = model.inputs[column]
            flips = float(item.number.centre - at[0, package, party] / slope[package, party])
            found.append(
                Decider(
                    package=int(package),
                    party=int(party),
                    path=item.path,
                    centre=item.number.centre,
                    weight=float(slope[package, party]),
                    flips=flips,
                    inside=_in(item, flips),
                    share=_explained(drawn, spread[:, package, party]),
                )
            )
    return tuple(sorted(found, key=lambda item: (item.package, item.party, -item.share, item.path)))


def _in(item: Input, value: float) -> bool:
    return item.number.low < value < item.number.high


def _explained(drawn: Floats, gain: Floats) -> float:
    if len(drawn) < 2 or np.ptp(drawn) == 0 or np.ptp(gain) == 0:
        return 0.0
    return float(np.corrcoef(drawn, gain)[0, 1] ** 2)
