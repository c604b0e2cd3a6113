"""Speed and memory of the stability engine, measured in one run on one machine.

    python benchmarks/stability.py [--quick]

Times are medians of several repeats with kernels loaded. They are given in milliseconds and as multiples of
*reading the utilities once*: taking the maximum of every actor's int32 utilities with NumPy on one thread, in
the same process. Each large case runs in a process of its own, so that its peak memory is its own.
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
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from backchannel.numerics import engines
from backchannel.numerics.concepts import CONCEPTS
from backchannel.numerics.game import Limit, OptionGame
from backchannel.numerics.moves import to_arcs
from backchannel.numerics.progress import processors
from backchannel.numerics.stability import all_stable, equilibria_only
from numerics import reference

SEED = 20190501
THREE = ("nash", "gmr", "smr")
FOUR = CONCEPTS
BRUTE_STATES = 4
"""States on which the brute force is timed before scaling to all of them."""

Row = dict[str, float | int | str]


def strict_game(bits: int, actors: int, *, infeasible: float = 0.0, limits: str = "none") -> OptionGame:
    """Binary options dealt evenly, strict random preferences, infeasible states and final options at random.

    ``limits``: ``final`` makes every fourth option final; ``outside`` makes it final while another actor's
    option is taken; ``own`` while another of the same actor's is.
    """
    rng = np.random.default_rng(SEED)
    states = 1 << bits
    owner = tuple(option * actors // bits for option in range(bits))
    utilities = np.empty((actors, states), dtype=np.int32)
    for actor in range(actors):
        utilities[actor] = rng.permutation(states)
    feasible = rng.random(states) >= infeasible if infeasible else None
    final = tuple(_limit(limits, option, owner) if option % 4 == 0 else None for option in range(bits))
    return OptionGame((2,) * bits, owner, utilities, feasible, final)


def _limit(limits: str, option: int, owner: tuple[int, ...]) -> Limit:
    if limits in ("none", "final"):
        return limits == "final" or None
    same = limits == "own"
    others = [k for k in range(len(owner)) if k != option and (owner[k] == owner[option]) == same]
    return (np.arange(1 << len(owner)) >> (len(owner) - 1 - others[0])) & 1 == 1


def timed(work: Callable[[], object], repeats: int) -> float:
    """Median time in milliseconds, after one call that is not counted."""
    work()
    times = []
    for _ in range(repeats):
        started = perf_counter()
        work()
        times.append(1e3 * (perf_counter() - started))
    return median(times)


def measure(bits: int, actors: int, infeasible: float, limits: str, work: str, repeats: int) -> Row:
    """One row: the case's size, time, the time of one reading, and peak memory."""
    game = strict_game(bits, actors, infeasible=infeasible, limits=limits)
    reading = timed(lambda: [int(row.max()) for row in game.utilities], repeats)
    solve = (lambda: equilibria_only(game)) if work == "three" else (lambda: all_stable(game, FOUR))
    spent = timed(solve, repeats)
    return {
        "states": game.states,
        "feasible": game.states if game.feasible is None else int(game.feasible.sum()),
        "ms": spent,
        "reading": reading,
        "inputs_mb": (game.utilities.nbytes + (0 if game.feasible is None else game.feasible.nbytes)) / 1e6,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def brute_force(game: OptionGame) -> float:
    """Milliseconds the definitions take, word for word, scaled from a sample of states.

    The table of all moves is handed to it free of charge.
    """
    moves = reference.arc_moves(to_arcs(game))
    utility = game.utilities.tolist()
    states = np.arange(game.states) if game.feasible is None else np.flatnonzero(game.feasible)
    sample = np.random.default_rng(SEED).choice(states, BRUTE_STATES, replace=False).tolist()
    started = perf_counter()
    for concept in FOUR:
        for actor in range(game.actors):
            for state in sample:
                reference.is_stable(moves, utility, concept, actor, state)
    return 1e3 * (perf_counter() - started) * states.size / BRUTE_STATES


def small_table(engine: str, repeats: int) -> None:
    """4,096 states: every kind of game, against the brute force."""
    previous = engines.engine(engine)  # type: ignore[arg-type]
    print(f"\n4,096 states, all four concepts, {engine}, 1 thread")
    print(f"{'actors':>6} {'game':<32} {'ms':>8} {'readings':>9} {'brute force s':>14} {'ratio':>9}")
    for actors in (2, 3, 4):
        for infeasible, limits in (
            (0.0, "none"),
            (0.3, "none"),
            (0.3, "final"),
            (0.3, "outside"),
            (0.3, "own"),
        ):
            game = strict_game(12, actors, infeasible=infeasible, limits=limits)
            reading = timed(lambda game=game: [int(row.max()) for row in game.utilities], repeats)
            spent = timed(lambda game=game: all_stable(game, FOUR), repeats)
            brute = brute_force(game)
            name = describe(infeasible, limits)
            print(
                f"{actors:>6} {name:<32} {spent:8.2f} {spent / reading:9.0f} {brute / 1e3:14.1f} {brute / spent:9.0f}"
            )
    engines.engine(previous)


def large_table(cases: list[tuple[int, int, float, str, str]], repeats: int) -> None:
    """Every large case in a fresh process."""
    print(f"\nlarger games, numba, up to {processors()} threads; a reading is on 1 thread")
    print(
        f"{'states':>9} {'feasible':>9} {'actors':>6} {'game':<32} {'concepts':<8}"
        f" {'ms':>9} {'readings':>9} {'inputs MB':>9} {'peak MB':>8}"
    )
    for bits, actors, infeasible, limits, work in cases:
        case = json.dumps([bits, actors, infeasible, limits, work, repeats])
        command = [sys.executable, __file__, "--case", case]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        name = describe(infeasible, limits)
        print(
            f"{row['states']:>9} {row['feasible']:>9} {actors:>6} {name:<32} {work:<8}"
            f" {row['ms']:9.1f} {row['ms'] / row['reading']:9.1f}"
            f" {row['inputs_mb']:9.0f} {row['peak_mb']:8.0f}",
            flush=True,
        )


LIMITS = {"none": "", "final": "final", "outside": "final by others", "own": "final by own"}


def describe(infeasible: float, limits: str) -> str:
    parts = [f"{infeasible:.0%} infeasible"] if infeasible else []
    return ", ".join([*parts, LIMITS[limits]]).strip(", ") or "all states, reversible"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a selection that takes less than half a minute")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    options = parser.parse_args()
    started = perf_counter()
    compiled = engines.warm_up()
    if options.case:
        print(json.dumps(measure(*json.loads(options.case))))
        return
    print(f"kernels loaded in {perf_counter() - started:.2f} s" if compiled else "Numba is not installed: NumPy only")
    print("strict random preferences, binary options dealt evenly, one option in four final; medians")
    print(f"brute force: timed on {BRUTE_STATES} states of the 4,096 and scaled")
    small_table("numba" if compiled else "numpy", 9 if options.quick else 25)
    if options.quick:
        large_table([(16, 4, 0.0, "none", "four"), (24, 3, 0.0, "none", "three")], 3)
        return
    if compiled:
        small_table("numpy", 15)
    kinds = ((0.0, "none"), (0.3, "none"), (0.3, "final"))
    cases = [(bits, 4, *kind, "four") for bits in (16, 20) for kind in kinds]
    cases += [(16, 4, 0.3, "own", "four"), (20, 3, 0.0, "none", "four")]
    cases += [(20, 6, 0.868, limits, "four") for limits in ("none", "final", "outside")]
    cases += [(24, 3, infeasible, "none", "three") for infeasible in (0.0, 0.3)]
    large_table([*cases, (24, 3, 0.3, "final", "three")], 5)
    print(f"\n{perf_counter() - started:.0f} s in all")


if __name__ == "__main__":
    main()
