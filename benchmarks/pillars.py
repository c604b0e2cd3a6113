"""The pillars: a regime of 50 groups over 10,000 draws, cascades in a large crowd and on a large network.

Times are of one run in this process; ratios are between runs of the same process.
Run: python benchmarks/pillars.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from backchannel.numerics.cascades import Crowd, network_cascade, threshold_cascade, tipping_points
from backchannel.numerics.global_game import (
    CommonPrior,
    Stakes,
    capped,
    common_threshold,
    critical_belief,
    diffuse_threshold,
)
from backchannel.numerics.random_streams import stream

DRAWS, GROUPS = 10_000, 50
MEMBERS, TIES = 1_000_000, 10


def measured(what: str, work: Callable[[], object]) -> float:
    """Print how long some work takes, the better of two runs, and return it."""
    best = np.inf
    for _ in range(2):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    print(f"{what:<66}{best:>9.3f} s")
    return float(best)


def regime() -> tuple[np.ndarray, np.ndarray]:
    """Return mass and critical beliefs, shape (draws, groups)."""
    rng = stream(0, "regime")
    mass = rng.dirichlet(np.ones(GROUPS), DRAWS)
    low_high = ((0.5, 2.0), (-1.0, 0.0), (-2.0, 0.0), (0.2, 2.0))
    stakes = Stakes(*(rng.uniform(low, high, (DRAWS, GROUPS)) for low, high in low_high))
    return mass, capped(critical_belief(stakes), np.full((DRAWS, GROUPS), 0.9))


def main() -> None:
    mass, asked = regime()
    zero = np.zeros(DRAWS)
    prior = CommonPrior(np.full(DRAWS, 0.5), np.full(DRAWS, 25.0), np.full((DRAWS, GROUPS), 0.1))
    crowd = Crowd(mass, asked * 0.9, np.full((DRAWS, GROUPS), 0.1), np.full((DRAWS, GROUPS), 0.9))
    print(f"{GROUPS} groups, {DRAWS:,} draws")
    measured("strength below which it falls, diffuse prior", lambda: diffuse_threshold(mass, asked, zero))
    whole = measured("the same, common prior: every fixed point", lambda: common_threshold(mass, asked, zero, prior))
    some = 100

    def one_by_one() -> None:
        for row in range(some):
            k = slice(row, row + 1)
            part = CommonPrior(prior.mean[k], prior.precision[k], prior.noise[k])
            common_threshold(mass[k], asked[k], zero[k], part)

    single = measured(f"the same, {some} draws one by one", one_by_one)
    print(f"{'in one run, against one by one':<66}{single / some * DRAWS / whole:>9.1f} x")
    measured("every tipping share", lambda: tipping_points(crowd))

    rng = stream(0, "network")
    columns = rng.integers(0, MEMBERS, MEMBERS * TIES)
    pointer = np.arange(0, MEMBERS * TIES + 1, TIES)
    watches = csr_array((np.ones(MEMBERS * TIES), columns, pointer), shape=(MEMBERS, MEMBERS))
    thresholds, start = rng.uniform(0.05, 0.45, MEMBERS), rng.random(MEMBERS) < 0.02
    print(f"{MEMBERS:,} members, {MEMBERS * TIES:,} ties")
    measured("a cascade in a crowd that sees all", lambda: threshold_cascade(thresholds * MEMBERS, start=start))
    measured("a cascade on the network", lambda: network_cascade(watches, thresholds, start))
    found = network_cascade(watches, thresholds, start)
    print(f"{'moved':<66}{found.moved / MEMBERS:>9.1%} in {found.rounds} rounds")


if __name__ == "__main__":
    main()
