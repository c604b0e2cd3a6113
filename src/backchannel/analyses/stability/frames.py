"""Frames: the game as each actor sees it, what holds in each, and what comes of each acting on its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.stability import stability
from backchannel.analyses.stability.seq import seq
from backchannel.analyses.stability.why import verdict
from backchannel.errors import NotSupportedError
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.model.words import changes, move_in_words, state_label
from backchannel.numerics.concepts import Concept
from backchannel.numerics.game import Bools
from backchannel.numerics.number_format import count
from backchannel.numerics.stability import all_stable
from backchannel.results.finding import Finding, Template
from backchannel.results.result import Result
from backchannel.results.table import Column, Table
from backchannel.spec.changes import holding_today, with_values
from backchannel.spec.crisis import Crisis
from backchannel.spec.exchange import Frame

EXAMPLE = "frames: {north: {without: [dam], why: North does not see the dam}}"

SEES = Template("frames.sees", "{actor} sees {states}{without}; in its game today is {verdict}.", "order")
SAME = Template(
    "frames.equilibria",
    "Every state that holds in {actor}'s game holds in the file's, and none is missing of those it sees.",
    "order",
)
DIFFERS = Template("frames.equilibria", "{actor}'s game and the file's differ: {differences}.", "order")
UNSEEN = Template("frames.unseen", "{actor} does not see {states} that hold in the file's game: {names}.", "order")
OUTCOME = Template(
    "frames.outcome",
    "If each acts on its own game, {moves}; that leads to {state}, which in the file's game is {verdict}.",
    "order",
)
NOBODY = Template("frames.outcome", "If each acts on its own game, nobody moves from today.", "order")
IMPOSSIBLE = Template("frames.outcome", "If each acts on its own game, {moves}; together these cannot be.", "order")

IDS: tuple[Concept, ...] = ("nash", "seq")


@dataclass(frozen=True)
class Params:
    """Nothing to choose: every frame of the file."""


@dataclass(frozen=True)
class Perceived:
    """One actor's game.

    Parameters
    ----------
    actor
        Whose; empty for the file's own game.
    without
        Options it does not see.
    states
        Number of possible states in it.
    today_nash, today_seq
        Whether today is an equilibrium in it.
    equilibria
        Literals of the states that Nash or sequential stability holds in it, in file order.
    move
        Literal of the state the actor would move to from today: the best improvement that its own game does not
        punish (sequential stability); today's if there is none.
    """

    actor: str
    without: tuple[str, ...]
    states: int
    today_nash: bool
    today_seq: bool
    equilibria: tuple[str, ...]
    move: str


@dataclass(frozen=True, kw_only=True, eq=False)
class FramesResult(Result):
    """The games as perceived, and the outcome of each actor acting on its own.

    Parameters
    ----------
    games
        The file's game first, then each actor's, in file order; an actor without a frame sees the file's game.
    outcome
        Literal of the state in which all intended moves are made at once; empty if it cannot be.
    outcome_holds
        Bool, shape (2,): whether it is a Nash and a SEQ equilibrium of the file's game.
    """

    games: tuple[Perceived, ...]
    outcome: str
    outcome_holds: NDArray[np.bool_]


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: preferences over every state, and at least one frame."""
    needs = list(stability.requires(model))
    if model.space.is_general_graph:
        needs.append(
            Need(
                "options",
                "a frame leaves options out, and this file lists moves",
                "options: {dam: {by: north}}",
            )
        )
    elif not model.crisis.frames:
        needs.append(Need("frames", "no actor is said to see another game", EXAMPLE))
    return tuple(needs)


def run(model: Model, context: Context, params: Params | None = None) -> FramesResult:
    """Judge every actor's own game, and the state that comes of all acting on theirs at once.

    Source: Bennett (1980) and Wang, Hipel and Fraser (1988) on hypergames; the public outcome (each actor takes its
    best move that its own game does not punish) is a minimal model in their spirit. Cost: one stability run a frame.

    Raises
    ------
    NotSupportedError
        Without a frame, or with listed moves.
    """
    del params
    demand(requires(model))
    frames = model.crisis.frames
    models = {actor: compile_model(perceived_crisis(model.crisis, frame)) for actor, frame in frames.items()}
    games = []
    for done, actor in enumerate(("", *model.actors)):
        context.progress(done, len(model.actors) + 1)
        games.append(_perceived(models.get(actor, model), actor, frames.get(actor)))
    context.progress(len(model.actors) + 1, len(model.actors) + 1)
    outcome = _outcome(model, games)
    verdicts = all_stable(model.game, IDS)
    holds = np.array([outcome is not None and bool(verdicts[c][:, outcome].all()) for c in IDS], dtype=np.bool_)
    return FramesResult(
        provenance=context.provenance,
        findings=(*_frame_findings(model, games), _outcome_finding(model, games, outcome, holds)),
        tables=(_table(model, games),),
        games=tuple(games),
        outcome="" if outcome is None else model.space.literal(outcome),
        outcome_holds=holds,
    )


def perceived_crisis(crisis: Crisis, frame: Frame) -> Crisis:
    """Return the crisis as a frame has it: its values, without the options it does not show."""
    return holding_today(with_values(crisis, frame.set), frame.without)


