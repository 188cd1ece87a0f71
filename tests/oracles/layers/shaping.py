"""The layers that pool, grow, order and look up, in PyTorch."""

from __future__ import annotations

from typing import Any

from tests.oracles.layers.reference import reference


@reference("global_average_pool")
def global_average_pool(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    x = x.movedim(-1, 1)
    pool = torch.nn.functional.adaptive_avg_pool2d if x.dim() == 4 else torch.nn.functional.adaptive_avg_pool1d
    return pool(x, 1).flatten(1)


def padded(torch: Any, layer: Any, x: Any, value: float) -> Any:
    """``x`` channels first, with the border that keeps its size where the layer asks for it."""
    low, high = ((layer.kernel - 1) // 2, layer.kernel // 2) if layer.padding == "same" else (0, 0)
    return torch.nn.functional.pad(x.movedim(-1, 1), (low, high, low, high), value=value)


@reference("max_pool2d")
def max_pool2d(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    x = padded(torch, layer, x, float("-inf"))
    return torch.nn.functional.max_pool2d(x, layer.kernel, layer.stride).movedim(1, -1)


@reference("average_pool2d")
def average_pool2d(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return torch.nn.functional.avg_pool2d(padded(torch, layer, x, 0.0), layer.kernel, layer.stride).movedim(1, -1)


@reference("flatten")
def flatten(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    return x.permute(0, *range(x.dim() - 1, 0, -1)).flatten(1)


@reference("upsample2d")
def upsample2d(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    settings = {"align_corners": False} if layer.mode == "bilinear" else {}
    x = torch.nn.functional.interpolate(x.movedim(-1, 1), scale_factor=layer.factor, mode=layer.mode, **settings)
    return x.movedim(1, -1)


@reference("reshape")
def reshape(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    backwards = tuple(range(x.dim() - 1, 0, -1))
    size = layer.output_shape(tuple(x.shape[1:]))[::-1]
    y = x.permute(0, *backwards).reshape(len(x), *size)
    return y.permute(0, *range(y.dim() - 1, 0, -1))


@reference("channel_shuffle")
def channel_shuffle(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    n, c = len(x), x.shape[-1]
    groups = layer.groups
    mixed = x.movedim(-1, 1).reshape(n, groups, c // groups, -1).transpose(1, 2).reshape(n, c, *x.shape[1:-1])
    return mixed.movedim(1, -1)


@reference("conv_transpose2d")
def conv_transpose2d(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    reach = layer.dilation * (layer.kernel - 1) + 1
    y = torch.nn.functional.conv_transpose2d(
        x.movedim(-1, 1), w["weight"].permute(2, 3, 0, 1).contiguous(), None, layer.stride, 0, 0, 1, layer.dilation
    )
    if layer.padding == "same":  # as Keras: stride times as large
        rows, columns = (layer.stride * size for size in x.shape[1:3])
        y = torch.nn.functional.pad(y, (0, max(0, columns - y.shape[3]), 0, max(0, rows - y.shape[2])))
        cut = max(0, reach - layer.stride) // 2
        y = y[:, :, cut : cut + rows, cut : cut + columns]
    elif layer.padding != "valid" and layer.padding:
        y = y[:, :, layer.padding : -layer.padding, layer.padding : -layer.padding]
    return y.movedim(1, -1) + w["bias"]


@reference("locally_connected2d")
def locally_connected2d(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    rows, columns, _ = layer.output_shape(tuple(x.shape[1:]))
    seen = torch.nn.functional.unfold(x.movedim(-1, 1), layer.kernel, stride=layer.stride)
    seen = seen.reshape(len(x), x.shape[-1], layer.kernel**2, rows, columns)
    return torch.einsum("ncqrs,rsqck->nrsk", seen, w["weight"]) + w["bias"]


@reference("embedding")
def embedding(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    tokens = x.detach().round().clamp(0, layer.vocabulary - 1).long()
    return torch.nn.functional.embedding(tokens, w["weight"])
