"""Packages by name: a deal of the file, a named state, or terms written out; and the state each is to end in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.numerics.game import OptionGame
from backchannel.numerics.improvement_ends import improvement_ends
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import Levels, UnknownNameError, find_state, is_feasible, literal, read_setting, today
from backchannel.spec.exchange import Deal
from backchannel.spec.positions import suggest


@dataclass(frozen=True)
class Named:
    """A package under a name.

    Parameters
    ----------
    name
        A deal, a named state, or the terms as written.
    parties
        Actors who sign; empty where the file does not say.
    terms
        (option, level) of what the parties do.
    signed
        Levels of every option right after signing, file order.
    ends
        Levels once third parties have done what the deal expects of them; of a state, the state itself.
    stated
        Whether the file says where it ends; otherwise it ends where third parties' improvements end.
    settles
        Whether third parties come to rest after it.
    """

    name: str
    parties: tuple[str, ...]
    terms: tuple[tuple[str, int], ...]
    signed: Levels
    ends: Levels
    stated: bool
    settles: bool = True


def named_package(crisis: Crisis, reference: str, parties: tuple[str, ...] = ()) -> Named:
    """Read a package: the name of a deal or of a state, or terms such as ``withdraw, press_kiev``.

    Raises
    ------
    NotSupportedError
        If it is none of these, or the state it ends in is impossible.
    """
    if reference in crisis.deals:
        found = deal_package(crisis, reference)
    elif reference in crisis.states or reference == "today":
        found = _state_package(crisis, reference, parties)
    else:
        found = _terms_package(crisis, reference, parties)
    if not is_feasible(crisis, found.ends):
        raise NotSupportedError(f'the package "{reference}" ends in {literal(crisis, found.ends)}, which is impossible')
    return found


def deal_package(crisis: Crisis, name: str) -> Named:
    """Return a deal of the file: its terms from today, then what it expects of third parties."""
    deal: Deal = crisis.deals[name]
    terms = tuple(_setting(crisis, text, name) for text in deal.terms)
    expected = tuple(_setting(crisis, text, name) for text in deal.expects)
    signed = changed(crisis, today(crisis), terms)
    return Named(name, tuple(deal.parties), terms, signed, changed(crisis, signed, expected), bool(expected))


def changed(crisis: Crisis, levels: Levels, settings: tuple[tuple[str, int], ...]) -> Levels:
    """Return levels with some options set."""
    new = dict(zip(crisis.options, levels, strict=True)) | dict(settings)
    return tuple(new.values())


def named_cell(model: Model, named: Named) -> int:
    """Return the cell a named package ends in."""
    return model.space.cell(named.ends)


def deal_cell(model: Model, name: str) -> int:
    """Return the cell in which a deal of the file is carried out: terms and what it expects, from today."""
    return named_cell(model, deal_package(model.crisis, name))


def ends_after(model: Model, parties: tuple[int, ...], named: Named) -> NDArray[np.int64]:
    """Return the cells in which third parties may come to rest once a package is signed; none if they need not."""
    assert isinstance(model.game, OptionGame)
    others = [row for row in range(len(model.actors)) if row not in parties]
    start = np.array([model.space.cell(named.signed)], dtype=np.int64)
    return improvement_ends(model.game, start, others).cells


def unmet_expectations(model: Model, parties: tuple[int, ...], named: Named) -> tuple[str, ...]:
    """Return third parties' options that need not come to stand as a package has it once it is signed.

    They improve, in any order, from the state right after signing. An option that the package expects counts if it
    stands otherwise in some state in which they may come to rest; one that it does not speak of, if that leaves a party
    worse off than the package has it. Where they never come to rest, every expected option counts.
    """
    names = tuple(model.crisis.options)
    expected = [k for k, (here, there) in enumerate(zip(named.signed, named.ends, strict=True)) if here != there]
    if not is_feasible(model.crisis, named.signed):
        return tuple(names[k] for k in expected)
    ends = ends_after(model, parties, named)
    levels, meant = model.space.levels(ends), np.array(named.ends)
    missed = {k for k in expected if not ends.size or (levels[:, k] != meant[k]).any()}
    worth = np.stack([model.utilities[row].points for row in parties])
    worse = (worth[:, ends] < worth[:, [named_cell(model, named)]]).any(axis=0)
    worse &= (levels[:, expected] == meant[expected]).all(axis=1)
    missed |= set(np.flatnonzero((levels[worse] != meant).any(axis=0)).tolist())
    return tuple(names[k] for k in sorted(missed))


def _state_package(crisis: Crisis, name: str, parties: tuple[str, ...]) -> Named:
    now, ends = today(crisis), find_state(crisis, name)
    terms = tuple(
        (option, there)
        for (option, about), here, there in zip(crisis.options.items(), now, ends, strict=True)
        if here != there and (not parties or about.by in parties)
    )
    return Named(name, parties, terms, changed(crisis, now, terms), ends, True)


def _terms_package(crisis: Crisis, text: str, parties: tuple[str, ...]) -> Named:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        terms = tuple(read_setting(crisis, part) for part in parts)
    except UnknownNameError as error:
        known = [*crisis.deals, *crisis.states, *crisis.options]
        raise NotSupportedError(
            f'"{error}" is no deal, state or option; {suggest(str(error), known)}. '
            "Write a package as its name or as terms: withdraw,press_kiev"
        ) from None
    for option, _ in terms:
        if parties and crisis.options[option].by not in parties:
            owner = crisis.options[option].by
            raise NotSupportedError(f'"{option}" belongs to {owner}, who is no party; add --parties {owner},...')
    signed = changed(crisis, today(crisis), terms)
    return Named(text, parties, terms, signed, signed, False)


def _setting(crisis: Crisis, text: str, deal: str) -> tuple[str, int]:
    try:
        return read_setting(crisis, text)
    except UnknownNameError:
        raise NotSupportedError(f'deals.{deal}: "{text}" is no setting of one option; write option = level') from None
