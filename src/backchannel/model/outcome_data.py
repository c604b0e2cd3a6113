"""From a table of outcomes to the data of an estimate: which columns explain which utility, and what is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from backchannel.errors import NotSupportedError
from backchannel.numerics.crisis_estimation import CrisisData
from backchannel.numerics.crisis_game import OUTCOMES, PAYOFFS, SYMBOLS
from backchannel.spec.outcome_table import RESERVED, OutcomeTable
from backchannel.spec.positions import suggest

CONSTANT = "const"
HELD = {"S_A": 0.0, "V_A": 1.0, "W_A": 0.0, "a": 0.0, "C_B": 0.0, "W_B": 0.0, "V_B": 1.0}
"""Where a utility stands that is neither estimated nor held elsewhere."""

PLAYERS = (("A", SYMBOLS[:4]), ("B", SYMBOLS[4:]))


@dataclass(frozen=True)
class Utilities:
    """What is estimated and what is held.

    Parameters
    ----------
    terms
        Columns by utility, in the order of ``SYMBOLS``; ``const`` is a constant.
    held
        Numbers by utility.
    """

    terms: Mapping[str, tuple[str, ...]]
    held: Mapping[str, float]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are needed, each once."""
        return tuple(dict.fromkeys(name for names in self.terms.values() for name in names if name != CONSTANT))


def utilities(terms: Sequence[tuple[str, str]], held: Sequence[tuple[str, str]]) -> Utilities:
    """Return what is estimated and what is held, from ``("W_A", "const,balance")`` and ``("V_A", "1")``.

    Raises
    ------
    NotSupportedError
        For an unknown utility, one named twice, nothing to estimate, a held value that is no number, or a player all
        of whose utilities have a constant: adding a number to each would change nothing.
    """
    names = [name for name, _ in (*terms, *held)]
    for name in names:
        if name not in SYMBOLS:
            raise NotSupportedError(f'unknown utility "{name}": {suggest(name, SYMBOLS)}')
        if names.count(name) > 1:
            raise NotSupportedError(f"{name} is given twice; write --utility {name}=const,COLUMN once, or hold it")
    given = {name: tuple(part.strip() for part in text.split(",") if part.strip()) for name, text in terms}
    for name, columns in given.items():
        if not columns or len(set(columns)) != len(columns):
            raise NotSupportedError(f"--utility {name} names each column once, such as {name}=const,balance")
        for column in set(columns) & set(RESERVED):
            raise NotSupportedError(f'--utility {name}: the column "{column}" says what happened and explains nothing')
    if not given:
        raise NotSupportedError("nothing is to be estimated; add --utility W_A=const, or with columns of the table")
    for player, symbols in PLAYERS:
        if all(CONSTANT in given.get(name, ()) for name in symbols):
            raise NotSupportedError(
                f"every utility of {player} ({', '.join(symbols)}) has a constant, and adding a number to all of them "
                f"changes nothing; take it from one, or hold one: --hold {symbols[0]}=0"
            )
    fixed = HELD | {name: _held(name, text) for name, text in held}
    return Utilities(
        {name: given[name] for name in SYMBOLS if name in given},
        {name: fixed[name] for name in SYMBOLS if name not in given},
    )


def _held(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise NotSupportedError(f'--hold {name}: "{text}" is no finite number; write {name}=0')
    return value


def crisis_data(table: OutcomeTable, chosen: Utilities) -> CrisisData:
    """Return counts and covariates, rows alike in every column put together as one pair. Cost: a sort of the rows."""
    size = len(table.outcomes)
    columns = np.array([table.covariates[name] for name in chosen.columns], dtype=np.float64).reshape(-1, size).T
    alike, pair = (
        np.unique(columns, axis=0, return_inverse=True) if columns.size else (np.empty((1, 0)), np.zeros(size))
    )
    counts = np.zeros((len(alike), len(OUTCOMES)), dtype=np.int64)
    np.add.at(counts, (pair.reshape(-1).astype(np.int64), np.array(table.outcomes)), np.array(table.counts))
    by_name = {name: alike[:, k] for k, name in enumerate(chosen.columns)} | {CONSTANT: np.ones(len(alike))}
    payoff = dict(zip(SYMBOLS, PAYOFFS, strict=True))
    return CrisisData(
        counts,
        {payoff[name]: np.stack([by_name[column] for column in names], axis=1) for name, names in chosen.terms.items()},
        {payoff[name]: value for name, value in chosen.held.items()},
    )
