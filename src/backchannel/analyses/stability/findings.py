"""The sentences of the stability analysis, each under a stable id."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.stability.explain import explain
from backchannel.analyses.stability.nash import nash
from backchannel.analyses.stability.seq import seq
from backchannel.analyses.stability.why import CONCEPTS, Verdict, verdict
from backchannel.model.model import Model
from backchannel.model.words import state_label
from backchannel.numerics.game import Bools
from backchannel.numerics.number_format import count, share
from backchannel.results.finding import Finding, Template

SIZE = Template("stability.size", "{feasible} of {total} are possible.", "assumed")
TODAY_STABLE = Template("stability.today", "Today ({state}) is stable by {concepts}: {reason}", "order")
TODAY_UNSTABLE = Template("stability.today", "Today ({state}) is not stable by any concept: {reason}", "order")
EQUILIBRIA = Template("stability.equilibria", "{states} by both Nash and sequential stability: {names}.", "order")
NO_EQUILIBRIUM = Template("stability.equilibria", "No state is stable by both Nash and sequential stability.", "order")
CREDIBLE = Template("stability.credible", "{states} held only by credible answers (sequential, not Nash): {names}.", "order")
UNINFORMATIVE = Template(
    "stability.uninformative",
    "{concept} ({id}) admits {admitted} of {feasible}, against {sequential} by sequential stability: uninformative here.",
    "order",
)
DRAWS = Template(
    "stability.draws", "Today is a Nash equilibrium in {share} of {draws} within the stated ranges.", "magnitudes"
)

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
    if shares:
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


def _today(model: Model, equilibrium: dict[str, Bools]) -> Finding:
    today = model.space.today
    held = [concept for concept in CONCEPTS if equilibrium[concept.id][today]]
    if not held:
        broken = _first(model, today, stable=False, concept="gmr")
        return TODAY_UNSTABLE.fill(state=state_label(model, today), reason=explain(model, broken))
    if held[0].id == "nash":
        reason = "nobody has a move to anything it prefers."
    else:
        reason = explain(model, _first(model, today, stable=True, concept=held[-1].id))
    words = " and ".join(concept.name for concept in held) if len(held) < len(CONCEPTS) else "all four concepts"
    change = "A change in the order of preferences that gives one actor a better move from here."
    return TODAY_STABLE.fill(would_change=change, state=state_label(model, today), concepts=words, reason=reason)


def _first(model: Model, state: int, *, stable: bool, concept: str) -> Verdict:
    """Return a verdict that shows most: an actor with improvements, stable or not as asked."""
    judged = next(item for item in CONCEPTS if item.id == concept)
    verdicts = [verdict(model, judged, actor, state) for actor in range(len(model.actors))]
    fitting = [item for item in verdicts if item.stable == stable]
    return max(fitting or verdicts, key=lambda item: len(item.answers))


def _names(model: Model, cells: np.ndarray[tuple[int, ...], np.dtype[np.int64]], most: int = 6) -> str:
    named = list(model.space.named().values())
    ordered = sorted(cells.tolist(), key=lambda cell: (cell not in named, cells.tolist().index(cell)))
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
                    concept=concept.name, id=concept.id.upper(), admitted=admitted,
                    feasible=count(cells.size, "state"), sequential=sequential,
                )
            )
    return found
