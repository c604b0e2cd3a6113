"""Which equilibria are held by sanctions that hurt: general, strong and weak stability."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.stability import stability
from backchannel.analyses.stability.listing import Listed, listed_moves, names_of, notable_rows
from backchannel.analyses.stability.strength_words import LEVELS, StrengthVerdict, judge
from backchannel.analyses.stability.why import CONCEPTS
from backchannel.model.model import Model
from backchannel.model.strength import has_strength, much_worse
from backchannel.model.words import labels, literals, state_label
from backchannel.numerics.game import Bools
from backchannel.numerics.number_format import count
from backchannel.numerics.strength import hardest, worst_answers
from backchannel.results.finding import Finding, Template
from backchannel.results.result import Result
from backchannel.results.table import Cell, Column, Table
from backchannel.spec.structure import RankingPreference

WHO = Template("strength.who", "The file says what is much worse for {actors}{others}.", "assumed")
TODAY = Template("strength.today", "Today ({state}) is {verdicts}.", "magnitudes")
HELD = Template(
    "strength.equilibria",
    "{concept} ({id}): {total}, {strong} strong, {held} of them held by strong sanctions{names}.",
    "magnitudes",
)

IDS = ("nash", "gmr", "smr", "seq")


@dataclass(frozen=True)
class Params:
    """What to explain and what to list.

    Parameters
    ----------
    state
        The state whose verdicts come with their sanctions: a name, a literal, or ``today``.
    full
        Whether tables and JSON hold every possible state.
    """

    state: str = "today"
    full: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class StrengthResult(Result):
    """General and strong stability of every possible state. States are in file order, first option slowest.

    Parameters
    ----------
    actors
        Actor ids in file order.
    telling
        Per actor: whether the file says when its preference is strong.
    state, label
        Literal and label of each possible state.
    today
        Row of today.
    concepts
        ``nash``, ``gmr``, ``smr``, ``seq``: the order of the arrays. Nash knows no sanction: both arrays agree.
    general
        Bool, shape (4, actors, states): every improvement (mild or strong) has a sanction.
    strong
        Bool, shape (4, actors, states): every improvement has a sanction that leaves the actor much worse off.
    equilibrium, strong_equilibrium
        Bool, shape (4, states): for everybody.
    held_by_sanctions
        Bool, shape (4, states): strong equilibria from which somebody has an improvement, so that a sanction
        that hurts much holds them.
    explained
        Literal of the state explained.
    verdicts
        Its verdicts with their sanctions, concepts outermost.
    params
        What was asked.
    """

    actors: tuple[str, ...]
    telling: tuple[bool, ...]
    state: tuple[str, ...]
    label: tuple[str, ...]
    today: int
    concepts: tuple[str, ...]
    general: NDArray[np.bool_]
    strong: NDArray[np.bool_]
    equilibrium: NDArray[np.bool_]
    strong_equilibrium: NDArray[np.bool_]
    held_by_sanctions: NDArray[np.bool_]
    explained: str
    verdicts: tuple[StrengthVerdict, ...]
    params: Params


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: a ranking of every state, and for one actor at least when preference is strong."""
    needs = list(stability.requires(model))
    if not any(has_strength(model, actor) for actor in model.actors):
        actor = model.actors[0]
        why = "no actor tells much preferred from preferred"
        if isinstance(model.crisis.preferences.get(actor), RankingPreference):
            why += '; a ">>" between two entries of a ranking does'
            needs.append(Need("strength of preference", why, f'{actor}: {{ranking: [best, ">>", ..., worst]}}'))
        else:
            why += "; a difference in points from which on it is strong does"
            needs.append(Need("strength of preference", why, f"strength: {{{actor}: 10}}"))
    return tuple(needs)


