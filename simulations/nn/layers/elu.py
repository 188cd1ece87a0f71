"""ELU: a ReLU whose negative side bends down to −α instead of breaking off, so that means stay near zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo


@LAYERS.register(
    "elu",
    label=N_("ELU"),
    summary=N_("Keeps positive values; negative ones run smoothly towards −α."),
    source="Clevert, Unterthiner & Hochreiter 2016; torch.nn.ELU",
)
@final
@dataclass(frozen=True)
class ELU(Activation):
    """y = x for x > 0, else α·(eˣ − 1). The derivative at exactly 0 is α, as in PyTorch."""

    remembers: ClassVar[bool] = True

    alpha: float = param(
        1.0, low=0.01, high=10.0, scale="log", live=True, label=N_("α"), help=N_("Where the negative side ends: at −α.")
    )

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        return elu(x, memo, self.alpha, 1.0)

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        return elu_backward(dy, memo, self.alpha, 1.0)


def elu(x: FloatArray, memo: Memo, alpha: float, scale: float) -> FloatArray:
    """scale·(max(x, 0) + α·(e^min(x, 0) − 1)) in the buffers of an activation."""
    y, negative = memo.y, memo.dx
    np.minimum(x, memo.zeros, out=negative)
    np.expm1(negative, out=negative)
    negative *= alpha * scale
    np.maximum(x, memo.zeros, out=y)
    y *= scale
    y += negative
    np.greater(x, memo.zeros, out=memo.mask)
    result: FloatArray = y
    return result


def elu_backward(dy: FloatArray, memo: Memo, alpha: float, scale: float) -> FloatArray:
    """The gradient of :func:`elu`: where x ≤ 0, the derivative is y + α·scale."""
    dx: FloatArray = np.add(memo.y, alpha * scale, out=memo.dx)
    np.copyto(dx, scale, where=memo.mask)
    dx *= dy
    return dx
