"""Outputs and all gradients are PyTorch's, over drawn shapes where torch is installed and from stored numbers anywhere."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from simulations.core.errors import ShapeError
from simulations.core.rng import stream
from simulations.nn.gradient_check import relative_error
from simulations.nn.layers.base import LAYERS
from tests.oracles.layers.cases import CASES, DRAWN, name
from tests.oracles.layers.reference import REFERENCES, own, theirs

TOLERANCE = 1e-10
ROUNDING = 1e-11  # inputs and output gradients are of size 1
GOLDEN = Path(__file__).parents[1] / "golden" / "layers.json"
RANDOM = {"dropout", "spatial_dropout", "gaussian_noise"}  # proven by their statistics and their own mask


def assert_equal(ours, expected):
    assert ours.keys() == expected.keys()
    for what, value in ours.items():
        assert value.shape == expected[what].shape, what
        if not value.any():  # a gradient that is 0 (of a single value, normalised): torch leaves rounding, times 1/√ε
            assert np.abs(expected[what]).max(initial=0) <= ROUNDING, what
        else:
            assert relative_error(value, expected[what]) <= TOLERANCE, what


@pytest.mark.oracle
@pytest.mark.parametrize("kind", DRAWN)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_a_layer_equals_torch_whatever_the_shape(kind, data):
    torch = pytest.importorskip("torch")
    layers, shapes = DRAWN[kind]
    layer, shape, n = data.draw(layers), data.draw(shapes), data.draw(st.integers(1, 4))
    try:
        layer.output_shape(shape)
    except ShapeError:
        assume(False)
    assert_equal(own(layer, shape, n), theirs(torch, layer, shape, n))


@pytest.mark.oracle
@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_case_equals_torch(case):
    torch = pytest.importorskip("torch")
    assert_equal(own(*case, n=3), theirs(torch, *case, n=3))


@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_case_equals_the_stored_numbers_of_torch(case):
    stored = json.loads(GOLDEN.read_text("utf-8"))[name(case)]
    ours = own(*case, n=3)
    assert ours.keys() == stored.keys()
    for what, value in ours.items():
        shape, expected = stored[what]
        assert list(value.shape) == shape, what
        weights = stream(1, what).standard_normal(value.size)
        assert abs(weights @ value.ravel() - expected) <= TOLERANCE * max(1.0, np.abs(weights * value.ravel()).sum())


def test_every_layer_is_compared():
    assert set(REFERENCES) | RANDOM == set(LAYERS.kinds())
    assert {layer.kind for layer, _ in CASES} == set(REFERENCES) == set(DRAWN)
