"""The sentences on remedies: a first step that tells, a schedule of tranches, the bond, and what it changes."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.commitment.commitment_result import DealCommitment
from backchannel.analyses.commitment.phrases import listed, percent, points, stable_words
from backchannel.analyses.commitment.plan import Plan, Reassurance
from backchannel.model.model import Model
from backchannel.numerics.number_format import count, number
from backchannel.results.finding import Finding, Template

NO_SCHEDULE = Template("commitment.no_schedule", "With {bond}, no schedule of {steps} is kept: {proof}.", "magnitudes")
OVER_LIMIT = Template(
    "commitment.no_schedule",
    "No schedule stays within the limits on what is put at risk in one step; allow more tranches or raise the limits.",
    "magnitudes",
)
STARTED = Template(
    "commitment.schedule",
    "{steps} are worth starting with {bond}, {first}: who keeps its word gains by going on, and a cheat breaks off at "
    "the first.",
    "magnitudes",
)
SCHEDULE = Template(
    "commitment.schedule",
    "{steps} would be kept with a bond of {bond}{provided}, {first}. One exchange at once would take {once}.",
    "magnitudes",
)
REASSURANCE = Template(
    "commitment.reassurance",
    "A first of two steps would tell who keeps its word {from_belief}{window}.",
    "magnitudes",
)
SCREENING = Template(
    "commitment.screening",
    "The first step tells whether {whom} keeps its word: {shares} of the legs, large enough that who means to cheat "
    "does so there and small enough to be worth the risk.",
    "magnitudes",
)
ASSUMES = Template(
    "commitment.assumes",
    "The schedule takes it that a share of a leg is worth that share of its points{additive}, that a step is seen "
    "before the next one, and that a step is worth {discount} of the one before.",
    "assumed",
)
REMEDY = Template(
    "commitment.remedy",
    "With {bond} at stake for who breaks it, the done deal {verdict}, and {exchange}.",
    "magnitudes",
)


def remedies(model: Model, item: DealCommitment) -> list[Finding]:
    """Say which steps, bonds and order would keep a deal, what they assume, and what the crisis then looks like."""
    found = []
    plan = item.plan
    if item.reassurance is not None:
        found.append(_reassurance(item.reassurance))
    if plan is not None:
        found += _schedule(model, item, plan)
    elif item.reassurance is not None:
        found.append(OVER_LIMIT.fill())
    if np.any(item.held > 0):
        about = item.diagnosis
        words = stable_words(model, item.remedied.stable, ())
        everybody = (1 << len(about.parties)) - 1
        kept = everybody in item.remedied.simultaneous
        found.append(
            REMEDY.fill(
                bond=points(model, about.parties, item.held),
                verdict=words,
                exchange="delivering at once is an equilibrium" if kept else "delivering all at once still is none",
            )
        )
    return found


def _reassurance(told: Reassurance) -> Finding:
    if told.prior is None:
        return REASSURANCE.fill(from_belief="at no belief", window="")
    window = ""
    if told.high > 0 and told.low <= told.high:
        window = f"; at the beliefs at hand it is {percent(told.low)} to {percent(told.high)} of the stake"
    return REASSURANCE.fill(from_belief=f"only from a common belief of {number(told.prior, 3)} on", window=window)


def _at_stake(model: Model, plan: Plan) -> str:
    if np.any(plan.bond_at_hand > 0):
        return f"a bond of {points(model, plan.parties, plan.bond_at_hand)}"
    return "no bond"


def _schedule(model: Model, item: DealCommitment, plan: Plan) -> list[Finding]:
    found = []
    if not plan.provided:
        at_hand = _at_stake(model, plan)
        proof = plan.argument or "its conditions contradict one another"
        if plan.proof_holds:
            proof += f" (certificate checked, gap {number(plan.proof_gap, 3)})"
        steps = count(plan.shares.shape[1], "tranche")
        found.append(NO_SCHEDULE.fill(bond=at_hand, steps=steps, proof=proof))
    if plan.breaks != (0, 0):
        doubtful = [plan.parties[k] for k in (0, 1) if plan.breaks[k]]
        shares = listed(percent(float(plan.shares[k, 0])) for k in (0, 1))
        found.append(SCREENING.fill(whom=listed((model.actor_name(name) for name in doubtful), "or"), shares=shares))
    first = "both moving at the same moment" if plan.first == "both" else f"{model.actor_name(plan.first)} moving first"
    steps = count(plan.shares.shape[1], "tranche")
    if plan.breaks != (0, 0):
        found.append(STARTED.fill(steps=steps, bond=_at_stake(model, plan), first=first))
    else:
        holders = listed(item.enforcement.holders)
        held = f" held by {holders}" if plan.provided and holders else ""
        bond = f"{points(model, plan.parties, plan.bond)}{held}"
        once = points(model, plan.parties, plan.cost)
        provided = ", which is at hand" if plan.provided else ""
        found.append(SCHEDULE.fill(steps=steps, bond=bond, provided=provided, first=first, once=once))
    additive = "" if plan.is_additive else " (the four outcomes do not add up; the dearer cost of a leg is taken)"
    found.append(ASSUMES.fill(additive=additive, discount=number(plan.discount)))
    return found
