"""The one place where three kinds of trust meet: belief about types, credence in an act, and enforcement.

*Type belief*: what kind of partner is it? *Credence in an act*: will it do this step? *Enforcement*: what a breach
costs it; it enters as whether a type's incentive constraint holds at a step. They join in
``credence(step) = sum over types of belief(type) x [that type complies at that step]``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def joined(belief: Floats, complies: Bools) -> Floats:
    """Return the credence in the act at each step, given that all steps before were kept.

    Parameters
    ----------
    belief
        Belief in each type before the first step, shape (types,), summing to 1.
    complies
        Whether each type complies at each step, shape (types, steps).

    Returns
    -------
    Floats
        Shape (steps,). A step that nobody believed possible to have been kept leaves the belief as it was.
    """
    return np.asarray((updated(belief, complies)[:, :-1] * complies).sum(axis=0))


def updated(belief: Floats, complies: Bools) -> Floats:
    """Return the belief in each type before each step and after the last, by Bayes, shape (types, steps + 1).

    Only a step at which the types part teaches anything: a cheat who complies while steps are small is believed no more
    and no less than before.
    """
    path = [np.asarray(belief, dtype=np.float64)]
    for step in range(complies.shape[1]):
        kept = path[-1] * complies[:, step]
        path.append(kept / kept.sum() if kept.sum() > 0 else path[-1])
    return np.stack(path, axis=1)
