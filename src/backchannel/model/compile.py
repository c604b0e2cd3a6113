"""Crisis to model: the only module that knows both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backchannel.model.arrays import TensorAlgebra
from backchannel.model.guard import check_size
from backchannel.model.merge import merge_states
from backchannel.model.model import Model
from backchannel.model.preferences import ActorUtility, actor_utility, from_positions
from backchannel.model.space import StateSpace
from backchannel.numerics.game import ArcGame, Limit, OptionGame
from backchannel.spec.condition import Condition, Constant
from backchannel.spec.crisis import Crisis
from backchannel.spec.inputs import inputs
from backchannel.spec.structure import RankingPreference


def compile_model(crisis: Crisis) -> Model:
    """Compile a crisis at the centres of its numbers.

    Cost: states x (conditions + terms) simple array operations; nothing is kept per pair of states.

    Raises
    ------
    TooLargeError
        Before writing out more states than memory holds.
    """
    if crisis.is_general_graph:
        return _general_graph(crisis)
    check_size(crisis)
    algebra = tensor(crisis)
    feasible = _feasible(crisis, algebra)
    utilities = tuple(_utility(crisis, actor, algebra) for actor in crisis.actors)
    actor_of = {actor: k for k, actor in enumerate(crisis.actors)}
    by_axis = _by_axis(crisis)
    game = OptionGame(
        levels=algebra.shape,
        owner=tuple(actor_of[crisis.options[option].by] for option in by_axis),
        utilities=np.stack([utility.codes for utility in utilities]),
        feasible=None if feasible.all() else feasible,
        final=tuple(_limit(crisis.options[option].final, algebra) for option in by_axis),
        frozen=tuple(_limit(crisis.options[option].frozen, algebra) for option in by_axis),
    )
    space = StateSpace(crisis, algebra.shape, by_axis, _in_file_order(crisis, by_axis, feasible), feasible.size)
    model = Model(crisis, space, game, utilities, inputs(crisis))
    return merge_states(model, algebra) if crisis.merge else model


def tensor(crisis: Crisis) -> TensorAlgebra:
    """Return the algebra that reads conditions over the state tensor of a crisis in option form."""
    by_axis = _by_axis(crisis)
    shape = tuple(len(crisis.options[option].levels) for option in by_axis)
    return TensorAlgebra(crisis, {option: k for k, option in enumerate(by_axis)}, shape)


def _by_axis(crisis: Crisis) -> tuple[str, ...]:
    """Return options in model order: the options of one actor side by side, actors in file order."""
    return tuple(name for actor in crisis.actors for name, option in crisis.options.items() if option.by == actor)


def _feasible(crisis: Crisis, algebra: TensorAlgebra) -> NDArray[np.bool_]:
    feasible = np.ones(algebra.shape, dtype=bool)
    for item in crisis.impossible:
        feasible &= ~algebra.read(item.that)
    return feasible.reshape(-1)


def _in_file_order(crisis: Crisis, by_axis: tuple[str, ...], feasible: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the feasible cells sorted by level, first option of the file slowest."""
    shape = [len(crisis.options[option].levels) for option in by_axis]
    file_axes = [by_axis.index(option) for option in crisis.options]
    cells = np.arange(feasible.size, dtype=np.int64).reshape(shape).transpose(file_axes).reshape(-1)
    return cells[feasible[cells]]


def _utility(crisis: Crisis, actor: str, algebra: TensorAlgebra) -> ActorUtility:
    return actor_utility(crisis.preferences.get(actor, ()), algebra)


def _limit(condition: Condition | None, algebra: TensorAlgebra) -> Limit:
    if condition is None:
        return None
    if isinstance(condition.tree, Constant):
        return True if condition.tree.value else None
    return algebra.flat(condition)


def _general_graph(crisis: Crisis) -> Model:
    names = {name: k for k, name in enumerate(crisis.states)}
    states = len(names)
    utilities = tuple(_named_ranking(crisis, actor, names) for actor in crisis.actors)
    pointers, targets = [], []
    for actor in crisis.actors:
        arcs = sorted({(names[origin], names[target]) for mover, origin, target in crisis.moves if mover == actor})
        origins = np.array([origin for origin, _ in arcs], dtype=np.int64)
        pointers.append(np.searchsorted(origins, np.arange(states + 1)).astype(np.int64))
        targets.append(np.array([target for _, target in arcs], dtype=np.int32))
    game = ArcGame(np.stack([utility.codes for utility in utilities]), tuple(pointers), tuple(targets))
    space = StateSpace(crisis, (states,), (), np.arange(states, dtype=np.int64), states)
    return Model(crisis, space, game, utilities, inputs(crisis))


def _named_ranking(crisis: Crisis, actor: str, names: dict[str, int]) -> ActorUtility:
    preference = crisis.preferences.get(actor, ())
    position = np.full(len(names), 0 if not isinstance(preference, RankingPreference) else -1, dtype=np.int64)
    ranking = preference.groups if isinstance(preference, RankingPreference) else ()
    for rank, tied in enumerate(ranking):
        for name in tied:
            position[names[name]] = rank
    return from_positions(position, max(len(ranking), 1))
