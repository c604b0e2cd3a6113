"""The exchange of promises against backward induction of the game tree, brute force and the textbook games."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from backchannel.numerics import exchange as exchanges
from backchannel.numerics.behaviour import described
from backchannel.numerics.exchange import Exchange, Recall
from backchannel.numerics.extensive_form import Game, Node, compile_game, decide, end
from backchannel.numerics.stability import all_stable
from backchannel.numerics.subgame_perfection import backward_induction

# Masks: 0 nobody, 1 the first, 2 the second, 3 both.
DILEMMA = Exchange(np.array([[0.0, -1, 2, 1], [0.0, 2, -1, 1]]), np.zeros(2), np.zeros((2, 4), dtype=np.bool_))
STAG_HUNT = Exchange(np.array([[2.0, 0, 1, 3], [2.0, 1, 0, 3]]), np.full(2, 2.0), np.zeros((2, 4), dtype=np.bool_))


def random_exchange(random: np.random.Generator, parties: int, values: int) -> Exchange:
    payoffs = random.integers(0, values, (parties, 2**parties)).astype(np.float64)
    return Exchange(payoffs, payoffs[:, 0].copy(), random.random((parties, 2**parties)) < 0.6)


def tree(exchange: Exchange, order: tuple[int, ...], recall: Recall) -> Game:
    """The same exchange as an extensive form, every node an information set of its own."""
    players = tuple(f"p{k}" for k in range(exchange.parties))
    everybody, turns = exchange.everybody, [*order, *(() if recall == "none" else order)]

    def node(step: int, delivered: int, path: str) -> Node:
        if step == len(turns):
            return end(*exchange.payoffs[:, delivered].tolist(), label=str(delivered))
        mover = turns[step]
        bit = 1 << mover
        if step < len(order):
            moves = {"deliver": delivered | bit, "keep": delivered}
        elif delivered & bit and exchange.recallable[mover, delivered] and (recall == "free" or delivered != everybody):
            moves = {"stand": delivered, "take back": delivered & ~bit}
        else:
            return node(step + 1, delivered, path)
        following = {name: node(step + 1, there, f"{path}{name[0]}") for name, there in moves.items()}
        return decide(players[mover], f"{mover}:{path}", following)

    return compile_game("exchange", players, node(0, 0, ""))


def outcomes(game: Game) -> set[int]:
    """Ends reached by the subgame-perfect profiles."""
    found = set()
    for profile in backward_induction(game):
        said, node = described(game, profile), game.nodes[0]
        while hasattr(node, "branches"):
            action = next(name for name, weight in said[node.information_set].items() if weight == 1)
            node = dict(node.branches)[action]
        found.add(int(node.label))
    return found


@pytest.mark.parametrize("recall", exchanges.RECALLS)
@pytest.mark.parametrize("parties", [2, 3])
def test_one_after_another_is_backward_induction(parties: int, recall: Recall) -> None:
    """Ties included: few values, so that many occur."""
    random = np.random.default_rng(parties)
    for _ in range(25 if parties == 2 else 4):
        made = random_exchange(random, parties, 4 if parties == 2 else 40)
        for order in list(permutations(range(parties)))[:3]:
            assert set(exchanges.sequential(made, order, recall)) == outcomes(tree(made, order, recall))


def test_at_the_same_moment_is_nash() -> None:
    random = np.random.default_rng(8)
    for _ in range(200):
        made = random_exchange(random, 3, 5)
        rows = made.payoffs
        brute = [
            chosen
            for chosen in range(8)
            if all(max(rows[i, chosen & ~(1 << i)], rows[i, chosen | 1 << i]) <= rows[i, chosen] for i in range(3))
        ]
        assert list(exchanges.simultaneous(made)) == brute


def test_the_dilemma() -> None:
    assert exchanges.temptation(DILEMMA) == pytest.approx([1, 1])
    assert exchanges.sucker_loss(DILEMMA) == pytest.approx([1, 1])
    assert exchanges.surplus(DILEMMA) == pytest.approx([1, 1])
    assert exchanges.participation_threshold(DILEMMA) == pytest.approx([0.5, 0.5])
    assert exchanges.dominated(DILEMMA).all()
    assert exchanges.incentive_threshold(DILEMMA) == ((1.0, 0.0), (1.0, 0.0))
    assert exchanges.simultaneous(DILEMMA) == (0,)
    assert {exchanges.sequential(DILEMMA, order, "none") for order in exchanges.orders(DILEMMA)} == {(0,)}


def test_the_stag_hunt_needs_a_credence_to_deliver() -> None:
    """Participation and incentive differ: here delivering pays from a credence of 1/2 + 0 on, and at no lower one."""
    assert exchanges.simultaneous(STAG_HUNT) == (0, 3)
    assert exchanges.incentive_threshold(STAG_HUNT) == (pytest.approx((0.5, 1)), pytest.approx((0.5, 1)))
    assert exchanges.participation_threshold(STAG_HUNT) == pytest.approx([2 / 3, 2 / 3])
    assert exchanges.sequential(STAG_HUNT, (0, 1), "none") == (3,)
    assert not exchanges.dominated(STAG_HUNT).any()


def test_a_right_to_take_back_in_answer_keeps_the_dilemma_and_a_free_one_does_not() -> None:
    free = Exchange(DILEMMA.payoffs, DILEMMA.today, np.ones((2, 4), dtype=np.bool_))
    assert exchanges.sequential(free, (0, 1), "answer") == (3,)
    assert exchanges.sequential(free, (0, 1), "free") == (0,)
    assert exchanges.sequential(DILEMMA, (0, 1), "answer") == (0,)


def test_a_leg_in_place_that_cannot_be_taken_back_is_kept() -> None:
    """The second's leg stands; once the first has delivered it is final, so the first may rely on it."""
    recallable = np.array([[False] * 4, [False, False, True, False]])
    standing = Exchange(DILEMMA.payoffs, DILEMMA.today, recallable, standing=2)
    assert exchanges.sequential(standing, (0, 1), "none") == (3,)
    assert exchanges.sequential(standing, (1, 0), "none") == (0,)
    always = Exchange(DILEMMA.payoffs, DILEMMA.today, np.zeros((2, 4), dtype=np.bool_), standing=2)
    assert exchanges.sequential(always, (0, 1), "none") == (2,)
    loose = Exchange(DILEMMA.payoffs, DILEMMA.today, recallable)
    assert exchanges.sequential(loose, (0, 1), "none") == (0,)


