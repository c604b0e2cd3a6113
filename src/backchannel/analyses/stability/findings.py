"""The sentences of the stability analysis, each under a stable id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.stability import limited, sim
from backchannel.analyses.stability.explain import explain
from backchannel.analyses.stability.nash import nash
from backchannel.analyses.stability.seq import seq
from backchannel.analyses.stability.why import CONCEPTS, Verdict, choose, verdict
from backchannel.model.model import Model
from backchannel.model.words import state_label
from backchannel.numerics.game import Bools
from backchannel.numerics.number_format import count, share
from backchannel.results.finding import Finding, Template

if TYPE_CHECKING:
    from backchannel.analyses.stability.non_myopic import Limit
    from backchannel.analyses.stability.stability import Params

SIZE = Template("stability.size", "{feasible} of {total} are possible.", "assumed")
TODAY_STABLE = Template("stability.today", "Today ({state}) is stable by {concepts}: {reason}", "order")
TODAY_UNSTABLE = Template("stability.today", "Today ({state}) is not stable by any concept: {reason}", "order")
EQUILIBRIA = Template("stability.equilibria", "{states} by both Nash and sequential stability: {names}.", "order")
NO_EQUILIBRIUM = Template("stability.equilibria", "No state is stable by both Nash and sequential stability.", "order")
CREDIBLE = Template(
    "stability.credible", "{states} held only by credible answers (sequential, not Nash): {names}.", "order"
)
UNINFORMATIVE = Template(
    "stability.uninformative",
    "{concept} ({id}) admits {admitted} of {feasible}, against {sequential} by sequential stability: "
    "uninformative here.",
    "order",
)
DRAWS = Template(
    "stability.draws", "Today is a Nash equilibrium in {share} of {draws} within the stated ranges.", "magnitudes"
)

SIM = Template("stability.sim", "{states} by simultaneous sanctioning ({reading}){names}.", "order")
LIMITED = Template("stability.limited", "{states} if everybody looks {horizon} ahead{reading}{names}.", "order")
NON_MYOPIC = Template(
    "stability.non_myopic",
    "{states} however far everybody looks{reading}{names}. What is anticipated {limit}.",
    "order",
)
EXTRA_TODAY = Template("stability.extra_today", "{concept}: today ({state}) is {holds}. {reason}", "order")

UNINFORMATIVE_SHARE = 0.5
UNINFORMATIVE_COUNT = 20
UNINFORMATIVE_RATIO = 5


def is_uninformative(admitted: int, feasible: int, sequential: int) -> bool:
    """Whether a concept admits too much to say anything.

    More than half of all states, or at least 20 and at least five times as many as sequential stability.
    """
    many = admitted >= UNINFORMATIVE_COUNT and admitted >= UNINFORMATIVE_RATIO * max(sequential, 1)
    return feasible > UNINFORMATIVE_COUNT and (admitted > UNINFORMATIVE_SHARE * feasible or many)


def findings(model: Model, equilibrium: dict[str, Bools], shares: dict[str, float], draws: int) -> tuple[Finding, ...]:
    """Return the findings of a stability run, most important first.

    Parameters
    ----------
    model
        The model.
    equilibrium
        Per concept, which cells are stable for everybody, shape (cells,).
    shares
        Per concept, the share of draws in which today is an equilibrium; empty without draws.
    draws
        Number of draws.
    """
    cells = model.space.cells
    found = [_today(model, equilibrium)]
    if "nash" in shares:
        found.append(DRAWS.fill(share=share(shares["nash"], draws), draws=count(draws, "draw")))
    both = cells[equilibrium["nash"][cells] & equilibrium["seq"][cells]]
    if both.size:
        word = "state is stable" if both.size == 1 else "states are stable"
        found.append(EQUILIBRIA.fill(states=f"{both.size:,} {word}", names=_names(model, both)))
    else:
        found.append(NO_EQUILIBRIUM.fill())
    only = cells[equilibrium["seq"][cells] & ~equilibrium["nash"][cells]]
    if only.size:
        word = "state is" if only.size == 1 else "states are"
        found.append(CREDIBLE.fill(states=f"{only.size:,} {word}", names=_names(model, only)))
    found += _uninformative(model, equilibrium)
    total = count(model.space.total, "state")
    found.append(SIZE.fill(feasible=f"{cells.size:,}", total=total))
    return tuple(found)


def extra_findings(
    model: Model,
    params: Params,
    equilibria: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]],
    limit: Limit | None,
) -> tuple[Finding, ...]:
    """Return what the concepts beyond the classical four say, two findings each: the equilibria, and today.

    ``equilibria`` holds the cells of the equilibria by concept; ``limit`` belongs to non-myopic stability.
    """
    found: list[Finding] = []
    several = len(model.actors) > 2
    reading = f" ({limited.READINGS[params.reading]})" if several else ""
    for name, cells in equilibria.items():
        verb = "is" if cells.size == 1 else "are"
        states = f"{count(cells.size, 'state')} {verb} stable" if cells.size else "No state is stable"
        names = f": {_names(model, cells)}" if cells.size else ""
        if name == "sim":
            found.append(SIM.fill(states=states, reading=sim.READINGS[params.simultaneity], names=names))
        elif name == "limited":
            horizon = count(params.horizon, "move")
            found.append(LIMITED.fill(states=states, horizon=horizon, reading=reading, names=names))
        elif limit is not None:
            found.append(NON_MYOPIC.fill(states=states, reading=reading, names=names, limit=_limit(limit)))
        found.append(_extra_today(model, params, name))
    return tuple(found)


def _limit(limit: Limit) -> str:
    start = count(max(limit.repeats_from, 1), "move")
    if limit.period == 1:
        return f"settles for good from {start} ahead on"
    return f"goes round every {limit.period} moves from {start} ahead on, so some verdicts never settle"


def _extra_today(model: Model, params: Params, name: str) -> Finding:
    chosen = choose(
        (name,), horizon=params.horizon, reading=params.reading, ties=params.ties, simultaneity=params.simultaneity
    )[0]
    today = model.space.today
    verdicts = [verdict(model, chosen, actor, today) for actor in range(len(model.actors))]
    broken = [item for item in verdicts if not item.stable]
    shown = max(broken or verdicts, key=lambda item: len(item.answers))
    reason = explain(model, shown) if shown.answers else "Nobody has a move to anything it prefers."
    holds = "not stable" if broken else "stable"
    return EXTRA_TODAY.fill(concept=chosen.name, state=state_label(model, today), holds=holds, reason=reason)


def _today(model: Model, equilibrium: dict[str, Bools]) -> Finding:
    today = model.space.today
    held = [concept for concept in CONCEPTS if equilibrium[concept.id][today]]
    label = state_label(model, today).strip("()")
    if not held:
        broken = _first(model, today, stable=False, concept="gmr")
        mover = model.actor_name(model.actors[broken.actor])
        change = f"{mover} no longer preferring what it could do, or an answer that takes the gain away."
        found = TODAY_UNSTABLE.fill(state=label, reason=explain(model, broken))
        return found.because(would_change=change)
    if held[0].id == "nash":
        reason = "nobody has a move to anything it prefers."
        change = "A change in the order of preferences that gives one actor a better move from here."
    else:
        reason = explain(model, _first(model, today, stable=True, concept=held[-1].id))
        change = "The answer to that move falling away, or ceasing to hurt."
    names = [concept.name.lower() if concept.id != "nash" else concept.name for concept in held]
    listed = ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
    words = listed if len(held) < len(CONCEPTS) else "all four concepts"
    found = TODAY_STABLE.fill(state=label, concepts=words, reason=reason)
    return found.because(would_change=change)


def _first(model: Model, state: int, *, stable: bool, concept: str) -> Verdict:
    """Return a verdict that shows most: an actor with improvements, stable or not as asked."""
    judged = next(item for item in CONCEPTS if item.id == concept)
    verdicts = [verdict(model, judged, actor, state) for actor in range(len(model.actors))]
    fitting = [item for item in verdicts if item.stable == stable]
    return max(fitting or verdicts, key=lambda item: len(item.answers))


def _names(model: Model, cells: np.ndarray[tuple[int, ...], np.dtype[np.int64]], most: int = 6) -> str:
    named = set(model.space.named().values())
    ordered = sorted(cells.tolist(), key=lambda cell: cell not in named)
    shown = "; ".join(state_label(model, cell) for cell in ordered[:most])
    return shown + (f"; and {len(ordered) - most} more" if len(ordered) > most else "")


def _uninformative(model: Model, equilibrium: dict[str, Bools]) -> list[Finding]:
    cells = model.space.cells
    sequential = int(equilibrium[seq.id][cells].sum())
    found = []
    for concept in CONCEPTS:
        admitted = int(equilibrium[concept.id][cells].sum())
        if concept not in (nash, seq) and is_uninformative(admitted, cells.size, sequential):
            found.append(
                UNINFORMATIVE.fill(
                    concept=concept.name,
                    id=concept.id.upper(),
                    admitted=admitted,
                    feasible=count(cells.size, "state"),
                    sequential=sequential,
                )
            )
    return found
