"""The normalisations in PyTorch."""

from __future__ import annotations

from typing import Any

from tests.oracles.layers.reference import reference


@reference("layer_norm")
def layer_norm(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    shape = x.shape[1:] if layer.over == "sample" else x.shape[-1:]
    return torch.nn.functional.layer_norm(x, shape, w.get("weight"), w.get("bias"), layer.epsilon)


@reference("group_norm")
def group_norm(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    x, groups = x.movedim(-1, 1), layer.groups
    if x[0].numel() == groups:  # torch refuses what has no variance; the formula does not
        y = (x - x) / layer.epsilon**0.5
        shape = (-1, *[1] * (x.dim() - 2))
        return (y * w["weight"].reshape(shape) + w["bias"].reshape(shape) if w else y).movedim(1, -1)
    return torch.nn.functional.group_norm(x, groups, w.get("weight"), w.get("bias"), layer.epsilon).movedim(1, -1)


@reference("instance_norm")
def instance_norm(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    layer = type("Groups", (), {"groups": x.shape[-1], "epsilon": layer.epsilon})
    return group_norm(torch, layer, x, w)


@reference("batch_norm")
def batch_norm(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    x = x.movedim(-1, 1)
    if x[:, 0].numel() == 1:  # torch refuses what has no variance; the formula does not
        return ((x - x) / layer.epsilon**0.5).movedim(1, -1) * w["weight"] + w["bias"]
    y = torch.nn.functional.batch_norm(x, None, None, w["weight"], w["bias"], True, 0.0, layer.epsilon)
    return y.movedim(1, -1)
