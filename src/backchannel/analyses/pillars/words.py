"""What the pillars do, in sentences."""

from __future__ import annotations

import numpy as np

from backchannel.analyses.pillars.exit import Exit, cell_with, top
from backchannel.analyses.pillars.lever_words import cheapest_in_words, levers_in_words
from backchannel.analyses.pillars.patron import Trigger
from backchannel.analyses.pillars.pillars_result import PillarsResult
from backchannel.analyses.pillars.regime import NOTHING_KNOWN, Regime
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
    "order",
)
DIFFERS = Template(
    "pillars.agreement",
    "The crisis's own preferences say otherwise: today “{option}” {would} {actor}. One of the two needs another look.",
    "order",
)
COMPARED = Template("pillars.cases", "{pillar}, from the easiest to move: {cases}.", "magnitudes")
TRUST = Template(
    "pillars.trust",
    "{pillar}: trust in {by} is {trust}, and so the promise counts {counted} in place of {promised}; a member then "
    "moves at {threshold} in place of {face}.",
    "magnitudes",
)
TIPS = Template(
    "pillars.tipping",
    "{government}: once {share} of those who hold it up have moved, the rest follow by themselves{now}.",
    "magnitudes",
)
NO_TIP = Template("pillars.tipping", "{government}: {rest}, whatever share moves first.", "magnitudes")
STRENGTH = Template(
    "pillars.strength",
    "{government} falls if it can lose less than {below} of those who hold it up; {prior}, the chance of that is "
    "{chance}.",
    "magnitudes",
)
PRIOR = Template("pillars.prior", "{assumed}; {otherwise}.", "assumed")
SEVERAL = Template(
    "pillars.several",
    "{government}: what all know beforehand outweighs what each sees ({steepness} against 2.51), so that beliefs may "
    "settle at {least} or at {greatest}.",
    "magnitudes",
)
HINGE = Template(
    "pillars.hinge",
    "{pillar} is the hinge of {government}: if it moves first, {mass} of the rest follows.",
    "magnitudes",
)
NO_HINGE = Template(
    "pillars.hinge", "{government} has no hinge: whichever pillar moves first, nobody follows.", "magnitudes"
)
ELITES = Template(
    "pillars.elites",
    "{government}, each pillar deciding as one, more than {quota} needed: equilibria in which {equilibria}; with noise "
    "in choice (logit {rationality}) {moving}.",
    "magnitudes",
)
LEAVES = Template(
    "pillars.exit",
    "{government} takes “{option}” once he believes with {threshold} that {moves}{beliefs}.",
    "magnitudes",
)
ALWAYS = Template("pillars.exit", "{government} gains by “{option}” whatever he believes.", "magnitudes")
STAYS = Template(
    "pillars.exit", "{government} never gains by “{option}”, not even if he is sure that {moves}.", "magnitudes"
)
PASSAGE = Template(
    "pillars.passage",
    "On his last stated belief, “{option}” would have to be worth {points} more to {government}{trust}.",
    "magnitudes",
)
TRIGGER = Template(
    "pillars.trigger",
    "If {actor} were to {does} and stand by it, {who} by themselves; {actor} {cost}{foreseen}.",
    "magnitudes",
)
NO_TRIGGER = Template(
    "pillars.trigger", "No move of an outsider makes the pillars of {government} or itself move.", "magnitudes"
)
DRAWS = Template(
    "pillars.draws",
    "{pillar}: a member would move in {would} of draws over the stated ranges and can be moved in {reachable}; "
    "threshold {low} to {high} in nine draws of ten.",
    "magnitudes",
)


def findings(model: Model, base: tuple[Regime, ...], result: PillarsResult) -> tuple[Finding, ...]:
    """Return every sentence, the members first."""
    found = [_member(result, i) for i in range(len(result.pillars))]
    found += [item for i in range(len(result.pillars)) for item in _draws(result, i)]
    found += [item for i in range(len(result.pillars)) for item in _cases(result, i)]
    found += [_tipping(result, j) for j in range(len(result.governments))]
    found += [item for i in range(len(result.pillars)) for item in _agreement(model, result, i)]
    found += [item for way in result.exits for item in _exit(model, way)]
    found += _triggers(model, result)
    found += [item for regime in base for item in _trust(model, result, regime)]
    for j, regime in enumerate(base):
        found += [_strength(result, regime, j), *_several(result, j), *_prior(result, j)]
        found += [*levers_in_words(result, j), *_hinge(result, regime, j), *_elites(result, regime, j)]
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
    elif not result.reachable[case, i]:
        template = BARRED
    elif not result.has_belief[i]:
        template = UNSTATED
    else:
        template = WOULD if result.would_move[case, i] else FENCE
    paths = tuple(f"pillars.{result.pillars[i]}.{field}" for field in FIELDS)
    return template.fill(**words).because(rests_on=paths)


