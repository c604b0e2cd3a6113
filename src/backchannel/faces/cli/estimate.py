"""``backchannel estimate FILE.csv``: which utilities make what happened in many crises likeliest?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from backchannel.faces.cli.options import Json, Seed, read_settings


def estimate(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A CSV table with a column outcome: sq, concede, backdown or war.")
    ],
    utility: Annotated[
        list[str] | None,
        typer.Option(
            "--utility", metavar="NAME=TERMS", help="What a utility is made of: W_A=const,balance. May be repeated."
        ),
    ] = None,
    hold: Annotated[
        list[str] | None,
        typer.Option(
            "--hold", metavar="NAME=NUMBER", help="Where a utility is held; default: V_A and V_B 1, others 0."
        ),
    ] = None,
    rule: Annotated[
        Literal["most_likely", "least_resistance", "most_resistance", "largest_basin"],
        typer.Option("--rule", help="Which equilibrium is played where a pair has several."),
    ] = "largest_basin",
    starts: Annotated[int, typer.Option("--starts", min=1, max=1000, help="Starts of the search.")] = 4,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """Estimate the crisis game from outcomes of many crises, by maximum likelihood.

    The utilities are S_A, V_A, W_A, a of the challenger (status quo, concession, war, backing down) and C_B, W_B, V_B
    of the defender (concession, war, a challenger that backs down).
    """
    from backchannel.faces.cli.console import console, print_json, progress
    from backchannel.model.outcome_data import crisis_data, utilities
    from backchannel.numerics import crisis_estimation
    from backchannel.numerics.random_streams import stream
    from backchannel.render.text import print_table
    from backchannel.results.estimate_report import estimate_document, estimate_sentences, estimate_table
    from backchannel.spec.outcome_table import read_outcome_table
    from backchannel.spec.read import read_text

    chosen = utilities(read_settings(utility), read_settings(hold))
    data = crisis_data(read_outcome_table(read_text(file), str(file), chosen.columns), chosen)
    with progress("estimate"):
        found = crisis_estimation.estimate(data, rule, stream(seed, "estimate"), starts)
    if json:
        print_json(estimate_document(data, chosen.terms, chosen.held, found, seed))
        return
    out = console()
    for sentence in estimate_sentences(data, chosen.held, found):
        out.print(sentence)
    out.print()
    print_table(out, estimate_table(chosen.terms, found))
