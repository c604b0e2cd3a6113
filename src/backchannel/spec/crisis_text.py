"""The text of a crisis file, written from what a ``.gmcr`` file holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from backchannel.spec.gmcr_document import Conflict, Maker, hidden_option
from backchannel.spec.gmcr_rankings import Groups, statements_as_order
from backchannel.spec.gmcr_report import GmcrReport
from backchannel.spec.identifiers import identifiers, quoted

WHY = "imported from a .gmcr file"
_LOCKS = {"both": "", "fwd": ", final: yes", "back": ", frozen: not {}"}


def write_crisis_text(conflict: Conflict, rankings: list[Groups], today: int, report: GmcrReport) -> str:
    """Write a conflict, its rankings and the decimal of today as a crisis file; its losses stand on top."""
    actors = identifiers([maker.name for maker in conflict.decision_makers], "actor")
    title = re.split(r"[\\/]", report.file)[-1].removesuffix(".gmcr")
    lines = [
        "# Imported from a .gmcr file, which holds no status quo, date or source: add today, as_of, sources.",
        *(f"# Lost: {loss.message}" for loss in report.losses),
        "crisis: 1",
        f"title: {quoted(title or 'Imported conflict')}",
        "",
        "actors:",
        *_aligned(
            (name, f"{{name: {quoted(maker.name or name)}}}")
            for name, maker in zip(actors, conflict.decision_makers, strict=True)
        ),
        "",
        "options:            # by decision maker; final: cannot be undone, frozen: cannot change",
        *_aligned(_option_lines(conflict, actors, today)),
    ]
    if conflict.infeasibles:
        conditions = dict.fromkeys(conflict.condition(pattern) for pattern in conflict.infeasibles)
        lines += ["", "impossible:", *(f"  - {{that: {condition}, why: {WHY}}}" for condition in conditions)]
    lines += ["", "preferences:"]
    for name, maker, groups in zip(actors, conflict.decision_makers, rankings, strict=True):
        lines += [f"  {name}:", f"    why: {WHY}", *_preference_lines(conflict, maker, groups)]
    lines += _frame_lines(conflict, actors)
    return "\n".join(lines) + "\n"


def _frame_lines(conflict: Conflict, actors: list[str]) -> list[str]:
    frames = []
    for name, maker in zip(actors, conflict.decision_makers, strict=True):
        hidden = dict.fromkeys(
            conflict.ids[index] for index in map(hidden_option, maker.misperceptions) if index is not None
        )
        if hidden:
            frames.append((name, f"{{without: [{', '.join(hidden)}], why: {WHY}}}"))
    return ["", "frames:             # options an actor does not see", *_aligned(frames)] if frames else []


def _option_lines(conflict: Conflict, actors: list[str], today: int) -> Iterator[tuple[str, str]]:
    owners = {
        index: name for name, maker in zip(actors, conflict.decision_makers, strict=True) for index in maker.options
    }
    for place, index in enumerate(conflict.order):
        option = conflict.options[index]
        does = f", does: {quoted(option.name)}" if option.name.strip() else ""
        level = ", today: yes" if today >> place & 1 else ""
        lock = _LOCKS[option.permitted_direction].format(conflict.ids[index])
        yield conflict.ids[index], f"{{by: {owners[index]}{does}{level}{lock}}}"


def _preference_lines(conflict: Conflict, maker: Maker, groups: Groups) -> list[str]:
    conditions = None if conflict.by_hand else statements_as_order(conflict, maker)
    if conditions is not None:
        if not conditions:
            return ["    order: [yes]    # no statement: all states tie"]
        return [
            "    order:          # most important first",
            *(f"      - {condition}" for condition in conditions),
        ]
    lines = ["    ranking:        # best first, tied states in one list"]
    for group in groups:
        states = ", ".join(f'"{conflict.literal(state)}"' for state in group)
        lines.append(f"      - {states}" if len(group) == 1 else f"      - [{states}]")
    return lines


def _aligned(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Write ``name: value`` lines with the values in one column."""
    known = list(pairs)
    width = max(len(name) for name, _ in known) + 1
    return [f"  {name + ':':<{width}} {value}" for name, value in known]
