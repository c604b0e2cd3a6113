"""What a ``.gmcr`` file holds and a crisis file has no place for."""

from __future__ import annotations

import re

from backchannel.spec.gmcr_document import MAXIMUM_OPTIONS, Conflict, Maker, Shape, hidden_option
from backchannel.spec.gmcr_report import GmcrReport, short
from backchannel.spec.nodes import Path

_DERIVED = {"coalitionsFull", "program"}


def report_losses(conflict: Conflict, report: GmcrReport) -> None:
    """Report what a crisis file has no place for."""
    _report_coalitions(conflict, report)
    for k, maker in enumerate(conflict.decision_makers):
        _report_maker(conflict, maker, ("decisionMakers", k), report)
    _report_unknown(conflict, report)


def _report_coalitions(conflict: Conflict, report: GmcrReport) -> None:
    makers = conflict.decision_makers
    for k, members in enumerate(conflict.coalitions):
        if isinstance(members, list) and len(members) > 1:
            known = [m for m in members if type(m) is int and 0 <= m < len(makers)]
            who = " and ".join(short(makers[m].name) for m in known)
            message = f"the coalition of {who} was left out and its members act separately"
            report.lose(
                "lost-coalition",
                ("coalitions", k),
                message,
                "ask for the coalition when you run the analysis",
            )


def _report_maker(conflict: Conflict, maker: Maker, path: Path, report: GmcrReport) -> None:
    if conflict.by_hand and maker.preferences:
        message = f"{short(maker.name)} is ranked by hand; its preference statements were left out"
        report.lose("unused-statements", (*path, "preferences"), message)
    if len(conflict.order) > MAXIMUM_OPTIONS and maker.payoffs:
        message = f"the payoffs of {short(maker.name)} were left out; too many states to check them"
        report.lose("payoffs-unchecked", (*path, "payoffs"), message)
    for number, statement in enumerate(maker.misperceptions):
        if hidden_option(statement) is None:
            where = conflict.condition(statement)
            message = f"that {short(maker.name)} does not see states where {where} was left out"
            report.lose("lost-misperception", (*path, "misperceptions", number), message)


def _report_unknown(conflict: Conflict, report: GmcrReport) -> None:
    shapes: list[tuple[Path, Shape]] = [((), conflict)]
    shapes += [(("options", k), option) for k, option in enumerate(conflict.options)]
    shapes += [(("decisionMakers", k), maker) for k, maker in enumerate(conflict.decision_makers)]
    for path, shape in shapes:
        for key in shape.model_extra or {}:
            if key not in _DERIVED:
                report.lose(
                    "unknown-key",
                    (*path, key),
                    f"{short(key)} is no known part of a .gmcr file and was left out",
                )
    if conflict.version and not re.match(r"0\.[34](\.|$)", conflict.version):
        message = f"version {short(conflict.version)} is none of 0.3 to 0.4; it was read as 0.4"
        report.lose("other-version", ("version",), message)
