"""Names the size of work that is too large, before it starts."""

from __future__ import annotations

from math import prod

from backchannel.errors import TooLargeError
from backchannel.numerics.number_format import count
from backchannel.spec.crisis import Crisis

MEMORY_LIMIT = 6 * 2**30
"""Bytes the written-out model may take."""


def check_size(crisis: Crisis) -> int:
    """Return the number of states, feasible or not.

    Raises
    ------
    TooLargeError
        If writing them out would take more than :data:`MEMORY_LIMIT`.
    """
    states = prod(len(option.levels) for option in crisis.options.values())
    limits = sum(option.final is not None or option.frozen is not None for option in crisis.options.values())
    size = states * (len(crisis.actors) * 20 + limits + len(crisis.options) + 2)
    if size > MEMORY_LIMIT:
        raise TooLargeError(
            f"{count(len(crisis.options), 'option')} make {count(states, 'state')}; writing them out would take about "
            f"{size / 2**30:,.0f} GiB and the limit is {MEMORY_LIMIT / 2**30:.0f} GiB. "
            "Ask `backchannel symbolic` for its equilibria, or leave options out of a copy of the file."
        )
    return states
