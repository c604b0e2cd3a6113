"""Tables, the chart and the JSON document of two levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.ratification_findings import names_of_voices, room_name
from backchannel.analyses.deals.words import row_label
from backchannel.results.chart import Chart, matrix
from backchannel.results.table import Cell, Column, Table

if TYPE_CHECKING:
    from backchannel.analyses.deals.ratification import RatificationResult

KEPT, REFUSED, UNSIGNED, NEITHER = "signed and ratified", "signed, not ratified", "ratifiable, not signed", "neither"


def tables(found: Bargain, result: RatificationResult) -> tuple[Table, ...]:
    """Return the deals by name, each deal in each room, and packages somebody would sign (all with ``full``)."""
    return (_deals(found, result), _rooms(found, result), _packages(found, result))


def outcome(result: RatificationResult, room: int, deal: int) -> str:
    """Say in two words what becomes of a deal with the voices of a room."""
    signs, ratifies = bool(result.deal_signed[room, deal].all()), bool(result.deal_ratified[deal].all())
    return (KEPT if ratifies else REFUSED) if signs else (UNSIGNED if ratifies else NEITHER)


def _deals(found: Bargain, result: RatificationResult) -> Table:
    drawn = result.shares
    columns = (
        Column("deal", "Deal"),
        *_gain_columns(found, result),
        *_say_columns(found, result),
        Column("outcome", "Outcome"),
        *((Column("kept", "Kept", "number", "share of draws", "signed and ratified"),) if drawn else ()),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            *(float(value) for value in result.deal_gains[deal]),
            *(float(result.deal_say[deal, k]) for k in _divided(result)),
            outcome(result, 0, deal),
            *((float(drawn.kept[0, deal]),) if drawn else ()),
        )
        for deal, name in enumerate(result.deals)
    ]
    return Table("ratification.deals", "Deals by name", columns, tuple(rows))


def _rooms(found: Bargain, result: RatificationResult) -> Table:
    columns = (
        Column("deal", "Deal"),
        Column("voices", "Voices"),
        *(
            Column(f"gain.{result.parties[k]}", found.party_names[k], "number", "points", "gain weighed by the voices")
            for k in _divided(result)
        ),
        Column("outcome", "Outcome"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            room_name(result, room),
            *(float(result.deal_weighted[room, deal, k]) for k in _divided(result)),
            outcome(result, room, deal),
        )
        for deal, name in enumerate(result.deals)
        for room in range(len(result.rooms))
    ]
    return Table("ratification.rooms", "Whose voices", columns, tuple(rows))


def _packages(found: Bargain, result: RatificationResult) -> Table:
    drawn = result.shares
    columns = (
        Column("package", "Package"),
        *_gain_columns(found, result),
        Column("zone", "Own worths", "mark", help="every party gains at its own worths"),
        Column("signed", "Signed", "mark", help="every party gains, its people weighed by their say in the room"),
        Column("ratified", "Ratified", "mark", help="in every party enough of the say at home gains"),
        *((Column("kept", "Kept", "number", "share of draws", "signed and ratified"),) if drawn else ()),
    )
    rows: list[tuple[Cell, ...]] = []
    for row in _shown(result):
        kept = (float(drawn.package_kept[row]),) if drawn else ()
        rows.append(
            (
                row_label(found, row),
                *(float(value) for value in result.gains[row]),
                bool(result.zone[row]),
                bool(result.signed[row].all()),
                bool(result.ratified[row].all()),
                *kept,
            )
        )
    return Table("ratification.packages", "Packages", columns, tuple(rows))


def _shown(result: RatificationResult) -> list[int]:
    wanted = result.zone | result.signed.all(axis=1) | result.params.full
    return [int(row) for row in np.flatnonzero(wanted)]


def _divided(result: RatificationResult) -> list[int]:
    """Return the parties in which more than one person has a say."""
    return [k for k in range(len(result.parties)) if int((result.party == k).sum()) > 1]


def _gain_columns(found: Bargain, result: RatificationResult) -> tuple[Column, ...]:
    return tuple(
        Column(f"gain.{voice}", name, "number", "points", "gain over no deal")
        for voice, name in zip(result.voices, names_of_voices(found), strict=True)
    )


def _say_columns(found: Bargain, result: RatificationResult) -> tuple[Column, ...]:
    return tuple(
        Column(
            f"say.{result.parties[k]}", f"{found.party_names[k]}: say", "number", "share", "of the say at home gains"
        )
        for k in _divided(result)
    )


def charts(found: Bargain, result: RatificationResult) -> tuple[Chart, ...]:
    """Return the chart of what becomes of each deal by whose voices count; none without deals by name."""
    del found
    if not result.deals:
        return ()
    rooms = range(len(result.rooms))
    cells = tuple(tuple(outcome(result, room, deal) for room in rooms) for deal in range(len(result.deals)))
    kept = sum(line.count(KEPT) for line in cells)
    return (
        matrix(
            "voices",
            "What becomes of each deal, by whose voices count",
            f"{kept} of {len(cells) * len(result.rooms)} combinations of a deal and voices are signed and ratified.",
            rows=result.deals,
            columns=tuple(room_name(result, room) for room in rooms),
            cells=cells,
            row_title="Deals",
            column_title="Voices",
            strong=(KEPT, REFUSED),
        ),
    )


def document_of(result: RatificationResult) -> dict[str, object]:
    """Return the document ``ratification --json`` prints."""
    drawn = result.shares
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "parties": list(result.parties),
        "no_deal": {"words": result.no_deal, "value": _by(result.voices, result.base)},
        "say": _by(result.voices, result.share),
        "required": _by(result.parties, result.required),
        "rooms": [
            {"channel": name, "weights": _by(result.voices, result.weights[room])}
            for room, name in enumerate(result.rooms)
        ],
        "deals": [_deal(result, deal) for deal in range(len(result.deals))],
        "packages": [_package(result, row) for row in _shown(result)],
        "offer": None
        if result.offer is None
        else {"offer": result.offer.offer, "failure": result.offer.failure, "value": result.offer.value},
        "draws": None if drawn is None else drawn.draws,
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }


def _by(names: tuple[str, ...], values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> dict[str, float | None]:
    return {name: float(value) if np.isfinite(value) else None for name, value in zip(names, values, strict=True)}


def _deal(result: RatificationResult, deal: int) -> dict[str, object]:
    entry: dict[str, object] = {
        "name": result.deals[deal],
        "gains": _by(result.voices, result.deal_gains[deal]),
        "say_that_gains": _by(result.parties, result.deal_say[deal]),
        "by_room": [
            {
                "channel": name,
                "gains": _by(result.parties, result.deal_weighted[room, deal]),
                "outcome": outcome(result, room, deal),
            }
            for room, name in enumerate(result.rooms)
        ],
        "turns_at": [
            {"person": result.voices[item.voice], "weight": item.at, "accepts_above": item.accepts_above}
            for item in result.flips
            if item.deal == deal
        ],
    }
    if result.shares is not None:
        entry["share_gains"] = _by(result.voices, result.shares.accepts[deal])
        entry["share_ratifies"] = _by(result.parties, result.shares.ratifies[deal])
        entry["share_kept"] = [float(value) for value in result.shares.kept[:, deal]]
        entry["share_refused"] = [float(value) for value in result.shares.refused[:, deal]]
    return entry


def _package(result: RatificationResult, row: int) -> dict[str, object]:
    entry: dict[str, object] = {
        "levels": {option: int(level) for option, level in zip(result.options, result.levels[row], strict=True)},
        "gains": _by(result.voices, result.gains[row]),
        "acceptable": bool(result.zone[row]),
        "signed": bool(result.signed[row].all()),
        "ratified": bool(result.ratified[row].all()),
    }
    if result.shares is not None:
        entry["share_kept"] = float(result.shares.package_kept[row])
    return entry
