"""``backchannel new FILE``: start a crisis file."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Annotated

import typer


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, such as border.crisis.yaml.")],
    ask: Annotated[
        bool, typer.Option("--ask/--no-ask", help="Ask six questions, or take the example's answers.")
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Write a small commented crisis file that passes check, from six answers."""
    from backchannel.faces.cli.console import write_file
    from backchannel.spec.scaffold import Answers, starter

    answers = Answers()
    if ask and sys.stdin.isatty():
        asked = {
            item.name: typer.prompt(str(item.metadata["question"]), default=getattr(answers, item.name))
            for item in dataclasses.fields(Answers)
        }
        answers = Answers(**asked)
    write_file(file, starter(answers), force=force)
    print(f"{file} is written. Next: backchannel check {file}, then backchannel stability {file}")
