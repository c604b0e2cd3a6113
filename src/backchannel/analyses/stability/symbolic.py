"""Equilibria of a crisis whose states are too many to write out, found by a search that proves when it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, HasCrisis, Need, demand
from backchannel.analyses.stability import symbolic_words as words
from backchannel.analyses.stability.symbolic_judge import Judgement, Point, judge_nash, judge_seq
from backchannel.analyses.stability.symbolic_proof import better_for, untried
from backchannel.analyses.stability.symbolic_search import NashSearch
from backchannel.errors import BackchannelError, NotSupportedError
from backchannel.model.boxes import state_levels
from backchannel.model.symbolic import MOST_RANKED, SymbolicModel, symbolic_model, total_states, unranked
from backchannel.results.finding import Finding
from backchannel.results.result import Result
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import literal
from backchannel.spec.structure import RankingPreference


@dataclass(frozen=True)
class Params:
    """What to look for, and how far.

    Parameters
    ----------
    concept
        ``nash``; or ``seq``, which judges one state and needs ``check``.
    check
        A state to judge instead of searching: a name, a literal, or ``today``.
    at_most
        Equilibria after which the search stops.
    seconds
        Time after which it stops.
    """

    concept: str = "nash"
    check: str = ""
    at_most: int = 50
    seconds: float = 60.0


@dataclass(frozen=True, kw_only=True, eq=False)
class SymbolicResult(Result):
    """The Nash equilibria found, or what was found of one state.

    Parameters
    ----------
    concept
        Id of the concept asked for.
    options, actors
        Ids, in file order.
    total
        Number of states, possible or not.
    state, label
        Literals and labels of the equilibria, in file order.
    raised
        Per equilibrium: the options above their lowest level, with the level where there are more than two.
    utility
        float64, shape (equilibria, actors).
    cardinal
        Per actor: whether its utilities are points (else scores or ranks, of which only the order counts).
    complete
        Whether it is proved that there are no other equilibria.
    status
        ``complete``; ``first``: there are more than were asked for; ``stopped``: out of time; ``checked``: one state
        was judged.
    proposed
        States the search proposed; −1 where one state was judged.
    second_opinion
        Whether the dense back end tried all alternatives of every actor in each equilibrium found (and confirmed it);
        actors with too many are left out.
    checked
        Literal of the state that was judged, or empty.
    verdict
        Per actor, for the state judged: ``stable``, ``unstable`` or ``undecided``; else empty.
    improvement
        Per actor, for the state judged: literal of where its improvement leads, or empty.
    sanction
        Per actor, for the state judged: literals of the states the answer passes through.
    """

    concept: str
    options: tuple[str, ...]
    actors: tuple[str, ...]
    total: int
    state: tuple[str, ...]
    label: tuple[str, ...]
    raised: tuple[tuple[str, ...], ...]
    utility: NDArray[np.float64]
    cardinal: tuple[bool, ...]
    complete: bool
    status: str
    proposed: int
    second_opinion: bool
    checked: str = ""
    verdict: tuple[str, ...] = ()
    improvement: tuple[str, ...] = ()
    sanction: tuple[tuple[str, ...], ...] = ()


class _OutOfTimeError(BackchannelError):
    """The time asked for is over."""


class _Effort:
    """Counts steps; every few it tells of progress, lets the caller stop, and looks at the clock."""

    EVERY = 64

    def __init__(self, context: Context, params: Params) -> None:
        self._context, self._most = context, params.at_most
        self._end = monotonic() + params.seconds
        self._steps = 0
        self.found = 0
        self.tell()

    def __call__(self) -> None:
        self._steps += 1
        if self._steps % self.EVERY == 0:
            self.tell()
            if monotonic() > self._end:
                raise _OutOfTimeError("out of time")

    def tell(self) -> None:
        self._context.progress(min(self.found, self._most), self._most + 1)


def requires(model: HasCrisis) -> tuple[Need, ...]:
    """Return what the file lacks: options, states told apart, and preferences that are not lists of all states."""
    crisis = model.crisis
    if crisis.is_general_graph:
        why = "this file lists its moves, few enough to write out; run: backchannel stability CRISIS"
        return (Need("options", why, "options: {dam: {by: north}}"),)
    if crisis.merge:
        why = "merged states need their moves written out; run: backchannel stability CRISIS, or drop the merge"
        return (Need("states told apart", why, "merge: []"),)
    return tuple(_ranked(crisis))


def _ranked(crisis: Crisis) -> Iterator[Need]:
    total = total_states(crisis)
    for actor, preference in crisis.preferences.items():
        if isinstance(preference, RankingPreference) and total > MOST_RANKED:
            why = f"a ranking lists states one by one, and {total:,} are more than the {MOST_RANKED:,} read here"
            yield Need(f"terms or an order for {actor}", why, f"{actor}: {{order: [treaty, not dam]}}")
    yield from unranked_needs(crisis)


def unranked_needs(crisis: Crisis) -> Iterator[Need]:
    """Yield what a file lacks where an actor's ranking leaves out possible states."""
    for actor, (missing, feasible) in unranked(crisis).items():
        why = (
            f"{missing:,} of {feasible:,} possible states are of unknown preference to {actor}; "
            "run: backchannel unknown CRISIS"
        )
        yield Need(f"a ranking of every state for {actor}", why, f"{actor}: {{ranking: [best, ..., worst]}}")


