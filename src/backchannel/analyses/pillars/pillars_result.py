"""What the analysis of the pillars hands back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.pillars.defection import Elites, Movement, Prior, Promises
from backchannel.analyses.pillars.drawn import Drawn
from backchannel.analyses.pillars.exit import Exit
from backchannel.analyses.pillars.levers import Lever
from backchannel.analyses.pillars.patron import Trigger
from backchannel.results.result import Result


@dataclass(frozen=True)
class Params:
    """How to judge the pillars.

    Parameters
    ----------
    prior
        ``diffuse``: members know nothing of the government's strength but what they see, and the analyst's belief
        only weighs the outcome. ``common``: the analyst's belief is theirs too, and each knows that the others hold it.
    promises
        ``face``: the pay-off of moving counts as written. ``trusted``: it counts with the trust the file states in
        whoever promises, and the rest as a broken promise.
    compare
        Variants set beside the file; None for every variant that touches pillars, if none is in force.
    rationality
        Logit parameter of the game between pillars, per point.
    """

    prior: Prior = "diffuse"
    promises: Promises = "face"
    compare: tuple[str, ...] | None = None
    rationality: float = 1.5


@dataclass(frozen=True)
class TippingPoint:
    """A share of the pillars' mass at which a movement rests (stable) or tips, in a case, for a government."""

    case: str
    government: str
    share: float
    stable: bool


@dataclass(frozen=True)
class Choice:
    """The lever on pay-offs that needs the fewest points on a pillar in a case."""

    case: str
    pillar: str
    lever: str
    points: float


@dataclass(frozen=True, kw_only=True, eq=False)
class PillarsResult(Result):
    """What the pillars do, in the file and in its variants. Cases run first to last, the file (empty) first.

    Parameters
    ----------
    pillars, names, of, moves
        Ids and names of the pillars, the government each holds up, and the option that stands for its move.
    governments, government_names
        Ids and names of the governments.
    cases
        The file as it stands, as an empty text, and the variants compared.
    mass
        float64, shape (pillars,): share of its government's pillars, in the file.
    threshold, never
        float64 and bool, shape (cases, pillars): the chance of fall at which a member moves (1 where he never does).
    trusted_threshold, trusted_never
        The same if promises count with the trust the file states; equal where it states none.
    belief, reach
        float64, shape (cases, pillars); a belief of 0 where ``has_belief`` says none is stated.
    has_belief
        Bool, shape (pillars,).
    reachable, would_move
        Bool, shape (cases, pillars).
    falls_below
        float64, shape (cases, governments): the government falls if losing this share of its pillars, or less, is
        enough to bring it down; 0 or below where it cannot fall.
    falls_below_most
        The same for the greatest equilibrium; differs only with a common prior and several equilibria.
    steepness
        float64, shape (cases, governments): one equilibrium is sure up to 2.507; 0 with a diffuse prior.
    chance
        float64, shape (cases, governments): the analyst's chance that it falls.
    other_prior
        float64, shape (governments,): ``falls_below`` in the file under the other prior; -1 where that asks for an
        uncertain ``falls_at``.
    tipping
        Every fixed point, by case and government.
    choices
        The cheapest lever, by case and pillar.
    levers
        By government: every lever in the file as it stands, the strongest first.
    movement, elites
        By government, in the file as it stands.
    exits, triggers
        Incumbents' ways out; moves of outsiders after which they or their pillars move.
    drawn
        Over draws; None without.
    params
        What was asked.
    """

    pillars: tuple[str, ...]
    names: tuple[str, ...]
    of: tuple[str, ...]
    moves: tuple[str, ...]
    governments: tuple[str, ...]
    government_names: tuple[str, ...]
    cases: tuple[str, ...]
    mass: NDArray[np.float64]
    threshold: NDArray[np.float64]
    never: NDArray[np.bool_]
    trusted_threshold: NDArray[np.float64]
    trusted_never: NDArray[np.bool_]
    belief: NDArray[np.float64]
    reach: NDArray[np.float64]
    has_belief: NDArray[np.bool_]
    reachable: NDArray[np.bool_]
    would_move: NDArray[np.bool_]
    falls_below: NDArray[np.float64]
    falls_below_most: NDArray[np.float64]
    steepness: NDArray[np.float64]
    chance: NDArray[np.float64]
    other_prior: NDArray[np.float64]
    tipping: tuple[TippingPoint, ...]
    choices: tuple[Choice, ...]
    levers: tuple[tuple[Lever, ...], ...]
    movement: tuple[Movement, ...]
    elites: tuple[Elites | None, ...]
    exits: tuple[Exit, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    drawn: Drawn | None = None
    params: Params = Params()

    def case_name(self, case: str) -> str:
        """Return what to call a case in words."""
        return case or (self.provenance.variant or "the file")
