"""Can the seller deliver: what a package needs of third parties, and how sure the parties must be that it comes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.named import Named, changed, named_cell
from backchannel.spec.crisis import Crisis
from backchannel.spec.evaluate import holds, is_feasible, today
from backchannel.spec.number import Number


@dataclass(frozen=True)
class Delivery:
    """What a party brings about through others in a package.

    Parameters
    ----------
    package
        Name of the package.
    seller
        Actor id.
    what
        The option or defined name under ``deliver``.
    chance, low, high
        Chance that it comes, as the file has it, with its range.
    needs
        (actor id, chance) from which on each party does not lose against no deal; infinite if it loses by the package
        even when it comes.
    gains
        (actor id, points) at the chance in the file.
    """

    package: str
    seller: str
    what: str
    chance: float
    low: float
    high: float
    needs: tuple[tuple[str, float], ...]
    gains: tuple[tuple[str, float], ...]

    def to_json(self) -> dict[str, object]:
        """Return the entry of the JSON document."""
        return {
            "package": self.package,
            "seller": self.seller,
            "what": self.what,
            "chance": [self.chance, self.low, self.high],
            "needs": {name: chance if np.isfinite(chance) else None for name, chance in self.needs},
            "gains": dict(self.gains),
        }


def deliveries(found: Bargain) -> tuple[Delivery, ...]:
    """Return, for every named package, what its parties deliver through third parties.

    If it does not come, the options of third parties that bring it about stay as they are today and everything else
    is done. Gains are linear in the chance, so the chance each party needs is exact.
    """
    model, rows = found.model, []
    parties = {model.actors[row] for row in found.parties}
    for item in found.named:
        for seller, promised in model.crisis.deliver.items():
            if seller in parties:
                rows += [
                    made
                    for what, chance in promised.items()
                    if (made := _delivery(found, item, seller, what, chance)) is not None
                ]
    return tuple(rows)


def _delivery(found: Bargain, item: Named, seller: str, what: str, chance: Number) -> Delivery | None:
    model = found.model
    crisis = model.crisis
    missing = tuple((option, crisis.options[option].today_index) for option in _brought_about_by(found, item, what))
    failed = changed(crisis, item.ends, missing)
    if not missing or not is_feasible(crisis, failed):
        return None
    done, undone = named_cell(model, item), model.space.cell(failed)
    over = found.worth(np.array([done, undone], dtype=np.int64)) - found.base[:, None]
    needs, gains = [], []
    for row in found.parties:
        yes, no = over[row].tolist()
        needs.append((model.actors[row], _needed(yes, no)))
        gains.append((model.actors[row], chance.centre * yes + (1 - chance.centre) * no))
    return Delivery(item.name, seller, what, chance.centre, chance.low, chance.high, tuple(needs), tuple(gains))


def _needed(yes: float, no: float) -> float:
    """Return the least chance of delivery at which a party does not lose; inf if it loses even when it is delivered."""
    if yes <= 0:
        return float(np.inf)
    return 0.0 if no >= 0 else float(-no / (yes - no))


def _brought_about_by(found: Bargain, item: Named, what: str) -> tuple[str, ...]:
    """Return third parties' options that the package changes and ``what`` consists of."""
    crisis, now = found.model.crisis, today(found.model.crisis)
    outside = {found.model.actors[row] for row in found.outsiders}
    moved = {
        option
        for option, here, there in zip(crisis.options, now, item.ends, strict=True)
        if here != there and crisis.options[option].by in outside
    }
    if what in crisis.options:
        return (what,) if what in moved else ()
    if what not in crisis.defines or not holds(crisis.defines[what], item.ends, crisis):
        return ()
    return tuple(option for option in crisis.options if option in moved & _mentions(crisis, what))


def _mentions(crisis: Crisis, name: str) -> set[str]:
    """Return the options a defined name is made of, through other defined names."""
    found: set[str] = set()
    for part in crisis.defines[name].ids():
        found |= _mentions(crisis, part) if part in crisis.defines else {part}
    return found
