"""Which deals are put to a room: those the file names, those it names as states, or every package."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.channels.acceptance import Candidates, from_packages
from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.named import Named, named_cell, named_package, unmet_expectations
from backchannel.model.model import Model
from backchannel.spec.crisis import Crisis


def named_candidates(bargain: Bargain, mandate: tuple[str, ...]) -> Candidates:
    """Return the named deals within a mandate; if there is none, the named states in which every party gives something.

    A deal ends where the file expects it to end; what it expects of others that they need not do is noted.
    """
    model = bargain.model
    found = _of(model, bargain.parties, bargain.named)
    if found.within(mandate).any() or not found.names:
        return found
    names = tuple(model.actors[row] for row in bargain.parties)
    states = tuple(named_package(model.crisis, state, names) for state in _possible_states(model))
    given = tuple(item for item in states if all_give(model.crisis, item, names))
    inside = _of(model, bargain.parties, given)
    return inside if inside.within(mandate).any() else found


def package_candidates(bargain: Bargain) -> Candidates:
    """Return every package after which the others come to rest, with every end of their responses."""
    packages, options = bargain.packages, bargain.model.crisis.options
    names, issues = [], []
    for row in packages.levels:
        changed = [
            (name, level)
            for name, level in zip(packages.options, row, strict=True)
            if level != options[name].today_index
        ]
        names.append(", ".join(_setting(bargain.model.crisis, name, int(level)) for name, level in changed))
        issues.append(frozenset(issue for name, _ in changed if (issue := options[name].issue)))
    return from_packages(packages, tuple(names), tuple(issues))


def _setting(crisis: Crisis, name: str, level: int) -> str:
    levels = crisis.options[name].levels
    return name if len(levels) == 2 and level else f"{name} = {levels[level]}"


def all_give(crisis: Crisis, item: Named, parties: tuple[str, ...]) -> bool:
    """Whether every party sets at least one option in a package."""
    return {crisis.options[option].by for option, _ in item.terms} >= set(parties)


def _possible_states(model: Model) -> tuple[str, ...]:
    cells = set(model.space.cells.tolist())
    return tuple(name for name, cell in model.space.named().items() if cell in cells)


def _of(model: Model, parties: tuple[int, ...], items: tuple[Named, ...]) -> Candidates:
    options = model.crisis.options
    return Candidates(
        names=tuple(item.name for item in items),
        parties=parties,
        ends=np.array([named_cell(model, item) for item in items], dtype=np.int64),
        start=np.arange(len(items), dtype=np.int64),
        issues=tuple(
            frozenset(issue for option, _ in item.terms if (issue := options[option].issue)) for item in items
        ),
        unmet=tuple(unmet_expectations(model, parties, item) for item in items),
    )
