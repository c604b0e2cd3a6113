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
        option="stability --from today",
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
        "deals",
        "backchannel.analyses.deals.deals",
        "Is there a deal that every party prefers to no deal?",
        "deals",
    ),
    Entry(
        "frontier",
        "backchannel.analyses.deals.frontier",
        "Which deals does no other one beat, where the packages are too many to list?",
        "deals",
        briefed=False,
        reads="crisis",
    ),
    Entry(
        "linkage",
        "backchannel.analyses.deals.linkage",
        "What does tying issues together buy?",
        "deals",
        option="deals --linkage",
    ),
    Entry(
        "price",
        "backchannel.analyses.deals.price",
        "At what price would each side concede, and can it deliver?",
        "deals",
        option="deals --price",
    ),
    Entry(
        "ratification",
        "backchannel.analyses.deals.ratification",
        "Who signs, who must ratify, and where do the two part?",
        "deals",
    ),
    Entry(
        "surplus",
        "backchannel.analyses.deals.surplus",
        "How can the surplus of an agreement be shared so that no coalition does better by itself?",
        "deals",
    ),
    Entry(
        "commitment",
        "backchannel.analyses.commitment.commitment",
        "If they shook hands, would it be kept, and in what order must it be done?",
        "commitment",
    ),
    Entry(
        "unknown",
        "backchannel.analyses.stability.unknown",
        "What holds whatever the preferences nobody knows?",
        "stability",
    ),
    Entry(
        "signals",
        "backchannel.analyses.signals.signals",
        "What should each side believe now, and what hangs on it?",
        "signals",
    ),
    Entry(
        "crisis_game",
        "backchannel.analyses.signals.crisis_game",
        "If a red line is challenged, who gives way, and in how many ways can that end?",
        "signals",
        briefed=False,
    ),
    Entry(
        "channels",
        "backchannel.analyses.channels.channels",
        "Which format of talks suits this deal, and on which attribute of it does that rest?",
        "channels",
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
    Entry(
        "pillars",
        "backchannel.analyses.pillars.pillars",
        "When do those who hold the government up move, and can they be moved at all?",
        "pillars",
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
