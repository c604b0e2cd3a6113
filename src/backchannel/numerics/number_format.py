"""The one place that turns a number into text, so that every face prints the same characters."""

from __future__ import annotations

import math

MINUS = "−"


def number(value: float, digits: int = 6) -> str:
    """Write a number with at most ``digits`` significant digits, no exponent for common sizes, and a true minus."""
    if not math.isfinite(value):
        return "unknown"
    text = f"{value:.{digits}g}"
    if "e" in text and 1e-6 <= abs(value) < 1e15:
        text = f"{value:.{max(digits - 1 - math.floor(math.log10(abs(value))), 0)}f}"
    if text in ("-0", "0"):
        return "0"
    return text.replace("-", MINUS)


def signed(value: float, digits: int = 6) -> str:
    """Write a difference with its sign."""
    text = number(value, digits)
    return text if text.startswith(MINUS) or text == "0" else f"+{text}"


def count(value: int, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun: ``1 state``, ``4,096 states``."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def share(value: float, draws: int) -> str:
    """Write a share of draws as a whole percentage, never rounding to all or nothing what is neither."""
    if not 0 < value < 1:
        return f"{value * 100:.0f} %"
    percent = value * 100
    if percent > 99:
        return "more than 99 %"
    if percent < 1:
        return "less than 1 %"
    digits = 1 if draws >= 1000 and (percent < 3 or percent > 97) else 0
    return f"{percent:.{digits}f} %"
