"""A red line of the file as a crisis game: who is who, which state is which end, and what the ends are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backchannel.analyses.contract import Need
from backchannel.analyses.signals.crisis_signalling import crisis_tree
from backchannel.analyses.signals.lines import terms_of
from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.numerics.crisis_game import OUTCOMES, PAYOFFS
from backchannel.numerics.extensive_form import Floats, Game

CHALLENGER_ENDS = (0, 1, 3, 2)
"""Places in ``OUTCOMES`` of the challenger's pay-offs, in the order of ``PAYOFFS``."""

DEFENDER_ENDS = (1, 3, 2)
"""The same for the defender, whose status quo never matters."""


@dataclass(frozen=True, eq=False)
class LineGame:
    """A red line as a crisis game.

    Parameters
    ----------
    line
        Id of the red line.
    challenger, defender
        Who drew it, and whose turn it is to concede or to resist.
    states
        The state of each of ``OUTCOMES``, by name or literal.
    cells
        The same as cells.
    demanded_by, defender_by
        Where the demanded state and the defender come from: ``asked``, ``stance``, ``best`` or ``most options``.
    points
        What each end is worth to the two, points, (2, 4).
    payoffs
        The pay-offs in the order of ``PAYOFFS``, as shares of each one's range (see ``normalised``), (7,).
    """

    line: str
    challenger: str
    defender: str
    states: tuple[str, str, str, str]
    cells: tuple[int, int, int, int]
    demanded_by: str
    defender_by: str
    points: Floats
    payoffs: Floats


def normalised(points: Floats) -> Floats:
    """Return pay-offs in the order of ``PAYOFFS`` from the points of the ends, (..., 2, 4) to (..., 7).

    Each player's worst end becomes 0 and its best 1, counting the ends that matter to its choices. A player to whom all
    are worth the same gets 0 throughout.
    """
    parts = []
    for player, ends in ((0, CHALLENGER_ENDS), (1, DEFENDER_ENDS)):
        worth = points[..., player, :][..., list(ends)]
        least = worth.min(axis=-1, keepdims=True)
        span = worth.max(axis=-1, keepdims=True) - least
        parts.append((worth - least) / np.where(span > 0, span, 1.0))
    return np.concatenate(parts, axis=-1)


def line_game(model: Model, name: str, against: str = "", demand: str = "") -> LineGame:
    """Return a red line as a crisis game.

    The challenger is who drew the line. What it demands is ``demand``, else the position of its stance, else the named
    state that is best for it among those reached from waiting without an act of its own. The defender is ``against``,
    else the owner of most options that the demanded state changes (the first such option of the file where several
    own as many).

    Raises
    ------
    NotSupportedError
        Where the file does not say enough; the message says what to add.
    """
    obstacle = _obstacle(model, name)
    if obstacle is not None:
        raise NotSupportedError(str(obstacle))
    line = model.crisis.red_lines[name]
    waits, backs, fights = (model.space.find(state) for state in (line.waits, line.backs_down, line.carries_out))
    state, demanded_by = _demanded(model, line.by, waits, demand, name)
    concedes = model.space.find(state)
    defender, defender_by = _defender(model, line.by, waits, concedes, against, name)
    cells = (waits, concedes, backs, fights)
    rows = [model.actors.index(actor) for actor in (line.by, defender)]
    points = np.array([[model.points(row, cell) for cell in cells] for row in rows])
    _check_spread(model, (line.by, defender), points, name)
    return LineGame(
        line=name,
        challenger=line.by,
        defender=defender,
        states=(line.waits, state, line.backs_down, line.carries_out),
        cells=cells,
        demanded_by=demanded_by,
        defender_by=defender_by,
        points=points,
        payoffs=normalised(points),
    )


