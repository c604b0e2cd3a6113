"""What the pillars do, in sentences."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.pillars.exit import cell_with, top
from backchannel.analyses.pillars.exit_words import exit_in_words, triggers_in_words
from backchannel.analyses.pillars.lever_words import (
    cheapest_in_words,
    levers_in_words,
    offers_in_words,
    patrons_in_words,
)
from backchannel.analyses.pillars.pillars_result import PillarsResult
from backchannel.analyses.pillars.regime import NOTHING_KNOWN, Regime, moments
from backchannel.model.model import Model
from backchannel.numerics.global_game import STEEPEST, critical_belief
from backchannel.numerics.number_format import number, share
from backchannel.results.finding import Finding, Template

FENCE = Template(
    "pillars.member",
    "{pillar}: a member moves once he gives a fall a chance of {threshold}; he gives it {belief}. That is short by "
    "{gap}, and within reach.",
    "magnitudes",
)
WOULD = Template(
    "pillars.member",
    "{pillar}: a member moves once he gives a fall a chance of {threshold}; he gives it {belief}, so he would move.",
    "magnitudes",
)
ALWAYS_MOVES = Template(
    "pillars.member",
    "{pillar}: a member moves whatever he believes, since moving costs him nothing even if the government survives.",
    "magnitudes",
)
UNSTATED = Template(
    "pillars.member",
    "{pillar}: a member moves once he gives a fall a chance of {threshold}, which is within reach; the file does not "
    "say what he believes.",
    "magnitudes",
)
BARRED = Template(
    "pillars.member",
    "{pillar}: a member moves only once he gives a fall a chance of {threshold}, and that is out of reach: it cannot "
    "come above {reach}.",
    "magnitudes",
)
NEVER = Template(
    "pillars.member", "{pillar}: a member never moves, since even in a fall he gains nothing by it.", "magnitudes"
)
AGREES = Template(
    "pillars.agreement",
    "The crisis's own preferences agree: today “{option}” {would} {actor}.",
    "magnitudes",
)
DIFFERS = Template(
    "pillars.agreement",
    "The crisis's own preferences say otherwise: today “{option}” {would} {actor}. One of the two needs another look.",
    "magnitudes",
)
COMPARED = Template("pillars.cases", "{pillar}, from the easiest to move: {cases}.", "magnitudes")
TRUST = Template(
    "pillars.trust",
    "{pillar}: trust in {by} is {trust}. If counted with trust, the promise is worth {counted} in place of {promised}, "
    "and a member moves {threshold}, not {face}.",
    "magnitudes",
)
TIPS = Template(
    "pillars.tipping",
    "The government of {government}: once {share} of those who hold it up have moved, the movement carries itself to "
    "{rest}{seen}{now}.",
    "magnitudes",
)
RESTS = Template(
    "pillars.tipping",
    "The government of {government}: a movement comes to rest at {rest} of those who hold it up, whatever share moves "
    "first{seen}.",
    "magnitudes",
)
NO_TIP = Template(
    "pillars.tipping",
    "The government of {government}: no share that moves first brings the rest along{seen}.",
    "magnitudes",
)
STRENGTH = Template(
    "pillars.strength",
    "The government of {government} falls if losing {below} of those who hold it up, or less, is enough to bring it "
    "down; {prior}, the chance of a fall is {chance}.",
    "magnitudes",
)
PRIOR = Template("pillars.prior", "{assumed}; {otherwise}.", "assumed")
SEVERAL = Template(
    "pillars.several",
    "The government of {government}: what all know beforehand outweighs what each sees ({steepness} against 2.51), so "
    "that beliefs may settle at {least} or at {greatest}.",
    "magnitudes",
)
HINGE = Template(
    "pillars.hinge",
    "{pillar} is the hinge of the government of {government}: if it moves first, {mass} of the rest follows.",
    "magnitudes",
)
NO_HINGE = Template(
    "pillars.hinge",
    "The government of {government} has no hinge: whichever pillar moves first, nobody follows.",
    "magnitudes",
)
ELITES = Template(
    "pillars.elites",
    "The government of {government}, each pillar deciding as one, more than {quota} needed: equilibria in which "
    "{equilibria}{moving}.",
    "magnitudes",
)
DRAWS = Template(
    "pillars.draws",
    "{pillar}: a member would move in {would} of draws over the stated ranges and can be moved in {reachable}; "
    "threshold {threshold} in nine draws of ten.",
    "magnitudes",
)
DRAWS_UNSTATED = Template(
    "pillars.draws",
    "{pillar}: a member can be moved in {reachable} of draws over the stated ranges; threshold {threshold} in nine "
    "draws of ten. The file does not say what he believes.",
    "magnitudes",
)
DRAWN_STRENGTH = Template(
    "pillars.drawn_strength",
    "The government of {government}: the share that it cannot survive losing is {losing} in nine draws of ten, "
    "and the chance of a fall {chance}; there is a tipping share in {tips} of draws{tipping}.",
    "magnitudes",
)


def findings(model: Model, base: tuple[Regime, ...], result: PillarsResult) -> tuple[Finding, ...]:
    """Return every sentence, the members first."""
    found = [_member(result, i) for i in range(len(result.pillars))]
    found += [item for i in range(len(result.pillars)) for item in _draws(result, i)]
    found += [item for i in range(len(result.pillars)) for item in _cases(result, i)]
    found += [_tipping(result, regime, j) for j, regime in enumerate(base)]
    found += _agreements(model, result)
    found += [item for way in result.exits for item in exit_in_words(model, way)]
    found += [item for j in range(len(result.governments)) for item in triggers_in_words(model, result, j)]
    found += [item for regime in base for item in _trust(model, regime)]
    found += [item for j in range(len(result.governments)) for item in _drawn_strength(result, j)]
    for j, regime in enumerate(base):
        found += [*_strength(result, regime, j), *_several(result, j), *_prior(result, regime, j)]
        found += [*levers_in_words(result, j), *patrons_in_words(model, result, regime, j)]
        found += [*_hinge(result, regime, j), *_elites(result, regime, j)]
    found += [item for i in range(len(result.pillars)) for item in offers_in_words(model, result, i)]
    return (*found, *cheapest_in_words(result))


def _short(value: float) -> str:
    return number(value, 3)


def _percent(value: float) -> str:
    return f"{number(round(value * 100, 2), 3)} %"


def _member(result: PillarsResult, i: int, case: int = 0) -> Finding:
    threshold, belief = float(result.threshold[case, i]), float(result.belief[case, i])
    words = {
        "pillar": result.names[i],
        "threshold": _short(threshold),
        "belief": _short(belief),
        "gap": _short(threshold - belief),
        "reach": _short(float(result.reach[case, i])),
    }
    if result.never[case, i]:
        template = NEVER
    elif threshold == 0:
        template = ALWAYS_MOVES
    elif not result.reachable[case, i]:
        template = BARRED
    elif not result.has_belief[i]:
        template = UNSTATED
    else:
        template = WOULD if result.would_move[case, i] else FENCE
    paths = tuple(f"pillars.{result.pillars[i]}.{field}" for field in FIELDS)
    return template.fill(**words).because(rests_on=paths)


LEAST_SHARE = 0.005
"""Share below which nobody counts as moved, and above one less which everybody does."""
FIELDS = ("stay_survives", "stay_falls", "move_survives", "move_falls")


def _draws(result: PillarsResult, i: int) -> list[Finding]:
    over, draws = result.drawn, result.provenance.draws
    if over is None:
        return []
    low, _, high = over.threshold[i].tolist()
    would, reachable = (share(float(values[i]), draws) for values in (over.would_move, over.reachable))
    words = {"pillar": result.names[i], "reachable": reachable, "threshold": _between(_at(low), _at(high))}
    return [DRAWS.fill(would=would, **words) if result.has_belief[i] else DRAWS_UNSTATED.fill(**words)]


def _at(threshold: float) -> str:
    return _short(threshold) if np.isfinite(threshold) else "never"


def _span(low: float, high: float) -> str:
    return _between(_percent(low), _percent(high))


def _between(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _drawn_strength(result: PillarsResult, j: int) -> list[Finding]:
    over, draws = result.drawn, result.provenance.draws
    if over is None:
        return []
    low, _, high = over.falls_below[j].tolist()
    least, _, greatest = over.chance[j].tolist()
    first, _, last = over.tipping[j].tolist()
    tipping = f", {_span(first, last)} in nine of ten of those" if over.tips[j] > 0 else ""
    return [
        DRAWN_STRENGTH.fill(
            government=result.government_names[j],
            losing=_span(low, high),
            chance=_span(least, greatest),
            tips=share(float(over.tips[j]), draws),
            tipping=tipping,
        )
    ]


def _cases(result: PillarsResult, i: int) -> list[Finding]:
    if len(result.cases) < 2:
        return []
    order = sorted(range(len(result.cases)), key=lambda k: (not result.reachable[k, i], result.threshold[k, i]))
    said = []
    for k in order:
        name = result.case_name(result.cases[k])
        out = "" if result.reachable[k, i] else ", out of reach"
        said.append(f"{name} ({_short(float(result.threshold[k, i]))}{out})")
    return [COMPARED.fill(pillar=result.names[i], cases="; ".join(said))]


def _agreements(model: Model, result: PillarsResult) -> list[Finding]:
    """Return what the crisis says of each pillar's option; once where pillars that share it are judged alike."""
    found = [item for i in range(len(result.pillars)) for item in _agreement(model, result, i)]
    return list({item.text: item for item in found}.values())


