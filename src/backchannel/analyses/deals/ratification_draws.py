"""In how many draws each person gains, each party signs, and what is signed is ratified."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context
from backchannel.analyses.deals.drawn_responses import drawn_responses
from backchannel.analyses.deals.packages import Packages
from backchannel.analyses.deals.sides import SideGains, Sides, at_cells, gains_of
from backchannel.analyses.deals.zone import TOLERANCE

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class VoiceShares:
    """Shares of draws: of draws over ranges somebody chose, not probabilities.

    Parameters
    ----------
    draws
        How many.
    accepts
        Share in which each voice gains by each deal, shape (deals, voices).
    signs
        Share in which each party's voices gain, shape (rooms, deals, parties).
    ratifies
        Share in which enough of the say at home gains, shape (deals, parties).
    kept, refused
        Share in which all sign and all ratify; in which all sign and some party does not ratify, shape (rooms, deals).
    package_signed, package_ratified, package_kept
        Share in which all parties sign each package in the first room, in which all ratify, and both, (packages,).
    proposals
        float64, shape (parties, packages): mean gain of each party's voices over all draws if it proposes the package
        and has it only where the others sign and all ratify.
    """

    draws: int
    accepts: Floats
    signs: Floats
    ratifies: Floats
    kept: Floats
    refused: Floats
    package_signed: Floats
    package_ratified: Floats
    package_kept: Floats
    proposals: Floats


def voice_shares(
    sides: Sides,
    packages: Packages,
    cells: NDArray[np.int64],
    weights: list[Floats],
    context: Context,
) -> VoiceShares:
    """Weigh the deals by name, and some packages, in every draw.

    Parameters
    ----------
    sides
        Who speaks for whom, in all draws.
    packages
        Packages with their ends at the centres; found anew in draws in which a third party's worths differ.
    cells
        int64, shape (deals,): where the deals by name end.
    weights
        Say in each room, shape (draws, voices) each.
    context
        Whom to tell.
    """
    named = [at_cells(sides, cells, room) for room in weights]
    ratified = named[0].ratified
    all_ratified = ratified.all(axis=2)
    all_signed = np.stack([item.signed.all(axis=2) for item in named])
    total = len(sides.values)
    counted = _Counted(np.zeros((3, packages.size)), np.zeros((sides.required.shape[1], packages.size)))
    responses = drawn_responses(sides.model, packages, sides.values)
    for draws, worst in responses.blocks():
        counted.add(gains_of(sides, draws, responses.cells, weights[0], worst))
        context.progress(draws.stop, total)
    return VoiceShares(
        draws=total,
        accepts=(named[0].gains > TOLERANCE).mean(axis=0),
        signs=np.stack([item.signed.mean(axis=0) for item in named]),
        ratifies=ratified.mean(axis=0),
        kept=(all_signed & all_ratified).mean(axis=1),
        refused=(all_signed & ~all_ratified).mean(axis=1),
        package_signed=counted.shares[0] / total,
        package_ratified=counted.shares[1] / total,
        package_kept=counted.shares[2] / total,
        proposals=counted.gains / total,
    )


@dataclass(frozen=True, eq=False)
class _Counted:
    shares: Floats
    gains: Floats

    def add(self, found: SideGains) -> None:
        signed, ratified = found.signed, found.ratified.all(axis=2)
        together = signed.all(axis=2)
        for place, mask in enumerate((together, ratified, together & ratified)):
            self.shares[place] += mask.sum(axis=0)
        for party in range(signed.shape[2]):
            others = np.delete(signed, party, axis=2).all(axis=2)
            self.gains[party] += np.where(others & ratified, found.weighted[:, :, party], 0.0).sum(axis=0)
