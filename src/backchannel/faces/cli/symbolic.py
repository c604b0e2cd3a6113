"""``backchannel symbolic CRISIS``: what holds where the states are too many to write out?"""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.options import Crisis, Dial, Json, Variant


def symbolic(
    crisis: Crisis,
    concept: Annotated[str, typer.Option("--concept", metavar="nash|seq", help="seq needs --check.")] = "nash",
    check: Annotated[str, typer.Option("--check", metavar="STATE", help="Judge this state; search no others.")] = "",
    at_most: Annotated[int, typer.Option("--at-most", min=1, help="Equilibria after which to stop.")] = 50,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Time after which to stop.")] = 60,
    json: Json = False,
    variant: Variant = "",
    dial: Dial = None,
) -> None:
    """Find the Nash equilibria of a crisis with 40 and more options, or judge one of its states.

    States are never written out. Says whether the list is proved to be complete. A STATE is a name in the file,
    "today", or its levels joined by commas.
    """
    from backchannel.faces.cli.show import show

    params = {"concept": concept, "check": check, "at_most": at_most, "seconds": seconds}
    show(crisis, "symbolic", params, as_json=json, variant=variant, dial=dial)
