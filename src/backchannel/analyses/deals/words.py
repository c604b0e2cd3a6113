"""Packages, gains and sets in plain words, the same in every question about deals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backchannel.analyses.deals.bargain import Bargain
from backchannel.numerics.number_format import number, signed
from backchannel.spec.crisis import Crisis


def package_label(crisis: Crisis, settings: Sequence[tuple[str, int]]) -> str:
    """Return a short label: the ids of what changes, ``withdraw, press_kiev``."""
    return ", ".join(_setting(crisis, option, level) for option, level in settings) or "(nothing)"


def row_settings(bargain: Bargain, row: int) -> tuple[tuple[str, int], ...]:
    """Return (option, level) of what a listed package changes against today."""
    packages, crisis = bargain.packages, bargain.model.crisis
    return tuple(
        (option, int(level))
        for option, level in zip(packages.options, packages.levels[row], strict=True)
        if level != crisis.options[option].today_index
    )


def row_label(bargain: Bargain, row: int) -> str:
    """Return the short label of a listed package."""
    return package_label(bargain.model.crisis, row_settings(bargain, row))


def gains_in_words(names: Sequence[str], gains: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    """Say who gains how much: ``United States +25, Russia +31``."""
    return ", ".join(f"{name} {signed(float(gain))}" for name, gain in zip(names, gains, strict=True))


def count_of_points(points: float) -> str:
    """Write a number of points with its noun."""
    return f"{number(points)} {'point' if points == 1 else 'points'}"


def listed_in_words(names: Sequence[str], most: int = 4) -> str:
    """Join names by commas and "and", the last ones counted."""
    shown = [*names[:most], *([f"{len(names) - most} more"] if len(names) > most else [])]
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" and {shown[-1]}" if shown else ""


def _setting(crisis: Crisis, option: str, level: int) -> str:
    levels = crisis.options[option].levels
    if len(levels) > 2:
        return f"{option} = {levels[level]}"
    return option if level else f"not {option}"
