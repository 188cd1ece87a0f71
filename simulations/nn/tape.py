"""The memory of one pass through a network, in buffers that are reused.

Training, every probe batch and every batch size has a tape of its own, so a picture can never disturb training: an
evaluation tape owns its gradient, changes no running statistics and draws no random numbers of training.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from simulations.core.arrays import FloatArray, Shape, aligned
from simulations.nn.layers.base import Layer, Memo, Position

Views: TypeAlias = tuple[Mapping[str, FloatArray], ...]
_Forward: TypeAlias = tuple[int, Callable[..., FloatArray], Mapping[str, FloatArray], Memo]
_Backward: TypeAlias = tuple[int, Callable[..., FloatArray], Mapping[str, FloatArray], Mapping[str, FloatArray], Memo]


class Tape:
    """Buffers and results of a pass over ``batch`` samples; made by :meth:`Network.tape`.

    ``outputs[i]`` is the output of layer i, valid after a forward pass; ``output_gradients[i]`` is ∂loss/∂that output,
    valid after a backward pass, which stops at layer ``lowest``: below it the entries are None. ``d_outputs`` is a buffer
    for the loss gradient. ``gradient`` (flat, aligned with θ) and ``gradient_views`` (per layer) are the network's own on
    a training tape, and belong to the tape on any other.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        shapes: Sequence[Shape],
        views: Views,
        gradient: FloatArray,
        gradient_views: Views,
        state_views: Views,
        batch: int,
        training: bool,
        lowest: int = 0,
    ) -> None:
        self.batch = batch
        self.training = training
        self.position = Position()
        self.gradient = gradient
        self.gradient_views = gradient_views
        self.outputs: list[Any] = [None] * len(layers)
        self.output_gradients: list[Any] = [None] * len(layers)
        self.d_outputs: FloatArray = np.zeros((batch, *shapes[-1]), gradient.dtype, order="F")
        self.x: FloatArray | None = None
        self._views, self._state_views, self._shapes = views, state_views, shapes
        self._added: dict[int, FloatArray] = {}
        self.memos: list[Memo] = []
        self._first = -1
        self.bind(layers, lowest)

    def bind(self, layers: Sequence[Layer], lowest: int) -> None:
        """Run ``layers`` from now on; they differ from the ones before in live hyperparameters only."""
        self.layers = layers
        if lowest != self._first:
            self._first = lowest
            self._allocate()
        self.forwards: list[_Forward] = [
            (index, layer.forward, self._views[index], self.memos[index]) for index, layer in enumerate(layers)
        ]
        self.backwards: list[_Backward] = [
            (index, self._backward_of(index), self._views[index], self.gradient_views[index], self.memos[index])
            for index in reversed(range(self._first, len(layers)))
        ]

    def added_gradient(self, layer: int) -> FloatArray | None:
        """A buffer ``(batch, *input shape)`` that is added to ∂loss/∂input of ``layer`` on the way down from now on, for
        a loss that looks inside the network; None where nobody reads that gradient."""
        if not self.memos[layer].wants_dx:
            return None
        if layer not in self._added:
            self._added[layer] = np.zeros((self.batch, *self._shapes[layer]), self.gradient.dtype, order="F")
            self.bind(self.layers, self._first)
        return self._added[layer]

    def _backward_of(self, index: int) -> Callable[..., FloatArray]:
        backward, added = self.layers[index].backward, self._added.get(index)
        if added is None or not self.memos[index].wants_dx:
            return backward

        def both(*arguments: Any) -> FloatArray:
            dx = backward(*arguments)
            dx += added
            return dx

        return both

    def _allocate(self) -> None:
        """Buffers for passes back to the first layer that is asked for a gradient."""
        self._ask_layers()
        if self.position.wanted > len(self.position.workspace):
            for memo in self.memos:
                vars(memo).clear()  # a memo and what works on it hold each other, and would keep its buffers
            self.position.workspace = aligned((self.position.wanted,), np.uint8)
            self._ask_layers()

    def _ask_layers(self) -> None:
        self.memos = []
        self.output_gradients = [None] * len(self.layers)
        for index, layer in enumerate(self.layers):
            memo = Memo(
                index,
                training=self.training,
                wants_dx=index > self._first,
                state=self._state_views[index],
                position=self.position,
                below=self.memos[-1] if self.memos else None,
            )
            layer.allocate(memo, self.batch, self._shapes[index], self.gradient.dtype)
            self.memos.append(memo)

    def draw_from(self, seed: int, step: int) -> None:
        """Address the next pass's random draws, so that replaying a step draws the same numbers."""
        self.position.seed = seed
        self.position.step = step
