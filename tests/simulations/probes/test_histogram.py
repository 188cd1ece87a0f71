"""Every value is counted once and where ``numpy.histogram`` would count it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulations.probes.histogram import Bins, histogram, inverse_symlog, symlog
from simulations.probes.histograms import histograms

BINS = st.builds(
    Bins,
    low=st.sampled_from([-2.0, -1.0, -0.1, 0.0, 0.3]),
    high=st.sampled_from([0.7, 1.0, 5.0]),
    scale=st.sampled_from(["linear", "symlog"]),
    linear_within=st.sampled_from([1e-3, 0.1]),
    count=st.sampled_from([1, 7, 40]),
)
VALUES = arrays(
    np.float32,
    st.integers(0, 60),
    elements=st.one_of(
        st.floats(width=32),
        st.floats(-2, 2, width=32),
        st.sampled_from([0.0, -0.0, 1.0, -1.0, np.float32(0.7), np.float32(0.1), math.nan, math.inf, -math.inf]),
    ),
)


@given(values=VALUES, bins=BINS)
@settings(deadline=None, max_examples=300)
def test_every_value_is_counted_exactly_once(values, bins):
    found = histogram(values, bins)
    parts = found.zeros + found.under + found.over + found.nan + found.plus_inf + found.minus_inf
    assert int(found.counts.sum()) + parts == found.total == values.size
    assert (found.counts >= 0).all()
    assert min(found.under, found.over) >= 0


@given(values=VALUES, bins=BINS)
@settings(deadline=None, max_examples=300)
def test_counts_equal_numpy_on_the_same_edges(values, bins):
    found = histogram(values, bins)
    kept = values[np.isfinite(values) & (values != 0)].astype(np.float64)
    np.testing.assert_array_equal(found.counts, np.histogram(kept, found.edges)[0])
    nonzero_under = int(np.count_nonzero(kept < found.edges[0]))
    assert found.under == nonzero_under


@pytest.mark.parametrize("scale", ["linear", "symlog"])
def test_a_million_values_equal_numpy(scale):
    values = np.random.default_rng(0).normal(size=1_000_000).astype(np.float32)
    found = histogram(values, Bins(-3.0, 3.0, scale, 0.01))
    np.testing.assert_array_equal(found.counts, np.histogram(values.astype(np.float64), found.edges)[0])


@pytest.mark.parametrize("scale", ["linear", "symlog"])
def test_values_that_lie_on_the_edges_fall_into_the_bin_above(scale):
    bins = Bins(-1.0, 1.0, scale, 0.25, 8)
    values = np.repeat(bins.edges(), 5)
    found = histogram(values, bins)
    np.testing.assert_array_equal(found.counts, np.histogram(values[values != 0], found.edges)[0])
    assert found.zeros == 5


def test_moments_are_over_the_finite_values_and_survive_huge_ones():
    values = np.array([1e30, -1e30, math.nan, math.inf], np.float32)
    found = histogram(values, Bins(-1.0, 1.0))
    assert (found.nan, found.plus_inf, found.minus_inf, found.under, found.over) == (1, 1, 0, 1, 1)
    assert found.mean == 0
    assert found.sd == pytest.approx(1e30, rel=1e-6)


def test_nothing_finite_has_no_moments():
    found = histogram(np.full(3, np.nan, np.float32), Bins(-1.0, 1.0))
    assert math.isnan(found.mean)
    assert math.isnan(found.maximum)
    assert found.nan == 3


def test_symlog_and_its_inverse_undo_each_other():
    values = np.array([-1e3, -0.5, -1e-4, 0.0, 1e-4, 0.5, 1e3])
    np.testing.assert_allclose(inverse_symlog(symlog(values, 1e-3), 1e-3), values, rtol=1e-12)


@given(cells=st.lists(st.tuples(VALUES, BINS), max_size=6))
@settings(deadline=None, max_examples=200)
def test_cells_counted_together_are_counted_as_if_alone(cells):
    together = histograms([values for values, _ in cells], [bins for _, bins in cells], [0] * len(cells))
    for (values, bins), found in zip(cells, together, strict=True):
        alone = histogram(values, bins)
        np.testing.assert_array_equal(found.counts, alone.counts)
        for name in ("zeros", "under", "over", "nan", "plus_inf", "minus_inf", "total", "population"):
            assert getattr(found, name) == getattr(alone, name), name
        rounding = 1e-5 * max(abs(alone.minimum), abs(alone.maximum), 1e-30)  # the single one sums in float32
        for name in ("mean", "sd", "minimum", "maximum"):
            np.testing.assert_allclose(getattr(found, name), getattr(alone, name), rtol=1e-4, atol=rounding)
