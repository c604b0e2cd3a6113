"""The sentences on the exchange itself: who would keep back, what that brings, and in which order it is kept."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.commitment.commitment_result import DealCommitment
from backchannel.analyses.commitment.diagnosis import Diagnosis, Sequence
from backchannel.analyses.commitment.legs import Settings
from backchannel.analyses.commitment.phrases import (
    amount,
    listed,
    names,
    of_state,
    or_nobody,
    percent,
    settings_in_words,
)
from backchannel.model.model import Model
from backchannel.model.words import changes_in_words
from backchannel.numerics.number_format import count, number, signed
from backchannel.results.finding import Finding, Template
from backchannel.spec.evaluate import read_setting

EXPECTED = Template("commitment.expected", "{deal} would not come out as it expects: it would end in {state}.", "order")
MOVED_ON = Template("commitment.expected", "Third parties would carry {deal} on to {state}.", "order")
TEMPTED = Template("commitment.temptation", "{gains}; delivering alone {losses}.", "magnitudes")
EXCHANGE = Template("commitment.exchange", "Delivered at the same moment, {outcomes}.", "order")
ORDER = Template("commitment.order", "Delivered one after another, {outcomes}.", "order")
RECALL = Template(
    "commitment.recall", "With a right to take back a leg in answer to a failure, {outcomes}; {free}.", "order"
)
ALONE = Template(
    "commitment.alone",
    "{party} cannot deliver alone: its leg is impossible before the rest has delivered; that case is read as today.",
    "order",
)
SHORT = Template("commitment.short", "Even if everybody keeps it, the deal leaves {parties}: it would not be signed.",
                 "magnitudes")  # fmt: skip
LOCK = Template("commitment.lock", "{party} would gain {gain} afterwards if it could {undo}; {when}.", "magnitudes")
BREAKER = Template("commitment.breaker", "Who would break which promise: {who}.", "magnitudes")
HOLDER = Template("commitment.holder", "What would hold it: {ways}.", "magnitudes")


def exchange_findings(model: Model, item: DealCommitment) -> list[Finding]:
    """Say who would break it, what keeping back brings, and what happens at once and in turn."""
    about = item.diagnosis
    found = []
    if not about.as_expected:
        template = EXPECTED if about.expects else MOVED_ON
        found.append(template.fill(deal=about.deal, state=of_state(model, about.end[-1])))
    if item.plan is None:
        found += [BREAKER.fill(who=_breakers(model, about)), HOLDER.fill(ways=_ways(model, item))]
    short = [k for k in range(len(about.parties)) if about.surplus[k] <= 0]
    if short:
        found.append(SHORT.fill(parties=_short(model, about, short)))
    found.append(TEMPTED.fill(gains=_gains(model, about), losses=_losses(model, about)))
    found += [ALONE.fill(party=model.actor_name(p)) for k, p in enumerate(about.parties) if not about.possible[1 << k]]
    found += _locks(model, about)
    found.append(EXCHANGE.fill(outcomes=_equilibria(model, about)))
    found.append(ORDER.fill(outcomes=_in_turn(model, about, "none", reversible=False)))
    answer = _in_turn(model, about, "answer", reversible=False)
    free = _in_turn(model, about, "answer", reversible=True)
    found.append(RECALL.fill(outcomes=answer, free=f"if every leg could be taken back, {free}"))
    return found


# ---- who breaks it, and what would hold it -------------------------------------------------------------------------


def leg_settings(model: Model, about: Diagnosis, party: int) -> Settings:
    """Return what a party undertakes as (option, level)."""
    return tuple(read_setting(model.crisis, term) for term in about.terms[party])


def _undo(model: Model, about: Diagnosis, party: int) -> str:
    """Say as an infinitive what a party does if it takes its leg back."""
    options = model.crisis.options
    return changes_in_words(
        model.crisis,
        [(o, options[o].levels[level], options[o].levels[0]) for o, level in leg_settings(model, about, party)],
    )


def is_locked(about: Diagnosis, party: int) -> bool:
    """Whether a party's leg stands today and cannot be taken back once the rest has delivered."""
    return bool(about.stands[party]) and not about.recallable[party]


