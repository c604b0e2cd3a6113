"""Sentences and the table of the symbolic analysis."""

from __future__ import annotations

from collections.abc import Iterator

from backchannel.analyses.stability.symbolic_judge import MOST_PAIRS, Judgement, Point, PointStep
from backchannel.model.boxes import state_levels
from backchannel.model.symbolic import SymbolicModel, total_states
from backchannel.model.words import changes_in_words, levels_label
from backchannel.numerics.number_format import count, number, signed
from backchannel.results.finding import Finding, Template
from backchannel.results.table import Cell, Column, Table

ALL = Template("symbolic.found", "{equilibria} among {states}; the search proves that there are no others.", "order")
NONE = Template("symbolic.found", "None of {states} is a Nash equilibrium; the search proves it.", "order")
FIRST = Template(
    "symbolic.found", "More than {equilibria} among {states}; these are the first {shown} found, from today.", "order"
)
STOPPED = Template(
    "symbolic.found",
    "{equilibria} found among {states} within {seconds}; the search did not end, so there may be others.",
    "order",
)
TODAY = Template("symbolic.today", "Today ({state}) {holds}: {reason}", "order")
ALWAYS = Template("symbolic.always", "Done in every one of them: {options}.", "order")
NEVER = Template("symbolic.never", "Done in none of them: {options}.", "order")
VERDICT = Template("symbolic.verdict", "{state} {holds} by {concept}.", "order")
ACTOR = Template("symbolic.actor", "{said}", "order")
UNTRIED = Template(
    "symbolic.second_opinion",
    "{actors} can do too much for a second opinion, which tries every alternative.",
    "assumed",
)

CONCEPT_NAMES = {"nash": "Nash stability", "seq": "sequential stability"}
"""Concepts this analysis judges, and what to call them."""


def label(model: SymbolicModel, point: Point) -> str:
    """Name a state as a reader would."""
    return levels_label(model.crisis, state_levels(point))


def actor_name(model: SymbolicModel, actor: int) -> str:
    """Return the name to print."""
    name = model.actors[actor]
    return model.crisis.actors[name].name or name


def states_in_words(model: SymbolicModel) -> str:
    """Say how many states there are, possible or not."""
    return count(total_states(model.crisis), "state")


def move(model: SymbolicModel, step: PointStep) -> str:
    """Say what a move does, as verb phrases."""
    ends = zip(state_levels(step.origin), state_levels(step.target), strict=True)
    options = zip(model.crisis.options.items(), ends, strict=True)
    return changes_in_words(
        model.crisis,
        [(name, about.levels[old], about.levels[new]) for (name, about), (old, new) in options if old != new],
    )


def sentence(model: SymbolicModel, judgement: Judgement, concept: str) -> str:
    """Say why a state is or is not stable for one actor."""
    actor, step = actor_name(model, judgement.actor), judgement.improvement
    if step is None and judgement.answer == "undecided":
        return f"{actor} was not judged: the time was over."
    if step is None:
        return f"{actor} has no move to anything it prefers."
    said = f"{actor} could {move(model, step)}{_gain(model, step)}"
    if judgement.answer == "undecided":
        return f"{said}; whether that can be answered is undecided: {MOST_PAIRS:,} steps of answers were looked at."
    if judgement.answer == "unstable":
        return said + (", and nobody would answer in a way that takes the gain away." if concept == "seq" else ".")
    answers = (f"{actor_name(model, each.actor)} would {move(model, each)}" for each in judgement.sanction)
    said += f"; {'; then '.join(answers)}; that leaves {actor} {_outcome(model, judgement)}."
    if judgement.others:
        said += f" Its other {count(judgement.others, 'improvement')} can be answered too."
    return said


def _gain(model: SymbolicModel, step: PointStep) -> str:
    want = model.wants[step.actor]
    if not want.cardinal:
        return ", which it prefers"
    return f" ({signed(want.points(step.target) - want.points(step.origin))} for it)"


