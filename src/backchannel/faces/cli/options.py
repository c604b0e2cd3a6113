"""Arguments and options that several commands share, each written once."""

from __future__ import annotations

from typing import Annotated

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
