"""``backchannel brief CRISIS``: write the briefing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from backchannel.faces.cli.options import Crisis, Dial, Draws, Seed, Variant, read_dials

FOLDER = Path("briefings")


def brief(
    crisis: Crisis,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write it. Default briefings/NAME.html."),
    ] = None,
    variant: Variant = "",
    dial: Dial = None,
    seed: Seed = 0,
    draws: Draws = 0,
) -> None:
    """Write the briefing: one HTML file that opens from disk and needs no network."""
    from backchannel.faces.cli.console import progress, write_file
    from backchannel.faces.report.build import build_briefing
    from backchannel.study.study import Study

    with progress("briefing") as report:
        study = Study.open(crisis, variant=variant, dials=read_dials(dial), seed=seed, draws=draws, report=report)
        text = build_briefing(study)
    name = Path(crisis).name.removesuffix(".yaml").removesuffix(".yml").removesuffix(".crisis")
    path = output or FOLDER / f"{name}{'-' + variant if variant else ''}.html"
    write_file(path, text, force=True)
    print(f"The briefing is in {path.resolve()}")
