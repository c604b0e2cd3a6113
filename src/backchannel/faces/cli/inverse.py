"""``backchannel inverse CRISIS STATE``: what would have to be true for this outcome to hold?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from backchannel.faces.cli.options import Crisis, Csv, Dial, Json, Variant, read_dials

if TYPE_CHECKING:
    from backchannel.analyses.stability.inverse_result import InverseResult

MOST_ROWS = 12
"""Rows of a table shown; the rest with --csv."""


def inverse(
    crisis: Crisis,
    state: Annotated[str, typer.Argument(metavar="STATE", help="A state's name, its levels, or today.")],
    concept: Annotated[
        str, typer.Option("--concept", metavar="CONCEPT", help="By which concept: nash, gmr, smr or seq.")
    ] = "nash",
    actors: Annotated[
        str,
        typer.Option(
            "--actors", metavar="A,B", help="Whose preferences are free; default all for whom it is unstable now."
        ),
    ] = "",
    ties: Annotated[bool, typer.Option("--ties", help="Count orders with ties, not only strict ones.")] = False,
    json: Json = False,
    csv: Csv = False,
    variant: Variant = "",
    dial: Dial = None,
) -> None:
    """Say which preferences would make a state an equilibrium.

    How many orders of the free actors' states would do; which comparisons they share; and the smallest change of
    today's worths that would be enough, within the file's ranges or, if none is, beyond them.
    """
    from backchannel.faces.cli.console import progress
    from backchannel.study.study import Study

    named = tuple(name.strip() for name in actors.split(",") if name.strip())
    with progress("inverse") as report:
        study = Study.open(crisis, variant=variant, dials=read_dials(dial), report=report)
        result = cast("InverseResult", study.run("inverse", state=state, concept=concept, actors=named, ties=ties))
    _print(result, as_json=json, as_csv=csv)


def _print(result: InverseResult, *, as_json: bool, as_csv: bool) -> None:
    from dataclasses import replace

    from backchannel.analyses.stability.inverse import document
    from backchannel.faces.cli.console import console, print_json
    from backchannel.render.text import print_findings, print_table

    if as_json:
        print_json(document(result))
    elif as_csv:
        for table in result.tables[:1]:
            print(table.to_csv(), end="")
    else:
        out = console()
        out.print(result.provenance.title, style="bold")
        print_findings(out, result.findings)
        for table in result.tables:
            out.print()
            print_table(out, replace(table, rows=table.rows[:MOST_ROWS]))
            if len(table.rows) > MOST_ROWS:
                out.print(f"{len(table.rows) - MOST_ROWS:,} more rows: --csv.", style="dim")
