"""SELU: an ELU scaled so that the signal keeps mean 0 and variance 1 from layer to layer on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, final

from simulations.core.arrays import FloatArray
from simulations.core.text import N_
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo
from simulations.nn.layers.elu import elu, elu_backward

_ALPHA = 1.6732632423543772848170429916717  # Klambauer et al. 2017, appendix A1: the fixed point is mean 0, variance 1
_SCALE = 1.0507009873554804934193349852946


@LAYERS.register(
    "selu",
    label=N_("SELU"),
    summary=N_("An ELU with fixed constants that keep mean and variance alike through many layers."),
    source="Klambauer et al. 2017; torch.nn.SELU",
)
@final
@dataclass(frozen=True)
class SELU(Activation):
    """y = λ·x for x > 0, else λ·α·(eˣ − 1), with λ ≈ 1.0507 and α ≈ 1.6733. Meant for LeCun-normal weights."""

    remembers: ClassVar[bool] = True

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        return elu(x, memo, _ALPHA, _SCALE)

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        return elu_backward(dy, memo, _ALPHA, _SCALE)
