"""``backchannel inverse CRISIS STATE``: what would have to be true for this outcome to hold?"""

from __future__ import annotations

from typing import Annotated, cast

import typer

from backchannel.faces.cli.options import Crisis, Dial, Json, Variant, read_dials


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
    variant: Variant = "",
    dial: Dial = None,
) -> None:
    """Say which preferences would make a state an equilibrium.

    How many orders of the free actors' states would do; which comparisons they share; and the smallest change of
    today's worths that would be enough, within the file's ranges or, if none is, beyond them.
    """
    from backchannel.analyses.stability.inverse import InverseResult, document
    from backchannel.faces.cli.console import console, print_json, progress
    from backchannel.render.text import print_findings, print_table
    from backchannel.study.study import Study

    named = tuple(name.strip() for name in actors.split(",") if name.strip())
    with progress("inverse") as report:
        study = Study.open(crisis, variant=variant, dials=read_dials(dial), report=report)
        result = cast(
            InverseResult, study.run("inverse", state=state, concept=concept, actors=named, ties=ties)
        )
    if json:
        print_json(document(result))
        return
    out = console()
    out.print(result.provenance.title, style="bold")
    print_findings(out, result.findings)
    for table in result.tables:
        out.print()
        print_table(out, table)
