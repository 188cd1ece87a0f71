"""Makes a network fit other data with as few changes as can be, so that choosing a data set never ends in a dead end."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from simulations.core.arrays import Shape
from simulations.core.errors import ShapeError
from simulations.core.params import hyperparameters
from simulations.core.targets import Targets
from simulations.nn.layers.base import LAYERS, Layer
from simulations.nn.losses.base import LOSSES, Loss
from simulations.nn.teacher import Teacher


def fitted(layers: Sequence[Layer], input_shape: Shape, targets: Targets) -> tuple[Layer, ...]:
    """``layers`` changed so that they take ``input_shape`` and end in what ``targets`` ask for.

    A layer that fits stays. One that wants a flat input gets a flatten layer before it; a convolution over points becomes
    a dense layer with a unit per channel; what cannot be helped, such as pooling over points, is left out. A last dense
    layer gets one unit per class or value; without one, it is added. Where every time step has a target, the recurrent
    layers let every step out, and dense layers act at every step.
    """
    if targets.steps:
        return _fitted_to_steps(layers, input_shape, targets)
    kept, shape = _kept(layers, input_shape)
    wanted = targets.output_shape
    if kept and shape == wanted:
        return kept
    return _ending_in(kept if len(shape) == 1 else (*kept, LAYERS["flatten"]()), wanted[-1])


def fitted_loss(
    loss: Loss,
    targets: Targets,
    input_shape: Shape | None = None,
    teacher: Teacher | None = None,
    judged: Targets | None = None,
) -> Loss:
    """``loss`` where it can judge ``targets``, else the usual one for their kind.

    Given the ``input_shape``, a loss that learns from a ``teacher`` stays only where that one takes such inputs. What
    ``judged`` values until now gives way before classes: it could, but nobody has chosen it for them.
    """
    usual = LOSSES["squared_error" if targets.kind == "values" else "softmax_cross_entropy"]
    if judged is not None and (judged.kind, targets.kind) == ("values", "classes"):
        return usual()
    try:
        loss.check_targets(targets)
        if input_shape is not None:
            loss.check_teacher(teacher, input_shape, targets)
    except ShapeError:
        return usual()
    return loss


def _fitted_to_steps(layers: Sequence[Layer], input_shape: Shape, targets: Targets) -> tuple[Layer, ...]:
    """The layers that keep the time steps, ending in ``(t, k)``; other layers are left out."""
    kept: list[Layer] = []
    shape = input_shape
    for layer in map(_letting_every_step_out, layers):
        after = _through([layer], shape)
        if after is not None and after[:-1] == targets.steps:
            kept.append(layer)
            shape = after
    if kept and shape == targets.output_shape:
        return tuple(kept)
    return _ending_in(tuple(kept), targets.output_shape[-1])


def _ending_in(layers: tuple[Layer, ...], count: int) -> tuple[Layer, ...]:
    """``layers`` with a last dense layer of ``count`` units, which is added where there is none."""
    units: dict[str, Any] = {"units": count}
    if layers and layers[-1].kind == "dense":
        return (*layers[:-1], dataclasses.replace(layers[-1], **units))
    dense: Any = LAYERS["dense"]
    return (*layers, dense(**units))


def _letting_every_step_out(layer: Layer) -> Layer:
    outputs: dict[str, Any] = {"outputs": "all"}
    has_choice = "outputs" in {one.name for one in hyperparameters(layer)}
    return dataclasses.replace(layer, **outputs) if has_choice else layer


def _kept(layers: Sequence[Layer], input_shape: Shape) -> tuple[tuple[Layer, ...], Shape]:
    """The layers that can stand, with what helps them to, and the shape they end in."""
    kept: list[Layer] = []
    shape, was_flattened = input_shape, False
    for layer in layers:
        if was_flattened and layer.kind == "flatten" and len(shape) == 1:
            continue  # one before it has done its work
        for instead in _ways(layer, shape):
            after = _through(instead, shape)
            if after is not None:
                kept += instead
                shape = after
                was_flattened |= len(instead) > 1
                break
    return tuple(kept), shape


def _ways(layer: Layer, shape: Shape) -> list[list[Layer]]:
    """What may stand in ``layer``'s place, best first. Over a sequence a dense layer could stand as it is, step by step;
    where one answer is wanted it should see the whole."""
    ways = [[layer], [LAYERS["flatten"](), layer]]
    if layer.kind == "dense" and len(shape) > 1:
        ways.reverse()
    channels = getattr(layer, "channels", None)
    if isinstance(channels, int):
        dense: Any = LAYERS["dense"]
        ways.append([dense(units=channels)])
    return ways


def _through(layers: Sequence[Layer], shape: Shape) -> Shape | None:
    """The shape after ``layers``, None when one of them does not fit."""
    try:
        for layer in layers:
            shape = layer.output_shape(shape)
    except ShapeError:
        return None
    return shape