def _agreement(model: Model, result: PillarsResult, i: int) -> list[Finding]:
    """Hold the member's verdict against what his actor would do in the crisis, where a belief gives one."""
    option = model.crisis.options[result.moves[i]]
    target = cell_with(model, {result.moves[i]: top(model.crisis, result.moves[i], True)})
    actor, today = model.actors.index(option.by), model.space.today
    if not result.has_belief[i] or target is None or target == today:
        return []
    better = model.code(actor, target) > model.code(actor, today)
    template = AGREES if better == bool(result.would_move[0, i]) else DIFFERS
    would = "is worth it to" if better else "is not worth it to"
    return [template.fill(option=option.does or result.moves[i], would=would, actor=model.actor_name(option.by))]


def _tipping(result: PillarsResult, regime: Regime, j: int) -> Finding:
    government = result.governments[j]
    mine = [point for point in result.tipping if point.case == "" and point.government == government]
    tips = [point.share for point in mine if not point.stable]
    name = result.government_names[j]
    mine_believe = [bool(has) for has, of in zip(result.has_belief, result.of, strict=True) if of == government]
    seen = "" if regime.sees_all else ", if each saw all the others"
    if tips:
        rest = next((point.share for point in mine if point.stable and point.share > tips[0]), 1.0)
        moved = _percent(float(result.movement[j].first @ _mass(result, j)))
        now = f"; on what they believe today {moved} would" if any(mine_believe) else ""
        return TIPS.fill(government=name, share=_percent(tips[0]), rest=_percent(rest), seen=seen, now=now)
    rest = mine[-1].share if mine else 0.0
    if rest < LEAST_SHARE:
        return NO_TIP.fill(government=name, seen=seen)
    return RESTS.fill(government=name, rest=_percent(rest), seen=seen)


