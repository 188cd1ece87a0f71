"""Special functions equal the standard library's and PyTorch's."""

import math

import numpy as np
import pytest

from simulations.core.numerics import Erf, flush_subnormals, gate, round_off, sigmoid

POINTS = np.concatenate([np.linspace(-9, 9, 20_001), np.logspace(-300, 0, 300), -np.logspace(-300, 0, 300)])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_erf_is_within_four_units_in_the_last_place(dtype):
    x = POINTS.astype(dtype)
    y = Erf(x)(x, np.zeros_like(x))
    assert y.dtype == dtype
    true = np.array([math.erf(value) for value in x.tolist()])
    assert (np.abs(y - true) <= 4 * np.finfo(dtype).eps * np.abs(true) + np.finfo(dtype).tiny).all()


def test_erf_of_the_extremes():
    x = np.array([np.inf, -np.inf, 1e300, -1e300, 0.0, -0.0, np.nan])
    y = Erf(x)(x, np.zeros_like(x))
    np.testing.assert_array_equal(y, [1, -1, 1, -1, 0, -0.0, np.nan])
    assert np.signbit(y[5])


@pytest.mark.oracle
def test_erf_is_torchs():
    torch = pytest.importorskip("torch")
    y = Erf(POINTS)(POINTS, np.zeros_like(POINTS))
    np.testing.assert_allclose(y, torch.erf(torch.tensor(POINTS)).numpy(), rtol=1e-14, atol=0)


@pytest.mark.parametrize(("dtype", "least"), [(np.float32, -87), (np.float64, -708)])
def test_sigmoid_is_right_to_the_last_places_also_where_it_is_tiny(dtype, least):
    x = np.linspace(least, 40, 50_001).astype(dtype)
    exact = np.exp(-np.logaddexp(0, -x.astype(np.longdouble)))
    assert (np.abs(sigmoid(x, np.zeros_like(x)) - exact) <= 3 * np.spacing(exact.astype(dtype))).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_neither_overflows_nor_loses_its_ends(dtype):
    x = np.array([-np.inf, -1e4, 0, 1e4, np.inf, np.nan], dtype)
    y = sigmoid(x, np.zeros_like(x))
    np.testing.assert_array_equal(y[2:], [0.5, 1, 1, np.nan])
    assert (np.finfo(dtype).tiny <= y[:2]).all()
    assert (y[:2] < 4 * np.finfo(dtype).tiny).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gate_is_the_sigmoid_to_the_precision_of_one(dtype):
    x = np.concatenate([np.linspace(-50, 50, 10_001), [-1e4, 1e4]]).astype(dtype)
    out = np.zeros_like(x)
    assert np.abs(gate(x, out) - sigmoid(x, np.zeros_like(x))).max() <= np.finfo(dtype).eps


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_only_what_is_too_small_for_full_precision_is_flushed(dtype):
    tiny = np.finfo(dtype).tiny
    kept = [np.nan, np.inf, -np.inf, tiny, -tiny, 1.0, 0.0]
    values = np.array([*kept, tiny / 2, -tiny / 2, np.finfo(dtype).smallest_subnormal], dtype)
    flush_subnormals(values)
    np.testing.assert_array_equal(values, [*kept, 0, 0, 0])


@pytest.mark.parametrize(("dtype", "grain", "exact"), [(np.float32, 2e-31, 6e-17), (np.float64, 4e-301, 3e-269)])
def test_rounding_off_makes_the_negligible_zero_and_leaves_the_rest(dtype, grain, exact):
    rng = np.random.default_rng(0)
    sizes = np.concatenate([np.logspace(np.log10(exact), 30, 2_000), [np.inf, np.nan]])
    kept = (sizes * rng.choice([-1, 1], len(sizes))).astype(dtype)
    negligible = np.array([grain / 9, -grain / 9, np.finfo(dtype).smallest_subnormal, 0], dtype)
    between = (np.logspace(np.log10(grain), np.log10(exact), 2_000) * rng.choice([-1, 1], 2_000)).astype(dtype)
    values = np.concatenate([kept, negligible, between])
    round_off(values)
    np.testing.assert_array_equal(values[: len(kept)], kept)
    assert not values[len(kept) :][: len(negligible)].any()
    error = np.abs(values[-2_000:] - between)
    assert (error <= np.maximum(grain / 1.9, np.abs(between) * np.finfo(dtype).eps)).all()
