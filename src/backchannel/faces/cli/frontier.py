"""``backchannel frontier CRISIS``: the deals no other one beats, where the packages are too many to list."""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.deals import Hazard, Issues, NoDeal, Parties, Where
from backchannel.faces.cli.options import Crisis, Csv, Dial, Json, Variant
from backchannel.faces.cli.terms import terms


def frontier(
    crisis: Crisis,
    parties: Parties = "",
    issues: Issues = "",
    where: Where = "",
    no_deal: NoDeal = "",
    hazard: Hazard = None,
    route: Annotated[
        str, typer.Option("--route", metavar="ROUTE", help="auto, enumeration, elimination or program.")
    ] = "auto",
    json: Json = False,
    csv: Csv = False,
    variant: Variant = "",
    dial: Dial = None,
) -> None:
    """Find the deals no other one beats, and those the classic solutions pick, in a crisis of any size.

    The packages are never listed: worths are factors, third parties' responses too, and options are taken one by one.
    """
    from backchannel.faces.cli.show import show

    if route not in {"auto", "enumeration", "elimination", "program"}:
        raise typer.BadParameter(
            f'"{route}" is no route; write auto, enumeration, elimination or program', param_hint="--route"
        )
    asked = terms(parties, issues, where, None, no_deal, hazard, hostages=False) | {"route": route}
    show(crisis, "frontier", asked, as_json=json, as_csv=csv, variant=variant, dial=dial)
