"""The sentences and tables of stability under unknown preference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.stability.listing import names_of, notable_rows
from backchannel.analyses.stability.why import CONCEPTS
from backchannel.model.model import Model
from backchannel.numerics.number_format import count
from backchannel.results.finding import Finding, Template
from backchannel.results.table import Cell, Column, Table

if TYPE_CHECKING:
    from backchannel.analyses.stability.unknown import UnknownResult

UNRANKED = Template(
    "unknown.unranked",
    "{actor} leaves {left} of {states} unranked: of unknown preference against every other.",
    "assumed",
)
COMPLETE = Template(
    "unknown.unranked",
    "Every actor ranks every possible state: the four readings and all completions agree.",
    "assumed",
)
TODAY = Template("unknown.today", "Today ({state}) is {verdicts}.", "order")
TODAY_UNKNOWN = Template(
    "unknown.today",
    "Over all completions of the unknown preferences, today ({state}) is an equilibrium {verdicts}.",
    "order",
)
EQUILIBRIA = Template(
    "unknown.equilibria",
    "{concept} ({id}): {necessary} in every completion{names}; {possible} in at least one{undecided}.",
    "order",
)
KNOWN = Template("unknown.equilibria", "{concept} ({id}): {necessary}{names}.", "order")
READINGS = Template("unknown.readings", "{concept} ({id}) under the readings a, b, c, d: {counts} equilibria.", "order")
EXACT = Template("unknown.sequential", "Sequential stability was judged under each of {completions}.", "assumed")
BOUNDS = Template(
    "unknown.sequential",
    "The completions are too many to judge one by one: sequential stability is bounded by what the opponents would "
    "certainly do and by what they might do.",
    "assumed",
)
DRAWS = Template(
    "unknown.draws", "Within the stated ranges ({draws}) today is an equilibrium {verdicts}.", "magnitudes"
)

ALWAYS, SOMETIMES, NEVER, OPEN = "always", "sometimes", "never", "undecided"
_IN_COMPLETIONS = {
    ALWAYS: "in every one by {ids}",
    SOMETIMES: "in some by {ids}",
    NEVER: "in none by {ids}",
    OPEN: "undecided by {ids}",
}
_WITHOUT_UNKNOWNS = {ALWAYS: "an equilibrium by {ids}", NEVER: "no equilibrium by {ids}"}
_IN_DRAWS = {ALWAYS: "in every draw", SOMETIMES: "possible", NEVER: "in none"}


def word(possible: int, necessary: int) -> str:
    """Say how often a state is stable over all completions: always, sometimes, never, undecided."""
    if necessary == 1:
        return ALWAYS
    if possible == 0:
        return NEVER
    return SOMETIMES if possible == 1 and necessary == 0 else OPEN


def findings(model: Model, result: UnknownResult) -> tuple[Finding, ...]:
    """Return the findings, most important first."""
    complete = not result.unranked.any()
    words = _words(result, result.today)
    phrases = _WITHOUT_UNKNOWNS if complete else _IN_COMPLETIONS
    sentence = TODAY if complete else TODAY_UNKNOWN
    found = [sentence.fill(state=result.label[result.today], verdicts=_grouped(words, phrases))]
    if result.share_possible.size:
        draws = count(result.provenance.draws, "draw")
        phrases = {key: f"{said} by {{ids}}" for key, said in _IN_DRAWS.items()}
        found.append(DRAWS.fill(draws=draws, verdicts=_grouped(_draw_words(result, result.today), phrases)))
    found += [_equilibria(model, result, k) for k in range(len(CONCEPTS))]
    if complete:
        return (*found, COMPLETE.fill())
    for k, concept in enumerate(CONCEPTS):
        counts = ", ".join(f"{int(result.equilibrium[r, k].sum()):,}" for r in range(len(result.readings)))
        found.append(READINGS.fill(concept=concept.name, id=_title(concept.id), counts=counts))
    if result.completions:
        found.append(EXACT.fill(completions=count(result.completions, "completion")))
    else:
        found.append(BOUNDS.fill())
    for actor, left in zip(model.actors, result.unranked.tolist(), strict=True):
        if left:
            states = count(len(result.state), "possible state")
            found.append(UNRANKED.fill(actor=model.actor_name(actor), left=left, states=states))
    return tuple(found)


def _equilibria(model: Model, result: UnknownResult, k: int) -> Finding:
    concept, title = CONCEPTS[k], _title(CONCEPTS[k].id)
    necessary = result.necessary_equilibrium[k] == 1
    possible = result.possible_equilibrium[k] == 1
    undecided = (result.necessary_equilibrium[k] < 0) | (result.possible_equilibrium[k] < 0)
    open_ones, held = int(undecided.sum()), count(int(necessary.sum()), "equilibrium", "equilibria")
    names = names_of(model, necessary)
    if not result.unranked.any():
        return KNOWN.fill(concept=concept.name, id=title, necessary=held, names=names)
    return EQUILIBRIA.fill(
        concept=concept.name,
        id=title,
        necessary=held,
        names=names,
        possible=int(possible.sum()),
        undecided=f"; {count(open_ones, 'state')} undecided in one or the other" if open_ones else "",
    )


def _words(result: UnknownResult, row: int) -> list[str]:
    pairs = zip(
        result.possible_equilibrium[:, row].tolist(), result.necessary_equilibrium[:, row].tolist(), strict=True
    )
    return [word(possible, necessary) for possible, necessary in pairs]


def _draw_words(result: UnknownResult, row: int) -> list[str]:
    every, some = result.share_necessary[:, row] == 1, result.share_possible[:, row] > 0
    return [ALWAYS if e else SOMETIMES if s else NEVER for e, s in zip(every.tolist(), some.tolist(), strict=True)]


def _grouped(words: list[str], phrases: dict[str, str]) -> str:
    """Group concepts by word: "in every draw by Nash and GMR, in none by SEQ"."""
    parts = []
    for key, phrase in phrases.items():
        ids = [_title(concept.id) for concept, said in zip(CONCEPTS, words, strict=True) if said == key]
        if ids:
            parts.append(phrase.format(ids=", ".join(ids[:-1]) + f" and {ids[-1]}" if len(ids) > 1 else ids[0]))
    return "; ".join(parts)


def tables(model: Model, result: UnknownResult) -> tuple[Table, ...]:
    """Return the completions and the readings, over the notable states or all of them."""
    telling = (result.possible_equilibrium[[0, 3]] != 0).any(axis=0)
    rows = notable_rows(model, telling, full=result.params.full)
    completions = _completions(result, rows)
    return (completions, _readings(result, rows)) if result.unranked.any() else (completions,)


def _completions(result: UnknownResult, rows: list[int]) -> Table:
    columns = [Column("state", "Outcome"), Column("today", "Today", "mark")]
    columns += [Column(concept.id, _title(concept.id), help="over all completions") for concept in CONCEPTS]
    drawn = bool(result.share_possible.size)
    if drawn:
        columns += [Column(f"draws_{concept.id}", f"{_title(concept.id)} in draws") for concept in CONCEPTS]
    filled: list[tuple[Cell, ...]] = []
    for row in rows:
        cells: list[Cell] = [result.label[row], row == result.today, *_words(result, row)]
        if drawn:
            cells += [_IN_DRAWS[said] for said in _draw_words(result, row)]
        filled.append(tuple(cells))
    return Table("unknown.completions", "An equilibrium over all completions", tuple(columns), tuple(filled))


def _readings(result: UnknownResult, rows: list[int]) -> Table:
    columns = (
        Column("state", "Outcome"), Column("today", "Today", "mark"),
        *(Column(concept.id, _title(concept.id), help="readings by which it holds") for concept in CONCEPTS),
    )  # fmt: skip
    filled: list[tuple[Cell, ...]] = []
    for row in rows:
        held = [
            " ".join(np.array(result.readings)[result.equilibrium[:, k, row]].tolist()) or "-"
            for k in range(len(CONCEPTS))
        ]
        filled.append((result.label[row], row == result.today, *held))
    return Table("unknown.readings", "An equilibrium by which readings", columns, tuple(filled))


def _title(concept: str) -> str:
    return "Nash" if concept == "nash" else concept.upper()
