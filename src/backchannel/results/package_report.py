"""What is said of a solved package problem: tables for a screen and a document for programs."""

from __future__ import annotations

from typing import Any

from backchannel.numerics.number_format import count, number
from backchannel.numerics.package_problem import PackageProblem
from backchannel.numerics.package_solution import SOLUTIONS, PackageSolution, Winners
from backchannel.results.table import Cell, Column, Table

SHOWN = 30
"""Rows of the front shown as text; the document has all."""
_WORDS = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai-Smorodinsky",
    "equal_gains": "equal gains",
    "utilitarian": "utilitarian",
    "nearest": "nearest to a zone",
}


def package_tables(problem: PackageProblem, solution: PackageSolution) -> tuple[Table, ...]:
    """Return the solutions, or what comes nearest to a zone of agreement, and the head of the front."""
    named = list(zip(SOLUTIONS, solution.winners, strict=False))
    if solution.nearest is not None:
        named = [("nearest", solution.nearest)]
    gains = tuple(Column(f"gain_{k}", party, "number") for k, party in enumerate(problem.parties))
    issues = tuple(Column(f"issue_{k}", issue) for k, issue in enumerate(problem.issues))
    rows = [
        (_WORDS[name], *row)
        for name, winners in named
        for row in _rows(problem, winners.levels[:SHOWN], winners.gains[:SHOWN])
    ]
    heading = "Solutions" if solution.nearest is None else "Nearest packages"
    columns = (Column("solution", ""), *gains, *issues)
    solutions = Table("solutions", f"{heading}, gains over no deal", columns, tuple(rows))
    front = _rows(problem, solution.front_levels[:SHOWN], solution.front_gains[:SHOWN])
    more = len(solution.front_levels) - len(front)
    title = "Front, gains over no deal" + (f" (the first {SHOWN} of {len(solution.front_levels)})" if more else "")
    return solutions, Table("front", title, (*gains, *issues), tuple(front))


def _rows(problem: PackageProblem, levels: Any, gains: Any) -> list[tuple[Cell, ...]]:
    return [
        (*amounts, *(problem.levels[issue][level] for issue, level in enumerate(chosen)))
        for chosen, amounts in zip(levels.tolist(), gains.tolist(), strict=True)
    ]


def package_sentences(solution: PackageSolution) -> tuple[str, ...]:
    """Return what the zone and the front are, in sentences."""
    allowed = "" if solution.allowed is None else f"; the rules allow {solution.allowed:,}"
    said = [count(solution.size, "package") + f"{allowed}. Found by {solution.route}."]
    if not solution.ideal.size:
        return (*said, "The rules allow no package at all." if solution.nearest is None else _apart(solution))
    if solution.acceptable is None:
        said.append("Packages that leave no party worse off than no deal exist; how many was not counted.")
    else:
        said.append(
            count(solution.acceptable, "package")
            + " leaving no party worse off than no deal"
            + ("." if solution.gaining is None else f"; {solution.gaining:,} leaving every party better off.")
        )
    if solution.route == "program":
        said.append("The front was not computed; each solution below is one package, with a proven bound.")
    else:
        said.append(
            "The number of packages on the front was not counted."
            if solution.front_size is None
            else count(solution.front_size, "package") + " on the front."
        )
    return tuple(said)


def _apart(solution: PackageSolution) -> str:
    assert solution.nearest is not None
    short = (
        f"No package is acceptable to all. The nearest falls short by {number(solution.nearest.value)} points in all"
    )
    if solution.side_payment is None:
        return f"{short}; no side payment among the parties could close the gap."
    return f"{short}; side payments of {number(solution.side_payment)} points would make a package acceptable to all."


def package_document(problem: PackageProblem, solution: PackageSolution) -> dict[str, object]:
    """Return the JSON document, format 1, keyed by names."""
    found = dict(zip(SOLUTIONS, solution.winners, strict=False))
    return {
        "format": 1,
        "parties": list(problem.parties),
        "route": solution.route,
        "size": solution.size,
        "allowed": solution.allowed,
        "acceptable": solution.acceptable,
        "gaining": solution.gaining,
        "ideal": dict(zip(problem.parties, solution.ideal.tolist(), strict=False)),
        "front_size": solution.front_size,
        "front_complete": solution.front_complete,
        "front": _packages(problem, solution.front_levels, solution.front_gains),
        "solutions": {name: _winners(problem, winners) for name, winners in found.items()},
        "nearest": None if solution.nearest is None else _winners(problem, solution.nearest),
        "side_payment": solution.side_payment,
    }


def _winners(problem: PackageProblem, winners: Winners) -> dict[str, object]:
    return {
        "value": winners.value,
        "bound": winners.bound,
        "complete": winners.complete,
        "packages": _packages(problem, winners.levels, winners.gains),
    }


def _packages(problem: PackageProblem, levels: Any, gains: Any) -> list[dict[str, object]]:
    return [
        {
            "levels": {issue: problem.levels[k][level] for k, (issue, level) in enumerate(named)},
            "gains": dict(zip(problem.parties, amounts, strict=True)),
        }
        for named, amounts in (
            (list(zip(problem.issues, chosen, strict=True)), amounts)
            for chosen, amounts in zip(levels.tolist(), gains.tolist(), strict=True)
        )
    ]
