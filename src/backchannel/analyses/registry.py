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
)


def entry(name: str) -> Entry:
    """Return the registry line of an analysis. Raises NotSupportedError on an unknown name."""
    for line in ENTRIES:
        if line.name == name:
            return line
    raise NotSupportedError(f'unknown analysis "{name}"; known: {", ".join(line.name for line in ENTRIES)}')


def load(name: str) -> Analysis:
    """Import an analysis and return it."""
    return cast(Analysis, import_module(entry(name).module))
