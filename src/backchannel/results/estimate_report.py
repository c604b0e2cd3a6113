"""What is said of an estimated crisis game: sentences and a table for a screen, and a document for programs."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from backchannel.numerics.crisis_estimation import CrisisData, CrisisEstimate
from backchannel.numerics.crisis_game import OUTCOMES
from backchannel.numerics.number_format import count, number
from backchannel.results.table import Column, Table

WIDTH = 1.96
"""Standard errors to each side of a 95 % interval."""

NEAR = 1e-3
"""Log likelihoods closer than this count as one maximum."""

Terms = Mapping[str, tuple[str, ...]]


def estimate_table(terms: Terms, found: CrisisEstimate) -> Table:
    """Return the coefficients with their standard errors."""
    columns = (
        Column("utility", "Utility"),
        Column("term", "Term"),
        Column("estimate", "Estimate", "number"),
        Column("error", "Standard error", "number"),
        Column("low", "95 % from", "number"),
        Column("high", "to", "number"),
    )
    rows = tuple(
        (utility, term, *(None if value is None else round(value, 3) for value in values))
        for utility, term, *values in _rows(terms, found)
    )
    return Table("estimate", "Coefficients, in standard deviations of a private term", columns, rows)


def _rows(
    terms: Terms, found: CrisisEstimate
) -> list[tuple[str, str, float, float | None, float | None, float | None]]:
    names = [(utility, term) for utility, columns in terms.items() for term in columns]
    rows = []
    for (utility, term), value, error in zip(
        names, found.coefficients.tolist(), found.standard_errors.tolist(), strict=True
    ):
        known = error if isfinite(error) else None
        ends = (None, None) if known is None else (value - WIDTH * known, value + WIDTH * known)
        rows.append((utility, term, value, known, *ends))
    return rows


def estimate_sentences(data: CrisisData, held: Mapping[str, float], found: CrisisEstimate) -> tuple[str, ...]:
    """Return what was fitted, how well it went, and what to distrust, in sentences."""
    happened = ", ".join(f"{name} {int(n):,}" for name, n in zip(OUTCOMES, data.counts.sum(axis=0), strict=True))
    fixed = ", ".join(f"{name} at {number(value)}" for name, value in held.items()) or "nothing"
    said = [
        f"{count(int(data.counts.sum()), 'crisis', 'crises')} of {count(len(data.counts), 'pair')}: {happened}.",
        f"Held: {fixed}.",
        f"Log likelihood {number(round(found.log_likelihood, 3), 9)} from {count(len(found.starts), 'start')}; "
        f"{'converged' if found.converged else 'not converged: add --starts, or estimate less'}. "
        f"Where a pair has several equilibria: {found.rule}; {count(found.several, 'pair')} "
        f"{'has' if found.several == 1 else 'have'} several at the estimate.",
    ]
    if found.starts[0] - found.starts[-1] > NEAR:
        said.append(
            f"The starts reached different maxima, down to {number(round(float(found.starts[-1]), 3), 9)}: the best is "
            "reported; try more with --starts."
        )
    if not all(isfinite(error) for error in found.standard_errors.tolist()):
        said.append(
            "No standard errors: the likelihood is flat or bent at the estimate, so the data do not tell all of these "
            "coefficients apart. Hold one, or leave a column out."
        )
    return tuple(said)


def estimate_document(
    data: CrisisData, terms: Terms, held: Mapping[str, float], found: CrisisEstimate, seed: int
) -> dict[str, object]:
    """Return the document ``estimate --json`` prints, format 1; a standard error that does not exist is null."""
    keys = ("utility", "term", "estimate", "standard_error", "low", "high")
    known = all(isfinite(error) for error in found.standard_errors.tolist())
    return {
        "format": 1,
        "crises": int(data.counts.sum()),
        "pairs": len(data.counts),
        "outcomes": {name.replace(" ", "_"): int(n) for name, n in zip(OUTCOMES, data.counts.sum(axis=0), strict=True)},
        "rule": found.rule,
        "seed": seed,
        "held": dict(held),
        "coefficients": [dict(zip(keys, row, strict=True)) for row in _rows(terms, found)],
        "covariance": found.covariance.tolist() if known else None,
        "log_likelihood": found.log_likelihood,
        "starts": found.starts.tolist(),
        "converged": found.converged,
        "several": found.several,
    }
