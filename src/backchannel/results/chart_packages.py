"""Charts of packages: the plane of two parties' gains, and lines across three parties or more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backchannel.numerics.number_format import count
from backchannel.results.chart_marks import Axis, Chart, Layer, Panel
from backchannel.results.table import Column, Table

FRONT, OTHER, NAMED = "On the Pareto front", "Other packages", "Named solution"
MOST_LINES = 60
"""Packages drawn as lines; more would be a grey wall."""
GRID = 50
"""Places a side on which the points of a plane are told apart."""


def utility_plane(
    name: str,
    title: str,
    alt: str,
    *,
    parties: tuple[str, str],
    gains: ArrayLike,
    names: Sequence[str],
    front: ArrayLike,
    marked: Mapping[str, Sequence[int]] | None = None,
    unit: str = "points",
    no_deal: tuple[float, float] | None = None,
) -> Chart:
    """Draw packages as points, one party's gain to the right, the other's upwards, the Pareto front joined.

    Parameters
    ----------
    parties
        Names of the two.
    gains
        (packages, 2), over no deal; utilities if ``no_deal`` is given.
    names
        (packages), for the table.
    front
        (packages) mask of the packages no other one beats.
    marked
        Packages of each named solution, all tied ones; solutions that agree share a mark.
    unit
        Of a gain.
    no_deal
        Where the parties stand without a deal; left out, ``gains`` are gains over it and it is at zero.
    """
    values, on_front = _values(gains, 2), np.asarray(front, dtype=bool)
    where = _solutions(marked or {})
    origin = no_deal or (0.0, 0.0)
    order = _distinct(values, np.flatnonzero(on_front))
    spots = _distinct(values, where)
    said = [_names_at(values, where, spot) for spot in spots]
    rest = _spread_out(values, np.setdiff1d(np.arange(len(values)), [*np.flatnonzero(on_front), *where]))
    layers = (
        Layer("rule", x=(origin[0],), quiet=True),
        Layer("rule", y=(origin[1],), quiet=True),
        _points(values, rest, (), OTHER, quiet=True),
        Layer("line", *_corners(values, order), series=(FRONT,) * len(order)),
        _points(values, order, (), FRONT, quiet=False),
        _points(values, spots, said, NAMED, quiet=False),
        Layer("point", (origin[0],), (origin[1],), label=("No deal",)),
    )
    x, y = (Axis(f"Utility of {party}" if no_deal else f"Gain of {party}", unit) for party in parties)
    left_out = len(values) - len(rest) - len({*order, *spots})
    return Chart(
        id=name,
        title=title,
        alt=alt,
        x=x,
        panels=(Panel(y, tuple(layer for layer in layers if layer.size)),),
        table=_package_table(name, title, parties, values, names, on_front, where, unit),
        series=(FRONT, NAMED, OTHER),
        notes=(f"{count(left_out, 'more package')} on the points drawn.",) if left_out else (),
    )


def parallel_coordinates(
    name: str,
    title: str,
    alt: str,
    *,
    parties: Sequence[str],
    gains: ArrayLike,
    names: Sequence[str],
    front: ArrayLike,
    marked: Mapping[str, Sequence[int]] | None = None,
    unit: str = "points",
) -> Chart:
    """Draw each package as a line across the parties, at each party's gain over no deal.

    Parameters
    ----------
    parties
        Names, from left to right.
    gains
        (packages, parties), over no deal.
    names
        (packages), for the table.
    front
        (packages) mask of the packages no other one beats.
    marked
        Packages of each named solution; each gets a colour and its name.
    unit
        Of a gain.
    """
    values, on_front = _values(gains, len(parties)), np.asarray(front, dtype=bool)
    where = _solutions(marked or {})
    solutions = tuple(dict.fromkeys(where.values()))
    unnamed = np.setdiff1d(np.arange(len(values)), list(where))
    shown = [*_evenly(unnamed[on_front[unnamed]], MOST_LINES // 2)]
    rest = _evenly(unnamed[~on_front[unnamed]], MOST_LINES - len(shown))
    layers = (
        Layer("rule", y=(0.0,), quiet=True),
        _across(parties, values, dict.fromkeys(rest, OTHER), quiet=True),
        _across(parties, values, dict.fromkeys(shown, FRONT), quiet=False),
        _across(parties, values, where, quiet=False),
    )
    left_out = len(values) - len(shown) - len(rest) - len(where)
    return Chart(
        id=name,
        title=title,
        alt=alt,
        x=Axis("Party", scale="name", names=tuple(parties)),
        panels=(Panel(Axis("Gain over no deal", unit), tuple(layer for layer in layers if layer.size)),),
        table=_package_table(name, title, parties, values, names, on_front, where, unit),
        series=(*solutions, FRONT, OTHER),
        notes=(f"Not drawn: {left_out:,} of {count(len(values), 'package')}.",) if left_out else (),
    )


def _values(values: ArrayLike, parties: int) -> NDArray[np.float64]:
    """Return values as (packages, parties). Raises ValueError for another shape."""
    made = np.asarray(values, dtype=np.float64)
    if made.ndim != 2 or made.shape[1] != parties:
        raise ValueError(f"gains have shape {made.shape}, expected (packages, {parties})")
    return made


def _solutions(marked: Mapping[str, Sequence[int]]) -> dict[int, str]:
    """Return what each marked package is called; solutions that agree on it share its mark."""
    found: dict[int, list[str]] = {}
    for name, packages in marked.items():
        for package in packages:
            found.setdefault(int(package), []).append(name)
    return {package: ", ".join(names) for package, names in sorted(found.items())}


def _distinct(values: NDArray[np.float64], rows: Iterable[int]) -> list[int]:
    """Return the first of the rows at each place, from left to right and then downwards."""
    first: dict[tuple[float, ...], int] = {}
    for row in rows:
        first.setdefault(tuple(values[row].tolist()), int(row))
    return [first[place] for place in sorted(first, key=lambda place: (place[0], -place[1]))]


def _names_at(values: NDArray[np.float64], marked: Mapping[int, str], spot: int) -> str:
    """Return the names of every solution at the place of one package."""
    here = [name for row, name in marked.items() if np.array_equal(values[row], values[spot])]
    return ", ".join(dict.fromkeys(", ".join(here).split(", ")))


def _spread_out(values: NDArray[np.float64], rows: Iterable[int]) -> list[int]:
    """Return the first of the rows in each place of a grid over all values, so that no point hides another."""
    least = values.min(axis=0)
    size = np.maximum(values.max(axis=0) - least, np.finfo(np.float64).tiny)
    chosen = np.fromiter(rows, dtype=np.int64)
    places = np.floor((values[chosen] - least) / size * GRID).astype(np.int64)
    _, first = np.unique(places, axis=0, return_index=True)
    return [int(row) for row in np.sort(chosen[first])]


def _evenly(rows: NDArray[np.int64], most: int) -> list[int]:
    """Return at most so many of the rows, evenly from first to last."""
    if len(rows) <= most:
        return [int(row) for row in rows]
    return [int(row) for row in rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]]


def _points(
    values: NDArray[np.float64], rows: Sequence[int], labels: Sequence[str], series: str, *, quiet: bool
) -> Layer:
    """Return rows of (packages, 2) as points of one series."""
    x, y = _corners(values, rows)
    return Layer("point", x, y, series=(series,) * len(rows), label=tuple(labels), quiet=quiet)


def _corners(values: NDArray[np.float64], rows: Sequence[int]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the two columns of some rows."""
    return tuple(values[list(rows), 0].tolist()), tuple(values[list(rows), 1].tolist())


