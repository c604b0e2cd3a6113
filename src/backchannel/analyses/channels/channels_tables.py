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
    )


def _formats(result: ChannelsResult) -> Table:
    columns = (
        Column("channel", "Format"),
        Column("publicity", "Publicity", "number", help="leaks included"),
        Column("authority", "Authority", "number"),
        Column("drift", "Drift", "number"),
        Column("zone", "A deal is open", "number", "share of draws"),
        Column("agreed", "Agreement", "number", help="zone x authority x (1 - drift)"),
        Column("kept", "And kept", "number", help="counting only deals that hold once executed"),
    )
    arrays = (result.publicity, result.authority, result.drift, result.zone, result.agreed, result.kept)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, *(round(float(values[k]), 3) for values in arrays)) for k, name in enumerate(result.channels)
    )
    return Table("channels.formats", "Formats", columns, rows)


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
        Column("zone", "Open", "number", "share of draws"),
        Column("agreed", "Agreement", "number"),
        Column("holds", "Holds once executed", "mark"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (room, deal, round(zone, 3), round(agreed, 3), holds) for room, deal, zone, agreed, holds in result.by_deal
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
            item.channel, item.deal, round(item.publicity, 3),
            "even in secret" if item.limit < 0 else "never" if item.limit >= 1 else round(item.limit, 3),
            model.actor_name(item.binds) if item.binds else "",
        )
        for item in result.limits
    )  # fmt: skip
    return Table("channels.limits", "How public each room can be", columns, rows)


def charts(result: ChannelsResult) -> tuple[Chart, ...]:
    """Return the agreement index by format, the range being what making attributes equal does to each."""
    low, high = result.ablated.min(axis=0), result.ablated.max(axis=0)
    said = ", ".join(f"{name} {value:.2f}" for name, value in zip(result.channels, result.agreed, strict=True))
    rows = tuple(
        Range(name, float(result.agreed[k]), float(low[k]), float(high[k])) for k, name in enumerate(result.channels)
    )
    chart = ranges(
        "agreement-by-format",
        "Agreement index by format",
        f"Agreement index of each format as in the file, and from least to greatest over the ablations: {said}.",
        value=Axis("Agreement index", least=0.0, most=1.0),
        rows=rows,
        row_title="Format",
    )
    return (chart,)
