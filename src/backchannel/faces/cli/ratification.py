"""``backchannel ratification CRISIS``: who signs, who ratifies, and where do the two part?"""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.deals import Hazard, Hostages, Issues, NoDeal, Package, Parties, Where
from backchannel.faces.cli.options import ChartFormat, Charts, Crisis, Csv, Dial, Draws, Json, Seed, Variant
from backchannel.faces.cli.terms import terms, weights


def ratification(
    crisis: Crisis,
    channel: Annotated[
        str, typer.Option("--channel", metavar="NAME", help="A channel, whose voices count in the talks.")
    ] = "",
    voices: Annotated[
        list[str] | None,
        typer.Option("--voices", metavar="PERSON=W", help="Weight of a person in the talks: us.president=0.7."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", help="Share of the say that ratifies. Default: the file's ratifies, or 0.5."),
    ] = None,
    reserve: Annotated[
        str,
        typer.Option("--reserve", metavar="A..B", help="Least share of a divisible prize that is ratified, unknown."),
    ] = "",
    disagreement: Annotated[
        float, typer.Option("--disagreement", help="With --reserve: what the side that offers has without agreement.")
    ] = 0.0,
    parties: Parties = "",
    issues: Issues = "",
    where: Where = "",
    package: Package = None,
    no_deal: NoDeal = "",
    hazard: Hazard = None,
    hostages: Hostages = False,
    full: Annotated[bool, typer.Option("--full", help="Every package.")] = False,
    json: Json = False,
    csv: Csv = False,
    seed: Seed = 0,
    draws: Draws = 0,
    variant: Variant = "",
    dial: Dial = None,
    charts: Charts = None,
    chart_format: ChartFormat = "svg",
) -> None:
    """Say what becomes of each deal at both levels: signed by those who negotiate, ratified by those at home.

    People inside an actor stand under actors: with their share of the say and their factor on each issue; whose say
    counts in the talks is a matter of the channel.
    """
    from backchannel.faces.cli.show import show

    params = {
        **terms(parties, issues, where, package, no_deal, hazard, hostages=hostages),
        "channel": channel,
        "voices": weights(voices, "--voices"),
        "threshold": threshold,
        "reserve": reserve,
        "disagreement": disagreement,
        "full": full,
    }
    show(
        crisis, "ratification", params,
        as_json=json, as_csv=csv, variant=variant, dial=dial, seed=seed, draws=draws,
        charts=charts, chart_format=chart_format,
    )  # fmt: skip
