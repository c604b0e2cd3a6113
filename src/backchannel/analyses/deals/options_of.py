"""Which options a package may change, and which levels today allows."""

from __future__ import annotations

import numpy as np

from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.numerics.game import Limit, OptionGame
from backchannel.spec.crisis import Crisis
from backchannel.spec.positions import suggest


def party_options(crisis: Crisis, parties: tuple[str, ...], issues: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the parties' options, in file order; with ``issues``, only those that belong to one of them.

    Raises
    ------
    NotSupportedError
        On an issue that no option belongs to.
    """
    known = tuple(dict.fromkeys(option.issue for option in crisis.options.values() if option.issue))
    for issue in issues:
        if issue not in known:
            raise NotSupportedError(f'no option belongs to the issue "{issue}"; {suggest(issue, list(known))}')
    return tuple(
        name
        for name, option in crisis.options.items()
        if option.by in parties and (not issues or option.issue in issues)
    )


def party_rows(model: Model, parties: tuple[str, ...]) -> tuple[int, ...]:
    """Return the rows of actors named as parties, in file order.

    Raises
    ------
    NotSupportedError
        On an unknown actor, or fewer than two.
    """
    for name in parties:
        if name not in model.actors:
            raise NotSupportedError(f'unknown party "{name}"; {suggest(name, list(model.actors))}')
    rows = tuple(row for row, name in enumerate(model.actors) if name in parties)
    if len(rows) < 2:
        raise NotSupportedError(f"a package needs two parties or more, got {len(rows)}; name them with --parties a,b")
    return rows


def is_permitted(model: Model, option: str, level: int) -> bool:
    """Whether `final` and `frozen`, read today, let an option go to a level."""
    assert isinstance(model.game, OptionGame)
    now = model.crisis.options[option].today_index
    axis, today = model.space.options.index(option), model.space.today
    falls = level < now and _binds(model.game.final, axis, today)
    return not falls and (level == now or not _binds(model.game.frozen, axis, today))


def _binds(limits: tuple[Limit, ...], axis: int, cell: int) -> bool:
    limit = limits[axis] if limits else None
    return bool(limit[cell]) if isinstance(limit, np.ndarray) else bool(limit)
