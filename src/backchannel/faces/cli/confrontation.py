"""``backchannel confrontation CRISIS``: which dilemmas do the parties' positions put them in?"""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.options import Crisis, Csv, Dial, Json, Variant


def confrontation(
    crisis: Crisis,
    threat: Annotated[
        str,
        typer.Option("--threat", metavar="STATE", help="The future if nobody yields. Default: as the stances say."),
    ] = "",
    doubt_below: Annotated[
        float, typer.Option("--doubt-below", min=0, max=1, help="Trust below this counts as doubt.")
    ] = 0.5,
    strict: Annotated[bool, typer.Option("--strict", help="Indifference does not count as resisting.")] = False,
    json: Json = False,
    csv: Csv = False,
    variant: Variant = "",
    dial: Dial = None,
) -> None:
    """Name the dilemmas each party faces, and the analysis that treats each.

    Six dilemmas of every pair of parties with a stance (persuasion, rejection, threat, positioning, cooperation,
    trust), and three of every option seen with another party.
    """
    from backchannel.faces.cli.show import show

    params = {"threat": threat, "doubt_below": doubt_below, "strict": strict}
    show(crisis, "confrontation", params, as_json=json, as_csv=csv, variant=variant, dial=dial)
