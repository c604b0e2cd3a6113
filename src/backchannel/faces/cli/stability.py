"""``backchannel stability CRISIS``: where does this stand if nobody changes their mind?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from backchannel.faces.cli.options import Crisis, Dial, Draws, Json, Seed, Variant, read_dials

if TYPE_CHECKING:
    from backchannel.analyses.stability.reachability import ReachabilityResult
    from backchannel.analyses.stability.stability import StabilityResult
    from backchannel.study.study import Study


def stability(
    crisis: Crisis,
    full: Annotated[bool, typer.Option("--full", help="Every possible state, and who finds it stable.")] = False,
    why: Annotated[str, typer.Option("--why", metavar="STATE", help="Why a state is or is not stable.")] = "",
    start: Annotated[
        str,
        typer.Option("--from", metavar="STATE", help="Where it can go from a state (or today) by improvements."),
    ] = "",
    concepts: Annotated[
        str,
        typer.Option(
            "--concepts",
            metavar="IDS",
            help="Which, joined by commas: nash,gmr,smr,seq; also sim, limited, non_myopic.",
        ),
    ] = "",
    horizon: Annotated[
        int | None,
        typer.Option("--horizon", metavar="MOVES", help="How many moves ahead limited looks; 4 by default."),
    ] = None,
    reading: Annotated[
        str,
        typer.Option("--reading", metavar="NAME", help="Who answers, for limited and non_myopic: worst or order."),
    ] = "",
    ties: Annotated[
        str,
        typer.Option("--ties", metavar="NAME", help="Of equally good moves, for the same two: first or last."),
    ] = "",
    simultaneity: Annotated[
        str,
        typer.Option("--simultaneity", metavar="NAME", help="Who takes part, for sim: improvers or unstable."),
    ] = "",
    csv: Annotated[bool, typer.Option("--csv", help="Print the table as CSV.")] = False,
    json: Json = False,
    variant: Variant = "",
    dial: Dial = None,
    seed: Seed = 0,
    draws: Draws = 0,
) -> None:
    """Say which states are stable, for whom, by which concept, and why.

    Nash: no actor can move to something better. GMR, SMR, SEQ: every improvement can be answered - by any moves,
    by moves it cannot escape, by moves that pay those who make them. SIM: by improvements made at the same moment.
    LIMITED: no move ends better, looking so many moves ahead; NON_MYOPIC: however far. A STATE is a name in the file,
    "today", or its levels joined by commas.
    """
    from backchannel.faces.cli.console import progress
    from backchannel.study.study import Study

    if sum((bool(why), bool(start), full)) > 1:
        raise typer.BadParameter("ask for one of --full, --why and --from at a time")
    if start and concepts:
        raise typer.BadParameter("--from follows improvements, whatever the concept; leave out --concepts")
    chosen = _params(concepts, horizon=horizon, reading=reading, ties=ties, simultaneity=simultaneity)
    with progress("stability") as report:
        study = Study.open(crisis, variant=variant, dials=read_dials(dial), seed=seed, draws=draws, report=report)
        if why:
            _why(study, why, chosen, as_json=json)
        elif start:
            _from(cast("ReachabilityResult", study.run("reachability", start=start)), as_json=json, as_csv=csv)
        else:
            _outcomes(cast("StabilityResult", study.run("stability", **chosen)), full=full, as_json=json, as_csv=csv)


LOOKING_AHEAD = ("limited", "non_myopic")


def _params(concepts: str, **settings: Any) -> dict[str, Any]:
    """Return the parameters that were given. Raises typer.BadParameter for a setting no concept asked for uses."""
    ids = tuple(name.strip() for name in concepts.split(",")) if concepts else ()
    users = {
        "horizon": ("limited",),
        "reading": LOOKING_AHEAD,
        "ties": LOOKING_AHEAD,
        "simultaneity": ("sim",),
    }
    given = {name: value for name, value in settings.items() if value not in ("", None)}
    for name in given:
        if not set(users[name]) & set(ids):
            raise typer.BadParameter(f"--{name} belongs to --concepts {' or '.join(users[name])}")
    return given | ({"concepts": ids} if ids else {})


def _outcomes(result: StabilityResult, *, full: bool, as_json: bool, as_csv: bool) -> None:
    from backchannel.analyses.stability.outcomes import document, full_table, outcome_table
    from backchannel.faces.cli.console import console, print_json
    from backchannel.render.text import print_findings, print_table

    if as_json:
        print_json(document(result, full=full))
        return
    table = full_table(result) if full else outcome_table(result)
    if as_csv:
        print(table.to_csv(), end="")
        return
    out = console()
    out.print(result.provenance.title, style="bold")
    print_findings(out, result.findings)
    out.print()
    print_table(out, table, result.provenance.draws)
    out.print(
        "\nWhy a state holds or breaks: --why STATE. Where it can go: --from today. Every state: --full.",
        style="dim",
    )


def _from(result: ReachabilityResult, *, as_json: bool, as_csv: bool) -> None:
    from backchannel.analyses.stability.reachability import document
    from backchannel.faces.cli.console import console, print_json
    from backchannel.render.text import print_findings, print_table

    if as_json:
        print_json(document(result))
    elif as_csv:
        print(result.tables[0].to_csv(), end="")
    else:
        out = console()
        print_findings(out, result.findings)
        if len(result.state) > 1:
            out.print()
            print_table(out, result.tables[0], result.provenance.draws)


def _why(study: Study, state: str, chosen: dict[str, Any], *, as_json: bool) -> None:
    from backchannel.analyses.stability.explain import why_document, why_lines
    from backchannel.analyses.stability.stability import Params
    from backchannel.analyses.stability.why import choose
    from backchannel.faces.cli.console import console, print_json

    params = Params(**chosen)
    concepts = choose(
        params.concepts,
        horizon=params.horizon,
        reading=params.reading,
        ties=params.ties,
        simultaneity=params.simultaneity,
    )
    cell = study.model.space.find(state)
    if as_json:
        print_json(why_document(study.model, cell, study.provenance, concepts))
        return
    out = console()
    for heading, lines in why_lines(study.model, cell, concepts):
        out.print(heading, style="bold")
        for line in lines:
            out.print(f"  {line}")
