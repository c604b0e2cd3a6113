"""Strong and weak stability: whether a sanction leaves its victim worse off, or much worse off.

For actor i and concept c let w_c(q) be the least value of f over q and all that the opponents reach from q, f and
the reach as in :mod:`.concepts`. The hardest improvement of state s has

    h_c(s) = max over the improvements q of s of w_c(q),

and s is stable exactly if h_c(s) <= u_i(s). Let l_i(s) be the greatest utility that is much worse than s. Since what
is much worse is a lower set of the order, an improvement q has a sanction that leaves i much worse off exactly if
w_c(q) <= l_i(s): f(q) >= u_i(q) > u_i(s) >= l_i(s), so counting q itself changes nothing. For SMR f(k) is the best i
can have from k, so that the whole reply must stay much worse. Hence s is strongly stable exactly if h_c(s) <= l_i(s).

Definitions: Hamouda, Kilgour and Hipel (2004, 2006).
"""

from __future__ import annotations

import numpy as np

from .arc_numpy import improving_rows
from .game import ArcGame, Ints
from .listed import greatest_in_rows, relation
from .progress import Monitor, Progress

SANCTIONED = ("gmr", "smr", "seq")
"""Concepts that know sanctions, in the order of the arrays."""


def worst_answers(graph: ArcGame, progress: Progress | None = None) -> Ints:
    """Return, per concept and actor, the worst the opponents' answers leave of each move's target.

    Parameters
    ----------
    graph
        Listed moves.
    progress
        Called with (done, total), counted in pairs of concept and actor; raises to cancel.

    Returns
    -------
    numpy.ndarray
        int32, shape (3, actors, states): w_c in the order of ``SANCTIONED``. O(rounds x arcs) each.
    """
    monitor = Monitor(progress, len(SANCTIONED) * graph.actors)
    moves = relation(graph, monitor)
    found = np.empty((len(SANCTIONED), graph.actors, graph.states), dtype=np.int32)
    for actor in range(graph.actors):
        own = graph.utilities[actor]
        best = moves.best_own(actor, own)
        for k, (values, improving) in enumerate(((own, False), (best, False), (own, True))):
            found[k, actor] = moves.worst_answer(actor, values, improving=improving)
            monitor.advance()
    return found


def hardest(graph: ArcGame, worst: Ints) -> Ints:
    """Return h_c for every concept, actor and state; ``NEVER`` where the actor has no improvement.

    ``worst`` is of :func:`worst_answers`; the result has its shape. O(arcs) a concept and actor.
    """
    found = np.empty_like(worst)
    for actor in range(graph.actors):
        rows = improving_rows(graph, actor)
        for k in range(len(worst)):
            found[k, actor] = greatest_in_rows(rows, worst[k, actor])
    return found
