"""Holders, speakers and statements in a reader's words."""

from __future__ import annotations

from backchannel.analyses.signals.beliefs import Step
from backchannel.model.model import Model
from backchannel.numerics.number_format import number, share
from backchannel.spec.information import ANALYST


def speaker(model: Model, who: str) -> str:
    """Name an actor, an actor's person, the analyst, or whoever a plain word stands for."""
    if who == ANALYST:
        return "the analyst"
    actor, _, person = who.partition(".")
    if actor not in model.crisis.actors:
        return who
    name = model.actor_name(actor)
    if not person:
        return name
    about = model.crisis.actors[actor].people.get(person)
    return f"{name} ({(about.name if about else None) or person})"


def statement(model: Model, that: str) -> str:
    """Say a statement: a proposition's sentence, what an option does and by whom, or a defined name."""
    if that in model.crisis.propositions:
        return model.crisis.propositions[that].says
    if that in model.crisis.options:
        about = model.crisis.options[that]
        does = about.does or that
        return f"{model.actor_name(about.by)}: {does[:1].lower()}{does[1:]}"
    return that


def belief(p: float, low: float, high: float) -> str:
    """Write a belief with its range, where it has one."""
    text = number(p, 3)
    return text if low == high else f"{text} ({number(low, 3)} to {number(high, 3)})"


def path(steps: tuple[Step, ...]) -> str:
    """Write how a belief came about: ``0.4 on 2019-03-01, 0.667 after two_planes (2019-03-23)``."""
    parts = []
    for step in steps:
        on = f"on {step.day}" if step.day else "at the start"
        after = f"after {step.cause}" + (f" ({step.day})" if step.day else "")
        parts.append(f"{belief(step.p, step.low, step.high)} {on if step.cause == 'prior' else after}")
    return ", ".join(parts)


def drawn_share(value: float, draws: int, ranged: bool) -> str:
    """Write a share of draws, or that none of the numbers behind it has a range and so nothing was drawn."""
    return f"in {share(value, draws)} of draws" if ranged else "no range given"


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Join names: ``a``, ``a and b``, ``a, b and c``."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"


def is_plural(name: str) -> bool:
    """Whether a name takes a plural verb: several joined by "and", or a last plain word in -s."""
    last = name.rsplit(maxsplit=1)[-1]
    return " and " in name or (last.islower() and last.endswith("s") and not last.endswith("ss"))


def verb(name: str, plain: str) -> str:
    """Put a verb in the third person behind a name: ``waits``, or ``wait`` for several."""
    return plain if is_plural(name) else f"{plain}s"


def hearers(model: Model, receivers: list[tuple[str, ...]]) -> str:
    """Say for whom acts count, where not everybody received them: ``(for the president alone)``; else nothing."""
    names = list(dict.fromkeys(name for to in receivers for name in to))
    if not names or not all(receivers):
        return ""
    alone = " alone" if all("." in name for name in names) else ""
    return f" (for {listed([_person(model, name) for name in names])}{alone})"


def _person(model: Model, who: str) -> str:
    actor, _, person = who.partition(".")
    if not person or actor not in model.crisis.actors:
        return speaker(model, who)
    about = model.crisis.actors[actor].people.get(person)
    return (about.name if about else None) or f"the {person}"
