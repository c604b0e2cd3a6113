"""A deal delivered in steps as a crisis of its own: each party's part is one option, its levels the steps done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backchannel.analyses.commitment.diagnosis import IDS
from backchannel.analyses.commitment.legs import Promise, breach_gain
from backchannel.analyses.commitment.plan import Plan
from backchannel.analyses.stability.limited import play
from backchannel.model.compile import compile_model
from backchannel.model.model import Model
from backchannel.model.words import changes
from backchannel.numerics.improvement_ends import improvement_ends
from backchannel.numerics.stability import all_stable
from backchannel.spec.crisis import Crisis

Floats = NDArray[np.float64]

NOTHING = "none"


@dataclass(frozen=True)
class Course:
    """Where the steps lead from today, with one bond.

    Parameters
    ----------
    stable
        Whether the completed deal is stable, by concept: ``nash``, ``gmr``, ``smr``, ``seq``.
    improving
        Whether improvements, each a gain at once, lead from today to the completed deal.
    path
        (actor, option, level it reaches): the moves both foresee if each looks to the end of the schedule.
    complete
        Whether that path ends with everything delivered.
    delivered
        Share of each leg delivered where the path ends, by party.
    taken_back
        Whether somebody has by then taken back what could be.
    """

    stable: tuple[bool, ...]
    improving: bool
    path: tuple[tuple[str, str, str], ...]
    complete: bool
    delivered: tuple[float, float]
    taken_back: bool


@dataclass(frozen=True, eq=False)
class Staged:
    """The steps as a crisis, judged with the bond and without it.

    Parameters
    ----------
    hurt
        float64, shape (2,): what a side loses when the other takes its delivered part back, points.
    held, bare
        Where the steps lead with the bond and without.
    """

    hurt: Floats
    held: Course
    bare: Course


def hurts(model: Model, promise: Promise) -> Floats:
    """Return what each of two parties loses when the other takes back what it can from the done deal, shape (2,)."""
    found = np.zeros(2)
    for side in (0, 1):
        _, target = breach_gain(model, promise.legs[1 - side], promise.kept)
        actor = promise.legs[side].actor
        found[side] = model.points(actor, promise.kept) - model.points(actor, target)
    return found


def judge_steps(model: Model, promise: Promise, plan: Plan) -> Staged:
    """Judge a schedule as a crisis of steps: stability once done, and where it leads from today.

    Cost: two crises of (steps + 1)^2 states (four times as many for each side that can take back), compiled and judged;
    foresight of twice as many moves as steps.
    """
    hurt = hurts(model, promise)
    bare = replace(plan, bond=np.zeros(2))
    courses = [_course(staged(model.crisis, promise.named.name, each, hurt), each) for each in (plan, bare)]
    return Staged(hurt, *courses)


def staged(crisis: Crisis, deal: str, plan: Plan, hurt: Floats) -> Crisis:
    """Return a deal in steps as a crisis of its own.

    Parameters
    ----------
    crisis
        The crisis of the deal: for names and title.
    deal
        Its name.
    plan
        The schedule: shares, benefits, costs, bonds.
    hurt
        What a side loses when the other takes its delivered part back, shape (2,).

    Notes
    -----
    A step once done stands: each part is final. What can be taken back is an option of its own, worth what it regains;
    it ends the process. Nobody is more than a step ahead, and who moves second never is. Worths are linear in the
    shares delivered and discounted by the step, as in the schedule. Whoever leaves a step undone that the other has
    done, stops where it is its turn to go first, or takes back, forfeits its bond at the discount of that step, made a
    thousandth larger so that who would be indifferent goes on.
    """
    names = plan.parties
    done = tuple(f"{_part(name)} = {levels(plan, side)[-1]}" for side, name in enumerate(names))
    data: dict[str, Any] = {
        "crisis": 1,
        "title": f"{deal} in {plan.shares.shape[1]} steps ({crisis.title})",
        "actors": {name: {"name": crisis.actors[name].name or name} for name in names},
        "options": {},
        "impossible": [{"that": that, "why": why} for that, why in _rules(plan)],
        "preferences": {name: _worths(plan, side, hurt) for side, name in enumerate(names)},
        "states": {"done": list(done)},
        "deals": {
            f"{deal}_in_steps": {
                "parties": list(names),
                "terms": list(done),
                "why": ILLUSTRATIVE,
            }
        },
    }
    taken = [_recall(name) for side, name in enumerate(names) if plan.recall[side] > 0]
    over = {"frozen": " or ".join(taken)} if taken else {}
    for side, name in enumerate(names):
        does = f"Deliver its part of {deal} in {plan.shares.shape[1]} steps"
        data["options"][_part(name)] = {
            "by": name, "does": does, "levels": [NOTHING, *levels(plan, side)], "final": "yes", "why": ILLUSTRATIVE,
        } | over  # fmt: skip
        if plan.recall[side] > 0:
            does = "Take back what can be taken back of it"
            data["options"][_recall(name)] = {"by": name, "does": does, "final": "yes", "why": ILLUSTRATIVE}
    return Crisis.model_validate(data)


ILLUSTRATIVE = "illustrative: shares of the legs, as the schedule has them"


def levels(plan: Plan, side: int) -> tuple[str, ...]:
    """Return the names of the steps of a side: number and percentage delivered by then."""
    done = np.cumsum(plan.shares[side])
    return tuple(f"step{k + 1}_{round(100 * float(part))}" for k, part in enumerate(done))


def _part(name: str) -> str:
    return f"{name}_part"


def _recall(name: str) -> str:
    return f"{name}_takes_back"


def _worths(plan: Plan, side: int, hurt: Floats) -> list[dict[str, str]]:
    """Return a side's worths: what each step costs and brings, what a breach at it forfeits, all seen from today."""
    own, other = plan.parties[side], plan.parties[1 - side]
    mine, theirs = (NOTHING, *levels(plan, side)), (NOTHING, *levels(plan, 1 - side))
    mine_done, theirs_done = (np.cumsum(plan.shares[k]) for k in (side, 1 - side))
    found = []

    def add(name: str, when: str, worth: float) -> None:
        if abs(worth) >= WORTH_SHOWN:
            found.append({"id": name, "when": when, "worth": f"{worth:.6f}", "why": ILLUSTRATIVE})

    steps = plan.shares.shape[1]
    forfeit = HAIR * float(plan.bond[side])
    for k in range(1, steps + 1):
        now = plan.discount ** (k - 1)
        add(f"cost{k}", f"{_part(own)} >= {mine[k]}", -now * float(plan.cost[side] * plan.shares[side, k - 1]))
        add(
            f"gain{k}", f"{_part(other)} >= {theirs[k]}", now * float(plan.benefit[side] * plan.shares[1 - side, k - 1])
        )
        due = k if k == 1 or plan.first == other else k - 1
        keeps = f" and not {_recall(own)}" if plan.recall[side] > 0 else ""
        add(f"bond{k}", f"{_part(own)} = {mine[k - 1]} and {_part(other)} >= {theirs[due]}{keeps}", -now * forfeit)
        after = plan.discount**k
        if plan.recall[side] > 0:
            regained = float(plan.recall[side] * mine_done[k - 1]) - forfeit
            add(f"back{k}", f"{_recall(own)} and {_part(own)} = {mine[k]}", after * regained)
        if plan.recall[1 - side] > 0:
            lost = float(hurt[side] * theirs_done[k - 1])
            add(f"lost{k}", f"{_recall(other)} and {_part(other)} = {theirs[k]}", -after * lost)
    return found