def _mass(result: PillarsResult, j: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    mine = [of == result.governments[j] for of in result.of]
    return np.asarray(result.mass[mine])


def _trust(model: Model, regime: Regime) -> list[Finding]:
    found = []
    for k, promise in enumerate(regime.promises):
        if promise is None or regime.trust[0, k] >= 1:
            continue
        counted = regime.trusted().stakes.move_falls[0, k]
        face = float(critical_belief(regime.stakes)[0, k])
        trusted = float(critical_belief(regime.trusted().stakes)[0, k])
        if counted == regime.stakes.move_falls[0, k]:
            continue
        found.append(
            TRUST.fill(
                pillar=regime.names[k],
                by=model.actor_name(promise.by),
                trust=_short(float(regime.trust[0, k])),
                counted=_short(float(counted)),
                promised=_short(float(regime.stakes.move_falls[0, k])),
                threshold=f"at {_short(trusted)}" if np.isfinite(trusted) else "never",
                face=f"at {_short(face)}" if np.isfinite(face) else "never",
            ).because(rests_on=(f"trust.{promise.trust}", f"pillars.{regime.pillars[k]}.move_falls"))
        )
    return found


def _strength(result: PillarsResult, regime: Regime, j: int) -> list[Finding]:
    below = float(result.falls_below[0, j])
    if not LEAST_SHARE < below < 1 - LEAST_SHARE:
        return []
    prior = (
        "with nothing known of how much it can lose"
        if regime.falls_at == NOTHING_KNOWN
        else f"with {regime.falls_at.text} for how much it can lose"
    )
    return [
        STRENGTH.fill(
            government=result.government_names[j],
            below=_percent(below),
            prior=prior,
            chance=_percent(float(result.chance[0, j])),
        )
    ]


def _several(result: PillarsResult, j: int) -> list[Finding]:
    least, greatest = float(result.falls_below[0, j]), float(result.falls_below_most[0, j])
    steepness = float(result.steepness[0, j])
    if steepness <= STEEPEST or greatest - least < 1e-9:
        return []
    name = result.government_names[j]
    return [
        SEVERAL.fill(government=name, steepness=_short(steepness), least=_percent(least), greatest=_percent(greatest))
    ]


def _prior(result: PillarsResult, regime: Regime, j: int) -> list[Finding]:
    other = float(result.other_prior[j])
    if other < 0:
        return []
    head = f"The government of {result.government_names[j]}: its pillars are taken to"
    mean, deviation = moments(regime.falls_at)
    unstated = f"{number(mean * 100, 2)} % ± {number(deviation * 100, 2)}, which the file does not state"
    stated = regime.falls_at != NOTHING_KNOWN
    if result.params.prior == "diffuse":
        assumed = f"{head} know nothing beforehand of how much it can lose"
        shared = (
            "the analyst's belief were theirs, and known to be" if stated else f"all shared one prior, here {unstated}"
        )
    else:
        belief = "the analyst's belief" if stated else f"one prior, {unstated},"
        assumed = f"{head} share {belief} of how much it can lose, and to know that all do"
        shared = "they knew nothing beforehand"
    otherwise = f"if {shared}, it would fall if losing {_percent(other)} or less were enough"
    return [PRIOR.fill(assumed=assumed, otherwise=otherwise)]


def _hinge(result: PillarsResult, regime: Regime, j: int) -> list[Finding]:
    followers = result.movement[j].followers
    if len(regime.pillars) < 2:
        return []
    best = int(np.argmax(followers))
    name = result.government_names[j]
    if followers[best] < LEAST_SHARE:
        return [NO_HINGE.fill(government=name)]
    rest = 1 - float(regime.mass[0, best])
    return [HINGE.fill(pillar=regime.names[best], government=name, mass=_percent(float(followers[best]) / rest))]


def _elites(result: PillarsResult, regime: Regime, j: int) -> list[Finding]:
    found = result.elites[j]
    if found is None:
        return []
    names = dict(zip(regime.pillars, regime.names, strict=True))
    sets = [_who([names[name] for name in item], len(names)) for item in found.equilibria]
    moving = ""
    if found.moving is not None:
        each = zip(regime.names, found.moving, strict=True)
        said = ", ".join(f"{name} with {_short(float(chance))}" for name, chance in each)
        moving = f"; with noise in choice (logit {_short(found.rationality)}) they move: {said}"
    return [
        ELITES.fill(
            government=result.government_names[j],
            quota=_percent(found.quota),
            equilibria=" or ".join(sets) or "there is none in pure strategies",
            moving=moving,
        )
    ]


def _who(movers: list[str], everybody: int) -> str:
    if not movers:
        return "nobody moves"
    return "all move" if len(movers) == everybody else f"{' and '.join(movers)} move"
