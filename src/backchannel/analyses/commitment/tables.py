"""Tables and charts of the commitment analysis."""

from __future__ import annotations

from backchannel.analyses.commitment.commitment_result import CommitmentResult, DealCommitment
from backchannel.analyses.commitment.diagnosis import NO_DISCOUNT
from backchannel.analyses.commitment.phrases import LEAST, amount, listed, or_nobody, settings_in_words
from backchannel.analyses.commitment.plan import Plan
from backchannel.analyses.commitment.staged import Staged
from backchannel.model.model import Model
from backchannel.results.chart import Chart, Curve, Delivery, schedule
from backchannel.results.table import Cell, Column, Table

Row = tuple[Cell, ...]


def tables(model: Model, result: CommitmentResult) -> tuple[Table, ...]:
    """Return one line a deal where several were asked about; else the legs, the orders, bonds and the schedule."""
    if len(result.deals) > 1:
        return (_overview(model, result),)
    [item] = result.deals
    made = [_legs(model, item), _orders(model, item)]
    if item.plan is not None:
        made += [_bonds(model, item.plan), _schedule(model, item.plan)]
    if item.staged is not None:
        made.append(_staged(model, item.staged))
    if item.plan is None:
        made.append(_holding(model, item))
    if item.guarantors:
        made.append(_guarantors(model, item))
    if item.restraints:
        made.append(_restraints(model, item))
    return tuple(made)


def _round(value: float, digits: int = 4) -> float:
    return round(float(value), digits) + 0.0


def _overview(model: Model, result: CommitmentResult) -> Table:
    columns = (
        Column("deal", "Deal"),
        Column("party", "Party"),
        Column("gain", "Gain if kept", "number", "points"),
        Column("temptation", "Temptation", "number", "points"),
        Column("participation", "Credence needed", "number", help="to sign; empty for never"),
        Column("breach", "Gain of breaking it once done", "number", "points"),
        Column("stable", "Stable once done", "mark", help="by sequential stability"),
    )
    rows = []
    for item in result.deals:
        about = item.diagnosis
        for k, party in enumerate(about.parties):
            rows.append(
                (
                    about.deal, model.actor_name(party), _round(about.surplus[k]), _round(about.temptation[k]),
                    _credence(about.participation[k]), _round(about.breach[k]), bool(about.stable[3].all()),
                )
            )  # fmt: skip
    return Table("commitment.deals", "Deals", columns, tuple(rows))


def _credence(value: float) -> float | None:
    return _round(value, 3) if value <= 1 else None


def _legs(model: Model, item: DealCommitment) -> Table:
    about = item.diagnosis
    columns = (
        Column("party", "Party"),
        Column("delivers", "Delivers"),
        Column("takes_back", "Can take back once done"),
        Column("no_deal", "Today", "number", "points"),
        Column("kept", "Kept", "number", "points"),
        Column("cheats", "Keeps back alone", "number", "points"),
        Column("cheated", "Delivers alone", "number", "points"),
        Column("participation", "Credence needed to sign", "number", help="empty for never"),
        Column("discount", "Discount factor if repeated", "number", help="grim trigger; empty for none below 1"),
        Column("breach", "Gain of breaking it once done", "number", "points"),
    )
    every = (1 << len(about.parties)) - 1
    rows: list[Row] = [
        (
            model.actor_name(party),
            listed(about.terms[k]),
            listed(about.recallable[k]) or "nothing",
            _round(about.no_deal[k]),
            _round(about.payoffs[k, every]),
            _round(about.payoffs[k, every & ~(1 << k)]),
            _round(about.payoffs[k, 1 << k]),
            _credence(about.participation[k]),
            _round(about.discount[k, 0], 3) if about.discount[k, 0] < NO_DISCOUNT else None,
            _round(about.breach[k]),
        )
        for k, party in enumerate(about.parties)
    ]
    return Table("commitment.legs", "Legs", columns, tuple(rows))


RIGHTS = {"none": "none", "answer": "in answer to a failure", "free": "at will, once"}


def _orders(model: Model, item: DealCommitment) -> Table:
    about = item.diagnosis
    columns = (
        Column("first", "Order"),
        Column("recall", "Right to take back"),
        Column("reversible", "Every leg reversible", "mark"),
        Column("outcome", "Who delivers in the end"),
    )

    def ends(outcomes: tuple[tuple[str, ...], ...]) -> str:
        return listed((or_nobody(model, item, about.parties) for item in outcomes), "or")

    rows: list[Row] = [("at the same moment", "none", False, ends(about.simultaneous) or "no pure equilibrium")]
    seen = set()
    for play in about.sequences:
        if len(about.parties) > 2 and play.recall != "none":
            continue
        row = (
            ", then ".join(model.actor_name(name) for name in play.order), RIGHTS[play.recall], play.reversible,
            ends(play.outcomes),
        )  # fmt: skip
        if row not in seen:
            seen.add(row)
            rows.append(row)
    return Table("commitment.orders", "In which order", columns, tuple(rows))


def _bonds(model: Model, plan: Plan) -> Table:
    columns = (
        Column("tranches", "Tranches", "number"),
        Column("first", "First mover"),
        *(
            Column(f"bond_{k}", f"Bond of {model.actor_name(name)}", "number", "points")
            for k, name in enumerate(plan.parties)
        ),
    )
    rows = tuple(
        (
            item.steps,
            "both at once" if item.first == "both" else model.actor_name(item.first),
            *(_bond(value) for value in (item.bond if item.bond is not None else (None, None))),
        )
        for item in plan.bonds
    )
    return Table("commitment.bonds", "Smallest bond", columns, rows)