WORTH_SHOWN = 5e-7
"""Worths below it would be written as 0."""


HAIR = 1.001
"""Factor on a bond so that who would be indifferent goes on."""


def _rules(plan: Plan) -> list[tuple[str, str]]:
    """Return what cannot be: getting ahead of the schedule, and taking back what was never delivered."""
    found = []
    for side, own in enumerate(plan.parties):
        other = plan.parties[1 - side]
        mine, theirs = levels(plan, side), levels(plan, 1 - side)
        second = plan.first == other
        ahead = zip(mine, theirs, strict=True) if second else zip(mine[1:], theirs[:-1], strict=True)
        found += [(f"{_part(own)} >= {m} and {_part(other)} < {t}", "one step at a time") for m, t in ahead]
        if plan.recall[side] > 0:
            found.append((f"{_recall(own)} and {_part(own)} = {NOTHING}", "nothing to take back"))
    return found


def _course(crisis: Crisis, plan: Plan) -> Course:
    model = compile_model(crisis)
    done = model.space.named()["done"]
    stable = all_stable(model.game, IDS)
    ends = improvement_ends(model.game, np.array([model.space.today], dtype=np.int64), (0, 1))  # type: ignore[arg-type]
    first = plan.parties.index(plan.first) if plan.first in plan.parties else 0
    path = foreseen(model, first, 2 * plan.shares.shape[1])
    end = path[-1][1] if path else model.space.today
    levels_there = model.space.levels(np.array([end]))[0].tolist()
    placed = dict(zip(model.crisis.options, levels_there, strict=True))
    delivered = [float(plan.shares[side, : placed[_part(name)]].sum()) for side, name in enumerate(plan.parties)]
    return Course(
        stable=tuple(bool(stable[name][:, done].all()) for name in IDS),
        improving=done in ends.of(0).tolist(),
        path=tuple(
            (model.actors[actor], option, after)
            for (actor, target), origin in zip(path, [model.space.today, *(cell for _, cell in path)], strict=False)
            for option, _, after in changes(model, origin, target)
        ),
        complete=end == done,
        delivered=(delivered[0], delivered[1]),
        taken_back=any(placed.get(_recall(name), 0) for name in plan.parties),
    )


def foreseen(model: Model, first: int, moves: int) -> tuple[tuple[int, int], ...]:
    """Return the moves from today if everybody looks so many moves ahead: (actor, state entered); () if it stays.

    Backward induction over the moves left (Kilgour 1985), the actor ``first`` to move.
    """
    known, today = play(model, "worst", "first"), model.space.today
    row = int(np.searchsorted(model.space.cells, today))
    end = known.foresight(moves).first[first, row]
    if end == row:
        return ()
    targets = model.moves(first, today)
    rows = np.searchsorted(model.space.cells, targets)
    after = known.foresight(moves - 1).after[first, rows]
    target = int(targets[np.flatnonzero(after == end)[0]])
    line = known.line(first, target, moves - 1)
    return ((first, target), *((step.actor, step.target) for step in line))
