"""What the commitment analysis is asked and hands back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.commitment.compensation import Holding
from backchannel.analyses.commitment.diagnosis import Diagnosis
from backchannel.analyses.commitment.patrons import Act
from backchannel.analyses.commitment.plan import AtTrust, Plan
from backchannel.analyses.commitment.reassurance import Reassurance
from backchannel.analyses.commitment.remedies import Remedied
from backchannel.analyses.commitment.staged import Staged
from backchannel.analyses.commitment.trust import Credence, Enforcement, Given, Split
from backchannel.analyses.commitment.undoing import Undoing
from backchannel.errors import NotSupportedError
from backchannel.results.result import Result

Floats = NDArray[np.float64]

DISCOUNT = 0.9
"""Discount factor a step, unless told otherwise."""


@dataclass(frozen=True)
class Params:
    """What to ask of which deal.

    Parameters
    ----------
    deal
        A deal of the file, or a named state with ``parties``; empty for every deal of the file.
    parties
        Who signs, where a state is named.
    trust
        Credences in place of the file's: (``a>b``, number).
    bond
        Points a breach costs, enforced for certain, by payer: (payer or nothing for all, number).
    tranches
        Number of steps; 0 for the fewest the bond at hand allows, else five.
    first
        Who moves first in every step: a party, ``both``, or nothing for whichever needs the smaller bond.
    discount
        Discount factor a step.
    limit
        The most a party may have lost against today if its partner breaks at a step: (party or nothing for all,
        number).
    hostages
        Whether what stands under ``hostages`` counts as bond.

    Raises
    ------
    NotSupportedError
        For a discount factor or a number of steps out of range.
    """

    deal: str = ""
    parties: tuple[str, ...] = ()
    trust: Given = ()
    bond: Given = ()
    tranches: int = 0
    first: str = ""
    discount: float = DISCOUNT
    limit: Given = ()
    hostages: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.discount <= 1:
            raise NotSupportedError(f"a discount factor lies above 0 and up to 1, got {self.discount:g}")
        if not 0 <= self.tranches <= MOST_TRANCHES:
            raise NotSupportedError(f"tranches are 1 to {MOST_TRANCHES}, got {self.tranches}")


MOST_TRANCHES = 40


@dataclass(frozen=True, eq=False)
class DealCommitment:
    """All that is said of one deal.

    Parameters
    ----------
    diagnosis
        Who would break it, in which order it would be kept, whether it holds once done.
    credence, enforcement
        Trust in acts and what a breach costs, as the file says or the caller gives.
    acts
        What each party's leg, and each part of it, brings about by itself.
    helps
        Moves of spoilers after which the parties carry it out by themselves.
    reassurance
        For two parties who both gain: what a first of two steps would have to be to tell the types apart.
    guarantors
        The least bonds that make up what ``held`` lacks, by guarantor of the file and payer.
    restraints
        For each of ``helps``: the act, and what buys a limited and a greedy spoiler, in points.
    undoings
        Each outsider's best way to undo it once kept.
    plan
        The schedule, for two parties who both gain.
    staged
        The schedule judged as a crisis of its own; None without one that both keep throughout.
    holding
        Payments and bonds after which everybody delivers.
    held
        The bond that keeps the deal: what breaking it would gain, or what the schedule needs if that is more, shape
        (parties,).
    remedied
        The crisis judged again with that bond in force.
    quantiles
        float64, shape (parties, 3): participation thresholds at 5, 50 and 95 % of draws; (0, 3) without draws.
    never
        float64, shape (parties,): share of draws in which no credence is enough; (0,) without draws.
    needs_more
        float64, shape (parties, parties): share of draws in which the row needs more credence than the column; no
        credence being enough for both counts for neither; (0, 0) without draws.
    at_trust
        Where the file states a range of trust: what the bond at hand keeps at its low and its high end; else empty.
    """

    diagnosis: Diagnosis
    credence: Credence
    enforcement: Enforcement
    acts: tuple[Act, ...]
    helps: tuple[Act, ...]
    reassurance: Reassurance | None
    guarantors: tuple[Split, ...]
    restraints: tuple[tuple[Act, float, float], ...]
    undoings: tuple[Undoing, ...]
    plan: Plan | None
    staged: Staged | None
    holding: Holding
    held: Floats
    remedied: Remedied
    quantiles: Floats
    never: Floats
    needs_more: Floats
    at_trust: tuple[AtTrust, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class CommitmentResult(Result):
    """Whether deals would be kept.

    Parameters
    ----------
    actors
        Actor ids in file order.
    concepts
        ``nash``, ``gmr``, ``smr``, ``seq``: the order of the arrays of verdicts.
    deals
        One a deal, in the order asked.
    params
        What was asked.
    """

    actors: tuple[str, ...]
    concepts: tuple[str, ...]
    deals: tuple[DealCommitment, ...]
    params: Params
