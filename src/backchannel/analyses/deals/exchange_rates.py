"""What a deal of two parties exchanges: what each part costs its giver, brings the other, and at which rate it pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.concession_exchange import ConcessionExchange, concession_exchange
from backchannel.analyses.deals.loss_aversion import break_even_aversion
from backchannel.analyses.deals.named import Named, changed, named_cell
from backchannel.model.model import Model
from backchannel.numerics.game import OptionGame
from backchannel.numerics.improvement_ends import improvement_ends
from backchannel.spec.evaluate import is_feasible, today


@dataclass(frozen=True)
class Exchange:
    """Two parts of a deal against one another. Order: the first party in the file, then the second.

    Parameters
    ----------
    deal
        Its name.
    costs
        Points each party loses by its own part once the other has done its own.
    gains
        Points each party has from the other's part once it has done its own.
    terms
        The window of rates, in shares of the second party's part for the whole of the first party's, and the splits
        that the norms pick; None where a part costs its giver nothing or brings the other nothing.
    aversion
        Weight of one's own loss at which the window closes if both sides feel it; NaN where there is none.
    """

    deal: str
    costs: tuple[float, float]
    gains: tuple[float, float]
    terms: ConcessionExchange | None
    aversion: float

    def to_json(self) -> dict[str, object]:
        """Return the entry of the JSON document."""
        entry: dict[str, object] = {"deal": self.deal, "costs": list(self.costs), "gains": list(self.gains)}
        if self.terms is not None:
            entry["window"] = [self.terms.low, self.terms.high]
            entry["ratio_of_ratios"] = self.terms.ratio_of_ratios
            entry["loss_aversion_that_closes_it"] = None if np.isnan(self.aversion) else self.aversion
            entry["splits"] = {
                item.norm: {"first": item.first, "second": item.second, "gains": list(item.gains)}
                for item in self.terms.best_amounts
            }
        return entry


def exchange_of(found: Bargain, deal: Named) -> Exchange | None:
    """Return what a deal exchanges; None unless it has a part of each of two parties that can be done alone.

    Source: the window of rates of a swap of two concessions (Tollison and Willett, 1979; Sebenius, 1983), here in
    shares of the parts as the deal has them, values derived by solving with and without each part, with what may come
    after each.
    """
    model = found.model
    if len(found.parties) != 2:
        return None
    alone = [one_sided(model, found.parties, deal, row) for row in found.parties]
    if alone[0] is None or alone[1] is None:
        return None
    both = float_rows(found.worth(np.array([named_cell(model, deal)], dtype=np.int64)))
    ends = [found.worth(np.array(cells, dtype=np.int64)) for cells in alone]
    costs, gains = [], []
    for k, row in enumerate(found.parties):
        own, other = (float(ends[j][row].min()) for j in (k, 1 - k))
        costs.append(other - both[row])
        gains.append(both[row] - own)
    (cost, other_cost), (gain, other_gain) = costs, gains
    if min(*costs, *gains) <= 0:
        return Exchange(deal.name, (cost, other_cost), (gain, other_gain), None, float("nan"))
    terms = concession_exchange(cost, gain, other_cost, other_gain)
    aversion = break_even_aversion(terms.low, terms.high)
    return Exchange(
        deal.name,
        (cost, other_cost),
        (gain, other_gain),
        terms,
        aversion if terms.open else float("nan"),
    )


def float_rows(worth: NDArray[np.float64]) -> list[float]:
    """Return the worths of one state as plain numbers, one an actor."""
    return [float(value) for value in worth[:, 0]]


def one_sided(model: Model, parties: tuple[int, ...], deal: Named, giver: int) -> tuple[int, ...] | None:
    """Return where it may end if only one party does its part and third parties respond; None if it has no part."""
    assert isinstance(model.game, OptionGame)
    part = tuple(
        (option, level) for option, level in deal.terms if model.crisis.options[option].by == model.actors[giver]
    )
    levels = changed(model.crisis, today(model.crisis), part)
    if not part or not is_feasible(model.crisis, levels):
        return None
    others = [row for row in range(len(model.actors)) if row not in parties]
    ends = improvement_ends(model.game, np.array([model.space.cell(levels)], dtype=np.int64), others)
    return tuple(ends.cells.tolist()) or None
