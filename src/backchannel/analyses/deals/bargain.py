"""What every question about deals starts from: who signs, what may be traded, what comes without agreement."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import HasCrisis, Need, demand
from backchannel.analyses.deals.named import Named, ends_after, named_package
from backchannel.analyses.deals.no_deal import Hazard, NoDeal, no_deal
from backchannel.analyses.deals.options_of import party_rows
from backchannel.analyses.deals.packages import Packages, find_packages
from backchannel.analyses.deals.zone import TOLERANCE, Valued, points, value_packages
from backchannel.analyses.stability import stability
from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.model.worths import cardinal_terms
from backchannel.spec.condition import Compare, Condition, ConditionError, parse_condition
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import is_feasible
from backchannel.spec.positions import suggest

EXAMPLE = "deals: {swap: {parties: [north, south], terms: [dam, treaty], why: ...}}"


@dataclass(frozen=True)
class Terms:
    """Who signs, what may be traded, against what.

    Parameters
    ----------
    parties
        Actors who sign; empty for the parties of the file's first deal, or everybody if there are only two.
    issues
        Issues that may be traded; empty for all.
    where
        A condition: only packages in whose state right after signing it holds.
    no_deal
        Nothing for what the file says, ``today``, or a state to fall back on.
    hazard
        (actor or nothing, chance) in place of the file's chance of change.
    hostages
        Whether no deal also costs what stands under ``hostages``.
    package
        Packages by name: deals, states, or terms; empty for every deal of the file between the parties.
    """

    parties: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    where: str = ""
    no_deal: str = ""
    hazard: Hazard = ()
    hostages: bool = False
    package: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Bargain:
    """The packages of some parties, valued against no deal at the centres.

    Parameters
    ----------
    model
        The model.
    parties, outsiders
        Rows of the actors who sign, and of the others.
    continuation
        No deal.
    base
        Value of no deal to every actor, points, shape (actors,).
    valued
        Every package with the gains of the parties.
    named
        Packages by name.
    """

    model: Model
    parties: tuple[int, ...]
    outsiders: tuple[int, ...]
    continuation: NoDeal
    base: NDArray[np.float64]
    valued: Valued
    named: tuple[Named, ...]

    def worth(self, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what some states are worth to every actor, with what may come after, points, (actors, cells)."""
        return self.continuation.centre(self.model, points(self.model), cells)

    @property
    def packages(self) -> Packages:
        """The packages."""
        return self.valued.packages

    @property
    def party_names(self) -> tuple[str, ...]:
        """Names of the parties to print."""
        return tuple(self.model.actor_name(self.model.actors[row]) for row in self.parties)


def default_parties(crisis: Crisis) -> tuple[str, ...]:
    """Return who signs where nobody is named: the first deal's parties, else the owners of options if two."""
    if crisis.deals:
        return tuple(next(iter(crisis.deals.values())).parties)
    owners = tuple(dict.fromkeys(option.by for option in crisis.options.values()))
    return owners if len(owners) == 2 else ()


