"""Training steps that can be timed: this engine's and PyTorch's, on the same network, batch and optimizer."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from simulations.core.rng import stream
from simulations.nn.layers.base import Layer
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.flatten import Flatten
from simulations.nn.layers.max_pool2d import MaxPool2D
from simulations.nn.layers.relu import ReLU
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from simulations.nn.network import Network
from simulations.nn.references import Reference
from simulations.optimizers.adam import Adam

Step: TypeAlias = Callable[[], None]


def own_step(reference: Reference) -> Step:
    """Forward, loss, backward and Adam of this engine."""
    network = Network(reference.layers, reference.input_shape)
    tape = network.tape(reference.batch, training=True)
    loss, adam = SoftmaxCrossEntropy(), Adam()
    state = adam.start(network.theta)
    x, targets = batch_of(reference, network.output_shape[0])
    t = 0

    def step() -> None:
        nonlocal t
        t += 1
        loss.value_and_gradient(network.forward(x, tape), targets, tape.d_outputs)
        network.backward(tape.d_outputs, tape)
        adam.update(network.theta, network.gradient, state, t)

    return step


def torch_steps(reference: Reference) -> dict[str, Step]:
    """The same step in PyTorch eager: its Adam fused and default, on one thread and on two."""
    return {
        f"{adam}, {threads} thread{'s' * (threads > 1)}": _torch_step(reference, adam == "fused", threads)
        for threads in (1, 2)
        for adam in ("default", "fused")
    }


def _torch_step(reference: Reference, fused: bool, threads: int) -> Step:
    torch = importlib.import_module("torch")
    torch.manual_seed(0)
    modules: list[Any] = []
    shape = reference.input_shape
    for layer in reference.layers:
        modules.append(_module(torch, layer, shape))
        shape = layer.output_shape(shape)
    model = torch.nn.Sequential(*modules)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=fused)
    x, targets = batch_of(reference, shape[0])
    inputs = torch.from_numpy(np.ascontiguousarray(np.moveaxis(x, -1, 1)) if x.ndim == 4 else x)
    wanted = torch.from_numpy(targets)
    loss = torch.nn.CrossEntropyLoss()

    def step() -> None:
        torch.set_num_threads(threads)
        optimizer.zero_grad()
        loss(model(inputs), wanted).backward()
        optimizer.step()

    return step


def _module(torch: Any, layer: Layer, shape: tuple[int, ...]) -> Any:
    nn = torch.nn
    match layer:
        case Dense(units=units):
            return nn.Linear(shape[0], units)
        case Conv2D(channels=channels, kernel=kernel, padding=padding):
            return nn.Conv2d(shape[-1], channels, kernel, padding=padding)
        case MaxPool2D(kernel=kernel, stride=stride):
            return nn.MaxPool2d(kernel, stride)
        case Flatten():
            return nn.Flatten()
        case ReLU():
            return nn.ReLU()
        case _:
            raise ValueError(f"no PyTorch counterpart is declared for {layer.kind}")


def batch_of(reference: Reference, classes: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """A batch of noise, the same for every contender."""
    rng = stream(0, "benchmark")
    x = rng.standard_normal((reference.batch, *reference.input_shape), np.float32)
    return x, rng.integers(classes, size=reference.batch)
