"""``backchannel ablation CRISIS``: what does each option change?"""

from __future__ import annotations

from backchannel.faces.cli.options import Crisis, Csv, Dial, Json, Variant


def ablation(crisis: Crisis, json: Json = False, csv: Csv = False, variant: Variant = "", dial: Dial = None) -> None:
    """Judge the crisis once more without each option: which states newly hold, which no longer do."""
    from backchannel.faces.cli.show import show

    show(crisis, "ablation", {}, as_json=json, as_csv=csv, variant=variant, dial=dial)