def run(model: HasCrisis, context: Context, params: Params | None = None) -> SymbolicResult:
    """Find Nash equilibria without writing states out, or judge one state by Nash or sequential stability.

    A state is proposed that no reason found so far rules out. If an actor improves on it, the reason is widened to a
    box of states that it rules out as well (exact whole-number bounds) and becomes a clause; else the state is an
    equilibrium. When the clauses allow no state any more, all are found. The scheme is that of lazy clause generation
    (Ohrimenko, Stuckey and Codish, 2009). Cost: exponential at worst, in how many options bear on one choice rather
    than in how many there are; nothing is kept per state.

    Raises
    ------
    NotSupportedError
        With listed moves, merged states, rankings of large spaces, or a concept or state that cannot be asked for.
    CancelledError
        If stopped.
    """
    params = params or Params()
    _check(params)
    demand(requires(model))
    effort = _Effort(context, params)
    symbolic = symbolic_model(model.crisis)
    if params.check:
        return _judged(symbolic, context, params, effort)
    return _searched(symbolic, context, params, effort)


def _check(params: Params) -> None:
    if params.concept not in words.CONCEPT_NAMES:
        raise NotSupportedError(
            f'"{params.concept}" is not judged without writing states out; write nash or seq, or run '
            "backchannel stability CRISIS where the states are few enough"
        )
    if params.concept == "seq" and not params.check:
        raise NotSupportedError(
            "sequential stability is judged for one state at a time here, since why it fails in one state says little "
            "of others: add --check today, or --check STATE. Every Nash equilibrium holds by it too"
        )
    if params.at_most < 1 or not params.seconds > 0:
        raise NotSupportedError("ask for at least 1 equilibrium and more than 0 seconds")


def _searched(model: SymbolicModel, context: Context, params: Params, effort: _Effort) -> SymbolicResult:
    today = tuple(_today(model, effort))
    search, skipped = NashSearch(model, effort), untried(model.crisis)
    points: list[Point] = []
    status = "complete"
    try:
        for point in search.equilibria():
            if len(points) == params.at_most:
                status = "first"
                break
            _confirm(model, point, skipped)
            points.append(point)
            effort.found = len(points)
            effort.tell()
    except _OutOfTimeError:
        status = "stopped"
    found = tuple(sorted(points, key=state_levels))
    findings = [*words.found(model, found, status, params.seconds), *today]
    if skipped and found:
        names = [words.actor_name(model, model.actors.index(actor)) for actor in skipped]
        findings.append(words.UNTRIED.fill(actors=" and ".join(names)))
    context.progress(params.at_most + 1, params.at_most + 1)
    return SymbolicResult(
        provenance=context.provenance,
        findings=tuple(findings),
        tables=(words.table(model, found, "Equilibria"),),
        **_shared(model, params, found),
        complete=status == "complete",
        status=status,
        proposed=search.candidates,
        second_opinion=not skipped,
    )


def _confirm(model: SymbolicModel, point: Point, skipped: tuple[str, ...]) -> None:
    """Hold a state found against the definition, read from the file anew. Raises RuntimeError if it fails."""
    crisis, levels = model.crisis, state_levels(point)
    try:
        tried = [actor for actor in model.actors if actor not in skipped]
        doubt = next((f"{actor} can improve" for actor in tried if better_for(crisis, levels, actor)), "")
    except ValueError as error:
        doubt = str(error)
    if doubt:
        raise RuntimeError(
            f"the search took {literal(crisis, levels)} for an equilibrium and a second reading of the file denies it "
            f"({doubt}): this is a fault of the program, and nothing it found here can be trusted"
        )


def _today(model: SymbolicModel, effort: _Effort) -> Iterator[Finding]:
    point = model.find("today")
    try:
        judgements = [judge_nash(model, point, actor, effort) for actor in range(len(model.actors))]
    except _OutOfTimeError:
        return
    yield words.today(model, point, judgements)


def _judged(model: SymbolicModel, context: Context, params: Params, effort: _Effort) -> SymbolicResult:
    point = model.find(params.check)
    judge = judge_nash if params.concept == "nash" else judge_seq
    judgements = []
    for actor in range(len(model.actors)):
        effort.found = min(actor, params.at_most)
        try:
            judgements.append(judge(model, point, actor, effort))
        except _OutOfTimeError:
            judgements.append(Judgement(actor, "undecided"))
    context.progress(params.at_most + 1, params.at_most + 1)
    steps = [each.improvement for each in judgements]
    return SymbolicResult(
        provenance=context.provenance,
        findings=tuple(words.verdicts(model, point, judgements, params.concept)),
        tables=(words.table(model, (point,), "State"),),
        **_shared(model, params, ()),
        complete=False,
        status="checked",
        proposed=-1,
        second_opinion=False,
        checked=_literal(model, point),
        verdict=tuple(each.answer for each in judgements),
        improvement=tuple("" if step is None else _literal(model, step.target) for step in steps),
        sanction=tuple(tuple(_literal(model, step.target) for step in each.sanction) for each in judgements),
    )


def _literal(model: SymbolicModel, point: Point) -> str:
    return literal(model.crisis, state_levels(point))


def _shared(model: SymbolicModel, params: Params, points: tuple[Point, ...]) -> dict[str, Any]:
    options = model.crisis.options
    utility = [[want.points(point) for want in model.wants] for point in points]
    return {
        "concept": params.concept,
        "options": tuple(options),
        "actors": model.actors,
        "total": total_states(model.crisis),
        "state": tuple(_literal(model, point) for point in points),
        "label": tuple(words.label(model, point) for point in points),
        "raised": tuple(words.raised(model, point) for point in points),
        "utility": np.array(utility, dtype=np.float64).reshape(len(points), len(model.actors)),
        "cardinal": tuple(want.cardinal for want in model.wants),
    }


def document(result: SymbolicResult) -> dict[str, object]:
    """Return the document ``symbolic --json`` prints, format 1."""
    equilibria = [
        {
            "state": state,
            "label": result.label[k],
            "options": list(result.raised[k]),
            "utilities": dict(zip(result.actors, result.utility[k].tolist(), strict=True)),
        }
        for k, state in enumerate(result.state)
    ]
    columns = zip(result.actors, result.verdict, result.improvement, result.sanction, strict=True)
    judged = (
        [
            {"actor": actor, "verdict": verdict, "improvement": improvement or None, "sanction": list(sanction)}
            for actor, verdict, improvement, sanction in columns
        ]
        if result.checked
        else []
    )
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "concept": result.concept,
        "options": list(result.options),
        "actors": list(result.actors),
        "states": result.total,
        "status": result.status,
        "complete": result.complete,
        "second_opinion": result.second_opinion,
        "equilibria": equilibria,
        "checked": result.checked or None,
        "judged": judged,
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }
