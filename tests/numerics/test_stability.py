"""Nash, GMR, SMR and SEQ against the definitions taken literally, for every route through the engine."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from time import perf_counter

import numpy as np
import pytest

from backchannel.errors import CancelledError
from backchannel.numerics import compact, engines, moves, settle, stability
from backchannel.numerics.concepts import CONCEPTS
from backchannel.numerics.game import ArcGame, OptionGame
from backchannel.numerics.stability import CODES, all_stable, equilibria_only, stable
from numerics import random_games, reference

GAMES = 30
needs_numba = pytest.mark.skipif(not engines.numba_installed(), reason="Numba is not installed")
ENGINES = ["numpy", pytest.param("numba", marks=needs_numba)]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    previous = engines.engine(request.param)
    yield request.param
    engines.engine(previous)


@pytest.fixture(scope="module")
def expected():
    """Remember the slow answers, which both engines and all routes are held against."""
    known: dict[object, dict[str, np.ndarray]] = {}

    def answer(key: object, game: OptionGame | ArcGame) -> dict[str, np.ndarray]:
        if key not in known:
            known[key] = {concept: np.array(reference.stable(game, concept)) for concept in CONCEPTS}
        return known[key]

    return answer


def draw(kind: str, seed: int) -> OptionGame | ArcGame:
    return random_games.arc_game(seed) if kind == "arcs" else random_games.option_game(seed, kind, most_states=64)


def check(kind: str, seed: int, expected) -> None:
    game = draw(kind, seed)
    answer = expected((kind, seed), game)
    found = all_stable(game, CONCEPTS)
    codes = equilibria_only(game, CONCEPTS)
    for concept in CONCEPTS:
        assert np.array_equal(found[concept], answer[concept]), (kind, seed, concept)
        assert np.array_equal((codes & CODES[concept]) > 0, answer[concept].all(axis=0)), (
            kind,
            seed,
            concept,
        )


@pytest.mark.parametrize("kind", [*random_games.KINDS, "arcs"])
def test_agrees_with_the_definitions(engine: str, kind: str, expected) -> None:
    for seed in range(GAMES):
        check(kind, seed, expected)


@pytest.mark.parametrize("kind", [*random_games.KINDS, "arcs"])
def test_label_setting_agrees_when_no_rounds_are_allowed(
    engine: str, kind: str, expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "ROUNDS", 0)
    for seed in range(GAMES):
        check(kind, seed, expected)


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("kind", random_games.KINDS[1:])
def test_listed_moves_and_fibres_agree(
    engine: str, kind: str, listed: bool, expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stability, "_listable", lambda game, rules: listed)
    for seed in range(GAMES):
        check(kind, seed, expected)


@pytest.mark.parametrize("kind", ["product", "masked", "everything", "arcs"])
def test_work_cut_into_pieces_and_spread_over_threads_agrees(
    engine: str, kind: str, expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stability, "THREADED", 0)
    monkeypatch.setattr(stability, "processors", lambda: 3)
    monkeypatch.setattr(moves, "CHUNK", 5)
    for seed in range(GAMES):
        check(kind, seed, expected)


@needs_numba
@pytest.mark.parametrize("kind", ["product", "masked", "final", "outside", "own", "everything"])
@pytest.mark.parametrize("options", [(3, 3, 2, 2), (5, 2, 4), (1, 9), (10, 1)])
def test_engines_agree_on_larger_games(kind: str, options: tuple[int, ...]) -> None:
    game = larger(kind, options)
    answers = []
    for name in ("numpy", "numba"):
        previous = engines.engine(name)
        answers.append((all_stable(game, CONCEPTS), equilibria_only(game)))
        engines.engine(previous)
    (plain, plain_codes), (compiled, compiled_codes) = answers
    for concept in CONCEPTS:
        assert np.array_equal(plain[concept], compiled[concept]), concept
    assert np.array_equal(plain_codes, compiled_codes)
    assert plain["gmr"].any()
    assert not plain["nash"].all()


def larger(kind: str, options: tuple[int, ...]) -> OptionGame:
    """Binary options, so many to each actor, limits drawn as in the small games."""
    rng = np.random.default_rng([*options, len(kind)])
    owner = tuple(actor for actor, count in enumerate(options) for _ in range(count))
    levels = (2,) * len(owner)
    states = 2 ** len(owner)
    utilities = rng.integers(0, 500, (len(options), states)).astype(np.int32)
    feasible = None if kind == "product" else rng.random(states) < 0.7
    final = tuple(random_games._limit(rng, kind, levels, owner, option) for option in range(len(owner)))
    return OptionGame(levels, owner, utilities, feasible, final)


@pytest.mark.parametrize("kind", [*random_games.KINDS, "arcs"])
def test_concepts_imply_one_another(engine: str, kind: str) -> None:
    for seed in range(1000, 1040):
        found = all_stable(draw(kind, seed), CONCEPTS)
        for narrow, wide in (("nash", "smr"), ("smr", "gmr"), ("nash", "seq"), ("seq", "gmr")):
            assert not np.any(found[narrow] & ~found[wide]), (kind, seed, narrow, wide)


def test_stable_is_one_entry_of_all_stable(engine: str) -> None:
    game = draw("masked", 3)
    for concept, found in all_stable(game, CONCEPTS).items():
        assert np.array_equal(stable(game, concept), found)


def test_prisoners_dilemma(engine: str) -> None:
    """Fraser and Hipel (1984): mutual defection is Nash, mutual cooperation stable by foresight."""
    utilities = np.array([[1, 3, 0, 2], [1, 0, 3, 2]], dtype=np.int32)
    game = OptionGame((2, 2), (0, 1), utilities)
    codes = equilibria_only(game, CONCEPTS)
    assert codes.tolist() == [15, 0, 0, CODES["gmr"] | CODES["smr"] | CODES["seq"]]


def test_moving_twice_in_succession_is_no_sanction(engine: str) -> None:
    """Actor 0 improves from 0 to 1; only two moves of actor 1 in a row, 1 to 2 to 3, would punish it."""
    utilities = np.array([[1, 2, 3, 0], [0, 0, 0, 0]], dtype=np.int32)
    game = arcs_of([[(0, 1)], [(1, 2), (2, 3)]], utilities)
    assert not stable(game, "gmr")[0, 0]
    helped = arcs_of([[(0, 1)], [(1, 2)], [(2, 3)]], np.vstack([utilities, utilities[1:]]))
    assert stable(helped, "gmr")[0, 0]


def test_return_to_the_state_itself_is_a_sanction(engine: str) -> None:
    utilities = np.array([[0, 1], [1, 0]], dtype=np.int32)
    game = arcs_of([[(0, 1)], [(1, 0)]], utilities)
    assert stable(game, "seq")[0, 0]


def arcs_of(arcs: list[list[tuple[int, int]]], utilities: np.ndarray) -> ArcGame:
    pointers, targets = [], []
    for own in arcs:
        counts = np.bincount([leaving for leaving, _ in own], minlength=utilities.shape[1])
        pointers.append(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
        targets.append(np.array([entered for _, entered in sorted(own)], dtype=np.int32))
    return ArcGame(utilities, tuple(pointers), tuple(targets))


def staircase(bits: int) -> OptionGame:
    """Two opponents of actor 0 climb by turns, one step each, to the top of a staircase of feasible states.

    Actor 0 gains 1 by its own move wherever it stands, but would lose 1 at the top: every state below is
    stable only because a chain of improvements as long as the staircase punishes the move.
    """
    side = 2**bits
    height = np.zeros((side, side), dtype=np.int64)
    steps = np.arange(side)
    height[steps, steps] = 2 * steps + 1
    height[steps[1:], steps[:-1]] = 2 * steps[1:]
    climb = np.stack([height, height]).ravel()
    top = climb == height.max()
    own = np.where(np.arange(climb.size) < side * side, 0, np.where(top, -1, 1))
    levels, owner = (2,) * (1 + 2 * bits), (0, *(1,) * bits, *(2,) * bits)
    return OptionGame(levels, owner, np.stack([own, climb, climb]).astype(np.int32), climb > 0)


@pytest.mark.parametrize("listed", [True, False])
def test_long_chains_of_sanctions_are_followed_to_their_end(
    engine: str, listed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stability, "_listable", lambda game, rules: listed)
    small, large = staircase(2), staircase(8)
    for concept in CONCEPTS:
        assert np.array_equal(stable(small, concept), np.array(reference.stable(small, concept)))
    started = perf_counter()
    found = all_stable(large, ("nash", "seq"))
    assert perf_counter() - started < 20
    below = large.feasible[: large.states // 2]
    assert found["seq"][0, : large.states // 2][below].all()
    assert found["nash"][0].sum() == 1 + below.sum() - 1


def test_actors_without_options_and_games_without_moves(engine: str) -> None:
    utilities = np.array([[0, 1], [5, 4], [2, 2]], dtype=np.int32)
    for concept in CONCEPTS:
        assert stable(OptionGame((2,), (1,), utilities), concept).tolist() == [[1, 1], [1, 0], [1, 1]]
    alone = OptionGame((), (), np.zeros((2, 1), dtype=np.int32))
    assert all(found.all() for found in all_stable(alone, CONCEPTS).values())
    nowhere = OptionGame((2,), (0,), utilities, np.zeros(2, dtype=np.bool_))
    assert not any(found.any() for found in all_stable(nowhere, CONCEPTS).values())


def test_read_only_and_strided_arrays_are_accepted(engine: str) -> None:
    game = draw("masked", 5)
    strided = np.repeat(game.utilities, 2, axis=1)[:, ::2]
    strided.setflags(write=False)
    again = OptionGame(game.levels, game.owner, strided, game.feasible, game.final, game.frozen)
    for concept in CONCEPTS:
        assert np.array_equal(stable(again, concept), stable(game, concept))


@pytest.mark.parametrize(("kind", "threaded"), list(product(["product", "masked", "everything", "arcs"], [0, 1])))
def test_progress_counts_to_the_end_and_can_cancel(
    engine: str, kind: str, threaded: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stability, "THREADED", 0 if threaded else 1 << 40)
    game = draw(kind, 2)
    calls: list[tuple[int, int]] = []
    all_stable(game, CONCEPTS, lambda done, total: calls.append((done, total)))
    assert calls[-1] == (4 * game.actors, 4 * game.actors)
    assert calls == sorted(calls)

    def stop(done: int, total: int) -> None:
        raise CancelledError("enough")

    with pytest.raises(CancelledError, match="enough"):
        all_stable(game, CONCEPTS, stop)
    with pytest.raises(CancelledError, match="enough"):
        equilibria_only(game, CONCEPTS, stop)


def test_unknown_concept_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown concept 'sim'; the concepts are nash, gmr, smr, seq"):
        stable(draw("product", 0), "sim")  # type: ignore[arg-type]


@needs_numba
def test_warm_up_makes_small_games_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_choice", engines._Choice())
    assert not engines.use_numba(4096)
    assert engines.warm_up()
    assert engines.use_numba(4096)
    engines.engine("numpy")
    assert not engines.use_numba(1 << 30)


def test_engine_names_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="got 'cuda'"):
        engines.engine("cuda")  # type: ignore[arg-type]
    monkeypatch.setattr(engines, "numba_installed", lambda: False)
    with pytest.raises(engines.NotSupportedError, match="pip install 'backchannel"):
        engines.engine("numba")
    assert not engines.warm_up()
    assert not engines.use_numba(1 << 30)


def test_sparse_games_are_listed() -> None:
    rng = np.random.default_rng(4)
    sparse = OptionGame((2,) * 12, (0,) * 6 + (1,) * 6, larger("product", (6, 6)).utilities, rng.random(4096) < 0.05)
    assert compact.possible_moves(sparse) < 4096
    assert stability._listable(sparse, (None, None))
    assert not stability._listable(larger("masked", (6, 6)), (None, None))
