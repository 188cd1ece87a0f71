"""Whole networks with residuals, branches, recurrence and normalisation take the steps that PyTorch's take."""

import json
from pathlib import Path

import numpy as np
import pytest

from simulations.core.rng import stream
from simulations.nn.gradient_check import relative_error
from tests.oracles.networks.cases import NETWORKS, own, theirs

GOLDEN = Path(__file__).parents[1] / "golden" / "networks.json"
TOLERANCE = 1e-10
EACH = pytest.mark.parametrize("name", NETWORKS)


@pytest.mark.oracle
@EACH
def test_a_network_takes_the_steps_of_torch(name):
    torch = pytest.importorskip("torch")
    ours, expected = own(name), theirs(torch, name)
    assert ours.keys() == expected.keys()
    for what, value in ours.items():
        assert relative_error(value, expected[what]) <= TOLERANCE, what


@EACH
def test_a_network_takes_the_stored_steps_of_torch(name):
    stored, ours = json.loads(GOLDEN.read_text("utf-8"))[name], own(name)
    assert ours.keys() == stored.keys()
    for what, value in ours.items():
        shape, expected = stored[what]
        assert list(value.shape) == shape, what
        weights = stream(1, what).standard_normal(value.size)
        size = max(1e-3, np.abs(weights * value.ravel()).sum())
        assert abs(weights @ value.ravel() - expected) <= TOLERANCE * size, what


@EACH
def test_a_network_learns_in_these_steps(name):
    losses = own(name)["losses"]
    assert losses[-1] < losses[0]
