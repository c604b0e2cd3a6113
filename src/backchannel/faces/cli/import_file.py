"""``backchannel import FILE``: read another program's file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .gmcr file.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write the crisis file. Default: print it."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Turn a .gmcr file into a crisis file; what it holds that a crisis file cannot say is reported."""
    from backchannel.faces.cli.console import write_file
    from backchannel.spec.import_gmcr import import_gmcr
    from backchannel.spec.read import read_text

    found = import_gmcr(read_text(file), str(file))
    for loss in found.losses:
        print(loss, file=sys.stderr)
    if output is None:
        print(found.crisis_text, end="")
        return
    write_file(output, found.crisis_text, force=force)
    print(f"{output} is written. Next: backchannel check {output}")
