"""Axes in pixels: the bounds, the ticks and their words, written by the one number formatter."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from backchannel.numerics.number_format import number
from backchannel.render.words import MONTHS
from backchannel.results.chart import Axis, Value

LONG = 75
"""Days beyond which ticks stand at the first of a month."""
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
DAY_STEPS = (1, 2, 7)


@dataclass(frozen=True)
class Ruler:
    """An axis with its bounds, its ticks and the lines of words beside each."""

    least: float
    most: float
    length: float
    upright: bool
    ticks: tuple[float, ...]
    words: tuple[tuple[str, ...], ...]

    def pixel(self, value: float) -> float:
        """Return where a value stands, from the left or from the top."""
        share = (value - self.least) / (self.most - self.least)
        return self.length * (1 - share if self.upright else share)


def position(axis: Axis, value: Value) -> float:
    """Return the number a value stands at: a day's ordinal, a name's place from 0."""
    if axis.scale == "name":
        return float(axis.names.index(str(value)))
    if axis.scale == "date":
        return float(date.fromisoformat(str(value)).toordinal())
    return float(value)


def ruler(axis: Axis, values: Iterable[Value], length: float, *, upright: bool, room: float, pad: float = 0.0) -> Ruler:
    """Fit an axis to its values.

    Parameters
    ----------
    axis, values
        The axis and everything on it.
    length
        In pixels.
    upright
        Whether it stands: numbers then grow upwards and end at ticks, names go upright.
    room
        Pixels a tick needs.
    pad
        Share of the length left free at each end, so that no mark is cut.
    """
    if axis.scale == "name":
        ends = (-0.5, len(axis.names) - 0.5)
        least, most = reversed(ends) if upright else ends
        return Ruler(least, most, length, upright, tuple(map(float, range(len(axis.names)))), ())
    least, most = _bounds(axis, [position(axis, value) for value in values])
    fixed_least, fixed_most = axis.least is not None, axis.most is not None
    count = max(2, int(length / room))
    if axis.scale == "date":
        least, most = least - pad * (most - least), most + pad * (most - least)
        days = _date_ticks(math.floor(least), math.ceil(most), count)
        return Ruler(least, most, length, upright, tuple(map(float, days)), _date_words(days))
    step = _step(most - least, count, whole=axis.scale == "count")
    low = least if fixed_least else math.floor(least / step + 1e-9) * step if upright else least - pad * (most - least)
    high = most if fixed_most else math.ceil(most / step - 1e-9) * step if upright else most + pad * (most - least)
    low, high = min(low, least), max(high, most)  # an end within rounding of a tick may lie just beyond it
    if axis.scale == "share":
        low, high = max(low, min(0.0, least)), min(high, max(1.0, most))
    ticks = tuple(k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1))
    return Ruler(low, high, length, upright, ticks, tuple((value_words(axis, tick),) for tick in ticks))


def value_words(axis: Axis, value: float) -> str:
    """Write a value of an axis: shares in percent."""
    return f"{number(value * 100)} %" if axis.scale == "share" else number(value)


def _bounds(axis: Axis, values: list[float]) -> tuple[float, float]:
    least = min(values, default=0.0) if axis.least is None else axis.least
    most = max(values, default=1.0) if axis.most is None else axis.most
    if axis.scale != "date" and axis.least is None and 0 < least < 0.6 * most:
        least = 0.0
    if axis.scale != "date" and axis.most is None and 0 > most > 0.6 * least:
        most = 0.0
    if most <= least:
        half = max(abs(least) * 0.1, 0.5) if axis.scale != "share" else 0.05
        return least - half, most + half
    return least, most


def _step(span: float, count: int, *, whole: bool) -> float:
    """Return 1, 2 or 5 times a power of ten, so that at most about ``count`` of it fill the span."""
    raw = span / count
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * size for factor in (1, 2, 5, 10) if factor * size >= raw * 0.999)
    return max(1.0, step) if whole else step


def _date_ticks(first: int, last: int, count: int) -> list[int]:
    for step in DAY_STEPS if last - first <= LONG else ():
        days = [day for day in range(first, last + 1) if (day - 1) % step == 0]
        if len(days) <= count:
            return days
    for step in MONTH_STEPS:
        begin, end = date.fromordinal(first), date.fromordinal(last)
        months = range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month)
        days = [date(month // 12, month % 12 + 1, 1).toordinal() for month in months if month % step == 0]
        days = [day for day in days if first <= day <= last]
        if len(days) <= count:
            break
    return days


def _date_words(days: list[int]) -> tuple[tuple[str, ...], ...]:
    """Write days as ``1 May``, with the year under the first and where it changes."""
    words = []
    year = 0
    for day in map(date.fromordinal, days):
        text = f"{day.day} {MONTHS[day.month - 1][:3]}"
        words.append((text, str(day.year)) if day.year != year else (text,))
        year = day.year
    return tuple(words)
