"""Every registered layer and loss, and a network of them, against finite differences in float64."""

from __future__ import annotations

from collections.abc import Iterator

from app.selftest.finding import Finding
from simulations.nn.gradient_check import TOLERANCE, accepted_shapes, layer_error, loss_error, network_error
from simulations.nn.layers.base import LAYERS
from simulations.nn.layers.batch_norm import BatchNorm
from simulations.nn.layers.conv2d import Conv2D
from simulations.nn.layers.dense import Dense
from simulations.nn.layers.flatten import Flatten
from simulations.nn.layers.max_pool2d import MaxPool2D
from simulations.nn.layers.tanh import Tanh
from simulations.nn.losses.base import LOSSES

_SECTION = "gradients"


def gradients() -> Iterator[Finding]:
    """The worst relative error of each layer over the shapes it accepts, training and evaluating; of losses; of a network."""
    for entry in LAYERS:
        layer = entry.cls()
        errors = [
            layer_error(layer, shape, training=mode) for shape in accepted_shapes(layer) for mode in (True, False)
        ]
        worst = max(errors, default=float("nan"))
        yield Finding.compared(_SECTION, f"layer {entry.kind}", worst, TOLERANCE)
    for loss in LOSSES:
        yield Finding.compared(_SECTION, f"loss {loss.kind}", loss_error(loss.cls()), TOLERANCE)
    layers = [Conv2D(channels=3), BatchNorm(), Tanh(), MaxPool2D(), Flatten(), Dense(units=4)]
    for loss in LOSSES:
        error = network_error(layers, (6, 6, 2), loss.cls())
        yield Finding.compared(_SECTION, f"network with {loss.kind}", error, TOLERANCE)
