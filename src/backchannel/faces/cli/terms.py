"""Who signs what against what, as commands take it: text from the command line to parameters."""

from __future__ import annotations

from typing import Any

import typer

from backchannel.faces.cli.options import read_names, read_settings


def weights(texts: list[str] | None, option: str) -> tuple[tuple[str, float], ...]:
    """Read ``name=number`` each. Raises typer.BadParameter."""
    found = []
    for name, value in read_settings(texts):
        try:
            found.append((name, float(value)))
        except ValueError:
            raise typer.BadParameter(f'"{value}" is no number; write NAME=0.7', param_hint=option) from None
    return tuple(found)


def terms(
    parties: str,
    issues: str,
    where: str,
    package: list[str] | None,
    no_deal: str,
    hazard: list[str] | None,
    *,
    hostages: bool,
) -> dict[str, Any]:
    """Return the parameters that every question about deals shares."""
    return {
        "parties": read_names(parties),
        "issues": read_names(issues),
        "where": where,
        "package": tuple(package or ()),
        "no_deal": no_deal,
        "hazard": read_settings(hazard),
        "hostages": hostages,
    }
