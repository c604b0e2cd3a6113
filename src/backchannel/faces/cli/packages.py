"""``backchannel packages FILE``: which packages can all parties accept, and which are worth choosing?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from backchannel.faces.cli.options import Json


def packages(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="A package problem (.json), or a GENIUS domain and profiles (.xml)."),
    ],
    json: Json = False,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Also write the problem as JSON.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
    route: Annotated[
        Literal["auto", "enumeration", "elimination", "program"],
        typer.Option("--route", help="How to solve: list all, prune issue by issue, or ask the solver."),
    ] = "auto",
) -> None:
    """Solve a package problem: issues with levels, parties who value them, and what each has without a deal.

    Prints how many packages all parties can accept, those no other package beats, and the bargaining solutions.
    """
    import sys

    from backchannel.faces.cli.console import console, print_json, progress, write_file
    from backchannel.model.package_file import package_file, package_problem
    from backchannel.numerics.package_solution import solve
    from backchannel.render.text import print_table
    from backchannel.results.package_report import package_document, package_sentences, package_tables
    from backchannel.spec.import_genius import read_packages
    from backchannel.spec.package_json import write_package_json
    from backchannel.spec.read import read_text

    found = read_packages([(str(file), read_text(file)) for file in files])
    for loss in found.losses:
        print(loss, file=sys.stderr)
    problem = package_problem(found.package)
    if export is not None:
        write_file(export, write_package_json(package_file(problem)), force=force)
    with progress("packages") as report:
        solution = solve(problem, route=route, progress=report)
    if json:
        print_json(package_document(problem, solution))
        return
    out = console()
    for sentence in package_sentences(solution):
        out.print(sentence)
    for table in package_tables(problem, solution):
        if table.rows:
            out.print()
            print_table(out, table)
