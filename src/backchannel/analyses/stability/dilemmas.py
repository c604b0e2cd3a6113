"""The exact tests of drama theory: six dilemmas of a pair of parties, three of an option."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass

from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.model.words import move_in_words, state_label
from backchannel.spec.evaluate import UnknownNameError, read_setting


@dataclass(frozen=True)
class About:
    """A dilemma: its name, what it means for the one who has it, and which analysis treats it."""

    name: str
    meaning: str
    treated_by: str


DILEMMAS: tuple[About, ...] = (
    About(
        "persuasion",
        "the other would rather see the threat carried out than accept the position",
        "deals (linkage and price)",
    ),
    About(
        "rejection",
        "accepting the other's position is no worse than the threatened future",
        "signals and channels",
    ),
    About("threat", "the threatened future would tempt its own author to something else", "signals (red lines)"),
    About("positioning", "the other's position is better for it than its own", "deals (two levels)"),
    About("cooperation", "it would be tempted to break its own position once accepted", "commitment"),
    About("trust", "the other would be tempted to break the position once accepted", "commitment"),
)


@dataclass(frozen=True)
class Dilemma:
    """A dilemma of DT1 that ``actor`` has with ``other``, and the test that says so."""

    actor: str
    other: str
    name: str
    because: str


@dataclass(frozen=True)
class OptionDilemma:
    """An option of ``owner`` seen with ``other``; ``dilemma`` is empty where there is none, ``whose`` has it.

    ``mode`` tells the two kinds of persuasion apart: ``threat`` (the stated intention is not what is demanded) and
    ``position`` (the two positions differ); both joined by ``and`` where both hold.
    """

    option: str
    owner: str
    other: str
    demanded: str
    intended: str
    doubted: bool
    dilemma: str
    mode: str
    whose: str


@dataclass(frozen=True)
class Positions:
    """What each party demands and threatens, as cells by actor index."""

    parties: tuple[int, ...]
    demanded: dict[int, int]
    future: dict[int, int]


def read_positions(model: Model, threat: str) -> Positions:
    """Read positions and threatened futures from the stances.

    A party's threatened future is ``threat`` if given, else its stance's own, else today with every party's
    fallback options in place.
    """
    stances = model.crisis.stances
    parties = tuple(k for k, actor in enumerate(model.actors) if actor in stances)
    common = model.space.find(threat) if threat else None
    fallbacks = _fallbacks(model) if common is None else common
    future = {}
    for party in parties:
        own = stances[model.actors[party]].threat
        future[party] = common if common is not None else model.space.find(own) if own else fallbacks
    demanded = {party: model.space.find(stances[model.actors[party]].position) for party in parties}
    return Positions(parties, demanded, future)


def _fallbacks(model: Model) -> int:
    stances = model.crisis.stances
    settings = [text for stance in stances.values() for text in stance.fallback or ()]
    if not settings or model.space.is_general_graph:
        return model.space.today
    levels = _levels(model, model.space.today)
    for text in settings:
        option, level = _setting(model, text)
        levels[option] = level
    return model.space.find(",".join(about.levels[levels[name]] for name, about in model.crisis.options.items()))


def _levels(model: Model, cell: int) -> dict[str, int]:
    names = model.space.literal(cell).split(",")
    return {
        option: about.levels.index(name)
        for (option, about), name in zip(model.crisis.options.items(), names, strict=True)
    }


def _setting(model: Model, text: str) -> tuple[str, int]:
    try:
        return read_setting(model.crisis, text)
    except UnknownNameError:
        raise NotSupportedError(f'"{text}" sets no option; write option, not option, or option = level') from None


def pair_dilemmas(model: Model, positions: Positions, actor: int, other: int, *, strict: bool) -> tuple[Dilemma, ...]:
    """Test one ordered pair for the six dilemmas of DT1 (Howard 1999).

    With A = ``actor``, B = ``other``, positions pA and pB, threatened future t: persuasion u_B(t) >= u_B(pA);
    rejection u_A(pB) >= u_A(t); threat: A has an improvement from t; positioning u_A(pB) > u_A(pA); cooperation: A
    has an improvement from pA; trust: B has one. The first four need pA and pB to differ. ``strict`` makes the two
    weak inequalities strict.
    """
    own, others, future = positions.demanded[actor], positions.demanded[other], positions.future[actor]
    resists: Callable[[int, int], bool] = operator.gt if strict else operator.ge
    found: list[tuple[str, str]] = []
    if own != others:
        if resists(model.code(other, future), model.code(other, own)):
            found.append(("persuasion", _compare(model, other, future, own)))
        if resists(model.code(actor, others), model.code(actor, future)):
            found.append(("rejection", _compare(model, actor, others, future)))
        if model.improvements(actor, future).size:
            found.append(("threat", _tempted(model, actor, future)))
        if model.code(actor, others) > model.code(actor, own):
            found.append(("positioning", _compare(model, actor, others, own)))
    if model.improvements(actor, own).size:
        found.append(("cooperation", _tempted(model, actor, own)))
    if model.improvements(other, own).size:
        found.append(("trust", _tempted(model, other, own)))
    return tuple(Dilemma(model.actors[actor], model.actors[other], name, because) for name, because in found)


def _compare(model: Model, actor: int, first: int, second: int) -> str:
    name = model.actor_name(model.actors[actor])
    verb = "prefers" if model.code(actor, first) > model.code(actor, second) else "likes equally"
    link = "to" if verb == "prefers" else "and"
    return f"{name} {verb} {state_label(model, first)} {link} {state_label(model, second)}"


def _tempted(model: Model, actor: int, cell: int) -> str:
    targets = model.improvements(actor, cell)
    best = max(targets.tolist(), key=lambda target: (model.code(actor, target), -target))
    move = move_in_words(model, cell, best, actor)
    return f"from {state_label(model, cell)}, {model.actor_name(model.actors[actor])} could {move}"


def option_dilemmas(model: Model, positions: Positions, doubt_below: float) -> tuple[OptionDilemma, ...]:
    """Test every option of a party X seen with another party Y for the dilemmas of DT2 (Bryant 2016).

    Without doubt, Y has a persuasion dilemma with X where X's stated intention or position differs from Y's position
    on the option. With doubt, Y has a trust dilemma where the stated intention is what Y demands, and X a rejection
    dilemma with Y where it is not.
    """
    if model.space.is_general_graph:
        return ()
    found = []
    for owner in positions.parties:
        name = model.actors[owner]
        stance = model.crisis.stances[name]
        intended = {**_levels(model, positions.future[owner])}
        for text in stance.intends or ():
            option, level = _setting(model, text)
            intended[option] = level
        own = _levels(model, positions.demanded[owner])
        for other in positions.parties:
            if other == owner:
                continue
            wanted = _levels(model, positions.demanded[other])
            for option, about in model.crisis.options.items():
                if about.by == name:
                    doubted = _doubts(model, model.actors[other], name, option, doubt_below)
                    kind, mode = _option_dilemma(intended[option], own[option], wanted[option], doubted)
                    whose = "" if not kind else name if kind == "rejection" else model.actors[other]
                    found.append(
                        OptionDilemma(
                            option,
                            name,
                            model.actors[other],
                            about.levels[wanted[option]],
                            about.levels[intended[option]],
                            doubted,
                            kind,
                            mode,
                            whose,
                        )
                    )
    return tuple(found)


def _option_dilemma(intended: int, own: int, wanted: int, doubted: bool) -> tuple[str, str]:
    if doubted:
        return ("trust", "") if intended == wanted else ("rejection", "")
    modes = [mode for mode, differs in (("threat", intended != wanted), ("position", own != wanted)) if differs]
    return ("persuasion", " and ".join(modes)) if modes else ("", "")


def _doubts(model: Model, who: str, whom: str, option: str, below: float) -> bool:
    stance = model.crisis.stances[who]
    if option in stance.doubts:
        return True
    pairs = {tuple(part.strip() for part in pair.split(">")): p for pair, p in model.crisis.trust.items()}
    credence = pairs.get((who, whom))
    return credence is not None and credence.centre < below
