"""Conditions, named states and state literals read on one state at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backchannel.spec.condition import (
    COMPARE,
    Compare,
    Condition,
    ConditionError,
    Name,
    TruthAlgebra,
    fold,
    parse_condition,
    setting_of,
)
from backchannel.spec.crisis import Crisis
from backchannel.spec.structure import OrderPreference

Levels = tuple[int, ...]
"""One level index an option, in file order."""


class UnknownNameError(LookupError):
    """A condition or a state that mentions something the file does not define."""


@dataclass(frozen=True)
class _OneState(TruthAlgebra[bool]):
    crisis: Crisis
    levels: Mapping[str, int]

    def name(self, leaf: Name) -> bool:
        if leaf.id in self.levels:
            return self.levels[leaf.id] > 0
        if leaf.id in self.crisis.defines:
            return fold(self.crisis.defines[leaf.id].tree, self)
        raise UnknownNameError(leaf.id)

    def compare(self, leaf: Compare) -> bool:
        option = self.crisis.options.get(leaf.option)
        wanted = option.level_index(leaf.level) if option else None
        if wanted is None:
            raise UnknownNameError(f"{leaf.option} = {leaf.level}")
        return bool(COMPARE[leaf.sign](self.levels[leaf.option], wanted))


def holds(condition: Condition, levels: Levels, crisis: Crisis) -> bool:
    """Whether a condition holds in one state. Raises UnknownNameError on a name the file does not define."""
    return fold(condition.tree, _OneState(crisis, dict(zip(crisis.options, levels, strict=True))))


def today(crisis: Crisis) -> Levels:
    """Today's level of every option, in file order."""
    return tuple(option.today_index for option in crisis.options.values())


def literal(crisis: Crisis, levels: Levels) -> str:
    """Write a state as its levels' names joined by commas, in option order."""
    return ",".join(option.levels[level] for option, level in zip(crisis.options.values(), levels, strict=True))


def read_literal(crisis: Crisis, text: str) -> Levels | None:
    """Read ``no,yes,no``; None if it is no literal of this crisis."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != len(crisis.options):
        return None
    levels = [option.level_index(part) for option, part in zip(crisis.options.values(), parts, strict=True)]
    return None if None in levels else tuple(level for level in levels if level is not None)


def read_setting(crisis: Crisis, text: str) -> tuple[str, int]:
    """Read ``option``, ``not option`` or ``option = level`` as an option and a level.

    Raises
    ------
    UnknownNameError
        On an unknown option or level, or on anything that is no single setting.
    """
    try:
        tree = parse_condition(text).tree
    except ConditionError:
        raise UnknownNameError(text) from None
    option, level = setting_of(tree) or ("", False)
    about = crisis.options.get(option)
    index = None
    if about is not None and isinstance(level, str):
        index = about.level_index(level)
    elif about is not None and (level is False or len(about.levels) == 2):
        index = int(level)
    if index is None:
        raise UnknownNameError(text)
    return option, index


def named_state(crisis: Crisis, name: str) -> Levels:
    """Levels of a state named under ``states``; options it leaves out stand at their lowest level.

    Raises
    ------
    UnknownNameError
        If the name or something inside it is unknown.
    """
    if name not in crisis.states:
        raise UnknownNameError(name)
    settings = crisis.states[name]
    levels = dict.fromkeys(crisis.options, 0)
    if isinstance(settings, dict):
        for option, level in settings.items():
            index = crisis.options[option].level_index(level) if option in crisis.options else None
            if index is None:
                raise UnknownNameError(f"{option} = {level}")
            levels[option] = index
    else:
        for text in (settings,) if isinstance(settings, str) else settings:
            option, index = read_setting(crisis, text)
            levels[option] = index
    return tuple(levels.values())


def find_state(crisis: Crisis, reference: str) -> Levels:
    """Read a state's name, ``today`` or its literal. Raises UnknownNameError."""
    if reference in crisis.states:
        return named_state(crisis, reference)
    if reference == "today":
        return today(crisis)
    levels = read_literal(crisis, reference)
    if levels is None:
        raise UnknownNameError(reference)
    return levels


def is_feasible(crisis: Crisis, levels: Levels) -> bool:
    """Whether no impossible condition holds in a state."""
    return not any(holds(item.that, levels, crisis) for item in crisis.impossible)


def utility(crisis: Crisis, actor: str, levels: Levels) -> float | None:
    """Score of one state for one actor at the centres; None for a ranking that does not list it.

    Terms give the sum of worths that count, an order its weighted score, a ranking minus the position. Terms
    with tiers are compared elsewhere; here they add up.
    """
    preference = crisis.preferences[actor]
    if isinstance(preference, tuple):
        return sum(term.worth.centre for term in preference if holds(term.when, levels, crisis))
    if isinstance(preference, OrderPreference):
        weights = ((2 ** (len(preference.order) - j), said) for j, said in enumerate(preference.order, start=1))
        return float(sum(weight for weight, said in weights if holds(said, levels, crisis)))
    for position, tied in enumerate(preference.groups):
        if any(find_state(crisis, reference) == levels for reference in tied):
            return -float(position)
    return None
