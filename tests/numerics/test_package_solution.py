"""Package problems by all three routes, against the definitions and one another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from backchannel.errors import CancelledError, TooLargeError
from backchannel.numerics import engines, package_solution
from backchannel.numerics.package_elimination import eliminate
from backchannel.numerics.package_enumeration import enumerate_packages
from backchannel.numerics.package_order import linked_order
from backchannel.numerics.package_problem import Factor, PackageProblem, Rule
from backchannel.numerics.package_program import program
from backchannel.numerics.package_solution import SOLUTIONS, PackageSolution, solve
from package_problems import additive, from_definitions, linked, named, random_problem

GROUP = 100


def assert_same(one: PackageSolution, two: PackageSolution) -> None:
    """Everything both routes know is the same, to the byte."""
    assert one.size == two.size
    assert one.allowed == two.allowed
    assert two.acceptable in (None, one.acceptable)
    assert two.gaining in (None, one.gaining)
    assert one.ideal.tolist() == two.ideal.tolist()
    assert one.front_levels.tolist() == two.front_levels.tolist()
    assert one.front_gains.tolist() == two.front_gains.tolist()
    assert one.front_size == two.front_size
    assert one.side_payment == two.side_payment
    assert (one.nearest is None) == (two.nearest is None)
    nearest = [(one.nearest, two.nearest)] if one.nearest and two.nearest else []
    for mine, other in (*zip(one.winners, two.winners, strict=True), *nearest):
        assert mine.levels.tolist() == other.levels.tolist()
        assert mine.gains.tolist() == other.gains.tolist()
        assert (mine.value, mine.complete) == (other.value, other.complete)


@pytest.mark.parametrize("group", range(10))
def test_elimination_is_enumeration_on_a_thousand_problems(group: int) -> None:
    empty = 0
    for seed in range(GROUP * group, GROUP * (group + 1)):
        problem = random_problem(seed)
        listed = solve(problem, route="enumeration")
        assert_same(listed, solve(problem, route="elimination"))
        empty += not listed.winners
    assert 0 < empty < GROUP


@pytest.mark.parametrize("seed", [seed for seed in range(45) if random_problem(seed).size <= 600])
def test_enumeration_is_the_definitions(seed: int) -> None:
    problem = random_problem(seed)
    known, found = from_definitions(problem), solve(problem, route="enumeration")
    assert (found.allowed, found.acceptable, found.gaining) == (known.allowed, known.acceptable, known.gaining)
    assert [tuple(row) for row in found.front_levels.tolist()] == list(known.front)
    for name, winners in zip(SOLUTIONS, found.winners, strict=False):
        assert [tuple(row) for row in winners.levels.tolist()] == list(getattr(known, name)), name
    assert bool(known.front) == bool(found.winners)
    if found.nearest is not None:
        assert [tuple(row) for row in found.nearest.levels.tolist()] == list(known.nearest)
    if known.side_payment is None:
        assert found.side_payment is None
    else:
        assert found.side_payment == pytest.approx(float(known.side_payment), abs=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_program_is_enumeration_within_its_tolerance(seed: int) -> None:
    problem = random_problem(seed)
    weights = np.arange(1, len(problem.parties) + 1)
    listed, found = solve(problem, weights, "enumeration"), solve(problem, weights, "program")
    assert len(listed.winners) == len(found.winners)
    for exact, one in zip(listed.winners, found.winners, strict=True):
        assert one.value == pytest.approx(exact.value, abs=1e-6)
        assert one.bound >= exact.value - 1e-6
        assert one.levels[0].tolist() in exact.levels.tolist()
    assert (listed.nearest is None) == (found.nearest is None)
    if listed.nearest is not None and found.nearest is not None:
        assert found.nearest.value == pytest.approx(listed.nearest.value, abs=1e-6)
        assert found.nearest.bound <= listed.nearest.value + 1e-6
    assert found.side_payment == (None if listed.side_payment is None else pytest.approx(listed.side_payment, abs=1e-6))


@pytest.mark.parametrize("parties", [2, 3, 4])
@pytest.mark.parametrize("links", [0, 6])
def test_routes_agree_at_a_hundred_thousand_packages(parties: int, links: int) -> None:
    """Large enough for blocks with a prefix, and for the pivots; ``links`` cross from prefix to block."""
    problem = linked(11, 3, parties, links, seed=parties)
    listed, pruned = solve(problem, route="enumeration"), solve(problem, route="elimination")
    assert listed.size == 3**11
    assert_same(listed, pruned)
    nash = solve(problem, route="program").nash
    assert nash is not None
    assert listed.nash is not None
    assert nash.value == pytest.approx(listed.nash.value, abs=1e-6)
    assert nash.bound >= listed.nash.value - 1e-9


@pytest.fixture(params=["numpy", "numba"])
def kernels(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "numba" and not engines.numba_installed():
        pytest.skip("Numba is not installed")
    previous = engines.engine(request.param)
    yield request.param
    engines.engine(previous)


@pytest.mark.parametrize("parties", [2, 3, 4])
def test_engines_agree(kernels: str, parties: int) -> None:
    problem = linked(9, 3, parties, 4, seed=7)
    assert_same(solve(problem, route="enumeration"), solve(problem, route="elimination"))


def test_at_size() -> None:
    """1e20 packages; every front package passes the test no enumeration could make: no single change improves it."""
    found = solve(additive(20, 10, 2))
    assert found.route == "elimination"
    assert found.size == 10**20
    assert found.acceptable is None
    assert found.front_size == len(found.front_levels) > 100
    problem = additive(20, 10, 2)
    for levels, gains in zip(found.front_levels[::20], found.front_gains[::20], strict=True):
        for issue in range(20):
            changed = np.tile(levels, (10, 1))
            changed[:, issue] = range(10)
            other = problem.gains(changed)
            assert not ((other >= gains).all(axis=1) & (other > gains).any(axis=1)).any()


def test_elimination_and_program_agree_at_1e12_with_links() -> None:
    problem = linked(40, 2, 2, 40)
    pruned, solved = solve(problem), solve(problem, route="program")
    assert pruned.route == "elimination"
    assert pruned.size == 2**40
    for exact, one in zip(pruned.winners, solved.winners, strict=True):
        assert one.value == pytest.approx(exact.value, abs=1e-6)
        assert one.bound >= exact.value - 1e-9


def scores(*tables: list[list[float]], no_deal: tuple[float, ...]) -> PackageProblem:
    """One table an issue: parties, levels."""
    factors = tuple(Factor((issue,), np.array(table)) for issue, table in enumerate(tables))
    return named(tuple(len(table[0]) for table in tables), factors, (), np.array(no_deal))


@pytest.mark.parametrize("route", ["enumeration", "elimination", "program"])
def test_an_empty_zone_says_how_far_apart(route: str) -> None:
    """Gains (-3, 2), (1, -2), (-1, -1): the last two are nearest, short by 2; all sums are below 0."""
    found = solve(scores([[-3, 1, -1], [2, -2, -1]], no_deal=(0, 0)), route=route)  # type: ignore[arg-type]
    assert (found.winners, found.nash, found.front_size, found.acceptable) == ((), None, 0, 0)
    assert found.nearest is not None
    nearest = found.nearest.levels[:, 0].tolist()
    assert nearest in ([1], [2]) if route == "program" else nearest == [1, 2]
    assert found.nearest.value == pytest.approx(2, abs=1e-6)
    assert found.side_payment is None


@pytest.mark.parametrize("route", ["enumeration", "elimination", "program"])
def test_a_side_payment_can_open_an_empty_zone(route: str) -> None:
    """(-2, 1) is nearest, but only (5, -4) leaves something to pay with."""
    found = solve(scores([[5, -2], [-4, 1]], no_deal=(0, 0)), route=route)  # type: ignore[arg-type]
    assert found.nearest is not None
    assert found.nearest.levels.tolist() == [[1]]
    assert found.nearest.value == pytest.approx(2, abs=1e-6)
    assert found.side_payment == pytest.approx(4, abs=1e-6)


@pytest.mark.parametrize("route", ["enumeration", "elimination", "program"])
def test_rules_that_allow_nothing(route: str) -> None:
    never = Rule((0,), np.zeros(2, dtype=np.bool_))
    problem = named((2, 3), (Factor((0,), np.ones((2, 2))),), (never,), np.zeros(2))
    found = solve(problem, route=route)  # type: ignore[arg-type]
    assert (found.nearest, found.side_payment, found.winners) == (None, None, ())
    assert found.allowed in (0, None)


@pytest.mark.parametrize("route", ["enumeration", "elimination", "program"])
def test_no_gain_at_all_is_still_acceptable(route: str) -> None:
    """Exactly no deal for everybody: weakly acceptable, nobody gains."""
    found = solve(scores([[0.1 + 0.2], [0.3]], no_deal=(0.3, 0.3)), route=route)  # type: ignore[arg-type]
    assert found.nash is not None
    assert found.nash.gains.tolist() == [[0.0, 0.0]]
    assert found.gaining in (0, None)


@pytest.mark.parametrize("route", ["enumeration", "elimination", "program"])
def test_weights_move_the_nash_package(route: str) -> None:
    problem = scores([[4, 3, 1], [1, 2, 4]], no_deal=(0, 0))
    for weights, level in ((None, 1), ((9, 1), 0), ((1, 9), 2)):
        nash = solve(problem, weights, route).nash  # type: ignore[arg-type]
        assert nash is not None
        assert nash.levels.tolist() == [[level]]


def test_ties_are_all_listed_up_to_the_cap() -> None:
    """Twenty issues of two levels worth the same to everybody: 2^20 packages with one vector of gains."""
    same = scores(*[[[1, 1], [1, 1]]] * 20, no_deal=(0, 0))
    found = solve(same, route="elimination")
    assert found.front_size == 2**20
    assert (len(found.front_levels), found.front_complete) == (1, False)
    assert found.nash is not None
    assert (len(found.nash.levels), found.nash.complete) == (10_000, False)
    assert len(np.unique(found.nash.levels, axis=0)) == 10_000
    few = solve(scores(*[[[1, 1], [1, 1]]] * 10, no_deal=(0, 0)), route="elimination")
    assert few.front_complete
    assert len(few.front_levels) == few.acceptable == few.gaining == 1024


def test_counts_of_few_digits_are_exact_at_any_size() -> None:
    """Forty issues worth 0 or 1 to one party and 1 or 0 to the other, no deal 19.5: 20 each or 19 and 21 fail."""
    found = solve(scores(*[[[0, 1], [1, 0]]] * 40, no_deal=(19.5, 19.5)))
    assert found.route == "elimination"
    assert found.acceptable == found.gaining == 137_846_528_820  # 40 choose 20
    weakly = solve(scores(*[[[0, 1], [1, 0]]] * 40, no_deal=(20, 20)))
    assert (weakly.acceptable, weakly.gaining) == (137_846_528_820, 0)


def test_allowed_packages_are_counted_at_any_size() -> None:
    """Sixty yes-or-no issues in a row, no two neighbours both yes: the Fibonacci number F(62)."""
    pair = np.array([[True, True], [True, False]])
    factors = tuple(Factor((k,), np.array([[0.0, 1.0]])) for k in range(60))
    problem = named((2,) * 60, factors, tuple(Rule((k, k + 1), pair) for k in range(59)), np.zeros(1))
    found = solve(problem)
    assert found.allowed == 4_052_739_537_881
    assert found.ideal.tolist() == [30.0]
    assert found.front_size == 31


def test_a_front_too_large_is_refused_by_name_and_auto_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = additive(9, 8, 3)
    with pytest.raises(TooLargeError, match=r'partial packages after "issue \d", over the limit of 50; choose the rou'):
        eliminate(problem, limit=50)
    monkeypatch.setattr(package_solution, "ENUMERATED", 10)
    monkeypatch.setattr("backchannel.numerics.package_elimination.MAXIMUM_POINTS", 50)
    assert solve(problem).route == "program"
    with pytest.raises(TooLargeError, match="over the limit of 50"):
        solve(problem, route="elimination")


def test_other_limits_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLargeError, match=r'1e[+]10 packages are too many to list.*choose the route "elimination"'):
        enumerate_packages(additive(10, 10, 2))
    monkeypatch.setattr("backchannel.numerics.package_order.MAXIMUM_STATES", 8)
    with pytest.raises(TooLargeError, match=r'settling "issue \d" takes \d+ states'):
        solve(random_problem_with_links(), route="elimination")
    monkeypatch.setattr("backchannel.numerics.package_model.MAXIMUM_CELLS", 8)
    with pytest.raises(TooLargeError, match="combinations; the limit is 8"):
        program(random_problem_with_links())


def random_problem_with_links() -> PackageProblem:
    factor = Factor((0, 1, 2), np.arange(54.0).reshape(2, 3, 3, 3))
    return named((3, 3, 3), (factor,), (), np.zeros(2))


def test_progress_can_stop_it() -> None:
    def stop(done: int, total: int) -> None:
        raise CancelledError("stopped")

    for route in ("enumeration", "elimination"):
        with pytest.raises(CancelledError, match="stopped"):
            solve(additive(4, 4, 2), route=route, progress=stop)  # type: ignore[arg-type]


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="'enumeration', 'elimination' or 'program', got 'guess'"):
        solve(additive(2, 2, 2), route="guess")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="expected 2 positive numbers"):
        solve(additive(2, 2, 2), weights=(1, 0))


def test_linked_issues_come_first_and_together() -> None:
    order = linked_order((2,) * 7, [(0,), (1, 5), (5, 3), (2, 6)])
    places = {issue: place for place, issue in enumerate(order)}
    assert sorted(order) == list(range(7))
    assert {places[k] for k in (0, 4)} == {5, 6}
    assert sorted(places[k] for k in (1, 3, 5)) in ([0, 1, 2], [2, 3, 4])
    assert abs(places[2] - places[6]) == 1