def _bond(value: float | None) -> Cell:
    """Return a bond as a cell: empty for none, and never 0 where it is positive."""
    if value is None:
        return None
    return amount(value) if 0 < value < LEAST else _round(value)


def _staged(model: Model, staged: Staged) -> Table:
    """Return the moves both foresee from today, with the bond."""
    columns = (
        Column("move", "Move", "number"),
        Column("actor", "Who moves"),
        Column("option", "Option"),
        Column("level", "Up to"),
    )
    rows: tuple[Row, ...] = tuple(
        (number, model.actor_name(actor), option, level)
        for number, (actor, option, level) in enumerate(staged.held.path, start=1)
    )
    return Table("commitment.staged", "Steps as a crisis: the moves foreseen from today", columns, rows)


def _holding(model: Model, item: DealCommitment) -> Table:
    about, held = item.diagnosis, item.holding
    columns = (
        Column("party", "Party"),
        Column("short", "Compensation, more than", "number", "points"),
        Column("spare", "Gains if kept", "number", "points"),
        Column("bond", "Bond against keeping back", "number", "points"),
        Column("breach", "Bond against breaking it once done", "number", "points"),
    )
    rows: tuple[Row, ...] = tuple(
        (
            model.actor_name(party),
            _bond(held.short[k]),
            _bond(held.spare[k]),
            _bond(held.bond[k]),
            _bond(about.breach[k]),
        )
        for k, party in enumerate(about.parties)
    )
    return Table("commitment.holding", "What would hold each party", columns, rows)


def _schedule(model: Model, plan: Plan) -> Table:
    first, second = (model.actor_name(name) for name in plan.parties)
    columns = (
        Column("step", "Step", "number"),
        Column("share_0", f"{first} delivers", "number", "%"),
        Column("share_1", f"{second} delivers", "number", "%"),
        Column("exposure_0", f"{first} loses if the other breaks", "number", "points"),
        Column("exposure_1", f"{second} loses if the other breaks", "number", "points"),
        Column("credence_0", f"{first} counts on the other", "number"),
        Column("credence_1", f"{second} counts on the other", "number"),
    )
    rows = tuple(
        (
            step + 1,
            _round(100 * plan.shares[0, step], 2),
            _round(100 * plan.shares[1, step], 2),
            _round(plan.exposure[0, step], 2),
            _round(plan.exposure[1, step], 2),
            _round(plan.credence[0, step], 3),
            _round(plan.credence[1, step], 3),
        )
        for step in range(plan.shares.shape[1])
    )
    return Table("commitment.schedule", "Schedule", columns, rows)


def _guarantors(model: Model, item: DealCommitment) -> Table:
    columns = (
        Column("payer", "Who stands to lose it"),
        Column("holder", "Who holds it"),
        Column("face", "Deposit", "number", "points"),
        Column("robust", "If one guarantor may drop out", "number", "points"),
    )
    rows: tuple[Row, ...] = tuple(
        (
            model.actor_name(split.payer),
            split.holder,
            _bond(split.face),
            _bond(split.robust),
        )
        for split in item.guarantors
    )
    return Table("commitment.guarantors", "Bonds still to deposit, as they are enforced", columns, rows)


def _restraints(model: Model, item: DealCommitment) -> Table:
    columns = (
        Column("actor", "Spoiler"),
        Column("does", "Would have to"),
        Column("limited", "Price if limited", "number", "points"),
        Column(
            "greedy", "Price if greedy", "number", "points", "in as many payments as tranches, each half as dear again"
        ),
        Column("total", "Price if total", help="none: leave it no way to undo the deal"),
    )
    rows: tuple[Row, ...] = tuple(
        (model.actor_name(act.actor), settings_in_words(model, act.settings), _round(limited), _round(greedy), "none")
        for act, limited, greedy in item.restraints
    )
    return Table("commitment.restraint", "What the spoiler's restraint would cost", columns, rows)


def charts(model: Model, result: CommitmentResult) -> tuple[Chart, ...]:
    """Return the schedule of each deal that has one: who delivers what when, and what is then at risk."""
    plans = [(item, item.plan) for item in result.deals if item.plan is not None and item.plan.shares.size]
    return tuple(_chart(model, item, plan) for item, plan in plans)


def _chart(model: Model, item: DealCommitment, plan: Plan) -> Chart:
    deal = item.diagnosis.deal
    shown = [model.actor_name(name) for name in plan.parties]
    steps = plan.shares.shape[1]
    deliveries = tuple(
        Delivery(shown[k], f"{100 * plan.shares[k, step]:.0f} %", step + 1)
        for k in (0, 1)
        for step in range(steps)
        if plan.shares[k, step] > 0.0005
    )
    exposure = tuple(
        Curve(
            shown[k],
            tuple(float(step) for step in range(steps + 1)),
            (0.0, *(_round(value, 4) for value in plan.exposure[k])),
            step=True,
        )
        for k in (0, 1)
    )
    alt = (
        f"{steps} steps in which {listed(shown)} deliver shares of their legs, and what each has at risk at each step."
    )
    name = f"schedule-{deal.replace('_', '-')}"
    series = tuple(model.actor_name(actor) for actor in model.actors)
    return schedule(name, f"Schedule of {deal}", alt, deliveries=deliveries, exposure=exposure, series=series)
