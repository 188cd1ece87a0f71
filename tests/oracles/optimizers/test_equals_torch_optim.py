"""Every optimizer takes PyTorch's path, in float64, over 100 shared gradients."""

import dataclasses
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


@pytest.mark.oracle
@pytest.mark.parametrize("kind", golden.TORCH)
def test_defaults_are_torchs_where_torch_has_one(kind):
    torch = pytest.importorskip("torch")
    name, fixed = golden.TORCH[kind]
    needed = {"momentum": 0.9} if fixed.get("nesterov") else {}
    theirs = getattr(torch.optim, name)([torch.zeros(1)], lr=0.1, **fixed, **needed).defaults
    ours = dataclasses.asdict(OPTIMIZERS[kind]())
    del ours["learning_rate"]
    if kind in ("momentum", "nesterov"):  # PyTorch's default is no momentum, which is another method here
        del ours["momentum"]
    ours.pop("bias_correction", None)  # PyTorch always corrects
    for key, value in golden.torch_settings(kind, ours, theirs).items():
        assert theirs[key] == value, key


@pytest.mark.oracle
def test_the_average_of_asgd_is_torchs():
    torch = pytest.importorskip("torch")
    _, settings = golden.CASES["asgd averaging"]
    theta = torch.tensor(golden.start(), requires_grad=True)
    theirs = torch.optim.ASGD([theta], **golden.torch_settings("asgd", settings, {}))
    ours, point = OPTIMIZERS["asgd"](**settings), golden.start()
    state = ours.start(point)
    for t, gradient in enumerate(golden.gradients(), 1):
        theta.grad = torch.tensor(gradient)
        theirs.step()
        ours.update(point, gradient.copy(), state, t)
        # PyTorch keeps ηₜ in float32 unless told otherwise
        np.testing.assert_allclose(ours.answer(point, state), theirs.state[theta]["ax"].numpy(), rtol=1e-6)
