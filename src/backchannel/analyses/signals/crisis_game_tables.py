"""The tables and charts of ``crisis_game``, and what its document says of a line."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from backchannel.analyses.signals.line_game import CHALLENGER_ENDS, DEFENDER_ENDS
from backchannel.model.model import Model
from backchannel.numerics.crisis_game import OUTCOMES, SYMBOLS
from backchannel.results.chart import Axis, Chart, Curve, lines
from backchannel.results.table import Cell, Column, Table

if TYPE_CHECKING:
    from backchannel.analyses.signals.crisis_game import CrisisGameResult, DrawnGame, PlayedLine

_ENDS = ("Status quo", "Concede", "Back down", "War")
_CHOICES = ("Challenge", "Resist", "Fight")


def tables(model: Model, result: CrisisGameResult) -> tuple[Table, ...]:
    """Return the equilibria, the pay-offs, what hangs on the noise, and the draws."""
    return (_equilibria(result), _payoffs(model, result), _by_noise(result), _draws(result))


def _ends_columns() -> tuple[Column, ...]:
    return tuple(Column(name.replace(" ", "_"), title, "number") for name, title in zip(OUTCOMES, _ENDS, strict=True))


def _equilibria(result: CrisisGameResult) -> Table:
    columns = (
        Column("line", "Red line"),
        Column("challenge", "Challenge", "number"),
        Column("resist", "Resist", "number", help="once challenged"),
        Column("fight", "Fight", "number", help="once resisted"),
        *_ends_columns(),
        Column("kind", "Kind", help="selected: stable, and the one the rule takes"),
    )
    rows: list[tuple[Cell, ...]] = []
    for item in result.lines:
        found = item.equilibria
        for k in range(len(found.resist)):
            chances = [found.challenge[k], found.resist[k], found.fight[k], *found.outcomes[k]]
            kind = "selected" if k == item.selected else "stable" if found.stable[k] else "unstable"
            rows.append((item.game.line, *(round(float(value), 3) for value in chances), kind))
    return Table("crisis_game.equilibria", "Equilibria, probabilities of the model", columns, tuple(rows))


def _payoffs(model: Model, result: CrisisGameResult) -> Table:
    columns = (
        Column("line", "Red line"),
        Column("actor", "Who"),
        Column("end", "End"),
        Column("state", "State"),
        Column("points", "Worth", "number", "points"),
        Column("symbol", "Pay-off"),
        Column("payoff", "Of its range", "number", help="0 its worst end, 1 its best"),
    )
    rows: list[tuple[Cell, ...]] = []
    for item in result.lines:
        game, values = item.game, iter(item.game.payoffs.tolist())
        symbols = iter(SYMBOLS)
        for player, actor, ends in ((0, game.challenger, CHALLENGER_ENDS), (1, game.defender, DEFENDER_ENDS)):
            rows += [
                (
                    game.line, model.actor_name(actor), OUTCOMES[end], game.states[end],
                    round(float(game.points[player, end]), 6), next(symbols), round(next(values), 3),
                )
                for end in ends
            ]  # fmt: skip
    return Table("crisis_game.payoffs", "What the ends are worth", columns, tuple(rows))


def _by_noise(result: CrisisGameResult) -> Table:
    columns = (
        Column("line", "Red line"),
        Column("noise", "Private terms", "number", "ranges"),
        Column("equilibria", "Equilibria", "number"),
        *_ends_columns(),
    )
    rows: list[tuple[Cell, ...]] = []
    for item in result.lines:
        found = item.by_noise
        for noise, count, ends in zip(found.noise.tolist(), found.equilibria.tolist(), found.outcomes, strict=True):
            rows.append((item.game.line, round(noise, 3), count, *(round(float(value), 3) for value in ends)))
    title = "The selected equilibrium by the spread of private terms"
    return Table("crisis_game.noise", title, columns, tuple(rows))


def _draws(result: CrisisGameResult) -> Table:
    columns = (
        Column("line", "Red line"),
        Column("what", "Probability of the model"),
        Column("low", "5 %", "number", "of draws"),
        Column("median", "50 %", "number", "of draws"),
        Column("high", "95 %", "number", "of draws"),
    )
    rows: list[tuple[Cell, ...]] = []
    for item in result.lines:
        if item.drawn is not None:
            parts = [*zip(_CHOICES, item.drawn.chances.T, strict=True), *zip(_ENDS, item.drawn.outcomes.T, strict=True)]
            rows += [(item.game.line, name, *(round(float(value), 3) for value in values)) for name, values in parts]
    return Table("crisis_game.draws", "Over the ranges of the file", columns, tuple(rows))


def charts(model: Model, result: CrisisGameResult) -> tuple[Chart, ...]:
    """Return for each line the logit equilibria along rationality, and the ends by the spread of private terms."""
    return tuple(chart for item in result.lines for chart in (_logit_chart(model, item), _noise_chart(item)))


def _id(item: PlayedLine) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in item.game.line)


def _logit_chart(model: Model, item: PlayedLine) -> Chart:
    path, game = item.logit, item.game
    rationality = tuple(path.rationality.tolist())
    parts = ((_CHOICES[0], path.challenge), (_CHOICES[1], path.resist), (_CHOICES[2], path.fight))
    said = ", ".join(f"{name.lower()} {float(values[-1]):.2f}" for name, values in parts)
    challenger, defender = model.actor_name(game.challenger), model.actor_name(game.defender)
    return lines(
        f"logit-{_id(item)}",
        f"{game.line}: choices of limited rationality",
        f"{challenger} against {defender}: from one half each at rationality 0 to {said} at {rationality[-1]:.3g}.",
        x=Axis("Rationality", "per range"),
        y=Axis("Probability of the model", least=0.0, most=1.0),
        curves=tuple(Curve(name, rationality, tuple(values.tolist())) for name, values in parts),
    )


def _noise_chart(item: PlayedLine) -> Chart:
    found = item.by_noise
    noise = tuple(found.noise.tolist())
    said = ", ".join(
        f"{name.lower()} {float(found.outcomes[0, k]):.2f} to {float(found.outcomes[-1, k]):.2f}"
        for k, name in enumerate(_ENDS)
    )
    return lines(
        f"noise-{_id(item)}",
        f"{item.game.line}: the ends by the spread of private terms",
        f"From {noise[0]:g} to {noise[-1]:g} of each side's range: {said}.",
        x=Axis("Spread of private terms", "ranges"),
        y=Axis("Probability of the model", least=0.0, most=1.0),
        curves=tuple(Curve(name, noise, tuple(found.outcomes[:, k].tolist())) for k, name in enumerate(_ENDS)),
    )


def line_document(item: PlayedLine) -> dict[str, object]:
    """Return what the document of ``crisis_game`` says of one line."""
    game, found, logit = item.game, item.equilibria, item.logit
    bluff, endorsed, attrition = (
        None if part is None else asdict(part) for part in (item.bluffing, item.endorsed, item.attrition)
    )
    return {
        "line": game.line,
        "challenger": game.challenger,
        "defender": game.defender,
        "demanded_by": game.demanded_by,
        "defender_by": game.defender_by,
        "states": _by_end(game.states),
        "points": {
            "challenger": _by_end(game.points[0].tolist()),
            "defender": _by_end(game.points[1].tolist()),
        },
        "payoffs": dict(zip(SYMBOLS, game.payoffs.tolist(), strict=True)),
        "if_nothing_were_private": list(item.certain),
        "equilibria": [
            {
                "challenge": float(found.challenge[k]),
                "resist": float(found.resist[k]),
                "fight": float(found.fight[k]),
                "outcomes": _by_end(found.outcomes[k].tolist()),
                "stable": bool(found.stable[k]),
                "oscillates": bool(found.oscillates[k]),
                "basin": float(found.basin[k]),
                "selected": k == item.selected,
            }
            for k in range(len(found.resist))
        ],
        "by_noise": [
            {"noise": noise, "equilibria": count, "outcomes": _by_end(row)}
            for noise, count, row in zip(
                item.by_noise.noise.tolist(),
                item.by_noise.equilibria.tolist(),
                item.by_noise.outcomes.tolist(),
                strict=True,
            )
        ],
        "logit": {
            "rationality": logit.rationality.tolist(),
            "challenge": logit.challenge.tolist(),
            "resist": logit.resist.tolist(),
            "fight": logit.fight.tolist(),
        },
        "bluffing": bluff,
        "endorsed": endorsed,
        "attrition": attrition,
        "lacking": list(item.lacking),
        "draws": None if item.drawn is None else _drawn_document(item.drawn),
    }


def _by_end(values: object) -> dict[str, object]:
    assert isinstance(values, list | tuple)
    return {name.replace(" ", "_"): value for name, value in zip(OUTCOMES, values, strict=True)}


def _drawn_document(drawn: DrawnGame) -> dict[str, object]:
    names = ("challenge", "resist", "fight")
    return {
        "quantiles": [0.05, 0.5, 0.95],
        "chances": {name: drawn.chances[:, k].tolist() for k, name in enumerate(names)},
        "outcomes": {name.replace(" ", "_"): drawn.outcomes[:, k].tolist() for k, name in enumerate(OUTCOMES)},
        "foremost": _by_end(drawn.foremost.tolist()),
        "several": drawn.several,
        "credible": drawn.credible,
    }
