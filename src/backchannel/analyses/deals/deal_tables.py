"""Packages as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.words import package_label, row_label
from backchannel.results.table import Cell, Column, Table

if TYPE_CHECKING:
    from backchannel.analyses.deals.deals import DealsResult


def tables(found: Bargain, result: DealsResult) -> tuple[Table, ...]:
    """Return the packages of the zone (all with ``full``), the named deals, and what their acceptance turns on."""
    return (_packages(found, result), _named(found, result), _widths(result), _deciders(found, result))


def _packages(found: Bargain, result: DealsResult) -> Table:
    shares = result.shares
    columns = (
        Column("package", "Package"),
        *(
            Column(f"gain.{party}", name, "number", "points", "gain over no deal, worst response")
            for party, name in zip(result.parties, found.party_names, strict=True)
        ),
        *(
            Column(f"change.{actor}", found.model.actor_name(actor), "number", "points", "change against no deal")
            for actor in result.outsiders
        ),
        Column("front", "Front", "mark", help="no package is better for one party and worse for none"),
        Column("nash", "Nash", "mark", help="largest product of gains"),
        Column("holds", "Holds", "mark", help="everybody stays once it is executed (SEQ)"),
        *((Column("share", "In zone", "number", "share of draws"),) if shares else ()),
    )
    rows = range(found.packages.size) if result.params.full else result.solutions.zone.tolist()
    return Table("deals.packages", "Packages", columns, tuple(_row(found, result, row) for row in rows))


def _row(found: Bargain, result: DealsResult, row: int) -> tuple[Cell, ...]:
    solved, held = result.solutions, result.holding
    place = {int(at): k for k, at in enumerate(held.rows)}
    return (
        row_label(found, row),
        *(float(value) for value in result.worst[row]),
        *(None if np.isnan(value) else float(value) for value in result.outsider_gains[row]),
        bool((solved.front == row).any()),
        bool((solved.nash == row).any()),
        bool(held.seq[place[row]]) if row in place else None,
        *((float(result.shares.in_zone[row]),) if result.shares else ()),
    )


def _named(found: Bargain, result: DealsResult) -> Table:
    shares = result.shares
    columns = (
        Column("deal", "Deal"),
        Column("terms", "Terms"),
        *(
            Column(f"gain.{party}", name, "number", "points", "gain over no deal")
            for party, name in zip(result.parties, found.party_names, strict=True)
        ),
        Column("accepted", "Acceptable", "mark"),
        Column("met", "Others follow", "mark", help="third parties do what it expects of them"),
        Column("holds", "Holds", "mark", help="everybody stays once it is executed (SEQ)"),
        *(
            tuple(
                Column(f"accepts.{party}", f"{name} accepts", "number", "share of draws")
                for party, name in zip(result.parties, found.party_names, strict=True)
            )
            if shares
            else ()
        ),
    )
    rows = tuple(
        (
            deal.name,
            package_label(found.model.crisis, deal.terms),
            *(float(gain) for gain in deal.gains),
            deal.accepted,
            not deal.unmet,
            "seq" in deal.holds,
            *((float(value) for value in shares.named_accepts[k]) if shares else ()),
        )
        for k, deal in enumerate(result.named)
    )
    return Table("deals.named", "Deals by name", columns, rows)


def _widths(result: DealsResult) -> Table:
    columns = (
        Column("issue", "Issue"),
        Column("settings", "Settings", "number", help="different settings of its options among all packages"),
        Column("acceptable", "In acceptable packages", "number"),
    )
    rows = tuple((item.issue or "(none)", item.settings, item.acceptable) for item in result.widths)
    return Table("deals.widths", "Width of the zone by issue", columns, rows if result.solutions.zone.size else ())


def _deciders(found: Bargain, result: DealsResult) -> Table:
    columns = (
        Column("deal", "Deal"),
        Column("party", "Party"),
        Column("input", "Input"),
        Column("flips", "Indifferent at", "number"),
        Column("inside", "Within its range", "mark"),
        Column("share", "Share of the spread", "number", help="of the variance of the gain over draws"),
    )
    rows = tuple(
        (
            result.named[item.package].name,
            found.party_names[item.party],
            item.path,
            item.flips,
            item.inside,
            item.share,
        )
        for item in result.deciders
        if item.inside
    )
    return Table("deals.deciders", "What acceptance turns on", columns, rows)
