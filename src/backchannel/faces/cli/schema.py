"""``backchannel schema``: the JSON Schema of the crisis file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def schema(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there, for editors to use."),
    ] = None,
) -> None:
    """Print the JSON Schema of the crisis file, format 1. Editors complete and check from it."""
    from backchannel.faces.cli.console import write_file
    from backchannel.spec.json_schema import schema_text

    if output is None:
        print(schema_text(), end="")
        return
    write_file(output, schema_text(), force=True)
    print(f"{output} is written. Put this first in a crisis file: # yaml-language-server: $schema={output}")
