"""Confrontation analysis: which dilemmas the parties' positions put them in, and which analysis treats each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.stability import stability
from backchannel.analyses.stability.dilemmas import (
    DILEMMAS,
    Dilemma,
    OptionDilemma,
    Positions,
    option_dilemmas,
    pair_dilemmas,
    read_positions,
)
from backchannel.model.model import Model
from backchannel.model.words import state_label
from backchannel.numerics.number_format import count
from backchannel.results.finding import Finding, Template
from backchannel.results.result import Result
from backchannel.results.table import Cell, Column, Table

EXAMPLE = "stances: {north: {position: treaty}, south: {position: truce}}"

FACES = Template("confrontation.actor", "{actor} faces {dilemmas} with {other}, against {future}.", "order")
NONE = Template("confrontation.actor", "{actor} faces no dilemma with {other}, against {future}.", "order")
ROUTE = Template("confrontation.route", "{dilemma}: {meaning}. It is treated by {treated_by}.", "assumed")
AGREED = Template(
    "confrontation.agreed",
    "The parties demand the same state, {state}: what is left is to carry it out.",
    "order",
)


@dataclass(frozen=True)
class Params:
    """What is threatened, how doubt is read, and how ties count.

    Parameters
    ----------
    threat
        State that comes if nobody yields; empty: each stance's own ``threat``, else all fallbacks together.
    doubt_below
        An undertaking is doubted where the file's trust in its author is below this and the stance says nothing.
    strict
        Whether being indifferent between a position and the threatened future counts as resisting (False: yes).
    """

    threat: str = ""
    doubt_below: float = 0.5
    strict: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class ConfrontationResult(Result):
    """The dilemmas of every ordered pair of parties, and of every option seen with another party.

    Parameters
    ----------
    parties
        Actors with a stance, in file order.
    position, future
        Literal of each party's position, and of the future it threatens.
    dilemmas
        DT1: each dilemma that holds, with its test in figures.
    options
        DT2: each option of one party seen with another, and the dilemma it gives, if any.
    """

    parties: tuple[str, ...]
    position: tuple[str, ...]
    future: tuple[str, ...]
    dilemmas: tuple[Dilemma, ...]
    options: tuple[OptionDilemma, ...]


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: preferences over every state, and the positions of at least two parties."""
    needs = list(stability.requires(model))
    if len(model.crisis.stances) < 2:
        why = f"{count(len(model.crisis.stances), 'stance')} given, and a confrontation has two or more"
        needs.append(Need("stances", why, EXAMPLE))
    return tuple(needs)


def run(model: Model, context: Context, params: Params | None = None) -> ConfrontationResult:
    """Test every ordered pair of parties for the six dilemmas of DT1, and every option for the three of DT2.

    Source: Howard (1999) for DT1, Bryant (2016) for DT2; which inequalities are strict is a setting, since the
    sources leave it open. Cost: one look at each pair's moves.

    Raises
    ------
    NotSupportedError
        Without two stances, or where a position names no possible state.
    """
    params = params or Params()
    demand(requires(model))
    context.progress(0, 2)
    positions = read_positions(model, params.threat)
    pairs = tuple(
        dilemma
        for first, second in permutations(positions.parties, 2)
        for dilemma in pair_dilemmas(model, positions, first, second, strict=params.strict)
    )
    context.progress(1, 2)
    options = option_dilemmas(model, positions, params.doubt_below)
    context.progress(2, 2)
    return ConfrontationResult(
        provenance=context.provenance,
        findings=_findings(model, positions, pairs),
        tables=(_pair_table(model, positions, pairs), _option_table(model, options)),
        parties=tuple(model.actors[party] for party in positions.parties),
        position=tuple(model.space.literal(positions.demanded[party]) for party in positions.parties),
        future=tuple(model.space.literal(positions.future[party]) for party in positions.parties),
        dilemmas=pairs,
        options=options,
    )


def _findings(model: Model, positions: Positions, dilemmas: tuple[Dilemma, ...]) -> tuple[Finding, ...]:
    found = []
    demanded = {positions.demanded[party] for party in positions.parties}
    if len(demanded) == 1:
        found.append(AGREED.fill(state=state_label(model, demanded.pop())))
    for first, second in permutations(positions.parties, 2):
        names = [
            item.name for item in dilemmas if (item.actor, item.other) == (model.actors[first], model.actors[second])
        ]
        words = {
            "actor": model.actor_name(model.actors[first]),
            "other": model.actor_name(model.actors[second]),
            "future": state_label(model, positions.future[first]),
        }
        if names:
            plural = "dilemma" if len(names) == 1 else "dilemmas"
            article = "a " if len(names) == 1 else "the "
            found.append(FACES.fill(dilemmas=f"{article}{' and '.join(names)} {plural}", **words))
        else:
            found.append(NONE.fill(**words))
    held = {item.name for item in dilemmas}
    found += [
        ROUTE.fill(dilemma=about.name.capitalize(), meaning=about.meaning, treated_by=about.treated_by)
        for about in DILEMMAS
        if about.name in held
    ]
    return tuple(found)


def _pair_table(model: Model, positions: Positions, dilemmas: tuple[Dilemma, ...]) -> Table:
    columns = (
        Column("actor", "Who"),
        Column("other", "With"),
        *(Column(about.name, about.name.capitalize(), "mark", help=about.meaning) for about in DILEMMAS),
    )
    held = {(item.actor, item.other, item.name) for item in dilemmas}
    rows: list[tuple[Cell, ...]] = []
    for first, second in permutations([model.actors[party] for party in positions.parties], 2):
        marks = [(first, second, about.name) in held for about in DILEMMAS]
        rows.append((model.actor_name(first), model.actor_name(second), *marks))
    return Table("confrontation.pairs", "Dilemmas by pair", columns, tuple(rows))


def _option_table(model: Model, options: tuple[OptionDilemma, ...]) -> Table:
    columns = (
        Column("option", "Option"),
        Column("owner", "Of"),
        Column("seen_with", "Seen with"),
        Column("demanded", "Demanded"),
        Column("intended", "Stated intention"),
        Column("doubted", "Doubted", "mark"),
        Column("dilemma", "Dilemma"),
    )
    rows = tuple(
        (
            item.option,
            model.actor_name(item.owner),
            model.actor_name(item.other),
            item.demanded,
            item.intended,
            item.doubted,
            f"{item.dilemma} ({item.mode})" if item.mode else item.dilemma or None,
        )
        for item in options
    )
    return Table("confrontation.options", "Dilemmas by option", columns, rows)


def document(result: ConfrontationResult) -> dict[str, object]:
    """Return the document ``confrontation --json`` prints, format 1."""
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "positions": dict(zip(result.parties, result.position, strict=True)),
        "threatened": dict(zip(result.parties, result.future, strict=True)),
        "dilemmas": [
            {"actor": item.actor, "with": item.other, "dilemma": item.name, "because": item.because}
            for item in result.dilemmas
        ],
        "options": [
            {
                "option": item.option,
                "of": item.owner,
                "with": item.other,
                "demanded": item.demanded,
                "intended": item.intended,
                "doubted": item.doubted,
                "dilemma": item.dilemma,
                "mode": item.mode,
                "whose": item.whose,
            }
            for item in result.options
        ],
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }
