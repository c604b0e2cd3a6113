"""Who signs what against what, as commands take it: text from the command line to parameters."""

from __future__ import annotations

from typing import Any

import typer


def split(text: str) -> tuple[str, ...]:
    """Read ``a,b``."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def pairs(texts: list[str] | None) -> tuple[tuple[str, str], ...]:
    """Read ``name=value`` each; a value alone has no name."""
    found = []
    for text in texts or ():
        name, sign, value = text.rpartition("=")
        found.append((name.strip() if sign else "", value.strip()))
    return tuple(found)


def weights(texts: list[str] | None, option: str) -> tuple[tuple[str, float], ...]:
    """Read ``name=number`` each. Raises typer.BadParameter."""
    found = []
    for name, value in pairs(texts):
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
        "parties": split(parties),
        "issues": split(issues),
        "where": where,
        "package": tuple(package or ()),
        "no_deal": no_deal,
        "hazard": pairs(hazard),
        "hostages": hostages,
    }
