"""States and moves in plain words, the same in every face."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from backchannel.model.model import Model
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import Levels, named_state
from backchannel.spec.structure import Option

NOTHING = "(nothing)"
"""Label of the state in which every option stands at its lowest level."""


def labels(model: Model, cells: NDArray[np.int64]) -> tuple[str, ...]:
    """Name states as a reader would: by name, else by the options above their lowest level."""
    named = {cell: name for name, cell in reversed(model.space.named().items())}
    if model.space.is_general_graph:
        return tuple(named[cell] for cell in cells.tolist())
    words = _level_words(model.crisis)
    raised = [_raised(words, row) for row in model.space.levels(cells).tolist()]
    return tuple(named.get(cell) or text or NOTHING for cell, text in zip(cells.tolist(), raised, strict=True))


def levels_label(crisis: Crisis, levels: Levels) -> str:
    """Name the state of a crisis in option form by its levels, without a compiled model."""
    name = next((name for name in crisis.states if named_state(crisis, name) == levels), "")
    return name or _raised(_level_words(crisis), levels) or NOTHING


def _level_words(crisis: Crisis) -> list[list[str]]:
    return [
        [name if len(option.levels) == 2 else f"{name}={level}" for level in option.levels]
        for name, option in crisis.options.items()
    ]


def _raised(words: list[list[str]], levels: Sequence[int]) -> str:
    return ", ".join(words[k][level] for k, level in enumerate(levels) if level)


def literals(model: Model, cells: NDArray[np.int64]) -> tuple[str, ...]:
    """Write states as the file does: levels joined by commas, in option order."""
    if model.space.is_general_graph:
        return tuple(model.space.literal(cell) for cell in cells.tolist())
    names = [option.levels for option in model.crisis.options.values()]
    rows = model.space.levels(cells).tolist()
    return tuple(",".join(names[k][level] for k, level in enumerate(row)) for row in rows)


def state_label(model: Model, cell: int) -> str:
    """Name one state as a reader would."""
    return labels(model, np.array([cell], dtype=np.int64))[0]


def changes(model: Model, origin: int, target: int) -> tuple[tuple[str, str, str], ...]:
    """Return (option, level before, level after) for every option that differs, in file order."""
    if model.space.is_general_graph:
        return ()
    before, after = model.space.levels(np.array([origin, target], dtype=np.int64)).tolist()
    return tuple(
        (option, about.levels[before[k]], about.levels[after[k]])
        for k, (option, about) in enumerate(model.crisis.options.items())
        if before[k] != after[k]
    )


def move_in_words(model: Model, origin: int, target: int, actor: int) -> str:
    """Say what an actor's move does, as verb phrases: "end military support for Maduro and engineer a transition".

    Where states are merged, only the actor's own options are named: the others are those of a class's first member.
    """
    if model.space.is_general_graph:
        return f"go to {model.space.literal(target)}"
    mover = model.actors[actor]
    changed = changes(model, origin, target)
    return changes_in_words(model.crisis, [change for change in changed if model.crisis.options[change[0]].by == mover])


def changes_in_words(crisis: Crisis, changed: Iterable[tuple[str, str, str]]) -> str:
    """Say (option, level before, level after) changes as verb phrases joined by "and"."""
    parts = [_change(crisis.options[option], option, before, after) for option, before, after in changed]
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def _change(option: Option, name: str, before: str, after: str) -> str:
    phrase = _verb_phrase(option, name)
    if len(option.levels) == 2 and option.levels == ("no", "yes"):
        return phrase if after == "yes" else f"undo “{phrase}”"
    return f"move “{phrase}” from {before} to {after}"


def _verb_phrase(option: Option, name: str) -> str:
    text = option.does or name
    first, second = text[:1], text[1:2]
    return text if second.isupper() else first.lower() + text[1:]
