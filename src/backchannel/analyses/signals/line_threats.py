"""What else a red line's states allow to be asked: bluffing before an audience, endorsement, a war of attrition."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.signals.audience_costs import Bluffing, bluffing, endorsed
from backchannel.analyses.signals.beliefs import tracks
from backchannel.analyses.signals.line_game import LineGame
from backchannel.analyses.signals.war_of_attrition import Attrition, uniform_belief, war_of_attrition
from backchannel.errors import NotSupportedError
from backchannel.model.model import Model
from backchannel.numerics.number_format import number

STATUS_QUO, CONCESSION, BACK_DOWN, WAR = range(4)


def bluffing_of(
    model: Model, game: LineGame, resolved: float | None, tough: float
) -> tuple[Bluffing | None, Bluffing | None, str]:
    """Return the bluffing game of a red line, the same under endorsement, and what is lacking for them.

    Points become the units of ``bluffing``: the challenger's zero is the status quo, so its audience cost is what it
    loses by backing down and its prize what it gains by a concession; the defender's zero is conceding and its one a
    challenger that backs down. ``resolved`` is None for the defender's belief in the file.
    """
    own, other = game.points.tolist()
    cost, prize = own[STATUS_QUO] - own[BACK_DOWN], own[CONCESSION] - own[STATUS_QUO]
    stake, war = other[BACK_DOWN] - other[CONCESSION], other[WAR] - other[CONCESSION]
    challenger, defender = model.actor_name(game.challenger), model.actor_name(game.defender)
    belief = resolved if resolved is not None else stated_resolve(model, game)
    reason = ""
    if cost <= 0:
        reason = f"backing down costs {challenger} nothing beside waiting"
    elif prize <= 0:
        reason = f"a concession gains {challenger} nothing beside waiting"
    elif stake <= 0:
        reason = f"{defender} would sooner concede than see {challenger} back down"
    elif war >= 0:
        reason = f"{defender} would sooner fight than concede"
    elif belief is None:
        reason = (
            f"the file states no belief of {defender} in what carrying out takes; add --resolved 0.1, its belief that "
            f"{challenger} would fight, or the belief"
        )
    if reason or belief is None:
        return None, None, f"No bluffing game for {game.line}: {reason}."
    arguments = (belief, war / stake, cost, tough, prize)
    return bluffing(*arguments), _endorsed(*arguments), ""


def _endorsed(resolved: float, weak_war: float, cost: float, tough: float, prize: float) -> Bluffing:
    """Return the game under endorsement; only the ratio of cost and prize matters, and its prize is 1."""
    return endorsed(resolved, weak_war, cost / prize, tough)


def stated_resolve(model: Model, game: LineGame) -> float | None:
    """Return the defender's belief now in an option of the challenger that carrying out sets and waiting does not.

    None if the file states none. Beliefs of the defender's people do not count; with several such options the first of
    the file does.
    """
    waits, _, _, fights = model.space.levels(np.array(game.cells, dtype=np.int64)).tolist()
    turned = [
        option
        for (option, about), before, after in zip(model.crisis.options.items(), waits, fights, strict=True)
        if before != after and about.by == game.challenger
    ]
    held = {track.that: track.now.p for track in tracks(model.crisis) if track.holder == game.defender}
    return next((held[option] for option in turned if option in held), None)


def attrition_of(model: Model, game: LineGame, rates: dict[str, float]) -> tuple[Attrition | None, str]:
    """Return the war of attrition over a red line, and what is lacking for it.

    Each side's prize is what it gains if the other quits rather than itself; its rate is asked for, or the clock of a
    red line of its own over that prize. War is taken to be worth anything, evenly, between twice what the states say
    and nothing, beside quitting at once.
    """
    actors = (game.challenger, game.defender)
    for actor in rates:
        if actor not in actors:
            raise NotSupportedError(f"--rate {actor}: the two sides of {game.line} are {' and '.join(actors)}")
    own, other = game.points.tolist()
    prizes = (own[CONCESSION] - own[BACK_DOWN], other[BACK_DOWN] - other[CONCESSION])
    wars = (own[WAR] - own[BACK_DOWN], other[WAR] - other[CONCESSION])
    found = []
    for actor, prize, war in zip(actors, prizes, wars, strict=True):
        name = model.actor_name(actor)
        if prize <= 0 or war >= 0:
            why = f"{name} {'would sooner quit' if prize <= 0 else 'would sooner fight than quit'} at once"
            return None, f"No war of attrition for {game.line}: {why}."
        clock = _clock(model, actor, game)
        rate = rates.get(actor, None if clock is None else clock / prize)
        if rate is None or rate <= 0:
            return None, (
                f"No war of attrition for {game.line}: the file does not say how fast backing down grows costlier "
                f"for {name}; add --rate {actor}=0.1, in shares of the {number(prize)} points it stands to win by a "
                "unit of time, or a red line of its own with a clock."
            )
        found.append((rate, uniform_belief(2 * war / prize)))
    return war_of_attrition((found[0][0], found[1][0]), (found[0][1], found[1][1])), ""


def _clock(model: Model, actor: str, game: LineGame) -> float | None:
    """Return the cost of a hanging line to an actor: of this one if it drew it, else of the first it drew."""
    lines = model.crisis.red_lines
    own = [lines[game.line]] if actor == game.challenger else [line for line in lines.values() if line.by == actor]
    path = next((line.clock for line in own if line.clock), None)
    return None if path is None else -next(item.number.centre for item in model.inputs if item.path == path)
