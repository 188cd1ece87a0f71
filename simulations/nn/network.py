"""A network: layers, and all their trainable numbers in one flat vector.

Because θ is flat, an optimizer, a checkpoint, an undo and a plane through parameter space are each a few vector
operations; layers see named views of it.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from simulations.core.arrays import FloatArray, Shape, aligned
from simulations.core.errors import ShapeError
from simulations.core.interrupt import Interrupt, Interrupted
from simulations.core.numerics import round_off
from simulations.core.params import hyperparameters
from simulations.core.rng import stream
from simulations.core.text import N_
from simulations.nn.description import describe
from simulations.nn.groups import lowest_trainable
from simulations.nn.layers.base import Layer
from simulations.nn.tape import Tape, Views


class Network:
    """Layers over inputs of ``input_shape`` (without the batch axis), with θ, its gradient and the layers' state.

    The first weights depend only on ``seed`` and the architecture. ``theta`` and ``gradient`` are ``(P,)``; ``views``,
    ``gradient_views`` and ``state_views`` hold a mapping of named views per layer; ``slices[i]`` is layer i's range in
    θ; ``decay`` are the ranges that L2 applies to; ``lowest_trainable`` is the first
    layer from below that is not frozen. Raises :class:`ShapeError` when the layers do not fit each other.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        input_shape: Shape,
        *,
        seed: int = 0,
        dtype: DTypeLike = np.float32,
        interrupt: Interrupt | None = None,
    ) -> None:
        if not layers:
            raise ShapeError(N_("A network needs at least one layer."))
        description = describe(layers, input_shape)
        if description.problem is not None:
            raise description.problem.of(layers)
        self._layers = tuple(layers)
        self.lowest_trainable = lowest_trainable(self._layers, input_shape)
        self.interrupt = interrupt or Interrupt()
        self.infos = description.layers
        self.input_shape = tuple(input_shape)
        self.output_shape = self.infos[-1].output_shape
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        self._shapes = (self.input_shape, *(info.output_shape for info in self.infos))
        self.theta = aligned((description.parameter_count,), self.dtype)
        self.gradient = aligned((description.parameter_count,), self.dtype)
        self.views = self._views_into(self.theta)
        self.gradient_views = self._views_into(self.gradient)
        self.slices = self._layer_slices()
        self.decay = self._decaying_slices()
        self.state, self.state_views = self._fresh_state()
        self._draw_weights(seed)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers; assignable with ones that differ in live hyperparameters only (a dropout rate, a slope)."""
        return self._layers

    @layers.setter
    def layers(self, layers: Sequence[Layer]) -> None:
        if [_fixed(layer) for layer in layers] != [_fixed(layer) for layer in self._layers]:
            raise ValueError("layers that differ in more than live hyperparameters need a new network")
        self._layers = tuple(layers)
        lowest, self.lowest_trainable = self.lowest_trainable, lowest_trainable(layers, self.input_shape)
        if lowest != self.lowest_trainable:
            self.gradient[...] = 0  # the next pass back does not reach as far, or further

    def tape(self, batch: int, *, training: bool) -> Tape:
        """Buffers for passes over ``batch`` samples. A training tape writes :attr:`gradient`; others own theirs.

        Raises :class:`ShapeError` for a batch of nothing: it has no mean to follow.
        """
        if batch < 1:
            raise ShapeError(N_("A batch needs at least one sample."))
        gradient, views = self.gradient, self.gradient_views
        if not training:
            gradient = aligned(self.theta.shape, self.dtype)
            views = self._views_into(gradient)
        lowest = self.lowest_trainable if training else 0
        tape = Tape(self._layers, self._shapes, self.views, gradient, views, self.state_views, batch, training, lowest)
        tape.position.interrupt = self.interrupt
        return tape

    def forward(self, x: FloatArray, tape: Tape) -> FloatArray:
        """The outputs ``(n, *output_shape)`` for ``x`` ``(n, *input_shape)``, n = ``tape.batch``; a buffer of the tape.

        Raises :class:`Interrupted` between two layers when :attr:`interrupt` is set; so does :meth:`backward`.
        """
        if tape.layers is not self._layers:
            tape.bind(self._layers, self.lowest_trainable if tape.training else 0)
        outputs, interrupt = tape.outputs, self.interrupt
        tape.x = x
        for index, forward, weights, memo in tape.forwards:
            if interrupt.is_set:
                raise Interrupted
            outputs[index] = x = forward(x, weights, memo)
        return x

    def backward(self, d_outputs: FloatArray, tape: Tape) -> None:
        """From ∂loss/∂outputs fill the tape's gradient and output gradients; follows a forward pass on that tape.

        Of ``d_outputs`` what no weight could feel becomes zero, in place (:func:`round_off`).
        """
        round_off(d_outputs)
        output_gradients, interrupt = tape.output_gradients, self.interrupt
        for index, backward, weights, gradients, memo in tape.backwards:
            if interrupt.is_set:
                raise Interrupted
            output_gradients[index] = d_outputs
            d_outputs = backward(d_outputs, weights, gradients, memo)

    def digest(self) -> str:
        """8 hexadecimal digits that agree when two networks have the same parameters."""
        return hashlib.blake2b(self.theta.tobytes(), digest_size=4).hexdigest()

    def _views_into(self, flat: FloatArray) -> Views:
        views: list[Mapping[str, FloatArray]] = []
        at = 0
        for layer, shape in zip(self._layers, self._shapes, strict=False):
            named: dict[str, FloatArray] = {}
            for parameter in layer.parameters(shape):
                named[parameter.name] = flat[at : at + parameter.size].reshape(parameter.shape)
                at += parameter.size
            views.append(named)
        return tuple(views)

    def _layer_slices(self) -> tuple[slice, ...]:
        ends = np.cumsum([0, *(info.parameter_count for info in self.infos)]).tolist()
        return tuple(slice(start, end) for start, end in itertools.pairwise(ends))

    def _decaying_slices(self) -> tuple[slice, ...]:
        merged: list[slice] = []
        at = 0
        for layer, shape in zip(self._layers, self._shapes, strict=False):
            for parameter in layer.parameters(shape):
                if parameter.decays:
                    start = merged.pop().start if merged and merged[-1].stop == at else at
                    merged.append(slice(start, at + parameter.size))
                at += parameter.size
        return tuple(merged)

    def _fresh_state(self) -> tuple[FloatArray, Views]:
        kept = [layer.buffers(shape) for layer, shape in zip(self._layers, self._shapes, strict=False)]
        values = [np.full(int(np.prod(one.shape)), one.value, self.dtype) for buffers in kept for one in buffers]
        flat: FloatArray = np.concatenate(values) if values else np.zeros(0, self.dtype)
        views: list[Mapping[str, FloatArray]] = []
        at = 0
        for buffers in kept:
            named: dict[str, FloatArray] = {}
            for one in buffers:
                size = int(np.prod(one.shape))
                named[one.name] = flat[at : at + size].reshape(one.shape)
                at += size
            views.append(named)
        return flat, tuple(views)

    def _draw_weights(self, seed: int) -> None:
        for index, (layer, shape) in enumerate(zip(self._layers, self._shapes, strict=False)):
            rng = stream(seed, "weights", index)
            for one in layer.parameters(shape):
                self.views[index][one.name][...] = one.initializer.draw(one.shape, one.fan_in, one.fan_out, rng)


def _fixed(layer: Layer) -> tuple[object, ...]:
    """What a live change may not touch."""
    values = ((one, getattr(layer, one.name)) for one in hyperparameters(layer) if not one.live)
    return (layer.kind, *(tuple(map(_fixed, value)) if one.kind == "stack" else value for one, value in values))
