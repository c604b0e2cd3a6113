"""What the game of sharing says, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.deals.bargain import Bargain
from backchannel.analyses.deals.words import gains_in_words, listed_in_words, package_label
from backchannel.analyses.deals.zone import TOLERANCE
from backchannel.numerics.number_format import number, share
from backchannel.results.finding import Finding, Template

if TYPE_CHECKING:
    from backchannel.analyses.deals.surplus import Division, SurplusResult

TOTAL = Template(
    "surplus.total",
    "Together {parties} secure {worth} over no deal ({no_deal}), by [{package}]: {gains}.",
    "magnitudes",
)
NOTHING = Template(
    "surplus.total",
    "No package brings {parties} together more than no deal ({no_deal}): there is nothing to share.",
    "magnitudes",
)
APART = Template("surplus.apart", "Apart: {coalitions}.", "magnitudes")
NOT_APART = Template("surplus.apart", "No smaller coalition secures anything by itself.", "magnitudes")
SHAPLEY = Template("surplus.shapley", "Shapley value: {shares}; {core}.", "magnitudes")
CORE = Template(
    "surplus.core",
    "The core is not empty: {shares}, for one, gives every smaller coalition at least {slack} it secures.",
    "magnitudes",
)
EMPTY = Template(
    "surplus.core",
    "The core is empty: what {collection} could secure comes to {claim} where all together secure {worth}; every "
    "division leaves some coalition at least {short} short.",
    "magnitudes",
)
PAYMENTS = Template("surplus.payments", "{name}: [{package}] ({gains}); {payments}.", "magnitudes")
DRAWS = Template(
    "surplus.draws",
    "In {draws} draws the Shapley value gives {shares} (5 to 95 %); the core is empty in {empty} of them.",
    "magnitudes",
)
SCALE = Template(
    "surplus.scale", "The file declares that a point {unit} and can be handed over; all of this rests on it.", "assumed"
)

NAMES = {
    "largest": "Largest sum, whoever gains it",
    "nash": "Nash's product",
    "equal_gains": "Equal gains",
    "utilitarian": "Largest sum from which all gain",
}
MOST_COALITIONS = 6


def findings(found: Bargain, result: SurplusResult) -> tuple[Finding, ...]:
    """Return the sentences: the surplus, what coalitions secure, value, core, payments, draws, and the scale."""
    said = [_total(found, result)]
    if result.worth.any():
        said += [_apart(found, result), _shapley(found, result), _core(found, result)]
        said += [_payments(found, item) for item in result.divisions]
    said += _draws(found, result)
    scale = found.model.crisis.scale
    unit = f"is {scale.unit}" if scale is not None and scale.unit else "means the same to each party"
    return (*said, SCALE.fill(unit=unit))


def coalition_name(found: Bargain, result: SurplusResult, coalition: int) -> str:
    """Name a coalition by its members."""
    names = dict(zip(result.parties, found.party_names, strict=True))
    return " + ".join(names[member] for member in result.coalition[coalition])


def shares_in_words(found: Bargain, shares: NDArray[np.float64]) -> str:
    """Say who gets how much: ``United States 10, Russia 4``."""
    return ", ".join(f"{name} {number(float(part))}" for name, part in zip(found.party_names, shares, strict=True))


def _total(found: Bargain, result: SurplusResult) -> Finding:
    parties = listed_in_words(found.party_names)
    if not result.secured[-1].terms:
        return NOTHING.fill(parties=parties, no_deal=result.no_deal)
    largest = result.divisions[0]
    return TOTAL.fill(
        parties=parties,
        worth=number(float(result.worth[-1])),
        no_deal=result.no_deal,
        package=package_label(found.model.crisis, largest.terms),
        gains=gains_in_words(found.party_names, largest.gains),
    )


def _apart(found: Bargain, result: SurplusResult) -> Finding:
    """Name the smaller coalitions that secure something, the largest sums first."""
    some = [m for m in range(1, len(result.worth) - 1) if result.worth[m] > TOLERANCE]
    if not some:
        return NOT_APART.fill()
    some.sort(key=lambda m: (-float(result.worth[m]), m))
    parts = [
        f"{coalition_name(found, result, m)} {number(float(result.worth[m]))} "
        f"by [{package_label(found.model.crisis, result.secured[m - 1].terms)}]"
        for m in some
    ]
    return APART.fill(coalitions=listed_in_words(parts, MOST_COALITIONS))


def _shapley(found: Bargain, result: SurplusResult) -> Finding:
    core = "in the core"
    if not result.in_core:
        worst = int(np.argmax(result.excess))
        core = (
            f"not in the core, as {coalition_name(found, result, worst)} secures "
            f"{number(float(result.excess[worst]))} more than it gives"
        )
    return SHAPLEY.fill(shares=shares_in_words(found, result.shapley), core=core)


def _core(found: Bargain, result: SurplusResult) -> Finding:
    least, blocking = result.least_core, result.blocking
    if not least.core_empty:
        return CORE.fill(shares=shares_in_words(found, least.shares), slack=_slack(-least.epsilon))
    once = bool(np.allclose(blocking.weights, 1.0))
    parts = [
        coalition_name(found, result, m) + ("" if once else f" (counted {number(weight, 4)})")
        for m, weight in zip(blocking.coalitions.tolist(), blocking.weights.tolist(), strict=True)
        if result.worth[m] > TOLERANCE
    ]
    return EMPTY.fill(
        collection=listed_in_words(parts, len(parts)),
        claim=number(blocking.claim),
        worth=number(float(result.worth[-1])),
        short=number(least.epsilon),
    )


def _slack(points: float) -> str:
    return f"{number(points)} more than" if points > TOLERANCE else "what"


def _payments(found: Bargain, item: Division) -> Finding:
    paid = [
        f"{name} {'is paid' if part > 0 else 'pays'} {number(abs(float(part)))}"
        for name, part in zip(found.party_names, item.payments, strict=True)
        if abs(part) > TOLERANCE
    ]
    said = f"to the Shapley value {listed_in_words(paid, len(paid))}" if paid else "this is the Shapley value"
    if item.short > TOLERANCE:
        said += f", of which {number(item.short)} is not there, as the package brings so much less in sum"
    return PAYMENTS.fill(
        name=NAMES[item.name],
        package=package_label(found.model.crisis, item.terms),
        gains=gains_in_words(found.party_names, item.gains),
        payments=said,
    )


def _draws(found: Bargain, result: SurplusResult) -> list[Finding]:
    drawn = result.shares
    if drawn is None:
        return []
    low, _, high = drawn.shapley
    parts = [
        f"{name} {number(float(least), 3)} to {number(float(most), 3)}"
        for name, least, most in zip(found.party_names, low, high, strict=True)
    ]
    return [DRAWS.fill(draws=drawn.draws, shares=", ".join(parts), empty=share(drawn.core_empty, drawn.draws))]
