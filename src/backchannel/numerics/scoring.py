"""Scores of forecasts in probabilities: Brier's with its decomposition, the logarithmic one, and skill."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .extensive_form import Floats

CLIP = 0.01
"""Probabilities closer to 0 or 1 than this are scored as this by the logarithmic score."""


@dataclass(frozen=True)
class BrierParts:
    """The mean Brier score and what it is made of: score = reliability - resolution + uncertainty.

    Parameters
    ----------
    score
        Mean of (p - y)^2; 0 is perfect.
    reliability
        How far forecasts of a value lie from how often the event came about after them; 0 is best.
    resolution
        How far these frequencies lie from the overall one; more is better.
    uncertainty
        Variance of the event: the score of always forecasting its frequency.
    skill
        1 - score / uncertainty; nan if the event always or never came about.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float
    skill: float


def brier_score(probability: ArrayLike, outcome: ArrayLike) -> float:
    """Return the mean of (p - y)^2 over yes-or-no events (Brier 1950), 0 (perfect) to 1.

    ``outcome`` is 0 or 1 (or False, True), both of shape (forecasts,).
    """
    p, y = _pairs(probability, outcome)
    return float(((p - y) ** 2).mean())


def brier_score_of_classes(probability: ArrayLike, outcome: ArrayLike) -> float:
    """Return the mean over forecasts of the sum over classes of (p - y)^2 (Brier 1950), 0 to 2.

    ``probability`` is (forecasts, classes) with rows that sum to 1, ``outcome`` the place of the class that came about,
    (forecasts,). With two classes it is twice ``brier_score``.
    """
    p = np.asarray(probability, dtype=np.float64)
    y = np.asarray(outcome)
    if p.ndim != 2 or y.shape != (len(p),) or not len(p):
        raise ValueError(f"expected (forecasts, classes) and (forecasts,), got {p.shape} and {y.shape}")
    if (p < 0).any() or (np.abs(p.sum(axis=1) - 1) > 1e-9).any():
        raise ValueError("the probabilities of a forecast must be 0 or more and sum to 1")
    if not np.isin(y, np.arange(p.shape[1])).all():
        raise ValueError(f"outcomes are places of classes, 0..{p.shape[1] - 1}, got {sorted(set(y.tolist()))}")
    return float(((p - np.eye(p.shape[1])[y.astype(np.int64)]) ** 2).sum(axis=1).mean())


def brier_parts(probability: ArrayLike, outcome: ArrayLike) -> BrierParts:
    """Return the Brier score with its decomposition over distinct forecast values (Murphy 1973), which is exact."""
    p, y = _pairs(probability, outcome)
    values, group = np.unique(p, return_inverse=True)
    size = np.bincount(group)
    rate = np.bincount(group, weights=y) / size
    base = float(y.mean())
    score = float(((p - y) ** 2).mean())
    uncertainty = base * (1 - base)
    return BrierParts(
        score=score,
        reliability=float((size * (values - rate) ** 2).sum() / len(p)),
        resolution=float((size * (rate - base) ** 2).sum() / len(p)),
        uncertainty=uncertainty,
        skill=1 - score / uncertainty if uncertainty else float("nan"),
    )


def log_score(probability: ArrayLike, outcome: ArrayLike, clip: float = CLIP) -> float:
    """Return the mean of -ln of the probability given to what came about (Good 1952); 0 is perfect.

    Probabilities are clipped to ``clip`` .. 1 - ``clip`` first, so that one overconfident miss does not cost all.
    """
    if not 0 <= clip < 0.5:
        raise ValueError(f"clip must lie between 0 and 0.5, got {clip}")
    p, y = _pairs(probability, outcome)
    given = np.clip(np.where(y == 1, p, 1 - p), clip, 1 - clip)
    with np.errstate(divide="ignore"):
        return float(-np.log(given).mean())


def _pairs(probability: ArrayLike, outcome: ArrayLike) -> tuple[Floats, Floats]:
    p, y = np.asarray(probability, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    if p.ndim != 1 or p.shape != y.shape or not p.size:
        raise ValueError(f"forecasts and outcomes need one entry each of the same number, got {p.shape} and {y.shape}")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("forecasts are probabilities between 0 and 1; write 65 % as 0.65")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("outcomes are 0 or 1")
    return p, y