FIELDS = ("stay_survives", "stay_falls", "move_survives", "move_falls")


def _draws(result: PillarsResult, i: int) -> list[Finding]:
    over, draws = result.drawn, result.provenance.draws
    if over is None:
        return []
    low, _, high = over.threshold[i].tolist()
    would, reachable = (share(float(values[i]), draws) for values in (over.would_move, over.reachable))
    name = result.names[i]
    return [DRAWS.fill(pillar=name, would=would, reachable=reachable, low=_short(low), high=_short(high))]


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


def _agreement(model: Model, result: PillarsResult, i: int) -> list[Finding]:
    """Hold the member's verdict against what his actor would do in the crisis, where a belief gives one."""
    option = model.crisis.options[result.moves[i]]
    target = cell_with(model, {result.moves[i]: top(model.crisis, result.moves[i], True)})
    actor, today = model.actors.index(option.by), model.space.today
    if not result.has_belief[i] or target is None or target == today:
        return []
    better = model.code(actor, target) > model.code(actor, today)
    template = AGREES if better == bool(result.would_move[0, i]) else DIFFERS
    would = "would pay" if better else "would not pay"
    return [template.fill(option=option.does or result.moves[i], would=would, actor=model.actor_name(option.by))]


def _tipping(result: PillarsResult, j: int) -> Finding:
    government = result.governments[j]
    mine = [point for point in result.tipping if point.case == "" and point.government == government]
    tips = [point.share for point in mine if not point.stable]
    name = result.government_names[j]
    mine_believe = [bool(has) for has, of in zip(result.has_belief, result.of, strict=True) if of == government]
    if tips:
        moved = _percent(float(result.movement[j].first @ _mass(result, j)))
        now = f"; on what they believe today {moved} would" if any(mine_believe) else ""
        return TIPS.fill(government=name, share=_percent(tips[0]), now=now)
    rest = mine[-1].share if mine else 0.0
    return NO_TIP.fill(government=name, rest=f"a movement comes to rest at {_percent(rest)} of those who hold it up")


