"""``backchannel strength CRISIS``: which equilibria are held by sanctions that hurt?"""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.options import Crisis, Csv, Dial, Json, Variant


def strength(
    crisis: Crisis,
    why: Annotated[
        str, typer.Option("--why", metavar="STATE", help="The state whose verdicts are explained.")
    ] = "today",
    full: Annotated[bool, typer.Option("--full", help="Every possible state, and who finds it stable.")] = False,
    json: Json = False,
    csv: Csv = False,
    variant: Variant = "",
    dial: Dial = None,
) -> None:
    """Tell equilibria held by sanctions that leave an actor much worse off from those held by mild ones.

    Strong: every improvement can be answered so that the actor ends much worse off. Weak: it can be answered, but not
    always that hard. What is much worse stands in the file: strength, or ">>" in a ranking.
    """
    from backchannel.faces.cli.show import show

    show(crisis, "strength", {"state": why, "full": full}, as_json=json, as_csv=csv, variant=variant, dial=dial)
