"""If they shook hands, would it be kept, and in what order must it be done."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.commitment.commitment_result import CommitmentResult, DealCommitment, Params
from backchannel.analyses.commitment.compensation import holding
from backchannel.analyses.commitment.diagnosis import IDS, Diagnosis, Reversible, diagnose
from backchannel.analyses.commitment.documents import deal_document
from backchannel.analyses.commitment.legs import Promise, read_promise
from backchannel.analyses.commitment.patrons import Act, acts_of_parties, acts_of_spoilers
from backchannel.analyses.commitment.plan import (
    STEPS,
    AtTrust,
    Plan,
    Wish,
    at_trust,
    make_plan,
)
from backchannel.analyses.commitment.reassurance import Reassurance, reassurance
from backchannel.analyses.commitment.remedies import rerun
from backchannel.analyses.commitment.staged import judge_steps
from backchannel.analyses.commitment.tables import charts, tables
from backchannel.analyses.commitment.trust import (
    Credence,
    amount,
    credence,
    enforcement,
    guarantors,
    only_parties,
)
from backchannel.analyses.commitment.undoing import undoings
from backchannel.analyses.commitment.words import findings
from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.stability import stability
from backchannel.errors import NotSupportedError
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.model.worths import cardinal_terms, drawn_points
from backchannel.numerics.bonds import price_of_restraint
from backchannel.numerics.exchange import participation_at
from backchannel.numerics.stability import all_stable
from backchannel.numerics.tranches import NEVER
from backchannel.spec.positions import suggest

Floats = NDArray[np.float64]


DEALS = "deals"


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: a deal, every state ranked, options, and points for whoever signs."""
    needs = list(stability.requires(model))
    if model.space.is_general_graph:
        why = "a promise is a level of an option, and this file lists moves"
        needs.append(Need("options", why, "options: {dam: {by: north, does: Build the dam}}"))
    if not model.crisis.deals:
        example = "deals: {swap: {parties: [north, south], terms: [dam, embargo], why: ...}}"
        needs.append(Need(DEALS, "there is no deal to ask about", example))
    signing = dict.fromkeys(name for deal in model.crisis.deals.values() for name in deal.parties)
    for name in signing:
        if model.utilities[model.actors.index(name)].scale != "cardinal":
            why = f"{name} signs a deal and has preferences by order only"
            needs.append(Need("worths in points", why, f"{name}: [{{when: dam, worth: 10, why: ...}}]"))
    return tuple(needs)


