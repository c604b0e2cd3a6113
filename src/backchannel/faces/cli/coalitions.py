"""``backchannel coalitions CRISIS``: which coalition breaks which equilibrium, and how?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from backchannel.faces.cli.options import Crisis, Csv, Dial, Json, Variant, read_dials

if TYPE_CHECKING:
    from backchannel.analyses.stability.coalitions import CoalitionsResult


def coalitions(
    crisis: Crisis,
    of: Annotated[
        list[str] | None, typer.Option("--of", metavar="A,B", help="Only this coalition; may be given several times.")
    ] = None,
    up_to: Annotated[
        int | None, typer.Option("--up-to", metavar="K", min=1, help="All coalitions of at most K actors. Default: 2.")
    ] = None,
    partition: Annotated[
        str, typer.Option("--partition", metavar='"A,B|C"', help="Blocks that act as one each; the rest stand alone.")
    ] = "",
    why: Annotated[
        str, typer.Option("--why", metavar="STATE", help="Why a state is or is not stable for each coalition.")
    ] = "",
    json: Json = False,
    csv: Csv = False,
    variant: Variant = "",
    dial: Dial = None,
) -> None:
    """Say which coalitions would leave an equilibrium together, by which joint move, and which answers hold them.

    A coalition moves if every member ends up better off. By Nash nobody answers; by GMR, SMR and SEQ the others may,
    and one member who is no better off in the end is enough to hold all.
    """
    from backchannel.faces.cli.console import progress
    from backchannel.study.study import Study

    if sum((bool(of), up_to is not None, bool(partition))) > 1:
        raise typer.BadParameter("ask for one of --of, --up-to and --partition at a time")
    params = {
        "of": tuple(_members(text) for text in of or ()),
        "up_to": 2 if up_to is None else up_to,
        "partition": tuple(_members(text) for text in partition.split("|")) if partition else (),
        "state": why,
    }
    with progress("coalitions") as report:
        study = Study.open(crisis, variant=variant, dials=read_dials(dial), report=report)
        result = cast("CoalitionsResult", study.run("coalitions", **params))
    _print(result, as_json=json, as_csv=csv)


def _members(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _print(result: CoalitionsResult, *, as_json: bool, as_csv: bool) -> None:
    from backchannel.analyses.stability.coalitions import document
    from backchannel.faces.cli.console import console, print_json
    from backchannel.render.text import print_findings, print_table

    if as_json:
        print_json(document(result))
        return
    if as_csv:
        print(result.tables[0].to_csv(), end="")
        return
    out = console()
    if result.explained:
        _print_why(result)
        return
    out.print(result.provenance.title, style="bold")
    print_findings(out, result.findings)
    for table in result.tables:
        if table.rows:
            out.print()
            print_table(out, table)


def _print_why(result: CoalitionsResult) -> None:
    from backchannel.analyses.stability.coalitions import why_lines
    from backchannel.faces.cli.console import console

    out = console()
    for heading, lines in why_lines(result):
        out.print(heading, style="bold")
        for line in lines:
            out.print(f"  {line}")
