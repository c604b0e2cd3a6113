"""How a crisis could get from one state to another, who moves at what gain, and where it stalls."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.stability import stability
from backchannel.analyses.stability.explain import steps_in_words
from backchannel.analyses.stability.sequence import Step
from backchannel.model.model import Model
from backchannel.model.words import labels, literals, state_label
from backchannel.numerics.number_format import count, signed
from backchannel.numerics.stability import CODES, equilibria_only
from backchannel.results.finding import Finding, Template
from backchannel.results.result import Result
from backchannel.results.table import Column, Table

OPEN = Template("paths.open", "From {start} to {target} every step pays its mover: {path}.", "order")
STALLS = Template(
    "paths.stalls",
    "From {start} to {target} at least {against} against the mover's interest: it stalls at {at}, where {step}.",
    "order",
)
CLOSED = Template("paths.closed", "From {start} no sequence of moves leads to {target}: {why}.", "assumed")
ALREADY = Template(
    "paths.already", "{start} is itself the only state that Nash or sequential stability holds.", "order"
)

SUMMARY = Template(
    "paths.summary",
    "Of {targets}, {open} can be reached from {start} by steps that all pay their movers; {least}.",
    "order",
)

Pair = tuple[int, int]

MOST_TARGETS = 50
"""Equilibria taken as targets where none is named; beyond, Nash equilibria only, and the first of those."""

MOST_TOLD = 3
"""Targets up to which each is told in a sentence of its own; the table has them all."""


@dataclass(frozen=True)
class Params:
    """From where to where.

    Parameters
    ----------
    start
        A state's name, its literal, or ``today``.
    to
        The state to reach; empty: every Nash or SEQ equilibrium (where they are many, the first Nash equilibria).
    """

    start: str = "today"
    to: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class PathsResult(Result):
    """The path to each target that asks least of its movers: fewest steps against interest, then fewest steps.

    Parameters
    ----------
    start
        Literal of the first state.
    actors
        Actor ids in file order.
    target, label
        Literal and label of each target, in file order.
    reached
        Bool, shape (targets,): some legal sequence of moves leads there.
    against
        int64, shape (targets,): least number of steps that do not improve their mover's lot; −1 if unreachable.
    steps
        int64, shape (targets,): steps of that path; −1 if unreachable.
    mover
        int64, shape (path steps,): who takes each step, in path order.
    origin
        Literals of the state each step leaves, in path order.
    gain
        int64, shape (path steps,): 1 the mover gains, 0 it is indifferent, −1 it loses.
    path
        int64, shape (targets + 1,): target k's steps are ``path[k]:path[k + 1]``.
    """

    start: str
    actors: tuple[str, ...]
    target: tuple[str, ...]
    label: tuple[str, ...]
    reached: NDArray[np.bool_]
    against: NDArray[np.int64]
    steps: NDArray[np.int64]
    mover: NDArray[np.int64]
    origin: tuple[str, ...]
    gain: NDArray[np.int64]
    path: NDArray[np.int64]


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: preferences over every state."""
    return stability.requires(model)


