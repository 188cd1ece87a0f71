"""What can be timed: training steps and passes of this engine and of PyTorch, on the same network, batch and optimizer."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.rng import stream
from simulations.nn.layers.base import Layer
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.flatten import Flatten
from simulations.nn.layers.lstm import LSTM
from simulations.nn.layers.max_pool2d import MaxPool2D
from simulations.nn.layers.relu import ReLU
from simulations.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from simulations.nn.network import Network
from simulations.nn.references import Reference
from simulations.optimizers.adam import Adam
from simulations.training.descent import UPDATES_BETWEEN_FLUSHES, flush_memory

Step: TypeAlias = Callable[[], None]

_PART: Final = 256  # samples of one pass of an evaluation


def own_step(reference: Reference) -> Step:
    """What the reference measures, in this engine: forward, loss, backward and Adam, or all outputs."""
    network = Network(reference.layers, reference.input_shape)
    x, targets = batch_of(reference, network.output_shape[0])
    if not reference.trains:
        return _own_outputs(network, x)
    tape = network.tape(reference.batch, training=True)
    loss, adam = SoftmaxCrossEntropy(), Adam()
    state = adam.start(network.theta)
    t = 0

    def step() -> None:
        nonlocal t
        t += 1
        loss.value_and_gradient(network.forward(x, tape), targets, tape.d_outputs)
        network.backward(tape.d_outputs, tape)
        adam.update(network.theta, network.gradient, state, t)
        if t % UPDATES_BETWEEN_FLUSHES == 0:
            flush_memory(network.theta, state)

    return step


def _own_outputs(network: Network, x: FloatArray) -> Step:
    tapes = {size: network.tape(size, training=False) for size in {len(part) for part in parts(x)}}
    outputs = np.zeros((len(x), *network.output_shape), network.dtype)

    def run() -> None:
        at = 0
        for part in parts(x):
            outputs[at : at + len(part)] = network.forward(part, tapes[len(part)])
            at += len(part)

    return run


def parts(x: FloatArray) -> list[FloatArray]:
    """``x`` as many samples at a time as an evaluation takes."""
    return [x[start : start + _PART] for start in range(0, len(x), _PART)]


def torch_steps(reference: Reference) -> dict[str, Step]:
    """The same in PyTorch eager, on one thread and on two: its Adam fused and default, or all at once and in parts."""
    if not reference.trains:
        return {
            f"{name}, {threads} thread{'s' * (threads > 1)}": _torch_outputs(reference, size, threads)
            for threads in (1, 2)
            for name, size in (("at once", reference.batch), ("in parts", _PART))
        }
    return {
        f"{adam}, {threads} thread{'s' * (threads > 1)}": _torch_step(reference, adam == "fused", threads)
        for threads in (1, 2)
        for adam in ("default", "fused")
    }


def _torch_model(torch: Any, reference: Reference) -> tuple[Any, Any, Any]:
    """The network with the batch and its targets."""
    torch.manual_seed(0)
    modules: list[Any] = []
    shape = reference.input_shape
    for layer in reference.layers:
        modules.append(_module(torch, layer, shape))
        shape = layer.output_shape(shape)
    x, targets = batch_of(reference, shape[0])
    inputs = torch.from_numpy(np.ascontiguousarray(np.moveaxis(x, -1, 1)) if x.ndim == 4 else x)
    return torch.nn.Sequential(*modules), inputs, torch.from_numpy(targets)


def _torch_step(reference: Reference, fused: bool, threads: int) -> Step:
    torch = importlib.import_module("torch")
    model, inputs, wanted = _torch_model(torch, reference)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=fused)
    loss = torch.nn.CrossEntropyLoss()

    def step() -> None:
        torch.set_num_threads(threads)
        optimizer.zero_grad()
        loss(model(inputs), wanted).backward()
        optimizer.step()

    return step


def _torch_outputs(reference: Reference, size: int, threads: int) -> Step:
    torch = importlib.import_module("torch")
    model, inputs, _ = _torch_model(torch, reference)
    model.eval()

    def run() -> None:
        torch.set_num_threads(threads)
        with torch.inference_mode():
            torch.cat([model(part) for part in inputs.split(size)])

    return run


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
        case LSTM(units=units, outputs="last"):
            return _last_state(torch, nn.LSTM(shape[-1], units, batch_first=True))
        case _:
            raise ValueError(f"no PyTorch counterpart is declared for {layer.kind}")


def _last_state(torch: Any, recurrent: Any) -> Any:
    """The recurrent module as one whose output is that of the last step."""

    class LastState(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.recurrent = recurrent

        def forward(self, x: Any) -> Any:
            return self.recurrent(x)[0][:, -1]

    return LastState()


def batch_of(reference: Reference, classes: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """A batch of noise, the same for every contender."""
    rng = stream(0, "benchmark")
    x = rng.standard_normal((reference.batch, *reference.input_shape), np.float32)
    return x, rng.integers(classes, size=reference.batch)
