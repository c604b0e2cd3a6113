"""What tying issues together buys, in sentences, tables and a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.deals.bargain import Bargain, has_common_scale
from backchannel.analyses.deals.exchange_rates import Exchange
from backchannel.analyses.deals.words import gains_in_words, listed_in_words
from backchannel.numerics.number_format import count, number, share
from backchannel.results.chart import Chart, matrix
from backchannel.results.finding import Finding, Template
from backchannel.results.table import Cell, Column, Table

if TYPE_CHECKING:
    from backchannel.analyses.deals.linkage import IssueSet, LinkageResult

OPENS = Template(
    "linkage.opens",
    "There is no deal without {issues}: no set of issues that leaves {it} out has a zone.",
    "magnitudes",
)
ANY = Template("linkage.opens", "No single issue is needed: {sets} have a zone.", "magnitudes")
NONE = Template("linkage.opens", "No set of issues has a zone, tied together or not.", "magnitudes")
BUYS = Template(
    "linkage.buys",
    "Tied together, {issues} allow {zone} acceptable to all; one by one they allow {alone}. Nash's product then picks "
    "[{package}] (gains {gains}).",
    "magnitudes",
)
BALLAST = Template("linkage.ballast", "{issues} adds nothing: no zone and no better deal for anybody.", "magnitudes")
CURRENCIES = Template(
    "linkage.currencies",
    "{issues} alone: the nearest package, [{package}], leaves {needs} and {affords}. That depends on the "
    "currencies in the file: one more, worth over {value} and costing under {cost}, would open a zone.",
    "assumed",
)
DRAWS = Template(
    "linkage.draws", "{issues}: some package is acceptable to all in {share} of {draws} draws{redrawn}.", "magnitudes"
)
NORMS = Template(
    "linkage.norms",
    "Equal gains, equal own cost and nominal parity compare the points of {parties} as if they meant the "
    "same{declared}.",
    "assumed",
)
RATE = Template(
    "linkage.rate",
    "{deal}: the part of {first} costs it {first_cost} and brings {second} {second_gain}; that of {second} costs it "
    "{second_cost} and brings {first} {first_gain}. {window}.",
    "magnitudes",
)


def linkage_findings(found: Bargain, result: LinkageResult) -> tuple[Finding, ...]:
    """Return the sentences, the answer first."""
    said = [_opens(result)]
    whole = result.sets[-1]
    if whole.zone and len(result.issues) > 1:
        alone = sum(item.zone for item in result.sets if len(item.issues) == 1)
        said.append(
            BUYS.fill(
                issues=listed_in_words(result.issues),
                zone=count(whole.zone, "package"),
                alone=f"{alone:,}" if alone else "none",
                package=whole.nash,
                gains=gains_in_words(found.party_names, whole.nash_gains),
            )
        )
    said += [_currencies(found, item) for item in result.sets if _lacks_currency(item)]
    if result.ballast:
        said.append(BALLAST.fill(issues=listed_in_words(result.ballast)))
    said += [_draws(result, item) for item in result.sets if not np.isnan(item.share)]
    rated = [_rate(found, item) for item in result.exchange if item.terms is not None]
    return (*said, *rated, *(_norms(found) if rated else ()))


def _opens(result: LinkageResult) -> Finding:
    good = [item for item in result.sets if item.zone]
    if not good:
        return NONE.fill()
    if not result.opens:
        return ANY.fill(sets=f"{len(good):,} of {count(len(result.sets), 'set')} of issues")
    one = len(result.opens) == 1
    return OPENS.fill(issues=listed_in_words(result.opens), it="it" if one else "one of them")


def _lacks_currency(item: IssueSet) -> bool:
    return item.nearest is not None and any(item.nearest.slack)


def _currencies(found: Bargain, item: IssueSet) -> Finding:
    close = item.nearest
    assert close is not None
    rows = list(zip(found.party_names, close.short, close.slack, strict=True))
    needs = [f"{name} {number(short)} short" for name, short, slack in rows if not slack]
    affords = [f"{name} {number(slack)} to spare" for name, _, slack in rows if slack]
    return CURRENCIES.fill(
        issues=listed_in_words(item.issues),
        package=item.nearest_package,
        needs=" and ".join(needs),
        affords=" or ".join(affords),
        value=" and ".join(f"{number(short)} to {name}" for name, short, slack in rows if not slack),
        cost=" or ".join(f"{number(slack)} to {name}" for name, _, slack in rows if slack),
    )


def _draws(result: LinkageResult, item: IssueSet) -> Finding:
    draws = result.provenance.draws
    redrawn = (
        ""
        if np.isnan(item.order_share)
        else f", and in {share(item.order_share, draws)} of files with magnitudes redrawn"
    )
    return DRAWS.fill(issues=listed_in_words(item.issues), share=share(item.share, draws), draws=draws, redrawn=redrawn)


def _norms(found: Bargain) -> tuple[Finding, ...]:
    parties = tuple(found.model.actors[row] for row in found.parties)
    declared = ", as the file declares" if has_common_scale(found.model, parties) else "; the file does not declare it"
    return (NORMS.fill(parties=listed_in_words(found.party_names), declared=declared),)


def _rate(found: Bargain, item: Exchange) -> Finding:
    terms = item.terms
    assert terms is not None
    first, second = found.party_names
    top = min(terms.high, 1.0)
    if terms.low < top:
        most = f"between {number(terms.low, 3)} and {number(top, 3)}" if top < 1 else f"at least {number(terms.low, 3)}"
        window = (
            f"If the parts could be divided, both would gain while {second} did {most} of its part for all of "
            f"{first}'s; no rate is left if each feels its own loss more than {number(item.aversion, 3)} times as much"
        )
    elif terms.open:
        window = f"All of {second}'s part does not pay for all of {first}'s, but for a share of it"
    else:
        window = "No rate leaves both better off"
    return RATE.fill(
        deal=item.deal,
        first=first,
        second=second,
        first_cost=number(item.costs[0]),
        second_cost=number(item.costs[1]),
        first_gain=number(item.gains[0]),
        second_gain=number(item.gains[1]),
        window=window,
    )


def linkage_tables(found: Bargain, result: LinkageResult) -> tuple[Table, ...]:
    """Return the sets of issues, and the exchanges with their splits by norm."""
    return (_sets(found, result), _splits(found, result))


def _sets(found: Bargain, result: LinkageResult) -> Table:
    drawn = any(not np.isnan(item.share) for item in result.sets)
    columns = (
        Column("issues", "Issues"),
        Column("packages", "Packages", "number"),
        Column("zone", "Acceptable", "number"),
        *(
            Column(f"best.{party}", f"{name} at best", "number", "points", "largest gain among acceptable packages")
            for party, name in zip(result.parties, found.party_names, strict=True)
        ),
        Column("nash", "Nash's product picks"),
        Column("nearest", "Nearest if none"),
        *((Column("share", "With a zone", "number", "share of draws"),) if drawn else ()),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            " + ".join(item.issues),
            item.packages,
            item.zone,
            *(None if np.isnan(value) else float(value) for value in item.best),
            item.nash,
            item.nearest_package,
            *((item.share,) if drawn else ()),
        )
        for item in result.sets
    )
    return Table("linkage.sets", "Sets of issues", columns, rows)


def _splits(found: Bargain, result: LinkageResult) -> Table:
    first, second = found.party_names if len(found.parties) == 2 else ("", "")
    columns = (
        Column("deal", "Deal"),
        Column("norm", "Norm"),
        Column("first", f"Share of {first}'s part", "number"),
        Column("second", f"Share of {second}'s part", "number"),
        Column("gain.first", f"{first} gains", "number", "points"),
        Column("gain.second", f"{second} gains", "number", "points"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (item.deal, split.norm.replace("_", " "), split.first, split.second, *(float(gain) for gain in split.gains))
        for item in result.exchange
        if item.terms is not None
        for split in item.terms.best_amounts
    )
    return Table("linkage.splits", "What each norm would exchange", columns, rows)


def linkage_charts(found: Bargain, result: LinkageResult) -> tuple[Chart, ...]:
    """Return the table of issue sets as a chart."""
    cells = tuple(
        (
            "zone" if item.zone else "none",
            *("–" if np.isnan(value) else f"+{number(float(value))}" for value in item.best),
        )
        for item in result.sets
    )
    good = sum(item.zone > 0 for item in result.sets)
    return (
        matrix(
            "linkage",
            "Which sets of issues have a zone of agreement",
            f"{good} of {len(result.sets)} sets of issues have a zone.",
            rows=tuple(" + ".join(item.issues) for item in result.sets),
            columns=("Zone", *(f"{name} at best" for name in found.party_names)),
            cells=cells,
            row_title="Issues tied together",
            column_title="What comes of it",
            strong=("zone",),
        ),
    )
