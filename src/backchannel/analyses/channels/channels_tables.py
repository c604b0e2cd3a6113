"""The tables and charts of ``channels``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backchannel.model.model import Model
from backchannel.numerics.number_format import number
from backchannel.results.chart import Axis, Chart, Range, ranges
from backchannel.results.table import Cell, Column, Table

if TYPE_CHECKING:
    from backchannel.analyses.channels.channels import ChannelsResult


def tables(model: Model, result: ChannelsResult) -> tuple[Table, ...]:
    """Return the tables; one without rows is not shown."""
    return (
        _formats(result),
        _rooms(model, result),
        _ablations(result),
        _deals(result),
        _limits(model, result),
        _bonds(model, result),
    )


def _formats(result: ChannelsResult) -> Table:
    columns = (
        Column("channel", "Format"),
        Column("publicity", "Publicity", "number", help="leaks included"),
        Column("authority", "Authority", "number"),
        Column("drift", "Drift", "number"),
        _open(result, "A deal is open"),
        Column("agreed", "Agreement", "number", help="zone x authority x (1 - drift)"),
        Column("kept", "And kept", "number", help="deals that hold once executed, by the parties alone"),
    )
    before, after = (result.publicity, result.authority, result.drift), (result.agreed, result.kept)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            name,
            *(round(float(values[k]), 3) for values in before),
            _opened(result, float(result.zone[k])),
            *(round(float(values[k]), 3) for values in after),
        )
        for k, name in enumerate(result.channels)
    )
    return Table("channels.formats", "Formats", columns, rows)


def _open(result: ChannelsResult, title: str) -> Column:
    if not result.provenance.draws:
        return Column("zone", "Open at the centres", "mark")
    return Column("zone", title, "number", "share of draws")


def _opened(result: ChannelsResult, zone: float) -> Cell:
    return round(zone, 3) if result.provenance.draws else zone > 0


def _rooms(model: Model, result: ChannelsResult) -> Table:
    columns = (
        Column("channel", "Format"),
        Column("kind", "Kind"),
        Column("mandate", "May trade"),
        Column("factors", "A conceded worth counts", help="what voices and publicity do to it, by actor and issue"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            name,
            model.crisis.channels[name].kind or "",
            ", ".join(model.crisis.channels[name].mandate),
            ", ".join(
                f"{actor} on {issue} times {number(factor, 3)}"
                for room, actor, issue, factor in result.worth_factor
                if room == name
            ),
        )
        for name in result.channels
    )
    return Table("channels.rooms", "What each room changes", columns, rows)


def _deals(result: ChannelsResult) -> Table:
    columns = (
        Column("channel", "Format"),
        Column("deal", "Deal"),
        _open(result, "Open"),
        Column("agreed", "Agreement", "number"),
        Column("holds", "Holds once executed", "mark"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (room, deal, _opened(result, zone), round(agreed, 3), holds)
        for room, deal, zone, agreed, holds in result.by_deal
    )
    return Table("channels.deals", "Deals by format", columns, rows)


def _ablations(result: ChannelsResult) -> Table:
    columns = (
        Column("ablation", "With"),
        *(Column(name, name, "number", help="agreement index") for name in result.channels),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *(round(float(value), 3) for value in row))
        for name, row in zip(result.ablations, result.ablated, strict=True)
    )
    return Table("channels.ablations", "What the order rests on", columns, rows)


def _limits(model: Model, result: ChannelsResult) -> Table:
    columns = (
        Column("channel", "Format"),
        Column("deal", "Deal"),
        Column("publicity", "Publicity", "number"),
        Column("limit", "Lost above", "number", help="publicity at which the first party's gain is used up"),
        Column("binds", "For"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            item.channel, item.deal, round(item.publicity, 3), _lost_above(item.limit),
            model.actor_name(item.binds) if item.binds else "",
        )
        for item in result.limits
    )  # fmt: skip
    return Table("channels.limits", "How public each room can be", columns, rows)


def _bonds(model: Model, result: ChannelsResult) -> Table:
    columns = (
        Column("channel", "Format"),
        Column("deal", "Deal"),
        Column("party", "Party"),
        Column("gain", "Gain of breaking", "number", "points", help="the smallest bond that holds it back"),
        Column("bond", "Bond of being seen", "number", "points", help="at the room's own publicity"),
        Column("kept_from", "Kept from", "number", help="publicity from which no break pays"),
        Column("limit", "Lost above", "number", help="publicity above which the deal is not made"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            item.channel, item.deal, model.actor_name(item.party), round(item.gain, 3), round(item.bond, 3),
            "never" if item.kept_from is None else round(item.kept_from, 3), _lost_above(item.limit),
        )
        for item in result.bonds
        if item.gain
    )  # fmt: skip
    return Table("channels.bonds", "When being seen keeps a deal", columns, rows)


def _lost_above(limit: float) -> Cell:
    return "even in secret" if limit < 0 else "never" if limit >= 1 else round(limit, 3)


def charts(result: ChannelsResult) -> tuple[Chart, ...]:
    """Return the agreement index by format: as in the file, and a point for each thing made equal."""
    said = ", ".join(f"{name} {value:.2f}" for name, value in zip(result.channels, result.agreed, strict=True))
    rows = tuple(
        Range(name, float(result.ablated[place, k]), series=ablation)
        for k, name in enumerate(result.channels)
        for place, ablation in enumerate(result.ablations)
    )
    chart = ranges(
        "agreement-by-format",
        "Agreement index by format",
        f"Agreement index of each format as in the file, and a point for each ablation beside it: {said}.",
        value=Axis("Agreement index", least=0.0, most=1.0),
        rows=rows,
        row_title="Format",
        series=result.ablations,
    )
    return (chart,)