def _across(parties: Sequence[str], values: NDArray[np.float64], series: Mapping[int, str], *, quiet: bool) -> Layer:
    """Return packages as lines across the parties, each in its series."""
    rows = [(package, name, place) for package, name in series.items() for place in range(len(parties))]
    return Layer(
        "line",
        x=tuple(parties[place] for _, _, place in rows),
        y=tuple(float(values[package, place]) for package, _, place in rows),
        series=tuple(name for _, name, _ in rows),
        part=tuple(str(package) for package, _, _ in rows),
        quiet=quiet,
    )


def _package_table(
    name: str,
    title: str,
    parties: Sequence[str],
    values: NDArray[np.float64],
    names: Sequence[str],
    front: NDArray[np.bool_],
    marked: Mapping[int, str],
    unit: str,
) -> Table:
    """Return the packages on the front and those marked, with every party's value."""
    columns = (
        Column("package", "Package"),
        *(Column(f"party{k}", party, "number", unit) for k, party in enumerate(parties)),
        Column("front", "On the Pareto front", "mark"),
        Column("solution", "Named solution"),
    )
    kept = sorted({*np.flatnonzero(front).tolist(), *marked})
    rows = tuple((names[k], *values[k].tolist(), bool(front[k]), marked.get(k, "")) for k in kept)
    return Table(f"{name}-data", title, columns, rows)
