"""Speed of the package engine, measured in one run on one machine.

    python benchmarks/deals.py [--quick]

Front and Nash package of package problems, by the route named, against a plain NumPy enumeration of the same problem:
every package's utilities by broadcasting into one array, the front by sorting and one pass (two parties) or by taking
the largest sum and striking what it beats, again and again. Times are medians of several repeats with kernels loaded,
in processor time; peak memory is that of a process of its own. Worths are uniform from 0 to 1, no deal is 0.3 an issue.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from backchannel.errors import TooLargeError
from backchannel.numerics import engines
from backchannel.numerics.package_problem import PackageProblem
from backchannel.numerics.package_solution import solve
from package_problems import additive, linked

PLAIN = 10_000_000
"""Packages up to which the plain enumeration is run."""

Case = tuple[str, int, int, int, int]
"""Route, issues, levels, parties, links."""


def timed(work: Callable[[], object], repeats: int) -> float:
    """Median processor time in milliseconds, after one call that is not counted where the repeats are several."""
    if repeats > 1:
        work()
    times = []
    for _ in range(repeats):
        started = process_time()
        work()
        times.append(1e3 * (process_time() - started))
    return median(times)


def plain(problem: PackageProblem) -> tuple[int, np.ndarray]:
    """Size of the front, and the gains of the Nash package, with all packages in memory."""
    gains = np.zeros((len(problem.parties), *problem.shape)) - problem.no_deal.reshape(-1, *[1] * len(problem.shape))
    for factor in problem.factors:
        shape = [problem.shape[k] if k in factor.issues else 1 for k in range(len(problem.shape))]
        gains += factor.table.reshape(-1, *shape)
    points = gains.reshape(len(problem.parties), -1)
    points = points[:, (points >= 0).all(axis=0)]
    best = points[:, points.prod(axis=0).argmax()]
    return plain_front(points).shape[1], best


def plain_front(points: np.ndarray) -> np.ndarray:
    """Return the front: one pass in order of the first party for two, else by the largest sums."""
    points = points[:, np.argsort(-points[0], kind="stable")]
    if len(points) == 2:
        top = np.maximum.accumulate(points[1])
        return points[:, np.append(True, points[1, 1:] > top[:-1])]
    left, front = points, []
    while left.shape[1]:
        best = left[:, left.sum(axis=0).argmax()]
        front.append(best)
        left = left[:, (left > best[:, None]).any(axis=0)]
    return np.array(front).T


def measure(route: str, issues: int, levels: int, parties: int, links: int, repeats: int) -> dict[str, object]:
    """One row: sizes, times and peak memory."""
    problem = linked(issues, levels, parties, links) if links else additive(issues, levels, parties)
    row: dict[str, object] = {"size": problem.size}
    if route == "plain":
        size, best = plain(problem)
        row |= {"front": size, "nash": float(best.prod() ** (1 / parties))}
        row["ms"] = timed(lambda: plain(problem), repeats)
    else:
        try:
            found = solve(problem, route=route)  # type: ignore[arg-type]
        except TooLargeError as error:
            return row | {"refused": str(error)}
        assert found.nash is not None
        row |= {"front": found.front_size, "nash": found.nash.value, "bound": found.nash.bound}
        row["ms"] = timed(lambda: solve(problem, route=route), repeats)  # type: ignore[arg-type]
    return row | {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def fresh(case: Case, repeats: int) -> dict[str, object]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--case", json.dumps([*case, repeats])]
    row = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(row))


def cases(quick: bool) -> list[Case]:
    sizes = (4, 6) if quick else (4, 6, 7)
    found: list[Case] = [("enumeration", issues, 10, parties, 0) for parties in (2, 3) for issues in sizes]
    found += [("elimination", issues, 10, parties, 0) for parties in (2, 3) for issues in (6, 12, 20)]
    if quick:
        return [*found, ("program", 12, 10, 3, 0), ("elimination", 40, 2, 2, 40)]
    found += [("elimination", 7, 10, parties, 0) for parties in (2, 3)]
    found += [("elimination", 12, 10, 4, 0), ("elimination", 40, 10, 2, 0)]
    found += [("program", issues, 10, parties, 0) for parties in (2, 3) for issues in (12, 20)]
    found += [(route, 40, 2, parties, 40) for parties in (2, 3) for route in ("elimination", "program")]
    return found + [(route, 20, 4, 2, links) for links in (20, 40) for route in ("elimination", "program")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a selection that takes less than half a minute")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    options = parser.parse_args()
    engines.warm_up()
    if options.case:
        print(json.dumps(measure(*json.loads(options.case))))
        return
    started = perf_counter()
    compared: dict[tuple[int, int, int, int], dict[str, object]] = {}
    print("front, counts and all solutions; plain: front and Nash only; medians of processor time")
    print(
        f"{'packages':>9} {'issues':>11} {'parties':>7} {'links':>5} {'route':<11} {'front':>7}"
        f" {'ms':>9} {'plain ms':>9} {'ratio':>9} {'MB':>6}  Nash"
    )
    for case in cases(options.quick):
        route, issues, levels, parties, links = case
        repeats = 1 if issues * parties > 60 or levels**issues == PLAIN else 3
        row = fresh(case, repeats)
        key = case[1:]
        if levels**issues <= PLAIN and not links and key not in compared:
            compared[key] = fresh(("plain", *key), 1)
        report(route, issues, levels, parties, links, row, compared.get(key))
    print(f"\n{perf_counter() - started:.0f} s in all")


def report(
    route: str,
    issues: int,
    levels: int,
    parties: int,
    links: int,
    row: dict[str, object],
    other: dict[str, object] | None,
) -> None:
    """Print a row; the front and the Nash package must be those of the plain enumeration."""
    head = f"{float(str(row['size'])):9.1e} {issues:>5} of {levels:>2} {parties:>7} {links:>5} {route:<11}"
    if "refused" in row:
        print(f"{head} refused: {row['refused']}", flush=True)
        return
    spent = float(str(row["ms"]))
    beside = f"{'-':>9} {'-':>9}"
    if other is not None:
        reference = float(str(other["ms"]))
        beside = f"{reference:9.0f} {reference / spent:9.1f}"
        assert row["front"] in (None, other["front"]), (row, other)
        assert abs(float(str(row["nash"])) - float(str(other["nash"]))) < 1e-6
    front = "-" if row["front"] is None else f"{row['front']}"
    gap = float(str(row.get("bound", row["nash"]))) - float(str(row["nash"]))
    bound = f" (bound {gap:+.0e})" if route == "program" else ""
    print(f"{head} {front:>7} {spent:9.1f} {beside} {row['mb']:6.0f}  {row['nash']:.6f}{bound}", flush=True)


if __name__ == "__main__":
    main()
