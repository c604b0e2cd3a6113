"""``backchannel crisis_game CRISIS``: if a red line is challenged, who gives way?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

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
    read_settings,
)


def crisis_game(
    crisis: Crisis,
    line: Annotated[str, typer.Option("--line", metavar="NAME", help="One red line; default: every one.")] = "",
    against: Annotated[
        str,
        typer.Option(
            "--against", metavar="ACTOR", help="Who has to give way; default: whose options the demand changes most."
        ),
    ] = "",
    demand: Annotated[
        str, typer.Option("--demand", metavar="STATE", help="The state demanded; default: the author's stance.")
    ] = "",
    noise: Annotated[
        float,
        typer.Option("--noise", help="Spread of what only one side knows, in shares of its range from worst to best."),
    ] = 0.25,
    defender_noise: Annotated[
        float | None,
        typer.Option("--defender-noise", metavar="SHARE", help="The same for the defender, if it differs."),
    ] = None,
    rule: Annotated[
        Literal["least_resistance", "most_resistance", "largest_basin"],
        typer.Option("--rule", help="Which of several stable equilibria is spoken of."),
    ] = "largest_basin",
    rationality: Annotated[
        float, typer.Option("--rationality", help="Up to where the logit equilibria are traced, per range.")
    ] = 20.0,
    resolved: Annotated[
        float | None,
        typer.Option("--resolved", metavar="P", help="Belief that the challenger would fight; default: the file's."),
    ] = None,
    tough: Annotated[
        float, typer.Option("--tough", metavar="P", help="Belief that the defender would fight over it.")
    ] = 0.0,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            "--rate", metavar="ACTOR=SHARE", help="By how much backing down gets costlier in a unit of time; for both."
        ),
    ] = None,
    efg: Annotated[
        Path | None, typer.Option("--efg", metavar="FILE", help="Also write the game, in points, for Gambit.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
    json: Json = False,
    csv: Csv = False,
    charts: Charts = None,
    chart_format: ChartFormat = "svg",
    variant: Variant = "",
    dial: Dial = None,
    seed: Seed = 0,
    draws: Draws = 0,
    as_of: AsOf = "",
) -> None:
    """Play every red line of the file as a game in which both sides may bluff.

    All equilibria and which of them are stable, what depends on how much is private, play of limited rationality,
    and, where the inputs are there, bluffing under audience costs and a war of attrition.
    """
    from backchannel.faces.cli.show import show

    params = {
        "line": line, "against": against, "demand": demand, "noise": noise, "defender_noise": defender_noise,
        "rule": rule, "rationality": rationality, "resolved": resolved, "tough": tough, "rates": _rates(rate),
    }  # fmt: skip
    if efg is not None:
        _write_game(crisis, params, efg, force, variant=variant, dial=dial, as_of=as_of)
    show(
        crisis, "crisis_game", params, as_json=json, as_csv=csv, variant=variant, dial=dial, seed=seed, draws=draws,
        as_of=as_of, charts=charts, chart_format=chart_format,
    )  # fmt: skip


def _rates(texts: list[str] | None) -> tuple[tuple[str, float], ...]:
    rates = []
    for actor, value in read_settings(texts):
        try:
            rates.append((actor, float(value)))
        except ValueError:
            raise typer.BadParameter(f'"{value}" is not a number; write ACTOR=0.1', param_hint="--rate") from None
    return tuple(rates)


def _write_game(
    crisis: str, params: dict[str, Any], path: Path, force: bool, *, variant: str, dial: list[str] | None, as_of: str
) -> None:
    """Write the game of one red line as an .efg file, and say so on standard error."""
    from backchannel.analyses.signals.crisis_game import CrisisGameResult
    from backchannel.analyses.signals.line_game import line_tree
    from backchannel.errors import NotSupportedError
    from backchannel.faces.cli.console import write_file
    from backchannel.faces.cli.options import read_as_of, read_dials
    from backchannel.numerics.efg_format import write_efg
    from backchannel.study.study import Study

    study = Study.open(crisis, variant=variant, dials=read_dials(dial), as_of=read_as_of(as_of))
    result = study.run("crisis_game", **params)
    assert isinstance(result, CrisisGameResult)
    if len(result.lines) > 1:
        names = ", ".join(item.game.line for item in result.lines)
        raise NotSupportedError(f"--efg writes one game and the file has several: choose one with --line ({names})")
    write_file(path, write_efg(line_tree(result.lines[0].game)), force=force)
    print(f"Game: {path}", file=sys.stderr)
