"""Layers and losses give PyTorch's numbers: side by side where torch is installed, from stored numbers everywhere."""

import json
from pathlib import Path

import numpy as np
import pytest

from simulations import families
from simulations.core.rng import stream
from simulations.nn.gradient_check import relative_error
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from simulations.nn.losses.squared_error import SquaredError
from tests.oracles.layers.cases import DRAWN as COMPARED_OVER_DRAWN_SHAPES
from tests.oracles.nn.cases import CASES, own_result
from tests.oracles.nn.losses import loss_inputs, own_loss, torch_loss
from tests.oracles.nn.torch_side import torch_result

families.load()
TOLERANCE = 1e-10
GOLDEN = Path(__file__).parents[1] / "golden" / "nn.json"
WITHOUT_COUNTERPART = {"dropout", "spatial_dropout", "gaussian_noise"}  # random: tested by their statistics


@pytest.fixture(scope="module")
def golden():
    return json.loads(GOLDEN.read_text())


def by_name(case):
    return case.name


@pytest.mark.oracle
@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_layer_equals_pytorch(case):
    torch = pytest.importorskip("torch")
    expected = torch_result(torch, case)
    for name, value in own_result(case).items():
        assert relative_error(value, expected[name]) <= TOLERANCE, name


@pytest.mark.parametrize("case", CASES, ids=by_name)
def test_layer_equals_the_stored_numbers_of_pytorch(case, golden):
    for name, value in own_result(case).items():
        shape, expected = golden[f"{case.name}/{name}"]
        assert list(value.shape) == shape
        probe = stream(1, case.name).standard_normal(value.size)
        assert abs(probe @ value.ravel() - expected) <= TOLERANCE * np.abs(probe * value.ravel()).sum()


@pytest.mark.oracle
@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), SquaredError()])
@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_loss_equals_pytorch(loss, scale):
    torch = pytest.importorskip("torch")
    outputs, targets = loss_inputs(scale)
    value, gradient = own_loss(loss, outputs, targets)
    expected_value, expected_gradient = torch_loss(torch, loss.kind, outputs, targets)
    assert value == pytest.approx(expected_value, rel=TOLERANCE)
    assert relative_error(gradient, expected_gradient) <= TOLERANCE


@pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), SquaredError()])
def test_loss_equals_the_stored_numbers_of_pytorch(loss, golden):
    value, gradient = own_loss(loss, *loss_inputs(1.0))
    assert value == pytest.approx(golden[f"{loss.kind}/value"], rel=TOLERANCE)
    assert relative_error(gradient, np.array(golden[f"{loss.kind}/gradient"])) <= TOLERANCE


def test_every_layer_has_a_case():
    here = {case.layer.kind for case in CASES}
    assert here | WITHOUT_COUNTERPART | set(COMPARED_OVER_DRAWN_SHAPES) == set(LAYERS.kinds())
