"""What experts said, made comparable: calibration and information, intervals, fitted distributions, pools and bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import betainc, expit, logit, xlogy
from scipy.stats import chi2

from .extensive_form import Floats

QUANTILES = (0.05, 0.5, 0.95)
OVERSHOOT = 0.1
"""Share of the range by which it is extended at each end."""

Word = TypeVar("Word")


@dataclass(frozen=True, eq=False)
class CookeWeight:
    """How well an expert did on questions with known answers.

    Parameters
    ----------
    hits
        Known answers in each interval between the expert's quantiles, (quantiles + 1,).
    calibration
        Probability of hits at least this far from what the quantiles promise, for an expert who is right about them.
    information
        Mean over the questions of how much tighter the expert was than an even spread over the range, in nats.
    weight
        Calibration times information; 0 below the cut-off.
    """

    hits: Floats
    calibration: float
    information: float
    weight: float


def cooke_calibration(hits: ArrayLike, quantiles: Sequence[float] = QUANTILES) -> float:
    """Return the calibration of an expert (Cooke 1991).

    With s the shares of known answers in the intervals between the quantiles and p their promised shares, twice the
    number of questions times sum s ln(s / p) is compared with chi-squared of one degree of freedom less than intervals.
    """
    counts = np.asarray(hits, dtype=np.float64)
    promised = np.diff(np.r_[0.0, _rising(quantiles), 1.0])
    if counts.shape != promised.shape or (counts < 0).any() or not counts.sum():
        raise ValueError(f"{len(promised)} counts of 0 or more are needed for {len(quantiles)} quantiles, got {hits!r}")
    share = counts / counts.sum()
    return float(chi2.sf(2 * counts.sum() * xlogy(share, share / promised).sum(), len(promised) - 1))


def cooke_information(estimate: ArrayLike, low: float, high: float, quantiles: Sequence[float] = QUANTILES) -> float:
    """Return the information of one answer in nats (Cooke 1991), against an even spread over the extended range.

    ``estimate`` are the expert's values at the quantiles; ``low`` and ``high`` span what anybody said and the answer,
    before they are extended by ``OVERSHOOT`` at each end.
    """
    values = _rising_values(estimate, quantiles)
    if not (low <= values[0] and values[-1] <= high and low < high):
        raise ValueError(f"the range {low}..{high} must hold the estimate {values.tolist()}")
    promised = np.diff(np.r_[0.0, _rising(quantiles), 1.0])
    spread = high - low
    edges = np.r_[low - OVERSHOOT * spread, values, high + OVERSHOOT * spread]
    return float(np.log(edges[-1] - edges[0]) + (promised * np.log(promised / np.diff(edges))).sum())


def cooke_weight(
    estimates: ArrayLike,
    answers: ArrayLike,
    ranges: ArrayLike,
    quantiles: Sequence[float] = QUANTILES,
    cut_off: float = 0.05,
) -> CookeWeight:
    """Return the weight of one expert from questions with known answers (Cooke 1991).

    Parameters
    ----------
    estimates
        Values at the quantiles, (questions, quantiles).
    answers
        Known answers, (questions,).
    ranges
        Least and largest of what all experts and the answer say, (questions, 2).
    quantiles
        Rising, between 0 and 1.
    cut_off
        Calibration below which the weight is 0.
    """
    table, known = np.asarray(estimates, dtype=np.float64), np.asarray(answers, dtype=np.float64)
    spans = np.asarray(ranges, dtype=np.float64)
    if table.ndim != 2 or known.shape != (len(table),) or spans.shape != (len(table), 2):
        raise ValueError(
            f"expected (questions, quantiles), (questions,), (questions, 2), got {table.shape}, {known.shape}, "
            f"{spans.shape}"
        )
    places = (table < known[:, None]).sum(axis=1)
    hits = np.bincount(places, minlength=len(quantiles) + 1).astype(np.float64)
    calibration = cooke_calibration(hits, quantiles)
    rows = zip(table, spans, strict=True)
    information = float(np.mean([cooke_information(row, span[0], span[1], quantiles) for row, span in rows]))
    return CookeWeight(hits, calibration, information, calibration * information if calibration >= cut_off else 0.0)


def rescaled_interval(
    low: float, best: float, high: float, confidence: float, wanted: float = 0.8
) -> tuple[float, float]:
    """Return an interval brought to a wanted confidence, as in the IDEA protocol (Hemming et al. 2018).

    Distances from the best estimate are stretched by wanted / confidence.
    """
    if not low <= best <= high:
        raise ValueError(f"expected low <= best <= high, got {low}, {best}, {high}")
    if not 0 < confidence <= 1 or not 0 < wanted <= 1:
        raise ValueError(f"confidence must lie above 0 and up to 1, got {confidence} and {wanted}")
    stretch = wanted / confidence
    return best - (best - low) * stretch, best + (high - best) * stretch


def fitted_beta(values: ArrayLike, levels: Sequence[float] = (0.25, 0.5, 0.75)) -> tuple[float, float]:
    """Return the Beta distribution whose cumulative probabilities at the values are nearest the levels.

    Least squares, as in SHELF (O'Hagan et al. 2006).

    Parameters
    ----------
    values
        Rising, between 0 and 1; quartiles by default.
    levels
        Their cumulative probabilities.
    """
    at = _rising_values(values, levels)
    if not (at[0] > 0 and at[-1] < 1):
        raise ValueError(f"the values of a share lie between 0 and 1, got {at.tolist()}")
    target = np.asarray(levels, dtype=np.float64)

    def loss(logs: Floats) -> float:
        first, second = np.exp(logs)
        return float(((betainc(first, second, at) - target) ** 2).sum())

    centre = float(np.interp(0.5, target, at))
    spread = max((at[-1] - at[0]) / 2, 1e-6)
    total = max(centre * (1 - centre) / spread**2 * 0.45, 0.5)
    fine = {"xatol": 1e-12, "fatol": 1e-18, "maxiter": 4000, "maxfev": 8000}
    starts = [np.log(np.array([centre, 1 - centre]) * size) for size in (total, 2.0)]
    runs = [minimize(loss, start, method="Nelder-Mead", options=fine) for start in starts]  # type: ignore[call-overload]
    first, second = np.exp(min(runs, key=lambda run: float(run.fun)).x)
    return float(first), float(second)


def pooled(probability: ArrayLike, weights: ArrayLike | None = None, extremising: float = 1.0) -> float:
    """Return several experts' probabilities of one event as one: the mean of their log-odds, optionally extremised.

    ``extremising`` multiplies the mean; above 1 it makes up for evidence that experts do not share (Satopää et al.
    2014). A probability of 0 or 1 is refused: it would outvote everybody.
    """
    p = np.asarray(probability, dtype=np.float64)
    if p.ndim != 1 or not p.size or not ((p > 0) & (p < 1)).all():
        raise ValueError(f"probabilities to pool lie strictly between 0 and 1, got {probability!r}")
    w = np.ones(len(p)) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != p.shape or (w < 0).any() or not w.sum() or not extremising > 0:
        raise ValueError("weights need one number of 0 or more an expert, not all 0, and extremising a number above 0")
    return float(expit(extremising * (w @ logit(p)) / w.sum()))


def band_of(probability: float, bands: Sequence[tuple[Word, float, float]]) -> Word:
    """Return the word of the band a probability lies in; the lower end belongs to a band, the upper to the next.

    ``bands`` are (word, from, to), rising and adjoining. Below the first the first word is returned, at or above the
    end of the last the last.
    """
    if not 0 <= probability <= 1:
        raise ValueError(f"a probability lies between 0 and 1, got {probability}")
    for word, _, high in bands[:-1]:
        if probability < high:
            return word
    return bands[-1][0]


def _rising(levels: Sequence[float]) -> Floats:
    found = np.asarray(levels, dtype=np.float64)
    if found.ndim != 1 or not found.size or not (np.diff(np.r_[0.0, found, 1.0]) > 0).all():
        raise ValueError(f"levels must rise strictly between 0 and 1, got {tuple(levels)}")
    return found


def _rising_values(values: ArrayLike, levels: Sequence[float]) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    if found.shape != (len(levels),) or not (np.diff(found) > 0).all():
        raise ValueError(f"{len(levels)} rising values are needed, got {values!r}")
    return found