def _breakers(model: Model, about: Diagnosis) -> str:
    said = []
    for k, party in enumerate(about.parties):
        name, wont = model.actor_name(party), settings_in_words(model, leg_settings(model, about, k))
        if about.surplus[k] < 0:
            said.append(f"{name} would not {wont} (better off as today by {amount(-about.surplus[k])})")
        elif about.breach[k] > 0:
            said.append(f"{name}, once all is done, would {_undo(model, about, k)} (+{amount(about.breach[k])})")
        elif about.temptation[k] > 0 and not about.stands[k]:
            said.append(f"{name} would not {wont} while the rest delivers (+{amount(about.temptation[k])})")
        elif about.temptation[k] > 0 and is_locked(about, k):
            gain = f"(+{amount(about.temptation[k])})"
            said.append(f"{name} would {_undo(model, about, k)} afterwards {gain}, but that is final by then")
    return "; ".join(said) or "nobody"


def _ways(model: Model, item: DealCommitment) -> str:
    """Say what would hold a deal: restraint of spoilers, what is final, compensation and bonds."""
    about, held = item.diagnosis, item.holding
    said = [
        f"{model.actor_name(made.actor)} giving way (to {settings_in_words(model, made.settings)}, "
        f"which costs it {amount(max(-made.change, 0.0))}"
        + "".join(f", while {dial_words(model, s.dial)} stays below {fraction(s.numerator, s.denominator)}"
                  for s in made.substitutes) + ")"
        for made in item.helps
    ]  # fmt: skip
    paid = [k for k in range(len(about.parties)) if held.short[k] > 0]
    bonded = [k for k in range(len(about.parties)) if held.bond[k] > 0]
    parts = []
    if paid:
        whom = listed(f"more than {amount(held.short[k])} to {model.actor_name(about.parties[k])}" for k in paid)
        spare = [k for k in range(len(about.parties)) if held.spare[k] > 0]
        from_whom = listed(f"{model.actor_name(about.parties[k])} gains {amount(held.spare[k])}" for k in spare)
        parts.append(
            f"compensation of {whom} ({from_whom or 'nobody gains'}; points of different actors do not add up)"
        )
    if bonded:
        whom = listed(f"{amount(held.bond[k])} for {model.actor_name(about.parties[k])}" for k in bonded)
        parts.append(f"a bond of {whom}")
    if parts:
        equilibrium = "an equilibrium" if held.is_equilibrium else "still not an equilibrium"
        said.append(
            f"{' and '.join(parts)}, after which delivering everything at once is {equilibrium} and "
            f"{held.kept} of {count(held.orders, 'order')} end with everybody delivering"
        )
    return "; or ".join(said) or ("no more than the promises themselves" if held.is_equilibrium else "nothing found")


def dial_words(model: Model, dial: str) -> str:
    """Name a dial by its reason, where the file gives one."""
    why = model.crisis.dials[dial].why
    return f"{dial} ({why})" if why else dial


def fraction(numerator: int, denominator: int) -> str:
    """Write an exact position of a dial."""
    return f"{numerator}/{denominator} ({percent(numerator / denominator)})"


def _short(model: Model, about: Diagnosis, short: list[int]) -> str:
    kept, today = about.payoffs[:, -1].tolist(), about.no_deal.tolist()
    below = [k for k in short if about.surplus[k] < 0]
    level = [k for k in short if k not in below]
    said = []
    if below:
        said.append(
            listed(
                f"{model.actor_name(about.parties[k])} ({number(kept[k])} against {number(today[k])})" for k in below
            )
            + " below today"
        )
    if level:
        said.append(f"{names(model, [about.parties[k] for k in level])} no better off than today")
    return listed(said)


def _gains(model: Model, about: Diagnosis) -> str:
    """Say what keeping back brings while the rest delivers, or costs."""
    pairs = list(zip(about.parties, about.temptation.tolist(), strict=True))
    up = [(model.actor_name(p), g) for p, g in pairs if g > 0]
    down = [(model.actor_name(p), g) for p, g in pairs if g < 0]
    if not down and up:
        return "Keeping back while the rest delivers brings " + listed(f"{signed(g)} to {n}" for n, g in up)
    if not down:
        return "Keeping back while the rest delivers brings nobody anything"
    said = "Keeping back while the rest delivers would cost " + listed(f"{n} {number(-g)}" for n, g in down)
    if up:
        said += "; only " + listed(f"{n} gains ({number(g)})" for n, g in up)
    return said


