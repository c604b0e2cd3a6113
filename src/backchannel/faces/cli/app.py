"""The command line. Commands import what they need when they run, so that help is instant."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from backchannel import __version__
from backchannel.errors import BackchannelError, CrisisFileError
from backchannel.faces.cli.ablation import ablation
from backchannel.faces.cli.brief import brief
from backchannel.faces.cli.cases import cases
from backchannel.faces.cli.channels import channels
from backchannel.faces.cli.check import check
from backchannel.faces.cli.coalitions import coalitions
from backchannel.faces.cli.commitment import commitment
from backchannel.faces.cli.confrontation import confrontation
from backchannel.faces.cli.crisis_game import crisis_game
from backchannel.faces.cli.deals import deals
from backchannel.faces.cli.estimate import estimate
from backchannel.faces.cli.frames import frames
from backchannel.faces.cli.frontier import frontier
from backchannel.faces.cli.import_file import import_file
from backchannel.faces.cli.inverse import inverse
from backchannel.faces.cli.new import new
from backchannel.faces.cli.packages import packages
from backchannel.faces.cli.paths import paths
from backchannel.faces.cli.pillars import pillars
from backchannel.faces.cli.ratification import ratification
from backchannel.faces.cli.schema import schema
from backchannel.faces.cli.signals import signals
from backchannel.faces.cli.stability import stability
from backchannel.faces.cli.strength import strength
from backchannel.faces.cli.surplus import surplus
from backchannel.faces.cli.symbolic import symbolic
from backchannel.faces.cli.unknown import unknown

app = typer.Typer(
    name="backchannel",
    help="The open workbench for crisis bargaining. CRISIS is a file, or the name of a bundled case.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command, name in (
    (check, "check"),
    (brief, "brief"),
    (stability, "stability"),
    (paths, "paths"),
    (deals, "deals"),
    (frontier, "frontier"),
    (ratification, "ratification"),
    (surplus, "surplus"),
    (coalitions, "coalitions"),
    (commitment, "commitment"),
    (confrontation, "confrontation"),
    (frames, "frames"),
    (inverse, "inverse"),
    (ablation, "ablation"),
    (strength, "strength"),
    (unknown, "unknown"),
    (symbolic, "symbolic"),
    (signals, "signals"),
    (crisis_game, "crisis_game"),
    (channels, "channels"),
    (pillars, "pillars"),
    (new, "new"),
    (schema, "schema"),
    (cases, "cases"),
    (packages, "packages"),
    (estimate, "estimate"),
    (import_file, "import"),
):
    app.command(name)(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"backchannel {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


def main() -> None:
    """Run the command line: problems go to standard error, the exit code says how it ended."""
    try:
        app()
    except CrisisFileError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        sys.exit(error.exit_code)
    except BackchannelError as error:
        print(f"backchannel: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
