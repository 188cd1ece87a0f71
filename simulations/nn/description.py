"""A network described before it is built: names, shapes, counts, and what does not fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from simulations.core.arrays import Shape
from simulations.core.errors import GradLabError, ShapeError, SpecError
from simulations.core.params import validate
from simulations.core.targets import Targets
from simulations.core.text import N_
from simulations.nn.layers.base import Layer, label_of
from simulations.nn.losses.base import Loss

if TYPE_CHECKING:
    from simulations.nn.teacher import Teacher

MOST_PARAMETERS: Final = 1 << 25  # with gradient and two moments of Adam half a gigabyte
MOST_VALUES: Final = 1 << 22  # of one layer and sample: a batch of 64 is a gigabyte


@dataclass(frozen=True)
class LayerInfo:
    """A layer as the window names it: ``name`` is unique in the network, e.g. ``conv2d 1``; shapes are of one sample."""

    name: str
    kind: str
    ordinal: int
    output_shape: Shape
    parameter_count: int
    multiply_adds: int


@dataclass(frozen=True)
class Problem:
    """Why a network cannot be built, and the layer to say it on (None: the whole network)."""

    layer_index: int | None
    error: GradLabError

    def of(self, layers: Sequence[Layer]) -> GradLabError:
        """The error as it reads where no card shows the layer: with its number and name before it."""
        index, error = self.layer_index, self.error
        if index is None:
            return error
        said: dict[str, Any] = {"number": index + 1, "layer": label_of(layers[index]), "reason": error}
        if isinstance(error, SpecError):
            return SpecError(N_("Layer {number}, {layer}: {reason}"), path=error.path, **said)
        return ShapeError(N_("Layer {number}, {layer}: {reason}"), layer_index=index, **said)


@dataclass(frozen=True)
class Description:
    """The layers that fit, from the first on, and the problem that stops the rest (None when all fit)."""

    layers: tuple[LayerInfo, ...]
    problem: Problem | None

    @property
    def parameter_count(self) -> int:
        return sum(layer.parameter_count for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        return sum(layer.multiply_adds for layer in self.layers)


def describe(
    layers: Sequence[Layer],
    input_shape: Shape,
    loss: Loss | None = None,
    targets: Targets | None = None,
    teacher: Teacher | None = None,
) -> Description:
    """Walk ``layers`` from ``input_shape``; with a ``loss``, also check that it can compare the outputs with ``targets``."""
    infos: list[LayerInfo] = []
    counts: dict[str, int] = {}
    shape = input_shape
    for index, layer in enumerate(layers):
        try:
            validate(layer, f"layers[{index}]")
            after = layer.output_shape(shape)
            size = sum(parameter.size for parameter in layer.parameters(shape))
            _refuse_giants(after, size + sum(info.parameter_count for info in infos))
        except (ShapeError, SpecError) as error:
            return Description(tuple(infos), Problem(index, error))
        counts[layer.kind] = ordinal = counts.get(layer.kind, 0) + 1
        infos.append(LayerInfo(f"{layer.kind} {ordinal}", layer.kind, ordinal, after, size, layer.multiply_adds(shape)))
        shape = after
    try:
        if loss is not None and targets is not None:
            loss.check(shape, targets)
            loss.check_teacher(teacher, input_shape, targets)
    except ShapeError as error:
        return Description(tuple(infos), Problem(len(infos) - 1 if infos else None, error))
    return Description(tuple(infos), None)


def _refuse_giants(output_shape: Shape, parameters: int) -> None:
    """Say so before memory runs out."""
    if math.prod(output_shape) > MOST_VALUES:
        raise ShapeError(
            N_("The layer would make {received:,} values of every sample; the most is {expected:,}."),
            received=math.prod(output_shape),
            expected=MOST_VALUES,
        )
    if parameters > MOST_PARAMETERS:
        raise ShapeError(
            N_("With this layer the network would have {received:,} parameters; the most is {expected:,}."),
            received=parameters,
            expected=MOST_PARAMETERS,
        )
