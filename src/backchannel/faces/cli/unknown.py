"""``backchannel unknown CRISIS``: what holds whatever the preferences nobody knows?"""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.options import Crisis, Csv, Dial, Draws, Json, Seed, Variant


def unknown(
    crisis: Crisis,
    full: Annotated[bool, typer.Option("--full", help="Every possible state, and who finds it stable.")] = False,
    json: Json = False,
    csv: Csv = False,
    variant: Variant = "",
    dial: Dial = None,
    seed: Seed = 0,
    draws: Draws = 0,
) -> None:
    """Judge stability where rankings leave states out: under four readings, and over every completion.

    Readings: who moves to the unknown (a, c), and who is deterred by it (c, d). Completions: all ways to place the
    states left out; what is stable in every one of them, in some, in none. With --draws also over the file's ranges.
    """
    from backchannel.faces.cli.show import show

    show(
        crisis, "unknown", {"full": full},
        as_json=json, as_csv=csv, variant=variant, dial=dial, seed=seed, draws=draws,
    )  # fmt: skip
