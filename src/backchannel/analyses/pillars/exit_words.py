"""The incumbent's way out, and what outsiders can set off, in sentences."""

from __future__ import annotations

from backchannel.analyses.pillars.exit import Exit, Shift
from backchannel.analyses.pillars.patron import Trigger
from backchannel.analyses.pillars.pillars_result import PillarsResult
from backchannel.model.model import Model
from backchannel.numerics.number_format import number
from backchannel.results.finding import Finding, Template

LEAVES = Template(
    "pillars.exit",
    "{government} takes “{option}” once he gives it a chance of {threshold} that {moves}{beliefs}.",
    "magnitudes",
)
ALWAYS = Template("pillars.exit", "{government} gains by “{option}” whatever he believes.", "magnitudes")
STAYS = Template(
    "pillars.exit",
    "{government} never gains by “{option}” as things stand, not even if he is sure that {moves}{shifts}.",
    "magnitudes",
)
PASSAGE = Template(
    "pillars.passage",
    "At his last stated belief ({last}) “{option}” would have to be worth {points} more to {government}{trust}.",
    "magnitudes",
)
GUARANTOR = Template(
    "pillars.guarantor",
    "“{option}” is a term of “{deal}”, and {by} stands behind that: it enforces with a chance of {enforces}{needed}.",
    "magnitudes",
)
TRIGGER = Template(
    "pillars.trigger",
    "If {actor} were to {does} and stand by it, then {who}, with nobody else's help. {cost} at the worst "
    "end{foreseen}.{prices}",
    "magnitudes",
)
NO_TRIGGER = Template(
    "pillars.trigger",
    "No move of an outsider makes the pillars of {government} move, or {government} leave.",
    "magnitudes",
)
NO_NEED = Template(
    "pillars.trigger",
    "The pillars of {government} need no outsider: they move from today already.",
    "magnitudes",
)


def _short(value: float) -> str:
    return number(value, 3)


def exit_in_words(model: Model, way: Exit) -> list[Finding]:
    """Return when an incumbent leaves, what safe passage lacks, and who guarantees it."""
    crisis = model.crisis
    name, does = model.actor_name(way.government), crisis.options[way.option].does or way.option
    moves = " and ".join(
        f"{model.actor_name(crisis.options[m].by)} will take “{crisis.options[m].does or m}”" for m in way.moves
    )
    if way.threshold is None:
        return [STAYS.fill(government=name, option=does, moves=moves, shifts=_shifts(model, way.shifts))]
    if way.threshold == 0:
        return [ALWAYS.fill(government=name, option=does)]
    said = [
        f"{_short(b.belief)}{f' on {b.on}' if b.on else ''} ({'he goes' if b.leaves else 'he stays'})"
        for b in way.beliefs
    ]
    beliefs = f". Stated: {', '.join(said)}" if said else ""
    found = [LEAVES.fill(government=name, option=does, threshold=_short(way.threshold), moves=moves, beliefs=beliefs)]
    return [*found, *_passage(way, name, does), *_guarantors(way, does)]


def _shifts(model: Model, shifts: tuple[Shift, ...]) -> str:
    said = [
        f"if {model.actor_name(item.actor)} were to {item.does}, "
        + ("whatever he believes" if item.threshold == 0 else f"from a chance of {_short(item.threshold)} on")
        for item in shifts
        if item.threshold is not None
    ]
    return f". He would {'; '.join(said)}" if said else ""


def _passage(way: Exit, name: str, does: str) -> list[Finding]:
    if way.more_needed is None or way.more_needed <= 0:
        return []
    last, highest = way.beliefs[-1].belief, max(item.belief for item in way.beliefs)
    trust = ""
    if way.trust_needed is not None:
        trust = (
            f"; even at his highest ({_short(highest)}) he must expect it to be kept with a chance of at least "
            f"{_short(way.trust_needed)}"
        )
        trust += "" if way.guarantors else ", and the file names nobody who guarantees it"
    points = f"{_short(way.more_needed)} {'point' if way.more_needed == 1 else 'points'}"
    return [PASSAGE.fill(government=name, option=does, last=_short(last), points=points, trust=trust)]


def _guarantors(way: Exit, does: str) -> list[Finding]:
    asked = "" if way.trust_needed is None else f", where he needs {_short(way.trust_needed)}"
    return [
        GUARANTOR.fill(option=does, deal=item.deal, by=item.by, enforces=_short(item.enforces), needed=asked)
        for item in way.guarantors
    ]


def triggers_in_words(model: Model, result: PillarsResult, j: int) -> list[Finding]:
    """Return what outsiders can set off against a government, the cheapest first; nothing where nobody is needed."""
    government, name = result.governments[j], result.government_names[j]
    mine = [k for k, of in enumerate(result.of) if of == government]
    if not result.never[0, mine].any() and not result.threshold[0, mine].any():
        return [NO_NEED.fill(government=name)]
    found = sorted((item for item in result.triggers if item.government == government), key=lambda item: item.cost)
    return [_trigger(model, item) for item in found] or [NO_TRIGGER.fill(government=name)]


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
    cost = f"{'Cost' if item.cost > 0 else 'Gain'} to {actor}: {number(abs(item.cost), 4)} points"
    prices = "".join(
        f" At a trust of {_short(price.trust)}, {_no_promise(model, price.payer)} covers that."
        if price.points is None
        else f" At a trust of {_short(price.trust)}, {model.actor_name(price.payer)} must promise "
        f"{number(price.points, 4)} points to cover that."
        for price in item.prices
    )
    return TRIGGER.fill(actor=actor, does=item.does, who=who, cost=cost, foreseen=foreseen, prices=prices)


def _no_promise(model: Model, payer: str) -> str:
    return f"no promise of {model.actor_name(payer)}"
