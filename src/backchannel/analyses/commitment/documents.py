"""The JSON documents of the commitment analysis."""

from __future__ import annotations

from math import isfinite
from typing import Any

from backchannel.analyses.commitment.commitment_result import CommitmentResult, DealCommitment
from backchannel.analyses.commitment.diagnosis import IDS, NO_DISCOUNT, Diagnosis, members
from backchannel.analyses.commitment.patrons import Act
from backchannel.analyses.commitment.plan import Plan
from backchannel.analyses.commitment.staged import Course


def deal_document(result: CommitmentResult, item: DealCommitment) -> dict[str, object]:
    """Return one deal of ``commitment --json``."""
    about = item.diagnosis
    return {
        "deal": about.deal,
        "parties": [_party(item, k) for k in range(len(about.parties))],
        "expects": list(about.expects),
        "as_expected": about.as_expected,
        "spoilers": list(about.spoilers),
        "today": about.today,
        "states": [
            {
                "delivers": list(members(about.parties, mask)),
                "possible": bool(about.possible[mask]),
                "state": about.end[mask],
                "nash": bool(about.trap[mask]),
            }
            for mask in range(1 << len(about.parties))
        ],
        "trust": _trust(item),
        "simultaneous": [list(outcome) for outcome in about.simultaneous],
        "orders": [
            {
                "order": list(play.order),
                "recall": play.recall,
                "reversible": play.reversible,
                "outcomes": [list(outcome) for outcome in play.outcomes],
            }
            for play in about.sequences
        ],
        "executed": _executed(result, about),
        "acts": [_act(made) for made in item.acts],
        "helps": [
            {**_act(made), "price": {"limited": limited, "greedy": greedy, "total": None}}
            for made, limited, greedy in item.restraints
        ],
        "guarantors": [
            {"payer": split.payer, "holder": split.holder, "bond": split.face, "robust": split.robust}
            for split in item.guarantors
        ],
        "reassurance": _reassurance(item),
        "undoings": [
            {"actor": way.actor, "does": list(way.does), "state": way.end, "undone": list(way.undone), "gain": way.gain}
            for way in item.undoings
        ],
        "losers": [{"actor": actor, "change": change} for actor, change in about.losers],
        "plan": None if item.plan is None else _plan(item.plan),
        "at_trust": [
            {"belief": list(end.belief), "tranches": end.steps, "breaks": list(end.breaks)} for end in item.at_trust
        ],
        "staged": _staged(item),
        "holding": {
            "parties": [
                {
                    "actor": party,
                    "compensation": float(item.holding.short[k]),
                    "gains": float(item.holding.spare[k]),
                    "bond": float(item.holding.bond[k]),
                }
                for k, party in enumerate(about.parties)
            ],
            "equilibrium": item.holding.is_equilibrium,
            "orders": item.holding.orders,
            "kept": item.holding.kept,
        },
        "remedy": {
            "worths": [{"actor": c.actor, "when": c.when, "worth": c.worth} for c in item.remedied.costs],
            "stable": {name: bool(item.remedied.stable[k].all()) for k, name in enumerate(result.concepts)},
            "simultaneous": [list(members(about.parties, mask)) for mask in item.remedied.simultaneous],
        },
    }


