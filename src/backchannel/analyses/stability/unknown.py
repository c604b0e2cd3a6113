"""What stays stable where preferences are not known: four readings, and every way to complete them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.contract import Context, Need
from backchannel.analyses.stability.listing import Listed, listed_moves
from backchannel.analyses.stability.unknown_words import findings, tables
from backchannel.model.draws import drawn_utilities
from backchannel.model.model import Model
from backchannel.model.words import labels, literals
from backchannel.numerics.completions import number_of, seq_over_completions
from backchannel.numerics.concepts import CONCEPTS
from backchannel.numerics.game import Bools
from backchannel.numerics.unknown import READINGS, Readings, readings
from backchannel.results.result import Result

UNDECIDED = -1
Trits = NDArray[np.int8]
"""1 yes, 0 no, -1 not decided (bounds that leave it open)."""


@dataclass(frozen=True)
class Params:
    """What to list.

    Parameters
    ----------
    full
        Whether tables and JSON hold every possible state.
    """

    full: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class UnknownResult(Result):
    """Stability under unknown preference, of every possible state. States are in file order.

    Parameters
    ----------
    actors
        Actor ids in file order.
    unranked
        int64, shape (actors,): how many possible states each leaves unranked.
    state, label
        Literal and label of each possible state.
    today
        Row of today.
    concepts, readings
        ``nash``, ``gmr``, ``smr``, ``seq`` and ``a`` to ``d``: the order of the arrays.
    stable
        Bool, shape (readings, concepts, actors, states).
    equilibrium
        Bool, shape (readings, concepts, states): stable for everybody.
    possible, necessary
        int8, shape (concepts, actors, states): stable in some completion of the unknown preferences, in every one;
        1 yes, 0 no, -1 not decided.
    possible_equilibrium, necessary_equilibrium
        int8, shape (concepts, states): stable for everybody in one and the same completion, in every one.
    completions
        How many completions sequential stability was judged under, one by one; 0: bounds instead.
    share_possible, share_necessary
        float64, shape (concepts, states): share of draws in which the state is an equilibrium in some completion, in
        every one (for SEQ under unknown preference: at most, at least); (concepts, 0) without draws.
    params
        What was asked.
    """

    actors: tuple[str, ...]
    unranked: NDArray[np.int64]
    state: tuple[str, ...]
    label: tuple[str, ...]
    today: int
    concepts: tuple[str, ...]
    readings: tuple[str, ...]
    stable: NDArray[np.bool_]
    equilibrium: NDArray[np.bool_]
    possible: Trits
    necessary: Trits
    possible_equilibrium: Trits
    necessary_equilibrium: Trits
    completions: int
    share_possible: NDArray[np.float64]
    share_necessary: NDArray[np.float64]
    params: Params


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: nothing; where every actor ranks every state the readings agree."""
    del model
    return ()


def run(model: Model, context: Context, params: Params | None = None) -> UnknownResult:
    """Judge every state for every actor under the four readings, and over all completions of the preferences.

    Source: Li, Hipel, Kilgour and Fang (2004) for the readings; completions are ours. Cost: at most eight closures
    over the listed moves for each actor, once more for each draw; where completions are few, one run of sequential
    stability for each of them.

    Raises
    ------
    TooLargeError
        If the moves are too many to list.
    CancelledError
        If stopped.
    """
    params = params or Params()
    draws = context.provenance.draws
    parts = 2 + draws
    context.progress(0, parts)
    moves = listed_moves(model)
    known = _known(model, moves)
    found = readings(moves.graph, known, common=moves.common, progress=_within(context, 0, parts))
    total = number_of(moves.graph, known)
    least, most = _bounds(found)
    equilibria = np.asarray(least.all(axis=2)), np.asarray(most.all(axis=2))
    if total:
        exact = seq_over_completions(moves.graph, known, total, _within(context, 1, parts))
        least[:, 3] = most[:, 3] = np.stack([exact.some, exact.every])
        for bound in equilibria:
            bound[:, 3] = np.stack([exact.some_equilibrium, exact.every.all(axis=0)])
    shares = _shares(model, context, moves, known, parts) if draws else np.zeros((2, len(CONCEPTS), 0))
    context.progress(parts, parts)
    return _result(model, context, params, moves, (found, known, total, shares), (least, most), equilibria)


def _known(model: Model, moves: Listed) -> Bools:
    known = np.ones((len(model.actors), moves.cells.size), dtype=np.bool_)
    for actor, utility in enumerate(model.utilities):
        if utility.known is not None:
            known[actor] = utility.known[moves.cells]
    return known


