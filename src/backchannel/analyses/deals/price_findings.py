"""Prices in sentences, tables and a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.concessions import Concession
from backchannel.analyses.deals.deliverability import Delivery
from backchannel.analyses.deals.words import gains_in_words, listed_in_words
from backchannel.numerics.number_format import number
from backchannel.results.chart import Axis, Chart, Curve, Level, lines
from backchannel.results.finding import Finding, Template
from backchannel.results.table import Column, Table

if TYPE_CHECKING:
    from backchannel.analyses.deals.price import Clock, PriceResult

PRICE = Template(
    "price.concession",
    "{giver} would have to be paid {price} points for [{terms}]; {buyers}.",
    "magnitudes",
)
NONE = Template("price.concession", "No party could concede anything that costs it and helps another.", "magnitudes")
CLOCK = Template("price.clock", "{package}, by the chance of {to} without a deal: {parties}. {together}.", "magnitudes")
DELIVERY = Template(
    "price.delivery",
    "{package} needs {what} of others, which {seller} brings about with a chance of {chance} ({low} to {high}): "
    "{needs}. At {chance} the gains are {gains}.",
    "magnitudes",
)
MOST = 2
"""Concessions of each giver that are put into words, those worth most for what they cost first."""


def price_findings(found: Bargain, result: PriceResult) -> tuple[Finding, ...]:
    """Return the sentences: prices first, then the clock, then deliverability."""
    said = [_concession(found, item) for item in _best_use(result)] or [NONE.fill()]
    said += [_clock(found, result, item) for item in result.clock]
    said += [_delivery(found, item) for item in result.deliveries]
    return tuple(said)


def _best_use(result: PriceResult) -> list[Concession]:
    """Return each giver's concessions that are worth most to another party for each point they cost."""

    def use(item: Concession) -> float:
        return max(value for name, value in item.worth if name in result.parties) / item.price

    by_giver = [[item for item in result.concessions if item.giver == party] for party in result.parties]
    best = [item for items in by_giver for item in sorted(items, key=lambda one: (-use(one), one.label))[:MOST]]
    return sorted(best, key=lambda item: (-use(item), item.label))


def _concession(found: Bargain, item: Concession) -> Finding:
    model = found.model
    names = {model.actors[row] for row in found.parties}
    buyers = [f"to {model.actor_name(name)} it is worth {number(value)}" for name, value in item.worth if name in names]
    return PRICE.fill(
        giver=model.actor_name(item.giver), terms=item.label, price=number(item.price), buyers=listed_in_words(buyers)
    )


def _clock(found: Bargain, result: PriceResult, item: Clock) -> Finding:
    parts = [_answer(name, item, k) for k, name in enumerate(found.party_names)]
    if np.isnan(item.low):
        together = "No chance makes it acceptable to all"
    elif item.low == 0 and item.high == 1:
        together = "It is acceptable to all at every chance"
    else:
        together = f"All accept between {number(item.low, 3)} and {number(item.high, 3)}"
    return CLOCK.fill(package=item.package, to=result.to, parties="; ".join(parts), together=together)


def _answer(name: str, item: Clock, k: int) -> str:
    now, later, at = item.today[k] > 0, item.later[k] > 0, number(float(item.threshold[k]), 3)
    if now and later:
        return f"{name} accepts at any"
    if not now and not later:
        return f"{name} accepts at none"
    return f"{name} accepts {'below' if now else 'above'} {at}"


def _delivery(found: Bargain, item: Delivery) -> Finding:
    model = found.model
    needs = []
    for name, chance in item.needs:
        needs.append(f"{model.actor_name(name)} {_need(chance, item.high)}")
    names = [model.actor_name(name) for name, _ in item.gains]
    return DELIVERY.fill(
        package=item.package,
        what=item.what,
        seller=model.actor_name(item.seller),
        chance=number(item.chance),
        low=number(item.low),
        high=number(item.high),
        needs=listed_in_words(needs),
        gains=gains_in_words(names, [gain for _, gain in item.gains]),
    )


def _need(chance: float, high: float) -> str:
    if np.isinf(chance):
        return "loses even if it comes"
    if chance == 0:
        return "does not lose even if it does not come"
    return f"needs at least {number(chance, 3)}" + (", more than that range" if chance > high else "")


def price_tables(found: Bargain, result: PriceResult) -> tuple[Table, ...]:
    """Return reservation prices, the clock, and what must be delivered by others."""
    return (_concessions(found, result), _clocks(found, result), _deliveries(found, result))


def _concessions(found: Bargain, result: PriceResult) -> Table:
    model = found.model
    columns = (
        Column("giver", "Giver"),
        Column("terms", "Concession"),
        Column("price", "Reservation price", "number", "points", "what the giver must be paid"),
        *(
            Column(f"worth.{name}", f"Worth to {model.actor_name(name)}", "number", "points", "over no deal, at worst")
            for name in model.actors
        ),
    )
    rows = tuple(
        (
            model.actor_name(item.giver),
            item.label,
            item.price,
            *(dict(item.worth).get(name) for name in model.actors),
        )
        for item in result.concessions
    )
    return Table("price.concessions", "What a concession costs and is worth, made alone", columns, rows)


def _clocks(found: Bargain, result: PriceResult) -> Table:
    columns = (
        Column("package", "Package"),
        *(
            column
            for party, name in zip(result.parties, found.party_names, strict=True)
            for column in (
                Column(f"today.{party}", f"{name}, no change", "number", "points"),
                Column(f"later.{party}", f"{name}, change", "number", "points"),
                Column(f"threshold.{party}", f"{name} indifferent at", "number"),
            )
        ),
        Column("low", "All accept from", "number"),
        Column("high", "All accept up to", "number"),
    )
    rows = tuple(
        (
            item.package,
            *(
                None if np.isnan(value) else float(value)
                for k in range(len(result.parties))
                for value in (item.today[k], item.later[k], item.threshold[k])
            ),
            None if np.isnan(item.low) else item.low,
            None if np.isnan(item.high) else item.high,
        )
        for item in result.clock
    )
    return Table("price.clock", f"Acceptance by the chance of {result.to or 'change'}", columns, rows)


def _deliveries(found: Bargain, result: PriceResult) -> Table:
    columns = (
        Column("package", "Package"),
        Column("seller", "Seller"),
        Column("what", "Must bring about"),
        Column("chance", "Chance", "number"),
        *(
            Column(f"needs.{party}", f"{name} needs", "number", help="chance from which it does not lose")
            for party, name in zip(result.parties, found.party_names, strict=True)
        ),
    )
    rows = tuple(
        (
            item.package,
            found.model.actor_name(item.seller),
            item.what,
            item.chance,
            *(value if np.isfinite(value) else None for _, value in item.needs),
        )
        for item in result.deliveries
    )
    return Table("price.deliveries", "What others must do", columns, rows)


def price_charts(found: Bargain, result: PriceResult) -> tuple[Chart, ...]:
    """Return each party's gain by the chance of change, a line for each package."""
    charts = []
    for k, (party, name) in enumerate(zip(result.parties, found.party_names, strict=True)):
        curves = tuple(
            Curve(item.package, (0.0, 1.0), (float(item.today[k]), float(item.later[k]))) for item in result.clock
        )
        if curves:
            charts.append(
                lines(
                    f"price-{party}",
                    f"Gain of {name} by the chance of change without a deal",
                    f"Gain of {name} over no deal for {len(curves)} packages, by the chance of {result.to}.",
                    x=Axis(f"Chance that it comes to {result.to} by the horizon", scale="share"),
                    y=Axis(f"Gain of {name}", "points"),
                    curves=curves,
                    levels=(Level(0.0, "no deal"),),
                )
            )
    return tuple(charts)
