"""The activations in PyTorch."""

from __future__ import annotations

from typing import Any

from tests.oracles.layers.reference import reference


@reference("identity")
def identity(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return x * 1


@reference("relu", "relu6", "silu", "mish", "selu", "softsign")
def plain(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return getattr(torch.nn.functional, layer.kind)(x)


@reference("sigmoid", "tanh")
def squeezing(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return getattr(torch, layer.kind)(x)


@reference("hard_sigmoid")
def hard_sigmoid(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return torch.nn.functional.relu6(x + 3) / 6  # hardsigmoid itself takes 1/6 in float32, 5e-9 off


@reference("leaky_relu")
def leaky_relu(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return torch.nn.functional.leaky_relu(x, layer.slope)


@reference("prelu")
def prelu(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return torch.nn.functional.prelu(x.movedim(-1, 1), w["slope"]).movedim(1, -1)


@reference("elu")
def elu(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return torch.nn.functional.elu(x, layer.alpha)


@reference("gelu")
def gelu(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return torch.nn.functional.gelu(x, approximate="tanh" if layer.approximation == "tanh" else "none")


@reference("softplus")
def softplus(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return torch.nn.functional.softplus(x, layer.beta, threshold=1000)  # the threshold is a short cut, 2e-9 off


@reference("softmax")
def softmax(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return torch.softmax(x, -1)


@reference("maxout")
def maxout(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return x.reshape(*x.shape[:-1], -1, layer.pieces).amax(-1)