def test_thresholds_at_the_corners() -> None:
    alone, today, kept = np.array([1.0, -1, 0, 0]), np.array([0.0, 0, 1, 1]), np.array([2.0, 1, 0.5, -1])
    assert exchanges.participation_at(alone, today, kept) == pytest.approx([0, 0.5, 2, exchanges.NEVER])


def test_as_a_graph_model_game() -> None:
    """Legs that can be taken back: the dilemma's exchange is held by sequential stability, not by Nash."""
    game = exchanges.as_game(DILEMMA, recallable=True)
    stable = all_stable(game, ("nash", "seq"))
    masks = exchanges.state_masks(2).tolist()
    assert masks == [0, 2, 1, 3]
    assert stable["nash"].all(axis=0).tolist() == [True, False, False, False]
    assert stable["seq"].all(axis=0).tolist() == [True, False, False, True]
    final = all_stable(exchanges.as_game(DILEMMA, recallable=False), ("nash",))["nash"].all(axis=0)
    assert final[masks.index(3)]


def test_what_an_exchange_refuses() -> None:
    with pytest.raises(ValueError, match="1 to 6 parties, got 7"):
        Exchange(np.zeros((7, 128)), np.zeros(7), np.zeros((7, 128), dtype=np.bool_))
    with pytest.raises(ValueError, match="2 parties need arrays"):
        Exchange(np.zeros((2, 3)), np.zeros(2), np.zeros((2, 3), dtype=np.bool_))
    with pytest.raises(ValueError, match="today needs one value a party"):
        Exchange(np.zeros((2, 4)), np.zeros(3), np.zeros((2, 4), dtype=np.bool_))
