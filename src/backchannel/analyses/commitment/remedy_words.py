"""The sentences on remedies: a first step that tells, a schedule of tranches, the bond, and what it changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.commitment.commitment_result import DealCommitment
from backchannel.analyses.commitment.phrases import amount, listed, percent, points, stable_words
from backchannel.analyses.commitment.plan import Plan, Proof
from backchannel.analyses.commitment.reassurance import Reassurance
from backchannel.analyses.commitment.staged import Course, Staged
from backchannel.model.model import Model
from backchannel.numerics.number_format import count, number
from backchannel.results.finding import Finding, Template

NO_SCHEDULE = Template(
    "commitment.no_schedule", "With {bond}, no schedule of {steps} is kept {order}: {proof}{elsewhere}.", "magnitudes"
)
OVER_LIMIT = Template(
    "commitment.no_schedule",
    "No schedule stays within the limits on what may be lost at a step; allow more tranches or raise the limits.",
    "magnitudes",
)
STARTED = Template(
    "commitment.schedule",
    "{steps} worth starting with {bond}, {first}: who keeps its word gains by going on, and a cheat breaks off at "
    "the first.",
    "magnitudes",
)
SCHEDULE = Template(
    "commitment.schedule",
    "{steps} would be kept with a bond of {bond}{provided}, {first}{exposure}. {once}.",
    "magnitudes",
)
SMALL_STEPS = Template(
    "commitment.small_steps",
    "Of {steps} {small} under 1 % of either leg{together}.",
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
    "The schedule takes it that a share of a leg is worth that share of its points{additive}, that {recall}, that a "
    "step is seen before the next one, and that a step is worth {discount} of the one before.",
    "assumed",
)
STAGED = Template(
    "commitment.staged",
    "As a crisis of its own, one level a step: the completed deal {stable}, and {course}. Without the bond {bare}.",
    "magnitudes",
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
    if item.staged is not None:
        found.append(_staged(model, item.staged))
    if np.any(item.held > 0):
        about = item.diagnosis
        words = stable_words(model, item.remedied.stable, ())
        everybody = (1 << len(about.parties)) - 1
        kept = everybody in item.remedied.simultaneous
        still = "an equilibrium" if kept else "still not an equilibrium"
        found.append(
            REMEDY.fill(
                bond=points(model, about.parties, item.held),
                verdict=words,
                exchange=f"delivering everything at once is {still}",
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


def at_stake(model: Model, plan: Plan) -> str:
    """Name the bond at hand."""
    if np.any(plan.bond_at_hand > 0):
        return f"a bond of {points(model, plan.parties, plan.bond_at_hand)}"
    return "no bond"


def moving(model: Model, first: str) -> str:
    """Say who moves first in each step."""
    return "both moving at the same moment" if first == "both" else f"{model.actor_name(first)} moving first"


def _schedule(model: Model, item: DealCommitment, plan: Plan) -> list[Finding]:
    found = []
    size = plan.shares.shape[1]
    if not plan.provided:
        found.append(_none(model, plan))
    if plan.breaks != (0, 0):
        doubtful = [plan.parties[k] for k in (0, 1) if plan.breaks[k]]
        shares = listed(percent(float(plan.shares[k, 0])) for k in (0, 1))
        found.append(SCREENING.fill(whom=listed((model.actor_name(name) for name in doubtful), "or"), shares=shares))
        steps = "One tranche is" if size == 1 else f"{size} tranches are"
        found.append(STARTED.fill(steps=steps, bond=at_stake(model, plan), first=moving(model, plan.first)))
    else:
        holders = listed(item.enforcement.holders)
        held = f" held by {holders}" if plan.provided and holders else ""
        found.append(
            SCHEDULE.fill(
                steps="One tranche" if size == 1 else f"{size} tranches",
                bond=f"{points(model, plan.parties, plan.bond)}{held}",
                provided=", which is at hand" if plan.provided else "",
                first=moving(model, plan.first),
                exposure=_exposure(model, plan),
                once=_once(model, plan),
            )
        )
    small = plan.shares.max(axis=0) < SMALL
    if small.any():
        found.append(_small_steps(plan, small))
    additive = "" if plan.is_additive else " (the four outcomes do not add up; the dearer cost of a leg is taken)"
    found.append(ASSUMES.fill(additive=additive, recall=_recall(model, plan), discount=number(plan.discount)))
    return found


SMALL = 0.01
"""Share of a leg below which a step is said to be small."""


def _small_steps(plan: Plan, small: NDArray[np.bool_]) -> Finding:
    """Say how many steps carry next to nothing, and what is left of the schedule without them."""
    number_small = int(small.sum())
    carried = float(plan.shares[:, small].sum(axis=1).max())
    subject = "it carries" if number_small == 1 else "together they carry"
    together = f"; {subject} {percent(carried)} of a leg at most"
    if carried < NEGLIGIBLE:
        together += f", so in substance this is an exchange in {count(int((~small).sum()), 'step')}"
    return SMALL_STEPS.fill(
        small="one is" if number_small == 1 else f"{number_small} are",
        steps=count(small.size, "tranche"),
        together=together,
    )


NEGLIGIBLE = 0.05
"""Share of a leg below which what the small steps carry together is said not to matter."""


def _recall(model: Model, plan: Plan) -> str:
    able = [k for k in (0, 1) if plan.recall[k] > 0]
    if not able:
        return "taking back what has been delivered brings nothing at any step, as it brings nothing once all is done"
    worth = listed(f"{amount(plan.recall[k])} for {model.actor_name(plan.parties[k])}" for k in able)
    return f"a share of what can be taken back regains that share of its points ({worth}) and the bond outlasts the end"


def _exposure(model: Model, plan: Plan) -> str:
    """Say what remains at risk: the most each would have lost against today."""
    worst = plan.exposure.max(axis=1)
    if not np.any(worst > 0):
        return ""
    return f"; if the other breaks off, the most lost against today is {points(model, plan.parties, worst.tolist())}"


def _none(model: Model, plan: Plan) -> Finding:
    """Say that none is kept, for the orders tried, and why."""
    size = plan.shares.shape[1]
    tried = tuple(dict.fromkeys(proof.first for proof in plan.proofs)) or (plan.first,)
    order = "whoever moves first" if len(tried) > 1 else f"with {moving(model, tried[0])}"
    proof = (plan.argument or "its conditions contradict one another") + _certificates(plan.proofs)
    elsewhere = ""
    if plan.elsewhere:
        others = listed((moving(model, first) for first in plan.elsewhere), "or")
        elsewhere = f"; with {others} the bond at hand would keep as many"
    steps = "one tranche" if size == 1 else f"{size} tranches"
    return NO_SCHEDULE.fill(bond=at_stake(model, plan), steps=steps, order=order, proof=proof, elsewhere=elsewhere)


def _certificates(proofs: tuple[Proof, ...]) -> str:
    if not proofs or not all(proof.holds for proof in proofs):
        return ""
    least = f"gap {number(min(proof.gap for proof in proofs), 3)}"
    if len(proofs) == 1:
        return f" (certificate checked, {least})"
    of_each = "order" if len({proof.breaks for proof in proofs}) == 1 else "order and way to cheat"
    return f" ({len(proofs)} certificates checked, one for each {of_each}, least {least})"


def _once(model: Model, plan: Plan) -> str:
    """Say what a single exchange would need, at the same moment and with the schedule's first mover."""
    at_once = {bond.first: bond.bond for bond in plan.bonds if bond.steps == 1}
    together, led = at_once["both"], at_once[plan.first]
    if together is None:
        return "Within the limits no single exchange can be held"
    said = f"A single simultaneous exchange would need {listed(amount(float(value)) for value in together)}"
    if plan.first == "both" or led is None:
        return said
    return f"{said}; with {model.actor_name(plan.first)} first it is {listed(amount(float(value)) for value in led)}"


def _staged(model: Model, staged: Staged) -> Finding:
    stable = stable_words(model, np.array(staged.held.stable)[:, None])
    bare = "it unravels: " + _course(model, staged.bare) if not staged.bare.complete else _course(model, staged.bare)
    return STAGED.fill(stable=stable, course=_course(model, staged.held), bare=bare)


def _course(model: Model, course: Course) -> str:
    """Say where steps lead from today."""
    if course.complete:
        if course.improving:
            return "improvements alone lead there from today"
        order = " and ".join(dict.fromkeys(model.actor_name(actor) for actor, _, _ in course.path))
        return (
            f"{order} reach it from today in {count(len(course.path), 'alternating move')}, each looking to the end of "
            "the schedule (no first step gains at once)"
        )
    if not course.path:
        return "nobody takes a first step, however far it looks ahead"
    shares = listed(percent(share) for share in course.delivered)
    back = ", some of it taken back" if course.taken_back else ""
    return f"it stalls after {count(len(course.path), 'move')}, with {shares} of the legs delivered{back}"