def _outcome(model: SymbolicModel, judgement: Judgement) -> str:
    assert judgement.improvement is not None
    want, before, after = model.wants[judgement.actor], judgement.improvement.origin, judgement.sanction[-1].target
    words = "no better off" if want.score(after) == want.score(before) else "worse off"
    points = f" ({number(want.points(after))} against {number(want.points(before))})" if want.cardinal else ""
    return f"{words} than before{points}"


def raised(model: SymbolicModel, point: Point) -> tuple[str, ...]:
    """Return the options above their lowest level, with the level where there are more than two."""
    options = zip(model.crisis.options.items(), state_levels(point), strict=True)
    return tuple(
        name if len(about.levels) == 2 else f"{name}={about.levels[level]}" for (name, about), level in options if level
    )


def done_in(model: SymbolicModel, points: tuple[Point, ...]) -> tuple[list[str], list[str]]:
    """Return the options above their lowest level in every one of some states, and in none."""
    options = list(model.crisis.options)
    always = [name for k, name in enumerate(options) if all(point[k] > 1 for point in points)]
    never = [name for k, name in enumerate(options) if all(point[k] == 1 for point in points)]
    return always, never


def found(model: SymbolicModel, points: tuple[Point, ...], status: str, seconds: float) -> Iterator[Finding]:
    """Say how many equilibria there are, what is proved of that, and what they have in common."""
    words = {"equilibria": count(len(points), "Nash equilibrium", "Nash equilibria"), "states": states_in_words(model)}
    if status == "first":
        yield FIRST.fill(shown=len(points), **words)
    elif status == "stopped":
        yield STOPPED.fill(seconds=f"{number(seconds)} s", **words)
    elif not points:
        yield NONE.fill(states=words["states"])
    else:
        yield ALL.fill(**words)
    always, never = done_in(model, points)
    if status == "complete" and len(points) > 1:
        if always:
            yield ALWAYS.fill(options=", ".join(always))
        if never:
            yield NEVER.fill(options=", ".join(never))


def today(model: SymbolicModel, point: Point, judgements: list[Judgement]) -> Finding:
    """Say whether today is a Nash equilibrium, and who could leave it."""
    breaking = [each for each in judgements if each.answer == "unstable"]
    if not breaking:
        holds, reason = "is a Nash equilibrium", "nobody has a move to anything they prefer."
    else:
        holds, reason = "is no Nash equilibrium", sentence(model, breaking[0], "nash")
    return TODAY.fill(state=label(model, point), holds=holds, reason=reason)


def verdicts(model: SymbolicModel, point: Point, judgements: list[Judgement], concept: str) -> Iterator[Finding]:
    """Say whether a state holds, and why for each actor."""
    answers = {each.answer for each in judgements}
    holds = "does not hold" if "unstable" in answers else "is undecided" if "undecided" in answers else "holds"
    yield VERDICT.fill(state=label(model, point), holds=holds, concept=CONCEPT_NAMES[concept])
    idle = [actor_name(model, each.actor) for each in judgements if each == Judgement(each.actor, "stable")]
    for each in judgements:
        if each != Judgement(each.actor, "stable"):
            yield ACTOR.fill(said=sentence(model, each, concept))
    if idle:
        yield ACTOR.fill(said=f"{', '.join(idle)} {'has' if len(idle) == 1 else 'have'} no move to anything better.")


def table(model: SymbolicModel, points: tuple[Point, ...], title: str) -> Table:
    """Return states in rows, with each actor's utility."""
    columns = [Column("state", "Outcome")]
    for k, name in enumerate(model.actors):
        unit = "points" if model.wants[k].cardinal else "order only"
        columns.append(Column(f"utility_{name}", actor_name(model, k), "number", unit))
    rows = tuple(_row(model, point) for point in points)
    return Table("symbolic.states", title, tuple(columns), rows)


def _row(model: SymbolicModel, point: Point) -> tuple[Cell, ...]:
    return (label(model, point), *(want.points(point) for want in model.wants))
