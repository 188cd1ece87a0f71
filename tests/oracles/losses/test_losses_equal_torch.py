"""Values and gradients of every loss are PyTorch's: over drawn shapes where it is installed, from stored numbers anywhere."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulations.nn.gradient_check import relative_error
from simulations.nn.losses import base
from simulations.nn.losses.binary_cross_entropy import BinaryCrossEntropy
from simulations.nn.losses.focal import Focal
from tests.oracles.losses.reference import LOSSES, case, name, own, theirs

TOLERANCE = 1e-10
GOLDEN = Path(__file__).parents[1] / "golden" / "losses.json"
ASKED = [pytest.param(loss, kind, id=f"{name(loss)} {kind}") for loss in LOSSES for kind in loss.kinds]


def assert_equal(ours, expected):
    assert ours.keys() == expected.keys()
    for what, value in ours.items():
        assert value.shape == np.shape(expected[what]), what
        assert relative_error(value, np.asarray(expected[what])) <= TOLERANCE, what


@pytest.mark.oracle
@pytest.mark.parametrize(("loss", "kind"), ASKED)
@settings(max_examples=15, deadline=None)
@given(m=st.integers(1, 8), k=st.integers(3, 7), seed=st.integers(0, 999), scale=st.sampled_from([0.1, 1.0, 8.0, 1e4]))
def test_a_loss_equals_torch_whatever_the_shape(loss, kind, m, k, seed, scale):
    torch = pytest.importorskip("torch")
    if isinstance(loss, Focal):  # of a sample that is certainly right PyTorch's differentiation makes 0·∞
        scale = min(scale, 8.0)
    one = case(m, k, kind, scale, seed)
    assert_equal(own(loss, one), theirs(torch, loss, one))


@pytest.mark.oracle
@settings(max_examples=15, deadline=None)
@given(m=st.integers(1, 8), seed=st.integers(0, 999), scale=st.sampled_from([0.1, 1.0, 1e4]))
def test_a_single_output_for_two_classes_equals_torch(m, seed, scale):
    torch = pytest.importorskip("torch")
    one = case(m, 2, "classes", scale, seed)
    one.outputs = one.outputs[:, :1]
    assert_equal(own(BinaryCrossEntropy(), one), theirs(torch, BinaryCrossEntropy(), one))


@pytest.mark.parametrize(("loss", "kind"), ASKED)
def test_a_loss_equals_the_stored_numbers_of_torch(loss, kind):
    stored = json.loads(GOLDEN.read_text("utf-8"))[f"{name(loss)} {kind}"]
    assert_equal(own(loss, case(5, 4, kind)), stored)


def test_every_loss_is_compared():
    assert {loss.kind for loss in LOSSES} == set(base.LOSSES.kinds())