def line_needs(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks for its first red line to be a game; nothing if any of them is one."""
    crisis = model.crisis
    if not crisis.red_lines:
        actor = model.actors[0]
        why = "a crisis game starts from a line that somebody drew"
        example = (
            f"red_lines: {{line: {{by: {actor}, backs_down: STATE, carries_out: STATE, "
            f"cost: preferences.{actor}.face.worth, why: ...}}}}"
        )
        return (Need("red_lines", why, example),)
    first: Need | None = None
    for name in crisis.red_lines:
        obstacle = _obstacle(model, name)
        if obstacle is None:
            try:
                line_game(model, name)
            except NotSupportedError as error:
                obstacle = Need(f"a game in red_lines.{name}", str(error), _stance_example(model, name))
        if obstacle is None:
            return ()
        first = first or obstacle
    return () if first is None else (first,)


def _stance_example(model: Model, name: str) -> str:
    return f"stances: {{{model.crisis.red_lines[name].by}: {{position: STATE, why: ...}}}}"


def _obstacle(model: Model, name: str) -> Need | None:
    """Return what keeps a red line from being a game whoever it is against."""
    if model.space.is_general_graph:
        return Need("options", "this file lists moves, and who gives way is read off options", "options: {dam: ...}")
    author = model.crisis.red_lines[name].by
    return None if _in_points(model, author) else _worths_needed(author)


def _in_points(model: Model, actor: str) -> bool:
    return terms_of(model, model.actors.index(actor)) is not None


def _worths_needed(actor: str) -> Need:
    return Need(
        f"worths in points for {actor}",
        "it ranks states only by order, and how ready it is to fight depends on how much better one end is",
        f"{actor}: [{{when: OPTION, worth: 10, why: ...}}]",
    )


def _demanded(model: Model, author: str, waits: int, demand: str, name: str) -> tuple[str, str]:
    if demand:
        model.space.find(demand)
        return demand, "asked"
    if author in model.crisis.stances:
        return model.crisis.stances[author].position, "stance"
    row = model.actors.index(author)
    found = [
        (model.points(row, cell), state)
        for state, cell in model.space.named().items()
        if bool(np.isin(cell, model.space.cells))
        and author not in _owners(model, waits, cell)
        and model.points(row, cell) > model.points(row, waits)
    ]
    if not found:
        raise NotSupportedError(
            f"red_lines.{name} does not say what {author} demands, and no named state that others bring about is "
            f"better for it than waiting; add a stance ({_stance_example(model, name)}) or --demand STATE"
        )
    best = max(worth for worth, _ in found)
    return next(state for worth, state in found if worth == best), "best"


def _defender(model: Model, author: str, waits: int, concedes: int, against: str, name: str) -> tuple[str, str]:
    if against:
        if against not in model.actors or against == author:
            others = ", ".join(actor for actor in model.actors if actor != author)
            raise NotSupportedError(f'--against "{against}" is nobody the line of {author} can be against: {others}')
        found, how = against, "asked"
    else:
        owners = [owner for owner in _owners(model, waits, concedes) if owner != author]
        if not owners:
            raise NotSupportedError(
                f"what red_lines.{name} demands changes no option of anybody but {author}, so nobody could concede it; "
                "name another state with --demand STATE, or in the stance"
            )
        found, how = max(owners, key=owners.count), "most options"
    if not _in_points(model, found):
        raise NotSupportedError(str(_worths_needed(found)))
    return found, how


def _owners(model: Model, before: int, after: int) -> list[str]:
    """Return the owner of every option that differs between two states, in the order of the file."""
    was, now = model.space.levels(np.array([before, after], dtype=np.int64)).tolist()
    pairs = zip(model.crisis.options.values(), was, now, strict=True)
    return [about.by for about, first, second in pairs if first != second]


def _check_spread(model: Model, actors: tuple[str, str], points: Floats, name: str) -> None:
    for actor, worth, ends in zip(actors, points, (CHALLENGER_ENDS, DEFENDER_ENDS), strict=True):
        if np.ptp(worth[list(ends)]) == 0:
            raise NotSupportedError(
                f"every end of red_lines.{name} is worth the same to {model.actor_name(actor)}, so it has nothing to "
                "decide; write worths that tell the ends apart, or name others with --demand or --against"
            )


def line_tree(game: LineGame) -> Game:
    """Return the game without private terms, in points, as a finite game that can be written for other solvers."""
    values = [*game.points[0][list(CHALLENGER_ENDS)].tolist(), *game.points[1][list(DEFENDER_ENDS)].tolist()]
    status_quo = float(game.points[1, OUTCOMES.index("status quo")])
    return crisis_tree(dict(zip(PAYOFFS, values, strict=True)), status_quo)
