"""The findings of ``signals`` on who would send a signal, and on what one signal does to several beliefs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from backchannel.analyses.signals.beliefs import chance_paths
from backchannel.analyses.signals.beside import Effect
from backchannel.analyses.signals.separation import Separation
from backchannel.analyses.signals.speech import belief, drawn_share, listed, speaker, statement
from backchannel.analyses.signals.threshold_words import has_range
from backchannel.model.model import Model
from backchannel.numerics.number_format import number
from backchannel.results.finding import Finding, Template

if TYPE_CHECKING:
    from backchannel.analyses.signals.signals import SignalsResult

SEPARATES = Template(
    "signals.separation",
    "{signal} {verdict}: it costs {true} points if the statement is true, gains {gain} if believed, and costs {false} "
    "if it is false{share}.",
    "assumed",
)
BESIDE = Template(
    "signals.beside",
    "{signal} of {sender}, {kind}, {moves} for {holder}: {effects}{first}.",
    "assumed",
)


def separation_findings(model: Model, result: SignalsResult) -> list[Finding]:
    """Say of every costly signal whom it would pay to send it."""
    found = []
    for k, item in enumerate(result.separations):
        if not item.is_deed:
            continue
        ranged = has_range(model, f"signals.{item.signal}.")
        drawn = (
            f"; {drawn_share(result.separation_share[k], result.provenance.draws, ranged)}"
            if result.separation_share
            else ""
        )
        found.append(
            SEPARATES.fill(
                signal=item.signal,
                verdict=_separates(item),
                true=number(item.cost_if_true),
                gain=number(item.gain),
                false=_parts(item),
                share=drawn,
            )
        )
    return found


_BY_PART = {
    "": "",
    "sunk": " by its sunk part alone",
    "tied": " by its tied part alone",
    "either": " by either part alone",
    "both": " by its sunk and tied parts together",
}


def _separates(item: Separation) -> str:
    if item.verdict != "separates":
        return f"separates nothing ({item.verdict})"
    return f"separates the types{_BY_PART[item.separated_by]}"


def _parts(item: Separation) -> str:
    """Write a bluffer's cost, with its parts where the file tells them apart."""
    parts = [f"{number(part)} {name}" for part, name in ((item.sunk_if_false, "sunk"), (item.tied_if_false, "tied"))
             if part]  # fmt: skip
    return number(item.cost_if_false) + (f" ({listed(parts)})" if parts else "")


def beside_findings(model: Model, items: tuple[Effect, ...]) -> list[Finding]:
    """Say what one signal does to each belief of one holder."""
    found = []
    for (name, holder), group in groupby(items, key=lambda item: (item.signal, item.holder)):
        effects = list(group)
        considered = effects[0].hypothetical
        parts = [
            f"“{statement(model, item.that)}” {number(item.before, 3)} to {belief(item.after, item.low, item.high)}, "
            f"odds times {number(item.ratio, 3)}"
            for item in effects
        ]
        found.append(
            BESIDE.fill(
                signal=name,
                sender=speaker(model, effects[0].by),
                kind="only considered" if considered else "sent",
                moves="would move" if considered else "moved",
                holder=speaker(model, holder),
                effects="; ".join(parts),
                first="; counted nowhere else" if considered else "",
            ).because(tuple(at for item in effects for at in chance_paths(model.crisis, name, item.that)))
        )
    return found
