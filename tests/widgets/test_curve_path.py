"""A thinned line shows what the full one would."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.plots.thinning import thinned


def columns_of(x: np.ndarray, columns: int) -> np.ndarray:
    return np.floor(x * (columns / 100.0))


@settings(max_examples=30)
@given(st.integers(0, 2**31), st.integers(1, 40))
def test_every_column_keeps_its_extremes_and_its_first_point(seed: int, columns: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = np.sort(rng.uniform(0, 100, 500)), rng.normal(size=500)
    kept_x, kept_y = thinned(x, y, 0.0, 100.0, columns)
    assert set(zip(kept_x, kept_y, strict=True)) <= set(zip(x, y, strict=True))
    assert (kept_x[0], kept_x[-1]) == (x[0], x[-1])
    before, after = columns_of(x, columns), columns_of(kept_x, columns)
    for column in np.unique(before):
        assert kept_y[after == column].min() == y[before == column].min()
        assert kept_y[after == column].max() == y[before == column].max()
    assert len(kept_x) <= 3 * columns + 2


def test_a_plateau_is_a_few_points_and_a_short_line_stays_whole() -> None:
    x = np.linspace(0, 100, 1000)
    assert len(thinned(x, np.ones(1000), 0.0, 100.0, 20)[0]) <= 42
    np.testing.assert_array_equal(thinned(x, x, 0.0, 100.0, 500)[0], x)


def test_only_what_is_in_sight_is_kept_and_one_point_on_either_side() -> None:
    x = np.arange(100.0)
    np.testing.assert_array_equal(thinned(x, x, 9.5, 20.5, 400)[0], np.arange(9.0, 22.0))


def test_gaps_stay_gaps() -> None:
    x, y = np.linspace(0, 100, 1000), np.ones(1000)
    y[500] = np.nan
    assert np.isnan(thinned(x, y, 0.0, 100.0, 20)[1]).sum() == 1