def run(model: Model, context: Context, params: Params | None = None) -> StrengthResult:
    """Judge every state for every actor: stable generally, and if so strongly or weakly.

    Source: Hamouda, Kilgour and Hipel (2004, 2006). Cost: three closures over the listed moves for each actor (see
    :mod:`backchannel.numerics.strength`), and a search for the sanctions of the one state explained.

    Raises
    ------
    NotSupportedError
        If no actor has strong preferences, an actor leaves states unranked, or the state is unknown.
    TooLargeError
        If the moves are too many to list.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(requires(model))
    explained = model.space.find(params.state)
    context.progress(0, 1)
    moves = listed_moves(model)
    worst = worst_answers(moves.graph, context.progress)
    floors = np.stack([much_worse(model, actor)[moves.cells] for actor in range(len(model.actors))])
    general, strong = _verdicts(moves, worst, floors)
    verdicts = judge(model, explained, moves.cells, worst, floors)
    return _result(model, context, params, (general[..., moves.place], strong[..., moves.place]), explained, verdicts)


def _verdicts(moves: Listed, worst: NDArray[np.int32], floors: NDArray[np.int32]) -> tuple[Bools, Bools]:
    """Return general and strong stability, shape (4, actors, states of the graph) each."""
    faced = hardest(moves.graph, worst)
    alone = hardest(moves.graph, moves.graph.utilities[None])[0] <= moves.graph.utilities
    general = np.concatenate([alone[None], faced <= moves.graph.utilities])
    return general, np.concatenate([alone[None], faced <= floors])


def _result(
    model: Model,
    context: Context,
    params: Params,
    stable: tuple[Bools, Bools],
    explained: int,
    verdicts: tuple[StrengthVerdict, ...],
) -> StrengthResult:
    general, strong = stable
    cells = model.space.cells
    equilibrium, strongly = np.asarray(general.all(axis=1)), np.asarray(strong.all(axis=1))
    held = strongly & ~equilibrium[0]
    telling = tuple(has_strength(model, actor) for actor in model.actors)
    result = StrengthResult(
        provenance=context.provenance,
        actors=model.actors,
        telling=telling,
        state=literals(model, cells),
        label=labels(model, cells),
        today=int(np.flatnonzero(cells == model.space.today)[0]),
        concepts=IDS,
        general=general,
        strong=strong,
        equilibrium=equilibrium,
        strong_equilibrium=strongly,
        held_by_sanctions=held,
        explained=model.space.literal(explained),
        verdicts=verdicts,
        params=params,
    )
    tables = (_outcomes(model, result), _why(model, result, explained))
    return replace(result, findings=_findings(model, result), tables=tables)


def _findings(model: Model, result: StrengthResult) -> tuple[Finding, ...]:
    rankings = [isinstance(model.crisis.preferences.get(actor), RankingPreference) for actor in model.actors]
    by_marks = all(ranked for ranked, tells in zip(rankings, result.telling, strict=True) if tells)
    found = [_today(result)]
    for k, concept in enumerate(CONCEPTS):
        if concept.id != "nash":
            total, strong, held = (
                int(mask[k].sum()) for mask in (result.equilibrium, result.strong_equilibrium, result.held_by_sanctions)
            )
            names = names_of(model, result.held_by_sanctions[k])
            states = count(total, "equilibrium", "equilibria")
            found.append(
                HELD.fill(
                    concept=concept.name, id=concept.id.upper(), total=states, strong=strong, held=held, names=names
                )
            )
    if by_marks:
        found = [replace(item, tag="order") for item in found]
    return (*found, _who(model, result.telling))


def _who(model: Model, telling: tuple[bool, ...]) -> Finding:
    named = [(model.actor_name(actor), tells) for actor, tells in zip(model.actors, telling, strict=True)]
    silent = ", ".join(name for name, tells in named if not tells)
    others = f"; not for {silent}, so no sanction against them is strong" if silent else ""
    return WHO.fill(actors=", ".join(name for name, tells in named if tells), others=others)


def _today(result: StrengthResult) -> Finding:
    words = []
    for level in (2, 1, 0):
        ids = [name.upper() for k, name in enumerate(IDS) if k and _level(result, k, result.today) == level]
        if ids:
            words.append(f"{LEVELS[level]} by {', '.join(ids)}")
    nash = "a Nash equilibrium" if result.equilibrium[0, result.today] else "no Nash equilibrium"
    return TODAY.fill(state=result.label[result.today], verdicts=f"{nash}; {'; '.join(words)}")


def _level(result: StrengthResult, k: int, row: int) -> int:
    return int(result.equilibrium[k, row]) + int(result.strong_equilibrium[k, row])


def _outcomes(model: Model, result: StrengthResult) -> Table:
    columns = (
        Column("state", "Outcome"), Column("today", "Today", "mark"), Column("nash", "Nash", "mark"),
        *(Column(name, name.upper(), help="strong, weak or not an equilibrium") for name in IDS[1:]),
    )  # fmt: skip
    words = ("-", "weak", "strong")
    telling = result.equilibrium[0] | result.equilibrium[3]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            result.label[row], row == result.today, bool(result.equilibrium[0, row]),
            *(words[_level(result, k, row)] for k in range(1, len(IDS))),
        )
        for row in notable_rows(model, telling, full=result.params.full)
    )  # fmt: skip
    return Table("strength.outcomes", "Outcomes", columns, rows)


def _why(model: Model, result: StrengthResult, explained: int) -> Table:
    """Return the verdicts of actors with an improvement; the others are stable by every concept."""
    columns = (
        Column("concept", "Concept"),
        Column("actor", "Actor"),
        Column("verdict", "Stable"),
        Column("why", "Why"),
    )
    rows = tuple(
        (_title(item.concept), model.actor_name(item.actor), item.level, item.text)
        for item in result.verdicts
        if item.answers
    )
    return Table("strength.why", f"Why: {state_label(model, explained)}", columns, rows)


def _title(concept: str) -> str:
    return "Nash" if concept == "nash" else concept.upper()


def document(result: StrengthResult) -> dict[str, object]:
    """Return the document ``strength --json`` prints, format 1; lists by actor come only with ``full``."""
    concepts: dict[str, object] = {}
    for k, name in enumerate(result.concepts):
        strong, general = result.strong_equilibrium[k], result.equilibrium[k]
        entry: dict[str, object] = {
            "strong": _literals(result, strong),
            "weak": _literals(result, general & ~strong),
            "held_by_sanctions": _literals(result, result.held_by_sanctions[k]),
        }
        if result.params.full:
            entry["by_actor"] = {
                actor: {
                    "strong": _literals(result, result.strong[k, i]),
                    "weak": _literals(result, result.general[k, i] & ~result.strong[k, i]),
                }
                for i, actor in enumerate(result.actors)
            }
        concepts[name] = entry
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "telling": [actor for actor, tells in zip(result.actors, result.telling, strict=True) if tells],
        "today": result.state[result.today],
        "concepts": concepts,
        "explained": result.explained,
        "verdicts": [item.to_json() for item in result.verdicts],
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _literals(result: StrengthResult, mask: Bools) -> list[str]:
    return [result.state[row] for row in np.flatnonzero(mask).tolist()]
