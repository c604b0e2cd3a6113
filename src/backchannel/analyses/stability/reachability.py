"""Where a crisis can go from a state when every step improves its mover's lot, and by which shortest path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.stability import stability
from backchannel.analyses.stability.explain import steps_in_words
from backchannel.analyses.stability.sequence import Step, sequences, trace
from backchannel.model.model import Model
from backchannel.model.words import labels, literals, state_label
from backchannel.numerics.number_format import count, number
from backchannel.results.finding import Finding, Template
from backchannel.results.result import Result
from backchannel.results.table import Column, Table

NOBODY = Template("reachability.start", "From {state} nobody moves alone: no actor has an improvement.", "order")
REACHED = Template("reachability.start", "From {state}, {states} can be reached by improvements; {ends}.", "order")
PATH = Template("reachability.path", "Shortest path to {state}: {path}.", "order")


@dataclass(frozen=True)
class Params:
    """Where to start.

    Parameters
    ----------
    start
        A state's name, its literal, or ``today``.
    """

    start: str = "today"


@dataclass(frozen=True, kw_only=True, eq=False)
class ReachabilityResult(Result):
    """States reachable by improvements, nobody moving twice in succession; rows sort by steps, then file order.

    Parameters
    ----------
    start
        Literal of the first state.
    state, label
        Literals and labels of the reached states, the start first.
    steps
        int64, shape (states,): fewest steps from the start.
    ends
        Bool, shape (states,): nobody has an improvement from here.
    mover, origin
        int64, shape (path steps,): who takes each step of the shortest paths and from which row, in path order.
    path
        int64, shape (states + 1,): row k's path is ``mover[path[k]:path[k + 1]]`` with the same ``origin``.
    """

    start: str
    actors: tuple[str, ...]
    state: tuple[str, ...]
    label: tuple[str, ...]
    steps: NDArray[np.int64]
    ends: NDArray[np.bool_]
    mover: NDArray[np.int64]
    origin: NDArray[np.int64]
    path: NDArray[np.int64]


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: preferences over every state."""
    return stability.requires(model)


def run(model: Model, context: Context, params: Params | None = None) -> ReachabilityResult:
    """Walk every legal sequence of improvements by all actors from one state.

    Source: Fang, Hipel and Kilgour (1993); Li, Kilgour and Hipel (2005) on status quo analysis. Cost: each (state,
    last mover) pair once, times the mover's moves.

    Raises
    ------
    NotSupportedError
        If the start is no possible state, or an actor leaves states unranked.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(requires(model))
    start = model.space.find(params.start)
    paths = _shortest_paths(model, start, context)
    place = {cell: k for k, cell in enumerate(model.space.cells.tolist())}
    order = sorted(paths, key=lambda cell: (len(paths[cell]), place[cell]))
    cells = np.array(order, dtype=np.int64)
    row = {cell: k for k, cell in enumerate(order)}
    steps = [step for cell in order for step in paths[cell]]
    length = np.array([len(paths[cell]) for cell in order], dtype=np.int64)
    ends = np.array([all(model.improvements(a, cell).size == 0 for a in range(len(model.actors))) for cell in order])
    names = labels(model, cells)
    return ReachabilityResult(
        provenance=context.provenance,
        findings=_findings(model, start, order, ends, paths),
        tables=(_table(model, order, names, paths, ends),),
        start=model.space.literal(start),
        actors=model.actors,
        state=literals(model, cells),
        label=names,
        steps=length,
        ends=ends,
        mover=np.array([step.actor for step in steps], dtype=np.int64),
        origin=np.array([row[step.origin] for step in steps], dtype=np.int64),
        path=np.concatenate([[0], np.cumsum(length)]).astype(np.int64),
    )


def _shortest_paths(model: Model, start: int, context: Context) -> dict[int, tuple[Step, ...]]:
    came_from: dict[tuple[int, int], tuple[int, int] | None] = {}
    first: dict[int, tuple[int, int]] = {}
    total = model.space.cells.size
    for done, (pair, before) in enumerate(sequences(model, start, range(len(model.actors)), improving=True)):
        came_from[pair] = before
        first.setdefault(pair[0], pair)
        if done % 1024 == 0:
            context.progress(min(len(first), total - 1), total)
    context.progress(total, total)
    return {cell: trace(pair, came_from) for cell, pair in first.items()}


def _findings(
    model: Model, start: int, order: list[int], ends: NDArray[np.bool_], paths: dict[int, tuple[Step, ...]]
) -> tuple[Finding, ...]:
    if len(order) == 1:
        return (NOBODY.fill(state=state_label(model, start)),)
    stops = [cell for cell, end in zip(order, ends, strict=True) if end]
    if stops:
        verb = "is a state" if len(stops) == 1 else "are states"
        said = f"{len(stops):,} of them {verb} nobody leaves"
    else:
        said = "none of them is a state nobody leaves"
    found = [REACHED.fill(state=state_label(model, start), states=count(len(order) - 1, "other state"), ends=said)]
    for cell in [cell for cell in stops if cell != start][:3]:
        words = "; then ".join(steps_in_words(model, paths[cell], "would"))
        found.append(PATH.fill(state=state_label(model, cell), path=words))
    return tuple(found)


def _table(
    model: Model,
    order: list[int],
    names: tuple[str, ...],
    paths: dict[int, tuple[Step, ...]],
    ends: NDArray[np.bool_],
) -> Table:
    columns = (
        Column("state", "Outcome"),
        Column("steps", "Steps", "number"),
        Column("ends", "Nobody leaves", "mark"),
        Column("path", "Shortest path"),
    )
    rows = tuple(
        (
            name,
            len(paths[cell]),
            bool(end),
            "; then ".join(_with_gain(model, step) for step in paths[cell]) or "start",
        )
        for cell, name, end in zip(order, names, ends, strict=True)
    )
    return Table("reachability.states", "Reachable by improvements", columns, rows)


def _with_gain(model: Model, step: Step) -> str:
    said = steps_in_words(model, (step,), "would")[0]
    if model.utilities[step.actor].scale == "ordinal":
        return said
    before, after = model.points(step.actor, step.origin), model.points(step.actor, step.target)
    return f"{said} ({number(before)} to {number(after)})"


def document(result: ReachabilityResult) -> dict[str, object]:
    """Return the document ``stability --from STATE --json`` prints, format 1."""
    rows = []
    for k, state in enumerate(result.state):
        span = range(int(result.path[k]), int(result.path[k + 1]))
        stops = [*(int(result.origin[j]) for j in span), k]
        path = [
            {
                "actor": result.actors[int(result.mover[j])],
                "from": result.state[stops[n]],
                "to": result.state[stops[n + 1]],
            }
            for n, j in enumerate(span)
        ]
        rows.append(
            {
                "state": state,
                "label": result.label[k],
                "steps": int(result.steps[k]),
                "ends": bool(result.ends[k]),
                "path": path,
            }
        )
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "start": result.start,
        "states": rows,
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }
