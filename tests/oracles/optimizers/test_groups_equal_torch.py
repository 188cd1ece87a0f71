"""A network with frozen, slow and differently moved layers takes PyTorch's path with ``param_groups``, in float64.

The numbers of ``groups_golden.json`` are written by ``python tests/oracles/optimizers/test_groups_equal_torch.py``.
"""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from simulations.core.interrupt import Interrupt
from simulations.data.base import DATA_SOURCES
from simulations.documents.experiment import DataSpec, ExperimentSpec
from simulations.families import load
from simulations.nn.layers.base import LAYERS
from simulations.nn.losses.base import LOSSES
from simulations.nn.network import Network
from simulations.optimizers.base import OPTIMIZERS
from simulations.optimizers.methods import METHODS
from simulations.optimizers.wrappers.base import WRAPPERS
from simulations.training.descent import Descent
from simulations.training.objective import BatchObjective
from simulations.training.shaping import Shaping

load()
GOLDEN = Path(__file__).parent / "groups_golden.json"
STEPS, BATCH = 100, 16
DENSE, TANH = LAYERS["dense"], LAYERS["tanh"]
SHARED, OWN = METHODS["shared"], METHODS["own"]
# what is said of the three dense layers, then PyTorch's optimizers with their layers
SAID = {
    "frozen below": (({"frozen": True}, {}, {}), [("Adam", {1: 0.01, 2: 0.01}, {})]),
    "frozen between": (({}, {"frozen": True}, {}), [("Adam", {0: 0.01, 2: 0.01}, {})]),
    "three rates": (
        ({"method": SHARED(rate_factor=0.1)}, {}, {"method": SHARED(rate_factor=3.0)}),
        [("Adam", {0: 0.001, 1: 0.01, 2: 0.03}, {})],
    ),
    "own methods": (
        (
            {"method": OWN(OPTIMIZERS["nesterov"](learning_rate=0.02))},
            {},
            {"method": OWN(OPTIMIZERS["adamw"](learning_rate=0.003))},
        ),
        [
            ("SGD", {0: 0.02}, {"momentum": 0.9, "nesterov": True}),
            ("Adam", {1: 0.01}, {}),
            ("AdamW", {2: 0.003}, {}),
        ],
    ),
    "all at once": (
        ({"frozen": True}, {"method": SHARED(rate_factor=0.5)}, {"method": OWN(OPTIMIZERS["rmsprop"]())}),
        [("Adam", {1: 0.005}, {}), ("RMSprop", {2: 0.01}, {})],
    ),
    "frozen for a while": (({"frozen": True}, {}, {"frozen": True}), [("Adam", {0: 0.01, 1: 0.01, 2: 0.01}, {})]),
    "frozen for a while, own methods": (
        ({"frozen": True, "method": OWN(OPTIMIZERS["nesterov"](learning_rate=0.02))}, {"frozen": True}, {}),
        [("SGD", {0: 0.02}, {"momentum": 0.9, "nesterov": True}), ("Adam", {1: 0.01, 2: 0.01}, {})],
    ),
}
WHILE = range(30, 60)  # the steps, from 0, in which what is frozen for a while is
CLIP = 0.05  # of the norm of all that trains, before any method sees it


def batches():
    """100 batches of points and classes, and the first weights ``(2·6+6, 6·5+5, 5·3+3)``."""
    rng = np.random.default_rng(5)
    return rng.standard_normal((STEPS, BATCH, 2)), rng.integers(0, 3, (STEPS, BATCH)), 0.5 * rng.standard_normal(71)


def is_frozen(name, layer, step):
    """Whether the dense layer of that number is frozen in that step, both from 0."""
    is_said = SAID[name][0][layer].get("frozen", False)
    return is_said and (step in WHILE or not name.startswith("frozen for a while"))


def experiment(name, step):
    said = [{**one, "frozen": is_frozen(name, layer, step)} for layer, one in enumerate(SAID[name][0])]
    return ExperimentSpec(
        name=name,
        data=DataSpec(DATA_SOURCES["spiral"](arms=3)),
        layers=(DENSE(units=6, **said[0]), TANH(), DENSE(units=5, **said[1]), TANH(), DENSE(units=3, **said[2])),
        loss=LOSSES["softmax_cross_entropy"](),
        optimizer=OPTIMIZERS["adam"](learning_rate=0.01),
        wrappers=(WRAPPERS["clip_norm"](limit=CLIP),),
    )


def path(name):
    """θ after each step, ``(100, 71)``."""
    spec = experiment(name, 0)
    inputs, targets, first = batches()
    network = Network(spec.layers, (2,), dtype=np.float64)
    network.theta[...] = first
    objective = BatchObjective(network, spec.loss, Shaping(network, spec), Interrupt(), 0)
    descent, tape, positions = Descent(network, spec), network.tape(BATCH, training=True), []
    for t, (x, y) in enumerate(zip(inputs, targets, strict=True), 1):
        if experiment(name, t - 1) != spec:
            spec = experiment(name, t - 1)
            network.layers = spec.layers
            descent.use(spec)
        spec.loss.value_and_gradient(network.forward(x, tape), y, tape.d_outputs)
        network.backward(tape.d_outputs, tape)
        objective.use(x, y, tape)
        descent.step(objective, t)
        positions.append(network.theta.copy())
    return np.array(positions)


def torch_path(torch, name):
    methods = SAID[name][1]
    sizes = (2, 6, 5, 3)
    inputs, targets, first = batches()
    linear = [torch.nn.Linear(a, b, dtype=torch.float64) for a, b in pairwise(sizes)]
    model = torch.nn.Sequential(linear[0], torch.nn.Tanh(), linear[1], torch.nn.Tanh(), linear[2])
    at = 0
    with torch.no_grad():
        for layer in linear:
            size = layer.weight.numel()
            weight = first[at : at + size].reshape(layer.in_features, layer.out_features)
            layer.weight.copy_(torch.tensor(weight.T.copy()))
            layer.bias.copy_(torch.tensor(first[at + size : at + size + layer.out_features]))
            at += size + layer.out_features
    optimizers = [
        getattr(torch.optim, kind)(
            [{"params": list(linear[i].parameters()), "lr": rate} for i, rate in rates.items()], **options
        )
        for kind, rates, options in methods
    ]
    positions = []
    for step, (x, y) in enumerate(zip(inputs, targets, strict=True)):
        for number, layer in enumerate(linear):
            layer.requires_grad_(not is_frozen(name, number, step))
        for one in optimizers:
            one.zero_grad()
        torch.nn.functional.cross_entropy(model(torch.tensor(x)), torch.tensor(y)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        for one in optimizers:
            one.step()
        flat = [array for one in linear for array in (one.weight.detach().numpy().T, one.bias.detach().numpy())]
        positions.append(np.concatenate([array.ravel() for array in flat]))
    return np.array(positions)


@pytest.mark.oracle
@pytest.mark.parametrize("name", SAID)
def test_every_step_equals_torch(name):
    torch = pytest.importorskip("torch")
    np.testing.assert_allclose(path(name), torch_path(torch, name), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", SAID)
def test_stored_positions_of_torch_are_reached_without_it(name):
    reached = path(name)
    for step, position in json.loads(GOLDEN.read_text("utf-8"))[name].items():
        np.testing.assert_allclose(reached[int(step) - 1], position, rtol=1e-12, atol=1e-12)


def main() -> None:
    import torch

    found = {name: {str(step): torch_path(torch, name)[step - 1].tolist() for step in (1, 10, 100)} for name in SAID}
    GOLDEN.write_text(json.dumps(found) + "\n", "utf-8")


if __name__ == "__main__":
    main()
