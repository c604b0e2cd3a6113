"""Gains of persons and of the sides they speak for: at some states, or over packages and the responses to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.drawn_responses import Worst, worst_of_ends
from backchannel.analyses.deals.no_deal import NoDeal
from backchannel.analyses.deals.packages import Packages
from backchannel.analyses.deals.people import Voice, voice_base, voice_worth
from backchannel.analyses.deals.zone import TOLERANCE
from backchannel.model.model import Model

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sides:
    """Who speaks for whom, against what, in some draws.

    Parameters
    ----------
    model, voices, continuation
        The model, everybody with a say, and no deal.
    values
        Shape (draws, inputs).
    seed
        Seed of chances given on the command line.
    home
        Share of the say at home, shape (draws, voices).
    required
        Share of it that ratifies, shape (draws, parties).
    """

    model: Model
    voices: tuple[Voice, ...]
    continuation: NoDeal
    values: Floats
    seed: int
    home: Floats
    required: Floats

    @cached_property
    def chances(self) -> Floats:
        """Chances of what may come, shape (draws, actors, outcomes)."""
        return self.continuation.weights(self.model, self.values, self.seed)

    @cached_property
    def base(self) -> Floats:
        """Value of no deal to each voice, shape (draws, voices)."""
        return voice_base(self.model, self.voices, self.continuation, self.values, self.chances)

    def of(self, party: int) -> list[int]:
        """Return the positions of a party's voices."""
        return [k for k, voice in enumerate(self.voices) if voice.party == party]


@dataclass(frozen=True, eq=False)
class SideGains:
    """Gains over no deal in each draw.

    Parameters
    ----------
    gains
        Of each voice, points, shape (draws, places, voices).
    weighted
        Of each party, its voices weighed by their say in the room, shape (draws, places, parties).
    say
        Share of the say at home that gains, shape (draws, places, parties).
    required
        Share that ratifies, shape (draws, parties).
    """

    gains: Floats
    weighted: Floats
    say: Floats
    required: Floats

    @property
    def signed(self) -> Bools:
        """Whether each party's voices gain."""
        return np.asarray(self.weighted > TOLERANCE)

    @property
    def ratified(self) -> Bools:
        """Whether enough of the say at home gains."""
        return np.asarray(self.say >= self.required[:, None, :] - TOLERANCE)


def at_cells(sides: Sides, cells: NDArray[np.int64], weights: Floats) -> SideGains:
    """Return gains at some states, with the say ``weights`` in the room, shape (draws, voices)."""
    return gains_of(sides, slice(None), cells, weights, lambda worth: worth)


def at_packages(sides: Sides, packages: Packages, weights: Floats) -> SideGains:
    """Return gains of packages by their ends at the centres: see :func:`gains_of`."""
    return gains_of(sides, slice(None), packages.ends.cells, weights, lambda worth: worst_of_ends(packages, worth))


def gains_of(sides: Sides, draws: slice, cells: NDArray[np.int64], weights: Floats, over: Worst) -> SideGains:
    """Return gains under the worst response: worst for the person, and for the party's weighed gain.

    Parameters
    ----------
    sides
        Who speaks for whom.
    draws
        The draws to look at.
    cells
        int64, shape (cells,): where things may end.
    weights
        Say in the room, shape (all draws, voices).
    over
        From worths of the cells to worths of places: packages, or the cells themselves.
    """
    values, chances, weights = sides.values[draws], sides.chances[draws], weights[draws]
    above = [
        voice_worth(sides.model, voice, cells, sides.continuation, values, chances) - sides.base[draws, k, None]
        for k, voice in enumerate(sides.voices)
    ]
    gains = np.stack([over(worth) for worth in above], axis=2)
    weighted, say = [], []
    for party in range(sides.required.shape[1]):
        own = sides.of(party)
        weighted.append(over(sum((weights[:, k, None] * above[k] for k in own), np.zeros_like(above[0]))))
        say.append(((gains[:, :, own] > TOLERANCE) * sides.home[draws][:, None, own]).sum(axis=2))
    return SideGains(gains, np.stack(weighted, axis=2), np.stack(say, axis=2), sides.required[draws])
