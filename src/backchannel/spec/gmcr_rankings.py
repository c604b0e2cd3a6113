"""What a ``.gmcr`` file says of preferences and of today."""

from __future__ import annotations

from collections.abc import Mapping

from backchannel.spec.condition import ConditionError, parse_condition
from backchannel.spec.gmcr_document import MAXIMUM_OPTIONS, Conflict, Maker
from backchannel.spec.gmcr_report import GmcrReport, short
from backchannel.spec.nodes import Path

MAXIMUM_STATEMENTS = 62
"""An ``order`` of a crisis file holds no more; a longer one is written as the ranking it implies."""

Groups = list[list[int]]
"""Decimal states, best first, tied ones together."""


def statements_as_order(conflict: Conflict, maker: Maker) -> list[str] | None:
    """Preference statements as conditions, or None where a crisis file cannot hold them as such."""
    conditions = [conflict.condition(statement) for statement in maker.preferences]
    try:
        for condition in conditions:
            parse_condition(condition)
    except ConditionError:
        return None
    return conditions if len(conditions) <= MAXIMUM_STATEMENTS else None


def ranking_of(conflict: Conflict, k: int, report: GmcrReport) -> Groups:
    """Rank the feasible states for decision maker k, and hold it against what else the file stores.

    Empty where statements are written as such and nothing is stored to compare them with.
    """
    maker = conflict.decision_makers[k]
    path: Path = ("decisionMakers", k)
    needed = conflict.by_hand or statements_as_order(conflict, maker) is None
    if len(conflict.order) > MAXIMUM_OPTIONS:
        if needed:
            message = f"the ranking of {short(maker.name)} over {len(conflict.order)} options is too long"
            report.error("too-many-options", path, message, f"use at most {MAXIMUM_OPTIONS} options")
        return []
    if not (needed or maker.ranking or maker.payoffs):
        return []
    if conflict.by_hand:
        groups = _ranking_by_hand(conflict, maker, path, report)
    else:
        groups = _ranking_by_statements(conflict, maker)
        _compare_ranking(conflict, maker, groups, path, report)
    _compare_payoffs(conflict, maker, groups, path, report)
    return groups


def _ranking_by_statements(conflict: Conflict, maker: Maker) -> Groups:
    """Rank states: the first statement that tells two of them apart decides."""
    masks = [conflict.masks(statement) for statement in maker.preferences]
    tied: dict[tuple[bool, ...], list[int]] = {}
    for state in conflict.feasible:
        truths = tuple(any(state & mask == value for mask, value in ands) for ands in masks)
        tied.setdefault(truths, []).append(state)
    return [tied[truths] for truths in sorted(tied, reverse=True)]


def _ranking_by_hand(conflict: Conflict, maker: Maker, path: Path, report: GmcrReport) -> Groups:
    """Turn ordered numbers into decimals."""
    key: Path = (*path, report.first_key(path, "preferenceRanking", "preferenceVector"))
    count = len(conflict.feasible)
    seen: set[int] = set()
    for place, numbers in enumerate(maker.ranking):
        for number in numbers:
            if not 1 <= number <= count:
                message = f"state {number} does not exist; the {count} feasible states count from 1"
                report.error("state-out-of-range", (*key, place), message)
            elif number in seen:
                message = f"{short(maker.name)} ranks state {number} twice"
                report.error("state-ranked-twice", (*key, place), message, "keep one of them")
            seen.add(number)
    if not seen:
        report.error("no-ranking", key, f"{short(maker.name)} ranks no state, yet the file is to be ranked by hand")
    elif len(seen) < count:
        message = f"{short(maker.name)} ranks {len(seen)} of the {count} feasible states; the others are unknown"
        report.lose("unranked-states", key, message)
    return [[conflict.feasible[n - 1] for n in numbers if 1 <= n <= count] for numbers in maker.ranking if numbers]


def _compare_ranking(conflict: Conflict, maker: Maker, groups: Groups, path: Path, report: GmcrReport) -> None:
    """Report a stored ranking that differs from the statements, which are in force."""
    places = {number: -place for place, numbers in enumerate(maker.ranking) for number in numbers}
    worth = {state: places.get(number, 1) for number, state in enumerate(conflict.feasible, 1)}
    if places and (len(places) != len(worth) or _disagreement(groups, worth)):
        message = f"the stored ranking of {short(maker.name)} is not what its statements imply and was left out"
        report.lose("ranking-disagrees", (*path, "preferenceRanking"), message)


def _compare_payoffs(conflict: Conflict, maker: Maker, groups: Groups, path: Path, report: GmcrReport) -> None:
    """Report stored payoffs, which are derived numbers, if they order states otherwise."""
    if not maker.payoffs:
        return
    count, name = len(conflict.feasible), short(maker.name)
    if len(maker.payoffs) != count:
        message = f"{len(maker.payoffs)} payoffs of {name} are stored for {count} feasible states and were left out"
        report.lose("payoffs-disagree", (*path, "payoffs"), message)
        return
    worth = dict(zip(conflict.feasible, maker.payoffs, strict=True))
    pair = _disagreement(groups, worth)
    if pair:
        first, second = (conflict.feasible.index(state) + 1 for state in pair)
        message = f"the stored payoffs of {name} and its preferences order states {first} and {second} differently"
        report.lose("payoffs-disagree", (*path, "payoffs"), f"{message}; the payoffs were left out")


def _disagreement(groups: Groups, worth: Mapping[int, float]) -> tuple[int, int] | None:
    """Return the first two states that the worths do not order as the ranking does."""
    for place, group in enumerate(groups):
        before = groups[place - 1][0] if place else None
        if before is not None and worth[before] <= worth[group[0]]:
            return before, group[0]
        for state in group:
            if worth[state] != worth[group[0]]:
                return group[0], state
    return None


def today_of(conflict: Conflict, report: GmcrReport) -> int:
    """Choose today's state, which the file does not name: every option at no, or the first feasible state."""
    if all(value != 0 for pattern in conflict.infeasibles for _, value in conflict.masks(pattern)):
        return 0
    if len(conflict.order) <= MAXIMUM_OPTIONS and not conflict.feasible:
        report.error("nothing-feasible", ("infeasibles",), "the infeasible patterns leave no state")
        return 0
    today = next(iter(conflict.feasible), 0)
    message = f"every option at no is infeasible and no status quo is stored; {conflict.literal(today)} was taken"
    report.lose("no-status-quo", ("infeasibles",), message, "set today")
    return today
