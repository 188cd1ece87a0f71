"""Whole networks of the kinds that are built, in miniature, and their first steps of training here and in PyTorch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from simulations import families
from simulations.core.rng import stream
from simulations.nn.gradient_check import distinct
from simulations.nn.layers.base import Layer
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from simulations.nn.network import Network
from tests.oracles.layers import cases
from tests.oracles.layers.blocks import run

families.load()
SAMPLES, CLASSES, STEPS, RATE = 5, 3, 4, 0.1
Result = dict[str, np.ndarray]
made = cases.made


def _dense(units: int) -> Layer:
    return made("dense", units=units)


def _conv(channels: int, **settings: Any) -> Layer:
    return made("conv2d", channels=channels, **settings)


_BASIC = (_conv(4), made("batch_norm"), made("relu"), _conv(4), made("batch_norm"))
_DOWN = (_conv(6, stride=2), made("batch_norm"), made("relu"), _conv(6), made("batch_norm"))
_BOTTLENECK = (made("batch_norm"), made("silu"), _conv(2, kernel=1), made("group_norm", groups=1), _conv(4, kernel=3))

NETWORKS: dict[str, tuple[tuple[int, ...], tuple[Layer, ...]]] = {
    "deep mlp of equal layers": ((6,), (*(_dense(6), made("tanh")) * 5, _dense(CLASSES))),
    "normalised mlp": (
        (6,),
        (_dense(8), made("batch_norm"), made("gelu"), _dense(8), made("layer_norm"), made("prelu"), _dense(CLASSES)),
    ),
    "lenet": (
        (10, 10, 1),
        (
            *(_conv(3, kernel=5, padding=2), made("relu"), made("max_pool2d")),
            *(_conv(4, kernel=3, padding="valid"), made("relu"), made("average_pool2d")),
            *(made("flatten"), _dense(7), made("relu"), _dense(CLASSES)),
        ),
    ),
    "resnet": (
        (8, 8, 2),
        (
            *(_conv(4), made("batch_norm"), made("relu")),
            made("residual", stack=_BASIC, shortcut="identity"),
            made("residual", stack=_DOWN, shortcut="projection"),
            made("residual", stack=(made("residual", stack=_DOWN[3:], shortcut="identity"),), activation="before"),
            *(made("global_average_pool"), _dense(CLASSES)),
        ),
    ),
    "inception of residuals": (
        (6, 6, 3),
        (
            made("parallel", branches=3, first=(_conv(2, kernel=1),), second=(_conv(2), made("relu")), third=()),
            made("parallel", first=(made("residual", stack=_BASIC[:1], shortcut="projection"),), second=_BOTTLENECK),
            *(made("channel_shuffle"), _conv(8, groups=4), made("maxout"), made("instance_norm")),
            *(made("flatten"), _dense(CLASSES)),
        ),
    ),
    "encoder and decoder": (
        (6, 6, 2),
        (
            *(_conv(4, stride=2), made("elu"), made("conv_transpose2d", channels=3), made("selu")),
            *(made("max_pool2d", kernel=3, padding="same"), made("upsample2d", mode="bilinear"), made("softsign")),
            *(made("locally_connected2d", channels=2), made("flatten"), _dense(CLASSES)),
        ),
    ),
    "words": (
        (7,),
        (
            made("embedding", vocabulary=3, size=4),
            made("parallel", first=(made("lstm", units=3, outputs="all"),), second=()),
            *(made("layer_norm"), made("gru", units=5), _dense(CLASSES)),
        ),
    ),
    "recurrence upon recurrence": (
        (6, 3),
        (
            made("gru", units=4, outputs="all"),
            made("residual", stack=(made("gru", units=4, outputs="all"), made("mish")), shortcut="identity"),
            made("residual", stack=(made("simple_rnn", units=5, outputs="all"), made("softplus")), activation="none"),
            *(made("lstm", units=4), made("hard_sigmoid"), _dense(CLASSES)),
        ),
    ),
    "an image read line by line": (
        (6, 4, 2),
        (_conv(3), made("reshape", rows=4), made("lstm", units=4, outputs="all"), made("flatten"), _dense(CLASSES)),
    ),
}


def drawn(name: str) -> tuple[Network, np.ndarray, np.ndarray]:
    """The float64 network with random θ, inputs without ties, and classes."""
    shape, layers = NETWORKS[name]
    network = Network(layers, shape, dtype=np.float64)
    rng = stream(0, f"whole network {name}")
    network.theta[...] = 0.4 * rng.standard_normal(network.theta.shape)
    return network, 2 * distinct((SAMPLES, *shape), rng), rng.integers(CLASSES, size=SAMPLES)


def own(name: str) -> Result:
    """Outputs and gradient of the first step, the loss of every step, and θ after the last, by this engine."""
    network, x, y = drawn(name)
    loss, tape, losses, first = SoftmaxCrossEntropy(), network.tape(SAMPLES, training=True), [], {}
    for step in range(STEPS):
        outputs = network.forward(x, tape)
        losses.append(loss.value_and_gradient(outputs, y, tape.d_outputs))
        if step == 0:
            first["outputs"] = outputs.copy()
        network.backward(tape.d_outputs, tape)
        if step == 0:
            first |= {f"d_{key}": view.copy() for key, view in _named(network.gradient_views)}
        network.theta -= RATE * network.gradient
    return {**first, "losses": np.array(losses), "theta": network.theta.copy()}


def theirs(torch: Any, name: str) -> Result:
    """The same by PyTorch's autograd and ``torch.optim.SGD``."""
    network, x, y = drawn(name)
    weights = {key: torch.tensor(view, requires_grad=True) for key, view in _named(network.views)}
    optimizer = torch.optim.SGD(weights.values(), lr=RATE)
    inputs, classes, losses, first = torch.tensor(x), torch.tensor(y), [], {}
    for step in range(STEPS):
        optimizer.zero_grad()
        outputs = run(torch, NETWORKS[name][1], inputs, weights, "")
        loss = torch.nn.functional.cross_entropy(outputs, classes)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            first["outputs"] = outputs.detach().numpy()
            first |= {f"d_{key}": one.grad.numpy().copy() for key, one in weights.items()}
        optimizer.step()
    theta = np.concatenate([one.detach().numpy().ravel() for one in weights.values()])
    return {**first, "losses": np.array(losses), "theta": theta}


def _named(views: Any) -> Iterator[tuple[str, np.ndarray]]:
    for index, of_layer in enumerate(views):
        for key, view in of_layer.items():
            yield f"{index}.{key}", view
