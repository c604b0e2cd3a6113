"""Dominance against the definition, by both engines."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backchannel.numerics import engines, pareto
from backchannel.numerics.random_streams import stream


@pytest.fixture(params=["numpy", "numba"])
def kernels(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "numba" and not engines.numba_installed():
        pytest.skip("Numba is not installed")
    previous = engines.engine(request.param)
    yield request.param
    engines.engine(previous)


def survivors(points: np.ndarray, step: int) -> np.ndarray:
    beaten = [any((q >= p).all() and (q >= p + step).any() for q in points) for p in points]
    return ~np.array(beaten, dtype=np.bool_)


@pytest.mark.parametrize("columns", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("step", [1, 3])
@pytest.mark.parametrize("keyed", [False, True])
def test_prune_is_the_definition_key_by_key(kernels: str, columns: int, step: int, keyed: bool) -> None:
    rng = stream(columns, f"pareto {step} {keyed}")
    for size, values in ((1, 3), (30, 3), (150, 8), (150, 40)):
        points = rng.integers(0, values, (size, columns))
        keys = rng.integers(0, 3, size) if keyed else np.zeros(size, dtype=np.int64)
        pruned = pareto.prune(points, keys if keyed else None, step)
        for key in range(3):
            mine = keys == key
            assert ((pruned.place >= 0)[mine] == survivors(points[mine], step)).all()
        kept = pruned.place >= 0
        assert (points[pruned.rows[pruned.place[kept]]] == points[kept]).all()
        assert (keys[pruned.rows[pruned.place[kept]]] == keys[kept]).all()
        assert len(np.unique(np.column_stack([keys, points])[pruned.rows], axis=0)) == len(pruned.rows)


@pytest.mark.parametrize("columns", [2, 3, 4])
def test_the_prefilter_changes_nothing(kernels: str, columns: int) -> None:
    points = stream(columns, "prefilter").integers(0, 200, (5000, columns))
    kept = pareto.non_dominated(points)
    assert 0 < kept.sum() < 500
    top = points[kept]
    for point, keep in zip(points, kept, strict=True):
        assert keep != ((top >= point).all(axis=1) & (top > point).any(axis=1)).any()


@given(arrays(np.int64, st.tuples(st.integers(1, 25), st.integers(1, 4)), elements=st.integers(-4, 4)))
def test_ties_are_kept_and_rounding_noise_is_not(points: np.ndarray) -> None:
    expected = survivors(points, 1)
    assert (pareto.non_dominated(points) == expected).all()
    noise = 1e-15 * (np.arange(points.size) % 3 - 1).reshape(points.shape)
    assert (pareto.non_dominated(1 + points / 7 + noise) == expected).all()
    assert (pareto.non_dominated(np.concatenate([points, points])) == np.tile(expected, 2)).all()


def test_nothing_and_nonsense() -> None:
    assert pareto.non_dominated(np.zeros((0, 2))).shape == (0,)
    with pytest.raises(ValueError, match=r"shape \(3,\), expected \(points, columns\)"):
        pareto.non_dominated([1, 2, 3])
    with pytest.raises(ValueError, match="finite"):
        pareto.non_dominated([[np.nan, 1]])
