"""Layers made of layers, in PyTorch: the inner ones are their own references."""

from __future__ import annotations

from typing import Any

from tests.oracles.layers.reference import REFERENCES, reference


def run(torch: Any, stack: Any, x: Any, w: dict[str, Any], prefix: str) -> Any:
    """``x`` through ``stack``, whose weights are named ``{prefix}{number}.{name}``."""
    for index, layer in enumerate(stack):
        start = f"{prefix}{index}."
        x = REFERENCES[layer.kind](
            torch, layer, x, {name[len(start) :]: one for name, one in w.items() if name.startswith(start)}
        )
    return x


@reference("residual")
def residual(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    y = run(torch, layer.stack, torch.relu(x) if layer.activation == "before" else x, w, "")
    if layer.shortcut == "projection":
        stride = round(x.shape[1] / y.shape[1]) if x.dim() > 2 else 1
        taken = (slice(None), *[slice(None, None, stride)] * (x.dim() - 2))
        x = torch.nn.functional.linear(x[taken], w["projection.weight"].T, w["projection.bias"])
    return torch.relu(x + y) if layer.activation == "after" else x + y


@reference("parallel")
def parallel(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    stacks = (layer.first, layer.second, layer.third, layer.fourth)[: layer.branches]
    return torch.cat([run(torch, stack, x, w, f"{number}.") for number, stack in enumerate(stacks, 1)], -1)


@reference("conv2d")
def conv2d(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    extra = layer.dilation * (layer.kernel - 1)
    low, high = (extra // 2, extra - extra // 2) if layer.padding == "same" else (0, 0)
    low, high = (low, high) if isinstance(layer.padding, str) else (layer.padding, layer.padding)
    x = torch.nn.functional.pad(x.movedim(-1, 1), (low, high, low, high))
    groups = getattr(layer, "groups", 1)
    kernels = w["weight"].permute(3, 2, 0, 1).contiguous()
    return torch.nn.functional.conv2d(x, kernels, w["bias"], layer.stride, 0, layer.dilation, groups).movedim(1, -1)


@reference("dense")
def dense(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return torch.nn.functional.linear(x, w["weight"].T, w["bias"])
