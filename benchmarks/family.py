"""The whole graph-model family on one large crisis: 20 options, 6 actors, 138,240 possible states.

Each analysis runs as a command in a process of its own; time includes start-up, reading and compiling.
Run: python benchmarks/family.py
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path

OWNED = {"a": 4, "b": 4, "c": 3, "d": 3, "e": 3, "f": 3}

RUNS = (
    ("Nash, GMR, SMR, SEQ", ("stability", "--json")),
    ("SIM, L_4", ("stability", "--concepts", "sim,limited", "--horizon", "4", "--json")),
    ("why, for one state", ("stability", "--why", "today", "--json")),
    ("coalitions of two", ("coalitions", "--json")),
    ("strong and weak preference", ("strength", "--json")),
)


def crisis(seed: int) -> dict[str, object]:
    """Return a random crisis: three pairs of options exclude each other, and of four at most one is taken."""
    rng = random.Random(seed)
    owners = [actor for actor, count in OWNED.items() for _ in range(count)]
    rng.shuffle(owners)
    names = [f"o{k}" for k in range(len(owners))]
    options = {
        name: {"by": owner, **({"final": "yes"} if k % 3 == 2 else {})}
        for k, (name, owner) in enumerate(zip(names, owners, strict=True))
    }
    exclusive = [(names[0], names[1]), (names[2], names[3]), (names[4], names[5]), *combinations(names[6:10], 2)]
    terms = {
        actor: [
            {"id": f"t{k}", "when": _condition(rng, names), "worth": rng.randint(-20, 20), "why": "drawn at random"}
            for k in range(12)
        ]
        for actor in OWNED
    }
    return {
        "crisis": 1,
        "title": "A large crisis, drawn at random",
        "actors": {actor: {} for actor in OWNED},
        "options": options,
        "impossible": [f"{first} and {second}" for first, second in exclusive],
        "preferences": terms,
        "strength": dict.fromkeys(OWNED, 15),
    }


def _condition(rng: random.Random, names: list[str]) -> str:
    chosen = rng.sample(names, rng.randint(1, 3))
    return " and ".join(name if rng.random() < 0.6 else f"not {name}" for name in chosen)


def main() -> None:
    """Print a line for each analysis: seconds, peak memory of the process, and what it found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.crisis.yaml"
        path.write_text(json.dumps(crisis(seed)), encoding="utf-8")
        print(f"{'analysis':<30}{'seconds':>9}{'peak MB':>9}")
        for title, (command, *flags) in RUNS:
            seconds, memory = timed([sys.executable, "-m", "backchannel", command, str(path), *flags])
            print(f"{title:<30}{seconds:>9.1f}{memory:>9.0f}", flush=True)


def timed(command: list[str]) -> tuple[float, float]:
    """Run a command; return wall seconds and the peak memory of the largest child so far, in MB."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    main()
