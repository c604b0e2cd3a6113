"""Tranches against closed forms, recorded values, an independent verifier that knows no programme, and games."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from backchannel.errors import NotSupportedError
from backchannel.numerics.behaviour import profile_of
from backchannel.numerics.extensive_form import Game, Node, compile_game, decide, end
from backchannel.numerics.subgame_perfection import subgame_regrets
from backchannel.numerics.tranche_search import (
    Certificate,
    check_certificate,
    fewest_steps,
    find_schedule,
    least_bonds,
    prove_none,
    smallest_bond,
)
from backchannel.numerics.tranches import (
    NEVER,
    Plans,
    Schedule,
    Swap,
    act_credence,
    capacities,
    conditions,
    exposure,
    exposure_cap,
    geometric_steps,
    programme,
    symmetric_schedule,
    worst_breach,
)

NEAR = 2e-6


def symmetric(benefit: float, cost: float, discount: float, bond: float, belief: float = 0.0) -> Swap:
    both = [np.full(2, value) for value in (benefit, cost, discount, bond, belief)]
    return Swap(both[0], both[1], both[2], both[3], both[4])


HANDBOOK = symmetric(1.0, 0.6, 0.9, 0.06)


# ---- an independent verifier: plays every deviation out, shares and bonds as plain numbers ----------------------


def play(swap: Swap, schedule: Schedule, side: int, start: int, until: int) -> float:
    """Value for a side, from a step on, of complying until step ``until`` (counted from 0) and breaking there.

    The number of steps stands for taking the leg back once all is done, one more for never.

    The other side complies at each step with its credence; a breach ends it. Written from the rules of the process.
    """
    steps, total, alive, weight = schedule.shares.shape[1], 0.0, 1.0, 1.0
    for k in range(start, steps):
        own, other = swap.cost[side] * schedule.shares[side, k], swap.benefit[side] * schedule.shares[1 - side, k]
        sure, breaks = schedule.credence[side, k], k == until
        bond = schedule.bond[side] - taken_back(swap, schedule, side, k) if breaks else 0.0
        if swap.first == side:
            gain = -bond if breaks else -own + sure * other
        elif swap.first < 0:
            gain = (-bond if breaks else -own) + sure * other
        else:
            gain = sure * (other - (bond if breaks else own))
        total += alive * weight * gain
        if breaks:
            return total
        alive, weight = alive * sure, weight * swap.discount[side]
    if until == steps:
        total += alive * weight * (taken_back(swap, schedule, side, steps) - schedule.bond[side])
    return total


def taken_back(swap: Swap, schedule: Schedule, side: int, k: int) -> float:
    return float(swap.recall[side] * schedule.shares[side, :k].sum())


def verify(swap: Swap, schedule: Schedule) -> float:
    """Return the least advantage of doing as planned over any deviation: 0 or more if the schedule enforces itself."""
    steps, worst = schedule.shares.shape[1], np.inf
    for side in (0, 1):
        own, partner = schedule.plans[side], schedule.plans[1 - side]
        never = steps + 1
        worst = min(worst, play(swap, schedule, side, 0, never))
        if partner != NEVER:
            going_on = [play(swap, schedule, side, k, never) + schedule.bond[side] for k in range(steps)]
            worst = min(worst, *going_on)
        planned = never if own == NEVER else own - 1
        if own == NEVER:
            worst = min(worst, -play(swap, schedule, side, steps, steps))
        for k in range(steps if own == NEVER else own - 1):
            worst = min(worst, decided(swap, schedule, side, k, planned) - decided(swap, schedule, side, k, k))
        if own != NEVER:
            at = own - 1
            for later in (*range(own, steps), steps, never):
                worst = min(worst, decided(swap, schedule, side, at, at) - decided(swap, schedule, side, at, later))
    return float(worst)


def decided(swap: Swap, schedule: Schedule, side: int, k: int, until: int) -> float:
    """Value at the moment of decision: a second mover has seen its partner comply at this step."""
    if swap.first not in (0, 1) or swap.first == side:
        return play(swap, schedule, side, k, until)
    seen = schedule.credence.copy()
    seen[side, k] = 1.0
    return play(swap, replace(schedule, credence=seen), side, k, until)


# ---- recorded values ------------------------------------------------------------------------------------------------


def test_recorded_schedule_and_capacities() -> None:
    assert np.cumsum(capacities(1, 0.6, 0.9, 0.06, 7)) == pytest.approx(
        [0.1, 0.26, 0.51, 0.895, 1.4825, 2.37375, 3.720625]
    )
    wanted = [0.105, 0.385, 0.25, 0.16, 0.10]
    assert symmetric_schedule(1, 0.6, 0.9, 0.06) == pytest.approx(wanted)
    found = fewest_steps(HANDBOOK)
    assert found is not None
    assert found.shares == pytest.approx(np.array([wanted, wanted]), abs=NEAR)
    assert verify(HANDBOOK, found) >= -NEAR
    assert find_schedule(HANDBOOK, 4) is None


def test_recorded_geometric_steps_and_cap() -> None:
    assert geometric_steps(2 / 3, 5) == pytest.approx([1 / 3, 2 / 9, 4 / 27, 8 / 81, 16 / 243])
    assert exposure_cap(0.3, 1, 0.6, 0.9, 0.4) == pytest.approx(0.36)
    assert exposure_cap(0.7, 1, 0.6, 0.9, 0.4) is None
    with pytest.raises(ValueError, match="must lie between 0 and 1, got 1"):
        geometric_steps(1.0, 3)


def test_one_exchange_needs_a_bond_of_the_whole_cost() -> None:
    found = smallest_bond(symmetric(1, 0.6, 0.9, 0), 1)
    assert found is not None
    assert found.bond == pytest.approx([0.6, 0.6], abs=NEAR)


def test_geometric_steps_bind() -> None:
    """Without a bond, steps that cannot be taken back hold each other up with nothing to spare."""
    ratio, discount, benefit = 2 / 3, 0.9, 1.0
    cost = ratio * discount * benefit
    shares = geometric_steps(ratio, 400)
    for k in range(20):
        later = sum(discount ** (j - k) * (benefit - cost) * shares[j] for j in range(k + 1, 400))
        assert cost * shares[k] == pytest.approx(later)


# ---- the programme against the closed form and the verifier --------------------------------------------------------


def test_programme_agrees_with_the_closed_form() -> None:
    """500 random symmetric cases: the same fewest steps, and the same shares."""
    random = np.random.default_rng(11)
    compared = 0
    for _ in range(500):
        benefit, discount = random.uniform(0.5, 2.0), random.uniform(0.6, 1.0)
        cost = benefit * random.uniform(0.2, 0.95)
        bond = cost * random.uniform(0.05, 1.1)
        closed = symmetric_schedule(benefit, cost, discount, bond, 12)
        swap = symmetric(benefit, cost, discount, bond)
        if closed is None:
            assert find_schedule(swap, 12) is None
            continue
        found = find_schedule(swap, closed.size)
        assert found is not None
        assert found.shares[0] == pytest.approx(closed, abs=1e-5)
        if closed.size > 1 and compared % 5 == 0:
            assert find_schedule(swap, closed.size - 1) is None
        compared += 1
    assert compared > 400


FOUND = {(-1, (0, 0)): 10, (-1, (1, 1)): 20, (-1, (0, 1)): 10, (-1, (2, 1)): 20} | {
    (0, (0, 0)): 20, (0, (0, 1)): 20, (0, (2, 1)): 20, (1, (0, 0)): 20,
}  # fmt: skip
"""Schedules that at least turn up, so that the check is not empty; the other plans have none in these cases."""


@pytest.mark.parametrize("first", [-1, 0, 1])
@pytest.mark.parametrize("plans", [(0, 0), (1, 1), (0, 1), (2, 1)])
def test_random_schedules_hold_step_by_step(first: int, plans: Plans) -> None:
    """Schedules of unequal sides, checked deviation by deviation; and the conditions say the same as the verifier."""
    random = np.random.default_rng(100 + first)
    found = 0
    for _ in range(40):
        benefit = random.uniform(1, 3, 2)
        swap = Swap(
            benefit, benefit * random.uniform(0.3, 0.9, 2), random.uniform(0.7, 1.0, 2), random.uniform(0, 0.3, 2),
            random.uniform(0.2, 0.9, 2), first=first, recall=random.choice([0.0, 0.2], 2) * random.uniform(0, 1, 2),
        )  # fmt: skip
        steps = int(random.integers(max(2, *plans), 6))
        made = find_schedule(swap, steps, plans, "largest")
        if made is not None:
            found += 1
            assert verify(swap, made) >= -NEAR
        shares = random.dirichlet(np.ones(steps), 2)
        guess = Schedule(shares, swap.bond, plans, act_credence(swap.belief, plans, steps))
        assert worst_breach(swap, guess) == pytest.approx(verify(swap, guess), abs=1e-9)
    assert found >= FOUND.get((first, plans), 0)


def test_smallest_bond_is_smallest() -> None:
    """A little less of both bonds, and the conditions contradict one another."""
    random = np.random.default_rng(5)
    for first, steps in product((-1, 0, 1), (1, 2, 4)):
        benefit = random.uniform(1, 3, 2)
        swap = Swap(benefit, benefit * random.uniform(0.4, 0.9, 2), random.uniform(0.8, 1, 2), first=first)
        made = smallest_bond(swap, steps)
        assert made is not None
        assert verify(replace(swap, bond=made.bond), made) >= -NEAR
        less = replace(swap, bond=made.bond * 0.98)
        assert find_schedule(less, steps) is None
        proof = prove_none(less, steps)
        assert proof is not None
        assert check_certificate(programme(less, steps), proof)


def test_a_limit_on_what_is_at_risk_is_kept() -> None:
    swap = replace(HANDBOOK, limit=np.array([0.09, np.inf]))
    made = fewest_steps(swap)
    assert made is not None
    assert made.shares.shape[1] >= 5
    assert find_schedule(replace(swap, limit=np.array([0.01, np.inf])), 5) is None
    assert exposure(swap, made.shares)[0].max() <= 0.09 + NEAR
    lost = [0.6 * made.shares[0, : k + 1].sum() - made.shares[1, :k].sum() for k in range(made.shares.shape[1])]
    assert max(lost) <= 0.09 + NEAR
    assert verify(swap, made) >= -NEAR


# ---- nothing works without a bond: proofs ---------------------------------------------------------------------------


@pytest.mark.parametrize("first", [-1, 0, 1])
@pytest.mark.parametrize("steps", [1, 3, 5, 10])
def test_without_a_bond_there_is_a_proof(first: int, steps: int) -> None:
    swap = replace(symmetric(1, 0.6, 0.9, 0), first=first)
    assert find_schedule(swap, steps) is None
    proof = prove_none(swap, steps)
    assert proof is not None
    made = programme(swap, steps)
    assert check_certificate(made, proof)
    combined = proof.weights @ made.rows + proof.pulls @ made.sums
    assert combined.min() >= -1e-9
    assert proof.weights @ made.limits + proof.pulls @ made.ones == pytest.approx(-proof.gap)


def test_certificates_are_not_given_where_a_schedule_exists_and_forged_ones_fail() -> None:
    assert prove_none(HANDBOOK, 5) is None
    made = programme(HANDBOOK, 5)
    forged = Certificate(np.ones(len(made.limits)), np.zeros(2), 1.0)
    assert not check_certificate(made, forged)
    negative = Certificate(-np.ones(len(made.limits)), np.zeros(2), 1.0)
    assert not check_certificate(made, negative)


# ---- a first step that tells ----------------------------------------------------------------------------------------


def test_a_first_step_that_tells_is_the_window_of_reassurance() -> None:
    """With pay-offs that add up and no discounting: weights from t T / (t T + |S|) to t R / ((1 - t) |S|)."""
    swap = symmetric(1.5, 0.5, 1.0, 0.0, belief=0.2)
    low, high = 0.2 * 1.5 / (0.2 * 1.5 + 0.5), 0.2 * 1.0 / (0.8 * 0.5)
    assert low < high
    least = find_schedule(swap, 2, (1, 1), "first")
    most = find_schedule(swap, 2, (1, 1), "soonest")
    assert least is not None
    assert most is not None
    assert least.shares[:, 0] == pytest.approx([low, low], abs=NEAR)
    assert most.shares[:, 0] == pytest.approx([high, high], abs=NEAR)
    assert least.credence == pytest.approx(np.array([[0.2, 1], [0.2, 1]]))


def test_the_schedule_of_small_steps_teaches_nothing() -> None:
    """The five tranches hold by the bond; a cheat complies at each, so belief in his type stays where it was."""
    found = fewest_steps(replace(HANDBOOK, belief=np.full(2, 0.3)))
    assert found is not None
    assert found.plans == (NEVER, NEVER)
    assert found.credence == pytest.approx(np.ones((2, 5)))
    assert exposure_cap(0.3, 1, 0.6, 0.9, 0.4 * (0.25 + 0.9 * 0.16 + 0.81 * 0.1)) == pytest.approx(0.171, abs=5e-4)
    assert found.shares[0, 1] > 0.171


# ---- what has been delivered may be taken back ----------------------------------------------------------------------


def test_a_leg_that_can_be_taken_back_needs_a_bond_of_what_that_regains() -> None:
    """However many steps: once all is done, only the bond keeps a side from taking its leg back."""
    swap = replace(symmetric(1, 0.6, 0.9, 0), recall=np.array([0.26, 0.0]))
    for steps in (1, 3, 8):
        made = smallest_bond(swap, steps)
        assert made is not None
        assert made.bond[0] == pytest.approx(max(0.26, 0.6 if steps == 1 else 0), abs=NEAR)
        assert verify(replace(swap, bond=made.bond), made) >= -NEAR
    free = smallest_bond(replace(swap, recall=np.zeros(2)), 8)
    assert free is not None
    assert free.bond.max() < 0.03
    assert verify(replace(swap, bond=free.bond), free) < -0.2  # the schedule for legs that are final is not kept


def test_who_keeps_its_word_must_gain_by_going_on_at_every_step() -> None:
    """A side whose partner may break at step 2 only: the first step alone must not be worth walking off from."""
    swap = Swap(np.array([2.0, 2.0]), np.array([1.0, 1.0]), np.full(2, 0.9), belief=np.array([0.5, 0.5]))
    rows, names = conditions(swap, 3, (NEVER, 2))
    assert [name for name in names if name.startswith("risk")] == ["risk 0 1", "risk 0 2", "risk 0 3"]
    shares = np.array([[0.1, 0.1, 0.8], [0.1, 0.8, 0.1]])
    row = rows[names.index("risk 0 3")] @ np.concatenate([shares.ravel(), np.zeros(2), [1.0]])
    assert row == pytest.approx(2 * 0.1 - 0.8)  # 0.8 given for 0.1: it would rather walk off


# ---- bonds that are all but nothing ---------------------------------------------------------------------------------


def test_a_bond_never_comes_out_as_nothing() -> None:
    """Cost a twelfth of the benefit: eight steps need 1e-8 of the cost, and that is not 0."""
    swap = symmetric(12.0, 1.0, 0.9, 0.0)
    largest = capacities(12.0, 1.0, 0.9, 1.0, 4)
    bond = least_bonds(swap, 4)
    assert bond is not None
    assert bond == pytest.approx([1 / largest.sum()] * 2, rel=1e-4)
    tiny = least_bonds(swap, 12)
    assert tiny is not None
    assert (tiny > 0).all()


def test_a_solver_that_gives_up_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failed:
        status, message = 4, "numerical difficulties"

    monkeypatch.setattr("backchannel.numerics.tranche_search.linprog", lambda *args, **more: Failed())
    with pytest.raises(NotSupportedError, match=r"gave up on a schedule \(numerical difficulties\)"):
        find_schedule(HANDBOOK, 3)


# ---- games ----------------------------------------------------------------------------------------------------------


def swap_game(shares: tuple[str, ...], bond: str = "3/50") -> Game:
    """Three simultaneous tranches between R and US with b = 1, c = 3/5, discount 9/10, as a tree."""
    from fractions import Fraction

    def node(k: int, total: Fraction) -> Node:
        if k == len(shares):
            return end(total, total)
        share, weight = Fraction(shares[k]), Fraction(9, 10) ** k
        gain, price, lost = weight * share, weight * share * Fraction(3, 5), weight * Fraction(bond)

        def second(first_complies: bool) -> Node:
            both = node(k + 1, total + gain - price) if first_complies else end(total + gain - lost, total - price)
            none = end(total - price, total + gain - lost) if first_complies else end(total - lost, total - lost)
            return decide("US", f"US{k}", {"implement": both, "cheat": none})

        return decide("R", f"R{k}", {"implement": second(True), "cheat": second(False)})

    return compile_game("Tranche swap", ("R", "US"), node(0, Fraction(0)))


@pytest.mark.parametrize(("shares", "holds"), [(("1/4", "4/25", "1/10"), True), (("27/100", "4/25", "1/10"), False)])
def test_three_tranches_as_a_game(shares: tuple[str, ...], holds: bool) -> None:
    """Recorded: (.25, .16, .10) is subgame perfect, (.27, .16, .10) is not (tranche_swap_3)."""
    game = swap_game(shares)
    profile = profile_of(game, {group.name: "implement" for group in game.information_sets})
    assert (float(np.max(subgame_regrets(game, profile))) <= 1e-12) is holds
    values = np.array([[float(eval(share)) for share in shares]] * 2)
    schedule = Schedule(values, HANDBOOK.bond, (NEVER, NEVER), np.ones((2, 3)))
    assert (worst_breach(HANDBOOK, schedule) >= -1e-12) is holds


# ---- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"discount": np.array([0.0, 1.0])}, "discount factors lie above 0"),
        ({"bond": np.array([-1.0, 0.0])}, "bonds and what can be taken back are 0 or more"),
        ({"first": 2}, "who moves first is 0, 1 or -1"),
        ({"cost": np.ones(3)}, "cost needs one value a side"),
    ],
)
def test_what_a_swap_refuses(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(HANDBOOK, **change)  # type: ignore[arg-type]
