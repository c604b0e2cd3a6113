"""Every analysis by name. Importing this imports none of them."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from backchannel.analyses.contract import Analysis, Entry
from backchannel.errors import NotSupportedError

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "stability",
        "backchannel.analyses.stability.stability",
        "Where does this stand if nobody changes their mind?",
        "stability",
    ),
    Entry(
        "reachability",
        "backchannel.analyses.stability.reachability",
        "Where can it go from here, each step an improvement for whoever takes it?",
        "stability",
    ),
    Entry(
        "paths",
        "backchannel.analyses.stability.paths",
        "How could it get there, who moves at what gain, and where does it stall?",
        "stability",
    ),
    Entry(
        "coalitions",
        "backchannel.analyses.stability.coalitions",
        "Which coalition breaks which equilibrium, and how?",
        "stability",
    ),
    Entry(
        "confrontation",
        "backchannel.analyses.stability.confrontation",
        "Which dilemmas do the parties' positions put them in?",
        "stability",
    ),
    Entry(
        "frames",
        "backchannel.analyses.stability.frames",
        "Are they playing the same game?",
        "stability",
    ),
    Entry(
        "ablation",
        "backchannel.analyses.stability.ablation",
        "What does each option change?",
        "stability",
    ),
    Entry(
        "strength",
        "backchannel.analyses.stability.strength",
        "Which equilibria are held by sanctions that hurt?",
        "stability",
    ),
    Entry(
        "unknown",
        "backchannel.analyses.stability.unknown",
        "What holds whatever the preferences nobody knows?",
        "stability",
    ),
    Entry(
        "inverse",
        "backchannel.analyses.stability.inverse",
        "What would have to be true for this outcome to hold?",
        "stability",
        briefed=False,
    ),
    Entry(
        "symbolic",
        "backchannel.analyses.stability.symbolic",
        "What holds where the states are too many to write out?",
        "stability",
        briefed=False,
        reads="crisis",
    ),
)


def entry(name: str) -> Entry:
    """Return the registry line of an analysis. Raises NotSupportedError on an unknown name."""
    for line in ENTRIES:
        if line.name == name:
            return line
    raise NotSupportedError(f'unknown analysis "{name}"; known: {", ".join(line.name for line in ENTRIES)}')


def load(name: str) -> Analysis:
    """Import an analysis and return it."""
    return cast("Analysis", import_module(entry(name).module))
