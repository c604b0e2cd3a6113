"""Validation of package problems, and exact sums."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel.numerics.package_problem import Factor, PackageProblem, Rule


def problem(**changes: object) -> PackageProblem:
    parts: dict[str, object] = {
        "parties": ("A", "B"),
        "issues": ("x", "y"),
        "levels": (("no", "yes"), ("low", "mid", "high")),
        "factors": (Factor((0,), np.zeros((2, 2))), Factor((1, 0), np.zeros((2, 3, 2)))),
        "rules": (Rule((1,), np.ones(3, dtype=np.bool_)),),
        "no_deal": np.zeros(2),
    }
    return PackageProblem(**(parts | changes))  # type: ignore[arg-type]


def test_size_and_shape() -> None:
    assert problem().shape == (2, 3)
    assert problem().size == 6


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"parties": ()}, "0 parties, expected 1 to 8"),
        ({"parties": ("A", "A")}, 'parties repeat the name "A"'),
        ({"issues": ("x",)}, "1 issues but levels of 2"),
        ({"levels": (("no", "no"), ("a",))}, 'levels of "x" repeat the name "no"'),
        ({"levels": ((), ("a",))}, '"x" has 0 levels'),
        ({"factors": (Factor((0, 0), np.zeros((2, 2, 2))),)}, r"factor 0 is on issues \[0, 0\]"),
        ({"factors": (Factor((5,), np.zeros((2, 2))),)}, r"expected different places from 0 to 1"),
        ({"factors": (Factor((1,), np.zeros((2, 2))),)}, r"factor 0 has shape \(2, 2\), expected \(2, 3\)"),
        ({"factors": (Factor((0,), np.full((2, 2), np.inf)),)}, "use a rule to forbid"),
        ({"rules": (Rule((0,), np.ones(3, dtype=np.bool_)),)}, r"rule 0 has shape \(3,\), expected \(2,\)"),
        ({"no_deal": np.zeros(3)}, "expected 2 finite numbers"),
        ({"no_deal": np.array([0.0, np.nan])}, "expected 2 finite numbers"),
    ],
)
def test_faults_are_named(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        problem(**changes)


def test_gains_take_any_leading_axes_and_check_levels() -> None:
    table = np.array([[[0.1, 0.2]], [[3.0, 4.0]]]).transpose(0, 2, 1) * np.ones((2, 2, 3))
    made = problem(factors=(Factor((0, 1), table),), no_deal=np.array([0.3, -1.0]))
    levels = np.array([[[0, 0], [1, 2]]])
    assert made.gains(levels).tolist() == [[[-0.2, 4.0], [-0.1, 5.0]]]
    assert made.gains([1, 1]).tolist() == [-0.1, 5.0]
    with pytest.raises(ValueError, match=r"expected whole numbers \(..., 2\)"):
        made.gains([0.0, 1.0])
    with pytest.raises(ValueError, match=r"outside its issue; the issues have \[2, 3\] levels"):
        made.gains([0, 3])


def test_allowed_by_every_rule() -> None:
    first = Rule((1,), np.array([True, False, True]))
    second = Rule((1, 0), np.array([[True, True], [True, True], [True, False]]))
    made = problem(rules=(first, second))
    assert made.allowed([[0, 0], [0, 1], [1, 2], [0, 2]]).tolist() == [True, False, False, True]


def test_decimal_sums_are_exact_and_thirds_tie() -> None:
    """0.1 + 0.2 is 0.3, in any order, and three thirds of 0.7 are 0.7."""
    tenths = problem(factors=(Factor((0,), np.array([[0.1, 0.2]] * 2)), Factor((1,), np.array([[0.2, 0.1, 0]] * 2))))
    assert tenths.grid.step == 1
    assert tenths.gains([0, 0]).tolist() == tenths.gains([1, 1]).tolist() == [0.3, 0.3]
    third = 0.7 / 3
    thirds = problem(
        factors=(Factor((0,), np.full((2, 2), third)), Factor((1,), np.full((2, 3), 2 * third))),
        no_deal=np.array([0.7, 0.7 - 1e-9]),
    )
    assert thirds.grid.step > 1
    assert thirds.gains([0, 0]).tolist() == [0.0, 1e-9]


def test_units_do_not_matter() -> None:
    """Parties with utilities of any size keep their digits."""
    table = np.array([[1e-30, 2e-30], [1e30, 2e30]])
    made = problem(factors=(Factor((0,), table),))
    assert made.gains([1, 0]) == pytest.approx([2e-30, 2e30], rel=1e-9)
