"""Arguments and options that several commands share, each written once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import typer

Crisis = Annotated[str, typer.Argument(metavar="CRISIS", help="A crisis file, or the name of a bundled case.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print the first table as CSV.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of every random stream.")]
Draws = Annotated[
    int, typer.Option("--draws", min=0, max=1_000_000, help="Draws over the file's ranges; 0 = centres only.")
]
Variant = Annotated[str, typer.Option("--variant", metavar="NAME", help="Put a named variant of the file in force.")]
Dial = Annotated[
    list[str] | None,
    typer.Option("--dial", metavar="NAME[=POSITION]", help="Turn a dial: 0 the file, 1 its values."),
]
Charts = Annotated[
    Path | None, typer.Option("--charts", metavar="DIR", help="Also write every chart of the result into this folder.")
]
ChartFormat = Annotated[Literal["svg", "png"], typer.Option("--chart-format", help="Of the charts written.")]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="The crisis as it stood on a day, such as 2019-03-31.")
]


def read_as_of(text: str) -> dt.date | None:
    """Read the day of ``--as-of``; nothing for the file as it stands. Raises typer.BadParameter."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f'"{text}" is not a day; write year-month-day, such as 2019-03-31', param_hint="--as-of"
        ) from None


def read_names(text: str) -> tuple[str, ...]:
    """Read ``a,b``."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def read_settings(texts: list[str] | None) -> tuple[tuple[str, str], ...]:
    """Read ``name=value`` or ``value`` as pairs, the name empty where none is given."""
    parts = [text.rpartition("=") for text in texts or ()]
    return tuple((name.strip() if sign else "", value.strip()) for name, sign, value in parts)


def read_dials(texts: list[str] | None) -> tuple[tuple[str, float | None], ...]:
    """Read ``name`` or ``name=0.4``. Raises typer.BadParameter."""
    dials: list[tuple[str, float | None]] = []
    for text in texts or ():
        name, sign, position = text.partition("=")
        try:
            dials.append((name, float(position) if sign else None))
        except ValueError:
            raise typer.BadParameter(f'"{position}" is not a position; write {name}=0.5', param_hint="--dial") from None
    return tuple(dials)
