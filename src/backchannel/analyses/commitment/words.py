"""The sentences of the commitment analysis, each under a stable id: the deal in one line, trust, and the done deal."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.commitment.commitment_result import CommitmentResult, DealCommitment
from backchannel.analyses.commitment.diagnosis import IDS, NO_DISCOUNT, Diagnosis
from backchannel.analyses.commitment.exchange_words import any_tempted, exchange_findings, trap_words
from backchannel.analyses.commitment.outsider_words import outsider_findings
from backchannel.analyses.commitment.phrases import concept_name, listed, names, of_state, points, stable_words
from backchannel.analyses.commitment.plan import STEPS
from backchannel.analyses.commitment.remedy_words import remedies
from backchannel.model.model import Model
from backchannel.numerics.number_format import count, number, share
from backchannel.results.finding import Finding, Template

DEAL = Template("commitment.deal", "{deal}: {verdict}; {executed}; {remedy}.", "magnitudes")
PARTICIPATION = Template("commitment.participation", "{thresholds}; {stated}.", "magnitudes")
DOMINATED = Template(
    "commitment.dominated",
    "No credence makes {parties} deliver: keeping back is better whatever the rest does. Delivery needs an order of "
    "steps, repetition, a bond, or steps that cannot be taken back.",
    "order",
)
INCENTIVE = Template("commitment.incentive", "{party} gains by delivering {when}.", "magnitudes")
TRUST_RANGE = Template("commitment.trust_range", "At the ends of the stated trust: {signing}{schedule}.", "magnitudes")
EXECUTED = Template("commitment.executed", "Once done ({state}), the deal {verdict}.", "order")
BROKEN = Template("commitment.executed", "Once done ({state}), the deal {verdict}.", "magnitudes")
REVERSIBLE = Template(
    "commitment.reversible",
    "If every step could be taken back, the done deal {verdict}. Among the parties alone, with legs that can be taken "
    "back whole, it is {swap}.",
    "magnitudes",
)
TRAP = Template("commitment.trap", "Delivering first is a trap: {states}.", "magnitudes")
HOSTAGE = Template(
    "commitment.hostage", "What breaking the done deal brings ({gains}) is {compared} what stands as hostage ({held}).",
    "magnitudes",
)  # fmt: skip
DISCOUNT = Template("commitment.discount", "If the exchange repeated for ever, {grim}{once}.", "magnitudes")
DRAWS = Template(
    "commitment.draws",
    "Over {draws} within the stated ranges {party} {needs}{more}.",
    "magnitudes",
)


def findings(model: Model, result: CommitmentResult) -> tuple[Finding, ...]:
    """Return the findings: one a deal where several were asked about, else all there is to say of the one."""
    if len(result.deals) > 1:
        return tuple(_deal(model, item) for item in result.deals)
    [item] = result.deals
    return (
        *exchange_findings(model, item),
        *_trust(model, item),
        *_executed(model, item),
        *outsider_findings(model, item, result.params.tranches or STEPS),
        *remedies(model, item),
        *_draws(model, item, result.provenance.draws),
    )


def _deal(model: Model, item: DealCommitment) -> Finding:
    about = item.diagnosis
    return DEAL.fill(
        deal=about.deal,
        verdict=_kept_on_word(model, about),
        executed=f"once done it {stable_words(model, about.stable, about.breaks)}",
        remedy=_remedy_words(model, item),
    )


def _kept_on_word(model: Model, about: Diagnosis) -> str:
    everybody = about.parties
    worse = [k for k in range(len(everybody)) if about.surplus[k] <= 0]
    if worse:
        who = names(model, [everybody[k] for k in worse])
        return f"{who} would be no better off by it even if everybody kept it"
    if everybody in about.simultaneous:
        return "to keep it is an equilibrium of the exchange"
    tempted = [name for k, name in enumerate(everybody) if about.temptation[k] > 0]
    return f"on their word alone {names(model, tempted)} would keep back"


def _remedy_words(model: Model, item: DealCommitment) -> str:
    plan = item.plan
    if plan is None:
        if item.helps:
            return f"it would come about if {model.actor_name(item.helps[0].actor)} gave way"
        return "no schedule of steps is worked out for it"
    if not plan.shares.size:
        return "no schedule keeps it"
    bond = points(model, plan.parties, plan.bond)
    if plan.breaks != (0, 0):
        return f"{count(plan.shares.shape[1], 'tranche')} would tell who keeps its word"
    return f"{count(plan.shares.shape[1], 'tranche')} would be kept with a bond of {bond}"


# ---- trust ---------------------------------------------------------------------------------------------------------


def _trust(model: Model, item: DealCommitment) -> list[Finding]:
    about = item.diagnosis
    parties = about.parties
    found = [PARTICIPATION.fill(thresholds=_signing(model, about), stated=_stated(model, item))]
    dominated = [name for k, name in enumerate(parties) if about.dominated[k]]
    if dominated:
        found.append(DOMINATED.fill(parties=names(model, dominated, "or")))
    for k, name in enumerate(parties):
        low, high = about.incentive[k]
        if not about.dominated[k] and len(parties) == 2:
            found.append(INCENTIVE.fill(party=model.actor_name(name), when=_when(float(low), float(high))))
    if item.at_trust:
        found.append(TRUST_RANGE.fill(signing=_signing_at_ends(model, item), schedule=_schedule_at_ends(item)))
    if len(parties) == 2 and any_tempted(about):
        once = "" if about.takes_back[:, -1].all() else "; but this exchange can be made only once, for it is final"
        found.append(DISCOUNT.fill(grim=_patience(model, about), once=once))
    return found


def _signing(model: Model, about: Diagnosis) -> str:
    """Say from which credence on each would sign."""
    able = [(p, float(t)) for p, t in zip(about.parties, about.participation, strict=True) if t <= 1]
    never = [p for p, t in zip(about.parties, about.participation, strict=True) if t > 1]
    said = []
    if able:
        said.append("signing beats not signing " + listed(f"for {model.actor_name(p)} {_from(t)}" for p, t in able))
    if never:
        said.append(f"{names(model, never)} would not sign at any credence")
    text = "; ".join(said)
    return text[:1].upper() + text[1:]


def _from(threshold: float) -> str:
    return "at any credence" if threshold <= 0 else f"from a credence of {number(threshold, 3)} on"


def _patience(model: Model, about: Diagnosis) -> str:
    grim = list(zip(about.parties, about.discount[:, 0].tolist(), strict=True))
    able = [f"{number(d, 3)} ({model.actor_name(p)})" for p, d in grim if d < NO_DISCOUNT]
    never = [p for p, d in grim if d >= NO_DISCOUNT]
    if never:
        return f"no patience would keep {names(model, never, 'or')} to it"
    return f"both must value the next round at no less than {listed(able)} of this one"


def _when(low: float, high: float) -> str:
    if low > high:
        return "at no credence"
    if low <= 0 and high >= 1:
        return "whatever the credence"
    return f"from a credence of {number(low, 3)} on" if high >= 1 else f"up to a credence of {number(high, 3)}"


def _stated(model: Model, item: DealCommitment) -> str:
    parties, trust = item.diagnosis.parties, item.credence
    pairs = [(i, j) for i in range(len(parties)) for j in range(len(parties)) if i != j and trust.stated[i, j]]
    if not pairs:
        return "the file states no trust"
    said = listed(
        f"{number(float(trust.centre[i, j]), 3)}{_range(float(trust.low[i, j]), float(trust.high[i, j]))} "
        f"({model.actor_name(parties[i])} in {model.actor_name(parties[j])})"
        for i, j in pairs
    )
    return f"trust stands at {said}"


def _range(low: float, high: float) -> str:
    return "" if low == high else f", {number(low, 3)} to {number(high, 3)},"


def _signing_at_ends(model: Model, item: DealCommitment) -> str:
    about, trust = item.diagnosis, item.credence
    said = []
    for k, party in enumerate(about.parties):
        low, high = (float(end[k, 1 - k]) >= about.participation[k] for end in (trust.low, trust.high))
        where = "at both" if low else "at the high one only" if high else "at neither"
        said.append(f"{model.actor_name(party)} would sign {where}")
    return listed(said)


def _schedule_at_ends(item: DealCommitment) -> str:
    low, high = item.at_trust
    ends = []
    for name, end in (("low", low), ("high", high)):
        if not end.steps:
            ends.append(f"no schedule is kept with what is at hand at the {name} one")
        elif end.breaks == (0, 0):
            ends.append(f"the bond at hand keeps {count(end.steps, 'tranche')} at the {name} one")
        else:
            ends.append(f"{count(end.steps, 'tranche')} would tell who keeps its word at the {name} one")
    return "; " + ", and ".join(ends)


# ---- the done deal -------------------------------------------------------------------------------------------------


def _executed(model: Model, item: DealCommitment) -> list[Finding]:
    about = item.diagnosis
    words = stable_words(model, about.stable, about.breaks)
    template = BROKEN if about.breaks else EXECUTED
    found = [template.fill(state=of_state(model, about.end[-1]), verdict=words)]
    free = stable_words(model, about.stable_if_reversible, about.breaks_if_reversible)
    swap = [concept_name(name) for k, name in enumerate(IDS) if about.swap_stable[k]]
    held = f"stable by {listed(swap)}" if swap else "stable by no concept"
    found.append(REVERSIBLE.fill(verdict=free, swap=held))
    traps = trap_words(model, about)
    if traps:
        found.append(TRAP.fill(states=traps))
    if np.any(item.enforcement.hostage > 0) and np.any(about.breach > 0):
        tempted = [k for k in range(len(about.parties)) if about.breach[k] > 0]
        enough = all(item.enforcement.hostage[k] >= about.breach[k] for k in tempted)
        named = [about.parties[k] for k in tempted]
        found.append(
            HOSTAGE.fill(
                gains=points(model, named, [about.breach[k] for k in tempted]),
                compared="no more than" if enough else "more than",
                held=points(model, named, [item.enforcement.hostage[k] for k in tempted]),
            )
        )
    return found


# ---- draws ---------------------------------------------------------------------------------------------------------


def _draws(model: Model, item: DealCommitment, draws: int) -> list[Finding]:
    found = []
    for k, row in enumerate(item.quantiles):
        others = [j for j in range(len(item.quantiles)) if j != k]
        more = "".join(
            f"; it needs more than {model.actor_name(item.diagnosis.parties[j])} in "
            f"{share(float(item.needs_more[k, j]), draws)} of draws"
            for j in others
        )
        needs = _needs(float(row[0]), float(row[2]), float(item.never[k]), draws)
        party = model.actor_name(item.diagnosis.parties[k])
        found.append(DRAWS.fill(draws=count(draws, "draw"), party=party, needs=needs, more=more))
    return found


def _needs(low: float, high: float, never: float, draws: int) -> str:
    """Say which credence a party needs to sign, and in how many draws none is enough."""
    if low > 1:
        return f"would sign at no credence in {share(never, draws)} of draws"
    if high <= 1:
        said = f"needs a credence of {number(low, 3)} to {number(high, 3)} (5 to 95 %) to sign"
        return said if never == 0 else f"{said}, and in {share(never, draws)} of draws no credence is enough"
    said = f"needs a credence of {number(low, 3)} or more (in 95 % of draws) to sign"
    return f"{said}, and in {share(never, draws)} of draws no credence is enough"
