"""Makes a network fit other data with as few changes as can be, so that choosing a data set never ends in a dead end."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from simulations.core.arrays import Shape
from simulations.core.errors import ShapeError
from simulations.core.params import hyperparameters
from simulations.nn.layers.base import LAYERS, Layer


def fitted(layers: Sequence[Layer], input_shape: Shape, classes: int) -> tuple[Layer, ...]:
    """``layers`` changed so that they take ``input_shape`` and end in ``(classes,)``.

    A layer that fits stays. One that wants a flat input gets a flatten layer before it; a convolution over points becomes
    a dense layer with a unit per channel; what cannot be helped, such as pooling over points, is left out. The last
    dense layer gets one unit per class; without one, it is added.
    """
    kept: list[Layer] = []
    shape = input_shape
    for layer in layers:
        for instead in _ways(layer):
            after = _through(instead, shape)
            if after is not None:
                kept += instead
                shape = after
                break
    if shape == (classes,):
        return tuple(kept)
    outputs: dict[str, Any] = {"units": classes}
    if kept and "units" in {one.name for one in hyperparameters(kept[-1])}:
        return (*kept[:-1], dataclasses.replace(kept[-1], **outputs))
    flatten = [LAYERS["flatten"]()] if len(shape) > 1 else []
    dense: Any = LAYERS["dense"]
    return (*kept, *flatten, dense(units=classes))


def _ways(layer: Layer) -> list[list[Layer]]:
    """What may stand in ``layer``'s place, best first."""
    ways = [[layer], [LAYERS["flatten"](), layer]]
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