def run(model: Model, context: Context, params: Params | None = None) -> CommitmentResult:
    """Say of each deal whether it would be kept, what breaks it, and which remedy holds it.

    Diagnosis: the exchange as a game of delivering or not (Kydd 2000 for thresholds of trust), and the kept deal by the
    concepts of the graph model. Remedies: repetition, tranches, bonds (Watson 1999, Lockwood and Thomas 2002); minimal
    models in their spirit. Cost: 2^parties starts with the improvements of third parties, two runs of stability, and a
    few dozen linear programmes a deal.

    Raises
    ------
    NotSupportedError
        If the file lacks what is required, or on an unknown deal, party, pair or number.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(tuple(need for need in requires(model) if not (params.deal and need.section == DEALS)))
    names = _asked(model, params)
    context.progress(0, len(names) + 1)
    stable = all_stable(model.game, IDS)
    reversible = Reversible.of(model)
    context.progress(1, len(names) + 1)
    found = []
    for done, name in enumerate(names, start=2):
        promise = read_promise(model, name, params.parties)
        for leg in promise.legs:
            cardinal_terms(model, leg.actor)
        diagnosis = diagnose(model, promise, stable, reversible)
        found.append(_commitment(model, context, params, promise, diagnosis))
        context.progress(done, len(names) + 1)
    result = CommitmentResult(
        provenance=context.provenance, actors=model.actors, concepts=IDS, deals=tuple(found), params=params
    )
    return replace(result, findings=findings(model, result), tables=tables(model, result), charts=charts(model, result))


def _asked(model: Model, params: Params) -> tuple[str, ...]:
    for party in params.parties:
        if party not in model.actors:
            raise NotSupportedError(f'--parties: unknown actor "{party}"; {suggest(party, model.actors)}')
    if not params.deal:
        signing = tuple(dict.fromkeys(name for deal in model.crisis.deals.values() for name in deal.parties))
        only_parties("any deal", signing, (), (), params.limit)
        return tuple(model.crisis.deals)
    known = list(dict.fromkeys([*model.crisis.deals, *model.crisis.states]))
    if params.deal not in known:
        raise NotSupportedError(f'unknown deal "{params.deal}"; {suggest(params.deal, known)}')
    if params.deal in model.crisis.deals and params.parties:
        signed = ", ".join(model.crisis.deals[params.deal].parties)
        raise NotSupportedError(f'the file says who signs "{params.deal}": {signed}; leave --parties out')
    if params.deal not in model.crisis.deals and not params.parties:
        raise NotSupportedError(f'"{params.deal}" is a state; say who signs it: --parties {",".join(model.actors[:2])}')
    return (params.deal,)


def _commitment(
    model: Model, context: Context, params: Params, promise: Promise, diagnosis: Diagnosis
) -> DealCommitment:
    parties = diagnosis.parties
    if params.deal:
        only_parties(f'"{params.deal}"', parties, params.trust, params.bond, params.limit)
    trust = credence(model, parties, params.trust)
    force = enforcement(model, diagnosis.deal, parties, params.bond)
    wish = _wish(model, params, promise)
    plan = _plan(promise, diagnosis, trust, force.total(hostages=params.hostages), wish)
    held = np.maximum(diagnosis.breach, _needed(plan, len(parties)))
    helps = acts_of_spoilers(model, promise)
    quantiles, never, needs_more = _drawn(model, context, promise)
    missing = np.maximum(held - force.total(hostages=params.hostages), 0.0)
    return DealCommitment(
        diagnosis=diagnosis,
        credence=trust,
        enforcement=force,
        acts=acts_of_parties(model, promise),
        helps=helps,
        restraints=tuple(_restraint(made, params.tranches or STEPS) for made in helps),
        reassurance=_reassurance(promise, trust),
        guarantors=guarantors(model, diagnosis.deal, parties, missing),
        undoings=undoings(model, promise),
        plan=plan,
        staged=judge_steps(model, promise, plan) if plan is not None and plan.breaks == (NEVER, NEVER) else None,
        holding=holding(promise.exchange, _locked(diagnosis)),
        held=held,
        remedied=rerun(model, promise, held, params.parties),
        quantiles=quantiles,
        never=never,
        needs_more=needs_more,
        at_trust=_at_trust(promise, trust, plan, wish),
    )


def _locked(about: Diagnosis) -> tuple[bool, ...]:
    return tuple(stands and not able for stands, able in zip(about.stands, about.recallable, strict=True))


def _restraint(made: Act, payments: int) -> tuple[Act, float, float]:
    limited = price_of_restraint(-made.change, "limited", payments).total
    greedy = price_of_restraint(-made.change, "greedy", payments).total
    assert limited is not None
    assert greedy is not None
    return made, limited, greedy


def _reassurance(promise: Promise, trust: Credence) -> Reassurance | None:
    if len(promise.legs) != 2:
        return None
    return reassurance(promise.exchange, (float(trust.centre[0, 1]), float(trust.centre[1, 0])))


def _needed(plan: Plan | None, parties: int) -> Floats:
    return np.zeros(parties) if plan is None else plan.bond


def _wish(model: Model, params: Params, promise: Promise) -> Wish:
    parties = tuple(model.actors[leg.actor] for leg in promise.legs)
    if params.first and params.first not in ("both", *parties):
        known = ["both", *parties]
        raise NotSupportedError(f'unknown first mover "{params.first}"; {suggest(params.first, known)}')
    limits = [(payer, _limit(payer, text)) for payer, text in params.limit]
    least = [min((most for payer, most in limits if payer in ("", name)), default=inf) for name in parties[:2]]
    return Wish(params.tranches, params.first, params.discount, (least[0], least[1]))


def _limit(payer: str, text: str) -> float:
    most = amount(payer or "--limit", text)
    if not (isfinite(most) and most > 0):
        raise NotSupportedError(f'a limit is above 0, got "{text}"; write --limit {payer or "party"}=10')
    return most


def _pair(trust: Floats) -> Floats:
    return np.array([trust[0, 1], trust[1, 0]])


def _plan(promise: Promise, diagnosis: Diagnosis, trust: Credence, bond: Floats, wish: Wish) -> Plan | None:
    if len(promise.legs) != 2:
        return None
    parties = diagnosis.parties[0], diagnosis.parties[1]
    return make_plan(promise.exchange, parties, _pair(trust.centre), bond, diagnosis.breach, wish)


def _at_trust(promise: Promise, trust: Credence, plan: Plan | None, wish: Wish) -> tuple[AtTrust, ...]:
    if plan is None or np.array_equal(trust.low, trust.high):
        return ()
    ends = (_pair(trust.low), _pair(trust.high))
    return tuple(at_trust(promise.exchange, plan.parties, belief, plan, wish) for belief in ends)


def _drawn(model: Model, context: Context, promise: Promise) -> tuple[Floats, Floats, Floats]:
    """Return, over draws, quantiles of the participation thresholds, the share of never, and who needs more than whom.

    Above 1 no credence is enough; such draws are never counted as needing more than one another.
    """
    draws, parties = context.provenance.draws, len(promise.legs)
    if not draws:
        return np.zeros((0, 3)), np.zeros(0), np.zeros((0, 0))
    values = draw_matrix(model.inputs, draws, context.provenance.seed)
    found = np.stack([_threshold(model, promise, k, values) for k in range(parties)], axis=1)
    needs = np.where(found > 1, inf, found)
    more = (needs[:, :, None] > needs[:, None, :]).mean(axis=0)
    quantiles = np.quantile(found, (0.05, 0.5, 0.95), axis=0, method="inverted_cdf").T.copy()
    return quantiles, (found > 1).mean(axis=0), np.asarray(more).reshape(parties, parties)


def _threshold(model: Model, promise: Promise, party: int, values: Floats) -> Floats:
    """Return the participation threshold of one party in each draw; who ends where is kept as at the centres."""
    cells = np.array([promise.end[1 << party], model.space.today, promise.end[-1]], dtype=np.int64)
    alone, today, kept = drawn_points(model, promise.legs[party].actor, cells, values).T
    return participation_at(alone, today, kept)


def document(result: CommitmentResult) -> dict[str, object]:
    """Return the document ``commitment --json`` prints, format 1."""
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "concepts": list(result.concepts),
        "deals": [deal_document(result, item) for item in result.deals],
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }
