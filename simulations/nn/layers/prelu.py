"""PReLU: a leaky ReLU that learns how much to leak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.constant import Constant
from simulations.nn.layers.activation import Activation
from simulations.nn.layers.base import LAYERS, Memo, Parameter
from simulations.nn.layers.trainable import Trainable


@LAYERS.register(
    "prelu",
    label=N_("PReLU"),
    summary=N_("Keeps positive values and multiplies negative ones by a slope it learns."),
    source="He et al. 2015, Delving deep into rectifiers; torch.nn.PReLU",
)
@final
@dataclass(frozen=True)
class PReLU(Activation, Trainable):
    """y = max(x, 0) + a·min(x, 0), with ``a`` of shape ``(c,)`` or ``(1,)``. L2 leaves it alone (He et al., 2.2)."""

    remembers: ClassVar[bool] = True

    sharing: str = param(
        "channel",
        choices=("channel", "layer"),
        labels=(N_("per channel"), N_("shared")),
        label=N_("Slopes"),
        help=N_("Whether every channel learns its own slope or all share one."),
    )
    start: float = param(
        0.25, low=0.0, high=1.0, label=N_("First slope"), help=N_("The slope that learning starts from.")
    )

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        shape = (input_shape[-1] if self.sharing == "channel" else 1,)
        return (Parameter("slope", shape, Constant(self.start), decays=False),)

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        super().allocate(memo, n, input_shape, dtype)
        memo.slopes = (-1, *[1] * len(input_shape))  # slopes against memory (c, …, n)
        memo.below_zero = np.zeros_like(memo.y)
        memo.rows = memo.below_zero.T.reshape(input_shape[-1], -1)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        slope = weights["slope"].reshape(memo.slopes)
        np.minimum(x, memo.zeros, out=memo.below_zero)
        y: FloatArray = np.maximum(x, memo.zeros, out=memo.y)
        np.multiply(memo.below_zero.T, slope, out=memo.dx.T)
        y += memo.dx
        np.greater(x, memo.zeros, out=memo.mask)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        memo.below_zero *= dy
        if gradients["slope"].size == 1:
            gradients["slope"][0] = np.sum(memo.rows)
        else:
            np.sum(memo.rows, axis=1, out=gradients["slope"])
        dx: FloatArray = memo.dx
        np.copyto(dx.T, weights["slope"].reshape(memo.slopes))
        np.copyto(dx, 1, where=memo.mask)
        dx *= dy
        return dx
