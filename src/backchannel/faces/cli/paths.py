"""``backchannel paths CRISIS``: how could it get there, who moves at what gain, and where does it stall?"""

from __future__ import annotations

from typing import Annotated

import typer

from backchannel.faces.cli.options import Crisis, Csv, Dial, Json, Variant


def paths(
    crisis: Crisis,
    start: Annotated[str, typer.Option("--from", metavar="STATE", help="Where to start.")] = "today",
    to: Annotated[str, typer.Option("--to", metavar="STATE", help="Where to go. Default: every equilibrium.")] = "",
    json: Json = False,
    csv: Csv = False,
    variant: Variant = "",
    dial: Dial = None,
) -> None:
    """Find the path that asks least of its movers: fewest steps against interest, then fewest steps."""
    from backchannel.faces.cli.show import show

    show(crisis, "paths", {"start": start, "to": to}, as_json=json, as_csv=csv, variant=variant, dial=dial)
