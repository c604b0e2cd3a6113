"""``backchannel pillars CRISIS``: when do those who hold the government up move?"""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.options import AsOf, ChartFormat, Charts, Crisis, Csv, Dial, Draws, Json, Seed, Variant

PRIORS = ("diffuse", "common")
PROMISES = ("face", "trusted")


def pillars(
    crisis: Crisis,
    prior: Annotated[
        str,
        typer.Option(
            "--prior",
            metavar="NAME",
            help="What the pillars know beforehand: diffuse (nothing) or common (the analyst's belief, known to all).",
        ),
    ] = "diffuse",
    promises: Annotated[
        str,
        typer.Option(
            "--promises",
            metavar="NAME",
            help="How a promise counts: face (as written) or trusted (with the trust the file states).",
        ),
    ] = "face",
    compare: Annotated[
        list[str] | None,
        typer.Option(
            "--compare",
            metavar="VARIANT",
            help="A variant to set beside the file; may be repeated. Default: every variant that touches pillars.",
        ),
    ] = None,
    rationality: Annotated[
        float,
        typer.Option("--rationality", min=0, max=50, help="Logit parameter of the game between pillars, per point."),
    ] = 1.5,
    json: Json = False,
    csv: Csv = False,
    variant: Variant = "",
    dial: Dial = None,
    seed: Seed = 0,
    draws: Draws = 0,
    as_of: AsOf = "",
    charts: Charts = None,
    chart_format: ChartFormat = "svg",
) -> None:
    """Say when those who hold the government up move, what moves them, and whether they can be moved at all.

    One member of each pillar, the strength the government can lose before it falls, the share at which a movement
    carries itself, the levers in order of effect, when the incumbent leaves, and which outsiders can set it off.
    """
    from backchannel.faces.cli.show import show

    for value, known, option in ((prior, PRIORS, "--prior"), (promises, PROMISES, "--promises")):
        if value not in known:
            raise typer.BadParameter(f'"{value}" is neither {known[0]} nor {known[1]}', param_hint=option)
    params = {
        "prior": prior,
        "promises": promises,
        "compare": tuple(compare) if compare else None,
        "rationality": rationality,
    }
    show(
        crisis, "pillars", params, as_json=json, as_csv=csv, variant=variant, dial=dial, seed=seed, draws=draws,
        as_of=as_of, charts=charts, chart_format=chart_format,
    )  # fmt: skip
