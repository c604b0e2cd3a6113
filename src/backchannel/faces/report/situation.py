"""The situation: who is involved, what each can do, what is ruled out, how it came to this."""

from __future__ import annotations

from backchannel.faces.report.sections import ActorLine, Basis, EventLine, MoveLine, OptionLine, Rule, Situation
from backchannel.faces.report.support import basis
from backchannel.render.anchors import anchor
from backchannel.render.conditions import condition_in_words
from backchannel.render.words import actor_name, capitalised, date_in_words, spaced, speakers
from backchannel.spec.condition import Constant, parse_condition
from backchannel.spec.crisis import Crisis
from backchannel.spec.structure import Option

MOST_MOVES = 60
NO_BASIS = Basis((), "")


def situation(crisis: Crisis) -> Situation:
    """Return what the file says of the situation."""
    return Situation(
        actors=tuple(
            ActorLine(anchor("actors", actor), actor_name(crisis, actor), basis(about))
            for actor, about in crisis.actors.items()
        ),
        issues=tuple((anchor("issues", name), capitalised(spaced(name)), text) for name, text in crisis.issues.items()),
        options=_options(crisis),
        defines=tuple(
            Rule(anchor("defines", name), f"{spaced(name)}: {condition_in_words(crisis, said)}", NO_BASIS)
            for name, said in crisis.defines.items()
        ),
        rules=tuple(
            Rule(anchor("impossible", place), condition_in_words(crisis, rule.that), basis(rule))
            for place, rule in enumerate(crisis.impossible, start=1)
        ),
        merged=tuple(_merged(crisis, entry) for entry in crisis.merge),
        events=_events(crisis),
        graph_states=_graph_states(crisis),
        moves=_moves(crisis),
        moves_left_out=max(len(crisis.moves) - MOST_MOVES, 0),
    )


def _options(crisis: Crisis) -> tuple[OptionLine, ...]:
    lines = []
    for actor in crisis.actors:
        own = [(name, option) for name, option in crisis.options.items() if option.by == actor]
        for place, (name, option) in enumerate(own):
            lines.append(_option(crisis, name, option, len(own) if place == 0 else 0))
    return tuple(lines)


def _option(crisis: Crisis, name: str, option: Option, first: int) -> OptionLine:
    plain = option.levels == ("no", "yes")
    return OptionLine(
        anchor=anchor("options", name),
        actor=actor_name(crisis, option.by),
        first=first,
        does=option.does or spaced(name),
        levels="" if plain else ", ".join(spaced(level) for level in option.levels),
        today=spaced(option.levels[option.today_index]),
        undone=_undone(crisis, option),
        issue=capitalised(spaced(option.issue or "")),
        basis=basis(option),
    )


def _undone(crisis: Crisis, option: Option) -> str:
    """Say when a level cannot fall or change."""
    said = []
    if option.final is not None:
        always = isinstance(option.final.tree, Constant) and option.final.tree.value
        never = isinstance(option.final.tree, Constant) and not option.final.tree.value
        if not never:
            said.append("no" if always else f"not while {condition_in_words(crisis, option.final)}")
    if option.frozen is not None:
        said.append(f"fixed while {condition_in_words(crisis, option.frozen)}")
    return "; ".join(said) or "yes"


def _merged(crisis: Crisis, entry: tuple[str, ...]) -> str:
    if len(entry) == 1:
        return f"all states with {condition_in_words(crisis, parse_condition(entry[0]))}"
    return ", ".join(spaced(name) for name in entry)


def _events(crisis: Crisis) -> tuple[EventLine, ...]:
    placed = sorted(enumerate(crisis.events, start=1), key=lambda item: (item[1].on, item[0]))
    return tuple(
        EventLine(
            anchor=anchor("events", place),
            on=date_in_words(event.on),
            iso=event.on.isoformat(),
            who=speakers(crisis, event.who),
            what=event.what,
            basis=basis(event),
        )
        for place, event in placed
    )


def _graph_states(crisis: Crisis) -> tuple[tuple[str, str], ...]:
    if not crisis.is_general_graph:
        return ()
    return tuple((spaced(name), said if isinstance(said, str) else "") for name, said in crisis.states.items())


def _moves(crisis: Crisis) -> tuple[MoveLine, ...]:
    return tuple(
        MoveLine(actor_name(crisis, actor), spaced(origin), spaced(target))
        for actor, origin, target in crisis.moves[:MOST_MOVES]
    )
