"""Red lines as crisis games with doubt on both sides: every equilibrium, and what the file lets be added to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from backchannel.analyses.contract import Context, Need, demand
from backchannel.analyses.signals import crisis_game_tables, crisis_game_words
from backchannel.analyses.signals.audience_costs import Bluffing
from backchannel.analyses.signals.crisis_signalling import LogitCrisis, logit_crisis
from backchannel.analyses.signals.line_game import (
    CHALLENGER_ENDS,
    DEFENDER_ENDS,
    LineGame,
    line_game,
    line_needs,
    line_tree,
    normalised,
)
from backchannel.analyses.signals.line_threats import attrition_of, bluffing_of
from backchannel.analyses.signals.lines import drawn_or_fixed_points
from backchannel.analyses.signals.war_of_attrition import Attrition
from backchannel.analyses.stability import stability
from backchannel.errors import NotSupportedError
from backchannel.model.draws import draw_matrix
from backchannel.model.model import Model
from backchannel.numerics.behaviour import edge_weights
from backchannel.numerics.crisis_estimation import CrisisData, chosen_resistance
from backchannel.numerics.crisis_game import (
    OUTCOMES,
    PAYOFFS,
    RULES,
    CrisisEquilibria,
    Rule,
    crisis_equilibria,
    outcome_logs,
    reply,
)
from backchannel.numerics.extensive_form import Floats, Longs
from backchannel.numerics.subgame_perfection import backward_induction
from backchannel.results.result import Result

NOISE = 0.25
"""Standard deviation of a private term where none is given: a quarter of the way from the worst end to the best."""

NOISES = (0.1, 0.15, 0.25, 0.4, 0.6, 1.0)
"""Where else every game is solved, to show what hangs on it."""

LEAST_NOISE, MOST_NOISE = 0.02, 10.0
MOST_RATIONALITY = 1000.0
AT_ONCE = 2048
"""Draws solved together: some fifty numbers each."""


@dataclass(frozen=True)
class Params:
    """Which games, and what the file cannot say.

    Parameters
    ----------
    line
        Id of the red line; every one by default.
    against
        The defender; the owner of most options that the demanded state changes by default.
    demand
        The state demanded; the position of the author's stance, or the best named one for it, by default.
    noise
        Standard deviation of private terms, in shares of each player's range from worst to best end.
    defender_noise
        The same for the defender, where it differs.
    rule
        Which of several stable equilibria is spoken of.
    rationality
        Up to which rationality the logit equilibria are traced, per range.
    resolved
        The defender's belief that the challenger would fight; that of the file by default.
    tough
        The challenger's belief that the defender would fight over it.
    rates
        (actor, share of what it stands to win by which backing down gets costlier in a unit of time).
    """

    line: str = ""
    against: str = ""
    demand: str = ""
    noise: float = NOISE
    defender_noise: float | None = None
    rule: Rule = "largest_basin"
    rationality: float = 20.0
    resolved: float | None = None
    tough: float = 0.0
    rates: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        for name, value in (("noise", self.noise), ("defender-noise", self.defender_noise)):
            if value is not None and not LEAST_NOISE <= value <= MOST_NOISE:
                raise NotSupportedError(
                    f"--{name} is between {LEAST_NOISE:g} and {MOST_NOISE:g} of a range, got {value}"
                )
        if self.rule not in RULES:
            raise NotSupportedError(f'--rule is one of {", ".join(RULES)}, got "{self.rule}"')
        if not 0 < self.rationality <= MOST_RATIONALITY:
            raise NotSupportedError(f"--rationality lies above 0, up to {MOST_RATIONALITY:g}, got {self.rationality}")
        for name, value in (("resolved", self.resolved), ("tough", self.tough)):
            if value is not None and not 0 <= value <= 1:
                raise NotSupportedError(f"--{name} is a belief between 0 and 1, got {value}")
        for actor, rate in self.rates:
            if not 0 < rate < float("inf"):
                raise NotSupportedError(f"--rate {actor} must be a number above 0, got {rate}")

    def spread(self, noise: float) -> Floats:
        """Return the private term behind each pay-off at a noise of the challenger, in ranges, (7,)."""
        own = self.noise if self.defender_noise is None else self.defender_noise
        return np.repeat([noise, noise * own / self.noise], (len(CHALLENGER_ENDS), len(DEFENDER_ENDS)))


@dataclass(frozen=True, eq=False)
class ByNoise:
    """What the selected equilibrium becomes as private terms spread.

    Parameters
    ----------
    noise
        Standard deviations of the challenger's, (values,); the defender's are in proportion.
    equilibria
        How many there are, int64, (values,).
    outcomes
        Probability of each of ``OUTCOMES`` in the selected one, (values, 4).
    """

    noise: Floats
    equilibria: Longs
    outcomes: Floats


@dataclass(frozen=True, eq=False)
class DrawnGame:
    """The same game at each draw of the file's worths: shares of draws over ranges somebody chose.

    Parameters
    ----------
    chances
        5 %, 50 % and 95 % points of the probabilities of challenge, resistance and fight, (3, 3).
    outcomes
        The same for each of ``OUTCOMES``, (3, 4).
    foremost
        Share of draws in which each of ``OUTCOMES`` has the most weight, (4,).
    several
        Share of draws with several equilibria.
    credible
        Share of draws in which the challenger would sooner fight than back down, private terms apart.
    """

    chances: Floats
    outcomes: Floats
    foremost: Floats
    several: float
    credible: float


@dataclass(frozen=True, eq=False)
class PlayedLine:
    """One red line as a game, and its play.

    Parameters
    ----------
    game
        Who, what, and at which pay-offs.
    equilibria, selected
        Every equilibrium, and the place of the one the rule selects.
    certain
        The ends that follow if nothing is private and all look ahead; several where somebody is indifferent.
    by_noise
        The same for other spreads of private terms.
    logit
        Play of limited rationality without private terms.
    bluffing, endorsed
        Bluffing under the file's audience cost, and the same if an opposition sees whether the challenger would fight
        and endorses only threats that are meant; None where something is lacking.
    attrition
        The war of attrition; None where something is lacking.
    lacking
        What kept the last two from being played, in sentences.
    drawn
        Over draws; None without.
    """

    game: LineGame
    equilibria: CrisisEquilibria
    selected: int
    certain: tuple[str, ...]
    by_noise: ByNoise
    logit: LogitCrisis
    bluffing: Bluffing | None
    endorsed: Bluffing | None
    attrition: Attrition | None
    lacking: tuple[str, ...]
    drawn: DrawnGame | None


@dataclass(frozen=True, kw_only=True, eq=False)
class CrisisGameResult(Result):
    """Every red line as a crisis game.

    Parameters
    ----------
    lines
        The games, in the order of the file.
    left_out
        (red line, why it is no game).
    params
        What was asked.
    """

    lines: tuple[PlayedLine, ...]
    left_out: tuple[tuple[str, str], ...]
    params: Params


def requires(model: Model) -> tuple[Need, ...]:
    """Return what the file lacks: a ranking of every state, and a red line that can be read as a game."""
    return stability.requires(model) or line_needs(model)


def run(model: Model, context: Context, params: Params | None = None) -> CrisisGameResult:
    """If a red line is challenged, who gives way, and in how many ways can that end?

    For every red line the crisis game with doubt on both sides (Lewis and Schultz 2003): all equilibria, which of them
    are stable, what becomes of the selected one as private terms spread; logit equilibria along rationality (McKelvey
    and Palfrey 1998); where the inputs are there, bluffing under audience costs (after Fearon 1994), endorsement (after
    Schultz 1998) and a war of attrition, as minimal models. Cost: a fifth of a second a line; with draws, half a
    millisecond more a draw and line.

    Raises
    ------
    NotSupportedError
        If no red line can be read as a game, or an option does not fit the file.
    CancelledError
        If stopped.
    """
    params = params or Params()
    demand(stability.requires(model))
    names = _lines(model, params)
    steps = len(names) * (1 + context.provenance.draws)
    context.progress(0, steps)
    played, left_out = [], []
    for place, name in enumerate(names):
        try:
            game = line_game(model, name, params.against, params.demand)
        except NotSupportedError as error:
            left_out.append((name, str(error)))
            continue
        found = _played(model, game, params)
        done = place * (1 + context.provenance.draws) + 1
        context.progress(done, steps)
        if context.provenance.draws:
            found = replace(found, drawn=_drawn(model, context, found.game, params, (done, steps)))
        played.append(found)
    if not played:
        raise NotSupportedError("\n".join(why for _, why in left_out))
    context.progress(steps, steps)
    result = CrisisGameResult(
        provenance=context.provenance, lines=tuple(played), left_out=tuple(left_out), params=params
    )
    return replace(
        result,
        findings=crisis_game_words.findings(model, result),
        tables=crisis_game_tables.tables(model, result),
        charts=crisis_game_tables.charts(model, result),
    )


def _lines(model: Model, params: Params) -> tuple[str, ...]:
    known = tuple(model.crisis.red_lines)
    if not known:
        demand(line_needs(model))
    if params.line and params.line not in known:
        raise NotSupportedError(f'there is no red line "{params.line}"; the file draws {", ".join(known)}')
    return (params.line,) if params.line else known


def _played(model: Model, game: LineGame, params: Params) -> PlayedLine:
    worth = game.payoffs / params.spread(params.noise)
    equilibria = crisis_equilibria(worth)
    bluff, endorsed, no_bluff = bluffing_of(model, game, params.resolved, params.tough)
    attrition, no_attrition = attrition_of(model, game, dict(params.rates))
    return PlayedLine(
        game=game,
        equilibria=equilibria,
        selected=equilibria.selected(params.rule),
        certain=_certain(game),
        by_noise=_by_noise(game, params),
        logit=logit_crisis(dict(zip(PAYOFFS, game.payoffs.tolist(), strict=True)), params.rationality),
        bluffing=bluff,
        endorsed=endorsed,
        attrition=attrition,
        lacking=tuple(why for why in (no_bluff, no_attrition) if why),
        drawn=None,
    )


def _certain(game: LineGame) -> tuple[str, ...]:
    """Return the ends reached by backward induction without private terms, every tie followed."""
    tree = line_tree(game)
    reached: dict[str, None] = {}
    for profile in backward_induction(tree):
        weights = edge_weights(tree, profile)
        for end in tree.ends.tolist():
            node, chance = end, 1.0
            while node > 0:
                chance *= float(weights[node])
                node = int(tree.parent[node])
            if chance > 0:
                reached[str(getattr(tree.nodes[end], "label", ""))] = None
    return tuple(name for name in OUTCOMES if name in reached)


def _by_noise(game: LineGame, params: Params) -> ByNoise:
    noises = sorted({*NOISES, params.noise})
    found = [crisis_equilibria(game.payoffs / params.spread(noise)) for noise in noises]
    return ByNoise(
        noise=np.array(noises),
        equilibria=np.array([len(item.resist) for item in found], dtype=np.int64),
        outcomes=np.array([item.outcomes[item.selected(params.rule)] for item in found]),
    )


def _drawn(model: Model, context: Context, game: LineGame, params: Params, told: tuple[int, int]) -> DrawnGame:
    """Solve the game at every draw; equilibria are told apart on a coarser grid than at the centres."""
    draws = context.provenance.draws
    values = draw_matrix(model.inputs, draws, context.provenance.seed)
    rows = [model.actors.index(actor) for actor in (game.challenger, game.defender)]
    points = np.stack([drawn_or_fixed_points(model, row, game.cells, values) for row in rows], axis=1)
    payoffs = normalised(points) / params.spread(params.noise)
    chances, outcomes, several = np.empty((draws, 3)), np.empty((draws, len(OUTCOMES))), 0
    for start in range(0, draws, AT_ONCE):
        part = slice(start, min(start + AT_ONCE, draws))
        none = np.zeros((part.stop - part.start, len(OUTCOMES)), dtype=np.int64)
        data = CrisisData(none, {}, dict.fromkeys(PAYOFFS, 0.0))
        resist, count = chosen_resistance(data, payoffs[part], params.rule)
        found = reply(payoffs[part], resist)
        chances[part] = np.stack([found.challenge, resist, found.fight], axis=1)
        outcomes[part] = np.exp(outcome_logs(payoffs[part], resist))
        several += int((count > 1).sum())
        context.progress(told[0] + part.stop, told[1])
    return DrawnGame(
        chances=np.quantile(chances, (0.05, 0.5, 0.95), axis=0),
        outcomes=np.quantile(outcomes, (0.05, 0.5, 0.95), axis=0),
        foremost=np.bincount(outcomes.argmax(axis=1), minlength=len(OUTCOMES)) / draws,
        several=several / draws,
        credible=float((payoffs[:, 2] > payoffs[:, 3]).mean()),
    )


def document(result: CrisisGameResult) -> dict[str, object]:
    """Return the document ``crisis_game --json`` prints, format 1."""
    return {
        "format": 1,
        "crisis": result.provenance.crisis,
        "noise": result.params.noise,
        "defender_noise": result.params.defender_noise,
        "rule": result.params.rule,
        "lines": [crisis_game_tables.line_document(item) for item in result.lines],
        "left_out": [{"line": name, "why": why} for name, why in result.left_out],
        "findings": [item.to_json() for item in result.findings],
        "provenance": result.provenance.to_json(),
    }
