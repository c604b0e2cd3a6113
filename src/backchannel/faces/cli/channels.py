"""``backchannel channels CRISIS``: which format of talks gives the same deal the best chance, and why?"""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.deals import Hazard, Issues, NoDeal, Package, Parties, Where
from backchannel.faces.cli.options import (
    AsOf,
    ChartFormat,
    Charts,
    Crisis,
    Csv,
    Dial,
    Draws,
    Json,
    Seed,
    Variant,
    read_names,
    read_settings,
)


def channels(
    crisis: Crisis,
    parties: Parties = "",
    issues: Issues = "",
    where: Where = "",
    package: Package = None,
    no_deal: NoDeal = "",
    hazard: Hazard = None,
    search: Annotated[bool, typer.Option("--search", help="Try every package, not only the named deals.")] = False,
    as_of: AsOf = "",
    json: Json = False,
    csv: Csv = False,
    charts: Charts = None,
    chart_format: ChartFormat = "svg",
    variant: Variant = "",
    dial: Dial = None,
    seed: Seed = 0,
    draws: Draws = 4096,
) -> None:
    """Put the same deals through each format of talks, and say which attribute of the formats makes the difference.

    A format changes what counts (whose voices), what it costs (publicity), what may be traded (mandate) and whether a
    word binds (authority, drift). Only orders that survive making any one of these equal are stated.
    """
    from backchannel.faces.cli.show import show

    params = {
        "parties": read_names(parties),
        "issues": read_names(issues),
        "where": where,
        "package": tuple(package or ()),
        "no_deal": no_deal,
        "hazard": read_settings(hazard),
        "search": search,
    }
    show(
        crisis, "channels", params,
        as_json=json, as_csv=csv, variant=variant, dial=dial, seed=seed, draws=draws, as_of=as_of,
        charts=charts, chart_format=chart_format,
    )  # fmt: skip
