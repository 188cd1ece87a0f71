"""Every optimizer takes PyTorch's path, in float64, over 100 shared gradients."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from simulations.families import load
from simulations.optimizers.base import OPTIMIZERS

HERE = Path(__file__).parent
_found = importlib.util.spec_from_file_location("make_golden", HERE / "make_golden.py")
golden = importlib.util.module_from_spec(_found)
_found.loader.exec_module(golden)

load()
CASES = [pytest.param(*case, id=name) for name, case in golden.CASES.items()]


def path(kind, settings):
    optimizer = OPTIMIZERS[kind](**settings)
    theta = golden.start()
    state = optimizer.start(theta)
    positions = []
    for t, gradient in enumerate(golden.gradients(), 1):
        optimizer.update(theta, gradient.copy(), state, t)
        positions.append(theta.copy())
    return np.array(positions)


@pytest.mark.oracle
@pytest.mark.parametrize(("kind", "settings"), CASES)
def test_every_step_equals_torch(kind, settings):
    pytest.importorskip("torch")
    np.testing.assert_allclose(path(kind, settings), golden.torch_path(kind, settings), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", golden.CASES)
def test_stored_positions_of_torch_are_reached_without_it(name):
    stored = json.loads((HERE / "golden.json").read_text("utf-8"))["positions"][name]
    reached = path(*golden.CASES[name])
    for step, position in stored.items():
        np.testing.assert_allclose(reached[int(step) - 1], position, rtol=1e-12, atol=1e-12)


def test_every_registered_optimizer_is_compared():
    assert {kind for kind, _ in golden.CASES.values()} == set(OPTIMIZERS.kinds())


@pytest.mark.oracle
@pytest.mark.parametrize("kind", OPTIMIZERS.kinds())
def test_defaults_are_torchs_where_torch_has_one(kind):
    torch = pytest.importorskip("torch")
    ours = OPTIMIZERS[kind]()
    theirs = getattr(torch.optim, golden.TORCH[kind][0])([torch.zeros(1)], lr=0.1).defaults
    if kind == "adam":
        assert (ours.beta1, ours.beta2) == theirs["betas"]
    for name in ("decay", "epsilon", "centred"):
        if hasattr(ours, name):
            assert getattr(ours, name) == theirs[golden.NAMES[name]]
