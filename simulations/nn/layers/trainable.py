"""Layers with parameters, and how these are trained: not at all, as the rest of the network, or in a way of their own."""

from __future__ import annotations

import dataclasses
from dataclasses import KW_ONLY, dataclass

from simulations.core.arrays import Shape
from simulations.core.params import param
from simulations.core.text import N_
from simulations.nn.layers.base import Layer, Parameter
from simulations.optimizers.methods import METHODS, Method, Own, Shared


@dataclass(frozen=True)
class Trainable(Layer):
    """A layer that has parameters. In a stack, what the outer layer says holds for the inner ones too."""

    _: KW_ONLY  # so that they stand after a subclass's own
    frozen: bool = param(
        False,
        live=True,
        label=N_("Frozen"),
        help=N_("Keep the parameters as they are, to the last bit. Running statistics still follow the batches."),
    )
    method: Method = param(
        Shared(),
        registry=METHODS,
        live=True,
        label=N_("Trained"),
        help=N_("Which optimizer moves the parameters. Layers that say the same form one group."),
    )


def trained_parameters(layer: Layer, input_shape: Shape) -> tuple[Parameter, ...]:
    """``layer.parameters`` with what the layer says about their training, on top of what inner layers said.

    Rate factors multiply, any freezing freezes, and the innermost optimizer of one's own counts.
    """
    parameters = layer.parameters(input_shape)
    if not isinstance(layer, Trainable) or (not layer.frozen and layer.method == Shared()):
        return parameters
    factor = layer.method.rate_factor if isinstance(layer.method, Shared) else 1.0
    own = layer.method.optimizer if isinstance(layer.method, Own) else None
    return tuple(
        dataclasses.replace(
            one,
            is_frozen=one.is_frozen or layer.frozen,
            rate_factor=one.rate_factor * factor,
            optimizer=one.optimizer or own,
        )
        for one in parameters
    )
