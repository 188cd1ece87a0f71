"""What every layer computes, said in PyTorch's own operations. Images come and go channels-last, as here; the
gradients are PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from simulations.core.rng import stream
from simulations.nn.layers.base import Layer, Memo
from simulations.nn.network import Network

REFERENCES: dict[str, Callable[..., Any]] = {}
Result = dict[str, np.ndarray]


def reference(*kinds: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare what the layers called ``kinds`` compute: ``f(torch, layer, x, weights) -> y``."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        REFERENCES.update(dict.fromkeys(kinds, function))
        return function

    return add


def drawn(layer: Layer, shape: tuple[int, ...], n: int, seed: int = 0) -> tuple[Network, np.ndarray, np.ndarray]:
    """A float64 network of the one layer with random θ, an input and an output gradient."""
    network = Network([layer], shape, seed=seed, dtype=np.float64)
    rng = stream(seed, f"oracle {layer.kind}", n, *shape)
    network.theta[...] = rng.standard_normal(network.theta.shape)
    x = rng.standard_normal((n, *shape))
    return network, x, rng.standard_normal((n, *network.output_shape))


def own(layer: Layer, shape: tuple[int, ...], n: int, seed: int = 0, *, training: bool = True) -> Result:
    """Output and all gradients of this engine."""
    network, x, dy = drawn(layer, shape, n, seed)
    memo = Memo(training=training, state=network.state_views[0])
    layer.allocate(memo, n, shape, network.dtype)
    y = layer.forward(x, network.views[0], memo).copy()
    dx = layer.backward(dy, network.views[0], network.gradient_views[0], memo)
    return {"y": y, "dx": dx.copy()} | {f"d_{name}": view.copy() for name, view in network.gradient_views[0].items()}


def theirs(torch: Any, layer: Layer, shape: tuple[int, ...], n: int, seed: int = 0) -> Result:
    """The same from PyTorch."""
    network, x, dy = drawn(layer, shape, n, seed)
    inputs = torch.tensor(x, requires_grad=True)
    weights = {name: torch.tensor(view, requires_grad=True) for name, view in network.views[0].items()}
    y = REFERENCES[layer.kind](torch, layer, inputs, weights)
    y.backward(torch.tensor(dy))
    dx = np.zeros_like(x) if inputs.grad is None else inputs.grad.numpy()
    return {"y": y.detach().numpy(), "dx": dx} | {f"d_{name}": one.grad.numpy() for name, one in weights.items()}
