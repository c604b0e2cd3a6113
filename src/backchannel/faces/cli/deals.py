"""``backchannel deals CRISIS``: is there a deal, at what price, and what does tying issues together buy?"""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.options import (
    ChartFormat,
    Charts,
    Crisis,
    Csv,
    Dial,
    Draws,
    Json,
    Seed,
    Variant,
)
from backchannel.faces.cli.terms import terms, weights

Parties = Annotated[
    str, typer.Option("--parties", metavar="A,B", help="Who signs. Default: the parties of the file's first deal.")
]
Issues = Annotated[str, typer.Option("--issues", metavar="I,J", help="Issues that may be traded. Default: all.")]
Where = Annotated[
    str,
    typer.Option("--where", metavar="CONDITION", help="Only packages right after which this holds, such as withdraw."),
]
NoDeal = Annotated[
    str, typer.Option("--no-deal", metavar="STATE", help="What comes without agreement: today, or a state to fall to.")
]
Hazard = Annotated[
    list[str] | None,
    typer.Option(
        "--hazard",
        metavar="[ACTOR=]CHANCE",
        help="Chance of change without a deal, in place of the file's; a range too.",
    ),
]
Hostages = Annotated[bool, typer.Option("--hostages", help="Charge the file's hostages to no deal.")]
Package = Annotated[
    list[str] | None,
    typer.Option("--package", metavar="NAME", help="A deal, a state, or terms such as withdraw,press_kiev."),
]
Weight = Annotated[
    list[str] | None, typer.Option("--weight", metavar="PARTY=W", help="Bargaining weight in Nash's solution.")
]


def deals(
    crisis: Crisis,
    parties: Parties = "",
    issues: Issues = "",
    where: Where = "",
    package: Package = None,
    no_deal: NoDeal = "",
    hazard: Hazard = None,
    hostages: Hostages = False,
    weight: Weight = None,
    linkage: Annotated[
        bool, typer.Option("--linkage", help="What tying issues together buys: every set of issues.")
    ] = False,
    price: Annotated[
        bool, typer.Option("--price", help="What concessions cost and are worth, by the clock, and who delivers.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Every package, not only acceptable ones.")] = False,
    json: Json = False,
    csv: Csv = False,
    seed: Seed = 0,
    draws: Draws = 0,
    variant: Variant = "",
    dial: Dial = None,
    charts: Charts = None,
    chart_format: ChartFormat = "svg",
) -> None:
    """Say whether there is a deal: packages that every party prefers to no deal once third parties have responded.

    With --linkage, what tying issues together buys; with --price, at what price.
    """
    from backchannel.faces.cli.show import show

    if linkage and price:
        raise typer.BadParameter("ask for one at a time: --linkage or --price", param_hint="--linkage")
    asked = terms(parties, issues, where, package, no_deal, hazard, hostages=hostages)
    name = "linkage" if linkage else "price" if price else "deals"
    if name == "deals":
        asked |= {"weights": weights(weight, "--weight"), "full": full}
    show(
        crisis, name, asked,
        as_json=json, as_csv=csv, variant=variant, dial=dial, seed=seed, draws=draws,
        charts=charts, chart_format=chart_format,
    )  # fmt: skip
