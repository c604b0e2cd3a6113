"""``backchannel surplus CRISIS``: what does each coalition secure, and how can the rest be shared?"""

from __future__ import annotations

from backchannel.faces.cli.deals import Hazard, Hostages, Issues, NoDeal, Parties, Where
from backchannel.faces.cli.options import ChartFormat, Charts, Crisis, Csv, Dial, Draws, Json, Seed, Variant
from backchannel.faces.cli.terms import terms


def surplus(
    crisis: Crisis,
    parties: Parties = "",
    issues: Issues = "",
    where: Where = "",
    no_deal: NoDeal = "",
    hazard: Hazard = None,
    hostages: Hostages = False,
    json: Json = False,
    csv: Csv = False,
    seed: Seed = 0,
    draws: Draws = 0,
    variant: Variant = "",
    dial: Dial = None,
    charts: Charts = None,
    chart_format: ChartFormat = "svg",
) -> None:
    """Share the surplus of an agreement: core, Shapley value, and side payments.

    Only for a file that declares a scale on which points can be handed over: scale: {transferable: yes}.
    """
    from backchannel.faces.cli.show import show

    show(
        crisis, "surplus", terms(parties, issues, where, None, no_deal, hazard, hostages=hostages),
        as_json=json, as_csv=csv, variant=variant, dial=dial, seed=seed, draws=draws,
        charts=charts, chart_format=chart_format,
    )  # fmt: skip
