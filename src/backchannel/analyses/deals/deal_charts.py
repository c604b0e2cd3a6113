"""Packages as charts: the utility plane of two parties, parallel coordinates of more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.words import listed_in_words, row_label
from backchannel.results.chart import Chart, parallel_coordinates, utility_plane

if TYPE_CHECKING:
    from backchannel.analyses.deals.deals import DealsResult

MOST_POINTS = 2000
"""Packages drawn: those of the zone, then others in order."""


def charts(found: Bargain, result: DealsResult) -> tuple[Chart, ...]:
    """Return the chart of the packages' gains; none if no package can be drawn."""
    drawable = np.flatnonzero(np.isfinite(result.worst).all(axis=1))
    others = drawable[~np.isin(drawable, result.solutions.zone)]
    rows = np.concatenate([result.solutions.zone, others])[:MOST_POINTS].astype(np.int64)
    if not rows.size:
        return ()
    place = {int(row): k for k, row in enumerate(rows)}
    marked = {
        name: tuple(place[int(row)] for row in picked)
        for name, picked in (("Nash", result.solutions.nash), ("Kalai-Smorodinsky", result.solutions.kalai_smorodinsky))
        if picked.size
    }
    parties = found.party_names
    zone = result.solutions.zone.size
    said = f"{zone:,} of {found.packages.size:,} packages gain every party something over no deal."
    title = f"Packages of {listed_in_words(parties)} against no deal"
    names = tuple(row_label(found, int(row)) for row in rows)
    gains, front = result.worst[rows], np.isin(rows, result.solutions.front)
    if len(parties) == 2:
        pair = (parties[0], parties[1])
        plane = utility_plane(
            "packages", title, said, parties=pair, gains=gains, names=names, front=front, marked=marked
        )
        return (plane,)
    return (
        parallel_coordinates(
            "packages", title, said, parties=parties, gains=gains, names=names, front=front, marked=marked
        ),
    )
