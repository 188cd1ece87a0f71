"""The reference networks R1…R6, an LSTM, and LeNet-5 asked without training: the sizes at which speed is measured."""

from __future__ import annotations

from dataclasses import dataclass

from simulations.core.arrays import Shape
from simulations.nn.layers.base import Layer
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.flatten import Flatten
from simulations.nn.layers.lstm import LSTM
from simulations.nn.layers.max_pool2d import MaxPool2D
from simulations.nn.layers.relu import ReLU


@dataclass(frozen=True)
class Reference:
    """A network, its input and its batch.

    ``promised`` is how many times as fast as PyTorch eager it has to be (None: only measured). With ``trains`` a training
    step is measured, otherwise the outputs for ``batch`` samples.
    """

    name: str
    title: str
    input_shape: Shape
    batch: int
    layers: tuple[Layer, ...]
    promised: float | None
    trains: bool = True


def _mlp(*units: int) -> tuple[Layer, ...]:
    hidden = [layer for size in units[:-1] for layer in (Dense(size), ReLU())]
    return (*hidden, Dense(units[-1]))


def _convolution(channels: int, kernel: int = 3, padding: str | int = "same") -> tuple[Layer, ...]:
    return (Conv2D(channels=channels, kernel=kernel, padding=padding), ReLU())


_R4 = (*_convolution(8), MaxPool2D(), *_convolution(16), MaxPool2D(), Flatten(), Dense(10))
_LENET5 = (
    *_convolution(6, 5, 2),
    MaxPool2D(),
    *_convolution(16, 5, 0),
    MaxPool2D(),
    Flatten(),
    *_mlp(120, 84, 10),
)
_VGG = (
    *_convolution(16),
    *_convolution(16),
    MaxPool2D(),
    *_convolution(32),
    *_convolution(32),
    MaxPool2D(),
    Flatten(),
    Dense(10),
)

REFERENCES: tuple[Reference, ...] = (
    Reference("R1", "MLP 2-8-8-2", (2,), 32, _mlp(8, 8, 2), 5.0),
    Reference("R2", "MLP 2-(32)×10-2", (2,), 64, _mlp(*[32] * 10, 2), 4.0),
    Reference("R3", "MLP 784-128-10", (784,), 64, _mlp(128, 10), 1.5),
    Reference("R4", "CNN 8×8", (8, 8, 1), 64, _R4, 2.0),
    Reference("R5", "LeNet-5 28×28", (28, 28, 1), 64, _LENET5, 1.0),
    Reference("R6", "VGG 28×28", (28, 28, 1), 32, _VGG, 1.0),
    Reference("LSTM", "LSTM 64, 32 steps of 16", (32, 16), 32, (LSTM(units=64), Dense(10)), None),
    Reference("LeNet", "LeNet-5, outputs only", (28, 28, 1), 10_000, _LENET5, None, trains=False),
)
