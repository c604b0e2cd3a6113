"""Nash equilibria without writing states out: times by kind of crisis, against the dense engine, against a MILP.

    python benchmarks/symbolic.py [--quick]

Wall times of one run each, building included and reading the file left out. ``found`` is at most 50; ``complete``
says that the list was proved to be all of them. The MILP is the same network of options in scipy.optimize.milp
(HiGHS), asked an easier question: states from which nobody gains by changing a *single* option; each state found is
cut off and the next one asked for.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import yaml
from scipy.optimize import Bounds, LinearConstraint, milp

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from backchannel.analyses.stability.symbolic import SymbolicResult
from backchannel.numerics import engines
from backchannel.numerics.stability import equilibria_only
from backchannel.spec.read import read_crisis_text
from backchannel.study.study import Study
from linked_games import chain, local_games, network, tangled

MOST = 50


def study_of(data: dict[str, Any]) -> Study:
    return Study.of(read_crisis_text(yaml.safe_dump(data, sort_keys=False), "crisis"))


def line(name: str, data: dict[str, Any], seconds: float) -> None:
    study = study_of(data)
    started = perf_counter()
    result = study.run("symbolic", at_most=MOST, seconds=seconds)
    spent = perf_counter() - started
    assert isinstance(result, SymbolicResult)
    print(
        f"{name:<44} {len(result.options):>7} {len(result.state):>5} {result.status:<9} {result.proposed:>8}"
        f" {spent:8.2f}",
        flush=True,
    )


def by_kind(seconds: float, quick: bool) -> None:
    print(f"\n{'crisis':<44} {'options':>7} {'found':>5} {'status':<9} {'proposed':>8} {'s':>8}")
    line("20 prisoner's dilemmas and 3 costs", local_games({"prisoners_dilemma": 20}, padding=3)[0], seconds)
    games = {"stag_hunt": 3, "chicken": 2, "prisoners_dilemma": 17}
    line("local games, 2^5 equilibria", local_games(games, padding=1)[0], seconds)
    for blocks in (10, 22, 40) if quick else (10, 22, 40, 80):
        line("chain of stag hunts", chain(blocks)[0], seconds)
    for actors in (9, 6, 3):
        line(f"tangle, {actors} actors, 14 terms each", tangled(45, actors, 14, 0), seconds)
    line("tangle, 6 actors, 30 terms each", tangled(45, 6, 30, 2), seconds)
    line("tangle, 6 actors, orders of 20", tangled(45, 6, 20, 0, order=True), seconds)
    for degree in (4, 6) if quick else (4, 6, 8, 10, 20):
        line(f"network, each option on {degree} others", network(45, 6, degree, 0), seconds)


def against_dense(sizes: tuple[int, ...]) -> None:
    """Both find every equilibrium of the same tangles; the dense engine only Nash of all states."""
    engines.warm_up()
    print(f"\n{'tangle of options':>17} {'found':>6} {'symbolic s':>10} {'dense s':>8} {'dense / symbolic':>16}")
    for options in sizes:
        study = study_of(tangled(options, 4, 2 * options, 1))
        started = perf_counter()
        result = study.run("symbolic", at_most=100_000)
        symbolic = perf_counter() - started
        started = perf_counter()
        codes = equilibria_only(study.model.game, ("nash",))
        dense = perf_counter() - started
        assert isinstance(result, SymbolicResult)
        assert int((codes > 0).sum()) == len(result.state)
        print(f"{options:>17} {len(result.state):>6} {symbolic:10.3f} {dense:8.3f} {dense / symbolic:16.2f}")


def mixed_integer(data: dict[str, Any], seconds: float) -> tuple[int, str, float]:
    """Enumerate states from which no single change gains, of a network, by big-M rows and cuts."""
    place = {name: k for k, name in enumerate(data["options"])}
    alone, pair = np.zeros(len(place)), np.zeros((len(place), len(place)))
    for terms in data["preferences"].values():
        for each in terms:
            first, *second = (place[name] for name in each["when"].split(" and "))
            if second:
                pair[first, second[0]] += each["worth"]
                if data["options"][list(place)[first]] == data["options"][list(place)[second[0]]]:
                    pair[second[0], first] += each["worth"]
            else:
                alone[first] += each["worth"]
    rows, limits = [], []
    for k in range(len(place)):
        high = max(alone[k] + pair[k].clip(min=0).sum(), 0)
        low = max(-alone[k] - pair[k].clip(max=0).sum(), 0)
        rows += [pair[k] - high * np.eye(len(place))[k], -pair[k] + low * np.eye(len(place))[k]]
        limits += [-alone[k], alone[k] + low]
    started, found = perf_counter(), 0
    while found <= MOST:
        left = seconds - (perf_counter() - started)
        if left <= 0:
            return found, "stopped", perf_counter() - started
        answer = milp(
            np.zeros(len(place)),
            constraints=LinearConstraint(np.array(rows), -np.inf, np.array(limits)),
            bounds=Bounds(0, 1),
            integrality=np.ones(len(place)),
            options={"time_limit": left},
        )
        if answer.x is None:
            status = "complete" if answer.status == 2 else "stopped"
            return found, status, perf_counter() - started
        found += 1
        taken = answer.x > 0.5
        rows.append(np.where(taken, 1.0, -1.0))
        limits.append(float(taken.sum() - 1))
    return MOST, "first", perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a selection that takes less than half a minute")
    quick = parser.parse_args().quick
    seconds = 10.0 if quick else 60.0
    by_kind(seconds, quick)
    against_dense((12, 16) if quick else (12, 16, 20, 22))
    print(f"\n{'network by MILP, single changes only':<44} {'options':>7} {'found':>5} {'status':<9} {'s':>17}")
    for degree in (4,) if quick else (4, 6, 8, 10):
        found, status, spent = mixed_integer(network(45, 6, degree, 0), seconds)
        print(f"{f'each option on {degree} others':<44} {45:>7} {found:>5} {status:<9} {spent:17.2f}")


if __name__ == "__main__":
    main()
