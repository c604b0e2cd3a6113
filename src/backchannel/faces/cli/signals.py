"""``backchannel signals CRISIS``: what should each side believe, and what hangs on it?"""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.options import AsOf, ChartFormat, Charts, Crisis, Csv, Dial, Draws, Json, Seed, Variant


def signals(
    crisis: Crisis,
    as_of: AsOf = "",
    full: Annotated[
        bool, typer.Option("--full", help="Also beliefs that nothing moved and courses out of question.")
    ] = False,
    json: Json = False,
    csv: Csv = False,
    charts: Charts = None,
    chart_format: ChartFormat = "svg",
    variant: Variant = "",
    dial: Dial = None,
    seed: Seed = 0,
    draws: Draws = 0,
) -> None:
    """Move beliefs by the signals received, and say what hangs on them.

    Which signals can be believed, at what belief an actor's best course changes, what a signal did to the price, and
    whether a red line would be acted on and how long it can hang. With --as-of the file as it stood on an earlier day.
    """
    from backchannel.faces.cli.show import show

    show(
        crisis, "signals", {"full": full},
        as_json=json, as_csv=csv, variant=variant, dial=dial, seed=seed, draws=draws, as_of=as_of,
        charts=charts, chart_format=chart_format,
    )  # fmt: skip
