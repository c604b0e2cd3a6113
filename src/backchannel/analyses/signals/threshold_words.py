"""The findings on thresholds: at which belief the best course of an actor changes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.signals.beliefs import Track
from backchannel.analyses.signals.speech import belief, drawn_share, listed, speaker, statement, verb
from backchannel.analyses.signals.thresholds import Threshold, course_cell
from backchannel.model.model import Model
from backchannel.numerics.number_format import count, number
from backchannel.results.finding import Finding, Template

if TYPE_CHECKING:
    from backchannel.analyses.signals.signals import SignalsResult

THRESHOLD = Template(
    "signals.threshold",
    "{holder} {gives} “{event}” {belief}. {better}.",
    "magnitudes",
)


def threshold_findings(model: Model, result: SignalsResult) -> list[Finding]:
    """Return a finding for each belief in an event: which courses holding out beats up to which belief."""
    found = []
    shares = dict(zip(result.thresholds, result.threshold_share, strict=True)) if result.threshold_share else {}
    for _, group in groupby(result.thresholds, key=lambda item: (item.holder, item.that, item.event)):
        items = tuple(group)
        first = items[0]
        found.append(
            THRESHOLD.fill(
                holder=speaker(model, first.holder),
                gives=verb(speaker(model, first.holder), "give"),
                event=statement(model, first.that),
                belief=belief(first.belief, first.low, first.high),
                better=_better(model, items, shares, result.provenance.draws, _behind(result.tracks, first)),
            ).because((f"beliefs.{_prior(result.tracks, first)}.p",))
        )
    return found


def _behind(tracks: tuple[Track, ...], item: Threshold) -> tuple[str, ...]:
    """Return the paths of the prior of a belief and of the signals that moved it."""
    [track] = [track for track in tracks if (track.holder, track.that) == (item.holder, item.that)]
    return (f"beliefs.{track.prior}.", *(f"signals.{step.cause}." for step in track.since_prior[1:]))


def _prior(tracks: tuple[Track, ...], item: Threshold) -> str:
    return next(track.prior for track in tracks if (track.holder, track.that) == (item.holder, item.that))


def _better(
    model: Model,
    items: tuple[Threshold, ...],
    shares: dict[Threshold, float],
    draws: int,
    moved_by: tuple[str, ...],
) -> str:
    """Say up to which belief holding out beats which course, and which courses are better at any."""
    parts: list[str] = []
    ranged = has_range(model, *moved_by, f"preferences.{items[0].holder}.")
    for item in sorted((item for item in items if item.flips_at is not None), key=lambda item: item.flips_at or 0):
        said = "Holding out beats" if not parts else "beats"
        value = "a value inside the range" if item.low < item.high else "its very belief"
        within = {"open": f", {value}", "changes": ", which is passed"}.get(item.verdict, "")
        drawn = f" (better {drawn_share(shares[item], draws, ranged)})" if item in shares else ""
        limit = f"{'while that is ' if not parts else ''}below {number(item.flips_at or 0, 3)}"
        parts.append(f"{said} {_courses(model, item.holder, item.courses)} {limit}{within}{drawn}")
    text = "; ".join(parts) if parts else "No course it has changes with that belief"
    always = [name for item in items if item.flips_at is None and item.verdict == "changes" for name in item.courses]
    return text + (f"; it prefers {_courses(model, items[0].holder, tuple(always))} at any belief" if always else "")


MOST_COURSES = 3
"""Courses named in a sentence; more are counted, and the table names them."""


def _courses(model: Model, holder: str, names: tuple[str, ...]) -> str:
    """Name a few courses; many by what the holder itself does in every one of them."""
    if len(names) <= MOST_COURSES:
        return listed(names)
    cells = [cell for name in names if (cell := course_cell(model, name)) is not None]
    levels = model.space.levels(np.array(cells, dtype=np.int64))
    today = model.space.levels(np.array([model.space.today]))[0]
    shared = [
        name
        for k, (name, option) in enumerate(model.crisis.options.items())
        if option.by == holder and (levels[:, k] == levels[0, k]).all() and levels[0, k] != today[k]
    ]
    many = count(len(names), "deal or state", "deals and states")
    return f"{listed(shared)} (in {many})" if shared else many


def has_range(model: Model, *starts: str) -> bool:
    """Return whether some number under these paths has a range, so that draws of it differ."""
    return any(item.path.startswith(starts) and item.number.low < item.number.high for item in model.inputs)
