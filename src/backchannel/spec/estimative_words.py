"""The estimative words of ICD 203 and the band of probability of each (ODNI, 2015, table in D.6.e.2.a)."""

from __future__ import annotations

BANDS: tuple[tuple[tuple[str, ...], float, float], ...] = (
    (("almost no chance", "remote"), 0.01, 0.05),
    (("very unlikely", "highly improbable"), 0.05, 0.20),
    (("unlikely", "improbable"), 0.20, 0.45),
    (("roughly even chance", "roughly even odds"), 0.45, 0.55),
    (("likely", "probable"), 0.55, 0.80),
    (("very likely", "highly probable"), 0.80, 0.95),
    (("almost certain", "almost certainly", "nearly certain"), 0.95, 0.99),
)

BAND_OF_WORD: dict[str, tuple[float, float]] = {word: (low, high) for words, low, high in BANDS for word in words}
