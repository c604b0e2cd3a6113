"""The number grammar: what is read, what it means, what is refused and how it is mended."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.spec.estimative_words import BAND_OF_WORD, BANDS
from backchannel.spec.number import Number, NumberError, mixed, parse_number


@pytest.mark.parametrize(
    ("text", "support", "kind", "low", "centre", "high"),
    [
        ("0.6", "real", "exact", 0.6, 0.6, 0.6),
        ("-12", "real", "exact", -12, -12, -12),
        ("+.5", "real", "exact", 0.5, 0.5, 0.5),
        ("5.", "real", "exact", 5, 5, 5),
        ("0", "probability", "exact", 0, 0, 0),
        ("60 in 40..80", "real", "uniform", 40, 60, 80),
        ("-12 in -20..-6", "real", "uniform", -20, -12, -6),
        ("40..80", "real", "uniform", 40, 60, 80),
        ("40 .. 80", "real", "uniform", 40, 60, 80),
        ("0.5...75", "real", "uniform", 0.5, 0.625, 0.75),
        ("40 to 80", "real", "interval", 40, 60, 80),
        ("1 < 2 < 5", "real", "triangular", 1, 2, 5),
        ("1<2<5", "nonnegative", "triangular", 1, 2, 5),
        ("0.2 to 0.8", "probability", "interval", 0.2, 0.5, 0.8),
        ("likely", "probability", "uniform", 0.55, 0.675, 0.8),
        ("Almost No Chance", "probability", "uniform", 0.01, 0.03, 0.05),
    ],
)
def test_forms(text, support, kind, low, centre, high):
    number = parse_number(text, support)
    assert (number.kind, number.low, number.high) == (kind, low, high)
    assert number.centre == pytest.approx(centre)
    assert number.text == text
    assert number.is_uncertain == (low < high)


@pytest.mark.parametrize(
    ("text", "support", "message", "fix"),
    [
        ("1e3", "real", "has an exponent", "write 1000"),
        ("2.5e-1", "real", "has an exponent", "write 0.25"),
        ("1e999", "real", "has an exponent", "write it out"),
        ("010", "real", "has a leading zero", "write 10"),
        ("-007", "real", "has a leading zero", "write 7"),
        ("60%", "probability", "is a percentage", "write 0.6"),
        ("40-80", "real", "not a number", "such as 40..80"),
        ("40 – 80", "real", "not a number", "such as 40..80"),
        ("-5-10", "real", "not a number", "such as -5..10"),
        ("80..40", "real", "low end is above", "smaller number first"),
        ("80 to 40", "real", "low end is above", "smaller number first"),
        ("3 < 2 < 5", "real", "does not rise", "low < most likely < high"),
        ("90 in 40..80", "real", "outside its own bounds", "between 40 and 80"),
        ("60", "probability", "not between 0 and 1", "write 0.6"),
        ("-0.1", "probability", "not between 0 and 1", "from 0 to 1"),
        ("0.5..1.5", "probability", "not between 0 and 1", "from 0 to 1"),
        ("0 to 0.5", "probability", "cannot reach 0 or 1", "write 0..0.5 for hard bounds"),
        ("-1", "nonnegative", "below 0", "0 or more"),
        ("9" * 400, "real", "too large", "finite"),
        ("verry likely", "probability", "not a number", '"very likely"'),
        ("likely", "real", "not a number", "write 0.6"),
        ("", "real", "not a number", "write 0.6"),
        ("nan", "real", "not a number", "write 0.6"),
        ("1,5", "real", "not a number", "write 0.6"),
        ("١", "real", "not a number", "write 0.6"),
        (None, "real", "nothing is not a number", "write 0.6"),
        (True, "real", "not a number", "write 0.6"),
        ([1], "real", "a list is not a number", "write 0.6"),
        ({}, "real", "named fields is not a number", "write 0.6"),
        (math.inf, "real", "not a number", "write 0.6"),
    ],
)
def test_refused(text, support, message, fix):
    with pytest.raises(NumberError) as caught:
        parse_number(text, support)
    assert message in caught.value.message
    assert fix in caught.value.fix
    assert len(caught.value.message) < 200


def written(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".") or "0"


decimals = (
    st.decimals(min_value=-10_000, max_value=10_000, places=3)
    .map(float)
    .map(written)
    .map(lambda t: t.replace("-0", "0") if float(t) == 0 else t)
)
chances = st.decimals(min_value=0, max_value=1, places=3).map(float).map(written)


@st.composite
def texts(draw, values=decimals):
    low, centre, high = sorted((draw(values) for _ in range(3)), key=float)
    forms = [centre, f"{centre} in {low}..{high}", f"{low}..{high}", f"{low} to {high}", f"{low} < {centre} < {high}"]
    return draw(st.sampled_from(forms))


@given(texts())
def test_what_is_read_is_in_order_and_reads_itself(text):
    number = parse_number(text)
    assert number.low <= number.centre <= number.high
    assert parse_number(number.text) == number
    assert parse_number(number) is number


def read(text, support) -> Number | NumberError:
    try:
        return parse_number(text, support)
    except NumberError as error:
        return error


@given(texts(values=chances))
def test_chances(text):
    number = read(text, "probability")
    if isinstance(number, NumberError):
        assert "cannot reach 0 or 1" in number.message
        assert " to " in text
    else:
        assert 0 <= number.low <= number.centre <= number.high <= 1


@given(st.text(max_size=20), st.sampled_from(["real", "nonnegative", "probability"]))
def test_any_text_is_read_or_refused_in_words(text, support):
    number = read(text, support)
    if isinstance(number, NumberError):
        assert number.message
        assert number.fix
    else:
        assert math.isfinite(number.centre)
        assert number.low <= number.centre <= number.high


@given(texts(), decimals, st.sampled_from([0.0, 0.25, 0.5, 1.0]))
def test_mixing_moves_every_part_alike(text, target, weight):
    number = parse_number(text)
    mix = parse_number(mixed(number, float(target), weight))
    for name in ("low", "centre", "high"):
        expected = (1 - weight) * getattr(number, name) + weight * float(target)
        assert getattr(mix, name) == pytest.approx(expected, abs=1e-9)
    assert mix.kind in (number.kind, "exact")


def test_middles_of_large_and_narrow_ranges():
    assert parse_number(f"{'8' * 308}..{'9' * 308}").centre == pytest.approx(9.4e307, rel=0.01)
    assert parse_number("0.001 to 0.001", "probability").centre == 0.001


def test_an_exact_python_number_is_read():
    assert parse_number(3) == Number(3.0, "exact", 3.0, 3.0, "real", "3")
    assert parse_number(0.25).centre == 0.25


def test_bands_touch_and_cover():
    ends = [(low, high) for _, low, high in BANDS]
    assert [high for _, high in ends[:-1]] == [low for low, _ in ends[1:]]
    assert (ends[0][0], ends[-1][1]) == (0.01, 0.99)
    assert len(BAND_OF_WORD) == sum(len(words) for words, _, _ in BANDS)
