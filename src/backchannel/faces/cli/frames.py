"""``backchannel frames CRISIS``: are they playing the same game?"""

from __future__ import annotations

from backchannel.faces.cli.options import Crisis, Csv, Dial, Json, Variant


def frames(crisis: Crisis, json: Json = False, csv: Csv = False, variant: Variant = "", dial: Dial = None) -> None:
    """Judge the game each actor sees, where the games differ, and what comes of each acting on its own."""
    from backchannel.faces.cli.show import show

    show(crisis, "frames", {}, as_json=json, as_csv=csv, variant=variant, dial=dial)
