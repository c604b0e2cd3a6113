"""The findings of ``crisis_game``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from backchannel.analyses.signals.speech import listed
from backchannel.model.model import Model
from backchannel.numerics.crisis_game import OUTCOMES
from backchannel.numerics.number_format import number, share
from backchannel.results.finding import Finding, Template

if TYPE_CHECKING:
    from backchannel.analyses.signals.crisis_game import CrisisGameResult, DrawnGame, PlayedLine

READ = Template(
    "crisis_game.read",
    "{line} is read as a game: {challenger}, who drew it, demands {demand} of {defender}{why}. If {challenger} waits: "
    "{waits}; if it backs down: {backs_down}; if it comes to a fight: {fights}.",
    "assumed",
)
CERTAIN = Template(
    "crisis_game.certain",
    "Were nothing private, {challenger} would {last}, {defender} would {reply}, and the end would be {ends}.",
    "order",
)
ENDS = Template(
    "crisis_game.ends",
    "With private terms the game {how_many}. {which}, {challenger} challenges with probability {challenge}, {defender} "
    "resists with {resist}, and {challenger} then fights with {fight}: status quo {status_quo}, concession "
    "{concession}, back down {back_down}, war {war}. Once challenged, {gives_way}. These are probabilities of the "
    "model.",
    "magnitudes",
)
OTHER = Template(
    "crisis_game.other",
    "The same pay-offs also carry {stable} equilibrium in which challenge has {challenge}, resistance {resist} and "
    "fighting {fight}: status quo {status_quo}, concession {concession}, back down {back_down}, war {war}.",
    "magnitudes",
)
NOISE = Template(
    "crisis_game.noise",
    "Private terms spread by {noise} of each side's range from worst to best end{defender}: chosen, not measured. From "
    "{least} to {most} of it, war has between {war_low} and {war_high}, concession between {concession_low} and "
    "{concession_high}; {several}.",
    "assumed",
)
LOGIT = Template(
    "crisis_game.logit",
    "If instead choices are noisy and nothing is private, challenge goes from 0.5 to {challenge}, resistance from 0.5 "
    "to {resist} and fighting from 0.5 to {fight} as rationality rises from 0 to {most}; war has most weight, {war}, "
    "at {peak}.",
    "magnitudes",
)
BLUFFING = Template(
    "crisis_game.bluffing",
    "Backing down costs {challenger} {cost} points beside waiting, and a concession gains it {prize}. If {defender} "
    "holds it to be {resolved} that {challenger} would fight, one that would not challenges with probability {bluff}, "
    "and a challenge is resisted with {resists}; war has {war}. To be believed whatever it does, {challenger} would "
    "need {needed}{endorsed}.",
    "magnitudes",
)
ATTRITION = Template(
    "crisis_game.attrition",
    "As a war of attrition: {quitter}; in all {challenger} quits with probability {first}, {defender} with {second}, "
    "and with {war} neither has by {horizon} units of time, when those who are left fight.",
    "magnitudes",
)
DRAWN = Template(
    "crisis_game.drawn",
    "Over the ranges of the file, {foremost}. {challenger} would sooner fight than back down, private terms apart, in "
    "{credible} of draws; several equilibria come up in {several}. The model's probability of war is {war} at the "
    "median (5 to 95 % of draws: {war_low} to {war_high}).",
    "magnitudes",
)
LACKING = Template("crisis_game.lacking", "{what}", "assumed")
LEFT_OUT = Template("crisis_game.left_out", "The red line {line} is left out: {why}.", "assumed")

RULE_WORDS = {
    "least_resistance": "In the stable one with the least resistance",
    "most_resistance": "In the stable one with the most resistance",
    "largest_basin": "In the stable one that most starting beliefs lead to",
}


def chance(value: float) -> str:
    """Write a probability of the model to three places, never as 0 or 1 where it is neither."""
    if 0 < value < 0.0005:
        return "less than 0.001"
    return "more than 0.999" if 0.9995 <= value < 1 else number(round(value, 3))


def findings(model: Model, result: CrisisGameResult) -> tuple[Finding, ...]:
    """Return the findings, line by line."""
    found: list[Finding] = []
    for item in result.lines:
        found += [_read(model, item), _certain(model, item), *_ends(model, item, result.params.rule)]
        if item.drawn is not None:
            found.append(_drawn(model, item, item.drawn, result.provenance.draws))
        found += [
            _noise(item, result.params.noise, result.params.defender_noise),
            _logit(item),
            *_bluffing(model, item),
            *_attrition(model, item),
        ]
        found += [LACKING.fill(what=why) for why in item.lacking]
    found += [LEFT_OUT.fill(line=name, why=why.rstrip(".")) for name, why in result.left_out]
    return tuple(found)


def _sides(model: Model, item: PlayedLine) -> dict[str, str]:
    game = item.game
    return {"challenger": model.actor_name(game.challenger), "defender": model.actor_name(game.defender)}


def _paths(item: PlayedLine) -> tuple[str, ...]:
    return (f"preferences.{item.game.challenger}", f"preferences.{item.game.defender}")


def _read(model: Model, item: PlayedLine) -> Finding:
    game = item.game
    demanded = {
        "asked": "",
        "stance": ", as its stance says",
        "best": ", the named state it likes best of those it need not act for",
    }[game.demanded_by]
    owner = " (whose options that changes most)" if game.defender_by == "most options" else ""
    return READ.fill(
        line=game.line,
        demand=game.states[1],
        why=owner + demanded,
        waits=game.states[0],
        backs_down=game.states[2],
        fights=game.states[3],
        **_sides(model, item),
    ).because((f"red_lines.{game.line}",), "another demand or defender: --demand, --against")


def _certain(model: Model, item: PlayedLine) -> Finding:
    own, other = item.game.points.tolist()
    last = ["back down", "fight"][own[3] > own[2]] if own[3] != own[2] else "do either"
    ahead = {"back down": (other[2],), "fight": (other[3],), "do either": (other[2], other[3])}[last]
    reply = "concede" if other[1] > max(ahead) else "resist" if other[1] < min(ahead) else "do either"
    return CERTAIN.fill(
        last="fight rather than back down" if last == "fight" else "back down rather than fight"
        if last == "back down" else "fight or back down alike",
        reply=f"{reply}" if reply != "do either" else "concede or resist",
        ends=" or ".join(item.certain),
        **_sides(model, item),
    ).because(_paths(item))  # fmt: skip


def _probabilities(item: PlayedLine, place: int) -> dict[str, str]:
    found = item.equilibria
    ends = {name.replace(" ", "_"): chance(float(p)) for name, p in zip(OUTCOMES, found.outcomes[place], strict=True)}
    chances = {name: chance(float(getattr(found, name)[place])) for name in ("challenge", "resist", "fight")}
    return ends | chances


def _ends(model: Model, item: PlayedLine, rule: str) -> list[Finding]:
    found, sides = item.equilibria, _sides(model, item)
    size, stable = len(found.resist), int(found.stable.sum())
    if size == 1:
        how_many, which = "has one equilibrium", "In it"
    else:
        how_many, which = f"has {size} equilibria, {stable} of them stable", RULE_WORDS[rule]
    first = ENDS.fill(
        how_many=how_many,
        which=which,
        gives_way=_gives_way(sides, found.outcomes[item.selected]),
        **_probabilities(item, item.selected),
        **sides,
    ).because((f"red_lines.{item.game.line}", *_paths(item)), "the spread of private terms: --noise")
    others = [
        OTHER.fill(stable="a stable" if found.stable[k] else "an unstable", **_probabilities(item, k))
        for k in range(size)
        if k != item.selected
    ]
    return [first, *others]


def _gives_way(sides: dict[str, str], outcomes: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    """Say what has most weight among the three ends of a challenge, and how much of it."""
    weight = outcomes[1:] / max(float(outcomes[1:].sum()), 1e-300)
    words = (f"{sides['defender']} gives way", f"{sides['challenger']} gives way", "neither gives way")
    place = int(weight.argmax())
    return f"{words[place]} with most weight ({chance(float(weight[place]))})"


def _noise(item: PlayedLine, noise: float, defender_noise: float | None) -> Finding:
    found = item.by_noise
    war, concession = found.outcomes[:, OUTCOMES.index("war")], found.outcomes[:, OUTCOMES.index("concession")]
    many = [number(float(at), 3) for at in found.noise[found.equilibria > 1]]
    several = f"there are several equilibria at {listed(many)}" if many else "there is one equilibrium throughout"
    return NOISE.fill(
        noise=number(noise, 3),
        defender="" if defender_noise is None else f", the defender's by {number(defender_noise, 3)}",
        least=number(float(found.noise[0])),
        most=number(float(found.noise[-1])),
        war_low=chance(float(war.min())),
        war_high=chance(float(war.max())),
        concession_low=chance(float(concession.min())),
        concession_high=chance(float(concession.max())),
        several=several,
    )


def _logit(item: PlayedLine) -> Finding:
    path = item.logit
    war = path.outcomes[:, OUTCOMES.index("war")]
    peak = int(war.argmax())
    return LOGIT.fill(
        challenge=chance(float(path.challenge[-1])),
        resist=chance(float(path.resist[-1])),
        fight=chance(float(path.fight[-1])),
        most=number(float(path.rationality[-1]), 3),
        war=chance(float(war[peak])),
        peak=number(float(path.rationality[peak]), 3),
    ).because(_paths(item))


def _bluffing(model: Model, item: PlayedLine) -> list[Finding]:
    play = item.bluffing
    if play is None or item.endorsed is None:
        return []
    own = item.game.points[0].tolist()
    line = model.crisis.red_lines[item.game.line]
    resolved = play.challenge * play.credibility
    return [
        BLUFFING.fill(
            cost=number(own[0] - own[2]),
            prize=number(own[1] - own[0]),
            resolved=chance(resolved),
            bluff=chance(play.bluff),
            resists=chance(play.resists),
            war=chance(play.war),
            needed=chance(play.credibility_needed),
            endorsed=_endorsed(item),
            **_sides(model, item),
        ).because((line.cost, *_paths(item)))
    ]


def _endorsed(item: PlayedLine) -> str:
    assert item.endorsed is not None
    return (
        "; were an opposition to endorse only threats that are meant, nobody would bluff, and war would have "
        f"{chance(item.endorsed.war)}"
    )


def _attrition(model: Model, item: PlayedLine) -> list[Finding]:
    play = item.attrition
    if play is None:
        return []
    sides = _sides(model, item)
    at_once = dict(zip(sides.values(), play.quits_at_once, strict=True))
    name = max(at_once, key=lambda key: at_once[key])
    return [
        ATTRITION.fill(
            quitter=f"{name} quits at once with probability {chance(at_once[name])}"
            if at_once[name] > 0
            else "nobody quits at once",
            first=chance(play.quits[0]),
            second=chance(play.quits[1]),
            war=chance(play.war),
            horizon=number(play.horizon, 3),
            **sides,
        ).because(_paths(item))
    ]


def _drawn(model: Model, item: PlayedLine, drawn: DrawnGame, draws: int) -> Finding:
    places = [k for k in np.argsort(-drawn.foremost, kind="stable").tolist() if drawn.foremost[k] > 0]
    parts = [f"{OUTCOMES[k]} is the end of most weight in {share(float(drawn.foremost[k]), draws)}" for k in places[:1]]
    parts += [f"{OUTCOMES[k]} in {share(float(drawn.foremost[k]), draws)}" for k in places[1:]]
    war = drawn.outcomes[:, OUTCOMES.index("war")]
    return DRAWN.fill(
        foremost=", ".join(parts) + " of draws",
        credible=share(drawn.credible, draws),
        several=share(drawn.several, draws),
        war=chance(float(war[1])),
        war_low=chance(float(war[0])),
        war_high=chance(float(war[2])),
        **_sides(model, item),
    ).because(_paths(item))
