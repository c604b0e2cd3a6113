"""The table of outcomes and the JSON document of a stability result."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.stability.concept import Concept
from backchannel.analyses.stability.stability import StabilityResult
from backchannel.analyses.stability.why import choose
from backchannel.results.table import Cell, Column, Table

FORMAT = 1


def outcome_rows(result: StabilityResult) -> list[int]:
    """Return the rows a reader wants: today, named states, and every Nash or SEQ equilibrium, in that order.

    Where neither was asked for, every equilibrium by any concept asked for.
    """
    wanted = [result.today, *(row for _, row in result.named)]
    telling = [k for k, name in enumerate(result.concepts) if name in ("nash", "seq")]
    either = result.equilibrium[telling or slice(None)].any(axis=0)
    return list(dict.fromkeys([*wanted, *np.flatnonzero(either).tolist()]))


def outcome_table(result: StabilityResult, rows: list[int] | None = None) -> Table:
    """Return outcomes in rows: each actor's utility and the verdict of each concept (default: the notable states)."""
    rows = outcome_rows(result) if rows is None else rows
    columns = [Column("state", "Outcome"), Column("today", "Today", "mark")]
    for actor, name, cardinal in zip(result.actors, result.actor_names, result.cardinal, strict=True):
        columns.append(Column(f"utility_{actor}", name, "number", "points" if cardinal else "order only"))
    columns += [Column(item.id, _title(item), "mark", help=item.definition) for item in concepts_of(result)]
    if _shows_share(result):
        columns.append(Column("share_nash", "Nash in draws", "number", "share of draws"))
    return Table("stability.outcomes", "Outcomes", tuple(columns), tuple(_row(result, row) for row in rows))


def concepts_of(result: StabilityResult) -> tuple[Concept, ...]:
    """Return the concepts of a result, in its order and readings."""
    params = result.params
    return choose(
        result.concepts,
        horizon=params.horizon,
        reading=params.reading,
        ties=params.ties,
        simultaneity=params.simultaneity,
    )


def _title(concept: Concept) -> str:
    return concept.title or (concept.id.upper() if concept.id != "nash" else "Nash")


def _shows_share(result: StabilityResult) -> bool:
    return bool(result.share.size) and "nash" in result.concepts


def full_table(result: StabilityResult) -> Table:
    """Return every possible state, in file order."""
    return outcome_table(result, list(range(len(result.state))))


def _row(result: StabilityResult, row: int) -> tuple[Cell, ...]:
    cells: list[Cell] = [result.label[row], row == result.today]
    cells += [float(value) for value in result.utility[:, row]]
    cells += [bool(value) for value in result.equilibrium[:, row]]
    if _shows_share(result):
        cells.append(float(result.share[result.concepts.index("nash"), row]))
    return tuple(cells)


def document(result: StabilityResult, *, full: bool = False) -> dict[str, object]:
    """Return the document ``stability --json`` prints, format 1.

    ``stable`` lists, per actor, come only with ``full``. States are literals in file order.
    """
    concepts: dict[str, object] = {}
    for k, concept in enumerate(result.concepts):
        entry = {**_reading(result, concept), "equilibria": _literals(result, result.equilibrium[k])}
        if full:
            stable = {actor: _literals(result, result.stable[k, i]) for i, actor in enumerate(result.actors)}
            entry["stable"] = stable
            if concept == "non_myopic":
                entry["since_horizon"] = _since(result, k)
        if result.share.size:
            entry["share_of_draws"] = {result.state[row]: float(result.share[k, row]) for row in outcome_rows(result)}
        concepts[concept] = entry
    identity = result.provenance
    return {
        "format": FORMAT,
        "crisis": identity.crisis,
        "title": identity.title,
        "options": list(result.options),
        "levels": {option: list(levels) for option, levels in zip(result.options, result.levels, strict=True)},
        "actors": list(result.actors),
        "states": result.total,
        "feasible": len(result.state),
        "today": result.state[result.today],
        "named": {name: result.state[row] for name, row in result.named},
        "utilities": {
            result.state[row]: dict(zip(result.actors, result.utility[:, row].tolist(), strict=True))
            for row in (range(len(result.state)) if full else outcome_rows(result))
        },
        "concepts": concepts,
        "findings": [item.to_json() for item in result.findings],
        "provenance": identity.to_json(),
    }


def _reading(result: StabilityResult, concept: str) -> dict[str, object]:
    """Return in which reading a concept was judged; nothing for those that have only one."""
    params = result.params
    if concept == "sim":
        return {"reading": params.simultaneity}
    if concept == "limited":
        return {"horizon": params.horizon, "reading": params.reading, "ties": params.ties}
    if concept == "non_myopic":
        found: dict[str, object] = {"reading": params.reading, "ties": params.ties}
        return found | {"settles": result.period == 1, "repeats_from": result.repeats_from, "period": result.period}
    return {}


def _since(result: StabilityResult, concept: int) -> dict[str, dict[str, int]]:
    """Return, by actor and stable state, the least horizon from which on it is stable."""
    found = {}
    for i, actor in enumerate(result.actors):
        rows = np.flatnonzero(result.stable[concept, i]).tolist()
        found[actor] = {result.state[row]: int(result.since[i, row]) for row in rows}
    return found


def _literals(result: StabilityResult, mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[str]:
    return [result.state[row] for row in np.flatnonzero(mask).tolist()]
