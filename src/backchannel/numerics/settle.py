"""Closures by repeated steps, stopped when no step changes anything any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .progress import Monitor

ROUNDS = 24
"""Rounds of steps before a closure is handed to label setting, whose cost is bounded by the moves."""

Step = Callable[[], bool]
"""One opponent's step on the values being lowered; returns whether it changed any."""


def settle(steps: Sequence[Step], monitor: Monitor) -> bool:
    """Cycle through the steps until none changes anything; return whether that happened within ``ROUNDS``.

    A step must change nothing when it is repeated at once. Then a closure is reached as soon as every step
    has been quiet, or was the last to change, since the last change: one step is enough for one opponent.
    """
    quiet = 0
    for turn in range(ROUNDS * len(steps)):
        quiet = 1 if steps[turn % len(steps)]() else quiet + 1
        monitor.beat()
        if quiet == len(steps):
            return True
    return not steps
