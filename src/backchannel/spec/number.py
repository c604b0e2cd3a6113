"""The number grammar of a crisis file: a centre and, where the analyst gave one, a distribution.

========================  ==========================================  ============
Text                      Meaning                                     Centre
========================  ==========================================  ============
``0.6``                   exactly this                                itself
``60 in 40..80``          hard bounds, uniform between them           as given
``40..80``                hard bounds, uniform between them           the midpoint
``40 to 80``              90 % interval                               the median
``1 < 2 < 5``             triangular                                  the mode
``likely``                the band of the ICD 203 word, uniform       the midpoint
========================  ==========================================  ============

An interval ``a to b`` is normal; on a probability it is normal in log-odds, so that every draw stays between
0 and 1 and the median keeps a closed form.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from backchannel.spec.estimative_words import BAND_OF_WORD
from backchannel.spec.positions import shown

NumberKind = Literal["exact", "uniform", "interval", "triangular"]
Support = Literal["real", "nonnegative", "probability"]

_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_EXACT = re.compile(rf"({_DECIMAL})")
_CENTRED = re.compile(rf"({_DECIMAL})\s+in\s+({_DECIMAL})\s*\.\.\s*({_DECIMAL})")
_BOUNDS = re.compile(rf"({_DECIMAL})\s*\.\.\s*({_DECIMAL})")
_INTERVAL = re.compile(rf"({_DECIMAL})\s+to\s+({_DECIMAL})")
_TRIANGULAR = re.compile(rf"({_DECIMAL})\s*<\s*({_DECIMAL})\s*<\s*({_DECIMAL})")
_DASH = re.compile(r"(?<=[0-9])\s*[–—−-]\s*(?=[0-9])")
_LEADING_ZERO = re.compile(r"[+-]?0[0-9]")

FORMS = "0.6, 60 in 40..80, 40..80, 40 to 80 or 1 < 2 < 5"


class NumberError(ValueError):
    """A text that is no number of the grammar; carries the stable code, the message and the fix."""

    def __init__(self, code: str, message: str, fix: str = "") -> None:
        self.code, self.message, self.fix = code, message, fix
        super().__init__(f"{message}; {fix}" if fix else message)


@dataclass(frozen=True)
class Number:
    """A number of a crisis file.

    Parameters
    ----------
    centre
        The value a single answer uses.
    kind
        ``exact``, ``uniform`` (hard bounds), ``interval`` (90 %) or ``triangular``.
    low, high
        Bounds, or the 5 % and 95 % points of an interval; equal to the centre when exact.
    support
        What the field admits: any real number, none below 0, or 0 to 1.
    text
        As written.
    """

    centre: float
    kind: NumberKind
    low: float
    high: float
    support: Support
    text: str

    @property
    def is_uncertain(self) -> bool:
        """Whether draws of this number differ from one another."""
        return self.kind != "exact" and self.low < self.high


def parse_number(value: object, support: Support = "real") -> Number:
    """Read a number of the grammar.

    Parameters
    ----------
    value
        The text of the field, or a Python number.
    support
        What the field admits.

    Raises
    ------
    NumberError
        With a stable code, what was found and how to mend it.
    """
    if isinstance(value, Number):
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise NumberError("not-a-number", f"{shown(value)} is not a number", f"write {FORMS}")
    text = value.strip() if isinstance(value, str) else repr(value)
    number = _match(text, support)
    _check_support(number)
    return number


def _match(text: str, support: Support) -> Number:
    if found := _EXACT.fullmatch(text):
        value = _decimal(found[1])
        return Number(value, "exact", value, value, support, text)
    if found := _CENTRED.fullmatch(text):
        centre, low, high = (_decimal(part) for part in found.groups())
        _check_order(text, low, high)
        if not low <= centre <= high:
            raise NumberError(
                "reversed-range",
                f'the centre of "{text}" lies outside its own bounds',
                f"put it between {found[2]} and {found[3]}",
            )
        return Number(centre, "uniform", low, high, support, text)
    if found := _BOUNDS.fullmatch(text):
        low, high = (_decimal(part) for part in found.groups())
        _check_order(text, low, high)
        return Number(_middle(low, high), "uniform", low, high, support, text)
    if found := _INTERVAL.fullmatch(text):
        low, high = (_decimal(part) for part in found.groups())
        _check_order(text, low, high)
        return Number(_median(text, low, high, support), "interval", low, high, support, text)
    if found := _TRIANGULAR.fullmatch(text):
        low, mode, high = (_decimal(part) for part in found.groups())
        if not low <= mode <= high:
            raise NumberError(
                "reversed-range",
                f'"{text}" does not rise from left to right',
                "write low < most likely < high",
            )
        return Number(mode, "triangular", low, high, support, text)
    if support == "probability" and text.lower() in BAND_OF_WORD:
        low, high = BAND_OF_WORD[text.lower()]
        return Number(_middle(low, high), "uniform", low, high, support, text)
    raise _explain(text, support)


def _decimal(text: str) -> float:
    if _LEADING_ZERO.match(text):
        raise NumberError("not-a-number", f'"{text}" has a leading zero', f"write {text.lstrip('+-0') or '0'}")
    value = float(text)
    if not math.isfinite(value):
        raise NumberError("not-a-number", f'"{text[:20]}..." is too large', "write a finite number")
    return value


def _check_order(text: str, low: float, high: float) -> None:
    if low > high:
        raise NumberError(
            "reversed-range",
            f'the low end is above the high end in "{text}"',
            "write the smaller number first",
        )


def _middle(low: float, high: float) -> float:
    """Return the midpoint; halved first, so that it stays finite."""
    return low / 2 + high / 2


def _median(text: str, low: float, high: float, support: Support) -> float:
    if support != "probability":
        return _middle(low, high)
    if low <= 0 or high >= 1:
        fix = f"write {text.replace(' to ', '..')} for hard bounds, or keep both ends strictly between 0 and 1"
        raise NumberError(
            "out-of-range", f'a 90 % interval for a probability cannot reach 0 or 1, as "{text}" does', fix
        )
    middle = (math.log(low / (1 - low)) + math.log(high / (1 - high))) / 2
    return min(max(1 / (1 + math.exp(-middle)), low), high)


LEAST_PERCENTAGE = 5
"""From here on a number for a probability is taken to be meant as a percentage; below, a slip is as good a guess."""


def _check_support(number: Number) -> None:
    values = (number.low, number.centre, number.high)
    if number.support == "probability" and not all(0 <= value <= 1 for value in values):
        fix = (
            f"write {number.centre / 100:g}"
            if LEAST_PERCENTAGE <= number.centre <= 100 and number.kind == "exact"
            else "write a number from 0 to 1"
        )
        raise NumberError("out-of-range", f'"{number.text}" is not between 0 and 1', fix)
    if number.support == "nonnegative" and not all(value >= 0 for value in values):
        raise NumberError("out-of-range", f'"{number.text}" is below 0', "write a number of 0 or more")


def _explain(text: str, support: Support) -> NumberError:
    if re.fullmatch(rf"{_DECIMAL}[eE][+-]?\d+", text):
        fix = f"write {float(text):.12f}".rstrip("0").rstrip(".") if abs(float(text)) < 1e12 else "write it out"
        return NumberError("not-a-number", f'"{text}" has an exponent, which is not read', fix)
    if found := re.fullmatch(rf"({_DECIMAL})\s*%", text):
        return NumberError("not-a-number", f'"{text}" is a percentage', f"write {float(found[1]) / 100:g}")
    if _DASH.search(text):
        fix = f"for hard bounds write two dots, such as {_DASH.sub('..', text)}"
        return NumberError("not-a-number", f'"{text}" is not a number', fix)
    words = f', or a word such as "{_nearest_word(text)}"' if support == "probability" else ""
    return NumberError("not-a-number", f'"{text}" is not a number', f"write {FORMS}{words}")


def _nearest_word(text: str) -> str:
    return (get_close_matches(text.lower(), BAND_OF_WORD, n=1) or ["likely"])[0]


def mixed(number: Number, target: float, weight: float) -> str:
    """Write ``(1 - weight) * number + weight * target`` in the grammar, distribution included."""

    def mix(value: float) -> str:
        text = f"{(1 - weight) * value + weight * target:.12f}".rstrip("0").rstrip(".")
        return "0" if text in ("", "-0") else text

    low, centre, high = mix(number.low), mix(number.centre), mix(number.high)
    if number.kind == "exact" or low == high:
        return centre
    if number.kind == "uniform":
        return f"{centre} in {low}..{high}"
    return f"{low} to {high}" if number.kind == "interval" else f"{low} < {centre} < {high}"