def run(model: Model, context: Context, params: Params | None = None) -> PathsResult:
    """Find the path to each target that asks least of its movers, nobody moving twice in succession.

    Source: Li, Kilgour and Hipel (2005) on status quo analysis; counting the steps against interest is ours. Cost:
    a shortest-path search over (state, last mover) pairs, ended when every target is settled.

    Raises
    ------
    NotSupportedError
        If a state is unknown or impossible, or an actor leaves states unranked.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(requires(model))
    start = model.space.find(params.start)
    targets = [model.space.find(params.to)] if params.to else _equilibria(model, start)
    found = least_resistance(model, start, targets, context)
    paths = [found.get(cell) for cell in targets]
    steps = [step for path in paths if path for step in path]
    cells = np.array(targets, dtype=np.int64)
    return PathsResult(
        provenance=context.provenance,
        findings=_findings(model, start, dict(zip(targets, paths, strict=True))),
        tables=(_table(model, dict(zip(targets, paths, strict=True))),),
        start=model.space.literal(start),
        actors=model.actors,
        target=literals(model, cells),
        label=labels(model, cells),
        reached=np.array([path is not None for path in paths], dtype=bool),
        against=np.array([-1 if path is None else _against(model, path) for path in paths], dtype=np.int64),
        steps=np.array([-1 if path is None else len(path) for path in paths], dtype=np.int64),
        mover=np.array([step.actor for step in steps], dtype=np.int64),
        origin=tuple(model.space.literal(step.origin) for step in steps),
        gain=np.array([_sign(model, step) for step in steps], dtype=np.int64),
        path=np.concatenate([[0], np.cumsum([len(path or ()) for path in paths])]).astype(np.int64),
    )


def _equilibria(model: Model, start: int) -> list[int]:
    """Return the Nash and SEQ equilibria; where they are too many, the first Nash ones."""
    cells = model.space.cells
    codes = equilibria_only(model.game, ("nash", "seq"))[cells]
    either = [cell for cell in cells[codes > 0].tolist() if cell != start]
    if len(either) <= MOST_TARGETS:
        return either
    return [cell for cell in cells[codes & CODES["nash"] > 0].tolist() if cell != start][:MOST_TARGETS]


def _sign(model: Model, step: Step) -> int:
    before, after = model.code(step.actor, step.origin), model.code(step.actor, step.target)
    return (after > before) - (after < before)


def _against(model: Model, path: tuple[Step, ...]) -> int:
    return sum(_sign(model, step) <= 0 for step in path)


def least_resistance(model: Model, start: int, targets: list[int], context: Context) -> dict[int, tuple[Step, ...]]:
    """Return, for each target that can be reached, the path with fewest steps against interest, then fewest steps."""
    came_from: dict[Pair, Pair | None] = {(start, -1): None}
    best: dict[Pair, Pair] = {(start, -1): (0, 0)}
    heap: list[tuple[int, int, Pair]] = [(0, 0, (start, -1))]
    wanted, first, settled = set(targets), dict[int, Pair](), set[Pair]()
    while heap and wanted:
        against, steps, pair = heapq.heappop(heap)
        if pair in settled:
            continue
        settled.add(pair)
        if pair[0] in wanted:
            wanted.discard(pair[0])
            first[pair[0]] = pair
        for reached, loses in _onward(model, pair):
            cost = (against + loses, steps + 1)
            if cost < best.get(reached, (len(best) + 1, 0)):
                best[reached] = cost
                came_from[reached] = pair
                heapq.heappush(heap, (*cost, reached))
        if len(settled) % 512 == 1:
            context.progress(len(targets) - len(wanted), len(targets) + 1)
    context.progress(len(targets) + 1, len(targets) + 1)
    return {cell: _trace(pair, came_from) for cell, pair in first.items()}


def _onward(model: Model, pair: Pair) -> list[tuple[Pair, bool]]:
    state, last = pair
    onward = []
    for actor in range(len(model.actors)):
        if actor != last:
            targets = model.moves(actor, state)
            loses = model.game.utilities[actor][targets] <= model.game.utilities[actor][state]
            onward += [((cell, actor), bad) for cell, bad in zip(targets.tolist(), loses.tolist(), strict=True)]
    return onward


def _trace(pair: Pair, came_from: dict[Pair, Pair | None]) -> tuple[Step, ...]:
    steps: list[Step] = []
    while (before := came_from[pair]) is not None:
        steps.append(Step(pair[1], before[0], pair[0]))
        pair = before
    return tuple(reversed(steps))


def _findings(model: Model, start: int, paths: dict[int, tuple[Step, ...] | None]) -> tuple[Finding, ...]:
    if not paths:
        return (ALREADY.fill(start=state_label(model, start)),)
    summary = (_summary(model, start, paths),) if len(paths) > 1 else ()
    told = paths if len(paths) <= MOST_TOLD else {}
    return (*summary, *(_finding(model, start, cell, path) for cell, path in told.items()))


def _summary(model: Model, start: int, paths: dict[int, tuple[Step, ...] | None]) -> Finding:
    cost = {cell: _against(model, path) for cell, path in paths.items() if path is not None}
    resisted = {cell: steps for cell, steps in cost.items() if steps}
    if resisted:
        least = min(resisted.values())
        cells = [cell for cell, steps in resisted.items() if steps == least]
        names = "; ".join(state_label(model, cell) for cell in cells[:MOST_TOLD])
        more = f"; and {len(cells) - MOST_TOLD} more" if len(cells) > MOST_TOLD else ""
        said = f"of the others the least asked is {count(least, 'step')} against interest ({names}{more})"
    else:
        said = "the others cannot be reached at all" if len(cost) < len(paths) else "nothing stands in the way"
    return SUMMARY.fill(
        targets=count(len(paths), "target"), open=len(cost) - len(resisted), start=state_label(model, start), least=said
    )


def _finding(model: Model, start: int, cell: int, path: tuple[Step, ...] | None) -> Finding:
    origin, target = state_label(model, start), state_label(model, cell)
    if path is None:
        why = "an irreversible step lies in between, or nobody can make the change"
        return CLOSED.fill(start=origin, target=target, why=why)
    against = _against(model, path)
    if not against:
        said = "; then ".join(steps_in_words(model, path, "would")) or "it is already there"
        return OPEN.fill(start=origin, target=target, path=said)
    stall = next(step for step in path if _sign(model, step) <= 0)
    asked = f"{against} {'step goes' if against == 1 else 'steps go'}"
    at = state_label(model, stall.origin)
    return STALLS.fill(start=origin, target=target, against=asked, at=at, step=_would_have_to(model, stall))


def _would_have_to(model: Model, step: Step) -> str:
    said = steps_in_words(model, (step,), "would have to")[0]
    if model.utilities[step.actor].scale == "ordinal":
        return said + (" and is indifferent" if _sign(model, step) == 0 else " and prefers not to")
    return f"{said} ({signed(model.points(step.actor, step.target) - model.points(step.actor, step.origin))} for it)"


def _table(model: Model, paths: dict[int, tuple[Step, ...] | None]) -> Table:
    columns = (
        Column("target", "To"),
        Column("against", "Steps against interest", "number"),
        Column("steps", "Steps", "number"),
        Column("path", "Path"),
    )
    rows = tuple(
        (
            state_label(model, cell),
            None if path is None else _against(model, path),
            None if path is None else len(path),
            "none" if path is None else "; then ".join(_said(model, step) for step in path) or "already there",
        )
        for cell, path in paths.items()
    )
    return Table("paths.targets", "Paths that ask least of their movers", columns, rows)


def _said(model: Model, step: Step) -> str:
    return _would_have_to(model, step) if _sign(model, step) <= 0 else steps_in_words(model, (step,), "would")[0]


def document(result: PathsResult) -> dict[str, object]:
    """Return the document ``paths --json`` prints, format 1."""
    rows = []
    for k, target in enumerate(result.target):
        span = range(int(result.path[k]), int(result.path[k + 1]))
        stops = [*(result.origin[j] for j in span), target]
        rows.append(
            {
                "target": target,
                "label": result.label[k],
                "reached": bool(result.reached[k]),
                "against_interest": int(result.against[k]),
                "path": [
                    {
                        "actor": result.actors[int(result.mover[j])],
                        "from": stops[n],
                        "to": stops[n + 1],
                        "gain": int(result.gain[j]),
                    }
                    for n, j in enumerate(span)
                ],
            }
        )
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "start": result.start,
        "targets": rows,
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }
