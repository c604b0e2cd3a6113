"""Games and signals: how fast games are solved, and how well pay-offs are found again from simulated crises.

    python benchmarks/signals.py [--quick]

Times are medians in milliseconds and multiples of evaluating one behaviour profile of the same game, in one process.
Bias and coverage are over many sets of crises drawn from known pay-offs: the mean error of each coefficient with its
standard error, and how often the interval of 1.96 standard errors held the truth.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import textbook_games
from backchannel.numerics.behaviour import centroid, expected_payoffs
from backchannel.numerics.crisis_estimation import CrisisData, chosen_resistance, estimate, log_likelihood, simulated
from backchannel.numerics.crisis_game import crisis_equilibria, payoffs_of
from backchannel.numerics.efg_format import read_efg, write_efg
from backchannel.numerics.pure_equilibrium import pure_nash
from backchannel.numerics.quantal_response import logit_path
from backchannel.numerics.random_streams import stream
from backchannel.numerics.sequential_equilibrium import sequential
from backchannel.numerics.subgame_perfection import subgame_perfect

SEED = 20190501
TRUE = np.array([1.0, 0.4, -0.7, 0.6, -0.9, -0.8, 0.5])
PAIRS, CRISES = 200, 5
SEVERAL = np.array([1.0, 0.2, -1.9, 0.3, -1.2, -2.9, 0.3])
"""Pay-offs under which some pairs have several equilibria; with twenty crises a pair."""
MANY = 20


def timed(work: Callable[[], object], repeats: int) -> float:
    """Median milliseconds."""
    found = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        found.append(1000 * (perf_counter() - start))
    return median(found)


def solvers(repeats: int) -> None:
    """Print what each solver takes on three games."""
    print("game                          nodes  solver                      ms   x one profile")
    for name in ("crisis_bluff_two_sided", "kurizaki_channel_choice", "kydd_reassurance_two_round"):
        game = textbook_games.games()[name]
        profile = centroid(game)
        unit = timed(lambda game=game, profile=profile: expected_payoffs(game, profile), 20)
        jobs: dict[str, Callable[[], object]] = {
            "one profile": lambda game=game, profile=profile: expected_payoffs(game, profile),
            "write and read .efg": lambda game=game: read_efg(write_efg(game)),
            "pure Nash": lambda game=game: pure_nash(game),
            "subgame perfect": lambda game=game: subgame_perfect(game),
            "logit path to 20": lambda game=game: logit_path(game, 20.0),
        }
        if len(game.nodes) < 100:
            jobs["sequential, pure"] = lambda game=game: sequential(game)
        for job, work in jobs.items():
            took = timed(work, repeats)
            print(f"{name:28s} {len(game.nodes):6d}  {job:22s} {took:9.2f} {took / unit:11.1f}")
    worth = payoffs_of(
        challenger_status_quo=0.0,
        challenger_gain=1.0,
        challenger_war=-1.9,
        challenger_back_down=-1.2,
        defender_concede=0.0,
        defender_war=-2.9,
        defender_hold=1.0,
    )
    print(f"crisis game, all equilibria                 {timed(lambda: crisis_equilibria(worth), repeats):26.2f}")


def design() -> CrisisData:
    """Return pairs with one covariate each for the prize, war of the challenger and war of the defender."""
    draws = stream(SEED, "covariates").normal(size=(PAIRS, 3))
    one = np.ones((PAIRS, 1))
    covariates = {
        "challenger_gain": np.c_[one, draws[:, [0]]],
        "challenger_war": np.c_[one, draws[:, [1]]],
        "challenger_back_down": one,
        "defender_war": np.c_[one, draws[:, [2]]],
    }
    held = {"challenger_status_quo": 0.0, "defender_concede": 0.0, "defender_hold": 1.0}
    return CrisisData(np.zeros((PAIRS, 4), dtype=np.int64), covariates, held)


def recovery_with_several(runs: int) -> None:
    """Print bias and how the search ended where some pairs have several equilibria."""
    base = design()
    several = int((chosen_resistance(base, base.payoffs(SEVERAL), "largest_basin")[1] > 1).sum())
    print(f"\n{runs} sets of {PAIRS} pairs with {MANY} crises each; {several} pairs with several equilibria")
    for rule in ("largest_basin", "least_resistance"):
        results = []
        for run in range(runs):
            data = simulated(base, SEVERAL, MANY, rule, stream(SEED, f"several {rule} {run}"))
            result = estimate(data, rule, stream(SEED, f"several starts {run}"), starts=1)
            results.append((result, result.log_likelihood - log_likelihood(data, SEVERAL, rule)[0]))
        found = np.array([result.coefficients for result, _ in results])
        above = sum(gain > 0 for _, gain in results)
        print(
            f"{rule:18s} converged {sum(r.converged for r, _ in results)}, beside a jump "
            f"{sum(r.beside_a_jump for r, _ in results)}, likelier than the truth {above}; bias "
            + " ".join(f"{value:.3f}" for value in found.mean(axis=0) - SEVERAL)
            + "; spread "
            + " ".join(f"{value:.3f}" for value in found.std(axis=0, ddof=1))
        )


def recovery(runs: int) -> None:
    """Print bias and coverage."""
    base = design()
    several = int((chosen_resistance(base, base.payoffs(TRUE), "largest_basin")[1] > 1).sum())
    print(f"\n{runs} sets of {PAIRS} pairs with {CRISES} crises each; {several} pairs with several equilibria")
    found, errors, failed = [], [], 0
    start = perf_counter()
    for run in range(runs):
        data = simulated(base, TRUE, CRISES, "largest_basin", stream(SEED, f"run {run}"))
        result = estimate(data, "largest_basin", stream(SEED, f"starts {run}"), starts=1)
        if not result.converged or np.isnan(result.standard_errors).any():
            failed += 1
            continue
        found.append(result.coefficients)
        errors.append(result.standard_errors)
    took = perf_counter() - start
    coefficients, deviations = np.array(found), np.array(errors)
    inside = np.abs(coefficients - TRUE) <= 1.96 * deviations
    print("coefficient                 true     bias   (s.e.)  mean s.e.  spread  coverage")
    for k, (name, column) in enumerate(base.names):
        spread = coefficients[:, k].std(ddof=1)
        bias = coefficients[:, k].mean() - TRUE[k]
        print(
            f"{name:22s} [{column}] {TRUE[k]:7.2f} {bias:8.4f} ({spread / np.sqrt(len(found)):.4f}) "
            f"{deviations[:, k].mean():9.4f} {spread:8.4f} {inside[:, k].mean():8.3f}"
        )
    print(f"coverage over all {inside.mean():.3f}; {failed} did not converge; {took / runs:.2f} s a set")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repeats and sets")
    quick = parser.parse_args().quick
    solvers(3 if quick else 7)
    recovery(10 if quick else 200)
    recovery_with_several(2 if quick else 12)


if __name__ == "__main__":
    main()
