"""Contrast of every pair of colours a page sets text in, by the formula of WCAG 2.2 (1.4.3)."""

from __future__ import annotations

import re

import pytest

from backchannel.render.html import environment

PAIRS = (
    ("ink", "paper"), ("muted", "paper"), ("link", "paper"), ("head", "paper"), ("gain", "paper"), ("loss", "paper"),
    ("past", "paper"), ("ink", "tint"), ("muted", "tint"), ("link", "tint"), ("gain", "tint"), ("loss", "tint"),
    ("judged", "judged-tint"), ("ink", "judged-tint"), ("muted", "judged-tint"), ("link", "judged-tint"),
    ("past", "tint"),
)  # fmt: skip


def style() -> str:
    return environment().get_template("_style.css.j2").render()


def palettes() -> list[dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\}", style(), re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_formula_on_published_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_light_dark_and_print_each_set_every_colour() -> None:
    names = [frozenset(palette) for palette in palettes()]
    assert len(names) == 3
    assert set(names) == {names[0]}


@pytest.mark.parametrize("which", [0, 1, 2], ids=["light", "dark", "print"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(which: int, text: str, ground: str) -> None:
    palette = palettes()[which]
    assert contrast(palette[text], palette[ground]) >= 4.5


def test_style_asks_for_nothing_from_outside() -> None:
    assert not re.search(r"url\(|@import|@font-face|https?:", style())