def _party(item: DealCommitment, k: int) -> dict[str, object]:
    about = item.diagnosis
    grim, short = (None if value >= NO_DISCOUNT else value for value in about.discount[k].tolist())
    found: dict[str, object] = {
        "actor": about.parties[k],
        "terms": list(about.terms[k]),
        "stands": about.stands[k],
        "takes_back": list(about.recallable[k]),
        "no_deal": float(about.no_deal[k]),
        "kept": float(about.payoffs[k, -1]),
        "temptation": float(about.temptation[k]),
        "sucker_loss": float(about.sucker_loss[k]),
        "participation": float(about.participation[k]) if about.participation[k] <= 1 else None,
        "threshold": _finite(float(about.participation[k])),
        "dominated": bool(about.dominated[k]),
        "breach": float(about.breach[k]),
        "hostage": float(item.enforcement.hostage[k]),
        "guaranteed": float(item.enforcement.guaranteed[k] + item.enforcement.given[k]),
        "discount": {"grim": grim, "three_rounds": short},
    }
    if item.quantiles.size:
        found["quantiles"] = [_finite(value) for value in item.quantiles[k].tolist()]
        found["never"] = float(item.never[k])
        found["needs_more_than"] = dict(zip(about.parties, item.needs_more[k].tolist(), strict=True))
    return found


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _trust(item: DealCommitment) -> list[dict[str, object]]:
    parties, trust = item.diagnosis.parties, item.credence
    size = range(len(parties))
    return [
        {
            "who": parties[i],
            "in": parties[j],
            "credence": float(trust.centre[i, j]),
            "range": [float(trust.low[i, j]), float(trust.high[i, j])],
            "stated": bool(trust.stated[i, j]),
        }
        for i in size
        for j in size
        if i != j
    ]


def _executed(result: CommitmentResult, about: Diagnosis) -> dict[str, object]:
    def unstable(mask: Any) -> dict[str, list[str]]:
        return {
            name: [actor for i, actor in enumerate(result.actors) if not mask[k, i]]
            for k, name in enumerate(result.concepts)
        }

    return {
        "unstable_for": unstable(about.stable),
        "unstable_for_if_reversible": unstable(about.stable_if_reversible),
        "stable_among_parties_if_reversible": {
            name: bool(about.swap_stable[k]) for k, name in enumerate(result.concepts)
        },
        "breaks": [
            {"concept": item.concept, "actor": item.actor, "move": item.move, "gain": item.gain}
            for item in about.breaks
        ],
    }


def _reassurance(item: DealCommitment) -> dict[str, object] | None:
    told = item.reassurance
    return None if told is None else {"low": told.low, "high": told.high, "prior": told.prior}


def _staged(item: DealCommitment) -> dict[str, object] | None:
    if item.staged is None:
        return None

    def course(found: Course) -> dict[str, object]:
        return {
            "stable": dict(zip(IDS, found.stable, strict=True)),
            "improving": found.improving,
            "complete": found.complete,
            "path": [{"actor": actor, "option": option, "level": level} for actor, option, level in found.path],
            "delivered": list(found.delivered),
            "taken_back": found.taken_back,
        }

    return {"with_bond": course(item.staged.held), "without": course(item.staged.bare)}


def _act(made: Act) -> dict[str, object]:
    return {
        "actor": made.actor,
        "does": list(made.does),
        "states": list(made.ends),
        "brings": list(made.brings),
        "change": made.change,
        "substitutes": [
            {"dial": item.dial, "from": f"{item.numerator}/{item.denominator}", "position": item.position}
            for item in made.substitutes
        ],
    }


def _plan(plan: Plan) -> dict[str, object]:
    return {
        "parties": list(plan.parties),
        "benefit": plan.benefit.tolist(),
        "cost": plan.cost.tolist(),
        "recall": plan.recall.tolist(),
        "additive": plan.is_additive,
        "discount": plan.discount,
        "belief": plan.belief.tolist(),
        "bond_at_hand": plan.bond_at_hand.tolist(),
        "provided": plan.provided,
        "impossible": plan.impossible,
        "argument": plan.argument,
        "proofs": [
            {"tranches": p.steps, "first": p.first, "breaks": list(p.breaks), "gap": p.gap, "holds": p.holds}
            for p in plan.proofs
        ],
        "elsewhere": list(plan.elsewhere),
        "first": plan.first,
        "bond": plan.bond.tolist(),
        "breaks": list(plan.breaks),
        "shares": plan.shares.tolist(),
        "credence": plan.credence.tolist(),
        "exposure": plan.exposure.tolist(),
        "at_risk": plan.at_risk.tolist(),
        "bonds": [
            {"tranches": b.steps, "first": b.first, "bond": None if b.bond is None else b.bond.tolist()}
            for b in plan.bonds
        ],
    }