def _bounds(found: Readings) -> tuple[Bools, Bools]:
    """Return what is certainly and what is at most (possible, necessary), shape (2, concepts, actors, states) each.

    Readings d and a decide Nash, GMR and SMR; SEQ lies between them with certain steps only and with all steps.
    """
    most = found.stable[[3, 0]].copy()
    least = most.copy()
    least[:, 3] = found.sure[[1, 0]]
    return least, most


def _within(context: Context, start: int, parts: int) -> Callable[[int, int], None]:
    return lambda done, total: context.progress(start * max(total, 1) + done, parts * max(total, 1))


def _shares(model: Model, context: Context, moves: Listed, known: Bools, parts: int) -> NDArray[np.float64]:
    """Count draws by (possible, necessary), shape (2, concepts, possible states); for SEQ the outer bounds."""
    draws = context.provenance.draws
    counted = np.zeros((2, len(CONCEPTS), moves.cells.size))
    for done, codes in enumerate(drawn_utilities(model, draws, context.provenance.seed)):
        graph = replace(moves.graph, utilities=np.ascontiguousarray(codes[:, moves.cells]))
        drawn = readings(graph, known, common=moves.common, progress=_within(context, 2 + done, parts))
        least, most = _bounds(drawn)
        counted += np.stack([most[0], least[1]]).all(axis=2)
    return counted[..., moves.place] / draws


def _trits(least: Bools, most: Bools) -> Trits:
    return np.where(least, 1, np.where(most, UNDECIDED, 0)).astype(np.int8)


def _result(
    model: Model,
    context: Context,
    params: Params,
    moves: Listed,
    found: tuple[Readings, Bools, int, NDArray[np.float64]],
    bounds: tuple[Bools, Bools],
    equilibria: tuple[Bools, Bools],
) -> UnknownResult:
    judged, known, total, shares = found
    cells = model.space.cells
    possible, necessary = _trits(*bounds)[..., moves.place]
    together = _trits(*equilibria)[..., moves.place]
    stable = judged.stable[..., moves.place]
    result = UnknownResult(
        provenance=context.provenance,
        actors=model.actors,
        unranked=(~known).sum(axis=1).astype(np.int64),
        state=literals(model, cells),
        label=labels(model, cells),
        today=int(np.flatnonzero(cells == model.space.today)[0]),
        concepts=tuple(str(name) for name in CONCEPTS),
        readings=READINGS,
        stable=stable,
        equilibrium=np.asarray(stable.all(axis=2)),
        possible=possible,
        necessary=necessary,
        possible_equilibrium=together[0],
        necessary_equilibrium=together[1],
        completions=total,
        share_possible=shares[0],
        share_necessary=shares[1],
        params=params,
    )
    return replace(result, findings=findings(model, result), tables=tables(model, result))


def document(result: UnknownResult) -> dict[str, object]:
    """Return the document ``unknown --json`` prints, format 1; lists by actor come only with ``full``."""
    concepts: dict[str, object] = {}
    for k, name in enumerate(result.concepts):
        entry: dict[str, object] = {
            "readings": {
                reading: _literals(result, result.equilibrium[r, k]) for r, reading in enumerate(result.readings)
            },
            **_decided(result, result.possible_equilibrium[k], result.necessary_equilibrium[k]),
        }
        if result.params.full:
            entry["by_actor"] = {
                actor: {
                    "readings": {
                        reading: _literals(result, result.stable[r, k, i]) for r, reading in enumerate(result.readings)
                    },
                    **_decided(result, result.possible[k, i], result.necessary[k, i]),
                }
                for i, actor in enumerate(result.actors)
            }
        if result.share_possible.size:
            entry["possible_in_draws"] = _literals(result, result.share_possible[k] > 0)
            entry["in_every_draw"] = _literals(result, result.share_necessary[k] == 1)
        concepts[name] = entry
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "unranked": dict(zip(result.actors, result.unranked.tolist(), strict=True)),
        "today": result.state[result.today],
        "completions": result.completions,
        "concepts": concepts,
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _decided(result: UnknownResult, possible: Trits, necessary: Trits) -> dict[str, object]:
    return {
        "necessary": _literals(result, necessary == 1),
        "possible": _literals(result, possible == 1),
        "undecided": _literals(result, (possible == UNDECIDED) | (necessary == UNDECIDED)),
    }


def _literals(result: UnknownResult, mask: Bools) -> list[str]:
    return [result.state[row] for row in np.flatnonzero(mask).tolist()]
