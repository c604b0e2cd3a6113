"""The front in sentences and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backchannel.analyses.deals.words import gains_in_words, listed_in_words, package_label
from backchannel.analyses.deals.zone import TOLERANCE
from backchannel.numerics.number_format import count, number
from backchannel.results.finding import Finding, Template
from backchannel.results.table import Cell, Column, Table
from backchannel.spec.crisis import Crisis

if TYPE_CHECKING:
    from backchannel.analyses.deals.frontier import FrontierResult, NearestPackage

ROUTES = {
    "enumeration": "every package was valued",
    "elimination": "exact, by pruning after every option",
    "program": "by a mixed-integer program, which finds the solutions but not the front",
}

ZONE = Template(
    "frontier.zone",
    "{parties}: {zone} of {packages} leave each of them better off than no deal ({base}); {front} ({route}).",
    "magnitudes",
)
EMPTY = Template(
    "frontier.zone",
    "{parties}: none of {packages} leaves each of them better off than no deal ({base}; {route}).",
    "magnitudes",
)
NEAREST = Template(
    "frontier.nearest",
    "Nearest to a deal: {package} ({gains}). A concession that the file omits would open a zone if it were worth "
    "{needs} and cost {affords}.",
    "magnitudes",
)
UNHELPED = Template(
    "frontier.nearest",
    "Nearest to a deal: {package} ({gains}). No party gains by it, so nobody could pay.",
    "magnitudes",
)
SOLUTION = Template("frontier.nash", "Nash's product picks {package} (gains {gains}).", "magnitudes")
GROUPS = Template("frontier.responses", "Third parties respond in groups: {groups}.", "assumed")
RESTLESS = Template(
    "frontier.restless",
    "With nothing signed third parties would move by themselves ({options}), and that counts as a package here.",
    "order",
)


def frontier_findings(crisis: Crisis, result: FrontierResult) -> tuple[Finding, ...]:
    """Return the sentences, the answer first."""
    said = [_zone(crisis, result)]
    if result.nearest is not None:
        said.append(_nearest(crisis, result, result.nearest))
    won = result.solution.nash
    if won is not None and (won.gains[:1] > 0).all():
        label = _label(crisis, result, won.levels[0].tolist())
        gains = gains_in_words(_names(crisis, result), won.gains[0])
        said.append(SOLUTION.fill(package=f"[{label}]", gains=gains))
    groups = [f"{', '.join(own)} (to {', '.join(asked) or 'nothing that is traded'})" for own, asked in result.groups]
    if groups:
        said.append(GROUPS.fill(groups=listed_in_words(groups)))
    if result.restless:
        said.append(RESTLESS.fill(options=", ".join(result.restless)))
    return tuple(said)


def _zone(crisis: Crisis, result: FrontierResult) -> Finding:
    solved = result.solution
    pairs = zip(_names(crisis, result), result.base.tolist(), strict=True)
    values = {
        "parties": listed_in_words(_names(crisis, result)),
        "packages": count(solved.size, "combination"),
        "base": ", ".join(f"{name} {number(value)}" for name, value in pairs),
        "route": ROUTES[solved.route],
    }
    if solved.gaining == 0 or (solved.gaining is None and solved.route != "program" and not len(result.shown)):
        return EMPTY.fill(**values)
    zone = "some" if solved.gaining is None else f"{solved.gaining:,}"
    front = "the front was not sought" if solved.front_size is None else f"{solved.front_size:,} on the front"
    return ZONE.fill(zone=zone, front=front, **values)


def _nearest(crisis: Crisis, result: FrontierResult, close: NearestPackage) -> Finding:
    rows = list(zip(_names(crisis, result), close.short, close.slack, strict=True))
    label = f"[{_label(crisis, result, list(close.levels))}]"
    gains = gains_in_words(_names(crisis, result), [slack or -short for _, short, slack in rows])
    if not any(close.slack):
        return UNHELPED.fill(package=label, gains=gains)
    needs = [f"over {number(short)} to {name}" for name, short, slack in rows if not slack]
    affords = [f"under {number(slack)} to {name}" for name, _, slack in rows if slack]
    return NEAREST.fill(package=label, gains=gains, needs=" and ".join(needs), affords=" or ".join(affords))


def _names(crisis: Crisis, result: FrontierResult) -> tuple[str, ...]:
    return tuple(crisis.actors[name].name or name for name in result.parties)


def _label(crisis: Crisis, result: FrontierResult, levels: list[int]) -> str:
    settings = [
        (name, level)
        for name, level in zip(result.options, levels, strict=True)
        if level != crisis.options[name].today_index
    ]
    return package_label(crisis, settings)


def _shown_gains(result: FrontierResult) -> list[list[float]]:
    strict = (result.solution.front_gains > TOLERANCE).all(axis=1)
    return [[float(value) for value in row] for row in result.solution.front_gains[strict][: len(result.shown)]]


def frontier_tables(crisis: Crisis, result: FrontierResult) -> Table:
    """Return the packages of the front with third parties' responses."""
    columns = (
        Column("package", "Package"),
        *(
            Column(f"gain.{party}", name, "number", "points", "gain over no deal, worst response")
            for party, name in zip(result.parties, _names(crisis, result), strict=True)
        ),
        Column("surely", "Others then"),
        Column("perhaps", "and perhaps"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            _label(crisis, result, levels),
            *gains,
            package_label(crisis, response.surely) if response.surely else "",
            package_label(crisis, response.perhaps) if response.perhaps else "",
        )
        for levels, gains, response in zip(result.shown.tolist(), _shown_gains(result), result.responses, strict=True)
    )
    return Table("frontier.packages", "Packages no other one beats", columns, rows)
