"""The sentences of the commitment analysis, each under a stable id."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.commitment.commitment_result import CommitmentResult, DealCommitment
from backchannel.analyses.commitment.diagnosis import IDS, NO_DISCOUNT, Diagnosis, Sequence
from backchannel.analyses.commitment.patrons import Act, Substitute
from backchannel.analyses.commitment.phrases import (
    listed,
    names,
    of_state,
    or_nobody,
    points,
    settings_in_words,
    stable_words,
)
from backchannel.analyses.commitment.remedy_words import remedies
from backchannel.model.model import Model
from backchannel.numerics.number_format import count, number, share, signed
from backchannel.results.finding import Finding, Template

DEAL = Template("commitment.deal", "{deal}: {verdict}; {executed}; {remedy}.", "magnitudes")
EXPECTED = Template("commitment.expected", "{deal} would not come out as it expects: it would end in {state}.", "order")
TEMPTED = Template(
    "commitment.temptation", "Keeping back while the rest delivers brings {gains}; delivering alone costs {losses}.",
    "magnitudes",
)  # fmt: skip
EXCHANGE = Template("commitment.exchange", "Delivered at the same moment, {outcomes}.", "order")
ORDER = Template("commitment.order", "Delivered one after another, {outcomes}.", "order")
RECALL = Template(
    "commitment.recall", "With a right to take back a leg in answer to a failure, {outcomes}; {free}.", "order"
)
PARTICIPATION = Template(
    "commitment.participation", "Signing beats not signing {thresholds}; trust stands at {stated}.", "magnitudes"
)
DOMINATED = Template(
    "commitment.dominated",
    "No credence makes {parties} deliver: keeping back is better whatever the rest does. Delivery needs an order of "
    "steps, repetition, a bond, or steps that cannot be taken back.",
    "order",
)
INCENTIVE = Template("commitment.incentive", "{party} gains by delivering {when}.", "magnitudes")
EXECUTED = Template("commitment.executed", "Once done ({state}), the deal {verdict}.", "order")
REVERSIBLE = Template(
    "commitment.reversible",
    "If every step could be taken back, the done deal {verdict}. Among the parties alone, with legs that can be taken "
    "back whole, it is {swap}.",
    "order",
)
TRAP = Template("commitment.trap", "{states}: what has been delivered cannot be had back.", "order")
HOSTAGE = Template(
    "commitment.hostage", "What breaking the done deal brings ({gains}) is {compared} what stands as hostage ({held}).",
    "magnitudes",
)  # fmt: skip
DISCOUNT = Template(
    "commitment.discount",
    "If the exchange repeated for ever, it would be kept from a discount factor of {grim} a round on.",
    "magnitudes",
)
PATRON = Template(
    "commitment.patron", "If {actor} alone would {acts}, {brings} would follow ({change} for it){lost}.", "magnitudes"
)
SPOILER = Template(
    "commitment.spoiler",
    "{actor} can keep it from happening. If it would {acts}, the parties would do their part by themselves; that costs "
    "it {price}{lost}.",
    "magnitudes",
)
UNDO = Template("commitment.undo", "{actor} could undo the done deal ({undone}): {gain}.", "magnitudes")
LOSERS = Template("commitment.losers", "Not asked and worse off: {losers}.", "magnitudes")
SHORT = Template(
    "commitment.short", "Even if everybody keeps it, the deal leaves {parties} below today: it would not be signed.",
    "magnitudes",
)  # fmt: skip
LOCK = Template(
    "commitment.lock", "{party} gains {gain} by taking its leg back once the rest has delivered, {when}.", "magnitudes"
)
DRAWS = Template(
    "commitment.draws",
    "Over {draws} within the stated ranges {party} needs a credence of {low} to {high} (5 to 95 %) to sign{more}.",
    "magnitudes",
)


def findings(model: Model, result: CommitmentResult) -> tuple[Finding, ...]:
    """Return the findings: one a deal where several were asked about, else all there is to say of the one."""
    if len(result.deals) > 1:
        return tuple(_deal(model, item) for item in result.deals)
    [item] = result.deals
    found = [
        *_exchange(model, item.diagnosis),
        *_trust(model, item),
        *_executed(model, item),
        *_outsiders(model, item),
        *remedies(model, item),
        *_draws(model, item, result.provenance.draws),
    ]
    return tuple(found)


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
            return f"it would come about if {_name(model, item.helps[0].actor)} gave way"
        return "no schedule of steps is worked out for it"
    if not plan.shares.size:
        return "no schedule keeps it"
    bond = points(model, plan.parties, plan.bond)
    return f"{count(plan.shares.shape[1], 'tranche')} would be kept with a bond of {bond}"


def _name(model: Model, actor: str) -> str:
    return model.actor_name(actor)


# ---- the exchange --------------------------------------------------------------------------------------------------


def _exchange(model: Model, about: Diagnosis) -> list[Finding]:
    parties = about.parties
    found = []
    if not about.as_expected:
        found.append(EXPECTED.fill(deal=about.deal, state=of_state(model, about.end[-1])))
    gains = listed(f"{signed(g)} to {_name(model, p)}" for p, g in zip(parties, about.temptation, strict=True))
    losses = listed(f"{_name(model, p)} {number(loss)}" for p, loss in zip(parties, about.sucker_loss, strict=True))
    short = [k for k in range(len(parties)) if about.surplus[k] <= 0]
    if short:
        kept, today = about.payoffs[:, -1].tolist(), about.no_deal.tolist()
        said = (f"{_name(model, parties[k])} ({number(kept[k])} against {number(today[k])})" for k in short)
        found.append(SHORT.fill(parties=listed(said)))
    found.append(TEMPTED.fill(gains=gains, losses=losses))
    found += _locks(model, about)
    found.append(EXCHANGE.fill(outcomes=_equilibria(model, about)))
    found.append(ORDER.fill(outcomes=_sequences(model, about, "none", reversible=False)))
    answer = _sequences(model, about, "answer", reversible=False)
    found.append(RECALL.fill(outcomes=answer, free=_if_reversible(model, about)))
    return found


def _locks(model: Model, about: Diagnosis) -> list[Finding]:
    """Say of legs in place today whether who holds them could still take them back."""
    found = []
    for k, party in enumerate(about.parties):
        if about.stands[k] and about.temptation[k] > 0:
            able = set(about.recallable[k])
            when = "and could" if able else "and cannot, so what holds the promise is that it is final by then"
            found.append(LOCK.fill(party=_name(model, party), gain=number(float(about.temptation[k])), when=when))
    return found


def _equilibria(model: Model, about: Diagnosis) -> str:
    sets = about.simultaneous
    if sets == ((),):
        return "the only equilibrium is that nobody delivers"
    if not sets:
        return "there is no equilibrium without mixing"
    ways = listed((f"delivery by {or_nobody(model, item, about.parties)}" for item in sets), "or")
    return f"there {'is one equilibrium' if len(sets) == 1 else f'are {len(sets)} equilibria'}: {ways}"


def _sequences(model: Model, about: Diagnosis, recall: str, *, reversible: bool) -> str:
    rows = [item for item in about.sequences if item.recall == recall and item.reversible == reversible]
    kept = [item for item in rows if item.outcomes == (about.parties,)]
    if not kept:
        ends = {item.outcomes for item in rows}
        if ends == {((),)}:
            second = "whoever delivers second would keep back, so nobody delivers first"
            return f"in any order {second}" if len(about.parties) > 2 else f"in either order {second}"
        return f"no order ends with everybody delivering; it ends with {_ends(model, about, rows)}"
    if len(kept) == len(rows):
        return "every order ends with everybody delivering"
    first = listed((_name(model, name) for name in dict.fromkeys(item.order[0] for item in kept)), "or")
    return f"it is kept in {len(kept)} of {count(len(rows), 'order')}, with {first} first"


def _ends(model: Model, about: Diagnosis, rows: list[Sequence]) -> str:
    sets = dict.fromkeys(outcome for item in rows for outcome in item.outcomes)
    return listed((f"delivery by {or_nobody(model, item, about.parties)}" for item in sets), "or")


def _if_reversible(model: Model, about: Diagnosis) -> str:
    said = _sequences(model, about, "answer", reversible=True)
    return f"if every leg could be taken back, {said}"


# ---- trust ---------------------------------------------------------------------------------------------------------


def _trust(model: Model, item: DealCommitment) -> list[Finding]:
    about = item.diagnosis
    parties = about.parties
    needed = listed(
        f"for {_name(model, p)} {_from_credence(float(t))}" for p, t in zip(parties, about.participation, strict=True)
    )
    found = [PARTICIPATION.fill(thresholds=needed, stated=_stated(model, item))]
    dominated = [name for k, name in enumerate(parties) if about.dominated[k]]
    if dominated:
        found.append(DOMINATED.fill(parties=listed((_name(model, name) for name in dominated), "or")))
    for k, name in enumerate(parties):
        low, high = about.incentive[k]
        if not about.dominated[k] and len(parties) == 2:
            found.append(INCENTIVE.fill(party=_name(model, name), when=_when(float(low), float(high))))
    grim = about.discount[:, 0]
    if len(parties) == 2 and np.any(about.temptation > 0):
        said = listed(
            f"{number(float(d), 3) if d < NO_DISCOUNT else 'none below 1'} for {_name(model, p)}"
            for p, d in zip(parties, grim, strict=True)
        )
        found.append(DISCOUNT.fill(grim=said))
    return found


def _from_credence(threshold: float) -> str:
    if threshold <= 0:
        return "at any credence"
    if threshold > 1:
        return "at no credence"
    return f"from a credence of {number(threshold, 3)} on"


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
        return "nothing the file states"
    return listed(
        f"{number(float(trust.centre[i, j]), 3)} ({_name(model, parties[i])} in {_name(model, parties[j])})"
        for i, j in pairs
    )


# ---- the done deal -------------------------------------------------------------------------------------------------


def _executed(model: Model, item: DealCommitment) -> list[Finding]:
    about = item.diagnosis
    words = stable_words(model, about.stable, about.breaks)
    found = [EXECUTED.fill(state=of_state(model, about.end[-1]), verdict=words)]
    free = stable_words(model, about.stable_if_reversible, about.breaks_if_reversible)
    swap = [name.upper() for k, name in enumerate(IDS) if about.swap_stable[k]]
    held = f"stable by {', '.join(swap)}" if swap else "stable by no concept"
    found.append(REVERSIBLE.fill(verdict=free, swap=held))
    traps = _traps(model, about)
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


def _traps(model: Model, about: Diagnosis) -> str:
    everybody = (1 << len(about.parties)) - 1
    sets = [
        mask
        for mask in range(1, everybody)
        if about.trap[mask] and about.possible[mask] and about.end[mask] != about.today
    ]
    said = [
        f"after delivery by {or_nobody(model, _set(about, mask), about.parties)}, {of_state(model, about.end[mask])} "
        "is a Nash equilibrium"
        for mask in sets
    ]
    text = listed(said)
    return f"Delivering first is a trap ({text})" if said else ""


def _set(about: Diagnosis, mask: int) -> tuple[str, ...]:
    return tuple(name for k, name in enumerate(about.parties) if mask >> k & 1)


# ---- outsiders -----------------------------------------------------------------------------------------------------


def _outsiders(model: Model, item: DealCommitment) -> list[Finding]:
    found = [_patron(model, made) for made in item.acts]
    found += [_spoiler(model, made) for made in item.helps]
    for way in item.undoings:
        gain = f"it would gain {number(way.gain)}, the price of its restraint" if way.gain > 0 else "it would not pay"
        found.append(UNDO.fill(actor=_name(model, way.actor), undone=listed(way.undone), gain=gain))
    if item.diagnosis.losers:
        said = listed(f"{_name(model, actor)} ({signed(change)})" for actor, change in item.diagnosis.losers)
        found.append(LOSERS.fill(losers=said))
    return found


def _spoiler(model: Model, made: Act) -> Finding:
    return SPOILER.fill(
        actor=_name(model, made.actor),
        acts=settings_in_words(model, made.settings),
        price=f"{number(-made.change)} points" if made.change < 0 else "nothing",
        lost=_lost(made.substitutes),
    )


def _patron(model: Model, made: Act) -> Finding:
    return PATRON.fill(
        actor=_name(model, made.actor),
        acts=settings_in_words(model, made.settings),
        brings=listed(made.brings),
        change=signed(made.change),
        lost=_lost(made.substitutes),
    )


def _lost(substitutes: tuple[Substitute, ...]) -> str:
    said = [f"; nothing follows once {item.dial} reaches {fraction(item)}" for item in substitutes]
    return "".join(said)


def fraction(item: Substitute) -> str:
    """Write an exact position as a fraction and a decimal."""
    return f"{item.numerator}/{item.denominator} ({number(item.position, 4)})"


def _draws(model: Model, item: DealCommitment, draws: int) -> list[Finding]:
    found = []
    for k, row in enumerate(item.quantiles):
        others = [j for j in range(len(item.quantiles)) if j != k]
        more = "".join(
            f"; that is more than {_name(model, item.diagnosis.parties[j])} needs in "
            f"{share(float(item.needs_more[k, j]), draws)} of draws"
            for j in others
        )
        found.append(
            DRAWS.fill(
                draws=count(draws, "draw"),
                low=number(float(row[0]), 3),
                high=number(float(row[2]), 3),
                party=_name(model, item.diagnosis.parties[k]),
                more=more,
            )
        )
    return found
