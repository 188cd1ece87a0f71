"""The layers, losses and networks that are compared with PyTorch, each with its PyTorch counterpart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulations.core.rng import stream
from simulations.nn.layers.average_pool2d import AveragePool2D
from simulations.nn.layers.base import Layer, Memo
from simulations.nn.layers.batch_norm import BatchNorm
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.flatten import Flatten
from simulations.nn.layers.leaky_relu import LeakyReLU
from simulations.nn.layers.max_pool2d import MaxPool2D
from simulations.nn.layers.relu import ReLU
from simulations.nn.layers.sigmoid import Sigmoid
from simulations.nn.layers.tanh import Tanh
from simulations.nn.network import Network

LATER = {
    "at_zero": 0.0,
    "groups": 1,
    "frozen": False,
}  # fields layers got after the numbers were stored: names leave them out


@dataclass(frozen=True)
class Case:
    """A layer over ``n`` samples of ``shape``, in training or evaluation."""

    layer: Layer
    shape: tuple[int, ...]
    n: int = 4
    training: bool = True

    @property
    def name(self) -> str:
        values = ",".join(
            str(value)
            for key, value in vars(self.layer).items()
            if not hasattr(value, "kind") and LATER.get(key) != value
        )
        mode = "train" if self.training else "evaluate"
        return f"{self.layer.kind}({values}) {self.shape} n={self.n} {mode}"


def _convolutions() -> list[Case]:
    return [
        Case(Conv2D(3, kernel, stride, padding, dilation), (7, 8, 2))
        for kernel in (1, 2, 3, 5)
        for stride in (1, 2, 3)
        for padding in ("valid", "same", 1, 2)
        for dilation in (1, 2)
        if kernel * dilation <= 6
    ]


def _pools() -> list[Case]:
    return [
        Case(cls(kernel, stride, padding), (7, 6, 3))
        for cls in (MaxPool2D, AveragePool2D)
        for kernel in (2, 3)
        for stride in (1, 2, 3)
        for padding in ("valid", "same")
    ]


CASES: list[Case] = [
    Case(Dense(6), (5,)),
    Case(Dense(1), (7,), n=1),
    *_convolutions(),
    *_pools(),
    Case(Flatten(), (3, 4, 2)),
    *[Case(one, shape) for one in (ReLU(), LeakyReLU(0.2), Sigmoid(), Tanh()) for shape in ((9,), (4, 3, 2))],
    *[Case(BatchNorm(0.3), shape, training=mode) for shape in ((6,), (4, 3, 5)) for mode in (True, False)],
]


def inputs_of(case: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Input, output gradient, θ and state of a case, drawn from its name's own stream."""
    network = Network([case.layer], case.shape, dtype=np.float64)
    rng = stream(0, case.name)
    x = rng.standard_normal((case.n, *case.shape))
    dy = rng.standard_normal((case.n, *network.output_shape))
    return x, dy, rng.standard_normal(network.theta.shape), rng.uniform(0.5, 1.5, network.state.shape)


def own_result(case: Case) -> dict[str, np.ndarray]:
    """The case through this engine, in float64."""
    x, dy, theta, state = inputs_of(case)
    network = Network([case.layer], case.shape, dtype=np.float64)
    network.theta[...] = theta
    network.state[...] = state
    memo = Memo(training=case.training, state=network.state_views[0])
    case.layer.allocate(memo, case.n, case.shape, network.dtype)
    y = case.layer.forward(x, network.views[0], memo)
    dx = case.layer.backward(dy, network.views[0], network.gradient_views[0], memo)
    named = {f"d_{name}": view for name, view in network.gradient_views[0].items()}
    return {"y": y.copy(), "dx": dx.copy(), **named, **network.state_views[0]}
