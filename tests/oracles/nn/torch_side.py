"""The cases of this folder through PyTorch, float64, converted to and from its channels-first order."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulations.nn.layers.average_pool2d import AveragePool2D
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
from tests.oracles.nn.cases import Case, inputs_of


def torch_result(torch: Any, case: Case) -> dict[str, np.ndarray]:
    """What :func:`own_result` has to equal."""
    x, dy, theta, state = inputs_of(case)
    network = Network([case.layer], case.shape, dtype=np.float64)
    network.theta[...] = theta
    network.state[...] = state
    inputs = torch.tensor(_first(x), dtype=torch.float64, requires_grad=True)
    weights = {
        name: torch.tensor(_weight(view), dtype=torch.float64, requires_grad=True)
        for name, view in network.views[0].items()
    }
    states = {name: torch.tensor(view.copy()) for name, view in network.state_views[0].items()}
    y = _apply(torch, case, inputs, weights, states)
    y.backward(torch.tensor(_first(dy)))
    named = {f"d_{name}": _back(one.grad.numpy()) for name, one in weights.items()}
    return {
        "y": _last(y.detach().numpy()),
        "dx": _last(inputs.grad.numpy()),
        **named,
        **{name: one.numpy() for name, one in states.items()},
    }


def _apply(torch: Any, case: Case, x: Any, weights: dict[str, Any], states: dict[str, Any]) -> Any:
    functional = torch.nn.functional
    match case.layer:
        case Dense():
            return functional.linear(x, weights["weight"], weights["bias"])
        case Conv2D(kernel=kernel, stride=stride, padding=padding, dilation=dilation):
            x = _pad(functional, x, kernel, dilation, padding, 0.0)
            return functional.conv2d(x, weights["weight"], weights["bias"], stride, 0, dilation)
        case MaxPool2D(kernel=kernel, stride=stride, padding=padding):
            return functional.max_pool2d(_pad(functional, x, kernel, 1, padding, -np.inf), kernel, stride)
        case AveragePool2D(kernel=kernel, stride=stride, padding=padding):
            return functional.avg_pool2d(_pad(functional, x, kernel, 1, padding, 0.0), kernel, stride)
        case Flatten():
            return torch.flatten(x.transpose(2, 3), 1)  # (n, c, w, h)
        case BatchNorm(momentum=momentum, epsilon=epsilon):
            mean, variance = states["running_mean"], states["running_variance"]
            return functional.batch_norm(
                x, mean, variance, weights["weight"], weights["bias"], case.training, momentum, epsilon
            )
        case ReLU():
            return torch.relu(x)
        case LeakyReLU(slope=slope):
            return functional.leaky_relu(x, slope)
        case Sigmoid():
            return torch.sigmoid(x)
        case Tanh():
            return torch.tanh(x)
        case _:
            raise ValueError(f"no PyTorch counterpart is declared for {case.layer.kind}")


def _pad(functional: Any, x: Any, kernel: int, dilation: int, padding: str | int, value: float) -> Any:
    total = dilation * (kernel - 1)
    low, high = {"valid": (0, 0), "same": (total // 2, total - total // 2)}.get(padding, (padding, padding))
    return functional.pad(x, (low, high, low, high), value=value)


def _first(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(array, -1, 1)) if array.ndim == 4 else array


def _last(array: np.ndarray) -> np.ndarray:
    return np.moveaxis(array, 1, -1) if array.ndim == 4 else array


def _weight(array: np.ndarray) -> np.ndarray:
    """(d, k) → (k, d); (kernel, kernel, c, k) → (k, c, kernel, kernel)."""
    return np.ascontiguousarray(
        {2: lambda a: a.T, 4: lambda a: a.transpose(3, 2, 0, 1)}.get(array.ndim, np.copy)(array)
    )


def _back(array: np.ndarray) -> np.ndarray:
    return {2: lambda a: a.T, 4: lambda a: a.transpose(2, 3, 1, 0)}.get(array.ndim, np.copy)(array)