def _perceived(game: Model, actor: str, frame: Frame | None) -> Perceived:
    verdicts = all_stable(game.game, IDS)
    cells, today = game.space.cells, game.space.today
    holds: dict[Concept, Bools] = {concept: np.all(verdicts[concept], axis=0) for concept in IDS}
    either = cells[holds["nash"][cells] | holds["seq"][cells]]
    move = today if not actor else _intended(game, game.actors.index(actor))
    return Perceived(
        actor,
        frame.without if frame else (),
        int(cells.size),
        bool(holds["nash"][today]),
        bool(holds["seq"][today]),
        tuple(game.space.literal(cell) for cell in either.tolist()),
        game.space.literal(move),
    )


def _intended(game: Model, actor: int) -> int:
    """Return where the actor would move from today in its own game."""
    breaking = verdict(game, seq, actor, game.space.today).breaking
    return game.space.today if breaking is None else breaking.target


def _outcome(model: Model, games: list[Perceived]) -> int | None:
    """Return the cell in which every actor has made its own move, or None if that cannot be."""
    levels = model.space.literal(model.space.today).split(",")
    owned = [about.by for about in model.crisis.options.values()]
    for game in games[1:]:
        wanted = game.move.split(",")
        levels = [new if by == game.actor else old for old, new, by in zip(levels, wanted, owned, strict=True)]
    try:
        return model.space.find(",".join(levels))
    except NotSupportedError:
        return None


def _verdict(nash: bool, sequential: bool) -> str:
    if nash:
        return "a Nash equilibrium"
    return "held by credible answers only (SEQ)" if sequential else "no equilibrium by Nash or SEQ"


def _frame_findings(model: Model, games: list[Perceived]) -> list[Finding]:
    found = []
    base = games[0]
    for game in games[1:]:
        if game.actor not in model.crisis.frames:
            continue
        name = model.actor_name(game.actor)
        unseen = f", without {', '.join(game.without)}" if game.without else ""
        found.append(
            SEES.fill(
                actor=name,
                states=f"{count(game.states, 'state')} of {base.states:,}",
                without=unseen,
                verdict=_verdict(game.today_nash, game.today_seq),
            )
        )
        only_here = [state for state in game.equilibria if state not in base.equilibria]
        visible = {state for state in base.equilibria if _sees(model, game, state)}
        only_there = [state for state in base.equilibria if state in visible and state not in game.equilibria]
        differences = [
            f"{_list(model, states)} {'holds' if len(states) == 1 else 'hold'} only in {whose}"
            for states, whose in ((only_here, "its own"), (only_there, "the file's"))
            if states
        ]
        found.append(
            DIFFERS.fill(actor=name, differences="; ".join(differences)) if differences else SAME.fill(actor=name)
        )
        hidden = [state for state in base.equilibria if state not in visible]
        if hidden:
            found.append(UNSEEN.fill(actor=name, states=count(len(hidden), "state"), names=_list(model, hidden)))
    return found


def _sees(model: Model, game: Perceived, state: str) -> bool:
    levels = dict(zip(model.crisis.options, state.split(","), strict=True))
    return all(
        levels[o] == about.levels[about.today_index] for o, about in model.crisis.options.items() if o in game.without
    )


def _list(model: Model, states: list[str], most: int = 4) -> str:
    shown = "; ".join(state_label(model, model.space.find(state)) for state in states[:most])
    return shown + (f"; and {len(states) - most} more" if len(states) > most else "")


def _outcome_finding(model: Model, games: list[Perceived], outcome: int | None, holds: NDArray[np.bool_]) -> Finding:
    today = model.space.today
    said = []
    for game in games[1:]:
        target = _outcome(model, [games[0], game])
        if target is not None and changes(model, today, target):
            move = move_in_words(model, today, target, model.actors.index(game.actor))
            said.append(f"{model.actor_name(game.actor)} would {move}")
    if not said:
        return NOBODY.fill()
    if outcome is None:
        return IMPOSSIBLE.fill(moves=" and ".join(said))
    return OUTCOME.fill(
        moves=" and ".join(said),
        state=state_label(model, outcome),
        verdict=_verdict(bool(holds[0]), bool(holds[1])),
    )


def _table(model: Model, games: list[Perceived]) -> Table:
    columns = (
        Column("game", "Game of"),
        Column("without", "Does not see"),
        Column("states", "States", "number"),
        Column("today_nash", "Today Nash", "mark"),
        Column("today_seq", "Today SEQ", "mark"),
        Column("equilibria", "States that hold", "number"),
        Column("move", "Moves today to"),
    )
    today = model.space.literal(model.space.today)
    rows = tuple(
        (
            model.actor_name(game.actor) if game.actor else "the file",
            ", ".join(game.without) or None,
            game.states,
            game.today_nash,
            game.today_seq,
            len(game.equilibria),
            None if game.move == today else state_label(model, model.space.find(game.move)),
        )
        for game in games
        if not game.actor or game.actor in model.crisis.frames
    )
    return Table("frames.games", "Games as they are seen", columns, rows)


def document(result: FramesResult) -> dict[str, object]:
    """Return the document ``frames --json`` prints, format 1."""
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "games": [
            {
                "actor": game.actor,
                "without": list(game.without),
                "states": game.states,
                "today": {"nash": game.today_nash, "seq": game.today_seq},
                "equilibria": list(game.equilibria),
                "move": game.move,
            }
            for game in result.games
        ],
        "outcome": result.outcome,
        "outcome_holds": dict(zip(IDS, result.outcome_holds.tolist(), strict=True)),
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }
