"""What packages bring their parties in a given room: worths as its voices have them, and the price of being seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.channels.formats import Format, premium
from backchannel.analyses.deals.no_deal import NoDeal
from backchannel.analyses.deals.packages import Packages
from backchannel.analyses.deals.zone import TOLERANCE
from backchannel.model.model import Model
from backchannel.model.worths import cardinal_terms, drawn_points

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CHUNK = 2**22
"""Numbers held at once while packages are valued in draws."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Packages whose acceptance is asked for, each with the states it may end in.

    Parameters
    ----------
    names
        Names of the packages, or their terms.
    parties
        Rows of the actors who sign.
    ends
        int64, shape (ends,): the states.
    start
        int64, shape (packages,): where each package's ends begin.
    issues
        Issues whose options each package's signing changes, by package.
    unmet
        Options of others that need not come to stand as each package expects, by package.
    """

    names: tuple[str, ...]
    parties: tuple[int, ...]
    ends: NDArray[np.int64]
    start: NDArray[np.int64]
    issues: tuple[frozenset[str], ...]
    unmet: tuple[tuple[str, ...], ...]

    def worst(self, gains: Floats) -> Floats:
        """Return the least gain over the ends of each package, shape (draws, packages)."""
        return np.minimum.reduceat(gains, self.start, axis=1) if self.start.size else np.zeros((len(gains), 0))

    def within(self, mandate: tuple[str, ...]) -> Bools:
        """Return which packages trade nothing outside a mandate (empty: all issues), shape (packages,)."""
        return np.array([not mandate or issues <= set(mandate) for issues in self.issues], dtype=bool)


def from_packages(packages: Packages, names: tuple[str, ...], issues: tuple[frozenset[str], ...]) -> Candidates:
    """Return packages that settle somewhere as candidates, each with every end of the others' responses."""
    kept = packages.keep(packages.settled)
    rows = np.flatnonzero(packages.settled).tolist()
    return Candidates(
        tuple(names[row] for row in rows),
        packages.parties,
        kept.ends.cells,
        kept.ends.start[:-1],
        tuple(issues[row] for row in rows),
        ((),) * len(rows),
    )


def factors(model: Model, actor: int, item: Format, draws: int) -> Floats:
    """Return the factor of a room's voices on each term of an actor, shape (draws, terms)."""
    terms = cardinal_terms(model, actor)
    name = model.actors[actor]
    one = np.ones(draws)
    return np.stack([item.voices.get((name, term.issue or ""), one) for term in terms], axis=1).reshape(draws, -1)


def concessions(
    model: Model, actor: int, issue: str, parties: tuple[int, ...], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the states an actor's own concession on an issue leads to, shape (ends,).

    Today, with the options of that issue as in the end state where the actor itself or a third party chooses them: what
    the actor gives, and what comes of it, without what the other parties give in return. Such a state is a yardstick
    and may be impossible.
    """
    space, crisis = model.space, model.crisis
    paid_back = {model.actors[row] for row in parties if row != actor}
    levels = space.levels(ends)
    today = space.levels(np.array([space.today]))
    given = [option.issue == issue and option.by not in paid_back for option in crisis.options.values()]
    mixed = np.where(np.array(given)[None, :], levels, today)
    axis = {name: k for k, name in enumerate(crisis.options)}
    by_axis = [mixed[:, axis[name]].astype(np.int64) for name in space.options]
    return np.asarray(np.ravel_multi_index(by_axis, space.shape), dtype=np.int64)


@dataclass(frozen=True)
class Concession:
    """What an actor pays the premium of an issue on.

    Parameters
    ----------
    actor, issue
        Whose premium, on which issue.
    by_worths
        Whether the actor has worths under that issue, so that what it concedes of them counts in each package and draw.
    points
        Otherwise the one figure for every package: u(today) − u(what the other side demands of it), at the centres.
    """

    actor: str
    issue: str
    by_worths: bool
    points: float


def find_concessions(model: Model, parties: tuple[int, ...]) -> tuple[Concession, ...]:
    """Return on what each party's publicity premium is charged.

    An actor whose terms name the issue pays on those worths. One whose terms do not pays on what conceding costs it:
    the state another party demands (its stance), without what that party itself would do in it, against today. A
    concession that is a gain costs nothing.
    """
    found = []
    for actor in parties:
        name = model.actors[actor]
        labelled = {term.issue for term in cardinal_terms(model, actor)}
        for issue in model.crisis.audience.get(name, {}):
            demanded = _demanded(model, actor, parties)
            by_worths = issue in labelled or demanded is None
            points = 0.0
            if not by_worths:
                cell = int(concessions(model, actor, issue, parties, np.array([demanded]))[0])
                points = max(model.points(actor, model.space.today) - model.points(actor, cell), 0.0)
            found.append(Concession(name, issue, by_worths, points))
    return tuple(found)


def _demanded(model: Model, actor: int, parties: tuple[int, ...]) -> int | None:
    for other in parties:
        stance = model.crisis.stances.get(model.actors[other])
        if other != actor and stance is not None:
            return model.space.find(stance.position)
    return None


def publicity_cost(model: Model, actor: int, item: Format, found: Candidates, values: Floats) -> Floats:
    """Return what being seen to concede costs an actor in each end, points, shape (draws, ends).

    Publicity times premium times concession (see :class:`Concession`), summed over the issues under ``audience``. Of
    worths under the issue the concession is u(today) − u(its own concession), as the voices of the room have them.
    """
    draws = len(values)
    scaled = factors(model, actor, item, draws)
    total = np.zeros((draws, found.ends.size))
    for given in find_concessions(model, found.parties):
        if given.actor != model.actors[actor]:
            continue
        if given.by_worths:
            cells = concessions(model, actor, given.issue, found.parties, found.ends)
            worth = drawn_points(model, actor, np.concatenate([[model.space.today], cells]), values, scaled)
            lost = np.maximum(worth[:, :1] - worth[:, 1:], 0.0)
        else:
            lost = np.full((1, 1), given.points)
        total += (premium(model, given.actor, given.issue, values) * item.publicity)[:, None] * lost
    return total


def gains(
    model: Model, item: Format, found: Candidates, continuation: NoDeal, values: Floats, weights: Floats
) -> Floats:
    """Return each party's gain from each package over failed talks, worst end, shape (parties, draws, packages).

    Failed talks are worth no deal less the failure cost of the room. ``weights`` are the chances of what comes without
    a deal, shape (draws, actors, outcomes).
    """
    draws = len(values)
    out = np.zeros((len(found.parties), draws, found.start.size))
    for k, actor in enumerate(found.parties):
        scaled = factors(model, actor, item, draws)
        none = drawn_points(model, actor, continuation.cells, values, scaled)
        base = (none * weights[:, actor]).sum(axis=1) - continuation.lost[actor] - item.failure_cost[:, actor]
        ends = drawn_points(model, actor, found.ends, values, scaled)
        ends -= publicity_cost(model, actor, item, found, values)
        out[k] = found.worst(ends) - base[:, None]
    return out


def accepted(model: Model, item: Format, found: Candidates, continuation: NoDeal, values: Floats, seed: int) -> Bools:
    """Return in which draws every party prefers a package within the room's mandate, shape (draws, packages).

    Worked on in chunks of draws, so that no more than :data:`CHUNK` numbers are held at once.
    """
    weights = continuation.weights(model, values, seed)
    inside = found.within(item.issues)
    step = max(CHUNK // max(found.ends.size, 1), 1)
    parts = []
    for start in range(0, len(values), step):
        rows = slice(start, start + step)
        gained = gains(model, item.part(rows), found, continuation, values[rows], weights[rows])
        parts.append((gained > TOLERANCE).all(axis=0) & inside)
    return np.concatenate(parts)