def _mass(result: PillarsResult, j: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    mine = [of == result.governments[j] for of in result.of]
    return np.asarray(result.mass[mine])


def _exit(model: Model, way: Exit) -> list[Finding]:
    crisis = model.crisis
    name, does = model.actor_name(way.government), crisis.options[way.option].does or way.option
    moves = " and ".join(
        f"{model.actor_name(crisis.options[m].by)} will take “{crisis.options[m].does or m}”" for m in way.moves
    )
    if way.threshold is None:
        return [STAYS.fill(government=name, option=does, moves=moves)]
    if way.threshold == 0:
        return [ALWAYS.fill(government=name, option=does)]
    said = [
        f"{_short(b.belief)}{f' on {b.on}' if b.on else ''} ({'he goes' if b.leaves else 'he stays'})"
        for b in way.beliefs
    ]
    beliefs = f". Stated: {', '.join(said)}" if said else ""
    found = [LEAVES.fill(government=name, option=does, threshold=_short(way.threshold), moves=moves, beliefs=beliefs)]
    if way.more_needed is not None and way.more_needed > 0:
        trust = ""
        if way.trust_needed is not None:
            trust = f"; on his highest he must hold it to be kept with at least {_short(way.trust_needed)}"
        found.append(PASSAGE.fill(government=name, option=does, points=_short(way.more_needed), trust=trust))
    return found


def _triggers(model: Model, result: PillarsResult) -> list[Finding]:
    if not result.triggers:
        return [NO_TRIGGER.fill(government=name) for name in result.government_names]
    return [_trigger(model, item) for item in sorted(result.triggers, key=lambda item: item.cost)]


def _trigger(model: Model, item: Trigger) -> Finding:
    who = {
        (True, True): "the pillars move and the incumbent leaves",
        (True, False): "the pillars move",
        (False, True): "the incumbent leaves",
    }.get((item.pillars_move, item.incumbent_leaves), "the pillars move or the incumbent leaves")
    foreseen = ""
    if item.foreseen is not None and item.foreseen != item.cost and item.cost > 0:
        foreseen = f" ({number(item.foreseen, 4)} if each looks ahead)"
    actor = model.actor_name(item.actor)
    cost = f"{'loses' if item.cost > 0 else 'gains'} {number(abs(item.cost), 4)} points by it"
    return TRIGGER.fill(actor=actor, does=item.does, who=who, cost=cost, foreseen=foreseen)


def _trust(model: Model, result: PillarsResult, regime: Regime) -> list[Finding]:
    found = []
    for k, promise in enumerate(regime.promises):
        if promise is None or regime.trust[0, k] >= 1:
            continue
        i = result.pillars.index(regime.pillars[k])
        counted = regime.trusted().stakes.move_falls[0, k]
        face = min(float(critical_belief(regime.stakes)[0, k]), 1.0)
        found.append(
            TRUST.fill(
                pillar=regime.names[k],
                by=model.actor_name(promise.by),
                trust=_short(float(regime.trust[0, k])),
                counted=_short(float(counted)),
                promised=_short(float(regime.stakes.move_falls[0, k])),
                threshold=_short(float(result.trusted_threshold[0, i])),
                face=_short(face),
            ).because(rests_on=(f"trust.{promise.trust}", f"pillars.{regime.pillars[k]}.move_falls"))
        )
    return found


def _strength(result: PillarsResult, regime: Regime, j: int) -> Finding:
    prior = (
        "with nothing known of how much it can lose"
        if regime.falls_at == NOTHING_KNOWN
        else f"with {regime.falls_at.text} for how much it can lose"
    )
    return STRENGTH.fill(
        government=result.government_names[j],
        below=_percent(float(result.falls_below[0, j])),
        prior=prior,
        chance=_percent(float(result.chance[0, j])),
    )


def _several(result: PillarsResult, j: int) -> list[Finding]:
    least, greatest = float(result.falls_below[0, j]), float(result.falls_below_most[0, j])
    steepness = float(result.steepness[0, j])
    if steepness <= STEEPEST or greatest - least < 1e-9:
        return []
    name = result.government_names[j]
    return [
        SEVERAL.fill(government=name, steepness=_short(steepness), least=_percent(least), greatest=_percent(greatest))
    ]


def _prior(result: PillarsResult, j: int) -> list[Finding]:
    other = float(result.other_prior[j])
    if other < 0:
        return []
    name = result.government_names[j]
    if result.params.prior == "diffuse":
        assumed = f"{name}: its pillars are taken to know nothing beforehand of how much it can lose"
        otherwise = f"if the analyst's belief were theirs, and known to be, it would fall below {_percent(other)}"
    else:
        assumed = (
            f"{name}: the analyst's belief of how much it can lose is taken to be its pillars' too, and known to be"
        )
        otherwise = f"if they knew nothing beforehand, it would fall below {_percent(other)}"
    return [PRIOR.fill(assumed=assumed, otherwise=otherwise)]


def _hinge(result: PillarsResult, regime: Regime, j: int) -> list[Finding]:
    followers = result.movement[j].followers
    if len(regime.pillars) < 2:
        return []
    best = int(np.argmax(followers))
    name = result.government_names[j]
    if followers[best] < 0.005:
        return [NO_HINGE.fill(government=name)]
    rest = 1 - float(regime.mass[0, best])
    return [HINGE.fill(pillar=regime.names[best], government=name, mass=_percent(float(followers[best]) / rest))]


def _elites(result: PillarsResult, regime: Regime, j: int) -> list[Finding]:
    found = result.elites[j]
    if found is None:
        return []
    names = dict(zip(regime.pillars, regime.names, strict=True))
    sets = [_who([names[name] for name in item], len(names)) for item in found.equilibria]
    moving = ", ".join(
        f"{name} with {_short(float(chance))}" for name, chance in zip(regime.names, found.moving, strict=True)
    )
    return [
        ELITES.fill(
            government=result.government_names[j],
            quota=_percent(found.quota),
            equilibria=" or ".join(sets) or "there is none in pure strategies",
            rationality=_short(found.rationality),
            moving=f"they move: {moving}",
        )
    ]


def _who(movers: list[str], everybody: int) -> str:
    if not movers:
        return "nobody moves"
    return "all move" if len(movers) == everybody else f"{' and '.join(movers)} move"