def _losses(model: Model, about: Diagnosis) -> str:
    pairs = list(zip(about.parties, about.sucker_loss.tolist(), strict=True))
    costs = [f"{model.actor_name(p)} {number(loss)}" for p, loss in pairs if loss > 0]
    rest = [model.actor_name(p) for p, loss in pairs if loss <= 0]
    if not costs:
        return "costs nobody anything"
    return f"costs {listed(costs)}" + (f", and {listed(rest)} nothing" if rest else "")


def _locks(model: Model, about: Diagnosis) -> list[Finding]:
    """Say of legs in place today whether who holds them could still take them back."""
    found = []
    for k, party in enumerate(about.parties):
        if about.stands[k] and about.temptation[k] > 0:
            when = "it cannot, because that is final by then" if is_locked(about, k) else "it could"
            gain, undo = number(float(about.temptation[k])), _undo(model, about, k)
            found.append(LOCK.fill(party=model.actor_name(party), gain=gain, undo=undo, when=when))
    return found


# ---- at once and in turn -------------------------------------------------------------------------------------------


def _equilibria(model: Model, about: Diagnosis) -> str:
    sets = about.simultaneous
    if sets == ((),):
        return "the only equilibrium is that nobody delivers"
    if not sets:
        return "there is no equilibrium without mixing"
    ways = listed((f"delivery by {or_nobody(model, item, about.parties)}" for item in sets), "or")
    return f"there {'is one equilibrium' if len(sets) == 1 else f'are {len(sets)} equilibria'}: {ways}"


def _in_turn(model: Model, about: Diagnosis, recall: str, *, reversible: bool) -> str:
    rows = [item for item in about.sequences if item.recall == recall and item.reversible == reversible]
    kept = [item for item in rows if item.outcomes == (about.parties,)]
    if not kept:
        ends = {item.outcomes for item in rows}
        if ends == {((),)}:
            second = "whoever delivers second would keep back, so nobody delivers first"
            return f"in any order {second}" if len(about.parties) > 2 else f"in either order {second}"
        standing = tuple(name for name, stands in zip(about.parties, about.stands, strict=True) if stands)
        if ends == {(standing,)}:
            done = [settings_in_words(model, leg_settings(model, about, about.parties.index(p))) for p in standing]
            return f"in any order nobody moves; only what is already done stands ({listed(done)})"
        return f"no order ends with everybody delivering; it ends with {_ends(model, about, rows)}"
    if len(kept) == len(rows):
        return "every order ends with everybody delivering"
    first = listed((model.actor_name(name) for name in dict.fromkeys(item.order[0] for item in kept)), "or")
    return f"it is kept in {len(kept)} of {count(len(rows), 'order')}, with {first} first"


def _ends(model: Model, about: Diagnosis, rows: list[Sequence]) -> str:
    sets = dict.fromkeys(outcome for item in rows for outcome in item.outcomes)
    return listed((f"delivery by {or_nobody(model, item, about.parties)}" for item in sets), "or")


def trap_words(model: Model, about: Diagnosis) -> str:
    """Say where delivering first is a trap: a loss, nothing to take back, and nobody gains by moving on."""
    said = []
    for mask in range(1, (1 << len(about.parties)) - 1):
        inside = [k for k in range(len(about.parties)) if mask >> k & 1]
        caught = [k for k in inside if about.payoffs[k, mask] < about.no_deal[k] and not about.takes_back[k, mask]]
        if about.trap[mask] and about.possible[mask] and about.end[mask] != about.today and caught:
            who = or_nobody(model, tuple(about.parties[k] for k in inside), about.parties)
            losses = [(about.parties[k], float(about.no_deal[k] - about.payoffs[k, mask])) for k in caught]
            lost = listed(f"{model.actor_name(party)} has lost {amount(loss)}" for party, loss in losses)
            state = of_state(model, about.end[mask])
            named = f" ({state})" if state in model.crisis.states else ""
            said.append(f"after delivery by {who}, {lost} and cannot take it back{named}")
    return listed(said)


def any_tempted(about: Diagnosis) -> bool:
    """Whether anybody gains by keeping back while the rest delivers."""
    return bool(np.any(about.temptation > 0))
