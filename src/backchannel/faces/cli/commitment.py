"""``backchannel commitment CRISIS DEAL``: would it be kept, and in what order must it be done?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from backchannel.faces.cli.options import ChartFormat, Charts, Crisis, Csv, Dial, Draws, Json, Seed, Variant, read_dials

if TYPE_CHECKING:
    from backchannel.analyses.commitment.commitment_result import CommitmentResult
    from backchannel.study.study import Study


def commitment(
    crisis: Crisis,
    deal: Annotated[str, typer.Argument(metavar="[DEAL]", help="A deal of the file; every deal if left out.")] = "",
    parties: Annotated[
        str, typer.Option("--parties", metavar="A,B", help="Who signs, where DEAL is a named state.")
    ] = "",
    trust: Annotated[
        list[str] | None,
        typer.Option(
            "--trust",
            metavar="A>B=P",
            help="A's belief that B keeps its word whatever it gains, in place of the file's.",
        ),
    ] = None,
    bond: Annotated[
        list[str] | None,
        typer.Option("--bond", metavar="[PAYER=]POINTS", help="What a breach costs, enforced for certain."),
    ] = None,
    tranches: Annotated[
        int, typer.Option("--tranches", metavar="N", min=0, help="Number of steps. Default: the fewest, else five.")
    ] = 0,
    first: Annotated[
        str, typer.Option("--first", metavar="PARTY", help="Who moves first in every step: a party, or both.")
    ] = "",
    discount: Annotated[
        float, typer.Option("--discount", metavar="D", help="What a step is worth against the one before.")
    ] = 0.9,
    limit: Annotated[
        list[str] | None,
        typer.Option("--limit", metavar="[PARTY=]POINTS", help="The most a party may have lost if its partner breaks."),
    ] = None,
    hostages: Annotated[bool, typer.Option("--hostages", help="Count the file's hostages as bond.")] = False,
    write: Annotated[
        Path | None,
        typer.Option(
            "--write",
            metavar="FILE",
            help="Write the crisis with the bond in force; with --tranches, the steps as a crisis.",
        ),
    ] = None,
    json: Json = False,
    csv: Csv = False,
    seed: Seed = 0,
    draws: Draws = 0,
    variant: Variant = "",
    dial: Dial = None,
    charts: Charts = None,
    chart_format: ChartFormat = "svg",
) -> None:
    """Say whether a deal would be kept: who gains from breaking it, in which order it could be done, and what holds it.

    Remedies are computed: how patient the parties would have to be, a first step that tells who keeps its word,
    tranches and the smallest bond, and what an outsider's restraint costs.
    """
    from backchannel.faces.cli.show import show

    params: dict[str, Any] = {
        "deal": deal,
        "parties": tuple(name.strip() for name in parties.split(",") if name.strip()),
        "trust": tuple(_pair(text, "--trust", "us>russia=0.3") for text in trust or ()),
        "bond": tuple(_amount(text) for text in bond or ()),
        "tranches": tranches,
        "first": first,
        "discount": discount,
        "limit": tuple(_amount(text) for text in limit or ()),
        "hostages": hostages,
    }
    if write is not None:
        if not deal:
            raise typer.BadParameter("name the deal whose bond is to be written", param_hint="--write")
        _write(crisis, params, write, variant, dial)
    show(
        crisis, "commitment", params, as_json=json, as_csv=csv, variant=variant, dial=dial, seed=seed, draws=draws,
        charts=charts,
        chart_format=chart_format,
    )  # fmt: skip


def _pair(text: str, option: str, example: str) -> tuple[str, str]:
    name, sign, value = text.rpartition("=")
    if not sign:
        raise typer.BadParameter(f'"{text}" says no number; write {example}', param_hint=option)
    return name.strip(), value.strip()


def _amount(text: str) -> tuple[str, str]:
    name, _, value = text.rpartition("=")
    return name.strip(), value.strip()


def _write(crisis: str, params: dict[str, Any], path: Path, variant: str, dial: list[str] | None) -> None:
    """Write the crisis with the bond in force, or with ``--tranches`` its steps, as a file of its own."""
    import sys

    import yaml

    from backchannel.analyses.commitment.remedies import applied
    from backchannel.analyses.commitment.staged import staged
    from backchannel.errors import NotSupportedError
    from backchannel.faces.cli.console import write_file
    from backchannel.spec.changes import to_data
    from backchannel.study.study import Study

    study: Study = Study.open(crisis, variant=variant, dials=read_dials(dial))
    result = cast("CommitmentResult", study.run("commitment", **params))
    [item] = result.deals
    changed = applied(study.file.crisis, params["deal"], item.remedied.costs)
    if params["tranches"]:
        if item.plan is None or item.staged is None:
            raise NotSupportedError(f"there is no schedule of {params['tranches']} tranches to write")
        changed = staged(study.file.crisis, params["deal"], item.plan, item.staged.hurt)
    text = yaml.safe_dump(to_data(changed), sort_keys=False, allow_unicode=True, width=110)
    write_file(path, text, force=False)
    what = "The steps as a crisis" if params["tranches"] else "Crisis with the bond in force"
    print(f"{what}: {path}", file=sys.stderr)