def bargain_needs(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks to ask for deals: options, known parties, and their worths in points."""
    if model.space.is_general_graph or model.crisis.merge:
        why = "this file lists moves or merges states, and a package sets options"
        return (Need("options", why, "options: {dam: {by: north}}"),)
    parties = default_parties(model.crisis)
    if len(parties) < 2:
        return (Need("deals", "who would sign is not said; --parties a,b says it for once", EXAMPLE),)
    ordinal = [name for name in parties if _is_ordinal(model, name)]
    return tuple(
        Need(
            f"worths in points for {name}",
            "it ranks states only by order, and gains are differences of points",
            f"{name}: [{{when: dam, worth: 10, why: ...}}]",
        )
        for name in ordinal
    )


def _is_ordinal(model: Model, name: str) -> bool:
    return name in model.actors and model.utilities[model.actors.index(name)].scale != "cardinal"


def bargain(model: Model, terms: Terms) -> Bargain:
    """Return the packages of the parties with what each brings over no deal.

    Raises
    ------
    NotSupportedError
        On unknown names, preferences by order, or a file without options.
    TooLargeError
        If the packages are too many to list.
    """
    continuation, base, valued = valued_packages(model, terms)
    rows = valued.packages.parties
    return Bargain(
        model,
        rows,
        tuple(row for row in range(len(model.actors)) if row not in rows),
        continuation,
        base,
        valued,
        _named(model, terms, continuation, base, rows),
    )


def valued_packages(model: Model, terms: Terms) -> tuple[NoDeal, NDArray[np.float64], Valued]:
    """Return no deal, its value to every actor, and every package with the gains of the parties.

    Raises as :func:`bargain`, names of packages aside.
    """
    demand(stability.requires(model))
    parties = terms.parties or default_parties(model.crisis)
    if not terms.parties or model.space.is_general_graph or model.crisis.merge:
        demand(bargain_needs(model))
    rows = party_rows(model, parties)
    for row in rows:
        cardinal_terms(model, row)
    where = condition_of(model.crisis, terms.where) if terms.where else None
    packages = find_packages(model, rows, terms.issues, where)
    continuation = no_deal(model, terms.no_deal, terms.hazard, hostages=terms.hostages)
    utilities = points(model)
    base = continuation.base(model, utilities)
    at_ends = continuation.centre(model, utilities, packages.ends.cells)
    return continuation, base, value_packages(packages, at_ends, base)


def bargaining_weights(found: Bargain, given: tuple[tuple[str, float], ...]) -> NDArray[np.float64] | None:
    """Return the parties' weights in Nash's product, shape (parties,); None where none is given.

    Raises
    ------
    NotSupportedError
        On a weight of somebody who is no party, or one that is not above 0.
    """
    if not given:
        return None
    names = [found.model.actors[row] for row in found.parties]
    for name, weight in given:
        if name not in names:
            raise NotSupportedError(f'a bargaining weight for "{name}", who is no party; parties: {", ".join(names)}')
        if not 1e-6 <= weight <= 1e6:
            raise NotSupportedError(
                f'the bargaining weight of "{name}" is {weight:g}; it must be from 0.000001 to 1,000,000'
            )
    by_name = dict(given)
    return np.array([by_name.get(name, 1.0) for name in names])


def has_common_scale(model: HasCrisis, parties: tuple[str, ...]) -> bool:
    """Whether the file declares that these actors' points mean the same."""
    scale = model.crisis.scale
    return scale is not None and (scale.actors is None or set(parties) <= set(scale.actors))


def _named(
    model: Model, terms: Terms, continuation: NoDeal, base: NDArray[np.float64], rows: tuple[int, ...]
) -> tuple[Named, ...]:
    crisis, parties = model.crisis, tuple(model.actors[row] for row in rows)
    wanted = terms.package or tuple(name for name, deal in crisis.deals.items() if set(deal.parties) == set(parties))
    found = [named_package(crisis, reference, parties) for reference in dict.fromkeys(wanted)]
    return tuple(item if item.stated else _led_on(model, item, continuation, base, rows) for item in found)


def _led_on(model: Model, item: Named, continuation: NoDeal, base: NDArray[np.float64], rows: tuple[int, ...]) -> Named:
    """Return a package with where third parties take it: an end that some party would refuse, if there is one."""
    if not is_feasible(model.crisis, item.signed):
        return item
    ends = ends_after(model, rows, item)
    if not ends.size:
        return replace(item, settles=False)
    gains = continuation.centre(model, points(model), ends)[list(rows)] - base[list(rows), None]
    refused = np.flatnonzero((gains <= TOLERANCE).any(axis=0))
    pick = int(ends[refused[0]] if refused.size else ends[0])
    return replace(item, ends=tuple(int(level) for level in model.space.levels(np.array([pick]))[0]))


def condition_of(crisis: Crisis, text: str) -> Condition:
    """Read a condition given beside the file.

    Raises
    ------
    NotSupportedError
        If it cannot be read, or names an option, a level or a defined name that the file does not have.
    """
    try:
        condition = parse_condition(text)
    except ConditionError as error:
        raise NotSupportedError(f'"{text}" is no condition: {error}') from None
    known = [*crisis.options, *crisis.defines]
    for leaf in condition.leaves():
        name = leaf.option if isinstance(leaf, Compare) else leaf.id
        if name not in known:
            raise NotSupportedError(f'"{name}" is no option or defined name; {suggest(name, known)}')
        if isinstance(leaf, Compare) and crisis.options[name].level_index(leaf.level) is None:
            raise NotSupportedError(f'"{name}" has no level "{leaf.level}"; {", ".join(crisis.options[name].levels)}')
    return condition
