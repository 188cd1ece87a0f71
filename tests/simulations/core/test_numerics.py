"""Special functions equal the standard library's and PyTorch's."""

import math

import numpy as np
import pytest

from simulations.core.numerics import Erf, sigmoid

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


def test_sigmoid_neither_overflows_nor_loses_its_ends():
    x = np.array([-1e4, -30.0, 0.0, 30.0, 1e4])
    np.testing.assert_allclose(sigmoid(x, np.zeros_like(x)), [0, 1 / (1 + math.e**30), 0.5, 1, 1], atol=1e-15)
