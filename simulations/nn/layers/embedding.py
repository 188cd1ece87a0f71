"""Embedding: a learnt row of numbers for every token, the way words enter a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from simulations.core.arrays import FloatArray, Shape, shape_text
from simulations.core.errors import ShapeError
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.initializers.base import INITIALIZERS, Initializer
from simulations.nn.initializers.normal import Normal
from simulations.nn.layers.base import LAYERS, Memo, Parameter
from simulations.nn.layers.trainable import Trainable


@LAYERS.register(
    "embedding",
    label=N_("Embedding"),
    summary=N_("Looks up a learnt row of numbers for every token of a sequence."),
    source="Bengio et al. 2003; torch.nn.Embedding",
)
@final
@dataclass(frozen=True)
class Embedding(Trainable):
    """Tokens ``(t,)`` → ``(t, size)``, row by row of W ``(vocabulary, size)``.

    Tokens are whole numbers; others are rounded and brought into 0 … vocabulary − 1. No gradient reaches them.
    """

    vocabulary: int = param(
        16,
        low=1,
        high=65536,
        scale="log",
        label=N_("Vocabulary"),
        help=N_(
            "How many different tokens there are: whole numbers from 0 on, so data that bring them must not be standardised."
        ),
    )
    size: int = param(8, low=1, high=1024, scale="log", label=N_("Size"), help=N_("How many numbers a token gets."))
    initializer: Initializer = param(
        Normal(1.0), registry=INITIALIZERS, label=N_("Initialiser"), help=N_("The rule that draws the first weights.")
    )

    @property
    def reads_tokens(self) -> bool:
        return True

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 1:
            raise ShapeError(
                N_("Embedding expects one token for each step, got {received}."), received=shape_text(input_shape)
            )
        return (input_shape[0], self.size)

    def parameters(self, input_shape: Shape) -> tuple[Parameter, ...]:
        shape = (self.vocabulary, self.size)
        return (Parameter("weight", shape, self.initializer, fan_in=self.vocabulary, fan_out=self.size),)

    def allocate(self, memo: Memo, n: int, input_shape: Shape, dtype: np.dtype[Any]) -> None:
        memo.y = memo.output_buffer(n, self.output_shape(input_shape), dtype)
        memo.dx = np.zeros((n, *input_shape), dtype, order="F")
        memo.tokens = np.zeros((n, *input_shape), np.intp)
        memo.near = np.zeros((n, *input_shape), dtype)
        memo.rows = np.zeros((n, *input_shape, self.size), dtype)

    def forward(self, x: FloatArray, weights: Mapping[str, FloatArray], memo: Memo) -> FloatArray:
        np.rint(x, out=memo.near)
        np.fmax(memo.near, 0, out=memo.near)  # unlike clip, it also turns what is not a number into a token
        np.fmin(memo.near, self.vocabulary - 1, out=memo.near)
        np.copyto(memo.tokens, memo.near, casting="unsafe")
        np.take(weights["weight"], memo.tokens, axis=0, out=memo.rows, mode="clip")
        y: FloatArray = memo.y
        np.copyto(y, memo.rows)
        return y

    def backward(
        self,
        dy: FloatArray,
        weights: Mapping[str, FloatArray],
        gradients: Mapping[str, FloatArray],
        memo: Memo,
    ) -> FloatArray:
        gradients["weight"].fill(0)
        np.add.at(gradients["weight"], memo.tokens, dy)
        dx: FloatArray = memo.dx
        return dx
